// The client of the YCLIENTS API reads whole lists or fails, and tells refusals from outages.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { messageOf, Refused, Unreachable } from "../../src/errors.ts";
import type { YclientsFault as Fault } from "../../src/standins/yclients/faults.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { type YclientsStandIn as StandIn, startYclients } from "../../src/standins/yclients/server.ts";
import { type Options, yclients } from "../../src/yclients/client.ts";
import type { Reads } from "../../src/yclients/pages.ts";
import { until } from "../helpers/program.ts";

const BRANCH = 4242;
const ALL = { from: "2026-03-01", to: null };
const readAt = new Date("2026-03-10T09:00:00.123Z");
const serverTime = new Date("2026-03-10T09:00:05Z");

let journal: Journal;
let api: StandIn;
let refusals: number;
const servers: { stop(now: boolean): Promise<void> }[] = [];

beforeEach(() => {
  journal = new Journal({ now: () => serverTime });
  journal.addCompany({ id: BRANCH, title: "Салон", timeZone: "Europe/Moscow" });
  const tokens = { partnerToken: "partner", userToken: "user" };
  api = startYclients({ journal, ...tokens, now: () => serverTime, perMinute: 0, perSecond: 0 });
  refusals = 0;
});
afterEach(async () => {
  await api.stop();
  for (const server of servers.splice(0)) await server.stop(true);
});

function client(changes: Partial<Options> = {}) {
  const budget = { take: async () => readAt, refused: async () => void refusals++ };
  const tokens = { partnerToken: "partner", userToken: "user" };
  return yclients({ url: api.url, ...tokens, budget, timeoutMs: 30_000, retryMs: 1, ...changes });
}

function book(count: number): number[] {
  const startsAt = new Date("2026-03-10T09:00:00Z");
  return Array.from({ length: count }, () =>
    journal.book({ companyId: BRANCH, client: null, startsAt, services: [] }),
  );
}

const idsOf = (reads: Reads) => reads.readings.map((reading) => reading.recordId).sort((a, b) => a - b);
const pages = () => api.requests.map((request) => Number(request.query.page));

const record = (id: number) => ({ id, datetime: "2026-03-10T12:00:00+03:00", paid_full: 0 });

/** A client of a server that answers its nth request for a page with these records of a list said to be so long. */
function listing(
  answer: (page: number, request: number) => { ids: number[]; total?: number },
  odd: (id: number) => boolean = () => false,
) {
  const asked: number[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      const page = Number(new URL(request.url).searchParams.get("page"));
      asked.push(page);
      const { ids, total } = answer(page, asked.length);
      const meta = total === undefined ? [] : { page, total_count: total };
      return Response.json({ success: true, data: ids.map((id) => (odd(id) ? { id } : record(id))), meta });
    },
  });
  servers.push(server);
  return { asked, records: () => client({ url: server.url.origin }).records(BRANCH, ALL) };
}

describe("a list of records", () => {
  test("is asked for with deleted records and payments, 200 a page", async () => {
    const [id = 0] = book(1);
    const reads = await client().records(BRANCH, { from: "2026-03-01", to: "2026-03-10" });
    expect([idsOf(reads), reads.unreadable, reads.startedAt]).toEqual([[id], [], serverTime]);
    expect(api.requests.map(({ path, query }) => ({ path, query }))).toEqual([
      {
        path: `/records/${BRANCH}`,
        query: {
          ...{ start_date: "2026-03-01", end_date: "2026-03-10", page: "1", count: "200" },
          ...{ with_deleted: "1", include_finance_transactions: "1" },
        },
      },
    ]);
  });

  test("is stamped by the clock from before the request, not by YCLIENTS's", async () => {
    book(1);
    const { readings } = await client().records(BRANCH, ALL);
    expect(readings.map((reading) => reading.readAt)).toEqual([readAt]);
  });

  test("begins by YCLIENTS's own clock, unless that is further ahead than a clock can be", async () => {
    const began = async (date: Date | string) => {
      const headers = { date: typeof date === "string" ? date : date.toUTCString() };
      const meta = { total_count: 0 };
      const answer = () => Response.json({ success: true, data: [], meta }, { headers });
      const server = Bun.serve({ port: 0, fetch: answer });
      servers.push(server);
      return (await client({ url: server.url.origin }).records(BRANCH, ALL)).startedAt;
    };
    const hour = new Date(serverTime.getTime() + 3_600_000);
    expect(await began(hour)).toEqual(hour);
    expect([await began(new Date("2099-01-01T00:00:00Z")), await began("soon")]).toEqual([readAt, readAt]);
  });

  test.each([
    ["fits on one page", 5, 300, [1]],
    ["fills its page to the last place", 200, 300, [1, 2]],
    ["is longer than a page", 201, 300, [1, 2]],
    ["is cut into smaller pages than asked", 20, 7, [1, 2, 3]],
    ["ends with a full page that the server cut", 21, 7, [1, 2, 3]],
    ["is empty", 0, 300, [1]],
  ])("that %s is read whole", async (_, count, maxCount, expected) => {
    const booked = book(count);
    api.maxCount = maxCount;
    expect(idsOf(await client().records(BRANCH, ALL))).toEqual(booked);
    expect(pages()).toEqual(expected);
  });

  test("whose length is not said is read until nothing new comes", async () => {
    const { asked, records } = listing((page) => ({ ids: page < 4 ? [page * 2, page * 2 + 1] : [] }));
    expect([idsOf(await records()), asked]).toEqual([
      [2, 3, 4, 5, 6, 7],
      [1, 2, 3, 4],
    ]);
  });

  test("has each record once, as its last page says", async () => {
    const { records } = listing((page) => ({ ids: page === 1 ? [1, 2, 2] : [2, 3], total: 3 }));
    expect(idsOf(await records())).toEqual([1, 2, 3]);
  });

  test("that fails on a later page is not given in one piece", async () => {
    book(20);
    api.maxCount = 7;
    api.faults.next({ page: 2, status: 400 });
    expect(await outcome(client().records(BRANCH, ALL))).toBe("Refused 400");
    expect(pages()).toEqual([1, 2]);
  });

  test("that is taken page by page gives those before the one that fails, and does not end there", async () => {
    book(20);
    api.maxCount = 7;
    api.faults.next({ page: 2, status: 400 });
    const given: number[] = [];
    const taken = (async () => {
      for await (const page of client().pages(BRANCH, ALL)) given.push(idsOf(page).length);
    })();
    expect([await outcome(taken), given, pages()]).toEqual(["Refused 400", [7], [1, 2]]);
  });

  test("that is taken page by page gives a page though there is nothing in it: the list was read", async () => {
    const given: Reads[] = [];
    for await (const page of client().pages(BRANCH, ALL)) given.push(page);
    expect(given).toEqual([{ readings: [], unreadable: [], startedAt: serverTime }]);
  });

  test("has what cannot be read once too, though two pages say it", async () => {
    const { records } = listing((page) => ({ ids: page === 1 ? [1, 0.5, 0.5] : [0.5, 2], total: 5 }));
    const { readings, unreadable } = await records();
    expect([readings.length, unreadable.length]).toEqual([2, 3]); // without an id nobody knows whether it is one
    const odd = listing(
      (page) => ({ ids: page === 1 ? [1, 77] : [77, 2], total: 3 }),
      (id) => id === 77,
    );
    expect((await odd.records()).unreadable.map((one) => one.recordId)).toEqual([77]);
  });

  test("that grows between two pages is read again", async () => {
    const { asked, records } = listing((page, request) => {
      if (request === 1) return { ids: [1, 2], total: 4 };
      return { ids: page === 1 ? [5, 1] : page === 2 ? [2, 3] : [4], total: 5 };
    });
    expect([idsOf(await records()), asked]).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 1, 2, 3],
    ]);
  });

  test("in which a record changes its place unseen, its length the same, is read again", async () => {
    // Between the pages 3 moved to the front: 2 comes twice and 3 not at all.
    const { asked, records } = listing((page, request) => {
      if (request <= 2) return { ids: page === 1 ? [1, 2] : [2], total: 3 };
      return { ids: page === 1 ? [3, 1] : [2], total: 3 };
    });
    expect([idsOf(await records()), asked]).toEqual([
      [1, 2, 3],
      [1, 2, 1, 2],
    ]);
  });

  test("that never holds still is Unreachable, and so is an endless one that repeats its first page", async () => {
    const moving = listing((page, request) => ({ ids: [page], total: request + 5 }));
    expect(await outcome(moving.records())).toBe("Unreachable");
    const endless = listing(() => ({ ids: [1, 2], total: 500 }));
    expect(await outcome(endless.records())).toBe("Unreachable");
    expect(endless.asked).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
  });

  test("that repeats its last page and says no length ends there", async () => {
    const { asked, records } = listing((page) => ({ ids: page === 1 ? [1, 2] : [3] }));
    expect([idsOf(await records()), asked]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  test("that ends short of its own count twice over is all that YCLIENTS shows", async () => {
    const { asked, records } = listing((page) => ({ ids: page === 1 ? [1, 2] : [], total: 3 }));
    expect([idsOf(await records()), asked]).toEqual([
      [1, 2],
      [1, 2, 1, 2],
    ]);
  });

  test("keeps what cannot be read apart, without its contents", async () => {
    const [good = 0] = book(1);
    journal.put({
      id: 77,
      company_id: BRANCH,
      datetime: "2026-13-45T99:00:00+03:00",
      paid_full: 1,
      client: { name: "Анна" },
    });
    const { readings, unreadable } = await client().records(BRANCH, ALL);
    expect(readings.map((reading) => reading.recordId)).toEqual([good]);
    expect(unreadable).toEqual([{ recordId: 77, why: "cannot be read: datetime" }]);
  });
});

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "fine";
  } catch (error) {
    if (error instanceof Refused) return `Refused ${error.code}`;
    return error instanceof Unreachable ? "Unreachable" : messageOf(error);
  }
}

describe("a failure", () => {
  const outages: [string, Fault][] = [
    ["a page of HTML", { html: true, status: 200 }],
    ["a proxy's 502 page", { html: true }],
    ["half an answer", { half: true }],
    ["a cut connection", { cut: true }],
    ["a slow answer", { delayMs: 600 }],
    ["500", { status: 500 }],
    ["an empty body", { body: "" }],
  ];
  test.each(outages)("like %s is tried again, and Unreachable when it stays", async (_, fault) => {
    const booked = book(2);
    const impatient = client(fault.delayMs ? { timeoutMs: 400 } : {});
    api.faults.next({ ...fault, times: 3 });
    expect(idsOf(await impatient.records(BRANCH, ALL))).toEqual(booked);
    const tries = api.requests.length;
    api.faults.always(fault);
    expect(await outcome(impatient.records(BRANCH, ALL))).toBe("Unreachable");
    // Bun itself asks once more where a connection that it kept is closed.
    expect([tries, Math.min(api.requests.length, fault.cut ? 8 : 99)]).toEqual([4, 8]);
  });

  const refused: [string, Fault, number][] = [
    ["401", { status: 401 }, 401],
    ["402", { status: 402 }, 402],
    ["403", { status: 403 }, 403],
    ["403 in HTML", { status: 403, html: true }, 403],
    ["422", { status: 422 }, 422],
    ["200 with success: false", { successFalse: true }, 200],
    ["200 with success: false and no records", { body: { success: false, data: [], meta: [] } }, 200],
    ["200 without an envelope", { body: [] }, 200],
    ["200 with data that is no list", { body: { success: true, data: {}, meta: [] } }, 200],
    ["200 with data: null", { body: { success: true, data: null, meta: [] } }, 200],
  ];
  test.each(refused)("like %s is Refused at once", async (_, fault, code) => {
    api.faults.always(fault);
    expect(await outcome(client().records(BRANCH, ALL))).toBe(`Refused ${code}`);
    expect([api.requests.length, refusals]).toEqual([1, 0]);
  });

  test("429 holds everybody up, then goes on; the fourth is Refused and holds the others up as well", async () => {
    const booked = book(1);
    api.faults.next({ status: 429, times: 3 });
    expect(idsOf(await client().records(BRANCH, ALL))).toEqual(booked);
    expect([api.requests.length, refusals]).toEqual([4, 3]);
    api.faults.always({ status: 429 });
    expect(await outcome(client().records(BRANCH, ALL))).toBe("Refused 429");
    expect([api.requests.length, refusals]).toEqual([8, 7]);
  });

  test("429 to a change holds everybody up too, and it is not asked again by itself", async () => {
    api.faults.always({ status: 429 });
    const send = await client().issueCard(BRANCH, 1, "+79001234567");
    expect(await send()).toEqual({ kind: "busy" });
    expect([api.requests.length, refusals]).toEqual([1, 1]);
  });

  test("has no secret in its message, and no advice to programmers", async () => {
    api.faults.always({ cut: true });
    const error = await client({ userToken: "s3cret" })
      .records(BRANCH, ALL)
      .catch((thrown: unknown) => thrown);
    expect(messageOf(error)).not.toMatch(/s3cret|partner|verbose/);
  });

  test("is not tried again when the program stops", async () => {
    const stopping = new AbortController();
    api.faults.always({ delayMs: 5_000 });
    const reading = outcome(client({ signal: stopping.signal }).records(BRANCH, ALL));
    await until(() => api.requests.length === 1);
    stopping.abort();
    expect(await reading).toBe("Unreachable");
    expect(api.requests.length).toBe(1);
  });
});

describe("one record", () => {
  test("is read with its payments, deleted or not", async () => {
    const [id = 0] = book(1);
    journal.remove(id);
    expect(await client().record(BRANCH, id)).toMatchObject({ recordId: id, deleted: true, servicesPaid: 0 });
  });

  test("is read only where it is the one that was asked for, and of that branch: elsewhere it would be awarded too", async () => {
    const answers: Record<string, unknown> = {
      [`/record/${BRANCH}/1`]: { ...record(1), company_id: BRANCH },
      [`/record/${BRANCH}/2`]: { ...record(2), company_id: String(BRANCH + 1) },
      [`/record/${BRANCH}/3`]: record(4),
      [`/records/${BRANCH}`]: [record(5), { ...record(6), company_id: BRANCH + 1 }],
    };
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request) => {
        const { pathname } = new URL(request.url);
        return Response.json({ success: true, data: answers[pathname], meta: { total_count: 2 } });
      },
    });
    servers.push(server);
    const there = client({ url: server.url.origin });
    expect(await there.record(BRANCH, 1)).toMatchObject({ recordId: 1, paidFull: false });
    expect(await there.record(BRANCH, 2)).toEqual({ recordId: 2, why: "cannot be read: company_id" });
    expect(await there.record(BRANCH, 3)).toEqual({ recordId: 3, why: "cannot be read: id" });
    const { readings, unreadable } = await there.records(BRANCH, ALL);
    expect(readings.map((one) => one.recordId)).toEqual([5]);
    expect(unreadable).toEqual([{ recordId: 6, why: "cannot be read: company_id" }]);
  });

  test("that YCLIENTS does not know is null; one it may not show is Refused", async () => {
    expect(await client().record(BRANCH, 1)).toBeNull();
    api.faults.next({ status: 403 });
    expect(await outcome(client().record(BRANCH, 1))).toBe("Refused 403");
  });

  test("of which the answer is nothing or an empty list is unreadable", async () => {
    for (const data of [null, [], {}, "x"]) {
      api.faults.next({ body: { success: true, data, meta: [] } });
      expect(await client().record(BRANCH, 1)).toEqual({ recordId: null, why: expect.any(String) });
    }
  });
});

test("a branch is named by title and time zone; what it does not say is null", async () => {
  expect(await client().company(BRANCH)).toEqual({
    title: "Салон",
    timeZone: "Europe/Moscow",
    date: serverTime,
  });
  api.faults.next({ body: { success: true, data: { title: " ", timezone_name: 3 }, meta: [] } });
  expect(await client().company(BRANCH)).toEqual({ title: null, timeZone: null, date: serverTime });
});

describe("a user who signs in", () => {
  const answers = (body: unknown, status = 201) =>
    api.faults.next({ path: /^\/auth/, body: body as object, status });

  test("gets a token in an envelope or without one; what is no token is none", async () => {
    const logIn = () => client({ userToken: null }).logIn("79161234567", "secret words");
    answers({ success: true, data: { user_token: "abc" }, meta: [] });
    expect(await logIn()).toBe("abc");
    answers({ id: 1, user_token: "abc" });
    expect(await logIn()).toBe("abc");
    for (const odd of [
      { uuid: "x" },
      [],
      null,
      { user_token: 7 },
      { user_token: "" },
      { user_token: "a\u001b[2Jb" },
    ]) {
      answers({ success: true, data: odd, meta: {} }, 200);
      expect([odd, await logIn()]).toEqual([odd, null]);
    }
    answers({ user_token: "a".repeat(301) });
    expect(await logIn()).toBeNull();
    expect(
      api.requests.every(({ method, query }) => method === "POST" && Object.keys(query).length === 0),
    ).toBe(true);
  });

  test("is refused in no words of YCLIENTS's, which may repeat the password", async () => {
    const said = { message: "79161234567: secret words", errors: { password: ["secret words"] } };
    for (const status of [200, 400, 401, 403, 422]) {
      answers({ success: false, data: null, meta: said }, status);
      const error = await client({ userToken: null })
        .logIn("79161234567", "secret words")
        .catch((one) => one);
      expect(error).toBeInstanceOf(Refused);
      expect([error.code, String(error), error.detail].join()).not.toMatch(/secret|7916/);
    }
  });

  test("has the branches that can be read; a title is one short line", async () => {
    const data = [
      { id: 1, title: "а\nб" },
      { id: "2" },
      { id: -1 },
      null,
      "x",
      { title: "no id" },
      { id: 3, title: 7 },
    ];
    api.faults.next({ path: /^\/companies/, body: { success: true, data, meta: [] } });
    expect(await client().branches()).toEqual([
      { id: 1, title: "а б" },
      { id: 2, title: null },
      { id: 3, title: null },
    ]);
    api.faults.next({ path: /^\/companies/, body: { success: true, data: { id: 1 }, meta: [] } });
    expect(await client().branches()).toEqual([]);
  });
});
