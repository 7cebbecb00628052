// When clients are told, and what becomes of a message that Telegram does not take: nothing is ever lost.
import { expect } from "bun:test";
import { claimNotices, overdue, waitingNotices } from "../../src/notices/notices.store.ts";
import { BRANCH, type TellingSalon, tellingSalon } from "../helpers/telling-salon.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(paidVisit);

const AWARD =
  "Спасибо за визит! <b>+35 баллов</b> за 12 марта (оплачено 3 500 ₽). На карте <b>35</b>: это скидка 35 ₽ в следующий раз.";
const CREDIT = "Салон: вам начислили <b>10 баллов</b>.\nНа карте <b>10 баллов</b>.";
const nothing = { sent: 0, postponed: 0, blocked: 0, failed: 0 };

async function paidVisit(options: Parameters<typeof tellingSalon>[0] = {}) {
  const salon = await tellingSalon(options);
  await salon.paid(3500);
  return salon;
}

/** Boris is linked too, and has paid. */
async function borisPaid(salon: TellingSalon, roubles: number): Promise<void> {
  await salon.linked(502, "+79007654321");
  await salon.paid(roubles, { id: 32, phone: "+79007654321" });
}

/** So have all from 601 to this one. */
async function crowdPaid(salon: TellingSalon, last: number): Promise<void> {
  for (let id = 601; id <= last; id++) {
    await salon.linked(id, `+7900000${id}0`);
    salon.journal.pay(salon.book(3500, { id, phone: `+7900000${id}0` }));
  }
  await salon.read();
}

/** In how many seconds the card's notice is due, rounded up to five. */
async function dueIn({ sql }: TellingSalon): Promise<number[]> {
  const rows =
    await sql`select ceil(extract(epoch from due_at - now()) / 5)::int * 5 as seconds from notices order by about`;
  return rows.map((row) => Number(row.seconds));
}

test("each message waits for its turn, and one whose program stops meanwhile is left to the next", async (salon) => {
  await borisPaid(salon, 1_000);
  const asked: number[] = [];
  const both = Promise.withResolvers<void>();
  salon.notify.turn = async () => {
    asked.push(salon.telegram.calls.filter(({ method }) => method === "sendMessage").length);
    if (asked.length === 2) {
      salon.signal.abort();
      both.resolve();
    }
    await both.promise;
  };
  expect(await salon.tell()).toEqual({ ...nothing, postponed: 2 });
  expect(asked).toEqual([0, 0]);
  expect(await dueIn(salon)).toEqual([0, 0]);
});

test("a visit that was held is not told as paid ahead, though the offset of its time is an hour off", async () => {
  await using salon = await tellingSalon();
  const visit = salon.book(3500, { at: new Date("2026-03-12T13:30:00Z") });
  salon.journal.pay(visit);
  Object.assign(salon.journal.record(visit), { datetime: "2026-03-12T16:30:00+02:00" });
  await salon.read();
  expect(await salon.tell()).toEqual({ ...nothing, sent: 1 });
  expect(salon.said()).toEqual([AWARD]);
});

test("one card that cannot be told keeps no other from being told", async () => {
  await using salon = await paidVisit({ quietHours: { from: 0, to: 1 } });
  await borisPaid(salon, 1_000);
  await salon.sql`insert into companies (company_id, time_zone) values (12, 'Mars/Olympus')`;
  await salon.sql`update notices set company_id = 12 where client_id = 1`;
  expect(await salon.tell()).toEqual({ ...nothing, sent: 1, failed: 1 });
  expect([salon.said().length, salon.said(502).length]).toEqual([0, 1]);
  const [left] = await salon.sql<{ error: string }[]>`select error from notices`;
  expect(left?.error).toContain("Mars/Olympus");
  await salon.sql`update notices set company_id = ${BRANCH}, due_at = now()`;
  expect(await salon.tell()).toEqual({ ...nothing, sent: 1 });
  expect(salon.said()).toEqual([AWARD]);
});

test("a visit settles before it is told; a change within that time starts it again", async () => {
  await using salon = await paidVisit({ settleMs: 30_000 });
  expect(await salon.tell()).toEqual(nothing);
  expect(await dueIn(salon)).toEqual([30]);
  await salon.sql`update notices set due_at = now() + interval '1 second'`;
  await salon.paid(1000, { at: new Date("2026-03-11T09:00:00Z") });
  expect(await dueIn(salon)).toEqual([30]);
  await salon.wake();
  expect(await salon.tell()).toEqual({ ...nothing, sent: 1 });
});

test("in the branch's quiet hours visits wait for their end and the till does not", async () => {
  await using salon = await paidVisit({ quietHours: { from: 22 * 60, to: 9 * 60 } });
  salon.clock.now = new Date("2026-03-12T22:30:00Z"); // 01:30 in Moscow, and quiet by any clock nearby
  expect(await salon.tell()).toEqual({ ...nothing, postponed: 1 });
  expect(salon.said()).toEqual([]);
  expect(await dueIn(salon)).toEqual([7.5 * 3600]);
  await salon.till("credit", 1000);
  expect(await salon.tell()).toEqual({ ...nothing, sent: 1 });
  expect(salon.said()).toEqual([
    `${CREDIT.replace("На карте <b>10", "На карте <b>45")} Это вместе с тем, о чём ещё напишем: <b>+35</b>.`,
  ]);
  expect(await salon.untold()).toEqual([1]);

  // A sender that was away all day finds it late, in quiet hours again: it still waits.
  await salon.wake();
  salon.clock.now = new Date("2026-03-13T05:59:30Z"); // 08:59:30
  expect(await salon.tell()).toEqual({ ...nothing, postponed: 1 });
  expect(await dueIn(salon)).toEqual([30]);
  await salon.wake();
  salon.clock.now = new Date("2026-03-13T06:00:00Z");
  expect(await salon.tell()).toEqual({ ...nothing, sent: 1 });
  expect(salon.said()).toHaveLength(2);
  expect(await salon.untold()).toEqual([]);
});

test("429: everybody waits what Telegram asked, then is told once", async (salon) => {
  await borisPaid(salon, 3500);
  salon.telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 1, times: 2 });
  const began = performance.now();
  await salon.tell();
  await salon.wake();
  await salon.tell();
  expect(performance.now() - began).toBeGreaterThanOrEqual(1_000);
  expect([salon.said(501), salon.said(502)]).toEqual([[AWARD], [AWARD]]);
  expect(await salon.untold()).toEqual([]);
});

test("one chat that is to be left alone for a day keeps the others waiting for a minute", async (salon) => {
  await borisPaid(salon, 3500);
  await salon.till("credit", 1000);
  const paused: number[] = [];
  const { send } = salon.notify;
  salon.notify.turn = async () => {};
  // The others' messages are on their way when Telegram asks to wait, and arrive after it.
  salon.notify.send = async (id, html) => {
    if (id === "telegram:501") return { kind: "wait", ms: 86_400_000 };
    await Bun.sleep(50);
    return send(id, html);
  };
  salon.notify.wait = async (ms) => {
    paused.push(ms);
    await salon.sql`update notices set due_at = now() where due_at < now() + interval '2 minutes'`;
  };
  await salon.tell();
  expect([...new Set(paused)]).toEqual([60_000]);
  expect([salon.said(501), salon.said(502)]).toEqual([[], [AWARD]]);
  expect(await dueIn(salon)).toEqual([3_600, 3_600]);
});

test("429 holds for the next program too, when this one is stopped while it waits", async (salon) => {
  salon.telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 30 });
  salon.notify.wait = async () => salon.signal.abort();
  expect(await salon.tell()).toEqual({ ...nothing, postponed: 1 });
  expect(await dueIn(salon)).toEqual([30]);
});

test("403 marks the card and stops; its rows stay untold", async (salon) => {
  salon.anna.chat.blocked = true;
  expect(await salon.tell()).toEqual({ ...nothing, blocked: 1 });
  const [row] = await salon.sql`select blocked_at from accounts`;
  expect(row?.blocked_at).toEqual(salon.clock.now);
  await salon.wake();
  expect(await salon.tell()).toEqual(nothing);
  await salon.till("credit", 1000);
  expect(await salon.tell()).toEqual(nothing);
  expect(await salon.untold()).toEqual([1, 2]);
  expect(salon.telegram.calls.filter((call) => call.method === "sendMessage")).toHaveLength(1);
});

test("5xx and cut connections back off, ever longer, and come later", async (salon) => {
  const waits: number[] = [];
  for (const fault of [{ status: 502 }, { cut: true }, { status: 500 }]) {
    salon.telegram.faults.next({ method: "sendMessage", ...fault });
    expect(await salon.tell()).toEqual({ ...nothing, failed: 1 });
    waits.push(...(await dueIn(salon)));
    await salon.wake();
  }
  expect(waits).toEqual([10, 20, 40]);
  const [row] = await salon.sql`select attempts, error from notices`;
  expect(row).toEqual({ attempts: 3, error: "500: Internal Server Error" });
  expect(await salon.tell()).toEqual({ ...nothing, sent: 1 });
  expect(salon.said()).toEqual([AWARD]);
});

test("a wait for quiet hours to end is no try: the first failure after it waits the shortest time", async () => {
  await using salon = await paidVisit({ quietHours: { from: 22 * 60, to: 9 * 60 } });
  salon.clock.now = new Date("2026-03-12T20:00:00Z");
  for (let night = 0; night < 3; night++) {
    expect(await salon.tell()).toEqual({ ...nothing, postponed: 1 });
    await salon.wake();
  }
  salon.clock.now = new Date("2026-03-13T07:00:00Z");
  salon.telegram.faults.next({ method: "sendMessage", status: 502 });
  expect(await salon.tell()).toEqual({ ...nothing, failed: 1 });
  expect(await dueIn(salon)).toEqual([10]);
});

test("an answer lost after the delivery is said twice at worst, and flagged once it is known", async (salon) => {
  salon.telegram.faults.next({ method: "sendMessage", cut: true, afterSend: true });
  expect(await salon.tell()).toEqual({ ...nothing, failed: 1 });
  expect(await salon.untold()).toEqual([1]);
  await salon.wake();
  await salon.tell();
  expect(salon.said()).toEqual([AWARD, AWARD]);
  expect(await salon.untold()).toEqual([]);
});

test("a row that comes while its card is being told is told by the next message", async (salon) => {
  const { send } = salon.notify;
  salon.notify.send = async (id, html) => {
    salon.notify.send = send;
    await salon.paid(1000, { at: new Date("2026-03-11T09:00:00Z") });
    return send(id, html);
  };
  await salon.tell();
  expect(salon.said()).toEqual([
    AWARD,
    "Спасибо за визит! <b>+10 баллов</b> за 11 марта (оплачено 1 000 ₽). На карте <b>45</b>: это скидка 45 ₽ в следующий раз.",
  ]);
  expect(await salon.untold()).toEqual([]);
});

test("a row whose transaction ends while the told notice is being taken away is not forgotten", async () => {
  await using salon = await tellingSalon();
  await salon.till("credit", 1000);
  const held = Promise.withResolvers<void>();
  const { send } = salon.notify;
  let late: Promise<unknown> = Promise.resolve();
  salon.notify.send = async (id, html) => {
    salon.notify.send = send;
    const begun = Promise.withResolvers<void>();
    late = salon.sql.begin(async (tx) => {
      await tx`insert into bonuslog (client_id, kind, points, actor, key) select id, 'credit', 5, 'admin:1', 'late' from clients`;
      await tx`update notices set due_at = now(), attempts = 0, error = null`;
      begun.resolve();
      await held.promise;
    });
    await begun.promise;
    return send(id, html);
  };
  const telling = salon.tell();
  // The sender's delete now waits for that transaction.
  for (;;) {
    const [row] = await salon.sql`
      select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query ilike '%delete from notices%'`;
    if (row?.waiting === 1) break;
    await Bun.sleep(5);
  }
  held.resolve();
  await late;
  await telling;
  // No pass has told the salon's name yet.
  expect(salon.said()).toEqual([
    CREDIT.replace("Салон: вам начислили", "Салон начислил вам"),
    "Салон начислил вам <b>5 баллов</b>.\nНа карте <b>15 баллов</b>.",
  ]);
  expect(await salon.untold()).toEqual([]);
});

test("two senders at once tell each card once", async () => {
  await using salon = await tellingSalon();
  await crowdPaid(salon, 620);
  const [one, other] = await Promise.all([
    claimNotices(salon.db, { tells: ["telegram"], maxRows: 15, ms: 60_000 }),
    claimNotices(salon.db, { tells: ["telegram"], maxRows: 15, ms: 60_000 }),
  ]);
  const cards = [...one, ...other].map((notice) => notice.card);
  expect(new Set(cards).size).toBe(cards.length);
  await salon.wake();
  const told = await Promise.all([salon.tell(), salon.tell(), salon.tell()]);
  expect(told.filter((each) => each !== null)).toEqual([{ ...nothing, sent: 20 }]);
  for (let id = 601; id <= 620; id++) expect(salon.said(id)).toEqual([AWARD]);
});

test("exactly the rows told are flagged", async (salon) => {
  await borisPaid(salon, 3500);
  await salon.till("credit", 1000);
  await salon.sql`update notices set due_at = now() + interval '1 hour' where about = 'visits' and client_id = 1`;
  salon.telegram.faults.next({ method: "sendMessage", status: 500 });
  await salon.tell();
  const untold = await salon.untold();
  expect(untold.length).toBe(2);
  expect(untold).toContain(1);
  await salon.wake();
  await salon.tell();
  expect(await salon.untold()).toEqual([]);
});

test("a program that is stopping sends nothing new and leaves the rest due", async () => {
  await using salon = await tellingSalon();
  await crowdPaid(salon, 630);
  salon.telegram.faults.always({ method: "sendMessage", delayMs: 100 });
  const telling = salon.tell();
  while (salon.telegram.calls.length === 0) await Bun.sleep(2);
  salon.signal.abort();
  const told = await telling;
  expect(told?.sent).toBeGreaterThan(0);
  expect(told?.postponed).toBeGreaterThan(0);
  expect(await salon.untold()).toHaveLength(30 - (told?.sent ?? 0));
  const due = await salon.sql`select * from notices where due_at <= now()`;
  expect(due).toHaveLength(30 - (told?.sent ?? 0));
});

test("a message that Telegram refuses on and on counts as late from its first failure, though it is tried ever more rarely", async () => {
  for (const fault of [{ status: 400 }, { status: 429, retryAfter: 30 }, { status: 502 }]) {
    await using salon = await paidVisit();
    salon.notify.wait = async () => {};
    for (let tries = 0; tries < 3; tries++) {
      await salon.sql`update notices set late_since = late_since - interval '20 minutes'`;
      await salon.wake();
      salon.telegram.faults.next({ method: "sendMessage", ...fault });
      await salon.tell();
    }
    await salon.sql`update notices set due_at = now() + interval '1 hour'`;
    const { count, since } = await overdue(salon.db);
    expect(count).toBe(1);
    expect(Date.now() - (since?.getTime() ?? 0)).toBeGreaterThan(2_400_000);
    expect((await waitingNotices(salon.db)).overdue).toBeGreaterThan(2_400);

    salon.telegram.faults.clear();
    await salon.wake();
    await salon.tell();
    expect(await overdue(salon.db)).toEqual({ count: 0, since: null });
  }
});

test("what waits for quiet hours to end is not late, and what was late is not once it was told", async () => {
  await using salon = await paidVisit({ quietHours: { from: 22 * 60, to: 9 * 60 } });
  salon.telegram.faults.next({ method: "sendMessage", status: 400 });
  await salon.tell();
  expect((await overdue(salon.db)).count).toBe(1);
  salon.clock.now = new Date("2026-03-12T22:30:00Z");
  await salon.wake();
  await salon.tell();
  expect((await overdue(salon.db)).count).toBe(0);

  await using other = await paidVisit();
  other.telegram.faults.next({ method: "sendMessage", status: 400 });
  await other.tell();
  const { send } = other.notify;
  other.notify.send = async (id, html) => {
    await other.till("credit", 1000);
    await other.sql`update notices set due_at = now() + interval '1 hour'`;
    const sent = await send(id, html);
    await other.sql`
      insert into bonuslog (client_id, kind, points, corrects, actor, key, reason)
      select client_id, 'correction', 1, id, 'sync', 'late', 'paid' from bonuslog where kind = 'award'`;
    return sent;
  };
  await other.wake();
  await other.tell();
  expect(await other.sql`select from notices where about = 'visits' and late_since is null`).toHaveLength(1);
});
