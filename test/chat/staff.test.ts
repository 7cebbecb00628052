// What those who work here hear of the bot itself: at /start, /help, /why, and for what is not theirs or not words.
import { expect } from "bun:test";
import type { Anyone } from "../helpers/anyone.ts";
import { onBoth, onEither } from "../helpers/both.ts";
import { ask, keys, labels, last, PHONE, tap, tillSalon } from "../helpers/till-salon.ts";

const AGREE = "Согласен, отправить мой номер";

onBoth("/start tells an admin and an owner who they are, and asks for no consent", async () => {
  await using salon = await tillSalon({}, 34_000);
  const { olga, irina, anna } = salon;
  await olga.start();
  expect(salon.said(601)).toEqual([
    "Здравствуйте! Салон <Красота>: здесь карты лояльности ваших клиентов.\n\n" +
      "Вы администратор. Пришлите телефон клиента, и откроется его карта. Подробнее — /help\n\n" +
      "Своя карта — /balance.",
  ]);
  expect(keys(olga)).toEqual(["Сегодня", "Помощь"]);
  expect(await tap(olga, "Сегодня")).toStartWith("Сегодня, 12 марта: записей нет");
  expect(await tap(olga, "Помощь")).toContain("/credit телефон баллы причина");
  expect(await ask(olga, "/help")).toContain("/credit телефон баллы причина");
  expect(keys(olga)).toEqual(["Сегодня", "Помощь"]);
  await irina.start();
  expect(salon.said(700)[0]).toContain(
    "Вы владелец. Сводка — /stats, выгрузка — /export, плакат с QR — /poster, администраторы и владельцы — /staff.",
  );
  await anna.start();
  expect(salon.said(501).join()).not.toMatch(/администратор\.|владелец|\/stats|\/help/);
});

onEither(
  "whoever works here and asks for an own card is asked to agree, and then has both keyboards",
  async () => {
    await using salon = await tillSalon();
    const { olga } = salon;
    await olga.start();
    expect(await ask(olga, "/balance")).toStartWith("Согласие на обработку");
    for (const command of ["/card", "/history"])
      expect(await ask(olga, command)).toStartWith("Сначала подтвердите номер");
    expect(await tap(olga, "Не сейчас")).toBe("Хорошо. Пришлите телефон клиента.");
    expect(keys(olga)).toEqual(["Сегодня", "Помощь"]);
    await ask(olga, "/balance", AGREE);
    const both = ["Сегодня", "Баланс", "Карта", "История", "Записаться", "Контакты", "Помощь"];
    expect(keys(olga)).toEqual(both);
    await olga.start();
    expect(last(olga)).toMatch(
      /^Здравствуйте, Ольга! На карте …0001 баллов пока нет\.\n\nВы администратор\./,
    );
    expect(keys(olga)).toEqual(both);
    expect(await tap(olga, "Баланс")).toContain("На карте …0001");
    expect(await tap(olga, "Сегодня")).toStartWith("Сегодня, 12 марта");
    expect(await ask(salon.anna, "Сегодня")).toContain("/start");
  },
);

onEither("a command of staff that is none, or has no space behind it, is answered as staff are", async () => {
  await using salon = await tillSalon();
  const { olga } = salon;
  const none =
    "Такой команды нет. После команды нужен пробел: /credit 89001234567 100 за что. Всё остальное — /help";
  for (const [written, answer] of [
    ["/unknown", none],
    ["/kredit 89165554567 100", none],
    ["/credit89165554567 100", "После команды нужен пробел: /credit 89165554567 100"],
    ["/why89165554567", "После команды нужен пробел: /why 89165554567"],
  ] as const) {
    expect(await ask(olga, written)).toBe(answer);
  }
  expect(await ask(salon.anna, "/unknown")).not.toContain("/credit");
});

onEither("/help of an owner has the owner's commands, the admin's and the client's", async () => {
  await using salon = await tillSalon();
  const { olga, irina } = salon;
  for (const person of [olga, irina]) {
    await person.say("/help");
    for (const command of ["/today", "/credit", "/debit", "/move", "/why", "/cancel", "/balance", "/mydata"])
      expect(last(person)).toContain(command);
  }
  expect(last(irina)).toContain(
    "/stats — что даёт программа за 30 дней\n/export — изменения и остатки для Excel",
  );
  expect(last(olga)).not.toMatch(/\/stats|\/export/);
});

onEither(
  "/help names what the settings have brought, to whom it is for, and nothing of it where all is off",
  async () => {
    await using quiet = await tillSalon();
    const brought = /\/(friend|level|programme|statement)/g;
    const named = async (person: Anyone) =>
      [...(await ask(person, "/help")).matchAll(brought)].map(([one]) => one);
    expect(await named(quiet.irina)).toEqual([]);
    await using salon = await tillSalon({
      ...{ friendPoints: { inviter: 30_000, friend: 20_000 }, levels: [{ from: 0, percent: 100 }] },
      statements: "on",
    });
    expect(await named(salon.olga)).toEqual(["/friend"]);
    expect(await named(salon.irina)).toEqual(["/friend", "/level", "/programme", "/statement"]);
  },
);

onEither(
  "/why without a phone explains itself to staff, and shows their own card where they have one",
  async () => {
    await using salon = await tillSalon();
    const { olga } = salon;
    const hint = "Про клиента напишите так: /why 89001234567";
    await olga.say("/why");
    expect(salon.said(601)).toEqual([hint]);
    await ask(olga, "/balance", AGREE);
    expect(await ask(olga, "/why")).toStartWith("Где мои баллы\n\nВизитов пока не видно.");
    expect(last(olga)).toEndWith(`\n\n${hint}`);
    expect(labels(olga)).toEqual(["История", "Связаться"]);
    expect(await tap(olga, "История", "Где мои баллы?")).not.toContain(hint);
  },
);

onEither("a photo of an admin is answered with what to send", async () => {
  await using salon = await tillSalon();
  await salon.olga.sendPhoto();
  expect(last(salon.olga)).toBe(
    "Фото, голосовые и файлы я не читаю. Пришлите телефон клиента или его контакт.",
  );
});

onEither(
  "a fraction of a point comes back in the singular, one point too, and the undone debit is called so",
  async () => {
    await using salon = await tillSalon({}, 34_000);
    const { olga } = salon;
    const undone = async (command: string) => {
      await ask(olga, command, "Снять", "Отменить до 14:32");
      return last(olga).split("\n")[0];
    };
    expect(await undone(`/debit ${PHONE} 12,5 ошибка`)).toBe(
      "↩️ Отменено. 12,5 балла вернулось на карту: Анна …4567, 340.",
    );
    expect(await undone(`/debit ${PHONE} 1 ошибка`)).toContain("1 балл вернулся на карту");
    expect(await undone(`/debit ${PHONE} 5 ошибка`)).toContain("5 баллов вернулись на карту");
  },
);
