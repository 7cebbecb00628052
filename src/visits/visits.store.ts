// The last state read of each record, and the decision on it.

import type { Sql } from "../db/connect.ts";
import type {
  CardId,
  CompanyId,
  EntryId,
  Percent,
  RecordId,
  RecordOfBranch,
  YclientsClientId,
} from "../rules/ids.ts";
import { decimal, type Points } from "../rules/money.ts";
import type { Known } from "./plan.rule.ts";
import type { Imported, Terms, VisitState, Word } from "./visit.rule.ts";

/** What is stored of a record. */
export interface VisitRow extends Omit<VisitState, "hasClient" | "forgotten"> {
  recordId: RecordId;
  companyId: CompanyId;
  visitId: number | null;
  yclientsClientId: YclientsClientId | null;
  card: CardId | null;
  startsAt: Date;
  readAt: Date;
  termsId: number | null;
  /** Of its client's level at its first award; null where the terms' own holds. */
  percent: Percent | null;
  decision: Word;
  base: Points | null;
}

export type KnownVisit = Known & Pick<VisitRow, "recordId" | "companyId" | "termsId" | "percent">;

/** An award of the earlier program whose record was not read yet: only its points and its rows are known. */
export type UnreadAward = Pick<
  KnownVisit,
  "recordId" | "card" | "awardId" | "awardKey" | "posted" | "rows"
> & {
  imported: Imported;
};

interface Rows {
  awardId: EntryId | null;
  cards: CardId[] | null;
  sums: Points[] | null;
  rows: number;
}

interface KnownRow
  extends Omit<KnownVisit, "terms" | "posted" | "hasClient" | "forgotten" | "imported">,
    Rows,
    Omit<Terms, "percent"> {
  /** By which it was awarded: its client's level's, or the terms'. */
  rate: Percent;
  decision: Word;
  base: Points | null;
  importedPoints: Points | null;
  importedAt: Date;
}

/** What is stored of these records of a branch, with what their rows sum to on each card. */
export function knownVisits(sql: Sql, companyId: CompanyId, recordIds: RecordId[]): Promise<KnownVisit[]> {
  return readKnown(sql, sql`v.record_id = any(${recordIds}::bigint[]) and v.company_id = ${companyId}`);
}

/** The same for all records of a card. */
export function knownVisitsOf(sql: Sql, card: CardId): Promise<KnownVisit[]> {
  return readKnown(sql, sql`v.client_id = ${card}`);
}

/** Those of these records of a branch that the earlier program had dealt with and that were not read since. */
export async function unreadAwards(
  sql: Sql,
  companyId: CompanyId,
  recordIds: RecordId[],
): Promise<UnreadAward[]> {
  if (recordIds.length === 0) return [];
  return readUnread(sql, sql`i.record_id = any(${recordIds}::bigint[]) and i.company_id = ${companyId}`);
}

/** The same for all records of a card. */
export function unreadAwardsOf(sql: Sql, card: CardId): Promise<UnreadAward[]> {
  return readUnread(sql, sql`i.client_id = ${card}`);
}

async function readKnown(sql: Sql, where: ReturnType<Sql>): Promise<KnownVisit[]> {
  const rows = await sql<KnownRow[]>`
    select v.record_id as "recordId", v.company_id as "companyId", v.yclients_client_id as "yclientsClientId",
      v.client_id as card, v.starts_at as "startsAt", v.day, v.deleted, v.paid_full as "paidFull", v.attendance, v.price,
      v.services_paid as "servicesPaid", v.goods_paid as "goodsPaid", v.changed_at as "changedAt",
      -- By a clock that was put back since: no answer would ever be newer.
      case when v.read_at > clock_timestamp() + interval '1 minute' then 'epoch' else v.read_at end as "readAt",
      v.decision, v.award_key as "awardKey", v.terms_id as "termsId", v.percent,
      coalesce(v.percent, t.percent) as rate, t.earn_on as "earnOn",
      t.earn_when as "earnWhen", t.paid_by as "paidBy", a.id as "awardId", p.cards, p.sums,
      coalesce(p.rows, 0)::int as rows, v.base, i.points as "importedPoints", i.imported_at as "importedAt"
    from visits v
    left join terms t on t.id = v.terms_id
    left join imported_awards i on i.record_id = v.record_id and i.company_id = v.company_id
    left join bonuslog a on a.key = v.award_key
    left join lateral (${rowsByCard(sql)}) p on a.id is not null
    where ${where}`;
  return rows.map(toKnown);
}

async function readUnread(sql: Sql, where: ReturnType<Sql>): Promise<UnreadAward[]> {
  const rows = await sql<({ recordId: RecordId; card: CardId | null; points: Points; at: Date } & Rows)[]>`
    select i.record_id as "recordId", i.client_id as card, i.points, i.imported_at as at, a.id as "awardId", p.cards,
      p.sums, coalesce(p.rows, 0)::int as rows
    from imported_awards i
    left join bonuslog a on a.key = 'visit:' || i.record_id
    left join lateral (${rowsByCard(sql)}) p on a.id is not null
    where ${where} and not exists (
      select from visits v where v.record_id = i.record_id and v.company_id = i.company_id)`;
  return rows.map(({ points, at, cards, sums, ...rest }) => ({
    ...rest,
    awardKey: `visit:${rest.recordId}`,
    posted: sumsByCard(cards, sums),
    imported: { points, at, base: null, read: false },
  }));
}

/** What the rows of the award `a` sum to on each card, and how many they are. */
function rowsByCard(sql: Sql) {
  return sql`
    select array_agg(s.card) as cards, array_agg(s.points) as sums, sum(s.rows) as rows
    from (
      select r.client_id as card, sum(r.points) as points, count(*)::int as rows
      from (
        select a.client_id, a.points
        union all
        select c.client_id, c.points from bonuslog c where c.corrects = a.id and c.kind = 'correction'
      ) r group by r.client_id
    ) s`;
}

function sumsByCard(cards: CardId[] | null, sums: Points[] | null): Map<CardId, Points> {
  return new Map((cards ?? []).map((card, index) => [card, sums?.[index] ?? 0]));
}

function toKnown(row: KnownRow): KnownVisit {
  const { rate, earnOn, earnWhen, paidBy, cards, sums, base, importedPoints, importedAt, ...rest } = row;
  return {
    ...rest,
    terms: rest.termsId === null ? null : { percent: rate, earnOn, earnWhen, paidBy },
    posted: sumsByCard(cards, sums),
    hasClient: rest.card !== null,
    forgotten: rest.decision === "forgotten",
    imported: importedPoints === null ? null : { points: importedPoints, at: importedAt, base, read: true },
  };
}

/**
 * Writes the new states of a page of one branch in one statement; returns the key of each one's award. Where another
 * branch had the number of a record first, that key names the branch.
 */
export async function putVisits(sql: Sql, rows: VisitRow[]): Promise<Map<number, string>> {
  if (rows.length === 0) return new Map();
  const keys = await sql<{ recordId: RecordId; key: string }[]>`
    insert into visits (record_id, company_id, visit_id, yclients_client_id, client_id, starts_at, day, deleted,
      paid_full, attendance, price, services_paid, goods_paid, changed_at, read_at, terms_id, percent, decision, base, shared)
    select r.*, exists (
        select from visits o where o.record_id = r."recordId" and o.company_id <> r."companyId" and not o.shared)
      or exists (select from imported_awards i where i.record_id = r."recordId" and i.company_id <> r."companyId")
    from json_to_recordset(${JSON.stringify(rows.map(withDecimals))}::text::json) as r ("recordId" bigint,
      "companyId" bigint, "visitId" bigint, "yclientsClientId" bigint, card bigint, "startsAt" timestamptz, day date,
      deleted boolean, "paidFull" boolean, attendance smallint, price numeric, "servicesPaid" numeric,
      "goodsPaid" numeric, "changedAt" timestamptz, "readAt" timestamptz, "termsId" integer, percent numeric,
      decision text, base numeric)
    on conflict (record_id, company_id) do update set visit_id = excluded.visit_id,
      yclients_client_id = excluded.yclients_client_id, client_id = excluded.client_id,
      starts_at = excluded.starts_at, day = excluded.day, deleted = excluded.deleted, paid_full = excluded.paid_full,
      attendance = excluded.attendance, price = excluded.price, services_paid = excluded.services_paid,
      goods_paid = excluded.goods_paid, changed_at = excluded.changed_at, read_at = excluded.read_at,
      terms_id = excluded.terms_id, percent = excluded.percent, decided_at = now(), decision = excluded.decision,
      base = excluded.base
    returning record_id as "recordId", award_key as key`;
  return new Map(keys.map(({ recordId, key }) => [recordId, key]));
}

/** JSON has no numeric: sums go as PostgreSQL writes them. */
function withDecimals({ price, servicesPaid, goodsPaid, base, percent, ...row }: VisitRow) {
  const sum = (value: number | null) => (value === null ? null : decimal(value));
  return {
    ...{ ...row, price: sum(price), base: sum(base), percent: sum(percent) },
    ...{ servicesPaid: sum(servicesPaid), goodsPaid: sum(goodsPaid) },
  };
}

/**
 * These records were read again and nothing in them had changed: the decision may have.
 */
export async function touchVisits(
  sql: Sql,
  companyId: CompanyId,
  rows: { recordId: RecordId; readAt: Date; decision: Word }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update visits v set read_at = r.read_at, decision = r.decision
    from unnest(${rows.map((row) => row.recordId)}::bigint[],
      ${rows.map((row) => row.readAt.toISOString())}::text[]::timestamptz[], ${rows.map((row) => row.decision)}::text[])
      r (record_id, read_at, decision)
    where v.record_id = r.record_id and v.company_id = ${companyId}`;
}

/** Awarded records of these session days, from the first to the last, inclusive. */
export async function awardedBetween(
  sql: Sql,
  companyId: CompanyId,
  from: string,
  to: string,
): Promise<RecordId[]> {
  const rows = await sql<{ recordId: RecordId }[]>`
    select record_id as "recordId" from visits
    where company_id = ${companyId} and day between ${from} and ${to} and decision = 'awarded'`;
  return rows.map((row) => row.recordId);
}

/** The visits of these YCLIENTS clients that have no row yet leave one card for another. Returns the records. */
export async function moveBareVisits(
  sql: Sql,
  moves: { person: YclientsClientId; from: CardId; to: CardId }[],
): Promise<RecordOfBranch[]> {
  if (moves.length === 0) return [];
  return sql<RecordOfBranch[]>`
    update visits v set client_id = m.to_card
    from unnest(${moves.map((one) => one.person)}::bigint[], ${moves.map((one) => one.from)}::bigint[],
      ${moves.map((one) => one.to)}::bigint[]) m (person, from_card, to_card)
    where v.client_id = m.from_card and v.yclients_client_id = m.person
      and not exists (select from bonuslog a where a.key = v.award_key)
    returning v.company_id as "companyId", v.record_id as "recordId"`;
}
