// Row: an admin's tap at the till to the answer in their chat: one after another, fifty at once, and both while a first pass goes on.

import { feed } from "../feed.ts";
import { fillCards } from "../fill.ts";
import { type Line, type Row, shown } from "../row.ts";
import { type Database, settings } from "../stage.ts";
import { allCommitted, atOnce, fillPurses, openTill } from "../till.ts";

type Till = Awaited<ReturnType<typeof openTill>>;

export const till: Row = {
  name: "till",
  minutes: 2,
  async measure(stage, sizes) {
    await using database = await stage.database();
    await fillCards(database.sql, atOnce);
    await fillPurses(database.sql);
    const rounds = stage.quick ? 1 : sizes.rounds * 2;
    const env = settings(database, { telegram: "" });
    const taps = async (on: Till) => {
      await Promise.all((await on.ready(atOnce)).map(on.tap)); // to be warm
      return { alone: await alone(on, database, rounds), all: await all(on, database, rounds) };
    };
    const measured = async (changes: object, begun = async () => {}) => {
      await using on = await openTill(stage, { ...env, ...changes });
      await begun();
      return await taps(on);
    };
    const quiet = await measured({});
    await database.sql`update companies set read_from = current_date + 1`; // nothing of it was read yet
    await using journal = feed(sizes.manyRecords);
    const read = () => visits(database);
    const busy = await measured(
      {
        ...{ YCLIENTS_API_URL: journal.url, PROGRAM_START: journal.start, SYNC_CRON: "* * * * * *" },
        ...{ YCLIENTS_REQUESTS_PER_MINUTE: "100000", LOG_LEVEL: "warn" },
      },
      async () => {
        while ((await read()) === 0) await Bun.sleep(50);
      },
    );
    if (!stage.quick && (await read()) === sizes.manyRecords)
      throw new Error("the first pass was over before the taps were");
    return [
      line("one after another", quiet.alone, busy.alone, 50, 250),
      line(`${atOnce} at once, on ${atOnce} cards`, quiet.all, busy.all, 500, 1_000),
    ].flat();
  },
};

async function alone(on: Till, { sql }: Database, rounds: number): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++)
    for (const tap of await on.ready(atOnce)) took.push(await on.answered(tap));
  await allCommitted(sql);
  return took;
}

async function all(on: Till, { sql }: Database, rounds: number): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++)
    took.push(...(await Promise.all((await on.ready(atOnce)).map(on.answered))));
  await allCommitted(sql);
  return took;
}

async function visits({ sql }: Database): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from visits`;
  return row?.count ?? 0;
}

/** Aims are of the slowest hundredth, in milliseconds. */
function line(how: string, quiet: number[], busy: number[], aim: number, busyAim: number): Line[] {
  const what = `till: an admin's tap to the answer in the chat, ${how}`;
  const at = (took: number[], share: number) =>
    took.toSorted((a, b) => a - b)[Math.floor((took.length - 1) * share)] ?? Number.NaN;
  const said = (took: number[]) => `p50 ${shown(at(took, 0.5), " ms")}, p99 ${shown(at(took, 0.99), " ms")}`;
  const why =
    "The ledger has one writer: a tap waits for those before it, some 3 ms each (spends), and for the page of a pass that is going in, 200 records and some 25 ms; its eighteen statements then share PostgreSQL with the next page's.";
  const one = (took: number[], most: number) => ({
    why,
    ...{ ours: said(took), aim: `p99 below ${most} ms`, met: at(took, 0.99) < most, once: true },
  });
  return [
    { what, beside: "", ratio: null, ...one(quiet, aim) },
    {
      ...{ what: `${what}, while a first pass goes on`, beside: `without it: ${said(quiet)}` },
      ...{ ratio: at(busy, 0.5) / at(quiet, 0.5), ...one(busy, busyAim) },
    },
  ];
}
