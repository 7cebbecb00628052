// A look beside a pass: of two answers the later one stands, and neither throws away what the other has found.
import { expect, test } from "bun:test";
import { databaseNow } from "../../src/db/connect.ts";
import { must } from "../../src/errors.ts";
import {
  clearRechecks,
  dueRechecks,
  finishRecheck,
  requestRechecks,
} from "../../src/visits/recheck.store.ts";
import { recheckDue } from "../../src/visits/recheck.ts";
import { ANNA, award, PETER, running, type Salon } from "../helpers/salon.ts";
import { expectSound } from "../helpers/sound.ts";

const ask = ({ db, branch }: Salon, recordId: number, reason: "hint" | "payment_fell" = "hint") =>
  requestRechecks(db, branch, [{ recordId, reason, error: null }]);
/** Another program is at the looks. */
const busy = ({ db, branch }: Salon) => db`
  insert into jobs (name, holder, held_until) values (${`look_again:${branch}`}, 'other', now() + interval '1 minute')
  on conflict (name) do update set token = jobs.token + 1, held_until = excluded.held_until`;

test("a pass that reads what was hinted at answers the hint: nothing is asked twice", async () => {
  await using salon = await running();
  await busy(salon);
  const ids = Array.from({ length: 60 }, () => salon.paid(PETER, "2026-03-10T14:00:00Z", 1_000));
  for (const id of ids) await ask(salon, id);
  await salon.pass();
  expect(await salon.looks()).toEqual([]);
  expect(salon.asked()).toEqual(["2026-03-10T13:59:00"]);
});

test("a hint that comes after the pass has asked is not answered by it", async () => {
  await using salon = await running();
  await busy(salon);
  const id = salon.paid(PETER, "2026-03-10T14:00:00Z", 1_000);
  const { yclients } = salon.sync;
  salon.sync.yclients = {
    ...yclients,
    async *pages(company, filter) {
      for await (const reads of yclients.pages(company, filter)) {
        await ask(salon, id);
        yield reads;
      }
    },
  };
  await salon.pass();
  expect(await salon.looks()).toEqual([[id, "hint", 0]]);
});

test("a look that reads a refund while a pass has an older answer in its hands: the refund stands", async () => {
  await using salon = await running();
  const { id } = salon;
  const { yclients } = salon.sync;
  salon.journal.record(id).last_change_date = "2026-03-10T15:00:00+0300";
  const pass = salon.pass({
    yclients: {
      ...yclients,
      async *pages(company, filter) {
        for await (const reads of yclients.pages(company, filter)) {
          salon.journal.refund(id);
          await ask(salon, id);
          expect(await recheckDue(salon.sync, salon.branch)).toBe(1);
          yield reads;
        }
      },
    },
  });
  expect(await pass).toMatchObject({ awards: 0, corrections: 0 });
  expect(await salon.ledger()).toEqual([award(id), [`visit:${id}:2`, ANNA.phone, -1_000, "not_paid"]]);
  expect(await salon.looks()).toEqual([]);
  await expectSound(salon.db);
});

test("a doubt that a pass finds while a look is at that record outlives the look", async () => {
  await using salon = await running();
  await ask(salon, salon.id);
  const [look] = await dueRechecks(salon.db, salon.branch, 1);
  await ask(salon, salon.id, "payment_fell");
  await finishRecheck(salon.db, must(look, "the look"));
  expect(await salon.looks()).toEqual([[salon.id, "payment_fell", 0]]);
});

test("an answer answers the hints before it, and no hint of a branch that was never read is stored", async () => {
  await using salon = await running();
  const before = await databaseNow(salon.db);
  await Bun.sleep(2);
  await ask(salon, salon.id);
  await ask(salon, salon.id);
  await clearRechecks(salon.db, salon.branch, [{ recordId: salon.id, readAt: before }]);
  expect(await salon.looks()).toEqual([[salon.id, "hint", 0]]);
  await Bun.sleep(2);
  await clearRechecks(salon.db, salon.branch, [{ recordId: salon.id, readAt: await databaseNow(salon.db) }]);
  expect(await salon.looks()).toEqual([]);
  await requestRechecks(salon.db, 777, [{ recordId: salon.id, reason: "hint", error: null }]);
  expect(await salon.looks()).toEqual([]);
});

test("a hint at a record that nobody knows is forgotten after one question", async () => {
  await using salon = await running();
  await ask(salon, 404);
  expect(await recheckDue(salon.sync, salon.branch)).toBe(1);
  expect([await salon.looks(), salon.asked()]).toEqual([[], [`/record/${salon.branch}/404`]]);
  expect(await recheckDue(salon.sync, salon.branch)).toBe(0);
});
