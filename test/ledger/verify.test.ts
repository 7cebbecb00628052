/** Tests of `verify`: a sound ledger has no fault, and each way of tampering with one is named. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { connect, type Db } from "../../src/db/connect.ts";
import { brokenTail } from "../../src/ledger/chain.store.ts";
import type { Proof } from "../../src/ledger/verify.ts";
import { keepDigest } from "../../src/owners/digests.store.ts";
import { freshDatabase, type TestDatabase } from "../helpers/db.ts";
import { fitted, forge, rechained } from "../helpers/forge.ts";
import { proved } from "../helpers/proved.ts";
import { expectSound } from "../helpers/sound.ts";

let database: TestDatabase;
let db: Db;

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.url);
});
afterEach(async () => {
  await db.end({ timeout: 1 });
  await database.drop();
});

/** Two cards; record 101 paid 500.00 and corrected from 400.00, record 102 refunded, record 103 of somebody forgotten. */
async function salonDay(): Promise<void> {
  await db`insert into companies (company_id) values (1)`;
  await db`insert into terms (percent, earn_on, earn_when, paid_by) values (1, 'services,goods', 'paid', 'payments')`;
  await db`insert into clients (phone) values ('+79000000001'), ('+79000000002')`;
  await db`
    insert into visits (record_id, company_id, yclients_client_id, client_id, starts_at, day, deleted, paid_full,
      attendance, price, services_paid, goods_paid, read_at, terms_id, decision)
    select id, 1, yclients, card, now(), '2026-08-01', false, full_, 1, 500, paid, 0, now(), terms, decision
    from (values
      (101, 11, 1, true, 500, 1, 'awarded'),
      (102, 12, 2, false, 0, 1, 'not_paid'),
      (103, null, 2, true, 300, 1, 'awarded'),
      (104, null, null, true, 700, null, 'forgotten'),
      (105, null, null, true, 700, null, 'no_client'),
      (106, 11, 1, true, 900, null, 'before_start')
    ) as v (id, yclients, card, full_, paid, terms, decision)`;
  await row(1, "award", "4.00", { record: 101 }); // 1
  await row(2, "award", "2.00", { record: 102 }); // 2
  await row(1, "correction", "1.00", { corrects: 1 }); // 3
  await row(2, "correction", "-2.00", { corrects: 2 }); // 4
  await row(2, "award", "3.00", { record: 103 }); // 5
  await row(1, "spend", "-5.00"); // 6
  await row(1, "credit", "10.00"); // 7
  await row(1, "undo", "-10.00", { corrects: 7 }); // 8
}

let keys = 0;
/** A row as the program would write it; a spend with its bill. */
async function row(
  card: number,
  kind: string,
  points: string,
  names: { record?: number; corrects?: number } = {},
): Promise<void> {
  const { record = null, corrects = null } = names;
  const actor = ["award", "correction"].includes(kind) ? "sync" : "admin:9";
  const asked = `op:7:9:${++keys}`;
  await db`
    with added as (
      insert into bonuslog (client_id, kind, points, record_id, corrects, actor, key, paid)
      select ${card}, ${kind}, ${points}::text::numeric, ${record}, ${corrects}::bigint, ${actor},
        case ${kind} when 'award' then 'visit:' || ${record}::bigint when 'undo' then 'undo:' || ${corrects}::bigint
          when 'correction' then coalesce(
            (select 'visit:' || record_id || ':' || ${keys}::int from bonuslog where id = ${corrects}::bigint), ${asked})
          else ${asked} end,
        case when ${kind} = 'spend' then 100 end
      returning id, kind)
    insert into spends (id, day, bill) select id, '2026-08-01', 100 from added where kind = 'spend'`;
}

const tamper = (statement: string) => forge(db, statement);

/** All but those of lots, which a forged row leaves behind as well: `lots.test.ts` has these. */
const notOfLots = (found: readonly string[]) => found.filter((one) => !/ lots? /.test(one));

async function faults(): Promise<string[]> {
  return notOfLots((await proved(db)).faults);
}

const misfit = (id: number) => `the hash of row ${id} does not fit its contents and the row before it.`;

/** What the undo in row 8 takes back, once row 7 was changed. */
const notUndone = (points: string) =>
  `Row 8: this undo of -10.00 on card 1 takes back row 7, whose points are ${points}.`;

/** A row as the trigger would chain it, without its guards. */
const chained = (id: number, values: string, corrects = "null") => `
  insert into bonuslog (id, client_id, kind, points, actor, key, corrects, hash)
  values (${id}, ${values}, ${corrects}, ''); ${fitted(id)}`;

const sealOf = async (id: number) => {
  const [row] = await db<
    { hash: string }[]
  >`select encode(hash, 'hex') as hash from bonuslog where id = ${id}`;
  return { day: null, rows: id, hash: row?.hash ?? "" };
};

test("an empty ledger is sound and has a seal", async () => {
  expect(await proved(db)).toEqual({
    seal: { rows: 0, owed: 0, hash: "-" },
    lost: 0,
    contains: [],
    faults: [],
  });
});

test("an import's award that imported_awards does not have, with a visit made up for it, is named", async () => {
  await db`insert into clients (phone) values ('+79000000001')`;
  await db`
    insert into bonuslog (client_id, kind, record_id, points, actor, key)
    values (1, 'award', 99, 7, 'import:1', 'visit:99')`;
  await db`insert into companies (company_id) values (1)`;
  await db`insert into terms (percent, earn_on, earn_when, paid_by) values (1, 'services', 'paid', 'payments')`;
  await db`
    insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
      services_paid, goods_paid, read_at, terms_id, decision)
    values (99, 1, 1, now(), '2026-08-01', false, true, 1, 700, 700, 0, now(), 1, 'awarded')`;
  expect(await faults()).toEqual([
    "Record 99: imported_awards says that an import gave it 0.00, but in the ledger it gave 7.00.",
  ]);
});

test("of many faults fifty are listed and the rest counted, however many batches they fill", async () => {
  await db`insert into clients (phone) values ('+79000000001')`;
  await db`insert into bonuslog (client_id, kind, points, actor, key)
    select 1, 'credit', 1, 'admin:1', 'op:1:' || n from generate_series(1, 6000) n`;
  await tamper("update bonuslog set hash = sha256('x')");
  const found = await faults();
  expect(found.length).toBe(51);
  expect(found[0]).toBe(`Row 1: ${misfit(1)}`);
  expect(found[50]).toBe("and 5950 more");
});

describe("after a day of the salon", () => {
  beforeEach(salonDay);

  test("a day of awards, corrections, a forgotten client, a spend and an undo is sound", async () => {
    const [last] = await db<
      { hash: string }[]
    >`select encode(hash, 'hex') as hash from bonuslog where id = 8`;
    expect(await proved(db)).toEqual({
      seal: { rows: 8, owed: 300, hash: last?.hash ?? "" },
      lost: 0,
      contains: [],
      faults: [],
    });
  });

  test("telling a client changes nothing that is proved", async () => {
    const before = await proved(db);
    await db`update bonuslog set is_telegram_notified = true`;
    expect(await proved(db)).toEqual(before);
  });

  test("a debt that a refund left is no overdraft, and later spending is judged at its place", async () => {
    await db`update visits set paid_full = false, decision = 'not_paid' where record_id = 101`;
    await row(1, "correction", "-5.00", { corrects: 1 });
    await row(1, "credit", "20.00");
    await row(1, "spend", "-15.00");
    await expectSound(db);
  });

  test("a changed old row is named, and so is the row after it when its hash was made to fit", async () => {
    await tamper("update bonuslog set points = 11.00 where id = 7");
    expect(await faults()).toEqual([`Row 7: ${misfit(7)}`, notUndone("11.00")]);
    await tamper(fitted(7));
    expect(await faults()).toEqual([`Row 8: ${misfit(8)}`, notUndone("11.00")]);
  });

  test("every column but the flag is under the hash", async () => {
    await row(2, "credit", "1.00"); // 9
    await row(2, "credit", "1.00"); // 10
    const changes = [
      "client_id = 2",
      "record_id = 999",
      "paid = 1",
      "points = -2.01",
      "actor = 'x'",
      "kind = 'debit'",
      "key = 'x'",
      "corrects = 5",
      "reason = 'x'",
      "awarded_at = awarded_at + interval '1 microsecond'",
    ];
    for (const [index, change] of changes.entries())
      await tamper(`update bonuslog set ${change} where id = ${index + 1}`);
    expect((await faults()).slice(0, 10)).toEqual(
      changes.map((_, index) => `Row ${index + 1}: ${misfit(index + 1)}`),
    );
  });

  test("rows removed from the middle or the beginning leave a gap that is named", async () => {
    await tamper("delete from spends; delete from bonuslog where id = 6");
    expect(await faults()).toEqual([`Row 7: row 6 is missing, and ${misfit(7)}`]);
    await tamper("delete from bonuslog where id in (2, 3, 4)");
    expect(await faults()).toEqual([
      `Row 5: rows 2 to 4 are missing, and ${misfit(5)}`,
      `Row 7: row 6 is missing, and ${misfit(7)}`,
      "Record 101: its rows on card 1 sum to 4.00, but the rule makes 5.00 of its last state: 1.00 too few.",
    ]);
  });

  test("what the cards of the forgotten hold stays in the seal and is told beside it", async () => {
    const before = await proved(db);
    await db`update clients set phone = null, forgotten_at = now() where id = 2`;
    expect(await proved(db)).toEqual({ ...before, lost: 300 });
  });

  test("a removed row leaves its gap though every later hash was made to fit", async () => {
    await tamper(`delete from spends; delete from bonuslog where id = 6; ${fitted(7, 5)}; ${fitted(8, 7)}`);
    expect(await faults()).toEqual(["Row 7: row 6 is missing."]);
  });

  test("a tail cut off shows against an earlier seal alone", async () => {
    const before = await proved(db);
    const [sixth, eighth] = [await sealOf(6), await sealOf(8)];
    const empty = { day: null, rows: 0, hash: "-" };
    expect(await proved(db, [sixth, eighth, empty])).toEqual({
      ...before,
      contains: [sixth, eighth, empty],
    });
    await tamper("delete from bonuslog where id >= 7");
    const after: Proof = await proved(db);
    expect(notOfLots(after.faults)).toEqual([]);
    expect(after.seal.rows).toBe(before.seal.rows - 2);
    expect(after.seal.hash).not.toBe(before.seal.hash);
    expect(await proved(db, [sixth, eighth])).toEqual({
      ...after,
      contains: [sixth],
      faults: [
        `Seal 8:${eighth.hash}: the ledger does not contain it, there is no row 8.`,
        "Row 7: it is not there, and has a lot on card 1.",
        "Row 8: it is not there, and took from a lot of card 1.",
      ],
    });
  });

  test("a chain made anew to its end shows against a seal that was handed in, or that a digest kept", async () => {
    const eighth = await sealOf(8);
    const owed = (await proved(db)).seal.owed;
    await keepDigest(db, "2026-08-01", { rows: 0, hash: "-", owed: 0 });
    await keepDigest(db, "2026-08-02", { ...eighth, owed });
    await db`insert into digests (day, last_row) values ('2026-08-03', 3)`; // of a program that kept no hash
    expect(await faults()).toEqual([]);
    await tamper(`update bonuslog set points = 9.00 where id = 7; update bonuslog set points = -9.00 where id = 8;
      ${rechained(7)}`);
    const lost = `8:${eighth.hash}: the ledger does not contain it, row 8 has the hash ${(await sealOf(8)).hash}.`;
    expect(await faults()).toEqual([`The seal of the digest of 2026-08-02, ${lost}`]);
    await db`delete from digests where day = '2026-08-02'`;
    expect(await faults()).toEqual([]);
    expect(notOfLots((await proved(db, [eighth])).faults)).toEqual([`Seal ${lost}`]);
  });

  test("a row whose hash cannot be made is named, however many columns may be null", async () => {
    await db.unsafe(
      `alter table bonuslog alter actor drop not null, alter hash drop not null, alter points drop not null,
        drop constraint awarded_in_a_year_of_four_digits`,
    );
    await tamper("update bonuslog set points = 11, actor = null where id = 7");
    const nobody = 'Row 7: this credit of 11.00 on card 1 is by "", who writes no such rows.';
    expect(await faults()).toEqual([`Row 7: ${misfit(7)}`, nobody, notUndone("11")]);
    await tamper("update bonuslog set actor = null, hash = null where id = 6");
    expect((await faults()).slice(0, 2)).toEqual([`Row 6: ${misfit(6)}`, `Row 7: ${misfit(7)}`]);
    await tamper("update bonuslog set awarded_at = 'infinity' where id = 8");
    expect(await brokenTail(db, 100)).toBe(3);
  });

  test("a function that says what it is asked to say misleads nobody", async () => {
    await db.unsafe(`
      create function sha256(text) returns bytea language sql as $$ select '\\x00'::bytea $$;
      create function bonuslog_hash(previous bytea, r bonuslog) returns bytea language sql as $$ select r.hash $$`);
    await tamper("update bonuslog set points = 11.00 where id = 7");
    expect(await faults()).toEqual([`Row 7: ${misfit(7)}`, notUndone("11.00")]);
    expect(await brokenTail(db, 100)).toBe(1);
  });

  test("temporary tables that are called like ours stand before nothing", async () => {
    await tamper("update bonuslog set points = 11.00 where id = 7");
    const other = connect(database.url, { max: 1 });
    try {
      await other`create temp table bonuslog (like public.bonuslog)`;
      expect(notOfLots((await proved(other)).faults)).toEqual([`Row 7: ${misfit(7)}`, notUndone("11.00")]);
    } finally {
      await other.end();
    }
  });

  test("a row put in by hand with a hash of its own is named", async () => {
    await tamper(`insert into bonuslog (id, client_id, kind, points, actor, key, hash)
      values (9, 2, 'credit', 1000, 'admin:1', 'op:1:2:3', sha256('x'))`);
    expect(await faults()).toEqual([`Row 9: ${misfit(9)}`]);
  });

  test("a visit whose stored payment, decision or card was changed no longer fits its rows", async () => {
    await db`update visits set services_paid = 800 where record_id = 101`;
    await db`update visits set decision = 'not_paid' where record_id = 103`;
    expect(await faults()).toEqual([
      "Record 101: its rows on card 1 sum to 5.00, but the rule makes 8.00 of its last state: 3.00 too few.",
      'Record 103: its decision is "not_paid", but the rule makes 3.00 of its last state, on card 2.',
    ]);
    await db`update visits set client_id = 2, services_paid = 500 where record_id = 101`;
    await db`update visits set decision = 'awarded' where record_id = 103`;
    expect((await faults()).sort()).toEqual([
      "Record 101: its rows on card 1 sum to 5.00, but that is not its card: 5.00 too many.",
      "Record 101: its rows on card 2 sum to 0.00, but the rule makes 5.00 of its last state: 5.00 too few.",
    ]);
  });

  test("points that moved with their record are sound on both cards", async () => {
    await row(1, "credit", "5.00");
    await db`update visits set client_id = 2 where record_id = 101`;
    await row(1, "correction", "-5.00", { corrects: 1 });
    await row(2, "correction", "5.00", { corrects: 1 });
    await expectSound(db);
  });

  test("an award without its visit, or for a visit that earns nothing, is named", async () => {
    await row(1, "award", "7.00", { record: 999 });
    await row(1, "award", "9.00", { record: 106 });
    await row(2, "award", "7.00", { record: 105 });
    expect((await faults()).sort()).toEqual([
      "Record 105: its rows on card 2 sum to 7.00, but that is not its card: 7.00 too many.",
      "Record 106: its rows on card 1 sum to 9.00, but the rule makes 0.00 of its last state: 9.00 too many.",
      "Record 999: its award gives card 1 7.00, but no visit is stored.",
    ]);
  });

  test("points that only imported_awards explains are named: no import wrote them", async () => {
    await db`insert into clients (phone) values ('+79000000003')`;
    await expect(
      db`insert into imported_awards (record_id, company_id, points, imported_at) values (1, 1, 0, now())`.then(),
    ).rejects.toThrow("an import is over once there is a row of anybody else");
    await db`alter table imported_awards disable trigger user`;
    const imported = (record: number, points: number) => db`
      insert into imported_awards (record_id, company_id, client_id, points, imported_at)
      values (${record}, 1, 3, ${points * 100}, now())`;
    await imported(999, 900);
    await row(3, "award", "900.00", { record: 999 });
    const notGiven =
      "Record 999: imported_awards says that an import gave it 900.00, but in the ledger it gave 0.00.";
    expect(await faults()).toEqual([notGiven]);
    // Nor may a visit say that more of its points are an import's than that import gave.
    await imported(101, 0);
    await db`update visits set base = 800 where record_id = 101`;
    await row(1, "correction", "800.00", { corrects: 1 });
    expect((await faults()).sort()).toEqual([
      "Record 101: its visit says that 800.00 are the import's, which gave it 0.00.",
      notGiven,
    ]);
  });

  test("spending below zero is named where it happened, though the card was filled later", async () => {
    await tamper(`${chained(9, "2, 'spend', -4.50, 'admin:1', 'op:1:2:3'")};
      update bonuslog set paid = 50 where id = 9; ${fitted(9)}; insert into spends (id, day, bill) values (9, now(), 50)`);
    await tamper(chained(10, "2, 'credit', 100, 'admin:1', 'op:1:2:4'"));
    expect(await faults()).toEqual(["Row 9: this spend of 4.50 left card 2 1.50 below zero."]);
  });

  test("so is a debit, an undo or a move that leaves a card below zero", async () => {
    await tamper(chained(9, "2, 'debit', -4.50, 'admin:1', 'op:1:2:3'"));
    await tamper(chained(10, "2, 'credit', 5, 'admin:1', 'op:1:2:4'"));
    await row(2, "spend", "-2.00"); // 11
    await tamper(chained(12, "2, 'undo', -5.00, 'admin:1', 'undo:10'", "10"));
    await tamper(chained(13, "2, 'move', -1.00, 'admin:1', 'op:1:2:5:from'"));
    await tamper(chained(14, "1, 'move', 1.00, 'admin:1', 'op:1:2:5:to'"));
    expect(await faults()).toEqual([
      "Row 9: this debit of 4.50 left card 2 1.50 below zero.",
      "Row 12: this undo of 5.00 left card 2 3.50 below zero.",
      "Row 13: this move of 1.00 left card 2 4.50 below zero.",
    ]);
  });

  test("a record has one award, and a correction names an award that is there before it", async () => {
    await row(2, "correction", "1.00", { corrects: 7 }); // 9
    await db.unsafe(`drop index one_award_a_record;
      alter table bonuslog drop constraint corrections_name_their_award;
      alter table bonuslog drop constraint done_once_a_key;
      alter table bonuslog drop constraint bonuslog_corrects_fkey`);
    await row(2, "correction", "1.00"); // 10
    await row(2, "correction", "1.00", { corrects: 11 }); // 11
    await row(2, "undo", "1.00", { corrects: 77 }); // 12
    await row(2, "award", "1.00", { record: 103 }); // 13
    expect(await faults()).toEqual([
      "Record 103: it has 2 awards, rows 5 to 13, and may have one.",
      "Row 9: this correction of 1.00 on card 2 names row 7, a credit and not an award.",
      "Row 10: this correction of 1.00 on card 2 names no row.",
      "Row 11: this correction of 1.00 on card 2 names row 11, which is not an earlier one.",
      "Row 12: this undo of 1.00 on card 2 names row 77, which does not exist.",
      "Record 103: its rows on card 2 sum to 1.00, but the rule makes 3.00 of its last state: 2.00 too few.",
    ]);
  });

  test("rows without a number, a card or a record are in a slice of their own, and numbers that no bound reaches in the last", async () => {
    await db.unsafe(`
      alter table bonuslog drop constraint bonuslog_corrects_fkey, drop constraint only_awards_name_their_record,
        drop constraint points_have_a_sign_by_kind;
      alter table spends drop constraint spends_id_fkey; drop index one_award_a_record;
      alter table bonuslog drop constraint bonuslog_pkey cascade, alter id drop not null, alter client_id drop not null`);
    await tamper(`
      insert into bonuslog (id, client_id, kind, points, actor, key, hash) values
        (null, 1, 'credit', 1, 'admin:1', 'op:1:2:3', ''), (-5, 1, 'credit', 1, 'admin:1', 'op:1:2:4', ''),
        (1000000, null, 'award', 1, 'sync', 'visit:9', ''), (1000000, 2, 'debit', -900, 'admin:1', 'op:1:2:5', '')`);
    const found = await faults();
    for (const said of [
      "Row -5: its id is there twice",
      "Row null: its id is there twice",
      "Row 1000000: rows 9 to 999999 are missing",
      "Row 1000000: its id is there twice",
      "Row 1000000: this debit of 900.00 left card 2",
      "Record null: its award gives card null 1.00, but no visit is stored.",
    ])
      expect(found.join("\n")).toContain(said);
  });

  test("an award that bears another record's key is held against the visit of that key, in whichever slice that is", async () => {
    await db`
      insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
        services_paid, goods_paid, read_at, terms_id, decision)
      select id, 1, 1, now(), '2026-08-01', false, true, 1, 700, 700, 0, now(), 1, 'awarded'
      from generate_series(1000, 1001) id`;
    await row(1, "award", "7.00", { record: 1000 }); // 9
    await db`drop index one_award_a_record`;
    await tamper(
      "update bonuslog set record_id = 101 where id = 9; update bonuslog set record_id = 5000 where id = 1",
    );
    const found = (await faults()).filter((one) => one.startsWith("Record"));
    expect(found).toEqual([
      "Record 1001: its rows on card 1 sum to 0.00, but the rule makes 7.00 of its last state: 7.00 too few.",
    ]);
  });

  test("a program that writes meanwhile is not waited for", async () => {
    await db.begin(async (tx) => {
      await tx`insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 1, 'admin:1', 'op:1:1')`;
      expect((await proved(db)).seal.rows).toBe(8);
    });
    expect((await proved(db)).seal.rows).toBe(9);
  });
});
