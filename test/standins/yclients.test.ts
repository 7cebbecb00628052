// The stand-in YCLIENTS behaves as the real API was seen to: every other test of the product stands on this.

import { afterEach, beforeEach, describe, expect, setSystemTime, test } from "bun:test";
import { Journal, type JournalChange } from "../../src/standins/yclients/journal.ts";
import { offsetMinutes, stampOf } from "../../src/standins/yclients/record.ts";
import { startYclients, type YclientsStandIn } from "../../src/standins/yclients/server.ts";
import realPage from "../fixtures/records-page.json";

const MOSCOW = 4242;
const ANNA = { id: 9001, name: "Анна", phone: "+79001234567" };
const CARE = { title: "Комплексный уход", cost: 350_000 };
const HEADERS = {
  Accept: "application/vnd.yclients.v2+json",
  Authorization: "Bearer partner, User user",
  "Content-Type": "application/json",
};

type Row = Record<string, unknown> & {
  id: number;
  finance_transactions?: { amount: number; expense_id: number; client: unknown }[];
};
type Body = { success: boolean; data: unknown; meta: unknown };

let clock: Date;
let journal: Journal;
let yclients: YclientsStandIn;

beforeEach(() => {
  clock = new Date("2026-03-10T10:20:41.900Z");
  journal = new Journal({ now: () => clock });
  journal.addCompany({ id: MOSCOW, title: "Салон", timeZone: "Europe/Moscow" });
  const tokens = { partnerToken: "partner", userToken: "user" };
  yclients = startYclients({ journal, ...tokens, now: () => clock, perMinute: 0, perSecond: 0 });
});

afterEach(async () => {
  setSystemTime();
  await yclients.stop();
});

const ask = (path: string, headers: Record<string, string> = HEADERS) =>
  fetch(yclients.url + path, { headers });

async function read(path: string): Promise<Body & { status: number }> {
  const response = await ask(path);
  return { status: response.status, ...((await response.json()) as Body) };
}

const rows = async (query = "", company = MOSCOW) =>
  (await read(`/records/${company}?${query}`)).data as Row[];
const ids = async (query: string) => (await rows(query)).map((row) => row.id);
const row = async (id: number) =>
  (await read(`/record/${MOSCOW}/${id}?include_finance_transactions=1`)).data as Row;
const amounts = async (id: number) =>
  ((await row(id)).finance_transactions ?? []).map((each) => [each.expense_id, each.amount]);

function book(
  startsAt = "2026-03-10T09:00:00Z",
  services = [CARE],
  client: typeof ANNA | null = ANNA,
): number {
  return journal.book({ companyId: MOSCOW, client, startsAt: new Date(startsAt), services });
}

/** Anna's one more record of a visit, now. */
const bookMore = (visitId: number) =>
  journal.book({ companyId: MOSCOW, client: ANNA, startsAt: clock, services: [CARE], visitId });

describe("a record", () => {
  test("has the shape of the API: branch times, a stamp of whole seconds without a colon", async () => {
    expect(await row(book())).toMatchObject({
      ...{
        company_id: MOSCOW,
        attendance: 0,
        paid_full: 0,
        payment_status: 0,
        deleted: false,
        custom_fields: [],
      },
      ...{ date: "2026-03-10 12:00:00", datetime: "2026-03-10T12:00:00+03:00" },
      ...{ create_date: "2026-03-10T13:20:41+0300", last_change_date: "2026-03-10T13:20:41+0300" },
      client: { ...ANNA, display_name: "Анна", custom_fields: [] },
      services: [{ title: CARE.title, cost: 3500, cost_to_pay: 3500, first_cost: 3500, amount: 1 }],
      ...{ goods_transactions: [], finance_transactions: [], documents: [{ type_id: 7 }] },
    });
  });

  test("has every field of a real one, of the same type", async () => {
    const id = book();
    journal.pay(id, { goods: 1000 });
    const [real] = realPage.data.filter((each) => each.goods_transactions.length > 0 && each.client);
    const made = await row(id);
    for (const [name, value] of Object.entries(real ?? {})) {
      expect([name, typeof made[name], Array.isArray(made[name])]).toEqual([
        name,
        typeof value,
        Array.isArray(value),
      ]);
    }
    const [operation] = realPage.data.flatMap((each) => each.finance_transactions);
    expect(Object.keys(made.finance_transactions?.[0] ?? {}).sort()).toEqual(
      Object.keys(operation ?? {}).sort(),
    );
  });

  test("of neither client nor services is a time block: no visit, fully paid with nothing paid", async () => {
    const block = await row(book(undefined, [], null));
    expect(block).toMatchObject({
      client: null,
      visit_id: 0,
      paid_full: 1,
      payment_status: 1,
      finance_transactions: [],
    });
  });

  test("paid in full has an operation for each service, dated four hours ahead of UTC", async () => {
    const id = book(undefined, [
      { title: "Стрижка", cost: 160_000 },
      { title: "Зона", cost: 1_152_381 },
    ]);
    journal.pay(id);
    expect(await amounts(id)).toEqual([
      [5, 1600],
      [5, 11523.81],
    ]);
    const paid = await row(id);
    expect(paid).toMatchObject({ paid_full: 1, payment_status: 1 });
    expect(paid.finance_transactions?.[0]).toMatchObject({
      ...{
        record_id: id,
        date: "2026-03-10 13:00:00",
        target_type_id: 1,
        goods_transaction_id: 0,
        master: [],
      },
      ...{ expense: { id: 5 }, client: { id: 9001, phone: "79001234567" } },
    });
  });

  test("paid in part stays unpaid until the rest comes, service by service", async () => {
    const id = book(undefined, [
      { title: "Стрижка", cost: 100_000 },
      { title: "Зона", cost: 50_000 },
    ]);
    journal.payInPart(id, 120_000);
    expect(await row(id)).toMatchObject({ paid_full: 0 });
    journal.pay(id);
    expect(await row(id)).toMatchObject({ paid_full: 1 });
    expect((await amounts(id)).map(([, amount]) => amount)).toEqual([1000, 200, 300]);
  });

  test("paid above its price keeps the tip on its last service", async () => {
    const id = book();
    journal.pay(id, { kopecks: 360_000 });
    expect(await amounts(id)).toEqual([[5, 3600]]);
  });

  test("lists the goods of its whole visit, and the payment for them stands on one record", async () => {
    const first = book();
    const { visit_id: visitId } = journal.record(first);
    const second = bookMore(visitId);
    journal.pay(second, { goods: 79_250 });
    const goods = [{ amount: -1, cost: 792.5, cost_to_pay: 792.5 }];
    expect(await row(first)).toMatchObject({
      visit_id: visitId,
      goods_transactions: goods,
      finance_transactions: [],
    });
    expect(await row(second)).toMatchObject({ visit_id: visitId, goods_transactions: goods, paid_full: 1 });
    expect(await amounts(second)).toEqual([
      [5, 3500],
      [7, 792.5],
    ]);
  });

  test("refunded by deletion has no operations and is not paid", async () => {
    const id = book();
    journal.pay(id);
    journal.refund(id);
    expect(await row(id)).toMatchObject({ paid_full: 0, payment_status: 0, finance_transactions: [] });
  });

  test("refunded by a negative operation keeps both", async () => {
    const id = book();
    journal.pay(id);
    journal.refundByNegative(id, 100_000);
    expect(await row(id)).toMatchObject({ paid_full: 0 });
    expect(await amounts(id)).toEqual([
      [5, 3500],
      [5, -1000],
    ]);
  });

  test("of an edited price spreads it over its services and is paid or not by it", async () => {
    const id = book(undefined, [
      { title: "Стрижка", cost: 100_000 },
      { title: "Зона", cost: 100_000 },
    ]);
    journal.pay(id);
    journal.editPrice(id, 250_001);
    expect(await row(id)).toMatchObject({
      paid_full: 0,
      services: [
        { cost: 1250.01, cost_to_pay: 1250.01, manual_cost: 1000, first_cost: 1000 },
        { cost: 1250 },
      ],
    });
    journal.editPrice(id, 150_000);
    expect(await row(id)).toMatchObject({ paid_full: 1 });
  });

  test("prepaid is paid before anybody came", async () => {
    const id = book();
    journal.prepay(id);
    expect(await row(id)).toMatchObject({
      attendance: 0,
      paid_full: 1,
      prepaid: true,
      prepaid_confirmed: true,
    });
  });

  test("is arrived at, confirmed, missed; payment is not touched by it, and its visit says the same", async () => {
    const id = book();
    const { visit_id: visitId } = journal.record(id);
    const other = bookMore(visitId);
    journal.prepay(id);
    for (const [act, attendance] of [
      ["arrive", 1],
      ["confirm", 2],
      ["noShow", -1],
    ] as const) {
      journal[act](id);
      expect(await row(id)).toMatchObject({ attendance, visit_attendance: attendance, paid_full: 1 });
      expect(await row(other)).toMatchObject({ attendance: 0, visit_attendance: attendance });
    }
  });

  test("changes client, phone and time", async () => {
    const id = book();
    journal.changePhone(9001, "+79007654321");
    expect(await row(id)).toMatchObject({ client: { id: 9001, phone: "+79007654321" } });
    journal.changeClient(id, { id: 9002, name: "Пётр", phone: "" });
    expect(await row(id)).toMatchObject({ client: { id: 9002, name: "Пётр", phone: "" } });
    journal.changeClient(id, null);
    journal.reschedule(id, new Date("2026-03-12T20:30:00Z"));
    expect(await row(id)).toMatchObject({
      client: null,
      datetime: "2026-03-12T23:30:00+03:00",
      date: "2026-03-12 23:30:00",
    });
  });

  test("is stamped by every change, and not by a silent one", async () => {
    const id = book();
    clock = new Date("2026-03-10T15:00:00Z");
    journal.pay(id, { stamp: false });
    journal.arrive(id, { stamp: false });
    expect(await row(id)).toMatchObject({
      paid_full: 1,
      attendance: 1,
      last_change_date: "2026-03-10T13:20:41+0300",
    });
    journal.confirm(id);
    expect(await row(id)).toMatchObject({ last_change_date: "2026-03-10T18:00:00+0300" });
  });

  test("that the journal does not have is an error, and so is a branch", () => {
    expect(() => journal.arrive(1)).toThrow("The journal has no record 1.");
    expect(() => journal.book({ companyId: 1, client: null, startsAt: clock, services: [] })).toThrow(
      "no branch 1",
    );
  });

  test("put in raw goes out as it is, the real page in its own order", async () => {
    journal.addCompany({ id: 198823, title: "Алматы", timeZone: "Asia/Almaty" });
    for (const each of realPage.data) journal.put(each);
    const answer = await read("/records/198823?include_finance_transactions=1&count=200");
    expect(answer).toEqual({
      status: 200,
      success: true,
      data: realPage.data,
      meta: { page: 1, total_count: 50 },
    });
  });

  test("put in raw that makes no sense passes every filter of time", async () => {
    journal.put({
      id: 5,
      company_id: MOSCOW,
      datetime: 0,
      last_change_date: "soon",
      client: [],
      services: "none",
    });
    expect(await ids("changed_after=2030-01-01&start_date=2030-01-01")).toEqual([5]);
  });

  test("put in raw replaces the one of its id", async () => {
    const id = book();
    journal.put({ ...journal.record(id), paid_full: "1" });
    expect((await rows()).map((each) => each.paid_full)).toEqual(["1"]);
  });
});

test("listeners hear of every change, silent ones too, until they stop", () => {
  const heard: string[] = [];
  const stop = journal.onChange(({ status, recordId }: JournalChange) => heard.push(`${status} ${recordId}`));
  const id = book();
  journal.arrive(id, { stamp: false });
  journal.remove(id);
  journal.restore(id);
  stop();
  journal.pay(id);
  expect(heard).toEqual([`create ${id}`, `update ${id}`, `delete ${id}`, `update ${id}`]);
});

test("zones keep their summer time, halves of an hour and sides of Greenwich", () => {
  const [winter, summer] = [new Date("2026-01-15T12:00:00Z"), new Date("2026-07-15T12:00:00Z")];
  expect(offsetMinutes(winter, "Europe/Berlin")).toBe(60);
  expect(offsetMinutes(summer, "Europe/Berlin")).toBe(120);
  expect(offsetMinutes(winter, "UTC")).toBe(0);
  expect(stampOf(winter, "America/St_Johns")).toBe("2026-01-15T08:30:00-0330");
  expect(stampOf(summer, "Asia/Kolkata")).toBe("2026-07-15T17:30:00+0530");
});

describe("GET /records", () => {
  test("gives the latest session first, 50 a page, with the total", async () => {
    const booked = Array.from({ length: 51 }, (_, hour) =>
      book(new Date(Date.UTC(2026, 2, 1, hour)).toISOString()),
    );
    const first = await read(`/records/${MOSCOW}`);
    expect(first.meta).toEqual({ page: 1, total_count: 51 });
    expect((first.data as Row[]).map((each) => each.id)).toEqual(booked.toReversed().slice(0, 50));
    expect(await ids("page=2")).toEqual(booked.slice(0, 1));
    expect(await read(`/records/${MOSCOW}?page=3`)).toMatchObject({
      data: [],
      meta: { page: 3, total_count: 51 },
    });
  });

  test("gives no more than the server's cap, whatever count asks", async () => {
    for (let each = 0; each < 3; each += 1) book();
    yclients.maxCount = 2;
    expect(await ids("count=200")).toHaveLength(2);
    expect(await ids("count=200&page=2")).toHaveLength(1);
  });

  test("takes days of the session, inclusive, in the branch's zone", async () => {
    const late = book("2026-03-09T21:30:00Z"); // already the 10th in Moscow
    book("2026-03-09T20:30:00Z");
    const last = book("2026-03-11T20:59:00Z");
    book("2026-03-11T21:00:00Z");
    expect(await ids("start_date=2026-03-10&end_date=2026-03-11")).toEqual([last, late]);
  });

  test("takes moments of change as the branch's wall time, inclusive, and a day as its midnight", async () => {
    const id = book(); // changed at 13:20:41 in Moscow
    expect(await ids("changed_after=2026-03-10T13:20:41")).toEqual([id]);
    expect(await ids("changed_after=2026-03-10T13:20:42")).toEqual([]);
    expect(await ids("changed_before=2026-03-10T13:20:41")).toEqual([id]);
    expect(await ids("changed_before=2026-03-10T13:20:40")).toEqual([]);
    expect(await ids("changed_after=2026-03-10")).toEqual([id]);
    expect(await ids("changed_before=2026-03-10")).toEqual([]);
  });

  test("refuses a moment with an offset, naming the field", async () => {
    expect(await read(`/records/${MOSCOW}?changed_after=2026-03-10T13:20:41Z`)).toMatchObject({
      ...{ status: 400, success: false, data: null },
      meta: { errors: { changed_after: ["Неверный формат"] } },
    });
  });

  test("hides deleted records unless asked for", async () => {
    const id = book();
    journal.remove(id);
    expect(await ids("")).toEqual([]);
    expect(await rows("with_deleted=1")).toMatchObject([{ id, deleted: true }]);
    journal.restore(id);
    expect(await ids("")).toEqual([id]);
  });

  test("has no key for operations unless asked for", async () => {
    book();
    expect(Object.keys((await rows())[0] ?? {})).not.toContain("finance_transactions");
    expect((await rows("include_finance_transactions=1"))[0]?.finance_transactions).toEqual([]);
  });

  test("takes a client and an employee", async () => {
    const anna = book();
    const other = { companyId: MOSCOW, startsAt: clock, services: [CARE], staffId: 52 };
    const petr = journal.book({ ...other, client: { id: 9002, name: "Пётр", phone: "+79007654321" } });
    expect(await ids("client_id=9001")).toEqual([anna]);
    expect(await ids("staff_id=52")).toEqual([petr]);
  });

  test("keeps branches apart, each in its own zone", async () => {
    journal.addCompany({ id: 7, title: "Владивосток", timeZone: "Asia/Vladivostok" });
    book();
    journal.book({ companyId: 7, client: ANNA, startsAt: clock, services: [CARE] });
    expect(await rows("", 7)).toMatchObject([
      { company_id: 7, last_change_date: "2026-03-10T20:20:41+1000" },
    ]);
    expect(await rows()).toHaveLength(1);
  });
});

describe("other addresses", () => {
  test("one record is found in its branch alone, deleted or not", async () => {
    const id = book();
    journal.remove(id);
    expect(await read(`/record/${MOSCOW}/${id}`)).toMatchObject({
      status: 200,
      data: { id, deleted: true },
      meta: [],
    });
    journal.addCompany({ id: 7, title: "Другой", timeZone: "UTC" });
    const unknown = { status: 404, success: false, data: null, meta: [] };
    expect(await read(`/record/7/${id}`)).toEqual(unknown);
    expect(await read(`/record/${MOSCOW}/1`)).toEqual(unknown);
  });

  test("the company has its title, zone, offset in hours and currency", async () => {
    const data = { title: "Салон", timezone_name: "Europe/Moscow", timezone: 3, currency_short_title: "₽" };
    expect(await read(`/company/${MOSCOW}`)).toMatchObject({ status: 200, success: true, data });
  });

  test("login and password become the user's token by the partner's alone; the user's branches are listed", async () => {
    const user = { login: "79161234567", password: "пароль" };
    const other = startYclients({ journal, partnerToken: "partner", userToken: "user", user });
    const signIn = async (body: object, authorization = "Bearer partner") => {
      const headers = { authorization, "content-type": "application/json" };
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      const answer = await fetch(`${other.url}/auth`, init);
      return { status: answer.status, ...((await answer.json()) as { data: object }) };
    };
    try {
      expect(await signIn(user)).toMatchObject({ status: 201, success: true, data: { user_token: "user" } });
      expect(await signIn({ ...user, password: "x" })).toMatchObject({ status: 401, success: false });
      expect(await signIn(user, "Bearer other")).toMatchObject({ status: 401 });
      expect(await signIn([])).toMatchObject({ status: 401 });
    } finally {
      await other.stop();
    }
    expect((await read("/companies?my=1")).data).toMatchObject([{ id: MOSCOW, title: "Салон" }]);
    expect((await read("/companies")).status).toBe(404);
  });

  test("permissions come in their groups and may be set", async () => {
    yclients.permissions.timetable_phones_access = false;
    yclients.permissions.finances_last_days_count = 3;
    expect((await read(`/user/permissions/${MOSCOW}`)).data).toEqual({
      timetable: { timetable_access: true, timetable_phones_access: false },
      clients: { clients_access: true, client_phones_access: true, clients_card_phone_access: true },
      finances: { finances_access: true, finances_transactions_access: true, finances_last_days_count: 3 },
    });
  });

  test.each(["/records/1", "/records/abc", "/nothing", `/records/${MOSCOW}/5`, `/record/${MOSCOW}`])(
    "%s is not found",
    async (path) => {
      expect(await read(path)).toEqual({ status: 404, success: false, data: null, meta: [] });
    },
  );

  test("nothing is served outside /api/v1", async () => {
    const root = yclients.url.replace("/api/v1", "");
    expect((await fetch(`${root}/company/${MOSCOW}`, { headers: HEADERS })).status).toBe(404);
  });

  test("only GET is served", async () => {
    const response = await fetch(`${yclients.url}/records/${MOSCOW}`, {
      method: "POST",
      headers: HEADERS,
      body: "{}",
    });
    expect(response.status).toBe(404);
  });

  test("the Date header is the stand-in's own clock", async () => {
    expect((await ask(`/company/${MOSCOW}`)).headers.get("date")).toBe("Tue, 10 Mar 2026 10:20:41 GMT");
  });

  test("requests are kept as received", async () => {
    await rows("page=2&count=10");
    expect(yclients.requests).toEqual([
      { at: clock, method: "GET", path: `/records/${MOSCOW}`, query: { page: "2", count: "10" } },
    ]);
    yclients.requests = [];
    await rows();
    expect(yclients.requests).toHaveLength(1);
  });
});

describe("what is refused", () => {
  test.each(["", "Bearer partner", "Bearer partner, User other", "Bearer other, User user"])(
    "401 to the authorization %p",
    async (Authorization) => {
      const response = await ask(`/records/${MOSCOW}`, { ...HEADERS, Authorization });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({
        success: false,
        data: null,
        meta: { message: "Необходима авторизация" },
      });
    },
  );

  test("400 without the media type of the second format", async () => {
    const response = await ask(`/records/${MOSCOW}`, { ...HEADERS, Accept: "application/json" });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      success: false,
      meta: { message: expect.stringContaining("Accept") },
    });
  });

  const statuses = async (count: number) => {
    const answers: number[] = [];
    while (answers.length < count) answers.push((await ask(`/company/${MOSCOW}`)).status);
    return answers;
  };

  test("429 to more a second than allowed, until a second has passed", async () => {
    setSystemTime(new Date("2026-03-10T10:00:00Z"));
    yclients.perSecond = 2;
    expect(await statuses(3)).toEqual([200, 200, 429]);
    expect(yclients.requests.slice(-2).map(({ refused }) => refused)).toEqual([undefined, true]);
    setSystemTime(new Date("2026-03-10T10:00:01Z"));
    expect(await statuses(1)).toEqual([200]);
  });

  test("429 to more a minute than allowed, with the text that says to wait 0 seconds", async () => {
    setSystemTime(new Date("2026-03-10T10:00:00Z"));
    yclients.perMinute = 2;
    expect(await statuses(2)).toEqual([200, 200]);
    setSystemTime(new Date("2026-03-10T10:00:59Z"));
    expect(await read(`/company/${MOSCOW}`)).toMatchObject({
      status: 429,
      meta: { message: "Превышен лимит запросов, попробуйте повторить запрос через 0 секунд." },
    });
    setSystemTime(new Date("2026-03-10T10:01:59.001Z"));
    expect(await statuses(2)).toEqual([200, 200]);
    yclients.perMinute = 0;
    expect(await statuses(3)).toEqual([200, 200, 200]);
  });
});

describe("faults", () => {
  const list = () => ask(`/records/${MOSCOW}`);

  test("spoil the next request, or as many as said, each in its turn", async () => {
    yclients.faults.next({ status: 503 });
    yclients.faults.next({ status: 429, times: 2, headers: { "Retry-After": "7" } });
    const answers = [await list(), await list(), await list(), await list()];
    expect(answers.map((each) => each.status)).toEqual([503, 429, 429, 200]);
    expect(answers.map((each) => each.headers.get("retry-after"))).toEqual([null, "7", "7", null]);
  });

  test("are chosen by path and page", async () => {
    yclients.faults.next({ status: 500, path: /^\/records/, page: 2 });
    expect((await ask(`/company/${MOSCOW}`)).status).toBe(200);
    expect((await read(`/records/${MOSCOW}?page=1`)).status).toBe(200);
    expect((await read(`/records/${MOSCOW}?page=2`)).status).toBe(500);
  });

  test("stand until cleared, the missing rights too", async () => {
    yclients.faults.always({ status: 500 });
    yclients.faults.withoutFinance = true;
    expect([(await list()).status, (await list()).status]).toEqual([500, 500]);
    yclients.faults.clear();
    book();
    expect((await rows("include_finance_transactions=1"))[0]).toHaveProperty("finance_transactions");
  });

  test("answer with the body given, text or object", async () => {
    yclients.faults.next({ body: "[" });
    yclients.faults.next({ body: { data: 1 }, status: 207 });
    expect(await (await list()).text()).toBe("[");
    const second = await list();
    expect([second.status, await second.json()]).toEqual([207, { data: 1 }]);
  });

  test("answer 200 with success false", async () => {
    yclients.faults.next({ successFalse: true });
    expect(await read(`/records/${MOSCOW}`)).toMatchObject({ status: 200, success: false, data: null });
  });

  test("answer with a page of HTML", async () => {
    yclients.faults.next({ html: true });
    const response = await list();
    expect([response.status, response.headers.get("content-type")]).toEqual([502, "text/html"]);
    expect(await response.text()).toStartWith("<html>");
  });

  test("answer with half of the true JSON", async () => {
    book();
    const whole = await (await list()).text();
    yclients.faults.next({ half: true });
    const half = await (await list()).text();
    expect(whole).toStartWith(half);
    expect(() => JSON.parse(half)).toThrow();
  });

  test("cut the connection", async () => {
    yclients.faults.next({ cut: true });
    await expect(list()).rejects.toThrow("closed");
    expect((await list()).status).toBe(200);
  });

  test("delay an answer, which then tells what was true when asked", async () => {
    const id = book();
    yclients.faults.next({ delayMs: 80 });
    const late = row(id);
    while (yclients.requests.length === 0) await Bun.sleep(1);
    journal.pay(id);
    expect(await row(id)).toMatchObject({ paid_full: 1 });
    expect(await late).toMatchObject({ paid_full: 0 });
  });

  test("without the right to payments the key of operations is missing, asked for or not", async () => {
    journal.pay(book());
    yclients.faults.withoutFinance = true;
    expect((await rows("include_finance_transactions=1"))[0]).not.toHaveProperty("finance_transactions");
  });

  test("with a right to the last days only, older sessions look as if nothing was paid", async () => {
    const old = book("2026-03-01T09:00:00Z");
    const recent = book("2026-03-09T09:00:00Z");
    journal.pay(old);
    journal.pay(recent);
    yclients.permissions.finances_last_days_count = 3;
    expect(await row(old)).toMatchObject({ paid_full: 1, finance_transactions: [] });
    expect(await amounts(recent)).toEqual([[5, 3500]]);
  });

  test("without the right to phones they are masked, in operations too, and the journal keeps them", async () => {
    const id = book();
    journal.pay(id);
    yclients.faults.maskPhones = true;
    const phone = "+7 900 ***-**-67";
    expect(await row(id)).toMatchObject({ client: { phone }, finance_transactions: [{ client: { phone } }] });
    expect(journal.record(id).client?.phone).toBe(ANNA.phone);
  });
});

describe("webhooks", () => {
  let received: unknown[] = [];
  const receiver = () =>
    Bun.serve({
      ...{ hostname: "127.0.0.1", port: 0 },
      fetch: async (request) => {
        received.push(await request.json());
        return new Response("busy", { status: 500 });
      },
    });

  beforeEach(() => {
    received = [];
  });

  test("post each change, as often as told, without operations, until turned off", async () => {
    const server = receiver();
    const id = book();
    yclients.webhook(server.url.href, { times: 2 });
    journal.pay(id);
    yclients.webhook(null);
    journal.remove(id);
    await yclients.stop();
    await server.stop(true);
    const { finance_transactions: _, ...data } = { ...journal.record(id), deleted: false };
    const update = { company_id: MOSCOW, resource: "record", resource_id: id, status: "update", data };
    expect(received).toEqual([update, update]);
  });

  test("call a deletion by its name", async () => {
    const server = receiver();
    yclients.webhook(server.url.href);
    journal.remove(book());
    await yclients.stop();
    await server.stop(true);
    expect(received.map((each) => (each as { status: string }).status).sort()).toEqual(["create", "delete"]);
  });

  test("that nobody receives harm nothing", async () => {
    yclients.webhook("http://127.0.0.1:1/");
    journal.pay(book());
    await yclients.stop();
    expect(received).toEqual([]);
  });
});

test("two journals have branches and numbers of their own; a zone is corrected by the wall; too much paid is 2 if so told", async () => {
  const [far, tokens] = [4343, { partnerToken: "partner", userToken: "user" }];
  const other = new Journal({ now: () => clock, overpaid: 2 });
  other.addCompany({ id: far, title: "Филиал", timeZone: "Asia/Vladivostok" });
  const startsAt = new Date("2026-03-10T00:00:00Z");
  const id = other.book({ companyId: far, id: book(), client: ANNA, startsAt, services: [CARE] });
  other.pay(id, { kopecks: 350_100 });
  const both = startYclients({ journal: [journal, other], ...tokens, perMinute: 0, perSecond: 0 });
  const one = async (company: number) =>
    ((await (await fetch(`${both.url}/record/${company}/${id}`, { headers: HEADERS })).json()) as Body)
      .data as Row;
  const seen = ({ id, paid_full, datetime, last_change_date }: Row) => ({
    id,
    paid_full,
    datetime,
    last_change_date,
  });
  expect([seen(await one(MOSCOW)), seen(await one(far))]).toEqual([
    { id, paid_full: 0, datetime: "2026-03-10T12:00:00+03:00", last_change_date: "2026-03-10T13:20:41+0300" },
    { id, paid_full: 2, datetime: "2026-03-10T10:00:00+10:00", last_change_date: "2026-03-10T20:20:41+1000" },
  ]);
  other.correctZone(far, "Europe/Moscow");
  expect(seen(await one(far))).toEqual({
    ...{ id, paid_full: 2 },
    ...{ datetime: "2026-03-10T10:00:00+03:00", last_change_date: "2026-03-10T13:20:41+0300" },
  });
  await both.stop();
});

test("a branch has no number of a record twice, whichever of them was given from outside", () => {
  const other = new Journal({ now: () => clock });
  other.addCompany({ id: MOSCOW, title: "Салон", timeZone: "Europe/Moscow" });
  const booking = { companyId: MOSCOW, client: null, startsAt: clock, services: [CARE] };
  const outside = [book(), book(), book()];
  for (const id of outside) other.book({ ...booking, id });
  const own = Array.from({ length: 4 }, () => other.book(booking));
  expect(new Set([...outside, ...own]).size).toBe(7);
  expect(() => other.book({ ...booking, id: own[0] as number })).toThrow("has a record");
});
