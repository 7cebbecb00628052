// Databases of the releases that named people by Telegram's numbers: all is kept, says which messenger it is of, and works.
import { expect, test } from "bun:test";
import { pino } from "pino";
import { untoldAlarms } from "../../src/alarms/alarms.store.ts";
import { forget, unlink } from "../../src/cards/forget.ts";
import { moveTo } from "../../src/cards/link.ts";
import { veilOf } from "../../src/cards/veil.ts";
import { connect } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { notifyNewBonuses } from "../../src/notices/notify.ts";
import { digestWaits } from "../../src/owners/digests.store.ts";
import { findScreen } from "../../src/till/screens.store.ts";
import { act, takeBack } from "../../src/till/till.ts";
import { emptyDatabase, expectTable, type TestDatabase } from "../helpers/db.ts";
import { migrateUpTo } from "../helpers/old-database.ts";
import { settlesNothing, spending } from "../helpers/programme.ts";
import { expectSound } from "../helpers/sound.ts";

const [ANNA, BORIS] = ["+79001234567", "+79007654321"];
const BOT = 7;
const QUESTION = "01234567-89ab-cdef-0123-456789abcdef";

/** The last migration of each release before accounts: 0.1.0 and 0.2.0. */
const releases = ["0016", "0034"];

/**
 * Anna (501) is linked; Boris (502) too, and has blocked the bot; Vera's (503) link came with an import; Galina (504) has let
 * her card go; Darya (505) has left one card for another. Olga (901) works at the till, Irina (902) is an owner.
 */
async function oldDatabase(release: string): Promise<TestDatabase> {
  const database = await emptyDatabase();
  const { sql } = database;
  await migrateUpTo(sql, release);
  await sql.unsafe(`
    insert into companies (company_id, title, time_zone) values (1, 'Салон', 'Europe/Moscow');
    insert into clients (phone, name, telegram_id, language, linked_at, blocked_at, last_telegram_id, code, history_opened_by,
      history_opened_at, history_from) values
      ('${ANNA}', 'Анна', 501, 'ru', '2026-03-01Z', null, 501, 'AAAABBBBCCCCDDDD', null, null, null),
      ('${BORIS}', 'Борис', 502, 'en', '2026-03-02Z', '2026-03-05Z', 502, null, 901, '2026-03-03Z', null),
      ('+79005550003', 'Вера', 503, null, '2026-03-01Z', null, 503, null, null, null, null),
      ('+79005550004', 'Галина', null, null, null, null, 504, null, null, null, '2026-03-04Z'),
      ('+79005550005', 'Дарья', 505, 'ru', '2026-03-06Z', null, 505, null, null, null, null),
      ('+79005550006', null, null, null, null, null, 505, null, null, null, null);
    update clients set left_for = 5, left_at = '2026-03-06Z' where id = 6;
    insert into consents (telegram_id, version, agreed_at) values
      (501, 'v', '2026-02-01Z'), (501, 'w', '2026-02-02Z'), (502, 'v', '2026-02-01Z'), (504, 'v', '2026-02-01Z'), (505, 'v', '2026-02-01Z');
    insert into dialogs (telegram_id, about, state, expires_at) values
      (501, 'second_phone', '{"question": "${QUESTION}", "from": 1, "phone": "${BORIS}", "holder": 502}', now() + interval '1 day'),
      (504, 'second_phone', '{"question": "r", "from": 4, "phone": "${ANNA}", "holder": null}', now() + interval '1 day'),
      (505, 'consent', '{"version": "v"}', now() + interval '1 day');
    insert into staff (telegram_id, name) values (901, 'Ольга'), (902, 'Ирина');
    insert into bonuslog (client_id, kind, points, paid, corrects, actor, key, is_telegram_notified) values
      (1, 'credit', 100, null, null, 'admin:901', 'op:901:1', true);
    insert into bonuslog (client_id, kind, points, paid, corrects, actor, key, is_telegram_notified) values
      (1, 'spend', -30, 300, null, 'admin:901,owner:902', 'op:901:7', true);
    insert into bonuslog (client_id, kind, points, paid, corrects, actor, key, is_telegram_notified) values
      (1, 'credit', 20, null, null, 'admin:901', 'op:901:8', true);
    insert into bonuslog (client_id, kind, points, paid, corrects, actor, key, is_telegram_notified) values
      (1, 'undo', -20, null, 3, 'admin:902', 'undo:3', true);
    insert into bonuslog (client_id, kind, points, paid, corrects, actor, key, is_telegram_notified) values
      (1, 'credit', 15, null, null, 'admin:901', 'op:901:12', false);
    insert into spends (id, day, bill) values (2, current_date, 300);
    insert into notices (client_id, about, due_at) values (1, 'till', now());
    insert into screens (${release >= "0034" ? "bot, " : ""}chat_id, asked, message_id, step, client_id, bill, action, points, row_id, done_at,
      confirmed_by, undone_by, undone_at, expires_at)
    select ${release >= "0034" ? `${BOT}, ` : ""}* from (values
      (901, 7, 70, 'done', 1, 300, 'spend', 30, 2, now(), 902, null::bigint, null::timestamptz, now() + interval '1 day'),
      (901, 8, 80, 'undone', 1, null, 'credit', 20, 3, now(), null, 902, now(), now() + interval '1 day'),
      (901, 9, 90, 'owner', 1, null, 'credit', 50, null, null, null, null, null, now() + interval '1 hour'),
      (902, 9, 91, 'ask_credit', 2, null, 'credit', null, null, null, null, null, null, now() + interval '1 hour')) old;
    insert into alarms (about, detail, told) values
      ('sync:1', 'unreachable', '{901,902}'), ('unreached:901', '901', '{902}'), ('legal', '', '{}');
    insert into digests (day, last_row) values ('2026-03-11', 2);
    insert into refund_offers (spend_id, told, taken_by, taken_at) values (2, '{901,902}', 902, '2026-03-07Z');`);
  if (release < "0034") return database;
  await sql.unsafe(`
    update clients set claimed_by = 503, telegram_id = null, linked_at = null, last_telegram_id = null where id = 3;
    update clients set had_from = '2026-02-03Z', unlinked_at = '2026-03-04Z' where id = 4;
    insert into digest_readers (day, owner, told_at) values ('2026-03-11', 901, now()), ('2026-03-11', 902, null);`);
  return database;
}

test.each(releases)("a database after migration %s: everybody is who they were", async (release) => {
  await using database = await oldDatabase(release);
  const { sql } = database;
  const numbers = await sql`select id, telegram_id from clients where id <> 3 order by id`;
  await migrate(database.url);

  expect(await sql`select id, telegram_id from clients where id <> 3 order by id`).toEqual(numbers as never);
  await expectTable(
    sql,
    "select channel, external_id, account, client_id, language, linked_at, blocked_at from accounts order by client_id",
    [
      [1, 501, "ru", "2026-03-01", null],
      [2, 502, "en", "2026-03-02", "2026-03-05"],
      [5, 505, "ru", "2026-03-06", null],
    ].map(([card, id, language, linked, blocked]) => [
      ...["telegram", String(id), `telegram:${id}`, card, language, `${linked}T00:00:00.000Z`],
      blocked && `${blocked}T00:00:00.000Z`,
    ]),
  );
  const nobody = { linked: false, last: null, claimed_by: null, opened: null, left_for: null, code: null };
  const had = release >= "0034" ? { had_from: "2026-02-03T00:00:00.000Z" } : { had_from: null };
  await expectTable(
    sql,
    `select id, linked, last_account as last, claimed_by, history_opened_by as opened, left_for, code, had_from from clients order by id`,
    [
      { ...nobody, id: 1, linked: true, last: "telegram:501", code: "AAAABBBBCCCCDDDD", had_from: null },
      { ...nobody, id: 2, linked: true, last: "telegram:502", opened: "telegram:901", had_from: null },
      { ...nobody, id: 3, claimed_by: "telegram:503", had_from: null },
      { ...nobody, id: 4, last: "telegram:504", ...had },
      { ...nobody, id: 5, linked: true, last: "telegram:505", had_from: null },
      { ...nobody, id: 6, last: "telegram:505", left_for: 5, had_from: null },
    ],
  );
  await expectTable(sql, "select account, version from consents order by 1, 2", [
    ["telegram:501", "v"],
    ["telegram:501", "w"],
    ...[502, 504, 505].map((id) => [`telegram:${id}`, "v"]),
  ]);
  await expectTable(sql, "select account, about, state ->> 'holder' as holder from dialogs order by 1", [
    { account: "telegram:501", about: "second_phone", holder: "telegram:502" },
    { account: "telegram:504", about: "second_phone", holder: null },
    { account: "telegram:505", about: "consent", holder: null },
  ]);
  await expectTable(sql, "select account, name from staff order by 1", [
    { account: "telegram:901", name: "Ольга" },
    { account: "telegram:902", name: "Ирина" },
  ]);
  const [bot, by] = [release >= "0034" ? BOT : 0, "telegram:902"];
  await expectTable(
    sql,
    "select bot, account, asked, message_id, step, confirmed_by, undone_by from screens order by account, asked",
    [
      [bot, "telegram:901", 7, 70, "done", by, null],
      [bot, "telegram:901", 8, 80, "undone", null, by],
      [bot, "telegram:901", 9, 90, "owner", null, null],
      [bot, "telegram:902", 9, 91, "ask_credit", null, null],
    ],
  );
  await expectTable(sql, "select about, told from alarms order by 1", [
    { about: "legal", told: [] },
    { about: "sync:1", told: ["telegram:901", "telegram:902"] },
    { about: "unreached:telegram:901", told: ["telegram:902"] },
  ]);
  await expectTable(sql, "select spend_id, told, taken_by from refund_offers", [
    { spend_id: 2, told: ["telegram:901", "telegram:902"], taken_by: by },
  ]);
});

test.each(releases)("a database after migration %s: what was under way goes on", async (release) => {
  await using database = await oldDatabase(release);
  const { sql } = database;
  await migrate(database.url);
  const db = connect(database.url, { max: 2 });
  const [olga, irina, now] = ["telegram:901", "telegram:902", new Date()];
  await expectSound(db);

  const told: string[] = [];
  await notifyNewBonuses({
    ...{ db, log: pino({ level: "silent" }), now: () => now, quietHours: null, supportPhone: null },
    ...{ bookUrl: null, spending },
    ...{ turn: async () => {}, tells: ["telegram"], signal: new AbortController().signal },
    send: async (account, html) => {
      told.push(`${account} ${/\d+/.exec(html)?.[0]}`);
      return { kind: "sent", message: 1 };
    },
  });
  expect(told).toEqual(["telegram:501 15"]);
  expect((await untoldAlarms(db, [olga, irina])).sort()).toEqual(["legal", "unreached:telegram:901"]);
  expect(await untoldAlarms(db, [irina])).toEqual(["legal"]);
  if (release >= "0034") expect(await digestWaits(db, "2026-03-11", [olga, irina])).toEqual([irina]);

  const bot = release >= "0034" ? BOT : 0;
  const limits = { ...spending, ...settlesNothing, adminDailyLimit: null, secondAdminAbove: 10_00 };
  const till = { bot, db, now, rules: { ...limits, ownerIds: [irina], companyIds: [1] } };
  const large = await findScreen(db, { bot, account: olga, asked: 9 }, now);
  const spent = await findScreen(db, { bot, account: olga, asked: 7 }, now);
  if (!large || !spent) throw new Error("the screens are gone");
  expect((await act(till, large, irina)).kind).toBe("done");
  expect((await takeBack(till, spent, olga, false)).kind).toBe("done");
  await expectTable(
    sql,
    "select kind, trim_scale(points) as points, actor, key from bonuslog where id > 5 order by id",
    [
      { kind: "credit", points: 50, actor: "admin:901,owner:902", key: `till:${bot}:${olga}:9` },
      { kind: "undo", points: 30, actor: "admin:901", key: "undo:2" },
    ],
  );

  const veil = veilOf("secret");
  const anna = { account: "telegram:501", firstName: "Анна", language: "ru", now, veil };
  const moved = await moveTo(db, { ...anna, question: QUESTION });
  expect(moved).toMatchObject({
    phone: BORIS,
    previous: { account: "telegram:502", language: "en" },
    moved: 165_00,
  });
  expect(await unlink(db, "telegram:505", 5)).toMatchObject({ phone: "+79005550005" });
  expect(await forget(db, "telegram:501", 2, { now, veil })).toEqual({ kept: [], beside: [] });
  await expectTable(sql, "select account from accounts", []);
  await expectTable(sql, "select id, last_account from clients where last_account is not null order by id", [
    { id: 4, last_account: "telegram:504" },
    { id: 5, last_account: "telegram:505" },
    { id: 6, last_account: "telegram:505" },
  ]);
  await expectSound(db);
  await db.end({ timeout: 1 });
});
