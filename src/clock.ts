// Time: what now is, and waiting. Handed to whoever needs it, so that a year can pass in a minute.

import { setTimeout as sleep } from "node:timers/promises";

export interface Clock {
  now: () => Date;
  wait: typeof wait;
}

/** Waits so many milliseconds, or until the signal comes; it never throws, so look at the signal afterwards. */
export async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** The machine's own. */
export const machineClock: Clock = { now: () => new Date(), wait };
