// What an import writes beside the ledger, and what it must know of our tables first. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId, CompanyId, RecordId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/** What this database has done already, apart from imports by this actor. */
export async function workSoFar(
  sql: Sql,
  actor: string,
): Promise<{ rows: number; begun: boolean; forgotten: boolean }> {
  const [row] = await sql<[{ rows: number; begun: boolean; forgotten: boolean }]>`
    select (select count(*) from bonuslog where actor <> ${actor}) as rows, exists (select from visits) as begun,
      exists (select from yclients_clients where forgotten_at is not null)
        or exists (select from clients where forgotten_at is not null) as forgotten`;
  return row;
}

/** An import takes as long as it takes, and is all there or not at all; one that is frozen is ended, for it holds the ledger. */
export async function takeTime(tx: Tx): Promise<void> {
  await tx`set local statement_timeout = 0`;
  await tx`set local idle_in_transaction_session_timeout = '2min'`;
  await tx`set local lock_timeout = '2min'`; // another import may be at it
}

/** Records of its branch that the earlier program had dealt with, with the card and the points it gave. Returns those not known yet. */
export async function addImportedAwards(
  tx: Tx,
  companyId: CompanyId,
  awards: { recordId: RecordId; card: CardId | null; points: Points }[],
): Promise<Set<number>> {
  const rows = await tx<{ recordId: RecordId }[]>`
    insert into imported_awards (company_id, record_id, client_id, points, imported_at)
    select ${companyId}, record_id, client_id, points, now()
    from unnest(${awards.map((award) => award.recordId)}::bigint[], ${awards.map((award) => award.card)}::bigint[],
      ${awards.map((award) => award.points)}::numeric[]) a (record_id, client_id, points)
    on conflict (record_id, company_id) do nothing returning record_id as "recordId"`;
  return new Set(rows.map((row) => row.recordId));
}

/** Of these cards, those that nobody has linked are claimed by accounts that have no card and claim no other. */
export async function claimCards(tx: Tx, claims: { card: CardId; account: Account }[]): Promise<void> {
  await tx`
    update clients c set claimed_by = l.account
    from unnest(${claims.map((claim) => claim.card)}::bigint[],
      ${claims.map((claim) => claim.account)}::text[]) l (card, account)
    where c.id = l.card and not c.linked and c.claimed_by is null
      and not exists (select from accounts a where a.account = l.account)
      and not exists (select from clients o where o.claimed_by = l.account)`;
}

/** How many of these cards are claimed, by accounts that have not proved their numbers yet. */
export async function claimedAmong(tx: Tx, cards: CardId[]): Promise<number> {
  const rows = await tx`select from clients where id = any(${cards}::bigint[]) and claimed_by is not null`;
  return rows.count;
}

/** What the rows of these cards sum to, and how many of them are openings. A card without rows is left out. */
export function sumsOfCards(
  tx: Tx,
  cards: CardId[],
): Promise<{ card: CardId; points: Points; openings: number }[]> {
  return tx<{ card: CardId; points: Points; openings: number }[]>`
    select client_id as card, sum(points) as points, count(*) filter (where kind = 'opening')::int as openings
    from bonuslog where client_id = any(${cards}::bigint[]) group by client_id`;
}

/** The branch awards visits from this day on, or from an earlier one if that was said before. */
export async function startProgramme(tx: Tx, companyId: CompanyId, day: string): Promise<void> {
  await tx`
    insert into companies (company_id, program_start) values (${companyId}, ${day})
    on conflict (company_id) do update
    set program_start = least(companies.program_start, excluded.program_start)`;
}

/** The planner learns of what came in at once. */
export async function analyze(sql: Sql): Promise<void> {
  await sql`analyze clients, yclients_clients, bonuslog, imported_awards`;
}
