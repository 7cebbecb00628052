// Being forgotten: nothing of the person is left, the next pass does not bring them back, a new card is a new one.

import { expect } from "bun:test";
import { postReadings } from "../../src/visits/post.ts";
import type { Reading } from "../../src/yclients/record.ts";
import { accountHere, messengerHere } from "../helpers/both.ts";
import { dumped, expectTable } from "../helpers/db.ts";
import { programmeOf, readingOf } from "../helpers/ledger.ts";
import { MemoryChannel } from "../helpers/memory-channel.ts";
import { AGREE, BRANCH, CLIENT, linkedAnna, row, visit } from "../helpers/past.ts";
import type { SalonBot } from "../helpers/salon-bot.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";
import { ask, tap } from "../helpers/till-salon.ts";

const test = testIn(zinaida);
const onEither = test.either;
const onBoth = test.both;

const ID = 987_654_321_012;
const PHONE = "+79261112233";
const traces = /79261112233|9261112233|987654321012|Зинаида|Анна Журнальная/;

async function pass(salon: SalonBot, ...readings: Partial<Reading>[]): Promise<void> {
  const programme = programmeOf({ companyId: BRANCH, start: "2026-02-12" });
  const zinaidas = {
    ...{ recordId: 0, visitId: 5_555_000, client: { id: CLIENT, name: "Зинаида", phone: PHONE } },
    ...{ startsAt: new Date("2026-03-01T10:00:00+03:00"), day: "2026-03-01", changedAt: null },
  };
  const answers = readings.map((reading) => readingOf({ ...zinaidas, ...reading }));
  await postReadings(salon.db, programme, answers, null);
}

/** Zinaida's card with an awarded visit and an unpaid one, points spent, and traces wherever there can be any. */
async function zinaida() {
  const salon = await linkedAnna();
  const person = salon.person({ id: ID, firstName: "Зинаида", phone: PHONE });
  await person.start();
  await person.tap(AGREE);
  await pass(salon, { recordId: 1 }, { recordId: 2, paidFull: false, servicesPaid: 0, visitId: 5_555_001 });
  const spend = await row(salon, { day: "2026-03-05", kind: "spend", points: -5, paid: 1000, phone: PHONE });
  await salon.sql`insert into spends (id, day, bill) values (${spend}, '2026-03-05', 1000)`;
  await visit(salon, 3, { day: "2026-03-06", price: 10, decision: "too_little", phone: PHONE });
  await salon.sql`
    insert into look_again (company_id, record_id, reason) values (${BRANCH}, 1, 'payment_fell'), (${BRANCH}, 77, 'hint')`;
  await person.shareContact("+79260000000");
  await salon.boris.start();
  await salon.boris.tap(AGREE);
  await salon.boris.shareContact(PHONE); // his own question names her phone
  await salon.sql`
    insert into screens (bot, account, asked, step, sought, expires_at)
    values (1, 'telegram:777', 1, 'nobody', ${PHONE}, now() + interval '1 day')`;
  await person.say("/card");
  return Object.assign(salon, { somebody: salon.person, person });
}

test("after it nothing of the person can be found, and the sums stay (Telegram alone: its own delivery is played)", async (salon) => {
  const { person } = salon;
  expect(await dumped(salon.sql)).toMatch(traces);
  await person.say("/forget");
  const asked = salon.said(ID).at(-1);
  expect(asked).toContain("Удалить карту и всё, что мы о вас знаем?");
  expect(asked).toContain("Всё, что на карте …2233, пропадёт: 30 баллов.");
  salon.telegram.webhook.deliverTwice = true;
  await person.tap("Удалить навсегда");
  salon.telegram.webhook.deliverTwice = false;
  expect(salon.said(ID).at(-1)).toStartWith(`Готово: имени, телефона и ${messengerHere()} у нас больше нет`);

  expect((await dumped(salon.sql)).match(traces)).toBeNull();
  await expectTable(
    salon.sql,
    "select record_id, client_id is null as bare, yclients_client_id, visit_id, decision from visits order by 1",
    [
      { record_id: 1, bare: false, yclients_client_id: null, visit_id: null, decision: "awarded" },
      { record_id: 2, bare: true, yclients_client_id: null, visit_id: null, decision: "forgotten" },
      { record_id: 3, bare: true, yclients_client_id: null, visit_id: null, decision: "forgotten" },
    ],
  );
  await expectTable(
    salon.sql,
    "select yclients_client_id, client_id, name, forgotten_at from yclients_clients",
    [{ yclients_client_id: CLIENT, client_id: null, name: null, forgotten_at: "2026-03-12T12:00:00.000Z" }],
  );
  await expectTable(salon.sql, "select record_id from look_again", [{ record_id: 77 }]);
  await expectTable(salon.sql, "select trim_scale(points) as points from bonuslog order by id", [[35], [-5]]);
  await expectTable(salon.sql, "select * from notices", []);
  await expectSound(salon.db);
  // Anna and Boris are as they were.
  await expectTable(salon.sql, "select account from accounts order by 1", [
    { account: accountHere(501) },
    { account: accountHere(502) },
  ]);
});

onBoth("a second tap on yes leaves nothing of who is forgotten", async (salon) => {
  const { person } = salon;
  await ask(person, "/forget", "Удалить навсегда");
  await person.tapAgain();
  expect((await dumped(salon.sql)).match(traces)).toBeNull();
});

onBoth("the account that hears of it from another messenger leaves nothing either", async () => {
  const memory = new MemoryChannel(7_000_000_001);
  await using salon = await linkedAnna({}, undefined, { channels: [memory] });
  memory.take = (incoming) => salon.take(memory, incoming);
  const person = salon.person({ id: ID, firstName: "Зинаида", phone: PHONE });
  await person.start();
  await person.tap(AGREE);
  const there = memory.person(77, "Зинаида", PHONE);
  await there.start();
  await there.share("proven");
  await there.write("/forget", "Удалить навсегда");
  expect(salon.said(ID).at(-1)).toContain("больше нет: об этом попросили в Memory");
  expect((await dumped(salon.sql)).match(traces)).toBeNull();
});

onBoth("the next pass does not bring the person back, whatever it says of their visits", async (salon) => {
  const { person } = salon;
  await ask(person, "/forget", "Удалить навсегда");
  const cards = await salon.sql`select count(*)::int as n from clients`;
  await pass(
    salon,
    { recordId: 1, changedAt: new Date(), servicesPaid: 200_000 }, // edited: the awarded one follows its rule
    { recordId: 2 }, // paid by now
    { recordId: 3 },
    { recordId: 4 }, // booked since
  );
  expect((await dumped(salon.sql)).match(traces)).toBeNull();
  expect(await salon.sql`select count(*)::int as n from clients`).toEqual(cards);
  await expectTable(
    salon.sql,
    "select record_id, client_id is null as bare, yclients_client_id, visit_id, decision from visits order by 1",
    [1, 2, 3, 4].map((record_id) => ({
      record_id,
      bare: record_id !== 1,
      yclients_client_id: null,
      visit_id: null,
      decision: record_id === 1 ? "awarded" : "forgotten",
    })),
  );
  await expectTable(salon.sql, "select trim_scale(sum(points)) as left from bonuslog", [{ left: 15 }]);
  await expectSound(salon.db);
});

onEither("linking again starts a new card, and later visits go to it", async (salon) => {
  const { person } = salon;
  await ask(person, "/forget", "Удалить навсегда");
  expect(await ask(person, "Баланс")).toStartWith("Согласие");
  expect(await tap(person, AGREE)).toContain("Ваша карта …2233, баллов на ней пока нет");
  expect(await ask(person, "/history")).toContain("Изменений пока нет");
  await pass(salon, { recordId: 9, price: 100_000, servicesPaid: 100_000 });
  expect(await ask(person, "Баланс")).toStartWith("На карте …2233: 10 баллов.");
  await expectSound(salon.db);
});

/** All that is stored but what a messenger keeps of its own messages. */
const stored = async (sql: Parameters<typeof dumped>[0]) =>
  (await dumped(sql)).split("\n").filter((line) => !/^(handled_updates|message_numbers) /.test(line));

onEither("no leaves everything; a stranger is told that the card is another matter", async (salon) => {
  const { person } = salon;
  const before = await stored(salon.sql);
  await ask(person, "/forget", "Не надо");
  expect(await stored(salon.sql)).toEqual(before);
  const carla = salon.somebody({ id: 504, firstName: "Карла", languageCode: "en" });
  await carla.start();
  expect(await ask(carla, "/forget")).toContain(`No card is linked to this ${messengerHere()}`);
  expect(await tap(carla, "Remove for good")).toContain("A card with your number, if there is one, stays.");
  await expectTable(salon.sql, `select * from dialogs where account = '${accountHere(504)}'`, []);
});

onEither(
  "a card let go with /unlink is asked about and goes too, unless it may be somebody else's by now",
  async (salon) => {
    const { person } = salon;
    await ask(person, "/unlink", "Да, отвязать");
    expect(await ask(person, "/mydata")).toContain("Ещё карта …2233, Зинаида. На ней 30 баллов.");
    expect(await ask(person, "/forget")).toContain("удалим карты, которые были вашими: …2233 (30 баллов)");
    expect(await tap(person, "Удалить навсегда")).toContain("карт, которые были вашими, у нас больше нет");
    expect((await dumped(salon.sql)).match(traces)).toBeNull();
    await expectSound(salon.db);
  },
);

onEither("a card let go that was used since stays, and is not said to be removed", async (salon) => {
  const { person } = salon;
  await ask(person, "/unlink", "Да, отвязать");
  await salon.sql`
    insert into bonuslog (client_id, kind, points, actor, key)
    select id, 'credit', 5, 'admin:1', 'k:late' from clients where phone = ${PHONE}`;
  await ask(person, "/forget", "Удалить навсегда");
  const said = salon.said(ID).at(-1);
  expect(said).toContain("Карта с вашим номером, если она заведена, осталась.");
  expect(said).not.toContain("карта удалена");
  await expectTable(salon.sql, "select linked, last_account from clients where phone like '%2233'", [
    { linked: false, last_account: null },
  ]);
});

onEither("a forgetting, a linking and a pass at once leave one or the other whole", async (salon) => {
  const { person } = salon;
  await person.say("/forget");
  await Promise.all([
    person.tap("Удалить навсегда"),
    pass(salon, { recordId: 5 }),
    pass(salon, { recordId: 6 }),
  ]);
  expect((await dumped(salon.sql)).match(traces)).toBeNull();
  await expectSound(salon.db);
});
