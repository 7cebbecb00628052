// The terms of a programme that a simulated owner may choose, and how they change their mind.

import type { Random } from "./random.ts";
import type { Step } from "./steps.ts";

/** Better and worse ones for all or for some, and one below the percent without levels. */
const levels = [
  "0:1,1000:3,5000:5.5",
  "0:1.5,3000:2",
  "0:2,1000:3,2000:4",
  "0:0.5,4000:1",
  "0:1,500:2,8000:7",
];

/** What each setting may be: the first one is as it is where nobody has chosen anything. */
const choices: Record<string, [string, ...string[]]> = {
  POINTS_LIVE: ["off", "1 month", "10 days", "45 days", "12 months"],
  WELCOME_POINTS: ["off", "50", "300"],
  WELCOME_LIVE: ["off", "5 days", "1 month"],
  BIRTHDAY_POINTS: ["off", "70"],
  BIRTHDAY_LIVE: ["off", "7 days"],
  FRIEND_POINTS: ["off", "300:200", "0:70", "150:0"],
  FRIEND_AFTER: ["3 days", "1 day", "8 days"],
  FRIEND_LEAST_BILL: ["off", "1000", "299.5"],
  FRIEND_A_MONTH: ["5", "1", "2"],
  FRIEND_A_YEAR: ["30", "1", "2"],
  LEVELS: ["off", ...levels],
  LEVELS_OVER: ["all", "1 month", "2 months", "12 months"],
};

/** Terms of all kinds at once, as an owner begins with. */
export function firstTerms(random: Random): Step {
  const set = Object.fromEntries(Object.entries(choices).map(([name, all]) => [name, random.one(all)]));
  return { do: "terms", set };
}

/** Friends are invited, on some terms. */
export function invitations(random: Random): Step {
  const [, ...on] = choices.FRIEND_POINTS ?? [];
  return { do: "terms", set: { FRIEND_POINTS: random.one(on) } };
}

/** One of them is another, or what was on is switched off for some days. */
export function otherTerms(random: Random): Step[] {
  const name = random.one(Object.keys(choices));
  const [off = "off", ...others] = choices[name] ?? [];
  const change: Step = { do: "terms", set: { [name]: random.one(others) } };
  if (random.once(2)) return [change];
  return [{ do: "terms", set: { [name]: off } }, passing(random), change];
}

/** So many days pass that something may end. */
export function passing(random: Random): Step {
  return { do: "days", days: random.one([1, 3, 6, 11, 15, 33]) };
}

/** Other levels, by the same visits mostly. */
export function otherLevels(random: Random): Step[] {
  const over = random.once(3) ? { LEVELS_OVER: random.one(choices.LEVELS_OVER ?? []) } : {};
  return [{ do: "terms", set: { LEVELS: random.one(choices.LEVELS ?? []), ...over } }];
}
