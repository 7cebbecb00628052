// What a person asks about the card, junk, languages, and what happens when something fails.
import { expect, test } from "bun:test";
import { connect, createServer, type Server } from "node:net";
import { ledgerNameOf } from "../../src/rules/author.ts";
import { accountHere, messengerHere, onBoth, onEither } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { english, give, type SalonBot, salonBot } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";
import { ask, labels, tap } from "../helpers/till-salon.ts";

const AGREE = "Согласен, отправить мой номер";
const PHONE = "+79001234567";

async function linkedAnna(...points: number[]): Promise<SalonBot> {
  const salon = await salonBot();
  if (points.length > 0) await give(salon, PHONE, ...points);
  await salon.anna.start();
  await salon.anna.tap(AGREE);
  return salon;
}

onBoth("balance, help, id, booking and contacts by command and by key", async () => {
  await using salon = await linkedAnna(34_024);
  const { anna } = salon;
  const ask = async (text: string) => {
    await anna.say(text);
    return soft(anna.lastMessage()?.text);
  };
  const balance = "На карте …4567: 340,24 балла. 1 балл = 1 ₽: скажите на кассе «спишите баллы».";
  expect(await ask("/balance")).toBe(balance);
  expect(await ask("Баланс")).toBe(balance);
  expect(await ask("Balance")).toBe(balance);
  expect(await ask("/id")).toBe(`Ваш ${messengerHere()} ID: ${ledgerNameOf(accountHere(501))}`);
  expect(await ask("/help")).toStartWith("1 % от оплаты визита, 1 балл = 1 ₽.");
  expect(await ask("Помощь")).toContain("Вопросы: +7 495 000-00-00");
  expect(await ask("Записаться")).toContain("на странице записи");
  expect(anna.lastMessage()?.inline.flat()).toMatchObject([{ url: "https://n1.yclients.com/" }]);
  expect(await ask("/contacts")).toBe("Салон <Красота>\nТелефон: +7 495 000-00-00");
  expect(anna.lastMessage()?.inline.flat()).toMatchObject([{ url: "https://yandex.ru/maps/1" }]);
  for (const words of ["что-то ещё", "/nonsense", "ж".repeat(4000)])
    expect(await ask(words)).toStartWith("Этого я не понимаю.");
});

onEither("a balance names what its owner was not told of yet", async () => {
  await using salon = await linkedAnna(34_000);
  await give(salon, PHONE, 2_000);
  expect(await ask(salon.anna, "/balance")).toBe(
    "На карте …4567: 360 баллов. Это вместе с тем, о чём ещё напишем: +20. 1 балл = 1 ₽: скажите на кассе «спишите баллы».",
  );
  expect(await ask(salon.anna, "/start")).toContain("о чём ещё напишем: +20.");
});

onEither("the words for the till, written to the bot, are sent there", async () => {
  await using salon = await linkedAnna(34_024);
  const answerTo = async (words: string, who = salon.anna) => {
    await who.say(words);
    return soft(who.lastMessage()?.text);
  };
  for (const words of ["спишите баллы", "Спишите, пожалуйста!", "как потратить баллы?", "use my points"])
    expect(await answerTo(words)).toBe(
      "На кассе скажите «спишите баллы» и назовите телефон или покажите «Карту».",
    );
  expect(await answerTo("почему списали баллы?")).toStartWith("История карты");
  expect(await answerTo("за оплату не пришли баллы")).toStartWith("Где мои баллы");
  expect(await answerTo("спишите баллы", salon.boris)).toBe(
    "На кассе скажите «спишите баллы» и назовите телефон. Видеть баллы здесь — /start",
  );
});

onEither("a stranger is asked to agree first, by /balance and by the key", async () => {
  await using salon = await salonBot();
  await salon.anna.say("/balance");
  expect(salon.said(501)).toEqual([expect.stringContaining("Согласие на обработку")]);
});

onEither(
  "after “not now” keys answer in a word with a way back; the whole consent comes when it is asked for",
  async () => {
    await using salon = await salonBot();
    const { anna } = salon;
    await anna.start();
    const whole = salon.said(501).at(-1) ?? "";
    expect(whole).toStartWith("Согласие на обработку персональных данных");
    // Before it is answered the key is there, and a word points to it.
    for (const words of ["Баланс", "Карта", "История", "/balance", "/why"])
      expect(await ask(anna, words)).toStartWith("Сначала подтвердите номер кнопкой внизу");
    expect(anna.chat.keyboard.flat()[0]).toMatchObject({ text: AGREE });
    await tap(anna, "Не сейчас");
    for (const key of ["Баланс", "Карта", "История"]) {
      expect(await tap(anna, key)).toBe("Ваши баллы появятся здесь, когда подтвердите номер.");
      expect(labels(anna)).toEqual(["Подтвердить номер"]);
    }
    expect(await tap(anna, "Помощь", "Где мои баллы?")).toStartWith("Ваши баллы появятся здесь");
    // Who put it off has agreed to nothing.
    await anna.shareContact();
    expect(salon.said(501).at(-1)).toBe(whole);
    await tap(anna, "Не сейчас");
    expect(await tap(anna, "Баланс", "Подтвердить номер")).toBe(whole);
    await tap(anna, "Не сейчас");
    expect(await ask(anna, "/balance")).toBe(whole);
    expect(await tap(anna, AGREE)).toStartWith("✅ Готово, Анна!");
    expect(await tap(anna, "Баланс")).toContain("баллов пока нет");
    await expectTable(salon.sql, "select * from dialogs", []);
  },
);

onEither("“not now” is remembered for a month, and said so in what is stored", async () => {
  await using salon = await salonBot();
  const { anna, clock } = salon;
  await anna.start();
  await tap(anna, "Не сейчас");
  expect(await ask(anna, "/mydata")).toContain("Бот помнит, о чём вас спросил, до 11 апреля 2026.");
  clock.now = new Date("2026-04-12T12:00:00Z");
  expect(await tap(anna, "Баланс")).toStartWith("Согласие на обработку");
});

onEither("English strangers are asked for the number in English, in short", async () => {
  await using salon = await salonBot();
  const john = salon.person({
    id: 503,
    firstName: "John",
    languageCode: "en",
    phone: "447700900123",
  });
  await john.start();
  expect(salon.said(503)[0]).toContain("Points of past visits may be waiting for you already");
  expect(salon.said(503)[1]).toContain("Your data is processed by");
  expect(await ask(john, "Balance")).toStartWith("Your number comes first");
  await tap(john, "Not now");
  expect(await tap(john, "Card")).toBe("Your points will be here once you have confirmed your number.");
  expect(await tap(john, "Confirm my number")).toStartWith("Consent to the processing");
});

onEither("without settings there are no dead buttons", async () => {
  await using salon = await salonBot({ bookUrl: null, mapUrl: null, supportPhone: null, rulesUrl: null });
  await salon.anna.start();
  await salon.anna.tap("Не сейчас");
  expect(salon.anna.chat.keyboard.flat()).toEqual(
    ["Баланс", "Карта", "История", "Помощь"].map((text) => ({ text })),
  );
  expect(await ask(salon.anna, "/book")).toStartWith("Записать отсюда не могу");
});

onEither("an English phone reads English", async () => {
  await using salon = await salonBot();
  await english(salon);
  expect(salon.said(503).at(-1)).toStartWith("✅ Done, John! Card …0123 is ready and holds no points yet.");
});

onEither(
  "who changes their messenger's language is told in it from their next word on, what comes by itself too",
  async () => {
    await using salon = await linkedAnna();
    const kept = async () => (await salon.sql`select language from accounts`).map((row) => row.language);
    salon.anna.user.language_code = "en-GB";
    expect(await kept()).toEqual(["ru"]);
    await salon.anna.say("/balance");
    expect(await kept()).toEqual(["en-GB"]);
    // A messenger that does not say it has changed nothing.
    delete salon.anna.user.language_code;
    await salon.anna.say("/balance");
    expect(await kept()).toEqual(["en-GB"]);
  },
);

test("groups, channels, stickers, photos, edits and junk do no harm (Telegram alone: its calls are looked at)", async () => {
  await using salon = await linkedAnna(34_000);
  const { telegram } = salon;
  const anna = telegram.person(salon.anna.profile);
  const before = telegram.calls.length;
  const group = anna.inGroup(-100);
  await group.start();
  await group.say("/balance");
  await group.shareContact();
  await anna.channelPost("/start");
  const mine = telegram.messages(501).find((one) => one.from === "person");
  await anna.edit(mine?.message_id ?? 0, "/balance");
  const from = { id: 9, is_bot: true, first_name: "x" };
  const chat = { id: 501, type: "private" };
  for (const junk of [
    { update_id: 1 },
    { update_id: 2, message: { message_id: 1, date: 1, chat, text: "/start" } },
    { update_id: 3, message: { message_id: 1, date: 1, chat, from, text: "/start" } },
    { update_id: 4, callback_query: { id: "1", from, data: "move:yes:x" } },
    { update_id: 5, something_new: { a: 1 } },
    {
      update_id: 6,
      my_chat_member: { chat: { id: -5, type: "group" }, from, new_chat_member: { status: "kicked" } },
    },
  ])
    await telegram.push(junk);
  const calls = telegram.calls.slice(before).map((call) => call.method);
  expect(calls).toEqual(["answerCallbackQuery"]);
  expect(salon.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  expect(await ask(anna, "/balance")).toContain("340 баллов");
});

test("what is not words gets a short answer, an album one, and a stranger the way in (Telegram alone: its own updates are played)", async () => {
  await using salon = await linkedAnna();
  const { anna, boris, telegram } = salon;
  const from = { id: 501, is_bot: false, first_name: "Анна" };
  const chat = { id: 501, type: "private" };
  const file = { file_id: "f", file_unique_id: "u", duration: 1, width: 1, height: 1, length: 1 };
  const kinds = [
    ...[{ voice: file }, { video: file }, { video_note: file }, { document: file }, { photo: [file] }],
    ...[{ location: { latitude: 1, longitude: 1 } }, { photo: [file], caption: "вот" }],
    ...["1", "1", "2"].map((group) => ({ photo: [file], media_group_id: group })),
  ];
  const before = salon.said(501).length;
  await anna.sendSticker();
  for (const [place, kind] of kinds.entries()) {
    salon.clock.now = new Date(salon.clock.now.getTime() + 1_000);
    await telegram.push({
      update_id: 900 + place,
      message: { message_id: 900 + place, date: 1, chat, from, ...kind },
    });
  }
  const words =
    "Фото, голосовые и стикеры я не понимаю: нажмите кнопку внизу. Есть вопрос? Позвоните нам: +7 495 000-00-00";
  expect(salon.said(501, before)).toEqual(Array.from({ length: 10 }, () => words));
  await boris.sendPhoto();
  expect(salon.said(502)).toEqual([expect.stringContaining("нажмите /start")]);
});

test("albums of two chats that come interleaved are answered once each, and again only where Telegram refused (Telegram alone: its refusals are played)", async () => {
  await using salon = await salonBot({ supportPhone: null });
  const { telegram, anna, boris } = salon;
  await anna.say("/id");
  await boris.say("/id");
  const file = { file_id: "f", file_unique_id: "u", width: 1, height: 1 };
  let number = 900;
  const picture = (id: number, album: string) => {
    number += 1;
    const message = {
      ...{ message_id: number, date: 1, chat: { id, type: "private" }, photo: [file] },
      ...{ from: { id, is_bot: false, first_name: "Кто" }, media_group_id: album },
    };
    return { update_id: number, message };
  };
  telegram.faults.next({ method: "sendMessage", status: 500 });
  await telegram.push(picture(501, "1"));
  for (const _ of [2, 3, 4, 5]) {
    await telegram.push(picture(502, "2"));
    await telegram.push(picture(501, "1"));
  }
  expect([salon.said(501).length, salon.said(502).length]).toEqual([2, 2]);
});

onEither("a tap on a button nobody knows is answered all the same", async () => {
  await using salon = await linkedAnna();
  await tap(salon.anna, { data: "junk" }, { data: "move:yes:'; drop table clients" });
  expect(salon.anna.answeredCallbacks).toHaveLength(2);
});

onEither("a fault is logged without words or numbers, and excused", async () => {
  await using salon = await linkedAnna(34_000);
  await salon.sql`alter table bonuslog rename to elsewhere`;
  await salon.anna.say("Баланс");
  await salon.sql`alter table elsewhere rename to bonuslog`;
  expect(soft(salon.anna.lastMessage()?.text)).toStartWith("Что-то пошло не так");
  const logged = salon.log.filter((line) => line.includes('"level":50'));
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('"update_id"');
  expect(salon.log.join("")).not.toMatch(/Баланс|Анна|9001234567|7000000001:demo/);
});

test("while the database is away Telegram is told to come again, and nothing is lost (Telegram alone: its own delivery is played)", async () => {
  const { promise: address, resolve } = Promise.withResolvers<URL>();
  const way = createServer(async (client) => {
    const { hostname, port } = await address;
    const server = connect(Number(port || 5432), hostname);
    for (const end of [client, server]) end.on("error", () => client.destroy() && server.destroy());
    client.pipe(server).pipe(client);
  });
  const port = await listening(way, 0);
  await new Promise((done) => way.close(done));
  await using salon = await salonBot({}, (url) => {
    resolve(new URL(url));
    return Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(port) }).href;
  });
  const { anna, telegram } = salon;
  const started = anna.say("/balance");
  await Bun.sleep(300);
  expect(salon.said(501)).toEqual([]);
  expect(telegram.webhook.pending).toHaveLength(1);
  expect(telegram.webhook.lastError?.message).toContain("500");
  await listening(way, port);
  await started;
  way.close();
  expect(salon.said(501)).toEqual([expect.stringContaining("Согласие")]);
  await expectTable(salon.sql, "select account from dialogs", [{ account: "telegram:501" }]);
});

async function listening(server: Server, port: number): Promise<number> {
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}
