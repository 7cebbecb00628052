// What is checked of a YCLIENTS branch: tokens, zone, the night's quiet hours, what the user token may see.

import { Refused } from "../errors.ts";
import type { CompanyId } from "../rules/ids.ts";
import { isTimeZone, type QuietHours, quietLeft, wallTime } from "../rules/time.ts";
import { sweepDays } from "../visits/branch.ts";
import type { Yclients } from "../yclients/client.ts";
import type { Rights } from "../yclients/rights.ts";
import { type Check, type CheckLine, clockLine, lineOf } from "./check.ts";
import { giveRight } from "./rights.texts.ts";

export interface BranchParts {
  yclients: Pick<Yclients, "company" | "rights">;
  quietHours: QuietHours | null;
  paidBy: "payments" | "prices";
  /** The zone that the program went by until now, told what YCLIENTS says; null where it knew none. */
  zoneBefore: (
    companyId: CompanyId,
    named: { title: string | null; timeZone: string | null },
  ) => Promise<string | null>;
}

const phonesAlarm = (companyId: CompanyId) => `phones:${companyId}`;
const paymentsAlarm = (companyId: CompanyId) => `payments:${companyId}`;

/** More are counted: a chain knows its own. */
const mostNamed = 10;

/** Whether YCLIENTS takes both tokens. Whose the user token is may be hidden from it, which is no fault. */
export function checkTokens(yclients: Pick<Yclients, "branches">): Check {
  const about = "YCLIENTS tokens";
  return {
    about,
    ask: async () => {
      try {
        const ids = (await yclients.branches()).map(({ id }) => id);
        const named = ids.length === 1 ? `branch ${ids[0]}` : `branches ${ids.join(", ")}`;
        const works = ids.length === 0 || ids.length > mostNamed ? `${ids.length} branches` : named;
        return [{ state: "ok", about, says: `taken; the user works in ${works}` }];
      } catch (error) {
        if (!(error instanceof Refused) || [401, 429].includes(error.code)) throw error;
        return [
          { state: "info", about, says: "taken; YCLIENTS does not say in which branches the user works" },
        ];
      }
    },
  };
}

/** The check of one branch. */
export function checkBranch(
  { yclients, quietHours, paidBy, zoneBefore }: BranchParts,
  companyId: CompanyId,
): Check {
  const about = (what: string) => `${what} ${companyId}`;
  return {
    about: about("branch"),
    ask: async () => {
      const { title, timeZone, date } = await yclients.company(companyId);
      const now = new Date();
      const rights = await yclients.rights(companyId);
      return [
        zoneLine(about("branch"), timeZone, await zoneBefore(companyId, { title, timeZone }), now),
        ...(timeZone !== null && isTimeZone(timeZone)
          ? [quietLine(about("quiet hours"), quietHours, timeZone, now)]
          : []),
        ...(rights.journal === false ? [noJournalLine(about("records"))] : []),
        phonesLine(about("phones"), rights, companyId),
        paymentsLine(about("payments"), rights, paidBy, paymentsAlarm(companyId)),
        clockLine("YCLIENTS", date, now),
      ];
    },
  };
}

function zoneLine(about: string, timeZone: string | null, before: string | null, now: Date): CheckLine {
  if (timeZone !== null && isTimeZone(timeZone)) {
    const says = `answers; ${timeZone}, ${wallTime(now, timeZone).slice(11, 16)} there now`;
    if (before === null || before === timeZone) return { state: "ok", about, says };
    const remedy =
      "if the new one is right, nothing: serve takes it over and reads the branch's visits again";
    return { state: "warn", about, says: `${says}, and the program went by ${before}`, remedy };
  }
  const says = "YCLIENTS names no time zone that is known here";
  return {
    state: "FAIL",
    about,
    says,
    remedy: "set the city and the time zone in the branch's YCLIENTS settings",
  };
}

function quietLine(about: string, quiet: QuietHours | null, timeZone: string, now: Date): CheckLine {
  if (quiet === null) return { state: "info", about, says: "off: visits are told at any hour" };
  const time = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  const soon = quietLeft(now, timeZone, quiet) > 0 ? "quiet now" : "not quiet now";
  return {
    state: "ok",
    about,
    says: `${time(quiet.from)} to ${time(quiet.to)} by the branch's clock, ${soon}`,
  };
}

function noJournalLine(about: string): CheckLine {
  const says = "the user token may not open the journal, so no visit is read";
  return { state: "FAIL", about, says, remedy: giveRight("journal") };
}

function phonesLine(about: string, { phones }: Rights, companyId: CompanyId): CheckLine {
  if (phones === null)
    return { state: "info", about, says: "YCLIENTS does not say whether the token sees them" };
  const wrong = {
    says: "the user token does not see clients' phones, so nobody can link a card",
    remedy: giveRight("phones"),
    detail: String(companyId),
  };
  return lineOf(about, phones ? null : wrong, "the user token may see them", phonesAlarm(companyId));
}

function paymentsLine(
  about: string,
  { payments, paymentDays }: Rights,
  paidBy: BranchParts["paidBy"],
  alarm: string,
): CheckLine {
  if (paidBy === "prices") return lineOf(about, null, "not needed, PAID_BY=prices", alarm);
  if (payments === null && paymentDays === null) {
    return { state: "info", about, says: "YCLIENTS does not say whether the token sees them" };
  }
  const remedy = giveRight("payments");
  if (payments === false) {
    const says = "the user token sees no finance operations, so no visit earns";
    return lineOf(about, { says, remedy, detail: "" }, "", alarm);
  }
  if (paymentDays === null || paymentDays < 0)
    return lineOf(about, null, "the user token sees all days", alarm);
  // Owners hear of these days from the pass, which judges by them.
  const says = `the user token sees ${paymentDays} days back: refunds of older visits go unnoticed`;
  const state = paymentDays < sweepDays ? "FAIL" : "warn";
  return { state, about, says, remedy, alarm: { about: alarm, detail: null } };
}
