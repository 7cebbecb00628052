/** Tests of sums: what is read, how it is written down, and what a paid sum earns. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { CardId, RecordId } from "../../src/rules/ids.ts";
import {
  decimal,
  earned,
  hundredths,
  isSum,
  type Kopecks,
  type Points,
  pointsFor,
  roublesFor,
  totalOf,
} from "../../src/rules/money.ts";

const sums: [written: unknown, read: number | null][] = [
  [0, 0],
  [-0, 0],
  [1, 100],
  [-1, -100],
  [0.01, 1],
  [11523.81, 1_152_381],
  [10476.19, 1_047_619],
  [0.1 + 0.2, 30],
  [1.1 * 3, 330],
  [1.005, 100], // the float is a little less than it looks
  [-0.001, 0],
  [1e-7, 0],
  [1e10 - 0.01, 999_999_999_999],
  [1e10, null],
  [1e21, null],
  [Number.MAX_SAFE_INTEGER, null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
  ["0", 0],
  ["-0", 0],
  ["-0.00", 0],
  ["1000.00", 100_000],
  ["1000,5", 100_050],
  ["+3.07", 307],
  ["-3.07", -307],
  [" 12.5 ", 1250],
  ["00012", 1200],
  ["1.500", 150],
  ["1.50000000", 150],
  ["1.005", null],
  ["0.001", null],
  ["1.", null],
  [".5", null],
  ["", null],
  [" ", null],
  ["1 000", null],
  ["1e3", null],
  ["0x10", null],
  ["NaN", null],
  ["Infinity", null],
  ["--1", null],
  ["1.2.3", null],
  ["١٢", null],
  ["12 ₽", null],
  ["9999999999.99", 999_999_999_999],
  ["-9999999999.99", -999_999_999_999],
  ["10000000000.00", null],
  ["99999999999999", null],
  [null, null],
  [undefined, null],
  [true, null],
  [10n, null],
  [[], null],
  [["5"], null],
  [{}, null],
];

test.each(sums)("%p is read as %p hundredths", (written, read) => {
  expect(hundredths(written)).toBe(read);
});

test("what was added up is a sum again only while the database takes it", () => {
  expect([999_999_999_999, -999_999_999_999, 0].map(isSum)).toEqual([true, true, true]);
  expect([1e12, -1e12, 0.5, Number.NaN, 2 ** 53].map(isSum)).toEqual([false, false, false, false, false]);
  expect(totalOf("9000000000000.01")).toBe(900_000_000_000_001);
  expect(totalOf("90000000000000.01")).toBeNull();
});

const decimals: [value: number, written: string][] = [
  [0, "0.00"],
  [-0, "0.00"],
  [1, "0.01"],
  [-1, "-0.01"],
  [-99, "-0.99"],
  [10, "0.10"],
  [100, "1.00"],
  [-12_345, "-123.45"],
  [Number.MAX_SAFE_INTEGER, "90071992547409.91"],
];

test.each(decimals)("%p hundredths are written %p", (value, written) => {
  expect(decimal(value)).toBe(written);
});

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("%p is no number of hundredths", (value) => {
  expect(() => decimal(value)).toThrow(`not a whole number of hundredths: ${value}`);
});

test("what is written is read again, as text and as a number", () => {
  fc.assert(
    fc.property(fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }), (value) => {
      expect(hundredths(decimal(value))).toBe(value);
      expect(hundredths(value / 100)).toBe(value);
    }),
  );
});

const earnings: [paid: number, percent: number, points: number][] = [
  [1_152_381, 100, 11_524],
  [1_047_619, 100, 10_476],
  [2_200_000, 100, 22_000],
  [0, 100, 0],
  [-500_000, 100, 0],
  [49, 100, 0],
  [50, 100, 1],
  [149, 100, 1],
  [150, 100, 2],
  [100, 50, 1],
  [99, 50, 0],
  [1, 10_000, 1],
  [100_000, 333, 3_330],
  [150_15, 333, 500],
  [1_000_000_000_000, 10_000, 1_000_000_000_000],
  [999_999_999_999, 9_999, 999_899_999_999],
];

test.each(earnings)("%p kopecks at %p hundredths of a percent make %p hundredths of a point", (...row) => {
  const [paid, percent, points] = row;
  expect(earned(paid, percent)).toBe(points);
});

test("11 523,81 and 10 476,19 paid in one visit make 115,24 + 104,76 = 220", () => {
  const rows = [hundredths(11523.81), hundredths("10476,19")].map((paid) => earned(paid ?? 0, 100));
  expect(rows.map(decimal)).toEqual(["115.24", "104.76"]);
  expect(decimal(rows.reduce((sum, row) => sum + row))).toBe("220.00");
});

test("points are the paid sum's share to within half a hundredth, never less for more money", () => {
  const paid = fc.integer({ min: 0, max: 1_000_000_000 });
  fc.assert(
    fc.property(paid, paid, fc.integer({ min: 1, max: 10_000 }), (one, other, percent) => {
      const off = BigInt(earned(one, percent)) * 10_000n - BigInt(one) * BigInt(percent);
      expect(off > -5_000n && off <= 5_000n).toBe(true);
      expect(Math.sign(earned(one, percent) - earned(other, percent)) * Math.sign(one - other)).not.toBe(-1);
    }),
  );
});

test("points pay as many roubles, said by name: neither is taken for the other, nor a record for a card", () => {
  const points: Points = 12_345;
  expect(pointsFor(roublesFor(points))).toBe(points);
  // @ts-expect-error: points where kopecks are due
  const taken: Kopecks = points;
  const record: RecordId = 101;
  // @ts-expect-error: a record where a card is due
  const card: CardId = record;
  expect([taken, card]).toEqual([12_345, 101]);
});
