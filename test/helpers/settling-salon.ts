/** A salon whose spends settle: its journal with loyalty behind real HTTP, its database, and the settlements between them. */
import { pino } from "pino";
import { connect, databaseNow } from "../../src/db/connect.ts";
import { must } from "../../src/errors.ts";
import { postTill, putSpend } from "../../src/ledger/ledger.ts";
import type { CardId, EntryId } from "../../src/rules/ids.ts";
import type { SpendRules } from "../../src/rules/spending.ts";
import type { Settling } from "../../src/settlements/look.ts";
import { settleDue } from "../../src/settlements/settle.ts";
import {
  beginSettlement,
  type SettledBranch,
  settlementOf,
  takeOffTheBill,
} from "../../src/settlements/settlements.ts";
import type { LoyaltyReading } from "../../src/standins/yclients/readings.ts";
import { yclients } from "../../src/yclients/client.ts";
import { freshDatabase } from "./db.ts";
import { ANNA, MOSCOW, openLoyalSalon } from "./loyal-salon.ts";
import { passTrial } from "./passed-trial.ts";
import { expectSound } from "./sound.ts";

export type SettlingSalon = Awaited<ReturnType<typeof settlingSalon>>;

/** Anna has a card of ours with a million points. `await using` ends everything. */
export async function settlingSalon(reading: Partial<LoyaltyReading> = {}) {
  const salon = openLoyalSalon(reading);
  const database = await freshDatabase();
  const db = connect(database.url);
  const { sql } = database;
  const log: string[] = [];
  await sql`insert into companies (company_id, title, time_zone) values (${MOSCOW}, 'Салон', 'Europe/Moscow')`;
  const [made] = await sql<{ id: CardId }[]>`insert into clients (phone) values (${ANNA.phone}) returning id`;
  const card = must(made, "Anna's card").id;
  await sql`insert into yclients_clients (yclients_client_id, client_id) values (${ANNA.id}, ${card})`;
  await postTill(db, {
    card,
    kind: "credit",
    points: 100_000_000,
    reason: "чай",
    actor: "admin:1",
    key: "op:1",
  });
  const stop = new AbortController();
  const rules: SpendRules = {
    ...{ spendMaxPercent: 100, spendStep: null, spendLeastBill: null, spendOn: "services,goods" },
    cardDailyActs: null,
  };
  const settling: Settling = {
    db,
    yclients: yclients({
      ...{
        url: salon.yclients.url,
        partnerToken: "partner",
        userToken: "user",
        retryMs: 1,
        timeoutMs: 2_000,
      },
      budget: { take: () => databaseNow(db), refused: async () => {} },
    }),
    log: pino({ level: "debug" }, { write: (line: string) => void log.push(line) }),
    now: () => salon.clock.now,
    rules,
    signal: stop.signal,
  };
  const branch: SettledBranch = {
    ...{ company: MOSCOW, cardType: salon.type.id, chain: salon.loyalty.id },
    // As a trial would have seen it.
    billFalls: reading.billPrices === "fall",
    triedAt: new Date(),
    recordPriceFalls: (reading.recordPrices ?? "fall") === "fall",
  };
  let spends = 0;
  /** So much time passes for everybody. */
  const pass = async (ms: number) => {
    salon.wait(ms);
    await sql`
      update settlement_writes set sent_at = sent_at - ${ms}::float8 * interval '1 millisecond',
        missed_at = missed_at - ${ms}::float8 * interval '1 millisecond' where came is null`;
    const passed = sql`${ms}::float8 * interval '1 millisecond'`;
    await sql`update settlements set due_at = due_at - ${passed}, missing_at = missing_at - ${passed},
      watched_at = watched_at - ${passed}, seen_since = seen_since - ${passed}`;
  };
  /** What the ledger has of spends, what the record's bill bears, and what the reserved cards hold; kopecks. */
  const standing = async (recordId: number) => {
    const rows = await sql<{ kind: string; points: number }[]>`
      select kind, (points * 100)::int as points from bonuslog where kind <> 'credit' order by id`;
    const onBill = salon.loyalty.rowsOf(salon.loyalty.visitAt({ companyId: MOSCOW, recordId }));
    const applied = onBill.filter((one) => one.stands).reduce((sum, one) => sum + one.kopecks, 0);
    const cards = salon.loyalty.cards.filter(
      ({ typeId, isDeleted }) => typeId === salon.type.id && !isDeleted,
    );
    return {
      ledger: rows.map(({ kind, points }) => `${kind} ${points}`),
      applied,
      cards: cards.map((one) => one.kopecks),
    };
  };
  return {
    ...{ ...salon, database, db, sql, log, settling, rules, branch, annasCard: card, stop },
    /** The spend of a tap, its settlement begun in the same transaction; kopecks. */
    spend: async (recordId: number, points: number): Promise<EntryId> => {
      let row = 0;
      const visit = salon.visitOf(recordId);
      await postTill(db, {
        ...{
          card,
          kind: "spend",
          points,
          bill: 316_000,
          actor: "admin:1",
          key: `till:1:telegram:1:${++spends}`,
        },
        also: async (tx, posted) => {
          row = posted;
          const record = { companyId: MOSCOW, recordId };
          await putSpend(tx, { row, card, bill: 316_000, day: "2026-03-10", company: MOSCOW, record });
          await beginSettlement(tx, branch, { row, record: recordId, visit, points });
        },
      });
      return row;
    },
    /** A record that a pass has read: the visit's others are found by it. */
    read: async (recordId: number) => {
      await sql`
        insert into visits (record_id, company_id, visit_id, starts_at, day, deleted, paid_full, attendance, price, read_at, decision)
        values (${recordId}, ${MOSCOW}, ${salon.visitOf(recordId)}, '2026-03-10T10:00Z', '2026-03-10', false, false, 0, 0, now(), 'not_paid')`;
    },
    passTrial: () => passTrial(sql, branch),
    /** What a spend has found to be otherwise than the trial saw. */
    doubt: async () => {
      const [trial] = await sql<
        { doubt: string | null }[]
      >`select doubt from settlement_trials order by settlement_id desc limit 1`;
      return trial?.doubt ?? null;
    },
    work: () => settleDue(settling),
    pass,
    /** To where it rests: each look comes no later than it may. Whatever is to happen in between, `at` does. */
    rest: async (row: EntryId, at: () => unknown = () => {}) => {
      for (let turn = 0; turn < 60; turn++) {
        await settleDue(settling);
        const one = must(await settlementOf(db, row), "its settlement");
        if (one.state !== "under_way") return one;
        await at();
        const [due] = await sql<{ ms: number }[]>`
          select greatest(0, extract(epoch from due_at - clock_timestamp()) * 1000)::float8 + 1 as ms
          from settlements where row_id = ${row}`;
        await pass(must(due, "its time").ms);
      }
      throw new Error(`spend ${row} never rests`);
    },
    /** Where a spend is: points on our card or not, what its bill bears, and what the reserved cards hold. */
    ended: async (row: EntryId, recordId: number) => {
      const [one] = await sql<{ state: string; undone: boolean }[]>`
        select state, exists (select from bonuslog where key = 'undo:' || ${row}) as undone
        from settlements where row_id = ${row}`;
      const { state, undone } = must(one, "its settlement");
      const { applied, cards } = await standing(recordId);
      return `${state}: ${undone ? "given back" : "taken"}, ${applied} on the bill, ${cards.join(" ")} on the card`;
    },
    back: (row: EntryId) => db.begin((tx) => takeOffTheBill(tx as never, row, "telegram:1")),
    one: async (row: EntryId) => must(await settlementOf(db, row), "its settlement"),
    stands: standing,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await expectSound(db);
      await salon.yclients.stop();
      await db.end({ timeout: 1 });
      await database.drop();
    },
  };
}
