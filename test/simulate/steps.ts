// What can happen in a simulated world. Steps are plain data, so that a stream can be printed, shortened and played
// again; who and what they mean by number exists in every world.

import type { BesideTelegram, Where } from "./messengers.ts";
import type { Death } from "./wires.ts";

/** How many there are of each in every world. */
export const clientCount = 5;
/** Who comes for the first time, if at all: numbered after the clients. */
export const newcomerCount = 5;
export const adminCount = 2;
export const programCount = 2;

/** What goes wrong once, or a few times, with MAX; and how a messenger cannot be reached. */
export type MaxTrouble = "403" | "429" | "500" | "cut" | "lost" | "html" | "no" | "slow" | "twice";
export type Outage = "refused" | "cut" | "lost" | "500" | "html";

/** Sums are kopecks, points are whole, times are milliseconds. `silent`: the journal's stamp does not move. */
export type Step =
  | { do: "book"; client: number | null; price: number; daysAgo: number; twin: boolean; branch?: number }
  | { do: "pay"; record: number; sum: number | null; goods: number; silent: boolean }
  | { do: "price"; record: number; sum: number }
  | { do: "refund"; record: number }
  | { do: "refundPart"; record: number; sum: number }
  | { do: "attend" | "noShow" | "remove" | "restore"; record: number; silent: boolean }
  | { do: "prepay" | "repeat"; record: number }
  /** A certificate or a membership pays the record; one is sold in the visit. */
  | { do: "cover"; record: number }
  | { do: "sellCertificate"; record: number; sum: number }
  | { do: "give"; record: number; client: number }
  | { do: "reschedule"; record: number; days: number }
  | { do: "spoil"; record: number; how: "noOperations" | "text" | "noId" }
  | { do: "pass" | "sweep" | "daily" | "tell" | "digest"; program: number }
  | { do: "race" }
  | { do: "wait"; ms: number }
  | { do: "skew"; program: number; ms: number }
  | { do: "link" | "block" | "return" | "unlink" | "forget"; client: number; on?: Where }
  /** A client proves another number of their own, and has the points moved to it or not. */
  | { do: "second"; client: number; yes: boolean; on?: Where }
  | { do: "steal"; client: number; from: number; on?: Where }
  | { do: "ask"; client: number; text: string; on?: Where }
  /**
   * A client lets go of their card in both messengers; takes it along from Telegram to MAX; puts off the other account as a
   * stranger's; says whether it is theirs.
   */
  | { do: "everywhere" | "carry" | "putOff"; client: number; on?: Where }
  | { do: "same"; client: number; yes: boolean; on?: Where }
  | { do: "spend"; admin: number; client: number; bill: number; taps: number }
  | { do: "credit" | "debit"; admin: number; client: number; points: number; taps: number }
  | { do: "move"; admin: number; client: number; to: number; points: number }
  | { do: "undo"; admin: number }
  /** Another sum than what points can pay of the bill; the owner's answer to a large one. */
  | { do: "type"; admin: number; client: number; bill: number; points: number }
  | { do: "answer"; admin: number; yes: boolean }
  | { do: "together"; client: number; bill: number }
  | { do: "late"; back: number; times: number }
  | {
      do: "yclients";
      fault: "401" | "403" | "429" | "500" | "slow" | "cut" | "half" | "html" | "noMoney" | "shift";
    }
  | { do: "telegram"; fault: "403" | "429" | "500" | "cut" | "lost" | "day" | "twice" | "slow" }
  | { do: "max"; fault: MaxTrouble }
  /** A messenger cannot be reached, until all is well again. */
  | { do: "away"; which: Where; how: Outage }
  | { do: "postgres"; fault: "killed" | "full" | "slow" }
  | { do: "hints"; times: number }
  | { do: "mend" }
  | { do: "kill"; program: number; death: Death }
  /** A record with a value at the edge of what a column holds, paid like any other; a contact of such a phone. */
  | { do: "odd"; field: string; at: number }
  | { do: "oddContact"; at: number }
  /** The journal has another phone for a client: somebody else's, or their own. */
  | { do: "phone"; client: number; whose: number }
  /** A till's screen is left open, and its button pressed later; of the day's list, and of a refund that owners are offered. */
  | { do: "open"; admin: number; client: number; bill: number }
  | { do: "openToday"; admin: number; record: number }
  | { do: "press"; admin: number }
  | { do: "giveBack" }
  /** A client's card goes while their message waits behind others that a slow Telegram holds. */
  | { do: "handover"; client: number; how: "prove" | "unlink" | "forget"; on?: Where }
  /** Trouble that owners must know, told by all programs at once, and its end. */
  | { do: "trouble" }
  | { do: "bot"; bot: number }
  | { do: "zone"; branch: number; zone: string }
  | { do: "start"; day: string }
  /** The programs begin again with other settings; days pass, each with its night. */
  | { do: "terms"; set: Record<string, string> }
  | { do: "days"; days: number }
  /** An owner asks what waits of the programme, and accepts it or not; or taps what was shown once. */
  | { do: "programme"; how: "accept" | "twice" | "leave" | "late" }
  /** An owner gives a client's card a level, until so many days from now, and takes the last one back. */
  | { do: "level"; client: number; place: number; days: number }
  | { do: "levelBack"; taps: number }
  /** The journal says a client's birthday, or the client does: so many days from now, or the day that few years have. */
  | { do: "birthday" | "sayBirthday"; client: number; inDays: number | "02-29"; on?: Where }
  /** The salon has MAX beside Telegram, wherever it stands in the stream. */
  | ({ do: "messengers" } & BesideTelegram)
  /** The world begins then, wherever it stands in the stream. */
  | { do: "begin"; at: string }
  /** Somebody says that a client sent them: by the link, with the number proved at once or later, or at the desk. */
  | { do: "invite"; client: number; friend: number; how: "link" | "open" | "desk"; desk: number; on?: Where }
  /** The salon takes a client on. */
  | { do: "hire"; client: number }
  | { do: "seal" }
  | { do: "forge"; how: string; at: number };
