// Which messengers a simulated salon has, who works in which, and which number everybody has in each.

import type { MaxReading } from "../../src/standins/max/readings.ts";
import { unlikelyReading } from "../../src/standins/max/readings.ts";
import type { Random } from "./random.ts";
import { adminCount } from "./steps.ts";

/** Where somebody is. */
export type Where = "telegram" | "max";

/** What a salon has beside Telegram: how MAX behaves, how its updates come, whether it may tell clients unasked, who works there. */
export interface BesideTelegram {
  notices: "asked" | "at_once";
  listens: "webhook" | "polling";
  admins: Where[];
  owner: Where;
  reading: Partial<MaxReading>;
}

/** Of everybody who has a name in a world, in Telegram. */
const numbers = [501, 502, 503, 504, 505, 506, 507, 508, 509, 510, 601, 602, 700];

/** What somebody is called by in MAX: each has the number that somebody else has in Telegram, the first clients those of the staff. */
export function numberIn(where: Where, telegram: number): number {
  const at = numbers.indexOf(telegram);
  return where === "telegram" || at < 0 ? telegram : (numbers[(at + 10) % numbers.length] ?? 0);
}

/**
 * Readings that a salon's clients would notice nothing of. Not among them: a link that brings nothing, for nobody comes by it
 * then; and a backlog that is never posted, for what is said in the moment before a subscription would wait for ever.
 */
const readings = (Object.keys(unlikelyReading) as (keyof MaxReading)[]).filter(
  (name) => name !== "startAgain" && name !== "backlog",
);

/** A salon with both messengers, as a seed has it. */
export function besideTelegram(random: Random, polls: boolean): BesideTelegram {
  const where = () => random.one<Where>(["telegram", "telegram", "max"]);
  const other = random.once(2) ? [] : [random.one(readings), random.one(readings)];
  return {
    notices: random.one(["asked", "asked", "at_once"]),
    listens: polls && random.once(8) ? "polling" : "webhook",
    admins: Array.from({ length: adminCount }, where),
    owner: where(),
    reading: Object.assign({}, ...other.map((name) => ({ [name]: unlikelyReading[name] }))),
  };
}
