// Settlements as they stand: which there are, whose time has come, and where each is to come. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId, CompanyId, EntryId, RecordId, YclientsClientId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { Asked, Obstacle, Settlement } from "./settlement.rule.ts";

/** A settlement's number. */
export type SettlementId = number;

/** Where it has come to: on its way, on the bill, given back, or waiting for a person. */
type SettlementState = "under_way" | "stands" | "returned" | "stuck";

/** A settlement as stored. `card` is ours, where its row is now; null for a trial. */
export interface StoredSettlement extends Settlement {
  id: SettlementId;
  row: EntryId | null;
  card: CardId | null;
  company: CompanyId;
  record: RecordId;
  /** 0, and no client, once they are forgotten. */
  visit: number;
  client: YclientsClientId | null;
  /** The kind of card that is kept for this, its chain, and whether the prices of a bill fall by a withdrawal. */
  cardType: number;
  chain: number;
  billFalls: boolean;
  reservedCard: number | null;
  state: SettlementState;
  why: Obstacle | null;
  toPay: Kopecks | null;
  askedBackBy: Account | null;
  failures: number;
  changedAt: Date;
  /** Where it has come to in one line, and how often the till's screen has said such a line. */
  cameTo: string;
  timesShown: number;
  /** The number of the write that is open, and what YCLIENTS said to it where that was no yes. */
  open: number | null;
  words: string | null;
}

/** What is to be settled: a spend, or a trial without one. */
interface ToSettle extends Pick<StoredSettlement, "cardType" | "chain" | "billFalls"> {
  row: EntryId | null;
  company: CompanyId;
  record: RecordId;
  visit: number;
  amount: Points;
}

/** Breaks the rule `one_settlement_a_visit` where the visit has one that is not returned. */
export async function addSettlement(sql: Sql, one: ToSettle): Promise<SettlementId> {
  const [row] = await sql<[{ id: SettlementId }]>`
    insert into settlements (row_id, company_id, record_id, visit_id, amount, card_type, chain_id, bill_falls)
    values (${one.row}, ${one.company}, ${one.record}, ${one.visit}, ${one.amount}, ${one.cardType}, ${one.chain}, ${one.billFalls})
    returning id`;
  return row.id;
}

/** Where one has come to, of a table named `s`; the index `settlements_to_be_shown` is of the same words. */
export const cameTo = "(s.goal || ' ' || s.state || coalesce(' ' || s.why, ''))";

const stored = (sql: Sql) => sql`
  select s.id, s.row_id as row, coalesce(c.merged_into, c.id) as card, s.company_id as company, s.record_id as record,
    coalesce(s.visit_id, 0) as visit, s.yclients_client_id as client, s.reserved_card as "reservedCard", s.card_type as "cardType",
    s.chain_id as chain, s.bill_falls as "billFalls", s.amount, s.goal, s.state, s.held,
    s.missing_at as "missingAt", s.why, s.to_pay as "toPay", s.asked_back_by as "askedBackBy", s.failures,
    s.changed_at as "changedAt", ${sql.unsafe(cameTo)} as "cameTo", s.times_shown as "timesShown", s.stood_at is not null as stood, w.id as open,
    w.words,
    case when w.id is not null then jsonb_build_object('write', w.write, 'amount', (w.amount * 100)::bigint, 'answer', w.answer,
      'sentAt', (extract(epoch from w.sent_at) * 1000)::bigint, 'missedAt', (extract(epoch from w.missed_at) * 1000)::bigint,
      'before', jsonb_build_object('balance', (w.balance_before * 100)::bigint, 'applied', (w.applied_before * 100)::bigint,
        'left', (w.left_before * 100)::bigint)) end as asked,
    coalesce((
      select jsonb_object_agg(v.write, v.times) from (
        select write, count(*) as times from settlement_writes
        where settlement_id = s.id and id > s.tries_after and came in ('undone', 'odd') group by write) v), '{}') as vain,
    exists (select from settlement_writes p where p.settlement_id = s.id and p.write = 'put') as touched,
    (select a.left_before from settlement_writes a where a.settlement_id = s.id and a.write = 'apply'
      order by a.id desc limit 1) as "leftBefore"
  from settlements s
  left join settlement_writes w on w.settlement_id = s.id and w.came is null
  left join bonuslog b on b.id = s.row_id left join clients c on c.id = b.client_id`;

type Raw = Omit<StoredSettlement, "asked"> & {
  asked: (Omit<Asked, "sentAt" | "missedAt"> & { sentAt: number; missedAt: number | null }) | null;
};

function read({ asked, ...row }: Raw): StoredSettlement {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms));
  return {
    ...row,
    asked: asked && { ...asked, sentAt: new Date(asked.sentAt), missedAt: at(asked.missedAt) },
  };
}

/** Those of a table named `s` of which this holds, in that order. */
export async function settlementsWhere(
  sql: Sql,
  holds: ReturnType<typeof stored>,
): Promise<StoredSettlement[]> {
  return (await sql<Raw[]>`${stored(sql)} where ${holds}`).map(read);
}

/** One of them; null when there is none. */
export async function findSettlement(sql: Sql, id: SettlementId): Promise<StoredSettlement | null> {
  return (await settlementsWhere(sql, sql`s.id = ${id}`))[0] ?? null;
}

/** The settlement of a spend; null where it has none. */
export async function settlementOf(sql: Sql, row: EntryId): Promise<StoredSettlement | null> {
  return (await settlementsWhere(sql, sql`s.row_id = ${row}`))[0] ?? null;
}

/** The same, which changes for nobody else until this transaction ends. */
export async function lockedSettlementOf(tx: Tx, row: EntryId): Promise<StoredSettlement | null> {
  await tx`select from settlements where row_id = ${row} for update`;
  return settlementOf(tx, row);
}

/** Moments that lie ahead are of a clock that has been put back: what they are of is waited for anew. */
export async function putRight(sql: Sql): Promise<void> {
  await sql`
    update settlement_writes set sent_at = clock_timestamp(), missed_at = null
    where came is null and greatest(sent_at, missed_at) > clock_timestamp() + interval '1 minute'`;
  await sql`
    update settlements set due_at = clock_timestamp(), missing_at = null
    where state = 'under_way' and due_at > clock_timestamp() + interval '10 minutes'`;
}

/**
 * Spends under way whose time has come, the oldest first. What another has asked of the card is known first, and what it holds there
 * is at its end: who holds nothing yet waits for it. Trials are their own program's.
 */
export async function settlementsDue(sql: Sql, maxRows: number): Promise<StoredSettlement[]> {
  return settlementsWhere(
    sql,
    sql`s.state = 'under_way' and s.row_id is not null and s.due_at <= clock_timestamp()
      and not (s.held = 0 and w.id is null and exists (
        select from settlements o join bonuslog ob on ob.id = o.row_id join clients oc on oc.id = ob.client_id
        where o.id <> s.id and o.state = 'under_way' and coalesce(oc.merged_into, oc.id) = coalesce(c.merged_into, c.id)
          and (o.held > 0 or exists (select from settlement_writes p where p.settlement_id = o.id and p.came is null))))
      order by s.id limit ${maxRows}`,
  );
}

/** Whose card it is in YCLIENTS, as the first look found it. */
export async function keepReservedCard(
  tx: Tx,
  id: SettlementId,
  of: { client: YclientsClientId; reservedCard: number | null },
): Promise<void> {
  await tx`
    update settlements set yclients_client_id = ${of.client}, reserved_card = ${of.reservedCard}, changed_at = clock_timestamp()
    where id = ${id}`;
}

/** Whether it is still to come to what it was to when it was read; nobody decides otherwise before the transaction ends. */
export async function isStillTo(
  tx: Tx,
  { id, goal }: Pick<StoredSettlement, "id" | "goal">,
): Promise<boolean> {
  const rows = await tx`
    select from settlements where id = ${id} and goal = ${goal} and state = 'under_way' for update`;
  return rows.length > 0;
}

/** Looked for and not seen; the next look is in so many milliseconds. */
export async function lookLater(
  tx: Tx,
  one: { id: SettlementId; open: number | null },
  inMs: number,
  missed: boolean,
): Promise<void> {
  if (missed && one.open === null)
    await tx`update settlements set missing_at = coalesce(missing_at, clock_timestamp()) where id = ${one.id}`;
  else if (missed)
    await tx`update settlement_writes set missed_at = clock_timestamp() where id = ${one.open} and missed_at is null`;
  await tx`
    update settlements set due_at = clock_timestamp() + ${inMs}::float8 * interval '1 millisecond' where id = ${one.id}`;
}

/** A look that failed, or succeeded: how many failed in a row. */
export async function countFailure(sql: Sql, id: SettlementId, failed: boolean, inMs: number): Promise<void> {
  await sql`
    update settlements set failures = case when ${failed} then failures + 1 else 0 end,
      due_at = case when ${failed} then clock_timestamp() + ${inMs}::float8 * interval '1 millisecond' else due_at end
    where id = ${id}`;
}

/** Where it has come to, what it is to come to, and why. Tries are counted anew where the goal is another. */
export async function setCourse(
  sql: Sql,
  id: SettlementId,
  to: {
    goal: Settlement["goal"];
    state: SettlementState;
    why: Obstacle | null;
    toPay?: Kopecks | null;
    by?: Account | null;
  },
): Promise<void> {
  await sql`
    update settlements s set goal = ${to.goal}, state = ${to.state}, why = ${to.why},
      to_pay = coalesce(${to.toPay ?? null}::numeric, to_pay), asked_back_by = coalesce(${to.by ?? null}, asked_back_by),
      shown = case when ${to.by ?? null}::text is null then shown end, -- whoever asks for it hears what comes of it
      stood_at = case when ${to.state} = 'stands' then coalesce(stood_at, clock_timestamp()) else stood_at end,
      tries_after = case when goal = ${to.goal} and ${to.state} = 'under_way' and state <> 'stuck' then tries_after
        else coalesce((select max(id) from settlement_writes where settlement_id = s.id), 0) end,
      missing_at = null, due_at = clock_timestamp(), changed_at = clock_timestamp()
    where id = ${id}`;
}

/** Whether a client of the journal is one of those on a card. */
export async function isOnCard(sql: Sql, card: CardId, client: YclientsClientId): Promise<boolean> {
  const rows = await sql`
    select from yclients_clients where yclients_client_id = ${client} and client_id = any(array(select cards_of(${card})))`;
  return rows.length > 0;
}

/** The records that its visit is known to have: of the day of the named one, or of those beside it. */
export async function recordsOfVisit(sql: Sql, one: StoredSettlement): Promise<RecordId[]> {
  const rows = await sql<{ record: RecordId }[]>`
    select v.record_id as record
    from visits n join visits v on v.company_id = n.company_id and v.day between n.day - 1 and n.day + 1
    where n.company_id = ${one.company} and n.record_id = ${one.record} and v.visit_id = ${one.visit} and not v.deleted`;
  return rows.map((row) => row.record);
}

/** Whether a spend by this card of YCLIENTS waits for a person: nobody knows for certain what the card is owed. */
export async function doesCardWait(sql: Sql, reservedCard: number): Promise<boolean> {
  const rows = await sql`select from settlements where reserved_card = ${reservedCard} and state = 'stuck'`;
  return rows.length > 0;
}

/** Of which visits settlements by this card of YCLIENTS pay how much, or may. */
export async function settledVisitsOf(sql: Sql, reservedCard: number): Promise<Map<number, Kopecks>> {
  const rows = await sql<{ visit: number; amount: Kopecks }[]>`
    select visit_id as visit, amount from settlements where reserved_card = ${reservedCard} and state <> 'returned'`;
  return new Map(rows.map((row) => [row.visit, row.amount]));
}

/** Whether the spend before this one in its branch was refused by YCLIENTS too. */
export async function wasRefusedBefore(tx: Tx, one: StoredSettlement): Promise<boolean> {
  const [row] = await tx<{ why: Obstacle | null }[]>`
    select why from settlements where company_id = ${one.company} and row_id is not null and id < ${one.id}
    order by id desc limit 1`;
  return row?.why === "refused";
}
