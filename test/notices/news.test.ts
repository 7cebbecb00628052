// A messenger that may tell nothing unasked: what is new waits there in silence, and is said first at the next contact, once.
import { expect } from "bun:test";
import { welcomeBack } from "../../src/cards/absence.ts";
import { newsFor } from "../../src/notices/news.ts";
import { parkNotices } from "../../src/notices/notices.store.ts";
import { isDue, overdue, waitingNotices } from "../../src/notices/notify.ts";
import { soft } from "../helpers/soft.ts";
import { testIn } from "../helpers/test-in.ts";
import { HERE, THERE, type TwoMessengers, twoMessengers } from "../helpers/two-messengers.ts";

/** Anna has her card in the messenger that must be asked alone. */
async function asked() {
  const salon = await twoMessengers({ asked: true });
  await salon.sql`delete from accounts where account = ${HERE}`;
  return salon;
}

const test = testIn(asked);
const testOfBoth = testIn(() => twoMessengers({ asked: true }));

const read = ({ notify }: TwoMessengers, account = THERE) => newsFor(notify, { account, language: "ru" });
/** Anna does something there: what she reads first. */
async function contact(salon: TwoMessengers): Promise<string[]> {
  const news = await read(salon);
  await news?.told();
  return (news?.blocks ?? []).map((block) => soft(block.trim()));
}

const TITLE = "<b>Новое на карте</b>";
const AWARD =
  "Спасибо за визит! <b>+35 баллов</b> за 12 марта (оплачено 3 500 ₽). На карте <b>35</b>: это скидка 35 ₽ в следующий раз.";

test("nothing is sent, late, due or counted; at the contact it is said, once", async (salon) => {
  await salon.paid(3500);
  expect(await salon.tell()).toEqual({ sent: 0, postponed: 0, blocked: 0, failed: 0 });
  await salon.later(600);
  expect(await salon.tell()).toEqual({ sent: 0, postponed: 0, blocked: 0, failed: 0 });
  expect(salon.tries).toEqual([]);
  expect(await overdue(salon.db)).toEqual({ count: 0, since: null });
  expect(await waitingNotices(salon.db)).toEqual({ notices: 0, oldestUnsent: 0, overdue: 0 });
  expect(await isDue(salon.db, "visits")).toBe(false);
  expect(await contact(salon)).toEqual([TITLE, AWARD]);
  expect(await contact(salon)).toEqual([]);
  expect(await salon.untold()).toEqual([]);
  expect(await salon.sql`select from notices`).toHaveLength(0);
  expect(await salon.sql`select from begun_messages`).toHaveLength(0);
});

testOfBoth(
  "visits and the till are one message, before either is due; what comes later is the next one's",
  async (salon) => {
    await salon.sql`update accounts set blocked_at = now() where account = ${HERE}`;
    await salon.paid(3500);
    await salon.till("credit", 1_000);
    const [title, said = ""] = await contact(salon);
    expect(title).toBe(TITLE);
    expect(said).toContain("+35 баллов");
    expect(said).toContain("вам начислили <b>10 баллов</b>");
    expect(said).toContain("На карте <b>45 баллов</b>.");
    await salon.till("credit", 500);
    expect((await contact(salon))[1]).toContain("5 баллов");
  },
);

test("what sums to nothing needs no word and is told", async (salon) => {
  const visit = await salon.paid(3500);
  salon.journal.refund(visit);
  await salon.read();
  expect(await contact(salon)).toEqual([]);
  expect(await salon.untold()).toEqual([]);
});

test("what waited goes once the messenger may tell, and is not late by then", async (salon) => {
  await salon.paid(3500);
  await salon.tell();
  await salon.later(6_000);
  salon.notify.tells = ["telegram", "memory"];
  expect(await salon.tell()).toMatchObject({ sent: 1 });
  expect(salon.heard()).toEqual([0, 1]);
  await salon.paid(1000);
  salon.notify.tells = ["telegram"];
  await salon.tell();
  await salon.later(6_000);
  salon.notify.tells = ["telegram", "memory"];
  await salon.sql`update notices set due_at = now() - interval '4 days'`;
  await parkNotices(salon.db, salon.notify.tells);
  const { since } = await overdue(salon.db);
  expect(Date.now() - (since?.getTime() ?? 0)).toBeLessThan(60_000);
});

test("two turns at once, or two programs: one says it, and the other nothing of it", async (salon) => {
  await salon.paid(3500);
  const found = await Promise.all([read(salon), read(salon)]);
  const [one, other] = found.toSorted((a, b) => (b?.blocks.length ?? 0) - (a?.blocks.length ?? 0));
  expect([one?.blocks.length, other?.blocks.length ?? 0]).toEqual([2, 0]);
  await other?.told();
  await one?.untold({ kind: "failed", why: "ECONNREFUSED", passes: true, mayHaveArrived: false });
  expect(await contact(salon)).toHaveLength(2);
});

test("who dies before it is marked leaves it to the next contact after a minute; it goes nowhere else", async (salon) => {
  await salon.paid(3500);
  await read(salon);
  expect(await contact(salon)).toEqual([]);
  await salon.linked(501, "+79001234567");
  await salon.tell();
  expect(salon.said()).toEqual([]);
  await salon.later(2);
  await salon.tell();
  expect(salon.said()).toEqual([]);
  expect(await contact(salon)).toEqual([TITLE, AWARD]);
  expect(await salon.untold()).toEqual([]);
});

test("what is held for longer than anything is was held by a clock that was put back, and is said", async (salon) => {
  await salon.paid(3500);
  await read(salon);
  await salon.sql`update begun_messages set held_until = now() + interval '3 hours'`;
  expect(await contact(salon)).toEqual([TITLE, AWARD]);
});

test("an answer that may have arrived stays with this account", async (salon) => {
  await salon.paid(3500);
  const first = await read(salon);
  await first?.untold({ kind: "failed", why: "timed out", passes: true, mayHaveArrived: true });
  await salon.linked(501, "+79001234567");
  await salon.tell();
  expect(salon.said()).toEqual([]);
  const again = await read(salon);
  expect(again?.blocks).toHaveLength(2);
  await again?.told();
  await salon.paid(1000);
  await salon.tell();
  expect(salon.said()).toHaveLength(1);
});

test("an answer that has certainly not arrived is told by another messenger that comes to the card", async (salon) => {
  await salon.paid(3500);
  const first = await read(salon);
  await first?.untold({ kind: "failed", why: "ECONNREFUSED", passes: true, mayHaveArrived: false });
  await salon.linked(501, "+79001234567");
  await salon.tell();
  expect(salon.said()).toEqual([AWARD]);
});

testOfBoth(
  "who has the other messenger is told there at once, and hears nothing of it again",
  async (salon) => {
    await salon.paid(3500);
    expect(await contact(salon)).toEqual([]);
    await salon.tell();
    expect(salon.said()).toEqual([AWARD]);
    expect(await contact(salon)).toEqual([]);
  },
);

testOfBoth(
  "while the other one is away, the news are said at a contact, and not there again",
  async (salon) => {
    salon.away.add("telegram");
    await salon.paid(3500);
    await salon.tell();
    expect(await contact(salon)).toEqual([]); // it may still come
    await salon.later(6);
    await salon.tell();
    expect(await contact(salon)).toEqual([TITLE, AWARD]);
    salon.away.clear();
    await salon.later(6);
    await salon.tell();
    expect(salon.said()).toEqual([]);
    expect(await salon.untold()).toEqual([]);
  },
);

testOfBoth("what may have arrived there is not said here", async (salon) => {
  await salon.paid(3500);
  salon.next(() => ({ kind: "failed", why: "timed out", passes: true, mayHaveArrived: true }));
  await salon.tell();
  await salon.later(60);
  expect(await contact(salon)).toEqual([]);
  expect(await salon.untold()).toEqual([1]);
});

test("levels and points that end are said with the rest", async (salon) => {
  await salon.sql`
    insert into level_changes (client_id, kind, reached, turnover, was, percent, actor, key, after_row, due_at)
    select id, 'up', 5000, 5000, 1, 3, 'levels', 'up:1:1', 0, now() from clients`;
  expect(await contact(salon)).toEqual([
    TITLE,
    "Новый уровень! Со следующего визита возвращаем баллами <b>3 %</b> вместо 1 %.",
  ]);
  expect(await contact(salon)).toEqual([]);
});

testOfBoth(
  "what is left to an account that has blocked us keeps the other busy once, and is said when that one is back",
  async (salon) => {
    await salon.paid(3500);
    salon.next(() => ({ kind: "failed", why: "timed out", passes: true, mayHaveArrived: true }));
    await salon.tell();
    await salon.sql`update accounts set blocked_at = now() where account = ${HERE}`;
    expect(await contact(salon)).toEqual([]);
    expect(await read(salon)).toBeNull();
    expect(await salon.sql`select from notices`).toHaveLength(0);
    expect(await welcomeBack(salon.db, HERE)).toMatchObject({ rows: 1 });
  },
);
