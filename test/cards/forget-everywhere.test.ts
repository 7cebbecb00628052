// Forgetting, table by table and in a dump of them all: whatever may hold something of a person holds it before, and
// nothing of it after.
import { expect, test } from "bun:test";
import type postgres from "postgres";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";
import { yclients } from "../../src/yclients/client.ts";
import { whyNoDump } from "../helpers/installed.ts";
import { AGREE, BRANCH, linkedAnna } from "../helpers/past.ts";
import { adminUrl } from "../helpers/preload.ts";
import { ask } from "../helpers/till-salon.ts";

const ID = 987_654_321_012;
const CLIENT = 8_123_456_789;
const PHONE = "+79261112233";
const name = "Зинаида";
/** The number in any spelling: its ten digits, with anything but digits between them. */
const number = new RegExp([..."9261112233"].join("\\D{0,3}"));
const traces = new RegExp(`${number.source}|${ID}|${name}|Zinaida|zina_code_zina_code|mashka`);

/** Every row of every table of every schema that is ours, by table. */
async function everything(sql: postgres.Sql): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }[]>`
    select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1`;
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ line: string }[]>(`select t::text as line from ${name} t`);
    found[name.replace("public.", "")] = rows.map(({ line }) => line).join("\n");
  }
  return found;
}

const holding = (tables: Record<string, string>, what: RegExp) =>
  Object.keys(tables).filter((table) => what.test(tables[table] ?? ""));

/** What is kept of an answer of YCLIENTS that names a person's number. */
async function keptError(): Promise<string> {
  const words = { success: false, data: null, meta: { message: "Клиент +7 (926) 111-22-33 заблокирован" } };
  const api = startYclients({
    journal: new Journal(),
    partnerToken: "partner-words",
    userToken: "user-words",
  });
  api.faults.next({ path: /^\/record/, status: 422, body: words });
  const budget = { take: async () => new Date(), refused: async () => {} };
  const client = yclients({ url: api.url, partnerToken: "partner-words", userToken: "user-words", budget });
  try {
    await client.record(BRANCH, 1);
    throw new Error("it was not refused");
  } catch (error) {
    return String(Object(error).message);
  } finally {
    await api.stop();
  }
}

/** A salon with a linked client, of whom something stands wherever it can. */
async function knownEverywhere() {
  const salon = await linkedAnna();
  const { sql } = salon;
  const person = salon.telegram.person({ id: ID, firstName: name, phone: PHONE });
  await person.start();
  await person.tap(AGREE);
  const [card] = await sql<{ id: string }[]>`select id from clients where telegram_id = ${ID}`;
  const id = card?.id ?? "";
  await sql`update clients set name = ${name}, code = 'zina_code_zina_code' where id = ${id}`;
  await sql`insert into yclients_clients (yclients_client_id, client_id, name) values (${CLIENT}, ${id}, ${name})`;
  const error = await keptError();
  await sql`insert into look_again (company_id, record_id, reason, error) values (${BRANCH}, 900, 'unreadable', ${error})`;
  await sql`update companies set last_error = ${error}`;
  await sql`insert into alarms (about, detail) values ('sync:1', ${error})`;
  await sql`insert into imported_awards (company_id, record_id, client_id, points, imported_at) values (${BRANCH}, 901, ${id}, 0, now())`;
  await sql`
    insert into bonuslog (client_id, kind, points, actor, key, reason) values
      (${id}, 'credit', 50, 'admin:777', 'k:1', 'за отзыв'), (${id}, 'spend', -5, 'admin:777', 'k:2', null)`;
  await sql`insert into notices (client_id, about, due_at, error) values (${id}, 'till', now(), 'x') on conflict do nothing`;
  await sql`insert into spends (id, day, bill) select id, now()::date, 100 from bonuslog where key = 'k:2'`;
  const until = sql`now() + interval '1 day'`;
  await sql`
    insert into screens (bot, account, asked, step, client_id, sought, reason, row_id, expires_at) values
      (1, 'telegram:777', 1, 'ask_credit', ${id}, null, ${`для ${name}`}, null, ${until}),
      (1, 'telegram:777', 2, 'nobody', null, '79261112233', null, null, ${until}),
      (1, 'telegram:777', 3, 'done', ${id}, ${PHONE}, ${`для ${name}`}, (select id from bonuslog where key = 'k:1'), ${until}),
      (1, 'telegram:777', 5, 'nobody', null, '8 (926) 111-22-33', null, null, ${until}),
      (1, 'telegram:777', 6, 'choose', null, '2233', null, null, ${until})`;
  for (const [about, state] of [
    ["one", { phone: PHONE }],
    ["two", { typed: "89261112233" }],
    ["three", { typed: "8 926 111-22-33" }],
    ["four", { card: Number(id), bill: 1 }],
  ] as const)
    await sql`insert into dialogs (account, about, state, expires_at) values ('telegram:777', ${about}, ${sql.json(state)}, ${until})`;
  const forget = async () => {
    await ask(person, "/forget", "Удалить навсегда");
  };
  return { salon, sql, id, forget, [Symbol.asyncDispose]: () => salon[Symbol.asyncDispose]() };
}

const holders = ["accounts", "clients", "consents", "dialogs", "screens", "yclients_clients"];

test("of all tables, those that held something hold nothing afterwards; the journal's number is kept as forgotten", async () => {
  await using known = await knownEverywhere();
  const { sql, id, forget } = known;
  const before = await everything(sql);
  expect(holding(before, traces)).toEqual(holders);
  expect(holding(before, new RegExp(String(CLIENT)))).toEqual(["yclients_clients"]);
  expect(before.look_again).toContain("<number>");

  await forget();
  const after = await everything(sql);
  expect(holding(after, traces)).toEqual([]);
  expect(holding(after, new RegExp(String(CLIENT)))).toEqual(["yclients_clients"]);
  // The sums stay, on a card that is nobody's.
  const rows = await sql`select points from bonuslog where client_id = ${id} order by id`;
  expect(rows.map((row) => Number(row.points))).toEqual([50, -5]);
});

const missing = await whyNoDump(adminUrl);
if (missing) process.stdout.write(`skipped: forgetting, in a dump (${missing})\n`);

/** The lines of a backup, as whoever got hold of it would search them. */
function dumped(url: string): string[] {
  const { exitCode, stdout, stderr } = Bun.spawnSync(["pg_dump", "--inserts", `--dbname=${url}`]);
  expect([exitCode, stderr.toString()]).toEqual([0, ""]);
  return stdout.toString().split("\n");
}

test.skipIf(missing !== null)(
  "a dump holds no phone in any spelling, no name and no Telegram id of who is forgotten; what an admin typed stays",
  async () => {
    await using known = await knownEverywhere();
    const { salon, sql, id, forget } = known;
    const typed = "со слов Зинаиды";
    await sql`
      insert into bonuslog (client_id, kind, points, actor, key, reason) values (${id}, 'credit', 1, 'admin:777', 'k:3', ${typed})`;
    const tables = (lines: string[]) =>
      [...new Set(lines.map((line) => /^INSERT INTO public\.(\w+)/.exec(line)?.[1] ?? line))].sort();
    const lines = (what: RegExp) => dumped(salon.url).filter((line) => what.test(line));
    expect(tables(lines(traces))).toEqual(holders);

    await forget();
    expect(lines(traces)).toEqual([]);
    // docs/operate.md, "Secrets and people": that is why the bot asks for no names in it.
    expect(lines(/Зинаид/)).toEqual([
      expect.stringMatching(new RegExp(`^INSERT INTO public.bonuslog .*${typed}`)),
    ]);
    expect(tables(lines(new RegExp(String(CLIENT))))).toEqual(["yclients_clients"]);
  },
);
