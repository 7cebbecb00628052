// Days and hours by a branch's own clock. Every instant is handed in.

/** `HH:MM` to `HH:MM` as minutes of the day; it may run over midnight. */
export interface QuietHours {
  from: number;
  to: number;
}

/** Wall time of an instant in a zone, `YYYY-MM-DDTHH:MM:SS`: what YCLIENTS's filters take. */
export function wallTime(at: Date, timeZone: string): string {
  return wallClock(timeZone).format(at).replace(" ", "T");
}

/** The day of an instant in a zone, `YYYY-MM-DD`. */
export function dayOf(at: Date, timeZone: string): string {
  return wallTime(at, timeZone).slice(0, 10);
}

/**
 * The instant of a wall time (`YYYY-MM-DDTHH:MM:SS`) in a zone: of an hour that comes twice the first, and one that is
 * left out when clocks are put forward counts on from before.
 */
export function instantOf(wall: string, timeZone: string): Date {
  const there = Date.parse(`${wall}Z`);
  const by = (near: number) => {
    const offset = Date.parse(`${wallTime(new Date(near), timeZone)}Z`) - near;
    return new Date(there - offset);
  };
  const [before, after] = [by(there - 86_400_000), by(there + 86_400_000)];
  return wallTime(before, timeZone) !== wall && wallTime(after, timeZone) === wall ? after : before;
}

/** `YYYY-MM-DD` so many days later (earlier when negative). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whether it is a day that the calendar has, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text;
}

/** The zone of a branch that has not said one: the westernmost, so that a mark read in it is early, never late. */
export const unknownZone = "Etc/GMT+12";

/** Session days, inclusive; the last window is open (`to` is null), for sessions to come may be paid already. */
export interface Window {
  from: string;
  to: string | null;
}

/** Seven session days at a time. */
export function windows(from: string, today: string): Window[] {
  const days = Math.max(0, Math.round((Date.parse(today) - Date.parse(from)) / 86_400_000));
  return Array.from({ length: Math.floor(days / 7) + 1 }, (_, place) => ({
    from: addDays(from, place * 7),
    to: place === Math.floor(days / 7) ? null : addDays(from, place * 7 + 6),
  }));
}

/** Minutes from midnight of an instant in a zone. */
export function minuteOf(at: Date, timeZone: string): number {
  const [hours, minutes] = wallTime(at, timeZone).slice(11).split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** How many milliseconds of quiet are left at an instant; 0 when it is not quiet. To the minute's start. */
export function quietLeft(at: Date, timeZone: string, quiet: QuietHours | null): number {
  if (quiet === null || quiet.from === quiet.to) return 0;
  const now = minuteOf(at, timeZone);
  const inside =
    quiet.from < quiet.to ? now >= quiet.from && now < quiet.to : now >= quiet.from || now < quiet.to;
  if (!inside) return 0;
  const left = ((quiet.to - now + 1440) % 1440) * 60_000 - (at.getTime() % 60_000);
  const minuteAfter = (ms: number) => minuteOf(new Date(at.getTime() + ms), timeZone);
  // Clocks that are put forward or back on the way make the night shorter or longer.
  const off = ((minuteAfter(left) - quiet.to + 720 + 1440) % 1440) - 720;
  const right = left - off * 60_000;
  return off !== 0 && minuteAfter(right) === quiet.to ? right : left;
}

/** Whether a pattern of six fields comes round at least every five minutes, day and night. */
export function everyFewMinutes(pattern: string): boolean {
  const [, minute = "", ...rest] = pattern.trim().split(/\s+/);
  return /^\*(\/[1-5])?$/.test(minute) && rest.every((field) => field === "*");
}

/**
 * Whether the system knows the zone by that name: YCLIENTS's answer is not taken on trust. A bare offset is no name, and
 * PostgreSQL would read its sign the other way.
 */
export function isTimeZone(name: string): boolean {
  try {
    wallClock(name);
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/**
 * The milliseconds of so many seconds that another side asks to wait, one where it says nothing that makes sense. A day at
 * most: no timer and no column bears every number.
 */
export function askedWait(seconds: unknown): number {
  return typeof seconds === "number" && seconds > 0 ? Math.min(seconds, 86_400) * 1_000 : 1_000;
}

/** Milliseconds to wait after so many failures in a row, from 1 on: doubled with each of them, up to the longest. */
export function backOff(failures: number, firstMs: number, longestMs: number): number {
  return Math.min(longestMs, firstMs * 2 ** (failures - 1));
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Formatters are kept: making one costs about fifty times as much as using it. */
function wallClock(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
    clocks.set(timeZone, clock);
  }
  return clock;
}
