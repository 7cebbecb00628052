/** Tests of what people change at the till: once by its key, and never below zero, however many at once. */
import { expect, test } from "bun:test";
import { connect, type Db, inTransaction } from "../../src/db/connect.ts";
import { addEntries, lockLedger } from "../../src/ledger/entries.store.ts";
import {
  type Also,
  movePoints,
  postTill,
  type TillEntry,
  type TillResult,
  undo,
} from "../../src/ledger/ledger.ts";
import { putSpend } from "../../src/ledger/spends.store.ts";
import { boris, ledgerOfEachTest } from "../helpers/ledger.ts";

/** Cards 1 and 2 hold 35.00 each, rows 1 and 2. */
const ledger = ledgerOfEachTest(async (ledger) => {
  await ledger.post({});
  await ledger.post({ recordId: 102, client: boris });
});

let keys = 0;
/** What an admin does to card 1, under a key of its own unless one is given. */
const till = (kind: TillEntry["kind"], points: number, changes: Partial<TillEntry> = {}, db?: Db) => {
  const key = `op:${++keys}`;
  const bill = 300_000;
  const also: Also = (tx, row) => putSpend(tx, { row, card: 1, bill, day: "2026-03-12", company: null });
  const spend = kind === "spend" ? { bill, also } : {};
  return postTill(db ?? ledger.db, { card: 1, kind, points, actor: "admin:9", key, ...spend, ...changes });
};
const later = async () => (await ledger.rows()).slice(2);

test("credit, debit and spend each once, with author, reason and bill", async () => {
  const entries: [TillEntry["kind"], number, Partial<TillEntry>][] = [
    ["credit", 1_000, { key: "op:a", reason: "День рождения" }],
    ["debit", 500, { key: "op:b", reason: "Ошибка" }],
    ["spend", 2_000, { key: "op:c", bill: 300_000 }],
  ];
  const balances = [4_500, 4_000, 2_000];
  for (const [at, [kind, points, changes]] of entries.entries()) {
    const balance = balances[at] ?? 0;
    expect(await till(kind, points, changes)).toEqual({ result: "done", balance });
    expect(await till(kind, points, changes)).toEqual({ result: "already", balance });
  }
  expect(await later()).toEqual([
    "3 credit card 1 10.00 День рождения admin:9 op:a",
    "4 debit card 1 -5.00 Ошибка admin:9 op:b",
    "5 spend card 1 -20.00 of 3000.00 admin:9 op:c",
  ]);
});

test.each(["spend", "debit"] as const)("a %s beyond what the card holds is short", async (kind) => {
  expect(await till(kind, 3_501)).toEqual({ result: "short", balance: 3_500 });
  expect(await later()).toEqual([]);
  expect(await till(kind, 3_500, { key: "op:all" })).toEqual({ result: "done", balance: 0 });
  // The repeat of the one that emptied the card was done, and is not short of anything.
  expect(await till(kind, 3_500, { key: "op:all" })).toEqual({ result: "already", balance: 0 });
  expect(await till(kind, 1)).toEqual({ result: "short", balance: 0 });
});

test("the same key on another card is already done too", async () => {
  await till("spend", 500, { key: "op:same" });
  expect(await till("spend", 500, { card: 2, key: "op:same" })).toEqual({
    result: "already",
    balance: 3_500,
  });
  expect(await later()).toEqual(["3 spend card 1 -5.00 of 3000.00 admin:9 op:same"]);
});

test("a mistake that is no shortage stays an error", async () => {
  await expect(till("spend", 500, { reason: "звонить +79001234567" })).rejects.toMatchObject({
    constraint_name: "reason_has_no_phone",
  });
  await expect(till("credit", 0)).rejects.toMatchObject({ constraint_name: "points_are_never_zero" });
  await expect(till("credit", 500, { card: 99 })).rejects.toMatchObject({
    constraint_name: "bonuslog_client_id_fkey",
  });
  expect(await later()).toEqual([]);
});

test("an undo gives back once; that of a credit which is spent already is short", async () => {
  await till("spend", 3_000, { key: "op:s" });
  const spend = { id: 3, card: 1, points: -3_000 };
  expect(await undo(ledger.db, spend, "admin:9")).toEqual({ result: "done", balance: 3_500 });
  expect(await undo(ledger.db, spend, "admin:8")).toEqual({ result: "already", balance: 3_500 });
  await till("credit", 1_000, { key: "op:c" });
  await till("spend", 4_000, { key: "op:t" });
  const credit = { id: 5, card: 1, points: 1_000 };
  expect(await undo(ledger.db, credit, "admin:9")).toEqual({ result: "short", balance: 500 });
  await till("credit", 500, { key: "op:d" });
  expect(await undo(ledger.db, credit, "admin:9")).toEqual({ result: "done", balance: 0 });
  expect(await undo(ledger.db, credit, "admin:9")).toEqual({ result: "already", balance: 0 });
  expect(await later()).toEqual([
    "3 spend card 1 -30.00 of 3000.00 admin:9 op:s",
    "4 undo of 3 card 1 30.00 admin:9 undo:3",
    "5 credit card 1 10.00 admin:9 op:c",
    "6 spend card 1 -40.00 of 3000.00 admin:9 op:t",
    "7 credit card 1 5.00 admin:9 op:d",
    "8 undo of 5 card 1 -10.00 admin:9 undo:5",
  ]);
});

test("a linked card is told at once; what was short or done already tells nothing", async () => {
  await ledger.db`
    insert into accounts (channel, external_id, client_id) values ('telegram', 5, 1)`;
  const due = async () => [
    ...(await ledger.db`select client_id as card, about, company_id as company, due_at <= now() as due from notices`),
  ];
  await till("spend", 9_900);
  expect<unknown>(await due()).toEqual([]);
  await till("credit", 100, { key: "op:told" });
  expect<unknown>(await due()).toEqual([{ card: 1, about: "till", company: null, due: true }]);
  await ledger.db`delete from notices`;
  await till("credit", 100, { key: "op:told" });
  expect<unknown>(await due()).toEqual([]);
});

const count = (results: TillResult[]) =>
  Object.groupBy(
    results.map(({ result }) => result),
    (result) => result,
  );

/** Fifty connections: they really come at once. */
async function crowd<T>(work: (db: Db) => Promise<T>): Promise<T> {
  const db = connect(ledger.database.url, { max: 50 });
  try {
    return await work(db);
  } finally {
    await db.end({ timeout: 1 });
  }
}

test("of fifty spends at once on a card of ten spends' worth ten are done and the sum is zero", async () => {
  const results = await crowd((db) =>
    Promise.all(Array.from({ length: 50 }, () => till("spend", 350, {}, db))),
  );
  const { done, short, already } = count(results);
  expect([done?.length, short?.length, already?.length]).toEqual([10, 40, undefined]);
  expect((await ledger.cards())[0]).toBe("card 1 +79000000001 Анна holds 0.00 of 11");
  expect((await later()).map((line) => line.split(" ")[0])).toEqual(
    Array.from({ length: 10 }, (_, at) => String(at + 3)),
  );
});

test("of twenty overdrafts at once none is done", async () => {
  const results = await crowd((db) =>
    Promise.all(
      Array.from({ length: 20 }, (_, at) => till(at % 2 === 0 ? "spend" : "debit", 3_501 + at, {}, db)),
    ),
  );
  expect(results).toEqual(Array.from({ length: 20 }, () => ({ result: "short", balance: 3_500 })));
  expect(await later()).toEqual([]);
});

test("one tap delivered fifty times at once is done once", async () => {
  const results = await crowd((db) =>
    Promise.all(Array.from({ length: 50 }, () => till("spend", 3_500, { key: "op:tap" }, db))),
  );
  const { done, short, already } = count(results);
  expect([done?.length, short?.length, already?.length]).toEqual([1, undefined, 49]);
  expect(await later()).toEqual(["3 spend card 1 -35.00 of 3000.00 admin:9 op:tap"]);
});

test("ids have no gaps when rows in the middle of a batch, or whole transactions, come to nothing", async () => {
  const credit = (key: string) => ({ card: 1, kind: "credit" as const, points: 100, actor: "admin:9", key });
  const add = (...batch: string[]) =>
    inTransaction(ledger.db, async (tx) => {
      await lockLedger(tx);
      return addEntries(tx, batch.map(credit));
    });
  await add("op:a", "op:b");
  const added = await add("op:c", "op:b", "op:d", "op:d", "op:a", "op:e");
  expect(added).toEqual(["c", "d", "e"].map((name, at) => ({ id: at + 5, key: `op:${name}`, card: 1 })));
  await expect(add("op:f", "op g")).rejects.toThrow();
  await add("op:h");
  expect((await later()).map((line) => line.replace(/card.*admin:9 /, ""))).toEqual(
    ["a", "b", "c", "d", "e", "h"].map((name, at) => `${at + 3} credit op:${name}`),
  );
});

test("points move from card to card as one pair, once, and never more than there are", async () => {
  const question = `move:${crypto.randomUUID()}`;
  const move = (points: number, key = question) =>
    inTransaction(ledger.db, async (tx) => {
      await lockLedger(tx);
      return movePoints(tx, { from: 1, to: 2, points, actor: "client:1", key });
    });
  await expect(move(3_501)).rejects.toMatchObject({ constraint_name: "spending_never_goes_below_zero" });
  expect([await move(3_500), await move(3_500)]).toEqual([true, false]);
  await expect(move(1, "move:2")).rejects.toThrow("fewer points");
  expect(await later()).toEqual([
    `3 move card 1 -35.00 client:1 ${question}:from`,
    `4 move card 2 35.00 client:1 ${question}:to`,
  ]);
});
