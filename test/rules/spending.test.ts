/** How many points may pay a bill, by which rules of the settings, and what is said to bound them. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { mostPoints, type SpendRules } from "../../src/rules/spending.ts";
import { spending } from "../helpers/programme.ts";

type Case = Partial<SpendRules> & Partial<Parameters<typeof mostPoints>[1]>;

/** Of a bill of 3 500 ₽ and a card of 340,24 points, unless it says another. */
function most(of: Case): string {
  const { points, bound } = mostPoints({ ...spending, ...of }, { bill: 350_000, balance: 34_024, ...of });
  return `${points} ${bound}`;
}

test("points pay in whole ones, within the balance, and a rouble is left", () => {
  expect(most({})).toBe("34000 balance");
  expect(most({ bill: 30_000 })).toBe("29900 rouble");
  expect(most({ bill: 30_050 })).toBe("29900 rouble");
  expect(most({ bill: 100 })).toBe("0 rouble");
  expect(most({ bill: 150 })).toBe("0 rouble");
  expect(most({ balance: 99 })).toBe("0 balance");
  expect(most({ balance: -1_500 })).toBe("0 balance");
});

test("what bounds the points is named: the card, the rouble, the share, the admin's day; what does not bind is not", () => {
  expect(most({ spendMaxPercent: 50 })).toBe("34000 balance");
  expect(most({ balance: 200_000, spendMaxPercent: 50 })).toBe("175000 share");
  expect(most({ balance: 175_000, spendMaxPercent: 50 })).toBe("175000 balance");
  expect(most({ balance: 400_000 })).toBe("349900 rouble");
  expect(most({ balance: 349_999 })).toBe("349900 balance");
  expect(most({ left: 12_050 })).toBe("12000 day");
  expect(most({ left: 34_000 })).toBe("34000 balance");
  expect(most({ left: 50 })).toBe("0 day");
});

test("what was paid of a bill before is not paid with points again, and its rouble is left too", () => {
  expect(most({ balance: 400_000, paid: 50_000 })).toBe("299900 rouble");
  expect(most({ balance: 400_000, paid: 349_900 })).toBe("0 rouble");
  // The share is of the whole bill.
  expect(most({ balance: 400_000, spendMaxPercent: 50, paid: 50_000 })).toBe("175000 share");
  expect(most({ balance: 400_000, spendMaxPercent: 50, paid: 300_000 })).toBe("49900 rouble");
});

test("in steps of a hundred less is spent, never more, and what bounds it stays what it is", () => {
  const step = { spendStep: 100_00 };
  expect(most(step)).toBe("30000 balance");
  expect(most({ ...step, balance: 9_999 })).toBe("0 balance");
  expect(most({ ...step, balance: 10_000 })).toBe("10000 balance");
  expect(most({ ...step, balance: 400_000, bill: 55_000 })).toBe("50000 rouble");
  expect(most({ ...step, balance: 400_000, bill: 50_100, spendMaxPercent: 50 })).toBe("20000 share");
  expect(most({ ...step, left: 25_000 })).toBe("20000 day");
});

test("a bill below the least one is paid with no points, and one of just as much is", () => {
  expect(most({ spendLeastBill: 350_001 })).toBe("0 least");
  expect(most({ spendLeastBill: 350_000 })).toBe("34000 balance");
});

test("a card that was spent from often enough today pays nothing, whatever it holds", () => {
  expect(most({ actsLeft: 1 })).toBe("34000 balance");
  expect(most({ actsLeft: 0 })).toBe("0 acts");
  expect(most({ actsLeft: -1 })).toBe("0 acts");
});

test("of services and goods points pay the services alone, their share of those, and leave them a rouble", () => {
  const rich = { balance: 400_000 };
  expect(most({ ...rich, services: 350_000 })).toBe("349900 rouble");
  expect(most({ ...rich, services: 900_000 })).toBe("349900 rouble");
  expect(most({ ...rich, services: 200_000 })).toBe("199900 services");
  expect(most({ ...rich, services: 200_000, spendMaxPercent: 50 })).toBe("100000 share");
  expect(most({ ...rich, services: 0 })).toBe("0 services");
  expect(most({ services: 200_000 })).toBe("34000 balance");
  // A record of 3 500 ₽, of which 500 ₽ were paid before: its services are what is left.
  expect(most({ ...rich, paid: 50_000, services: 300_000 })).toBe("299900 rouble");
});

test("whatever the settings are, points are whole steps, and no rule is passed", () => {
  const sums = fc.integer({ min: 1, max: 100_000_000_00 });
  const rules = fc.record({
    spendMaxPercent: fc.integer({ min: 1, max: 100 }),
    spendStep: fc.option(fc.integer({ min: 1, max: 1_000 }).map((points) => points * 100)),
    spendLeastBill: fc.option(sums),
  });
  const of = fc.record({
    bill: sums,
    balance: fc.integer({ min: -100_000, max: 100_000_000 }),
    services: fc.option(fc.integer({ min: 0, max: 100_000_000_00 })),
    left: fc.option(fc.integer({ min: 0, max: 100_000_000 })),
  });
  fc.assert(
    fc.property(rules, of, (some, { bill, balance, services, left }) => {
      const { points } = mostPoints({ ...spending, ...some }, { bill, balance, services, left });
      expect(points).toBeGreaterThanOrEqual(0);
      if (points === 0) return;
      expect(points % (some.spendStep ?? 100)).toBe(0);
      expect(points).toBeLessThanOrEqual(Math.min(balance, left ?? balance, bill - 100));
      expect(points * 100).toBeLessThanOrEqual(Math.min(bill, services ?? bill) * some.spendMaxPercent);
      expect(bill).toBeGreaterThanOrEqual(some.spendLeastBill ?? 0);
      expect(points).toBeLessThanOrEqual((services ?? bill) - 100);
    }),
  );
});
