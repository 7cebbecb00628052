// `programme try`: what other terms would have made of the visits stored; `programme accept`: levels that wait for an owner.

import { type Config, readConfig } from "../config/config.ts";
import { programmeSettings } from "../config/programme-settings.ts";
import { databaseNow } from "../db/connect.ts";
import { OperatorError } from "../errors.ts";
import { previewLevels } from "../levels/preview.ts";
import { acceptLevels, levelsState, markOf } from "../levels/terms.ts";
import type { Level } from "../rules/levels.rule.ts";
import type { Life } from "../rules/life.ts";
import { decimal } from "../rules/money.ts";
import { addDays, dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import type { Trial } from "../visits/trial.rule.ts";
import { trialCsv, trialText } from "../visits/trial.texts.ts";
import { tryTerms } from "../visits/trial.ts";
import type { Flags } from "./args.ts";
import { dayFlag, type Shell, withDatabase } from "./commands.ts";
import { languageFlag } from "./statements.ts";

/** The terms that can be tried, and the option of each. */
const terms = ["percent", "levels", "levelsOver", "pointsLive", "earnOn", "earnWhen", "paidBy"] as const;
const optionOf = {
  ...{ percent: "percent", levels: "levels", levelsOver: "levels-over", pointsLive: "points-live" },
  ...{ earnOn: "earn-on", earnWhen: "earn-when", paidBy: "paid-by" },
} as const satisfies Record<(typeof terms)[number], keyof Flags>;

/** `programme try` and `programme accept`. */
export async function programme(shell: Shell, flags: Flags, [what]: string[]): Promise<number> {
  if (what === "try" && !flags["dry-run"]) return tryOthers(shell, flags);
  if (what === "accept" && Object.keys(flags).every((flag) => flag === "dry-run"))
    return accept(shell, flags["dry-run"] === true);
  throw new OperatorError(
    "programme takes try, with the terms to be tried, or accept, with --dry-run or nothing. See loyalty-bot --help.",
  );
}

/** `accept [--dry-run]`: levels of the settings by which some earn less are taken on, as an owner does by /programme. */
async function accept({ env, out }: Shell, dryRun: boolean): Promise<number> {
  const { companyIds, ...settings } = readConfig(env, {
    only: ["companyIds", "databaseUrl", "levels", "levelsOver", "percent"],
  });
  return withDatabase(env, async (db) => {
    const now = await databaseNow(db);
    const timeZone = await branchZone(db, companyIds);
    const { inForce, waiting } = await levelsState(db, settings, now);
    if (waiting === null) {
      await out("nothing waits: the levels of the settings are in force, or accepted\n");
      return 0;
    }
    const { up, down, same } = await previewLevels(db, inForce, waiting);
    await out(`a client's next visit would earn more: ${up}, less: ${down}, the same: ${same}\n`);
    const accepted = { by: "command", now, timeZone, expected: markOf(waiting) };
    const day = dryRun ? null : await acceptLevels(db, settings, accepted);
    await out(day === null ? "nothing was written\n" : `accepted: in force from ${day} on\n`);
    return 0;
  });
}

/**
 * `try [--percent P] [--levels L] …`: what is not given is as the settings have it. Without days it is the last twelve months.
 */
async function tryOthers({ env, out }: Shell, flags: Flags): Promise<number> {
  const language = languageFlag(flags);
  const given = termsGiven(flags);
  const [askedFrom, askedTo] = [dayFlag(flags, "from"), dayFlag(flags, "to")];
  const config = readConfig(env, { only: ["companyIds", "databaseUrl", "programStart", ...terms] });
  const { companyIds, programStart, levels, levelsOver, pointsLive, ...rest } = { ...config, ...given };
  return withDatabase(env, async (db) => {
    const timeZone = await branchZone(db, companyIds);
    const today = dayOf(new Date(), timeZone);
    const to = askedTo ?? today;
    if (to > today) throw new OperatorError(`--to is ${to}, which is still to come: today is ${today}.`);
    const from = askedFrom ?? `${addDays(`${to.slice(0, 7)}-28`, -335).slice(0, 7)}-01`;
    if (from > to)
      throw new OperatorError(`--from is ${from}, which is after --to, ${to}: write the earlier day first.`);
    const { percent, earnOn, earnWhen, paidBy } = rest;
    const trial: Trial = {
      terms: { percent, earnOn, earnWhen, paidBy },
      levels,
      over: levelsOver,
      live: pointsLive,
      from,
      to,
    };
    const result = await tryTerms(db, trial, { companyIds, timeZone, start: programStart });
    await out(flags.asCsv ? trialCsv(result) : trialText(trial, result, asSettings(trial), language));
    return 0;
  });
}

/** The terms that were given, read as the settings are. One percent for all is a programme without levels. */
function termsGiven(flags: Flags): Partial<Pick<Config, (typeof terms)[number]>> {
  const values = terms.flatMap((term) => {
    const written = flags[optionOf[term]];
    if (written === undefined) return [];
    const { read, write } = programmeSettings[term];
    const value = read(written.trim());
    if (value === undefined) throw new OperatorError(`--${optionOf[term]} is "${written}": write ${write}.`);
    return [[term, value]];
  });
  if (flags.percent === undefined) return Object.fromEntries(values);
  const given: Partial<Config> = { levels: null, ...Object.fromEntries(values) };
  if (given.levels)
    throw new OperatorError("--percent goes without --levels: each level says its own percent.");
  return given;
}

/** The terms as they are written in the settings. */
function asSettings({ terms, levels, over, live }: Trial): string {
  const earn = `EARN_ON=${terms.earnOn} EARN_WHEN=${terms.earnWhen} PAID_BY=${terms.paidBy}`;
  const percent =
    levels === null ? `BONUS_PERCENT=${plain(terms.percent)}` : `LEVELS=${levels.map(step).join()}`;
  const span = levels === null ? [] : [`LEVELS_OVER="${over === null ? "all" : `${over} months`}"`];
  return [percent, ...span, `POINTS_LIVE="${life(live)}"`, earn].join(" ");
}

const plain = (value: number) => decimal(value).replace(/\.?0+$/, "");
const step = ({ from, percent }: Level) => `${plain(from)}:${plain(percent)}`;

function life(live: Life | null): string {
  if (live === null) return "off";
  return "months" in live ? `${live.months} months` : `${live.days} days`;
}
