// What `/today` says to admins, in Russian. What is handed in is escaped here.

import { addDays, wallTime } from "../rules/time.ts";
import { bold, escaped } from "../texts/html.ts";
import { nameOf } from "../texts/person.ts";
import { NBSP, ruWords as w } from "../texts/words.ts";
import { type DayClient, type DayLists, sumOf, type TodayRecord } from "./today.rule.ts";

/** A day's lists; of its `total` records so many are in them. */
interface TodayPage extends DayLists {
  day: string;
  today: string;
  year: number;
  list: keyof DayLists;
  listed: number;
  total: number;
}

const timeOf = ({ at, timeZone }: TodayRecord) => wallTime(at, timeZone).slice(11, 16);
/** Longer names would push the sum off a phone's button. */
const shortName = ({ name }: TodayRecord) => nameOf(name, 24);

/** The day and its sums: its clients are the buttons below. */
export function todayText(of: TodayPage): string {
  const day = bold(dayWords(of));
  if (of.total === 0) return `${day}: записей нет. Клиента можно найти по${NBSP}имени или телефону.`;
  const lines = [`${day}: ${w.visits(of.total)}. ${of.list === "paid" ? paidWords(of) : openWords(of)}`];
  if (of.total > of.listed)
    lines.push(`Ещё ${w.visits(of.total - of.listed)} здесь нет: ищите по${NBSP}имени или телефону.`);
  return lines.join("\n");
}

function openWords({ open, paid, total }: TodayPage): string {
  if (open.length === 0) return total === 1 ? "Оплачен." : "Все оплачены.";
  const unpaid = open.flat().length;
  return `${paid.length === 0 ? "" : `Оплачено: ${paid.flat().length}. `}К${NBSP}оплате: ${unpaid}. Кто на кассе?`;
}

function paidWords({ paid }: TodayPage): string {
  return `Оплачено: ${paid.flat().length}, на ${w.money(sumOf(paid.flat()))}.`;
}

/** `Сегодня, 12 марта`; a day that is further away has no name. */
function dayWords({ day, today, year }: TodayPage): string {
  const called = { [addDays(today, -1)]: "Вчера", [today]: "Сегодня", [addDays(today, 1)]: "Завтра" }[day];
  return called === undefined ? w.day(day, year) : `${called}, ${w.day(day, year)}`;
}

/** A client with several records of the day. */
export function clientText(client: DayClient, day: string, year: number): string {
  return `${bold(escaped(shortName(client[0])))}, ${w.day(day, year)}: ${w.visits(client.length)}. За${NBSP}какой платит?`;
}

/** What stands behind `/today` and is no day. */
export const noSuchDay = (written: string) =>
  `Не${NBSP}понял день «${escaped([...written].slice(0, 60).join(""))}». Напишите так: <code>/today завтра</code> или <code>/today 12.03</code>`;

/** What is to be known beside the price; nothing of a record that waits for its payment, or is paid. */
function stateOf({ attendance, paidFull, paid }: TodayRecord): string {
  if (paidFull) return "";
  if (attendance === -1) return " · неявка";
  return paid !== null && paid > 0 ? ` · внесено ${w.money(paid)}` : "";
}

/** What stands on the list's buttons. Plain text. */
export const todayButtons = {
  /** One who has several records has them behind the button. */
  client: (client: DayClient) => {
    const [first, ...others] = client;
    const what =
      others.length === 0 ? w.money(first.price) : `${w.visits(client.length)}, ${w.money(sumOf(client))}`;
    return `${timeOf(first)} ${shortName(first)} · ${what}${others.length === 0 ? stateOf(first) : ""}`;
  },
  record: (record: TodayRecord) => `${timeOf(record)} · ${w.money(record.price)}${stateOf(record)}`,
  earlier: "← Раньше",
  later: "Позже →",
  paid: (clients: number) => `Оплаченные: ${clients}`,
  open: (clients: number) => `← К${NBSP}оплате: ${clients}`,
};

/** A button of an old list. */
export const recordGone = () => "Этой записи уже нет. Откройте список заново: /today";
