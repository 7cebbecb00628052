/** What owners, the accountant and the client read of spends that stand on a bill, came back or wait: points are no money. */
import { expect, test } from "bun:test";
import { historyTexts } from "../../src/client/history.texts.ts";
import { historyOf, visitsSeen } from "../../src/client/history.ts";
import { whyTexts } from "../../src/client/why.texts.ts";
import { exportLedger } from "../../src/ledger/export.ts";
import { readStats } from "../../src/owners/stats.ts";
import { owedAsOf } from "../../src/statements/owed.ts";
import { statementOf } from "../../src/statements/statement.ts";
import { sumOf } from "../../src/till/today.rule.ts";
import { recordsOfToday } from "../../src/till/today.store.ts";
import type { Programme } from "../../src/visits/programme.texts.ts";
import { linkTo } from "../helpers/accounts.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { readJournal } from "../helpers/settled-visit.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const now = new Date("2026-03-10T12:00:00Z");
const plain = (text: string) => text.replaceAll("\u00a0", " ").replaceAll(/<[^>]+>/g, "");

/** One spend stands and its visit is paid, one never came onto its bill, one was taken off it by hand of an admin, one waits. */
async function fourSpends(salon: SettlingSalon) {
  const visits = ["stands", "never", "back", "stuck"].map((title) => ({
    title,
    ...salon.book([{ title, cost: 316_000 }]),
  }));
  await readJournal(salon);
  const rows: Record<string, number> = {};
  for (const { title, recordId } of visits) {
    const row = await salon.spend(recordId, 50_000);
    rows[title] = row;
    if (title === "never") salon.journal.editPrice(recordId, 10_000);
    if (title === "stuck")
      salon.settling.step = (_, move) => {
        if (move.kind === "ask" && move.write === "apply")
          for (const card of salon.loyalty.cards) card.isDeleted = true;
      };
    await salon.rest(row);
    if (title === "stands") salon.journal.pay(recordId);
    if (title === "back") {
      await salon.back(row);
      await salon.rest(row);
    }
  }
  await readJournal(salon);
  return rows;
}

for (const recordPrices of ["fall", "stay"] as const)
  test(`figures count money that was paid, and points that stand (prices ${recordPrices})`, async () => {
    await using salon = await settlingSalon({ recordPrices });
    await fourSpends(salon);
    const states = await salon.sql<{ state: string }[]>`select state from settlements order by id`;
    expect(states.map(({ state }) => state)).toEqual(["stands", "returned", "returned", "stuck"]);
    const stats = await readStats(salon.db, { companyIds: [MOSCOW], paidBy: "payments" }, now);
    expect(stats.today).toMatchObject({ withCard: 1, given: 2_660, spent: 100_000, bills: 632_000 });
    const held = 100_000_000 - 100_000 + 2_660;
    const owed = await owedAsOf(salon.db, { asOf: null, timeZone: "Europe/Moscow", now });
    expect([owed.owed.points, owed.sum]).toEqual([held, held]);
    const asked = {
      card: salon.annasCard,
      viewer: "owner",
      timeZone: "Europe/Moscow",
      now,
      proof: false,
    } as const;
    const statement = await statementOf(salon.db, { ...asked, from: null, to: null });
    expect(statement?.closing).toBe(held);
    const of = { companies: [MOSCOW], now, day: null, unknownZone: "Europe/Moscow", maxRows: 10 };
    const paid = (await recordsOfToday(salon.db, of)).filter((one) => one.paidFull);
    expect(sumOf(paid)).toBe(266_000);
  });

test("the ledger's file, the history and the statement say what came back, and why", async () => {
  await using salon = await settlingSalon();
  await fourSpends(salon);
  const chunks: string[] = [];
  for (const excel of [false, true])
    await exportLedger(salon.db, { timeZone: "Europe/Moscow", excel }, (chunk) => void chunks.push(chunk));
  const undone = chunks
    .join("")
    .split("\r\n")
    .filter((line) => /[,;](undo|отмена)[,;]/.test(line));
  const told = undone.map((line) => line.split(/[,;](?!\d\d;)/).slice(8, 10));
  expect(told).toEqual([
    ["not_settled", "programme"],
    ["", "admin:1"],
    ["оплатить визит баллами в журнале не вышло", "программа"],
    ["", "администратор 1"],
  ]);
  await linkTo(salon.db, 501);
  const anna = { card: salon.annasCard, account: "telegram:501" };
  const history = await historyOf(salon.db, anna, 0, now);
  const said = (language: string) =>
    history.entries.map((one) => plain(historyTexts(language).about(one, 2026)));
  expect(said("ru")).toEqual([
    "Визит 10 марта, оплачено 2 660 ₽",
    "Списано на кассе, счёт 3 160 ₽, к оплате 2 660 ₽",
    "Списание отменено",
    "Списано на кассе, счёт 3 160 ₽, к оплате 2 660 ₽",
    "Списание отменено: оплатить визит баллами в журнале не вышло",
  ]);
  expect(said("en").at(-1)).toBe("Spending undone: the visit could not be paid with points");
});

/** What the client reads of their visits, the last one first. */
async function why(salon: SettlingSalon) {
  await readJournal(salon);
  const visits = await visitsSeen(salon.db, salon.annasCard, now, 10, "staff");
  const programme = { paidBy: "payments", earnWhen: "paid" } as Programme;
  return visits.map((one) => plain(whyTexts("ru").line(one, 2026, programme)));
}

test("a visit of several records is paid by what was paid of all of them", async () => {
  for (const recordPrices of ["fall", "stay"] as const) {
    await using salon = await settlingSalon({ recordPrices });
    const first = salon.book([{ title: "Стрижка", cost: 200_000 }]);
    const second = salon.book([{ title: "Укладка", cost: 116_000 }], salon.visitOf(first.recordId));
    await readJournal(salon);
    await salon.rest(await salon.spend(first.recordId, 50_000));
    expect((await why(salon))[1]).toBe(
      "10 марта, 3 160 ₽: пока 0, баллами 500, деньгами 0 ₽, ещё не оплачен; начислим после оплаты",
    );
    salon.journal.pay(first.recordId);
    expect((await why(salon))[1]).toContain("баллами 500, деньгами 1 683,54 ₽");
    salon.journal.pay(second.recordId);
    expect((await why(salon))[1]).toBe("10 марта, 3 160 ₽: +16,84, баллами 500, деньгами 2 660 ₽");
  }
});

test("once it is paid, the bill of a settled visit is what paid it, whatever was written at the till", async () => {
  await using salon = await settlingSalon();
  const { recordId } = salon.book([{ title: "Стрижка", cost: 300_000 }]);
  await readJournal(salon);
  await salon.rest(await salon.spend(recordId, 50_000));
  // Dearer since, too.
  salon.journal.editPrice(recordId, 350_000);
  salon.journal.pay(recordId);
  expect(await why(salon)).toEqual(["10 марта, 3 500 ₽: +30, баллами 500, деньгами 3 000 ₽"]);
});
