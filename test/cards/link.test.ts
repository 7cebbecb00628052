// Linking, as people live it: consent, contacts, other accounts, a second phone, blocks.
import { expect } from "bun:test";
import { accountHere } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { AGREE, linkedAnna, PHONE, row, visit } from "../helpers/past.ts";
import { english, give, type SalonBot, salonBot } from "../helpers/salon-bot.ts";
import { testIn } from "../helpers/test-in.ts";
import { ask, keys, tap } from "../helpers/till-salon.ts";

const test = testIn(salonBot);
const onEither = test.either;
const onBoth = test.both;

const OTHER = "+79007654321";

/** Cards, consents, the flag of every row, and what waits: the whole of what linking may touch. */
async function expectState(
  { sql }: SalonBot,
  state: { cards: [string, number | null, number, boolean][]; consents?: number[]; untold?: number },
): Promise<void> {
  await expectTable(
    sql,
    `select phone, external_id as holder, trim_scale(coalesce(balance, 0)) as balance, blocked_at is not null as blocked
     from clients c left join accounts a on a.client_id = c.id left join balances b on b.client_id = c.id order by phone`,
    state.cards.map(([phone, holder, balance, blocked]) => ({ phone, holder, balance, blocked })),
  );
  if (state.consents)
    await expectTable(
      sql,
      "select account from consents order by 1",
      state.consents.map((id) => ({ account: accountHere(id) })),
    );
  const untold = state.untold ?? 0;
  await expectTable(sql, "select count(*) as n from bonuslog where not is_telegram_notified", [[untold]]);
}

const ANNAS = { id: 501, type: "private", first_name: "Анна" };

/** Anna has the first screen, and the card of Boris's phone holds 50 points. */
async function atScreen(salon: SalonBot): Promise<void> {
  await give(salon, OTHER, 5000);
  await salon.anna.start();
}

/** Anna sends a contact of Boris's phone with her own id, and more about it. */
async function pushContact({ telegram }: SalonBot, update_id: number, more: object): Promise<void> {
  const from = { id: 501, is_bot: false, first_name: "Анна", language_code: "ru" };
  const contact = { phone_number: OTHER.slice(1), first_name: "Анна", user_id: 501 };
  const message = { message_id: 9_001, date: 1_770_000_000, chat: ANNAS, from, contact, ...more };
  await telegram.push({ update_id, message });
  await telegram.idle();
}

onBoth("the first start is a greeting and the consent, and the button links", async (salon) => {
  await give(salon, PHONE, 30_000, 4000);
  await salon.sql`
    insert into notices (client_id, about, due_at) select id, 'till', now() from clients where phone = ${PHONE}`;
  await salon.anna.start();
  const [greeting, consent, ...more] = salon.said(501);
  expect(more).toEqual([]);
  expect(greeting).toBe(
    "Салон <Красота>\nЗдравствуйте! Это ваша карта лояльности. 1 % от оплаты визита возвращаем баллами, 1 балл = 1 ₽.\nПравила\n\nВозможно, за прошлые визиты вас уже ждут баллы: подтвердите номер, и увидите их.",
  );
  expect(consent).toStartWith(
    "Согласие на обработку персональных данных\n\nДаю согласие на обработку имени,",
  );
  expect(salon.anna.chat.keyboard.flat()).toEqual([
    { text: AGREE, request_contact: true },
    { text: "Не сейчас" },
  ]);
  await expectState(salon, { cards: [[PHONE, null, 340, false]], consents: [], untold: 2 });

  await salon.anna.tap(AGREE);
  expect(salon.said(501, 2)).toEqual([
    "✅ Готово, Анна! На карте …4567 уже 340 баллов. Скажите на кассе «спишите баллы».",
  ]);
  expect(keys(salon.anna)).toEqual([...["Баланс", "Карта", "История", "Записаться", "Контакты", "Помощь"]]);
  await expectState(salon, { cards: [[PHONE, 501, 340, false]], consents: [501] });
  await expectTable(salon.sql, "select * from notices", []);
  await expectTable(salon.sql, "select * from dialogs", []);
  await expectTable(salon.sql, "select name, agreed_at from clients, consents", [
    { name: "Анна", agreed_at: "2026-03-12T12:00:00.000Z" },
  ]);

  await salon.anna.start();
  expect(salon.said(501, 3)).toEqual([
    expect.stringMatching(/^Здравствуйте, Анна! На карте …4567: 340 баллов\./),
  ]);
});

onEither("visits are counted, and a phone no one knows gets an empty card", async (salon) => {
  await salon.sql`insert into companies (company_id, program_start) values (1, '2026-02-12')`;
  await salon.sql`
    insert into terms (percent, earn_on, earn_when, paid_by) values (1, 'services,goods', 'paid', 'payments')`;
  await salon.sql`insert into clients (phone) values (${PHONE})`;
  for (const id of [1, 2]) {
    await salon.sql`
      insert into bonuslog (client_id, kind, record_id, points, actor, key)
      select id, 'award', ${id}, 1, 'sync', ${`visit:1:${id}`} from clients`;
    await salon.sql`
      insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
        read_at, terms_id, decision)
      select ${id}, 1, c.id, now(), '2026-03-01', false, true, 1, 100, now(), t.id, 'awarded' from clients c, terms t`;
  }
  await salon.anna.start();
  await salon.anna.tap(AGREE);
  expect(salon.said(501, 2)[0]).toContain("уже 2 балла за 2 визита");
  await salon.boris.start();
  await salon.boris.tap(AGREE);
  expect(salon.said(502, 2)[0]).toStartWith(
    "✅ Готово, Борис <b>! Ваша карта …4321, баллов на ней пока нет. Считаем визиты с 12 февраля 2026.",
  );
  await expectState(salon, {
    cards: [
      [PHONE, 501, 2, false],
      [OTHER, 502, 0, false],
    ],
  });
});

onEither(
  "visits are not counted where points came or went otherwise, nor where they may be another person's",
  async () => {
    await using salon = await linkedAnna();
    await visit(salon, 1, { day: "2026-03-05", price: 700, decision: "awarded" });
    await row(salon, { day: "2026-03-05", kind: "award", points: 7, record: 1, paid: 700 });
    await salon.boris.start();
    await salon.boris.shareContact(PHONE); // the number is Boris's now
    expect(salon.said(502).at(-1)).toBe(
      "✅ Готово, Борис <b>! На карте …4567 уже 7 баллов. Скажите на кассе «спишите баллы».",
    );
    await salon.sql`delete from accounts`;
    await salon.sql`update clients set last_account = ${accountHere(501)}, history_from = null where phone = ${PHONE}`;
    await row(salon, { day: "2026-03-06", kind: "spend", points: -3, paid: 700 });
    await salon.anna.start();
    expect(await tap(salon.anna, AGREE)).toStartWith("✅ Готово, Анна! На карте …4567 уже 4 балла. Скажите");
  },
);

onEither(
  "the own number once more: what its owner is still to be told of is named, and told by its own message",
  async () => {
    await using salon = await linkedAnna();
    await give(salon, PHONE, 2_000);
    await salon.anna.shareContact();
    expect(salon.said(501).at(-1)).toBe(
      "✅ Готово, Анна! На карте …4567 уже 20 баллов. Это вместе с тем, о чём ещё напишем: +20. Скажите на кассе «спишите баллы».",
    );
    await expectState(salon, { cards: [[PHONE, 501, 20, false]], untold: 1 });
  },
);

onEither(
  "a contact that comes past the consent is not stored: the screen is shown, and then it counts",
  async (salon) => {
    await salon.anna.shareContact();
    expect(salon.said(501)).toEqual([expect.stringContaining("Согласие на обработку")]);
    await expectState(salon, { cards: [], consents: [] });
    await expectTable(salon.sql, "select about, state ? 'version' as v from dialogs", [["consent", true]]);
    await salon.anna.tap(AGREE);
    await expectState(salon, { cards: [[PHONE, 501, 0, false]], consents: [501] });
  },
);

onEither("not now means no: a contact after it meets the screen again", async (salon) => {
  await salon.anna.start();
  await salon.anna.tap("Не сейчас");
  expect(salon.said(501, 2)[0]).toStartWith("Хорошо. Баллы копятся и без бота");
  await salon.anna.shareContact();
  await expectState(salon, { cards: [], consents: [] });
  expect(salon.said(501, 3)[0]).toStartWith("Согласие");
});

onEither("a screen of other words, or of a month ago, is no consent", async (salon) => {
  await salon.anna.start();
  await salon.sql`update dialogs set state = '{"version": "older"}'`;
  await salon.anna.tap(AGREE);
  await expectState(salon, { cards: [], consents: [] });
  salon.clock.now = new Date("2026-05-12T12:00:00Z");
  await salon.anna.tap(AGREE);
  await expectState(salon, { cards: [], consents: [] });
});

test("a screen that Telegram never took is no consent (Telegram alone: its refusals are played)", async (salon) => {
  salon.telegram.faults.next({ method: "sendMessage", status: 400 });
  await salon.anna.shareContact();
  await expectTable(salon.sql, "select * from dialogs", []);
  expect(salon.said(501)).toEqual([expect.stringContaining("Что-то пошло не так")]);
});

onEither("never somebody else's contact, nor one without an account, nor a typed number", async (salon) => {
  await atScreen(salon);
  await salon.anna.forwardContact({ phone: OTHER, userId: 502, firstName: "Борис" });
  await salon.anna.forwardContact({ phone: OTHER, firstName: "Борис" });
  await salon.anna.say("+7 900 765-43-21");
  expect(salon.said(501, 2)).toEqual([
    "Это чужой номер. Нажмите кнопку внизу, чтобы отправить свой.",
    "Это чужой номер. Нажмите кнопку внизу, чтобы отправить свой.",
    expect.stringContaining("Набирать его не нужно"),
  ]);
  await expectState(salon, { cards: [[OTHER, null, 50, false]], consents: [], untold: 1 });
  await salon.anna.tap(AGREE);
  await salon.anna.forwardContact({ phone: OTHER, userId: 502, firstName: "Борис" });
  expect(salon.said(501).at(-1)).toStartWith("Это чужой номер, ваша карта не изменилась.");
  await expectState(salon, {
    cards: [
      [PHONE, 501, 0, false],
      [OTHER, null, 50, false],
    ],
    untold: 1,
  });
});

test("a foreign contact from a stranger brings the screen; an unreadable number is refused (Telegram alone: its own contact may hold no number)", async (salon) => {
  await salon.anna.forwardContact({ phone: OTHER, userId: 502, firstName: "Борис" });
  expect(salon.said(501)).toEqual([expect.stringContaining("чужой"), expect.stringContaining("Согласие")]);
  await salon.anna.shareContact("***");
  expect(salon.said(501, 2)).toEqual([expect.stringContaining("Не получилось прочитать номер")]);
  await expectState(salon, { cards: [], consents: [] });
});

test("the same again is the same, and swallows nothing that came since (Telegram alone: its own delivery is played)", async (salon) => {
  await salon.anna.start();
  salon.telegram.webhook.deliverTwice = true;
  await salon.anna.tap(AGREE);
  salon.telegram.webhook.deliverTwice = false;
  const [first, second] = salon.said(501, 2);
  expect(second).toBe(first ?? "");
  await give(salon, PHONE, 1000);
  const [before] = await salon.sql`select linked_at from accounts`;
  await salon.anna.shareContact();
  const [after] = await salon.sql`select linked_at from accounts`;
  expect(after).toEqual(before);
  await expectState(salon, { cards: [[PHONE, 501, 10, false]], consents: [501], untold: 1 });
});

onEither(
  "the account before is told in its own language that its card has gone to another one",
  async (salon) => {
    const john = await english(salon);
    await salon.boris.start();
    await salon.boris.shareContact(john.profile.phone);
    expect(salon.said(503).at(-1)).toBe(
      "Another account has confirmed your number and has the card now. If that was not you, tell us: +7 495 000-00-00.",
    );
  },
);

onEither(
  "the phone proved by another account moves the card, and the account before is told",
  async (salon) => {
    await give(salon, PHONE, 34_000);
    await salon.anna.start();
    await salon.anna.tap(AGREE);
    await give(salon, PHONE, -4000);
    await salon.boris.start();
    await salon.boris.shareContact(PHONE);
    expect(salon.said(502, 2)[0]).toContain("На карте …4567 уже 300 баллов");
    expect(salon.said(501).at(-1)).toBe(
      "Ваш номер подтвердил другой аккаунт, карта теперь у него. Если это не вы, скажите нам: +7 495 000-00-00.",
    );
    await expectState(salon, { cards: [[PHONE, 502, 300, false]], consents: [501, 502] });
    expect(await ask(salon.anna, "Баланс")).toStartWith("Согласие");
  },
);

onEither("two accounts at once: one of them has the card, the other is told", async (salon) => {
  await salon.anna.start();
  await salon.boris.start();
  await Promise.all([salon.anna.shareContact(PHONE), salon.boris.shareContact(PHONE)]);
  const [row] = await salon.sql`select account from accounts`;
  const loser = row?.account === accountHere(501) ? 502 : 501;
  expect(salon.said(loser).filter((text) => text.startsWith("Ваш номер подтвердил"))).toHaveLength(1);
  await expectTable(salon.sql, "select count(*) as n from clients", [{ n: 1 }]);
});

test.each([
  ["forward_origin", { type: "hidden_user", date: 1_700_000_000, sender_user_name: "Анна" }],
  ["forward_from", { id: 501, is_bot: false, first_name: "Анна" }],
  ["forward_from", { id: 777, is_bot: false, first_name: "Другая" }],
  ["forward_from_chat", { id: -100, type: "channel", title: "Канал" }],
  ["forward_sender_name", "Анна"],
  ["forward_date", 1_700_000_000],
  ["is_automatic_forward", true],
  ["via_bot", { id: 9, is_bot: true, first_name: "Бот" }],
  ["sender_chat", { id: -100, type: "channel", title: "Канал" }],
  ["external_reply", { origin: { type: "hidden_user", date: 1, sender_user_name: "Анна" } }],
  ["quote", { text: "x", position: 0 }],
  ["sender_business_bot", { id: 9, is_bot: true, first_name: "Бот" }],
  ["business_connection_id", "b1"],
])(
  "a contact with %s was not shared by its sender's button now (Telegram alone: its own updates are played)",
  async (field, value) => {
    await using salon = await salonBot();
    await atScreen(salon);
    await pushContact(salon, 900_001, { [field]: value });
    expect(salon.said(501).at(-1)).toStartWith("Это чужой номер");
    await expectState(salon, { cards: [[OTHER, null, 50, false]], consents: [], untold: 1 });
    // Some apps send the button's contact as a reply to the question.
    const question = { message_id: 1, date: 1, chat: ANNAS, text: "?" };
    await pushContact(salon, 900_002, { reply_to_message: question });
    expect(salon.said(501).at(-1)).toContain("На карте …4321 уже 50 баллов");
  },
);

test("a contact in a group or a channel, or in an edited message, proves nothing (Telegram alone: its own updates are played)", async (salon) => {
  await atScreen(salon);
  const from = { id: 501, is_bot: false, first_name: "Анна", language_code: "ru" };
  const contact = { phone_number: OTHER.slice(1), first_name: "А", user_id: 501 };
  const shared = { date: 1_770_000_000, from, contact };
  const updates = [
    { message: { ...shared, message_id: 1, chat: { id: -5, type: "group", title: "Группа" } } },
    { message: { ...shared, message_id: 2, chat: { id: -6, type: "supergroup", title: "Группа" } } },
    { channel_post: { ...shared, message_id: 3, chat: { id: -7, type: "channel", title: "Канал" } } },
    { edited_message: { ...shared, message_id: 4, chat: ANNAS, edit_date: 1_770_000_001 } },
  ];
  for (const [place, update] of updates.entries())
    await salon.telegram.push({ update_id: 900_001 + place, ...update } as never);
  await salon.idle();
  await expectState(salon, { cards: [[OTHER, null, 50, false]], consents: [], untold: 1 });
});

test("a forwarded contact proves nothing, even with one's own id: the number may be another's by now (Telegram alone: its own updates are played)", async (salon) => {
  await atScreen(salon);
  const anna = { id: 501, is_bot: false, first_name: "Анна" };
  await pushContact(salon, 900_001, {
    from: anna,
    forward_origin: { type: "user", date: 1_700_000_000, sender_user: anna },
  });
  expect(salon.said(501).at(-1)).toStartWith("Это чужой номер");
  await expectState(salon, { cards: [[OTHER, null, 50, false]], consents: [], untold: 1 });
});
