// What must hold at the end of every simulated world whose spends settle, whatever happened in it.

import { connect } from "../../src/db/connect.ts";
import { must } from "../../src/errors.ts";
import { settlementsToShow } from "../../src/settlements/settlements.ts";
import { invariants } from "./invariants.ts";
import type { Hands } from "./settled.ts";
import type { World } from "./world.ts";

/** Of all worlds' invariants those that know nothing of how the till's screens read. */
const others = [
  "the ledger proves itself from first row to last",
  "each record's rows sum to the rule of its last state, on its client's card",
  "a dry run would change nothing",
  "a card's lots less its debts are its balance",
  "every row names who made it and has a key of its own",
  "nothing waits untold for a client who can be told",
  "nobody is shown another's name or phone",
  "no update and no round fails but where the database was away",
  "no log line holds a phone, a name or a token",
] as const satisfies (keyof typeof invariants)[];

/** A settlement at rest. */
interface AtRest {
  row: number;
  amount: number;
  state: string;
  why: string | null;
  visit: number;
  undone: boolean;
}

/** Every fault found, as a sentence. `given`: points that hands have put on cards, in kopecks. */
export async function settledFaults(
  world: World,
  { hands, given }: { hands: Hands; given: number },
): Promise<string[]> {
  const found: string[] = [];
  for (const name of others)
    found.push(...(await invariants[name](world)).map((fault) => `${name}: ${fault}`));
  return [...found, ...(await billsAreTaken(world, { hands, given })), ...(await untold(world))];
}

/** What bills bear is what the ledger has taken, the rest is given back, and cards are empty. */
export async function billsAreTaken(
  world: World,
  { hands, given }: { hands: Hands; given: number },
): Promise<string[]> {
  const all = await world.database.sql<AtRest[]>`
    select row_id::int as row, (amount * 100)::int as amount, state, why, visit_id::float8 as visit,
      exists (select from bonuslog where key = 'undo:' || row_id) as undone
    from settlements where row_id is not null order by id`;
  for (const { state } of all) world.count(`settlement ${state}`);
  const { loyalty } = world;
  const lines = loyalty.rows.filter((line) => line.stands && line.type === 3);
  const bills = Map.groupBy(lines, (line) => loyalty.recordAt(must(line.shares[0], "its line")).visit_id);
  const sum = (of: readonly { kopecks: number }[]) => of.reduce((whole, line) => whole + line.kopecks, 0);
  const live = all.filter((one) => one.state !== "returned");
  const taken = live.reduce((whole, one) => whole + one.amount, 0);
  const found = all.flatMap((one) => {
    const name = `spend ${one.row} of ${one.amount} is ${one.state} (${one.why})`;
    const applied = sum(bills.get(one.visit) ?? []);
    return [
      ...(one.undone === (one.state === "returned")
        ? []
        : [`${name}, and ${one.undone ? "" : "not "}given back`]),
      ...(one.state === "under_way" ? [`${name} at rest`] : []),
      ...(one.state === "stuck" && hands === "none" ? [`${name} though no hand was there`] : []),
      ...(one.state === "stands" && hands === "none" && applied !== one.amount
        ? [`${name}, and its bill bears ${applied}`]
        : []),
    ];
  });
  if (sum(lines) > taken + given) found.push(`bills bear ${sum(lines)}, taken were ${taken}, given ${given}`);
  if (hands === "none" && sum(lines) !== taken) found.push(`bills bear ${sum(lines)}, taken were ${taken}`);
  const held = loyalty.cards.filter((card) => !card.isDeleted && card.kopecks > 0);
  if (!live.some((one) => one.state === "stuck"))
    found.push(...held.map((card) => `card ${card.id} holds ${card.kopecks}`));
  return found;
}

/** Every screen says where its spend has come to. */
async function untold(world: World): Promise<string[]> {
  const db = connect(world.database.url, { max: 1 });
  try {
    const waiting = await settlementsToShow(db, 100);
    return waiting.map((one) => `spend ${one.row} is ${one.state}, and no screen says so`);
  } finally {
    await db.end();
  }
}
