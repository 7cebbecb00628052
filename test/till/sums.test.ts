// Typed sums, credits and debits, the queue at the till, edited messages, what the till lists of a card.
import { expect } from "bun:test";
import { expectTable } from "../helpers/db.ts";
import { give } from "../helpers/salon-bot.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";
import {
  ask,
  firstButton,
  hearing,
  labels,
  last,
  rows,
  shown,
  tap,
  tillSalon,
  toast,
  visit,
} from "../helpers/till-salon.ts";

const test = testIn(() => tillSalon({}, 34_024));
const onEither = test.either;

onEither("a typed sum gets a second screen and is held against the bill", async () => {
  await using salon = await tillSalon({ spendMaxPercent: 50 }, 34_024);
  const { olga } = salon;
  expect(await ask(olga, "89001234567 400")).toContain("Баллами 200 (не больше 50 % счёта) → к оплате 200 ₽");
  const card = shown(olga);
  expect(await tap(olga, "Другая сумма")).toContain(
    "Сколько баллов списать? Целое число, не больше 200: это 50 % счёта.",
  );
  expect(await ask(olga, "201")).toBe(
    "Анна …4567. Списать можно не больше 200: это 50 % счёта. Напишите число поменьше.",
  );
  expect(await ask(olga, "12,5")).toBe("Анна …4567. Списать можно целое число баллов, например 120.");
  for (const words of ["много", "за ожидание 100"])
    expect(await ask(olga, words)).toStartWith("Анна …4567. Не понял сумму.");
  expect(await ask(olga, "120")).toContain("Анна …4567: 340,24 − 120 = 220,24.");
  expect(last(olga)).toContain("Счёт 400 ₽. Баллами 120 → к оплате 280 ₽");
  expect(labels(olga)).toEqual(["Списать 120 → к оплате 280 ₽", "Не надо", "QR для клиента"]);
  expect(salon.messages(601).find((one) => one.message_id === card)?.inline).toEqual([]);
  expect(await rows(salon)).toEqual([]);
  await olga.tap("Списать 120");
  expect(await rows(salon)).toEqual(["spend -120 admin:601"]);
});

onEither("without a bill, spending asks for it", async ({ olga }) => {
  await olga.say("89001234567");
  expect(labels(olga)).toEqual(["Списать", "Начислить", "История", "Почему", "QR для клиента"]);
  await olga.tap("Списать");
  await olga.say("3500");
  expect(labels(olga)[0]).toBe("Списать 340 → к оплате 3 160 ₽");
});

onEither(
  "a credit shows what it makes and that its reason stays; a debit likewise, never below zero",
  async (salon) => {
    const { olga } = salon;
    await olga.say("/credit 8 900 123 45 67 100 за ожидание");
    expect(last(olga)).toStartWith("Анна …4567: 340,24 + 100 = 440,24.");
    expect(last(olga)).toEndWith("Причина: за ожидание (клиент её увидит, изменить её нельзя).");
    expect(labels(olga)).toEqual(["Начислить 100", "Не надо", "QR для клиента"]);
    expect(await tap(olga, "Начислить 100")).toContain("✅ Начислено 100.\nПричина: за ожидание.");
    await olga.say("/debit 89001234567 1000 ошибка");
    expect(last(olga)).toStartWith("Больше нельзя: столько на карте.\n\nАнна …4567: 440,24 − 440,24 = 0.");
    expect(labels(olga)).toEqual(["Снять 440,24", "Не надо", "QR для клиента"]);
    await olga.tap("Снять 440,24");
    await ask(olga, "89001234567", "Начислить");
    await ask(olga, "12,5 чай", "Начислить 12,5");
    expect(await rows(salon)).toEqual([
      "credit 100 admin:601 за ожидание",
      "debit -440.24 admin:601 ошибка",
      "credit 12.5 admin:601 чай",
    ]);
    await expectSound(salon.db);
  },
);

onEither(
  "a debit offers no more than there is: at the preview, after an edit, and when less is left at the tap",
  async () => {
    await using salon = await tillSalon({}, 12_000);
    const { olga, marina } = salon;
    const { message } = await olga.say("/debit 89001234567 50 ошибка");
    expect(labels(olga)).toEqual(["Снять 50", "Не надо", "QR для клиента"]);
    await olga.edit(message?.message_id ?? 0, "/debit 89001234567 500 ошибка");
    expect(last(olga)).toStartWith("Больше нельзя: столько на карте.\n\nАнна …4567: 120 − 120 = 0.");
    await ask(marina, "/debit 89001234567 100 ошибка", "Снять 100");
    expect(await tap(olga, "Снять 120")).toStartWith("На карте уже 20 баллов.\n\nАнна …4567: 20 − 20 = 0.");
    await ask(marina, "/debit 89001234567 20 ошибка", "Снять 20");
    expect(await tap(olga, "Снять 20")).toStartWith("На карте уже 0 баллов.");
    expect(labels(olga).filter((label) => label.startsWith("Снять"))).toEqual([]);
    expect(await ask(olga, "/debit 89001234567 1")).toBe("Анна …4567. На карте 0 баллов: снять нечего.");
    expect(await rows(salon)).toEqual(["debit -100 admin:602 ошибка", "debit -20 admin:602 ошибка"]);
  },
);

onEither("what is missing or refused is said in words", async (salon) => {
  const { olga } = salon;
  const hears = hearing(olga, "toContain");
  await hears("300", "300 — это счёт или баллы, и чьи?");
  await hears("89001234567 Анна", "«Анна» — не сумма счёта.");
  await hears("/credit", "Напишите так: /credit 89001234567 100 за что");
  await hears("/credit 100", "Не вижу телефона.");
  await hears("/credit 9999 100", "Клиента «9999» не нашли. Напишите так: /credit 89001234567 100 за что");
  await hears("/debit зоя 100", "Клиента «зоя» не нашли. Напишите так: /debit 89001234567 100 за что");
  await hears("/credit 89001234567", "Сколько баллов?");
  await hears("/debit 89001234567 1,234", "Не понял, сколько баллов.");
  await hears("/credit 89001234567 100 звонить 8 900 123-45-67", "похоже, телефон");
  await hears(`/credit 89001234567 100 ${"ж".repeat(101)}`, "длиннее 100 знаков");
  await hears("/why 300", "напишите так: /why 89001234567");
  await hears("/why 89112223344", "Карты с этим телефоном нет. Проверьте номер.");
  await hears("/cancel", "Отменять нечего: всё закрыто.");
  await olga.say("ж".repeat(4000));
  await olga.sendSticker();
  await olga.sendPhoto();
  expect(await rows(salon)).toEqual([]);
});

onEither(
  "a change finds its client by four digits or a name too, and moves nothing where that is several",
  async (salon) => {
    const { olga } = salon;
    expect(await ask(olga, "/credit 4567 100 за ожидание")).toStartWith("Анна …4567: 340,24 + 100 = 440,24.");
    await olga.tap("Начислить 100");
    expect(await ask(olga, "/debit анна 21", "Снять 21")).toStartWith("✅ Снято 21.");
    await give(salon, "+79112224567", 5000);
    expect(await ask(olga, "/credit 4567 100")).toBe(
      "«4567» — это несколько клиентов. Напишите так: /credit 89001234567 100 за что",
    );
    const message = await olga.say("/credit анна 5 чай");
    await olga.edit(message.message?.message_id ?? 0, "/credit анна 6 чай");
    expect(labels(olga)[0]).toBe("Начислить 6");
    expect(await rows(salon)).toEqual([
      "credit 100 admin:601 за ожидание",
      "debit -21 admin:601",
      "credit 50 admin:1",
    ]);
  },
);

onEither(
  "three clients at once: while a sum is waited for, ten digits are the next client",
  async (salon) => {
    const { olga } = salon;
    await give(salon, "+79112223344", 5000);
    await ask(olga, "89001234567 3500", "Другая сумма");
    expect(await ask(olga, "9112223344 1000")).toContain("…3344");
    await olga.tap("Списать 50");
    // A sum that says of nobody is not taken for the client before, whom the next one has ended.
    expect(await ask(olga, "100")).toStartWith("100 — это счёт или баллы, и чьи?");
    expect(await rows(salon, 2)).toEqual(["spend -50 admin:601"]);
  },
);

test("a reply is a sum for the screen replied to, and for no other client's (Telegram alone: its own updates are played)", async (salon) => {
  const { olga, sql, telegram } = salon;
  await give(salon, "+79007654321", 50_000);
  const questions: number[] = [];
  let asked = await olga.say("89001234567 700");
  for (const phone of ["89001234567", "89007654321"]) {
    asked = await olga.say(`${phone} 1000`);
    await olga.tap("Другая сумма");
    questions.push(shown(olga));
  }
  const reply = (message_id: number, to = 0, text = "") => {
    const message = { ...asked.message, message_id, text, reply_to_message: { message_id: to } };
    return telegram.push({ update_id: message_id, message } as typeof asked);
  };
  await reply(9001, questions[0], "120");
  expect(last(olga)).toStartWith("120 — это счёт или баллы, и чьи?");
  await reply(9002, questions[1], "130");
  expect(last(olga)).toStartWith("Без имени …4321: 500 − 130 = 370");
  await reply(9003, questions[1], "140");
  expect(last(olga)).toStartWith("140 — это счёт или баллы, и чьи?");
  await expectTable(sql, "select step, points, bill from screens order by asked", [
    { step: "card", points: "340.00", bill: "700.00" },
    { step: "closed", points: null, bill: "1000.00" },
    { step: "confirm", points: "130.00", bill: "1000.00" },
  ]);
});

onEither(
  "/cancel closes what waits and answers once, with whose it was; a button of what is closed does nothing",
  async (salon) => {
    const { olga } = salon;
    await olga.say("/credit 89001234567 100");
    const offer = shown(olga);
    const before = olga.lastMessage()?.text;
    const data = firstButton(olga);
    const said = salon.said(601).length;
    expect(await ask(olga, "/cancel")).toBe("Закрыто: Анна …4567. Ничего не изменилось.");
    expect(salon.said(601)).toHaveLength(said + 1);
    const now = salon.messages(601).find((one) => one.message_id === offer);
    expect([now?.text, now?.inline.flat()]).toEqual([before, []]);
    await olga.tap({ data }, { message: offer });
    expect(toast(olga)).toBe("Анна …4567. Это уже закрыто, ничего не изменилось.");
    expect(await ask(olga, "100")).toContain("счёт или баллы, и чьи?");
    expect(await rows(salon)).toEqual([]);
  },
);

onEither("screens end: a button of hours ago changes nothing", async (salon) => {
  const { olga } = salon;
  await olga.say("89001234567 3500");
  salon.clock.now = new Date("2026-03-12T14:22:00Z");
  await olga.tap("Списать 340");
  expect(toast(olga)).toBe("Этот экран устарел. Отправьте телефон ещё раз.");
  expect(await rows(salon)).toEqual([]);
});

onEither("an edited message that was not acted on is answered anew, in its place", async (salon) => {
  const { olga } = salon;
  const say = async (text: string) => (await olga.say(text)).message?.message_id ?? 0;
  const asked = await say("89001234567 3500");
  const stale = firstButton(olga);
  await olga.edit(asked, "89001234567 1000");
  expect(salon.said(601)).toHaveLength(1);
  expect(labels(olga)[0]).toBe("Списать 340 → к оплате 660 ₽");
  await olga.tap({ data: stale });
  expect(toast(olga)).toBe("Анна …4567. Экран обновился. Проверьте его и нажмите ещё раз.");
  await olga.tap("Списать 340");
  await olga.edit(asked, "89001234567 2000");
  expect(last(olga)).toStartWith("Анна …4567. По этому сообщению уже списано 340 в 14:22 (кассир Ольга).");
  const bare = await say("300");
  await olga.edit(bare, "89001234567 300");
  expect(last(olga)).toContain("Счёт 300 ₽. Списать нечего. К оплате 300 ₽.");
  const credit = await say("/credit 89001234567 10");
  await olga.edit(credit, "/credit 89001234567 20 чай");
  await tap(olga, "Начислить 20", "Отменить до");
  await ask(olga, "89001234567", "Начислить");
  const sum = await say("5");
  await olga.edit(sum, "6");
  await olga.tap("Начислить 6");
  await olga.edit(sum, "7");
  expect(last(olga)).toStartWith("Анна …4567. По этому сообщению уже начислено 6 в 14:22 (кассир Ольга).");
  expect(await rows(salon)).toEqual([
    ...["spend -340 admin:601", "credit 20 admin:601 чай", "undo -20 admin:601", "credit 6 admin:601"],
  ]);
});

onEither(
  "a message edited into what asks for nothing takes its buttons with it; an edited /why is answered",
  async (salon) => {
    const { olga, sql } = salon;
    for (const [text, edited] of [
      ["89001234567 3500", "89001234567 35oo"],
      ["89001234567 3500", "ой, не то"],
      ["/credit 89001234567 100", "/credit 89001234567"],
    ] as const) {
      const asked = (await olga.say(text)).message?.message_id ?? 0;
      const shown = olga.lastMessage()?.message_id;
      await olga.edit(asked, edited);
      const now = salon.messages(601).find((one) => one.message_id === shown);
      expect([now?.text, now?.inline.flat()]).toEqual(["Анна …4567. Закрыто, ничего не изменилось.", []]);
    }
    await expectTable(sql, "select distinct step from screens", [{ step: "closed" }]);
    const why = (await olga.say("/why 8900")).message?.message_id ?? 0;
    await olga.edit(why, "/why 89001234567");
    expect(last(olga)).toStartWith("Анна …4567");
  },
);

onEither(
  "history and why at the till, and why by phone; a price that was not lowered is recognised",
  async (salon) => {
    const { olga } = salon;
    await visit(salon, {
      ...{ record: 700_100_201, at: "2026-03-12T11:00:00Z", price: 3500, paid: 3160 },
      decision: "paid_in_part",
    });
    await ask(olga, "89001234567 3500", "Списать 340");
    await ask(olga, "89001234567", "История");
    expect(last(olga)).toMatch(
      /: −340 списание, счёт 3 500 ₽ · кассир Ольга\n.*: \+340,24 начисление · кассир 1$/,
    );
    const why =
      "12 марта 14:00: оплачено 3 160 из 3 500 ₽. Не начислено: оплачен не полностью. В этот день списано " +
      "340 баллов: похоже, цена в YCLIENTS не уменьшена. Исправьте её, баллы придут сами.";
    const sums = "Итого 0,24 балла: списано на кассе −340, вручную +340,24.";
    expect(await tap(olga, "Почему")).toEndWith(`${why}\n\n${sums}`);
    expect(await ask(olga, "/why 8 900 123 45 67")).toEndWith(`${why}\n\n${sums}`);
  },
);

onEither("a credit begun on a screen with a bill is a credit, and keeps its reason", async (salon) => {
  const { olga } = salon;
  await ask(olga, "89001234567 3500", "Начислить");
  expect(await ask(olga, "100 за ожидание")).toStartWith("Анна …4567: 340,24 + 100 = 440,24.");
  await olga.tap("Начислить 100");
  expect(await rows(salon)).toEqual(["credit 100 admin:601 за ожидание"]);
});
