// What a client is told of changes, in both languages. Pure functions of values; what is handed in is escaped here.

import type { Percent } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { bold, escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { waitingEn, waitingRu } from "../texts/waiting.ts";
import { enWords, ruWords, type Words } from "../texts/words.ts";
import { type TillChange, tillEn, tillRu } from "./till.texts.ts";

/** One change, explained. `day` is the session's, `YYYY-MM-DD`; `percent` is in hundredths. */
export type Change =
  | { about: "award"; day: string; paid: Kopecks; percent: Percent; points: Points; prepaid: boolean }
  | {
      about: "correction";
      day: string;
      paid: Kopecks | null;
      was: Kopecks | null;
      points: Points;
      cause: string;
    }
  | TillChange;

/**
 * A message about changes. `balance` is after them, and after what else is to be told by another message, which sums to
 * `waiting`; `year` is this year, which dates leave out.
 */
interface Notification {
  changes: Change[];
  balance: Points;
  waiting: Points;
  year: number;
  supportPhone: string | null;
  /** The salon's name where it is known. */
  salon: string | null;
}

/** The message in the person's language; Russian unless it is English. */
export function notificationText(language: string | null, notification: Notification): string {
  return inLanguage(language, notificationRu, notificationEn)(notification);
}

/** A message holds 4096 characters: the earliest of many changes are said by their sum. */
const maxLines = 15;

function sumOf(changes: Change[]): Points {
  return changes.reduce((sum, change) => sum + change.points, 0);
}

function notificationRu(notification: Notification): string {
  const w = ruWords;
  const { changes, balance, waiting } = notification;
  const [only] = changes;
  const lines = changes.slice(-maxLines).map((change) => lineRu(change, notification));
  const earlier = changes.slice(0, -maxLines);
  if (earlier.length > 0)
    lines.unshift(`Прежние изменения (${earlier.length}): ${bold(w.signed(sumOf(earlier)))}.`);
  const total = sumOf(changes);
  if (balance < 0) {
    lines.push(
      `На карте ${bold(w.points(balance))}: эти баллы уже были потрачены.${waitingRu(waiting)} Платить ничего не нужно, следующие баллы закроют минус.`,
    );
  } else if (changes.length === 1 && only?.about === "award" && waiting === 0) {
    lines[0] += ` Было ${w.amount(balance - total)}, стало ${bold(w.amount(balance))}.`;
  } else lines.push(`На карте ${bold(w.points(balance))}.${waitingRu(waiting)}`);
  return lines.join("\n");
}

function lineRu(change: Change, notification: Notification): string {
  const w = ruWords;
  const { year, supportPhone } = notification;
  if (change.about === "till") return tillRu(change, notification);
  const day = w.day(change.day, year);
  if (change.about === "award") {
    const points = bold(`${w.change(change.points)}${change.prepaid ? "" : "."}`);
    return change.prepaid
      ? `${points} за оплату визита ${day}. Если визит не состоится, баллы вернутся салону.`
      : `${points} Визит ${day}: оплачено ${w.money(change.paid)}, ${w.percent(change.percent)}.`;
  }
  const points = bold(w.change(change.points));
  const call = supportPhone ? ` Вопросы: ${escaped(supportPhone)}` : "";
  switch (change.cause) {
    case "deleted":
      return `Визит ${day} отменён, поэтому ${points}.${call}`;
    case "no_show":
      return `Визит ${day} отмечен как несостоявшийся, ${points}.${supportPhone ? ` Это ошибка? Позвоните нам: ${escaped(supportPhone)}` : ""}`;
    case "not_paid":
    case "nothing_paid":
      return `Оплата визита ${day} возвращена, поэтому ${points}.${call}`;
    case "no_price":
      return `Цена услуг визита ${day} теперь ${w.money(0)}, поэтому ${points}.${call}`;
    case "not_arrived":
      return `Визит ${day} ещё не отмечен как состоявшийся, поэтому ${points}. Начислим, когда состоится.`;
    case "paid_in_part":
      return `Визит ${day} теперь оплачен не полностью, поэтому ${points}. Начислим после полной оплаты.`;
    case "moved":
      return change.points < 0
        ? `Визит ${day} записан на другого клиента, поэтому ${points}.${call}`
        : `Визит ${day} записан на вас, ${points}.`;
    default: {
      const was = change.was !== null && change.was !== change.paid ? ` вместо ${w.money(change.was)}` : "";
      const paid = change.paid === null ? "" : `: оплачено ${w.money(change.paid)}${was}`;
      return `Пересчитали визит ${day}${paid}. ${points}.`;
    }
  }
}

function notificationEn(notification: Notification): string {
  const w = enWords;
  const { changes, balance, waiting } = notification;
  const lines = changes.slice(-maxLines).map((change) => lineEn(w, change, notification));
  const earlier = changes.slice(0, -maxLines);
  if (earlier.length > 0)
    lines.unshift(`Earlier changes (${earlier.length}): ${bold(w.signed(sumOf(earlier)))}.`);
  lines.push(
    balance < 0
      ? `Your card holds ${bold(w.points(balance))}: those points were spent already.${waitingEn(waiting)} There is nothing to pay, your next points will cover it.`
      : `Your card holds ${bold(w.points(balance))}.${waitingEn(waiting)}`,
  );
  return lines.join("\n");
}

function lineEn(w: Words, change: Change, notification: Notification): string {
  if (change.about === "till") return tillEn(change, notification);
  const { year, supportPhone } = notification;
  const points = bold(w.change(change.points));
  const call = supportPhone ? ` Questions: ${escaped(supportPhone)}` : "";
  const day = w.day(change.day, year);
  if (change.about === "award") {
    return change.prepaid
      ? `${points} for paying ahead for ${day}. If the visit does not happen, the points go back.`
      : `${points}. Visit of ${day}: ${w.money(change.paid)} paid, ${w.percent(change.percent)}.`;
  }
  if (change.cause === "moved" && change.points > 0)
    return `The visit of ${day} was booked for you: ${points}.`;
  const causes: Record<string, string> = {
    deleted: "was cancelled",
    no_show: "was marked as a no-show",
    not_paid: "was refunded",
    nothing_paid: "was refunded",
    no_price: `now has a price of ${w.money(0)}`,
    paid_in_part: "is not fully paid any more",
    not_arrived: "is not marked as held any more",
    moved: "was booked for another client",
  };
  const cause = causes[change.cause];
  if (cause) return `The visit of ${day} ${cause}: ${points}.${call}`;
  const paid = change.paid === null ? "" : `: ${w.money(change.paid)} paid`;
  const was = change.was !== null && change.was !== change.paid ? ` instead of ${w.money(change.was)}` : "";
  return `The visit of ${day} was counted again${paid}${was}. ${points}.`;
}
