// The database's clock was hours ahead and is put right: what it wrote then lies in the future, and holds nothing up.
import { expect } from "bun:test";
import { alarmTold, raiseAlarm, untoldAlarm, untoldAlarms } from "../../src/alarms/alarms.store.ts";
import { noteClock, tellOwners } from "../../src/alarms/alarms.ts";
import { dropOldDialogs, recallDialog, rememberDialog } from "../../src/cards/dialogs.store.ts";
import { keepMode } from "../../src/channels/listening.store.ts";
import { must } from "../../src/errors.ts";
import { takeTurn } from "../../src/jobs/budget.store.ts";
import { lookAtClock } from "../../src/jobs/clock.store.ts";
import { withLease } from "../../src/jobs/leases.ts";
import { branchGauges } from "../../src/metrics/gauges.store.ts";
import { claimNotices, overdue } from "../../src/notices/notices.store.ts";
import { digestWaits } from "../../src/owners/digests.store.ts";
import { offerRefunds } from "../../src/till/refunds.ts";
import { addScreen, dropOldScreens, findScreen } from "../../src/till/screens.store.ts";
import { nextBranch } from "../../src/visits/order.store.ts";
import { postReadings } from "../../src/visits/post.ts";
import { dueRechecks, requestRechecks } from "../../src/visits/recheck.store.ts";
import { linkTo } from "../helpers/accounts.ts";
import { deployment } from "../helpers/checked.ts";
import { openLedger } from "../helpers/ledger.ts";
import { ANNA, award, openSalon, running } from "../helpers/salon.ts";
import { tellingSalon } from "../helpers/telling-salon.ts";
import { testIn } from "../helpers/test-in.ts";
import { ask, PHONE, rows, tillSalon, visit } from "../helpers/till-salon.ts";

const test = testIn(openLedger);

/**
 * Every moment that is stored, and what comes of one that lies in the future: `held` by a test of this file, or why it does
 * no harm. A new column has to take a side.
 */
const sides: Record<string, string> = {
  "accounts.blocked_at": "only whether there is one",
  "accounts.history_from": "as clients.history_from; a code or a yes opens it too",
  "accounts.linked_at": "a count of the day, and as clients.had_from",
  "accounts.used_at": "an order, until it is used again",
  "alarms.due_at": "held",
  "alarms.over_at": "only whether there is one",
  "alarms.since": "an order",
  "begun_messages.held_until": "held, by a test of test/notices/news.test.ts",
  "birthdays.asked_at": "only whether there is one",
  "birthdays.changed_at": "held, by a test of test/gifts/birthday.rule.test.ts",
  "birthdays.said_at": "only whether there is one",
  "birthdays.since": "the gift of a day said in those hours comes later by as much, or next year",
  "bonuslog.awarded_at":
    "what the clock said; a spend from ahead still gets its offer (held); a limit of the day is held longer",
  "carry_codes.until": "held, by a test of test/cards/together.test.ts",
  "clients.created_at": "a count of the day",
  "clients.forgotten_at": "only whether there is one",
  "clients.had_from": "a number that the journal changed in those hours is not taken for that person's",
  "clients.history_from":
    "hides what came in those hours from a new account, more and never less; an admin's tap opens it",
  "clients.history_opened_at": "is shown",
  "clients.left_at":
    "a visit of those hours does not keep a card that was left from being forgotten with its owner",
  "clients.merged_at": "only whether there is one",
  "clients.unlinked_at": "as clients.left_at",
  "clock.put_back_at": "counts for nothing",
  "clock.seen_at": "held",
  "companies.first_pass_at": "YCLIENTS's clock; only whether there is one, once there is a mark",
  "companies.first_started_at": "the age of a branch that was never read, at least 0",
  "companies.last_pass_at": "held",
  "companies.mark": "held",
  "companies.swept_at": "held",
  "consents.agreed_at": "is shown",
  "dialogs.expires_at": "held",
  "digest_readers.due_at": "held",
  "digest_readers.told_at": "only whether there is one",
  "digests.sent_at": "is kept; the next message has what came since",
  "earlier_places.until":
    "what the journal moved in those hours is taken for that person's: more is forgotten, never less",
  "forgotten_phones.forgotten_at": "only whether there is one",
  "friend_links.made_at": "as passed_cards.at",
  "friends.changed_at": "an order",
  "friends.given_at": "a limit of the month or the year is held longer",
  "friends.gone_since": "a gift whose visit is gone is taken back later",
  "friends.kept_at": "as passed_cards.at",
  "friends.tied_at": "the program's clock; a visit of those hours counts as before, and the next one counts",
  "handled_updates.handled_at": "what was dealt with is known for longer",
  "imported_awards.imported_at": "what is refunded in those hours is taken for refunded before the import",
  "imported_lists.imported_at": "is shown",
  "jobs.held_until": "held",
  "journal_birthdays.read_at": "held, by a test of test/gifts/birthday.test.ts",
  "journal_birthdays.since": "as birthdays.since",
  "level_changes.at": "is shown",
  "level_changes.counted_from":
    "which visits count goes by the hours that they were written in, as bonuslog.awarded_at",
  "level_changes.due_at": "held, by a test of test/levels/telling.test.ts",
  "level_changes.ends_at": "a day of the calendar, as it was asked for",
  "level_terms.made_at": "is kept",
  "level_terms.raised_at": "only whether there is one",
  "level_terms.since": "terms from ahead wait for their hour; what is in force until then stays",
  "level_terms.told_at": "only whether there is one",
  "listening.held_until": "held",
  "look_again.due_at": "held",
  "look_again.since": "is kept",
  "message_numbers.named_at": "is kept for longer",
  "migrations.applied_at": "is kept",
  "notices.due_at": "held",
  "notices.late_since": "is late from now on, and no sooner (held)",
  "passed_cards.at": "an invitation of those hours counts as made by whoever had the card before",
  "refund_offers.due_at": "held",
  "refund_offers.taken_at": "is shown",
  "request_budget.blocked_until": "held",
  "request_budget.last_at": "held",
  "request_budget.owed_until": "held",
  "screens.done_at": "may be taken back for longer",
  "screens.expires_at": "held",
  "screens.touched_at": "an order",
  "screens.undone_at": "is shown",
  "settlement_trials.doubted_at": "only whether there is one",
  "settlement_trials.tried_at": "is shown",
  "settlement_writes.missed_at": "held",
  "settlement_writes.sent_at": "held",
  "settlements.began_at": "is shown",
  "settlements.changed_at": "is shown",
  "settlements.due_at": "held",
  "settlements.missing_at": "held",
  "settlements.seen_since": "held",
  "settlements.stood_at": "only whether there is one",
  "settlements.watched_at": "held",
  "staff_changes.made_at": "is told for longer, and once to each owner (staff_told)",
  "staff_links.expires_at": "held, by a test of test/owners/rights.test.ts",
  "staff_links.made_at": "held, by the same",
  "terms.since": "is kept",
  "visits.changed_at": "YCLIENTS's clock, of the record alone",
  "visits.decided_at": "a refund is offered for longer",
  "visits.read_at": "held",
  "visits.starts_at": "the journal's, and may lie ahead",
  "yclients_clients.forgotten_at": "only whether there is one",
  "yclients_clients.returned_at": "only whether there is one",
};

test("every moment that is stored has taken a side", async (ledger) => {
  const columns = await ledger.db<{ name: string }[]>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type like 'timestamp%' order by table_name collate "C", column_name collate "C"`;
  expect(columns.map(({ name }) => name)).toEqual(Object.keys(sides));
});

test("a lease, the way of updates and the budget are free when they are held further ahead than they ever are", async (ledger) => {
  const { db } = ledger;
  const work = () => withLease(db, "job", async () => "worked", 600);
  await db`insert into jobs (name, holder, held_until) values ('job', 'other', now() + interval '1 second')`;
  expect(await work()).toBeNull(); // somebody may hold it
  await db`update jobs set held_until = now() + interval '3 hours'`;
  expect(await work()).toBe("worked");

  await db`insert into listening (channel, way, held_until) values ('telegram', 'polling', now() + interval '9 seconds')`;
  expect(await keepMode(db, "telegram", "https://x", 10_000)).toBeNull();
  await db`update listening set held_until = now() + interval '3 hours'`;
  expect(await keepMode(db, "telegram", "https://x", 10_000)).toBe(2);

  for (const column of ["owed_until", "last_at", "blocked_until"]) {
    await takeTurn(db, "yclients", 150);
    await db`update request_budget set ${db(column)} = now() + interval '3 hours'`;
    expect((await takeTurn(db, "yclients", 150)).wait).toBeLessThan(1_000);
    expect((await takeTurn(db, "yclients", 150)).wait).toBeLessThan(1_000);
  }
  // And what is owed is counted on from here, so that the limit holds.
  const owed = await db`select owed_until < now() + interval '1 minute' as soon from request_budget`;
  expect([...owed]).toEqual([{ soon: true }]);
  // What is held up for a minute after a 429 still is.
  await db`update request_budget set blocked_until = now() + interval '1 minute'`;
  expect((await takeTurn(db, "yclients", 150)).wait).toBeWithin(30_000, 60_001);
});

test("what is put off further than it ever is, is due", async ({ db }) => {
  await requestRechecks(db, 1, [{ recordId: 7, reason: "hint", error: null }]);
  const looking = { among: [1], passed: null, passing: [], rechecking: [], quiet: [], everyMs: 0 };
  const looks = async (tries: number, ahead: string) => {
    await db`update look_again set tries = ${tries}, due_at = now() + ${ahead}::interval`;
    return [(await dueRechecks(db, 1, 5)).length, (await nextBranch(db, looking)) === null ? 0 : 1];
  };
  expect(await looks(0, "1 minute")).toEqual([1, 1]); // a hint waits for nothing
  expect(await looks(20, "5 hours")).toEqual([0, 0]);
  expect(await looks(20, "7 hours")).toEqual([1, 1]);

  await linkTo(db, 501, PHONE);
  const notices = async (about: string, ahead: string) => {
    await db`delete from notices`;
    await db`insert into notices (client_id, about, due_at) values (1, ${about}, now() + ${ahead}::interval)`;
    const { count, since } = await overdue(db);
    return [
      count,
      since !== null && since.getTime() <= Date.now() + 1_000,
      (await claimNotices(db, { tells: ["telegram"], maxRows: 5, ms: 60_000 })).length,
    ];
  };
  expect(await notices("till", "50 minutes")).toEqual([0, false, 0]);
  expect(await notices("till", "3 hours")).toEqual([1, true, 1]);
  expect(await notices("visits", "10 hours")).toEqual([0, false, 0]);
  expect(await notices("visits", "2 days")).toEqual([1, true, 1]);

  await db`update notices set due_at = now() + interval '1 minute', late_since = now() + interval '3 hours'`;
  expect(await overdue(db)).toEqual({ count: 0, since: null });

  await db`insert into digests (day, last_row) values ('2026-03-12', 0)`;
  await db`insert into digest_readers (day, owner, due_at) values ('2026-03-12', 'telegram:1', now() + interval '5 minutes')`;
  expect(await digestWaits(db, "2026-03-12", ["telegram:1"])).toEqual([]);
  await db`update digest_readers set due_at = now() + interval '3 hours'`;
  expect(await digestWaits(db, "2026-03-12", ["telegram:1"])).toEqual(["telegram:1"]);

  await raiseAlarm(db, "set aside", "1");
  const alarms = async (ahead: string) => {
    await db`update alarms set due_at = now() + ${ahead}::interval`;
    return (await untoldAlarms(db, ["telegram:1"])).length;
  };
  expect([await alarms("5 minutes"), await alarms("3 hours")]).toEqual([0, 1]);
  const alarm = must(await untoldAlarm(db, "set aside", ["telegram:1"]), "the alarm");
  await alarmTold(db, alarm, ["telegram:1"], [], 600_000);
  expect(await untoldAlarms(db, ["telegram:1"])).toEqual([]); // as ever
});

test("a refund is offered that lies ahead, and one of a spend that was made ahead", async () => {
  await using salon = await tillSalon({}, 100_000);
  await visit(salon, {
    record: 77,
    at: "2026-03-12T09:00:00Z",
    price: 3_500,
    paid: 3_000,
    decision: "not_paid",
  });
  await ask(salon.olga, "89001234567 3500", "Списать 1 000");
  const offered: string[] = [];
  const offer = () =>
    offerRefunds(
      { db: salon.db, bot: 1 },
      ["telegram:700"],
      async (owner) => {
        offered.push(owner);
        return { kind: "sent" as const, message: 1 };
      },
      salon.clock.now,
    );
  const { sql } = salon;
  await sql`alter table bonuslog disable trigger user`;
  await sql`update bonuslog set awarded_at = now() + interval '3 hours' where kind = 'spend'`;
  await sql`update visits set deleted = true, decision = 'deleted', decided_at = now()`;
  await sql`update spends set record_id = 77`;
  await offer();
  expect(offered).toEqual(["telegram:700"]);
  await sql`update refund_offers set told = '{}', due_at = now() + interval '3 days'`;
  await offer();
  expect(offered).toEqual(["telegram:700", "telegram:700"]);
  await sql`update refund_offers set told = '{}', due_at = now() + interval '5 hours'`;
  await offer();
  expect(offered).toEqual(["telegram:700", "telegram:700"]);
  expect(await rows(salon, 1)).toHaveLength(1);
});

test("a question and a screen have no more time than they ever get", async ({ db }) => {
  const now = new Date("2026-03-12T12:00:00Z");
  const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
  const dialog = async (hours: number) => {
    await rememberDialog(db, "telegram:1", "consent", {}, later(hours));
    return (await recallDialog(db, "telegram:1", "consent", now)) !== null;
  };
  expect([await dialog(700), await dialog(2_000)]).toEqual([true, false]);
  await dropOldDialogs(db, now);
  expect(await db`select from dialogs`).toHaveLength(0);

  const draft = {
    sought: null,
    card: null,
    to: null,
    bill: null,
    paid: 0,
    action: null,
    points: null,
    reason: null,
  };
  const screen = async (asked: number, hours: number) => {
    await addScreen(
      db,
      { bot: 1, account: "telegram:9", asked },
      { ...draft, step: "nobody", typed: null },
      later(hours),
    );
    return (await findScreen(db, { bot: 1, account: "telegram:9", asked }, now)) !== null;
  };
  expect([await screen(1, 2), await screen(2, 5)]).toEqual([true, false]);
  await dropOldScreens(db, now);
  expect((await db`select asked from screens`).map((row) => row.asked)).toEqual([1]);
});

test("an answer read in the future makes no true answer stale", async (ledger) => {
  await ledger.post({});
  await ledger.db`update visits set read_at = now() + interval '3 hours'`;
  const readAt = new Date();
  const change = { ...ledger.reading(), servicesPaid: 100_000, price: 100_000, readAt };
  expect(await postReadings(ledger.db, ledger.programme, [change], null)).toMatchObject({ corrections: 1 });
  // And an older one is stale as ever.
  const older = { ...change, servicesPaid: 0, price: 0, readAt: new Date(readAt.getTime() - 60_000) };
  expect(await postReadings(ledger.db, ledger.programme, [older], null)).toMatchObject({ corrections: 0 });
});

test("a mark and a sweep from the future leave nothing out", async () => {
  await using salon = await running();
  await salon.db`update companies set mark = ${new Date(salon.clock.now.getTime() + 3 * 3_600_000)}`;
  const other = salon.paid(ANNA, "2026-03-10T10:00:00Z", 50_000);
  salon.later(5);
  await salon.pass();
  expect(await salon.ledger()).toEqual([award(salon.id), [`visit:${other}`, ANNA.phone, 500, "paid"]]);
  expect(new Date((await salon.company()).mark ?? 0) <= salon.clock.now).toBe(true);

  await salon.db`update companies set swept_at = now() + interval '3 hours'`;
  salon.asked();
  await salon.sweep();
  expect(salon.asked().filter((one) => one.includes(".."))).toHaveLength(1);
});

test("a pass of the future is no negative age", async () => {
  await using salon = await openSalon();
  await salon.pass();
  await salon.db`update companies set last_pass_at = now() + interval '3 hours'`;
  expect((await branchGauges(salon.db, [salon.branch]))[0]?.lag).toBe(0);
});

test("that the clock was put back is told to owners, said by check, and over after as long as it had been ahead", async () => {
  await using salon = await tellingSalon();
  const { sql, db } = salon;
  salon.telegram.person({ id: 901, firstName: "Ольга" }).chat.started = true;
  const tell = async () => {
    await noteClock(db);
    await tellOwners(
      db,
      { owners: ["telegram:901"], staff: ["telegram:901"], branches: [] },
      salon.notify.send,
    );
    return salon.said(901).length;
  };
  expect(await tell()).toBe(0);
  await sql`update clock set seen_at = now() + interval '30 seconds'`; // two servers differ by as much
  expect(await tell()).toBe(0);
  await sql`update clock set seen_at = now() + interval '3 hours 5 minutes'`;
  expect(await tell()).toBe(1);
  expect(await tell()).toBe(1);
  expect(salon.said(901)[0]).toStartWith("⚠️ Часы сервера базы данных перевели назад на 3 ч 5 мин");
  await sql`update clock set put_back_at = now() - interval '3 hours'`;
  expect(await tell()).toBe(1);
  await sql`update clock set put_back_at = now() - interval '3 hours 6 minutes'`;
  expect(await tell()).toBe(2);
  expect(salon.said(901)[1]).toStartWith("✅ ");

  await using made = await deployment();
  expect((await made.lines()).of("clock, lately")).toBe("ok clock, lately was not put back");
  await lookAtClock(db);
  await made.sql`insert into clock (seen_at) values (now() + interval '3 hours')`;
  expect((await made.lines()).of("clock, lately")).toMatch(
    /^warn clock, lately the database's was put back by 3 hours, found at 2\d{3}-\S+Z: what was written before bears a wrong time → /,
  );
});
