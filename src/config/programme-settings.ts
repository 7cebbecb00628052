// The settings of the programme itself: what a visit earns, how long points live, what is given, and how points are spent.

import { readLevels } from "../rules/levels.rule.ts";
import { readLife } from "../rules/life.ts";
import * as v from "./values.ts";

const LIFE_HINT = "1 to 120 months or 1 to 3650 days, for example 12 months or 30 days, or `off`";
const AMOUNT_HINT = "points above 0 and up to 1000000, for example 300, or `off`";

/** Points, roubles and percents are in hundredths; null is what is switched off. */
export const programmeSettings = {
  percent: v.or(
    "BONUS_PERCENT",
    v.readPercent,
    "percent of the paid sum that becomes points, half up to a hundredth of a point",
    "a percent above 0 and up to 100 with at most two decimals, for example 1.5",
    "1",
  ),
  earnOn: v.or(
    "EARN_ON",
    v.readWord(["services,goods", "services"]),
    "`services,goods` or `services`. Goods sold without a visit are not in the journal's records and earn nothing",
    "`services,goods` or `services`",
    "services,goods",
  ),
  earnWhen: v.or(
    "EARN_WHEN",
    v.readWord(["paid", "arrived"]),
    "`paid`: at once, and given back on a no-show; `arrived`: once the visit is marked as held",
    "`paid` or `arrived`",
    "paid",
  ),
  paidBy: v.or(
    "PAID_BY",
    v.readWord(["payments", "prices"]),
    "`payments` (money received) or `prices` (final prices, for salons that keep no cash desk in YCLIENTS; counts certificates as money)",
    "`payments` or `prices`",
    "payments",
  ),
  /** Null: everybody earns `percent`. */
  levels: v.or(
    "LEVELS",
    v.off(readLevels),
    "levels as `roubles:percent`, from so much paid on: `0:1,50000:3,150000:5`, or `off`. Where it is set, `BONUS_PERCENT` is not used",
    "from two to ten levels as roubles:percent with commas between them, the first from 0, sums and percents rising, for example 0:1,50000:3,150000:5, or `off`",
    "off",
  ),
  /** Months; null means all of them. */
  levelsOver: v.or(
    "LEVELS_OVER",
    v.readSpan,
    "which paid visits count for a level: `all`, or those of the last `12 months`",
    "`all` or 1 to 120 months, for example 12 months",
    "all",
  ),
  /** Of what visits earned, and of all that is no gift. */
  pointsLive: v.or(
    "POINTS_LIVE",
    v.off(readLife),
    "how long earned points may be spent: `12 months` (to the end of the last one), `30 days`, or `off`, for ever. Nothing ends before one full term after it was switched on",
    LIFE_HINT,
    "off",
  ),
  welcomePoints: v.or(
    "WELCOME_POINTS",
    v.off(v.readAmount),
    "points for linking a card for the first time, to be spent from the next paid visit on, or `off`",
    AMOUNT_HINT,
    "off",
  ),
  welcomeLive: v.or(
    "WELCOME_LIVE",
    v.off(readLife),
    "how long those may be spent, or `off`, for ever",
    LIFE_HINT,
    "off",
  ),
  birthdayPoints: v.or(
    "BIRTHDAY_POINTS",
    v.off(v.readAmount),
    "points for a birthday, once a year, to whom has paid a visit within a year, or `off`",
    AMOUNT_HINT,
    "off",
  ),
  birthdayLive: v.or(
    "BIRTHDAY_LIVE",
    v.off(readLife),
    "how long those may be spent, or `off`, for ever",
    LIFE_HINT,
    "off",
  ),
  /** Either of the two may be 0, and then has no row. */
  friendPoints: v.or(
    "FRIEND_POINTS",
    v.off(v.readGifts),
    "points for a friend's first visit, `inviter:friend`: `300:200`, `500:0`, or `off`",
    "points of the inviter and of the friend with a colon between them, not both 0 and each up to 1000000, for example 300:200, or `off`",
    "off",
  ),
  friendAfterDays: v.or(
    "FRIEND_AFTER",
    v.readDays(60),
    "how long after that visit both get them",
    "1 to 60 days, for example 3 days",
    "3 days",
  ),
  friendLeastBill: v.or(
    "FRIEND_LEAST_BILL",
    v.off(v.readAmount),
    "roubles that the visit must have been paid with at least, or `off`",
    "roubles above 0 and up to 1000000, for example 1000, or `off`",
    "off",
  ),
  friendAMonth: v.or(
    "FRIEND_A_MONTH",
    v.readWhole(1, 1_000),
    "for how many friends one client gets points in a month",
    "a whole number from 1 to 1000, for example 5",
    "5",
  ),
  friendAYear: v.or(
    "FRIEND_A_YEAR",
    v.readWhole(1, 10_000),
    "for how many in a year",
    "a whole number from 1 to 10000, for example 30",
    "30",
  ),
  /** Whole percent. */
  spendMaxPercent: v.or(
    "SPEND_MAX_PERCENT",
    v.readWhole(1, 100),
    "percent of a bill that points may pay; at least 1 ₽ is always left to pay",
    "a whole number from 1 to 100, for example 50",
    "100",
  ),
  /** Whole points, in hundredths. */
  spendStep: v.or(
    "SPEND_STEP",
    v.off(v.readWhole(1, 1_000_000, 100)),
    "points are spent in multiples of this many, or `off`: whatever whole number of them",
    "a whole number of points from 1 to 1000000, for example 100, or `off`",
    "off",
  ),
  spendLeastBill: v.or(
    "SPEND_LEAST_BILL",
    v.off(v.readAmount),
    "roubles that a bill must be of at least for points to pay of it, or `off`",
    "roubles above 0 and up to 1000000, for example 1000, or `off`",
    "off",
  ),
  spendOn: v.or(
    "SPEND_ON",
    v.readWord(["services,goods", "services"]),
    "what points may pay: `services,goods`, or `services` alone",
    "`services,goods` or `services`",
    "services,goods",
  ),
  cardDailyActs: v.or(
    "CARD_DAILY_ACTS",
    v.off(v.readWhole(1, 100)),
    "how often a day points of one card may be spent, or `off`",
    "a whole number from 1 to 100, for example 2, or `off`",
    "off",
  ),
  adminDailyLimit: v.or(
    "ADMIN_DAILY_LIMIT",
    v.off(v.readAmount),
    "points an admin may give and take a day, or `off`",
    "points above 0 and up to 1000000, for example 5000, or `off`",
    "off",
  ),
  secondAdminAbove: v.or(
    "SECOND_ADMIN_ABOVE",
    v.off(v.readPointSum),
    "the sum of points above which an owner must confirm, or `off`",
    "points from 0 to 1000000, for example 1000, or `off`",
    "off",
  ),
};
