// The message about what changed on a card, in both languages. Pure functions of values; what is handed in is escaped here.

import { type Kopecks, type Points, roublesFor } from "../rules/money.ts";
import { mostPoints, type SpendRules } from "../rules/spending.ts";
import { bold, escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { waitingEn, waitingRu } from "../texts/waiting.ts";
import { enWords, ruWords } from "../texts/words.ts";
import { programmeEn, programmeRu } from "../visits/programme.texts.ts";
import { type TillChange, type Told, tillEn, tillRu } from "./till.texts.ts";
import { type Award, awardEn, awardRu, type Correction, correctionEn, correctionRu } from "./visit.texts.ts";

/** One change, explained. */
export type Change = Award | Correction | TillChange;

/**
 * A message about changes. `balance` is after them, and after what else is to be told by another message, which sums to
 * `waiting`; `year` is this year, which dates leave out.
 */
interface Notification extends SpendRules {
  changes: Change[];
  balance: Points;
  waiting: Points;
  year: number;
  supportPhone: string | null;
  /** The salon's name where it is known. */
  salon: string | null;
}

interface Said {
  buttons: { book: string; card: string; details: string };
  thanks: { ahead: string; visit: string; visits: string };
  line(change: Change, notification: Notification, thanked: boolean): Told;
  earlier(count: number, sum: Points): string;
  holds(balance: Points, waiting: Points): string;
  owes(balance: Points, waiting: Points): string;
  /** All that the card holds comes off the next bill. */
  worth(balance: Points, off: Kopecks): string;
  /** Only so much of it does, off such a bill. */
  worthInPart(off: Kopecks, bill: Kopecks, of: SpendRules): string;
  asks: Record<NonNullable<Told["ask"]>, (phone: string | null) => string>;
}

const ru: Said = {
  buttons: { book: "Записаться", card: "Карта", details: "Подробнее" },
  thanks: { ahead: "Спасибо за оплату!", visit: "Спасибо за визит!", visits: "Спасибо за визиты!" },
  line: (change, { year, salon }, thanked) => {
    if (change.about === "till") return tillRu(change, salon);
    return change.about === "award" ? { said: awardRu(change, year, thanked) } : correctionRu(change, year);
  },
  earlier: (count, sum) => `Прежние изменения (${count}): ${bold(ruWords.signed(sum))}.`,
  holds: (balance, waiting) => `На карте ${bold(ruWords.points(balance))}.${waitingRu(waiting)}`,
  owes: (balance, waiting) =>
    `На карте ${bold(ruWords.points(balance))}: эти баллы уже были потрачены.${waitingRu(waiting)} Платить ничего не нужно, следующие баллы закроют минус.`,
  worth: (balance, off) =>
    `На карте ${bold(ruWords.amount(balance))}: это скидка ${ruWords.money(off)} в следующий раз.`,
  worthInPart: (off, bill, of) =>
    ` Со счёта ${ruWords.money(bill)} в следующий раз это скидка ${ruWords.money(off)}.${programmeRu.most(of)}`,
  asks: {
    not_you: (phone) => `Это не вы? ${phone ? `Позвоните нам: ${phone}` : "Скажите администратору."}`,
    mistake: (phone) => `Это ошибка? ${phone ? `Позвоните нам: ${phone}` : "Скажите администратору."}`,
    questions: (phone) => (phone ? `Вопросы: ${phone}` : "Есть вопросы? Спросите администратора."),
  },
};

const en: Said = {
  buttons: { book: "Book", card: "Card", details: "Details" },
  thanks: {
    ahead: "Thank you for paying ahead!",
    visit: "Thank you for your visit!",
    visits: "Thank you for your visits!",
  },
  line: (change, { year, salon }, thanked) => {
    if (change.about === "till") return tillEn(change, salon);
    return change.about === "award" ? { said: awardEn(change, year, thanked) } : correctionEn(change, year);
  },
  earlier: (count, sum) => `Earlier changes (${count}): ${bold(enWords.signed(sum))}.`,
  holds: (balance, waiting) => `Your card holds ${bold(enWords.points(balance))}.${waitingEn(waiting)}`,
  owes: (balance, waiting) =>
    `Your card holds ${bold(enWords.points(balance))}: those points were spent already.${waitingEn(waiting)} There is nothing to pay, your next points will cover it.`,
  worth: (balance, off) =>
    `Your card holds ${bold(enWords.amount(balance))}: that is ${enWords.money(off)} off next time.`,
  worthInPart: (off, bill, of) =>
    ` Off a bill of ${enWords.money(bill)} that is ${enWords.money(off)} next time.${programmeEn.most(of)}`,
  asks: {
    not_you: (phone) => `Not you? ${phone ? `Call us: ${phone}` : "Tell the front desk."}`,
    mistake: (phone) => `A mistake? ${phone ? `Call us: ${phone}` : "Tell the front desk."}`,
    questions: (phone) => (phone ? `Questions: ${phone}` : "Questions? Ask the front desk."),
  },
};

/** The labels of what stands under a message. */
export function noticeButtons(language: string | null): Said["buttons"] {
  return inLanguage(language, ru, en).buttons;
}

/** A message holds 4096 characters: the earliest of many changes are said by their sum. */
const maxLines = 15;

/** The message in the person's language; Russian unless it is English. */
export function notificationText(language: string | null, notification: Notification): string {
  const t = inLanguage(language, ru, en);
  const { changes, supportPhone } = notification;
  const thanks = thanksFor(changes);
  const told = changes.slice(-maxLines).map((change) => t.line(change, notification, thanks !== null));
  const earlier = changes.slice(0, -maxLines);
  const ask = toDo(told);
  const lines = [
    ...(thanks === null ? [] : [t.thanks[thanks]]),
    ...(earlier.length > 0 ? [t.earlier(earlier.length, sumOf(earlier))] : []),
    ...told.map((one) => one.said),
    leftOn(t, notification),
    ...(ask ? [t.asks[ask](supportPhone && escaped(supportPhone))] : []),
  ];
  // One visit is one thought.
  return lines.join(thanks !== null && changes.length === 1 ? " " : "\n");
}

function sumOf(changes: Change[]): Points {
  return changes.reduce((sum, change) => sum + change.points, 0);
}

/** Whoever is told of nothing but awards is thanked first. */
function thanksFor(changes: Change[]): keyof Said["thanks"] | null {
  const awards = changes.filter((change) => change.about === "award");
  if (awards.length < changes.length) return null;
  if (awards.every(({ prepaid }) => prepaid)) return "ahead";
  return awards.length === 1 ? "visit" : "visits";
}

/** The most pressing thing that a reader of these may want to do: said once, at the end. */
function toDo(told: Told[]): Told["ask"] {
  return (["not_you", "mistake", "questions"] as const).find((ask) => told.some((one) => one.ask === ask));
}

/**
 * What is on the card, and where there are awards alone and nothing waits to be told, what it is worth: as much as the till
 * would take off a bill like the largest of these visits'.
 */
function leftOn(t: Said, notification: Notification): string {
  const { changes, balance, waiting, spendOn } = notification;
  if (balance < 0) return t.owes(balance, waiting);
  // How much of the next bill will be services nobody knows.
  const promised = thanksFor(changes) !== null && waiting === 0 && spendOn !== "services";
  const bill = Math.max(0, ...changes.map((change) => (change.about === "award" ? change.paid : 0)));
  const points = promised ? mostPoints(notification, { bill, balance }).points : 0;
  const off = roublesFor(points);
  if (points > 0 && balance - points < 100) return t.worth(balance, off);
  return `${t.holds(balance, waiting)}${points > 0 ? t.worthInPart(off, bill, { ...notification, cardDailyActs: null }) : ""}`;
}
