// A spend that the journal did not let, or that somebody took off a bill: how it may be begun once more, by one tap.

import type { Sql } from "../db/connect.ts";
import type { EntryId, RecordId } from "../rules/ids.ts";
import { mayPass, withoutJournal } from "../settlements/settlement.rule.ts";
import { branchesThatSettle, type StoredSettlement } from "../settlements/settlements.ts";
import type { LimitRules } from "./limits.ts";
import { addScreen, findScreen, type Screen } from "./screens.store.ts";
import { openMs, type Till, untilOf } from "./screens.ts";
import { tapsUpTo } from "./today.ts";

/** Once more: of the visit of this record, or of none, where the price is lowered by hand. */
export interface Anew {
  record: RecordId | null;
}

/** The number of the message that a screen of it has instead of one: a row comes back once, and so there is one screen of it. */
const askedFor = (row: EntryId) => tapsUpTo + row;

/** Whether a screen began a spend once more. */
export const isAnew = ({ asked }: Pick<Screen, "asked">) => asked >= tapsUpTo;

/**
 * How what a screen spent may be spent once more; null: by this screen not at all, or not any more. Whoever took it back
 * themselves is not asked, nor after the time in which a screen waits for a button.
 */
export async function anewOf(
  { db, now, rules }: { db: Sql; now: Date; rules: LimitRules },
  screen: Screen,
  one: StoredSettlement | null,
): Promise<Anew | null> {
  if (screen.step !== "undone" || one === null || one.askedBackBy !== null || one.why === null) return null;
  if (screen.doneAt === null || screen.doneAt.getTime() + openMs <= now.getTime()) return null;
  if (!mayPass.has(one.why) && !withoutJournal.has(one.why)) return null;
  if (await begunAnew({ db, now }, screen)) return null;
  const settles = mayPass.has(one.why) && (await branchesThatSettle(db, rules)).has(one.company);
  return { record: settles ? one.record : null };
}

/** Whether what a screen spent was begun once more, in a message below. */
export async function begunAnew({ db, now }: { db: Sql; now: Date }, screen: Screen): Promise<boolean> {
  if (screen.row === null) return false;
  const begun = await findScreen(db, { ...screen, asked: askedFor(screen.row) }, now);
  return begun !== null && begun.message !== null;
}

/**
 * The screen that spends once more what `before` did, of the same client and bill; it says nothing before it is acted on. What was
 * spent on the bill since `before` was drawn is asked about. Null: nothing of it was spent.
 */
export async function openAnew(till: Till, before: Screen, { record }: Anew): Promise<Screen | null> {
  if (before.row === null) return null;
  const key = { bot: before.bot, account: before.account, asked: askedFor(before.row) };
  const { sought, card, to, bill, paid, action, points, reason, seen, company, record: of } = before;
  const draft = {
    step: "confirm",
    sought,
    card,
    to,
    bill,
    paid,
    action,
    points,
    reason,
    typed: null,
  } as const;
  const screen =
    (await addScreen(till.db, key, draft, untilOf(till))) ?? (await findScreen(till.db, key, till.now));
  return screen && { ...screen, names: record, seen, company, record: of };
}
