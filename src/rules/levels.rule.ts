// Levels: from which sum of paid visits on which percent is earned.

import type { Percent } from "./ids.ts";
import { hundredths, type Kopecks } from "./money.ts";

/** From so much paid on, so many hundredths of a percent. */
export interface Level {
  from: Kopecks;
  percent: Percent;
}

/** A programme with more has no name for them and no room on the card. */
const maxLevels = 10;

/**
 * `0:1,50000:3`, roubles and percent: from two to ten levels, the first from 0, each next one from more and at more.
 * Undefined for anything else. No level earns 0 %: what is counted for the next one are awards, and it would have none.
 */
export function readLevels(text: string): Level[] | undefined {
  const levels = text.split(",").map(readLevel);
  const sound = levels.filter((level) => level !== null);
  const rise = sound.every(({ from, percent }, at) => {
    const before = sound[at - 1];
    return before ? from > before.from && percent > before.percent : from === 0;
  });
  return sound.length === levels.length && sound.length >= 2 && sound.length <= maxLevels && rise
    ? sound
    : undefined;
}

function readLevel(text: string): Level | null {
  const [, from, percent] =
    /^\s*(\d{1,8}(?:\.\d{1,2})?)\s*:\s*(\d{1,3}(?:\.\d{1,2})?)\s*%?\s*$/.exec(text) ?? [];
  const [sum, share] = [hundredths(from), hundredths(percent)];
  return sum !== null && share !== null && share > 0 && share <= 100_00
    ? { from: sum, percent: share }
    : null;
}
