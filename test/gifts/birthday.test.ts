// The birthday gift, from the journal's date to the row: once a year, to whom the day is known and who was here.
import { expect } from "bun:test";
import { pino } from "pino";
import { veilOf } from "../../src/cards/veil.ts";
import { type Gifts, giftsRound } from "../../src/gifts/gifts.ts";
import { yclients } from "../../src/yclients/client.ts";
import { expectTable } from "../helpers/db.ts";
import { oddCard } from "../helpers/odd-card.ts";
import { expectSound } from "../helpers/sound.ts";
import { BRANCH, tellingSalon } from "../helpers/telling-salon.ts";
import { testIn } from "../helpers/test-in.ts";

const day = 86_400_000;

/** Anna paid for a visit on 12 March, and the journal has her birthday: 20 April. */
async function celebrating() {
  const salon = await tellingSalon();
  const { db, clock, signal, journal } = salon;
  const lines: string[] = [];
  const api = yclients({
    ...{ url: salon.api.url, partnerToken: "p", userToken: "u", retryMs: 1 },
    budget: { take: async () => new Date(), refused: async () => {} },
  });
  const gifts: Gifts = {
    ...{ db, now: () => clock.now, signal: signal.signal, birthdayPoints: 20_000, companyIds: [BRANCH] },
    log: pino({ level: "debug" }, { write: (line: string) => void lines.push(line) }),
    yclients: api,
    timeZone: async () => "Europe/Moscow",
    veil: veilOf("secret", "gifts that are given once"),
  };
  const visit = await salon.paid(1_000);
  journal.birthdays.set(31, "1990-04-20");
  return Object.assign(salon, {
    ...{ gifts, lines, visit },
    /** A round at this hour of Moscow. */
    async round(at: string, more: Partial<Gifts> = {}) {
      clock.now = new Date(`${at}+03:00`);
      return giftsRound({ ...gifts, ...more });
    },
    given: (keys: string[]) =>
      expectTable(
        salon.sql,
        "select key from bonuslog where kind = 'birthday' order by id",
        keys.map((key) => ({ key })),
      ),
  });
}
const test = testIn(celebrating);
type Salon = Awaited<ReturnType<typeof celebrating>>;

const gift = "birthday:1:2026";
const known = (salon: Salon) => salon.round("2026-03-12T18:00:00");

test("the journal's day is read without its year, and the gift comes three days before it, at noon, once", async (salon) => {
  expect(await known(salon)).toEqual({ read: 1, given: 0, takenBack: 0 });
  await expectTable(salon.sql, "select to_char(day, 'YYYY-MM-DD') as day from journal_birthdays", [
    { day: "2000-04-20" },
  ]);
  await salon.round("2026-04-16T15:00:00");
  await salon.round("2026-04-17T11:59:00");
  await salon.given([]);
  expect(await salon.round("2026-04-17T12:00:00")).toMatchObject({ given: 1 });
  for (const at of ["2026-04-17T12:10:00", "2026-04-20T12:00:00", "2026-05-04T19:00:00"])
    await salon.round(at);
  await salon.given([gift]);
  await salon.wake();
  await salon.tell();
  expect(salon.said().at(-1)).toContain("одарок ко дню рождения: <b>200 баллов</b>");
  expect(salon.lines.join("\n")).not.toMatch(/1990|04-20|Анна|79001234567/);
  await expectSound(salon.db);
});

test("the next year has a gift of its own, if there was a paid visit in the year before", async (salon) => {
  await known(salon);
  await salon.round("2026-04-20T12:00:00");
  await salon.round("2027-04-20T12:00:00");
  await salon.given([gift]);
  salon.clock.now = new Date("2027-04-20T15:00:00Z");
  await salon.paid(500, { at: new Date("2027-04-20T10:00:00Z") });
  await salon.round("2027-04-21T12:00:00");
  await salon.given([gift, "birthday:1:2027"]);
});

test("a day known for less than 30 days before it brings nothing; and 30 are enough", async (salon) => {
  await salon.round("2026-03-22T12:00:00");
  await salon.round("2026-04-20T12:00:00");
  await salon.given([]);
  await salon.sql`update journal_birthdays set since = '2026-03-21T20:00:00Z'`;
  await salon.round("2026-04-20T12:10:00");
  await salon.given([gift]);
});

test("a day that the journal changes is known anew; the same day read again is not", async (salon) => {
  await known(salon);
  await salon.round("2026-04-13T12:00:00");
  await expectTable(salon.sql, "select since, read_at from journal_birthdays", [
    { since: "2026-03-12T15:00:00.000Z", read_at: "2026-04-13T09:00:00.000Z" },
  ]);
  salon.journal.birthdays.set(31, "1990-05-20");
  await salon.round("2026-05-14T12:00:00");
  await salon.round("2026-05-20T12:00:00");
  await expectTable(salon.sql, "select since from journal_birthdays", [
    { since: "2026-05-14T09:00:00.000Z" },
  ]);
  await salon.given([]);
});

test("without a paid visit in the last year there is no gift", async (salon) => {
  await known(salon);
  await salon.sql`update visits set day = '2025-04-19'`;
  await salon.round("2026-04-20T12:00:00");
  await salon.given([]);
  await salon.sql`update visits set day = '2025-04-20'`;
  await salon.round("2026-04-20T12:10:00");
  await salon.given([gift]);
});

test("visits of whoever had the number before bring its next owner no gift", async (salon) => {
  await salon.sql`
    insert into birthdays (account, day, said_at, since) values ('telegram:501', '2000-04-20', '2026-03-12', '2026-03-12')`;
  await salon.sql`update accounts set history_from = '2026-03-13T00:00:00+03' where client_id = 1`;
  await salon.round("2026-04-20T12:00:00");
  await salon.given([]);
  await salon.paid(500, { id: 31, phone: "+79001234567", at: new Date("2026-04-20T10:00:00Z") });
  await salon.round("2026-04-21T12:00:00");
  await salon.given([gift]);
});

test("what a person says goes before the journal, which is not asked of them any more", async (salon) => {
  await known(salon);
  await salon.sql`
    insert into birthdays (account, day, said_at, since) values ('telegram:501', '2000-06-01', '2026-03-12', '2026-03-12')`;
  expect(await salon.round("2026-04-13T12:00:00")).toMatchObject({ read: 0 });
  await salon.round("2026-04-20T12:00:00");
  await salon.given([]);
  await salon.round("2026-06-01T12:00:00");
  await salon.given([gift]);
});

test("a person who says the day that the journal has known for a month is kept waiting by nothing", async (salon) => {
  await known(salon);
  await salon.sql`
    insert into birthdays (account, day, said_at, since) values ('telegram:501', '2000-04-20', '2026-04-10', '2026-04-10')`;
  await salon.round("2026-04-20T12:00:00");
  await salon.given([gift]);
});

test("a second card of the same account has no second gift in a year, nor has a card made anew for the phone", async (salon) => {
  await known(salon);
  await salon.round("2026-04-20T12:00:00");
  salon.clock.now = new Date("2026-04-20T09:01:00Z");
  await salon.paid(500, { id: 33, phone: "+79990000001", at: new Date("2026-04-20T07:00:00Z") });
  await salon.sql`
    with said as (
      insert into birthdays (account, day, said_at, since) values ('telegram:501', '2000-04-20', '2026-03-01', '2026-03-01'))
    update accounts set client_id = (select id from clients where phone = '+79990000001')`;
  await salon.round("2026-04-20T12:10:00");
  await salon.given([gift]);
  await salon.sql`delete from gift_marks`;
  await salon.round("2026-04-20T12:20:00");
  await expectTable(salon.sql, "select count(*) as n from bonuslog where kind = 'birthday'", [[2]]);
});

test("a gift whose visit is gone is taken back three days later, and once", async (salon) => {
  await known(salon);
  await salon.round("2026-04-17T12:00:00");
  salon.journal.refund(salon.visit);
  salon.clock.now = new Date("2026-04-18T10:00:00Z");
  await salon.read();
  const roundIn = (days: number) =>
    salon.round(`${new Date(Date.now() + days * day).toISOString().slice(0, 10)}T19:50:00`);
  await roundIn(2);
  await salon.given([gift]);
  await roundIn(4);
  await roundIn(5);
  await salon.given([gift, `${gift}:back`]);
  await expectTable(salon.sql, "select trim_scale(balance) as balance from balances", [{ balance: 0 }]);
  await salon.wake();
  await salon.tell();
  expect(salon.said().at(-1)).toContain("визит, за который он полагался, отменён");
  await expectSound(salon.db);
});

test("where no gift is set nothing is asked of the journal, and what it said is not kept", async (salon) => {
  await known(salon);
  salon.api.requests.length = 0;
  expect(await salon.round("2026-04-20T12:00:00", { birthdayPoints: null })).toEqual({
    read: 0,
    given: 0,
    takenBack: 0,
  });
  expect(salon.api.requests).toEqual([]);
  await expectTable(salon.sql, "select * from journal_birthdays", []);
});

test("a journal that says nothing, nonsense, or is away, stops nobody; a stranger's card is not asked about", async (salon) => {
  const { journal, sql } = salon;
  journal.birthdays.set(31, "1990-02-30");
  await salon.paid(700, { id: 32, phone: "+79995550000" });
  expect(await known(salon)).toMatchObject({ read: 1 });
  await expectTable(sql, "select yclients_client_id, day from journal_birthdays", [
    { yclients_client_id: 31, day: null },
  ]);
  const asked = salon.api.requests.filter((one) => one.path.startsWith("/client/"));
  expect(asked.map((one) => one.path)).toEqual([`/client/${BRANCH}/31`]);
  await sql`delete from journal_birthdays`;
  await salon.api.stop();
  expect(await known(salon)).toMatchObject({ read: 0, given: 0 });
});

test("two programs at once give once", async (salon) => {
  await known(salon);
  salon.clock.now = new Date("2026-04-20T12:00:00+03:00");
  await Promise.all([giftsRound(salon.gifts), giftsRound(salon.gifts)]);
  await salon.given([gift]);
});

test("nothing is given or taken by night, when the message of it would wake somebody", async (salon) => {
  await known(salon);
  for (const at of ["2026-04-17T03:00:00", "2026-04-17T20:00:00", "2026-04-18T11:50:00"])
    expect(await salon.round(at)).toMatchObject({ given: 0 });
  expect(await salon.round("2026-04-18T19:59:00")).toMatchObject({ given: 1 });
});

test("what was read by a clock that was ahead is read again once it is right", async (salon) => {
  await salon.round("2027-03-12T18:00:00");
  expect(await known(salon)).toMatchObject({ read: 1 });
});

test("a gift is told by the message that is told of visits: one of the till finds no gifts", async (salon) => {
  await known(salon);
  await salon.sql`delete from notices`;
  await salon.round("2026-04-17T12:00:00");
  await salon.given([gift]);
  await expectTable(salon.sql, "select about from notices", [{ about: "visits" }]);
});

test("a card that cannot be given its gift stops nobody else's", async (salon) => {
  const { journal, sql } = salon;
  await salon.linked(502, "+79005550032");
  await salon.paid(700, { id: 32, phone: "+79005550032" });
  journal.birthdays.set(32, "1990-04-20");
  await known(salon);
  await oddCard(sql, 1);
  expect(await salon.round("2026-04-17T12:00:00")).toMatchObject({ given: 1 });
  const [other] = await sql`select id from clients where phone = '+79005550032'`;
  await salon.given([`birthday:${other?.id}:2026`]);
  expect(salon.lines.join("")).toContain("a birthday gift could not be given");
});
