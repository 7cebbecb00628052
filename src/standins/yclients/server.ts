// A stand-in for the YCLIENTS REST API: real HTTP on this machine over a journal, with its limits and its faults.

import type { ClientCard } from "./cards.ts";
import { errorAnswer, spoil, writeDelay, type YclientsFault, YclientsFaults } from "./faults.ts";
import type { Journal } from "./journal.ts";
import type { ChainLoyalty } from "./loyalty.ts";
import { shownRecord } from "./loyalty-answers.ts";
import { isLoyaltyPath, loyaltyAnswer } from "./loyalty-routes.ts";
import { companyUsers, oneClient, type SigningIn, searchClients, signIn, staffList } from "./people.ts";
import { allRights, grouped, type Permissions } from "./permissions.ts";
import { type JournalChange, type JournalRecord, offsetMinutes, roubles } from "./record.ts";
import { listRecords, recordAsSeen } from "./records.ts";

type YclientsOptions = {
  /** One, or several with branches of their own each: numbers of records are a branch's own. */
  journal: Journal | readonly Journal[];
  partnerToken: string;
  userToken: string;
  /** The clock of the `Date` header and of "N days back"; the machine's by default. */
  now?: () => Date;
  /** Whose token `userToken` is. */
  user?: SigningIn;
  perMinute?: number;
  perSecond?: number;
  /** Over the same journals; without it there are no calls of loyalty. */
  loyalty?: ChainLoyalty;
};

/** `refused`: it was one too many, and 429 was the answer. */
type ReceivedRequest = {
  at: Date;
  method: string;
  path: string;
  query: Record<string, string>;
  refused?: true;
};

/** The running stand-in. Every field but `url` and the methods may be set while it runs. */
export type YclientsStandIn = {
  /** What `YCLIENTS_API_URL` is to be, with `/api/v1` and no slash at the end. */
  readonly url: string;
  /** All that was received, refused requests too; `path` is what follows `/api/v1`. May be emptied or replaced. */
  requests: ReceivedRequest[];
  readonly faults: YclientsFaults;
  readonly permissions: Permissions;
  /** 0 is no limit. Measured by the machine's clock, since a test's clock may stand still. */
  perMinute: number;
  perSecond: number;
  /** The most records a page holds, whatever `count` asks. */
  maxCount: number;
  /** Posts each change of the journal there, `times` times; null stops it. */
  webhook(url: string | null, how?: { times?: number }): void;
  /** Resolves when no webhook is on its way. */
  posted(): Promise<void>;
  /** Waits for webhooks on their way, then closes every connection. */
  stop(): Promise<void>;
};

const PREFIX = "/api/v1";

/**
 * Starts the stand-in on a free port of 127.0.0.1. YCLIENTS API: 200 requests a minute and 5 a second are its limits.
 */
export function startYclients(options: YclientsOptions): YclientsStandIn {
  const now = options.now ?? (() => new Date());
  const journals = [options.journal].flat();
  const { loyalty } = options;
  const hooks = webhooks(journals, loyalty);
  const refuses = limiter();
  const server = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0, idleTimeout: 255 }, // a delayed answer is not an idle connection
    fetch: async (request) => {
      const response = await answer(request);
      response.headers.set("Date", now().toUTCString());
      return response;
    },
  });
  const yclients: YclientsStandIn = {
    url: `http://127.0.0.1:${server.port}${PREFIX}`,
    ...{ requests: [], faults: new YclientsFaults(), permissions: allRights() },
    ...{ perMinute: options.perMinute ?? 200, perSecond: options.perSecond ?? 5, maxCount: 300 },
    webhook: hooks.send,
    posted: hooks.posted,
    stop: async () => {
      await hooks.stop();
      await server.stop(true);
    },
  };

  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const isOurs = pathname.startsWith(`${PREFIX}/`);
    const path = isOurs ? pathname.slice(PREFIX.length) : pathname;
    const received: ReceivedRequest = {
      at: now(),
      method: request.method,
      path,
      query: Object.fromEntries(searchParams),
    };
    yclients.requests.push(received);
    if (refuses(yclients)) {
      received.refused = true;
      return errorAnswer(429);
    }
    if (!isOurs) return errorAnswer(404);
    const fault = yclients.faults.take(path, Number(searchParams.get("page") ?? 1));
    const isLoyaltys = loyalty !== undefined && isLoyaltyPath(path);
    const asked = { yclients, journals, loyalty, now: now() };
    const honest = await (path === "/auth"
      ? signIn(request, options)
      : (refusal(request, options, isLoyaltys) ??
        (isLoyaltys ? ask(loyalty, request, path, fault) : route(asked, path, searchParams, request))));
    return fault ? spoil(fault, honest) : honest;
  }

  /** A write is done once, when its fault says; where that is later or never, what is spoilt is an empty answer. */
  async function ask(
    loyalty: ChainLoyalty,
    request: Request,
    path: string,
    fault: YclientsFault | undefined,
  ): Promise<Response> {
    const body = request.method === "POST" ? await request.json().catch(() => null) : null;
    const { permissions, faults } = yclients;
    const call = { method: request.method, path, query: new URL(request.url).searchParams, body };
    const act = () => loyaltyAnswer(loyalty, { ...call, permissions, faults, now: now() });
    const delay = request.method === "GET" ? 0 : writeDelay(fault, () => loyalty.lateness());
    if (delay === 0) return act();
    if (delay !== null) loyalty.later(delay, act);
    return success(null);
  }

  return yclients;
}

function refusal(
  request: Request,
  { partnerToken, userToken }: YclientsOptions,
  isLoyaltys: boolean,
): Response | undefined {
  const [, partner, user] =
    /^Bearer (\S+), ?User (\S+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
  if (partner !== partnerToken || user !== userToken) return errorAnswer(401);
  // YCLIENTS API: without this media type it answers in another format, or refuses.
  if (!/application\/vnd\.(yclients|api)\.v2\+json/.test(request.headers.get("accept") ?? "")) {
    return errorAnswer(400, "Необходим заголовок Accept: application/vnd.yclients.v2+json");
  }
  if (isLoyaltys) return undefined;
  const searches = /\/clients\/search$/.test(new URL(request.url).pathname);
  return request.method === (searches ? "POST" : "GET") ? undefined : errorAnswer(404);
}

type Asked = {
  yclients: YclientsStandIn;
  journals: readonly Journal[];
  loyalty: ChainLoyalty | undefined;
  now: Date;
};

function route(
  asked: Asked,
  path: string,
  query: URLSearchParams,
  request: Request,
): Response | Promise<Response> {
  if (path === "/companies" && query.get("my") === "1") {
    const cards = asked.journals.flatMap((one) =>
      one.companies().map((each) => companyCard(each, asked.now)),
    );
    return success(cards, { total_count: cards.length });
  }
  const [, what, company, record] =
    /^\/(records|record|client|company|user\/permissions|staff|company_users)\/(\d+)(?:\/(\d+|clients\/search))?\/?$/.exec(
      path,
    ) ?? [];
  const journal = asked.journals.find((one) => one.company(Number(company)));
  const branch = journal?.company(Number(company));
  if (!journal || !branch) return errorAnswer(404);
  const records = journal.records(branch.id);
  if (what === "record" && record !== undefined) return oneRecord(asked, records, Number(record), query);
  if (what === "client" && record !== undefined) return oneClient(journal, records, Number(record));
  if (what === "company" && record === "clients/search")
    return searchClients(journal, branch.id, request, asked.yclients.faults);
  if (record !== undefined) return errorAnswer(404);
  if (what === "staff") return success(staffList(branch.staff ?? [], asked.yclients.faults));
  if (what === "company_users") return success(companyUsers(branch.staff ?? [], asked.yclients.faults));
  if (what === "records") return manyRecords(asked, records, query);
  if (what === "company") return success(companyCard(branch, asked.now));
  return what === "user/permissions"
    ? success(grouped(asked.yclients.permissions, asked.loyalty?.reading.rightName ?? null))
    : errorAnswer(404);
}

function manyRecords(asked: Asked, records: JournalRecord[], query: URLSearchParams): Response {
  const listed = listRecords(records, query, asked.yclients.maxCount);
  if ("errors" in listed) return errorAnswer(400, "Произошла ошибка", listed.errors);
  const data = listed.rows.map((record) => asSeen(asked, record, query));
  return success(data, { page: listed.page, total_count: listed.total });
}

function oneRecord(asked: Asked, records: JournalRecord[], id: number, query: URLSearchParams): Response {
  const record = records.find((each) => each.id === id);
  return record ? success(asSeen(asked, record, query)) : errorAnswer(404);
}

function asSeen(
  { yclients: { faults, permissions }, loyalty, now }: Asked,
  record: JournalRecord,
  query: URLSearchParams,
): object {
  const lastDays = permissions.finances_last_days_count;
  return recordAsSeen(shownRecord(loyalty, record), query, { faults, lastDays, now });
}

const success = (data: unknown, meta: object = []) => Response.json({ success: true, data, meta });

function companyCard(
  { id, title, timeZone }: { id: number; title: string; timeZone: string },
  now: Date,
): object {
  const timezone = offsetMinutes(now, timeZone) / 60;
  return {
    id,
    title,
    public_title: title,
    timezone,
    timezone_name: timeZone,
    currency_short_title: "₽",
    active: 1,
  };
}

/** Says of each request in turn whether it is one too many. Refused requests count as well. */
function limiter(): (limits: { perMinute: number; perSecond: number }) => boolean {
  let times: number[] = [];
  return ({ perMinute, perSecond }) => {
    const at = Date.now();
    times = [...times.filter((time) => time > at - 60_000), at];
    const lastSecond = times.filter((time) => time > at - 1000).length;
    return (perMinute > 0 && times.length > perMinute) || (perSecond > 0 && lastSecond > perSecond);
  };
}

/** Posts each change of the journals, and of cards where the loyalty's reading has such an event. */
function webhooks(journals: readonly Journal[], loyalty: ChainLoyalty | undefined) {
  const underWay = new Set<Promise<void>>();
  let target: { url: string; times: number } | null = null;
  const post = (body: () => string) => {
    if (!target) return;
    const posting = postTimes(target, body()).finally(() => underWay.delete(posting));
    underWay.add(posting);
  };
  const forget = journals.map((journal) =>
    journal.onChange((change) => post(() => envelope(change, loyalty))),
  );
  const companyId = journals[0]?.companies()[0]?.id ?? 0; // which branch a chain's card is posted for is not known
  loyalty?.onCard((card) => post(() => cardEnvelope(card, companyId)));
  const posted = async () => void (await Promise.all(underWay));
  return {
    send: (url: string | null, { times = 1 }: { times?: number } = {}) => {
      target = url === null ? null : { url, times };
    },
    posted,
    stop: async () => {
      for (const stop of forget) stop();
      await posted();
    },
  };
}

/** YCLIENTS API: a record's webhook carries the record without its finance operations, and no signature. */
function envelope(
  { companyId, recordId, status, record }: JournalChange,
  loyalty: ChainLoyalty | undefined,
): string {
  const { finance_transactions: _, ...data } = shownRecord(loyalty, record);
  return JSON.stringify({ company_id: companyId, resource: "record", resource_id: recordId, status, data });
}

function cardEnvelope({ id, kopecks, number, phone }: ClientCard, companyId: number): string {
  const data = { id, balance: roubles(kopecks), number, phone };
  const about = { company_id: companyId, resource: "loyalty_card", resource_id: id };
  return JSON.stringify({ ...about, status: "update", data });
}

async function postTimes({ url, times }: { url: string; times: number }, body: string): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const headers = { "content-type": "application/json" };
    // The API keeps no log of what it could not deliver, and neither do we.
    await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(10_000) }).catch(() => {});
  }
}
