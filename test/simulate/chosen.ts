// What happens in a simulated world whose owner has chosen a programme: other terms, days that pass, birthdays, friends.

import type { Random } from "./random.ts";
import { adminCount, clientCount, newcomerCount, programCount, type Step } from "./steps.ts";
import { otherTerms, passing } from "./terms.ts";

/** Around the least bills that an owner may ask for. */
const prices = [29_949, 29_950, 99_999, 100_000, 250_000];

/** The owner chooses otherwise, days pass, or the journal learns of a birthday. */
export function programme(random: Random): Step[] {
  if (random.once(4)) return otherTerms(random);
  if (random.once(2)) return invited(random);
  const client = random.below(clientCount);
  return random.once(2) ? [passing(random)] : [{ do: "birthday", client, inDays: random.below(60) }];
}

/** Somebody comes by a client's invitation, mostly for the first time; the visit may go again, and come back. */
export function invited(random: Random): Step[] {
  const friend = random.once(5) ? random.below(clientCount) : clientCount + random.below(newcomerCount);
  const [desk, program] = [random.below(adminCount), random.below(programCount)];
  const client = random.once(12) ? friend : random.below(clientCount);
  const how = random.one(["link", "open", "desk"] as const);
  const pass: Step = { do: "pass", program };
  const newest = (step: object) => ({ record: -1, silent: random.once(4), ...step }) as Step;
  const visit: Step[] = [
    {
      do: "book",
      client: friend,
      price: random.one(prices),
      daysAgo: random.one([0, 0, 0, -1, 1]),
      twin: random.once(6),
    },
    newest({ do: "attend" }),
    newest({ do: "pay", sum: null, goods: 0 }),
  ];
  const invite: Step = { do: "invite", client, friend, how, desk };
  const about: Step = random.once(12)
    ? { do: "hire", client: random.one([client, friend]) }
    : { do: random.one(["link", "link", "link", "unlink", "forget"] as const), client: friend };
  const gone = newest({ do: random.one(["refund", "remove", "noShow", "give"] as const), client });
  const days = () => ({ do: "days", days: random.one([1, 2, 5, 9]) }) as const;
  return [
    ...(random.once(8)
      ? [...visit, pass, invite]
      : [invite, ...(random.once(3) ? [about] : []), ...visit, pass]),
    ...(random.once(8) ? [] : [days()]),
    ...(random.once(3) ? [gone, pass, days()] : []),
    ...(random.once(12) ? [newest({ do: "restore" }), days()] : []),
  ];
}
