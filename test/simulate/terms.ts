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

/** What each setting of the programme may be: the first one is as it is where nobody has chosen anything. */
export const choices: Record<string, [string, ...string[]]> = {
  BONUS_PERCENT: ["1", "2.5", "10"],
  EARN_ON: ["services,goods", "services"],
  EARN_WHEN: ["paid", "arrived"],
  PAID_BY: ["payments", "prices"],
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
  STATEMENTS: ["off", "on", "proof"],
  SPEND_MAX_PERCENT: ["100", "50", "7"],
  SPEND_STEP: ["off", "10", "100"],
  SPEND_LEAST_BILL: ["off", "1000", "2500.5"],
  SPEND_ON: ["services,goods", "services"],
  CARD_DAILY_ACTS: ["off", "1", "2"],
  ADMIN_DAILY_LIMIT: ["off", "15000", "700.5"],
  SECOND_ADMIN_ABOVE: ["off", "0", "500"],
};

const spendingRule = /^(SPEND|CARD|ADMIN|SECOND)_/;
/** Where all of them are on at once the till can do little: an owner begins with a few of these. */
const seldom = [
  "EARN_ON",
  "EARN_WHEN",
  "PAID_BY",
  ...Object.keys(choices).filter((name) => spendingRule.test(name)),
];

/** Terms of all kinds at once, as an owner begins with. */
export function firstTerms(random: Random): Step {
  const set = Object.entries(choices).map(([name, all]) => {
    const asItIs = seldom.includes(name) && !random.once(3);
    return [name, asItIs ? all[0] : random.one(all)];
  });
  return { do: "terms", set: Object.fromEntries(set) };
}

/** Friends are invited, on some terms. */
export function invitations(random: Random): Step {
  const [, ...on] = choices.FRIEND_POINTS ?? [];
  return { do: "terms", set: { FRIEND_POINTS: random.one(on) } };
}

/** One of them is another, what was on is switched off for some days, or all of the programme is, and is chosen anew. */
export function otherTerms(random: Random): Step[] {
  if (random.once(8)) return [allOff, passing(random), firstTerms(random)];
  const name = random.one(Object.keys(choices));
  const [off = "off", ...others] = choices[name] ?? [];
  const change: Step = { do: "terms", set: { [name]: random.one(others) } };
  if (random.once(2)) return [change];
  return [{ do: "terms", set: { [name]: off } }, passing(random), change];
}

const allOff: Step = {
  do: "terms",
  set: Object.fromEntries(Object.entries(choices).map(([name, [usual]]) => [name, usual])),
};

/** So many days pass that something may end. */
export function passing(random: Random): Step {
  return { do: "days", days: random.one([1, 3, 6, 11, 15, 33]) };
}

/** One of the rules of spending is another, mostly on; at times two. */
export function otherSpending(random: Random): Step {
  const rules = Object.keys(choices).filter((name) => spendingRule.test(name));
  const names = random.once(3) ? [random.one(rules), random.one(rules)] : [random.one(rules)];
  return {
    do: "terms",
    set: Object.fromEntries(names.map((name) => [name, random.one(choices[name] ?? [])])),
  };
}

/** Other levels, by the same visits mostly. */
export function otherLevels(random: Random): Step[] {
  const over = random.once(3) ? { LEVELS_OVER: random.one(choices.LEVELS_OVER ?? []) } : {};
  return [{ do: "terms", set: { LEVELS: random.one(choices.LEVELS ?? []), ...over } }];
}

/** A setting of the programme at a moment of a world. */
export function settingAt(
  { terms }: { terms: readonly { at: number; set: Record<string, string> }[] },
  name: string,
  at: number,
): string {
  const set = terms.findLast((one) => one.at <= at && one.set[name] !== undefined)?.set[name];
  return set ?? choices[name]?.[0] ?? "off";
}
