// Row: `verify` of the large ledger, beside a sequential scan of the table.

import { onBothCores } from "../machine.ts";
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
    const { seconds: ours, mostMb: most } = await onServersCores(stage, database, () =>
      proved(stage, database),
    );
    return [
      {
        what: `verify of ${shown(sizes.ledger)} rows`,
        ours: shown(ours, " s"),
        beside: `sequential scan: ${shown(scan, " s")}`,
        ...{ ratio: ours / scan, aim: "at most 25, and 15 s", met: ours / scan <= 25 && ours <= 15 },
        once: true,
        why: "Of the processor time of its two connections 30 % makes the hash of every row anew and holds it against the one before, 27 % has each award meet its visit, 20 % each row its lots, 6 % each asks who may have written a row, what was left on its card, and whether its record has another award.",
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

/** Two connections are two processes: on one core they would take turns. */
async function onServersCores<T>(stage: Stage, { sql }: Database, work: () => Promise<T>): Promise<T> {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return stage.ownServer && row ? onBothCores(row.pid, work) : work();
}

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
