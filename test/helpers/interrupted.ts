/** A settling whose every message to YCLIENTS may be the moment at which something happens. */
import type { Settling } from "../../src/settlements/look.ts";

/** The program is dead from now on: it writes nothing any more. */
class Dead extends Error {}

/**
 * `act` is done at the `n`th moment: before or after an answer of YCLIENTS, between what is stored and what is sent, and between
 * what is seen and what is done. `met`: how many moments there were.
 */
export function interrupted(
  settling: Settling,
  n: number,
  act: () => unknown,
): { settling: Settling; met: () => number } {
  const stop = new AbortController();
  let met = 0;
  const moment = async () => {
    if (++met !== n) return;
    try {
      await act();
    } catch (error) {
      if (error instanceof Dead) stop.abort();
      throw error;
    }
  };
  const around =
    (call: (...args: never[]) => Promise<unknown>) =>
    async (...args: never[]): Promise<unknown> => {
      await moment();
      const answer = await call(...args);
      await moment();
      return typeof answer === "function" ? around(answer as () => Promise<unknown>) : answer;
    };
  const calls = Object.entries(settling.yclients).map(([name, call]) => [name, around(call as never)]);
  return {
    settling: {
      ...settling,
      yclients: Object.fromEntries(calls),
      signal: AbortSignal.any([settling.signal, stop.signal]),
    },
    met: () => met,
  };
}

/** Dies at the moment. */
export const die = () => {
  throw new Dead("killed");
};

/** Does `play` with each moment in turn, or each of so many from one on, until there is none left, and says what came of each. */
export async function atEachMoment<T>(
  play: (n: number) => Promise<{ met: number; came: T }>,
  step = 1,
  from = 1,
): Promise<T[]> {
  const all: T[] = [];
  for (let n = from; n < 200; n += step) {
    const { met, came } = await play(n);
    if (met < n) return all;
    all.push(came);
  }
  throw new Error("it has no end");
}
