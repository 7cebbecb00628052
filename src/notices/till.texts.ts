// What a client is told of changes made at the till, in both languages. What is handed in is escaped here.

import type { Kopecks, Points } from "../rules/money.ts";
import { bold, escaped } from "../texts/html.ts";
import { reasonWords } from "../texts/reasons.ts";
import { enWords, ruDone, ruWords } from "../texts/words.ts";

/** A change made by hand. */
export interface TillChange {
  about: "till";
  kind: string;
  points: Points;
  bill: Kopecks | null;
  reason: string | null;
  /** The kind of the row that this one takes back or makes good. */
  corrects: string | null;
}

/** Whom the client can ask, and by what name they know the salon. */
interface Known {
  supportPhone: string | null;
  salon: string | null;
}

/** The change in Russian, one line. A salon's name is of any gender, so no verb agrees with it. */
export function tillRu(change: TillChange, { supportPhone, salon }: Known): string {
  const w = ruWords;
  const { kind, bill, reason, corrects } = change;
  const size = Math.abs(change.points);
  const points = bold(w.points(size));
  const why = reason ? ` Причина: ${escaped(reasonWords(reason, "ru"))}.` : "";
  const notYou = supportPhone ? ` Это не вы? ${escaped(supportPhone)}` : "";
  const ask = supportPhone ? ` Вопросы: ${escaped(supportPhone)}` : "";
  const did = (one: string, many: string) => (salon ? `${escaped(salon)}: ${many}` : `Салон ${one}`);
  switch (kind) {
    case "spend": {
      const paid = bill === null ? "" : `, счёт ${w.money(bill)}, к оплате ${w.money(bill - size)}`;
      return `${ruDone("Списан", size)} ${points} на кассе${paid}.${notYou}`;
    }
    case "credit":
      return corrects === null
        ? `${did("начислил вам", "вам начислили")} ${points}.${why}`
        : `${did("вернул вам", "вам вернули")} ${points}.${why}`;
    case "debit":
      return `${did("снял с карты", "с карты сняли")} ${points}.${why}${ask}`;
    case "undo":
      return `${undone.ru[corrects ?? ""] ?? "Изменение отменено"}, ${change.points > 0 ? "вернули" : "сняли"} ${points}.`;
    case "move":
      return change.points > 0
        ? `Перенесено на карту: ${points}.`
        : `Перенесено с карты: ${points}.${notYou}`;
    default:
      return `${bold(w.change(change.points))}.${why}`;
  }
}

/** The change in English, one line. */
export function tillEn(change: TillChange, { supportPhone, salon }: Known): string {
  const w = enWords;
  const { kind, bill, reason, corrects } = change;
  const size = Math.abs(change.points);
  const points = bold(w.points(size));
  const why = reason ? ` Reason: ${escaped(reasonWords(reason, "en"))}.` : "";
  const notYou = supportPhone ? ` Not you? ${escaped(supportPhone)}` : "";
  const ask = supportPhone ? ` Questions: ${escaped(supportPhone)}` : "";
  const who = salon ? escaped(salon) : "The salon";
  switch (kind) {
    case "spend": {
      const paid = bill === null ? "" : `, bill ${w.money(bill)}, to pay ${w.money(bill - size)}`;
      return `Spent at the till: ${points}${paid}.${notYou}`;
    }
    case "credit":
      return `${who} ${corrects === null ? "added" : "gave back"} ${points}.${why}`;
    case "debit":
      return `${who} took ${points} off your card.${why}${ask}`;
    case "undo":
      return `${undone.en[corrects ?? ""] ?? "A change was undone"}: ${points} ${change.points > 0 ? "returned" : "taken back"}.`;
    case "move":
      return change.points > 0
        ? `Moved to your card: ${points}.`
        : `Moved from your card: ${points}.${notYou}`;
    default:
      return `${bold(w.change(change.points))}.${why}`;
  }
}

/** What was undone, by the kind of its row. */
const undone: Record<"ru" | "en", Record<string, string>> = {
  ru: { spend: "Списание отменено", debit: "Снятие отменено", credit: "Начисление отменено" },
  en: {
    spend: "The spending was undone",
    debit: "The taking was undone",
    credit: "The adding was undone",
  },
};
