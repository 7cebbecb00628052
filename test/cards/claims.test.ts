// A link of the earlier program is a claim: nobody proved it. Until the number is confirmed here it shows and tells nothing.
import { expect, test } from "bun:test";
import { inTransaction } from "../../src/db/connect.ts";
import { enqueueNotice } from "../../src/ledger/outbox.store.ts";
import { accountHere, onEither } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { databaseBefore } from "../helpers/old-database.ts";
import { AGREE } from "../helpers/past.ts";
import { give, salonBot } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";
import { ask, tap } from "../helpers/till-salon.ts";

const VICTIM = "+79005550000";

/** Boris once forwarded Vera's contact to the earlier program, which took her card for his. */
async function claimed() {
  const salon = await salonBot();
  await salon.sql`insert into companies (company_id, title, time_zone) values (1, 'Салон', 'Europe/Moscow')`;
  await give(salon, VICTIM, 7_777_00);
  await salon.sql`update clients set name = 'Вера', claimed_by = ${accountHere(502)}`;
  await salon.sql`
    insert into yclients_clients (yclients_client_id, client_id, name) select 31, id, 'Вера' from clients`;
  return salon;
}
const shows = /Вера|0000|7[  ]?777|5550000/;

onEither("a claim shows nothing of the card, whatever is asked", async () => {
  await using salon = await claimed();
  const { boris, sql } = salon;
  await boris.start();
  for (const asked of ["Баланс", "Карта", "История", "/why", "/mydata", "/unlink", "/card", "спишите баллы"])
    await boris.say(asked);
  await boris.say("/forget");
  expect(salon.said(502).filter((one) => shows.test(one))).toEqual([]);
  expect(soft(salon.said(502).join("\n"))).toContain("Согласие");
  // Nor is anything told of what comes meanwhile.
  await inTransaction(salon.db, (tx) => enqueueNotice(tx, [1], { about: "till", companyId: null, inMs: 0 }));
  await expectTable(sql, "select * from notices", []);
  // Forgetting takes the claim away and leaves the card.
  await boris.tap("Удалить навсегда");
  await expectTable(sql, "select name, claimed_by, phone from clients", [["Вера", null, VICTIM]]);
});

onEither("who confirms the same number has the card with all its history", async () => {
  await using salon = await claimed();
  const { sql } = salon;
  await sql`update clients set claimed_by = ${accountHere(503)}`;
  const vera = salon.person({ id: 503, firstName: "Вера", phone: VICTIM });
  await vera.start();
  expect(await tap(vera, AGREE)).toContain("На карте …0000 уже 7 777 баллов");
  await expectTable(
    sql,
    "select account, claimed_by, a.history_from from clients c join accounts a on a.client_id = c.id",
    [[accountHere(503), null, null]],
  );
});

onEither("who confirms another number gets that one's card, and claims nothing any more", async () => {
  await using salon = await claimed();
  const { boris, sql } = salon;
  await boris.start();
  await boris.tap(AGREE);
  expect(salon.said(502).filter((one) => shows.test(one))).toEqual([]);
  await expectTable(
    sql,
    "select phone, (select a.external_id from accounts a where a.client_id = clients.id) as holder, claimed_by from clients order by id",
    [
      { phone: VICTIM, holder: null, claimed_by: null },
      { phone: "+79007654321", holder: 502, claimed_by: null },
    ],
  );
});

onEither(
  "the owner of the number takes the card, and sees all of it: whoever claimed it never had it",
  async () => {
    await using salon = await claimed();
    const vera = salon.person({ id: 503, firstName: "Вера", phone: VICTIM });
    await vera.start();
    await vera.tap(AGREE);
    expect(await ask(vera, "/history")).toContain("+7 777");
    expect(salon.said(502)).toEqual([]);
    await expectTable(
      salon.sql,
      "select account, claimed_by from clients c join accounts a on a.client_id = c.id",
      [[accountHere(503), null]],
    );
  },
);

test("links that an earlier version imported become claims; whoever agreed here stays linked", async () => {
  await using database = await databaseBefore("claims");
  const { sql } = database;
  await sql`
    insert into clients (phone, telegram_id, last_telegram_id, linked_at, blocked_at, code) values
      ('+79000000001', 501, 501, now(), now(), null), ('+79000000002', 502, 502, now(), null, 'code_code_code_code'),
      ('+79000000003', null, 503, null, null, null), ('+79000000004', null, 504, null, null, null)`;
  await sql`insert into consents (telegram_id, version) values (502, 'v'), (504, 'v')`;
  await sql`insert into notices (client_id, about, due_at) values (1, 'till', now()), (2, 'till', now())`;
  await database.upgrade();
  await expectTable(
    sql,
    "select id, telegram_id, claimed_by, last_account as last, linked from clients order by id",
    [
      { id: 1, telegram_id: null, claimed_by: "telegram:501", last: null, linked: false },
      { id: 2, telegram_id: 502, claimed_by: null, last: "telegram:502", linked: true },
      { id: 3, telegram_id: null, claimed_by: null, last: null, linked: false },
      { id: 4, telegram_id: null, claimed_by: null, last: "telegram:504", linked: false },
    ],
  );
  await expectTable(sql, "select client_id from notices", [{ client_id: 2 }]);
});

test("who agreed here only after the import, with another number perhaps, has proved nothing either", async () => {
  await using database = await databaseBefore("claims");
  const { sql } = database;
  await sql`
    insert into clients (phone, telegram_id, last_telegram_id, linked_at) values
      ('+79000000001', 501, 501, '2026-03-01T12:00Z'), ('+79000000002', 502, 502, '2026-03-01T12:00Z'),
      ('+79000000003', null, 503, null), ('+79000000004', null, 504, null)`;
  await sql`
    insert into bonuslog (client_id, kind, points, actor, key)
    select id, 'opening', 70, 'import:1', 'opening:1:' || id from clients where id in (1, 2, 3) order by id`;
  // The first proved his own number, was asked about a second phone and said no; the second came later than his consent.
  await sql`
    insert into consents (telegram_id, version, agreed_at) values
      (501, 'v', '2026-03-01T12:05Z'), (502, 'v', '2026-03-01T12:00:01Z'), (502, 'w', '2026-03-05T12:00Z'),
      (503, 'v', '2026-03-05T12:00Z'), (504, 'v', '2026-03-05T12:00Z')`;
  await sql`insert into notices (client_id, about, due_at) values (1, 'till', now()), (2, 'till', now())`;
  await database.upgrade();
  await expectTable(
    sql,
    `select telegram_id, claimed_by, last_account as last, linked,
       history_from is not null as closed from clients order by id`,
    [
      { telegram_id: null, claimed_by: "telegram:501", last: null, linked: false, closed: false },
      { telegram_id: 502, claimed_by: null, last: "telegram:502", linked: true, closed: false },
      { telegram_id: null, claimed_by: null, last: null, linked: false, closed: true },
      { telegram_id: null, claimed_by: null, last: "telegram:504", linked: false, closed: false },
    ],
  );
  await expectTable(sql, "select client_id from notices", [{ client_id: 2 }]);
});
