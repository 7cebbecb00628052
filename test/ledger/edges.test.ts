// The edges of what an answer may change in the ledger: its time, the first day whose payments are shown, its one award.
import { expect, test } from "bun:test";
import { inTransaction } from "../../src/db/connect.ts";
import { addEntries } from "../../src/ledger/entries.store.ts";
import { postReadings } from "../../src/visits/post.ts";
import { anna, boris, ledgerOfEachTest } from "../helpers/ledger.ts";

const ledger = ledgerOfEachTest();

const award = "1 award record 101 card 1 35.00 of 3500.00 paid sync visit:101";

test("an answer that changed nothing is still newer than one that was asked for before it", async () => {
  const changedAt = new Date("2026-03-12T12:00:00Z");
  await ledger.post({ changedAt });
  const between = ledger.reading({ deleted: true });
  await ledger.post({ changedAt });
  await postReadings(ledger.db, ledger.programme, [between], null);
  expect(await ledger.rows()).toEqual([award]);
});

test("no payments are zero from the first day on which they are shown, and not said before it", async () => {
  const nothing = { servicesPaid: 0, goodsPaid: 0 };
  await ledger.post({});
  ledger.programme.paymentsFrom = "2026-03-13";
  await ledger.post(nothing);
  expect([await ledger.rows(), await ledger.looks()]).toEqual([[award], []]);
  ledger.programme.paymentsFrom = "2026-03-12";
  await ledger.post(nothing);
  expect((await ledger.rows()).slice(1)).toEqual([
    "2 correction of 1 card 1 -35.00 of 0.00 nothing_paid sync visit:101:2",
  ]);
  expect(await ledger.looks()).toEqual([]);
});

test("only the same key is done already: a record's second award under another key is an error", async () => {
  await ledger.post({});
  const again = {
    card: 1,
    kind: "award",
    recordId: 101,
    points: 3_500,
    actor: "sync",
    key: "visit:101:9",
  } as const;
  const work = inTransaction(ledger.db, (tx) => addEntries(tx, [again]));
  await expect(work).rejects.toThrow("one_award_a_record");
  expect(await ledger.rows()).toEqual([award]);
});

test("no later page brings a forgotten person back through a card that nobody has linked", async () => {
  await ledger.post({});
  await ledger.database.sql`update clients set phone = null, name = null where id = 1`;
  await ledger.database.sql`
    update yclients_clients set client_id = null, name = null, forgotten_at = now() where yclients_client_id = 11`;
  await ledger.post({ recordId: 102, client: { ...boris, phone: anna.phone } });
  await ledger.post({ recordId: 103 });
  expect((await ledger.visits()).at(-1)).toBe("103 forgotten 3500.00");
});
