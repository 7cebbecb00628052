// A trial of other terms over what is stored: every visit and spend as they are, and nothing written.
import { expect, test } from "bun:test";
import type { Trial } from "../../src/visits/trial.rule.ts";
import { trialCsv, trialText } from "../../src/visits/trial.texts.ts";
import { tryTerms } from "../../src/visits/trial.ts";
import { boris, ledgerOfEachTest, usual } from "../helpers/ledger.ts";

const ledger = ledgerOfEachTest();
const trial: Trial = {
  ...{ terms: { ...usual, percent: 200 }, levels: null, over: null, live: { days: 10 } },
  ...{ from: "2026-03-01", to: "2026-03-31" },
};
const of = { companyIds: [1], timeZone: "Europe/Moscow", start: "2026-03-01" };
const judged = (changes: Partial<Trial> = {}, start: string | null = of.start) =>
  tryTerms(ledger.db, { ...trial, ...changes }, { ...of, start });
const at = (day: string) => ({ startsAt: new Date(`${day}T10:00:00Z`), day });

/** Anna's two paid visits and one that is not, Boris's one, and a visit of nobody; 100 points were spent, and 50 taken back. */
async function month(): Promise<void> {
  await ledger.db`update companies set program_start = '2026-03-01', time_zone = 'Europe/Moscow'`;
  await ledger.post(
    { recordId: 101, ...at("2026-03-02") },
    { recordId: 102, ...at("2026-03-05"), servicesPaid: 1_000_000, price: 1_000_000 },
    { recordId: 103, ...at("2026-03-06"), paidFull: false, servicesPaid: 0 },
    { recordId: 104, ...at("2026-03-07"), client: null },
    { recordId: 105, ...at("2026-03-31"), client: boris },
  );
  const row = async (kind: string, points: number, day: string, corrects: number | null) => {
    const key = corrects === null ? `op:${day.replaceAll("-", "").padStart(32, "0")}` : `undo:${corrects}`;
    await ledger.db`
      with made as (
        insert into bonuslog (client_id, kind, points, corrects, paid, awarded_at, actor, key)
        values (1, ${kind}, ${points}, ${corrects}, ${kind === "spend" ? 1_000_000 : null},
          ${`${day}T12:00:00+03:00`}, 'admin:1', ${key})
        returning id, kind, paid)
      insert into spends (id, day, bill) select id, ${day}, paid from made where kind = 'spend'`;
  };
  await row("spend", -5_400, "2026-03-08", null);
  await row("spend", -2_700, "2026-03-09", null);
  await row("undo", 2_700, "2026-03-10", 5);
}

test("what is stored is judged anew: by months, with what was given in truth and what of it was spent", async () => {
  await month();
  const { months, words, given, spent } = await judged();
  expect([...months]).toEqual([
    ["2026-03", { visits: 3, points: 34_000, given: 17_000, up: 0, down: 0, ended: 16_200 }],
  ]);
  expect([...words]).toEqual([
    ["not_paid", 1],
    ["no_client", 1],
  ]);
  expect([given, spent]).toEqual([17_000, 5_400]);
});

test("nothing is written, and what happens meanwhile is of no account", async () => {
  await month();
  const before = await ledger.rows();
  await judged();
  expect(await ledger.rows()).toEqual(before);
});

test("other branches and later days are left out; a start that the settings say goes before what is stored", async () => {
  await month();
  const of2 = await tryTerms(ledger.db, trial, { ...of, companyIds: [2] });
  expect(of2.months.get("2026-03")?.visits).toBe(0);
  expect((await judged({ to: "2026-03-30" })).months.get("2026-03")).toMatchObject({
    visits: 2,
    ended: 16_200,
  });
  // What was awarded once is judged whatever the start.
  expect((await judged({}, "2026-04-01")).months.get("2026-03")?.visits).toBe(3);
});

test("said in words and as a table; without a level or an end there is no column for it, and no cost before any points", async () => {
  await month();
  const result = await judged();
  expect(trialText(trial, result, "BONUS_PERCENT=2", "ru").split("\n")).toEqual([
    "Проба условий: с 1 марта 2026 по 31 марта 2026. Ничего не записано.",
    "BONUS_PERCENT=2",
    "Счёт такой, как если бы они действовали с первого визита, что есть в базе.",
    "",
    "Месяц    Визиты с баллами  Баллы  Дано на деле  Сгорело бы  Стоит, ₽",
    "2026-03                 3    340           170         162       108",
    "Всего                   3    340           170         162       108",
    "",
    "Из всех баллов, что даны до сих пор, потрачено 31,8 %. Стоимость посчитана по этой доле.",
    "Визиты без баллов: не оплачен 1, без клиента 1.",
    "",
  ]);
  const unspent = { ...result, given: 0, spent: 0 };
  const levels = [
    { from: 0, percent: 100 },
    { from: 100, percent: 200 },
  ];
  const english = trialText({ ...trial, live: null, levels }, unspent, "LEVELS=0:1,1:2", "en").split("\n");
  expect(english.slice(4)).toEqual([
    "Month    Visits with points  Points  Given in truth  Levels up  Cost, ₽",
    "2026-03                   3     340             170          0        —",
    "All                       3     340             170          0        —",
    "",
    "What it will cost cannot be said: nobody has been given points yet.",
    "Visits without points: not paid 1, no client 1.",
    "",
  ]);
  const head = "month,visits,points,given,up,down,ended,cost\r\n";
  expect(trialCsv(result)).toBe(`${head}2026-03,3,340.00,170.00,0,0,162.00,108.00\r\n`);
  expect(trialCsv(unspent)).toBe(`${head}2026-03,3,340.00,170.00,0,0,162.00,\r\n`);
});
