// The end of a simulated year: everything comes to rest and is held against the models, as any world is, and nothing that a
// year is played for may be missing from it.

import { faultsOf } from "./invariants.ts";
import type { World } from "./world.ts";

/** What came of a year. */
export interface Year {
  days: number;
  visits: number;
  rows: number;
  spends: number;
  told: number;
  /** Rows of the ledger by what they are, and what became of levels. */
  kinds: Record<string, number>;
  faults: string[];
  /**
   * Resident memory in MiB after the first month and at the end: of the program, and of a journal and a Telegram that
   * forget nothing, in one process. The program's own is the soak's to prove.
   */
  memory: [number, number];
}

const [hour, day] = [3_600_000, 86_400_000];

/** Three calm days, until the last one's noon: what is owed to anybody is done by then, and told. */
export async function atRest(world: World): Promise<void> {
  for (let date = 0; date < 3; date++) {
    await world.program(0).pass();
    await world.clock.advance(60_000);
    await world.program(0).tell();
    await world.clock.advance(day - 60_000);
    await world.program(1).sweep();
  }
  await world.clock.advance(hour / 60);
  await world.program(0).tell();
  await world.settled();
}

/** What of the programme comes in every year in which all of it is on: rows of the ledger, and what became of levels. */
const programmesOwn = [
  ...["award", "correction", "spend", "undo", "expiry", "welcome", "birthday", "friend"],
  ...["welcome taken back", "friend taken back"],
  ...["level: up", "level: warned", "level: down", "level: kept", "level: terms"],
];

/** Whatever must hold of any world, of a whole year; `isOn`: all of the programme has been chosen in it. */
export async function judged(world: World, isOn: boolean): Promise<Omit<Year, "days" | "memory">> {
  const { sql } = world.database;
  const kinds = await sql<{ kind: string; rows: number }[]>`
    select kind || case when points < 0 and kind in ('welcome', 'birthday', 'friend') then ' taken back' else '' end as kind,
      count(*)::int as rows from bonuslog group by 1
    union all select 'level: ' || kind, count(*)::int from level_changes group by 1`;
  const rows = (kind: string) => kinds.find((one) => one.kind === kind)?.rows ?? 0;
  return {
    visits: world.records.length,
    rows: kinds.reduce((sum, one) => sum + (one.kind.startsWith("level: ") ? 0 : one.rows), 0),
    spends: rows("spend"),
    told: world.telegram.calls.filter((call) => call.method === "sendMessage").length,
    kinds: Object.fromEntries(kinds.map(({ kind, rows }) => [kind, rows])),
    faults: [
      ...(await faultsOf(world)),
      ...(isOn ? programmesOwn : []).flatMap((kind) => (rows(kind) > 0 ? [] : [`${kind} never came`])),
    ],
  };
}
