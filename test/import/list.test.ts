/** Tests of lists of balances: whole, once, told to nobody, explained by verify, and taken back. */
import { beforeEach, describe, expect, test } from "bun:test";
import { forget } from "../../src/cards/forget.ts";
import { link } from "../../src/cards/link.ts";
import { veilOf } from "../../src/cards/veil.ts";
import { brokenRule } from "../../src/db/connect.ts";
import {
  importList,
  type KnownPhones,
  ListFaults,
  type ListReport,
  listOf,
  rehearseList,
  takeBackList,
} from "../../src/import/list.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import { linkTo } from "../helpers/accounts.ts";
import { forge, rechained } from "../helpers/forge.ts";
import { ledgerOfEachTest } from "../helpers/ledger.ts";

const ledger = ledgerOfEachTest();
const veil = veilOf("partner");
const [annas, borises, veras] = ["+79000000001", "+79000000002", "+79000000003"];

const bytesOf = (...lines: string[]) => Buffer.from(`${lines.join("\r\n")}\r\n`);
const bring = (lines: string[], known: KnownPhones = null) =>
  importList(ledger.db, listOf(bytesOf(...lines)), { veil, known });
const rehearse = (lines: string[], known: KnownPhones = null) =>
  rehearseList(ledger.db, listOf(bytesOf(...lines)), { veil, known });

/** What each line is refused for. */
async function faultsOf(work: Promise<ListReport>): Promise<string[]> {
  const error = await work.then(
    () => new Error("it was taken"),
    (error: unknown) => error,
  );
  if (!(error instanceof ListFaults)) throw error;
  return error.faults.map(({ line, why }) => `${line}: ${why}`);
}

const three = [`${annas};340,24`, `8 (900) 000-00-02;1 234,50;Борис`, `9000000003;0`];

test("a dry run says what the import then says, and writes nothing; the import is all there, with cards for new phones", async () => {
  const would = await rehearse(three);
  expect([await ledger.rows(), await ledger.cards()]).toEqual([[], []]);
  const made = await bring(three);
  expect(would).toEqual({ ...made, list: null });
  expect(made).toEqual({
    ...{ list: 1, before: null, cards: 2, points: 157_474, newCards: 2, empty: 1, skipped: 0 },
    holding: { cards: 0, points: 0 },
  });
  expect(await ledger.rows()).toEqual([
    "1 opening card 1 340.24 list:1 list:1:1",
    "2 opening card 2 1234.50 list:1 list:1:2",
  ]);
  expect(await ledger.cards()).toEqual([
    `card 1 ${annas} holds 340.24 of`,
    `card 2 ${borises} Борис holds 1234.50 of`,
  ]);
});

test("the same list does nothing again, in another order, spelling, separator, encoding and with other names", async () => {
  await bring(three);
  const before = await ledger.rows();
  for (const again of [
    three,
    ["Баллы,Имя,Телефон", '"1234,50",Боря,+7 900 000 00 02', "340.24,Аня,79000000001"],
  ]) {
    const report = await bring(again);
    expect([report.before?.id, report.before?.cards, report.list]).toEqual([1, 2, null]);
  }
  expect(await ledger.rows()).toEqual(before);
});

test("an edited list is refused line by line, unless it is said what becomes of phones that have theirs", async () => {
  await bring(three);
  const edited = [`${annas};340,25`, `${veras};7`];
  expect(await faultsOf(bring(edited))).toEqual(["1: list 1 has brought points for its phone already"]);
  expect(await faultsOf(rehearse(edited))).toEqual(["1: list 1 has brought points for its phone already"]);
  const skipped = await bring(edited, "skip");
  expect([skipped.list, skipped.cards, skipped.points, skipped.skipped]).toEqual([2, 1, 700, 1]);
  const added = await bring([`${annas};10`], "add");
  expect([added.list, added.holding]).toEqual([3, { cards: 1, points: 34_024 }]);
  expect(await ledger.cards()).toEqual([
    `card 1 ${annas} holds 350.24 of`,
    `card 2 ${borises} Борис holds 1234.50 of`,
    `card 3 ${veras} holds 7.00 of`,
  ]);
  expect(await bring(edited, "skip")).toMatchObject({ list: null, before: { id: 2 } });
  expect(await bring([`${annas};99`], "skip")).toMatchObject({ list: null, before: null, skipped: 1 });
});

test("one line that cannot be read, and nothing comes", async () => {
  const says = ["2: its points are negative"];
  const faulty = [`${annas};5`, `${borises};-1`];
  expect([await faultsOf(rehearse(faulty)), await faultsOf(bring(faulty))]).toEqual([says, says]);
  expect([await ledger.rows(), await ledger.cards()]).toEqual([[], []]);
});

test("points that a card holds by visits are added to, and said; a name that is there stays", async () => {
  await ledger.post({});
  const made = await bring([`${annas};10;Другая;за «прежние» визиты`]);
  expect(made.holding).toEqual({ cards: 1, points: 3500 });
  expect(await ledger.cards()).toEqual([`card 1 ${annas} Анна holds 45.00 of 11`]);
  expect((await ledger.rows())[1]).toBe("2 opening card 1 10.00 за «прежние» визиты list:1 list:1:1");
});

test("nobody is told, linked or not", async () => {
  await ledger.post({});
  await linkTo(ledger.database.sql, 501, annas);
  await ledger.db`delete from notices`;
  await bring([`${annas};10`]);
  expect([...(await ledger.db`select from notices`)]).toEqual([]);
  expect([
    ...(await ledger.db`select from bonuslog where actor = 'list:1' and not is_telegram_notified`),
  ]).toEqual([]);
});

test("a client who has asked to be forgotten is brought back by no list, until they link again", async () => {
  const keep = { now: new Date(), veil };
  const account = "telegram:501";
  const join = async () => {
    await ledger.db`insert into consents (account, version) values (${account}, 'v')`;
    await link(ledger.db, { account, phone: annas, firstName: null, language: null, version: "v", ...keep });
  };
  await join();
  await forget(ledger.db, account, 1, keep);
  const lists = [`${borises};5`, `${annas};10`];
  const says = ["2: its client has asked to be forgotten: take it out"];
  expect([await faultsOf(rehearse(lists)), await faultsOf(bring(lists))]).toEqual([says, says]);
  await join();
  expect((await bring(lists)).cards).toBe(2);
});

test("two at once: one brings it, the other says so", async () => {
  const both = await Promise.all([bring(three), bring(three)]);
  expect(both.map(({ list }) => list).sort()).toEqual([1, null]);
  expect(await ledger.rows()).toHaveLength(2);
});

test("what breaks in the middle leaves nothing, and the list can come again", async () => {
  const { sql } = ledger.database;
  await sql.unsafe(`
    create function breaks() returns trigger language plpgsql as 'begin
      if new.id = 2 then raise exception ''the cable''; end if; return new; end';
    create trigger z before insert on bonuslog for each row execute function breaks()`);
  expect(await bring(three).then(String, String)).toContain("the cable");
  expect([await ledger.rows(), await ledger.cards()]).toEqual([[], []]);
  expect([...(await sql`select from imported_lists`)]).toEqual([]);
  await sql.unsafe("drop trigger z on bonuslog; drop function breaks()");
  expect((await bring(three)).list).toBe(1);
});

describe("taking a list back", () => {
  test("takes what the cards still hold, once; then the list, or a right one, may come again", async () => {
    await bring(three);
    await postTill(ledger.db, {
      ...{
        card: 1,
        kind: "spend",
        points: 10_000,
        bill: 20_000,
        actor: "admin:9",
        key: "till:7:telegram:9:1",
      },
      also: async (tx, id) => {
        await tx`insert into spends (id, day, bill) values (${id}, '2026-03-01', 200)`;
      },
    });
    const would = await takeBackList(ledger.db, 1, true);
    const taken = await takeBackList(ledger.db, 1, false);
    expect([would, taken]).toEqual([
      { list: null, cards: 2, points: 147_474, spent: 10_000 },
      { list: 2, cards: 2, points: 147_474, spent: 10_000 },
    ]);
    expect((await ledger.rows()).slice(3)).toEqual([
      "4 opening card 1 -240.24 back_list list:2 list:2:1",
      "5 opening card 2 -1234.50 back_list list:2 list:2:2",
    ]);
    await expect(takeBackList(ledger.db, 1, false)).rejects.toThrow("taken back already, by list 2");
    for (const none of [2, 9]) await expect(takeBackList(ledger.db, none, false)).rejects.toThrow("no list");
    // Who has spent of it would have that twice.
    expect(await faultsOf(bring(three))).toEqual(["1: list 1 has brought points for its phone already"]);
    expect((await bring(three, "add")).list).toBe(3);
    expect((await bring(three)).before?.id).toBe(3);
    expect((await takeBackList(ledger.db, 3, false)).points).toBe(157_474);
    expect((await bring([`${borises};7`])).list).toBe(5);
  });

  test("leaves what a card has by visits", async () => {
    await ledger.post({});
    await bring([`${annas};10`]);
    expect(await takeBackList(ledger.db, 1, false)).toMatchObject({ points: 1_000, spent: 0 });
    expect(await ledger.cards()).toEqual([`card 1 ${annas} Анна holds 35.00 of 11`]);
  });

  test("takes nothing of visits for what has ended of it", async () => {
    await bring([`${annas};100`]);
    const { sql } = ledger.database;
    await sql`insert into lives (life, days, day) values ('earned', 1, '2020-01-01')`;
    await sql`update lot_ends set ends = '2020-01-02'`;
    await sql`
      insert into bonuslog (client_id, kind, corrects, points, actor, key)
      values (1, 'expiry', 1, -100, 'programme', 'expiry:1.1')`;
    await ledger.post({});
    await ledger.post({ recordId: 102, servicesPaid: 1_500_000 });
    expect(await takeBackList(ledger.db, 1, false)).toMatchObject({ cards: 0, points: 0 });
    expect(await ledger.cards()).toEqual([`card 1 ${annas} Анна holds 185.00 of 11`]);
    await sql`update lot_ends set ends = end_of_lot(life, started)`;
  });

  test("a card that visits have taken below zero gives nothing", async () => {
    await bring([`${annas};10`]);
    await ledger.post({});
    await postTill(ledger.db, {
      ...{ card: 1, kind: "debit", points: 4_500, actor: "admin:9", key: "till:7:telegram:9:1" },
    });
    await ledger.post({ servicesPaid: 0, paidFull: false });
    expect(await takeBackList(ledger.db, 1, false)).toEqual({
      list: null,
      cards: 0,
      points: 0,
      spent: 1_000,
    });
    expect(await ledger.cards()).toEqual([`card 1 ${annas} Анна holds -35.00 of 11`]);
  });
});

describe("a debt that a list has covered", () => {
  let taps = 0;
  const byHand = (kind: "credit" | "debit", points: number) =>
    postTill(ledger.db, {
      ...{ card: 1, kind, points, actor: "admin:9", key: `till:7:telegram:9:${++taps}` },
    });
  const balance = async () => (await ledger.cards())[0]?.replace(/.* holds (\S+) of.*/, "$1");
  const takeBack = async (id: number) => (await takeBackList(ledger.db, id, false)).spent;

  beforeEach(async () => {
    taps = 0;
    await ledger.post({});
    await byHand("debit", 3_500);
    await ledger.post({ servicesPaid: 0, paidFull: false });
    await bring([`${annas};100`]);
    expect(await balance()).toBe("65.00");
  });

  test("is there again when the list goes, and no list gives it as a present, however often it comes", async () => {
    expect([await takeBack(1), await balance()]).toEqual([0, "-35.00"]);
    await bring([`${annas};100`]);
    expect([await takeBack(3), await balance()]).toEqual([0, "-35.00"]);
  });

  test("is there again beside what was spent, which stays spent", async () => {
    await byHand("debit", 2_000);
    expect([await takeBack(1), await balance()]).toEqual([2_000, "-35.00"]);
    expect(await faultsOf(bring([`${annas};100`]))).toHaveLength(1);
  });

  test("is over once something else has covered it", async () => {
    await byHand("credit", 3_500);
    await byHand("debit", 2_000);
    expect([await takeBack(1), await balance()]).toEqual([2_000, "0.00"]);
  });
});

describe("the database itself", () => {
  const refusal = (...statements: string[]) =>
    ledger.db
      .begin(async (tx) => {
        for (const one of statements) await tx.unsafe(one);
      })
      .then(() => "taken", brokenRule);
  const list = (values: string) =>
    `insert into imported_lists (id, hash, takes_back, after_row, cards, points) values (${values})`;
  const row = (values: string) =>
    `insert into bonuslog (client_id, kind, points, actor, key) values (${values})`;
  const hash = `repeat('0', 64)`;

  beforeEach(async () => {
    await bring([`${annas};10`, `${borises};5`]);
  });

  test("takes no row of a list without it, after it, beside it, of another card, kind or sign", async () => {
    const next = list(`2, ${hash}, null, 2, 1, 5`);
    for (const statements of [
      [row("1, 'opening', 5, 'list:2', 'list:2:1'")],
      [row("1, 'opening', 5, 'list:1', 'list:1:9'")],
      [row("1, 'opening', 5, 'list:x', 'list:x:1'")],
      [next],
      [next, row("1, 'opening', 4.99, 'list:2', 'list:2:1'")],
      [next, row("1, 'opening', 5, 'list:2', 'list:2:2'")],
      [next, row("1, 'credit', 5, 'list:2', 'list:2:1'")],
      [next, row("1, 'opening', -5, 'list:2', 'list:2:1'")],
      [next, row("1, 'opening', 5, 'list:2', 'list:2:1'"), row("2, 'opening', 5, 'list:2', 'list:2:2'")],
      [
        list(`2, ${hash}, null, 2, 2, 5`),
        row("1, 'opening', 10, 'list:2', 'list:2:1'"),
        row("2, 'opening', -5, 'list:2', 'list:2:2'"),
      ],
      [list(`2, ${hash}, null, 1, 1, 5`)],
      [list(`2, ${hash}, null, 2, 2, 5`), row("1, 'opening', 5, 'list:2', 'list:2:1'")],
      ["update imported_lists set points = 16"],
    ])
      expect([statements, await refusal(...statements)]).toEqual([statements, "lists_come_whole"]);
    expect(await refusal(next, row("1, 'opening', 5, 'list:2', 'list:2:1'"))).toBe("taken");
  });

  test("takes a list once, and one that takes it back once", async () => {
    const again = `insert into imported_lists (id, hash, after_row, cards, points) select 2, hash, 2, 1, 5 from imported_lists`;
    expect(await refusal(again, row("1, 'opening', 5, 'list:2', 'list:2:1'"))).toBe("a_list_comes_once");
    await takeBackList(ledger.db, 1, false);
    expect(await refusal(list("3, null, 1, 4, 1, -1"))).toBe("a_list_is_taken_back_once");
  });

  test("what only an owner can do is named by verify", async () => {
    const faultsAfter = async (statement: string) => {
      await forge(ledger.db, `${statement}; ${rechained(1)}`);
      return (await verifyLedger(ledger.db, recordFaults)).faults;
    };
    expect(await faultsAfter("update bonuslog set points = 11 where id = 1")).toEqual([
      "List 1: it says 15.00 for 2 cards, and its 2 rows sum to 16.00.",
      "Row 1: this opening of 11.00 on card 1 made lots of 10.00 and gave back 0.",
    ]);
    expect(
      await faultsAfter("update bonuslog set points = 10, actor = 'list:7', key = 'list:7:1' where id = 1"),
    ).toEqual([
      "Row 1: this opening of 10.00 on card 1 is of no list that was imported.",
      "List 1: it says 15.00 for 2 cards, and its 1 rows sum to 5.00.",
    ]);
    expect(await faultsAfter("update bonuslog set actor = 'list:1', key = 'list:1:9' where id = 1")).toEqual([
      `Row 1: this opening of 10.00 on card 1 has the key "list:1:9", which such rows do not have.`,
    ]);
    expect(await faultsAfter("update bonuslog set key = 'list:1:1' where id = 1")).toEqual([]);
  });
});
