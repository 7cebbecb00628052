// What is asked of YCLIENTS for settlements: stored before it is asked, and what came of it. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Kopecks } from "../rules/money.ts";
import type { Asked, Came, InJournal, Write } from "./settlement.rule.ts";
import type { SettlementId, StoredSettlement } from "./settlements.store.ts";

/** What is about to be asked. Breaks a rule where the settlement, or the card, has an open one, or a card is being issued to its client. */
export async function openWrite(
  tx: Tx,
  one: StoredSettlement,
  { write, amount }: { write: Write; amount: Kopecks },
  seen: InJournal,
): Promise<number> {
  const [card, issuedTo] = write === "issue" ? [null, one.client] : [one.reservedCard, null];
  const [row] = await tx<[{ id: number }]>`
    insert into settlement_writes (settlement_id, reserved_card, issued_to, write, amount, balance_before, applied_before, left_before)
    values (${one.id}, ${card}, ${issuedTo}, ${write}, ${amount}, ${seen.balance}, ${seen.applied}, ${seen.left}) returning id`;
  return row.id;
}

/** What YCLIENTS answered to it. */
export async function keepAnswer(
  sql: Sql,
  open: number,
  answer: Asked["answer"],
  words: string | null,
): Promise<void> {
  await sql`update settlement_writes set answer = ${answer}, words = ${words} where id = ${open} and came is null`;
}

/** Turned away at the door: it was never asked. */
export async function dropWrite(tx: Tx, open: number): Promise<void> {
  await tx`delete from settlement_writes where id = ${open} and came is null`;
}

/** It is known what came of it, and what is held since; `open` null: of nothing that was asked. */
export async function closeWrite(
  tx: Tx,
  one: { id: SettlementId; open: number | null },
  came: Came,
  held: Kopecks,
): Promise<void> {
  await tx`
    update settlement_writes set came = ${came} where id = ${one.open} and came is null`;
  await tx`update settlements set held = ${held}, missing_at = null, due_at = clock_timestamp(), changed_at = clock_timestamp() where id = ${one.id}`;
}
