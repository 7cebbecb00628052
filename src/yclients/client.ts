// The YCLIENTS API: headers, time-outs, retries, the request budget. Nothing of our business.

import { type Clock, machineClock } from "../clock.ts";
import { messageOf, Refused, type Remedy, trustRemedy, Unreachable } from "../errors.ts";
import { clean, nameless } from "../log.ts";
import type { CompanyId, RecordId } from "../rules/ids.ts";
import { oneLine } from "../rules/name.ts";
import { backOff } from "../rules/time.ts";
import { type ChangeAnswer, loyaltyQuestions } from "./loyalty.ts";
import { type Answer, type Filter, gathered, pagesOf } from "./pages.ts";
import { peopleQuestions } from "./people.ts";
import { type Reading, readRecord, type Unreadable } from "./record.ts";
import { type Rights, rightsOf, settlingRightsOf } from "./rights.ts";

/** Hands out turns to ask: resolves when the next request may go, with the clock to stamp its answer by. */
export interface Budget {
  take(): Promise<Date>;
  /** YCLIENTS said 429: nobody asks for a minute, whatever its text says (YCLIENTS API: "через 0 секунд" is not true). */
  refused(): Promise<void>;
}

export interface Options {
  url: string;
  /** The vendor's own addresses, of which `url` may be one. */
  hosts?: readonly string[];
  partnerToken: string;
  /** Null before there is one: then only `logIn` is let in. */
  userToken: string | null;
  budget: Budget;
  /** Milliseconds. */
  timeoutMs?: number;
  /** Milliseconds before the second try; it grows, with jitter. */
  retryMs?: number;
  signal?: AbortSignal;
  /** Told of each answer's HTTP status, or null where there was none. */
  answered?: (status: number | null) => void;
  clock?: Clock;
}

export type Yclients = ReturnType<typeof yclients>;

const tries = 4;

/** The API's addresses: the vendor's documentation names the first since autumn 2026, and named the second before. */
const vendorHosts = ["https://api.yclients.ru/api/v1", "https://api.yclients.com/api/v1"];

/**
 * A client of one deployment's tokens. `Refused` when YCLIENTS says no (also `success: false` and 429 that stays),
 * `Unreachable` when it was not reached or what it said was cut off, with a remedy where waiting does not help. 5xx and
 * network are tried again, nothing else is. The tokens go to `url` alone, whatever redirect is answered.
 */
export function yclients(options: Options) {
  const headers = {
    Accept: "application/vnd.yclients.v2+json",
    "Content-Type": "application/json",
    Authorization: `Bearer ${options.partnerToken}${options.userToken === null ? "" : `, User ${options.userToken}`}`,
  };

  async function ask(path: string, query: Record<string, string> = {}, body?: object): Promise<Answer> {
    const url = `${options.url}${path}?${new URLSearchParams(query)}`;
    const init = body ? { method: "POST", body: JSON.stringify(body) } : {};
    for (let attempt = 1; ; attempt++) {
      const readAt = await options.budget.take();
      try {
        return await once(url, readAt, init);
      } catch (error) {
        const tooFast = error instanceof Refused && error.code === 429;
        if (tooFast) await options.budget.refused(); // after the last try too: the others wait as well
        if (options.signal?.aborted) throw error;
        const again = tooFast || (error instanceof Unreachable && !error.remedy);
        if (!again) throw error;
        if (attempt >= tries) throw await lastWord(error);
        if (!tooFast) await pause(attempt);
      }
    }
  }

  /**
   * A change, asked once: whoever has it stores what is asked, then sends. No answer is no "no", so it is never asked again
   * here.
   */
  async function change(path: string, body: object): Promise<() => Promise<ChangeAnswer>> {
    const readAt = await options.budget.take();
    return async () => {
      try {
        const { data } = await once(`${options.url}${path}`, readAt, {
          method: "POST",
          body: JSON.stringify(body),
        });
        return { kind: "yes", data };
      } catch (error) {
        // A proxy may say anything by 200; only YCLIENTS itself says `success: false`.
        if (!(error instanceof Refused) || error.code === 408 || error instanceof Nonsense)
          return { kind: "unknown", words: messageOf(error) };
        if (error.code !== 429) return { kind: "no", words: error.detail };
        await options.budget.refused();
        return { kind: "busy" };
      }
    };
  }

  async function once(url: string, readAt: Date, init: RequestInit): Promise<Answer> {
    const signals = [
      AbortSignal.timeout(options.timeoutMs ?? 30_000),
      ...(options.signal ? [options.signal] : []),
    ];
    let status: number | null = null;
    try {
      const signal = AbortSignal.any(signals);
      const response = await fetch(url, { ...init, headers, signal, redirect: "manual" });
      status = response.status;
      if (status >= 300 && status < 400) throw redirected(status, response.headers.get("location"));
      const text = await response.text();
      if (response.status >= 500) throw new Unreachable("YCLIENTS", `it answered ${response.status}`);
      return {
        ...envelope(response.status, text, url),
        readAt,
        date: dateOf(response.headers.get("date"), readAt),
      };
    } catch (error) {
      if (error instanceof Refused || error instanceof Unreachable) throw error;
      const words = clean(messageOf(error));
      throw new Unreachable("YCLIENTS", words, trustRemedy(error));
    } finally {
      options.answered?.(status);
    }
  }

  /** Where the vendor's one address stays silent, the other may be the one that is left. It is asked without tokens. */
  async function lastWord(error: unknown): Promise<unknown> {
    const hosts = options.hosts ?? vendorHosts;
    if (!(error instanceof Unreachable) || !hosts.includes(options.url)) return error;
    for (const url of hosts.filter((host) => host !== options.url)) {
      const status = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5_000) }).then(
        (response) => response.status,
        () => 599,
      );
      if (status < 300 || (status >= 400 && status < 500))
        return new Unreachable("YCLIENTS", "its other address answers", movedTo(url));
    }
    return error;
  }

  function redirected(status: number, location: string | null): Unreachable {
    const to =
      location !== null && URL.canParse(location, options.url) ? new URL(location, options.url) : null;
    const url = (options.hosts ?? vendorHosts).find((host) => to?.href.startsWith(`${host}/`));
    if (url !== undefined && url !== options.url)
      return new Unreachable("YCLIENTS", `it answers ${status}, its API has moved`, movedTo(url));
    const advice =
      "see in the vendor's documentation where its API is now, and write that in YCLIENTS_API_URL";
    const words = `it answers ${status} and sends to ${to?.host ?? "nowhere"}`;
    return new Unreachable("YCLIENTS", clean(words), { kind: "moved", advice });
  }

  async function pause(attempt: number): Promise<void> {
    const ms = backOff(attempt, options.retryMs ?? 1_000, 60_000) * (0.5 + Math.random());
    await (options.clock ?? machineClock).wait(ms, options.signal);
    options.signal?.throwIfAborted();
  }

  /** `timeZone` is the branch's, where it is known. */
  const pages = (companyId: CompanyId, filter: Filter, timeZone: string | null = null) =>
    pagesOf(
      (query) => ask(`/records/${companyId}`, query),
      filter,
      (raw, readAt) => readRecord(raw, readAt, timeZone, companyId),
    );

  async function permissions(companyId: CompanyId): Promise<unknown> {
    try {
      return (await ask(`/user/permissions/${companyId}`)).data;
    } catch (error) {
      if (error instanceof Refused && error.code !== 401 && error.code !== 429) return null;
      throw error;
    }
  }

  return {
    ...peopleQuestions(ask),
    ...loyaltyQuestions(ask, change),

    /** Every record of the filter, a page at a time; see `pagesOf`. */
    pages,

    /** The same in one piece; a page that fails fails it all. */
    records: (companyId: CompanyId, filter: Filter, timeZone: string | null = null) =>
      gathered(pages(companyId, filter, timeZone)),

    /** One record, or null when YCLIENTS knows none by that id. */
    async record(
      companyId: CompanyId,
      recordId: RecordId,
      timeZone: string | null = null,
    ): Promise<Reading | Unreadable | null> {
      const query = { include_finance_transactions: "1", with_deleted: "1" };
      try {
        const { data, readAt } = await ask(`/record/${companyId}/${recordId}`, query);
        const read = readRecord(data, readAt, timeZone, companyId);
        return [null, recordId].includes(read.recordId) ? read : { recordId, why: "cannot be read: id" };
      } catch (error) {
        if (error instanceof Refused && error.code === 404) return null;
        throw error;
      }
    },

    /** The branch's title and IANA time zone, as YCLIENTS says them; null where it does not. */
    async company(
      companyId: CompanyId,
    ): Promise<{ title: string | null; timeZone: string | null; date: Date }> {
      const { data, date } = await ask(`/company/${companyId}`);
      const { title, timezone_name } = Object(data) as { title?: unknown; timezone_name?: unknown };
      return { title: textOf(title), timeZone: textOf(timezone_name), date };
    },

    /**
     * The token of a user; null where YCLIENTS wants a second proof beside the password, and answers 200 in place of 201
     * (seen by an open client, github igkuzm/cYclients). Throws as all else here, and nobody's words are in the error: they
     * might repeat the password.
     */
    async logIn(login: string, password: string): Promise<string | null> {
      try {
        const { data } = await ask("/auth", {}, { login, password });
        const { user_token: token } = Object(data) as { user_token?: unknown };
        return typeof token === "string" && /^[\x21-\x7e]{1,300}$/.test(token) ? token : null;
      } catch (error) {
        if (error instanceof Refused) throw new Refused("YCLIENTS", error.code, "no words of it are shown");
        throw error;
      }
    },

    /** The branches where the user works: at most a hundred. */
    async branches(): Promise<{ id: CompanyId; title: string | null }[]> {
      const { data } = await ask("/companies", { my: "1", count: "100" });
      const rows = (Array.isArray(data) ? data : []) as { id?: unknown; title?: unknown }[];
      return rows.flatMap((row) => {
        const id = Number(Object(row).id);
        return Number.isSafeInteger(id) && id > 0 ? [{ id, title: textOf(Object(row).title) }] : [];
      });
    },

    /** What the user token may see; nothing is said where YCLIENTS refuses to say it. */
    rights: (companyId: CompanyId): Promise<Rights> => permissions(companyId).then(rightsOf),
    /** What it may do of what a settling spend needs, in the same way. */
    settlingRights: (companyId: CompanyId) => permissions(companyId).then(settlingRightsOf),
  };
}

function movedTo(url: string): Remedy {
  return { kind: "moved", url, advice: `set YCLIENTS_API_URL=${url}` };
}

/** Neither a yes nor a no: what was asked for may be done. */
class Nonsense extends Refused {}

const remedies: Record<number, string> = {
  401: "check YCLIENTS_PARTNER_TOKEN and YCLIENTS_USER_TOKEN; a changed password ends the user's token, and loyalty-bot token prints a new one",
  402: "renew the branch's YCLIENTS licence",
  403: "give the user of YCLIENTS_USER_TOKEN the rights in the branch of COMPANY_ID",
  404: "check COMPANY_ID, and that the user of YCLIENTS_USER_TOKEN works in that branch",
  429: "lower YCLIENTS_REQUESTS_PER_MINUTE, or see what else asks from this address",
};

/**
 * YCLIENTS API: 200 with `success: false` is an error too; `meta` may be anything. The answers of `POST /auth` and of
 * `/visit/loyalty` are documented without an envelope and come in one.
 */
function envelope(status: number, text: string, url: string): { data: unknown; meta: unknown } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    if (status >= 400) throw new Refused("YCLIENTS", status, "no explanation", remedies[status]);
    throw new Unreachable("YCLIENTS", "its answer was cut off or is not JSON");
  }
  const { success, data, meta, ...bare } = Object(body) as Record<string, unknown>;
  // A list of records without one is no list: none would be there.
  const isList = Array.isArray(body) && url.includes("/loyalty/");
  const isBare = isList || "user_token" in bare || "loyalty_transactions" in bare || "balance" in bare;
  if (status < 400 && success === undefined && isBare) return { data: body, meta };
  if (status >= 400 || success !== true) {
    const { message } = Object(meta) as { message?: unknown };
    // Kept in tables and said in alarms: somebody's number or name would outlive its owner's /forget.
    const words = nameless(textOf(message) ?? "no explanation");
    const Said = status < 400 && success !== false ? Nonsense : Refused;
    throw new Said("YCLIENTS", status, words, remedies[status]);
  }
  return { data, meta };
}

/** YCLIENTS's own clock; one that is more than a day before ours would carry a mark past everything to come. */
function dateOf(header: string | null, ours: Date): Date {
  const date = new Date(header ?? "");
  return date.getTime() <= ours.getTime() + 86_400_000 ? date : ours;
}

/** One line that a table takes and an owner can be shown. */
function textOf(value: unknown): string | null {
  return (typeof value === "string" && oneLine([...oneLine(value)].slice(0, 300).join(""))) || null;
}
