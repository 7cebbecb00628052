// What an admin writes at the till, and what is left to pay of a bill.

import {
  hundredths,
  type Kopecks,
  type Points,
  pointsFor,
  readPoints,
  roublesFor,
  upTo,
} from "../rules/money.ts";
import { phoneOf, realPhoneOf } from "../rules/phone.ts";
import { tidyReason } from "../rules/reason.ts";

/**
 * A message at the till. `number` is a sum that says of nobody; `bad_bill` is a phone with something else behind it;
 * `bad_phone` is one with a digit too few or too many; `name` is a few words and nothing else but a bill.
 */
export type TypedEntry =
  | { kind: "phone"; phone: string; bill: Kopecks | null }
  | { kind: "digits"; digits: string; bill: Kopecks | null }
  | { kind: "number"; value: Points }
  | { kind: "bad_bill"; phone: string; written: string }
  | { kind: "bad_phone"; written: string; short: boolean }
  | { kind: "name"; name: string; bill: Kopecks | null }
  | { kind: "other" };

/** What stands behind `/credit` or `/debit`; `sought`: the client is named by the last four digits of a phone, or by name. */
type ChangeEntry =
  | { kind: "change"; phone: string; points: Points; reason: string | null }
  | { kind: "sought"; words: string; points: Points; reason: string | null }
  | { kind: "no_phone" }
  | { kind: "no_points" | "bad_points"; phone: string };

/** What stands behind `/move`; `points` is null for all that the first card holds. */
type Move =
  | { kind: "move"; from: string; to: string; points: Points | null; reason: string | null }
  | { kind: "no_phones" }
  | { kind: "same_phone" | "bad_points"; from: string };

const maxBill = 100_000_000_00;
/** More words than this are no phone or bill spelled in groups. */
const maxWords = 8;

const likePhone = /^[\d\s()+.\-\u2010-\u2015]+$/;
const digitsIn = (text: string) => text.replace(/\D/g, "").length;

/** Reads a message: a phone or four last digits, with a bill beside it or not. The shortest real phone is taken. */
export function readEntry(text: string): TypedEntry {
  const found = splitPhone(text);
  if (found) {
    if (found.rest === "") return { kind: "phone", phone: found.phone, bill: null };
    const bill = readBill(found.rest);
    if (bill === null) return { kind: "bad_bill", phone: found.phone, written: found.rest };
    return { kind: "phone", phone: found.phone, bill };
  }
  const [, digits = "", rest = ""] = /^\s*(\d{4})(?:\s+(\S.*?))?\s*$/.exec(text) ?? [];
  const bill = rest === "" ? null : readBill(rest);
  if (digits !== "" && (rest === "" || bill !== null)) return { kind: "digits", digits, bill };
  const value = readBill(text);
  if (value !== null) return { kind: "number", value: pointsFor(value) };
  return misdialled(text) ?? billFirst(text) ?? named(text) ?? { kind: "other" };
}

/** Up to four words of letters, one of two letters at least; behind them a bill or nothing. */
function named(text: string): TypedEntry | null {
  const [, name = "", rest = ""] = /^([\p{L}\p{M}'’. -]+?)(?:\s+(\d.*))?$/u.exec(text.trim()) ?? [];
  const words = name.match(/[\p{L}\p{M}]+/gu) ?? [];
  const bill = rest === "" ? null : readBill(rest);
  const isName =
    words.length > 0 &&
    words.length <= 4 &&
    words.some((one) => [...one].length > 1) &&
    [...name].length <= 60;
  return isName && (rest === "" || bill !== null) ? { kind: "name", name, bill } : null;
}

/** A Russian phone with a digit too few or too many, alone or with a bill behind it. */
function misdialled(text: string): TypedEntry | null {
  const words = text.trim().split(/\s+/);
  for (let count = 1; count <= Math.min(words.length, maxWords); count++) {
    const written = words.slice(0, count).join(" ");
    const wrong = misdialledAs(written);
    if (wrong === null) continue;
    const rest = words.slice(count).join(" ");
    if (rest === "" || readBill(rest) !== null)
      return { kind: "bad_phone", written, short: wrong === "short" };
  }
  return null;
}

/** Whether a text would be a Russian phone with a digit more or less. Of another country's code no such thing is known. */
function misdialledAs(written: string): "short" | "long" | null {
  if (/^\+(?![78])/.test(written)) return null;
  const digits = written.replace(/[\s()+.,-]/g, "");
  if (/^(?:[78]\d{9}|9\d{8})$/.test(digits)) return "short";
  return /^(?:[78]\d{11}|9\d{10})$/.test(digits) ? "long" : null;
}

/** The bill before the phone. Of two digits at least: one digit would be the beginning of a misspelled number. */
function billFirst(text: string): TypedEntry | null {
  const words = text.trim().split(/\s+/);
  for (let count = 1; count < Math.min(words.length, maxWords); count++) {
    const bill = readBill(words.slice(0, count).join(" ").replace(/[,;]$/, ""));
    const phone = bill === null || bill < 1_000 ? null : wholePhone(words.slice(count).join(" "));
    if (phone !== null) return { kind: "phone", phone, bill };
  }
  return null;
}

/** Reads `phone points [reason]`; four digits or a name may stand for the phone. */
export function readChange(text: string): ChangeEntry {
  const found = splitPhone(text);
  if (!found) return soughtChange(text) ?? { kind: "no_phone" };
  const { phone, rest } = found;
  if (rest === "") return { kind: "no_points", phone };
  const sum = readSum(rest);
  return sum ? { kind: "change", phone, ...sum } : { kind: "bad_points", phone };
}

function soughtChange(text: string): ChangeEntry | null {
  const [, words = "", rest = ""] = /^(\d{4}|\D+?)\s+(\d.*)$/s.exec(text.trim()) ?? [];
  const entry = readEntry(words);
  const sum = entry.kind === "digits" || entry.kind === "name" ? readSum(rest) : null;
  // Of two numbers the first may be meant for the last digits of a phone.
  return sum && !/^\d/.test(sum.reason ?? "") ? { kind: "sought", words, ...sum } : null;
}

/** Reads `phone phone [points [reason]]`; of each phone the shortest real one is taken. */
export function readMove(text: string): Move {
  const first = splitPhone(text);
  const second = first && splitPhone(first.rest);
  if (!first || !second) return { kind: "no_phones" };
  if (first.phone === second.phone) return { kind: "same_phone", from: first.phone };
  const move = { kind: "move", from: first.phone, to: second.phone } as const;
  if (second.rest === "") return { ...move, points: null, reason: null };
  const sum = readSum(second.rest);
  return sum ? { ...move, ...sum } : { kind: "bad_points", from: first.phone };
}

/**
 * Reads `points [reason]`. A sum in two words (`1 000`) is refused: taken for one point and a reason it would be a
 * mistake that nobody sees.
 */
export function readSum(text: string): { points: Points; reason: string | null } | null {
  const [first = "", ...rest] = text.trim().split(/\s+/);
  const points = readPoints(first);
  if (points === null || (/^\d{1,3}$/.test(first) && /^\d{3}([.,]\d+)?$/.test(rest[0] ?? ""))) return null;
  const [unit = "", ...after] = rest;
  const reason = tidyReason((/^(балл[а-я]*|₽|р|руб[а-я]*)\.?$/i.test(unit) ? after : rest).join(" "));
  return { points, reason: reason === "" ? null : reason };
}

/** A bill may have its thousands apart and its currency behind it: `3 500,50 ₽`. */
function readBill(text: string): Kopecks | null {
  const bare = text
    .trim()
    .replace(/\s*(₽|р|руб[а-я]*)\.?$/i, "")
    .replace(/(?<=^\d{1,3}(\s\d{3})*)\s(?=\d{3}(\D|$))/g, "");
  return /^\d{1,9}([.,]\d{1,2})?$/.test(bare) ? upTo(maxBill, hundredths(bare)) : null;
}

/** The phone at the start of a text, and what stands behind it; null when there is none. */
function splitPhone(text: string): { phone: string; rest: string } | null {
  const words = text.trim().split(/\s+/);
  for (let count = 1; count <= words.length; count++) {
    const start = words.slice(0, count).join(" ").replace(/[,;]$/, "");
    if (!likePhone.test(start) || digitsIn(start) > 15) return null;
    const phone = wholePhone(start);
    if (phone) return { phone, rest: words.slice(count).join(" ") };
  }
  return oddPhone(text);
}

/** Without a plus, fewer than ten digits are the half of a number or a bill, whatever country may call it a phone. */
function wholePhone(written: string): string | null {
  if (!likePhone.test(written)) return null;
  return written.startsWith("+") || digitsIn(written) >= 10 ? realPhoneOf(written) : null;
}

/**
 * The journal may hold numbers that no country gives out any more: such a one is taken when it is all there is, and is no
 * Russian one with a digit too few or too many, which is said so with a bill behind it or without.
 */
function oddPhone(text: string): { phone: string; rest: string } | null {
  const digits = digitsIn(text);
  const wrong = misdialledAs(text.trim().replace(/[,;]$/, "")) !== null;
  const phone = digits >= 10 && digits <= 12 && !wrong ? phoneOf(text.trim()) : null;
  return phone === null ? null : { phone, rest: "" };
}

/** What is left to pay of a bill: so much was paid of it before, and so many points are spent on it. */
export function leftToPay(bill: Kopecks, paid: Kopecks, points: Points): Kopecks {
  return bill - paid - roublesFor(points);
}
