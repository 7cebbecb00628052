/** Tests of taking over the earlier Python program: balances equal, nothing told, corrections by what changes since. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { forget } from "../../src/cards/forget.ts";
import { link } from "../../src/cards/link.ts";
import { veilOf } from "../../src/cards/veil.ts";
import { visitsSeen } from "../../src/client/history.ts";
import { whyTexts } from "../../src/client/why.texts.ts";
import { connect } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { OperatorError } from "../../src/errors.ts";
import { type Import, importProgram, rehearseImport } from "../../src/import/import.ts";
import { readOldProgram, serverAndDatabase } from "../../src/import/python.store.ts";
import type { Takeover } from "../../src/import/takeover.ts";
import { pointsInAll } from "../../src/ledger/ledger.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { pointsByDay } from "../../src/owners/figures.store.ts";
import { rehearse } from "../../src/visits/dry-run.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import { syncSince } from "../../src/visits/sync.ts";
import { emptyDatabase, expectTable } from "../helpers/db.ts";
import { type OldDatabase, oldDatabase } from "../helpers/old-program.ts";
import { programme } from "../helpers/programme.ts";
import { ANNA, BRANCH, openSalon, PETER, type Salon } from "../helpers/salon.ts";
import { schemaPage } from "../tools/schema.ts";

const [annas = "", peters = ""] = [ANNA.phone, PETER.phone];

let old: OldDatabase;
let salon: Salon;
let lines: string[];

beforeEach(async () => {
  old = await oldDatabase(BRANCH);
  salon = await openSalon({ programStart: null, now: "2026-03-10T09:00:00Z" });
  lines = [];
});
afterEach(async () => {
  await old.drop();
  await salon[Symbol.asyncDispose]();
});

const how = (): Import & { db: Salon["db"] } => ({
  ...{ db: salon.db, companyIds: [BRANCH], now: salon.clock.now },
  say: (line: string) => void lines.push(line),
});

async function bring(): Promise<Takeover> {
  const made = await readOldProgram(old.url, "another", (program) => importProgram(program, how()));
  // The import's moment is the database's clock; the salon's clock is behind it, so the test moves it back.
  await salon.db`update imported_awards set imported_at = ${salon.clock.now}`;
  return made;
}
const rehearsed = () => readOldProgram(old.url, "another", (program) => rehearseImport(program, how()));

/** A dry run writes nothing, and says what the import then says, line by line and sum by sum: those lines, those sums. */
async function bringAsRehearsed(): Promise<{ said: string[]; made: Takeover }> {
  const would = await rehearsed();
  const said = lines.splice(0);
  expect(await ledger()).toEqual([]);
  expect([...(await salon.db`select from clients`)]).toEqual([]);
  expect(await bring()).toEqual(would);
  expect(lines).toEqual(said);
  return { said, made: would };
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
  return "not refused";
}

const ledger = async () =>
  (
    await salon.db<{ line: string }[]>`
      select concat_ws(' ', b.kind, c.phone, b.points, b.reason, b.actor, b.key, b.is_telegram_notified) as line
      from bonuslog b join clients c on c.id = b.client_id order by b.id`
  ).map((row) => row.line);
const balance = async (phone: string) =>
  (
    await salon.db`select balance from balances b join clients c on c.id = b.client_id where phone = ${phone}`
  )[0]?.balance ?? 0;
const faults = async () => (await verifyLedger(salon.db, recordFaults)).faults;
/** What the rows of a record sum to on all cards. */
const sumOf = async (record: number) =>
  (
    await salon.db<{ sum: number }[]>`
      select coalesce(sum(b.points), 0) as sum from bonuslog a
      join bonuslog b on b.id = a.id or b.corrects = a.id and b.kind = 'correction' where a.record_id = ${record}`
  )[0]?.sum;
const why = async () => {
  const [anna] = await salon.db<{ id: number }[]>`select id from clients where phone = ${annas}`;
  const visits = await visitsSeen(salon.db, anna?.id ?? 0, salon.clock.now, 10, "staff");
  return visits.map((visit) => whyTexts("ru").line(visit, 2026, programme).replaceAll("\u00a0", " "));
};

/** Anna had 30 by hand and 35 of the old rounding for a visit of 3 550 ₽. */
async function annasVisit(cost = 355_000): Promise<number> {
  const record = salon.paid(ANNA, "2026-03-05T12:00:00Z", cost);
  const anna = await old.client({ yclients: ANNA.id, phone: "8 900 123-45-67", points: 30, telegram: 501 });
  await old.award(anna, record, Math.floor(cost / 10_000));
  return record;
}

/** One pass with everything of the past read too, as docs/from-python.md says. */
async function readAll(): Promise<void> {
  await syncSince(salon.sync, salon.branch, "2026-02-01");
  await salon.pass();
}

async function bringAndReadAll(): Promise<void> {
  await bring();
  await readAll();
}

describe("odd rows", () => {
  test("names come over in one line, phones as the database takes them, and the dry run says the same", async () => {
    const names = ["Анна\nНа карте: 100 000", "\u202eПётр\u061c", "\u3164", "Вера"];
    const phones = ["+8 900 123-45-67", "+49016513", "+31011111", "89001234567"];
    for (const [place, name] of names.entries())
      await old.client({ yclients: 9001 + place, phone: phones[place] ?? "", points: 10 + place, name });
    await bringAsRehearsed();
    const cards = await salon.db`
      select c.phone, c.name, b.balance from clients c join balances b on b.client_id = c.id order by b.balance`;
    expect([...cards]).toEqual([
      { phone: null, name: "Пётр", balance: 1_100 },
      { phone: null, name: null, balance: 1_200 },
      { phone: annas, name: "Вера", balance: 2_300 },
    ]);
    expect(await faults()).toEqual([]);
  });

  test("a clean dry run is a clean run, whatever stands in the rows", async () => {
    const text = fc
      .array(fc.integer({ min: 1, max: 0x10ffff }), { maxLength: 120 })
      .map((some) => String.fromCodePoint(...some).toWellFormed());
    const phone = fc.oneof(
      fc.stringMatching(/^\+?(8|7|49|43|31|380|84)?0?[0-9]{4,14}$/),
      fc.constantFrom("+49016513", "+8 900 123-45-67", "89001234567", "", "нет"),
      text,
    );
    const edge = (top: number) => fc.oneof(fc.nat({ max: 50 }), fc.constantFrom(-top - 1, -1, 0, 1, top));
    const row = fc.record({
      yclients: fc.oneof(fc.nat({ max: 300 }), edge(2 ** 31 - 1)),
      phone,
      // Seldom at the edge: six such rows of one phone are more than a card can hold, which both say.
      points: fc.oneof({ weight: 40, arbitrary: fc.nat({ max: 50 }) }, edge(2 ** 31 - 1)),
      name: text,
      telegram: fc.option(fc.oneof(edge(2 ** 53 - 1), fc.constant("9223372036854775807"))),
      member: fc.boolean(),
    });
    const award = fc.record({
      client: fc.nat({ max: 149 }),
      record: fc.oneof(fc.nat(), edge(2 ** 31 - 1)),
      points: fc.oneof({ weight: 40, arbitrary: fc.nat({ max: 50 }) }, edge(2 ** 31 - 1)),
      at: fc.constantFrom("2026-03-05T15:00:00Z", "infinity", "-infinity", "0001-01-01", "294276-12-31"),
    });
    const rows: number[] = [];
    for (const one of fc.sample(row, 150)) rows.push(await old.client(one));
    for (const { client, record, points, at } of fc.sample(award, 150))
      await old.sql`
        insert into bonuslog (record_id, client_id, points, awarded_at)
        values (${record}, ${rows[client] ?? 0}, ${points}, ${at}::text::timestamptz) on conflict do nothing`;
    const { made } = await bringAsRehearsed();
    expect(await faults()).toEqual([]);
    expect(await bring()).toMatchObject({ after: made.after, openings: 0 });
  });

  test("that the database refuses all the same is named by its row, and nothing is imported", async () => {
    await salon.database.sql`alter table clients add constraint odd check (name <> 'Неладная')`;
    const rows: number[] = [];
    for (const name of ["Анна", "Пётр", "Неладная", "Вера", "Ольга"])
      rows.push(await old.client({ yclients: 9001 + rows.length, phone: `+7900000000${rows.length}`, name }));
    expect(await refusal(bring())).toBe(
      `clients row ${rows[2]}: the database refuses it: odd. Nothing was imported.`,
    );
    expect(await salon.db`select from clients`).toHaveLength(0);
    await salon.database.sql`
      alter table clients drop constraint odd;
      alter table imported_awards add constraint odd check (record_id <> 13)`.simple();
    await old.award(rows[0] ?? 0, 12, 5);
    await old.award(rows[0] ?? 0, 13, 5);
    expect(await refusal(bring())).toBe(
      "bonuslog, record 13: the database refuses it: odd. Nothing was imported.",
    );
    expect(await salon.db`select from clients`).toHaveLength(0);
  });
});

describe("what comes over", () => {
  test("cards, links, awards with their own points and days, and an opening that makes each balance equal", async () => {
    const anna = await old.client({ yclients: 9001, phone: "+79001234567", points: 20, telegram: 501 });
    const peter = await old.client({ yclients: 9002, phone: "8 (900) 765-43-21", points: 5, name: "Пётр" });
    await old.award(anna, 101, 35, "2026-03-01T10:00:00.123456Z");
    await old.award(peter, 102, 12, "2026-03-02T10:00:00Z");
    await old.award(peter, 103, 0, "2026-03-03T10:00:00Z");
    await old.sql`update clients set points = points - 40 where id = ${peter}`; // spent at the till, with no history
    expect(await bring()).toEqual({
      ...{ companyId: BRANCH, lastChecked: new Date("2026-03-09T09:00:00Z") },
      ...{ clients: 2, cards: 2, claims: 1, awards: 2, awarded: 4700, empty: 1 },
      ...{ openings: 2, opened: -1500, before: 3200, leftOut: 0, after: 3200 },
      ...{ start: "2026-03-08", firstAward: "2026-03-01" },
    });
    expect(lines).toEqual([]);
    expect(await ledger()).toEqual([
      `award +79001234567 35.00 imported import:${BRANCH} visit:101 t`,
      `award +79007654321 12.00 imported import:${BRANCH} visit:102 t`,
      `opening +79001234567 20.00 import:${BRANCH} opening:${BRANCH}:1:1 t`,
      `opening +79007654321 -35.00 import:${BRANCH} opening:${BRANCH}:2:1 t`,
    ]);
    await expectTable(
      salon.database.sql,
      `select phone, c.name, claimed_by, telegram_id, yclients_client_id as person
       from clients c join yclients_clients y on y.client_id = c.id order by c.id`,
      [
        { phone: "+79001234567", name: "Анна", claimed_by: "telegram:501", telegram_id: null, person: 9001 },
        { phone: "+79007654321", name: "Пётр", claimed_by: null, telegram_id: null, person: 9002 },
      ],
    );
    await expectTable(
      salon.database.sql,
      "select extract(epoch from awarded_at) as at from bonuslog where record_id = 101",
      [{ at: "1772359200.123456" }],
    );
    expect([...(await salon.db`select * from notices`)]).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  test("a dry run says the same, line by line and sum by sum, and writes nothing", async () => {
    await old.client({ yclients: 9001, phone: "+79001234567", points: 20, telegram: 501 });
    await old.client({ yclients: 9003, phone: "79001234567", points: -7, telegram: 502 });
    await old.award(1, 101, 35);
    expect((await bringAsRehearsed()).said).toHaveLength(2);
  });

  test("again it adds nothing, and what came since by its difference", async () => {
    await annasVisit();
    await bring();
    const before = await ledger();
    await bring();
    expect(await ledger()).toEqual(before);
    await old.award(1, 777, 10);
    await old.sql`update clients set points = points - 5`;
    await bring();
    expect((await ledger()).slice(before.length)).toEqual([
      `award +79001234567 10.00 imported import:${BRANCH} visit:777 t`,
      `opening +79001234567 -5.00 import:${BRANCH} opening:${BRANCH}:1:2 t`,
    ]);
    expect(await faults()).toEqual([]);
  });

  test("a database that has been at work for itself is refused, and nothing is written", async () => {
    await annasVisit();
    await bringAndReadAll();
    const before = await ledger();
    expect(await refusal(bring())).toBe(
      "DATABASE_URL has read the journal already: an import comes before the first serve or sync. Nothing was \
imported. Give DATABASE_URL an empty database.",
    );
    await salon.db`
      insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 1, 'admin:7', 'op:1')`;
    expect(await refusal(bring())).toStartWith(
      "DATABASE_URL has 1 rows in its ledger that this import did not make",
    );
    expect(await refusal(rehearsed())).toStartWith("DATABASE_URL has 1 rows");
    expect((await ledger()).slice(0, -1)).toEqual(before);
  });

  test("a program of another branch is refused by its number", async () => {
    await old.sql`update syncstate set company_id = 99`;
    expect(await refusal(bring())).toBe(
      "The earlier program served branch 99, which COMPANY_ID does not name. Nothing was imported. Add it to \
COMPANY_ID, or check --from.",
    );
  });

  test("one phone in two spellings is one card, with the points of both", async () => {
    await old.client({ yclients: 1, phone: "+79001234567", points: 10, name: "Анна", telegram: 501 });
    await old.client({ yclients: 2, phone: "8 900 123 45 67", points: 5, name: "Анна П.", telegram: 501 });
    await bring();
    expect(lines).toEqual(["clients rows 1, 2: one client, so one card with the points of all"]);
    await expectTable(
      salon.database.sql,
      "select c.name, claimed_by, balance, array(select yclients_client_id from yclients_clients order by 1) as people from clients c join balances b on b.client_id = c.id",
      [{ name: "Анна П.", claimed_by: "telegram:501", balance: "15.00", people: ["1", "2"] }],
    );
  });

  test("a Telegram account on two cards, or a card with two accounts, is linked to none", async () => {
    await old.client({ yclients: 1, phone: "+79000000001", telegram: 501 });
    await old.client({ yclients: 2, phone: "+79000000002", telegram: 501 });
    await old.client({ yclients: 3, phone: "+79000000003", telegram: 503 });
    await old.client({ yclients: 3, phone: "89000000003", telegram: 504 });
    await old.client({ yclients: 5, phone: "+79000000005", telegram: -100 });
    expect((await bring()).claims).toBe(0);
    const again = "not linked until its owner shares the number again";
    expect(lines).toEqual([
      "clients row 5: its Telegram id is nobody's: not linked",
      "clients rows 3, 4: one client, so one card with the points of all",
      `clients rows 1, 2: one Telegram account: ${again}`,
      `clients rows 3, 4: several Telegram accounts: ${again}`,
    ]);
    expect(await salon.db`select from clients where linked or claimed_by is not null`).toHaveLength(0);
  });

  test("a client without a phone keeps the points, and the journal's phone brings them to its card", async () => {
    const record = salon.paid(PETER, "2026-03-09T12:00:00Z", 100_000);
    await old.client({ yclients: PETER.id, phone: "нет", points: 12, telegram: 502 });
    await old.award(1, 101, 35);
    await old.client({ yclients: PETER.id, phone: "", points: 3 });
    await bring();
    expect(await balance(peters)).toBe(0);
    expect(lines[0]).toBe(
      "clients row 1: its phone cannot be read: its points go to a card without a phone until the journal says one",
    );
    await salon.db`insert into clients (phone) values (${peters})`; // somebody asked the bot first
    await salon.pass();
    expect(await balance(peters)).toBe(6000);
    expect(lines).toContain(
      "clients rows 1, 2: a card without a phone: not linked until its owner shares the number again",
    );
    expect(await salon.ledger()).toContainEqual([`visit:${record}`, PETER.phone, 1000, "paid"]);
    expect(await faults()).toEqual([]);
  });
});

describe("what is not as it should be is named by its row and loses nothing", () => {
  test("columns that hold anything at all", async () => {
    await old.sql.unsafe(`
      alter table bonuslog drop constraint uix_record_id, drop constraint bonuslog_client_id_fkey,
        alter record_id drop not null, alter record_id type bigint, alter client_id drop not null,
        alter points drop not null, alter points type double precision,
        alter awarded_at drop not null, alter awarded_at type timestamp;
      alter table clients alter points drop not null, alter points type double precision,
        alter yclients_id drop not null, alter phone_number drop not null, alter name drop not null`);
    await old.client({ yclients: 1, phone: "+79000000001", points: 12.5, name: null });
    await old.client({ yclients: 2, phone: "+79000000002", points: null });
    await old.client({ yclients: 3, phone: "+79000000003", points: "NaN" });
    await old.client({ yclients: 4, phone: "+79000000004", points: "1e300" });
    await old.client({ yclients: null, phone: null, points: 9 });
    await old.client({ yclients: null, phone: "+79000000006", points: -4, member: false });
    await old.sql`
      insert into bonuslog (record_id, client_id, points, awarded_at) values
        (101, 1, 10, '2026-03-01'), (101, 1, 10, '2026-03-01'), (null, 1, 1, '2026-03-01'),
        (102, 2, 7, 'infinity'), (103, 77, 5, '2026-03-01'), (104, null, 5, '2026-03-01'),
        (105, 1, -3, '2026-03-01'), (106, 1, 'NaN', '2026-03-01'), (9223372036854775807, 1, 2, '2026-03-01'),
        (107, 4, 8, null)`;
    const made = await bring();
    expect(lines).toEqual([
      "clients row 2: its points are not a number: it holds what its awards sum to",
      "clients row 3: its points are not a number: it holds what its awards sum to",
      "clients row 4: its points are not a number: it holds what its awards sum to",
      "clients row 6: it had left the programme; here every client with a card earns",
      "clients row 6: it names no YCLIENTS client; its phone will tell",
      "clients row 5: neither its phone nor its YCLIENTS client can be read: 9.00 points are left out",
      "bonuslog row 2: record 101 has an earlier row: it counts in the balance only",
      "bonuslog row 3: it names no record: it counts in the balance only",
      "bonuslog row 4: its time cannot be: taken as awarded now",
      "bonuslog row 5: its client has no card: record 103 is done with and makes no points",
      "bonuslog row 6: its client has no card: record 104 is done with and makes no points",
      "bonuslog row 7: its points are negative: it counts in the balance only",
      "bonuslog row 8: its points are not a number: it counts in the balance only",
      "bonuslog row 9: it names no record: it counts in the balance only",
      "bonuslog row 10: its time cannot be: taken as awarded now",
    ]);
    expect(lines.join()).not.toMatch(/79000/);
    expect([made.before, made.leftOut, made.after]).toEqual([1250 + 700 + 800 + 900 - 400, 900, 2350]);
    await expectTable(
      salon.database.sql,
      "select right(phone, 1) as card, balance from balances b join clients c on c.id = b.client_id order by 1",
      [
        { card: "1", balance: "12.50" },
        { card: "2", balance: "7.00" },
        { card: "4", balance: "8.00" },
        { card: "6", balance: "-4.00" },
      ],
    );
    expect(await faults()).toEqual([]);
  });

  test("a database that is not the earlier program's is refused by what it lacks", async () => {
    await old.sql`alter table clients drop column phone_number`;
    await old.sql`drop table syncstate`;
    expect(await refusal(bring())).toBe(
      "--from is not the database of the earlier Python deployment: it has no clients.phone_number, \
syncstate.company_id, syncstate.last_checked. Nothing was touched. Its address is the DATABASE_URL of that deployment.",
    );
    await using empty = await emptyDatabase();
    const from = readOldProgram(empty.url, "another", async () => "read");
    expect(await refusal(from)).toStartWith("--from is not the database of the earlier Python deployment");
  });

  test("the same database under both addresses is refused, however it is spelled", async () => {
    const db = connect(old.url.replace("127.0.0.1", "localhost"), { max: 1 });
    const ours = await serverAndDatabase(db);
    await db.end();
    expect(await refusal(readOldProgram(old.url, ours, async () => "read"))).toStartWith(
      "--from and DATABASE_URL are one and the same database.",
    );
  });

  test("migrate refuses it with a sentence that names the import, and touches nothing", async () => {
    await annasVisit();
    const before = await schemaPage(old.sql);
    expect(await refusal(migrate(old.url))).toContain("`loyalty-bot import --from URL`");
    expect(await schemaPage(old.sql)).toBe(before);
    expect((await old.sql`select points from clients`)[0]?.points).toBe(65);
  });

  test("it is read as it was at one moment, while its program runs on, and stays as it was", async () => {
    await annasVisit();
    const before = [await schemaPage(old.sql), [...(await old.sql`select * from bonuslog`)]];
    const made = await readOldProgram(old.url, "another", async (program) => {
      await program.branches();
      await old.client({ yclients: 7, phone: "+79000000007", points: 1 });
      return importProgram(program, how());
    });
    expect([made.clients, made.after]).toEqual([1, 6500]);
    expect([await schemaPage(old.sql), [...(await old.sql`select * from bonuslog`)]]).toEqual(before);
  });
});

describe("an imported award", () => {
  test("a full sync after the import adds no row and tells nobody, and a dry run says so before", async () => {
    const record = await annasVisit();
    const small = salon.paid(PETER, "2026-03-06T12:00:00Z", 5_000);
    await old.award(await old.client({ yclients: PETER.id, phone: peters }), small, 0);
    await bring();
    const before = await ledger();
    const { db, sync } = salon;
    const { yclients, terms, now, veil } = sync;
    const rehearsal = { db, yclients, terms, programStart: null, now, veil };
    const verdicts = [];
    for await (const verdict of rehearse(rehearsal, BRANCH, "2026-02-01")) verdicts.push(verdict);
    expect(verdicts.map(({ recordId, word, points, change }) => [recordId, word, points, change])).toEqual([
      [small, "imported", 0, 0],
      [record, "awarded", 3500, 0],
    ]);
    for (const day of [1, 2]) {
      await readAll();
      await salon.sweep();
      salon.later(day * 60);
    }
    expect(await ledger()).toEqual(before);
    expect([...(await salon.db`select * from notices`)]).toEqual([]);
    expect(await salon.visits()).toEqual([
      [record, "awarded"],
      [small, "imported"],
    ]);
    expect(await why()).toEqual(["5 марта, 3 550 ₽: <b>+35</b>, перенесено из прежней программы"]);
    expect(await faults()).toEqual([]);
  });

  const journal = () => salon.journal;
  type Change = (record: number) => void;
  const edit =
    (kopecks: number): Change =>
    (record) => {
      journal().refund(record);
      journal().editPrice(record, kopecks);
      journal().pay(record);
    };
  const refund: Change = (record) => journal().refund(record);
  const pay: Change = (record) => journal().pay(record);
  const remove: Change = (record) => journal().remove(record);
  const restore: Change = (record) => journal().restore(record);
  const noShow: Change = (record) => journal().noShow(record);
  const touch: Change = (record) => journal().arrive(record);
  /** A change in the journal, what the rows of the record sum to then, and the reason of the row that it adds. */
  const after = (change: Change, sum: number, reason?: string) => ({ change, sum, reason });

  interface Life {
    is: string;
    cost?: number;
    before?: Change;
    /** Whether its visit is read as it was at the import, before anything changes. */
    read?: boolean;
    steps: ReturnType<typeof after>[];
  }
  const lives: Life[] = [
    { is: "edited: by what the edit changes", steps: [after(edit(400_000), 3950, "edited")] },
    {
      is: "refunded: in full, and back when it is paid again",
      steps: [after(refund, 0, "not_paid"), after(pay, 3500, "paid_again"), after(remove, 0, "deleted")],
    },
    {
      ...{ is: "edited down to less than the old rounding: never below nothing", cost: 199_00 },
      steps: [
        after(edit(50), 0, "edited"),
        after(edit(199_00), 100, "paid_again"),
        after(refund, 0, "not_paid"),
      ],
    },
    {
      ...{ is: "of no points: only what an edit adds", cost: 9_900 },
      steps: [after(touch, 0), after(edit(109_900), 1000, "paid"), after(refund, 0, "not_paid")],
    },
    {
      is: "refunded before the import: as it was, however often it is read; a new payment changes nothing",
      before: refund,
      steps: [
        ...[touch, remove, restore, pay].map((change) => after(change, 3500)),
        ...[after(edit(400_000), 3950, "edited"), after(refund, 0, "not_paid")],
      ],
    },
    { is: "deleted before the import: as it was", before: remove, steps: [after(touch, 3500)] },
    {
      ...{ is: "not read before it was refunded: in full", read: false },
      steps: [after(refund, 0, "not_paid"), after(pay, 3550, "paid_again")],
    },
    {
      ...{ is: "not read before it was touched: as it was", read: false },
      steps: [after(touch, 3500), after(refund, 0, "not_paid")],
    },
    { is: "a no-show since: in full", steps: [after(noShow, 0, "no_show")] },
  ];
  test.each(lives)("is $is", async ({ cost = 355_000, before, read = true, steps }) => {
    const record = await annasVisit(cost);
    before?.(record);
    await bring();
    await (read ? readAll() : salon.pass());
    expect(await sumOf(record)).toBe(Math.floor(cost / 10_000) * 100);
    for (const { change, sum, reason } of steps) {
      salon.later(2);
      const rows = (await ledger()).length;
      change(record);
      await salon.pass();
      expect(await sumOf(record)).toBe(sum);
      const added = (await salon.ledger()).slice(rows);
      expect(added.map(([, , , why]) => why)).toEqual(reason === undefined ? [] : [reason]);
      expect(await faults()).toEqual([]);
      await readAll();
      expect(await sumOf(record)).toBe(sum);
    }
  });

  test("stays on the card it was imported to, and goes with the record's client from then on", async () => {
    const record = await annasVisit();
    journal().changeClient(record, PETER); // before the import: the earlier program never followed
    await bringAndReadAll();
    expect(await balance(annas)).toBe(6500);
    salon.later(2);
    journal().changeClient(record, ANNA);
    await salon.pass();
    expect(await balance(annas)).toBe(6500);
    journal().changeClient(record, PETER);
    salon.later(2);
    await salon.pass();
    expect([await balance(annas), await balance(peters)]).toEqual([3000, 3500]);
    expect(await faults()).toEqual([]);
  });

  test("out of sight or without a client for now stands, and is not asked for again and again", async () => {
    const record = await annasVisit();
    journal().changeClient(record, null);
    await bringAndReadAll();
    expect([await sumOf(record), await salon.visits()]).toEqual([3500, []]);
    expect([...(await salon.db`select * from look_again`)]).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  test("says in /why what it was and what became of it", async () => {
    const record = await annasVisit();
    await bringAndReadAll();
    salon.later(2);
    edit(400_000)(record);
    await salon.pass();
    expect(await why()).toEqual([
      "5 марта, 4 000 ₽: <b>+39,5</b>, перенесено из прежней программы и пересчитано после изменений",
    ]);
    salon.later(2);
    journal().refund(record);
    await salon.pass();
    expect(await why()).toEqual(["5 марта, 4 000 ₽: <b>0</b>, оплата возвращена"]);
  });

  test("refunded before the import says that it was carried over", async () => {
    const record = await annasVisit();
    journal().refund(record);
    await bringAndReadAll();
    expect(await why()).toEqual(["5 марта, 3 550 ₽: <b>+35</b>, перенесено из прежней программы"]);
  });
});

describe("after the import", () => {
  /** Anna links her card, and asks to be forgotten. */
  async function linkAndForgetAnna(): Promise<void> {
    const keep = { now: salon.clock.now, veil: veilOf("secret") };
    await salon.db`insert into consents (account, version) values ('telegram:501', 'v')`;
    const proof = { account: "telegram:501", phone: annas, firstName: null, language: null, version: "v" };
    await link(salon.db, { ...proof, ...keep });
    const [row] = await salon.db<{ id: number }[]>`select id from clients where telegram_id = 501`;
    await forget(salon.db, "telegram:501", row?.id ?? 0, keep);
  }
  const namedCards = async () => [
    ...(await salon.db`select from clients where phone is not null or name is not null`),
  ];

  test("verify names an imported award that was tampered with, read or not", async () => {
    const record = await annasVisit();
    await bring();
    await salon.db`update imported_awards set points = 36`;
    expect(await faults()).toEqual([
      `Record ${record}: its rows on card 1 sum to 35.00, but the rule makes 36.00 of its last state: 1.00 too few.`,
    ]);
    await salon.db`update imported_awards set points = 35`;
    await readAll();
    expect(await faults()).toEqual([]);
    await salon.db`update visits set base = 0`;
    expect(await faults()).toEqual([
      `Record ${record}: its rows on card 1 sum to 35.00, but the rule makes 35.50 of its last state: 0.50 too few.`,
    ]);
  });

  test("statistics show awards on their days, and an opening on none", async () => {
    await annasVisit();
    await bring();
    const of = { companyIds: [BRANCH], timeZone: "Europe/Moscow", paidBy: "payments" as const, last: 99 };
    const march = { from: "2026-03-01", to: "2026-03-31" };
    expect([...(await pointsByDay(salon.db, march, of))]).toEqual([
      { day: "2026-03-05", given: 3500, spent: 0, expired: 0, bills: 0 },
    ]);
    expect(await pointsInAll(salon.db)).toEqual({ given: 6500, spent: 0, expired: 0 });
  });

  test("a person who asks to be forgotten is not brought back by the visits behind imported awards", async () => {
    const record = await annasVisit();
    const nothing = salon.paid(ANNA, "2026-03-06T12:00:00Z", 5_000);
    await old.award(1, nothing, 0);
    await bring();
    await linkAndForgetAnna();
    await readAll();
    expect(await salon.visits()).toEqual([
      [record, "awarded"],
      [nothing, "forgotten"],
    ]);
    expect(await namedCards()).toEqual([]);
    expect([...(await salon.db`select from visits where yclients_client_id is not null`)]).toEqual([]);
    expect([await sumOf(record), await faults()]).toEqual([3500, []]);
  });

  test("no import brings back who asked to be forgotten, whatever is known of them", async () => {
    await old.client({ yclients: 0, phone: "79001234567", points: 70 });
    await bring();
    await linkAndForgetAnna();
    expect(await refusal(bring())).toContain("has forgotten people who asked for it");
    expect(await namedCards()).toEqual([]);
  });

  test("what was paid since the earlier program stopped is awarded once, what it passed over before is not", async () => {
    await annasVisit();
    const passed = salon.paid(PETER, "2026-03-06T12:00:00Z", 100_000);
    const late = salon.paid(PETER, "2026-03-09T15:00:00Z", 200_000);
    const { start } = await bring();
    expect(start).toBe("2026-03-08");
    await readAll();
    await readAll();
    expect((await salon.ledger()).slice(2)).toEqual([[`visit:${late}`, PETER.phone, 2000, "paid"]]);
    expect((await salon.visits()).find(([record]) => record === passed)).toEqual([passed, "before_start"]);
    expect(await faults()).toEqual([]);
  });

  test("without a syncstate the last award says where it stopped, and a clock ahead of ours does not say the future", async () => {
    await annasVisit();
    await old.sql`delete from syncstate`;
    expect((await rehearsed()).start).toBe("2026-03-04");
    await old.sql`insert into syncstate values (${BRANCH}, '2031-01-01')`;
    expect((await rehearsed()).start).toBe("2026-03-09");
    expect(lines).toEqual([`syncstate: it names no branch: taken for ${BRANCH}`]);
  });
});
