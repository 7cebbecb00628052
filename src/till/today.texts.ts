// What `/today` says to admins, in Russian. What is handed in is escaped here.

import { addDays, wallTime } from "../rules/time.ts";
import { bold, escaped } from "../texts/html.ts";
import { nameOf } from "../texts/person.ts";
import { NBSP, ruWords as w } from "../texts/words.ts";
import type { TodayRecord } from "./today.store.ts";

/** A record of the day. */
type ListedRecord = Omit<TodayRecord, "recordId" | "companyId" | "card" | "total">;

/** A page of the list; `page` counts from 0, `total` is of the whole day. */
interface TodayPage {
  day: string;
  today: string;
  year: number;
  records: ListedRecord[];
  page: number;
  pages: number;
  listed: number;
  total: number;
}

const timeOf = ({ at, timeZone }: ListedRecord) => wallTime(at, timeZone).slice(11, 16);
const shortName = ({ name }: ListedRecord) => nameOf(name, 60);

/** The list: time, name, price, state. */
export function todayText(of: TodayPage): string {
  const day = dayWords(of);
  if (of.records.length === 0) return `${bold(day)}: записей нет. Клиента можно найти по телефону.`;
  const page = of.pages > 1 ? `, страница ${of.page + 1} из ${of.pages}` : "";
  const lines = [`${bold(day)}: записей ${of.total}${page}`, ...of.records.map(line)];
  if (of.total > of.listed && of.page + 1 === of.pages)
    lines.push(`Остальных (${of.total - of.listed}) ищите по телефону.`);
  return lines.join("\n");
}

/** `Сегодня, 12 марта`; a day that is further away has no name. */
function dayWords({ day, today, year }: TodayPage): string {
  const called = { [addDays(today, -1)]: "Вчера", [today]: "Сегодня", [addDays(today, 1)]: "Завтра" }[day];
  return called === undefined ? w.day(day, year) : `${called}, ${w.day(day, year)}`;
}

/** What stands behind `/today` and is no day. */
export const noSuchDay = (written: string) =>
  `Не${NBSP}понял день «${escaped([...written].slice(0, 60).join(""))}». Напишите так: <code>/today завтра</code> или <code>/today 12.03</code>`;

function line(record: ListedRecord): string {
  return `${timeOf(record)} ${escaped(shortName(record))}, ${w.money(record.price)} · ${stateOf(record)}`;
}

function stateOf({ attendance, paidFull, paid, price }: ListedRecord): string {
  if (attendance === -1) return "неявка";
  if (paidFull) return "оплачен";
  return paid !== null && paid > 0 ? `оплачено ${w.moneyOf(paid, price)}` : "ждём";
}

/** What stands on the list's buttons. Plain text. */
export const todayButtons = {
  open: (record: ListedRecord) => `${timeOf(record)} ${shortName(record)} · ${w.money(record.price)}`,
  earlier: "← Раньше",
  later: "Позже →",
};

/** A button of an old list. */
export const recordGone = () => "Этой записи уже нет. Откройте список заново: /today";
