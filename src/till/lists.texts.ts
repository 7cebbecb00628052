// What the till lists of a card, in Russian: its last rows, its last visits with what each made and why, and its sums.

import type { CardSums, HistoryRow, SeenVisit } from "../client/history.ts";
import type { Account } from "../rules/account.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { wallTime } from "../rules/time.ts";
import { bold, escaped } from "../texts/html.ts";
import { kindWords } from "../texts/kinds.ts";
import { staffWords } from "../texts/person.ts";
import { reasonWords } from "../texts/reasons.ts";
import { ruWords as w } from "../texts/words.ts";
import type { Word } from "../visits/visit.rule.ts";
import { priceKeptWords } from "./bill.texts.ts";
import { clientLine, type TillClient } from "./screen.texts.ts";

/** A row of the ledger. */
type ListedRow = Pick<HistoryRow, "kind" | "points" | "paid" | "reason" | "actor" | "at" | "visitDay">;

/** A visit; `kept` is what points paid of it with no lower price. */
type ListedVisit = Pick<
  SeenVisit,
  | "startsAt"
  | "timeZone"
  | "price"
  | "servicesPaid"
  | "goodsPaid"
  | "decision"
  | "level"
  | "entries"
  | "settled"
  | "spentThatDay"
  | "expired"
> & { kept: Points | null };

/** The card's last rows. */
export function historyText(
  client: TillClient,
  rows: ListedRow[],
  names: ReadonlyMap<Account, string>,
  of: { timeZone: string; year: number; owners: readonly Account[] },
): string {
  const head = clientLine(client, of.year);
  if (rows.length === 0) return `${head}\nИзменений пока не было.`;
  return [head, ...rows.map((row) => rowLine(row, names, of))].join("\n");
}

function rowLine(
  row: ListedRow,
  names: ReadonlyMap<Account, string>,
  { timeZone, year, owners }: { timeZone: string; year: number; owners: readonly Account[] },
): string {
  const at = moment(row.at, timeZone, year);
  const visit = row.visitDay ? ` ${w.day(row.visitDay, year)}` : "";
  const bill = row.kind === "spend" && row.paid !== null ? `, счёт ${w.money(row.paid)}` : "";
  const byHand = row.kind !== "award" && row.kind !== "correction";
  const reason = byHand && row.reason ? `, ${escaped(reasonWords(row.reason, "ru"))}` : "";
  return `${at}: ${bold(w.signed(row.points))} ${kindWords(row.kind, visit)}${bill}${reason}${author(row.actor, names, owners)}`;
}

function moment(at: Date, timeZone: string, year: number): string {
  const wall = wallTime(at, timeZone);
  return `${w.day(wall.slice(0, 10), year)} ${wall.slice(11, 16)}`;
}

function author(actor: string, names: ReadonlyMap<Account, string>, owners: readonly Account[]): string {
  const people = staffWords(actor, names, owners);
  return people === "" ? "" : ` · ${people}`;
}

/** The card's last visits: state, decision, entries. `opened` is who let its owner see what another had before. */
export function whyText(
  client: TillClient,
  visits: ListedVisit[],
  of: { timeZone: string; year: number; opened: { by: string; at: Date } | null },
): string {
  const { opened } = of;
  const line = opened
    ? `\nПрежнюю историю клиенту открыли вручную: ${escaped(opened.by)}, ${moment(opened.at, of.timeZone, of.year)}.`
    : "";
  const head = `${clientLine(client, of.year)}${line}`;
  if (visits.length === 0)
    return `${head}\nВизитов пока не видно. Только что записали? Появится, когда прочитаем журнал. Проверьте в записи телефон клиента.`;
  return [head, ...visits.map((visit) => visitLine(visit, of))].join("\n\n");
}

function visitLine(visit: ListedVisit, { timeZone, year }: { timeZone: string; year: number }): string {
  const at = moment(visit.startsAt, visit.timeZone ?? timeZone, year);
  const made =
    visit.entries.length > 1 ? ` Изменения: ${visit.entries.map((one) => w.signed(one)).join(", ")}.` : "";
  return `${at}: ${paidWords(visit)}. ${decisionWords(visit)}${made}${goneWords(visit)}${priceHint(visit)}`;
}

function goneWords({ expired }: ListedVisit): string {
  return expired > 0 ? ` Из них сгорело ${w.amount(expired)}: срок вышел.` : "";
}

/** Null when YCLIENTS did not say. */
function paidOf({ servicesPaid, goodsPaid }: ListedVisit): Kopecks | null {
  return servicesPaid === null || goodsPaid === null ? null : servicesPaid + goodsPaid;
}

function paidWords(visit: ListedVisit): string {
  const [paid, { price, settled }] = [paidOf(visit), visit];
  if (settled) {
    const rest = settled.bill - settled.points;
    const money = settled.money === null ? "неизвестно сколько" : w.moneyOf(settled.money, rest);
    return `счёт ${w.money(settled.bill)}, баллами ${w.amount(settled.points)} (списано в журнале), деньгами ${money}`;
  }
  if (paid === null) return `оплата неизвестна, цена ${w.money(price)}`;
  return `оплачено ${paid === price ? w.money(paid) : w.moneyOf(paid, price)}`;
}

/** The till took less money, so a visit whose price stayed is "not fully paid" and earns nothing. */
function priceHint(visit: ListedVisit): string {
  const { decision, spentThatDay, kept, price } = visit;
  if (kept !== null) return ` ${priceKeptWords(kept, paidOf(visit) || price)}`;
  if (spentThatDay <= 0 || wasRefunded(visit) || (decision !== "paid_in_part" && decision !== "not_paid"))
    return "";
  return ` В этот день списано ${w.points(spentThatDay)}: похоже, цена в YCLIENTS не уменьшена. Исправьте её, баллы придут сами.`;
}

/** It has made points before, and now nothing is paid. */
function wasRefunded(visit: ListedVisit): boolean {
  const { decision, entries } = visit;
  return (
    entries.length > 0 && paidOf(visit) === 0 && (decision === "not_paid" || decision === "nothing_paid")
  );
}

function decisionWords(visit: ListedVisit): string {
  const { decision, entries } = visit;
  if (wasRefunded(visit)) return "Оплата возвращена, баллы за неё сняты.";
  const made = bold(w.signed(entries.reduce((sum, one) => sum + one, 0)));
  if (decision === "awarded")
    return `Начислено ${made}${visit.level === null ? "" : `, ${w.percent(visit.level)} по уровню`}.`;
  if (decision === "imported") return `Из прежней программы: ${made}.`;
  const words: Record<Exclude<Word, "awarded" | "imported">, string> = {
    deleted: "Не начислено: визит удалён.",
    no_client: "Не начислено: в визите нет клиента.",
    forgotten: "Не начислено: клиент просил удалить свои данные.",
    before_start: "Не начислено: до запуска программы.",
    no_show: "Не начислено: отмечена неявка.",
    not_paid: "Не начислено: не оплачен.",
    paid_in_part: "Не начислено: оплачен не полностью.",
    not_arrived: "Не начислено: визит ещё не отмечен как состоявшийся.",
    payment_unknown: "Пока не начислено: YCLIENTS не показывает оплату, проверим ещё раз.",
    nothing_paid: "Не начислено: оплата не деньгами (сертификат, абонемент или баллы).",
    too_little: "Не начислено: сумма слишком мала.",
  };
  return words[decision];
}

/** The balance and its parts: `Итого 473,5 балла: за все визиты +1 229, списано на кассе −650.`; empty without any. */
export function sumsText(sums: CardSums): string {
  const parts: [string, Points][] = [
    ["за все визиты", sums.visits],
    ["из прежней программы", sums.opening],
    ["списано на кассе", sums.spent],
    ["вручную", sums.byHand],
    ["перенесено", sums.moved],
    ["подарки", sums.gifts],
    ["сгорело", sums.expired],
  ];
  const told = parts.filter(([, points]) => points !== 0);
  if (told.length === 0) return "";
  const total = parts.reduce((sum, [, points]) => sum + points, 0);
  const words = told.map(([words, points]) => `${words} ${w.signed(points)}`);
  return `Итого ${bold(w.points(total))}: ${words.join(", ")}.`;
}
