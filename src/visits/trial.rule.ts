// What other terms would have made of a card's stored visits: points, levels, and what would have ended.

import { countedFrom, levelAt, noticeDays } from "../levels/standing.rule.ts";
import type { Percent } from "../rules/ids.ts";
import type { Level } from "../rules/levels.rule.ts";
import { type Life, lastDay } from "../rules/life.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { addDays } from "../rules/time.ts";
import { decide, type Terms, type VisitState, type Word } from "./visit.rule.ts";

/** The terms that are tried, as if they had always held, and the days, both included, of which it is said. */
export interface Trial {
  terms: Terms;
  /** Null: everybody earns by the percent of the terms. */
  levels: Level[] | null;
  /** Of how many months the paid visits count for a level; null: all of them. */
  over: number | null;
  /** How long points live; null: for ever. */
  live: Life | null;
  from: string;
  to: string;
}

/** A visit as stored. `start` is the programme's first day, null where it was awarded before; `given` what its rows sum to. */
export interface TriedVisit extends VisitState {
  /** It is no spend. */
  taken: null;
  start: string | null;
  given: Points;
}

/** A spend that was made: other terms would have let the card hold more, or less, and the same share of it is taken. */
export interface TriedSpend {
  day: string;
  taken: Points;
  held: Points;
}

/** Of a month: `given` is what was given in truth, `ended` what would have come to its end. */
export interface TriedMonth {
  visits: number;
  points: Points;
  given: Points;
  up: number;
  down: number;
  ended: Points;
}

/** What has been counted. `words`: of how many visits there would be no points, and why. */
export interface TrialSheet {
  /** By `YYYY-MM`. */
  months: Map<string, TriedMonth>;
  words: Map<Word, number>;
}

/** Every month of the trial, with nothing counted yet. */
export function emptySheet({ from, to }: Pick<Trial, "from" | "to">): TrialSheet {
  const months = new Map<string, TriedMonth>();
  for (let day = from; day.slice(0, 7) <= to.slice(0, 7); day = addDays(lastDay(day, { months: 0 }), 1)) {
    months.set(day.slice(0, 7), { visits: 0, points: 0, given: 0, up: 0, down: 0, ended: 0 });
  }
  return { months, words: new Map() };
}

/** What came of it. `spent` of `given` is what was spent of all points so far: the rate at which points cost roubles. */
export type TrialResult = TrialSheet & { given: Points; spent: Points };

/** All months together. */
export function allMonths({ months }: Pick<TrialSheet, "months">): TriedMonth {
  const total: TriedMonth = { visits: 0, points: 0, given: 0, up: 0, down: 0, ended: 0 };
  for (const { visits, points, given, up, down, ended } of months.values()) {
    total.visits += visits;
    total.points += points;
    total.given += given;
    total.up += up;
    total.down += down;
    total.ended += ended;
  }
  return total;
}

/** Counts one card: its visits and spends from the first one on, in their order. */
export function tryCard(trial: Trial, acts: readonly (TriedVisit | TriedSpend)[], sheet: TrialSheet): void {
  const count = (day: string, what: keyof TriedMonth, by: number) => {
    const month = day >= trial.from && day <= trial.to ? sheet.months.get(day.slice(0, 7)) : undefined;
    if (month) month[what] += by;
  };
  const lots = lotsOf(trial.live, (day, points) => count(day, "ended", points));
  const standing = standingOf(trial, count);
  for (const act of acts) {
    lots.until(act.day);
    standing.until(act.day);
    if (act.taken !== null) lots.take(act);
    else {
      const percent = standing.percent();
      const { word, points, paid } = decide(act, { ...trial.terms, percent }, act.start);
      count(act.day, "given", act.given);
      if (word === "awarded") {
        count(act.day, "visits", 1);
        count(act.day, "points", points);
        lots.add(act.day, points);
        standing.add(act.day, paid ?? 0);
      } else if (act.day >= trial.from) sheet.words.set(word, (sheet.words.get(word) ?? 0) + 1);
    }
  }
  lots.until(addDays(trial.to, 1));
  standing.until(addDays(trial.to, 1));
}

/** What a card's awards made and what is there of it, the nearest end first: they live equally long. */
function lotsOf(live: Life | null, ended: (day: string, points: Points) => void) {
  const open: { ends: string; rest: Points }[] = [];
  return {
    add(day: string, points: Points): void {
      if (live !== null) open.push({ ends: lastDay(day, live), rest: points });
    },
    take({ taken, held }: TriedSpend): void {
      const all = open.reduce((sum, { rest }) => sum + rest, 0);
      let left = held > 0 ? Math.round(all * Math.min(1, taken / held)) : 0;
      for (const lot of open) {
        const part = Math.min(lot.rest, left);
        lot.rest -= part;
        left -= part;
      }
    },
    /** What was to be spent before this day is over. */
    until(day: string): void {
      for (let lot = open[0]; lot && lot.ends < day; lot = open[0]) {
        ended(lot.ends, lot.rest);
        open.shift();
      }
    },
  };
}

/** The level a card has: up by the visit that reaches it, for those after it; down at the end of a month alone, once warned. */
function standingOf(
  { terms, levels, over }: Trial,
  count: (day: string, what: "up" | "down", by: 1) => void,
) {
  const visits: { day: string; paid: Kopecks }[] = [];
  let held = { place: 0, since: "" };
  let [turnover, monthEnd]: [Kopecks, string | null] = [0, null];
  /** What the visits come to that count when a day is over; days are asked for in their order. */
  const placeOn = (day: string) => {
    const from = countedFrom(day, over) ?? "";
    for (let one = visits[0]; one && one.day < from; one = visits[0]) {
      turnover -= one.paid;
      visits.shift();
    }
    return levelAt(levels ?? [], turnover);
  };
  return {
    percent: (): Percent => levels?.[held.place]?.percent ?? terms.percent,
    add(day: string, paid: Kopecks): void {
      visits.push({ day, paid });
      turnover += paid;
      monthEnd ??= lastDay(day, { months: 0 });
      const place = placeOn(day);
      if (place <= held.place) return;
      count(day, "up", 1);
      held = { place, since: day };
    },
    /** Passes the ends of the months before this day. */
    until(day: string): void {
      for (; over !== null && monthEnd !== null && monthEnd < day; monthEnd = nextMonthEnd(monthEnd)) {
        const place = placeOn(monthEnd);
        if (place >= held.place || held.since > addDays(monthEnd, -noticeDays)) continue;
        count(monthEnd, "down", 1);
        held = { place, since: monthEnd };
      }
    },
  };
}

function nextMonthEnd(monthEnd: string): string {
  return lastDay(addDays(monthEnd, 1), { months: 0 });
}
