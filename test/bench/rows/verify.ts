// Row: `verify` of the large ledger, beside a sequential scan of the table.

import { type Row, shown } from "../row.ts";
import { type Database, ran, type Stage, settings } from "../stage.ts";
import { grown } from "./growth.ts";

export const verify: Row = {
  name: "verify",
  minutes: 1,
  async measure(stage, sizes) {
    const database = await grown(stage, sizes.ledger);
    const small = await proved(stage, await grown(stage, sizes.smallLedger));
    const scan = await scanned(database);
    const { seconds: ours, mostMb: most } = await proved(stage, database);
    return [
      {
        what: `verify of ${shown(sizes.ledger)} rows`,
        ours: shown(ours, " s"),
        beside: `sequential scan: ${shown(scan, " s")}`,
        ...{ ratio: ours / scan, aim: "at most 20, and 30 s", met: ours / scan <= 20 && ours <= 30 },
        once: true,
        why: "The hash of every row is made anew: sha256 of its text alone takes as long as 16 to 20 such scans. To have each row meet the one before it takes 14 more, each award its visit 15, each card its running sum 8. A cursor runs in one process; on two connections it was 6.4 s to 3.9 s a million, but two proofs on one small pool could wait for each other.",
        figures: { verified: sizes.ledger / ours, rowBytes: (await bytes(database)) / sizes.ledger },
      },
      {
        what: "verify: most memory",
        ours: shown(most, " MB"),
        beside: `of ${shown(sizes.smallLedger)} rows: ${shown(small.mostMb, " MB")}`,
        ...{ ratio: most / small.mostMb, aim: "flat: at most 1.2", met: most / small.mostMb <= 1.2 },
        once: true,
      },
    ];
  },
};

/** Of the ledger and its visits, with their indexes. */
async function bytes({ sql }: Database): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select (pg_total_relation_size('bonuslog') + pg_total_relation_size('visits'))::float8 as bytes`;
  return row?.bytes ?? 0;
}

async function proved(stage: Stage, database: Database) {
  const env = settings(database, { telegram: "http://127.0.0.1:9" });
  const done = await ran([stage.executable(), "verify"], env);
  if (!done.out.includes("verify: ok")) throw new Error(`verify found faults: ${done.out}`);
  return done;
}

/** Seconds to read every row once, its hash too, in one process. */
async function scanned({ sql }: Database): Promise<number> {
  const scan = () =>
    sql.begin(async (tx) => {
      await tx`set local max_parallel_workers_per_gather = 0`;
      await tx`select count(hash) from bonuslog`;
    });
  await scan(); // from the disk, the first time
  const began = performance.now();
  await scan();
  return (performance.now() - began) / 1_000;
}
