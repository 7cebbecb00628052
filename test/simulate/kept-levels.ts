// What a simulated world has kept of levels, and its terms, held against what its settings and its owner make of them.

import { dayIn } from "./ends.ts";
import {
  monthsBefore,
  percentOf,
  type Scheme,
  type Standing,
  schemeOf,
  type TermsChange,
  termsAfter,
  turnover,
  type VisitRow,
  withEverybodys,
  wordsOf,
} from "./levels.ts";
import { settingAt } from "./terms.ts";
import type { World } from "./world.ts";

/** A row of the ledger that a visit made; `percent` is of an award. */
interface Row extends VisitRow {
  kind: string;
  percent: number | null;
}

/** What is written of a card's level: sums in kopecks, percents in hundredths, moments of the world. */
export interface LevelEvent {
  id: number;
  card: number;
  kind: "up" | "warned" | "kept" | "down" | "hand" | "undone" | "terms";
  reached: number | null;
  turnover: number | null;
  missing: number | null;
  until: string | null;
  ends: number | null;
  upwards: boolean | null;
  names: number | null;
  terms: number | null;
  was: number | null;
  percent: number | null;
  actor: string;
  /** The last row of the ledger before it. */
  after: number;
  at: number;
}

/** Terms as they are kept. */
interface KeptTerms {
  id: number;
  scheme: Scheme;
  accepted: boolean;
  since: number;
}

const ms = "* 1000)::float8";

/** All that a world has kept of levels. */
export class KeptLevels {
  // A year of a salon has tens of thousands of visits: each card is asked for its own.
  readonly #visitsOf = new Map<number, Row[]>();
  readonly #eventsOf: ReadonlyMap<number, LevelEvent[]>;
  readonly #byId: ReadonlyMap<number, LevelEvent>;
  readonly #byName: ReadonlyMap<number | null, LevelEvent>;
  readonly #moments = new Map<number, { row: number; event: number }>();

  private constructor(
    readonly world: World,
    readonly rows: readonly Row[],
    readonly events: readonly LevelEvent[],
    readonly terms: readonly KeptTerms[],
    /** Cards that nobody has any more, since when: forgotten, or gone into another one. */
    readonly gone: ReadonlyMap<number, number>,
  ) {
    const ofAward = Map.groupBy(rows, ({ award }) => award);
    for (const [card, own] of Map.groupBy(rows, (row) => row.card)) {
      const visits = [...new Set(own.map(({ award }) => award))].flatMap((award) => ofAward.get(award) ?? []);
      this.#visitsOf.set(
        card,
        visits.sort((one, other) => one.id - other.id),
      );
    }
    this.#eventsOf = Map.groupBy(events, ({ card }) => card);
    this.#byId = new Map(events.map((one) => [one.id, one]));
    this.#byName = new Map(events.map((one) => [one.names, one]));
  }

  static async of(world: World): Promise<KeptLevels> {
    const { sql } = world.database;
    const terms = await sql<
      { id: number; levels: string | null; months: number | null; since: number; accepted: boolean }[]
    >`
      select id, levels, months, (extract(epoch from since) ${sql.unsafe(ms)} as since, accepted_by is not null as accepted
      from level_terms order by id`;
    const rows = await sql<Row[]>`
      select b.id::int, coalesce(b.corrects, b.id)::int as award, b.client_id::int as card, b.kind,
        (b.points * 100)::float8 as points, (b.paid * 100)::float8 as paid, (v.percent * 100)::float8 as percent,
        (extract(epoch from b.awarded_at) ${sql.unsafe(ms)} as at
      from bonuslog b left join visits v on b.kind = 'award' and v.award_key = b.key
      where b.kind in ('award', 'correction') order by b.id`;
    const events = await sql<LevelEvent[]>`
      select id::int, client_id::int as card, kind, (reached * 100)::float8 as reached, (turnover * 100)::float8 as turnover,
        (missing * 100)::float8 as missing, until::text, (extract(epoch from ends_at) ${sql.unsafe(ms)} as ends, upwards,
        names::int, terms_id as terms, (was * 100)::float8 as was, (percent * 100)::float8 as percent, actor,
        after_row::int as after, (extract(epoch from at) ${sql.unsafe(ms)} as at
      from level_changes order by id`;
    const kept = terms.map(({ id, levels, months, since, accepted }) => {
      const scheme = schemeOf({ LEVELS: levels ?? "off", LEVELS_OVER: months ? `${months} months` : "all" });
      return { id, since, accepted, scheme };
    });
    const gone = await sql<{ card: number; at: number }[]>`
      select id::int as card, (extract(epoch from least(forgotten_at, merged_at)) ${sql.unsafe(ms)} as at from clients
      where coalesce(forgotten_at, merged_at) is not null`;
    const goneSince = new Map(gone.map(({ card, at }) => [card, at]));
    return new KeptLevels(world, rows, events, kept, goneSince);
  }

  /** The levels in force at a moment; of the percent that everybody earns, where there are none. */
  schemeAt(moment: number): Scheme {
    return this.#whole(this.terms.findLast(({ since }) => since <= moment)?.scheme ?? schemeOf({}), moment);
  }

  #whole(scheme: Scheme, moment: number): Scheme {
    return withEverybodys(scheme, Math.round(Number(settingAt(this.world, "BONUS_PERCENT", moment)) * 100));
  }

  /** The last row and the last event before a moment. */
  upTo(moment: number): { row: number; event: number } {
    const known = this.#moments.get(moment);
    if (known) return known;
    const events = this.events.filter(({ at }) => at < moment);
    const row = this.rows.findLast(({ at }) => at < moment)?.id ?? 0;
    const last = events.reduce((most, { after }) => Math.max(most, after), row);
    const found = { row: last, event: events.at(-1)?.id ?? 0 };
    this.#moments.set(moment, found);
    return found;
  }

  rowsUpTo(last: number): Row[] {
    return this.rows.filter(({ id }) => id <= last);
  }

  /** The rows up to one of all visits that a card ever had, on whichever card they are: no others count for its level. */
  visitsUpTo(last: number, card: number): Row[] {
    return (this.#visitsOf.get(card) ?? []).filter(({ id }) => id <= last);
  }

  /** What is written of a card. */
  eventsOf(card: number): readonly LevelEvent[] {
    return this.#eventsOf.get(card) ?? [];
  }

  event(id: number | null): LevelEvent | undefined {
    return id === null ? undefined : this.#byId.get(id);
  }

  /** What came of an event: the one that names it. */
  cameOf(id: number): LevelEvent | undefined {
    return this.#byName.get(id);
  }

  /** What is written of a card up to a row and an event, both included. */
  before(card: number, row: number, event = Number.POSITIVE_INFINITY): LevelEvent[] {
    return this.eventsOf(card).filter((one) => one.after <= row && one.id <= event);
  }

  /** How a card stands at a moment by the rows and events up to these, as far as the visits of so many months go. */
  standing(card: number, at: number, months: number | null, upTo: { row: number; event?: number }): Standing {
    const events = this.before(card, upTo.row, upTo.event);
    const hand = events.findLast(({ kind }) => kind === "hand");
    const runs = hand && (hand.ends ?? 0) > at && !events.some(({ names }) => names === hand.id);
    return {
      turnover: turnover(this.visitsUpTo(upTo.row, card), card, monthsBefore(at, months)),
      kept: keptSum(events),
      hand: runs ? { from: hand.reached ?? 0, upwards: hand.upwards === true } : null,
    };
  }

  /** The percent of a card's next visit by the terms in force then, or by others. */
  percent(card: number, at: number, upTo: { row: number; event?: number }, by?: Scheme): number {
    const { levels, months } = by ? this.#whole(by, at) : this.schemeAt(at);
    return percentOf(levels, this.standing(card, at, months, upTo));
  }

  /** The days that it may have been for a program at this moment: zones are corrected, and clocks wrong by two hours. */
  daysAt(moment: number): Set<string> {
    const zones = this.world.zones.flatMap((zone) =>
      [-7_200_000, 0, 7_200_000].map((skew) => dayIn(zone, moment + skew)),
    );
    return new Set(zones);
  }
}

/** The sum of the level that a card has reached and not lost, by what is written of it. */
export function keptSum(events: readonly LevelEvent[]): number {
  return events.findLast(({ kind }) => kind === "up" || kind === "down")?.reached ?? 0;
}

/** Terms come of the settings and of what an owner accepts, in their order and at their time, and there are no others. */
export async function levelTermsAreKept(world: World): Promise<string[]> {
  const { terms } = await KeptLevels.of(world);
  const chosen: TermsChange[] = world.terms.map(({ from, at }, place) => {
    const set: Record<string, string> = Object.assign(
      {},
      ...world.terms.slice(0, place + 1).map((one) => one.set),
    );
    const everybodys = Math.round(Number(set.BONUS_PERCENT ?? "1") * 100);
    return { from, at, wanted: schemeOf(set), everybodys };
  });
  const accepted = world.known.accepted.map(({ from, at, shown }) => ({ from, at, accepted: shown.scheme }));
  const changes = [...chosen, ...accepted].sort((one, other) => one.from - other.from);
  const ought = termsAfter(changes, (place) => terms[place]?.since ?? Number.POSITIVE_INFINITY);
  for (const { accepted } of ought) world.count(`level terms: ${accepted ? "accepted" : "at once"}`);
  const faults = ought.flatMap(({ scheme, accepted, since: [first, last] }, place) => {
    const kept = terms[place];
    const is = kept && `${said(kept.scheme)}${kept.accepted ? ", accepted" : ""}`;
    const words = `${said(scheme)}${accepted ? ", accepted" : ""}`;
    if (is !== words) return [`levels ${words} ought to be there, and ${is ?? "nothing"} is`];
    return kept && (kept.since < first - slack || kept.since > last + slack)
      ? [`levels ${words} hold from ${new Date(kept.since).toISOString()} on`]
      : [];
  });
  return faults.length === 0 && terms.length > ought.length ? ["levels were written once more"] : faults;
}

/** What everybody earns is no part of terms without levels. */
const said = (scheme: Scheme) => wordsOf(withEverybodys(scheme, 100));

/** The clocks of two machines, and the days of zones. */
const slack = 100;

/** Each award has the percent of the level that the rows before it have made, and none where there are no levels. */
export async function percentsAreReached(world: World): Promise<string[]> {
  const kept = await KeptLevels.of(world);
  return kept.rows.flatMap(({ kind, id, card, at, percent }) => {
    if (kind !== "award") return [];
    const { levels } = kept.schemeAt(at);
    if (levels.length < 2) return percent === null ? [] : [`award ${id} has ${percent} without any levels`];
    const due = kept.percent(card, at, { row: id - 1 });
    world.count(`awarded by a level of ${due / 100} %`);
    return percent === due ? [] : [`award ${id} has ${percent}, and its card was on ${due}`];
  });
}

/** Who was shown what waits was shown how many clients it gives more, less and as much: all with a visit or a level by hand. */
export async function previewsAreTrue(world: World): Promise<string[]> {
  const kept = await KeptLevels.of(world);
  const moments = [...kept.rows, ...kept.events].map(({ at }) => at).concat(...kept.gone.values());
  return world.known.previews.flatMap(({ from, at, scheme, text }) => {
    if (moments.some((moment) => moment >= from && moment <= at)) return []; // something else was under way
    const upTo = kept.upTo(from);
    const rows = kept.rowsUpTo(upTo.row);
    const hands = kept.events.filter(({ id, kind }) => id <= upTo.event && kind === "hand");
    const cards = new Set([...rows, ...hands].map(({ card }) => card));
    for (const [card, since] of kept.gone) if (since < from) cards.delete(card);
    const changes = [...cards].map((card) =>
      Math.sign(kept.percent(card, from, upTo, scheme) - kept.percent(card, from, upTo)),
    );
    const counts = [1, -1, 0].map((sign) => changes.filter((one) => one === sign).length).join();
    world.count("previews of levels");
    // A thousand and more is written with a space in it.
    const shown = /больше, чем сейчас: (\d[\d\s]*), меньше: (\d[\d\s]*), столько же: (\d[\d\s]*)/
      .exec(text)
      ?.slice(1, 4)
      .map((many) => many.replace(/\s/g, ""));
    return shown?.join() === counts
      ? []
      : [`${wordsOf(scheme)} was said to touch ${shown?.join()}, and touches ${counts}`];
  });
}
