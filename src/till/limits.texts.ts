// What an admin is told of the limits of the till, in Russian: why no more points can pay, what is left of the day.

import type { Points } from "../rules/money.ts";
import { NBSP, ruWords as w } from "../texts/words.ts";
import type { DayLimit } from "./limits.ts";
import type { Bound } from "./till.rule.ts";

/** Why no more points can pay a bill. */
export function boundWords(bound: Bound, maxPercent: number): string {
  return {
    balance: "столько на карте",
    rouble: `${w.money(100)} остаётся к${NBSP}оплате`,
    share: `это ${w.percent(maxPercent * 100)} счёта`,
    day: "столько осталось из вашего лимита на сегодня",
  }[bound];
}

/**
 * What an admin may do with the sum that is to be moved: what is left of their day, where it has an end; above which sum an
 * owner is asked, and whether this one is.
 */
export interface ToldLimits {
  day: DayLimit | null;
  askAbove: Points | null;
  asksOwner: boolean;
}

/** The same line by line; none where nothing bounds the admin. */
export function limitLines({ day, askAbove, asksOwner }: ToldLimits): string[] {
  return [
    ...(day === null ? [] : [dayLimitWords(day)]),
    ...(asksOwner
      ? [
          `Нужно подтверждение владельца${(askAbove ?? 0) < 100 ? "" : `: без него не${NBSP}больше ${w.amount(askAbove ?? 0)}`}. Спросим, как только нажмёте.`,
        ]
      : []),
  ];
}

/** The admin's own limit, and what is left of it. */
export function dayLimitWords({ limit, left }: DayLimit): string {
  return left > 0
    ? `Ваш лимит на сегодня: ${w.points(limit)}, осталось ${w.amount(left)}.`
    : `Ваш лимит на сегодня, ${w.points(limit)}, исчерпан. Попросите другого администратора.`;
}
