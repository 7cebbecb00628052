// `settle try`: a spend that settles its visit, tried on a visit of the operator's own, and taken back.

import type { Parts } from "../app/parts.ts";
import { type Clock, wait } from "../clock.ts";
import { readConfig } from "../config/config.ts";
import { OperatorError } from "../errors.ts";
import { withLease } from "../jobs/leases.ts";
import type { CompanyId } from "../rules/ids.ts";
import { readPoints, roublesFor } from "../rules/money.ts";
import { settleTryTexts } from "../settlements/trial.texts.ts";
import { trySettling } from "../settlements/trial.ts";
import type { TrialNews, TrialQuestion } from "../settlements/trial-news.ts";
import type { Flags } from "./args.ts";
import { mustBeMigrated, patiently, type Shell, sentence, withParts } from "./commands.ts";
import { languageFlag } from "./statements.ts";

/** 0 only if the branch may switch it on; 1 not, and all is as before; 2 something was left, and what it is has been said. */
export async function settle(shell: Shell, flags: Flags, [what]: string[], clock?: Clock): Promise<number> {
  if (what !== "try")
    throw new OperatorError("settle takes try, with --record and --points. See loyalty-bot --help.");
  const t = settleTryTexts(languageFlag(flags));
  const [record, amount] = [numberFlag(flags, "record"), pointsFlag(flags)];
  const config = readConfig(shell.env);
  const company = companyFlag(flags, config.companyIds);
  const work = async ({ db, settling }: Parts) => {
    await mustBeMigrated(db);
    let begun = false;
    const trying = {
      settling,
      tell: async (news: TrialNews) => {
        begun = true;
        await shell.out(t.news(news));
      },
      ask: (question: TrialQuestion) => asked(shell, t.question(question)),
      wait: (ms: number) => wait(ms, settling.signal),
    };
    const order = { company, record, amount, cardType: config.settleCardType, paidBy: config.paidBy };
    // Two at once would take back what the other one has just put there.
    const once = () => withLease(db, `settle_trial:${company}`, () => trySettling(trying, order));
    try {
      const end = await patiently(shell.log, once);
      await shell.out(t.end(end));
      return end.end === "passed" ? 0 : end.end === "left" ? 2 : 1;
    } catch (error) {
      if (!begun) throw error;
      shell.log.error(sentence(error));
      await shell.out(t.broken());
      return 2;
    }
  };
  return withParts(config, shell.log, work, clock);
}

/** Whether somebody says that it is done: Enter alone. Nobody is asked where nobody can answer. */
async function asked({ questions }: Shell, question: string): Promise<boolean> {
  if (!questions) return false;
  using terminal = questions();
  return (await terminal.ask(question))?.trim() === "";
}

function numberFlag(flags: Flags, name: "record" | "company"): number {
  const value = flags[name]?.trim() ?? "";
  if (!/^[1-9]\d{0,14}$/.test(value))
    throw new OperatorError(`--${name} takes the number that it has in YCLIENTS, for example 700100201.`);
  return Number(value);
}

function pointsFlag({ points = "" }: Flags): number {
  const read = readPoints(points.trim());
  if (read === null) throw new OperatorError("--points takes how many points are to pay, for example 3.");
  return roublesFor(read);
}

/** The branch that is named, or the only one. */
function companyFlag(flags: Flags, companyIds: readonly CompanyId[]): CompanyId {
  const [only, ...others] = companyIds;
  if (flags.company === undefined && only !== undefined && others.length === 0) return only;
  const all = companyIds.join(", ");
  if (flags.company === undefined)
    throw new OperatorError(`Say with --company in which branch it is tried. COMPANY_ID names ${all}.`);
  const company = numberFlag(flags, "company");
  if (!companyIds.includes(company))
    throw new OperatorError(`--company is ${company}, and COMPANY_ID names ${all}.`);
  return company;
}
