// What `/today` says to admins, in Russian. What is handed in is escaped here.

import type { Kopecks } from "../rules/money.ts";
import { wallTime } from "../rules/time.ts";
import { bold, escaped } from "./html.ts";
import { nameOf } from "./person.ts";
import { ruWords as w } from "./words.ts";

/** A record of today. */
export interface ListedRecord {
  at: Date;
  timeZone: string;
  name: string | null;
  price: Kopecks;
  paidFull: boolean;
  /** Null when YCLIENTS did not say. */
  paid: Kopecks | null;
  attendance: number;
}

/** A page of the list; `page` counts from 0, `total` is of the whole day. */
export interface TodayPage {
  day: string;
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
  const day = w.day(of.day, of.year);
  if (of.records.length === 0)
    return `${bold(`Сегодня, ${day}`)}: записей нет. Клиента можно найти по телефону.`;
  const page = of.pages > 1 ? `, страница ${of.page + 1} из ${of.pages}` : "";
  const lines = [`${bold(`Сегодня, ${day}`)}: записей ${of.total}${page}`, ...of.records.map(line)];
  if (of.total > of.listed && of.page + 1 === of.pages)
    lines.push(`Остальных (${of.total - of.listed}) ищите по телефону.`);
  return lines.join("\n");
}

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
