// Programs of one database with different terms of the programme: the first one's hold, and nothing goes back and forth.
import { expect } from "bun:test";
import { termsCheck } from "../../src/app/checks.ts";
import { type DatedTerms, keepTerms, leaveTerms } from "../../src/app/terms.ts";
import { machineClock } from "../../src/clock.ts";
import { acceptLevels } from "../../src/levels/terms.ts";
import { readLevels } from "../../src/rules/levels.rule.ts";
import { findCompany, programmeOf } from "../../src/visits/branch.ts";
import { BRANCH, tellingSalon } from "../helpers/telling-salon.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(tellingSalon);
type Salon = Awaited<ReturnType<typeof tellingSalon>>;

const settings: DatedTerms = {
  ...{ percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments", levels: null },
  ...{ levelsOver: null, pointsLive: null, welcomeLive: null, birthdayLive: null },
};

/** A program beside others, with settings of its own; `start` is as it starts, `minute` once a minute later. */
function program({ db }: Salon, more: Partial<DatedTerms>) {
  const said: string[] = [];
  const error = (_: object, line: string) => void said.push(line);
  const terms = { ours: true, begun: false };
  const parts = { db, config: { ...settings, ...more }, log: { error }, clock: machineClock, terms };
  return {
    ...{ said, terms },
    start: () => keepTerms(parts as never, true),
    minute: () => keepTerms(parts as never),
    end: () => leaveTerms(parts),
  };
}

const written = async ({ sql }: Salon) =>
  (
    await sql<{ line: string }[]>`
      select 'lives ' || coalesce(months::text, 'off') as line, id from lives where life = 'earned'
      union all select 'levels ' || coalesce(levels, 'off'), 1000 + id from level_terms order by id`
  ).map(({ line }) => line);

test("of two programs with different terms those of the first hold, and the other says whose and what to do", async (salon) => {
  const [one, two] = [
    program(salon, { pointsLive: { months: 12 } }),
    program(salon, { pointsLive: { months: 6 } }),
  ];
  await one.start();
  for (let turn = 0; turn < 3; turn += 1) {
    await two.start();
    await two.minute();
    await one.start();
    await one.minute();
  }
  expect(await written(salon)).toEqual(["lives 12"]);
  expect([one.terms.ours, two.terms.ours]).toEqual([true, false]);
  expect(one.said).toEqual([]);
  expect(new Set(two.said)).toEqual(
    new Set(["another program of this database runs with POINTS_LIVE=12 months, which hold"]),
  );
});

test("settings that were changed hold from the start on once the programs before have ended", async (salon) => {
  const [before, after] = [program(salon, {}), program(salon, { pointsLive: { months: 6 } })];
  await before.start();
  await before.end();
  await after.start();
  expect(await written(salon)).toEqual(["lives 6"]);
  await before.minute();
  expect([before.terms.ours, await written(salon)]).toEqual([false, ["lives 6"]]);
});

test("a program that waits takes its own on once the first is gone for minutes, and not while another of those says it again", async (salon) => {
  const same = { levels: readLevels("0:1,50000:3") ?? null };
  const [one, two, odd] = [
    program(salon, same),
    program(salon, same),
    program(salon, { pointsLive: { months: 6 } }),
  ];
  await one.start();
  await two.start();
  await odd.start();
  await one.end();
  await odd.minute();
  await two.minute();
  await odd.minute();
  expect([odd.terms.ours, await written(salon)]).toEqual([false, ["levels 0.00:1.00,50000.00:3.00"]]);
  await salon.sql`update jobs set held_until = now() - interval '2 minutes' where name = 'programme_terms'`;
  await odd.minute();
  expect([odd.terms.ours, (await written(salon))[0]]).toEqual([true, "lives 6"]);
});

test("a program that cannot take its settings on when its turn comes does it a minute later", async (salon) => {
  const [one, two] = [program(salon, {}), program(salon, { pointsLive: { months: 6 } })];
  await one.start();
  await two.start();
  await salon.sql`update jobs set held_until = now() - interval '2 minutes' where name = 'programme_terms'`;
  await salon.sql`alter function say_life(text, integer, integer, timestamptz) rename to say_no_life`;
  expect(await two.minute().catch(() => "failed")).toBe("failed");
  await salon.sql`alter function say_no_life(text, integer, integer, timestamptz) rename to say_life`;
  await two.minute();
  expect([two.terms.ours, await written(salon)]).toEqual([true, ["lives 6"]]);
});

test("levels that were accepted never come once the settings are put back, though the program before was killed", async (salon) => {
  const [good, worse] = ["0:1,50000:3", "0:1,60000:3"].map((text) => ({ levels: readLevels(text) ?? null }));
  const before = program(salon, { ...good });
  await before.start();
  await before.end();
  const killed = program(salon, { ...worse });
  await killed.start();
  const accepted = { by: "telegram:700", now: new Date(), timeZone: "Europe/Moscow" };
  await acceptLevels(salon.db, { ...settings, ...worse }, accepted);
  const after = program(salon, { ...good });
  await after.start();
  await salon.sql`update jobs set held_until = now() - interval '2 minutes' where name = 'programme_terms'`;
  await after.minute();
  expect((await written(salon)).at(-1)).toBe("levels 0.00:1.00,50000.00:3.00");
});

test("a program that ran before levels were accepted does not undo it when the one that has them is gone for minutes", async (salon) => {
  const [good, worse] = ["0:1,50000:3", "0:1,60000:3"].map((text) => ({ levels: readLevels(text) ?? null }));
  const [old, first] = [program(salon, { ...good }), program(salon, { ...good })];
  await first.start();
  await old.start();
  await first.end();
  const renewed = program(salon, { ...worse });
  await renewed.start();
  await old.minute();
  expect(old.terms.ours).toBe(false);
  const accepted = { by: "telegram:700", now: new Date(), timeZone: "Europe/Moscow" };
  await acceptLevels(salon.db, { ...settings, ...worse }, accepted);
  await salon.sql`update jobs set held_until = now() - interval '2 minutes' where name = 'programme_terms'`;
  await old.minute();
  expect([old.terms.ours, (await written(salon)).at(-1)]).toEqual([true, "levels 0.00:1.00,60000.00:3.00"]);
});

test("whose terms do not hold decides visits by those that do, and writes none", async (salon) => {
  const { sync, db, sql } = salon;
  await salon.paid(1_000);
  const company = await findCompany(db, BRANCH);
  if (!company) throw new Error("no branch");
  const other = { ...sync, terms: { ...sync.terms, percent: 300 }, termsHold: () => false };
  const { terms, termsId } = await programmeOf(other, company);
  expect({ terms, termsId }).toEqual({ terms: sync.terms, termsId: 1 });
  expect(await sql`select id from terms`).toHaveLength(1);
});

test("check says that what runs has other terms", async (salon) => {
  await program(salon, { pointsLive: { months: 12 } }).start();
  const lines = await termsCheck({ ...settings, databaseUrl: salon.url }).ask(new AbortController().signal);
  expect(lines).toMatchObject([{ state: "warn", about: "programme" }]);
  const same = { ...settings, pointsLive: { months: 12 }, databaseUrl: salon.url };
  expect(await termsCheck(same).ask(new AbortController().signal)).toEqual([]);
});
