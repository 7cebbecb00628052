// What happens in a chain on its day, from a seed: its branches, and when each visit is booked, paid and refunded.

import { Random } from "../simulate/random.ts";

/** How much of a day is played, and of what chain. */
export interface Size {
  branches: number;
  /** Visits of a branch in the whole of its day, in the mean. */
  visits: number;
  /** Minutes; the whole day is sixty, and fewer of them have as many visits a minute. */
  minutes: number;
  /** How many of a hundred clients have linked their card. */
  linked: number;
  seed: number;
}

/** Whether YCLIENTS posts what changes in a branch: always, until the middle of the day, or never. */
export type Hooks = "webhook" | "stopped" | "none";

export interface Branch {
  id: number;
  busy: boolean;
  hooks: Hooks;
}

/** Times are milliseconds since the day began. */
export interface Visit {
  branch: Branch;
  /** The place of its client among all, none of whom comes twice. */
  client: number;
  linked: boolean;
  kopecks: number;
  /** Null: before the day. */
  booked: number | null;
  paid: number;
  refunded: number | null;
}

export interface Plan {
  branches: Branch[];
  visits: Visit[];
  /** How long the day is, in milliseconds. */
  lasts: number;
  /** When the webhooks of some branches stop. */
  hooksStop: number;
}

const [firstBranch, wholeDay, quietDensity] = [500_001, 60, 0.3];
/** One branch in so many is busy, and all of those together have half of the visits. */
const onceBusy = 10;
/** One visit in so many is booked on the day, and one in so many refunded. */
const [onceBookedLate, onceRefunded] = [5, 200];

/** The day that follows from the size: the same size, the same day. */
export function plan(size: Size): Plan {
  const random = new Random(size.seed);
  const branches = branchesOf(size.branches);
  const lasts = size.minutes * 60_000;
  const count = Math.round((size.branches * size.visits * size.minutes) / wholeDay);
  const [busy, quiet] = [branches.filter((one) => one.busy), branches.filter((one) => !one.busy)];
  const visits = Array.from({ length: count }, (_, client): Visit => {
    const branch = random.one(quiet.length === 0 || random.once(2) ? busy : quiet);
    const paid = peaked(random) * lasts;
    return {
      ...{ branch, client, paid, linked: random.below(100) < size.linked },
      kopecks: 10_000 * (5 + random.below(46)),
      booked: random.once(onceBookedLate) ? paid - share(random) * Math.min(paid, lasts / 6) : null,
      refunded: random.once(onceRefunded) ? paid + share(random) * (lasts - paid) : null,
    };
  });
  return { branches, visits, lasts, hooksStop: lasts / 2 };
}

/** Half of the busy ones, and half of the others, have webhooks; those of one in thirty stop, of one at least. */
function branchesOf(count: number): Branch[] {
  const all = Array.from({ length: count }, (_, at) => ({ id: firstBranch + at, busy: at % onceBusy === 0 }));
  return [true, false].flatMap((busy) => {
    const same = all.filter((one) => one.busy === busy);
    const [hooked, stops] = [Math.ceil(same.length / 2), Math.ceil(same.length / 30)];
    return same.map(
      (one, at): Branch => ({
        ...one,
        hooks: at < hooked ? "webhook" : at < hooked + stops ? "stopped" : "none",
      }),
    );
  });
}

/** From 0 to 1, the middle more likely: a day begins and ends with a third of what its noon has. */
function peaked(random: Random): number {
  for (;;) {
    const at = share(random);
    const density = quietDensity + ((1 - quietDensity) * (1 - Math.cos(2 * Math.PI * at))) / 2;
    if (share(random) < density) return at;
  }
}

/** From 0 to 1. */
const share = (random: Random) => random.below(1_000_000) / 1_000_000;

/** Of the client at this place. */
export const phoneOf = (client: number) => `+79${String(10_000_000 + client).padStart(9, "0")}`;
/** Their Telegram account. */
export const chatOf = (client: number) => 10_000_000 + client;
