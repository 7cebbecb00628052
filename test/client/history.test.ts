// The history of a card: every kind of row in words, pages, and what a new owner of a phone may see.
import { expect, test } from "bun:test";
import { accountHere, onEither } from "../helpers/both.ts";
import { linkedAnna, PHONE, row, visit } from "../helpers/past.ts";
import type { SalonBot } from "../helpers/salon-bot.ts";
import { english } from "../helpers/salon-bot.ts";
import { ask } from "../helpers/till-salon.ts";

/** The newest message of the bot, its paragraphs. */
const paragraphs = (salon: SalonBot, id = 501) => salon.said(id).at(-1)?.split("\n\n") ?? [];

const labels = (salon: SalonBot) =>
  salon.anna
    .lastMessage()
    ?.inline.flat()
    .map((button) => button.text);

onEither("every kind of row has its words, its sum and the balance after it", async () => {
  await using salon = await linkedAnna();
  await visit(salon, 1, { day: "2026-03-01", price: 3500, decision: "awarded" });
  await row(salon, { day: "2026-02-28", kind: "opening", points: 12.5 });
  const award = await row(salon, { day: "2026-03-01", kind: "award", points: 35, record: 1, paid: 3500 });
  const fix = { kind: "correction", corrects: award };
  await row(salon, { ...fix, day: "2026-03-02", points: -5, paid: 3000, reason: "edited" });
  await row(salon, { ...fix, day: "2026-03-02", points: -30, paid: 0, reason: "not_paid" });
  await row(salon, { ...fix, day: "2026-03-02", points: 30, paid: 3000, reason: "paid_again" });
  await row(salon, { ...fix, day: "2026-03-03", points: -30, paid: 3000, reason: "no_show" });
  await row(salon, { ...fix, day: "2026-03-03", points: 30, paid: 3000, reason: "edited" });
  await row(salon, { ...fix, day: "2026-03-03", points: -30, paid: 3000, reason: "deleted" });
  await row(salon, { ...fix, day: "2026-03-03", points: 30, paid: 3000, reason: "moved" });
  await row(salon, { ...fix, day: "2026-03-03", points: -10, paid: 2000, reason: "paid_in_part" });
  const credit = await row(salon, {
    day: "2026-03-04",
    kind: "credit",
    points: 1000,
    reason: "за <ожидание>",
  });
  const spend = await row(salon, { day: "2026-03-05", kind: "spend", points: -340, paid: 3500 });
  await row(salon, { day: "2026-03-05", kind: "undo", points: 340, corrects: spend });
  await row(salon, { day: "2026-03-06", kind: "debit", points: -1.5, reason: "ошибка" });
  await row(salon, { day: "2026-03-06", kind: "undo", points: -1000, corrects: credit });
  await row(salon, { day: "2026-03-07", kind: "credit", points: 340, corrects: spend, reason: "возврат" });
  await row(salon, { day: "2026-03-08", kind: "move", points: -100 });
  await row(salon, { day: "2026-03-08", kind: "move", points: 2 });

  await salon.anna.say("История");
  const seen: string[] = [];
  for (let page = 1; page <= 4; page++) {
    const [title, ...entries] = paragraphs(salon);
    expect(title).toBe(`История карты …4567, страница ${page} из 4`);
    seen.push(...entries);
    if (page < 4) await salon.anna.tap("Раньше ›");
  }
  expect(seen).toEqual([
    "8 марта: +2, на карте 273\nПеренесено с другой карты",
    "8 марта: −100, на карте 271\nПеренесено на другую карту",
    "7 марта: +340, на карте 371\nВозвращено: возврат",
    `6 марта: −1 000, на карте 31\nНачисление отменено`,
    `6 марта: −1,5, на карте 1 031\nСнято: ошибка`,
    `5 марта: +340, на карте 1 032,5\nСписание отменено`,
    `5 марта: −340, на карте 692,5\nСписано на кассе, счёт 3 500 ₽, к оплате 3 160 ₽`,
    `4 марта: +1 000, на карте 1 032,5\nНачислено: за <ожидание>`,
    "3 марта: −10, на карте 32,5\nВизит 1 марта теперь оплачен не полностью",
    "3 марта: +30, на карте 42,5\nВизит 1 марта записан на вас",
    "3 марта: −30, на карте 12,5\nВизит 1 марта отменён",
    `3 марта: +30, на карте 42,5\nПересчитали визит 1 марта, оплачено 3 000 ₽`,
    "3 марта: −30, на карте 12,5\nВизит 1 марта отмечен как несостоявшийся",
    `2 марта: +30, на карте 42,5\nВизит 1 марта снова оплачен, 3 000 ₽`,
    "2 марта: −30, на карте 12,5\nОплата визита 1 марта возвращена",
    `2 марта: −5, на карте 42,5\nПересчитали визит 1 марта, оплачено 3 000 ₽ вместо 3 500 ₽`,
    `1 марта: +35, на карте 47,5\nВизит, оплачено 3 500 ₽`,
    "28 февраля: +12,5, на карте 12,5\nБаллы из прежней программы",
  ]);
});

test("pages turn in one message, and a page that is not there is the last (Telegram alone: its calls are looked at)", async () => {
  await using salon = await linkedAnna();
  for (let day = 1; day <= 7; day++)
    await row(salon, { day: `2026-03-0${day}`, kind: "credit", points: day });
  await salon.anna.say("/history");
  const { message_id } = salon.anna.lastMessage() ?? {};
  expect(labels(salon)).toEqual(["Раньше ›", "Где мои баллы?"]);
  await salon.anna.tap("Раньше ›");
  expect(salon.anna.lastMessage()).toMatchObject({ message_id, edited: true });
  expect(paragraphs(salon).slice(1)).toEqual([
    "2 марта: +2, на карте 3\nНачислено",
    "1 марта: +1, на карте 1\nНачислено",
  ]);
  expect(labels(salon)).toEqual(["‹ Новее", "Где мои баллы?"]);
  await salon.anna.tap({ data: "history:999999" });
  expect(paragraphs(salon)[0]).toBe("История карты …4567, страница 2 из 2");
  const before = salon.telegram.calls.length;
  await salon.anna.tap("‹ Новее");
  // The button's wait ends at once, whatever the page takes.
  expect(salon.telegram.calls.slice(before).map((call) => call.method)).toEqual([
    ...["answerCallbackQuery", "editMessageText"],
  ]);
  expect(paragraphs(salon)[1]).toBe("7 марта: +7, на карте 28\nНачислено");
  expect(salon.anna.answeredCallbacks).toHaveLength(3);
  await salon.anna.tap("Где мои баллы?");
  expect(salon.anna.lastMessage()?.message_id).toBe(message_id ?? 0);
  expect(paragraphs(salon)[0]).toBe("Где мои баллы");
});

onEither("an empty card says what to expect; a stranger is asked to agree first", async () => {
  await using salon = await linkedAnna();
  await salon.anna.say("/history");
  expect(paragraphs(salon)).toEqual([
    "История карты …4567",
    "Изменений пока нет. Баллы приходят за пару минут после оплаты визита.",
  ]);
  expect(await ask(salon.boris, "/history")).toStartWith("Согласие");
});

onEither("who takes over a phone sees only what came since, with the balance right", async () => {
  await using salon = await linkedAnna();
  await visit(salon, 1, { day: "2020-03-01", price: 3500, decision: "awarded" });
  await row(salon, { day: "2020-03-01", kind: "award", points: 35, record: 1, paid: 3500 });
  await row(salon, { day: "2020-03-02", kind: "credit", points: 5, reason: "тайна Анны" });
  await salon.boris.start();
  await salon.boris.shareContact(PHONE);
  await row(salon, { day: "2099-03-12", kind: "credit", points: 2.5 });
  await salon.boris.say("/history");
  expect(paragraphs(salon, 502)).toEqual([
    "История карты …4567",
    "12 марта 2099: +2,5, на карте 42,5\nНачислено",
    "Было раньше: 40 баллов",
  ]);
  expect(await ask(salon.boris, "/why")).toContain("Визитов пока не видно");
  expect(await ask(salon.boris, "/mydata")).not.toMatch(/тайна|Анна|1 марта/);
  // The account that had it last and comes back sees all of its own again.
  await ask(salon.boris, "/unlink", "Да, отвязать");
  await salon.boris.shareContact(PHONE);
  await salon.boris.say("/history");
  expect(paragraphs(salon, 502)).toHaveLength(3);
  // An admin has seen that it is the same person.
  await salon.sql`update accounts set history_from = null where account = ${accountHere(502)}`;
  await salon.boris.say("/history");
  expect(paragraphs(salon, 502).slice(1)).toEqual([
    "12 марта 2099: +2,5, на карте 42,5\nНачислено",
    "2 марта 2020: +5, на карте 40\nНачислено: тайна Анны",
    `1 марта 2020: +35, на карте 35\nВизит, оплачено 3 500 ₽`,
  ]);
});

onEither("one's own card, unlinked and linked again, shows its whole history", async () => {
  await using salon = await linkedAnna();
  await row(salon, { day: "2026-03-02", kind: "credit", points: 5 });
  await ask(salon.anna, "/unlink", "Да, отвязать");
  await salon.anna.shareContact();
  await salon.anna.say("/history");
  expect(paragraphs(salon)[1]).toBe("2 марта: +5, на карте 5\nНачислено");
});

onEither("an English phone reads English", async () => {
  await using salon = await linkedAnna();
  const john = await english(salon);
  const phone = "+447700900123";
  await visit(salon, 9, { day: "2026-03-01", price: 3500, decision: "awarded", phone });
  await row(salon, { day: "2026-03-01", kind: "award", points: 35, record: 9, paid: 3500, phone });
  await row(salon, { day: "2026-03-02", kind: "spend", points: -10, paid: 1250, phone });
  await john.tap("History");
  expect(salon.said(503).at(-1)?.split("\n\n")).toEqual([
    "History of card …0123",
    `2 March: −10, card holds 25\nSpent at the till, bill 1,250 ₽, to pay 1,240 ₽`,
    `1 March: +35, card holds 35\nThe visit, 3,500 ₽ paid`,
  ]);
});

onEither("where prices count, a price of nothing is no refund: in the history and in why", async () => {
  await using salon = await linkedAnna({ paidBy: "prices" });
  const { sql, anna } = salon;
  await visit(salon, 1, { day: "2026-03-01", price: 0, decision: "nothing_paid" });
  await sql`update terms set paid_by = 'prices'`;
  await sql`update visits set terms_id = 1`;
  const award = await row(salon, { day: "2026-03-01", kind: "award", points: 35, record: 1, paid: 3500 });
  const fix = { kind: "correction", corrects: award, points: -35, paid: 0, reason: "nothing_paid" };
  await row(salon, { ...fix, day: "2026-03-02" });
  await anna.say("/history");
  expect(paragraphs(salon)[1]).toBe("2 марта: −35, на карте 0\nЦена услуг визита 1 марта теперь 0 ₽");
  expect(await ask(anna, "/why")).toContain("цена услуг — 0 ₽");
  await sql`update terms set paid_by = 'payments'`;
  await anna.say("/history");
  expect(paragraphs(salon)[1]).toBe("2 марта: −35, на карте 0\nОплата визита 1 марта возвращена");
});
