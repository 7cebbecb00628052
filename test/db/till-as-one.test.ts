// What the till had before its screens took it all: moves in dialogues of their own, cards forgotten or left without saying so.
import { expect, test } from "bun:test";
import { expectTable } from "../helpers/db.ts";
import { databaseBefore } from "../helpers/old-database.ts";

test("moves, forgotten cards and cards left for a second phone are taken over", async () => {
  await using database = await databaseBefore("till_as_one");
  const { sql } = database;
  await sql`
    insert into clients (phone, name, telegram_id, linked_at, last_telegram_id) values
      ('+79001234567', 'Анна', null, null, 501), ('+79005550000', 'Анна', 501, now(), 501),
      (null, null, null, null, null), (null, 'Без телефона', null, null, null), (null, null, null, null, null)`;
  await sql`insert into yclients_clients (yclients_client_id, client_id) values (7, 5)`;
  const row = (card: number, points: number, actor: string, key: string) =>
    sql`insert into bonuslog (client_id, kind, points, actor, key) values (${card}, 'move', ${points}, ${actor}, ${key})`;
  await sql`insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 100, 'admin:601', 'op:1')`;
  await row(1, -5, "admin:601", "move:601:10:from");
  await row(2, 5, "admin:601", "move:601:10:to");
  await row(1, -95, "client:1", "move:uuid:from");
  await row(2, 95, "client:1", "move:uuid:to");
  const state = { rev: 1, from: 1, to: 2, points: 500, asked: 1, at: 2, shown: 11 };
  for (const [about, step] of [
    ["move:10", "done"],
    ["move:12", "asked"],
    ["second_phone", "asked"],
  ] as const)
    await sql`
      insert into dialogs (telegram_id, about, state, expires_at)
      values (601, ${about}, ${sql.json({ ...state, step })}, '2099-01-01Z')`;
  await sql`
    insert into screens (chat_id, asked, step, client_id, bill, expires_at) values (601, 1, 'card', 1, 100, '2099-01-01Z')`;
  await database.step();
  await expectTable(
    sql,
    `select asked, message_id, rev, step, client_id, to_client_id, action, trim_scale(points) as points, row_id, seen
     from screens order by asked`,
    [
      [1, null, 1, "card", 1, null, null, null, null, 4],
      [10, 11, 1, "done", 1, 2, "move", 5, 2, 0],
    ],
  );
  await expectTable(sql, "select about from dialogs", [{ about: "second_phone" }]);
  await expectTable(
    sql,
    "select id, left_for, left_at is not null as left, forgotten_at is not null as forgotten from clients order by id",
    [
      { id: 1, left_for: 2, left: true, forgotten: false },
      { id: 2, left_for: null, left: false, forgotten: false },
      { id: 3, left_for: null, left: false, forgotten: true },
      { id: 4, left_for: null, left: false, forgotten: false },
      { id: 5, left_for: null, left: false, forgotten: false },
    ],
  );
  expect(await sql`select count(*)::int as rows from bonuslog`).toEqual([{ rows: 5 }] as never);
});
