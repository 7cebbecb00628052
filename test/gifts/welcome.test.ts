// The welcome gift: once a phone and once an account, for ever, and to nobody who was here before.
import { expect } from "bun:test";
import { pino } from "pino";
import { veilOf } from "../../src/cards/veil.ts";
import { giftsRound } from "../../src/gifts/gifts.ts";
import { accountHere } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { AGREE, PHONE } from "../helpers/past.ts";
import { give, type SalonBot, salonBot } from "../helpers/salon-bot.ts";
import { testIn } from "../helpers/test-in.ts";

const giftVeil = veilOf("secret", "gifts that are given once");
const welcoming = () => salonBot({ welcomePoints: 10_000 }, undefined, { giftVeil });
const walks = testIn(welcoming);
const onEither = walks.either;
const onBoth = walks.both;

const gifts = (salon: SalonBot, rows: [string, number][]) =>
  expectTable(
    salon.sql,
    "select key, trim_scale(points) as points from bonuslog where kind = 'welcome' order by id",
    rows.map(([key, points]) => ({ key, points })),
  );

async function link(salon: SalonBot): Promise<void> {
  await salon.anna.start();
  await salon.anna.tap(AGREE);
}

onBoth(
  "the first link is given the points, told in its own answer and in no other message",
  async (salon) => {
    await salon.anna.start();
    expect(salon.said(501)[0]).toContain("Карта у вас впервые? Подарим 100 баллов");
    await salon.anna.tap(AGREE);
    expect(salon.said(501).at(-1)).toContain("100 баллов");
    await gifts(salon, [["welcome:1", 100]]);
    await expectTable(salon.sql, "select * from bonuslog where not is_telegram_notified", []);
    await expectTable(salon.sql, "select count(*) as n from gift_marks where ends is null", [[2]]);
    await expectTable(salon.sql, `select * from gift_marks where encode(hash, 'escape') like '%900%'`, []);
  },
);

onEither("the contact that comes twice gives once", async (salon) => {
  await link(salon);
  await salon.anna.shareContact();
  await gifts(salon, [["welcome:1", 100]]);
});

onEither(
  "whoever was forgotten, or let go of the card, and links again is given nothing more",
  async (salon) => {
    await link(salon);
    await salon.anna.say("/unlink");
    await salon.anna.tap("Да, отвязать");
    await link(salon);
    await gifts(salon, [["welcome:1", 100]]);
    await salon.anna.say("/forget");
    await salon.anna.tap("Удалить навсегда");
    await link(salon);
    expect(salon.said(501).at(-1)).toContain("баллов на ней пока нет");
    await gifts(salon, [["welcome:1", 100]]);
  },
);

onEither(
  "another account with the same phone, and another phone of the same account, are given nothing",
  async (salon) => {
    await link(salon);
    const other = salon.person({ id: 777, firstName: "Анна", phone: PHONE });
    await other.start();
    await other.tap(AGREE);
    await salon.anna.start();
    await salon.anna.tap(AGREE, {});
    await salon.anna.shareContact("+79995550001");
    await gifts(salon, [["welcome:1", 100]]);
  },
);

onEither(
  "a mark outlives the card: the same phone with a new account after /forget is known, and so is the account with a new phone",
  async (salon) => {
    await link(salon);
    await salon.anna.say("/forget");
    await salon.anna.tap("Удалить навсегда");
    const { sql } = salon;
    // What the bot remembers of the phone otherwise.
    await sql`delete from forgotten_phones`;
    const other = salon.person({ id: 777, firstName: "Вера", phone: PHONE });
    await other.start();
    await other.tap(AGREE);
    await salon.anna.start();
    await salon.anna.shareContact("+79995550001");
    await gifts(salon, [["welcome:1", 100]]);
    await expectTable(sql, "select count(*) as n from clients where linked", [[2]]);
  },
);

onEither(
  "who had the card before the gift was set is no newcomer, with whatever account or phone",
  async (salon) => {
    const { sql } = salon;
    await give(salon, PHONE, 5000);
    await sql`update clients set last_account = ${accountHere(1)} where phone = ${PHONE}`;
    await link(salon);
    await sql`insert into clients (phone, last_account) values ('+79990000002', ${accountHere(502)})`;
    await salon.boris.start();
    await salon.boris.tap(AGREE);
    await gifts(salon, []);
  },
);

onEither(
  "the points wait for the next paid visit, and are said to: until then no spend takes them",
  async (salon) => {
    const { sql } = salon;
    await link(salon);
    expect(salon.said(501).at(-1)).toContain(
      "Это подарок: потратить его можно будет после следующего оплаченного визита.",
    );
    await expectTable(sql, "select trim_scale(rest) as rest, life, waits from lots", [
      { rest: 100, life: "welcome", waits: true },
    ]);
    const spend = () => sql`
    insert into bonuslog (client_id, kind, points, paid, actor, key) values (1, 'spend', -50, 1000, 'admin:1', 'op:x')`;
    expect(await spend().catch((error) => error.constraint_name)).toBe("spending_never_goes_below_zero");
    await sql`
    insert into bonuslog (client_id, kind, record_id, points, paid, actor, key) values (1, 'award', 7, 10, 1000, 'sync', 'visit:7')`;
    await expectTable(sql, "select trim_scale(rest) as rest, waits from lots order by row_id", [
      { rest: 100, waits: false },
      { rest: 10, waits: false },
    ]);
    await spend();
  },
);

onEither("where no gift is set a link is what it always was", async () => {
  await using salon = await salonBot({}, undefined, { giftVeil });
  await link(salon);
  await gifts(salon, []);
  await expectTable(salon.sql, "select * from gift_marks", []);
  expect(salon.said(501).join(" ")).not.toContain("Подарим");
});

onEither("whom the earlier program had linked is no newcomer", async (salon) => {
  await salon.sql`insert into clients (phone, claimed_by) values (${PHONE}, ${accountHere(501)})`;
  await link(salon);
  await gifts(salon, []);
});

/** Rounds some days from now, each as if it were the only one. */
async function roundsIn({ db }: SalonBot, ...days: number[]): Promise<void> {
  for (const some of days)
    await giftsRound({
      ...{
        db,
        log: pino({ level: "silent" }),
        signal: new AbortController().signal,
        birthdayPoints: null,
        companyIds: [1],
      },
      ...{ yclients: { birthday: async () => null }, veil: giftVeil, timeZone: async () => "Europe/Moscow" },
      now: () =>
        new Date(`${new Date(Date.now() + some * 86_400_000).toISOString().slice(0, 10)}T19:50:00+03:00`),
    });
}

onEither(
  "a welcome whose visit is gone is taken back three days later; one that still waits, or stands on another visit, is not",
  async (salon) => {
    const { sql } = salon;
    await link(salon);
    await roundsIn(salon, 10);
    const award = (record: number) => sql`
    insert into bonuslog (client_id, kind, record_id, points, paid, actor, key)
    values (1, 'award', ${record}, 10, 1000, 'sync', ${`visit:${record}`})`;
    const refund = (record: number) => sql`
    insert into bonuslog (client_id, kind, corrects, points, paid, actor, key)
    select 1, 'correction', id, -10, 0, 'sync', key || ':1' from bonuslog where record_id = ${record}`;
    await award(7);
    await award(8);
    await refund(7);
    await roundsIn(salon, 10);
    await gifts(salon, [["welcome:1", 100]]);
    await refund(8);
    await roundsIn(salon, 2);
    await gifts(salon, [["welcome:1", 100]]);
    await roundsIn(salon, 4, 5);
    await gifts(salon, [
      ["welcome:1", 100],
      ["welcome:1:back", -100],
    ]);
    await expectTable(sql, "select trim_scale(balance) as balance from balances", [{ balance: 0 }]);
  },
);

onEither(
  "nothing is taken from a number's next owner: the points went with the person to another one",
  async (salon) => {
    const { sql } = salon;
    await link(salon);
    await sql`
    insert into bonuslog (client_id, kind, record_id, points, paid, actor, key)
    values (1, 'award', 7, 10, 1000, 'sync', 'visit:7')`;
    await sql`
    insert into bonuslog (client_id, kind, corrects, points, paid, actor, key)
    select 1, 'correction', id, -10, 0, 'sync', 'visit:7:1' from bonuslog where record_id = 7`;
    await sql`insert into clients (phone) values ('+79990000003')`;
    await sql`insert into passed_cards (client_id, at, heir) select 1, now(), max(id) from clients`;
    await roundsIn(salon, 4, 5);
    await gifts(salon, [["welcome:1", 100]]);
  },
);

onEither(
  "a visit that came from another card stands behind a welcome as well as one of its own",
  async (salon) => {
    const { sql } = salon;
    await link(salon);
    await sql`insert into clients (phone) values ('+79990000003')`;
    const [, other] = [1, Number((await sql`select max(id) from clients`)[0]?.max)];
    const row = (
      kind: string,
      card: number,
      points: number,
      key: string,
      of: { record?: number; corrects?: number },
    ) => sql`
    insert into bonuslog (client_id, kind, record_id, corrects, points, paid, reason, actor, key)
    values (${card}, ${kind}, ${of.record ?? null}, ${of.corrects ?? null}, ${points}, 1000, ${kind === "award" ? "paid" : "moved"}, 'sync', ${key})`;
    // Two clients were mixed up in the journal, and are put right.
    await row("award", 1, 10, "visit:7", { record: 7 });
    await row("award", other, 10, "visit:8", { record: 8 });
    await row("correction", 1, -10, "visit:7:2", { corrects: 2 });
    await row("correction", other, 10, "visit:7:3", { corrects: 2 });
    await row("correction", other, -10, "visit:8:2", { corrects: 3 });
    await row("correction", 1, 10, "visit:8:3", { corrects: 3 });
    await roundsIn(salon, 4, 5);
    await gifts(salon, [["welcome:1", 100]]);
  },
);

onEither(
  "what of a gift has ended is given back before the gift is taken: nobody loses it twice",
  async (salon) => {
    const { sql } = salon;
    await link(salon);
    await sql`insert into lives (life, months, days, day) values ('welcome', null, 1, '2020-01-01')`;
    await sql`update lot_ends set ends = '2020-01-02'`;
    await sql`
    insert into bonuslog (client_id, kind, record_id, points, paid, actor, key) values (1, 'award', 7, 10, 1000, 'sync', 'visit:7')`;
    await sql`
    insert into bonuslog (client_id, kind, corrects, points, actor, key) values (1, 'expiry', 1, -100, 'programme', 'expiry:1.1')`;
    await sql`
    insert into bonuslog (client_id, kind, corrects, points, paid, actor, key) values (1, 'correction', 2, -10, 0, 'sync', 'visit:7:1')`;
    await roundsIn(salon, 4, 5);
    await expectTable(
      sql,
      "select kind, trim_scale(points) as points, key from bonuslog where id > 4 order by id",
      [
        { kind: "expiry", points: 100, key: "expiry:1.1:back:1" },
        { kind: "welcome", points: -100, key: "welcome:1:back" },
      ],
    );
    await expectTable(sql, "select trim_scale(balance) as balance from balances", [{ balance: 0 }]);
    await expectTable(sql, "select * from debts", []);
  },
);
