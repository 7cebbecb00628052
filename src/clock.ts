// Time: what now is, and waiting. Handed to whoever needs it, so that a year can pass in a minute.

import { setTimeout as realSleep } from "node:timers/promises";

export interface Clock {
  now: () => Date;
  /** Waits so many milliseconds; throws at once when the signal says that nobody wants to wait any longer. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The machine's own. */
export const machineClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => realSleep(ms, undefined, signal ? { signal } : {}),
};
