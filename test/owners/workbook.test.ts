// The owners' workbook: what stands in its two sheets, that they sum to the ledger, and that another program opens it.
import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { veilOf } from "../../src/cards/veil.ts";
import { connect } from "../../src/db/connect.ts";
import { importList, listOf, takeBackList } from "../../src/import/list.ts";
import { workbookWords } from "../../src/owners/workbook.texts.ts";
import { type WorkbookOptions, writeWorkbook } from "../../src/owners/workbook.ts";
import { freshDatabase } from "../helpers/db.ts";
import { longTest, testWith, whereIs } from "../helpers/installed.ts";
import { sheetsOf } from "../helpers/sheets.ts";

const now = new Date("2026-03-12T12:00:00Z");
const all = { from: null, to: null, timeZone: "Europe/Moscow", language: "ru", now };

/** Anna (1) has Telegram, Boris (2) not; the card 3 has no phone, 4 was removed at its owner's wish. Two branches. */
async function ledger() {
  const database = await freshDatabase();
  const { sql } = database;
  const db = connect(database.url);
  await sql`
    insert into clients (phone, name, forgotten_at) values ('+79001234567', 'Анна', null), ('+79007654321', '=1+1', null),
      (null, null, null), (null, null, '2026-03-11')`;
  await sql`insert into yclients_clients (yclients_client_id, client_id) values (33, 3)`;
  await sql`insert into accounts (channel, external_id, client_id) values ('telegram', 501, 1)`;
  await sql`insert into companies (company_id, title) values (1, 'На Ленина'), (2, null)`;
  await sql`insert into staff (account, name) values ('telegram:601', 'Ольга'), ('telegram:700', 'Ирина')`;
  const visit = (id: number, card: number, company: number, day: string, attendance = 1) => sql`
    insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
      services_paid, goods_paid, read_at, decision)
    values (${id}, ${company}, ${card}, ${`${day}T09:00:00Z`}, ${day}, false, true, ${attendance}, 100, 100, 0, now(), 'too_little')`;
  type More = {
    record?: number;
    corrects?: number;
    paid?: number;
    reason?: string;
    actor?: string;
    key?: string;
  };
  let keys = 0;
  const row = async (card: number, kind: string, points: number, at: string, more: More = {}) => {
    const {
      record = null,
      corrects = null,
      paid = null,
      reason = null,
      actor = "admin:601",
      key = `op:${++keys}`,
    } = more;
    const [made] = await sql`
      insert into bonuslog (client_id, kind, record_id, corrects, points, paid, reason, actor, key, awarded_at)
      values (${card}, ${kind}, ${record}, ${corrects}, ${points}, ${paid}, ${reason}, ${actor}, ${key}, ${at}) returning id`;
    return Number(made?.id);
  };
  const write = async (options: Partial<WorkbookOptions> = {}) => {
    const chunks: Uint8Array[] = [];
    const counts = await writeWorkbook(db, { ...all, ...options }, (chunk) => void chunks.push(chunk));
    return { counts, bytes: new Uint8Array(Buffer.concat(chunks)) };
  };
  const dispose = async () => {
    await db.end({ timeout: 1 });
    await database.drop();
  };
  return { sql, db, visit, row, write, [Symbol.asyncDispose]: dispose };
}

/** A row of every kind, in order. */
async function everyKind({ sql, visit, row }: Awaited<ReturnType<typeof ledger>>): Promise<void> {
  await row(1, "opening", 100, "2026-03-01T09:00:00Z", { actor: "import:python", key: "opening:1" });
  await visit(11, 1, 1, "2026-03-02");
  await visit(12, 1, 2, "2026-03-10", -1); // no visit that took place
  await visit(13, 2, 2, "2026-03-20"); // nor has this one yet
  const paid = { actor: "sync", reason: "paid" };
  const award = await row(1, "award", 35, "2026-03-11T20:59:59Z", {
    ...paid,
    record: 11,
    paid: 3500,
    key: "visit:11",
  });
  const back = { actor: "sync", corrects: award };
  await row(1, "correction", -35, "2026-03-11T21:00:00Z", {
    ...back,
    paid: 0,
    reason: "deleted",
    key: "visit:11:2",
  });
  await row(1, "correction", 12.34, "2026-03-11T21:01:00Z", {
    ...back,
    paid: 1234,
    reason: "edited",
    key: "visit:11:3",
  });
  const spend = await row(1, "spend", -50.5, "2026-03-12T09:00:00Z", { paid: 3500.5 });
  await sql`insert into spends (id, day, bill, company_id) values (${spend}, '2026-03-12', 3500.5, 2)`;
  await row(1, "undo", 50.5, "2026-03-12T09:01:00Z", { corrects: spend });
  const both = "admin:601,owner:700";
  await row(2, "credit", 1000, "2026-03-12T09:02:00Z", { reason: "-за ожидание", actor: both });
  await row(2, "debit", -0.01, "2026-03-12T09:03:00Z", { reason: "back_debit" });
  await row(1, "move", -10, "2026-03-12T09:04:00Z", { key: "op:m:from" });
  await row(2, "move", 10, "2026-03-12T09:04:00Z", { key: "op:m:to" });
  await row(3, "award", 5, "2026-03-12T09:05:00Z", { ...paid, record: 12, paid: 500, key: "visit:12" });
  await row(3, "correction", -20, "2026-03-12T09:06:00Z", {
    actor: "sync",
    corrects: 11,
    reason: "moved",
    key: "visit:12:2",
  });
  await row(4, "award", 7, "2026-03-12T09:07:00Z", { ...paid, record: 13, paid: 700, key: "visit:13" });
}

test("each change with its visit, client, reason in words, bill, who by name, branch; what each card holds; sums of the ledger", async () => {
  await using made = await ledger();
  await everyKind(made);
  const { counts, bytes } = await made.write();
  const { Изменения = [], Остатки = [], ...more } = await sheetsOf(bytes);
  expect([counts, more]).toEqual([{ changes: 13, cards: 4 }, {}]);
  const at = (time: string, day = "2026-03-12") => new Date(`${day}T${time}Z`);
  const [second, tenth] = [at("00:00:00", "2026-03-02"), at("00:00:00", "2026-03-10")];
  const twelfth = at("00:00:00");
  const [sync, lenina] = ["журнал YCLIENTS", "На Ленина"];
  expect(Изменения.slice(1)).toEqual([
    [
      at("12:00:00", "2026-03-01"),
      null,
      "Анна …4567",
      100,
      "остаток из прежней программы",
      null,
      "прежняя программа",
      null,
    ],
    [at("23:59:59", "2026-03-11"), second, "Анна …4567", 35, "визит", 3500, sync, lenina],
    [at("00:00:00"), second, "Анна …4567", -35, "пересчёт визита: визит отменён", 0, sync, lenina],
    [at("00:01:00"), second, "Анна …4567", 12.34, "пересчёт визита: сумма изменилась", 1234, sync, lenina],
    [at("12:00:00"), twelfth, "Анна …4567", -50.5, "списание", 3500.5, "Ольга", "филиал 2"],
    [at("12:01:00"), twelfth, "Анна …4567", 50.5, "отмена списания", null, "Ольга", "филиал 2"],
    [at("12:02:00"), null, "=1+1 …4321", 1000, "начисление: -за ожидание", null, "Ольга, Ирина", null],
    [at("12:03:00"), null, "=1+1 …4321", -0.01, "снятие: возврат снятия", null, "Ольга", null],
    [at("12:04:00"), null, "Анна …4567", -10, "перенос между картами", null, "Ольга", null],
    [at("12:04:00"), null, "=1+1 …4321", 10, "перенос между картами", null, "Ольга", null],
    [at("12:05:00"), tenth, "Без имени без телефона", 5, "визит", 500, sync, "филиал 2"],
    [
      at("12:06:00"),
      tenth,
      "Без имени без телефона",
      -20,
      "пересчёт визита: записан на другого",
      null,
      sync,
      "филиал 2",
    ],
    [at("12:07:00"), at("00:00:00", "2026-03-20"), "Удалённая карта", 7, "визит", 700, sync, "филиал 2"],
  ]);
  expect(Остатки.slice(1)).toEqual([
    ["=1+1 …4321", 1009.99, null, "нет", null],
    ["Анна …4567", 102.34, second, "да", null],
    ["Удалённая карта", 7, null, "нет", null],
    ["Без имени без телефона", 0, null, "нет", 15],
  ]);
  const hundredths = (column: number) =>
    Остатки.slice(1).reduce((sum, row) => sum + Math.round(Number(row[column] ?? 0) * 100), 0);
  const [held] = await made.db<{ sum: number }[]>`select sum(points) as sum from bonuslog`;
  expect(hundredths(1) - hundredths(4)).toBe(held?.sum ?? 0);
});

test("an owner whose messenger speaks English reads English; each reason of the program has words in both", async () => {
  await using made = await ledger();
  await everyKind(made);
  const sheets = await sheetsOf((await made.write({ language: "en-GB" })).bytes);
  expect(Object.keys(sheets)).toEqual(["Changes", "Balances"]);
  const words = sheets.Changes?.flat().filter((cell) => typeof cell === "string") ?? [];
  expect(words.filter((cell) => /[А-Яа-яё]/.test(cell)).sort()).toEqual(
    expect.arrayContaining(["Анна …4567", "На Ленина", "Ольга", "given: -за ожидание"]),
  );
  expect(words).toEqual(
    expect.arrayContaining(["visit", "spending undone", "visit counted again: cancelled"]),
  );
  expect(sheets.Balances?.at(-1)).toEqual(["No name no phone", 0, null, "no", 15]);
  const line = { phone: null, name: null, forgotten: false, at: "", visitDay: null, of: null, points: 1 };
  for (const reason of [
    "no_show",
    "not_arrived",
    "not_paid",
    "nothing_paid",
    "paid_in_part",
    "paid_again",
    "too_little",
  ])
    for (const [language, letters] of [
      ["ru", /^пересчёт визита: [а-яё ]+$/],
      ["en", /^visit counted again: [a-z ]+$/],
    ] as const)
      expect(
        workbookWords(language).reason({
          ...{ ...line, kind: "correction", reason, bill: null, actor: "sync", company: null, branch: null },
        }),
      ).toMatch(letters);
});

test("points of an earlier programme, by whatever way they came, are said to be its", () => {
  const { author } = workbookWords("ru");
  const names = new Map([["telegram:601", "Ольга"]]);
  const actors = ["import:1", "list:7", "sync", "client:3", "admin:601", "admin:601,owner:max:9"];
  expect(actors.map((actor) => author(actor, names))).toEqual([
    ...["прежняя программа", "прежняя программа", "журнал YCLIENTS", "клиент", "Ольга", "Ольга, max:9"],
  ]);
});

test("days are those of the zone, and the balances are of the last of them", async () => {
  await using made = await ledger();
  await everyKind(made);
  const { counts, bytes } = await made.write({ from: "2026-03-11", to: "2026-03-11" });
  const { Изменения = [], Остатки = [] } = await sheetsOf(bytes);
  expect(counts).toEqual({ changes: 1, cards: 3 });
  expect(Изменения[1]?.[3]).toBe(35);
  expect(Остатки[1]?.slice(0, 3)).toEqual(["Анна …4567", 135, new Date("2026-03-02T00:00:00Z")]);
});

test("what a sheet does not take goes on in the next, under the same heading", async () => {
  await using made = await ledger();
  await everyKind(made);
  const sheets = await sheetsOf((await made.write({ maxRows: 6 })).bytes);
  expect(Object.entries(sheets).map(([name, rows]) => [name, rows.length])).toEqual([
    ["Изменения", 7],
    ["Изменения 2", 7],
    ["Изменения 3", 2],
    ["Остатки", 5],
  ]);
  expect(sheets["Изменения 3"]?.[0]).toEqual(sheets.Изменения?.[0] ?? []);
});

test("names that run the other way, that XML does not take, or that are formulas, are text", async () => {
  await using made = await ledger();
  await made.sql`update clients set name = ${'<&">\ufffe👩‍💻 =cmd|x'} where id = 1`;
  await made.sql`update clients set name = 'שרה' where id = 2`;
  const { Остатки = [] } = await sheetsOf((await made.write()).bytes);
  expect(Остатки.slice(1).map((row) => row[0])).toEqual(
    expect.arrayContaining(['<&">👩‍💻 =cmd|x …4567', "\u2068שרה\u2069 …4321"]),
  );
});

test("what the reader throws ends the workbook and frees the connection", async () => {
  await using made = await ledger();
  await made.sql`insert into bonuslog (client_id, kind, points, actor, key)
    select 1, 'credit', 1, 'admin:1', 'many:' || n from generate_series(1, 12000) n`;
  const { db } = made;
  let chunks = 0;
  const closed = () => {
    if (++chunks === 2) throw new Error("closed pipe");
  };
  for (let times = 0; times < 6; times++, chunks = 0)
    await expect(writeWorkbook(db, all, closed)).rejects.toThrow("closed pipe");
  expect([...(await db`select 1 as alive`)]).toEqual([{ alive: 1 }]);
});

/** What LibreOffice shows in each sheet, cells apart by `;`. */
async function inLibreOffice(bytes: Uint8Array): Promise<Record<string, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), "workbook-"));
  try {
    const book = join(folder, "book.xlsx");
    await Bun.write(book, bytes);
    // Semicolons, UTF-8, cells as they are shown, every sheet in a file of its own.
    const csv = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,true,false,false,-1";
    const words = [
      "--headless",
      `-env:UserInstallation=file://${folder}/profile`,
      "--convert-to",
      csv,
      "--outdir",
      folder,
      book,
    ];
    const ended = Bun.spawnSync(["soffice", ...words], {
      env: { ...process.env, LC_ALL: "C.UTF-8", HOME: folder },
    });
    expect([ended.exitCode, ended.stderr.toString()]).toEqual([0, expect.any(String)]);
    const files = readdirSync(folder).filter((name) => name.endsWith(".csv"));
    return Object.fromEntries(
      files.map((name) => [
        name.slice(5, -4),
        readFileSync(join(folder, name), "utf8").trimEnd().split("\n"),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

testWith({ LibreOffice: whereIs("soffice") })(
  "LibreOffice opens it: both sheets, dates as dates, sums as sums, formulas as text",
  async () => {
    await using made = await ledger();
    await everyKind(made);
    const { Изменения = [], Остатки = [] } = await inLibreOffice((await made.write()).bytes);
    expect(Изменения).toHaveLength(14);
    expect(Изменения.slice(0, 4)).toEqual([
      "Дата изменения;Дата визита;Клиент;Баллы;За что;Счёт, ₽;Кто;Филиал",
      "01.03.2026 12:00;;Анна …4567;100.00;остаток из прежней программы;;прежняя программа;",
      "11.03.2026 23:59;02.03.2026;Анна …4567;35.00;визит;3,500.00;журнал YCLIENTS;На Ленина",
      "12.03.2026 00:00;02.03.2026;Анна …4567;-35.00;пересчёт визита: визит отменён;0.00;журнал YCLIENTS;На Ленина",
    ]);
    expect(Остатки).toEqual([
      "Клиент;Баллы на карте;Последний визит;В мессенджере;Долг, баллы",
      "=1+1 …4321;1,009.99;;нет;",
      "Анна …4567;102.34;02.03.2026;да;",
      "Удалённая карта;7.00;;нет;",
      "Без имени без телефона;0.00;;нет;15.00",
    ]);
  },
);

test("a list of balances is called so, and what took it back is none that came", async () => {
  await using made = await ledger();
  const how = { veil: veilOf("partner"), known: null };
  const { list } = await importList(made.db, listOf(Buffer.from("+79001234567;100")), how);
  await takeBackList(made.db, list ?? 0, false);
  const { bytes } = await made.write();
  const { Изменения = [] } = await sheetsOf(bytes);
  expect(Изменения.slice(1).map((row) => [row[3], row[4], row[6]])).toEqual([
    [100, "остаток из прежней программы", "прежняя программа"],
    [-100, "остаток из прежней программы снят: ошибка при загрузке", "прежняя программа"],
  ]);
  const { Changes = [] } = await sheetsOf((await made.write({ language: "en" })).bytes);
  expect(Changes.at(-1)?.[4]).toBe("balance of the earlier programme taken off: a mistake in the list");
});

longTest(
  "a hundred thousand changes take no more memory than a few",
  async () => {
    await using made = await ledger();
    await made.sql`alter table bonuslog disable trigger user`;
    await made.sql`
      insert into bonuslog (id, client_id, kind, points, reason, actor, key, awarded_at, hash)
      select n, 1 + n % 3, 'credit', n % 1000 + 0.5, 'за ожидание', 'admin:601', 'many:' || n, now(), '\\x00'
      from generate_series(1, 100000) n`;
    Bun.gc(true);
    const before = process.memoryUsage().rss;
    let [most, bytes] = [0, 0];
    const counts = await writeWorkbook(made.db, all, (chunk) => {
      bytes += chunk.length;
      most = Math.max(most, process.memoryUsage().rss - before);
    });
    expect(counts.changes).toBe(100_000);
    expect(bytes).toBeGreaterThan(2_500_000);
    expect(most / 1e6).toBeLessThan(125); // 70, and the rows alone would be as much again
  },
  600_000,
);
