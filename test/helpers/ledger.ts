/** A ledger on a database of its own, fed with made readings, and its tables as lines. */
import { afterEach, beforeEach } from "bun:test";
import { connect } from "../../src/db/connect.ts";
import { closeScreensOf } from "../../src/till/screens.store.ts";
import { termsInForce } from "../../src/visits/branches.store.ts";
import type { BranchProgramme } from "../../src/visits/decide.ts";
import { postReadings } from "../../src/visits/post.ts";
import type { Terms } from "../../src/visits/visit.rule.ts";
import type { Reading, YclientsPerson } from "../../src/yclients/record.ts";
import { freshDatabase } from "./db.ts";
import { expectSound } from "./sound.ts";

export const anna: YclientsPerson = { id: 11, name: "Анна", phone: "+79000000001" };
export const boris: YclientsPerson = { id: 12, name: "Борис", phone: "+79000000002" };
export const vera: YclientsPerson = { id: 13, name: "Вера", phone: null };

export const usual: Terms = { percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" };

/** A branch's programme, of the usual terms, that tells at once; but for what is given. */
export const programmeOf = (changes: Partial<BranchProgramme> = {}): BranchProgramme => ({
  ...{ companyId: 1, terms: usual, termsId: 1, start: "2026-03-01", settleMs: 0 },
  closeScreens: closeScreensOf,
  ...changes,
});

/** An answer about record 101, given now: Anna's visit of 12 March, paid in full, 3 500.00; but for what is given. */
export const readingOf = (changes: Partial<Reading> = {}, moment = new Date()): Reading => ({
  ...{ recordId: 101, visitId: 501, client: anna },
  ...{ startsAt: new Date("2026-03-12T10:00:00Z"), day: "2026-03-12" },
  ...{ deleted: false, paidFull: true, attendance: 1, price: 350_000, servicesPaid: 350_000, goodsPaid: 0 },
  ...{ changedAt: moment, readAt: moment, ...changes },
});

export type Ledger = Awaited<ReturnType<typeof openLedger>>;

/** `await using` drops its database. */
export async function openLedger() {
  const database = await freshDatabase();
  const db = connect(database.url);
  await db`insert into companies (company_id) values (1)`;
  const termsId = await termsInForce(db, usual);
  const programme = programmeOf({ termsId, settleMs: 30_000 });
  let seconds = 0;
  const moment = () => new Date(Date.UTC(2026, 2, 12, 12, 0, ++seconds));
  const reading = (changes: Partial<Reading> = {}) =>
    readingOf({ changedAt: moment(), readAt: moment(), ...changes });
  const lines = async (query: string) =>
    (await database.sql.unsafe<{ line: string }[]>(query)).map(({ line }) => line);
  return {
    ...{ database, db, programme },
    /** A reading of record 101: Anna's, paid in full, 3 500.00; each one later than the one before. */
    reading,
    /** Posts such readings as one page. */
    post: async (...page: Partial<Reading>[]) => {
      const { rows: _, ...outcome } = await postReadings(db, programme, page.map(reading), null);
      return outcome;
    },
    /** From now on these terms are in force. */
    agree: async (terms: Partial<Terms>) => {
      programme.terms = { ...programme.terms, ...terms };
      programme.termsId = await termsInForce(db, programme.terms);
    },
    rows: () =>
      lines(`
        select concat_ws(' ', id, kind, coalesce('record ' || record_id, 'of ' || corrects), 'card', client_id, points,
          'of ' || paid, reason, actor, key) as line from bonuslog order by id`),
    visits: () =>
      lines(`
        select concat_ws(' ', record_id, decision, 'card ' || client_id, 'client ' || yclients_client_id,
          'terms ' || terms_id, services_paid) as line from visits order by record_id`),
    cards: () =>
      lines(`
        select concat_ws(' ', 'card', c.id, phone, c.name, 'holds', coalesce(b.balance, 0.00), 'of',
          (select string_agg(yclients_client_id || '', ',' order by yclients_client_id)
           from yclients_clients y where y.client_id = c.id)) as line
        from clients c left join balances b on b.client_id = c.id order by c.id`),
    looks: () => lines("select concat_ws(' ', record_id, reason) as line from look_again order by record_id"),
    [Symbol.asyncDispose]: async () => {
      await db.end({ timeout: 1 });
      await database.drop();
    },
  };
}

/** A ledger that is a new one, so prepared, in each test of the file; it must be sound when the test is over. */
export function ledgerOfEachTest(prepare?: (ledger: Ledger) => Promise<unknown>): Ledger {
  const ledger = {} as Ledger;
  beforeEach(async () => {
    Object.assign(ledger, await openLedger());
    await prepare?.(ledger);
  });
  afterEach(async () => {
    await expectSound(ledger.db);
    await ledger[Symbol.asyncDispose]();
  });
  return ledger;
}
