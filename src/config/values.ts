// How the text of one setting becomes a value. What cannot be read is undefined here, and a sentence in config.ts.

import * as v from "valibot";
import { hundredths } from "../rules/money.ts";
import type { QuietHours } from "../rules/time.ts";

type Read<T> = (text: string) => T | undefined;
/** A schema that text goes into and a value comes out of. */
export type Text<T = unknown> = v.GenericSchema<string, T>;

/** Text of this shape, as it is. */
export function text(shape: RegExp) {
  return v.pipe(v.string(), v.regex(shape));
}

/** A value made of text by a function that gives undefined for what it cannot read. */
export function value<T>(read: Read<T>): Text<T> {
  return v.pipe(
    v.string(),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const found = read(dataset.value);
      if (found !== undefined) return found;
      addIssue();
      return NEVER;
    }),
  );
}

/** A whole number between the two, both included. */
export function whole(from: number, to: number) {
  return v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number), v.minValue(from), v.maxValue(to));
}

/** Positive whole numbers with commas between them: at least one, each once, in the order written. */
export function ids() {
  const id = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.safeInteger(), v.minValue(1));
  return v.pipe(
    v.string(),
    v.transform((list) => list.split(",").map((part) => part.trim())),
    v.transform((parts) => parts.filter((part) => part !== "")),
    v.array(id),
    v.minLength(1),
    v.transform((list) => [...new Set(list)]),
  );
}

/** One of these words, in any case. */
export function oneOf<const W extends string>(words: readonly W[]): Text<W> {
  return value((text) => words.find((word) => word === text.toLowerCase().replace(/\s/g, "")));
}

/** `off` is null; anything else is left to `read`. */
export function orOff<T>(read: Read<T>): Read<T | null> {
  return (text) => (/^off$/i.test(text) ? null : read(text));
}

/** The text itself, or undefined when it has another shape. */
export function matched(text: string, shape: RegExp): string | undefined {
  return shape.test(text) ? text : undefined;
}

/** `1`, `1.5` or `1,5` percent in hundredths: above 0, at most 100. */
export function readPercent(text: string): number | undefined {
  const percent = readSum(text);
  return percent && percent <= 100_00 ? percent : undefined;
}

/** Points in hundredths, from 0 to a million. */
export function readPoints(text: string): number | undefined {
  const points = readSum(text);
  return points !== undefined && points <= 1_000_000_00 ? points : undefined;
}

/** Three digits after a comma are not read at all: `1,000` may have been meant as a thousand. */
function readSum(text: string): number | undefined {
  return /^\d{1,9}([.,]\d{1,2})?$/.test(text) ? (hundredths(text) ?? undefined) : undefined;
}

/** A day that the calendar has. Earlier centuries would make the first pass read for years. */
export function readDay(text: string): string | undefined {
  if (!/^20\d\d-\d\d-\d\d$/.test(text)) return undefined;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? text : undefined;
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

/** A pattern that croner 6 takes, as written: numbers, names, ranges, steps, lists; `L` is the month's last day. */
export function readCron(text: string): string | undefined {
  const fields = text.split(/\s+/);
  const sound = fields.every((field, index) => {
    const [least, most, size, names] = cronFields[index] ?? [1, 0, 0, ""];
    if (index === 3 && field === "L") return true;
    const numbers = field.toLowerCase().replace(/[a-z]+/g, (name, at: number) => {
      const number = names.split(" ").indexOf(name);
      return number < 0 ? "?" : String(name === "sun" && field[at - 1] === "-" ? 7 : number + least);
    });
    return numbers.split(",").every((item) => isCronItem(item, least, most, size));
  });
  return sound && fields.length === 6 ? text : undefined;
}

// The least and the greatest number, the greatest step, and the names of each field.
const cronFields: readonly (readonly [number, number, number, string])[] = [
  [0, 59, 60, ""],
  [0, 59, 60, ""],
  [0, 23, 24, ""],
  [1, 31, 31, ""],
  [1, 12, 12, "jan feb mar apr may jun jul aug sep oct nov dec"],
  [0, 7, 8, "sun mon tue wed thu fri sat"],
];

// `*`, `5`, `1-5`, `*/5` or `1-5/2`. Croner also takes `5/2`, but for days it counts from the next one.
function isCronItem(item: string, least: number, most: number, size: number): boolean {
  const match = /^(?:\*|(\d{1,2}))(?:-(\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(item);
  if (!match) return false;
  const [, first, last, step] = match;
  if (first === undefined ? last !== undefined : step !== undefined && last === undefined) return false;
  const [from, to] = [Number(first ?? least), Number(last ?? first ?? most)];
  const every = Number(step ?? 1);
  return from >= least && from <= to && to <= most && every >= 1 && every <= size;
}
