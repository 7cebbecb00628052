/** Settlements in a journal of each other reading of what nobody could see: on the bill and taken, or neither. */
import { expect, test } from "bun:test";
import { joinVisit, sellGoods } from "../../src/standins/yclients/hands.ts";
import { type LoyaltyReading, otherReadings } from "../../src/standins/yclients/readings.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const N = 50_017;
const stands = `stands: taken, ${N} on the bill, 0 on the card`;
const returned = "returned: given back, 0 on the bill, 0 on the card";

/** Two records with kopecks and goods, of one visit. */
async function visitOf(salon: SettlingSalon): Promise<number> {
  const first = salon.book([{ title: "Стрижка", cost: 100_033 }]);
  const second = salon.book(
    [
      { title: "Окрашивание", cost: 200_001 },
      { title: "Укладка", cost: 0 },
    ],
    salon.visitOf(first.recordId),
  );
  sellGoods(salon.loyalty, first, 70_050);
  for (const { recordId } of [first, second]) await salon.read(recordId);
  return second.recordId;
}

const whole = 100_033 + 200_001 + 70_050;

/** What the reading is, and what comes of a spend there: at once, and once it is taken back. */
type Ends = [settled: string, back: string];
const usual: Ends = [stands, returned];
const ends: Partial<Record<string, Ends>> = {
  // Nothing may be paid where there is no limit: the points never come onto the bill.
  "limits zero_is_nothing": [returned, returned],
  // Not before they have come.
  "attendance arrived": [returned, returned],
};

const readings = Object.entries(otherReadings).flatMap(([name, values]) =>
  values.map((value) => [`${name} ${value}`, { [name]: value } as Partial<LoyaltyReading>] as const),
);

for (const [name, reading] of [["as it hurts most", {}] as const, ...readings])
  test(`a spend pays of its visit or is given back, and so it is once it is taken back (${name})`, async () => {
    await using salon = await settlingSalon(reading);
    const recordId = await visitOf(salon);
    const row = await salon.spend(recordId, N);
    const one = await salon.rest(row);
    const settled = await salon.ended(row, recordId);
    if (one.state === "stands") expect(one.toPay).toBe(whole - N);
    await salon.back(row);
    await salon.rest(row);
    expect([settled, await salon.ended(row, recordId)]).toEqual(ends[name] ?? usual);
    expect((await salon.one(row)).toPay).toBe(whole);
  });

test("of a bill that shows points otherwise than the trial saw nothing stands, and the branch is tried anew", async () => {
  for (const trialSaw of ["stay", "fall"] as const) {
    await using salon = await settlingSalon({ billPrices: trialSaw });
    await salon.passTrial();
    salon.loyalty.reading.billPrices = trialSaw === "stay" ? "fall" : "stay";
    const recordId = await visitOf(salon);
    const row = await salon.spend(recordId, N);
    await salon.rest(row);
    expect(await salon.ended(row, recordId)).toBe(returned);
    expect((await salon.one(row)).why).toBe("bill_otherwise");
    expect(await salon.doubt()).toBe("bill_otherwise");
  }
});

test("a bill that a hand changed by just the spend's sum looks otherwise and says nothing against the trial", async () => {
  const hands: Record<string, (salon: SettlingSalon, recordId: number) => unknown> = {
    "goods come onto it": (salon, recordId) => sellGoods(salon.loyalty, { companyId: MOSCOW, recordId }, N),
    "so much is paid in money": ({ journal }, recordId) => journal.payInPart(recordId, N),
  };
  for (const billPrices of ["stay", "fall"] as const)
    for (const [hand, act] of Object.entries(hands)) {
      await using salon = await settlingSalon({ billPrices });
      await salon.passTrial();
      const recordId = await visitOf(salon);
      const row = await salon.spend(recordId, N);
      salon.settling.step = (_, move) => {
        if (move.kind === "ask" && move.write === "apply") act(salon, recordId);
      };
      const { why } = await salon.rest(row);
      expect([hand, why, await salon.ended(row, recordId)]).toEqual([hand, "no_visit", returned]);
      expect(await salon.doubt()).toBeNull();
    }
});

test("a service that two records of a visit have is to be paid twice", async () => {
  for (const saleScope of ["record", "visit"] as const) {
    await using salon = await settlingSalon({ saleScope });
    const [line] = [{ id: 11, title: "Стрижка", cost: 200_000 }];
    const first = salon.book([line]);
    const second = salon.book([line, { ...line, cost: 30_000 }], salon.visitOf(first.recordId));
    for (const { recordId } of [first, second]) await salon.read(recordId);
    const row = await salon.spend(first.recordId, N);
    salon.journal.payInPart(first.recordId, 10_000);
    expect(await salon.rest(row)).toMatchObject({ state: "stands", toPay: 430_000 - 10_000 - N });
  }
});

test("what is left to pay is of all the visit's records, of one that no pass has read yet too", async () => {
  for (const saleScope of ["record", "visit"] as const) {
    await using salon = await settlingSalon({ saleScope });
    const first = salon.book([{ title: "Стрижка", cost: 200_000 }]);
    await salon.read(first.recordId);
    const row = await salon.spend(first.recordId, N);
    // Booked a moment ago, onto the same visit.
    salon.book([{ title: "Укладка", cost: 130_000 }], salon.visitOf(first.recordId));
    expect(await salon.rest(row)).toMatchObject({ state: "stands", toPay: 330_000 - N });
  }
});

test("a record that has gone over to another visit is to be paid there", async () => {
  await using salon = await settlingSalon({ saleScope: "record" });
  const first = salon.book([{ title: "Стрижка", cost: 200_000 }]);
  const second = salon.book([{ title: "Укладка", cost: 30_000 }], salon.visitOf(first.recordId));
  for (const { recordId } of [first, second]) await salon.read(recordId);
  joinVisit(salon.loyalty, second, null);
  const row = await salon.spend(first.recordId, N);
  expect(await salon.rest(row)).toMatchObject({ state: "stands", toPay: 200_000 - N });
});

test("the last points that a bill can take leave a rouble to pay; more than that is given back", async () => {
  await using salon = await settlingSalon();
  for (const [cost, end] of [
    [N + 100, stands],
    [N + 99, returned],
  ] as const) {
    const { recordId } = salon.book([{ title: "Стрижка", cost }]);
    const row = await salon.spend(recordId, N);
    await salon.rest(row);
    expect(await salon.ended(row, recordId)).toBe(end);
  }
});

test("a kopeck is settled as any sum, over lines on which nothing of it falls", async () => {
  await using salon = await settlingSalon();
  const { recordId } = salon.book([1, 2, 3].map((at) => ({ title: `Услуга ${at}`, cost: 33_333 })));
  const row = await salon.spend(recordId, 1);
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe("stands: taken, 1 on the bill, 0 on the card");
});
