// Owners' buttons that are not theirs to tap, or not any more: an owner who works at the till, and a sum that changed.
import { expect } from "bun:test";
import { accountHere, onEither } from "../helpers/both.ts";
import { ask, firstButton, last, rows, tap, tillSalon, toast } from "../helpers/till-salon.ts";

onEither("an owner who works at the till cannot agree with herself, not even by a forged tap", async () => {
  await using salon = await tillSalon(
    { ownerIds: ["telegram:601", "telegram:700"], secondAdminAbove: 100_00 },
    34_024,
  );
  const { olga, irina } = salon;
  await irina.start();
  await ask(olga, "/credit 89001234567 200 чай", "Начислить 200");
  const data = firstButton(irina);
  expect(data).toStartWith(`owner:${accountHere(601)}:`);
  await olga.tap({ data });
  expect(await rows(salon)).toEqual([]);
  await irina.tap("Подтвердить");
  expect(await rows(salon)).toEqual(["credit 200 admin:601,owner:700 чай"]);
});

onEither("a button that stands under no screen of that step does nothing", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 100_00 }, 34_024);
  const { olga, irina } = salon;
  await irina.start();
  await olga.say("/credit 89001234567 200 чай");
  const steps = async () => (await salon.sql`select step, rev from screens`).map((one) => ({ ...one }));
  for (const button of ["sum", "credit", "bill", "make", "open-1", "trust-1", "undo", "give"]) {
    await olga.tap({ data: firstButton(olga).replace(/go$/, button) });
    expect(toast(olga)).toBe("Анна …4567. Экран обновился. Проверьте его и нажмите ещё раз.");
  }
  expect(await steps()).toEqual([{ step: "confirm", rev: 1 }]);
  await tap(olga, "Начислить 200", { data: firstButton(olga).replace(/back$/, "go") });
  expect(await steps()).toEqual([{ step: "owner", rev: 2 }]);
  expect(await rows(salon)).toEqual([]);
});

onEither(
  "an owner's button agrees to the sum it was shown with, and to no later one of the same message",
  async () => {
    await using salon = await tillSalon({ secondAdminAbove: 100_00 }, 34_024);
    const { olga, irina } = salon;
    await irina.start();
    await olga.say("/credit 89001234567 200 чай");
    const asked = olga.chat.messages.findLast((one) => one.from === "person");
    await olga.tap("Начислить 200");
    const data = firstButton(irina);
    await olga.edit(asked?.message_id ?? 0, "/credit 89001234567 900 чай");
    await olga.tap("Начислить 900");
    await irina.tap({ data });
    expect(await rows(salon)).toEqual([]);
    await irina.tap("Подтвердить");
    expect(await rows(salon)).toEqual(["credit 900 admin:601,owner:700 чай"]);
    expect(last(olga)).toContain("900");
  },
);
