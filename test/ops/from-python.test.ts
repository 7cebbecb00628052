/**
 * The move from the earlier Python program, rehearsed by docs/from-python.md with a year in its database: REHEARSE_VISITS awards,
 * as many visits behind them in the journal.
 */
import { expect } from "bun:test";
import { composeServer } from "../helpers/compose-server.ts";
import { dumped } from "../helpers/db.ts";
import { everything, testWith, whyNoDump } from "../helpers/installed.ts";
import { type OldDatabase, oldDatabase } from "../helpers/old-program.ts";
import { adminUrl } from "../helpers/preload.ts";
import { BRANCH, type World, world } from "../helpers/program.ts";

const visits = Number(process.env.REHEARSE_VISITS ?? 1_000);
const clients = Math.ceil(visits / 10);
const [days, dayMs] = [364, 86_400_000];
const paper = "docs/from-python.md";

const test = testWith({
  "LOYALTY_TEST_ALL=1": everything ? "" : null,
  "pg_dump of this server": (await whyNoDump(adminUrl)) === null ? "" : null,
});

const phoneOf = (client: number) => `901${String(client).padStart(7, "0")}`;

/** Its clients, half of them linked, in three spellings of a phone; a whole point of each 100 roubles paid, and some spent. */
async function aYear(w: World, { sql }: OldDatabase): Promise<void> {
  const made = Array.from({ length: visits }, (_, at) => {
    const client = at % clients;
    const startsAt = new Date(w.startsAt.getTime() - Math.ceil(((visits - at) / visits) * days) * dayMs);
    const named = { id: 1_000 + client, name: `Клиент ${client}`, phone: `+7${phoneOf(client)}` };
    const rubles = 1_000 + (at % 97) * 50;
    const services = [{ title: "Стрижка", cost: rubles * 100 }];
    const record = w.journal.book({ companyId: BRANCH, client: named, startsAt, services });
    w.journal.pay(record);
    return { record, client: client + 1, points: Math.floor(rubles / 100), at: startsAt };
  });
  await sql`update syncstate set last_checked = ${w.startsAt}`;
  await sql`
    insert into clients (yclients_id, phone_number, points, is_in_loyalty, name, telegram_user_id)
    select 1000 + n, (array['+7', '8', '7'])[1 + n % 3] || '901' || lpad(n::text, 7, '0'), 0, true, 'Клиент ' || n,
      case when n % 2 = 0 then 100000 + n end
    from generate_series(0, ${clients - 1}::int) n order by n`;
  await sql`
    insert into bonuslog (record_id, client_id, points, awarded_at, is_telegram_notified)
    select record, client, points, at::timestamptz, true
    from unnest(${made.map((one) => one.record)}::int[], ${made.map((one) => one.client)}::int[],
      ${made.map((one) => one.points)}::int[], ${made.map((one) => one.at.toISOString())}::text[]) a (record, client, points, at)`;
  await sql`
    update clients c set points = a.points - case when c.id % 5 = 0 then 20 else 0 end
    from (select client_id, sum(points) as points from bonuslog group by 1) a where a.client_id = c.id`;
}

test("a year of the earlier program comes over by the paper: each card holds what it held, nobody is told, and it is untouched", async () => {
  await using w = await world({ empty: true });
  await using old = await oldDatabase(BRANCH);
  await aYear(w, old);
  const held = await old.sql`
      select right(phone_number, 10) as phone, points from clients order by 1`;
  const before = await dumped(old.sql);
  w.telegram.person({ id: 901, firstName: "Ольга" }).chat.started = true;
  await using server = await composeServer({ ...w.env, PROGRAM_START: "" });
  await server.execute('mkdir secrets && printf %s "$POSTGRES_PASSWORD" > secrets/POSTGRES_PASSWORD');
  await server.block(paper, "stop web", { "--username=USER": "", DB: old.url });
  const began = performance.now();
  const said = await server.block(paper, "createdb", { "@db:5432": `@${new URL(server.url).host}` });
  const imported = performance.now();
  expect(said).toContain("check: ok\n");
  const [, day = ""] = /^next: loyalty-bot sync --since (\S+), then serve$/m.exec(said) ?? [];
  const read = await server.block(paper, "dropdb", { DAY: day });
  const since = performance.now();
  expect(read).toStartWith(
    `branch ${BRANCH}: ${visits} records read, 0 awards, 0 corrections, 0 set aside\n`,
  );

  const there = { DATABASE_URL: server.url };
  const proof = await w.run(["verify"], there);
  expect(proof.code).toBe(0);
  const query = `select right(phone, 10) || ' ' || trim_scale(balance) from balances b join clients c on c.id = b.client_id order by 1`;
  const now = await server.execute(
    `psql --no-psqlrc --tuples-only --no-align --username=postgres --dbname=loyalty --command="${query}"`,
  );
  expect(now.trimEnd().split("\n")).toEqual(held.map(({ phone, points }) => `${phone} ${points}`));
  expect(await w.run(["notify"], there)).toMatchObject({ code: 0, out: expect.stringContaining("0 told") });
  expect(await dumped(old.sql)).toBe(before);
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  process.stdout.write(
    `from Python: ${visits} awards, imported (dry, then so) in ${seconds(imported - began)}, ` +
      `the journal read since ${day} in ${seconds(since - imported)}\n`,
  );
}, 3_600_000);
