/** The program dies, another takes over, somebody taps "undo": at every moment of a settlement, and it ends as both or neither. */
import { expect, test } from "bun:test";
import { settleDue } from "../../src/settlements/settle.ts";
import { atEachMoment, die, interrupted } from "../helpers/interrupted.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const N = 50_000;
const stands = "stands: taken, 50000 on the bill, 0 on the card";
const returned = "returned: given back, 0 on the bill, 0 on the card";

async function begun(salon: SettlingSalon, how: "new card" | "card" | "left over" | "back") {
  for (const card of salon.loyalty.cards) {
    if (how === "new card") card.isDeleted = true;
    if (how === "left over" && !card.isDeleted) card.kopecks = 700;
  }
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, N);
  if (how === "back") {
    await salon.rest(row);
    await salon.back(row);
  }
  return { recordId, row };
}

for (const [how, end] of [
  ["new card", stands],
  ["left over", stands],
  ["back", returned],
] as const) {
  test(`whoever dies at any moment leaves what the next one ends (${how})`, async () => {
    await using salon = await settlingSalon();
    salon.card(0);
    const all = await atEachMoment(async (n) => {
      const { recordId, row } = await begun(salon, how);
      const { settling, met } = interrupted(salon.settling, n, die);
      await settleDue(settling);
      await salon.rest(row);
      return { met: met(), came: await salon.ended(row, recordId) };
    });
    expect(all.length).toBeGreaterThan(15);
    expect(all).toEqual(all.map(() => end));
  });

  test(`a program that dies again and again, each time later, ends it all the same (${how})`, async () => {
    await using salon = await settlingSalon();
    salon.card(0);
    const { recordId, row } = await begun(salon, how);
    for (let n = 1; n < 20; n++) {
      await settleDue(interrupted(salon.settling, n, die).settling);
      await salon.pass(40_000);
    }
    await salon.rest(row);
    expect(await salon.ended(row, recordId)).toBe(end);
  });

  test(`a program that slept while another ended it changes nothing of what stands (${how})`, async () => {
    await using salon = await settlingSalon();
    salon.card(0);
    const all = await atEachMoment(async (n) => {
      const { recordId, row } = await begun(salon, how);
      const { settling, met } = interrupted(salon.settling, n, async () => {
        await salon.sql`update jobs set held_until = clock_timestamp() where name = 'settlements'`;
        await salon.rest(row);
      });
      await settleDue(settling);
      const [is] = [await salon.ended(row, recordId)];
      // A card that was issued twice is for a person, who deletes the one that is empty.
      for (const second of salon.loyalty.cards.filter((card) => !card.isDeleted).slice(1))
        second.isDeleted = true;
      // What was sent so late that it was asked anew is on the card at most, and belongs to nobody: the next one takes it off.
      const next = await begun(salon, "card");
      await salon.rest(next.row);
      return {
        met: met(),
        came: [is.replace(/[-\d ]+ on the card$/, ""), await salon.ended(next.row, next.recordId)],
      };
    });
    expect(all.length).toBeGreaterThan(15);
    expect(all).toEqual(all.map(() => [end.replace(" 0 on the card", ""), stands]));
  });
}

test("an undo at any moment gives the points back, and nothing is left on the bill", async () => {
  for (const how of ["new card", "left over"] as const) {
    await using salon = await settlingSalon();
    salon.card(0);
    const all = await atEachMoment(async (n) => {
      const { recordId, row } = await begun(salon, how);
      const { settling, met } = interrupted(salon.settling, n, () => salon.back(row));
      await settleDue(settling);
      if (met() >= n) await salon.rest(row);
      const came = await salon.ended(row, recordId);
      const asked = await salon.sql`
        select from settlement_writes w join settlements s on s.id = w.settlement_id where s.row_id = ${row}`;
      if (asked.length > 0) return { met: met(), came: `asked: ${came}` };
      // What lay on the card before nobody has touched: the next spend by it takes it off.
      const next = await begun(salon, "card");
      await salon.rest(next.row);
      return { met: met(), came: `${came}, then ${await salon.ended(next.row, next.recordId)}` };
    });
    expect(all.length).toBeGreaterThan(15);
    const before = how === "new card" ? "" : "700";
    const untouched = `${returned.replace("0 on the card", `${before} on the card`)}, then ${stands}`;
    expect([...new Set(all)].sort()).toEqual([`asked: ${returned}`, untouched]);
  }
});
