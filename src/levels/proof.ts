// The level at every award once more, from the rows before it and what is written of levels: the levels' part of `verify`.

import type { Tx } from "../db/connect.ts";
import { type Faults, faultsIn, once } from "../ledger/faults.ts";
import type { Proving } from "../ledger/verify.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import { decimal, type Kopecks, totalOf } from "../rules/money.ts";
import type { Slice } from "../rules/slice.ts";
import { dayOf } from "../rules/time.ts";
import { allLevelTerms, type LevelTerms } from "./levels.store.ts";
import { type LevelRow, levelRows, type WrittenChange } from "./proof.store.ts";
import {
  countedFrom,
  type LevelBasis,
  levelAt,
  monthsBefore,
  noticeDays,
  percentOf,
  settles,
} from "./standing.rule.ts";

/** What is wrong with the percents of visits and with what is written of levels; nothing where there never were any. */
export async function levelFaults({ share, slices }: Proving): Promise<Faults[]> {
  const terms = await share(allLevelTerms);
  if (terms.length === 0) return [];
  const all = await Promise.all(slices.cards.map((slice) => share((tx) => ofCards(tx, slice, terms))));
  return all.flat();
}

async function ofCards(tx: Tx, slice: Slice, terms: LevelTerms[]): Promise<Faults[]> {
  let card: CardOnWay | null = null;
  const found = await faultsIn(levelRows(tx, slice), (row) => {
    const before = card;
    const ended = before !== null && before.card !== row.card ? before.end() : [];
    if (card?.card !== row.card) card = new CardOnWay(row.card, row.changes ?? [], terms);
    return [...ended, ...card.take(row)];
  });
  const last = card as CardOnWay | null;
  return [found, await faultsIn(once(last?.end() ?? []), (fault) => fault)];
}

interface Counts {
  at: Date;
  sum: number;
  paid: Kopecks;
}

/** One card, row by row. */
class CardOnWay {
  readonly #counts = new Map<EntryId, Counts>();
  #next = 0;
  #reached: Kopecks = 0;

  constructor(
    readonly card: CardId,
    readonly changes: WrittenChange[],
    readonly terms: readonly LevelTerms[],
  ) {}

  take(row: LevelRow): string[] {
    const faults = this.#changesUpTo(row.id - 1);
    if (row.record !== null) faults.push(...this.#award(row));
    const sum = (this.#counts.get(row.award)?.sum ?? 0) + row.points;
    this.#counts.set(row.award, { at: row.awardedAt, sum, paid: row.paid ?? 0 });
    return faults;
  }

  end(): string[] {
    return this.#changesUpTo(Number.MAX_SAFE_INTEGER);
  }

  #award({ record, percent, at }: LevelRow): string[] {
    const inForce = this.#termsAt(at);
    const due = inForce?.levels ? percentOf(inForce.levels, this.#basis(inForce, at)) : null;
    if (due === percent) return [];
    const said = (value: number | null) => (value === null ? "no level" : `${decimal(value)} %`);
    return [
      `Record ${record}: it was awarded by ${said(percent)}, but card ${this.card} was on ${said(due)} then.`,
    ];
  }

  #termsAt(at: Date): LevelTerms | undefined {
    return this.terms.findLast(({ since }) => since <= at);
  }

  #basis({ months }: LevelTerms, at: Date): LevelBasis {
    const undone = new Set(this.#written().map(({ names }) => names));
    const given = this.#written().findLast(({ kind }) => kind === "hand");
    const runs = given?.ends != null && !undone.has(given.id) && new Date(given.ends) > at;
    const hand = runs
      ? { from: sumOf(given.reached), upwards: given.upwards === true, until: given.until ?? "" }
      : null;
    return { turnover: this.#counted(monthsBefore(at, months)), reached: this.#reached, hand };
  }

  #written(): WrittenChange[] {
    return this.changes.slice(0, this.#next);
  }

  #counted(from: Date | null, after: EntryId = 0): Kopecks {
    let sum = 0;
    for (const [award, one] of this.#counts)
      if (one.sum > 0 && award > after && (from === null || one.at >= from)) sum += one.paid;
    return sum;
  }

  #changesUpTo(row: EntryId): string[] {
    const faults: string[] = [];
    for (
      let change = this.changes[this.#next];
      change && change.after <= row;
      change = this.changes[++this.#next]
    ) {
      const why = this.#wrong(change);
      if (why !== null)
        faults.push(`Card ${this.card}: its change of level ${change.id}, ${change.kind}, ${why}.`);
      if (change.kind === "up" || change.kind === "down") this.#reached = sumOf(change.reached);
    }
    return faults;
  }

  /** What nobody's visits explain of a change. */
  #wrong(change: WrittenChange): string | null {
    const terms = this.#termsNear(new Date(change.at));
    switch (change.kind) {
      case "up":
        return first(terms, ({ months }) =>
          this.#miscounted(change, monthsBefore(new Date(change.at), months)),
        );
      case "warned":
        return (
          this.#miscounted(change, instant(change.from)) ??
          first(terms, (one) => this.#warnedWrongly(change, one))
        );
      case "kept":
      case "down":
        return this.#miscounted(change, instant(change.from)) ?? this.#settledWrongly(change, terms);
      default:
        return null;
    }
  }

  /** In force at a moment, or as it was by the clock of a program that ran a little ahead of the database's. */
  #termsNear(at: Date): LevelTerms[] {
    const near = [at, new Date(at.getTime() + clocksDifferMs)].map((moment) => this.#termsAt(moment));
    return [...new Set(near)].filter((one) => one !== undefined);
  }

  #miscounted({ turnover }: WrittenChange, from: Date | null): string | null {
    const counts = this.#counted(from);
    return counts === sumOf(turnover)
      ? null
      : `says that ${turnover} counted, and its visits make ${decimal(counts)}`;
  }

  #warnedWrongly(
    { until, from, reached, missing, turnover }: WrittenChange,
    terms: LevelTerms,
  ): string | null {
    const { levels, months } = terms;
    const held = levels?.[levelAt(levels, this.#reached)]?.from ?? 0;
    if (held !== sumOf(reached) || sumOf(missing) !== held - sumOf(turnover))
      return `says that ${missing} of ${reached} are missing, and it held ${decimal(held)}`;
    const [window, counted] = [windowOf(until ?? "", months), instant(from)];
    const isOf =
      window !== null && counted !== null && Math.abs(window.getTime() - counted.getTime()) <= zonesMs;
    return isOf || (window === null && counted === null)
      ? null
      : "counts visits of other months than its levels do";
  }

  #settledWrongly(change: WrittenChange, terms: readonly LevelTerms[]): string | null {
    const { kind, names, turnover, from, at } = change;
    const warning = this.changes.find(({ id }) => id === names);
    if (warning?.kind !== "warned") return "names no warning of its own";
    if (from !== warning.from) return "counts visits of another time than its warning";
    if (kind === "kept") return null;
    const days = (Date.parse(at) - Date.parse(warning.at)) / 86_400_000;
    if (days < noticeDays) return "comes less than 30 days after its warning";
    const of = {
      reached: sumOf(warning.reached),
      missing: sumOf(warning.missing),
      until: warning.until ?? "",
    };
    const paidSince = this.#counted(instant(from), warning.after);
    const today = dayOf(new Date(at), "Etc/UTC");
    const came = settles(of, { turnover: sumOf(turnover), paidSince, today });
    const isMade = first(terms, (one) => (this.#makes(of.until, one) ? "" : null)) !== null;
    return came === "kept" || isMade ? "lowers a level that its visits have kept" : null;
  }

  /** Whether visits make by these terms, in every zone, the level that the card holds. */
  #makes(until: string, { levels, months }: LevelTerms): boolean {
    const held = levels ? levelAt(levels, this.#reached) : 0;
    const window = windowOf(until, months);
    const least = this.#counted(window && new Date(window.getTime() + zonesMs));
    return levels !== null && held > 0 && levelAt(levels, least) >= held;
  }
}

/** How far the clocks of a program and of its database may be apart, and zones from UTC. Milliseconds. */
const clocksDifferMs = 60_000;
const zonesMs = 14 * 3_600_000;

/** Null where one of them finds nothing wrong; else what the first says. */
function first<T>(all: readonly T[], wrong: (one: T) => string | null): string | null {
  const found = all.map(wrong);
  return found.includes(null) ? null : (found[0] ?? "is of a time without levels");
}

const instant = (written: string | null) => (written === null ? null : new Date(written));

/** When the visits begin that count on a last day, by UTC. */
function windowOf(lastDay: string, months: number | null): Date | null {
  const day = countedFrom(lastDay, months);
  return day === null ? null : new Date(`${day}T00:00:00Z`);
}

const sumOf = (written: string | null): Kopecks => totalOf(written ?? "0") ?? 0;
