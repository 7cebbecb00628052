// What the till says of a bill, in Russian: what points pay of it, what is left to pay, what was spent on it already.

import { type Kopecks, type Points, roublesFor } from "../rules/money.ts";
import { apart } from "../rules/name.ts";
import { bold, escaped } from "../texts/html.ts";
import { NBSP, ruWords as w } from "../texts/words.ts";

/** Points spent on a bill of the same sum: by whom and when, and what was paid of it before. */
export interface Spent {
  points: Points;
  paid: Kopecks;
  by: string;
  at: string;
}

/**
 * A bill at the till. `paid` is what was paid of it before, `points` what the button spends, `max` what points could pay;
 * `settled`: nothing is left to pay.
 */
export interface Bill {
  bill: Kopecks | null;
  paid: Kopecks;
  points: Points | null;
  max: Points;
  maxPercent: number;
  spent: Spent[];
  settled: boolean;
}

/** The bill line by line; without a bill, how to come to one. */
export function billLines({ balance }: { balance: Points }, of: Bill): string[] {
  const { bill, paid, spent } = of;
  if (bill === null) return [nobodysBill(balance)];
  const before = spent.map((one) => spentLine(one, bill, of));
  if (!of.settled) return [...before, spent.length > 0 ? otherLine(of, bill) : billLine(balance, of, bill)];
  return before.length > 0
    ? before
    : [`Визит на ${w.money(Math.max(bill, paid))} уже оплачен, принимать нечего.`];
}

function nobodysBill(balance: Points): string {
  if (balance < 0) return `${w.points(balance)}: списать нельзя.`;
  return balance < 100 ? "Списать пока нечего." : "Чтобы списать, нажмите «Списать» и введите счёт.";
}

function billLine(balance: Points, of: Bill, bill: Kopecks): string {
  const { paid, points, max } = of;
  const left = bill - paid;
  const toPay = `К оплате ${bold(w.money(left - (points ?? 0)))}`;
  if (balance < 0) return `${w.points(balance)}: списать нельзя. ${toPay}.`;
  if (points === null) return `Счёт ${sumWords(of, bill)}.${max > 0 ? "" : " Списать нечего."} ${toPay}.`;
  return `Счёт ${sumWords(of, bill)}. ${pointsWords(of, points)} → к оплате ${bold(w.money(left - points))}${roubleWords(balance, of, left)}`;
}

function sumWords({ paid }: { paid: Kopecks }, bill: Kopecks): string {
  return paid > 0 ? `${w.money(bill)}, внесено ${w.money(paid)}` : w.money(bill);
}

function pointsWords({ max, maxPercent }: Bill, points: Points): string {
  const limit = maxPercent < 100 && points === max ? ` (не больше ${w.percent(maxPercent * 100)} счёта)` : "";
  return `Баллами ${w.amount(points)}${limit}`;
}

/** Why not all of it, where the client's points would have been enough. */
function roubleWords(balance: Points, { points, max, maxPercent }: Bill, left: Kopecks): string {
  const stays = maxPercent === 100 && points === max && balance >= left;
  return stays
    ? ` (${w.money(100)} оставляем: визит на ${w.money(0)} в${NBSP}YCLIENTS не${NBSP}оплатить)`
    : "";
}

/** Somebody has spent on a bill of this sum: who and when. Plain text. */
export function spentWords({ points, by, at }: Spent, bill: Kopecks): string {
  return `По счёту ${w.money(bill)} уже списано ${w.amount(points)} (${apart(by)}, ${at}).`;
}

function spentLine(one: Spent, bill: Kopecks, of: Bill): string {
  const head = `⚠️ ${escaped(spentWords(one, bill))}`;
  const left = bill - one.points - Math.max(one.paid, of.paid);
  const price = w.money(bill - one.points);
  if (left <= 0) return `${head} Принимать нечего, в${NBSP}YCLIENTS сделайте сумму визита ${price}.`;
  const same = of.points === null ? "" : " Это он? Ничего не нажимайте.";
  return `${head} ${bold(`Примите ${w.money(left)}`)}, в${NBSP}YCLIENTS сумма визита${NBSP}— ${price}.${same}`;
}

function otherLine(of: Bill, bill: Kopecks): string {
  const { paid, points } = of;
  const other = `Другой счёт на ${sumWords(of, bill)}`;
  if (points === null) return `${other}: списать нечего, к оплате ${w.money(bill - paid)}.`;
  return `${other}: ${pointsWords(of, points).toLowerCase()} → к оплате ${w.money(bill - paid - points)}`;
}

/** A visit was paid at its whole price although points paid some of it. */
export function priceKeptWords(points: Points, paid: Kopecks): string {
  return `Списано ${w.amount(points)}, а в${NBSP}YCLIENTS оплачено ${w.money(paid)}: проверьте сумму, должно быть ${w.money(paid - points)}.`;
}

/** A spend was taken back: of its bill, paid in part before or not, more is to be taken now. */
export function billAgainWords(bill: Kopecks, paid: Kopecks, points: Points): string {
  return `Счёт снова ${sumWords({ paid }, bill)}: если взяли ${w.money(bill - paid - points)}, примите ещё ${w.money(roublesFor(points))}. Сумму визита в${NBSP}YCLIENTS верните: ${w.money(bill)}.`;
}
