// What a simulated world has written of cards' levels, each change held against the rules: due when it is there, there when it is due.

import { dayIn, later } from "./ends.ts";
import { KeptLevels, keptSum, type LevelEvent } from "./kept-levels.ts";
import { levelAt, percentOf, turnover } from "./levels.ts";
import type { World } from "./world.ts";

/** Whatever is written of a card's level is what its visits, its owner and the terms of the moment make of it. */
export async function levelChangesAreDue(world: World): Promise<string[]> {
  const kept = await KeptLevels.of(world);
  return kept.events.flatMap((event) => {
    world.count(`level changes: ${event.kind}`);
    const wrong = rules[event.kind](kept, event);
    return wrong === null ? [] : [`card ${event.card}, ${event.kind} ${event.id}: ${wrong}`];
  });
}

type Rule = (kept: KeptLevels, event: LevelEvent) => string | null;

const rules: Record<LevelEvent["kind"], Rule> = {
  up: (kept, event) => {
    const { levels, months } = kept.schemeAt(event.at);
    const standing = kept.standing(event.card, event.at, months, before(event));
    const reached = levelAt(levels, standing.turnover).from;
    if (standing.turnover !== event.turnover || reached !== event.reached)
      return `${event.turnover} reach ${event.reached}, and ought ${standing.turnover} reach ${reached}`;
    if (reached <= standing.kept) return `it had reached ${standing.kept}`;
    const was = percentOf(levels, { ...standing, turnover: 0 });
    return says(event, was, percentOf(levels, { ...standing, kept: reached }));
  },
  warned: (kept, event) => {
    const { until = "" } = event;
    if (!kept.daysAt(event.at).has(later(until ?? "", -30))) return `it is not thirty days before ${until}`;
    if (!isMonthEnd(until ?? "")) return `${until} is no month's last day`;
    const again = kept.before(event.card, event.after, event.id - 1);
    if (again.some((one) => one.kind === "warned" && one.until === until)) return "it was warned before";
    if (isLosing(kept, event, "surely")) return "it is about to lose that by the warning before";
    const short = shortfalls(kept, event, until ?? "");
    if (!short.some(({ held, sum }) => held === event.reached && sum === event.turnover && sum < held))
      return `${event.turnover} fall short of ${event.reached}, and ought ${JSON.stringify(short)}`;
    const { levels, months } = kept.schemeAt(event.at);
    const standing = { ...kept.standing(event.card, event.at, months, before(event)), hand: null };
    const after = { ...standing, turnover: event.turnover ?? 0, kept: 0 };
    return says(event, percentOf(levels, standing), percentOf(levels, after));
  },
  kept: (kept, event) => (falls(kept, event) ? "its visits do not keep it" : null),
  down: (kept, event) => {
    const { levels, months } = kept.schemeAt(event.at);
    if (!falls(kept, event)) return "its visits keep it, or its day is not over";
    const standing = kept.standing(event.card, event.at, months, before(event));
    if (levelAt(levels, event.turnover ?? 0).from !== event.reached) return "it falls to another level";
    const after = percentOf(levels, { ...standing, kept: event.reached ?? 0 });
    return says(event, percentOf(levels, standing), after);
  },
  hand: (kept, event) => {
    const { levels, months } = kept.schemeAt(event.at);
    const wish = kept.world.known.byHand.find(({ from, at }) => event.at >= from && event.at <= at);
    const level = levels[(wish?.place ?? 0) - 1];
    if (!wish || !level || levels.length < 2) return "nobody wrote it";
    const standing = kept.standing(event.card, event.at, months, before(event));
    const own = percentOf(levels, { ...standing, hand: null });
    const hand = { from: level.from, upwards: level.percent >= own };
    const ought = [wish.until, hand.from, hand.upwards].join();
    if ([event.until, event.reached, event.upwards].join() !== ought) return `it ought to be ${ought}`;
    const over = dayIn("Europe/Moscow", event.ends ?? 0);
    if (kept.world.zones.length === 1 && over !== later(wish.until, 1)) return `it is over on ${over}`;
    return says(event, percentOf(levels, standing), percentOf(levels, { ...standing, hand }));
  },
  undone: (kept, event) => {
    const tap = kept.world.known.handsBack.find(({ change, from, at }) => {
      return change === event.names && event.at >= from && event.at <= at;
    });
    const last = kept.before(event.card, event.after, event.id - 1).findLast(({ kind }) => kind === "hand");
    if (!tap || last?.id !== event.names) return "nobody tapped it, or it was not the last";
    const { levels, months } = kept.schemeAt(event.at);
    const standing = kept.standing(event.card, event.at, months, before(event));
    return says(event, percentOf(levels, standing), percentOf(levels, { ...standing, hand: null }));
  },
  terms: (kept, event) => {
    const coming = kept.terms.find(({ id }) => id === event.terms);
    if (!coming?.accepted || coming.since <= event.at) return "it is of no terms to come";
    if (!kept.daysAt(coming.since).has(event.until ?? ""))
      return `they come on another day than ${event.until}`;
    const [was, then] = [undefined, coming.scheme].map((scheme) =>
      kept.percent(event.card, event.at, before(event), scheme),
    );
    return says(event, was ?? 0, then ?? 0);
  },
};

const before = ({ after, id }: LevelEvent) => ({ row: after, event: id - 1 });

const says = (event: LevelEvent, was: number, percent: number) =>
  event.was === was && event.percent === percent
    ? null
    : `it says ${event.was} and ${event.percent}, and ought ${was} and ${percent}`;

const isMonthEnd = (day: string) => later(day, 1).endsWith("-01");

/** What the level that a card has kept needs, and what its visits come to on a month's last day, by each zone that it may be in. */
export function shortfalls(
  kept: KeptLevels,
  { card, at, after, id }: Pick<LevelEvent, "card" | "at" | "after" | "id">,
  until: string,
): { held: number; sum: number }[] {
  const { levels, months } = kept.schemeAt(at);
  const held = levelAt(levels, keptSum(kept.before(card, after, id - 1))).from;
  const since = months === null ? [Number.NEGATIVE_INFINITY] : windowsOf(kept.world, until, months);
  return since.map((moment) => ({ held, sum: turnover(kept.visitsUpTo(after, card), card, moment) }));
}

/** When the visits begin that count on a last day: so many months before the day after it, by each zone's midnight. */
function windowsOf(world: World, until: string, months: number): number[] {
  const first = later(until, 1);
  // The day after a month's end is a first one: so is that many months before it.
  const [year = 0, month = 0] = first.split("-").map(Number);
  const noon = Date.UTC(year, month - 1 - months, 1, 12);
  return world.zones.map((zone) => noon - clockOf(zone, noon));
}

/** Milliseconds since midnight in a zone. */
function clockOf(zone: string, at: number): number {
  const [hours = 0, minutes = 0, seconds = 0] = new Date(at)
    .toLocaleTimeString("sv-SE", { timeZone: zone })
    .split(":")
    .map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}

/** Whether a card loses its level by the warning that an event names, whose day is over. */
function falls(kept: KeptLevels, event: LevelEvent): boolean {
  const warning = kept.event(event.names);
  const isOver = [...kept.daysAt(event.at)].some((day) => day > (warning?.until ?? ""));
  if (warning?.kind !== "warned" || warning.card !== event.card || !isOver) return false;
  return isLost(kept, warning, event).some(({ sum, lost }) => lost && sum === event.turnover);
}

/** Whether neither what counts on a warning's day nor what was paid since keeps the level, by each zone that it may be in. */
function isLost(
  kept: KeptLevels,
  warning: LevelEvent,
  { at, after, id }: Pick<LevelEvent, "at" | "after" | "id">,
): { sum: number; lost: boolean }[] {
  const until = warning.until ?? "";
  const rows = kept.visitsUpTo(after, warning.card);
  const counted = (months: number | null) =>
    (months === null ? [Number.NEGATIVE_INFINITY] : windowsOf(kept.world, until, months)).map((moment) => ({
      sum: turnover(rows, warning.card, moment),
      paid: turnover(rows, warning.card, moment, warning.after),
    }));
  // Terms may be others since: what visits make by them on that day is not lost.
  const present = kept.schemeAt(at);
  const placed = (sum: number) => levelAt(present.levels, sum).from;
  const held = placed(keptSum(kept.before(warning.card, after, id - 1)));
  const holds = counted(present.months).map(({ sum }) => held > 0 && placed(sum) >= held);
  const isOld = isOldOn(kept, warning, at).every(Boolean);
  return counted(kept.schemeAt(warning.at).months).map(({ sum, paid }, zone) => {
    const isShort = sum < (warning.reached ?? 0) && paid < (warning.missing ?? 0);
    return { sum, lost: !isOld && !(holds[zone] ?? holds[0]) && isShort };
  });
}

/** Whether a warning is too old to take anything, by each day that it may be. */
const isOldOn = (kept: KeptLevels, { until }: LevelEvent, at: number): boolean[] =>
  [...kept.daysAt(at)].map((day) => later(until ?? "", 30) < day);

/** A warning of which nothing came yet takes the level, unless more is paid; perhaps, or on whatever day it may be. */
function isLosing(
  kept: KeptLevels,
  of: Pick<LevelEvent, "card" | "at" | "after" | "id">,
  how: "perhaps" | "surely",
): boolean {
  const written = kept.before(of.card, of.after, of.id - 1);
  const open = written.filter(
    ({ id, kind }) => kind === "warned" && !written.some(({ names }) => names === id),
  );
  return open.some(
    (warning) =>
      isLost(kept, warning, of).every(({ lost }) => lost) &&
      !(how === "surely" && isOldOn(kept, warning, of.at).some(Boolean)),
  );
}

/** Nobody misses what is due to them: a rise with the visits that make it, a warning on its day, and what comes of it after. */
export async function levelChangesAreThere(world: World): Promise<string[]> {
  const kept = await KeptLevels.of(world);
  const hands = world.known.byHand.flatMap((wish) => {
    const rows = kept.events.filter(
      ({ kind, at }) => kind === "hand" && at >= wish.from && at <= wish.at,
    ).length;
    const unknown = !wish.done && rows === 1; // the answer was lost
    return rows === (wish.done ? 1 : 0) || unknown ? [] : [`a level by hand was written ${rows} times`];
  });
  const undone = world.known.handsBack.flatMap(({ change, done }) =>
    done && !kept.events.some(({ names }) => names === change) ? [`${change} was said to be undone`] : [],
  );
  return [
    ...hands,
    ...undone,
    ...unwritten(kept),
    ...world.known.reviews.flatMap((at) => unreviewed(kept, at)),
  ];
}

/** Rows of one transaction have one moment; behind its last one the card has what it has reached. */
function unwritten(kept: KeptLevels): string[] {
  const pages = [...Map.groupBy(kept.rows, ({ at }) => at).entries()];
  return pages.flatMap(([at, page]) => {
    const last = page.at(-1)?.id ?? 0;
    const { levels, months } = kept.schemeAt(at);
    return [...new Set(page.map(({ card }) => card))].flatMap((card) => {
      const { turnover } = kept.standing(card, at, months, { row: last });
      const reached = levelAt(levels, turnover).from;
      const held = keptSum(kept.eventsOf(card).filter((one) => one.at <= at));
      return reached > held && levels.length > 1
        ? [`card ${card} has ${reached} by row ${last}, unwritten`]
        : [];
    });
  });
}

/** What a review of a day without any fault has left undone. */
function unreviewed(kept: KeptLevels, at: number): string[] {
  const { world } = kept;
  const { levels, months } = kept.schemeAt(at);
  if (levels.length < 2 || world.zones.length > 1) return [];
  const today = dayIn("Europe/Moscow", at);
  const upTo = kept.upTo(at);
  const events = kept.events.filter(({ id }) => id <= upTo.event);
  const isThere = (card: number) => !((kept.gone.get(card) ?? Number.POSITIVE_INFINITY) < at);
  const cards = [...new Set([...kept.rowsUpTo(upTo.row), ...events].map(({ card }) => card))].filter(isThere);
  const raised = cards.filter((card) => {
    const standing = kept.standing(card, at, months, upTo);
    return levelAt(levels, standing.turnover).from > standing.kept;
  });
  const isDay = clockOf("Europe/Moscow", at) >= 9 * hour;
  // Of what is over for more than thirty days nothing comes: it keeps its level.
  const isOver = ({ kind, until }: LevelEvent) =>
    kind === "warned" && (until ?? "") < today && (until ?? "") >= later(today, -30);
  const unsettled = events.filter(
    (one) => isDay && isOver(one) && !((kept.cameOf(one.id)?.id ?? Infinity) <= upTo.event),
  );
  return [
    ...raised.map((card) => `card ${card} is not written to have what it has reached by ${today}`),
    ...cards
      .filter((card) => isUnwarned(kept, card, at))
      .map((card) => `card ${card} was not warned on ${today}`),
    ...unsettled.map(({ id }) => `nothing came of warning ${id} by ${today}`),
  ];
}

/** It falls short of its level in thirty days, and no level by hand hides that; and it was not warned. */
function isUnwarned(kept: KeptLevels, card: number, at: number): boolean {
  const until = later(dayIn("Europe/Moscow", at), 30);
  if (!isMonthEnd(until)) return false;
  const upTo = kept.upTo(at);
  const written = kept.before(card, upTo.row, upTo.event);
  const { hand } = kept.standing(card, at, null, upTo);
  const isHidden = hand && (written.findLast(({ kind }) => kind === "hand")?.until ?? "") > until;
  const here = { card, at, after: upTo.row, id: upTo.event + 1 };
  const [short] = shortfalls(kept, here, until);
  if (isLosing(kept, here, "perhaps")) return false;
  const isWarned = written.some((one) => one.kind === "warned" && one.until === until);
  return !isHidden && !isWarned && short !== undefined && short.sum < short.held;
}

const hour = 3_600_000;
