// What belongs to a person, however they are known: shown by /mydata, gone after /forget, brought back by no pass; and
// nothing of anybody else's goes with it.

import { expect } from "bun:test";
import { veilOf } from "../../src/cards/veil.ts";
import { importList, listOf } from "../../src/import/list.ts";
import { authorOf } from "../../src/rules/author.ts";
import { postReadings } from "../../src/visits/post.ts";
import type { Reading } from "../../src/yclients/record.ts";
import { accountHere } from "../helpers/both.ts";
import { dumped, expectTable } from "../helpers/db.ts";
import { programmeOf, readingOf } from "../helpers/ledger.ts";
import { AGREE, BRANCH, linkedAnna, row } from "../helpers/past.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";
import { ask } from "../helpers/till-salon.ts";

const walks = testIn(salonOfZina);
const onEither = walks.either;

const ID = 987_654_321_012;
const [X, Y, Z] = ["+79261112233", "+79264445566", "+79267778899"];
const ZINA = 8_123_456_789;
const SECOND = 8_123_456_790;
const name = "Зинаида";
/** Her names, numbers in any spelling, and her account. */
const spelled = (phone: string) => [...phone.slice(2)].join("\\D{0,3}");
const traces = new RegExp(`${[X, Y, Z].map(spelled).join("|")}|${ID}|${name}|Zinaida`);

/** A salon whose journal can be read, with Zinaida in Telegram; `forget` asks and agrees. */
async function salonOfZina() {
  const salon = await linkedAnna({ adminIds: ["telegram:601"] });
  const person = salon.person({ id: ID, firstName: name, phone: X });
  const programme = programmeOf({ companyId: BRANCH, start: "2026-02-12", veil: veilOf("secret") });
  let seconds = 0;
  const visit = (recordId: number, id: number, phone: string | null, changes: Partial<Reading> = {}) => {
    const moment = new Date(Date.now() + ++seconds * 1000);
    const whose = { recordId, visitId: recordId + 5_000_000, client: { id, name, phone } };
    return postReadings(salon.db, programme, [readingOf({ ...whose, ...changes }, moment)], null);
  };
  const link = async () => {
    await person.start();
    await person.tap(AGREE);
  };
  const forget = async () => {
    await ask(person, "/forget", "Удалить навсегда");
  };
  const last = () => salon.said(ID).at(-1) ?? "";
  const nothingLeft = async () => {
    expect((await dumped(salon.sql)).match(traces)).toBeNull();
    await expectSound(salon.db);
  };
  return Object.assign(salon, { somebody: salon.person, person, visit, link, forget, last, nothingLeft });
}

/** All that a later pass may say of her, under both numbers of the client and under every phone: nothing comes back. */
async function comesBackInNothing(salon: Awaited<ReturnType<typeof salonOfZina>>): Promise<void> {
  const cards = await salon.sql`select count(*)::int as n from clients`;
  let record = 900;
  for (const id of [ZINA, SECOND, 8_123_456_791])
    for (const phone of [X, Y]) await salon.visit(++record, id, phone);
  await salon.nothingLeft();
  expect(await salon.sql`select count(*)::int as n from clients`).toEqual(cards);
  await expectTable(salon.sql, "select distinct decision, client_id from visits where record_id > 900", [
    { decision: "forgotten", client_id: null },
  ]);
}

onEither(
  "the journal's new number is hers too: it goes, and nothing of its card is shown to who has not proved it",
  async (salon) => {
    const { visit, link, forget, last, person, sql } = salon;
    await visit(1, ZINA, X);
    await link();
    await visit(2, ZINA, Y, { client: { id: ZINA, name: "Zinaida", phone: Y } });
    await visit(3, ZINA, Y, { paidFull: false, servicesPaid: 0 });
    await sql`
    insert into look_again (company_id, record_id, reason) values (${BRANCH}, 2, 'payment_fell'), (${BRANCH}, 77, 'hint')`;
    await sql`
    insert into screens (bot, account, asked, step, client_id, expires_at)
    select 1, ${accountHere(601)}, 1, 'card', id, now() + interval '1 day' from clients where phone = ${Y}`;
    await sql`
    insert into screens (bot, account, asked, step, sought, expires_at)
    values (1, ${accountHere(601)}, 2, 'nobody', '8 (926) 444-55-66', now() + interval '1 day')`;
    await sql`
    insert into dialogs (account, about, state, expires_at)
    values (${accountHere(601)}, 'typed', ${sql.json({ typed: "89264445566" })}, now() + interval '1 day')`;
    await person.say("/mydata");
    expect(last()).toContain(
      "Ещё карта. В журнале салона вы записаны и под другим номером. Здесь он не подтверждён",
    );
    await person.say("/forget");
    expect(last()).toContain("Удалим и карту под другим номером, на который вас переписали в журнале салона");
    expect(salon.said(ID).join("\n")).not.toMatch(/5566|Визиты, всего 2|записаны так/);
    await person.tap("Удалить навсегда");
    await salon.nothingLeft();
    await expectTable(sql, "select record_id from look_again", [{ record_id: 77 }]);
    await expectTable(sql, "select count(*)::int as cards from clients where forgotten_at is not null", [
      [2],
    ]);
    await comesBackInNothing(salon);
    // The sums stay.
    await expectTable(sql, "select trim_scale(sum(points)) as sum from bonuslog", [{ sum: 70 }]);
    await forget();
  },
);

onEither(
  "a stranger whom the journal had under her number by a slip is shown to her in nothing, and stays",
  async (salon) => {
    const { visit, link, forget, person, sql } = salon;
    await link();
    const vera = (phone: string) => ({ client: { id: 77, name: "Вера", phone } });
    const unpaid = { paidFull: false, servicesPaid: 0 };
    await visit(1, 77, null, vera(Y));
    for (const phone of [X, Y]) {
      await visit(2, 77, null, { ...vera(phone), ...unpaid });
      const from = salon.said(ID).length;
      for (const asked of ["/mydata", "/forget"]) await person.say(asked);
      expect(salon.said(ID, from).join("\n")).not.toMatch(/5566|35/);
    }
    expect(salon.said(ID).slice(-2).join("\n")).not.toMatch(/Вера|другим номером/);
    await forget();
    await expectTable(
      sql,
      `select c.phone, c.name, y.name as known, trim_scale(b.balance) as holds, y.forgotten_at from yclients_clients y
     join clients c on c.id = y.client_id join balances b on b.client_id = c.id`,
      [{ phone: Y, name: "Вера", known: "Вера", holds: 35, forgotten_at: null }],
    );
  },
);

onEither(
  "whom the desk has served under a number that she never proved may be somebody else: their points stay",
  async (salon) => {
    const { visit, link, forget, person, sql } = salon;
    await link();
    const vera = (phone: string) => ({ client: { id: 77, name: "Вера", phone } });
    await visit(1, 77, null, { ...vera(X), paidFull: false, servicesPaid: 0 });
    await visit(1, 77, null, vera(Y));
    await row(salon, { day: "2026-03-13", kind: "credit", points: 7.56, phone: Y });
    expect(await ask(person, "/mydata")).not.toMatch(/Вера|другим номером|5566/);
    await forget();
    await expectTable(
      sql,
      `select c.phone, c.name, y.name as known, trim_scale(b.balance)::text as holds from yclients_clients y
     join clients c on c.id = y.client_id join balances b on b.client_id = c.id`,
      [{ phone: Y, name: "Вера", known: "Вера", holds: "42.56" }],
    );
  },
);

onEither(
  "a client of another programme's list under a number that she never proved may be somebody else: their points stay",
  async (salon) => {
    const { visit, link, forget, person, sql } = salon;
    await link();
    const unpaid = { paidFull: false, servicesPaid: 0 };
    for (const phone of [X, Y, X]) await visit(1, ZINA, phone, unpaid);
    const list = listOf(Buffer.from(`phone;points\n${Y};7.16\n`));
    await importList(salon.db, list, { veil: veilOf("partner"), known: null });
    expect(await ask(person, "/mydata")).not.toContain("5566");
    await forget();
    await expectTable(
      sql,
      `select c.phone, trim_scale(b.balance)::text as holds from clients c join balances b on b.client_id = c.id
     where b.balance <> 0`,
      [{ phone: Y, holds: "7.16" }],
    );
  },
);

onEither(
  "a card that she was on by a slip, and that the desk has served since, stays whose it is",
  async (salon) => {
    const { visit, link, forget, person, sql } = salon;
    await link();
    const unpaid = { paidFull: false, servicesPaid: 0 };
    for (const phone of [X, Y, X]) await visit(1, ZINA, phone, unpaid);
    await row(salon, { day: "2026-03-13", kind: "credit", points: 7.16, phone: Y });
    expect(await ask(person, "/mydata")).not.toContain("5566");
    await forget();
    await expectTable(
      sql,
      `select c.phone, trim_scale(b.balance)::text as holds from clients c join balances b on b.client_id = c.id
     where b.balance <> 0`,
      [{ phone: Y, holds: "7.16" }],
    );
  },
);

onEither("a number changed twice is followed, visits or none", async (salon) => {
  const unpaid = { paidFull: false, servicesPaid: 0 };
  await salon.visit(1, ZINA, X, unpaid);
  await salon.link();
  await salon.visit(2, ZINA, Z, unpaid);
  await salon.visit(3, ZINA, Y, unpaid);
  expect(await dumped(salon.sql)).toMatch(new RegExp(spelled(Z)));
  await salon.forget();
  await salon.nothingLeft();
  await comesBackInNothing(salon);
});

onEither("two clients of the journal with one number, one of them read only later", async (salon) => {
  await salon.visit(1, ZINA, X);
  await salon.visit(2, SECOND, X);
  await salon.link();
  await salon.forget();
  await salon.nothingLeft();
  await expectTable(
    salon.sql,
    "select count(*)::int as n from yclients_clients where forgotten_at is not null",
    [{ n: 2 }],
  );
  await salon.visit(3, 8_123_456_791, X);
  await salon.nothingLeft();
  await expectTable(salon.sql, "select decision from visits where record_id = 3", [["forgotten"]]);
});

onEither("who links again is known again, and is told what counts", async (salon) => {
  const { visit, link, forget, last, sql } = salon;
  await visit(1, ZINA, X);
  await link();
  await forget();
  await visit(2, SECOND, X);
  await link();
  expect(last()).toContain(
    "баллов на ней пока нет. Считаем то, что оплатите с этой минуты: за визиты, оплаченные без карты,",
  );
  await visit(2, SECOND, X, { price: 400_000 });
  await visit(4, SECOND, X);
  await salon.person.say("Баланс");
  expect(last()).toContain("35 баллов");
  await expectTable(sql, "select record_id, decision from visits order by 1", [
    { record_id: 1, decision: "awarded" },
    { record_id: 2, decision: "forgotten" },
    { record_id: 4, decision: "awarded" },
  ]);
  await expectTable(sql, "select count(*)::int as n from forgotten_phones", [{ n: 0 }]);
});

onEither(
  "a client who was known otherwise keeps their card when the journal gives them a forgotten number",
  async (salon) => {
    const { visit, link, forget, sql } = salon;
    await visit(1, ZINA, X);
    await link();
    await forget();
    const other = (phone: string | null) => ({ client: { id: 7, name: "Олег", phone } });
    await visit(2, 7, null, other("+79009998877"));
    await visit(3, 8, null, { client: { id: 8, name: "Пётр", phone: null } });
    await visit(4, 7, null, other(X));
    await visit(5, 8, null, { client: { id: 8, name: "Пётр", phone: X } });
    await salon.nothingLeft();
    await expectTable(
      sql,
      `select c.phone, c.name, trim_scale(b.balance) as holds from clients c join balances b on b.client_id = c.id
     where forgotten_at is null order by c.id`,
      [
        { phone: "+79009998877", name: "Олег", holds: 70 },
        { phone: null, name: "Пётр", holds: 70 },
      ],
    );
  },
);

onEither(
  "a card that went into hers, worked with at the till and refunded, leaves nothing",
  async (salon) => {
    const { visit, link, forget, sql } = salon;
    await visit(1, SECOND, null);
    await sql`insert into staff (account, name) values (${accountHere(601)}, 'Ольга')`;
    await sql`
    insert into bonuslog (client_id, kind, points, paid, actor, key)
    select client_id, 'spend', -5, 100, 'admin:601', 'op:601:1' from yclients_clients where yclients_client_id = ${SECOND}`;
    await sql`insert into spends (id, record_id, day, bill) select max(id), 1, '2026-03-12', 100 from bonuslog`;
    await sql`
    insert into screens (bot, account, asked, step, client_id, reason, action, points, row_id, done_at, expires_at)
    select 1, ${accountHere(601)}, 1, 'done', client_id, ${`для ${name}`}, 'spend', 5, id, now(), now() + interval '1 day'
    from bonuslog where kind = 'spend'`;
    await sql`insert into refund_offers (spend_id) select id from spends`;
    await link();
    await visit(1, SECOND, X);
    await expectTable(sql, "select count(*)::int as gone from clients where merged_into is not null", [[1]]);
    await forget();
    await salon.nothingLeft();
    await comesBackInNothing(salon);
  },
);

onEither(
  "a card left for a second phone and one that the journal moved from it go together",
  async (salon) => {
    const { visit, link, forget, person } = salon;
    await visit(1, ZINA, X, { startsAt: new Date("2026-03-01T10:00:00Z") });
    await link();
    await visit(2, ZINA, Y, { startsAt: new Date("2026-03-02T10:00:00Z") });
    await person.shareContact(Z);
    await person.tap("Да, перенести");
    await forget();
    await salon.nothingLeft();
    await comesBackInNothing(salon);
  },
);

onEither(
  "an admin is forgotten as a client; as the author of changes their account stays, without a name",
  async (salon) => {
    const { sql } = salon;
    await salon.visit(1, ZINA, X);
    await salon.link();
    await sql`insert into staff (account, name) values (${accountHere(ID)}, ${name})`;
    await sql`
    insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 5, ${authorOf(accountHere(ID))}, 'op:1')`;
    await salon.forget();
    const held = (await dumped(salon.sql)).split("\n").filter((line) => traces.test(line));
    expect(held).toEqual([expect.stringMatching(new RegExp(`^bonuslog .*${authorOf(accountHere(ID))}`))]);
  },
);

onEither("who got her number when the journal had moved her takes nothing of hers along", async (salon) => {
  const { visit, sql, person } = salon;
  await visit(1, ZINA, X);
  await visit(2, ZINA, Y);
  // Somebody else has X by now, and has only this card.
  await person.start();
  await person.tap(AGREE);
  await person.say("/mydata");
  expect(salon.last()).not.toContain("5566");
  await salon.forget();
  await expectTable(
    sql,
    "select phone, name, forgotten_at from clients where phone is not null and not linked",
    [{ phone: Y, name, forgotten_at: null }],
  );
  await expectTable(
    sql,
    `select client_id is null as gone from yclients_clients where yclients_client_id = ${ZINA}`,
    [{ gone: false }],
  );
});

onEither(
  "a number of the journal that is another account's, or another's in the journal, stays theirs",
  async (salon) => {
    const { visit, link, forget, sql } = salon;
    await visit(1, ZINA, X);
    await link();
    // Boris has linked his own; Oleg is in the journal under Y too, and his record has become somebody else's since.
    await salon.boris.start();
    await salon.boris.tap(AGREE);
    await visit(3, ZINA, Y);
    await visit(2, 7, null, { client: { id: 7, name: "Олег", phone: Y }, paidFull: false, servicesPaid: 0 });
    await visit(2, 8, null, { client: { id: 8, name: "Пётр", phone: "+79009998877" } });
    await visit(4, SECOND, X);
    await visit(5, SECOND, "+79007654321");
    await forget();
    expect(await dumped(salon.sql)).toContain("Олег");
    await expectTable(sql, "select phone, name from clients where phone like '%5566'", [[Y, null]]);
    await expectTable(
      sql,
      `select y.yclients_client_id as id, c.phone, y.forgotten_at is not null as forgotten
     from yclients_clients y left join clients c on c.id = y.client_id order by 1`,
      [
        { id: 7, phone: Y, forgotten: false },
        { id: 8, phone: "+79009998877", forgotten: false },
        { id: ZINA, phone: null, forgotten: true },
        // With Boris's number the journal says that this one is Boris.
        { id: SECOND, phone: "+79007654321", forgotten: false },
      ],
    );
    await expectTable(
      sql,
      "select record_id, client_id is null as bare, yclients_client_id from visits order by 1",
      [
        { record_id: 1, bare: false, yclients_client_id: null },
        { record_id: 2, bare: false, yclients_client_id: 8 },
        { record_id: 3, bare: false, yclients_client_id: null },
        { record_id: 4, bare: false, yclients_client_id: null },
        { record_id: 5, bare: false, yclients_client_id: SECOND },
      ],
    );
    await expectSound(salon.db);
  },
);

onEither(
  "whoever gets a forgotten number next is told nobody's name and no visit of before",
  async (salon) => {
    const { visit, link, forget } = salon;
    await visit(1, ZINA, X);
    await link();
    await forget();
    await visit(2, ZINA, X);
    const oleg = salon.somebody({ id: 777, firstName: "Олег", phone: X });
    await oleg.start();
    await oleg.tap(AGREE);
    // The journal has not learnt of it.
    for (const record of [1, 2, 3]) await visit(record, ZINA, X, record === 3 ? {} : { price: 400_000 });
    for (const asked of ["/mydata", "/why", "/history", "/forget"]) await oleg.say(asked);
    const said = salon.said(777).join("\n");
    expect(said).not.toMatch(/Зинаида|4 000/);
    expect(said).toContain("Визиты, всего 1");
  },
);
