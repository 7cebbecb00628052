// What became of an invitation is told to each of the two once: to who may see it, and at no cost once it is told.
import { expect } from "bun:test";
import { refusalsToTell, untoldRefusalsOf } from "../../src/friends/friends.ts";
import { newsFor } from "../../src/notices/news.ts";
import { tellRefusals } from "../../src/notices/refusals.ts";
import { testIn } from "../helpers/test-in.ts";
import { HERE, THERE, type TwoMessengers, twoMessengers } from "../helpers/two-messengers.ts";

const test = testIn(twoMessengers);

/** Anna invited so many, whom nobody knows here in any messenger, and all of it came to nothing. */
async function refused({ sql }: TwoMessengers, count: number, told: { friend: boolean; inviter: boolean }) {
  await sql`
    with invited as (
      insert into clients (phone) select '+7901' || lpad(n::text, 7, '0') from generate_series(1, ${count}::int) n returning id)
    insert into friends (friend, inviter, tied_at, friend_points, inviter_points, after_days, changed_at, state, why, friend_told, inviter_told)
    select i.id, c.id, '2026-03-12T09:00:00Z', 200, 300, 3, '2026-03-12T10:00:00Z', 'refused', 'known', ${told.friend}, ${told.inviter}
    from invited i, clients c where c.phone = '+79001234567'`;
}

/** For how many cards it was looked up who has them now, while this was read. */
function lookedUp({ db }: TwoMessengers, read: (sql: typeof db) => Promise<unknown>): Promise<number> {
  return db.begin(async (tx) => {
    await tx`set local track_functions = 'all'`;
    await read(tx as unknown as typeof db);
    const [row] = await tx`
      select coalesce(sum(calls), 0)::int as calls from pg_stat_xact_user_functions where funcname = 'way_of_person'`;
    return row?.calls as number;
  });
}

test("refusals that both were told cost nothing, at a message nor at a round; of others those of the card alone are looked at", async (salon) => {
  const [card] = await salon.sql<{ id: string }[]>`select id from clients where phone = '+79001234567'`;
  const anna = Number(card?.id);
  await refused(salon, 300, { friend: true, inviter: true });
  expect(await lookedUp(salon, (sql) => untoldRefusalsOf(sql, anna, HERE, []))).toBe(0);
  expect(await lookedUp(salon, (sql) => refusalsToTell(sql, ["telegram"], 50))).toBe(0);
  await salon.sql`update friends set friend_told = false`;
  expect(await lookedUp(salon, (sql) => untoldRefusalsOf(sql, anna, HERE, []))).toBe(0);
  await salon.sql`update friends set friend_points = 0`;
  expect(await lookedUp(salon, (sql) => refusalsToTell(sql, ["telegram"], 50))).toBe(0);
  await salon.sql`update friends set inviter_told = false where friend = (select min(friend) from friends)`;
  expect(await untoldRefusalsOf(salon.db, anna, HERE, [])).toMatchObject([{ side: "inviter", card: anna }]);
  expect(await refusalsToTell(salon.db, ["telegram"], 50)).toMatchObject([{ side: "inviter", card: anna }]);
});

/** Anna's card in Telegram is older than whoever has her number in the other messenger; before that one came, an invitation was refused. */
async function refusedBefore(salon: TwoMessengers) {
  await refused(salon, 1, { friend: true, inviter: false });
  await salon.sql`update friends set kept_at = now() - interval '1 day'`;
}
const tell = ({ notify }: TwoMessengers) => tellRefusals(notify);
const news = async ({ notify }: TwoMessengers) =>
  (await newsFor(notify, { account: THERE, language: "ru" }))?.blocks.length ?? 0;
const untold = async ({ sql }: TwoMessengers) =>
  (await sql`select from friends where not inviter_told`).length;

test("what became of an invitation is told to whoever made it, and to nobody who has the number since", async (salon) => {
  await refusedBefore(salon);
  await tell(salon); // the other account was used last
  expect(salon.heard()).toEqual([1, 0]);
  expect(await untold(salon)).toBe(0);
});

test("what only who has blocked us may be told is tried at nobody, and told once they are back", async (salon) => {
  await refusedBefore(salon);
  await salon.sql`update accounts set blocked_at = now() where account = ${HERE}`;
  await tell(salon);
  expect([salon.tries, await refusalsToTell(salon.db, salon.notify.tells, 50)]).toEqual([[], []]);
  await salon.sql`update accounts set blocked_at = null`;
  await tell(salon);
  expect(salon.heard()).toEqual([1, 0]);
});

test("who has the number since is told what becomes of what came since; and of all, once they see all", async (salon) => {
  await refusedBefore(salon);
  await salon.sql`update friends set kept_at = now() + interval '1 minute'`;
  await tell(salon);
  expect(salon.heard()).toEqual([0, 1]);
  await salon.sql`update friends set inviter_told = false, kept_at = now() - interval '1 day'`;
  await salon.sql`update accounts set history_from = null`;
  await tell(salon);
  expect(salon.heard()).toEqual([0, 2]);
});

test("where nobody may be told unasked it is no news to who has the number since; to who made it it is, whoever else is told", async (salon) => {
  salon.notify.tells = ["telegram"];
  await refusedBefore(salon);
  await salon.sql`update accounts set blocked_at = now() where account = ${HERE}`;
  expect(await news(salon)).toBe(0);
  await salon.sql`update accounts set blocked_at = null, history_from = case when account = ${HERE} then now() end`;
  await tell(salon);
  expect(salon.tries).toEqual([]);
  expect(await news(salon)).toBe(2);
});

test("who comes to the place of whoever was chosen is told nothing", async (salon) => {
  await refusedBefore(salon);
  salon.notify.turn = async () => {
    await salon.sql`update accounts set external_id = '502' where account = ${HERE}`;
  };
  await tell(salon);
  expect(salon.tries).toEqual([]);
  expect(await untold(salon)).toBe(1);
});

test("of a refusal that the messenger will never take nothing stays begun", async (salon) => {
  await refused(salon, 1, { friend: true, inviter: false });
  salon.notify.tells = ["memory"];
  await salon.sql`update accounts set history_from = null`;
  salon.next(() => ({ kind: "failed", why: "timed out", passes: false, mayHaveArrived: true }));
  await tell(salon);
  expect(await untold(salon)).toBe(0);
  expect(await salon.sql`select from begun_messages`).toHaveLength(0);
});

/** The database refuses the first message that is begun, and no later one. */
function refusesFirst({ notify, sql }: TwoMessengers): void {
  const steps = ["add constraint none check (false) not valid", "drop constraint none"];
  notify.turn = async () => {
    const step = steps.shift();
    if (step !== undefined) await sql.unsafe(`alter table begun_messages ${step}`);
  };
}

test("a refusal that cannot be begun stops no other, and is told by the next round", async (salon) => {
  await refused(salon, 2, { friend: true, inviter: false });
  await salon.sql`update accounts set history_from = null`;
  refusesFirst(salon);
  await tell(salon);
  expect(salon.heard()).toEqual([0, 1]);
  expect(salon.log.join()).toContain("nobody could be told what became of an invitation");
  await tell(salon);
  expect(salon.heard()).toEqual([0, 2]);
});

test("where the database is away the round ends", async (salon) => {
  await refused(salon, 2, { friend: true, inviter: false });
  let times = 0;
  salon.notify.turn = async () => {
    times++;
    throw Object.assign(new Error("away"), { code: "ECONNREFUSED" });
  };
  await expect(tell(salon)).rejects.toThrow("away");
  expect(times).toBe(1);
});
