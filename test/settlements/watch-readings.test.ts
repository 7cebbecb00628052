/** In a journal of each other reading: what is taken off there comes back or is a doubt, and never both on the bill and given back. */
import { expect, test } from "bun:test";
import { emptyCards } from "../../src/settlements/surplus.ts";
import { type LoyaltyReading, otherReadings } from "../../src/standins/yclients/readings.ts";
import { lookTwice } from "../helpers/settled-visit.ts";
import { settlingSalon } from "../helpers/settling-salon.ts";

const readings = Object.entries(otherReadings).flatMap(([name, values]) =>
  values.map((value) => [`${name} ${value}`, { [name]: value } as Partial<LoyaltyReading>] as const),
);
/** Where cancelling gives nothing back to the card there is no second sign, unless prices fall: owners are asked. */
const doubtful = new Set(["cancel burns"]);
/** The trial would not have passed, or the visit is refused. */
const unsettled = new Set(["limits zero_is_nothing", "attendance arrived"]);

for (const [name, reading] of readings.filter(([one]) => !unsettled.has(one)))
  test(`taken off in a journal where ${name}`, async () => {
    await using salon = await settlingSalon(reading);
    const { recordId } = salon.book([
      { title: "Стрижка", cost: 200_000 },
      { title: "Укладка", cost: 116_000 },
    ]);
    const row = await salon.spend(recordId, 50_000);
    await salon.work();
    const { state, reservedCard } = await salon.one(row);
    expect(state).toBe("stands");
    await lookTwice(salon);
    await salon.work();
    expect((await salon.one(row)).state).toBe("stands");
    await salon.cancel(reservedCard ?? 0, recordId);
    await lookTwice(salon);
    await salon.work();
    await emptyCards(salon.settling, 1);
    const isDoubt = doubtful.has(name);
    expect((await salon.one(row)).state).toBe(isDoubt ? "stands" : "returned");
    expect(await salon.stands(recordId)).toEqual({
      ledger: isDoubt ? ["spend -50000"] : ["spend -50000", "undo 50000"],
      applied: 0,
      cards: [0],
    });
  });
