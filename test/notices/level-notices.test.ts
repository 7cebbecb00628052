// A change of a level is told to who may see it, waits for nobody who never will, and its troubles stop no other.
import { expect } from "bun:test";
import type { Sent } from "../../src/channels/channel.ts";
import { undoHand } from "../../src/levels/by-hand.store.ts";
import { notifyLevels } from "../../src/notices/level-notices.ts";
import { newsFor } from "../../src/notices/news.ts";
import { mayBeNews } from "../../src/notices/notices.store.ts";
import { testIn } from "../helpers/test-in.ts";
import { HERE, THERE, type TwoMessengers, twoMessengers } from "../helpers/two-messengers.ts";

const test = testIn(twoMessengers);

/** Anna's card in Telegram reached a level; in the other messenger somebody has the number since. */
const reached = ({ sql }: TwoMessengers) => sql`
  insert into level_changes (client_id, kind, reached, turnover, was, percent, actor, key, after_row, at, due_at)
  select id, 'up', 5000, 5000, 1, 3, 'levels', 'up:1:1', 0, now() - interval '1 day', now() from clients`;
const tell = ({ notify }: TwoMessengers) => notifyLevels(notify, "Europe/Moscow");
const waits = async ({ sql }: TwoMessengers) =>
  (await sql`select from level_changes where due_at is not null`).length;
const read = ({ notify }: TwoMessengers, account = THERE) => newsFor(notify, { account, language: "ru" });
const isNews = async ({ db, notify, sql }: TwoMessengers, account = THERE) => {
  const [card] = await sql<{ id: string }[]>`select client_id as id from accounts where account = ${account}`;
  return mayBeNews(db, Number(card?.id), account, notify.tells);
};
const blocks = ({ sql }: TwoMessengers, account: string) =>
  sql`update accounts set blocked_at = now() where account = ${account}`;

test("a level that was reached before somebody linked the number is told to who had it, and one of after to whoever was there last", async (salon) => {
  await reached(salon);
  expect(await tell(salon)).toBe(1);
  expect(salon.heard()).toEqual([1, 0]); // though the other account was used last
  await salon.sql`
    insert into level_changes (client_id, kind, reached, turnover, was, percent, actor, key, after_row, due_at)
    select id, 'up', 9000, 9000, 3, 5, 'levels', 'up:1:2', 0, now() from clients`;
  expect(await tell(salon)).toBe(1);
  expect(salon.heard()).toEqual([1, 1]);
});

test("what only who has blocked us could be told is told to nobody, and is over: at a round, and as news", async (salon) => {
  await reached(salon);
  await blocks(salon, HERE);
  expect(await isNews(salon)).toBe(false);
  expect(await read(salon)).toBeNull();
  expect(await tell(salon)).toBe(0);
  expect([salon.tries, await waits(salon)]).toEqual([[], 0]);
});

test("where it may not be told unasked it waits for who may see it, whoever else of the card is told", async (salon) => {
  salon.notify.tells = ["telegram"];
  await salon.sql`update accounts set history_from = case when account = ${HERE} then now() end`;
  await reached(salon);
  expect(await tell(salon)).toBe(0);
  expect([salon.tries, await waits(salon)]).toEqual([[], 1]);
  const news = await read(salon);
  expect(news?.blocks).toHaveLength(2);
  await news?.told();
  expect([await waits(salon), await isNews(salon)]).toEqual([0, false]);
});

test("who comes to the place of whoever was chosen hears nothing of a level of before", async (salon) => {
  await reached(salon);
  salon.notify.turn = async () => {
    await salon.sql`update accounts set external_id = '502' where account = ${HERE}`;
  };
  expect(await tell(salon)).toBe(0);
  expect(salon.tries).toEqual([]);
});

/** Everybody earns less from a month from now on; that was said to who had the card yesterday, or was to be. */
async function worseTerms({ sql }: TwoMessengers): Promise<void> {
  await sql`insert into level_terms (levels, since, accepted_by) values ('0.00:1.00,8000.00:3.00', now() + interval '31 days', 'telegram:1')`;
  await sql`
    insert into level_changes (client_id, kind, terms_id, until, was, percent, actor, key, after_row, at, due_at)
    select c.id, 'terms', t.id, '2026-04-12', 3, 1, 'levels', 'terms:1:1', 0, now() - interval '1 day', now() from clients c, level_terms t`;
}

test("terms that are still to come are for whoever has the card, since whenever", async (salon) => {
  await worseTerms(salon);
  await blocks(salon, HERE);
  expect(await tell(salon)).toBe(1);
  expect(salon.last()).toContain("меняются условия уровней");
});

const followed = ({ sql }: TwoMessengers) => sql`insert into level_terms (since) values (now())`;

test("terms that were given up are no news, and over, also where the card's person is told nothing unasked", async (salon) => {
  salon.notify.tells = [];
  await worseTerms(salon);
  expect(await isNews(salon)).toBe(true);
  await followed(salon);
  expect(await isNews(salon)).toBe(false);
  expect(await tell(salon)).toBe(0);
  expect([salon.tries, await waits(salon)]).toEqual([[], 0]);
});

const begun = ({ sql }: TwoMessengers) => sql`select about from begun_messages`;
const unsure: Sent = { kind: "failed", why: "timed out", passes: true, mayHaveArrived: true };

test("of a change that nobody is told any more nothing stays begun", async (salon) => {
  await worseTerms(salon);
  salon.next(() => unsure);
  await tell(salon);
  expect(await begun(salon)).toHaveLength(1);
  await followed(salon);
  await salon.sql`update level_changes set due_at = now()`;
  await tell(salon);
  expect(await begun(salon)).toHaveLength(0);
});

test("a level by hand that is undone before it was told leaves nothing begun", async (salon) => {
  const [row] = await salon.sql<{ id: string; card: string }[]>`
    insert into level_changes (client_id, kind, reached, until, ends_at, upwards, was, percent, reason, actor, key, after_row, due_at)
    select id, 'hand', 5000, '2099-01-01', '2099-01-02', true, 1, 3, 'x', 'admin:1', 'hand:1', 0, now() from clients
    returning id, client_id as card`;
  salon.next(() => unsure);
  await tell(salon);
  expect(await begun(salon)).toHaveLength(1);
  const of = { change: Number(row?.id), card: Number(row?.card), actor: "admin:1", was: 3, percent: 1 };
  await salon.db.begin((tx) => undoHand(tx, of));
  expect(await begun(salon)).toHaveLength(0);
});

test("what was begun for another account, or tells of no rows, keeps nobody busy", async (salon) => {
  salon.notify.tells = [];
  await salon.sql`insert into begun_messages (client_id, about, account, rows) select id, 'visits', ${HERE}, '{1}' from clients`;
  expect([await isNews(salon), await isNews(salon, HERE)]).toEqual([false, true]);
  await salon.sql`delete from begun_messages`;
  await salon.sql`insert into begun_messages (client_id, about, account) select id, 'ends', ${THERE} from clients`;
  expect(await isNews(salon)).toBe(false);
});

test("a change that cannot be begun stops no other and is tried later; where the database is away the round ends", async (salon) => {
  await reached(salon);
  await worseTerms(salon);
  const steps = ["add constraint none check (false) not valid", "drop constraint none"];
  salon.notify.turn = async () => {
    const step = steps.shift();
    if (step !== undefined) await salon.sql.unsafe(`alter table begun_messages ${step}`);
  };
  expect(await tell(salon)).toBe(1);
  expect([salon.heard(), await waits(salon)]).toEqual([[0, 1], 1]);
  expect(salon.log.join()).toContain("a client could not be told of a level");
  await salon.sql`update level_changes set due_at = now() where due_at is not null`;
  salon.notify.turn = async () => {
    throw Object.assign(new Error("away"), { code: "ECONNREFUSED" });
  };
  await expect(tell(salon)).rejects.toThrow("away");
});
