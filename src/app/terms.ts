// The programme's dated terms, of the settings: taken on, unless another program of the same database has different ones.

import type { Config } from "../config/config.ts";
import { agreeOn, type SaidTerms, takeBackWord, unagreed } from "../jobs/agreement.ts";
import { keepLives } from "../ledger/ends.ts";
import { adoptLevels } from "../levels/terms.ts";
import type { Life } from "../rules/life.ts";
import { decimal } from "../rules/money.ts";
import type { Parts } from "./parts.ts";
import { noteLevels } from "./rounds.ts";

/** The settings that are written down with the day from which they hold. */
export const datedTerms = [
  ...(["percent", "earnOn", "earnWhen", "paidBy", "levels", "levelsOver"] as const),
  ...(["pointsLive", "welcomeLive", "birthdayLive"] as const),
];
export type DatedTerms = Pick<Config, (typeof datedTerms)[number]>;

/** These, as somebody would write them. */
export function termsOf(config: DatedTerms): SaidTerms {
  const life = (one: Life | null) =>
    one === null ? "off" : "months" in one ? `${one.months} months` : `${one.days} days`;
  const levels = config.levels?.map(({ from, percent }) => `${decimal(from)}:${decimal(percent)}`);
  return [
    `BONUS_PERCENT=${decimal(config.percent)}`,
    `EARN_ON=${config.earnOn}`,
    `EARN_WHEN=${config.earnWhen}`,
    `PAID_BY=${config.paidBy}`,
    `LEVELS=${levels?.join(",") ?? "off"}`,
    `LEVELS_OVER=${config.levelsOver === null ? "all" : `${config.levelsOver} months`}`,
    `POINTS_LIVE=${life(config.pointsLive)}`,
    `WELCOME_LIVE=${life(config.welcomeLive)}`,
    `BIRTHDAY_LIVE=${life(config.birthdayLive)}`,
  ];
}

interface Agreeing extends Pick<Parts, "db" | "clock" | "terms"> {
  config: DatedTerms;
  log: Pick<Parts["log"], "error">;
}

/**
 * Takes the settings on, or finds that another program's hold: then its terms are used, and nothing is written. Once a minute,
 * and at the start (`atStart`). The first time since the start that they hold, what was accepted and is wanted no more is dropped.
 */
export async function keepTerms({ db, config, log, clock, terms }: Agreeing, atStart = false): Promise<void> {
  const others = await agreeOn(db, termsOf(config), atStart);
  const was = terms.ours && !atStart;
  if (others.length > 0) {
    terms.ours = false;
    if (was || atStart) log.error({ remedy: unagreed.remedy }, unagreed.says(others));
  } else if (!was) {
    await keepLives(db, config, clock.now());
    // What clients read first is what holds from this start on.
    await noteLevels(db, config, clock.now());
    await adoptLevels(db, config, clock.now(), atStart || !terms.begun);
    // Last of all: what fails before is done by the next minute.
    terms.ours = true;
    terms.begun = true;
  }
}

/** The program ends: whoever has other settings need not wait. */
export function leaveTerms({ db, config }: Pick<Agreeing, "db" | "config">): Promise<void> {
  return takeBackWord(db, termsOf(config));
}
