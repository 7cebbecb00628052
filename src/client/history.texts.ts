// The history of a card in words, in both languages. What is handed in is escaped here.

import { earned, type Points } from "../rules/money.ts";
import { lastDigits } from "../rules/phone.ts";
import { bold, escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { reasonWords } from "../texts/reasons.ts";
import { enWords, ruWords, type Words } from "../texts/words.ts";
import { type Programme, programmeEn, programmeRu } from "../visits/programme.texts.ts";
import type { HistoryRow } from "./history.store.ts";

/** One change of a card's points. `day` is when it was made, `YYYY-MM-DD`. */
export type HistoryEntry = Omit<HistoryRow, "at" | "paidBy" | "actor" | "timeZone"> & { day: string };

/** A page of a history, newest first. `page` counts from 0; `earlier` stands for what is not shown, or is null. */
export interface HistoryView {
  page: number;
  pages: number;
  earlier: Points | null;
  entries: HistoryEntry[];
  /** This year, which days leave out. */
  year: number;
}

/** What an entry was for: `the visit of 12 March, 3,500 ₽ paid`. */
type About = (entry: HistoryEntry, year: number | null) => string;

interface Said {
  title(phone: string, page: number, pages: number): string;
  empty(of: Programme): string;
  left(points: Points): string;
  before(points: Points): string;
  newer: string;
  older: string;
  statement: string;
  about: About;
  details: { title: string; button: string; gone: string };
  was(before: Points, after: Points): string;
  /** Of a sum counted again: what it makes now in place of what it made. */
  instead(percent: string, now: Points, before: Points): string;
}

/** The reasons of corrections, beside "counted again". */
const refunds = new Set(["not_paid", "nothing_paid"]);

const visitRu: About = ({ day, visitDay, kind, reason, paid, was, points }, year) => {
  const w = ruWords;
  const when = visitDay === null || visitDay === day ? "" : ` ${w.day(visitDay, year)}`;
  const sum = paid === null ? "" : `, оплачено ${w.money(paid)}`;
  if (kind === "award") return `Визит${when}${reason === "imported" ? ", из прежней программы" : sum}`;
  if (reason === "deleted") return `Визит${when} отменён`;
  if (reason === "no_show") return `Визит${when} отмечен как несостоявшийся`;
  if (reason === "not_arrived") return `Визит${when} ещё не отмечен как состоявшийся`;
  if (reason === "paid_in_part") return `Визит${when} теперь оплачен не полностью`;
  if (reason === "moved" || reason === "forgotten")
    return `Визит${when} ${points > 0 ? "записан на вас" : "записан на другого клиента"}`;
  if (reason === "no_price") return `Цена услуг визита${when} теперь ${w.money(0)}`;
  if (refunds.has(reason ?? "")) return `Оплата визита${when} возвращена`;
  if (reason === "paid_again")
    return `Визит${when} снова оплачен${paid === null ? "" : `, ${w.money(paid)}`}`;
  return `Пересчитали визит${when}${sum}${was !== null && was !== paid ? ` вместо ${w.money(was)}` : ""}`;
};

const giftsRu = {
  welcome: "Подарок новому клиенту",
  birthday: "Подарок ко дню рождения",
  friend: "Подарок за приглашение",
};
const giftsEn = { welcome: "Welcome gift", birthday: "Birthday gift", friend: "Gift for an invitation" };

const aboutRu: About = (entry, year) => {
  const { kind, points, paid, corrects, began } = entry;
  const w = ruWords;
  const why = entry.reason ? `: ${escaped(reasonWords(entry.reason, "ru"))}` : "";
  switch (kind) {
    case "award":
    case "correction":
      return visitRu(entry, year);
    case "spend":
      return paid === null
        ? "Списано на кассе"
        : `Списано на кассе, счёт ${w.money(paid)}, к оплате ${w.money(paid + points)}`;
    case "credit":
      return corrects === null ? `Начислено${why}` : `Возвращено${why}`;
    case "debit":
      return `Снято${why}`;
    case "undo":
      if (corrects === "spend") return `Списание отменено${why}`;
      return points > 0 ? "Снятие отменено" : "Начисление отменено";
    case "move":
      if (corrects !== null) return "Перенос отменён";
      return points > 0 ? "Перенесено с другой карты" : "Перенесено на другую карту";
    case "merged":
      return points > 0
        ? "Ваши карты объединены: баллы второй карты"
        : "Ваши карты объединены: долг второй карты";
    case "taken_back":
      return `Баллы из прежней программы сняты${why}`;
    case "expiry":
      if (points > 0) return "Сгоревшие баллы возвращены";
      return `Сгорели: срок вышел${began === null ? "" : `, начислены ${w.day(began, year)}`}`;
    case "welcome":
    case "birthday":
    case "friend":
      return `${giftsRu[kind]}${points > 0 ? "" : " снят"}${why}`;
    default:
      return points > 0
        ? `Баллы из прежней программы${why}`
        : `Списано в прежней программе, одной суммой${why}`;
  }
};

const visitEn: About = ({ day, visitDay, kind, reason, paid, was, points }, year) => {
  const w = enWords;
  const visit = visitDay === null || visitDay === day ? "The visit" : `The visit of ${w.day(visitDay, year)}`;
  const sum = paid === null ? "" : `, ${w.money(paid)} paid`;
  if (kind === "award") return `${visit}${reason === "imported" ? ", from the earlier programme" : sum}`;
  if (reason === "deleted") return `${visit} was cancelled`;
  if (reason === "no_show") return `${visit} was marked as a no-show`;
  if (reason === "not_arrived") return `${visit} is not marked as held yet`;
  if (reason === "paid_in_part") return `${visit} is not fully paid any more`;
  if (reason === "moved" || reason === "forgotten")
    return `${visit} was booked for ${points > 0 ? "you" : "another client"}`;
  if (reason === "no_price") return `${visit} now has a price of ${w.money(0)}`;
  if (refunds.has(reason ?? "")) return `${visit} was refunded`;
  if (reason === "paid_again") return `${visit} was paid again${paid === null ? "" : `, ${w.money(paid)}`}`;
  return `${visit} was counted again${sum}${was !== null && was !== paid ? ` instead of ${w.money(was)}` : ""}`;
};

const aboutEn: About = (entry, year) => {
  const { kind, points, paid, corrects, began } = entry;
  const w = enWords;
  const why = entry.reason ? `: ${escaped(reasonWords(entry.reason, "en"))}` : "";
  switch (kind) {
    case "award":
    case "correction":
      return visitEn(entry, year);
    case "spend":
      return paid === null
        ? "Spent at the till"
        : `Spent at the till, bill ${w.money(paid)}, to pay ${w.money(paid + points)}`;
    case "credit":
      return corrects === null ? `Added${why}` : `Given back${why}`;
    case "debit":
      return `Taken${why}`;
    case "undo":
      if (corrects === "spend") return `Spending undone${why}`;
      return points > 0 ? "Taking undone" : "Adding undone";
    case "move":
      if (corrects !== null) return "Move undone";
      return points > 0 ? "Moved from another card" : "Moved to another card";
    case "merged":
      return points > 0
        ? "Your cards were joined: the other one's points"
        : "Your cards were joined: the other one's debt";
    case "taken_back":
      return `Points from the earlier programme taken off${why}`;
    case "expiry":
      if (points > 0) return "Expired points returned";
      return `Expired: their time was over${began === null ? "" : `, they came on ${w.day(began, year)}`}`;
    case "welcome":
    case "birthday":
    case "friend":
      return `${giftsEn[kind]}${points > 0 ? "" : " taken back"}${why}`;
    default:
      return points > 0
        ? `Points from the earlier programme${why}`
        : `Spent in the earlier programme, as one sum${why}`;
  }
};

const ru: Said = {
  title: (phone, page, pages) =>
    `${bold(`История карты …${lastDigits(phone)}`)}${pages > 1 ? `, страница ${page + 1} из ${pages}` : ""}`,
  empty: (of) => `Изменений пока нет. ${programmeRu.comes(of)}`,
  left: (points) => `на карте ${ruWords.amount(points)}`,
  before: (points) => `Было раньше: ${bold(ruWords.points(points))}`,
  statement: "Выписка",
  newer: "‹ Новее",
  older: "Раньше ›",
  about: aboutRu,
  details: {
    title: "Как посчитано",
    button: "История",
    gone: "Эти баллы уже не на вашей карте. Что на ней — /history",
  },
  was: (before, after) => `было ${ruWords.amount(before)}, стало ${ruWords.amount(after)}`,
  instead: (percent, now, before) =>
    `: ${percent} — это ${ruWords.points(now)} вместо ${ruWords.amount(before)}`,
};

const en: Said = {
  title: (phone, page, pages) =>
    `${bold(`History of card …${lastDigits(phone)}`)}${pages > 1 ? `, page ${page + 1} of ${pages}` : ""}`,
  empty: (of) => `No changes yet. ${programmeEn.comes(of)}`,
  left: (points) => `card holds ${enWords.amount(points)}`,
  before: (points) => `Held before: ${bold(enWords.points(points))}`,
  statement: "Statement",
  newer: "‹ Newer",
  older: "Older ›",
  about: aboutEn,
  details: {
    title: "How it was counted",
    button: "History",
    gone: "Those points are not on your card any more. What is: /history",
  },
  was: (before, after) => `from ${enWords.amount(before)} to ${enWords.amount(after)}`,
  instead: (percent, now, before) =>
    `: ${percent} is ${enWords.points(now)} instead of ${enWords.amount(before)}`,
};

/** What the history says in a person's language. */
export function historyTexts(language: string | null | undefined) {
  const t = inLanguage(language, ru, en);
  const w: Words = inLanguage(language, ruWords, enWords);
  /** One change in two lines; the year is said where it is not `year`, so always when that is null. */
  const entry = (one: HistoryEntry, year: number | null) =>
    `${w.day(one.day, year)}: ${bold(w.signed(one.points))}, ${t.left(one.after)}\n${t.about(one, year)}`;
  /** How the points follow from the sum behind the change's words; nothing where they do not follow from it alone. */
  const sum = ({ kind, paid, was, percent, points }: HistoryEntry) => {
    if (paid === null || paid === 0 || percent === null) return "";
    const makes = earned(paid, percent);
    if (kind === "award") return makes === points ? ` × ${w.percent(percent)} = ${w.amount(points)}` : "";
    const before = was === null ? null : earned(was, percent);
    const follows = kind === "correction" && before !== null && points !== 0 && makes - before === points;
    return follows ? t.instead(w.percent(percent), makes, before) : "";
  };
  return {
    ...t.details,
    /** The changes that a message was about, with their arithmetic. */
    counted: (entries: HistoryEntry[], year: number) =>
      [
        bold(t.details.title),
        ...entries.map(
          (one) =>
            `${w.day(one.day, year)}: ${bold(w.signed(one.points))}, ${t.was(one.after - one.points, one.after)}\n` +
            `${t.about(one, year)}${sum(one)}`,
        ),
      ].join("\n\n"),
    statement: t.statement,
    newer: t.newer,
    older: t.older,
    before: t.before,
    entry,
    /** What a change was for, without its sum. */
    about: t.about,
    /** A page as a message. */
    page: (phone: string, view: HistoryView, of: Programme) => {
      const blocks = view.entries.map((one) => entry(one, view.year));
      if (view.entries.length === 0) blocks.push(t.empty(of));
      if (view.page === view.pages - 1 && view.earlier) blocks.push(t.before(view.earlier));
      return [t.title(phone, view.page, view.pages), ...blocks].join("\n\n");
    },
  };
}
