// One change a screen, whoever taps and however often; many at once on one card.
import { expect, test } from "bun:test";
import { expectTable } from "../helpers/db.ts";
import { expectSound } from "../helpers/sound.ts";
import { labels, last, rows, tillSalon, toast } from "../helpers/till-salon.ts";

test("five taps and three deliveries spend once, and each tap is answered", async () => {
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
  expect(toast(olga)).toBe("Уже сделано в 14:22 (Ольга): списано 100. Второй раз не списали.");
  expect(await rows(salon)).toEqual(["spend -100 admin:601"]);
  await expectTable(salon.sql, "select count(*) as n from spends", [{ n: 1 }]);
});

test("two admins press together: both are heard, and the card never goes below zero", async () => {
  await using salon = await tillSalon({}, 46_000);
  const { olga, marina } = salon;
  await Promise.all([olga.say("89001234567 341"), marina.say("89001234567 341")]);
  await Promise.all([olga.tap("Списать 340"), marina.tap("Списать 340")]);
  const won = last(olga).startsWith("✅") ? olga : marina;
  const late = won === olga ? marina : olga;
  expect(last(won)).toStartWith("✅ Списано 340.");
  expect(last(late)).toStartWith("На карте уже 120 баллов.");
  expect(toast(late)).toBe("На карте уже 120 баллов.");
  expect(labels(late)[0]).toBe("Списать 120 → к оплате 221 ₽");
  await late.tap("Списать 120");
  expect(await rows(salon)).toEqual([`spend -340 admin:${won.user.id}`, `spend -120 admin:${late.user.id}`]);
  await expectSound(salon.db);
});

test("fifty spends at once on one card: the ledger says which went through, never below zero", async () => {
  const ids = Array.from({ length: 50 }, (_, place) => 1_000 + place);
  await using salon = await tillSalon({ adminIds: ids }, 100_000);
  salon.telegram.limits.perSecond = Number.POSITIVE_INFINITY;
  const admins = ids.map((id) => salon.telegram.person({ id, firstName: `Админ ${id}` }));
  await Promise.all(
    admins.map(async (admin) => {
      await admin.say("89001234567 1000");
      await admin.tap("Другая сумма");
      await admin.say("70");
    }),
  );
  await Promise.all(admins.map((admin) => admin.tap("Списать 70")));
  const through = admins.filter((admin) => last(admin).startsWith("✅"));
  const told = admins.filter((admin) => last(admin).startsWith("На карте уже"));
  expect([through.length, told.length]).toEqual([14, 36]);
  const made = await rows(salon);
  expect(made.toSorted()).toEqual(through.map((admin) => `spend -70 admin:${admin.user.id}`).toSorted());
  await expectTable(salon.sql, "select trim_scale(balance) as b from balances", [{ b: 20 }]);
  await expectTable(salon.sql, "select count(*) as n from spends", [{ n: 14 }]);
  await expectSound(salon.db);
}, 60_000);

test("a delivery that Telegram had to repeat finds what the first one did", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga } = salon;
  await olga.say("89001234567 3500");
  salon.telegram.webhook.deliverTwice = true;
  await olga.tap("Списать 340");
  salon.telegram.webhook.deliverTwice = false;
  expect(last(olga)).toStartWith("✅ Списано 340.");
  expect(await rows(salon)).toEqual(["spend -340 admin:601"]);
});
