// How a card's level stands, and a level that an owner gives it by hand.

import type { Db, Sql } from "../db/connect.ts";
import { underLock } from "../ledger/ledger.ts";
import type { CardId, Percent } from "../rules/ids.ts";
import { addDays, dayOf, instantOf } from "../rules/time.ts";
import { addHand, givenByHand, undoHand } from "./by-hand.store.ts";
import { levelTermsNow, standingOf, visitsCounted, warnedDays } from "./levels.store.ts";
import { type LevelShown, levelPlace, nextFall, percentOf } from "./standing.rule.ts";

/** Which level it is, from 1 on, of how many, and its percent; null where there are no levels. */
export async function levelPlaceOf(
  sql: Sql,
  card: CardId,
): Promise<Pick<LevelShown, "place" | "places" | "percent"> | null> {
  const terms = await levelTermsNow(sql);
  if (!terms?.levels) return null;
  const { levels, months } = terms;
  const place = levelPlace(levels, await standingOf(sql, card, months));
  return { place: place + 1, places: levels.length, percent: levels[place]?.percent ?? 0 };
}

/** The card's level now, what is left to the next one and until when it holds; null where there are no levels. */
export async function levelOf(
  sql: Sql,
  card: CardId,
  at: { now: Date; timeZone: string },
): Promise<LevelShown | null> {
  const terms = await levelTermsNow(sql);
  if (!terms?.levels) return null;
  const { levels, months } = terms;
  const standing = await standingOf(sql, card, months);
  const place = levelPlace(levels, standing);
  const own = levelPlace(levels, { ...standing, hand: null });
  const today = dayOf(at.now, at.timeZone);
  const warned = await warnedDays(sql, card, today);
  const visits = (await visitsCounted(sql, card)).map((one) => ({ ...one, day: dayOf(one.at, at.timeZone) }));
  const byHand = standing.hand !== null && place !== own ? standing.hand : null;
  const next = byHand !== null && !byHand.upwards ? undefined : levels[place + 1];
  return {
    ...{ place: place + 1, places: levels.length, percent: levels[place]?.percent ?? 0, months },
    next: next ? { percent: next.percent, left: Math.max(0, next.from - standing.turnover) } : null,
    fall: byHand ? null : nextFall(levels, months, { visits, place, today, warned }),
    byHandUntil: byHand?.until ?? null,
  };
}

/** A level that an owner gives: its place from 1 on, its last day, why, by whom, and what it is for (`key`). */
export interface Gift {
  card: CardId;
  place: number;
  until: string;
  reason: string;
  actor: string;
  key: string;
}

/** What came of a level by hand. `change` names it, to be undone. */
export type Given =
  | { result: "no_levels" }
  | { result: "no_such_level"; places: number }
  | { result: "done" | "already"; change: number; was: Percent; percent: Percent };

/** Gives a card a level until a day is over, up or down, once; told at once where its percent is another by it. */
export function giveLevel(db: Db, gift: Gift, timeZone: string): Promise<Given> {
  return underLock(db, async (tx) => {
    const terms = await levelTermsNow(tx);
    if (!terms?.levels) return { result: "no_levels" };
    const { levels, months } = terms;
    const level = levels[gift.place - 1];
    if (level === undefined) return { result: "no_such_level", places: levels.length };
    const basis = await standingOf(tx, gift.card, months);
    const upwards = gift.place - 1 >= levelPlace(levels, { ...basis, hand: null });
    const hand = { from: level.from, upwards, until: gift.until };
    const percents = { was: percentOf(levels, basis), percent: percentOf(levels, { ...basis, hand }) };
    const endsAt = instantOf(`${addDays(gift.until, 1)}T00:00:00`, timeZone);
    const added = await addHand(tx, { ...gift, ...percents, ...hand, turnover: basis.turnover, endsAt });
    return { result: added.isNew ? "done" : "already", change: added.id, ...percents };
  });
}

/** Takes a level by hand back, once, and returns what the card earns now; null where there is none, or it was taken back. */
export function takeLevelBack(
  db: Db,
  change: number,
  actor: string,
): Promise<{ card: CardId; percent: Percent } | null> {
  return underLock(db, async (tx) => {
    const given = await givenByHand(tx, change);
    const terms = await levelTermsNow(tx);
    if (given === null || !terms?.levels) return null;
    const basis = await standingOf(tx, given, terms.months);
    const was = percentOf(terms.levels, basis);
    const percent = percentOf(terms.levels, { ...basis, hand: null });
    await undoHand(tx, { change, card: given, actor, was, percent });
    return { card: given, percent };
  });
}
