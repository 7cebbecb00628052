// The demo's clock: the machine's, and as many days and minutes ahead as its visitor has let pass. All of the demo goes by it.

import { type Clock, wait } from "../clock.ts";
import { connect } from "../db/connect.ts";
import { aheadOf, allGoByIt, leapTo, makeClock } from "./clock.store.ts";

const [dayMs, minuteMs] = [86_400_000, 60_000];
/** How often the program looks how far ahead it is, in milliseconds. */
const lookMs = 100;

/** A clock that leaps. */
export type DemoClock = Awaited<ReturnType<typeof installClock>>;

/** Has all who use this database, which is empty yet, go by a clock that leaps. */
export async function installClock(databaseUrl: string) {
  const db = open(databaseUrl);
  await makeClock(db);
  let [days, minutes] = [0, 0];
  const ahead = () => days * dayMs + minutes * minuteMs;
  return {
    now: () => new Date(Date.now() + ahead()),
    /** How many days have passed by leaps, and beside them how many minutes. */
    get days(): number {
      return days;
    },
    get minutes(): number {
      return minutes;
    },
    async leap(more: { days: number } | { minutes: number }): Promise<void> {
      if ("days" in more) days += more.days;
      else minutes += more.minutes;
      await leapTo(db, ahead());
    },
    /** The migrations' own functions too; to be called once they have run. */
    reachAll: () => allGoByIt(db),
    end: () => db.end({ timeout: 2 }),
  };
}

/** The clock of the demo's program: a moment behind the database's when that has leapt. Waiting takes the machine's time. */
export async function followClock(databaseUrl: string): Promise<Clock> {
  const db = open(databaseUrl);
  let ahead = await aheadOf(db);
  const look = async () => {
    ahead = await aheadOf(db).catch(() => ahead); // the demo is ending, or PostgreSQL is away for a moment
    setTimeout(look, lookMs).unref();
  };
  void look();
  return { now: () => new Date(Date.now() + ahead), wait };
}

function open(databaseUrl: string) {
  return connect(databaseUrl, { max: 1, name: "loyalty-bot demo" });
}
