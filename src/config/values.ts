// What a setting may be, and how its text becomes a value.

import { Cron } from "croner";
import { type Account, accountOf } from "../rules/account.ts";
import type { CompanyId, Percent } from "../rules/ids.ts";
import { hundredths, type Points } from "../rules/money.ts";
import { isDay, type QuietHours } from "../rules/time.ts";

/** The value of a text; undefined for what cannot be read. */
export type Read<T> = (text: string) => T | undefined;

/**
 * Must be written. `about` says in Markdown what it is for; `write` what to write, with an example and without a full stop;
 * `read` gives undefined for what it cannot read.
 */
export function required<const N extends string, T>(name: N, read: Read<T>, about: string, write: string) {
  return { kind: "required" as const, name, read, about, write };
}

/** Null where it is not written; `otherwise` says what that means. */
export function optional<const N extends string, T>(
  ...[name, read, about, write, otherwise = "none"]: [N, Read<T>, string, string, string?]
) {
  return { ...required(name, read, about, write), kind: "optional" as const, otherwise };
}

/** None where it is not written; `otherwise` says what that means. */
export function list<const N extends string, T>(
  ...[name, read, about, write, otherwise = "none"]: [N, Read<T[]>, string, string, string?]
) {
  return { ...required(name, read, about, write), kind: "list" as const, otherwise };
}

/** The default comes last, as an operator would write it, and is read the same way. */
export function or<const N extends string, T>(
  ...[name, read, about, write, fallback]: [N, Read<T>, string, string, string]
) {
  return { ...required(name, read, about, write), kind: "default" as const, fallback };
}

/** `off` is null; anything else is left to `read`. */
export function off<T>(read: Read<T>): Read<T | null> {
  return (text) => (/^off$/i.test(text) ? null : read(text));
}

/** Text of this shape, as it is. */
export function readText(shape: RegExp): Read<string> {
  return (text) => (shape.test(text) ? text : undefined);
}

/** A whole number between the two, both included, times so many. */
export function readWhole(from: number, to: number, times = 1): Read<number> {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    return number >= from && number <= to ? number * times : undefined;
  };
}

/** Positive whole numbers with commas between them: at least one, each once, in the order written. */
export function readIds(text: string): CompanyId[] | undefined {
  const parts = text.split(",").map((part) => part.trim());
  const ids = parts.filter((part) => part !== "").map((part) => (/^\d+$/.test(part) ? Number(part) : 0));
  const sound = ids.length > 0 && ids.every((id) => Number.isSafeInteger(id) && id > 0);
  return sound ? [...new Set(ids)] : undefined;
}

/** Accounts: a plain number is Telegram's, as is `telegram:501`; `max:501` is another messenger's. */
export function readAccounts(text: string): Account[] | undefined {
  const parts = text.split(",").map((part) => part.trim());
  const accounts = parts
    .filter((part) => part !== "")
    .map((part) => {
      const [, channel = "telegram", id = ""] = /^(?:(telegram|max):)?(\d+)$/.exec(part) ?? [];
      const [number] = readIds(id) ?? [];
      return number === undefined ? null : accountOf(channel, number);
    });
  const sound = accounts.filter((one) => one !== null);
  return accounts.length > 0 && sound.length === accounts.length ? [...new Set(sound)] : undefined;
}

/** `#RRGGBB` in small letters. Without its `#` too: in a file of settings that may begin a comment. */
export function readColour(text: string): string | undefined {
  const digits = /^#?([\da-f]{6})$/i.exec(text)?.[1];
  return digits && `#${digits.toLowerCase()}`;
}

/** One of these words, in any case. */
export function readWord<const W extends string>(words: readonly W[]): Read<W> {
  return (text) => words.find((word) => word === text.toLowerCase().replace(/\s/g, ""));
}

/** `1`, `1.5` or `1,5` percent in hundredths: above 0, at most 100. */
export function readPercent(text: string): Percent | undefined {
  const percent = readSum(text);
  return percent && percent <= 100_00 ? percent : undefined;
}

/** Points in hundredths, from 0 to a million. */
export function readPointSum(text: string): Points | undefined {
  const points = readSum(text);
  return points !== undefined && points <= 1_000_000_00 ? points : undefined;
}

/** A sum of points or roubles in hundredths: above 0, up to a million. */
export function readAmount(text: string): number | undefined {
  return readPointSum(text) || undefined;
}

/** `300:200` in points: what the inviter gets, and the friend. One of the two may get nothing. */
export function readGifts(text: string): { inviter: Points; friend: Points } | undefined {
  const [inviter, friend, ...more] = text.split(":").map((part) => readPointSum(part.trim()));
  if (inviter === undefined || friend === undefined || more.length > 0) return undefined;
  return inviter + friend > 0 ? { inviter, friend } : undefined;
}

/** `3 days`, from 1 to a most. */
export function readDays(most: number): Read<number> {
  return (text) => readWhole(1, most)(/^(\d+)\s*days?$/i.exec(text)?.[1] ?? "");
}

/** `12 months`, or `all` as null: from 1 to ten years. */
export function readSpan(text: string): number | null | undefined {
  if (/^all$/i.test(text)) return null;
  return readWhole(1, 120)(/^(\d+)\s*months?$/i.exec(text)?.[1] ?? "");
}

/** Three digits after a comma are not read at all: `1,000` may have been meant as a thousand. */
function readSum(text: string): number | undefined {
  return /^\d{1,9}([.,]\d{1,2})?$/.test(text) ? (hundredths(text) ?? undefined) : undefined;
}

/** A day that the calendar has. Earlier centuries would make the first pass read for years. */
export function readDay(text: string): string | undefined {
  return /^20/.test(text) && isDay(text) ? text : undefined;
}

/** `HH:MM` as minutes from midnight. */
export function readMinute(text: string): number | undefined {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}

/** `HH:MM-HH:MM`. The two may not be the same: that could mean always as well as never. */
export function readHours(text: string): QuietHours | undefined {
  const times = text.split(/\s*[-–]\s*/).map(readMinute);
  const [from, to] = times;
  if (times.length !== 2 || from === undefined || to === undefined || from === to) return undefined;
  return { from, to };
}

/** An address without a login: it would end up in logs, buttons and other parties' hands. */
function readUrl(text: string): URL | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username || url.password ? undefined : url;
}

/** The address of a web page. */
export function readPage(text: string): string | undefined {
  return readUrl(text)?.href;
}

/** An address that paths are added to, so without a trailing slash. */
export function readRoot(text: string): string | undefined {
  const url = readUrl(text);
  return !url || /[?#]/.test(text) ? undefined : url.href.replace(/\/+$/, "");
}

/** Telegram calls https alone; plain http serves the stand-ins on one's own machine. */
export function readPublicUrl(text: string): string | undefined {
  const root = readRoot(text);
  return root && /^https:|^http:\/\/(localhost|127\.0\.0\.1)([:/]|$)/.test(root) ? root : undefined;
}

/** Both YCLIENTS and Altegio keep the API there, so a bare host is taken to mean it. */
export function readApiUrl(text: string): string | undefined {
  const root = readRoot(text);
  return root && new URL(root).pathname === "/" ? `${root}/api/v1` : root;
}

/** Kept as written. What postgres.js would fail on with a stack is refused here; parameters are, by their names, in `connect`. */
export function readDatabaseUrl(text: string): string | undefined {
  const match = /^postgres(?:ql)?(?:\+asyncpg)?:\/\/([^/?#\s]*)((?:\/[^?#@\s]*)?(?:\?[^#@\s]*)?)$/.exec(text);
  const [, authority = "", rest = ""] = match ?? [];
  const login = authority.slice(0, authority.lastIndexOf("@") + 1);
  const named = authority.slice(login.length);
  const hosts = named.split(",");
  const sound =
    match !== null &&
    // Without a host it is this machine's, or what a parameter says: a cloud's socket has no other place.
    (authority === "" ||
      (named === "" && /[?&]host(addr)?=[^&]/.test(rest)) ||
      hosts.every((host) => /^(\[[\da-f:.]+\]|[\w.%-]+)(:\d{1,5})?$/i.test(host))) &&
    // postgres.js takes the first @ for the end of the login, and a comma after it for a second host.
    (!authority.includes(",") || login.indexOf("@") === login.length - 1) &&
    canDecode(authority) &&
    URL.canParse(`postgres://${login}${hosts[0] || "localhost"}${rest}`);
  return sound ? text : undefined;
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A pattern of six fields, as written, that croner takes and that comes round at all. Not `?`, into which croner reads the
 * moment of the start, nor `5/2`, which it counts from the next one among days.
 */
export function readCron(text: string): string | undefined {
  if (text.split(/\s+/).length !== 6 || /\?|(^|[\s,])\d+\//.test(text)) return undefined;
  try {
    return new Cron(text, { paused: true, utcOffset: 0 }).nextRun(new Date(0)) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** What to write for an address of a database. */
export function databaseHint(whose: string): string {
  return `the ${whose}, with %40, %2F, %23 and %25 for @ / # % in the password, for example postgresql://loyalty:password@db:5432/loyalty`;
}

/** What to write for a pattern of times. */
export function cronHint(example: string, meaning: string): string {
  return `six fields for croner, seconds first, for example ${example} (${meaning})`;
}
