// What is checked of spends that settle their visits: each branch's trial, its kind of card, rights, and what stands there.

import type { Db } from "../db/connect.ts";
import type { CompanyId } from "../rules/ids.ts";
import { decimal } from "../rules/money.ts";
import { dayOf } from "../rules/time.ts";
import type { SettleSettings } from "../settlements/settlements.ts";
import {
  groundNow,
  type OddAtRest,
  oddAtRest,
  type SettlingKnown,
  settlingKnown,
  type TrialGap,
} from "../settlements/survey.ts";
import { enTrial } from "../settlements/trial-en.texts.ts";
import { rightsPage } from "../settlements/trial-words.texts.ts";
import type { Yclients } from "../yclients/client.ts";
import type { Check, CheckLine } from "./check.ts";

type Ground = Awaited<ReturnType<typeof groundNow>>;

interface SettlingParts extends SettleSettings {
  yclients: Yclients;
  /** Works with the database; null where it cannot say, which is its own line. */
  known: (work: (db: Db) => Promise<SettlingKnown>) => Promise<SettlingKnown | null>;
  /** Cards and visits are read too: a request or two for each of the last. */
  whole: boolean;
}

/** A journal may change: what was tried longer ago is worth another try. */
const oldDays = 180;

const mirror: CheckLine = {
  ...{
    state: "FAIL",
    about: "SPEND_SETTLES",
    says: "mirror is not offered, and does as off: spends made in the journal would be known by the numbers on YCLIENTS's lists, and nobody has yet seen on a live account that these can be relied on",
  },
  remedy: "write on or off",
};

/** The checks of all branches. Where it is off YCLIENTS is asked nothing, and a line is there only of what is not at rest yet. */
export function checkSettling(parts: SettlingParts, companyIds: readonly CompanyId[]): Check[] {
  const branches = companyIds.map((company) => ({
    about: `settling ${company}`,
    ask: () => linesOfBranch(parts, company),
  }));
  if (parts.settles !== "mirror") return branches;
  return [{ about: "SPEND_SETTLES", ask: async () => [mirror] }, ...branches];
}

async function linesOfBranch(parts: SettlingParts, company: CompanyId): Promise<CheckLine[]> {
  const known = await parts.known((db) => settlingKnown(db, company, parts));
  if (known === null) return [];
  const { trial, gap, waiting, lately } = known;
  const waits = waitingLines(waiting, company);
  if (parts.settles !== "on") return waits;
  const lines = [trialLine(known, company), ...waits];
  const ground = trial !== null && gap === null ? await groundNow(parts.yclients, trial) : null;
  if (ground !== null) lines.push(...groundLines(ground, company));
  // Without the right to loyalty there is nothing to be seen of them.
  if (parts.whole && lately.length > 0 && !ground?.missing.includes("loyalty"))
    lines.push(...restLines(await oddAtRest(parts.yclients, lately), company));
  return lines;
}

function tryIt(company: CompanyId): string {
  return `run loyalty-bot settle try --company ${company} --record ID --points 3 on a visit of your own, see docs/settling.md`;
}

const gaps: Record<TrialGap, string> = {
  none: "nobody has tried it here, so spends do not settle",
  failed: "its last trial did not pass, so spends do not settle",
  doubted: "YCLIENTS did otherwise than at the trial, so spends do not settle any more",
  protocol: "was tried by the way of an earlier program, so spends do not settle",
  prices:
    "by PAID_BY=prices spent points would make new ones, for prices do not fall here: spends do not settle",
  other_type: "was tried with another kind of card than SETTLE_CARD_TYPE, so spends do not settle",
};

function trialLine({ trial, gap }: SettlingKnown, company: CompanyId): CheckLine {
  const about = `settling ${company}`;
  if (gap !== null || trial === null) {
    const doubt = gap === "doubted" ? (trial?.doubt ?? null) : null;
    const says = `${gaps[gap ?? "none"]}${doubt === null ? "" : `: ${enTrial.obstacles[doubt]}`}`;
    const limits = doubt === null ? "" : "see that the kind of card has no limit and no promotion, then ";
    const remedy =
      gap === "prices" ? "set PAID_BY=payments, or SPEND_SETTLES=off" : `${limits}${tryIt(company)}`;
    return { state: "FAIL", about, says, remedy };
  }
  const age = Math.floor((Date.now() - trial.triedAt.getTime()) / 86_400_000);
  const says = `passed on ${dayOf(trial.triedAt, "UTC")}, card kind ${trial.cardType}`;
  if (age > oldDays)
    return { state: "warn", about, says: `${says}, ${age} days ago`, remedy: tryIt(company) };
  if (trial.facts.paid_full !== null) return { state: "ok", about, says };
  const remedy = `${tryIt(company)}, on a terminal, and take the rest when it asks`;
  const unseen = `${says}; whether a visit then counts as paid was not tried`;
  return { state: "warn", about, says: unseen, remedy };
}

function waitingLines(
  { stuck, slow, trying, trials }: SettlingKnown["waiting"],
  company: CompanyId,
): CheckLine[] {
  const about = `spends on bills ${company}`;
  const lines: CheckLine[] = [];
  if (stuck > 0) {
    const remedy = "see the owners' chat, which says of each what to look for, and press the button there";
    lines.push({ state: "FAIL", about, says: `${stuck} wait for a person`, remedy });
  }
  if (slow > 0) {
    const remedy = "see that serve runs and reaches YCLIENTS: its log has job settlements";
    lines.push({
      state: "warn",
      about,
      says: `${slow} have been under way for more than ten minutes`,
      remedy,
    });
  }
  const remedy = `${tryIt(company)}: it begins by bringing that back`;
  if (trials > 0) {
    const says = "a trial was stopped, and is not taken back";
    lines.push({ state: "FAIL", about: `trial left ${company}`, says, remedy });
  } else if (trying > 0) {
    const says = "a trial is under way, or was stopped in the last ten minutes";
    lines.push({ state: "warn", about: `trial ${company}`, says, remedy: `where it was stopped, ${remedy}` });
  }
  return lines;
}

/** What has become of the kind of card since the trial, and what to do about it. */
const kinds: Record<NonNullable<Ground["type"]>, [says: string, remedy: string]> = {
  no_types: ["the branch has no kind of card any more", "make one in the chain"],
  all_promoted: ["a promotion gives points of its own onto it", "untie the promotion from it"],
  type_gone: [
    "the one of the trial is not valid in the branch any more",
    "make it valid there, or another one",
  ],
  type_promoted: ["a promotion gives points of its own onto it", "untie the promotion from it"],
  no_chain: ["YCLIENTS does not say whose chain it is of", "see that the branch is in a chain"],
  many_types: ["there are several", "write the right one's number into SETTLE_CARD_TYPE"],
  limited: [
    "it may not pay for everything, or not all of a bill",
    "allow it any services and goods, without a limit",
  ],
};

function groundLines({ type, missing }: Ground, company: CompanyId): CheckLine[] {
  const about = `card kind ${company}`;
  const lines: CheckLine[] = [];
  if (type !== null) {
    const [says, remedy] = kinds[type];
    lines.push({ state: "FAIL", about, says, remedy: `${remedy}, then ${tryIt(company)}` });
  } else if (!missing.includes("loyalty"))
    lines.push({ state: "ok", about, says: "is there, without a promotion or a limit" });
  const needed = missing.filter((right) => right !== "visitDays").map((right) => enTrial.rights[right]);
  const rights = `loyalty rights ${company}`;
  if (needed.length > 0) {
    const remedy = `give them to the user of YCLIENTS_USER_TOKEN, in YCLIENTS, ${rightsPage}`;
    lines.push({ state: "FAIL", about: rights, says: `the user token lacks: ${needed.join(", ")}`, remedy });
  } else if (missing.length > 0) {
    const says = "payments of visits may be changed for less than 14 days back";
    const remedy = "give the user all days: an older spend could else not be taken off its bill";
    lines.push({ state: "warn", about: rights, says, remedy });
  }
  return lines;
}

function restLines({ cards, visits }: OddAtRest, company: CompanyId): CheckLine[] {
  const lines: CheckLine[] = [];
  if (cards.length > 0) {
    const says = `not empty: ${cards.map((one) => `card ${one.card} has ${decimal(one.balance)}`).join(", ")}`;
    const remedy = "serve sees to it within the hour; what stays longer, take off by hand in YCLIENTS";
    lines.push({ state: "warn", about: `reserved cards ${company}`, says, remedy });
  }
  if (visits.length > 0) {
    const each = visits.map(
      ({ visit, is, ought }) => `visit ${visit} has ${decimal(is)} of ${decimal(ought)}`,
    );
    const says = `not in the journal as they were spent: ${each.join(", ")}`;
    const remedy =
      "what is gone serve gives back by itself; of what is only in part there it asks the owners";
    lines.push({ state: "FAIL", about: `spends on bills ${company}`, says, remedy });
  }
  return lines;
}
