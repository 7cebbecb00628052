// Words behind a command are read or refused in a sentence, never passed over: for clients and for who works here.
import { expect, test } from "bun:test";
import { setMenus } from "../../src/chat/menu.ts";
import { onEither } from "../helpers/both.ts";
import { ask, labels, last, rows, tillSalon } from "../helpers/till-salon.ts";

/** What takes words; what they mean is tested beside each. `/start` has the words of links that others make. */
const reads = ["credit", "debit", "move", "today", "export", "poster"];
const final = ["unlink", "forget"];
const more = [...final, "id"];

test("every command of the menus reads the words behind it, or says that it takes none (Telegram alone: its refusals are played)", async () => {
  await using salon = await tillSalon({ friendPoints: { inviter: 1, friend: 1 } }, 100);
  const { olga, irina, anna, channel } = salon;
  salon.telegram.limits.perSecond = 10_000;
  await setMenus(channel, {
    adminIds: ["telegram:601"],
    ownerIds: ["telegram:700"],
    bookUrl: "https://x.example",
    supportPhone: "1",
    mapUrl: null,
    birthdayPoints: null,
    statements: "on",
    friendPoints: { inviter: 1, friend: 1 },
  });
  const commands = [...salon.telegram.settings.values()].flatMap(
    (kept) => (kept as { commands?: { command: string }[] }).commands?.map((one) => one.command) ?? [],
  );
  for (const command of new Set([...commands, ...more])) {
    if (["help", "programme"].includes(command)) continue; // their own tests
    for (const person of [anna, olga, irina]) {
      salon.clock.now = new Date(salon.clock.now.getTime() + 1_000);
      const before = salon.said(person.user.id).length;
      await person.say(`/${command} чепуха`);
      const said = salon.said(person.user.id, before);
      expect([command, person.user.id, said.length]).toEqual([command, person.user.id, 1]);
      const refused =
        said[0]?.includes("чепуха") || /Напишите так|Не вижу телефона|владел/i.test(said[0] ?? "");
      const unknown = person === anna && [...reads, "cancel", "stats"].includes(command);
      const harmless = person === anna && !final.includes(command);
      expect([command, person.user.id, said[0], refused || unknown || harmless]).toEqual([
        ...[command, person.user.id, said[0]],
        true,
      ]);
    }
  }
  expect(await rows(salon)).toEqual([]);
});

onEither("who works here is told how to come to a client; without words all is as ever", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, anna } = salon;
  expect(await ask(olga, "/balance 89001234567")).toBe(
    "/balance пишется без слов: что значит «89001234567», не понимаем. Нажмите /balance\n" +
      "Карту клиента открывает его телефон, без команды. Визиты клиента: /why 89001234567",
  );
  expect(await ask(olga, "/cancel всё")).toStartWith("/cancel пишется без слов");
  expect(await ask(olga, "/cancel")).toBe("Отменять нечего: всё закрыто.");
  await olga.say("89001234567 3500");
  expect(labels(olga)[0]).toBe("Списать 340 → к оплате 3 160 ₽");
  await anna.say("/forget всё");
  expect(last(anna)).toBe("/forget пишется без слов: что значит «всё», не понимаем. Нажмите /forget");
  expect(await ask(anna, "/id пожалуйста")).toContain("501");
  expect(await ask(anna, "/id ")).toContain("501");
});

onEither("who writes a question behind /help is helped", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, anna } = salon;
  for (const person of [anna, olga]) {
    await person.say("/help");
    const help = last(person);
    expect(await ask(person, "/help как списать баллы?")).toBe(help);
  }
});
