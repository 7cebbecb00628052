// All webhooks under bodies of every kind, true, broken and forged: 2 000 here, FUZZ_BODIES of them in the long run.
import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { connect } from "../../src/db/connect.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import { seed } from "../helpers/seed.ts";
import { ADMIN, type Door, OWNER, openDoor, VICTIMS } from "./door.ts";
import { type Fuzzed, fuzz } from "./fuzz.ts";

const bodies = Number(process.env.FUZZ_BODIES ?? 2_000);
/** Of a hundred bodies: the rest are of people who may change no points. */
const byStaff = 10;
const mostMegabytes = 250;

const ledger = ({ sql }: Door) =>
  sql`select kind, actor, record_id, client_id, points from bonuslog order by id`;

async function expectSound({ url }: Door): Promise<void> {
  const db = connect(url, { max: 2 });
  const { faults } = await verifyLedger(db, recordFaults);
  expect(faults).toEqual([]);
  await db.end();
}

/** The first faults are enough to see what it is; the seed brings back the rest. */
function expectNone(done: Fuzzed): void {
  const shown = done.faults.slice(0, 5).map((fault) => fault.slice(0, 3_000));
  if (shown.length > 0)
    throw new Error(`FC_SEED=${seed}: ${done.faults.length} faults\n${shown.join("\n\n")}`);
}

test(`${bodies} bodies: nothing is told, nothing is taken, nobody's card is another's, and all goes on`, async () => {
  await using door = await openDoor();
  const share = Math.floor((bodies * byStaff) / 100);
  const ofPeople = bodies - share;
  // The first tenth fills pools and caches: memory is compared from there on.
  const first = await fuzz(door, { bodies: Math.floor(ofPeople / 10), seed });
  Bun.gc(true);
  const before = process.memoryUsage.rss();
  const rest = await fuzz(door, { from: first.bodies, bodies: ofPeople - first.bodies, seed });
  expectNone(first);
  expectNone(rest);

  // What is not the journal's own is the way of points to a second phone that the same person has proved: none here.
  const rows = await ledger(door);
  const others = rows.slice(VICTIMS.length).filter(({ kind, actor }) => kind !== "award" || actor !== "sync");
  expect(others).toEqual([]);
  expect(rows.length).toBeLessThanOrEqual(VICTIMS.length + 2); // two visits of the journal are paid
  const victims = await door.sql`
    select phone, telegram_id::int as telegram from clients where phone in ${door.sql([...VICTIMS])} order by id`;
  expect([...victims]).toEqual(VICTIMS.map((phone, at) => ({ phone, telegram: 600 + at })) as never);
  const foreign = await door.sql`
    select phone, telegram_id from clients
    where telegram_id >= 1000000 and phone is distinct from '+7900' || (telegram_id - 1000000 + 1000000)::text`;
  expect([...foreign]).toEqual([]);
  const foreignInMax = await door.sql`
    select phone, external_id from accounts join clients on clients.id = client_id
    where channel = 'max' and phone is distinct from '+7901' || external_id`;
  expect([...foreignInMax]).toEqual([]);
  await expectSound(door);

  const staff = await fuzz(door, { from: ofPeople, bodies: share, seed, staff: true });
  expectNone(staff);
  const made = (await ledger(door)).slice(rows.length).map(({ actor }) => String(actor));
  const works = new RegExp(`^(admin:(max:)?(${ADMIN}|${OWNER})(,owner:(max:)?${OWNER})?|sync)$`);
  expect(made.filter((actor) => !works.test(actor))).toEqual([]);
  await expectSound(door);

  Bun.gc(true);
  expect((process.memoryUsage.rss() - before) / 1e6).toBeLessThan(mostMegabytes);
  expect((await fetch(`http://127.0.0.1:${door.port}/readyz`)).status).toBe(200);
  const all = [first, rest, staff];
  const sum = (of: "bodies" | "refused") => all.reduce((total, one) => total + one[of], 0);
  const summed = (of: "byKind" | "byStatus") =>
    all.reduce<Record<string, number>>((total, one) => {
      for (const [name, count] of Object.entries(one[of])) total[name] = (total[name] ?? 0) + count;
      return total;
    }, {});
  // Where most were refused at the door, nothing behind it would be tried.
  expect(sum("refused")).toBeLessThan(bodies / 2);
  const counts = {
    bodies: sum("bodies"),
    byKind: summed("byKind"),
    byStatus: summed("byStatus"),
    refused: sum("refused"),
  };
  const report = { ...counts, faults: all.flatMap(({ faults }) => faults).length, seed };
  process.stdout.write(`fuzzed ${JSON.stringify(report)}\n`);
  if (process.env.FUZZ_JSON) writeFileSync(process.env.FUZZ_JSON, JSON.stringify(report));
}, 7_200_000);
