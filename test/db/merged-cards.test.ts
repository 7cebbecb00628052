// Cards that had gone into another before merges were written down: where it can be told they say so, and late points follow.
import { test } from "bun:test";
import { connect } from "../../src/db/connect.ts";
import { expectTable } from "../helpers/db.ts";
import { databaseBefore } from "../helpers/old-database.ts";
import { expectSound } from "../helpers/sound.ts";

test("old merges are told by the rows that they wrote; of other empty cards nothing is guessed", async () => {
  await using database = await databaseBefore("merged_cards");
  const { sql } = database;
  await sql`
    insert into clients (phone, name, forgotten_at) values ('+79001234567', 'Анна', null), (null, null, null),
      (null, null, null), (null, null, null), (null, 'Без телефона', null), (null, null, null)`;
  await sql`insert into yclients_clients (yclients_client_id, client_id) values (6, 6)`;
  const row = (card: number, kind: string, points: number, key: string, corrects: number | null = null) =>
    sql`
      insert into bonuslog (client_id, kind, points, actor, key, paid, corrects)
      values (${card}, ${kind}, ${points}, ${kind === "opening" ? "sync" : "admin:601"}, ${key}, ${kind === "spend" ? 100 : null}, ${corrects})`;
  await row(2, "credit", 50, "op:1:1");
  await row(2, "spend", -30, "op:1:2");
  await sql`insert into spends (id, day, bill) values (2, '2026-01-01', 100)`;
  await row(2, "opening", -20, "opening:2:from");
  await row(1, "opening", 20, "opening:2:to");
  await row(2, "undo", 30, "undo:2", 2); // the fault that this migration makes good
  await row(3, "credit", 7, "op:1:3");
  await row(3, "opening", -7, "opening:3:from");
  await row(1, "opening", 7, "opening:3:to");
  await sql`update clients set forgotten_at = '2026-01-01' where id = 3`; // as 0010 took it
  await sql`
    insert into screens (chat_id, asked, step, client_id, expires_at) values (601, 1, 'card', 2, '2099-01-01Z')`;
  await database.upgrade();
  await expectTable(
    sql,
    "select id::int, merged_into::int as went, forgotten_at is not null as forgotten from clients order by id",
    [
      { id: 1, went: null, forgotten: false },
      { id: 2, went: 1, forgotten: false },
      { id: 3, went: 1, forgotten: false },
      { id: 4, went: null, forgotten: true },
      { id: 5, went: null, forgotten: false },
      { id: 6, went: null, forgotten: false },
    ],
  );
  await expectTable(
    sql,
    "select client_id::int as card, trim_scale(balance) as holds from balances order by 1",
    [
      { card: 1, holds: 57 },
      { card: 2, holds: 0 },
      { card: 3, holds: 0 },
    ],
  );
  await expectTable(
    sql,
    "select key, is_telegram_notified as told from bonuslog where key like '%late%' order by id",
    [
      { key: "opening:2:late:from", told: true },
      { key: "opening:2:late:to", told: true },
    ],
  );
  await expectTable(sql, "select client_id::int as card from screens", [{ card: 1 }]);
  const db = connect(database.url, { max: 1 });
  await expectSound(db);
  await db.end();
});
