// `/move`: points from one phone's card to another's, previewed, once, both clients told.
import { expect, test } from "bun:test";
import { pino } from "pino";
import type { Shop } from "../../src/bot/desk.ts";
import { notifyNewBonuses } from "../../src/flows/notify.ts";
import { readMove } from "../../src/rules/move.ts";
import { give } from "../helpers/salon-bot.ts";
import { expectSound } from "../helpers/sound.ts";
import { labels, last, rows, tillSalon } from "../helpers/till-salon.ts";

const BORIS = "+79007654321";

async function twoCards(changes: Partial<Shop> = {}) {
  const salon = await tillSalon(changes, 34_024);
  await give(salon, BORIS, 1_000);
  await salon.sql`update clients set name = 'Борис' where phone = ${BORIS}`;
  await salon.sql`update clients set telegram_id = 501, linked_at = now() where phone <> ${BORIS}`;
  await salon.sql`update clients set telegram_id = 502, linked_at = now() where phone = ${BORIS}`;
  await salon.sql`update bonuslog set is_telegram_notified = true`;
  return salon;
}

test("what stands behind /move", () => {
  const [from, to] = ["+79001234567", BORIS];
  const phones = { kind: "move", from, to } as const;
  expect(readMove("8 900 123 45 67 8 (900) 765-43-21 12,5")).toEqual({ ...phones, points: 1_250 });
  expect(readMove("89001234567\n79007654321")).toEqual({ ...phones, points: null });
  expect(readMove("89001234567 89007654321 340 баллов")).toEqual({ ...phones, points: 34_000 });
  expect(readMove("89001234567 +79001234567 5").kind).toBe("same_phone");
  for (const text of ["", "89001234567", "89001234567 100", "слово"])
    expect(readMove(text).kind).toBe("no_phones");
  for (const text of ["1 000", "-5", "0", "5 за дело", "1,234"])
    expect(readMove(`89001234567 89007654321 ${text}`).kind).toBe("bad_points");
});

test("all by default: the preview, one tap, a pair of rows, both told, undone within ten minutes", async () => {
  await using salon = await twoCards();
  const { olga } = salon;
  await olga.say("/move 89001234567 89007654321");
  expect(last(olga)).toBe(
    "Перенести 340,24 балла?\nАнна …4567: было 340,24, станет 0\nБорис …4321: было 10, станет 350,24",
  );
  expect(labels(olga)).toEqual(["Перенести 340,24", "Не надо"]);
  await olga.tap("Перенести 340,24");
  expect(last(olga)).toBe(
    "✅ Перенесено 340,24. Ольга, 14:22.\nАнна …4567: на карте 0\nБорис …4321: на карте 350,24",
  );
  expect(await rows(salon, 2)).toEqual(["move -340.24 admin:601", "move 340.24 admin:601"]);
  const sent = new Map<number, string>();
  await notifyNewBonuses({
    db: salon.db,
    log: pino({ level: "silent" }),
    now: () => salon.clock.now,
    send: async (id, html) => {
      sent.set(id, html.replaceAll("\u00a0", " "));
      return { ok: true, messageId: 1 };
    },
    quietHours: null,
    supportPhone: null,
    signal: new AbortController().signal,
  });
  expect(sent.get(501)).toStartWith("Перенесено с карты: <b>340,24 балла</b>.");
  expect(sent.get(502)).toStartWith("Перенесено на карту: <b>340,24 балла</b>.");
  await olga.tapAgain();
  expect(await rows(salon, 2)).toHaveLength(2);
  expect(labels(olga)).toEqual(["Отменить до 14:32"]);
  await olga.tap("Отменить до 14:32");
  expect(last(olga)).toStartWith(
    "↩️ Отменено, 340,24 балла снова на прежней карте. Ольга.\nАнна …4567: на карте 340,24",
  );
  await olga.tapAgain();
  await olga.tap({ data: "mv:1:1:go" });
  expect(await rows(salon, 4)).toEqual(["move -340.24 admin:601", "move 340.24 admin:601"]);
  await expectSound(salon.db);
});

test("five taps and both buttons at once move once; after ten minutes there is no undo", async () => {
  await using salon = await twoCards();
  const { olga } = salon;
  await olga.say("/move 89001234567 89007654321 100");
  expect(labels(olga)).toEqual(["Перенести 100", "Не надо"]);
  await Promise.all([1, 2, 3, 4, 5].map(() => olga.tap({ data: "mv:1:1:go" })));
  expect(await rows(salon, 2)).toEqual(["move -100 admin:601", "move 100 admin:601"]);
  expect(salon.said(601)).toHaveLength(1);
  salon.clock.now = new Date("2026-03-12T11:32:00Z");
  await olga.tap("Отменить до");
  expect(last(olga)).toStartWith("Отменить можно было 10 минут.");
  expect(await rows(salon, 2)).toHaveLength(2);
});

test("what was moved and spent cannot be taken back; what was spent before the tap is said", async () => {
  await using salon = await twoCards();
  const { olga, marina } = salon;
  await olga.say("/move 89001234567 89007654321");
  const move = olga.lastMessage()?.message_id ?? 0;
  await marina.say("/debit 89001234567 300 ошибка");
  await marina.tap("Снять 300");
  await olga.tap("Перенести", { message: move });
  expect(last(olga)).toBe("На первой карте 40,24 балла: перенести можно не больше.");
  await olga.say("/move 89001234567 89007654321");
  await olga.tap("Перенести 40,24");
  const done = olga.lastMessage()?.message_id ?? 0;
  await marina.say("/debit 89007654321 20 ошибка");
  await marina.tap("Снять 20");
  await olga.tap("Отменить до", { message: done });
  expect(last(olga)).toBe("Перенесённое уже потрачено: на карте 30,24 балла. Отменить перенос нельзя.");
  expect(await rows(salon, 2)).toHaveLength(4);
  await expectSound(salon.db);
});

test("unknown phones, too much, a debt, no phones: in words", async () => {
  await using salon = await twoCards();
  const { olga } = salon;
  await olga.say("/move 89001234567 89995550011 5");
  expect(last(olga)).toStartWith("+7 999 555 00 11: карты нет.");
  await olga.say("/move 89995550011 89001234567");
  expect(last(olga)).toStartWith("+7 999 555 00 11: карты нет.");
  await olga.say("/move 89001234567 89007654321 341");
  expect(last(olga)).toBe("На первой карте 340,24 балла: перенести можно не больше.");
  await olga.say("/move 89001234567 89001234567");
  expect(last(olga)).toStartWith("Это один и тот же телефон.");
  await olga.say("/move 89001234567");
  expect(last(olga)).toStartWith("Напишите так: /move");
  await olga.say("/move 89001234567 89007654321 1 000");
  expect(last(olga)).toStartWith("Не понял, сколько баллов");
  await olga.say("/move 89001234567 89007654321 5");
  await olga.tap("Не надо");
  expect(last(olga)).toBe("Закрыто, ничего не перенесено.");
  expect(await rows(salon, 2)).toEqual([]);
});

test("an edited message is previewed anew and the first button is over; one acted on is left alone", async () => {
  await using salon = await twoCards();
  const { olga } = salon;
  const { message } = await olga.say("/move 89001234567 89007654321 5");
  const first = olga.lastMessage()?.message_id ?? 0;
  await olga.edit(message?.message_id ?? 0, "/move 89001234567 89007654321 7");
  await olga.tap("Перенести 5", { message: first });
  expect(await rows(salon, 2)).toEqual([]);
  await olga.tap("Перенести 7");
  await olga.edit(message?.message_id ?? 0, "/move 89001234567 89007654321 9");
  expect(last(olga)).toStartWith("По этому сообщению баллы уже перенесены.");
  expect(await rows(salon, 2)).toEqual(["move -7 admin:601", "move 7 admin:601"]);
});

test("the till's limits hold for moves, and a client moves nothing", async () => {
  await using salon = await twoCards({ adminDailyLimit: 10_000, secondAdminAbove: 8_000 });
  const { olga, irina, anna } = salon;
  await olga.say("/move 89001234567 89007654321 90");
  await olga.tap("Перенести 90");
  expect(last(olga)).toBe("Перенести больше 80 может только владелец.");
  await olga.say("/move 89001234567 89007654321 60");
  await olga.tap("Перенести 60");
  await olga.say("/move 89001234567 89007654321 50");
  await olga.tap("Перенести 50");
  expect(last(olga)).toBe("Лимит на день 100 баллов, осталось 40.");
  await irina.say("/move 89001234567 89007654321 90");
  await irina.tap("Перенести 90");
  await anna.say("/move 89001234567 89007654321 1");
  await anna.tap({ data: "mv:1:1:go" });
  expect(salon.said(501).join("\n")).not.toMatch(/\/move|еренести/);
  expect(await rows(salon, 2)).toEqual([
    ...["move -60 admin:601", "move 60 admin:601", "move -90 admin:700", "move 90 admin:700"],
  ]);
});

test("a message and a tap that come three times are one preview and one move", async () => {
  await using salon = await twoCards();
  const { olga, telegram } = salon;
  const asked = await olga.say("/move 89001234567 89007654321 5");
  await telegram.redeliver(asked);
  const tapped = await olga.tap("Перенести 5");
  for (const update of [asked, tapped, tapped]) await telegram.redeliver(update);
  expect(salon.said(601)).toHaveLength(1);
  expect(last(olga)).toStartWith("✅ Перенесено 5. Ольга, 14:22.");
  expect(await rows(salon, 2)).toEqual(["move -5 admin:601", "move 5 admin:601"]);
});
