// When a friend is new, which visit makes the gift due, and for how many friends one client gets points.
import { expect, test } from "bun:test";
import {
  hadBeenHere,
  hasLapsed,
  isDueFor,
  isGoneForGood,
  limitReached,
  visitBehind,
} from "../../src/friends/friend.rule.ts";

const tiedAt = new Date("2026-03-12T12:00:00Z");
const after = (ms: number) => new Date(tiedAt.getTime() + ms);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const session = (ms: number, changes: object = {}) => ({
  startsAt: after(ms),
  deleted: false,
  attendance: 0,
  ...changes,
});
const held = (ms: number, paid: number, recordId = 1) => ({
  companyId: 1,
  recordId,
  startsAt: after(ms),
  paid,
});
const terms = { tiedAt, afterDays: 3, leastBill: 100_000 };

test("who had a session more than an hour before they said who sent them had been here", () => {
  expect(hadBeenHere([], tiedAt)).toBe(false);
  expect(hadBeenHere([session(-HOUR - 1)], tiedAt)).toBe(true);
  expect(hadBeenHere([session(-HOUR)], tiedAt)).toBe(false);
  expect(hadBeenHere([session(DAY), session(-DAY)], tiedAt)).toBe(true);
});

test("what was cancelled or a no-show is no visit, and what nobody has marked yet is one", () => {
  expect(hadBeenHere([session(-DAY, { deleted: true }), session(-DAY, { attendance: -1 })], tiedAt)).toBe(
    false,
  );
  for (const attendance of [0, 1, 2]) expect(hadBeenHere([session(-DAY, { attendance })], tiedAt)).toBe(true);
});

test("the first visit since for which enough was paid is the one that counts", () => {
  const small = held(DAY, 99_999, 1);
  const enough = held(2 * DAY, 100_000, 2);
  expect(visitBehind([held(3 * DAY, 500_000, 3), enough, small], terms)).toEqual(enough);
  expect(visitBehind([small], terms)).toBeNull();
  expect(visitBehind([small], { ...terms, leastBill: null })).toEqual(small);
  expect(visitBehind([held(DAY, 0)], { ...terms, leastBill: null })).toBeNull();
  expect(visitBehind([held(-HOUR - 1, 500_000)], terms)).toBeNull();
  expect(visitBehind([held(-HOUR, 500_000)], terms)).not.toBeNull();
});

test("a gift is due when the visit is so many days old, to the moment", () => {
  expect(isDueFor(held(0, 1), terms, after(3 * DAY - 1))).toBe(false);
  expect(isDueFor(held(0, 1), terms, after(3 * DAY))).toBe(true);
});

test("a tie waits for a first visit for a year", () => {
  expect(hasLapsed(terms, after(365 * DAY))).toBe(false);
  expect(hasLapsed(terms, after(365 * DAY + 1))).toBe(true);
});

test("a visit is gone for good after a day: bills are mended within minutes", () => {
  expect(isGoneForGood(null, after(DAY))).toBe(false);
  expect(isGoneForGood(tiedAt, after(DAY - 1))).toBe(false);
  expect(isGoneForGood(tiedAt, after(DAY))).toBe(true);
});

test("the limits are so many friends a month and so many a year", () => {
  const limits = { aMonth: 5, aYear: 30 };
  expect(limitReached({ aMonth: 4, aYear: 29 }, limits)).toBeNull();
  expect(limitReached({ aMonth: 5, aYear: 5 }, limits)).toBe("month");
  expect(limitReached({ aMonth: 0, aYear: 30 }, limits)).toBe("year");
});
