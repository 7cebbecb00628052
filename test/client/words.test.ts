// What a client writes in words of their own, over HTTP: the answer of the command that is meant, or the likeliest buttons.
import { expect } from "bun:test";
import { accountHere, messengerHere, onBoth, onEither } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { linkedAnna, row } from "../helpers/past.ts";
import { english, type SalonBot, salonBot } from "../helpers/salon-bot.ts";
import { ask, keys, labels, tap, tillSalon } from "../helpers/till-salon.ts";

async function withPoints(...args: Parameters<typeof linkedAnna>): Promise<SalonBot> {
  const salon = await linkedAnna(...args);
  await row(salon, { day: "2026-03-01", kind: "credit", points: 340.24 });
  return salon;
}

onEither("words are answered as the command that they stand for", async () => {
  await using salon = await withPoints();
  const { anna } = salon;
  for (const [words, command] of [
    ["Сколько у меня баллов??", "/balance"],
    ["Покажите мою карту 🙏", "/card"],
    ["история начислений", "/history"],
    ["ГДЕ МОИ БАЛЛЫ", "/why"],
    ["хочу записаться", "/book"],
    ["какой у вас адрес?", "/contacts"],
    ["телефон", "/contacts"],
    ["как это работает", "/help"],
    ["мои данные", "/mydata"],
  ] as const) {
    const asked = await ask(anna, words);
    const buttons = anna.lastMessage()?.inline;
    expect(asked).toBe(await ask(anna, command));
    expect(buttons).toEqual(anna.lastMessage()?.inline ?? []);
  }
});

onEither("what is no command has its own answer", async () => {
  await using salon = await withPoints();
  const { anna } = salon;
  expect(await ask(anna, "Спасибо большое! 🌹")).toBe("Пожалуйста! Ждём вас.");
  expect(await ask(anna, "сгорают ли баллы?")).toBe("Баллы не сгорают. Копите и тратьте, когда удобно.");
  expect(await ask(anna, "/help")).toContain("Баллы не сгорают.");
  expect(await ask(anna, "Привет!")).toStartWith("Здравствуйте, Анна! На карте …4567: 340,24 балла.");
  expect(await ask(anna, "позовите человека")).toBe(
    "Здесь отвечает программа, а люди — по телефону: +7 495 000-00-00",
  );
  expect(await ask(anna, "как потратить баллы")).toStartWith("На кассе скажите «спишите баллы»");
});

onEither("“stop” turns nothing off by itself: it offers what does", async () => {
  await using salon = await withPoints();
  const { anna, sql } = salon;
  const answer = await ask(anna, "СТОП");
  expect(answer).toContain("отключите звук этого чата");
  expect(answer).toContain(`отвяжите карту от ${messengerHere()}: баллы останутся на ней.`);
  expect(labels(anna)).toEqual(["Отвязать карту", "Мои данные"]);
  await expectTable(sql, "select account from accounts", [{ account: accountHere(501) }]);
  expect(await tap(anna, "Отвязать карту")).toStartWith(`Отвязать карту …4567 от этого ${messengerHere()}?`);
  await expectTable(sql, "select account from accounts", [{ account: accountHere(501) }]);
  await tap(anna, "Да, отвязать");
  await expectTable(sql, "select account from accounts", []);
  expect(await ask(anna, "stop")).toBe("Карта к этому чату не привязана, о баллах сюда не пишем.");
});

onEither("who is told nothing there unasked is not told that it would end", async () => {
  await using salon = await withPoints({}, undefined, { tells: [] });
  const { anna } = salon;
  const here = messengerHere();
  expect(await ask(anna, "стоп")).toBe(
    "Первыми мы сюда не пишем: о баллах говорим, только когда вы напишете сами. Если карта здесь не нужна, отвяжите её от " +
      `${here}: баллы останутся на ней.`,
  );
  expect(labels(anna)).toEqual(["Отвязать карту", "Мои данные"]);
  expect(await tap(anna, "Отвязать карту")).toEndWith("Баллов здесь больше не будет видно.");
  const asked = await ask(anna, "/forget");
  expect(asked).toContain(`Если карта не нужна только в ${here}, её можно отвязать: баллы останутся.`);
  expect(asked).not.toContain("сообщения");
});

onBoth("what an answer offers itself is not under it once more; labels of keys may be typed", async () => {
  await using salon = await withPoints();
  const { anna } = salon;
  await ask(anna, "сколько стоит стрижка?");
  expect(labels(anna)).toEqual(["Записаться", "Баланс", "Контакты"]);
  const below = messengerHere() === "MAX" ? [] : ["Баланс", "Записаться", "Контакты"];
  expect(keys(anna).toSorted()).toEqual([...below, "История", "Карта", "Помощь"].toSorted());
  for (const key of ["Баланс", "История", "Контакты", "Помощь"])
    expect(await ask(anna, `${key.toLowerCase()} `)).toBe(await ask(anna, key));
  const boris = salon.person({ id: 555, firstName: "Борис" });
  await boris.start();
  const later = await ask(boris, "Не сейчас");
  expect(await ask(boris, "не сейчас")).toBe(later);
});

onEither(
  "what is not understood says so, with the three likeliest buttons, and each of them works",
  async () => {
    await using salon = await withPoints();
    const { anna } = salon;
    const say = (words: string) => ask(anna, words);
    expect(await say("сколько стоит стрижка?")).toBe(
      "Этого я не понимаю. Человек ответит по телефону: +7 495 000-00-00. Может быть, вы об этом?",
    );
    expect(labels(anna)).toEqual(["Записаться", "Баланс", "Контакты"]);
    expect(anna.lastMessage()?.inline[0]).toMatchObject([{ url: "https://n1.yclients.com/" }]);
    expect(await tap(anna, "Баланс")).toStartWith("На карте …4567: 340,24 балла.");
    for (const [words, button, answer] of [
      ["можно оплатить картой?", "Карта", "Карта …4567, на ней"],
      ["есть ли рядом парковка", "Контакты", "Салон <Красота>"],
      ["какие у вас акции", "Помощь", "1 % от оплаты визита"],
      ["такая вот история вышла", "История", "История карты …4567"],
      ["почему пропало то что было", "Где мои баллы?", "Где мои баллы"],
      ["что вы храните обо мне и где данные", "Мои данные", "Вы"],
    ] as const) {
      await say(words);
      expect(labels(anna)).toHaveLength(3);
      expect(await tap(anna, button)).toStartWith(answer);
    }
  },
);

onEither("a stranger is answered what needs no card, and shown the way to one for the rest", async () => {
  await using salon = await salonBot({ spendMaxPercent: 50 });
  const { anna } = salon;
  await anna.start();
  await tap(anna, "Не сейчас");
  expect(await ask(anna, "спасибо")).toBe("Пожалуйста! Ждём вас.");
  expect(await ask(anna, "Сгорают?")).toStartWith("Баллы не сгорают.");
  expect(await ask(anna, "где вы находитесь")).toContain("Салон <Красота>");
  expect(await ask(anna, "как потратить баллы")).toContain(
    "Баллами можно оплатить до 50 % счёта. Видеть баллы",
  );
  expect(await ask(anna, "сколько у меня баллов")).toBe(
    "Ваши баллы появятся здесь, когда подтвердите номер.",
  );
  expect(await ask(anna, "привет")).toStartWith("Здравствуйте, Анна! Подтвердите номер");
  expect(labels(anna)).toEqual(["Подтвердить номер"]);
  expect(await ask(anna, "89001234567")).toContain("Набирать его не нужно.");
  expect(await ask(anna, "абракадабра")).toStartWith("Этого я не понимаю.");
  expect(labels(anna)).toEqual(["Подтвердить номер", "Записаться", "Контакты"]);
  expect(await tap(anna, "Подтвердить номер")).toStartWith("Согласие на обработку");
});

onEither("without a booking page, a phone and a map nobody is sent there", async () => {
  await using salon = await linkedAnna({ bookUrl: null, mapUrl: null, supportPhone: null });
  const { anna } = salon;
  const none = "Телефона и адреса у меня нет: спросите в салоне.";
  for (const words of ["хочу записаться", "/book"])
    expect(await ask(anna, words)).toBe("Записать отсюда не могу: запишитесь у администратора салона.");
  for (const words of ["адрес", "/contacts"]) expect(await ask(anna, words)).toBe(none);
  expect(await ask(anna, "/nosuch")).toStartWith("Этого я не понимаю.");
  expect(await ask(anna, "оператор")).toBe(
    "Здесь отвечает программа. С вопросами — к администратору салона.",
  );
  expect(await ask(anna, "абракадабра")).toBe("Этого я не понимаю. Может быть, вы об этом?");
  expect(labels(anna)).toEqual(["Баланс", "Помощь", "Карта"]);
  await using called = await linkedAnna({ bookUrl: null });
  for (const words of ["хочу записаться", "/book"])
    expect(await ask(called.anna, words)).toContain("Телефон: +7 495 000-00-00");
});

onEither("English words have English answers on an English phone", async () => {
  await using salon = await salonBot();
  const john = await english(salon);
  expect(await ask(john, "Thanks!")).toBe("You are welcome! See you soon.");
  expect(await ask(john, "do my points expire?")).toBe("Points do not expire. Spend them whenever you like.");
  expect(await ask(john, "how many points do I have")).toContain("holds no points yet");
  expect(await ask(john, "сколько у меня баллов")).toContain("holds no points yet");
  expect(await ask(john, "blah blah")).toStartWith("I do not understand that.");
  expect(labels(john)).toEqual(["Balance", "Book", "Contacts"]);
  expect(await ask(john, "stop")).toContain("mute this chat");
  expect(labels(john)).toEqual(["Unlink the card", "My data"]);
  expect(await tap(john, "Unlink the card")).toContain(`from this ${messengerHere()} account?`);
});

onEither("the words of those who work here stay the till's; an edited message is left alone", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, anna } = salon;
  for (const words of ["спасибо", "баланс", "стоп", "сгорают ли баллы?"])
    expect(await ask(olga, words)).not.toMatch(/Ждём вас|не сгорают|На карте|отвяжите/);
  await anna.start();
  const mine = await anna.say("привет");
  const said = salon.said(501).length;
  await anna.edit(mine.message?.message_id ?? 0, "спасибо");
  expect(salon.said(501)).toHaveLength(said);
});
