// Another messenger beside Telegram: all that clients, admins and owners do works there, and the same number in Telegram is
// somebody else, who sees nothing of it.
import { expect, test } from "bun:test";
import { pino } from "pino";
import { noteAlarm, tellOwners } from "../../src/alarms/alarms.ts";
import { Channels, type Incoming } from "../../src/channels/channel.ts";
import { telegramFacts } from "../../src/channels/telegram/facts.ts";
import { textsOf } from "../../src/chat/chat.texts.ts";
import type { Shop } from "../../src/chat/desk.ts";
import { keysUnderNews, setMenus } from "../../src/chat/menu.ts";
import { checkStaff } from "../../src/check/telegram.ts";
import { type Notify, notifyNewBonuses } from "../../src/notices/notify.ts";
import { sendDigest } from "../../src/owners/digest.ts";
import { type Account, accountOf } from "../../src/rules/account.ts";
import { offerRefunds } from "../../src/till/refunds.ts";
import { postReadings } from "../../src/visits/post.ts";
import { expectTable } from "../helpers/db.ts";
import { programmeOf, readingOf } from "../helpers/ledger.ts";
import { MemoryChannel } from "../helpers/memory-channel.ts";
import { AGREE, BRANCH, linkedAnna } from "../helpers/past.ts";
import { until } from "../helpers/program.ts";
import { spending } from "../helpers/programme.ts";
import { give, shop } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";
import { expectSound } from "../helpers/sound.ts";
import { ask, last, rows } from "../helpers/till-salon.ts";

/** Vera's number, and the number of the one who has her id in Telegram. */
const [VERA, ANNA] = ["+79161112233", "+79001234567"];
const inMemory = (id: number) => accountOf("memory", id);
const inTelegram = (id: number) => accountOf("telegram", id);

const staff = { adminIds: [inMemory(601), inTelegram(602)], ownerIds: [inMemory(701), inTelegram(700)] };

/**
 * In memory Vera (501) is a client, Olga (601) an admin and Pavel (701) an owner; in Telegram Marina (602) is an admin and
 * Irina (700) an owner. Each of these numbers is a stranger's in the other messenger, but 501 in Telegram: Anna, who has a
 * card with 50 points.
 */
async function twoMessengers(changes: Partial<Shop> = {}) {
  const memory = new MemoryChannel(7_000_000_001);
  const shop = { ...staff, companyIds: [BRANCH], ...changes };
  const salon = await linkedAnna(shop, undefined, { channels: [memory] });
  const { sql, db, telegram, clock, anna } = salon;
  memory.take = (incoming) => salon.take(memory, incoming);
  await give(salon, ANNA, 5_000);
  await sql`update bonuslog set is_telegram_notified = true`;
  const person = (id: number, firstName: string) => telegram.person({ id, firstName });
  const [marina, irina] = [person(602, "Марина"), person(700, "Ирина")];
  const strangers = [person(601, "Роман"), person(701, "Глеб")];
  for (const one of [marina, irina, ...strangers]) await one.start();
  const vera = memory.person(501, "Вера", VERA);
  const [olga, pavel] = [memory.person(601, "Ольга", "+79005550001"), memory.person(701, "Павел")];
  const lookalikes = [memory.person(602, "Римма"), memory.person(700, "Глафира")];
  for (const one of [vera, olga, pavel, ...lookalikes]) await one.start();
  const told = () => [
    ...[anna, ...strangers].map((one) => one.chat.messages.length),
    ...lookalikes.map((one) => one.messages.length),
  ];
  const before = told();
  const channels = new Channels([salon.channel, memory]);
  const log = pino({ level: "silent" });
  const send: Notify["send"] = (to, html, buttons) => channels.say(to, html, buttons);
  const notify: Notify = {
    ...{ db, log, now: () => clock.now, send, quietHours: null, supportPhone: null },
    ...{ bookUrl: null, spending },
    ...{ turn: async () => {}, tells: ["telegram", "memory"], signal: new AbortController().signal },
    keysUnder: (name, language) => (name === "memory" ? keysUnderNews(textsOf(language)) : []),
  };
  return Object.assign(salon, {
    ...{ memory, vera, olga, pavel, marina, irina, strangers, lookalikes },
    /** Vera agrees and proves her number. */
    link: () => vera.press("Согласен"),
    /** Vera's account in Telegram (503), which has her card too. */
    async inTelegram() {
      const there = telegram.person({ id: 503, firstName: "Вера", phone: VERA });
      await there.start();
      await there.tap(AGREE);
      return there;
    },
    notify: () => notifyNewBonuses(notify),
    alarms: () => tellOwners(db, { owners: staff.ownerIds, staff: staff.adminIds, branches: [BRANCH] }, send),
    digest: () =>
      sendDigest({
        ...{ db, log, send, now: () => clock.now, digestAt: 15 * 60, companyIds: [BRANCH] },
        spoken: ["telegram", "memory"],
        ...{ paidBy: "payments", ...staff },
      }),
    offers: () => offerRefunds({ db, bot: salon.channel.bot }, staff.ownerIds, send, clock.now),
    /** The journal says that a visit of Vera's was paid, in roubles, or paid and deleted. */
    async pays(record: number, roubles: number, deleted = false): Promise<void> {
      const reading = readingOf({
        ...{ recordId: record, visitId: record, client: { id: 9_002, name: "Вера Журнальная", phone: VERA } },
        ...{ price: roubles * 100, servicesPaid: roubles * 100, deleted, changedAt: null },
      });
      const programme = programmeOf({ companyId: BRANCH, start: "2026-02-12" });
      await postReadings(db, programme, [reading], null);
    },
    /** Nobody has heard anything who only has the same number in the other messenger. */
    expectUnheard: () => expect(told()).toEqual(before),
    /** Nor has the ledger a fault. */
    async expectInOrder(): Promise<void> {
      expect(told()).toEqual(before);
      await expectSound(db);
    },
  });
}

/** Those, and Vera has linked her card, which has so much on it. */
async function linkedVera(kopecks = 0, changes: Partial<Shop> = {}) {
  const salon = await twoMessengers(changes);
  await salon.link();
  if (kopecks > 0) await give(salon, VERA, kopecks);
  return salon;
}

/** Which accounts have which card. */
const accounts =
  "select account, phone, telegram_id from accounts a join clients c on c.id = client_id order by account";
const annas = ["telegram:501", ANNA, 501];

test("a client starts, agrees, proves the own number, and has the card; only the consent names another messenger", async () => {
  await using salon = await twoMessengers();
  const { vera, anna, sql } = salon;
  await give(salon, VERA, 34_000);
  expect(vera.said()).toEqual([
    expect.stringMatching(/^Салон <Красота>\nЗдравствуйте! Это ваша карта лояльности\./),
    expect.stringMatching(
      /^Согласие на обработку персональных данных\n\n.* телефона, Telegram ID и Memory ID, визитов/,
    ),
  ]);
  expect(vera.labels()).toEqual([AGREE, "Не сейчас"]);
  for (const whose of ["own", "account", "book"] as const) {
    expect(await vera.share(whose)).toBe("Это чужой номер. Нажмите кнопку внизу, чтобы отправить свой.");
  }
  await vera.share("account", ANNA);
  await expectTable(sql, accounts, [annas]);

  expect(await salon.link()).toBe(
    "✅ Готово, Вера! На карте …2233 уже 340 баллов. Скажите на кассе «спишите баллы».",
  );
  expect(vera.labels()).toEqual(["Баланс", "Карта", "История", "Записаться", "Контакты", "Помощь"]);
  await expectTable(sql, accounts, [["memory:501", VERA, null], annas]);
  await expectTable(sql, "select account from consents order by account", [["memory:501"], ["telegram:501"]]);
  expect(await vera.press("Баланс")).toStartWith("На карте …2233: 340 баллов.");
  expect(await vera.write("/history")).toContain("+340");
  expect(await vera.write("/id")).toBe("Ваш Memory ID: memory:501");
  await vera.press("Карта");
  await vera.press("Помощь");
  await vera.press("Мои данные");
  await vera.write("спишите баллы");
  salon.expectUnheard();
  expect(vera.said().filter((one) => /Telegram/.test(one) && !one.startsWith("Согласие"))).toEqual([]);
  expect(await ask(anna, "/balance")).toStartWith("На карте …4567: 50 баллов.");
});

test("a visit's award is told where the card is; who blocks the bot is told of it when they are back", async () => {
  await using salon = await linkedVera();
  const { vera } = salon;
  await salon.pays(1, 3_500);
  expect(await salon.notify()).toMatchObject({ sent: 1 });
  expect(vera.last()).toBe(
    "Спасибо за визит! +35 баллов за 12 марта (оплачено 3 500 ₽). На карте 35: это скидка 35 ₽ в следующий раз.",
  );
  await vera.block();
  await salon.pays(2, 1_000);
  await salon.notify();
  expect(vera.last()).toContain("+35 баллов за 12 марта");
  expect(vera.labels()).toEqual(["Карта", "Подробнее", "Баланс", "История"]);
  await vera.comeBack();
  expect(vera.last()).toBe(
    "С возвращением, Вера! Пока вас не было: +10 за 1 визит. Сейчас на карте …2233: 45 баллов.",
  );
  await salon.pays(3, 500);
  // A block that the messenger tells of only when it is written to.
  vera.open = false;
  expect(await salon.notify()).toMatchObject({ sent: 0, blocked: 1 });
  await expectTable(salon.sql, "select account, blocked_at is not null as blocked from accounts order by 1", [
    ["memory:501", true],
    ["telegram:501", false],
  ]);
  await vera.start();
  expect(vera.last()).toStartWith("С возвращением, Вера! Пока вас не было: +5 за 1 визит.");
  await salon.expectInOrder();
});

test("an admin there spends by phone and bill, takes it back, and types a sum", async () => {
  await using salon = await linkedVera(34_000);
  const { vera, olga, marina, strangers } = salon;
  expect(await olga.write("89161112233 1000")).toContain("Вера …2233 · Memory ✓ · 340 баллов");
  expect(olga.last()).toContain("Счёт 1 000 ₽.");
  const screens = olga.messages.length;
  const screen = olga.messages.at(-1);
  const data = screen?.buttons.flatMap((one) => ("data" in one ? [one.data] : [])) ?? [];
  // Whoever has her number, and an admin who has not, press her buttons in Telegram.
  const calls = salon.telegram.calls.length;
  for (const one of [...strangers, marina])
    for (const forged of data) await one.tap({ data: forged }, { message: screen?.id ?? 0 });
  expect(await rows(salon, 2)).toEqual([]);
  expect(olga.last()).toContain("Счёт 1 000 ₽.");
  expect(salon.telegram.calls.slice(calls).filter((call) => call.payload.chat_id === 501)).toEqual([]);

  expect(await olga.press("Списать 340")).toStartWith("✅ Списано 340. Примите 660 ₽.");
  expect(olga.messages).toHaveLength(screens); // the screen became the result
  expect(await salon.notify()).toMatchObject({ sent: 1 });
  expect(vera.last()).toContain("Салон: списано 340 баллов на кассе, счёт 1 000 ₽, к оплате 660 ₽.");
  await olga.press("Отменить до");
  await olga.write("89161112233 1000", "Другая сумма");
  await olga.write("100", "Списать 100");
  expect(await rows(salon, 2)).toEqual([
    ...["spend -340 admin:memory:601", "undo 340 admin:memory:601", "spend -100 admin:memory:601"],
  ]);
  expect(await ask(marina, "89161112233")).toContain("Ольга");
  await salon.pays(1, 3_500);
  expect(await olga.write("/today", "Оплаченные")).toContain("Оплачено: 1");
  expect(await olga.press("Вера")).toContain("…2233");
  await expectSound(salon.db);
});

test("who has an admin's or an owner's number in the other messenger is none of them", async () => {
  await using salon = await linkedVera();
  for (const text of ["89161112233 1000", "/today", "/stats", "/export", "/credit 89161112233 100 чай"]) {
    for (const one of salon.strangers) expect(await ask(one, text)).not.toMatch(/2233|Карт:|Начислить/);
    for (const one of salon.lookalikes) {
      expect(await one.write(text)).not.toMatch(/2233|Карт:|Начислить/);
      expect(one.messages.at(-1)?.file).toBeUndefined();
    }
  }
  await expectTable(salon.sql, "select 1 from screens", []);
});

test("two admins of one number, in one chat's same message, are two: both spend, and neither sees the other's screen", async () => {
  const [rimma, marina] = [inMemory(602), inTelegram(602)];
  await using salon = await linkedVera(100_000, { adminIds: [rimma, marina], ownerIds: [inTelegram(700)] });
  const [there] = salon.lookalikes;
  if (there === undefined) throw new Error("nobody");
  const asked = (await salon.marina.say("89161112233 300")).message?.message_id ?? 0;
  there.newest = asked - 1;
  await there.write("89161112233 400");
  await salon.marina.tap("Списать 299");
  await there.press("Списать 399");
  expect(await rows(salon, 2)).toEqual(["spend -299 admin:602", "spend -399 admin:memory:602"]);
  expect(last(salon.marina)).toStartWith("✅ Списано 299.");
  expect(there.last()).toStartWith("✅ Списано 399.");
  await salon.marina.tap("Отменить до");
  expect(await rows(salon, 4)).toEqual(["undo 299 admin:602"]);
  expect(there.last()).toStartWith("✅ Списано 399.");
  await expectTable(
    salon.sql,
    "select account, name from staff where name in ('Марина', 'Римма') order by 1",
    [
      [rimma, "Римма"],
      [marina, "Марина"],
    ],
  );
  await expectSound(salon.db);
});

test("menus are offered, and it is asked who can be reached, of each in their own messenger", async () => {
  await using salon = await twoMessengers();
  const { telegram, memory } = salon;
  telegram.calls.length = 0;
  memory.menus.length = 0;
  for (const channel of [salon.channel, memory]) await setMenus(channel, { ...shop, ...staff });
  const facts = telegramFacts({ token: `${memory.bot}:demo`, apiRoot: telegram.url });
  const check = checkStaff({
    ...{ facts, relayed: false },
    spoken: ["telegram", "memory"],
    staff: async () => staff,
    webhookUrl: null,
    allowedUpdates: [],
    upSince: null,
  });
  const lines = await check.ask(AbortSignal.timeout(10_000));
  expect(lines.map(({ about, state }) => [about, state])).toEqual([
    ["admin 602", "ok"],
    ["owner 700", "ok"],
  ]);
  const chats = telegram.calls.map(({ payload }) =>
    String(payload.chat_id ?? Object(payload.scope).chat_id ?? "all"),
  );
  expect(new Set(chats)).toEqual(new Set(["all", "602", "700"]));
  expect(new Set(memory.menus.map(({ account }) => account))).toEqual(
    new Set([null, inMemory(601), inMemory(701)]),
  );
  expect(() => salon.channel.say(inMemory(501), "x")).toThrow("memory:501 is no account of Telegram");
  salon.expectUnheard();
});

test("a large sum of an admin there is asked of owners in both, and an owner in Telegram agrees", async () => {
  await using salon = await linkedVera(100_000, { secondAdminAbove: 30_000 });
  const { olga, pavel, irina } = salon;
  expect(await olga.write("89161112233 700", "Списать 699")).toStartWith(
    "Ждём подтверждения владельца: списать 699 баллов, Вера …2233.",
  );
  expect(pavel.last()).toContain("Ольга");
  const buttons = irina.lastMessage()?.inline.flat() ?? [];
  expect(pavel.labels()).toEqual(buttons.map((one) => soft(one.text)));
  await irina.tap("Подтвердить");
  expect(olga.last()).toStartWith("✅ Списано 699.");
  expect(await rows(salon, 2)).toEqual(["spend -699 admin:memory:601,owner:700"]);
  await pavel.press("Подтвердить");
  expect(pavel.toasts.at(-1)).toContain("Уже сделано");
  expect(await rows(salon, 2)).toHaveLength(1);
  salon.expectUnheard();
});

test("a large sum of an admin in Telegram is agreed to, and another refused, by an owner there", async () => {
  await using salon = await linkedVera(100_000, { secondAdminAbove: 30_000 });
  const { marina, pavel, irina } = salon;
  await ask(marina, "89161112233 700", "Списать 699");
  await pavel.press("Подтвердить");
  expect(last(marina)).toStartWith("✅ Списано 699.");
  expect(await rows(salon, 2)).toEqual(["spend -699 admin:602,owner:memory:701"]);
  await ask(marina, "/credit 89161112233 400 чай", "Начислить 400");
  await pavel.press("Отклонить");
  expect(last(marina)).toBe(
    "❌ Отклонено (владелец Павел): начислить 400 баллов, Вера …2233. Ничего не изменилось.",
  );
  expect(pavel.last()).toContain("Павел");
  await irina.tap("Подтвердить");
  expect(await rows(salon, 2)).toHaveLength(1);
  salon.expectUnheard();
});

test("alarms, the evening message, figures and the export come to an owner there", async () => {
  await using salon = await linkedVera();
  const { pavel, irina, olga } = salon;
  await olga.write("/credit 89161112233 100 чай", "Начислить 100");
  await olga.write("/balance", "Согласен");
  await olga.write("/credit 89005550001 10 себе", "Начислить 10");
  await noteAlarm(salon.db, `sync:${BRANCH}`, "unreachable");
  await salon.alarms();
  await salon.alarms();
  const alarm = expect.stringMatching(/^⚠️ YCLIENTS не отвечает/);
  expect([pavel.said().slice(-1), salon.said(700).slice(-1)]).toEqual([[alarm], [alarm]]);
  pavel.open = false;
  await noteAlarm(salon.db, `sync:${BRANCH}`, null);
  await salon.alarms();
  const over = expect.stringMatching(/^✅ Журнал YCLIENTS снова читается/);
  expect([pavel.said().slice(-1), salon.said(700).slice(-1)]).toEqual([[alarm], [over]]);
  pavel.open = true;
  await salon.sql`update alarms set due_at = now()`;
  await salon.alarms();
  expect([pavel.said().slice(-1), salon.said(700).slice(-1)]).toEqual([[over], [over]]);

  expect(await salon.digest()).toBe(true);
  expect(await salon.digest()).toBe(false);
  for (const said of [pavel.last(), last(irina)]) {
    expect(said).toStartWith("Итоги дня, 12 марта 2026");
    expect(said).toContain("Ольга: начислено 100, Вера …2233, «чай»\n");
    expect(said).toMatch(/Ольга: начислено 10, Ольга …0001, «себе»\n.*карта сотрудника/);
  }
  expect(await pavel.write("/stats")).toMatch(/Карт(<\/b>)?: 3/);
  await pavel.write("/export");
  await until(() => pavel.messages.some(({ file }) => file?.name.endsWith(".csv")));
  salon.expectUnheard();
});

test("points spent on a visit that was deleted are offered to owners in both, and given back by the one there", async () => {
  await using salon = await linkedVera(10_000);
  const { olga, pavel, irina } = salon;
  await salon.pays(1, 1_000);
  await olga.write("89161112233 1000", "Списать 110");
  await salon.pays(1, 1_000, true);
  for (let times = 0; times < 2; times++) await salon.offers();
  expect(pavel.said().filter((one) => one.includes("…2233"))).toHaveLength(1);
  expect(pavel.last()).toBe(last(irina));
  await pavel.press("Вернуть 110");
  await irina.tap("Вернуть 110");
  expect((await rows(salon, 2)).filter((row) => row.startsWith("credit"))).toEqual([
    "credit 110 admin:memory:701 back_refund",
  ]);
  expect(last(irina)).toContain("Павел");
  expect(olga.last()).toContain("Списано 110");
  await salon.expectInOrder();
});

test("the own data are shown, the card is let go and linked again, and the person is forgotten", async () => {
  await using salon = await linkedVera();
  const { vera, anna, sql } = salon;
  await salon.pays(1, 3_500);
  expect(await vera.write("/mydata")).toContain("Memory ID: 501, язык — русский");
  expect(vera.last()).toContain("Вера Журнальная");
  expect(await vera.write("/unlink", "Да, отвязать")).toBe(
    "Карта …2233 отвязана, баллы ждут на ней. Вернуть её сюда — /start.",
  );
  await expectTable(sql, accounts, [annas]);
  expect(await salon.notify()).toMatchObject({ sent: 0 });
  await vera.start();
  expect(await salon.link()).toContain("35 баллов");
  expect(await vera.write("/forget", "Удалить навсегда")).toStartWith(
    "Готово: имени, телефона и Memory у нас больше нет",
  );
  await expectTable(sql, accounts, [annas]);
  await expectTable(sql, "select phone, name from clients order by id", [
    [ANNA, "Анна"],
    [null, null],
  ]);
  await expectTable(sql, "select account from consents", [["telegram:501"]]);
  expect(vera.said().filter((one) => /Telegram/.test(one) && !one.startsWith("Согласие"))).toEqual([]);
  salon.expectUnheard();
  expect(await ask(anna, "/mydata")).toContain("Telegram ID: 501");
  await expectSound(salon.db);
});

test("after a card was forgotten neither messenger names a first day from before that", async () => {
  await using salon = await twoMessengers();
  const { vera } = salon;
  await salon.link();
  expect(vera.last()).toContain("Считаем визиты с ");
  await vera.write("/forget", "Удалить навсегда");
  await vera.start();
  expect(await salon.link()).toContain("Считаем то, что оплатите с этой минуты");
  await salon.inTelegram();
  expect(salon.said(503).find((one) => one.startsWith("✅"))).toContain("баллов на ней пока нет.");
  for (const said of [...salon.said(503), await vera.share("proven")])
    expect(said).not.toContain("Считаем визиты");
});

test("one card in both messengers is told once, and another account takes its place in its own messenger alone", async () => {
  await using salon = await twoMessengers();
  const { vera, memory, sql } = salon;
  const there = await salon.inTelegram();
  await salon.pays(1, 3_500);
  expect(await salon.link()).toStartWith("Карта открыта и в Telegram.");
  expect(vera.said().at(-2)).toContain("35 баллов");
  expect(await vera.write("/history")).not.toContain("+35"); // a number changes hands: what was before is an admin's to open
  const veraThere = ["telegram:503", VERA, 503];
  await expectTable(sql, accounts, [["memory:501", VERA, 503], annas, veraThere]);
  const heard = () => [vera.said().length, salon.said(503).length];
  const [here = 0, before = 0] = heard();
  expect(await salon.notify()).toMatchObject({ sent: 1 });
  expect(heard()).toEqual([here, before + 1]); // what came before is told to whoever had the card then
  const elsewhere = before + 1;
  await salon.pays(2, 1_000);
  expect(await salon.notify()).toMatchObject({ sent: 1 });
  expect(heard()).toEqual([here + 1, elsewhere]);
  await vera.block();
  await salon.pays(3, 500);
  expect(await salon.notify()).toMatchObject({ sent: 1 });
  expect(heard()).toEqual([here + 1, elsewhere + 1]);
  expect(await ask(there, "/balance")).toStartWith("На карте …2233: 50 баллов.");

  const other = memory.person(503, "Зоя", VERA);
  vera.open = true;
  await other.start();
  await other.press("Согласен");
  expect(vera.last()).toStartWith("Ваш номер подтвердил другой аккаунт, карта теперь у него.");
  await expectTable(sql, accounts, [["memory:503", VERA, 503], annas, veraThere]);
  await other.write("/forget", "Удалить навсегда");
  await expectTable(sql, accounts, [annas]);
  await salon.expectInOrder();
});

test("who proves a second phone in one messenger goes alone: the first card keeps its points in the other", async () => {
  await using salon = await twoMessengers();
  const { vera, sql } = salon;
  const there = await salon.inTelegram();
  await salon.link();
  await salon.pays(1, 3_500);
  const second = "+79254445566";
  expect(await vera.share("proven", second)).toStartWith(
    "К Memory уже привязана карта …2233. Она открыта и в Telegram, поэтому баллы останутся на ней.",
  );
  expect(await vera.press("Да, этой картой")).toBe(
    "✅ Теперь ваша карта — …5566. На карте …5566 баллов пока нет. Карта …2233 осталась в Telegram.",
  );
  await expectTable(sql, accounts, [["memory:501", second, null], annas, ["telegram:503", VERA, 503]]);
  expect(await ask(there, "/balance")).toContain("…2233: 35 баллов");
  await salon.expectInOrder();
});

test("who lets go of the card in one messenger is told of what is due in the other", async () => {
  await using salon = await twoMessengers();
  const { vera } = salon;
  await salon.inTelegram();
  await salon.link();
  await salon.pays(1, 3_500);
  await vera.write("/unlink", "Только здесь");
  expect(await salon.notify()).toMatchObject({ sent: 1 });
  expect(salon.said(503).at(-1)).toContain("+35");
  salon.expectUnheard();
});

test("who writes too often in one messenger is slowed there alone, and a doubled tap is one", async () => {
  await using salon = await linkedVera(10_000);
  const { vera, anna, olga } = salon;
  await olga.write("89161112233 1000");
  const { id = 0, buttons = [] } = olga.messages.at(-1) ?? {};
  const data = buttons.flatMap((one) => ("data" in one ? [one.data] : []))[0] ?? "";
  const tap = { kind: "tap", tap: `${olga.account}/${id}`, data, message: id, text: true } as const;
  await Promise.all([1, 2, 3].map(() => salon.memory.bring(olga, tap)));
  expect(await rows(salon, 2)).toEqual(["spend -100 admin:memory:601"]);
  for (let times = 0; times < 25; times++) await vera.write("/balance");
  expect(vera.last()).not.toContain("…2233");
  expect(await ask(anna, "/balance")).toStartWith("На карте …4567: 50 баллов.");
});

test("an album, and one who has no name, are another's where the same number is in another messenger", async () => {
  await using salon = await twoMessengers();
  const { vera, memory, telegram, sql } = salon;
  const heard = () => [vera.said().length, salon.said(501).length];
  const [here = 0, there = 0] = heard();
  for (const message of [900, 901])
    await memory.bring(vera, { kind: "other", message, caption: null, album: "1" });
  const from = { id: 501, is_bot: false, first_name: "Анна" };
  const picture = { chat: { id: 501, type: "private" }, from, date: 1, photo: [], media_group_id: "1" };
  for (const message_id of [902, 903])
    await telegram.push({ update_id: message_id, message: { message_id, ...picture } });
  expect(heard()).toEqual([here + 1, there + 1]);

  const today = (account: Account): Incoming => ({
    ...{ kind: "text", id: account, account, name: null, language: null, message: 904 },
    ...{ text: "/today", command: { name: "today", words: "" }, edited: false, repliesTo: null },
  });
  await salon.take(memory, today(inMemory(601)));
  await salon.take(salon.channel, today(inTelegram(602)));
  await expectTable(sql, "select account, name from staff where account like '%:60_' order by 1", [
    ["memory:601", "memory:601"],
    ["telegram:602", "602"],
  ]);
});
