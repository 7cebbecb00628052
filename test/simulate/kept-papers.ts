// The papers of a simulated world: they sum to its ledger on any day, and a proof leads to what its day's seal covers.

import { connect, type Db } from "../../src/db/connect.ts";
import { proofOf } from "../../src/ledger/tree.ts";
import { rootOf } from "../../src/ledger/tree-path.ts";
import { addDays, instantOf } from "../../src/rules/time.ts";
import { owedAsOf } from "../../src/statements/owed.ts";
import { statementOf } from "../../src/statements/statement.ts";
import type { World } from "./world.ts";

const timeZone = "Europe/Moscow";
const maxCards = 5;

/** Each of some cards' statements closes with what its rows sum to; what is owed is what they all sum to, today and on some days. */
export async function papersSum(world: World): Promise<string[]> {
  const db = connect(world.database.url, { max: 1 });
  try {
    return [...(await owedSums(world, db)), ...(await statementsSum(world, db))];
  } finally {
    await db.end();
  }
}

/** Up to three days on which rows came. */
async function someDays({ database: { sql } }: World): Promise<string[]> {
  const days = await sql<{ day: string }[]>`
    select distinct (awarded_at at time zone ${timeZone})::date::text as day from bonuslog order by 1`;
  const some = [days[0], days[days.length >> 1], days.at(-1)];
  return [...new Set(some.flatMap((one) => one?.day ?? []))];
}

async function owedSums(world: World, db: Db): Promise<string[]> {
  const { sql } = world.database;
  const found: string[] = [];
  for (const asOf of [...(await someDays(world)), null]) {
    const until = asOf && instantOf(`${addDays(asOf, 1)}T00:00:00`, timeZone).toISOString();
    const [ledger] = await sql<[{ sum: number }]>`
      select coalesce(sum(points * 100), 0)::float8 as sum from bonuslog
      where ${until}::timestamptz is null or awarded_at < ${until}::timestamptz`;
    let parts = 0;
    const of = { asOf, timeZone, now: world.clock.now() };
    const owed = await owedAsOf(db, of, (some) => {
      for (const { points } of some) parts += points;
    });
    if (owed.sum !== ledger.sum || parts !== ledger.sum)
      found.push(`owed as of ${asOf}: ${owed.sum}, in parts ${parts}, and the ledger sums to ${ledger.sum}`);
    const ending = owed.months.reduce((sum, { points }) => sum + points, 0);
    if (ending > owed.owed.points) found.push(`owed as of ${asOf}: ${ending} end of ${owed.owed.points}`);
    if (ending > 0) world.count("papers: what is owed has ends");
  }
  return found;
}

async function statementsSum(world: World, db: Db): Promise<string[]> {
  const { sql } = world.database;
  const found: string[] = [];
  const cards = await sql<{ id: number; held: number }[]>`
    select c.id::int, (select coalesce(sum(points * 100), 0) from bonuslog where client_id = c.id)::float8 as held
    from clients c where exists (select from bonuslog where client_id = c.id) order by c.id limit ${maxCards}`;
  for (const { id, held } of cards) {
    const [from = null, to = null] = await someDays(world);
    for (const days of [
      { from: null, to: null },
      { from, to },
      { from: to, to: null },
    ]) {
      const of = { card: id, viewer: "staff", timeZone, now: world.clock.now(), proof: true } as const;
      const one = await statementOf(db, { ...of, ...days });
      const changed = one?.changes.reduce((sum, { points }) => sum + points, 0) ?? 0;
      if (!one || one.opening + changed !== one.closing)
        found.push(`card ${id}: its statement does not add up`);
      if (days.to === null && one?.closing !== held)
        found.push(`card ${id}: its statement closes with ${one?.closing}, and it holds ${held}`);
      if (days.from === null && one?.opening !== 0) found.push(`card ${id}: it opens with ${one?.opening}`);
    }
  }
  return found;
}

/** Every leaf of the last tree is of a card; whoever has still the code of then has a proof, of what was held at the seal. */
export async function proofsLead(world: World): Promise<string[]> {
  const { sql } = world.database;
  const db = connect(world.database.url, { max: 1 });
  try {
    const leaves = await sql<{ card: number; held: number }[]>`
      select n.client_id::int as card, (
        select coalesce(sum(points * 100), 0) from bonuslog where client_id = n.client_id and id <= d.last_row)::float8 as held
      from (select * from trees order by day desc limit 1) t join digests d on d.day = t.day
      join tree_nodes n on n.level = 0 order by n.place`;
    const found: string[] = [];
    for (const { card, held } of leaves) {
      const proof = await proofOf(db, card);
      if (proof === null) continue; // another code since, or none
      world.count("papers: proofs");
      if (proof.points !== held || rootOf(proof) !== proof.root)
        found.push(`card ${card}: its proof is of another sum`);
    }
    return found;
  } finally {
    await db.end();
  }
}
