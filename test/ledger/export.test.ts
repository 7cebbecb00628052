/** Tests of the ledger as CSV: whole text, days by the zone's clock, and cells a spreadsheet must not run. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { connect, type Db } from "../../src/db/connect.ts";
import { type ExportOptions, exportLedger } from "../../src/ledger/export.ts";
import { freshDatabase, type TestDatabase } from "../helpers/db.ts";

let database: TestDatabase;
let db: Db;

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.url);
  await db`insert into clients (phone, name) values ('+79000000001', 'Анна')`;
});
afterEach(async () => {
  await db.end({ timeout: 1 });
  await database.drop();
});

const header =
  "id,awarded_at,kind,client_id,record_id,corrects,points,paid,reason,actor,key,is_telegram_notified,hash";

let keys = 0;

async function credit(at: string, reason: string | null, points = "1.00"): Promise<void> {
  await db`
    insert into bonuslog (client_id, kind, points, reason, actor, key, awarded_at)
    values (1, ${points.startsWith("-") ? "debit" : "credit"}, ${points}::text::numeric, ${reason}, 'admin:1',
      ${`op:${++keys}`}, ${at}::text::timestamptz)`;
}

async function csv(options: Partial<ExportOptions> = {}): Promise<string> {
  const chunks: string[] = [];
  await exportLedger(db, { timeZone: "Europe/Moscow", ...options }, (chunk) => {
    chunks.push(chunk);
  });
  return chunks.join("");
}

async function ids(options: Partial<ExportOptions>): Promise<number[]> {
  const lines = (await csv(options)).split("\r\n").slice(1, -1);
  return lines.map((line) => Number(line.split(",")[0]));
}

test("every row whole, in order, with its hash and without phone or name", async () => {
  await db`
    insert into bonuslog (client_id, kind, record_id, points, paid, reason, actor, key, awarded_at)
    values (1, 'award', 501, 115.24, 11523.81, null, 'sync', 'visit:501', '2026-08-01 21:30:00.000007Z')`;
  await db`
    insert into bonuslog (client_id, kind, corrects, points, paid, reason, actor, key, awarded_at)
    values (1, 'correction', 1, -0.05, 0, 'refund', 'sync', 'visit:501:1', '2026-08-02 00:00:00Z')`;
  await db`update bonuslog set is_telegram_notified = true where id = 1`;
  const hashes = await db<{ hash: string }[]>`select encode(hash, 'hex') as hash from bonuslog order by id`;
  expect(await csv()).toBe(
    [
      header,
      `1,2026-08-02T00:30:00.000007+03:00,award,1,501,,115.24,11523.81,,sync,visit:501,true,${hashes[0]?.hash}`,
      `2,2026-08-02T03:00:00.000000+03:00,correction,1,,1,-0.05,0.00,refund,sync,visit:501:1,false,${hashes[1]?.hash}`,
      "",
    ].join("\r\n"),
  );
});

test("an empty ledger is a header alone, behind a byte order mark for Excel", async () => {
  expect(await csv()).toBe(`${header}\r\n`);
  expect(await csv({ excel: true })).toMatch(/^\ufeff№;[^\r]*\r\n$/);
});

test("days are inclusive and by the clock of the zone, through a change of clocks too", async () => {
  await credit("2026-03-28T22:59:59.999999Z", null); // 1: in Berlin still the 28th
  await credit("2026-03-28T23:00:00Z", null); // 2: the 29th, which has 23 hours there
  await credit("2026-03-29T21:59:59.999999Z", null); // 3
  await credit("2026-03-29T22:00:00Z", null); // 4: the 30th
  const timeZone = "Europe/Berlin";
  expect(await ids({ timeZone, from: "2026-03-29", to: "2026-03-29" })).toEqual([2, 3]);
  expect(await ids({ timeZone, from: "2026-03-29" })).toEqual([2, 3, 4]);
  expect(await ids({ timeZone, to: "2026-03-29" })).toEqual([1, 2, 3]);
  expect(await ids({ timeZone, from: "2026-03-30", to: "2026-03-29" })).toEqual([]);
  const text = await csv({ timeZone, from: "2026-03-29", to: "2026-03-29" });
  expect(text.match(/2026-\d\d-\d\dT[^,]*/g)).toEqual([
    "2026-03-29T00:00:00.000000+01:00",
    "2026-03-29T23:59:59.999999+02:00",
  ]);
  expect(await csv({ timeZone: "America/St_Johns", to: "2026-03-28" })).toContain("T20:29:59.999999-02:30");
});

test("text that a spreadsheet would run is made harmless, numbers are left alone", async () => {
  const reasons = ["=1+1", "+7", "-1", "@sum(a1)", "a=b", 'сказал "да", и всё', '=cmd|"x"', "＝1+1"];
  for (const [index, reason] of reasons.entries()) await credit(`2026-08-01T00:00:0${index}Z`, reason);
  await credit("2026-08-01T00:01:00Z", null, "-2.50");
  const lines = (await csv()).split("\r\n").slice(1, -1);
  const shown = lines.map((line) => line.slice(line.indexOf(",,1.00,,") + 8, line.indexOf(",admin:1")));
  expect(shown.slice(0, -1)).toEqual([
    "'=1+1",
    "'+7",
    "'-1",
    "'@sum(a1)",
    "a=b",
    '"сказал ""да"", и всё"',
    `"'=cmd|""x"""`,
    "'＝1+1",
  ]);
  expect(lines.at(-1)).toContain(",debit,1,,,-2.50,,,admin:1,");
});

test("a day that is none is refused in a sentence", async () => {
  for (const day of ["2026-02-30", "yesterday", "01.02.2026", "2026-1-1", "2026-13-01", ""]) {
    await expect(csv({ from: day })).rejects.toThrow(
      `"${day}" is not a day: write it as year, month and day`,
    );
    await expect(csv({ to: day })).rejects.toThrow(`"${day}" is not a day`);
  }
});

test("a slow reader is waited for: chunks come one after the other", async () => {
  await db`insert into bonuslog (client_id, kind, points, actor, key)
    select 1, 'credit', 1, 'admin:1', 'op:' || n from generate_series(1, 12000) n`;
  let writing = 0;
  let lines = 0;
  const rows = await exportLedger(db, { timeZone: "UTC" }, async (chunk) => {
    expect(++writing).toBe(1);
    await Bun.sleep(5);
    lines += chunk.split("\r\n").length - 1;
    writing--;
  });
  expect([rows, lines]).toEqual([12_000, 12_001]);
});

test("what the reader throws ends the export and frees the connection", async () => {
  await db`insert into bonuslog (client_id, kind, points, actor, key)
    select 1, 'credit', 1, 'admin:1', 'op:' || n from generate_series(1, 12000) n`;
  const one = connect(database.url, { max: 1 });
  const closed = () => {
    throw new Error("closed pipe");
  };
  await expect(exportLedger(one, { timeZone: "UTC" }, closed)).rejects.toThrow("closed pipe");
  let chunks = 0;
  const later = () => {
    if (++chunks === 2) throw new Error("closed pipe");
  };
  await expect(exportLedger(one, { timeZone: "UTC" }, later)).rejects.toThrow("closed pipe");
  expect([...(await one`select 1 as alive`)]).toEqual([{ alive: 1 }]);
  await one.end({ timeout: 1 });
});

test("the program's own reason is words for a spreadsheet, and for the command what the hash was made of", async () => {
  await credit("2026-03-12T12:00:00Z", "back_spend");
  await db`
    insert into bonuslog (client_id, kind, record_id, points, paid, reason, actor, key)
    values (1, 'award', 501, 35, 3500, 'paid', 'sync', 'visit:501')`;
  await db`
    insert into bonuslog (client_id, kind, corrects, points, paid, reason, actor, key)
    values (1, 'correction', 2, -35, 3500, 'no_show', 'sync', 'visit:501:1')`;
  const sheet = await csv({ excel: true });
  for (const words of [";возврат списания;", ";3500,00;;журнал YCLIENTS;", ";клиент не пришёл;"])
    expect(sheet).toContain(words);
  const file = await csv();
  for (const code of [",back_spend,", ",paid,", ",no_show,"]) expect(file).toContain(code);
  // By hand the same letters are what an admin wrote.
  await credit("2026-03-12T12:00:00Z", "paid");
  expect(await csv({ excel: true })).toContain(";paid;администратор");
});
