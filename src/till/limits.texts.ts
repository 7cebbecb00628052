// What an admin is told of the limits of the till, in Russian: why no more points can pay, what is left of the day.

import type { Points } from "../rules/money.ts";
import type { Bound, SpendRules } from "../rules/spending.ts";
import { capital, NBSP, ruWords as w } from "../texts/words.ts";
import type { DayLimit } from "./limits.ts";

/** Why no more points can pay a bill. */
export function boundWords(bound: Bound, rules: SpendRules): string {
  const why = {
    least: `баллами платят со${NBSP}счёта от${NBSP}${w.money(rules.spendLeastBill ?? 0)}`,
    acts: actsWords(rules),
    balance: "столько на карте",
    waits: `столько на${NBSP}карте без${NBSP}подарка (он${NBSP}ждёт следующего оплаченного визита)`,
    rouble: `${w.money(100)} остаётся к${NBSP}оплате`,
    services: `баллами платят только услуги, и${NBSP}${w.money(100)} остаётся к${NBSP}оплате`,
    share: `это ${w.percent(rules.spendMaxPercent * 100)} счёта`,
    day: "столько осталось из вашего лимита на сегодня",
  }[bound];
  return rules.spendStep === null ? why : `${why}, кратно ${w.amount(rules.spendStep)}`;
}

const actsWords = ({ cardDailyActs }: SpendRules) =>
  `с${NBSP}карты можно списывать не${NBSP}больше ${w.times(cardDailyActs ?? 0)} в${NBSP}день, сегодня это уже было`;

/** Why points can pay nothing of a bill: the rule, as a sentence of plain text. */
export function nothingWords(bound: Bound, rules: SpendRules): string {
  if (bound === "least" || bound === "acts")
    return `${capital(boundWords(bound, { ...rules, spendStep: null }))}.`;
  if (bound === "services")
    return `Баллами платят только услуги, а${NBSP}неоплаченных услуг на${NBSP}сегодня в${NBSP}журнале нет. Визит только что внесли? Через минуту откройте клиента ещё раз.`;
  if (bound === "waits") return `Списать пока нечего: подарок ждёт следующего оплаченного визита.`;
  const step =
    rules.spendStep === null ? "" : ` Баллы списывают числом, кратным ${w.amount(rules.spendStep)}.`;
  return `Списать нечего.${step}`;
}

/**
 * What an admin may do with the sum that is to be moved: what is left of their day, where it has an end; above which sum an
 * owner is asked, and whether this one is.
 */
export interface ToldLimits {
  day: DayLimit | null;
  askAbove: Points | null;
  asksOwner: boolean;
  /** The admin is an owner: another one is asked. */
  byOwner: boolean;
}

/** Who has to agree, as it stands behind «подтверждение»; `byOwner`: an owner wants it. */
export const agreeing = (byOwner: boolean) => (byOwner ? "другого владельца" : "владельца");

/** The same line by line; none where nothing bounds the admin. */
export function limitLines({ day, askAbove, asksOwner, byOwner }: ToldLimits): string[] {
  return [
    ...(day === null ? [] : [dayLimitWords(day)]),
    ...(asksOwner
      ? [
          `Нужно подтверждение ${agreeing(byOwner)}${(askAbove ?? 0) < 100 ? "" : `: без него не${NBSP}больше ${w.amount(askAbove ?? 0)}`}. Спросим, как только нажмёте.`,
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
