// A stand-in for the YCLIENTS REST API: real HTTP on this machine over a journal, with its limits and its faults.

import { errorAnswer, spoil, YclientsFaults } from "./faults.ts";
import type { Journal, JournalChange } from "./journal.ts";
import { companyUsers, oneClient, searchClients, staffList } from "./people.ts";
import { type JournalRecord, offsetMinutes } from "./record.ts";
import { listRecords, recordAsSeen } from "./records.ts";

/** A user who signs in, and whether with a code beside the password. */
type User = { login: string; password: string; secondStep?: boolean };

type YclientsOptions = {
  /** One, or several with branches of their own each: numbers of records are a branch's own. */
  journal: Journal | readonly Journal[];
  partnerToken: string;
  userToken: string;
  /** The clock of the `Date` header and of "N days back"; the machine's by default. */
  now?: () => Date;
  /** Whose token `userToken` is. */
  user?: User;
  perMinute?: number;
  perSecond?: number;
};

type ReceivedRequest = { at: Date; method: string; path: string; query: Record<string, string> };

/** The rights of the user whose token it is. YCLIENTS API: `finances_last_days_count` -1 is without limit. */
type Permissions = {
  timetable_access: boolean;
  timetable_phones_access: boolean;
  client_phones_access: boolean;
  clients_card_phone_access: boolean;
  finances_transactions_access: boolean;
  finances_last_days_count: number;
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
  const hooks = webhooks(journals);
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

  function answer(request: Request): Response | Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const isOurs = pathname.startsWith(`${PREFIX}/`);
    const path = isOurs ? pathname.slice(PREFIX.length) : pathname;
    yclients.requests.push({
      at: now(),
      method: request.method,
      path,
      query: Object.fromEntries(searchParams),
    });
    if (refuses(yclients)) return errorAnswer(429);
    if (!isOurs) return errorAnswer(404);
    const fault = yclients.faults.take(path, Number(searchParams.get("page") ?? 1));
    if (path === "/auth")
      return signIn(request, options).then((honest) => (fault ? spoil(fault, honest) : honest));
    const asked = { yclients, journals, now: now() };
    const honest = refusal(request, options) ?? route(asked, path, searchParams, request);
    return Promise.resolve(honest).then((kept) => (fault ? spoil(fault, kept) : kept));
  }

  return yclients;
}

function refusal(request: Request, { partnerToken, userToken }: YclientsOptions): Response | undefined {
  const [, partner, user] =
    /^Bearer (\S+), ?User (\S+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
  if (partner !== partnerToken || user !== userToken) return errorAnswer(401);
  // YCLIENTS API: without this media type it answers in another format, or refuses.
  if (!/application\/vnd\.(yclients|api)\.v2\+json/.test(request.headers.get("accept") ?? "")) {
    return errorAnswer(400, "Необходим заголовок Accept: application/vnd.yclients.v2+json");
  }
  const searches = /\/clients\/search$/.test(new URL(request.url).pathname);
  return request.method === (searches ? "POST" : "GET") ? undefined : errorAnswer(404);
}

/**
 * YCLIENTS API: `POST /auth` with the partner's token alone gives the user's, by 201. Where a code is wanted too, it answers
 * 200 without one (github igkuzm/cYclients).
 */
async function signIn(
  request: Request,
  { partnerToken, userToken, user }: YclientsOptions,
): Promise<Response> {
  if (request.headers.get("authorization") !== `Bearer ${partnerToken}`) return errorAnswer(401);
  const sent = (await request.json().catch(() => null)) as { login?: unknown; password?: unknown } | null;
  if (request.method !== "POST") return errorAnswer(404);
  if (!user || sent?.login !== user.login || sent.password !== user.password)
    return errorAnswer(401, "Неверный логин или пароль");
  if (user.secondStep) return success({ uuid: "0e8400e2-9b1d-41d4-a716-446655440000" });
  const data = { id: 1, user_token: userToken, name: "Ольга", login: user.login, is_approved: true };
  return Response.json({ success: true, data, meta: [] }, { status: 201 });
}

type Asked = { yclients: YclientsStandIn; journals: readonly Journal[]; now: Date };

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
  return what === "user/permissions" ? success(grouped(asked.yclients.permissions)) : errorAnswer(404);
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
  { yclients: { faults, permissions }, now }: Asked,
  record: JournalRecord,
  query: URLSearchParams,
): object {
  const lastDays = permissions.finances_last_days_count;
  return recordAsSeen(record, query, { faults, lastDays, now });
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

function allRights(): Permissions {
  return {
    timetable_access: true,
    ...{ timetable_phones_access: true, client_phones_access: true, clients_card_phone_access: true },
    ...{ finances_transactions_access: true, finances_last_days_count: -1 },
  };
}

/** YCLIENTS API: `GET /user/permissions` groups the rights by the sections of its interface. */
function grouped(rights: Permissions): object {
  const { timetable_access, timetable_phones_access } = rights;
  const { client_phones_access, clients_card_phone_access } = rights;
  const { finances_transactions_access, finances_last_days_count } = rights;
  return {
    timetable: { timetable_access, timetable_phones_access },
    clients: { clients_access: true, client_phones_access, clients_card_phone_access },
    finances: { finances_access: true, finances_transactions_access, finances_last_days_count },
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

function webhooks(journals: readonly Journal[]) {
  const underWay = new Set<Promise<void>>();
  let target: { url: string; times: number } | null = null;
  const post = (change: JournalChange) => {
    if (!target) return;
    const posting = postTimes(target, envelope(change)).finally(() => underWay.delete(posting));
    underWay.add(posting);
  };
  const forget = journals.map((journal) => journal.onChange(post));
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
function envelope({ companyId, recordId, status, record }: JournalChange): string {
  const { finance_transactions: _, ...data } = record;
  return JSON.stringify({ company_id: companyId, resource: "record", resource_id: recordId, status, data });
}

async function postTimes({ url, times }: { url: string; times: number }, body: string): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const headers = { "content-type": "application/json" };
    // The API keeps no log of what it could not deliver, and neither do we.
    await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(10_000) }).catch(() => {});
  }
}
