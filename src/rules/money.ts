// Money and points as integers: kopecks, and hundredths of a point. One point is one rouble, so both have one shape.

import type { Branded, Percent } from "./ids.ts";

/** Integer kopecks. */
export type Kopecks = Branded<number, "kopecks">;
/** Integer hundredths of a point. */
export type Points = Branded<number, "points">;

/** One point is one rouble: what so many points pay of a bill. */
export function roublesFor(points: Points): Kopecks {
  return points as number;
}

/** The same the other way: the points that pay so much. */
export function pointsFor(kopecks: Kopecks): Points {
  return kopecks as number;
}

/** The database's sums end below ten thousand million, of points and of roubles: that many hundredths are too many. */
const tooMany = 1_000_000_000_000;

/** Whether the database takes a sum of so many hundredths: asked again of whatever was added up. */
export function isSum(value: number): boolean {
  return Number.isSafeInteger(value) && Math.abs(value) < tooMany;
}

/**
 * Integer hundredths of what another program calls a sum: a number (`11523.81`) or a string (`"1000.00"`).
 * Digits are read as text, so no float is ever multiplied. Null when it is not a sum, has more than two decimals that
 * matter, or is ten thousand million or more.
 */
export function hundredths(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? hundredths(value.toFixed(2)) : null;
  const size = typeof value === "string" ? totalOf(value) : null;
  return size !== null && isSum(size) ? size : null;
}

/** The same of what our own tables add up to, which may be more than they take as one sum: up to 13 digits of roubles. */
export function totalOf(written: string): number | null {
  const match = /^\s*([+-]?)(\d{1,13})(?:[.,](\d{1,2})0*)?\s*$/.exec(written);
  if (!match) return null;
  const size = Number(match[2]) * 100 + Number((match[3] ?? "").padEnd(2, "0"));
  return match[1] === "-" && size > 0 ? -size : size;
}

/** `1234` as `"12.34"`: what PostgreSQL and CSV take. */
export function decimal(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number of hundredths: ${value}`);
  const size = Math.abs(value);
  return `${value < 0 ? "-" : ""}${Math.floor(size / 100)}.${String(size % 100).padStart(2, "0")}`;
}

/**
 * What a paid sum makes at so many hundredths of a percent: half up to a hundredth of a point.
 * 11 523,81 and 10 476,19 at 1 % make 115,24 + 104,76 = 220.
 */
export function earned(paid: Kopecks, percent: Percent): Points {
  if (paid <= 0) return 0;
  return Number((BigInt(paid) * BigInt(percent) + 5_000n) / 10_000n);
}

/** The largest sum of points that anybody gives at once, in hundredths: a million. */
const maxPoints = 1_000_000_00;

/** `100`, `12,5` or `12.50` as hundredths: above zero, at most two decimals, up to a million. Else null. */
export function readPoints(text: string): Points | null {
  return /^\d{1,7}([.,]\d{1,2})?$/.test(text) ? upTo(maxPoints, hundredths(text)) : null;
}

/** A sum above zero and up to a largest one; null for any other. */
export function upTo(max: number, sum: number | null): number | null {
  return sum !== null && sum > 0 && sum <= max ? sum : null;
}
