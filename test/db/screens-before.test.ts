// Screens of a release that named no bot and let a chat ask twice: upgraded, they are nobody's, and one question is left.
import { expect, test } from "bun:test";
import { expectTable, refusal } from "../helpers/db.ts";
import { databaseBefore } from "../helpers/old-database.ts";

test("open screens are of a bot that nobody wrote down, and of two questions of a chat the younger is left", async () => {
  await using database = await databaseBefore("screens_name_their_bot");
  const { sql } = database;
  await sql`insert into clients (phone) values ('+79001234567')`;
  await sql`
    insert into screens (chat_id, asked, step, client_id, touched_at, expires_at)
    select chat, asked, step, 1, now() + asked * interval '1 second', '2099-01-01Z'
    from (values (601, 1, 'ask_sum'), (601, 2, 'ask_bill'), (601, 3, 'card'), (602, 1, 'ask_credit')) s (chat, asked, step)`;
  await database.upgrade();
  await expectTable(sql, "select bot, account, asked, step, rev from screens order by account, asked", [
    { bot: 0, account: "telegram:601", asked: 1, step: "closed", rev: 2 },
    { bot: 0, account: "telegram:601", asked: 2, step: "ask_bill", rev: 1 },
    { bot: 0, account: "telegram:601", asked: 3, step: "card", rev: 1 },
    { bot: 0, account: "telegram:602", asked: 1, step: "ask_credit", rev: 1 },
  ]);
  expect(
    await refusal(sql`update screens set step = 'ask_sum' where account = 'telegram:601' and asked = 3`),
  ).toBe("one_question_a_chat");
});
