// What the owner of a simulated salon has chosen on which day of its year: all of the programme at once, and other terms later.

import { limits } from "./year-friends.ts";

/** Settings that are another from a day on; the part of the year that is over by then. */
export interface Choice {
  after: number;
  set: Record<string, string>;
}

/** All of it is on from the first day; later terms are better, worse, paused and off for a while. */
export const allOn: readonly Choice[] = [
  {
    after: 0,
    set: {
      ...{ POINTS_LIVE: "2 months", LEVELS: "0:1,10000:2,25000:3.5", LEVELS_OVER: "2 months" },
      ...{ WELCOME_POINTS: "100", WELCOME_LIVE: "20 days", BIRTHDAY_POINTS: "70", BIRTHDAY_LIVE: "17 days" },
      ...{ FRIEND_POINTS: "90:60", FRIEND_AFTER: "3 days", FRIEND_LEAST_BILL: "700" },
      ...{
        SPEND_MAX_PERCENT: "60",
        SPEND_LEAST_BILL: "300",
        CARD_DAILY_ACTS: "2",
        ADMIN_DAILY_LIMIT: "2000",
      },
      ...{ FRIEND_A_MONTH: String(limits.aMonth), FRIEND_A_YEAR: String(limits.aYear) },
    },
  },
  // Better for some, worse for nobody: at once.
  { after: 0.15, set: { LEVELS: "0:1,8000:2,25000:4", BIRTHDAY_POINTS: "80", SPEND_STEP: "10" } },
  // A pause of the clock, and a shorter life after it.
  { after: 0.3, set: { POINTS_LIVE: "off", WELCOME_LIVE: "off" } },
  { after: 0.35, set: { POINTS_LIVE: "1 month", WELCOME_LIVE: "10 days" } },
  // Worse for some: an owner is asked.
  { after: 0.5, set: { LEVELS: "0:1,12000:2.5,30000:4" } },
  { after: 0.6, set: { WELCOME_POINTS: "off", FRIEND_POINTS: "off", SPEND_ON: "services" } },
  { after: 0.65, set: { WELCOME_POINTS: "150", FRIEND_POINTS: "120:80", SPEND_ON: "services,goods" } },
  { after: 0.8, set: { POINTS_LIVE: "45 days" } },
];
