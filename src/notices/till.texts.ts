// What a client is told of changes that no visit makes, at the till or by the programme itself, in both languages. What is handed in is escaped here.

import type { Kopecks, Points } from "../rules/money.ts";
import { bold, escaped } from "../texts/html.ts";
import { reasonWords } from "../texts/reasons.ts";
import { capital, enWords, ruDone, ruWords } from "../texts/words.ts";

/** A change made by hand, or by the programme itself. */
export interface TillChange {
  about: "till";
  kind: string;
  points: Points;
  bill: Kopecks | null;
  reason: string | null;
  /** The kind of the row that this one takes back or makes good. */
  corrects: string | null;
  /** What of it had ended meanwhile, and may be spent once more until a day; null: nothing. */
  again?: { points: Points; until: string } | null;
  /** The last day on which a gift may be spent; null: it has none. */
  until?: string | null;
}

/** A change in words, and what its reader may want to do about it. */
export interface Told {
  said: string;
  ask?: "not_you" | "mistake" | "questions" | undefined;
}

/** The change in Russian, one line. A salon's name is of any gender, so no verb agrees with it. */
export function tillRu(change: TillChange, salon: string | null): Told {
  const w = ruWords;
  const { kind, bill, reason, corrects, until } = change;
  const size = Math.abs(change.points);
  const points = bold(w.points(size));
  const why = reason ? ` Причина: ${escaped(reasonWords(reason, "ru"))}.` : "";
  const at = (words: string) => (salon ? `${escaped(salon)}: ${words}` : capital(words));
  const did = (one: string, many: string) => (salon ? at(many) : `Салон ${one}`);
  switch (corrects === "move" ? "undo" : kind) {
    case "spend": {
      const paid = bill === null ? "" : `, счёт ${w.money(bill)}, к оплате ${w.money(bill - size)}`;
      return { said: `${at(ruDone("списан", size))} ${points} на кассе${paid}.`, ask: "not_you" };
    }
    case "credit":
      return corrects === null
        ? { said: `${did("начислил вам", "вам начислили")} ${points}.${why}` }
        : { said: `${did("вернул вам", "вам вернули")} ${points}.${why}${againRu(change)}` };
    case "debit":
      return { said: `${did("снял с карты", "с карты сняли")} ${points}.${why}`, ask: "questions" };
    case "undo": {
      const back = change.points > 0;
      const what = at(undone.ru[corrects ?? ""] ?? "изменение отменено");
      return {
        said: `${what}, ${back ? "вернули" : "сняли"} ${points}.${why}${againRu(change)}`,
        ...(!back && { ask: "questions" }),
      };
    }
    case "move":
      return change.points > 0
        ? { said: `${at("на карту перенесли")} ${points}.` }
        : { said: `${at("с карты перенесли")} ${points}.`, ask: "not_you" };
    case "expiry":
      return change.points > 0
        ? { said: `${at("сгоревшее вернули")}: ${points}.` }
        : { said: `${at(ruDone("сгорел", size))} ${points}: срок вышел.` };
    case "welcome":
    case "birthday":
    case "friend":
      return change.points > 0
        ? {
            said: `${at(gifts.ru[kind] ?? kind)}: ${points}${until ? `, можно потратить ${w.until(until, null)}` : ""}.${why}`,
          }
        : { said: `${at(gifts.ru[kind] ?? kind)}: сняли ${points}.${why}`, ask: "questions" };
    default:
      return { said: `${bold(w.change(change.points))}.${why}` };
  }
}

/** The change in English, one line. */
export function tillEn(change: TillChange, salon: string | null): Told {
  const w = enWords;
  const { kind, bill, reason, corrects, until } = change;
  const size = Math.abs(change.points);
  const points = bold(w.points(size));
  const why = reason ? ` Reason: ${escaped(reasonWords(reason, "en"))}.` : "";
  const who = salon ? escaped(salon) : "The salon";
  const at = (words: string) => (salon ? `${escaped(salon)}: ${words}` : capital(words));
  switch (corrects === "move" ? "undo" : kind) {
    case "spend": {
      const paid = bill === null ? "" : `, bill ${w.money(bill)}, to pay ${w.money(bill - size)}`;
      return { said: `${at("spent at the till")}: ${points}${paid}.`, ask: "not_you" };
    }
    case "credit":
      return {
        said: `${who} ${corrects === null ? "added" : "gave back"} ${points}.${why}${againEn(change)}`,
      };
    case "debit":
      return { said: `${who} took ${points} off your card.${why}`, ask: "questions" };
    case "undo": {
      const back = change.points > 0;
      const what = at(undone.en[corrects ?? ""] ?? "a change was undone");
      return {
        said: `${what}: ${points} ${back ? "returned" : "taken back"}.${why}${againEn(change)}`,
        ...(!back && { ask: "questions" }),
      };
    }
    case "move":
      return change.points > 0
        ? { said: `${who} moved ${points} to your card.` }
        : { said: `${who} moved ${points} from your card.`, ask: "not_you" };
    case "expiry":
      return { said: `${at(change.points > 0 ? "expired points returned" : "expired")}: ${points}.` };
    case "welcome":
    case "birthday":
    case "friend":
      return change.points > 0
        ? {
            said: `${at(gifts.en[kind] ?? kind)}: ${points}${until ? `, may be used ${w.until(until, null)}` : ""}.${why}`,
          }
        : { said: `${at(gifts.en[kind] ?? kind)}: ${points} taken back.${why}`, ask: "questions" };
    default:
      return { said: `${bold(w.change(change.points))}.${why}` };
  }
}

function againRu({ again }: TillChange): string {
  if (!again) return "";
  return ` Срок вышел, пока они были потрачены: ${bold(ruWords.points(again.points))} можно потратить ${ruWords.until(again.until, null)}.`;
}

function againEn({ again }: TillChange): string {
  if (!again) return "";
  return ` Their time was over while they were spent: ${bold(enWords.points(again.points))} may be used ${enWords.until(again.until, null)}.`;
}

/** What the programme gives for no visit. */
const gifts: Record<"ru" | "en", Record<string, string>> = {
  ru: {
    welcome: "подарок новому клиенту",
    birthday: "подарок ко дню рождения",
    friend: "подарок за приглашение",
  },
  en: { welcome: "welcome gift", birthday: "birthday gift", friend: "gift for an invitation" },
};

/** What was undone, by the kind of its row. */
const undone: Record<"ru" | "en", Record<string, string>> = {
  ru: {
    spend: "списание отменено",
    debit: "снятие отменено",
    credit: "начисление отменено",
    move: "перенос отменён",
  },
  en: {
    spend: "the spending was undone",
    debit: "the taking was undone",
    credit: "the adding was undone",
    move: "the move was undone",
  },
};
