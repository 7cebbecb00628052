// What the till says of a bill, in Russian: what points pay of it and why no more, what was spent on it, its price in YCLIENTS.

import { type Kopecks, type Points, roublesFor } from "../rules/money.ts";
import { apart } from "../rules/name.ts";
import { type Bound, type SpendRules, stepOf } from "../rules/spending.ts";
import { bold, escaped } from "../texts/html.ts";
import { NBSP, ruWords as w } from "../texts/words.ts";
import { nothingWords } from "./limits.texts.ts";
import { leftToPay } from "./till.rule.ts";

/**
 * Points spent on a bill of the same sum: by whom and when, and what was paid of it before. `journal`: they are to pay of it there,
 * how far that is, and what is to be paid beside them, once they do; null: its price is lowered by hand.
 */
interface Spent {
  points: Points;
  paid: Kopecks;
  by: string;
  at: string;
  journal?: { state: string; toPay: Kopecks | null } | null;
}

/**
 * A bill at the till. `paid` is what was paid of it before, `points` what the button spends, `most` what points could pay and
 * why no more; `settled`: nothing is left to pay.
 */
export interface Bill {
  bill: Kopecks | null;
  paid: Kopecks;
  points: Points | null;
  most: { points: Points; bound: Bound };
  rules: SpendRules;
  spent: Spent[];
  settled: boolean;
}

/** What a card holds, and what of it waits for the next paid visit. */
interface OnCard {
  balance: Points;
  locked?: Points;
}

/** Whether there is a step of points that waits for nothing. */
export function canBeSpent({ balance, locked = 0 }: OnCard, rules: SpendRules): boolean {
  return balance - locked >= stepOf(rules);
}

/** The bill line by line; without a bill, how to come to one. */
export function billLines(card: OnCard, of: Bill): string[] {
  const { balance } = card;
  const { bill, paid, spent } = of;
  if (bill === null) return [nobodysBill(card, of.rules)];
  const before = spent.map((one) => spentLine(one, bill, of));
  if (!of.settled) return [...before, spent.length > 0 ? otherLine(of, bill) : billLine(balance, of, bill)];
  return before.length > 0
    ? before
    : [`Визит на ${w.money(Math.max(bill, paid))} уже оплачен, принимать нечего.`];
}

function nobodysBill(card: OnCard, rules: SpendRules): string {
  if (card.balance < 0) return `${w.points(card.balance)}: списать нельзя.`;
  return canBeSpent(card, rules)
    ? "Чтобы списать, нажмите «Списать» и введите счёт."
    : "Списать пока нечего.";
}

function billLine(balance: Points, of: Bill, bill: Kopecks): string {
  const { paid, points, most } = of;
  const toPay = `К оплате ${bold(w.money(leftToPay(bill, paid, points ?? 0)))}`;
  if (balance < 0) return `${w.points(balance)}: списать нельзя. ${toPay}.`;
  // Whose day is over is told beside it.
  const nothing = most.points > 0 || most.bound === "day" ? "" : ` ${nothingWords(most.bound, of.rules)}`;
  if (points === null) return `Счёт ${sumWords(of, bill)}.${nothing} ${toPay}.`;
  return `Счёт ${sumWords(of, bill)}. ${pointsWords(of, points)} → к оплате ${bold(w.money(leftToPay(bill, paid, points)))}${roubleWords(of)}`;
}

function sumWords({ paid }: { paid: Kopecks }, bill: Kopecks): string {
  return paid > 0 ? `${w.money(bill)}, внесено ${w.money(paid)}` : w.money(bill);
}

/** The share of a bill is told where it is what bounds the points, and that services alone are paid for. */
function pointsWords({ most, rules }: Bill, points: Points): string {
  const why: Partial<Record<Bound, string>> = {
    share: ` (не${NBSP}больше ${w.percent(rules.spendMaxPercent * 100)} счёта)`,
    services: ` (за${NBSP}услуги)`,
  };
  return `Баллами ${w.amount(points)}${(points === most.points && why[most.bound]) || ""}`;
}

/** Why not all of it, where the client's points would have been enough. */
function roubleWords({ points, most }: Bill): string {
  return most.bound === "rouble" && points === most.points
    ? ` (${w.money(100)} оставляем: визит на ${w.money(0)} в${NBSP}YCLIENTS не${NBSP}оплатить)`
    : "";
}

/** Somebody has spent on a bill of this sum: who and when. Plain text. */
export function spentWords({ points, by, at }: Pick<Spent, "points" | "by" | "at">, bill: Kopecks): string {
  return `По счёту ${w.money(bill)} уже списано ${w.amount(points)} (${apart(by)}, ${at}).`;
}

function spentLine(one: Spent, bill: Kopecks, of: Bill): string {
  const head = `⚠️ ${escaped(spentWords(one, bill))}`;
  const same = of.points === null ? "" : " Это он? Ничего не нажимайте.";
  if (one.journal) {
    const { state, toPay } = one.journal;
    const rest = toPay === null ? "" : `: к${NBSP}оплате ${bold(w.money(toPay))}`;
    const stands = state === "stands" ? `баллы учтены в${NBSP}журнале${rest}` : `её${NBSP}меняет бот`;
    return `${head} Сумму визита не${NBSP}меняйте, ${stands}.${same}`;
  }
  const left = leftToPay(bill, Math.max(one.paid, of.paid), one.points);
  const price = w.money(leftToPay(bill, 0, one.points));
  if (left <= 0) return `${head} Принимать нечего, в${NBSP}YCLIENTS сделайте сумму визита ${price}.`;
  return `${head} ${bold(`Примите ${w.money(left)}`)}, в${NBSP}YCLIENTS сумма визита${NBSP}— ${price}.${same}`;
}

function otherLine(of: Bill, bill: Kopecks): string {
  const { paid, points } = of;
  const other = `Другой счёт на ${sumWords(of, bill)}`;
  if (points === null) return `${other}: списать нечего, к оплате ${w.money(bill - paid)}.`;
  return `${other}: ${pointsWords(of, points).toLowerCase()} → к оплате ${w.money(leftToPay(bill, paid, points))}`;
}

/** A visit was paid at its whole price although points paid some of it. */
export function priceKeptWords(points: Points, paid: Kopecks): string {
  return `Списано ${w.amount(points)}, а в${NBSP}YCLIENTS оплачено ${w.money(paid)}: проверьте сумму, должно быть ${w.money(leftToPay(paid, 0, points))}.`;
}

/** A spend was taken back: of its bill, paid in part before or not, more is to be taken now. */
export function billAgainWords(bill: Kopecks, paid: Kopecks, points: Points): string {
  return `Счёт снова ${sumWords({ paid }, bill)}: если взяли ${w.money(leftToPay(bill, paid, points))}, примите ещё ${w.money(roublesFor(points))}. Сумму визита в${NBSP}YCLIENTS верните: ${w.money(bill)}.`;
}
