// Levels that owners give by hand, and take back. SQL only.

import type { Tx } from "../db/connect.ts";
import type { CardId } from "../rules/ids.ts";
import type { Kopecks } from "../rules/money.ts";
import { canBeTold } from "./levels.store.ts";

/** A level given by hand, as it is written down. */
export interface Hand {
  card: CardId;
  from: Kopecks;
  upwards: boolean;
  until: string;
  endsAt: Date;
  turnover: Kopecks;
  was: number;
  percent: number;
  reason: string;
  actor: string;
  key: string;
}

/** Writes it down, once by its key, and has it told where it changes the percent. Under the ledger's lock. */
export async function addHand(tx: Tx, hand: Hand): Promise<{ id: number; isNew: boolean }> {
  const [added] = await tx<{ id: number }[]>`
    insert into level_changes (client_id, kind, reached, turnover, until, ends_at, upwards, was, percent, reason, actor, key,
      after_row, due_at)
    select c.id, 'hand', ${hand.from}, ${hand.turnover}, ${hand.until}, ${hand.endsAt}, ${hand.upwards}, ${hand.was}, ${hand.percent},
      ${hand.reason}, ${hand.actor}, ${hand.key}, (select coalesce(max(b.id), 0) from bonuslog b),
      case when ${hand.was !== hand.percent} and ${tx.unsafe(canBeTold)} then now() end
    from clients c where c.id = ${hand.card}
    on conflict (key) do nothing returning id`;
  if (added) return { id: added.id, isNew: true };
  const [there] = await tx<[{ id: number }]>`select id from level_changes where key = ${hand.key}`;
  return { id: there.id, isNew: false };
}

/** The card of a level by hand that is its last one and still to be undone; null where there is none. */
export async function givenByHand(tx: Tx, change: number): Promise<CardId | null> {
  const [row] = await tx<{ card: CardId }[]>`
    select h.client_id as card from level_changes h
    where h.id = ${change} and h.kind = 'hand' and h.ends_at > now()
      and not exists (select from level_changes u where u.names = h.id)
      and not exists (select from level_changes l where l.client_id = h.client_id and l.kind = 'hand' and l.id > h.id)`;
  return row?.card ?? null;
}

/** Takes a level by hand back; it is told where the level itself was, and is not told any more where it was not yet. */
export async function undoHand(
  tx: Tx,
  of: { change: number; card: CardId; actor: string; was: number; percent: number },
): Promise<void> {
  const waits = await tx`
    update level_changes set due_at = null where id = ${of.change} and due_at is not null returning id`;
  await tx`
    delete from begun_messages where client_id = ${of.card} and about = 'level' and subject = ${of.change}`;
  await tx`
    insert into level_changes (client_id, kind, names, was, percent, actor, key, after_row, due_at)
    select c.id, 'undone', ${of.change}, ${of.was}, ${of.percent}, ${of.actor}, ${`undone:${of.change}`},
      (select coalesce(max(b.id), 0) from bonuslog b),
      case when ${waits.length === 0 && of.was !== of.percent} and ${tx.unsafe(canBeTold)} then now() end
    from clients c where c.id = ${of.card}
    on conflict (key) do nothing`;
}
