// "My data": all that is stored, and letting go of the card.
import { expect, test } from "bun:test";
import { accountHere, messengerHere, onEither } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { linkedAnna, PHONE, row, visit } from "../helpers/past.ts";
import { expectSound } from "../helpers/sound.ts";
import { ask, tap } from "../helpers/till-salon.ts";

onEither("help leads to one's data and back out of every question", async () => {
  await using salon = await linkedAnna();
  await salon.anna.say("Помощь");
  const { message_id } = salon.anna.lastMessage() ?? {};
  const labels = () => salon.anna.lastMessage()?.inline.map((line) => line.map((button) => button.text));
  expect(labels()).toEqual([["Где мои баллы?", "Мои данные"], ["Связаться"]]);
  await salon.anna.tap("Мои данные");
  expect(labels()).toEqual([["Показать всё"], ["Отвязать карту", "Удалить всё"]]);
  await salon.anna.tap("Удалить всё");
  expect(labels()).toEqual([["Удалить навсегда"], ["Отвязать карту", "Не надо"]]);
  await salon.anna.tap("Отвязать карту");
  expect(labels()).toEqual([["Да, отвязать"], ["Не надо"]]);
  await salon.anna.tap("Не надо");
  expect(salon.anna.lastMessage()).toMatchObject({
    message_id,
    text: "Хорошо, ничего не меняем.",
    inline: [],
  });
  await expectTable(salon.sql, "select phone, account from clients c join accounts a on a.client_id = c.id", [
    { phone: PHONE, account: accountHere(501) },
  ]);
});

onEither("/mydata shows all that is stored", async () => {
  await using salon = await linkedAnna();
  await visit(salon, 1, { day: "2026-03-01", price: 3500, decision: "awarded" });
  await visit(salon, 2, { day: "2026-04-01", price: 1000, decision: "not_paid" });
  await row(salon, { day: "2026-03-01", kind: "award", points: 35, record: 1, paid: 3500 });
  await row(salon, { day: "2026-03-02", kind: "spend", points: -10, paid: 1000 });
  await salon.sql`update clients set created_at = '2026-03-12T12:00:00Z'`;
  await salon.sql`update accounts set linked_at = '2026-03-12T12:00:00Z'`;
  await salon.anna.say("/mydata");
  expect(salon.said(501).at(-1)?.split("\n")).toEqual([
    "Вы",
    "Телефон: +7 900 123 45 67",
    "Имя: Анна",
    `${messengerHere()} ID: 501, язык — русский`,
    "",
    "Карта",
    "Заведена 12 марта 2026, привязана 12 марта 2026. На ней 25 баллов.",
    "Согласие на обработку данных дано 12 марта 2026.",
    "В журнале салона вы записаны так: Анна Журнальная.",
    "",
    "Визиты, всего 2",
    `1 апреля 2026, 1 000 ₽: пока 0, ещё не оплачен; начислим после оплаты`,
    `1 марта 2026, 3 500 ₽: +35`,
    "",
    "Изменения баллов, всего 2",
    "",
    "2 марта 2026: −10, на карте 25",
    `Списано на кассе, счёт 1 000 ₽, к оплате 990 ₽`,
    "",
    "1 марта 2026: +35, на карте 35",
    `Визит, оплачено 3 500 ₽`,
  ]);
});

onEither("what no message holds comes as a file after who it is, and nothing is left out", async () => {
  await using salon = await linkedAnna();
  await salon.sql`
    insert into bonuslog (client_id, kind, points, reason, actor, key)
    select c.id, 'credit', 1, 'номер ' || n || ' <&>' || repeat('ж', 80), 'admin:1', 'k' || n
    from clients c, generate_series(1, 400) n`;
  const before = salon.said(501).length;
  await salon.anna.say("/mydata");
  const messages = salon.said(501, before);
  expect(messages).toEqual([
    expect.stringMatching(/^Вы\nТелефон.*На ней 400 баллов.*в файле: их много\.$/s),
    "",
  ]);
  expect(salon.anna.lastMessage()?.inline.flat()).toHaveLength(2);
  // A file takes no text in its place: its buttons answer below it.
  const file = salon.anna.lastMessage()?.document;
  expect(await tap(salon.anna, "Отвязать карту")).toStartWith("Отвязать карту …4567");
  expect(file?.name).toBe("my-data.txt");
  const text = new TextDecoder().decode(file?.bytes);
  for (let n = 1; n <= 400; n++) expect(text).toContain(`номер ${n} <&>`);
  expect(text).not.toContain("<b>");
});

onEither("a stranger learns that only the consent is stored, or nothing", async () => {
  await using salon = await linkedAnna();
  await salon.boris.start();
  await salon.boris.say("/mydata");
  expect(salon.said(502).at(-1)?.split("\n")).toEqual([
    ...["Вы", `${messengerHere()} ID: 502`, "Карта не привязана."],
    "Бот помнит, о чём вас спросил, до 11 апреля 2026.",
  ]);
  expect(await ask(salon.boris, "/unlink")).toBe(
    `К этому ${messengerHere()} карта не привязана. Привязать — /start.`,
  );
});

test("/unlink keeps the card and its points, once, and the same phone brings them back (Telegram alone: its own delivery is played)", async () => {
  await using salon = await linkedAnna();
  await row(salon, { day: "2026-03-01", kind: "credit", points: 340 });
  await salon.anna.say("/unlink");
  expect(salon.said(501).at(-1)).toStartWith(
    `Отвязать карту …4567 от этого ${messengerHere()}? Баллы (340) останутся`,
  );
  salon.telegram.webhook.deliverTwice = true;
  await salon.anna.tap("Да, отвязать");
  salon.telegram.webhook.deliverTwice = false;
  await expectTable(
    salon.sql,
    "select phone, name, telegram_id, linked, code, balance::int from clients c join balances b on b.client_id = c.id",
    [{ phone: PHONE, name: "Анна", telegram_id: null, linked: false, code: null, balance: 340 }],
  );
  expect(await tap(salon.anna, "Баланс")).toStartWith("Согласие");
  await salon.anna.shareContact();
  expect(salon.said(501).at(-1)).toContain("На карте …4567 уже 340 баллов");
  await expectSound(salon.db);
});

onEither("an old button, and one of another card, do nothing", async () => {
  await using salon = await linkedAnna();
  await salon.anna.say("/unlink");
  salon.clock.now = new Date(salon.clock.now.getTime() + 3_601_000);
  expect(await tap(salon.anna, "Да, отвязать")).toStartWith("Этот вопрос устарел, ничего не изменилось.");
  const now = Math.floor(salon.clock.now.getTime() / 1000);
  await salon.anna.tap({ data: `unlink:999:${now}` });
  await salon.anna.tap({ data: `forget:999:${now}` });
  await salon.anna.tap({ data: `forget:0:${now}` });
  await salon.boris.start();
  const [card] = await salon.sql`select id from clients`;
  await salon.boris.tap({ data: `forget:${card?.id}:${now}` });
  await salon.boris.tap({ data: `unlink:${card?.id}:${now}` });
  await expectTable(salon.sql, "select phone, account from clients c join accounts a on a.client_id = c.id", [
    { phone: PHONE, account: accountHere(501) },
  ]);
});
