// One card in two messengers: what each account sees of it, how a person shows that both are theirs, and how they leave.
import { expect } from "bun:test";
import { keepMovedAway } from "../../src/cards/absence.ts";
import { consentVersion, rememberDialog } from "../../src/cards/consent.ts";
import { makeCarryCode } from "../../src/cards/together.ts";
import { veilOf } from "../../src/cards/veil.ts";
import { ruTexts } from "../../src/chat/ru.texts.ts";
import { historyRows, openHistory } from "../../src/client/history.ts";
import { tiesToAsk } from "../../src/friends/newcomer.store.ts";
import { tillCard } from "../../src/till/till.store.ts";
import { expectTable } from "../helpers/db.ts";
import { MemoryChannel } from "../helpers/memory-channel.ts";
import { AGREE, linkedAnna, PHONE, row, visit } from "../helpers/past.ts";
import { english, give, type SalonBot, shop } from "../helpers/salon-bot.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";
import { ask, tap } from "../helpers/till-salon.ts";

const SECOND = "+79005550000";

/**
 * Anna's card is in Telegram since before; 35 points of a visit on 5 March are on it. In the other messenger somebody has the
 * same number: `here`. What happens from now on is of the year 2099 and later, for rows bear the database's time.
 */
async function salonOfTwo(
  changes: Parameters<typeof linkedAnna>[0] = {},
  parts: Parameters<typeof linkedAnna>[2] = {},
) {
  const memory = new MemoryChannel(7_000_000_001);
  const salon = await linkedAnna(changes, undefined, { ...parts, channels: [memory] });
  memory.take = (incoming) => salon.take(memory, incoming);
  await visit(salon, 1, { day: "2026-03-05", price: 3_500, decision: "awarded" });
  await row(salon, { day: "2026-03-05", kind: "award", points: 35, record: 1, paid: 3_500 });
  return Object.assign(salon, { memory, here: memory.person(77, "Аня", PHONE) });
}
type Two = Awaited<ReturnType<typeof salonOfTwo>>;
const test = testIn(salonOfTwo);

/** Who has the number opens the card in the other messenger; what is said to them. */
async function opened({ here }: Two, payload = ""): Promise<string> {
  await here.start(payload);
  const before = here.said().length;
  await here.share("proven");
  return here.said().slice(before).join("\n\n");
}

const code = async (salon: Two, account = "telegram:501") =>
  (await makeCarryCode(salon.db, account, salon.clock.now)) ?? "";

/** The newest in Anna's Telegram. */
const inTelegram = (salon: SalonBot) => salon.said(501).at(-1) ?? "";

const accounts = (salon: Two, ...rows: [account: string, phone: string | null, seesAll: boolean][]) =>
  expectTable(
    salon.sql,
    `select account, phone, a.history_from is null as all from accounts a join clients c on c.id = client_id order by account`,
    rows,
  );

/** What may be of before on a card is in none of these answers. */
async function expectClosed({ here }: Two): Promise<void> {
  for (const command of ["/history", "/why", "/statement", "/statement 1.01", "/mydata"])
    expect(await here.write(command)).not.toMatch(/\+35|3 500|5 марта|Анна|…0000|501/);
}

/** All of it is. */
async function expectOpen({ here }: Two): Promise<void> {
  expect(await here.write("/history")).toContain("+35");
  expect(await here.write("/why")).toContain("5 марта, 3 500 ₽");
  expect(await here.write("/statement 1.03")).toContain("5 марта: +35");
  expect(await here.write("/mydata")).toContain("В журнале салона вы записаны так: Анна Журнальная");
}

test("who links a card that is in another messenger has what it holds, and what comes; the past is asked for there", async (salon) => {
  const { here } = salon;
  expect(await opened(salon)).toBe(
    "✅ Готово, Аня! На карте …4567 уже 35 баллов. Скажите на кассе «спишите баллы».\n\nКарта открыта и в Telegram. Мы спросили " +
      "там, вы ли это: ответьте «Да, это я», и прежняя история появится здесь.",
  );
  expect(inTelegram(salon)).toBe(
    "Вашу карту …4567 открыли в Memory. Это вы? Если да, там будет видно всё, что видно здесь.",
  );
  await expectClosed(salon);
  await row(salon, { day: "2099-03-12", kind: "credit", points: 5 });
  expect(await here.write("/history")).toContain("+5");
  await expectClosed(salon);
  // Nothing has changed for whoever had it.
  expect(await ask(salon.anna, "/history")).toContain("+35");
  await accounts(salon, ["memory:77", PHONE, false], ["telegram:501", PHONE, true]);
  await expectTable(salon.sql, "select history_from from clients", [[null]]);
  await expectTable(salon.sql, "select * from passed_cards", []);
  // And who has another card, or none, sees nothing of this one.
  expect(await historyRows(salon.db, 1, 0, 10, "telegram:502")).toMatchObject({ rows: [], earlier: 4_000 });
  await expectSound(salon.db);
});

test("yes, that is me: both see all, and both are told", async (salon) => {
  await opened(salon);
  expect(await tap(salon.anna, "Да, это я")).toBe(
    "Спасибо! Всё, что вы видите здесь на карте …4567, видно теперь и в Memory.",
  );
  expect(salon.here.last()).toBe("Всё, что видно на карте …4567 в Telegram, видно теперь и здесь: /history");
  await expectOpen(salon);
  await accounts(salon, ["memory:77", PHONE, true], ["telegram:501", PHONE, true]);
  await salon.anna.tapAgain();
  expect(inTelegram(salon)).toBe("Этот вопрос уже закрыт.");
  await expectTable(salon.sql, "select * from dialogs", []);
});

test("no, not me: nothing opens, nobody loses the card, and what to do is said", async (salon) => {
  await opened(salon);
  expect(await tap(salon.anna, "Нет, не я")).toBe(
    "Хорошо, прежнюю историю в Memory не покажем. Карту там открыли, подтвердив номер …4567. Номер ваш? Подтвердите его боту в " +
      "Memory сами, и карта перейдёт к вам. Номер уже не ваш? Отвяжите карту, /unlink, а о баллах скажите нам: +7 495 000-00-00. " +
      "Если это всё же вы, нажмите кнопку ниже.",
  );
  await salon.anna.tapAgain();
  expect(inTelegram(salon)).toBe("Этот вопрос уже закрыт.");
  await expectClosed(salon);
  await accounts(salon, ["memory:77", PHONE, false], ["telegram:501", PHONE, true]);
});

test("an old yes opens nothing to who has come in the place of whoever was asked about, nor to another card", async (salon) => {
  await opened(salon);
  const other = salon.memory.person(78, "Зоя", PHONE);
  const older = buttonsOf(salon);
  await other.start();
  await other.press("Согласен");
  await salon.anna.tap({ data: older[0] ?? "" });
  await accounts(salon, ["memory:78", PHONE, false], ["telegram:501", PHONE, true]);
  const newer = buttonsOf(salon);
  await other.share("proven", SECOND);
  await other.press("Да, этой картой");
  await salon.anna.tap({ data: newer[0] ?? "" });
  await accounts(salon, ["memory:78", SECOND, true], ["telegram:501", PHONE, true]);
  // Nor where nobody could be asked about whoever came.
  await opened(salon);
  const before = buttonsOf(salon);
  await salon.anna.block();
  const third = salon.memory.person(80, "Ева", PHONE);
  await third.start();
  await third.share("proven");
  await salon.anna.unblock();
  await salon.anna.start();
  await salon.anna.tap({ data: before[0] ?? "" });
  await accounts(
    salon,
    ["memory:78", SECOND, true],
    ["memory:80", PHONE, false],
    ["telegram:501", PHONE, true],
  );
  // Nor has anybody else the question.
  await salon.boris.start();
  await salon.boris.tap({ data: newer[0] ?? "" });
  expect(salon.said(502).at(-1)).toBe("Этот вопрос уже закрыт.");
});

/** The data of the buttons of the newest question in Anna's Telegram. */
function buttonsOf(salon: Two): string[] {
  const shown = salon.telegram
    .messages(501)
    .findLast((one) => one.inline.length > 0 && one.text.includes("открыли в"));
  return (shown?.inline.flat() ?? []).flatMap((one) => ("callback_data" in one ? [one.callback_data] : []));
}

test("a question that did not get through is asked when the number is sent once more, and then no more", async (salon) => {
  salon.telegram.faults.next({ method: "sendMessage", status: 400 });
  await opened(salon);
  expect(inTelegram(salon)).not.toContain("Это вы?");
  expect(await salon.here.share("proven")).toStartWith("✅ Готово");
  expect(inTelegram(salon)).toContain("Это вы?");
  const asked = salon.said(501).length;
  await salon.here.share("proven");
  expect(salon.said(501)).toHaveLength(asked);
  await tap(salon.anna, "Да, это я");
  await expectOpen(salon);
});

test("a month later the question is over", async (salon) => {
  await opened(salon);
  salon.clock.now = new Date("2026-04-12T12:00:00Z");
  expect(await tap(salon.anna, "Да, это я")).toBe("Этот вопрос уже закрыт.");
  await accounts(salon, ["memory:77", PHONE, false], ["telegram:501", PHONE, true]);
});

test("whoever has blocked the bot is not asked: an admin can open what was before", async (salon) => {
  await salon.anna.block();
  expect(await opened(salon)).toEndWith(
    "Карта открыта и в Telegram. Здесь видно то, что придёт с этой минуты, а прежнюю историю откроет администратор на кассе.",
  );
  await expectTable(salon.sql, "select * from dialogs", []);
  const [{ since } = { since: new Date() }] = await salon.db<{ since: Date }[]>`
    select history_from as since from accounts where account = 'memory:77'`;
  const at = salon.clock.now;
  expect((await tillCard(salon.db, 1, at))?.closedSince).toEqual(since);
  const by = "telegram:601";
  expect(await openHistory(salon.db, 1, { since: new Date(since.getTime() + 1), by, at })).toBe(false);
  expect(await openHistory(salon.db, 1, { since, by, at })).toBe(true);
  await expectOpen(salon);
  await expectTable(salon.sql, "select history_from, history_opened_by from clients", [[null, by]]);
});

test("who comes by the link of the first messenger sees all once the number is proved: once, and nobody is asked", async (salon) => {
  const link = await code(salon);
  expect(await opened(salon, link)).toBe(
    "✅ Готово, Аня! На карте …4567 уже 35 баллов за 1 визит. Скажите на кассе «спишите баллы».\n\nВсё, что видно в Telegram, " +
      "видно теперь и здесь.",
  );
  expect(inTelegram(salon)).not.toContain("Это вы?");
  await expectOpen(salon);
  await expectTable(salon.sql, "select * from carry_codes", []);
  // The next one with the same link is anybody.
  const other = salon.memory.person(78, "Зоя", PHONE);
  await other.start(link);
  await other.press("Согласен");
  await accounts(salon, ["memory:78", PHONE, false], ["telegram:501", PHONE, true]);
});

test("a link opens nothing by itself, nothing of another number's card, and nothing a day later", async (salon) => {
  const { here, memory } = salon;
  const thief = memory.person(78, "Зоя", SECOND);
  const link = await code(salon);
  await thief.start(link);
  expect(await thief.write("/history")).not.toContain("+35");
  await thief.press("Согласен");
  await accounts(salon, ["memory:78", SECOND, true], ["telegram:501", PHONE, true]);
  expect(await thief.write("/history")).not.toContain("+35");
  await expectTable(salon.sql, "select count(*) as n from carry_codes", [{ n: 1 }]);
  // It is of its day alone.
  salon.clock.now = new Date(salon.clock.now.getTime() + 86_400_000);
  await opened(salon, link);
  await expectClosed(salon);
  await here.start("m_AAAAAAAAAAAAAAAAAAAAAA");
  expect(here.last()).toStartWith("Ссылка не подошла: она живёт день");
});

test("whoever has linked already opens the rest by the link, and its maker nothing by their own", async (salon) => {
  await opened(salon);
  const own = await code(salon, "memory:77");
  await salon.here.start(own);
  expect(salon.here.last()).toStartWith("Ссылка не подошла");
  await expectClosed(salon);
  // That of who sees less opens no more than they see, and closes nothing.
  await salon.anna.start(own);
  expect(await ask(salon.anna, "/history")).toContain("+35");
  await salon.here.start(await code(salon));
  expect(salon.here.last()).toBe("Готово: всё, что видно в Telegram, видно теперь и здесь.");
  await expectOpen(salon);
});

test("a link that a clock has made which was put back since is none", async (salon) => {
  const ahead = new Date(salon.clock.now.getTime() + 3_600_000);
  const link = (await makeCarryCode(salon.db, "telegram:501", ahead)) ?? "";
  await opened(salon, link);
  await expectClosed(salon);
  await code(salon);
  await expectTable(salon.sql, "select count(*) as n from carry_codes", [{ n: 1 }]);
});

test("only the hash of a link is kept, and whoever has no card gets none", async (salon) => {
  const link = await code(salon);
  expect(link).toMatch(/^m_[\w-]{22}$/);
  await expectTable(salon.sql, "select encode(hash, 'hex') as hash, account, until from carry_codes", [
    [new Bun.CryptoHasher("sha256").update(link).digest("hex"), "telegram:501", "2026-03-13T12:00:00.000Z"],
  ]);
  expect(await makeCarryCode(salon.db, "telegram:502", salon.clock.now)).toBeNull();
});

test("consent given in the first messenger holds for who comes by its link: its words name both", async (salon) => {
  const { here, anna, sql } = salon;
  // Agreed to before there was another messenger: such words do not hold there.
  await sql`update consents set version = 'older'`;
  await here.start(await code(salon));
  expect(here.last()).toStartWith("Согласие на обработку персональных данных");
  expect(here.last()).toContain(
    "телефона, Telegram ID и Memory ID, визитов и оплат, чтобы вести карту в Telegram и Memory",
  );

  await ask(anna, "/unlink", "Да, отвязать");
  await anna.start();
  await anna.tap(AGREE);
  const other = salon.memory.person(78, "Зоя", PHONE);
  await other.start(await code(salon));
  expect(other.said()).toEqual([
    "Здравствуйте! Подтвердите номер кнопкой внизу, и ваша карта откроется здесь со всей историей. Согласие на обработку данных, " +
      "которое вы дали в Telegram 12 марта 2026, действует и тут.",
  ]);
  expect(await other.press("Подтвердить номер")).toStartWith("✅ Готово, Зоя!");
  await expectTable(sql, "select account, agreed_at from consents where version <> 'older' order by 1", [
    ["memory:78", "2026-03-12T12:00:00.000Z"],
    ["telegram:501", "2026-03-12T12:00:00.000Z"],
  ]);
});

test("consent of whoever has the link's card is no consent of who proves another number", async (salon) => {
  const thief = salon.memory.person(78, "Зоя", SECOND);
  await thief.start(await code(salon));
  expect(await thief.press("Подтвердить номер")).toStartWith("Согласие на обработку персональных данных");
  await expectTable(salon.sql, "select account from consents", [["telegram:501"]]);
  await accounts(salon, ["telegram:501", PHONE, true]);
});

test("with one messenger alone the consent has the words that it had", async () => {
  await using salon = await linkedAnna();
  const [{ version } = { version: "" }] = await salon.db<{ version: string }[]>`select version from consents`;
  const words =
    "<b>Согласие на обработку персональных данных</b>\n\nДаю согласие на обработку имени, телефона, Telegram ID, визитов и оплат, " +
    "чтобы вести карту и сообщать о баллах. Данные обрабатывает ИП Петрова &amp; Ко. Согласие действует до отзыва: «Помощь → Мои " +
    'данные».\n<a href="https://salon.example/policy?a=1&amp;b=2">Полный текст и политика</a>';
  const of = { legalName: shop.legalName ?? "", policyUrl: shop.policyUrl };
  expect(ruTexts.consent(of, "Telegram")).toBe(words);
  expect(version).toBe(consentVersion(words));
});

test("/mydata shows both accounts and both consents to a person, and to a stranger only where else the card is", async (salon) => {
  await opened(salon);
  const closed = await salon.here.write("/mydata");
  expect(closed).toContain("Memory ID: 77, язык — русский\nКарта открыта и в Telegram, с ");
  expect(closed).toContain("Согласие на обработку данных дано в Memory 12 марта 2026.");
  expect(closed).not.toContain("дано в Telegram");
  await tap(salon.anna, "Да, это я");
  const mine = await salon.here.write("/mydata");
  expect(mine).toMatch(/Memory ID: 77, язык — русский\nTelegram ID: 501, карта открыта там с /);
  expect(mine).toContain("дано в Telegram 12 марта 2026.");
  expect(mine).toContain("дано в Memory 12 марта 2026.");
  expect(await ask(salon.anna, "/mydata")).toMatch(
    /Telegram ID: 501, язык — русский\nMemory ID: 77, карта открыта там с /,
  );
});

test("/unlink only here leaves the card in the other messenger, with what is due there", async (salon) => {
  await opened(salon, await code(salon));
  await row(salon, { day: "2099-03-12", kind: "credit", points: 5, untold: true });
  expect(await salon.here.write("/unlink")).toBe(
    "Отвязать карту …4567 от этого Memory или отовсюду? Она открыта и в Telegram. Баллы (40) останутся на ней и подождут вас: на " +
      "кассе её по-прежнему откроют по телефону. Где её не станет, там не будет и сообщений о баллах.",
  );
  expect(salon.here.labels()).toEqual(["Только здесь", "Везде", "Не надо"]);
  expect(await salon.here.press("Только здесь")).toBe(
    "Карта …4567 отвязана от этого Memory и осталась в Telegram. Вернуть её сюда — /start.",
  );
  await accounts(salon, ["telegram:501", PHONE, true]);
  await expectTable(salon.sql, "select count(*) as n from bonuslog where not is_telegram_notified", [
    { n: 1 },
  ]);
  // Whoever comes back is the second one again.
  await opened(salon);
  await expectClosed(salon);
});

test("/unlink everywhere takes the card off both, tells the other, and who asked for it comes back to what they saw", async (salon) => {
  await opened(salon, await code(salon));
  expect(await salon.here.write("/unlink", "Везде")).toBe(
    "Карта …4567 отвязана, баллы ждут на ней. Вернуть её сюда — /start.",
  );
  expect(inTelegram(salon)).toBe(
    "Карту …4567 отвязали и здесь: об этом попросили в Memory. Баллы ждут на ней, вернуть её сюда — /start. Если это не вы, " +
      "скажите нам: +7 495 000-00-00.",
  );
  await accounts(salon);
  expect(await salon.here.share("proven")).toContain("уже 35 баллов за 1 визит");
  await expectOpen(salon);
});

test("who never saw the past of a card does not come to it by unlinking everybody", async (salon) => {
  await opened(salon);
  await salon.here.write("/unlink", "Везде");
  await salon.here.share("proven");
  await accounts(salon, ["memory:77", PHONE, false]);
  await expectClosed(salon);
  // Nor by the first one's leaving.
  await ask(salon.anna, "/start");
  await salon.anna.shareContact();
  await accounts(salon, ["memory:77", PHONE, false], ["telegram:501", PHONE, false]);
});

test("once the first account has left, the card is the other's from its link on", async (salon) => {
  await salon.sql`insert into friend_links (client_id, code) values (1, 'AAAABBBBCCCCDDDD')`;
  await opened(salon);
  await expectTable(salon.sql, "select client_id from friend_links", [[1]]);
  expect(await ask(salon.anna, "/unlink", "Только здесь")).toContain("осталась в Memory");
  await accounts(salon, ["memory:77", PHONE, false]);
  await expectTable(
    salon.sql,
    "select c.history_from = a.history_from as theirs, p.at = a.history_from as passed from clients c, accounts a, passed_cards p",
    [[true, true]],
  );
  await expectTable(salon.sql, "select * from friend_links", []);
  await expectClosed(salon);
});

test("/forget takes both accounts and all that is kept of them, once, and tells the other", async (salon) => {
  const { here, anna, sql } = salon;
  await opened(salon);
  await code(salon);
  await sql`insert into birthdays (account, day, said_at, since) values
    ('telegram:501', '2000-04-20', now(), now()), ('memory:77', '2000-04-21', now(), now())`;
  await rememberDialog(salon.db, "memory:77", "birthday", {}, new Date("2026-03-13T12:00:00Z"));
  expect(await here.write("/forget")).toContain(
    "Карты не станет и в Telegram. Сотрём имя, телефон, Memory, Telegram и связь с вашими визитами.",
  );
  const asked = here.messages.at(-1)?.buttons[0];
  expect(await here.press("Удалить навсегда")).toStartWith(
    "Готово: имени, телефона, Telegram и Memory у нас больше нет, карта удалена навсегда.",
  );
  const told =
    "Вашей карты и всего, что мы о вас знали, больше нет: об этом попросили в Memory. Захотите новую — /start. Если это не вы, " +
    "скажите нам: +7 495 000-00-00.";
  expect(inTelegram(salon)).toBe(told);
  await accounts(salon);
  for (const table of ["consents", "dialogs", "birthdays", "carry_codes", "notices"])
    await expectTable(sql, `select * from ${table}`, []);
  await expectTable(sql, "select phone, name, last_account, forgotten_at is not null as gone from clients", [
    [null, null, null, true],
  ]);
  await expectTable(sql, "select * from passed_cards", []);
  const said = salon.said(501).length;
  if (asked === undefined || !("data" in asked)) throw new Error("no button");
  await salon.memory.bring(here, {
    kind: "tap",
    tap: "memory:77/1",
    data: asked.data,
    message: null,
    text: false,
  });
  expect(salon.said(501)).toHaveLength(said);
  expect(await ask(anna, "/history")).toStartWith("Согласие");
  await expectSound(salon.db);
});

test("a card that the first account had before goes with /forget in the second only where both are one person's", async () => {
  for (const same of [false, true]) {
    await using salon = await salonOfTwo();
    await salon.anna.shareContact(SECOND);
    await salon.anna.tap("Да, перенести");
    const there = salon.memory.person(79, "Аня", SECOND);
    await there.start(same ? await code(salon) : "");
    await there.share("proven");
    const said = await there.write("/forget", "Удалить навсегда");
    expect(said).toContain("Telegram и Memory");
    await expectTable(
      salon.sql,
      "select phone is null as nobodys, last_account from clients order by id",
      same
        ? [
            [true, null],
            [true, null],
          ]
        : [
            [false, null],
            [true, null],
          ],
    );
  }
});

test("a second number: the card that is in the other messenger keeps its points, and nothing is doubled", async (salon) => {
  await opened(salon, await code(salon));
  await give(salon, SECOND, 1_000);
  await salon.here.share("proven", SECOND);
  expect(salon.here.last()).toBe(
    "К Memory уже привязана карта …4567. Она открыта и в Telegram, поэтому баллы останутся на ней. Пользоваться здесь картой …0000?",
  );
  expect(await salon.here.press("Да, этой картой")).toBe(
    "✅ Теперь ваша карта — …0000. На карте …0000: 10 баллов. 1 балл = 1 ₽: скажите на кассе «спишите баллы». Карта …4567 " +
      "осталась в Telegram.",
  );
  await accounts(salon, ["memory:77", SECOND, true], ["telegram:501", PHONE, true]);
  await expectTable(salon.sql, "select kind from bonuslog where kind = 'move'", []);
  await expectTable(salon.sql, "select left_for from clients where left_for is not null", []);
  await expectSound(salon.db);
});

test("a yes to move the points is closed once another account has the card, or has left it", async () => {
  await using salon = await salonOfTwo();
  await salon.anna.shareContact(SECOND);
  const move = salon.anna.lastMessage()?.inline[0]?.[0];
  if (!move || !("callback_data" in move)) throw new Error("no button");
  await opened(salon);
  await salon.anna.tap({ data: move.callback_data });
  expect(inTelegram(salon)).toStartWith("Этот вопрос уже закрыт.");
  await accounts(salon, ["memory:77", PHONE, false], ["telegram:501", PHONE, true]);
  await salon.here.share("proven", SECOND);
  await ask(salon.anna, "/unlink", "Только здесь");
  expect(await salon.here.press("Да, этой картой")).toStartWith("Этот вопрос уже закрыт.");
  await expectTable(salon.sql, "select kind from bonuslog where kind = 'move'", []);
});

test("points that move onto a card of another messenger's account are said to be of what was asked, or stay", async (salon) => {
  await salon.anna.shareContact(SECOND);
  const there = salon.memory.person(79, "Зоя", SECOND);
  await there.start();
  await there.press("Согласен");
  await salon.anna.tap("Да, перенести");
  expect(inTelegram(salon)).toStartWith("Этот вопрос уже закрыт. На карте …4567: 35 баллов.");
  await accounts(salon, ["memory:79", SECOND, true], ["telegram:501", PHONE, true]);
});

test("two who link at once, in two messengers, both have the card, and one of them sees what was before", async () => {
  await using salon = await salonOfTwo();
  await ask(salon.anna, "/unlink", "Да, отвязать");
  await salon.sql`update clients set last_account = null`;
  await salon.anna.start();
  await salon.here.start();
  await Promise.all([salon.anna.tap(AGREE), salon.here.press("Согласен")]);
  await expectTable(
    salon.sql,
    "select count(*) as n, count(*) filter (where history_from is null) as see from accounts",
    [[2, 1]],
  );
  await expectSound(salon.db);
});

test("who unlinks or is forgotten while another links leaves nothing half done", async () => {
  for (const leaving of ["/unlink", "/forget"]) {
    await using salon = await salonOfTwo();
    await salon.here.start();
    await salon.anna.say(leaving);
    const sure = leaving === "/unlink" ? "Да, отвязать" : "Удалить навсегда";
    await Promise.all([salon.anna.tap(sure), salon.here.press("Согласен")]);
    const [{ cards = 0, open = 0 } = {}] = await salon.db<{ cards: number; open: number }[]>`
      select count(*)::int as cards, (select count(*)::int from accounts where history_from is null) as open
      from clients c join accounts a on a.client_id = c.id where c.forgotten_at is null and c.linked`;
    const whole = leaving === "/forget";
    // Forgotten before the link: a new card, all of it theirs. After it: nothing is left.
    expect([cards, open]).toBeOneOf(
      whole
        ? [
            [1, 1],
            [0, 0],
          ]
        : [[1, 0]],
    );
    await expectSound(salon.db);
  }
});

test("a newcomer's gift is given once, whichever messenger comes first and second", async () => {
  await using salon = await salonOfTwo({ welcomePoints: 10_000 }, { giftVeil: veilOf("gifts") });
  const fresh = salon.memory.person(80, "Глеб", SECOND);
  await fresh.start();
  await fresh.press("Согласен");
  const there = salon.telegram.person({ id: 580, firstName: "Глеб", phone: SECOND });
  await there.start();
  await there.tap(AGREE);
  await ask(there, "/unlink", "Везде");
  await there.shareContact();
  await expectTable(salon.sql, "select key from bonuslog where kind = 'welcome' order by 1", [
    ["welcome:1"],
    ["welcome:2"],
  ]);
});

test("nobody invites themselves, nor is new, by letting the card go in one of two messengers; the forgotten may", async () => {
  await using salon = await salonOfTwo({ friendPoints: { friend: 10_000, inviter: 10_000 } });
  const { anna, sql, here } = salon;
  await opened(salon);
  await ask(anna, "/invite");
  const [link = ""] = /f_[\w-]+/.exec(inTelegram(salon)) ?? [];
  await ask(anna, "/unlink", "Только здесь");
  await anna.start(link);
  await anna.shareContact(SECOND);
  expect(inTelegram(salon)).toBe("Это ваше собственное приглашение: отправьте ссылку другу.");
  await expectTable(sql, "select friend from friends", []);
  const zoe = salon.memory.person(79, "Зоя", "+79006660000");
  await zoe.start();
  await zoe.press("Согласен");
  const [other = ""] = /f_[\w-]+/.exec(await zoe.write("/invite")) ?? [];
  await anna.start(other);
  await expectTable(sql, "select friend, inviter from friends", [{ friend: 3, inviter: 4 }]);
  expect(await tiesToAsk(salon.db, 5)).toMatchObject([{ friend: 3, known: true }]);
  await expectTable(sql, "select account, client_id from earlier_accounts", [["telegram:501", 1]]);
  await here.write("/forget", "Удалить навсегда");
  await expectTable(sql, "select * from earlier_accounts", []);
  await expectSound(salon.db);
});

test("the journal's birthday, and who came by whose invitation before, are the first one's to see", async () => {
  await using salon = await salonOfTwo({ birthdayPoints: 10_000 });
  await salon.sql`
    insert into journal_birthdays (yclients_client_id, day, since, read_at)
    select yclients_client_id, '2000-04-20', now(), now() from yclients_clients`;
  await salon.sql`insert into clients (phone) values (${SECOND})`;
  await salon.sql`
    insert into friends (friend, inviter, tied_at, friend_points, inviter_points, after_days, changed_at)
    values (2, 1, '2026-03-10', 1, 1, 3, '2026-03-10')`;
  await opened(salon);
  expect(await salon.here.write("/why")).not.toContain("10 марта");
  expect(await salon.here.write("/birthday")).not.toContain("20 апреля");
  expect(await ask(salon.anna, "/why")).toContain("10 марта");
  expect(await ask(salon.anna, "/birthday")).toContain("20 апреля");
  await tap(salon.anna, "Да, это я");
  expect(await salon.here.write("/why")).toContain("10 марта");
  expect(await salon.here.write("/birthday")).toContain("20 апреля");
});

test("a birthday is said once for both accounts of a person, changed once a year, and no business of a stranger", async () => {
  await using salon = await salonOfTwo({ birthdayPoints: 10_000 });
  const { here, anna } = salon;
  await opened(salon);
  await ask(anna, "/birthday 14.03", "Да, 14 марта");
  expect(await here.write("/birthday")).toStartWith("Когда у вас день рождения?");
  await tap(anna, "Да, это я");
  expect(await here.write("/birthday")).toContain("14 марта");
  await here.write("/birthday 15.03", "Да, 15 марта");
  await expectTable(
    salon.sql,
    "select account, to_char(day, 'MM-DD') as day from birthdays where said_at is not null",
    [["telegram:501", "03-15"]],
  );
  expect(await ask(anna, "/birthday 16.03", "Да, 16 марта")).toStartWith("Эту дату уже меняли.");
  await here.write("/birthday", "Удалить");
  await expectTable(salon.sql, "select day from birthdays where said_at is not null", [[null]]);
});

test("the code on the picture stays while nobody loses the card, and goes with who does", async (salon) => {
  await salon.sql`update clients set code = 'AAAABBBBCCCCDDDD'`;
  await opened(salon);
  await expectTable(salon.sql, "select code from clients", [["AAAABBBBCCCCDDDD"]]);
  const other = salon.memory.person(78, "Зоя", PHONE);
  await other.start();
  await other.press("Согласен");
  await expectTable(salon.sql, "select code from clients", [[null]]);
});

test("the picture that whoever leaves a card has kept is no card any more", async (salon) => {
  await opened(salon);
  const coded = () => salon.sql`update clients set code = 'AAAABBBBCCCCDDDD' where phone = ${PHONE}`;
  await coded();
  await ask(salon.anna, "/unlink", "Только здесь");
  await expectTable(salon.sql, "select code from clients", [[null]]);
  await salon.anna.start();
  await salon.anna.tap(AGREE);
  await coded();
  await salon.here.share("proven", SECOND);
  await salon.here.press("Да, этой картой");
  await expectTable(salon.sql, "select phone, code from clients order by phone", [
    [PHONE, null],
    [SECOND, null],
  ]);
});

test("who carries their card to where it may be told unasked hears there at once what waited for them, and nothing waits on", async () => {
  await using salon = await salonOfTwo({}, { tells: ["telegram"] });
  const first = salon.memory.person(82, "Ира", SECOND);
  await first.start();
  await first.share("proven");
  await first.press("Согласен");
  await give(salon, SECOND, 70_00);
  const there = salon.telegram.person({ id: 582, firstName: "Ира", phone: SECOND });
  await there.start(await code(salon, "memory:82"));
  await there.tap("Подтвердить номер");
  expect(salon.said(582).join("\n")).toContain("70");
  await there.say("/balance");
  expect(salon.said(582).join("\n")).not.toContain("ещё напишем");
  await expectTable(
    salon.sql,
    "select id from bonuslog where not is_telegram_notified and kind = 'credit'",
    [],
  );
});

test("where nothing may be told unasked the question waits for the next contact, once, and leaving is not told", async () => {
  await using salon = await salonOfTwo({}, { tells: ["telegram"] });
  const first = salon.memory.person(82, "Ира", SECOND);
  await first.start();
  await first.share("proven");
  const there = salon.telegram.person({ id: 582, firstName: "Ира", phone: SECOND });
  await there.start();
  const said = first.said().length;
  await there.tap(AGREE);
  expect(salon.said(582).at(-1)).toEndWith(
    "Карта открыта и в Memory. Загляните там в чат с ботом и ответьте «Да, это я»: прежняя история появится здесь.",
  );
  expect(first.said()).toHaveLength(said);
  await first.write("/balance");
  expect(first.said().slice(said)).toEqual([
    "Вашу карту …0000 открыли в Telegram. Это вы? Если да, там будет видно всё, что видно здесь.",
    expect.stringMatching(/^На карте …0000/),
  ]);
  await first.write("/balance");
  expect(first.said()).toHaveLength(said + 3);
  await first.press("Да, это я");
  await accounts(
    salon,
    ["memory:82", SECOND, true],
    ["telegram:501", PHONE, true],
    ["telegram:582", SECOND, true],
  );
  await ask(there, "/forget", "Удалить навсегда");
  expect(first.said().filter((one) => one.includes("больше нет"))).toEqual([]);
});

test("an English account is asked in English", async (salon) => {
  const john = await english(salon);
  const there = salon.memory.person(81, "John", john.profile.phone);
  await there.start();
  await there.press("Согласен");
  expect(salon.said(503).at(-1)).toStartWith("Your card …0123 was opened in Memory. Is that you?");
  expect(await tap(john, "Yes, that's me")).toStartWith("Thank you!");
});

/** Whoever has proved the number last says that the other account is not theirs. */
async function putOff({ here }: Two): Promise<string> {
  await here.press("Тот аккаунт не мой");
  return here.press("Да, убрать карту оттуда");
}
const tapOf = ({ memory, here }: Two, data: string) =>
  memory.bring(here, { kind: "tap", tap: "memory:77/1", data, message: null, text: false });
const OLD_BUTTON = "Эта кнопка уже не действует: в Telegram карты нет, или её открыли там заново.";

test("who has proved the number last takes the card off whoever had it: that one is told, can do nothing, and keeps its past", async (salon) => {
  await opened(salon);
  await salon.sql`update clients set code = 'AAAABBBBCCCCDDDD'`;
  const [yes = ""] = buttonsOf(salon);
  expect(await putOff(salon)).toBe("Готово: в Telegram карты …4567 больше нет, она только ваша.");
  expect(inTelegram(salon)).toBe(
    "Ваш номер подтвердил другой аккаунт, карта теперь у него. Если это не вы, скажите нам: +7 495 000-00-00.",
  );
  await accounts(salon, ["memory:77", PHONE, false]);
  // The picture that they may have kept is no card any more.
  await expectTable(salon.sql, "select code from clients", [[null]]);
  await expectClosed(salon);
  await salon.anna.tap({ data: yes });
  expect(inTelegram(salon)).toBe("Этот вопрос уже закрыт.");
  await expectClosed(salon);
  await ask(salon.anna, "/forget", "Удалить навсегда");
  await accounts(salon, ["memory:77", PHONE, false]);
  await expectSound(salon.db);
});

test("whoever says that an account is not theirs is asked once more, may leave it, and is asked nothing where it has gone", async (salon) => {
  await opened(salon);
  const both = [
    ["memory:77", PHONE, false],
    ["telegram:501", PHONE, true],
  ] as [string, string, boolean][];
  expect(await salon.here.press("Тот аккаунт не мой")).toBe(
    "Убрать карту …4567 из Telegram? Со всеми баллами она останется у вас здесь, а прежняя история, если она открыта, закроется. " +
      "Аккаунт всё-таки ваш? Тогда ничего не убирайте.",
  );
  await accounts(salon, ...both);
  expect(await salon.here.press("Не надо")).toBe("Хорошо, карта осталась и в Telegram.");
  await accounts(salon, ...both);
  await salon.anna.say("/unlink");
  await salon.anna.tap("Только здесь");
  await tapOf(salon, "notmine:1:telegram");
  expect(salon.here.last()).toBe(OLD_BUTTON);
  await tapOf(salon, "notmine:1:telegram:no");
  expect(salon.here.last()).toBe(OLD_BUTTON);
});

test("a yes of whoever had the number keeps them neither the card nor, to the other, their past open", async (salon) => {
  await opened(salon);
  await tap(salon.anna, "Да, это я");
  await expectOpen(salon);
  await putOff(salon);
  await accounts(salon, ["memory:77", PHONE, false]);
  await expectClosed(salon);
  await expectSound(salon.db);
});

test("who was put off and proves the number once more is the later one, and an old question answers nothing", async (salon) => {
  await opened(salon);
  const [yes = ""] = buttonsOf(salon);
  await putOff(salon);
  await salon.anna.start();
  await salon.anna.shareContact();
  await accounts(salon, ["memory:77", PHONE, false], ["telegram:501", PHONE, false]);
  await salon.anna.tap({ data: yes });
  expect(inTelegram(salon)).toBe("Этот вопрос уже закрыт.");
  await tapOf(salon, "notmine:1:telegram:yes");
  expect(salon.here.last()).toBe(OLD_BUTTON);
  await salon.anna.tap({ data: "notmine:1:memory:yes" });
  await accounts(salon, ["telegram:501", PHONE, false]);
});

test("only the later account puts off the earlier one, only on that card, and only for a day", async (salon) => {
  await opened(salon);
  await salon.anna.tap({ data: "notmine:1:memory:yes" });
  expect(inTelegram(salon)).toBe(
    "Эта кнопка уже не действует: в Memory карты нет, или её открыли там заново.",
  );
  await tapOf(salon, "notmine:2:telegram:yes");
  expect(salon.here.last()).toBe("Этот вопрос уже закрыт.");
  await salon.boris.start();
  await salon.boris.tap({ data: "notmine:1:memory:yes" });
  await salon.sql`update accounts set linked_at = linked_at - interval '1 day'`;
  expect(await salon.here.press("Тот аккаунт не мой")).toStartWith("Эта кнопка действует один день.");
  await tapOf(salon, "notmine:1:telegram:yes");
  expect(salon.here.last()).toBe(
    "Эта кнопка действует один день. Убрать карту из Telegram можно и теперь: /unlink, «Везде», а потом подтвердите номер здесь снова.",
  );
  await accounts(salon, ["memory:77", PHONE, false], ["telegram:501", PHONE, true]);
  // That is a way.
  await salon.here.write("/unlink", "Везде");
  await salon.here.share("proven");
  await accounts(salon, ["memory:77", PHONE, false]);
});

test("who may not be told unasked hears at their next turn that they were put off", async () => {
  await using salon = await salonOfTwo({}, { tells: ["memory"] });
  await opened(salon);
  const said = salon.said(501).length;
  await putOff(salon);
  expect(salon.said(501)).toHaveLength(said);
  await salon.anna.say("/balance");
  expect(salon.said(501)[said]).toStartWith("Ваш номер подтвердил другой аккаунт");
});

test("who was put off while their messenger might not be written to hears it at their next turn, though it may be by then", async () => {
  await using salon = await salonOfTwo();
  await opened(salon);
  await putOff(salon);
  const said = salon.said(501).length;
  await keepMovedAway(salon.db, "telegram:501", salon.clock.now);
  await salon.anna.say("/balance");
  await salon.anna.say("/balance");
  const words = salon.said(501).slice(said);
  expect(words[0]).toStartWith("Ваш номер подтвердил другой аккаунт");
  expect(words.filter((one) => one.startsWith("Ваш номер подтвердил"))).toHaveLength(1);
});

test("who is put off while they say yes, leave, are forgotten or come once more leaves nothing half done", async () => {
  for (const deed of ["yes", "unlink", "forget", "link"]) {
    await using salon = await salonOfTwo();
    await opened(salon);
    const [yes = ""] = buttonsOf(salon);
    if (deed === "unlink" || deed === "forget") await salon.anna.say(`/${deed}`);
    const done = {
      yes: () => salon.anna.tap({ data: yes }),
      unlink: () => salon.anna.tap("Только здесь"),
      forget: () => salon.anna.tap("Удалить навсегда"),
      link: () => salon.anna.shareContact(),
    }[deed];
    await Promise.all([putOff(salon), done?.()]);
    const left = await salon.db<{ account: string; all: boolean }[]>`
      select account, a.history_from is null as all from accounts a order by account`;
    const mine = { account: "memory:77", all: false };
    const both = [mine, { account: "telegram:501", all: false }];
    // Who links before that is put off; after it they are the later ones.
    expect([...left]).toBeOneOf(
      deed === "forget" ? [[], [mine]] : deed === "link" ? [[mine], both] : [[mine]],
    );
    await expectSound(salon.db);
  }
});

test("a mistaken no is put right by the button below it, once", async (salon) => {
  await opened(salon);
  await tap(salon.anna, "Нет, не я");
  await expectClosed(salon);
  expect(await tap(salon.anna, "Всё-таки это я")).toStartWith("Спасибо!");
  await expectOpen(salon);
  await expectTable(salon.sql, "select * from dialogs", []);
});

test("who comes by a link and proves another number is told that the link's card stays where it was", async (salon) => {
  const other = salon.memory.person(78, "Зоя", SECOND);
  await other.start(await code(salon));
  await other.press("Подтвердить номер");
  expect(other.said().at(-2)).toBe(
    "Номер …0000 — не той карты, которую вы переносите: та остаётся на месте. Карту этого номера тоже можно открыть.",
  );
  await other.press("Согласен");
  expect(other.last()).toEndWith(
    "\n\nОткрылась карта номера …0000. Ссылка была от карты с другим номером: та осталась там, где была, со всеми баллами. Чтобы " +
      "перенести её, подтвердите здесь её номер.",
  );
  expect(other.said().join()).not.toContain("4567");
  expect(await other.share("proven")).not.toContain("Ссылка была");
  await accounts(salon, ["memory:78", SECOND, true], ["telegram:501", PHONE, true]);
});

test("nobody is sent to a messenger that the salon has no more, and /mydata says that it is off", async () => {
  await using salon = await linkedAnna();
  await salon.sql`insert into clients (phone) values (${SECOND})`;
  await salon.sql`insert into accounts (channel, external_id, client_id) values ('memory', '82', 2)`;
  const there = salon.telegram.person({ id: 582, firstName: "Ира", phone: SECOND });
  await there.start();
  await there.tap(AGREE);
  expect(salon.said(582).at(-1)).toBe(
    "Карта открыта и в Memory (бот там сейчас выключен). Здесь видно то, что придёт с этой минуты, а прежнюю историю откроет " +
      "администратор на кассе.",
  );
  await there.say("/mydata");
  expect(salon.said(582).at(-1)).toMatch(/Карта открыта и в Memory, с .*\. Бот там сейчас выключен/);
  await there.tap("Тот аккаунт не мой");
  await there.tap("Да, убрать карту оттуда");
  await expectTable(salon.sql, "select account from accounts where client_id = 2", [["telegram:582"]]);
});

test("of accounts of one person that let the card go together each comes back to what it saw; nobody else, nor later", async () => {
  for (const [same, between] of [
    [true, false],
    [false, false],
    [true, true],
  ]) {
    await using salon = await salonOfTwo();
    await opened(salon, same ? await code(salon) : "");
    // The last account of the card sees it, which says nothing of who had the card beside or before.
    if (!between) await give(salon, PHONE, 700);
    await salon.here.write("/unlink", "Везде");
    if (between) {
      const other = salon.memory.person(78, "Зоя", PHONE);
      await other.start();
      await other.press("Согласен");
      await other.write("/unlink", "Да, отвязать");
      await opened(salon);
      await give(salon, PHONE, 700);
      await salon.here.write("/unlink", "Да, отвязать");
    }
    await salon.anna.start();
    await salon.anna.shareContact();
    await accounts(salon, ["telegram:501", PHONE, same === true && !between]);
    const history = await ask(salon.anna, "/history");
    for (const points of ["+35", "+7"]) expect(history.includes(points)).toBe(same === true && !between);
    await expectSound(salon.db);
  }
});
