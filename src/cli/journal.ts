// YCLIENTS, asked by a command whose user waits for the answer.

import { Refused } from "../errors.ts";
import { ownBudget } from "../jobs/budget.ts";
import { type Options, type Yclients, yclients } from "../yclients/client.ts";

/** It gives up soon, and at a 429 at once: a refused pass would wait a minute. */
export function askedJournal(
  tokens: Pick<Options, "url" | "partnerToken" | "userToken">,
  perMinute: number,
): Yclients {
  const now = () => new Date();
  return yclients({
    ...tokens,
    budget: {
      ...ownBudget(perMinute, now, async () => now()),
      refused: async () => {
        const says = "the request budget is used up";
        throw new Refused("YCLIENTS", 429, says, "wait a minute and run it again");
      },
    },
    timeoutMs: 8_000,
    retryMs: 300,
  });
}
