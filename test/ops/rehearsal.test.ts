/**
 * Upgrades rehearsed: an earlier release makes its year and is upgraded at work as docs/operate.md says, and taken back. By
 * `bun run rehearse` each release with a year of a busy salon; REHEARSE_ROWS adds so many rows of a chain.
 */
import { expect } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type postgres from "postgres";
import { atWork, longest, wrongs } from "../helpers/at-work.ts";
import { busyYear, chatOf } from "../helpers/busy-year.ts";
import { emptyDatabase } from "../helpers/db.ts";
import { inHistory, programOf, releases } from "../helpers/earlier.ts";
import { everything, testWith, whereIs, whyNoDump } from "../helpers/installed.ts";
import { startNginx } from "../helpers/nginx.ts";
import { migrations } from "../helpers/old-database.ts";
import { adminUrl } from "../helpers/preload.ts";
import { type Env, freePort, program, run, Service, until, world } from "../helpers/program.ts";
import { soft } from "../helpers/soft.ts";

const asked = process.env.REHEARSE_VISITS;
const size = { visits: Number(asked ?? 120), rows: Number(process.env.REHEARSE_ROWS ?? 0) };
const noDump = await whyNoDump(adminUrl);

/** A database as an operator restores it. */
async function restored(dump: Uint8Array) {
  const database = await emptyDatabase();
  const restore = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction"];
  const done = Bun.spawnSync([...restore, `--dbname=${database.url}`], { stdin: dump });
  expect([done.exitCode, done.stderr.toString()]).toEqual([0, ""]);
  return database;
}

/** The ledger up to a row, to the byte, with what each card holds by it. */
async function ledgerUpTo(sql: postgres.Sql, last: number): Promise<unknown> {
  const [rows] = await sql`
    select count(*)::int as rows, md5(string_agg(concat_ws('|', id, client_id, kind, record_id, corrects, points, paid, reason,
      actor, key, awarded_at, encode(hash, 'hex')), ';' order by id)) as bytes from bonuslog where id <= ${last}`;
  const [held] = await sql`
    select md5(string_agg(client_id || ':' || points, ';' order by client_id)) as balances
    from (select client_id, sum(points) as points from bonuslog where id <= ${last} group by 1) b`;
  return { ...rows, ...held };
}

/** How long each pending migration takes by itself, of a database that is thrown away; the longest ones, in words. */
async function migrationsAlone(dump: Uint8Array): Promise<string> {
  await using database = await restored(dump);
  const rows = await database.sql<{ name: string }[]>`select name from migrations`;
  const took: [string, number][] = [];
  await database.sql.begin(async (tx) => {
    for (const name of migrations.filter((one) => !rows.some((row) => row.name === one))) {
      const began = performance.now();
      await tx.unsafe(readFileSync(join(import.meta.dir, "../../sql", name), "utf8"));
      took.push([name.slice(0, 4), performance.now() - began]);
    }
  });
  const long = took.toSorted(([, a], [, b]) => b - a).slice(0, 5);
  return long.map(([name, ms]) => `${name} ${seconds(ms)}`).join(", ");
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

for (const { name, commit, beside } of asked ? releases : releases.filter((one) => one.name === "0.1.0")) {
  const test = testWith({
    "LOYALTY_TEST_ALL=1": everything ? "" : null,
    nginx: whereIs("nginx"),
    "pg_dump of this server": noDump === null ? "" : null,
    "history of this repository": inHistory(commit),
  });
  test(`${name}: its dump with a year in it is upgraded at work, nothing is lost or told twice, and it is taken back`, async () => {
    await using w = await world({ empty: true });
    const [old, port] = [programOf(commit), freePort()];
    program(); // to build it is no part of the upgrade
    await using nginx = await startNginx([w.port, port]);
    const year = await busyYear(w, old, { ...size, publicUrl: nginx.publicUrl });
    const { exitCode, stdout: dump } = Bun.spawnSync([
      "pg_dump",
      "--format=custom",
      `--dbname=${w.database.url}`,
    ]);
    expect(exitCode).toBe(0);
    const alone = await migrationsAlone(dump);
    const said = (client: number) =>
      w.telegram.messages(chatOf(client)).flatMap(({ from, text }) => (from === "bot" ? soft(text) : []));
    const heard = (client: number) => said(client).length;
    const before = new Map(year.linked.map((client) => [client, heard(client)]));
    const news = (clients: number[]) => clients.map((client) => heard(client) - (before.get(client) ?? 0));

    await using database = await restored(dump);
    const { sql } = database;
    const env: Env = { ...year.env, DATABASE_URL: database.url };
    const [{ last } = { last: 0 }] = await sql<{ last: number }[]>`select max(id)::int as last from bonuslog`;
    const was = await ledgerUpTo(sql, last);
    await using first = serve(old, env, w.port);
    await first.ready();
    const work = atWork(w, year);
    await work.more(5);
    const usual = longest(work.acts);

    // The upgrade: with the older one at work where it may be.
    if (!beside) await first.stop();
    const began = performance.now();
    expect(await run(["migrate"], env)).toMatchObject({ code: 0 });
    const migrated = performance.now();
    if (beside) await work.more(5);
    await using second = serve(program(), { ...env, PORT: String(port) }, port);
    await second.ready();
    await work.more(5);
    if (beside) await first.stop();
    await work.more(5);
    await until(async () => (await sql`select from unlotted limit 1`).length === 0, 600_000);
    await work.end();

    // Before that 0.1.0 may have answered within Telegram's own request, which the stand-in does not read.
    const questions = work.questions.filter(({ at }) => at > began);
    const met = [...wrongs(work.acts), ...wrongs(questions)];
    const waited = longest([...work.acts, ...questions], began);
    process.stdout.write(
      `${name}: ${last} rows, migrated in ${seconds(migrated - began)} (${alone}), ` +
        `the longest wait ${seconds(waited)} (before: ${seconds(usual)}), ` +
        `${met.length === 0 ? "no act failed" : `failed: ${met.join("; ")}`}\n`,
    );
    expect(met).toEqual([]);

    const awarded = (at: postgres.Sql) =>
      at`select from visits where record_id = any(${work.paid}) and decision = 'awarded'`;
    await until(async () => (await awarded(sql)).length === work.paid.length, 60_000);
    const waiting = () => sql`select from notices n join clients c on c.id = n.client_id where c.linked`;
    await until(async () => (await waiting()).length === 0, 60_000);
    expect(await ledgerUpTo(sql, last)).toEqual(was);
    const added = await sql<{ kind: string; about: string }[]>`
        select kind, coalesce(reason, '') as about from bonuslog where id > ${last} and kind = 'credit' order by id`;
    const done = work.acts.flatMap(({ wrong, reason }) => (wrong === null ? [reason] : []));
    expect(added.map(({ about }) => about)).toEqual(done);
    expect(news(year.untold)).toEqual(year.untold.map(() => 1));
    const unasked = year.linked
      .slice(year.untold.length)
      .flatMap((client) => said(client).slice(before.get(client)));
    expect(unasked.filter((text) => !text.startsWith("На карте"))).toEqual([]);
    expect(await run(["verify"], env)).toMatchObject({ code: 0 });
    expect(await run(["check"], env)).toMatchObject({ code: 0 });
    expect((await second.stop()).code).toBe(0);

    // Taken back, as it is documented: the older one refuses, what the till did is kept, the backup is restored.
    const refused = await run(["serve"], env, undefined, old);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining("restore the backup made before the upgrade"),
    });
    const { out: kept } = await run(["export", "--from", w.startsAt.toISOString().slice(0, 10)], env);
    for (const reason of done) expect(kept).toContain(reason);
    await using back = await restored(dump);
    const backEnv: Env = { ...year.env, DATABASE_URL: back.url };
    await using third = serve(old, backEnv, w.port);
    await third.ready();
    expect(await run(["verify"], backEnv, undefined, old)).toMatchObject({ code: 0 });
    const again = atWork(w, year);
    await again.more(3);
    await again.end();
    expect(wrongs(again.acts)).toEqual([]);
    await until(async () => (await awarded(back.sql)).length === work.paid.length, 60_000);
    expect(await ledgerUpTo(back.sql, last)).toEqual(was);
    // What was told since the backup is told again: the backup does not know that it was.
    await until(() => news(year.untold).every((times) => times === 2));
  }, 3_600_000);
}

/** The program, ended with the test whatever becomes of it. */
function serve(path: string, env: Env, port: number) {
  const service = new Service(path, env, port);
  return Object.assign(service, { [Symbol.asyncDispose]: () => service.end() });
}
