// What is checked of MAX: its certificate, the token, who can be written to, whether updates come; and what its rules ask for.

import type { MaxFacts } from "../channels/max/facts.ts";
import { refusedMaxToken } from "../channels/max/messenger.ts";
import { OperatorError, Refused, Unreachable } from "../errors.ts";
import { type Account, channelOf } from "../rules/account.ts";
import { dayOf } from "../rules/time.ts";
import { type Check, type CheckLine, clockLine, lineOf } from "./check.ts";
import { reachLine } from "./staff.ts";

export interface MaxCheckParts {
  facts: Pick<MaxFacts, "bot" | "subscriptions">;
  /** Whether one who works here can be written to; null where the database, which knows their chat, cannot say. */
  reach: (account: Account) => Promise<"reached" | "never" | "blocked" | null>;
  /** When the root that MAX's hosts hang on ends; an `OperatorError` for a file that is not it. Null: none is named. */
  rootEnds: () => Date | null;
  /** Whether MAX's own address is asked, which needs that root. */
  own: boolean;
  /** Who works here; null: nobody can say. */
  staff: () => Promise<{ adminIds: readonly Account[]; ownerIds: readonly Account[] } | null>;
  /** Where updates should come; null: by polling. */
  webhookUrl: string | null;
  updateTypes: readonly string[];
  /** Whether clients are told there what they have not asked for. */
  tellsUnasked: boolean;
}

const deliveryAlarm = "delivery in max";
const dayMs = 86_400_000;
const soonMs = 90 * dayMs;
const guide = "docs/max.md";

/** These settings of MAX are set, and its token is not. */
export function checkMaxUnset(names: readonly string[]): Check {
  const about = "MAX";
  const says = `there is no bot in MAX: ${names.join(", ")} ${names.length > 1 ? "are" : "is"} set, and MAX_BOT_TOKEN is not`;
  const remedy = `set MAX_BOT_TOKEN (${guide}), or take ${names.join(", ")} away`;
  return { about, ask: async () => [{ state: "warn", about, says, remedy }] };
}

/** The root that MAX's own address hangs on: which it is, and until when. Elsewhere only that its file lets `serve` start. */
export function checkMaxRoot({ facts, rootEnds, own }: MaxCheckParts): Check {
  const about = "MAX_CA";
  return {
    about,
    ask: async () => {
      try {
        const ends = rootEnds();
        if (!own) return [];
        return [ends === null ? await withoutRoot(facts) : rootLine(ends, Date.now())];
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error;
        const [says = "", ...remedy] = error.message.replace(/^MAX_CA: /, "").split(". ");
        return [{ state: "FAIL", about, says, remedy: remedy.join(". ").replace(/\.$/, "") }];
      }
    },
  };
}

function rootLine(ends: Date, now: number): CheckLine {
  const about = "MAX_CA";
  const day = dayOf(ends, "UTC");
  const left = ends.getTime() - now;
  const remedy = `download the next root from gosuslugi.ru/tls, and a release of this program that knows it (${guide})`;
  if (left <= 0) return { state: "FAIL", about, says: `the root has ended on ${day}`, remedy };
  if (left <= soonMs)
    return { state: "warn", about, says: `the root ends in ${Math.ceil(left / dayMs)} days`, remedy };
  return { state: "ok", about, says: `the Russian Trusted Root CA, until ${day}` };
}

/** This machine may trust it already, for all hosts. */
async function withoutRoot(facts: MaxCheckParts["facts"]): Promise<CheckLine> {
  const about = "MAX_CA";
  const trouble = await facts.bot().then(
    () => null,
    (error) => (error instanceof Unreachable ? error : null),
  );
  if (trouble === null) return { state: "info", about, says: "is not set, and was not needed" };
  if (trouble.remedy?.kind !== "untrusted")
    return { state: "info", about, says: "is not set; whether it is needed shows once MAX is reached" };
  const says = "is not set, and MAX's certificate hangs on the Russian Trusted Root CA";
  return {
    state: "FAIL",
    about,
    says,
    remedy: `download it from gosuslugi.ru/tls and name the file (${guide})`,
  };
}

/** The token, MAX's clock, and what its rules ask of whoever has a bot there. */
export function checkMaxBot({ facts, tellsUnasked }: MaxCheckParts): Check {
  const about = "bot in MAX";
  return {
    about,
    ask: async () => {
      try {
        const { name, date } = await facts.bot();
        return [
          { state: "ok", about, says: name },
          clockLine("MAX", date, new Date()),
          { state: "info", about: "rules of MAX", says: rulesOf(tellsUnasked) },
        ];
      } catch (error) {
        if (!isToken(error)) throw error;
        return [{ state: "FAIL", about, ...refusedMaxToken }];
      }
    },
  };
}

function rulesOf(tellsUnasked: boolean): string {
  const told = tellsUnasked
    ? "clients are told at once, for which you have a contract with MAX (MAX_NOTICES)"
    : "clients are told when they next write, as MAX allows without a contract (MAX_NOTICES)";
  return `a bot belongs to a verified Russian firm, sole trader or self-employed person, and changes of it are moderated for up to 48 hours; ${told}: ${guide}`;
}

/** Each admin and owner in MAX: a bot may not write first. */
export function checkMaxStaff({ reach, staff }: MaxCheckParts): Check {
  return {
    about: "staff in MAX",
    ask: async () => {
      const people = await staff();
      if (people === null) return []; // said of the database
      const lines: CheckLine[] = [];
      for (const account of new Set([...people.adminIds, ...people.ownerIds])) {
        if (channelOf(account) !== "max") continue;
        const found = await reach(account).catch(unlessToken);
        if (found === null) return []; // said of the bot, or of the database
        lines.push(reachLine(people.ownerIds.includes(account) ? "owner" : "admin", account, account, found));
      }
      return lines;
    },
  };
}

/** Whether MAX delivers where we listen, and nowhere else. */
export function checkMaxWebhook(parts: MaxCheckParts): Check {
  const about = "webhook of MAX";
  return {
    about,
    ask: async () => {
      const found = await parts.facts.subscriptions().catch(unlessToken);
      return found === null ? [] : [webhookLine(about, parts, found)];
    },
  };
}

function webhookLine(
  about: string,
  { webhookUrl, updateTypes }: MaxCheckParts,
  found: { url: string; types: string[] | null }[],
): CheckLine {
  const elsewhere = found.filter(({ url }) => url !== webhookUrl).map(({ url }) => url);
  if (webhookUrl === null) {
    if (elsewhere.length === 0) return lineOf(about, null, "none: updates are polled", deliveryAlarm);
    const remedy = "serve takes it away at its start; or set PUBLIC_URL";
    return {
      state: "warn",
      about,
      says: `MAX delivers to ${elsewhere.join(", ")}, and PUBLIC_URL is not set`,
      remedy,
    };
  }
  const ours = found.filter(({ url }) => url === webhookUrl);
  const { port } = new URL(webhookUrl);
  if (ours.length === 0 && port !== "") {
    // Telegram delivers to some ports more, so that the address may be a good one there.
    const says = `not set: MAX delivers to port 443 alone, and PUBLIC_URL names port ${port}`;
    const remedy =
      "have nginx listen on 443 and take the port off PUBLIC_URL, or unset it: updates are polled then";
    return { state: "FAIL", about, says, remedy, alarm: { about: deliveryAlarm, detail: "" } };
  }
  if (ours.length === 0) {
    // It ends by itself where nothing was taken for eight hours, and MAX tells nobody.
    const says = elsewhere.length === 0 ? "not set" : `MAX delivers to ${elsewhere.join(", ")}, not here`;
    const remedy = "serve sets it within minutes, or run loyalty-bot webhook set";
    return { state: "warn", about, says, remedy, alarm: { about: deliveryAlarm, detail: "" } };
  }
  const alarm = { about: deliveryAlarm, detail: null };
  if (elsewhere.length > 0) {
    const remedy = "see that no other program has this bot's token, then run loyalty-bot webhook set";
    return { state: "FAIL", about, says: `MAX delivers to ${elsewhere.join(", ")} too`, remedy, alarm };
  }
  const lacks = updateTypes.filter((kind) => ours.some(({ types }) => types && !types.includes(kind)));
  if (lacks.length === 0) return { state: "ok", about, says: webhookUrl, alarm };
  const remedy = "run loyalty-bot webhook set, or start serve again";
  return { state: "warn", about, says: `MAX keeps back ${lacks.join(", ")}`, remedy, alarm };
}

function isToken(error: unknown): boolean {
  return error instanceof Refused && error.code === 401;
}

/** A token that is refused is said once, by the bot's own line. */
function unlessToken(error: unknown): null {
  if (isToken(error)) return null;
  throw error;
}
