/** When a spend that stood is off its bill for certain: an empty list alone is no proof. */
import { expect, test } from "bun:test";
import { onBill } from "../../src/settlements/watch.rule.ts";

const stood = { amount: 50_000, toPay: 266_000, billFalls: false };
const seen = { applied: 50_000, balance: 0, left: 266_000, deleted: false };
const off = { ...seen, applied: 0 };

test("what the card pays whole stands, whatever else is seen", () => {
  expect(onBill(stood, seen)).toBe("stands");
  expect(onBill(stood, { ...seen, balance: null, left: null, deleted: true })).toBe("stands");
  expect(onBill(stood, { ...seen, balance: 50_000 })).toBe("stands");
});

test("nothing paid is gone with the points on the card again, or the record deleted", () => {
  expect(onBill(stood, { ...off, balance: 50_000 })).toBe("gone");
  expect(onBill(stood, { ...off, deleted: true })).toBe("gone");
  expect(onBill(stood, { ...off, balance: 49_999 })).toBe("doubtful");
});

test("what is left to pay proves it only where it is not worked out from the same empty list", () => {
  const risen = { ...off, left: 316_000 };
  expect(onBill(stood, risen)).toBe("doubtful");
  expect(onBill({ ...stood, billFalls: true }, risen)).toBe("gone");
  expect(onBill({ ...stood, billFalls: true }, { ...risen, left: 315_999 })).toBe("doubtful");
  expect(onBill({ ...stood, billFalls: true, toPay: null }, risen)).toBe("doubtful");
  expect(onBill({ ...stood, billFalls: true }, { ...risen, left: null })).toBe("doubtful");
});

test("with no card in sight nothing is certain, and a part or more than all is never decided", () => {
  expect(onBill(stood, { ...off, balance: null, deleted: true })).toBe("doubtful");
  expect(onBill(stood, { ...off, applied: 20_000, balance: 30_000 })).toBe("doubtful");
  expect(onBill(stood, { ...off, applied: 20_000, deleted: true })).toBe("doubtful");
  expect(onBill(stood, { ...off, applied: 60_000 })).toBe("doubtful");
});
