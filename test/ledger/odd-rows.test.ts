/** Tests of what `verify` says of rows that no operation of the program explains, put in as the program's own role may. */
import { expect, test } from "bun:test";
import { brokenRule, connect, type Db, type Tx } from "../../src/db/connect.ts";
import { freshDatabase } from "../helpers/db.ts";
import { forge, rechained } from "../helpers/forge.ts";
import { proved } from "../helpers/proved.ts";

/** Cards 1 and 2, card 3 that went into card 1; one row or pair of every kind that the program writes, as it writes it. */
async function everyKind(): Promise<AsyncDisposable & { db: Db }> {
  const database = await freshDatabase();
  const db = connect(database.url, { max: 1 });
  await db`insert into companies (company_id) values (1)`;
  await db`insert into terms (percent, earn_on, earn_when, paid_by) values (1, 'services', 'paid', 'payments')`;
  await db`insert into clients (phone) values ('+79000000001'), ('+79000000002'), (null), (null)`;
  await db`insert into imported_awards (record_id, company_id, client_id, points, imported_at) values (90, 1, 1, 7, now())`;
  await db`
    insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
      services_paid, goods_paid, read_at, terms_id, decision)
    values (101, 1, 1, now(), '2026-08-01', false, true, 1, 500, 500, 0, now(), 1, 'awarded')`;
  const rows = [
    "1, 'award', 90, null, 7, null, 'import:1', 'visit:90'", // 1
    "1, 'opening', null, null, 20, null, 'import:1', 'opening:1:1:1'", // 2
    "2, 'opening', null, null, -3, null, 'import:1', 'opening:1:2:1'", // 3
    "1, 'award', 101, null, 4, 400, 'sync', 'visit:101'", // 4
    "1, 'correction', null, 4, 1, 500, 'sync', 'visit:101:2'", // 5
    "2, 'credit', null, null, 40, null, 'admin:9', 'op:9:1'", // 6
    "2, 'spend', null, null, -10, 100, 'admin:9,owner:8', 'op:7:9:2'", // 7
    "2, 'undo', null, 7, 10, null, 'admin:8', 'undo:7'", // 8
    "3, 'credit', null, null, 15, null, 'admin:9', 'till:7:telegram:9:3'", // 9
    "2, 'move', null, null, -5, null, 'admin:9', 'till:7:telegram:9:4:from'", // 10
    "1, 'move', null, null, 5, null, 'admin:9', 'till:7:telegram:9:4:to'", // 11
    "1, 'move', null, 11, -5, null, 'admin:9', 'undo:10:from'", // 12
    "2, 'move', null, 10, 5, null, 'admin:9', 'undo:10:to'", // 13
    "2, 'move', null, null, -1, null, 'client:2', 'move:01234567-89ab-cdef-0123-456789abcdef:from'", // 14
    "1, 'move', null, null, 1, null, 'client:2', 'move:01234567-89ab-cdef-0123-456789abcdef:to'", // 15
    "2, 'move', null, null, -1, null, 'admin:9', 'move:9:77:from'", // 16
    "1, 'move', null, null, 1, null, 'admin:9', 'move:9:77:to'", // 17
    "3, 'opening', null, null, -15, null, 'sync', 'opening:3:from'", // 18
    "1, 'opening', null, null, 15, null, 'sync', 'opening:3:to'", // 19
    "1, 'debit', null, 9, -15, null, 'admin:9', 'undo:9'", // 20
  ];
  await db.begin(async (tx) => {
    for (const row of rows) await add(tx, row);
    await tx`insert into spends (id, day, bill) values (7, '2026-08-01', 100)`;
    await tx`update clients set merged_into = 1, merged_at = now() where id = 3`;
  });
  const done = async () => {
    await db.end({ timeout: 1 });
    await database.drop();
  };
  return { db, [Symbol.asyncDispose]: done };
}

function add(sql: Db | Tx, row: string): Promise<unknown> {
  return sql.unsafe(`
    insert into bonuslog (client_id, kind, record_id, corrects, points, paid, actor, key) values (${row})`);
}

/** What verify says of the ledger after these changes. */
async function faultsAfter(change: (db: Db) => Promise<unknown>): Promise<string[]> {
  await using ledger = await everyKind();
  await change(ledger.db);
  const { faults } = await proved(ledger.db);
  return faults.filter((one) => !/ lots? |pays no debt/.test(one)); // lots.test.ts has these
}

test("each kind as the program writes it is sound, also with keys from before a bot and a branch were in them", async () => {
  expect(await faultsAfter(async () => {})).toEqual([]);
});

test("what those who work in another messenger did is explained as well", async () => {
  const rows = [
    "1, 'credit', null, null, 5, null, 'admin:max:9', 'till:7:max:9:5'",
    "1, 'move', null, null, -5, null, 'admin:max:9,owner:8', 'till:7:max:9:6:from'",
    "2, 'move', null, null, 5, null, 'admin:max:9,owner:8', 'till:7:max:9:6:to'",
    "2, 'debit', null, null, -5, null, 'admin:9,owner:max:a_B-8', 'till:7:telegram:9:7'",
  ];
  const put = async (db: Db) => {
    for (const row of rows) await add(db, row);
  };
  expect(await faultsAfter(put)).toEqual([]);
});

test("what the programme gives by itself, and takes back, is explained", async () => {
  const rows = [
    "2, 'welcome', null, null, 8, null, 'programme', 'welcome:2'", // 21
    "2, 'birthday', null, null, 8, null, 'programme', 'birthday:2:2026'", // 22
    "2, 'friend', null, null, 8, null, 'programme', 'friend:1:inviter'", // 23
    "2, 'friend', null, 23, -8, null, 'programme', 'friend:1:inviter:back'", // 24
  ];
  const put = async (db: Db) => {
    await db`
    insert into friends (friend, inviter, tied_at, friend_points, inviter_points, after_days, state, company_id, record_id, given_at, changed_at)
    values (1, 2, now(), 9, 8, 3, 'given', 1, 101, now(), now())`;
    for (const row of rows) await add(db, row);
  };
  expect(await faultsAfter(put)).toEqual([]);
});

const unpaired = "is not half of a pair that sums to zero.";
const by = (actor: string) => `is by "${actor}", who writes no such rows.`;
const key = (key: string) => `has the key "${key}", which such rows do not have.`;

/** Put in as whoever has the program's address may, openings aside; the next row is 21. What is said of each. */
const forged: [row: string, says: string][][] = [
  [["1, 'opening', null, null, 9999, null, 'sync', 'opening:9:to'", unpaired]],
  [["1, 'opening', null, null, 9999, null, 'import:1', 'opening:1:1:2'", "comes after the import was over."]],
  [
    [
      "2, 'opening', null, null, -5, null, 'sync', 'opening:2:from'",
      "is of no merge: card 2 did not go into card 1.",
    ],
    [
      "1, 'opening', null, null, 5, null, 'sync', 'opening:2:to'",
      "is of no merge: card 2 did not go into card 1.",
    ],
  ],
  [
    [
      "1, 'award', 91, null, 9, null, 'import:1', 'visit:91'",
      `${by("import:1")}\nRecord 91: its award gives card 1 9.00, but no visit is stored.`,
    ],
  ],
  [["2, 'move', null, null, 9, null, 'admin:9', 'op:7:9:9:to'", unpaired]],
  [
    ["1, 'move', null, null, -1, null, 'admin:9', 'op:7:9:9:from'", unpaired],
    ["2, 'move', null, null, 9, null, 'admin:9', 'op:7:9:9:to'", unpaired],
  ],
  [
    [
      "1, 'move', null, null, -1, null, 'client:2', 'move:01234567-89ab-cdef-0123-456789abcdee:from'",
      by("client:2"),
    ],
    [
      "2, 'move', null, null, 1, null, 'client:2', 'move:01234567-89ab-cdef-0123-456789abcdee:to'",
      by("client:2"),
    ],
  ],
  [["1, 'undo', null, 7, 10, null, 'admin:9', 'undo:07'", "takes back row 7, which is on card 2."]],
  [["2, 'undo', null, 7, 10, null, 'admin:9', 'undo:7:2'", key("undo:7:2")]],
  [
    ["2, 'spend', null, null, -10, 100, 'admin:9', 'op:7:9:9'", "has no bill of 100.00 in spends."],
    ["2, 'undo', null, 21, 10, null, 'programme', 'undo:21'", by("programme")],
  ],
  [["2, 'undo', null, 6, -4, null, 'admin:9', 'undo:6'", "takes back row 6, whose points are 40.00."]],
  [["1, 'undo', null, 4, -4, null, 'admin:9', 'undo:4'", "names row 4, a award, which it cannot take back."]],
  [
    [
      "2, 'credit', null, 6, 40, null, 'admin:9', 'undo:6'",
      "names row 6, a credit, which it cannot take back.",
    ],
  ],
  [["2, 'spend', null, null, -10, 100, 'admin:9', 'op:7:9:9'", "has no bill of 100.00 in spends."]],
  [["2, 'spend', null, null, -10, 9, 'admin:9', 'op:7:9:9'", "takes more than its bill, or nothing."]],
  [["1, 'credit', null, null, 9, null, 'sync', 'op:7:9:9'", by("sync")]],
  [["1, 'welcome', null, null, 9, null, 'programme', 'welcome:2'", key("welcome:2")]],
  [["1, 'birthday', null, null, 9, null, 'programme', 'birthday:1'", key("birthday:1")]],
  [["1, 'friend', null, null, 9, null, 'programme', 'friend:2'", key("friend:2")]],
  [
    [
      "1, 'friend', null, null, 9, null, 'programme', 'friend:2:friend'",
      "is of no invitation that promised so much.",
    ],
  ],
  [
    [
      "1, 'friend', null, 6, -40, null, 'programme', 'op:9:1:back'",
      "names row 6, a credit, which it cannot take back.",
    ],
  ],
  [["1, 'credit', null, null, 9, null, 'admin:9', 'gift'", key("gift")]],
  [["1, 'debit', null, null, -9, null, 'admin:x', 'op:7:9:9'", by("admin:x")]],
  [["1, 'credit', null, null, 9, null, 'admin:telegram:9', 'op:7:9:9'", by("admin:telegram:9")]],
  [["1, 'credit', null, null, 9, null, 'admin:max:9', 'till:7:max:9:9:1'", key("till:7:max:9:9:1")]],
  [
    ["1, 'correction', null, 4, 9, null, 'admin:9', 'visit:101:3'", by("admin:9")],
    ["1, 'correction', null, 4, -9, null, 'sync', 'visit:102:3'", key("visit:102:3")],
  ],
  [["1, 'correction', null, 6, 9, null, 'sync', 'op:9:1:3'", "names row 6, a credit and not an award."]],
];

test.each(forged.map((rows) => [rows]))("named: %j", async (rows) => {
  const adding = async (db: Db) => {
    await db`alter table bonuslog disable trigger bonuslog_import_comes_first`;
    await db`alter table bonuslog disable trigger bonuslog_openings_are_of_merges`;
    await db`alter table bonuslog disable trigger bonuslog_gifts_of_friends`;
    await db`alter table bonuslog disable trigger bonuslog_returns_what_is_off_the_bill`;
    for (const [row] of rows) await add(db, row);
  };
  const sentences = rows.flatMap(([row, says], at) => {
    const [card, kind, , , points] = row.replaceAll("'", "").split(", ");
    return `Row ${21 + at}: this ${kind} of ${points}.00 on card ${card} ${says}`.split("\n");
  });
  expect(await faultsAfter(adding)).toEqual(sentences);
});

test("an opening of no merge, or after the import, is refused by the database itself", async () => {
  await using ledger = await everyKind();
  const refusal = (...rows: string[]) =>
    ledger.db
      .begin(async (tx) => {
        for (const row of rows) await add(tx, row);
        if (rows.length === 3) await tx`update clients set merged_into = 1, merged_at = now() where id = 4`;
      })
      .then(() => "taken", brokenRule);
  for (const [rule, ...rows] of [
    ["openings_are_of_merges", "1, 'opening', null, null, 9999, null, 'sync', 'opening:9:to'"],
    ["openings_are_of_merges", "1, 'opening', null, null, 9999, null, 'admin:9', 'opening:3:to:2'"],
    [
      "openings_are_of_merges",
      "2, 'opening', null, null, -5, null, 'sync', 'opening:2:from'",
      "1, 'opening', null, null, 5, null, 'sync', 'opening:2:to'",
    ],
    [
      "openings_are_of_merges",
      "4, 'credit', null, null, 5, null, 'admin:9', 'op:7:9:8'",
      "4, 'opening', null, null, -5, null, 'sync', 'opening:4:from'",
      "1, 'opening', null, null, 9999, null, 'sync', 'opening:4:to'",
    ],
    ["an_import_comes_first", "1, 'opening', null, null, 9999, null, 'import:1', 'opening:1:1:2'"],
    ["an_import_comes_first", "1, 'award', 91, null, 9999, null, 'import:1', 'visit:91'"],
  ] as const)
    expect(await refusal(...rows)).toBe(rule);
});

test("what only an owner can do, with every hash made to fit, is named too", async () => {
  const changed = (statement: string) => faultsAfter((db) => forge(db, `${statement}; ${rechained(1)}`));
  expect(await changed("update bonuslog set points = 39 where id = 6")).toEqual([]); // only a seal tells
  expect(await changed("update bonuslog set points = 9 where id = 13")).toEqual([
    "Row 12: this move of -5.00 on card 1 is not half of a pair that sums to zero.",
    "Row 13: this move of 9.00 on card 2 is not half of a pair that sums to zero.",
  ]);
  expect(
    await changed(
      "alter table bonuslog drop constraint kind_is_known; update bonuslog set kind = 'gift' where id = 6",
    ),
  ).toEqual(["Row 6: this gift of 40.00 on card 2 is of a kind that the program does not write."]);
  expect(
    await changed("update bonuslog set client_id = 3, awarded_at = now() + interval '1 day' where id = 6"),
  ).toEqual([
    "Row 6: this credit of 40.00 on card 3 is on a card that had gone into card 1.",
    "Card 3: it has gone into card 1 and still holds 40.00.",
    "Row 7: this spend of 10.00 left card 2 13.00 below zero.",
    "Row 10: this move of 5.00 left card 2 8.00 below zero.",
    "Row 14: this move of 1.00 left card 2 4.00 below zero.",
    "Row 16: this move of 1.00 left card 2 5.00 below zero.",
  ]);
  expect(await changed("update spends set id = 6, bill = 100")).toEqual([
    "Row 6: this credit of 40.00 on card 2 has a bill in spends and is no spend.",
    "Row 7: this spend of -10.00 on card 2 has no bill of 100.00 in spends.",
  ]);
});
