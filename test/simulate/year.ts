// A year of a busy salon in minutes: every day visits are booked, paid, changed and refunded, points are given and spent at
// the till, clients ask and are told; at its end the ledger is what the models say, and every message is out.

import { connect } from "../../src/db/connect.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import type { WorldDatabase } from "./databases.ts";
import { tap, say as write } from "./hands.ts";
import { due } from "./model.ts";
import { Random } from "./random.ts";
import { rowsWereTapped, saidIsDone } from "./till.ts";
import { BRANCH, World } from "./world.ts";

/** What came of a year. */
export interface Year {
  days: number;
  visits: number;
  rows: number;
  spends: number;
  told: number;
  faults: string[];
  /**
   * Resident memory in MiB after the first month and at the end: of the program, and of a journal and a Telegram that
   * forget nothing, in one process. The program's own is the soak's to prove.
   */
  memory: [number, number];
}

const day = 86_400_000;
const clients = 2_000;
const linked = 300;
/** The first of the linked clients in Telegram. */
const firstId = 50_000;

/** Plays `days` of `visitsADay` on a database of its own, with seven passes a day. */
export async function year(
  database: WorldDatabase,
  { days = 365, visitsADay = 137, seed = 1, say = (_: string) => {} } = {},
): Promise<Year> {
  const world = await World.open(database, new Map());
  const random = new Random(seed);
  const memory: number[] = [];
  const phoneOf = (client: number) => `+79${String(10_000_000 + client * 4_001).padStart(9, "0")}`;
  const clientOf = (client: number) => ({ id: 20_000 + client, name: "Клиент", phone: phoneOf(client) });
  await linkSome(world, phoneOf);
  try {
    for (let date = 0; date < days; date++) {
      for (let visit = 0; visit < visitsADay; visit++) {
        const startsAt = new Date(world.clock.now().getTime() + random.below(10) * 3_600_000);
        const services = [{ title: "Стрижка", cost: 100 * (100 + random.below(9_000)) }];
        const client = clientOf(random.below(clients));
        const id = world.journal.book({ companyId: BRANCH, client, startsAt, services });
        world.records.push({ journal: world.journal, branch: 0, id });
      }
      await atTheTill(world, random, phoneOf);
      for (let hour = 0; hour < 7; hour++) await workHours(world, random, visitsADay);
      await world.clock.advance(day - 7 * 5_400_000);
      await world.program(0).sweep();
      if (date === 30 || date === days - 1) memory.push(resident());
      if (date % 30 === 29) say(`day ${date + 1}: ${world.records.length} visits, ${resident()} MiB`);
    }
    return { days, ...(await judged(world, memory)) };
  } finally {
    await world.close();
  }
}

/** An hour and a half: visits are paid, a few of the last days' are changed, the journal is read, clients are told. */
async function workHours(world: World, random: Random, visitsADay: number): Promise<void> {
  const { journal, records } = world;
  await world.clock.advance(5_400_000);
  const today = records.slice(-visitsADay);
  for (let paid = 0; paid < visitsADay / 7; paid++) journal.pay(random.one(today).id);
  const lately = records.slice(-visitsADay * 10);
  for (const change of ["refund", "noShow", "remove", "arrive"] as const) {
    if (random.once(3)) journal[change](random.one(lately).id);
  }
  await world.program(random.below(2)).pass();
  await world.clock.advance(60_000);
  await world.program(random.below(2)).tell();
}

/** A client is given points and spends some of them, and a few others ask what they have. */
async function atTheTill(world: World, random: Random, phoneOf: (client: number) => string): Promise<void> {
  const admin = random.one(world.admins);
  const phone = phoneOf(random.below(linked));
  await write(world, admin, `/credit ${phone} ${100 + random.below(900)} за ожидание`);
  await tap(world, admin, /:go$/, 1);
  await write(world, admin, `${phone} ${100 + random.below(4_000)}`);
  await tap(world, admin, /:go$/, 1);
  for (let asked = 0; asked < 3; asked++) {
    const person = world.telegram.person({ id: firstId + random.below(linked), firstName: "" });
    await write(world, person, "/balance");
  }
}

async function linkSome(world: World, phoneOf: (client: number) => string): Promise<void> {
  for (let client = 0; client < linked; client++) {
    const person = world.telegram.person({
      id: firstId + client,
      firstName: "Клиент",
      phone: phoneOf(client),
    });
    person.chat.started = true;
  }
  const phones = Array.from({ length: linked }, (_, client) => phoneOf(client));
  await world.database.sql`
    with p as (select * from unnest(${phones}::text[]) with ordinality as p (phone, place)),
    cards as (insert into clients (phone) select phone from p returning id, phone)
    insert into accounts (channel, external_id, client_id, linked_at)
    select 'telegram', ${firstId - 1} + place, c.id, sim.now() from p join cards c using (phone)`;
}

async function judged(world: World, memory: number[]): Promise<Omit<Year, "days">> {
  await world.clock.advance(600_000);
  await world.program(0).pass();
  await world.clock.advance(60_000);
  await world.program(0).tell();
  const { sql } = world.database;
  const sums = await sql<{ record: string; sum: string }[]>`
    select a.record_id as record, sum(b.points) * 100 as sum
    from bonuslog a join bonuslog b on b.id = a.id or (b.corrects = a.id and b.kind = 'correction')
    where a.kind = 'award' group by 1`;
  const held = new Map(sums.map((row) => [Number(row.record), Number(row.sum)]));
  const wrong = world.records.filter(
    (entry) => (held.get(entry.id) ?? 0) !== due(world.record(entry), world.programStart),
  );
  const [left] = await sql<{ untold: number; rows: number; spends: number }[]>`
    select count(*) filter (where not is_telegram_notified and c.linked)::int as untold,
      count(*)::int as rows, count(*) filter (where kind = 'spend')::int as spends from bonuslog b join clients c on c.id = b.client_id`;
  const db = connect(world.database.url, { max: 1 });
  const { faults } = await verifyLedger(db, recordFaults);
  await db.end();
  return {
    visits: world.records.length,
    rows: left?.rows ?? 0,
    spends: left?.spends ?? 0,
    told: world.telegram.calls.filter((call) => call.method === "sendMessage").length,
    faults: [
      ...faults,
      ...(await rowsWereTapped(world)),
      ...(await saidIsDone(world)),
      ...wrong.map(({ id }) => `record ${id} does not hold what is due`),
      ...(left?.untold ? [`${left.untold} rows are untold`] : []),
    ],
    memory: [memory[0] ?? 0, memory.at(-1) ?? 0],
  };
}

const resident = () => Math.round(process.memoryUsage().rss / 2 ** 20);
