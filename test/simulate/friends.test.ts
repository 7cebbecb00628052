// The model's own rules of invitations, as an owner reads them.
import { expect, test } from "bun:test";
import { day, hour, promiseOf, visitBehindGift, wasHere } from "./friends.ts";

const tiedAt = Date.parse("2026-03-10T09:00:00Z");
const session = {
  ...{
    visit: "1",
    client: 1,
    startsAt: tiedAt + day,
    gone: false,
    held: true,
    paidInFull: true,
    paid: 100_000,
  },
};

test("whoever had a session an hour before is no new friend, unless it was cancelled or missed", () => {
  const before = { ...session, startsAt: tiedAt - hour - 1 };
  expect(wasHere([before], tiedAt)).toBe(true);
  expect(wasHere([{ ...before, gone: true }], tiedAt)).toBe(false);
  expect(wasHere([{ ...before, startsAt: tiedAt - hour }], tiedAt)).toBe(false);
});

test("the gift stands on the first visit that was held and paid, all its records as one", () => {
  const begun = (...sessions: (typeof session)[]) => visitBehindGift(sessions, tiedAt, 100_000);
  const later = { ...session, visit: "2", startsAt: tiedAt + 2 * day };
  expect(begun(later, session)).toBe(session.startsAt);
  expect(begun(later, { ...session, paid: 99_999 })).toBe(later.startsAt);
  expect(begun({ ...session, held: false })).toBeNull();
  expect(begun({ ...session, paidInFull: false })).toBeNull();
  expect(begun({ ...session, gone: true })).toBeNull();
  const halves = [60_000, 40_000].map((paid) => ({ ...session, paid }));
  expect(begun(...halves)).toBe(session.startsAt);
  expect(begun(session, { ...session, paidInFull: false })).toBeNull();
});

test("a promise is what the settings say, and nothing while they are off", () => {
  const set: Record<string, string> = { FRIEND_POINTS: "300:200.5", FRIEND_LEAST_BILL: "299.5" };
  const all = { inviter: 30_000, friend: 20_050, afterDays: 3, leastBill: 29_950 };
  expect(promiseOf((name) => set[name])).toEqual(all);
  expect(promiseOf(() => undefined)).toBeNull();
});
