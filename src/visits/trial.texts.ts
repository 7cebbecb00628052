// A trial of other terms in words, in both languages: its table by months, for a terminal or a file. Plain text.

import { decimal } from "../rules/money.ts";
import { csvLine } from "../texts/csv.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, ruWords, softened, type Words } from "../texts/words.ts";
import { allMonths, type Trial, type TrialResult, type TriedMonth } from "./trial.rule.ts";
import type { Word } from "./visit.rule.ts";

const ru = {
  head: (from: string, to: string) => `Проба условий: с ${from} по ${to}. Ничего не записано.`,
  always: "Счёт такой, как если бы они действовали с первого визита, что есть в базе.",
  month: "Месяц",
  all: "Всего",
  columns: {
    visits: "Визиты с баллами",
    points: "Баллы",
    given: "Дано на деле",
    up: "Уровень выше",
    down: "Ниже",
    ended: "Сгорело бы",
    cost: "Стоит, ₽",
  },
  rate: (percent: string) =>
    `Из всех баллов, что даны до сих пор, потрачено ${percent}. Стоимость посчитана по этой доле.`,
  noRate: "Во что это обойдётся, сказать нельзя: баллов ещё никому не дано.",
  without: "Визиты без баллов",
  words: {
    ...{ awarded: "с баллами", deleted: "отменён", no_client: "без клиента", forgotten: "клиент удалён" },
    ...{ before_start: "до начала программы", no_show: "клиент не пришёл", not_paid: "не оплачен" },
    ...{ paid_in_part: "оплачен не полностью", not_arrived: "не отмечен состоявшимся" },
    ...{ payment_unknown: "оплата неизвестна", nothing_paid: "деньгами не оплачен" },
    ...{ too_little: "слишком малая сумма", imported: "из прежней программы" },
  } satisfies Record<Word, string>,
};

const en: typeof ru = {
  head: (from, to) => `A trial of terms: from ${from} to ${to}. Nothing was written.`,
  always: "Counted as if they had held since the first visit that is stored.",
  month: "Month",
  all: "All",
  columns: {
    visits: "Visits with points",
    points: "Points",
    given: "Given in truth",
    up: "Levels up",
    down: "Down",
    ended: "Would have ended",
    cost: "Cost, ₽",
  },
  rate: (percent) => `Of all points given so far ${percent} were spent. The cost is counted by that share.`,
  noRate: "What it will cost cannot be said: nobody has been given points yet.",
  without: "Visits without points",
  words: {
    ...{ awarded: "with points", deleted: "cancelled", no_client: "no client", forgotten: "client removed" },
    ...{ before_start: "before the programme", no_show: "did not come", not_paid: "not paid" },
    ...{ paid_in_part: "not fully paid", not_arrived: "not marked as held" },
    ...{ payment_unknown: "payment unknown", nothing_paid: "not paid with money" },
    ...{ too_little: "too small a sum", imported: "of the earlier programme" },
  },
};

type Column = keyof typeof ru.columns;

/** The columns in their order; those that can only be zero are left out. */
function columnsOf({ levels, over, live }: Trial): Column[] {
  return [
    ...(["visits", "points", "given"] as const),
    ...(levels === null ? [] : (["up"] as const)),
    ...(levels === null || over === null ? [] : (["down"] as const)),
    ...(live === null ? [] : (["ended"] as const)),
    "cost",
  ];
}

/** The share of points that is spent: of those given so far, all at most; null where nobody was given any. */
function rateOf({ given, spent }: TrialResult): number | null {
  return given > 0 ? Math.min(1, Math.max(0, spent / given)) : null;
}

/** A trial in words. `terms`: those that were tried, as settings. */
export function trialText(trial: Trial, result: TrialResult, terms: string, language: string | null): string {
  const t = inLanguage(language, ru, en);
  const w: Words = inLanguage(language, ruWords, enWords);
  const rate = rateOf(result);
  const columns = columnsOf(trial);
  const cell = (month: TriedMonth, column: Column) => {
    if (column === "cost") return rate === null ? "—" : w.amount(Math.round(month.points * rate));
    return ["visits", "up", "down"].includes(column) ? w.count(month[column]) : w.amount(month[column]);
  };
  const row = (name: string, month: TriedMonth) => [name, ...columns.map((column) => cell(month, column))];
  const months = [...result.months].map(([name, month]) => row(name, month));
  const table = aligned([
    [t.month, ...columns.map((column) => t.columns[column])],
    ...months,
    row(t.all, allMonths(result)),
  ]);
  const words = [...result.words].sort(([, one], [, other]) => other - one);
  const lines = [
    t.head(w.day(trial.from, null), w.day(trial.to, null)),
    terms,
    t.always,
    "",
    ...table,
    "",
    rate === null ? t.noRate : t.rate(w.percent(Math.round(rate * 1_000) * 10)),
    ...(words.length === 0
      ? []
      : [`${t.without}: ${words.map(([word, count]) => `${t.words[word]} ${w.count(count)}`).join(", ")}.`]),
  ];
  return softened(`${lines.join("\n")}\n`);
}

/** The first column to the left, numbers to the right. */
function aligned(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row.map((one, at) => (at === 0 ? one.padEnd(widths[at] ?? 0) : one.padStart(widths[at] ?? 0))).join("  "),
  );
}

const csvColumns = ["visits", "points", "given", "up", "down", "ended", "cost"] as const;

/** The same as a table for a program: a line a month, sums with a decimal point, and no cost where it is not known. */
export function trialCsv(result: TrialResult): string {
  const rate = rateOf(result);
  const cell = (month: TriedMonth, column: (typeof csvColumns)[number]) => {
    if (column === "cost") return rate === null ? "" : decimal(Math.round(month.points * rate));
    return ["visits", "up", "down"].includes(column) ? String(month[column]) : decimal(month[column]);
  };
  const lines = [...result.months].map(([name, month]) => [
    name,
    ...csvColumns.map((column) => cell(month, column)),
  ]);
  return [["month", ...csvColumns], ...lines].map((cells) => csvLine(",", cells)).join("");
}
