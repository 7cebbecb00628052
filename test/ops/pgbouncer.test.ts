/** The whole program through PgBouncer in transaction mode, where no two transactions share a session. */
import { expect } from "bun:test";
import postgres from "postgres";
import { connect, inTransaction } from "../../src/db/connect.ts";
import { crowd } from "../helpers/crowd.ts";
import { testWith, whereIs } from "../helpers/installed.ts";
import { startPgbouncer } from "../helpers/pgbouncer.ts";
import { until, world } from "../helpers/program.ts";
import { ask } from "../helpers/till-salon.ts";

const test = testWith({ pgbouncer: whereIs("pgbouncer") });

test("through PgBouncer: migrate, serve, a pass, telling, the till, verify", async () => {
  await using w = await world({ empty: true });
  await using bouncer = await startPgbouncer(w.database.url);
  const env = { ...w.env, DATABASE_URL: bouncer.url };
  expect(await w.run(["migrate"], env)).toMatchObject({ code: 0 });
  const salon = crowd(w, 20);
  await salon.link(w.sql);
  salon.pay();
  const service = await w.serve({ ...env, ...w.publicUrl });
  await until(() => salon.told().every((times) => times === 1));

  const admin = w.telegram.person({ id: 901, firstName: "Ольга" });
  await admin.start();
  const phone = salon.people[0]?.phone;
  await ask(admin, `/credit ${phone} 5 чай`, "Начислить 5");
  await ask(admin, `/debit ${phone} 5 ошибка`, "Снять 5");
  expect(
    (await w.sql`select kind, points from bonuslog where kind <> 'award' order by id`).map((row) => row.kind),
  ).toEqual(["credit", "debit"]);
  const pooled = await w.sql`
    select count(*)::int as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      and application_name like 'loyalty-bot%'`;
  expect(pooled[0]?.count).toBeLessThanOrEqual(2);
  expect((await service.stop()).code).toBe(0);
  expect(await w.run(["verify"], env)).toMatchObject({ code: 0 });
});

test("through PgBouncer every transaction and every statement has its settings, and a session that comes after has none", async () => {
  await using w = await world();
  await using bouncer = await startPgbouncer(w.database.url);
  const db = connect(bouncer.url);
  const stranger = postgres(bouncer.url.replace("?prepare=false", ""), { max: 1, prepare: false });
  const settings = async (sql: typeof stranger) => {
    const [row] = await sql<{ lock: string; rows: string; idle: string }[]>`
      select current_setting('lock_timeout') as lock, current_setting('row_security') as rows,
        current_setting('idle_in_transaction_session_timeout') as idle`;
    return row && [row.lock, row.rows, row.idle];
  };
  expect(await inTransaction(db, (tx) => settings(tx as never))).toEqual(["10s", "off", "5s"]);
  expect(await settings(db as never)).toEqual(["10s", "off", "5s"]);
  expect(await settings(stranger)).toEqual(["0", "on", "0"]);
  await Promise.all([db.end(), stranger.end()]);
});

test("through PgBouncer without prepare=false it says what to write, and does not hang", async () => {
  await using w = await world();
  await using bouncer = await startPgbouncer(w.database.url);
  const { code, err } = await w.run(["migrate"], { DATABASE_URL: bouncer.url.replace("?prepare=false", "") });
  expect(code).toBe(1);
  expect(err).toMatch(
    /^[^\n]*PgBouncer[^\n]*unsupported startup parameter[^\n]*add \?prepare=false to [^\n]*\n$/,
  );
});
