// What nobody answered in time does not pile up.
import { expect, test } from "bun:test";
import { dropExpired } from "../../src/app/rounds.ts";
import { expectTable } from "../helpers/db.ts";
import { rows, tillSalon, toast } from "../helpers/till-salon.ts";

test("the nightly round drops the questions and screens whose time is over, and no other", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, anna, db, sql, clock } = salon;
  await anna.start();
  await anna.tap("Согласен");
  await anna.shareContact("+79005550000"); // a question for a day
  await olga.say("89001234567 3500");
  await olga.tap("Списать 340"); // kept for thirty days
  await olga.say("89001234567 1000"); // open for two hours
  const state = () =>
    Promise.all([sql`select about from dialogs`, sql`select step from screens order by asked`]).then((all) =>
      all.map((found) => found.map((row) => row.about ?? row.step)),
    );
  await dropExpired(db, clock.now);
  expect(await state()).toEqual([["second_phone"], ["done", "card"]]);
  clock.now = new Date("2026-03-12T14:22:01Z");
  await dropExpired(db, clock.now);
  expect(await state()).toEqual([["second_phone"], ["done"]]);
  clock.now = new Date("2026-03-13T11:22:01Z");
  await dropExpired(db, clock.now);
  expect(await state()).toEqual([[], ["done"]]);
  await olga.tap("Начислить");
  expect(toast(olga)).toBe("Этот экран устарел. Отправьте телефон ещё раз.");
  expect(await rows(salon)).toEqual(["spend -340 admin:601"]);
  clock.now = new Date("2026-04-12T11:22:01Z");
  await dropExpired(db, clock.now);
  expect(await state()).toEqual([[], []]);
  await expectTable(sql, "select count(*) as n from spends", [{ n: 1 }]);
});
