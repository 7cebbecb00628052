// The arithmetic behind a notice: one tap away, of the rows that it told, for whoever has the card.
import { expect } from "bun:test";
import { notifyNewBonuses } from "../../src/notices/notify.ts";
import { channelHere, onEither } from "../helpers/both.ts";
import { linkedAnna, row, visit } from "../helpers/past.ts";
import { spending } from "../helpers/programme.ts";
import { english, type SalonBot } from "../helpers/salon-bot.ts";
import { labels, last, tap } from "../helpers/till-salon.ts";

/** Anna's award of 35 and its correction by −5 are told, each by its own message. */
async function toldTwice() {
  const salon = await linkedAnna();
  await visit(salon, 1, { day: "2026-03-01", price: 3500, decision: "awarded" });
  await row(salon, { day: "2026-03-01", kind: "credit", points: 56.93 });
  const award = await row(salon, {
    day: "2026-03-01",
    kind: "award",
    points: 35,
    record: 1,
    paid: 3500,
    untold: true,
  });
  await tell(salon, award);
  const fix = {
    day: "2026-03-02",
    kind: "correction",
    corrects: award,
    points: -5,
    paid: 3000,
    untold: true,
  } as const;
  await tell(salon, await row(salon, { ...fix, reason: "edited" }));
  return Object.assign(salon, { award });
}

async function tell({ sql, db, channel, clock }: SalonBot, id: number): Promise<void> {
  await sql`
    insert into notices (client_id, about, due_at) select client_id, 'visits', now() from bonuslog where id = ${id}`;
  const log = Object.assign(() => {}, { child: () => log, info: () => {}, warn: () => {} });
  await notifyNewBonuses({
    ...{ db, now: () => clock.now, supportPhone: null, bookUrl: "https://n1.yclients.com/" },
    ...{ spending, quietHours: null, log: log as never, turn: async () => {}, tells: [channelHere()] },
    signal: new AbortController().signal,
    send: (to, html, buttons) => channel.say(to, html, buttons),
  });
}

onEither("details say what was worked out from what, and what the card held before", async () => {
  await using salon = await toldTwice();
  const { anna } = salon;
  const [, correction] = salon.messages(501).filter((one) => one.inline.length > 0);
  const award = salon.messages(501).find((one) => one.inline.length > 0)?.message_id ?? 0;
  await anna.tap("Подробнее", { message: award });
  expect(
    salon
      .messages(501)
      .find((one) => one.message_id === award)
      ?.text.replaceAll("\u00a0", " "),
  ).toBe("Как посчитано\n\n1 марта: +35, было 56,93, стало 91,93\nВизит, оплачено 3 500 ₽ × 1 % = 35");
  await anna.tap("Подробнее", { message: correction?.message_id ?? 0 });
  expect(last(anna)).toBe(
    "Как посчитано\n\n2 марта: −5, было 91,93, стало 86,93\n" +
      "Пересчитали визит 1 марта, оплачено 3 000 ₽ вместо 3 500 ₽: 1 % — это 30 баллов вместо 35",
  );
  expect(labels(anna)).toEqual(["Записаться", "Карта", "История", "Где мои баллы?"]);
  expect(await tap(anna, "Карта")).toStartWith("Карта …4567, на ней 86,93 балла.");
});

onEither("details are of the rows that were told, never of another's card", async () => {
  await using salon = await toldTwice();
  const { anna, boris, award } = salon;
  const gone = "Эти баллы уже не на вашей карте. Что на ней — /history";
  await boris.start();
  await tap(boris, "Согласен");
  expect(await tap(boris, { data: `details:${award}-${award}` })).toBe(gone);
  expect(await tap(anna, { data: "details:1-999999999999999" })).toContain("стало 86,93");
  expect(await tap(anna, { data: "details:9-1" })).toBe(gone);
  // Boris has proved her number: what was told to her is not his to read.
  await boris.shareContact("+79001234567");
  expect(await tap(boris, "Да, этой картой")).toContain("…4567");
  expect(await tap(boris, { data: `details:${award}-${award}` })).toBe(gone);
});

onEither("details in English, and of sums that do not follow from the percent alone", async () => {
  await using salon = await linkedAnna();
  const john = await english(salon);
  const phone = "+447700900123";
  await visit(salon, 9, { day: "2026-03-01", price: 3500, decision: "awarded", phone });
  const award = await row(salon, {
    day: "2026-03-01",
    kind: "award",
    points: 35,
    record: 9,
    paid: 3500,
    phone,
  });
  const fix = { day: "2026-03-02", kind: "correction", corrects: award, phone };
  await row(salon, { ...fix, points: -10, paid: 2500, reason: "edited" });
  await row(salon, { ...fix, points: -25, paid: 0, reason: "not_paid" });
  expect(await tap(john, { data: `details:${award}-${award + 2}` })).toBe(
    "How it was counted\n\n" +
      "1 March: +35, from 0 to 35\nThe visit, 3,500 ₽ paid × 1% = 35\n\n" +
      "2 March: −10, from 35 to 25\nThe visit of 1 March was counted again, 2,500 ₽ paid instead of 3,500 ₽: 1% is 25 points instead of 35\n\n" +
      "2 March: −25, from 25 to 0\nThe visit of 1 March was refunded",
  );
});
