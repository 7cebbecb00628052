// One change a screen, whoever taps and however often; many at once on one card.
import { expect, test } from "bun:test";
import { onEither } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { expectSound } from "../helpers/sound.ts";
import { ask, labels, last, rows, shown, tap, tillSalon, toast } from "../helpers/till-salon.ts";

test("five taps and three deliveries spend once, and each tap is answered (Telegram alone: its calls are looked at)", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga } = salon;
  const asked = await olga.say("89001234567 1000");
  for (const update_id of [1, 2]) await salon.telegram.push({ ...asked, update_id });
  expect(salon.said(601)).toHaveLength(1);
  await olga.tap("Другая сумма");
  await olga.say("100");
  const before = salon.telegram.calls.length;
  const tapped = await olga.tap("Списать 100");
  const taps = Array.from({ length: 4 }, () => olga.tapAgain());
  const again = [3, 4].map((update_id) => salon.telegram.push({ ...tapped, update_id }));
  await Promise.all([...taps, ...again]);
  const answers = salon.telegram.calls.slice(before).filter((call) => call.method === "answerCallbackQuery");
  expect(answers).toHaveLength(7);
  expect(toast(olga)).toBe(
    "Анна …4567. Уже сделано в 14:22 (кассир Ольга): списано 100. Второй раз не списали.",
  );
  expect(await rows(salon)).toEqual(["spend -100 admin:601"]);
  await expectTable(salon.sql, "select count(*) as n from spends", [{ n: 1 }]);
});

onEither(
  "two admins with the same bill open spend it once; the second learns by whom and may spend it again",
  async () => {
    await using salon = await tillSalon({}, 100_000);
    const { olga, marina, sql } = salon;
    await Promise.all([olga.say("89001234567 341"), marina.say("89001234567 341")]);
    await Promise.all([olga.tap("Списать 340"), marina.tap("Списать 340")]);
    const won = last(olga).startsWith("✅") ? olga : marina;
    const late = won === olga ? marina : olga;
    expect(last(won)).toStartWith("✅ Списано 340.");
    const said = `По счёту 341 ₽ уже списано 340 (кассир ${won.profile.firstName}, 14:22).`;
    expect(last(late)).toContain(said);
    expect(toast(late)).toBe(`Анна …4567. ${said}`);
    expect(labels(late)).toEqual(["Другой счёт: списать 340 → 1 ₽", "Не надо"]);
    expect(await rows(salon)).toEqual([`spend -340 admin:${won.user.id}`]);
    await expectTable(sql, "select count(*) as n from spends", [{ n: 1 }]);
    expect(await tap(late, "Другой счёт")).toStartWith("✅ Списано 340.");
    expect(await rows(salon)).toEqual([
      `spend -340 admin:${won.user.id}`,
      `spend -340 admin:${late.user.id}`,
    ]);
    await expectSound(salon.db);
  },
);

onEither(
  "one admin who opened the same bill twice is asked before it is spent twice; an undone spend is none",
  async () => {
    await using salon = await tillSalon({}, 100_000);
    const { olga } = salon;
    for (const text of ["89001234567 500", "89001234567 500", "89001234567 600"]) await olga.say(text);
    const [first, second, other] = salon.messages(601).filter((one) => one.from === "bot");
    await olga.tap("Списать 499", { message: first?.message_id ?? 0 });
    await olga.tap("Списать 499", { message: second?.message_id ?? 0 });
    expect(toast(olga)).toBe("Анна …4567. По счёту 500 ₽ уже списано 499 (кассир Ольга, 14:22).");
    await olga.tap("Не надо", { message: second?.message_id ?? 0 });
    expect(await rows(salon)).toEqual(["spend -499 admin:601"]);
    // Another bill is another matter, and is held against the balance alone.
    await olga.tap("Списать 599", { message: other?.message_id ?? 0 });
    expect(toast(olga)).toBe("Анна …4567. На карте уже 501 балл.");
    await olga.say("89001234567 400");
    const open = shown(olga);
    await ask(olga, "89001234567 400", "Списать 399", "Отменить до");
    await olga.tap("Списать 399", { message: open });
    expect(await rows(salon)).toEqual([
      ...["spend -499 admin:601", "spend -399 admin:601", "undo 399 admin:601", "spend -399 admin:601"],
    ]);
  },
);

onEither("two admins with different bills: the one who is late is offered what is left", async () => {
  await using salon = await tillSalon({}, 46_000);
  const { olga, marina } = salon;
  await Promise.all([olga.say("89001234567 341"), marina.say("89001234567 342")]);
  await olga.tap("Списать 340");
  expect(await tap(marina, "Списать 341")).toStartWith("На карте уже 120 баллов.");
  expect(toast(marina)).toBe("Анна …4567. На карте уже 120 баллов.");
  expect(labels(marina)[0]).toBe("Списать 120 → к оплате 222 ₽");
  await marina.tap("Списать 120");
  expect(await rows(salon)).toEqual(["spend -340 admin:601", "spend -120 admin:602"]);
  await expectSound(salon.db);
});

test("fifty spends at once on one card: the ledger says which went through, never below zero (Telegram alone: its refusals are played)", async () => {
  const ids = Array.from({ length: 50 }, (_, place) => 1_000 + place);
  await using salon = await tillSalon({ adminIds: ids.map((id) => `telegram:${id}`) }, 100_000);
  salon.telegram.limits.perSecond = Number.POSITIVE_INFINITY;
  const admins = ids.map((id) => salon.person({ id, firstName: `Админ ${id}` }));
  await Promise.all(
    admins.map(async (admin, place) => {
      await ask(admin, `89001234567 ${1000 + place}`, "Другая сумма");
      await admin.say("70");
    }),
  );
  await Promise.all(admins.map((admin) => admin.tap("Списать 70")));
  const through = admins.filter((admin) => last(admin).startsWith("✅"));
  const told = admins.filter((admin) => last(admin).startsWith("На карте уже"));
  expect([through.length, told.length]).toEqual([14, 36]);
  // Whose went through, on which bill, as what row: the ledger and the admins' messages say the same.
  const made = await rows(salon);
  expect(made.toSorted()).toEqual(through.map((admin) => `spend -70 admin:${admin.user.id}`).toSorted());
  const bills = through.map((admin) => ({ bill: `${admin.user.id}.00`, actor: `admin:${admin.user.id}` }));
  await expectTable(
    salon.sql,
    "select s.bill, b.actor from spends s join bonuslog b on b.id = s.id order by s.bill",
    bills,
  );
  await expectTable(
    salon.sql,
    "select count(*) as n, min(id) as first, max(id) as last from bonuslog where kind = 'spend'",
    [{ n: 14, first: 2, last: 15 }],
  );
  await expectTable(salon.sql, "select trim_scale(balance) as b from balances", [{ b: 20 }]);
  await expectTable(salon.sql, "select count(*) as n from spends", [{ n: 14 }]);
  await expectSound(salon.db);
});

test("fifty admins with one bill at once spend it once (Telegram alone: its refusals are played)", async () => {
  const ids = Array.from({ length: 50 }, (_, place) => 1_000 + place);
  await using salon = await tillSalon({ adminIds: ids.map((id) => `telegram:${id}`) }, 100_000);
  salon.telegram.limits.perSecond = Number.POSITIVE_INFINITY;
  const admins = ids.map((id) => salon.person({ id, firstName: `Админ ${id}` }));
  await Promise.all(admins.map((admin) => admin.say("89001234567 71")));
  await Promise.all(admins.map((admin) => admin.tap("Списать 70")));
  const [won, ...more] = admins.filter((admin) => last(admin).startsWith("✅"));
  expect(more).toEqual([]);
  expect(await rows(salon)).toEqual([`spend -70 admin:${won?.user.id}`]);
  for (const late of admins.filter((admin) => admin !== won))
    expect(last(late)).toContain(`По счёту 71 ₽ уже списано 70 (кассир Админ ${won?.user.id}, 14:22).`);
});

test("a delivery that Telegram had to repeat finds what the first one did (Telegram alone: its own delivery is played)", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga } = salon;
  await olga.say("89001234567 3500");
  salon.telegram.webhook.deliverTwice = true;
  await olga.tap("Списать 340");
  salon.telegram.webhook.deliverTwice = false;
  expect(last(olga)).toStartWith("✅ Списано 340.");
  expect(await rows(salon)).toEqual(["spend -340 admin:601"]);
});

onEither(
  "a bill spent on while another sum was being typed, or an owner asked, is not spent twice unseen",
  async () => {
    await using salon = await tillSalon({ secondAdminAbove: 900_00 }, 134_024);
    const { olga, marina, irina } = salon;
    await irina.start();
    for (const admin of [olga, marina]) await admin.say("89001234567 3500");
    await olga.tap("Другая сумма");
    await marina.tap("Другая сумма");
    await ask(marina, "340", "Списать 340");
    expect(await ask(olga, "340")).toContain("По счёту 3 500 ₽ уже списано 340 (кассир Марина, 14:22).");
    expect(labels(olga)[0]).toBe("Другой счёт: списать 340 → 3 160 ₽");
    await olga.tap("Не надо");
    await olga.say("89001234567 1000");
    await ask(marina, "89001234567 1000", "Другая сумма");
    await ask(marina, "50", "Списать 50");
    await olga.tap("Списать 999");
    await irina.tap("Подтвердить");
    expect(last(olga)).toContain("По счёту 1 000 ₽ уже списано 50 (кассир Марина, 14:22).");
    expect(await rows(salon)).toEqual(["spend -340 admin:602", "spend -50 admin:602"]);
  },
);

test("a typed sum that is delivered again fills in no other screen that waits for one (Telegram alone: its own updates are played)", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, sql } = salon;
  for (const bill of [3000, 3500]) await ask(olga, `89001234567 ${bill}`, "Другая сумма");
  const typed = await olga.say("300");
  const said = salon.said(601);
  for (const update_id of [1, 2]) await salon.telegram.push({ ...typed, update_id });
  expect(salon.said(601)).toEqual(said);
  await olga.tap("Списать 300");
  await salon.telegram.push({ ...typed, update_id: 3 });
  await expectTable(sql, "select bill, step, points from screens order by bill", [
    { bill: "3000.00", step: "closed", points: null },
    { bill: "3500.00", step: "done", points: "300.00" },
  ]);
});
