/** Tests of days and hours by a branch's clock: quiet hours over midnight, and the days when clocks are changed. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  addDays,
  askedWait,
  backOff,
  dayOf,
  everyFewMinutes,
  instantOf,
  isTimeZone,
  minuteOf,
  type QuietHours,
  quietLeft,
  wallTime,
} from "../../src/rules/time.ts";

const walls: [instant: string, zone: string, wall: string, minute: number][] = [
  ["2026-03-12T12:00:00Z", "Europe/Moscow", "2026-03-12T15:00:00", 900],
  ["2026-03-12T21:00:00Z", "Europe/Moscow", "2026-03-13T00:00:00", 0],
  ["2026-03-12T20:59:59.999Z", "Europe/Moscow", "2026-03-12T23:59:59", 1439],
  ["2025-12-31T20:59:59Z", "Asia/Yekaterinburg", "2026-01-01T01:59:59", 119],
  ["2026-03-12T12:00:00Z", "Asia/Kolkata", "2026-03-12T17:30:00", 1050],
  ["2026-03-12T12:00:00Z", "Etc/GMT+12", "2026-03-12T00:00:00", 0],
  ["2026-03-12T12:00:00Z", "Pacific/Kiritimati", "2026-03-13T02:00:00", 120],
  ["2026-03-29T00:59:59Z", "Europe/Berlin", "2026-03-29T01:59:59", 119],
  ["2026-03-29T01:00:00Z", "Europe/Berlin", "2026-03-29T03:00:00", 180],
  ["2026-10-25T00:30:00Z", "Europe/Berlin", "2026-10-25T02:30:00", 150],
  ["2026-10-25T01:30:00Z", "Europe/Berlin", "2026-10-25T02:30:00", 150],
];

test.each(walls)("%s in %s is %s", (instant, zone, wall, minute) => {
  const at = new Date(instant);
  expect([wallTime(at, zone), dayOf(at, zone), minuteOf(at, zone)]).toEqual([
    wall,
    wall.slice(0, 10),
    minute,
  ]);
});

test("a wall time is the instant at which a clock on that wall shows it", () => {
  for (const [instant, zone, wall] of walls) {
    if (instant.endsWith("999Z") || instant === "2026-10-25T01:30:00Z") continue; // less than a second; the second time
    expect(instantOf(wall, zone).toISOString()).toBe(new Date(instant).toISOString());
  }
  // The hour that is left out counts on from before it.
  expect(instantOf("2026-03-29T02:30:00", "Europe/Berlin").toISOString()).toBe("2026-03-29T01:30:00.000Z");
});

const days: [day: string, days: number, then: string][] = [
  ["2026-03-01", 0, "2026-03-01"],
  ["2026-02-28", 1, "2026-03-01"],
  ["2028-02-28", 1, "2028-02-29"],
  ["2026-12-31", 1, "2027-01-01"],
  ["2026-01-01", -1, "2025-12-31"],
  ["2026-03-28", 7, "2026-04-04"],
  ["2026-03-15", -14, "2026-03-01"],
];

test.each(days)("%s and %p days is %s", (day, count, then) => {
  expect(addDays(day, count)).toBe(then);
});

const night: QuietHours = { from: 22 * 60, to: 9 * 60 };
const noon: QuietHours = { from: 13 * 60, to: 14 * 60 };
const early: QuietHours = { from: 22 * 60, to: 2 * 60 + 30 };
/** What is left is written as hours:minutes:seconds. */
const quiet: [instant: string, zone: string, hours: QuietHours | null, left: string][] = [
  ["2026-03-12T18:59:59.999Z", "Europe/Moscow", night, "00:00:00.000"],
  ["2026-03-12T19:00:00Z", "Europe/Moscow", night, "11:00:00.000"],
  ["2026-03-12T20:59:30.500Z", "Europe/Moscow", night, "09:00:29.500"],
  ["2026-03-12T21:00:00Z", "Europe/Moscow", night, "09:00:00.000"],
  ["2026-03-13T05:59:00Z", "Europe/Moscow", night, "00:01:00.000"],
  ["2026-03-13T05:59:59.999Z", "Europe/Moscow", night, "00:00:00.001"],
  ["2026-03-13T06:00:00Z", "Europe/Moscow", night, "00:00:00.000"],
  ["2026-03-12T10:00:00Z", "Europe/Moscow", noon, "01:00:00.000"],
  ["2026-03-12T09:59:59Z", "Europe/Moscow", noon, "00:00:00.000"],
  ["2026-03-12T11:00:00Z", "Europe/Moscow", noon, "00:00:00.000"],
  ["2026-03-12T11:00:30Z", "Europe/Moscow", noon, "00:00:00.000"],
  ["2026-03-12T22:00:00Z", "Europe/Moscow", null, "00:00:00.000"],
  ["2026-03-12T22:00:00Z", "Europe/Moscow", { from: 60, to: 60 }, "00:00:00.000"],
  ["2026-03-12T22:00:00Z", "Asia/Kolkata", night, "05:30:00.000"],
  // Clocks are put forward at 02:00: the night is an hour shorter.
  ["2026-03-28T22:00:00Z", "Europe/Berlin", night, "09:00:00.000"],
  ["2026-03-29T01:00:00Z", "Europe/Berlin", night, "06:00:00.000"],
  // Clocks are put back at 03:00: it is an hour longer.
  ["2026-10-24T21:00:00Z", "Europe/Berlin", night, "11:00:00.000"],
  ["2026-10-25T00:30:00Z", "Europe/Berlin", night, "07:30:00.000"],
  ["2026-10-25T01:30:00Z", "Europe/Berlin", night, "06:30:00.000"],
  // Half past two does not come that night: the same count of minutes ends it.
  ["2026-03-28T22:00:00Z", "Europe/Berlin", early, "03:30:00.000"],
  ["2026-04-04T14:00:00Z", "Australia/Lord_Howe", night, "08:30:00.000"],
];

test.each(quiet)("at %s in %s with %j quiet lasts another %s", (instant, zone, hours, left) => {
  expect(new Date(quietLeft(new Date(instant), zone, hours)).toISOString().slice(11, 23)).toBe(left);
});

test("quiet is over when it is said to be over", () => {
  const minute = fc.integer({ min: 0, max: 1439 });
  const zone = fc.constantFrom("Europe/Moscow", "Europe/Berlin", "Asia/Kathmandu", "America/New_York");
  const instant = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(instant, zone, minute, minute, (at, timeZone, from, to) => {
      const left = quietLeft(at, timeZone, { from, to });
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThanOrEqual(25 * 3_600_000);
      // Not on the two hours a year that come twice or not at all.
      if (left > 0 && (to < 60 || to >= 240))
        expect(minuteOf(new Date(at.getTime() + left), timeZone)).toBe(to);
    }),
    { numRuns: 2_000 },
  );
});

test("what another side asks to wait is a time that a timer can bear", () => {
  expect([7, 0.5, 86_400, 1e15, Number.POSITIVE_INFINITY].map(askedWait)).toEqual([
    7_000,
    500,
    ...Array(3).fill(86_400_000),
  ]);
  expect([0, -5, Number.NaN, "7", null, undefined].map(askedWait)).toEqual(Array(6).fill(1_000));
});

test("a wait doubles with each failure, up to the longest, however many there were", () => {
  expect([1, 2, 3, 4, 5, 10_000].map((failures) => backOff(failures, 1_000, 10_000))).toEqual([
    ...[1_000, 2_000, 4_000, 8_000, 10_000, 10_000],
  ]);
});

test("a zone is known or not", () => {
  const known = [
    "Europe/Moscow",
    "Asia/Almaty",
    "UTC",
    "Moscow",
    "+03:00",
    "-00:30",
    "Europe/Nowhere",
    "",
    "'; drop table",
  ];
  expect(known.filter(isTimeZone)).toEqual(["Europe/Moscow", "Asia/Almaty", "UTC"]);
});

test("how often a pattern comes round: every five minutes, or more rarely", () => {
  for (const often of ["0 * * * * *", "*/5 * * * * *", "30 */5 * * * *", "0 */1 * * * *"])
    expect(everyFewMinutes(often)).toBeTrue();
  for (const rare of [
    "0 */6 * * * *",
    "0 0 * * * *",
    "0 * 9-21 * * *",
    "0 * * * * 1-5",
    "0 0 3 1 1 *",
    "0 1-59 * * * *",
  ])
    expect(everyFewMinutes(rare)).toBeFalse();
});
