// The sentences: facts in them, escaping, the language picked.
import { expect, test } from "bun:test";
import { readHtml } from "../../src/demo/telegram-html.ts";
import { en } from "../../src/texts/en.ts";
import { ru } from "../../src/texts/ru.ts";
import { type Texts, texts } from "../../src/texts/texts.ts";
import { soft } from "../helpers/soft.ts";

const evil = `<b>&"'`;
const phone = "+79001234567";
const view = { phone, name: evil, balance: 34_000 };

/** Every sentence with the worst values it may get. */
function everything(t: Texts): string[] {
  const shop = { title: evil, legalName: evil, percent: 100, supportPhone: evil };
  const addresses = { rulesUrl: `https://x.y/?a=1&b="`, policyUrl: `https://x.y/?a=1&b="` };
  const balances = [34_000, 0, -1500].map((balance) => ({ ...view, balance }));
  return [
    t.greeting({ ...shop, ...addresses }),
    t.consent({ ...shop, ...addresses }),
    t.notNow(),
    ...balances.flatMap((one) => [
      t.linked({ ...one, visits: 4, since: "2026-03-12", returned: false }),
      t.linked({ ...one, visits: 0, since: null, returned: true }),
      t.hello(one),
      t.balance(one),
      t.moved(one.balance, one, null),
      t.moved(one.balance, one, phone),
      t.secondPhone(one, { phone }),
      t.welcomeBack({ ...one, gained: 9600, visits: 3, spent: 5000 }),
      t.welcomeBack({ ...one, gained: 0, visits: 0, spent: 0 }),
      t.foreignContactOfLinked(one),
    ]),
    ...[t.foreignContact(), t.unreadablePhone(), t.movedAway(evil), t.movedAway(null), t.notMoved()],
    ...[t.oldQuestion(), t.id(1), t.book(), t.contacts(shop), t.help(shop), t.unknown()],
    ...[t.unknownToStranger(), t.sorry(), t.notWords(evil), t.notWords(null)],
    ...[t.spend(), t.spendOfStranger()],
  ];
}

test("every sentence is good HTML, names one's phone by four digits and fits a message", () => {
  for (const html of [...everything(ru), ...everything(en)]) {
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
    percent: 100,
    supportPhone: null,
    rulesUrl: null,
    policyUrl: null,
  };
  for (const t of [ru, en]) {
    for (const html of [t.greeting(shop), t.consent(shop), t.contacts(shop)])
      expect(readHtml(html).text).not.toMatch(/^$| {2}| [.,]/);
  }
});

test("a salon's name stands as it is, whatever it is like, and so does who processes the data", () => {
  const shop = { percent: 100, rulesUrl: null, policyUrl: null };
  const greet = (title: string) => soft(readHtml(ru.greeting({ ...shop, title })).text);
  expect(greet("Салон «Мята»")).toBe(
    "Здравствуйте! Это Салон «Мята» и ваша карта лояльности. 1 % от каждой оплаты возвращаем баллами, 1 балл = 1 ₽.",
  );
  expect(greet("")).toStartWith("Здравствуйте! Это ваша карта лояльности.");
  const agree = (legalName: string) => readHtml(ru.consent({ ...shop, legalName })).text;
  expect(agree("ООО «Мята», ИНН 1, mint@example.ru.")).toContain(
    "Данные обрабатывает ООО «Мята», ИНН 1, mint@example.ru. Согласие действует до отзыва",
  );
  expect(agree("")).toContain("Данные обрабатывает салон. ");
});

test("names come through as they are", () => {
  expect(soft(readHtml(ru.hello(view)).text)).toStartWith(
    `Здравствуйте, ${evil}! На карте …4567 340 баллов.`,
  );
});

test("linking says what was waiting", () => {
  const say = (balance: number, visits: number, since: string | null, returned = false) =>
    soft(readHtml(ru.linked({ phone, name: "Анна", balance, visits, since, returned })).text);
  expect(say(34_000, 4, null)).toBe(
    "✅ Готово, Анна! На карте …4567 уже 340 баллов за 4 визита. Скажите на кассе «спишите баллы».",
  );
  expect(say(0, 0, "2026-03-12")).toContain("Считаем визиты с 12 марта 2026.");
  expect(say(0, 0, "2026-03-12", true)).toContain("баллов пока нет. Считаем то, что оплатите с этой минуты");
  expect(say(-1500, 1, null)).toContain("На карте …4567 −15 баллов. Платить ничего не нужно");
});

test("coming back says what was missed", () => {
  const back = { phone, name: "Анна", balance: 38_600 };
  expect(soft(readHtml(ru.welcomeBack({ ...back, gained: 9600, visits: 3, spent: 5000 })).text)).toBe(
    "С возвращением, Анна! Пока вас не было: +96 за 3 визита, −50 списано. Сейчас на карте …4567 386 баллов.",
  );
  expect(soft(readHtml(ru.welcomeBack({ ...back, name: null, gained: 0, visits: 0, spent: 0 })).text)).toBe(
    "С возвращением! Сейчас на карте …4567 386 баллов.",
  );
});

test("English for English, Russian for everybody else", () => {
  expect([undefined, "ru", "de", "en", "en-GB", "EN"].map((one) => texts(one) === en)).toEqual([
    ...[false, false, false, true, true, true],
  ]);
});
