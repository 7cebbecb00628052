// A card in two messengers: its notices go to the one that was used last, by the other when that is gone or away, and never to both.
import { expect } from "bun:test";
import { welcomeBack } from "../../src/cards/absence.ts";
import { holdingOf } from "../../src/cards/clients.store.ts";
import { codedCard } from "../../src/cards/codes.store.ts";
import type { Sent } from "../../src/channels/channel.ts";
import { keepLives } from "../../src/ledger/ends.ts";
import { markNotified } from "../../src/ledger/ledger.ts";
import { enqueueWarnings } from "../../src/notices/ends.ts";
import { notifyLevels } from "../../src/notices/level-notices.ts";
import { keepSaid } from "../../src/notices/telling.ts";
import type { CardId, EntryId } from "../../src/rules/ids.ts";
import { dayOf } from "../../src/rules/time.ts";
import { testIn } from "../helpers/test-in.ts";
import { HERE, THERE, twoMessengers } from "../helpers/two-messengers.ts";

const test = testIn(twoMessengers);

const unsure = (): Sent => ({ kind: "failed", why: "timed out", passes: true, mayHaveArrived: true });
const refused = (): Sent => ({ kind: "failed", why: "ECONNREFUSED", passes: true, mayHaveArrived: false });

test("a notice goes to the account that was used last, and no message to the other", async (salon) => {
  await salon.paid(3500);
  await salon.tell();
  expect(salon.heard()).toEqual([0, 1]);
  await salon.uses(HERE);
  await salon.paid(1000);
  await salon.tell();
  expect(salon.heard()).toEqual([1, 1]);
  expect(await salon.untold()).toEqual([]);
  expect(await salon.sql`select from begun_messages`).toHaveLength(0);
});

test("who has blocked the one is told by the other, in the same round", async (salon) => {
  salon.vera.open = false;
  await salon.paid(3500);
  expect(await salon.tell()).toMatchObject({ sent: 1, blocked: 1 });
  expect(salon.heard()).toEqual([1, 0]);
});

test("a messenger that is away is begun nothing in; after five minutes the other one tells", async (salon) => {
  salon.away.add("memory");
  await salon.paid(3500);
  expect(await salon.tell()).toMatchObject({ postponed: 1 });
  await salon.later(3);
  await salon.tell();
  expect(salon.tries).toEqual([]);
  await salon.later(3);
  expect(await salon.tell()).toMatchObject({ sent: 1 });
  expect(salon.tries).toEqual([HERE]);
  salon.away.clear();
  await salon.later(3);
  await salon.tell();
  expect(salon.heard()).toEqual([1, 0]);
});

test("a messenger that is away is asked again within seconds, and ever more rarely, each minute at least", async (salon) => {
  const dueIn = async () => {
    const [row] = await salon.sql<[{ s: number }]>`
      select round(extract(epoch from due_at - clock_timestamp()))::float8 as s from notices`;
    return row.s;
  };
  salon.away.add("memory");
  await salon.paid(3500);
  await salon.tell();
  expect(await dueIn()).toBeWithin(3, 6);
  await salon.later(0.5);
  await salon.tell();
  expect(await dueIn()).toBeWithin(25, 35);
  await salon.later(3);
  await salon.tell();
  expect(await dueIn()).toBeWithin(55, 61);
});

test("that a messenger is away is said once, and once that it is back", async (salon) => {
  await salon.paid(3500);
  salon.away.add("memory");
  for (const minutes of [0, 1, 1]) {
    await salon.later(minutes);
    await salon.tell();
  }
  expect(salon.changes).toEqual(["memory away"]);
  salon.away.clear();
  await salon.later(1);
  await salon.tell();
  await salon.paid(1000);
  await salon.tell();
  expect(salon.changes).toEqual(["memory away", "memory back"]);
  expect(salon.heard()).toEqual([0, 2]);
});

test("how long it is late stands with the notice: a program that has just begun does not wait anew", async (salon) => {
  salon.away.add("memory");
  await salon.paid(3500);
  await salon.tell();
  await salon.sql`update notices set due_at = now(), late_since = now() - interval '6 minutes'`;
  expect(await salon.tell()).toMatchObject({ sent: 1 });
  expect(salon.heard()).toEqual([1, 0]);
});

test("what nobody was reached with is free; what may have arrived stays, however long its messenger is away", async (salon) => {
  await salon.paid(3500);
  salon.next(refused);
  await salon.tell();
  expect(await salon.sql`select from begun_messages`).toHaveLength(0);
  salon.next(unsure);
  await salon.later(1);
  await salon.tell();
  const [, read = 0] = salon.heard();
  salon.away.add("memory");
  await salon.uses(HERE);
  await salon.later(60);
  await salon.tell();
  expect(salon.heard()).toEqual([0, read]);
  salon.away.clear();
  await salon.later(60);
  await salon.tell();
  expect(salon.heard()).toEqual([0, read + 1]);
  expect(await salon.untold()).toEqual([]);
});

test("of what may have arrived at who has blocked us since, the other account hears nothing, but of all that comes later", async (salon) => {
  await salon.paid(3500);
  salon.next(unsure);
  await salon.tell();
  salon.vera.open = false;
  await salon.paid(1000);
  await salon.later(60);
  expect(await salon.tell()).toMatchObject({ blocked: 1, sent: 1 });
  expect(salon.said()).toHaveLength(1);
  expect(salon.said()[0]).toContain("+10 баллов");
  expect(salon.said()[0]).not.toContain("3 500");
  expect(await salon.untold()).toEqual([1]);
  expect(await salon.sql`select from notices`).toHaveLength(0);
  // Nobody writes of it here, and nothing says so.
  expect(salon.said()[0]).not.toContain("ещё напишем");
  expect(await holdingOf(salon.db, HERE)).toMatchObject({ balance: 4_500, waiting: 0 });
  expect(await codedCard(salon.db, HERE, "freshcode0000000000001")).toMatchObject({ waiting: 0 });
  const back = await welcomeBack(salon.db, THERE);
  expect(back).toMatchObject({ gained: 3_500, rows: 1 });
  expect(await salon.untold()).toEqual([]);
});

test("a program that dies between the message and its mark has told the one account, and the next one tells no other", async (salon) => {
  await salon.paid(3500);
  salon.next(() => {
    throw new Error("killed");
  });
  await salon.tell();
  expect(salon.heard()).toEqual([0, 1]);
  await salon.uses(HERE);
  await salon.later(5);
  await salon.tell();
  expect(salon.heard()).toEqual([0, 2]);
  expect(await salon.untold()).toEqual([]);
});

test("what may have arrived at an account that has left the card counts as told", async (salon) => {
  await salon.paid(3500);
  salon.next(unsure);
  await salon.tell();
  await salon.sql`delete from accounts where account = ${THERE}`;
  await salon.later(5);
  await salon.tell();
  expect(salon.said()).toEqual([]);
  expect(await salon.untold()).toEqual([]);
});

test("of what may have arrived at who has blocked us and left since, nothing promises word", async (salon) => {
  await salon.paid(3500);
  salon.next(unsure);
  await salon.tell();
  salon.vera.open = false;
  await salon.paid(1000);
  await salon.later(60);
  await salon.tell();
  await salon.sql`delete from accounts where account = ${THERE}`;
  expect(await holdingOf(salon.db, HERE)).toMatchObject({ balance: 4_500, waiting: 0 });
});

test("once a part is told, what else was left to an account stays left to it", async (salon) => {
  await salon.paid(3500);
  await salon.paid(1000);
  const [{ card }] = await salon.sql<[{ card: CardId }]>`select client_id as card from bonuslog limit 1`;
  await salon.sql`
    insert into begun_messages (client_id, about, account, rows) values (${card}, 'visits', ${HERE}, '{1,2}')`;
  const told = (id: EntryId) =>
    keepSaid(salon.db, { card, about: "visits", subject: 0 }, HERE, {
      told: (tx) => markNotified(tx, [id], HERE),
    });
  await told(1 as EntryId);
  expect([...(await salon.sql`select to_json(rows) as rows from begun_messages`)]).toEqual([{ rows: [2] }]);
  await told(2 as EntryId);
  expect(await salon.sql`select from begun_messages`).toHaveLength(0);
});

test("who comes back is not told what the other account is being told, and that one is", async (salon) => {
  await salon.sql`update accounts set blocked_at = now() where account = ${HERE}`;
  await salon.paid(3500);
  let back: unknown = null;
  salon.next(async (sent) => {
    await salon.paid(1000);
    back = await welcomeBack(salon.db, HERE);
    return sent;
  });
  await salon.tell();
  expect(back).toMatchObject({ gained: 1_000, rows: 1, balance: 4_500, waiting: 0 });
  await salon.tell();
  expect(salon.heard()).toEqual([0, 1]);
  expect(await salon.untold()).toEqual([]);
});

test("what was being told to the other and did not get there is told by the next round", async (salon) => {
  await salon.sql`update accounts set blocked_at = now() where account = ${HERE}`;
  await salon.paid(3500);
  let back: unknown = null;
  salon.next(async () => {
    back = await welcomeBack(salon.db, HERE);
    return refused();
  });
  await salon.tell();
  expect(back).toMatchObject({ rows: 0 });
  await salon.later(5);
  await salon.tell();
  expect(await salon.untold()).toEqual([]);
});

test("a warning of points that end, and a change of a level, go by the same rule", async (salon) => {
  await keepLives(
    salon.db,
    { pointsLive: { months: 2 }, welcomeLive: null, birthdayLive: null },
    new Date("2026-01-01T12:00:00Z"),
  );
  await salon.sql`
    insert into bonuslog (client_id, kind, points, actor, key, awarded_at, is_telegram_notified)
    select id, 'credit', 100, 'admin:1', 'till:1:telegram:1:1', '2026-01-10T12:00:00Z', true from clients`;
  salon.clock.now = new Date("2026-03-01T12:00:00+03:00");
  await enqueueWarnings(salon.db, dayOf(salon.clock.now, "Europe/Moscow"));
  salon.next(unsure);
  await salon.tell();
  salon.vera.open = false;
  await salon.later(5);
  await salon.tell();
  await enqueueWarnings(salon.db, dayOf(salon.clock.now, "Europe/Moscow"));
  await salon.tell();
  expect(salon.heard()).toEqual([0, 1]); // it may have been read there
  expect(await salon.sql`select from notices`).toHaveLength(0);

  salon.vera.open = true;
  await salon.sql`update accounts set blocked_at = null`;
  const change = (key: string) => salon.sql`
    insert into level_changes (client_id, kind, reached, turnover, was, percent, actor, key, after_row, due_at)
    select id, 'up', 5000, 5000, 1, 3, 'levels', ${key}, 0, now() from clients`;
  await change("up:1:1");
  salon.vera.open = false;
  expect(await notifyLevels(salon.notify, "Europe/Moscow")).toBe(1);
  expect(salon.heard()).toEqual([1, 1]);
  salon.vera.open = true;
  await salon.sql`update accounts set blocked_at = null`;
  await change("up:1:2");
  salon.next(unsure);
  await notifyLevels(salon.notify, "Europe/Moscow");
  salon.vera.open = false;
  await salon.sql`update level_changes set due_at = now() where due_at is not null`;
  expect(await notifyLevels(salon.notify, "Europe/Moscow")).toBe(0);
  expect(await salon.sql`select from level_changes where due_at is not null`).toHaveLength(0);
  expect(salon.heard()).toEqual([1, 2]);
});

test("the database lets no message go to two accounts, nor to one that has not the card", async (salon) => {
  const begun = (account: string, rows: number[] | null, about = "visits") =>
    salon.sql`
      insert into begun_messages (client_id, about, account, rows) select id, ${about}, ${account}, ${rows}::bigint[] from clients where id = 1`.then(
      () => "",
      (error: { constraint_name?: string }) => error.constraint_name ?? "",
    );
  expect(await begun(THERE, [1, 2])).toBe("");
  expect(await begun(HERE, [2, 3])).toBe("a_message_goes_to_one_account");
  expect(await begun(HERE, [3])).toBe("");
  expect(await begun(HERE, null, "ends")).toBe("");
  expect(await begun(THERE, null, "ends")).toBe("a_message_goes_to_one_account");
  await salon.linked(502, "+79007654321");
  for (const stranger of ["telegram:999", "telegram:502"])
    expect(await begun(stranger, [4])).toBe("a_message_goes_to_who_has_the_card");
  const changed = (set: string) =>
    salon.sql.unsafe(`update begun_messages set ${set} where account = '${HERE}' and about = 'visits'`).then(
      () => "",
      (error: { constraint_name?: string }) => error.constraint_name ?? "",
    );
  expect(await changed("rows = '{1,3}'")).toBe("a_message_goes_to_one_account");
  expect(await changed(`account = '${THERE}', rows = '{5}'`)).toBe("a_message_stays_whose_it_is");
  expect(await changed("rows = '{3,4}'")).toBe("");
});
