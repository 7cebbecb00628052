// What the page shows of the database: the ledger with its proof, and what waits. Read by the owner's own SQL.

import type { Db } from "../db/connect.ts";
import { verifyLedger } from "../ledger/verify.ts";
import { recordFaults } from "../visits/proof.ts";
import type { Ledger, Row, Visit } from "./page/protocol.ts";

interface ReadVisit {
  record: number;
  decision: string;
  price: number;
  paid: number | null;
  attendance: number;
  paidFull: boolean;
  deleted: boolean;
}

/** `visits` is the journal as it is: what the database has read otherwise, or not at all, is unread. */
export async function ledgerView(db: Db, visits: Visit[]): Promise<Ledger> {
  const [found, cards, read, [held], proof] = await Promise.all([
    ledgerRows(db),
    db<Ledger["cards"]>`
      select coalesce(c.name, '') as name, coalesce(c.phone, '') as phone, coalesce(b.balance, 0) as balance,
        c.linked
      from clients c left join balances b on b.client_id = c.id order by c.id`,
    db<ReadVisit[]>`
      select record_id as record, decision, price, services_paid + goods_paid as paid, attendance,
        paid_full as "paidFull", deleted
      from visits`,
    db<{ until: Date }[]>`
      select blocked_until as until from request_budget where blocked_until > clock_timestamp()`,
    verifyLedger(db, recordFaults),
  ]);
  const rows = found.map(({ at, ...row }) => ({ ...row, at: at.getTime() }));
  const known = new Map(read.map((visit) => [visit.record, visit]));
  return {
    rows,
    cards: [...cards],
    proof: { faults: proof.faults, ...proof.seal },
    decisions: Object.fromEntries(read.map((visit) => [visit.record, visit.decision])),
    unread: visits.filter((visit) => !sameState(visit, known.get(visit.id))).length,
    untold: rows.filter((row) => row.linked && !row.told).length,
    heldUntil: held ? held.until.getTime() : null,
  };
}

function ledgerRows(db: Db): Promise<(Omit<Row, "at"> & { at: Date })[]> {
  return db<(Omit<Row, "at"> & { at: Date })[]>`
    select b.id, coalesce(c.name, c.phone, '') as card, b.kind, b.points, b.paid, b.reason, b.corrects,
      sum(b.points) over (partition by b.client_id order by b.id) as after,
      coalesce(b.record_id, award.record_id) as record, b.actor like 'admin:%' as "byHand",
      b.is_telegram_notified as told, c.linked, b.awarded_at as at
    from bonuslog b join clients c on c.id = b.client_id
    left join bonuslog award on award.id = b.corrects and award.kind = 'award'
    order by b.id`;
}

function sameState(visit: Visit, read: ReadVisit | undefined): boolean {
  if (!read) return false;
  return (
    read.deleted === visit.deleted &&
    read.paidFull === visit.paidFull &&
    read.attendance === visit.attendance &&
    read.price === visit.price &&
    (read.paid === null || read.paid === visit.paid)
  );
}
