/** Tests of what the database itself refuses in the ledger, by raw SQL, and of the hash it writes. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { expectTable, freshDatabase, refusal, type TestDatabase } from "../helpers/db.ts";

let database: TestDatabase;
let keys = 0;

beforeAll(async () => {
  database = await freshDatabase();
  await database.sql`insert into clients (phone) values ('+79000000001'), ('+79000000002')`;
  await insert({ kind: "award", record_id: 101, points: "5.00" }); // 1
  await insert({ kind: "credit", points: "10.00", reason: "Подарок ко дню рождения", actor: "admin:9" }); // 2
  await insert({ kind: "spend", points: "-4.00", paid: "100.00", actor: "admin:9" }); // 3
  await insert({ kind: "undo", points: "4.00", corrects: 3, actor: "admin:9" }); // 4
  await insert({ kind: "correction", points: "-2.50", corrects: 1, paid: "250.00" }); // 5
  await insert({ client_id: 2, kind: "move", points: "1.00" }); // 6
});
afterAll(() => database.drop());

type Row = Record<string, string | number | Date | null>;

/** Adds a row that is in order but for what is given. */
async function insert(row: Row): Promise<void> {
  keys += 1;
  const whole = { client_id: 1, kind: "credit", points: "1.00", actor: "sync", key: `test:${keys}`, ...row };
  await database.sql`insert into bonuslog ${database.sql(whole)}`;
}

/** Expects the work to be refused by this rule, and the ledger as it was. */
async function expectRefused(work: () => Promise<unknown>, refusedBy: string): Promise<void> {
  const all = async () => [...(await database.sql`select * from bonuslog order by id`)];
  const before = await all();
  expect(await refusal(work())).toBe(refusedBy);
  expect(await all()).toEqual(before);
}

const below = "spending_never_goes_below_zero";
const rows: [name: string, row: Row, refusedBy: string][] = [
  ["zero points", { points: "0.00" }, "points_are_never_zero"],
  ["three decimals", { points: "1.005" }, "points_have_two_decimals"],
  ["a thousandth", { points: "0.001" }, "points_have_two_decimals"],
  ["what is no number", { points: "NaN" }, "points_have_two_decimals"],
  ["endless points", { points: "Infinity" }, "points_have_two_decimals"],
  ["ten thousand million points", { points: "10000000000.00" }, "points_have_two_decimals"],
  ["a second award of a record", { kind: "award", record_id: 101 }, "one_award_a_record"],
  ["a duplicate key", { key: "test:1" }, "done_once_a_key"],
  ["a phone in the reason", { reason: "звонил +7 900 123-45-67" }, "reason_has_no_phone"],
  ["a bare phone in the reason", { reason: "89001234567" }, "reason_has_no_phone"],
  ["a phone in brackets", { reason: "(900)1234567" }, "reason_has_no_phone"],
  ["a phone with dots", { reason: "8.900.123.45.67" }, "reason_has_no_phone"],
  ["a phone without its code", { reason: "перезвонить 123-45-67" }, "reason_has_no_phone"],
  ["a long reason", { reason: "я".repeat(101) }, "reason_is_short"],
  ["a new line in the reason", { reason: "one\ntwo" }, "reason_is_one_line"],
  ["a control character in the reason", { reason: "one\u0007two" }, "reason_is_one_line"],
  ["a key with a space", { key: "visit: 1" }, "key_and_actor_are_one_word"],
  ["an empty key", { key: "" }, "key_and_actor_are_one_word"],
  ["a long key", { key: "k".repeat(201) }, "key_and_actor_are_one_word"],
  ["an actor with a space", { actor: "admin 9" }, "key_and_actor_are_one_word"],
  ["an award that takes", { kind: "award", record_id: 9, points: "-1.00" }, "points_have_a_sign_by_kind"],
  ["a credit that takes", { kind: "credit", points: "-1.00" }, "points_have_a_sign_by_kind"],
  ["a spend that gives", { kind: "spend", points: "1.00" }, "points_have_a_sign_by_kind"],
  ["a debit that gives", { kind: "debit", points: "1.00" }, "points_have_a_sign_by_kind"],
  ["an award without its record", { kind: "award" }, "only_awards_name_their_record"],
  ["a credit with a record", { record_id: 9 }, "only_awards_name_their_record"],
  ["a correction without its award", { kind: "correction" }, "corrections_name_their_award"],
  ["an undo of nothing", { kind: "undo" }, "corrections_name_their_award"],
  ["a correction of no row", { kind: "correction", corrects: 99 }, "bonuslog_corrects_fkey"],
  ["a row of no card", { client_id: 99 }, "bonuslog_client_id_fkey"],
  ["a paid sum that is no number", { paid: "NaN" }, "paid_is_a_number"],
  ["a kind of no name", { kind: "gift" }, "kind_is_known"],
  ["a spend beyond the card", { kind: "spend", points: "-12.51" }, below],
  ["a debit beyond the card", { kind: "debit", points: "-12.51" }, below],
  ["an undo beyond the card", { kind: "undo", points: "-12.51", corrects: 2 }, below],
  ["a move beyond the card", { client_id: 2, kind: "move", points: "-1.01" }, below],
];

test.each(rows)("a row is refused: %s", (_, row, refusedBy) => expectRefused(() => insert(row), refusedBy));

const allowed: [name: string, row: Row][] = [
  ["a sum in the reason", { reason: "Скидка 1500 за 2 визита" }],
  ["a date in the reason", { reason: "за 31.12.2026" }],
  ["a reason of 100 letters", { reason: "я".repeat(100) }],
  ["no reason", { reason: null }],
  ["one decimal", { points: "1.5" }],
  ["zeros beyond the hundredths", { points: "1.500" }],
  ["a whole number", { points: "2" }],
  ["a spend of all there is", { kind: "spend", points: "-12.50" }],
  ["a reversal below zero", { kind: "correction", points: "-500.00", corrects: 1 }],
];

test.each(allowed)("a row is taken: %s", async (_, row) => {
  const taken = database.sql.begin(async (tx) => {
    const usual = { client_id: 1, kind: "credit", points: "1.00", actor: "sync", key: "test:allowed" };
    const whole: Row = { ...usual, ...row };
    await tx`insert into bonuslog ${tx(whole)}`;
    const [added] = await tx`select id, points, reason from bonuslog where key = 'test:allowed'`;
    expect(added).toEqual({ id: "7", points: Number(whole.points).toFixed(2), reason: whole.reason ?? null });
    throw new Error("taken back");
  });
  await expect(taken).rejects.toThrow("taken back");
});

const only = "the_ledger_only_grows";
const statements: [statement: string, refusedBy: string][] = [
  ["update bonuslog set points = 6 where id = 1", only],
  ["update bonuslog set reason = 'x' where id = 2", only],
  ["update bonuslog set id = 77 where id = 6", only],
  ["update bonuslog set hash = '\\x00' where id = 6", only],
  ["update bonuslog set points = 6, is_telegram_notified = true where id = 1", only],
  ["update bonuslog set reason = null, is_telegram_notified = true where id = 2", only],
  ["update bonuslog set awarded_at = now(), is_telegram_notified = true where id = 1", only],
  ["update bonuslog set is_telegram_notified = false where id = 1", only],
  ["delete from bonuslog where id = 6", only],
  ["delete from bonuslog", only],
  ["truncate bonuslog cascade", only],
  ["truncate bonuslog restart identity cascade", only],
  ["delete from clients where id = 1", "bonuslog_client_id_fkey"],
  [
    `insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 3, 'x', 'test:1')
     on conflict (key) do update set points = excluded.points`,
    only,
  ],
];

test.each(statements)("the database refuses: %s", (statement, refusedBy) =>
  expectRefused(() => database.sql.unsafe(statement), refusedBy),
);

test("the flag goes up, again and again, and never down", async () => {
  const flag = (to: boolean) =>
    refusal(database.sql`update bonuslog set is_telegram_notified = ${to} where id = 4`);
  expect([await flag(true), await flag(true), await flag(false)]).toEqual(["taken", "taken", only]);
  await expectTable(database.sql, "select id from bonuslog where is_telegram_notified order by id", [
    { id: 4 },
  ]);
});

test("a row is refused: a year that the program cannot read", async () => {
  for (const day of ["10000-01-02", "0044-03-15 BC"])
    expect(
      await refusal(
        database.sql.unsafe(`insert into bonuslog (client_id, kind, points, actor, key, awarded_at)
          values (1, 'credit', 1, 'admin:9', 'test:year', '${day}')`),
      ),
    ).toBe("awarded_in_a_year_of_four_digits");
});

test("a row cannot choose its id or its hash", async () => {
  const chosen = database.sql.begin(async (tx) => {
    await tx`
      insert into bonuslog (id, hash, client_id, kind, points, actor, key)
      values (500, '\\x00', 1, 'credit', 1, 'x', 'test:chosen')`;
    const [row] = await tx<{ id: string; size: number }[]>`
      select id, length(hash) as size from bonuslog where key = 'test:chosen'`;
    expect(row).toEqual({ id: "7", size: 32 });
    throw new Error("taken back");
  });
  await expect(chosen).rejects.toThrow("taken back");
});

test("balances are the sums of the rows", async () => {
  await expectTable(database.sql, "select client_id, balance from balances order by client_id", [
    { client_id: 1, balance: "12.50" },
    { client_id: 2, balance: "1.00" },
  ]);
});

test("the hash is sha256 of the hash before and of the row as the schema writes it down", async () => {
  const read = await database.sql<Record<string, string | null>[]>`
    select id, client_id, kind, record_id, corrects, points, paid, actor, key, reason,
      (extract(epoch from awarded_at) * 1000000)::bigint::text as micros, encode(hash, 'hex') as hash
    from bonuslog order by id`;
  let previous = Buffer.alloc(0);
  for (const row of read) {
    const { id, client_id, kind, record_id, corrects, points, paid, actor, key, micros, reason } = row;
    const text = [
      ...[id, client_id, kind, record_id ?? "-", corrects ?? "-", points, paid ?? "-", actor, key, micros],
      reason ?? "",
    ].join(" ");
    previous = createHash("sha256").update(previous).update(text, "utf8").digest();
    expect(`${id} ${row.hash}`).toBe(`${id} ${previous.toString("hex")}`);
  }
  expect(read).toHaveLength(6);
});
