// Row: the first pass, records a second from YCLIENTS to the committed and chained ledger; beside `\copy` of the same rows.

import { join } from "node:path";
import { feed } from "../feed.ts";
import { pass } from "../pass.ts";
import { tool } from "../pgbench.ts";
import { type Line, type Row, rounds, shown } from "../row.ts";
import { type Database, ran, type Stage } from "../stage.ts";

const tables = ["companies", "clients", "terms", "visits", "bonuslog"];

type Passed = Awaited<ReturnType<typeof passed>>;

export const firstPass: Row = {
  name: "first-pass",
  minutes: 5,
  async measure(stage, sizes) {
    const psql = tool("psql");
    if (psql) await passed(stage, sizes.records, (database) => keepRows(stage, psql, database));
    const { ours, copy } = await rounds(sizes.rounds, {
      ours: async () => (await passed(stage, sizes.records)).perSecond,
      copy: psql === null ? null : async () => sizes.records / (await copied(stage, psql)),
    });
    const few = await passed(stage, sizes.fewRecords);
    const many = await passed(stage, sizes.manyRecords);
    return lines({ ours, copy, few, many });
  },
};

/** A pass into a database of its own, and the share of its time that was spent in the chain's trigger. */
async function passed(stage: Stage, records: number, keep?: (database: Database) => Promise<void>) {
  await using database = await stage.database();
  await using journal = feed(records);
  const name = new URL(database.url).pathname.slice(1);
  await database.sql.unsafe(`alter database ${name} set track_functions = 'pl'`);
  const done = await pass(stage, database, journal);
  if (done.awards !== records) throw new Error(`${done.awards} of ${records} records were awarded`);
  const [chain] = await database.sql<{ ms: number }[]>`
    select total_time as ms from pg_stat_user_functions where funcname = 'bonuslog_chain'`;
  await keep?.(database);
  return { ...done, perSecond: records / done.seconds, chain: (chain?.ms ?? 0) / 1_000 / done.seconds };
}

const fileOf = (stage: Stage, table: string) => join(stage.folder, `${table}.copy`);
const copy = (psql: string, database: Database, commands: string[]) =>
  ran([psql, "-qX", database.url, ...commands.flatMap((command) => ["-c", command])]);

async function keepRows(stage: Stage, psql: string, database: Database): Promise<void> {
  const out = (table: string) => `\\copy ${table} to '${fileOf(stage, table)}'`;
  await copy(psql, database, tables.map(out));
}

/** Seconds that the rows of a pass take into the same two tables by `\copy`, all triggers off, those of foreign keys too. */
async function copied(stage: Stage, psql: string): Promise<number> {
  await using database = await stage.database();
  await database.sql.unsafe(
    "alter table bonuslog disable trigger all; alter table visits disable trigger all",
  );
  const into = (table: string) => `\\copy ${table} from '${fileOf(stage, table)}'`;
  await copy(psql, database, tables.slice(0, 3).map(into));
  return (await copy(psql, database, tables.slice(3).map(into))).seconds;
}

function lines(found: { ours: number; copy: number | null; few: Passed; many: Passed }): Line[] {
  const { ours, copy, few, many } = found;
  const what = "first pass: records a second into the ledger";
  const why =
    "The ledger has one writer. A page is read while the one before goes in, but then, on a machine where a record took 128 µs in all, PostgreSQL takes 75 of them (40 its row, with hash, keys, guards and foreign keys; 25 its visit; 10 what is looked up), and waits some 40 while the program judges and writes the statements. Of the program's own processor time, which is more, for it reads the next page meanwhile, two thirds are its thread: of these, by a profile, a third makes readings of records (their fields checked, times, sums, names), a seventh takes the answer in and parses it, a seventh sends statements, a fifth decides and writes states and rows. The other third is the engine's: compilers a seventh of all, the allocator a twelfth, then collections and the sockets' threads.";
  const growth = many.mostMb / few.mostMb;
  return [
    {
      ...{
        what: `${what}, the program's start included`,
        ours: `${shown(ours)}/s`,
        ratio: copy ? ours / copy : null,
        aim: "shown",
      },
      // A limit that nobody meets: its rows have no hash, no guard, no foreign key, and nothing was looked up for them.
      beside: copy
        ? `\\copy into both tables, no hash, guard or foreign key: ${shown(copy)}/s`
        : "\\copy: no psql here",
      met: null,
    },
    {
      ...{ what: `${what}, ${shown(many.records)} of them`, ours: `${shown(many.perSecond)}/s` },
      ...{ beside: "", ratio: null, aim: "at least 10 000/s", met: many.perSecond >= 10_000, why },
      once: true,
      figures: { records: many.perSecond },
    },
    {
      ...{
        what: "first pass: share of its time in the trigger that makes the chain of hashes",
        ours: `${shown(many.chain * 100)} %`,
      },
      ...{ beside: "", ratio: null, aim: "shown", met: null, once: true },
    },
    {
      ...{
        what: "first pass: most memory",
        ours: `${shown(many.mostMb)} MB at ${shown(many.records)} records`,
      },
      beside: `${shown(few.mostMb)} MB at ${shown(few.records)}`,
      ...{ ratio: growth, aim: "flat: at most 1.2", met: growth <= 1.2, once: true },
      why: "The most of minutes beside the most of seconds: what is left after a collection of garbage is the same from the first page to the last (a heap of 12 MB).",
    },
  ];
}
