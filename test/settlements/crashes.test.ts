/** The program's last message to the database is any one of a settlement's: stored or not, it ends as both or neither. */
import { expect, test } from "bun:test";
import { connect } from "../../src/db/connect.ts";
import { settleDue } from "../../src/settlements/settle.ts";
import { seed } from "../helpers/seed.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";
import { cutShort } from "../simulate/wires.ts";

const N = 50_000;
/** Some of the messages, others by another seed: a connection that is cut is opened again after a while. */
const every = 9;
const stands = "stands: taken, 50000 on the bill, 0 on the card";
const returned = "returned: given back, 0 on the bill, 0 on the card";

/** Another program does the job until its connection is cut there; whether it came to that. */
async function killed(salon: SettlingSalon, message: number, when: "before" | "after"): Promise<boolean> {
  const died = await cutShort({ message, when }, salon.database.url, async (url) => {
    const db = connect(url, { max: 1 });
    await settleDue({ ...salon.settling, db }).finally(() => db.end({ timeout: 0 }).catch(() => {}));
  });
  // Whoever takes over waits until the dead program's lease has ended.
  await salon.sql`update jobs set held_until = clock_timestamp() where name = 'settlements'`;
  return died;
}

for (const [how, end] of [
  ["a new card", stands],
  ["a card with something on it", stands],
  ["taken back", returned],
] as const)
  for (const when of ["before", "after"] as const)
    test(`killed ${when} any message to the database (${how})`, async () => {
      await using salon = await settlingSalon();
      salon.card(0);
      let kills = 0;
      for (let message = 1 + (seed % every), died = true; died; message += every) {
        for (const card of salon.loyalty.cards) {
          if (how === "a new card") card.isDeleted = true;
          else if (how === "a card with something on it") card.kopecks = 700;
        }
        const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
        const row = await salon.spend(recordId, N);
        if (how === "taken back") {
          await salon.rest(row);
          await salon.back(row);
        }
        died = await killed(salon, message, when);
        kills += died ? 1 : 0;
        await salon.rest(row);
        expect([message, await salon.ended(row, recordId)]).toEqual([message, end]);
      }
      expect(kills).toBeGreaterThan(30 / every);
    }, 300_000);
