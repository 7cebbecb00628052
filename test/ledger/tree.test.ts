// The day's tree over the cards: every card with a code has a way to the root, made once a day, and only a true one is handed out.
import { expect } from "bun:test";
import { createHash } from "node:crypto";
import { inTransaction } from "../../src/db/connect.ts";
import { brokenTrees } from "../../src/ledger/tree.store.ts";
import { keptRoot, makeTree, proofOf } from "../../src/ledger/tree.ts";
import { cardHash, proofLine, rootOf } from "../../src/ledger/tree-path.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { expectTable, refusal } from "../helpers/db.ts";
import { type Ledger, openLedger } from "../helpers/ledger.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(openLedger);

const DAY = "2026-03-12";

/** So many linked cards, with so many hundredths on each; their ids. */
async function cards({ database: { sql } }: Ledger, count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let i = 0; i < count; i++) {
    const [card] = await sql<[{ id: number }]>`
      insert into clients (phone) values (${`+7900000${1000 + i}`}) returning id`;
    await sql`insert into accounts (channel, external_id, client_id) values ('telegram', ${String(1000 + i)}, ${card.id})`;
    await credit({ sql }, card.id, `${i}.25`);
    ids.push(Number(card.id));
  }
  return ids;
}

async function credit({ sql }: Pick<Ledger["database"], "sql">, card: number, points: string): Promise<void> {
  await sql`
    insert into bonuslog (client_id, kind, points, actor, key)
    values (${card}, 'credit', ${points}, 'admin:601', ${`op:${crypto.randomUUID().replaceAll("-", "")}`})`;
}

/** The seal of a day over all rows that there are. */
async function sealed({ database: { sql } }: Ledger, day = DAY): Promise<void> {
  await sql`
    insert into digests (day, last_row, hash, owed)
    select ${day}, id, hash, 0 from bonuslog order by id desc limit 1`;
}

test("whatever the number of cards, each has a way to the one root that says what it held", async (ledger) => {
  for (const [count, day] of [
    [1, "2026-03-01"],
    [1, "2026-03-02"],
    [1, "2026-03-03"],
    [2, "2026-03-05"],
    [3, "2026-03-08"],
  ] as const) {
    const { sql } = ledger.database;
    const [{ before = 0 } = {}] = await sql<
      { before: number }[]
    >`select count(*)::int as before from clients`;
    for (let i = 0; i < count; i++) {
      const at = before + i;
      const [card] = await sql<[{ id: number }]>`
        insert into clients (phone) values (${`+7900000${1000 + at}`}) returning id`;
      await sql`insert into accounts (channel, external_id, client_id) values ('telegram', ${String(1000 + at)}, ${card.id})`;
      await credit({ sql }, card.id, `${at + 1}.25`);
    }
    await sealed(ledger, day);
    await makeTree(ledger.db, day);
    const root = await keptRoot(ledger.db, day);
    const all = await sql<{ id: number }[]>`select id from clients order by id`;
    for (const [at, { id }] of all.entries()) {
      const proof = await proofOf(ledger.db, Number(id));
      if (proof === null) throw new Error(`no proof of ${at} of ${all.length}`);
      expect([proof.day, proof.points, proof.root]).toEqual([day, (at + 1) * 100 + 25, String(root)]);
      expect(rootOf(proof)).toBe(String(root));
    }
  }
});

test("another sum, card, row or step leads to another root", async (ledger) => {
  const [first = 0] = await cards(ledger, 5);
  await sealed(ledger);
  await makeTree(ledger.db, DAY);
  const proof = await proofOf(ledger.db, first);
  if (proof === null) throw new Error("no proof");
  const turned = proof.steps.map((step) => (step.startsWith("L") ? "R" : "L") + step.slice(1));
  for (const forged of [
    { ...proof, points: proof.points + 1 },
    { ...proof, card: cardHash("another") },
    { ...proof, lastRow: "0:-" },
    { ...proof, steps: turned },
    { ...proof, steps: proof.steps.slice(1) },
  ])
    expect(rootOf(forged)).not.toBe(proof.root);
});

test("a leaf is never a node over two, and a node is no leaf", () => {
  const leaf = { card: cardHash("code"), points: 1, lastRow: "0:-" };
  const plain = createHash("sha256").update(`${leaf.card} 0.01 0:-`).digest("hex");
  expect(rootOf({ ...leaf, steps: [] })).not.toBe(plain);
});

test("a day has one root, whatever follows; and what came behind its seal is not in it", async (ledger) => {
  const [first = 0] = await cards(ledger, 2);
  await sealed(ledger);
  await credit(ledger.database, first, "1000");
  await makeTree(ledger.db, DAY);
  const root = await keptRoot(ledger.db, DAY);
  expect((await proofOf(ledger.db, first))?.points).toBe(25);
  await makeTree(ledger.db, DAY);
  expect(await keptRoot(ledger.db, DAY)).toBe(root);
  await sealed(ledger, "2026-03-13");
  await makeTree(ledger.db, "2026-03-13");
  expect((await proofOf(ledger.db, first))?.points).toBe(100_025);
  await makeTree(ledger.db, DAY); // a late call of the day before
  await sealed(ledger, "2026-03-11");
  await makeTree(ledger.db, "2026-03-11"); // and of one that had none
  expect((await proofOf(ledger.db, first))?.day).toBe("2026-03-13");
  await expectTable(ledger.database.sql, "select day::text, cards from trees order by day", [
    { day: DAY, cards: 2 },
    { day: "2026-03-13", cards: 2 },
  ]);
});

test("two programs at once make one tree", async (ledger) => {
  await cards(ledger, 4);
  await sealed(ledger);
  await Promise.allSettled([makeTree(ledger.db, DAY), makeTree(ledger.db, DAY), makeTree(ledger.db, DAY)]);
  await expectTable(
    ledger.database.sql,
    "select level, count(*)::int as nodes from tree_nodes group by level order by level",
    [
      { level: 0, nodes: 4 },
      { level: 1, nodes: 2 },
      { level: 2, nodes: 1 },
    ],
  );
});

test("who has another code since has no proof before the next day; who has no account is not in it", async (ledger) => {
  const [first = 0, second = 0] = await cards(ledger, 2);
  const { sql } = ledger.database;
  await sql`insert into clients (phone) values ('+79000009999')`;
  await sealed(ledger);
  await makeTree(ledger.db, DAY);
  await sql`update clients set code = 'aaaaaaaaaaaaaaaaaaaa' where id = ${first}`;
  expect(await proofOf(ledger.db, first)).toBeNull();
  await sql`delete from accounts where client_id = ${second}`;
  expect(await proofOf(ledger.db, second)).toBeNull();
  await expectTable(sql, "select cards from trees", [{ cards: 2 }]);
});

test("without a seal, or without a card that has a code, there is no root", async (ledger) => {
  await makeTree(ledger.db, DAY);
  await ledger.post({});
  await sealed(ledger);
  await makeTree(ledger.db, DAY);
  expect(await keptRoot(ledger.db, DAY)).toBeNull();
});

test("a root stays as it was told", async (ledger) => {
  await cards(ledger, 1);
  await sealed(ledger);
  await makeTree(ledger.db, DAY);
  const { sql } = ledger.database;
  expect(await refusal(sql`update trees set root = sha256('x')`)).toBe("trees_only_come");
  expect(await refusal(sql`delete from trees`)).toBe("trees_only_come");
  expect(await refusal(sql`truncate trees`)).toBe("trees_only_come");
});

test("verify names a tree that does not lead to its root", async (ledger) => {
  await cards(ledger, 5);
  await sealed(ledger);
  await makeTree(ledger.db, DAY);
  const { sql } = ledger.database;
  const faults = async () => (await verifyLedger(ledger.db, async () => [])).faults;
  expect(await faults()).toEqual([]);
  const says = ["The tree of 2026-03-12: its hashes do not lead to its root."];
  for (const spoil of [
    "update tree_nodes set hash = sha256('x') where level = 0 and place = 4",
    "update tree_nodes set hash = sha256('x') where level = 1 and place = 0",
    "update tree_nodes set hash = sha256('x') where level = 3",
    "delete from tree_nodes where level = 0 and place = 4",
    "delete from tree_nodes where level = 2 and place = 1",
    "delete from tree_nodes where level = 1 and place = 2",
    "delete from tree_nodes",
  ]) {
    const spoilt = inTransaction(ledger.db, async (tx) => {
      await tx.unsafe(spoil);
      expect([spoil, await brokenTrees(tx)]).toEqual([spoil, [{ day: DAY }]]);
      throw new Error("taken back");
    });
    await expect(spoilt).rejects.toThrow("taken back");
  }
  await sql`delete from tree_nodes where level = 0 and place = 4`;
  expect(await faults()).toEqual(says);
});

test("the line of a proof has neither the code nor the phone", async (ledger) => {
  const [first = 0] = await cards(ledger, 2);
  await sealed(ledger);
  await makeTree(ledger.db, DAY);
  const proof = await proofOf(ledger.db, first);
  const [row] = await ledger.database.sql<{ code: string }[]>`select code from clients where id = ${first}`;
  const line = proof === null ? "" : proofLine(proof);
  expect(line).toMatch(
    /^loyalty-proof 1 2026-03-12 [0-9a-f]{64} 0\.25 1:[0-9a-f]{64} [0-9a-f]{64} [LR][0-9a-f]{64}$/,
  );
  expect(line).not.toContain(String(row?.code));
  expect(line).not.toContain("7900000");
});
