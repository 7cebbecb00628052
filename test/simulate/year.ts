// A year of a busy salon in minutes, day by day, with its nights and rounds; at its end it is held against the models.

import type { WorldDatabase } from "./databases.ts";
import { dayIn, later } from "./ends.ts";
import { type Tally, World } from "./world.ts";
import { atRest, judged, type Year } from "./year-end.ts";
import { friendsAreGiven } from "./year-friends.ts";
import { Salon, type Size } from "./year-salon.ts";
import type { Choice } from "./year-terms.ts";

/** How long and large a year is, and what its owner chooses. */
export interface YearOptions extends Size {
  days?: number;
  choices?: readonly Choice[];
  say?: (line: string) => void;
  tally?: Tally;
}

const day = 86_400_000;

/** Plays the days on a database of its own. On those on which the salon is closed the programs' rounds run alone. */
export async function year(database: WorldDatabase, options: YearOptions = {}): Promise<Year> {
  const { days = 365, every = 1, choices = [], say = () => {}, tally = new Map() } = options;
  const world = await World.open(database, tally);
  const rounds = new Rounds();
  const salon = new Salon(world, rounds.timed, options);
  const memory: number[] = [];
  try {
    await salon.open();
    const noon = world.clock.now().getTime();
    for (let date = 0; date < days; date++) {
      for (const { after, set } of choices) if (Math.floor(after * days) === date) await salon.choose(set);
      if (date % every === 0) await salon.works();
      await world.clock.advance(noon + (date + 1) * day - world.clock.now().getTime());
      await rounds.timed("night", () => world.program(date % 2).sweep());
      if (isWatched(date, world.clock.now())) world.known.reviews.push(world.clock.now().getTime());
      if (date === Math.min(30, days - 1) || date === days - 1) memory.push(resident());
      if (date % 30 === 29)
        say(`day ${date + 1}: ${world.records.length} visits, ${resident()} MiB, ${rounds.month()}`);
    }
    await atRest(world);
    const came = await judged(world, choices.length > 0);
    came.faults.push(...(await friendsAreGiven(world, salon.invited)));
    return { days, ...came, memory: [memory[0] ?? 0, memory.at(-1) ?? 0] };
  } finally {
    await world.close();
  }
}

/** The review of levels is looked at on some days, and on each on which warnings go out: thirty days before a month's end. */
const isWatched = (date: number, now: Date) =>
  date % 10 === 0 || later(dayIn("Europe/Moscow", now.getTime()), 31).endsWith("-01");

/** What the rounds of a month took: one that reads more with each day is seen there. */
class Rounds {
  readonly #took = new Map<string, { times: number; ms: number }>();
  #begun = performance.now();

  readonly timed = async (name: string, work: () => Promise<void>): Promise<void> => {
    const begun = performance.now();
    await work();
    const { times, ms } = this.#took.get(name) ?? { times: 0, ms: 0 };
    this.#took.set(name, { times: times + 1, ms: ms + performance.now() - begun });
  };

  /** Says it, and begins the next month. */
  month(): string {
    const each = [...this.#took].map(([name, { times, ms }]) => `${name} ${Math.round(ms / times)} ms`);
    const seconds = Math.round((performance.now() - this.#begun) / 1_000);
    this.#took.clear();
    this.#begun = performance.now();
    return `${seconds} s (${each.join(", ")})`;
  }
}

const resident = () => Math.round(process.memoryUsage().rss / 2 ** 20);
