// The sentences: facts in them, escaping, the language picked.
import { expect, test } from "bun:test";
import { type Texts, textsOf } from "../../src/chat/chat.texts.ts";
import { enTexts as en } from "../../src/chat/en.texts.ts";
import { ruTexts as ru } from "../../src/chat/ru.texts.ts";
import { historyTexts } from "../../src/client/history.texts.ts";
import { type VisitView, whyTexts } from "../../src/client/why.texts.ts";
import { plainTexts } from "../../src/client/words.texts.ts";
import { readHtml } from "../../src/standins/telegram/html.ts";
import { enWords, ruWords } from "../../src/texts/words.ts";
import { type Programme, programmeEn, programmeRu } from "../../src/visits/programme.texts.ts";
import { programme } from "../helpers/programme.ts";
import { soft } from "../helpers/soft.ts";

const evil = `<b>&"'`;
const phone = "+79001234567";
const view = { phone, name: evil, balance: 34_000, waiting: 0 };

/** What plain words are answered with. */
function answers(language: string): string[] {
  const t = plainTexts(language);
  const shop = { ...programme, spendMaxPercent: 50 };
  return [
    ...[
      t.thanks(),
      t.agreed(),
      t.helloStranger(evil),
      t.helloStranger(null),
      t.expiry(shop),
      t.expiry({ ...shop, pointsLive: { months: 12 } }),
      t.spend(shop),
      t.spendOfStranger(shop),
    ],
    ...[t.person(evil), t.person(null), t.stop("MAX"), t.stopStranger(), t.unknown(evil), t.unknown(null)],
    ...[t.unknownOfStranger(), t.noContacts()],
  ];
}

/** Every sentence with the worst values it may get. */
function everything(t: Texts): string[] {
  const shop = { ...programme, title: evil, legalName: evil, supportPhone: evil };
  const addresses = { rulesUrl: `https://x.y/?a=1&b="`, policyUrl: `https://x.y/?a=1&b="` };
  const balances = [34_000, 0, -1500].map((balance) => ({ ...view, balance, waiting: 2_000 }));
  return [
    t.greeting({ ...shop, ...addresses }),
    t.consent({ ...shop, ...addresses }, "MAX"),
    t.notNow(),
    t.numberFirst(),
    t.numberLater(),
    ...balances.flatMap((one) => [
      t.linked({ ...one, visits: 4, since: "2026-03-12", returned: false }),
      t.linked({ ...one, visits: 0, since: null, returned: true }),
      t.hello(one),
      t.balance(one),
      t.moved(one.balance, one, null),
      t.moved(one.balance, one, phone),
      t.secondPhone(one, { phone }, "MAX"),
      t.welcomeBack({ ...one, gained: 9600, visits: 3, spent: 5000 }),
      t.welcomeBack({ ...one, gained: 0, visits: 0, spent: 0 }),
      t.foreignContactOfLinked(one),
    ]),
    ...[t.foreignContact(), t.unreadablePhone("MAX"), t.movedAway(evil), t.movedAway(null), t.notMoved()],
    ...[t.oldQuestion(), t.id("MAX", "1"), t.book(), t.contacts(shop), t.help(shop)],
    ...[t.unknownToStranger(), t.sorry(), t.notWords(evil), t.notWords(null)],
  ];
}

test("every sentence is good HTML, names one's phone by four digits and fits a message", () => {
  for (const html of [...everything(ru), ...everything(en), ...answers("ru"), ...answers("en")]) {
    const { text } = readHtml(html);
    expect(text).not.toContain("undefined");
    expect(text).not.toContain("null");
    expect(text).not.toContain("9001234567");
    expect(text.length).toBeLessThan(1000);
  }
});

test("before YCLIENTS has named the salon, every sentence is whole", () => {
  const shop = {
    title: "",
    legalName: "",
    ...programme,
    supportPhone: null,
    rulesUrl: null,
    policyUrl: null,
  };
  for (const t of [ru, en]) {
    for (const html of [t.greeting(shop), t.consent(shop, "MAX"), t.contacts(shop)])
      expect(readHtml(html).text).not.toMatch(/^$| {2}| [.,]/);
  }
});

test("a salon's name stands as it is, whatever it is like, and so does who processes the data", () => {
  const shop = { ...programme, rulesUrl: null, policyUrl: null };
  const greet = (title: string) => soft(readHtml(ru.greeting({ ...shop, title })).text);
  expect(greet("Салон «Мята»")).toBe(
    "Салон «Мята»\nЗдравствуйте! Это ваша карта лояльности. 1 % от оплаты визита возвращаем баллами, 1 балл = 1 ₽.\n\nВозможно, за прошлые визиты вас уже ждут баллы: подтвердите номер, и увидите их.",
  );
  expect(greet("")).toStartWith("Здравствуйте! Это ваша карта лояльности.");
  const agree = (legalName: string) => readHtml(ru.consent({ ...shop, legalName }, "MAX")).text;
  expect(agree("ООО «Мята», ИНН 1, mint@example.ru.")).toContain(
    "Данные обрабатывает ООО «Мята», ИНН 1, mint@example.ru. Согласие действует до отзыва",
  );
  expect(agree("")).toContain("Данные обрабатывает салон. ");
});

test("names come through as they are", () => {
  expect(soft(readHtml(ru.hello(view)).text)).toStartWith(
    `Здравствуйте, ${evil}! На карте …4567: 340 баллов.`,
  );
});

test("linking says what was waiting", () => {
  const say = (balance: number, visits: number, since: string | null, returned = false) =>
    soft(readHtml(ru.linked({ phone, name: "Анна", balance, waiting: 0, visits, since, returned })).text);
  expect(say(34_000, 4, null)).toBe(
    "✅ Готово, Анна! На карте …4567 уже 340 баллов за 4 визита. Скажите на кассе «спишите баллы».",
  );
  expect(say(0, 0, "2026-03-12")).toContain("Считаем визиты с 12 марта 2026.");
  expect(say(0, 0, "2026-03-12", true)).toContain(
    "баллов на ней пока нет. Считаем то, что оплатите с этой минуты",
  );
  expect(say(-1500, 1, null)).toContain("На карте …4567: −15 баллов. Платить ничего не нужно");
});

test("coming back says what was missed", () => {
  const back = { phone, name: "Анна", balance: 38_600, waiting: 0 };
  expect(soft(readHtml(ru.welcomeBack({ ...back, gained: 9600, visits: 3, spent: 5000 })).text)).toBe(
    "С возвращением, Анна! Пока вас не было: +96 за 3 визита, −50 списано. Сейчас на карте …4567: 386 баллов.",
  );
  expect(soft(readHtml(ru.welcomeBack({ ...back, name: null, gained: 0, visits: 0, spent: 0 })).text)).toBe(
    "С возвращением! Сейчас на карте …4567: 386 баллов.",
  );
});

test("English for English, Russian for everybody else", () => {
  expect([null, "ru", "de", "en", "en-GB", "EN"].map((one) => textsOf(one) === en)).toEqual([
    ...[false, false, false, true, true, true],
  ]);
});

test("what clients are told of the rules follows the settings", () => {
  const help = (t: Texts, changes: Partial<typeof programme>) =>
    soft(readHtml(t.help({ ...programme, ...changes, supportPhone: null })).text).split("\n");
  expect(help(ru, {})).toEqual([
    "1 % от оплаты визита, 1 балл = 1 ₽.",
    "",
    "Потратить: назовите телефон или покажите карту на кассе.",
    "Баллы приходят за пару минут после оплаты визита. С 22:00 до 9:00 о визитах не пишем, сообщим утром.",
    "Товары без визита и оплата сертификатом баллов не дают. Баллы не сгорают.",
  ]);
  expect(help(en, {})).toEqual([
    "1% of what a visit cost you, 1 point = 1 ₽.",
    "",
    "To spend: give your phone or show the card at the till.",
    "Points come within minutes after a visit is paid. From 22:00 to 9:00 we write nothing of visits and tell you in the morning.",
    "Goods without a visit and certificates earn nothing. Points do not expire.",
  ]);
  const other: Partial<Programme> = {
    ...{ percent: 550, earnOn: "services", earnWhen: "arrived", paidBy: "prices" },
    ...{ quietHours: null, spendMaxPercent: 30, quick: false },
  };
  expect(help(ru, other)).toEqual([
    "5,5 % от цены услуг, 1 балл = 1 ₽.",
    "",
    "Потратить: назовите телефон или покажите карту на кассе. Баллами можно оплатить до 30 % счёта.",
    "Баллы приходят вскоре после того, как визит оплачен и отмечен состоявшимся.",
    "Товары баллов не дают. Баллы не сгорают.",
  ]);
  expect(help(en, other)).toEqual([
    "5.5% of the services' prices, 1 point = 1 ₽.",
    "",
    "To spend: give your phone or show the card at the till. Points may pay up to 30% of a bill.",
    "Points come soon after a visit is paid and marked as held.",
    "Goods earn nothing. Points do not expire.",
  ]);
  const afternoon: Partial<Programme> = {
    quietHours: { from: 13 * 60, to: 14 * 60 + 30 },
    earnOn: "services",
  };
  expect(help(ru, afternoon).slice(3)).toEqual([
    "Баллы приходят за пару минут после оплаты визита. С 13:00 до 14:30 о визитах не пишем, сообщим позже.",
    "Товары и оплата сертификатом баллов не дают. Баллы не сгорают.",
  ]);
  expect(help(en, afternoon).slice(3)).toEqual([
    "Points come within minutes after a visit is paid. From 13:00 to 14:30 we write nothing of visits and tell you later.",
    "Goods and certificates earn nothing. Points do not expire.",
  ]);
  const told = (from: number, to: number) => [
    help(ru, { quietHours: { from: from * 60, to: to * 60 } })[3]?.split(", сообщим ")[1],
    help(en, { quietHours: { from: from * 60, to: to * 60 } })[3]?.split("tell you ")[1],
  ];
  for (const [from, to] of [
    [0, 9],
    [22, 5],
    [1, 12],
  ] as const)
    expect([from, to, ...told(from, to)]).toEqual([from, to, "утром.", "in the morning."]);
  for (const [from, to] of [
    [22, 2],
    [0, 4],
    [9, 13],
  ] as const)
    expect([from, to, ...told(from, to)]).toEqual([from, to, "позже.", "later."]);
});

test("why a visit made nothing, and what an empty history says, follow the settings too", () => {
  const arrived = { ...programme, earnWhen: "arrived", quick: false } as const;
  const prices = { ...programme, paidBy: "prices" } as const;
  const visit = (decision: VisitView["decision"], of: Programme, language = "ru") =>
    soft(
      whyTexts(language).line(
        {
          ...{ day: "2026-03-01", price: 350_000, servicesPaid: 1, goodsPaid: null, decision, points: 0 },
          ...{ paid: null, level: null, look: null, start: null, spent: false, imported: null, expired: 0 },
        },
        2026,
        of,
      ),
    )
      .split(", ")
      .slice(2)
      .join(", ");
  expect(visit("not_paid", programme)).toBe("ещё не оплачен; начислим после оплаты");
  expect(visit("not_paid", arrived)).toBe("ещё не оплачен; начислим, когда будет оплачен и состоится");
  expect(visit("paid_in_part", arrived)).toBe(
    "оплачен не полностью; начислим, когда будет оплачен и состоится",
  );
  expect(visit("nothing_paid", programme)).toStartWith("за такую оплату баллы не начисляются");
  expect(visit("nothing_paid", prices)).toBe("цена услуг — 0 ₽");
  const history = (of: Programme) =>
    soft(
      historyTexts("ru").page(
        "+79001234567",
        { page: 0, pages: 1, earlier: null, entries: [], year: 2026 },
        of,
      ),
    );
  expect(history(programme)).toEndWith("Баллы приходят за пару минут после оплаты визита.");
  expect(history(arrived)).toEndWith(
    "Баллы приходят вскоре после того, как визит оплачен и отмечен состоявшимся.",
  );
  const missing = (of: Programme) => whyTexts("ru").list({ visits: [], total: 0, journal: null }, 2026, of);
  expect(missing(programme)).toContain("через несколько минут");
  expect(missing(arrived)).toContain("вскоре");
});

test("how long points last is said as it is set", () => {
  const lasting = (changes: Partial<Programme>) => {
    const of = { ...programme, ...changes };
    return [programmeRu.expires(of), programmeEn.expires(of)].map(soft);
  };
  expect(lasting({ pointsLive: { months: 12 } })).toEqual([
    "Баллы можно тратить 12 месяцев, до конца последнего из них: о сроке напомним заранее.",
    "Points may be used for 12 months, to the end of the last one: we remind you before.",
  ]);
  expect(lasting({ pointsLive: { months: 1 } })).toEqual([
    "Баллы можно тратить 1 месяц, до конца следующего: о сроке напомним заранее.",
    "Points may be used for 1 month, to the end of the next one: we remind you before.",
  ]);
  const given = { welcomePoints: 10_000, birthdayPoints: 20_000 };
  expect(lasting({ ...given, pointsLive: { days: 30 }, birthdayLive: { days: 14 } })).toEqual([
    "Баллы можно тратить 30 дней: о сроке напомним заранее. Подарок новому клиенту не сгорает. Подарок ко дню рождения можно тратить 14 дней.",
    "Points may be used for 30 days: we remind you before. The welcome gift does not expire. The birthday gift may be used for 14 days.",
  ]);
  expect(lasting({ pointsLive: { days: 1 } })).toEqual([
    "Баллы можно тратить 1 день.",
    "Points may be used for 1 day.",
  ]);
  expect(lasting({ ...given, welcomeLive: { months: 1 } })).toEqual([
    "Подарок новому клиенту можно тратить 1 месяц, до конца следующего. Остальные баллы не сгорают.",
    "The welcome gift may be used for 1 month, to the end of the next one. All other points do not expire.",
  ]);
  // Of a gift that nobody is given nothing is said, and a friend's lives as what visits earn.
  expect(lasting({ welcomeLive: { days: 60 }, birthdayLive: { days: 14 } })).toEqual([
    "Баллы не сгорают.",
    "Points do not expire.",
  ]);
});

test("/help says that friends may be invited where they may, and whether points end is answered by all that ends", () => {
  const help = (t: Texts, of: object) => t.help({ ...programme, ...of, supportPhone: null });
  const on = { friendPoints: { inviter: 30_000, friend: 20_000 } };
  for (const t of [ru, en]) {
    expect(help(t, on)).toContain("/invite");
    expect(help(t, {})).not.toContain("/invite");
  }
  const asked = (of: Partial<Programme>) => plainTexts("ru").expiry({ ...programme, ...of });
  expect(asked({})).toEndWith("Копите и тратьте, когда удобно.");
  expect(asked({ welcomeLive: { days: 60 } })).toEndWith("Копите и тратьте, когда удобно.");
  expect(asked({ welcomePoints: 10_000, welcomeLive: { days: 60 } })).toEndWith("Ближайшие сроки — /balance");
});

test("a last day counts, and is said so in one way", async () => {
  expect([ruWords.until("2026-03-31", 2026), enWords.until("2026-03-31", null)].map(soft)).toEqual([
    "до 31 марта включительно",
    "until the end of 31 March 2026",
  ]);
  const byHand = [];
  for await (const path of new Bun.Glob("src/**/*.texts.ts").scan("."))
    for (const line of (await Bun.file(path).text()).split("\n"))
      if (/(?:до|until|by)(?: |\$\{NBSP\})\$\{\w+\.day\(/.test(line)) byHand.push(`${path}: ${line.trim()}`);
  // What the bot remembers of a question ends at an hour of that day.
  expect(byHand.filter((line) => !/Бот помнит|The bot remembers/.test(line))).toEqual([]);
});

test("levels are told as steps of what was paid, and nothing is said where there are none", () => {
  const levels = [
    { from: 0, percent: 100 },
    { from: 5_000_000, percent: 300 },
    { from: 15_000_000, percent: 500 },
  ];
  const help = (t: Texts, of: Partial<Programme>) =>
    soft(t.help({ ...programme, ...of, supportPhone: null })).split("\n")[0] ?? "";
  expect([help(ru, { levels }), help(en, { levels })]).toEqual([
    "1–5 % от оплаты визита, 1 балл = 1 ₽. Процент растёт с тем, что вы оплатили: от 50 000 ₽ — 3 %, от 150 000 ₽ — 5 %. Ваш — /balance",
    "1–5% of what a visit cost you, 1 point = 1 ₽. It grows with what you have paid: 3% from 50,000 ₽ on, 5% from 150,000 ₽ on. Yours: /balance",
  ]);
  expect([help(ru, {}), help(en, {})].join()).not.toContain("/balance");
});
