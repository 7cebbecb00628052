// Who has which card stands in `accounts`: what follows from it is on the card, and nothing else can put it there.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { brokenRule } from "../../src/db/connect.ts";
import { expectTable, freshDatabase, type TestDatabase } from "../helpers/db.ts";

let database: TestDatabase;

/** Three cards with phones, of which Anna's has an account in each of two messengers, and one without a phone. */
beforeEach(async () => {
  database = await freshDatabase();
  await database.sql`
    insert into clients (phone, name) values ('+79001234567', 'Анна'), ('+79007654321', 'Борис'), ('+79005550000', null), (null, 'Вера')`;
  await database.sql`
    insert into accounts (channel, external_id, client_id, linked_at) values
      ('telegram', '501', 1, '2026-03-01Z'), ('max', '502', 1, '2026-03-02Z'), ('max', '501', 2, '2026-03-03Z')`;
});
afterEach(() => database.drop());

const outcome = (statement: string) => database.sql.unsafe(statement).then(() => "taken", brokenRule);

const cards = (rows: (string | number | boolean | null)[][]) =>
  expectTable(
    database.sql,
    "select id, telegram_id, linked, last_account, had_from, unlinked_at is not null as let_go from clients order by id",
    rows,
  );

test("a card shows its number in Telegram alone, that it is linked, and who has it, or had it last", async () => {
  const { sql } = database;
  const nobody = [3, 4].map((card) => [card, null, false, null, null, false]);
  await cards([[1, 501, true, "max:502", null, false], [2, null, true, "max:501", null, false], ...nobody]);
  await sql`update clients set code = 'AAAABBBBCCCCDDDD' where id = 1`;
  const code = (code: string | null) => expectTable(sql, "select code from clients where id = 1", [{ code }]);
  await sql`update accounts set history_from = now() where account = 'max:502'`;
  await code("AAAABBBBCCCCDDDD");
  // Whoever leaves it keeps a picture of it.
  await sql`update accounts set external_id = '777' where account = 'telegram:501'`;
  await code(null);
  await sql`update clients set code = 'AAAABBBBCCCCDDDD' where id = 1`;
  await sql`delete from accounts where account = 'max:502'`;
  await code(null);
  await cards([
    [1, 777, true, "telegram:777", null, false],
    [2, null, true, "max:501", null, false],
    ...nobody,
  ]);
  await sql`delete from accounts where account in ('telegram:777', 'max:501')`;
  await cards([
    [1, null, false, "telegram:777", "2026-03-01T00:00:00.000Z", true],
    [2, null, false, "max:501", "2026-03-03T00:00:00.000Z", true],
    ...nobody,
  ]);
  await sql`insert into accounts (channel, external_id, client_id, linked_at) values ('telegram', '501', 2, '2026-03-04Z')`;
  // There and back: its number in Telegram stands on one card at a time.
  for (const card of [3, 2, 3])
    await sql`update accounts set client_id = ${card} where account = 'telegram:501'`;
  await cards([
    [1, null, false, "telegram:777", "2026-03-01T00:00:00.000Z", true],
    [2, null, false, "telegram:501", "2026-03-04T00:00:00.000Z", true],
    [3, 501, true, "telegram:501", null, false],
    [4, null, false, null, null, false],
  ]);
});

test("whoever takes another card keeps no picture that opens the first", async () => {
  const { sql } = database;
  await sql`update clients set code = 'AAAABBBBCCCCDDDD' where id = 1`;
  await sql`update accounts set client_id = 3 where account = 'max:502'`;
  await expectTable(sql, "select id, code from clients where linked order by id", [
    [1, null],
    [2, null],
    [3, null],
  ]);
});

const follow = "cards_follow_their_accounts";
const oneEach = "one_account_a_channel_on_a_card";
const account = (channel: string, id: string, card: number) =>
  `insert into accounts (channel, external_id, client_id) values ('${channel}', '${id}', ${card})`;
test.each([
  ["update clients set telegram_id = 502 where id = 1", follow],
  ["update clients set telegram_id = null", follow],
  ["update clients set telegram_id = 501 where id = 3", follow],
  ["update clients set linked = false, telegram_id = null where id = 1", follow],
  ["update clients set linked = true where id = 3", follow],
  ["update clients set name = 'Аня', telegram_id = 502 where id = 1", follow],
  ["insert into clients (phone, telegram_id) values ('+79005550001', 503)", follow],
  ["insert into clients (phone, linked) values ('+79005550001', true)", follow],
  [
    "insert into clients (phone) values ('+79007654321') on conflict (phone) do update set telegram_id = 503",
    follow,
  ],
  ["truncate accounts", follow],
  ["delete from clients where id = 1", "accounts_client_id_fkey"],
  // One account of each messenger a card, one card an account.
  [account("telegram", "503", 1), oneEach],
  [account("max", "503", 2), oneEach],
  ["update accounts set client_id = 2 where account = 'max:502'", oneEach],
  [account("telegram", "501", 3), "accounts_pkey"],
  [account("max", "501", 3), "accounts_pkey"],
  // Whatever messenger it is.
  [account("max", "503", 4), "only_a_card_with_a_phone_is_linked"],
  ["update clients set phone = null where id = 2", "only_a_card_with_a_phone_is_linked"],
  ["update clients set claimed_by = 'telegram:503' where id = 2", "a_linked_card_is_not_claimed"],
  ["update clients set left_for = 3, left_at = now() where id = 2", "only_a_card_without_an_account_is_left"],
  ["update clients set code = 'AAAABBBBCCCCDDDD' where id = 3", "only_a_linked_card_has_a_code"],
  ["update clients set had_from = now() where id = 2", "only_a_card_let_go_was_had"],
  [
    "update clients set phone = null, name = null, last_account = null, forgotten_at = now() where id = 2",
    "forgotten_cards_hold_nothing",
  ],
  [
    "update clients set phone = null, name = null, last_account = null, merged_into = 3, merged_at = now() where id = 2",
    "merged_cards_hold_nothing",
  ],
  ["update accounts set linked_at = null", null],
  // An account is named with its messenger.
  [account("telegram", "0501", 3), "telegram_ids_are_numbers"],
  [account("telegram", "anna", 3), "telegram_ids_are_numbers"],
  [account("Max", "503", 3), "channel_is_a_word"],
  [account("max", "5:3", 3), "external_id_is_a_word"],
  ["insert into consents (account, version) values ('501', '1')", "account_is_of_a_channel"],
  [
    "insert into dialogs (account, about, state, expires_at) values ('max', 'x', '{}', now())",
    "account_is_of_a_channel",
  ],
  ["insert into staff (account, name) values ('501', 'Ольга')", "account_is_of_a_channel"],
  [
    "insert into screens (bot, account, asked, step, expires_at) values (1, '601', 1, 'card', now())",
    "account_is_of_a_channel",
  ],
  ["update clients set claimed_by = '503' where id = 3", "accounts_are_of_a_channel"],
  ["update clients set last_account = '503' where id = 3", "accounts_are_of_a_channel"],
  [
    "update clients set history_opened_by = '503', history_opened_at = now() where id = 3",
    "accounts_are_of_a_channel",
  ],
])("refused, and nothing has changed: %s", async (statement, rule) => {
  const all = async () => [
    ...(await database.sql`select * from clients order by id`),
    ...(await database.sql`select * from accounts order by account`),
  ];
  const before = await all();
  if (rule === null) await expect(database.sql.unsafe(statement)).rejects.toThrow("not-null");
  else expect(await outcome(statement)).toBe(rule);
  expect<unknown>(await all()).toEqual(before);
});

test("both accounts of a card go at once: it is nobody's, whoever is first", async () => {
  const { sql } = database;
  const gone = Promise.withResolvers<void>();
  const first = sql.begin(async (tx) => {
    await tx`delete from accounts where account = 'telegram:501'`;
    gone.resolve();
    await Bun.sleep(300);
  });
  await gone.promise;
  await Promise.all([first, sql`delete from accounts where account = 'max:502'`]);
  await expectTable(sql, "select telegram_id, linked, last_account, had_from from clients where id = 1", [
    { telegram_id: null, linked: false, last_account: "max:502", had_from: "2026-03-02T00:00:00.000Z" },
  ]);
});
