// A client's own statement: in words, as a page to print and as a table; and whose it never is.
import { expect, test } from "bun:test";
import { linkedAnna, row, visit } from "../helpers/past.ts";
import { english, type SalonBot } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";
import { ask, labels, last, tap } from "../helpers/till-salon.ts";

/** Anna's card: 12.5 in January, +35 on 1 March, −7.5 on 5 March. It is 12 March. */
async function marchOfAnna(...args: Parameters<typeof linkedAnna>): Promise<SalonBot> {
  const salon = await linkedAnna(...args);
  await visit(salon, 1, { day: "2026-03-01", price: 3500, decision: "awarded" });
  await row(salon, { day: "2026-01-10", kind: "opening", points: 12.5 });
  await row(salon, { day: "2026-03-01", kind: "award", points: 35, record: 1, paid: 3500 });
  await row(salon, { day: "2026-03-05", kind: "debit", points: -7.5, reason: "=1+1" });
  return salon;
}

const file = (of: SalonBot["anna"]) => {
  const message = of.lastMessage();
  const bytes = message?.document?.bytes ?? new Uint8Array();
  return { name: message?.document?.name, text: new TextDecoder().decode(bytes), bytes };
};

test("without days it begins with the month before, and its sums lead from opening to closing", async () => {
  await using salon = await marchOfAnna();
  expect(await ask(salon.anna, "/statement")).toBe(`Выписка по карте …4567
С 1 февраля 2026 по 12 марта 2026

1 марта: +35, на карте 47,5
Визит, оплачено 3 500 ₽

5 марта: −7,5, на карте 40
Снято: =1+1

На начало: 12,5 балла
Пришло: 35 баллов
Ушло: 7,5 балла
На конец: 40 баллов`);
  expect(labels(salon.anna)).toEqual(["Для печати", "Таблица", "Этот год", "За всё время"]);
  const all = await tap(salon.anna, "За всё время");
  expect(all).toStartWith("Выписка по карте …4567\nПо 12 марта 2026\n\n10 января: +12,5, на карте 12,5\n");
  expect(labels(salon.anna)).toEqual(["Для печати", "Таблица", "Этот год"]);
});

test("days are taken as people write them; what is none is said so, and nothing is sent", async () => {
  await using salon = await marchOfAnna();
  expect(await ask(salon.anna, "/statement 2.03 05.03.2026")).toContain("На начало: 47,5 балла\n");
  expect(await ask(salon.anna, "/statement 2026-03-06 2026-03-07")).toContain(
    "Изменений за это время не было.\n\nНа начало: 40 баллов\n",
  );
  for (const words of ["32.01", "март", "7.03 6.03", "1.03 2.03 3.03", "89001234567"])
    expect(await ask(salon.anna, `/statement ${words}`)).toStartWith("Этих дней не понял. Напишите так");
});

test("the page and the table are of the days that their button was under", async () => {
  await using salon = await marchOfAnna();
  await ask(salon.anna, "/statement 1.03 4.03");
  expect(await tap(salon.anna, "Для печати")).toBe(
    "Выписка по карте …4567\nС 1 марта 2026 по 4 марта 2026\nНа конец: 47,5 балла",
  );
  const page = file(salon.anna);
  expect(page.name).toBe("statement-2026-03-12.html");
  expect(soft(page.text)).toContain('<td>1 марта 2026</td><td class="n">+35</td><td class="n">47,5</td>');
  expect(page.text).not.toContain("+7900");
  await ask(salon.anna, "/statement 1.03 12.03");
  await tap(salon.anna, "Таблица");
  const table = file(salon.anna);
  expect(table.name).toBe("statement-2026-03-12.csv");
  expect([...table.bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(soft(table.text)).toBe(
    [
      "Строка;Когда;№;Баллы;На карте;Сумма, ₽;За что",
      "На начало;2026-03-01;;;12,50;;",
      "Изменение;2026-03-01T12:00:00;2;35,00;47,50;3500,00;Визит, оплачено 3 500 ₽",
      "Изменение;2026-03-05T12:00:00;3;-7,50;40,00;;Снято: =1+1",
      "На конец;2026-03-12;;;40,00;;",
      "",
    ].join("\r\n"),
  );
});

test("what came before the card was theirs is in the opening alone", async () => {
  await using salon = await marchOfAnna();
  await salon.sql`update accounts set history_from = '2026-03-03T00:00:00+03' where account = 'telegram:501'`;
  const text = await ask(salon.anna, "/statement 1.01");
  expect(text).toContain("С 3 марта 2026 по 12 марта 2026");
  expect(text).not.toContain("Визит");
  expect(text).toContain("На начало: 47,5 балла\nПришло: 0 баллов\nУшло: 7,5 балла\nНа конец: 40 баллов");
});

test("nobody has a statement without a card, and an old button is of whoever taps it", async () => {
  await using salon = await marchOfAnna();
  const { anna, boris, telegram } = salon;
  await ask(anna, "/statement");
  await boris.start();
  expect(await ask(boris, "/statement")).not.toContain("Выписка");
  await anna.say("/unlink");
  await tap(anna, "Да, отвязать");
  const before = telegram.messages(501).length;
  await ask(anna, "/statement");
  expect(
    telegram
      .messages(501)
      .slice(before)
      .some((one) => one.document),
  ).toBe(false);
  expect(last(anna)).not.toContain("Выписка");
});

test("it is offered only where the salon says so; the word for it is understood everywhere", async () => {
  await using salon = await marchOfAnna({ statements: "on" });
  await ask(salon.anna, "История");
  expect(labels(salon.anna)).toContain("Выписка");
  expect(await tap(salon.anna, "Выписка")).toStartWith("Выписка по карте …4567");
  await using quiet = await marchOfAnna();
  await ask(quiet.anna, "История");
  expect(labels(quiet.anna)).not.toContain("Выписка");
  expect(await ask(quiet.anna, "пришлите выписку")).toStartWith("Выписка по карте …4567");
});

test("in English all of it is English", async () => {
  await using salon = await marchOfAnna({ statements: "on" });
  const john = await english(salon);
  expect(await ask(john, "/statement 1.01")).toBe(`Statement of card …0123
From 1 January 2026 to 12 March 2026

Nothing changed in that time.

At the beginning: 0 points
Came: 0 points
Went: 0 points
At the end: 0 points`);
  await tap(john, "To print");
  expect(file(john).text).not.toMatch(/[а-яё]/i);
  expect(await ask(john, "/statement x")).toStartWith("I do not understand these days.");
});

test("an owner has a client's whole statement by the phone, and its files while they are an owner", async () => {
  const staff = { adminIds: ["telegram:601"], ownerIds: ["telegram:700"] } as const;
  await using salon = await marchOfAnna(staff);
  await salon.sql`update accounts set history_from = '2026-03-03T00:00:00+03' where account = 'telegram:501'`;
  const [olga, irina] = [601, 700].map((id) => salon.telegram.person({ id, firstName: `№ ${id}` }));
  if (!olga || !irina) throw new Error("nobody works here");
  const text = await ask(irina, "/statement 89001234567 1.03 4.03");
  expect(text).toStartWith("Выписка по карте …4567\nС 1 марта 2026 по 4 марта 2026\n\n1 марта: +35");
  await tap(irina, "Для печати");
  expect(soft(file(irina).text)).toContain("1 марта 2026</td>");
  expect(file(irina).text).not.toContain("+7900");
  expect(await ask(irina, "/statement 8(900)123-45-67")).toContain("На конец: 40 баллов");
  expect(await ask(irina, "/statement 89001234568")).toBe("Карты с этим телефоном нет. Проверьте номер.");
  expect(await ask(irina, "/statement 89001234567 32.01")).toEndWith(
    "Выписка клиента — телефон перед днями: /statement 89001234567 1.03 31.03",
  );
  expect(await ask(irina, "/statement")).toBe(
    "Выписка клиента — телефон перед днями: /statement 89001234567 1.03 31.03",
  );
  expect(await ask(irina, "/statement 89001234567 вчера")).toContain("С 11 марта 2026 по 11 марта 2026");
  expect(await ask(irina, "/statement 01.03.2026")).not.toContain("Карты с этим телефоном");
  // Of any phone alike, and with any days: nobody is told here which numbers have a card.
  for (const words of ["89001234567", "89001234568", "89001234567 32.01"])
    expect(await ask(olga, `/statement ${words}`)).toStartWith("Это видит и меняет только владелец.");
  expect(await ask(salon.anna, "/statement 89007654321")).toStartWith("Этих дней не понял");
  const [{ id } = { id: 0 }] = await salon.sql`select id from clients where phone = '+79001234567'`;
  await salon.boris.start();
  const greeted = last(salon.boris);
  for (const person of [olga, salon.boris]) {
    await person.tap({ data: `statement:csv:-:-:${id}` });
    expect(person.chat.messages.filter((one) => one.document)).toHaveLength(0);
  }
  expect([last(olga), last(salon.boris)]).toEqual([expect.stringMatching(/^Это видит/), greeted]);
  // Nobody's any more: what is left of the card is handed to nobody, by whatever button.
  await ask(salon.anna, "/forget");
  await tap(salon.anna, "Удалить навсегда");
  await irina.tap({ data: `statement:csv:-:-:${id}` });
  expect(last(irina)).toBe("Карты с этим телефоном нет. Проверьте номер.");
  expect(salon.log.join("\n")).not.toMatch(/900\D?123/);
});
