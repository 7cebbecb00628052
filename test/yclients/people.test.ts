// Whether a phone is known in a branch and whose phones are the staff's: what is not said is never taken for "nobody".
import { afterEach, beforeEach, expect, test } from "bun:test";
import { Refused } from "../../src/errors.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { startYclients, type YclientsStandIn } from "../../src/standins/yclients/server.ts";
import { yclients } from "../../src/yclients/client.ts";

const BRANCH = 4242;
const PHONE = "+79001234567";
const now = () => new Date("2026-03-10T09:00:05Z");

let journal: Journal;
let api: YclientsStandIn;

beforeEach(() => {
  journal = new Journal({ now });
  const staff = [{ id: 51, name: "Ольга", phone: "8 (900) 555-00-11" }];
  journal.addCompany({ id: BRANCH, title: "Салон", timeZone: "Europe/Moscow", staff });
  api = startYclients({
    ...{ journal, partnerToken: "partner", userToken: "user", now },
    perMinute: 0,
    perSecond: 0,
  });
});
afterEach(() => api.stop());

const client = () =>
  yclients({
    ...{ url: api.url, partnerToken: "partner", userToken: "user", retryMs: 1 },
    budget: { take: async () => now(), refused: async () => {} },
  });

const book = (id: number, name: string, phone: string, day = "2026-03-09") =>
  journal.book({
    ...{ companyId: BRANCH, client: { id, name, phone }, services: [{ title: "Стрижка", cost: 100_000 }] },
    startsAt: new Date(`${day}T09:00:00Z`),
  });

test("a phone that nobody has is nobody's", async () => {
  book(9001, "Анна", "+79007654321");
  expect(await client().clientsByPhone(BRANCH, PHONE)).toEqual([]);
});

test("every client with the phone is found, and whose second phone or card number it is too", async () => {
  book(9001, "Анна", PHONE);
  book(9002, "Анна, карта 79001234567", "+79007654321");
  expect(await client().clientsByPhone(BRANCH, PHONE)).toEqual([9001, 9002]);
});

test("an answer that is no list, names nobody by number or cannot tell people apart is no answer", async () => {
  const crowd = Array.from({ length: 51 }, (_, i) => ({ id: i + 1 }));
  for (const data of [null, {}, [{ id: null }], [{ name: "Анна" }], crowd]) {
    api.faults.next({ path: /clients\/search/, status: 200, body: { success: true, data, meta: [] } });
    expect(
      await client()
        .clientsByPhone(BRANCH, PHONE)
        .catch((error) => error),
    ).toBeInstanceOf(Refused);
  }
});

test("a search that is refused throws", async () => {
  api.faults.next({ path: /clients\/search/, status: 403 });
  expect(
    await client()
      .clientsByPhone(BRANCH, PHONE)
      .catch((error) => error),
  ).toBeInstanceOf(Refused);
});

test("a client's records are those up to the day, and nobody else's", async () => {
  const mine = book(9001, "Анна", PHONE, "2026-03-09");
  book(9001, "Анна", PHONE, "2026-03-11");
  book(9002, "Борис", "+79007654321", "2026-03-09");
  const reads = await client().recordsOfClient(BRANCH, 9001, "2026-03-10", "Europe/Moscow");
  expect(reads.readings.map((one) => one.recordId)).toEqual([mine]);
});

test("the phones of all who work in the branch are read, however they are spelled", async () => {
  expect(await client().staffPhones(BRANCH)).toEqual(new Set(["+79005550011"]));
});

test("one of the two lists of staff is enough, and none is not", async () => {
  api.faults.always({ path: /^\/staff\//, status: 403 });
  expect(await client().staffPhones(BRANCH)).toEqual(new Set(["+79005550011"]));
  api.faults.always({ path: /^\/company_users\//, status: 404 });
  expect(
    await client()
      .staffPhones(BRANCH)
      .catch((error) => error),
  ).toBeInstanceOf(Refused);
});

test("lists of staff without phones, or of any shape, are read as far as they go", async () => {
  const data = [
    { phone: null, user: { phone: "masked **" } },
    "x",
    null,
    [[{ employee: { phone: 79005550012 } }]],
  ];
  api.faults.next({ path: /^\/staff\//, status: 200, body: { success: true, data, meta: [] } });
  api.faults.next({ path: /^\/company_users\//, status: 200, body: { success: true, data: "no", meta: [] } });
  expect(await client().staffPhones(BRANCH)).toEqual(new Set(["+79005550012"]));
});
