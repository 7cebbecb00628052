// What is nearly right at the till: said in words that name what is wrong, or taken as it is meant.
import { expect } from "bun:test";
import { messengerHere, onEither } from "../helpers/both.ts";
import { give } from "../helpers/salon-bot.ts";
import { ask, hearing, labels, last, rows, tap, tillSalon } from "../helpers/till-salon.ts";

onEither(
  "a bill before the phone and a comma behind it are taken; a digit too few or many and a name are named",
  async () => {
    await using salon = await tillSalon({}, 34_024);
    const { olga } = salon;
    for (const text of [
      "3500 89001234567",
      "3 500 ₽ 8 900 123-45-67",
      "89001234567, 3500",
      "3500, 9001234567",
    ]) {
      await olga.say(text);
      expect([text, labels(olga)[0]]).toEqual([text, "Списать 340 → к оплате 3 160 ₽"]);
    }
    const hears = hearing(olga, "toBe");
    await hears(
      "8900123456 3500",
      "В телефоне 8900123456 не хватает цифры. Проверьте его и отправьте ещё раз.",
    );
    await hears(
      "8 900 123 45 6 3500",
      "В телефоне 8 900 123 45 6 не хватает цифры. Проверьте его и отправьте ещё раз.",
    );
    await hears(
      "890012345678 3500",
      "В телефоне 890012345678 лишняя цифра. Проверьте его и отправьте ещё раз.",
    );
    for (const name of ["Мария", "мария", "Анна Ивановна"])
      await hears(
        name,
        `Клиента с именем «${name}» не нашли. Пришлите телефон или 4 последние цифры. Всё остальное — /help`,
      );
    await olga.tap("Другая сумма");
    await hears(
      "8900123456 3500",
      "В телефоне 8900123456 не хватает цифры. Проверьте его и отправьте ещё раз.",
    );
    await olga.say("/credit 89001234567, 100 чай");
    expect(labels(olga)).toEqual(["Начислить 100", "Не надо", "QR для клиента"]);
  },
);

onEither("a move keeps a reason, as all that is done by hand", async () => {
  await using salon = await tillSalon({}, 34_024);
  await give(salon, "+79007654321");
  const { olga } = salon;
  expect(await ask(olga, "/move 89001234567 89007654321 10 ошибка")).toContain("Перенести 10 баллов?");
  expect(last(olga)).toContain("Причина: ошибка (останется навсегда).");
  expect(await tap(olga, "Перенести 10")).toContain("Причина: ошибка.");
  expect(await rows(salon)).toEqual(["move -10 admin:601 ошибка", "move 10 admin:601 ошибка"]);
  await olga.say("/move 89001234567 89007654321 10 звонить 8 900 123-45-67");
  expect(last(olga)).toContain("похоже, телефон");
});

onEither("/why takes the last four digits where they are one client's", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga } = salon;
  expect(await ask(olga, "/why 4567")).toStartWith("Анна …4567");
  expect(await ask(olga, "/why 9999")).toBe("Карты с этим телефоном нет. Проверьте номер.");
  await give(salon, "+79117774567");
  expect(await ask(olga, "/why 4567")).toBe(
    "«4567» — это несколько клиентов. Напишите телефон целиком: /why 89001234567",
  );
});

onEither("a move between phones that end alike shows them whole, to the admin and to the owner", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 5_000 }, 34_024);
  await give(salon, "+79117774567");
  const { olga, irina } = salon;
  await irina.start();
  await olga.say("/move 89001234567 89117774567 100");
  expect(last(olga)).toContain("Анна +7 900 123 45 67: было 340,24, станет 240,24");
  expect(last(olga)).toContain("Без имени +7 911 777 45 67: было 0, станет 100");
  expect(last(olga)).toContain(`${messengerHere()} не привязан (+7 900 123 45 67, +7 911 777 45 67)`);
  await olga.tap("Перенести 100");
  expect(last(irina)).toContain("перенести 100 баллов, Анна +7 900 123 45 67 → Без имени +7 911 777 45 67");
  await irina.tap("Подтвердить");
  expect(last(olga)).toContain("Анна +7 900 123 45 67: на карте 240,24");
  expect(last(olga)).not.toContain("…4567");
});
