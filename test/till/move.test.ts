// `/move`: points from one phone's card to another's, on the till's own screens: previewed, once, both clients told.
import { expect } from "bun:test";
import type { Shop } from "../../src/chat/desk.ts";
import { authorOf } from "../../src/rules/author.ts";
import { readMove } from "../../src/till/till.rule.ts";
import { linkTo } from "../helpers/accounts.ts";
import { accountHere, messengerHere } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";
import {
  ask,
  BORIS,
  boris,
  hearing,
  labels,
  last,
  rows,
  shown,
  tap,
  tillSalon,
  toast,
  told,
} from "../helpers/till-salon.ts";

const test = testIn(twoCards);
const onEither = test.either;

async function twoCards(changes: Partial<Shop> = {}) {
  const salon = await tillSalon(changes, 34_024);
  await boris(salon, 1_000);
  await linkTo(salon.sql, 501, "+79001234567");
  await linkTo(salon.sql, 502, BORIS);
  await salon.sql`update bonuslog set is_telegram_notified = true`;
  return salon;
}

test("what stands behind /move", () => {
  const [from, to] = ["+79001234567", BORIS];
  const phones = { kind: "move", from, to } as const;
  expect(readMove("8 900 123 45 67 8 (900) 765-43-21 12,5")).toEqual({
    ...phones,
    points: 1_250,
    reason: null,
  });
  expect(readMove("89001234567\n79007654321")).toEqual({ ...phones, points: null, reason: null });
  expect(readMove("89001234567 89007654321 340 баллов")).toEqual({ ...phones, points: 34_000, reason: null });
  expect(readMove("89001234567 89007654321 5 за дело")).toEqual({
    ...phones,
    points: 500,
    reason: "за дело",
  });
  expect(readMove("89001234567 +79001234567 5").kind).toBe("same_phone");
  for (const text of ["", "89001234567", "89001234567 100", "слово"])
    expect(readMove(text).kind).toBe("no_phones");
  for (const text of ["1 000", "-5", "0", "за дело", "1,234"])
    expect(readMove(`89001234567 89007654321 ${text}`).kind).toBe("bad_points");
});

onEither(
  "all by default: the preview, one tap, a pair of rows, both told, undone within ten minutes",
  async (salon) => {
    const { olga } = salon;
    expect(await ask(olga, "/move 89001234567 89007654321")).toBe(
      "Перенести 340,24 балла?\nАнна …4567: было 340,24, станет 0\nБорис …4321: было 10, станет 350,24",
    );
    expect(labels(olga)).toEqual(["Перенести 340,24", "Не надо"]);
    expect(await tap(olga, "Перенести 340,24")).toBe(
      "✅ Перенесено 340,24. Кассир Ольга, 14:22.\nАнна …4567: на карте 0\nБорис …4321: на карте 350,24",
    );
    expect(await rows(salon, 2)).toEqual(["move -340.24 admin:601", "move 340.24 admin:601"]);
    const sent = await told(salon);
    expect(sent.get(accountHere(501))).toStartWith("Салон: с карты перенесли <b>340,24 балла</b>.");
    expect(sent.get(accountHere(502))).toStartWith("Салон: на карту перенесли <b>340,24 балла</b>.");
    await olga.tapAgain();
    expect(toast(olga)).toBe(
      "Анна …4567. Уже сделано в 14:22 (кассир Ольга): перенесено 340,24. Второй раз не перенесли.",
    );
    expect(await rows(salon, 2)).toHaveLength(2);
    expect(labels(olga)).toEqual(["Отменить до 14:32"]);
    expect(await tap(olga, "Отменить до 14:32")).toBe(
      "↩️ Отменено, 340,24 балла снова на прежней карте.\nАнна …4567: на карте 340,24\nБорис …4321: на карте 10\n" +
        "Перенесено 340,24: кассир Ольга, 14:22. Отмена: кассир Ольга, 14:22.",
    );
    await olga.tapAgain();
    expect(await rows(salon, 4)).toEqual(["move -340.24 admin:601", "move 340.24 admin:601"]);
    const undone = await told(salon);
    expect(undone.get(accountHere(501))).toStartWith("Салон: перенос отменён, вернули <b>340,24 балла</b>.");
    expect(undone.get(accountHere(502))).toStartWith("Салон: перенос отменён, сняли <b>340,24 балла</b>.");
    await expectSound(salon.db);
  },
);

onEither(
  "any admin undoes a move, from either card; both names stay, and each row names the one it takes back",
  async () => {
    for (const phone of ["89001234567", "89007654321"]) {
      await using salon = await twoCards();
      const { olga, marina } = salon;
      await ask(olga, "/move 89001234567 89007654321 100", "Перенести 100");
      expect(await ask(marina, phone)).toEndWith("Только что: перенесено 100, кассир Ольга, 14:22.");
      await marina.tap("Отменить: перенесено 100");
      for (const admin of [olga, marina])
        expect(last(admin)).toContain("Перенесено 100: кассир Ольга, 14:22. Отмена: кассир Марина, 14:22.");
      const [screen] = await salon.sql`select asked from screens where action = 'move'`;
      const act = `till:${salon.channel.bot}:${accountHere(601)}:${screen?.asked}`;
      await expectTable(
        salon.sql,
        `select b.id, c.phone, trim_scale(b.points) as points, b.actor, b.corrects, b.key
       from bonuslog b join clients c on c.id = b.client_id where b.id > 2 order by b.id`,
        [
          [3, "+79001234567", -100, authorOf(accountHere(601)), null, `${act}:from`],
          [4, BORIS, 100, authorOf(accountHere(601)), null, `${act}:to`],
          [5, BORIS, -100, authorOf(accountHere(602)), 4, "undo:3:from"],
          [6, "+79001234567", 100, authorOf(accountHere(602)), 3, "undo:3:to"],
        ],
      );
      await expectSound(salon.db);
    }
  },
);

onEither(
  "five taps and both buttons at once move once; after ten minutes undo becomes a move back, once",
  async (salon) => {
    const { olga } = salon;
    await olga.say("/move 89001234567 89007654321 100");
    await Promise.all([1, 2, 3, 4, 5].map(() => olga.tap({ data: "s:1:1:go" })));
    expect(await rows(salon, 2)).toEqual(["move -100 admin:601", "move 100 admin:601"]);
    expect(salon.said(601)).toHaveLength(1);
    salon.clock.now = new Date("2026-03-12T11:32:00Z");
    await olga.tap("Отменить до");
    expect(toast(olga)).toStartWith(
      "Анна …4567. Отменить можно было до 14:32. Теперь — «Вернуть 100 баллов»",
    );
    expect(labels(olga)).toEqual(["Вернуть 100 баллов"]);
    await olga.tap("Вернуть 100 баллов");
    await olga.tapAgain();
    expect(await rows(salon, 4)).toEqual(["move -100 admin:601 back_move", "move 100 admin:601 back_move"]);
    await expectTable(salon.sql, "select corrects from bonuslog where id > 4 order by id", [[4], [3]]);
    await ask(olga, "89001234567", "История");
    expect(last(olga)).toContain("+100 перенос между картами, возврат переноса · кассир Ольга");
    await expectSound(salon.db);
  },
);

onEither(
  "what was moved and spent cannot be taken back; what was spent before the tap is said",
  async (salon) => {
    const { olga, marina } = salon;
    await olga.say("/move 89001234567 89007654321");
    const move = shown(olga);
    await ask(marina, "/debit 89001234567 300 ошибка", "Снять 300");
    await olga.tap("Перенести", { message: move });
    expect(last(olga)).toStartWith("На карте уже 40,24 балла.\n\nПеренести 40,24 балла?");
    await olga.tap("Перенести 40,24", { message: move });
    await ask(marina, "/debit 89007654321 20 ошибка", "Снять 20");
    await olga.tap("Отменить до", { message: move });
    expect(toast(olga)).toBe(
      "Анна …4567. Эти баллы уже потрачены: на карте 30,24 балла. Отменить перенос нельзя.",
    );
    expect(await rows(salon, 2)).toHaveLength(4);
    await expectSound(salon.db);
  },
);

onEither("unknown phones, too much, a debt, no phones: in words", async (salon) => {
  const { olga } = salon;
  const hears = hearing(olga, "toStartWith");
  await hears("/move 89001234567 89995550011 5", "+7 999 555 00 11: карты нет.");
  await hears("/move 89995550011 89001234567", "+7 999 555 00 11: карты нет.");
  await hears(
    "/move 89001234567 89007654321 341",
    "Больше нельзя: столько на карте.\n\nПеренести 340,24 балла?",
  );
  expect(labels(olga)).toEqual(["Перенести 340,24", "Не надо"]);
  await hears("/move 89001234567 89001234567", "Анна …4567. Это один и тот же телефон.");
  await hears("/move 89001234567", "Напишите так: /move");
  await hears("/move 89001234567 89007654321 1 000", "Анна …4567. Не понял, сколько баллов");
  await ask(olga, "/debit 89007654321 10", "Снять 10");
  await hears("/move 89007654321 89001234567", "Борис …4321. На карте 0 баллов: перенести нечего.");
  await hears("/move 89001234567 89007654321 5", "Перенести 5 баллов?");
  expect(await tap(olga, "Не надо")).toStartWith(`Анна …4567 · ${messengerHere()} ✓ · 340,24 балла`);
  expect(await rows(salon, 3)).toEqual([]);
});

onEither("an edited message is previewed anew in its place; one acted on is left alone", async (salon) => {
  const { olga } = salon;
  const { message } = await olga.say("/move 89001234567 89007654321 5");
  await olga.edit(message?.message_id ?? 0, "/move 89001234567 89007654321 7");
  await olga.tap({ data: "s:1:1:go" });
  expect(await rows(salon, 2)).toEqual([]);
  await olga.tap("Перенести 7");
  await olga.edit(message?.message_id ?? 0, "/move 89001234567 89007654321 9");
  expect(last(olga)).toStartWith("Анна …4567. По этому сообщению уже перенесено 7 в 14:22 (кассир Ольга).");
  expect(await rows(salon, 2)).toEqual(["move -7 admin:601", "move 7 admin:601"]);
});

onEither("a message edited into what cannot be closes its preview", async (salon) => {
  const { olga } = salon;
  const { message } = await olga.say("/move 89001234567 89007654321 5");
  const preview = shown(olga);
  await olga.edit(message?.message_id ?? 0, "/move 89001234567 89995550011 5");
  expect(last(olga)).toStartWith("+7 999 555 00 11: карты нет.");
  await olga.tap("Перенести 5", { message: preview });
  expect(toast(olga)).toBe("Анна …4567. Это уже закрыто, ничего не изменилось.");
  expect(await rows(salon, 2)).toEqual([]);
  await olga.edit(message?.message_id ?? 0, "/move 89001234567 89007654321 6");
  await olga.tap("Перенести 6", { message: preview });
  expect(await rows(salon, 2)).toEqual(["move -6 admin:601", "move 6 admin:601"]);
});

onEither("/cancel closes a move, and its button does nothing from then on", async (salon) => {
  const { olga } = salon;
  await olga.say("/move 89001234567 89007654321 5");
  const preview = shown(olga);
  expect(await ask(olga, "/cancel")).toBe("Закрыто: Анна …4567. Ничего не изменилось.");
  await olga.tap({ data: "s:1:1:go" }, { message: preview });
  expect(toast(olga)).toBe("Анна …4567. Это уже закрыто, ничего не изменилось.");
  expect(await rows(salon, 2)).toEqual([]);
});

onEither("above the sum another owner must agree, even with an owner; both names stay", async () => {
  await using salon = await twoCards({ secondAdminAbove: 8_000, ownerIds: ["telegram:700", "telegram:701"] });
  const { olga, irina } = salon;
  const pavel = salon.person({ id: 701, firstName: "Павел" });
  for (const owner of [irina, pavel]) await owner.start();
  await ask(olga, "/move 89001234567 89007654321 80", "Перенести 80");
  expect(await ask(irina, "/move 89001234567 89007654321 90", "Перенести 90")).toStartWith(
    "Ждём подтверждения другого владельца: перенести 90 баллов, Анна …4567 → Борис …4321. Пока ничего не изменилось.",
  );
  expect(await rows(salon, 4)).toEqual([]);
  expect(last(pavel)).toBe(
    "Владелец Ирина просит подтвердить: перенести 90 баллов, Анна …4567 → Борис …4321, на карте 260,24.",
  );
  await pavel.tap("Подтвердить");
  expect(last(irina)).toContain("✅ Перенесено 90. Владелец Ирина, 14:22. Подтверждение: владелец Павел.");
  expect(await rows(salon, 4)).toEqual(["move -90 admin:700,owner:701", "move 90 admin:700,owner:701"]);
});

onEither(
  "a move counts in the admin's limit of the day, with all else she does; one taken back does not",
  async () => {
    await using salon = await twoCards({ adminDailyLimit: 10_000 });
    const { olga, anna } = salon;
    await ask(olga, "/move 89001234567 89007654321 60", "Перенести 60");
    const moved = shown(olga);
    const left = "Ваш лимит на сегодня: 100 баллов, осталось 40.";
    expect(await ask(olga, "/move 89001234567 89007654321 50")).toStartWith(
      "Больше нельзя: столько осталось из вашего лимита на сегодня.\n\nПеренести 40 баллов?",
    );
    expect(last(olga)).toEndWith(left);
    expect(await ask(olga, "/move 89001234567 89007654321")).toEndWith(left);
    expect(labels(olga)).toEqual(["Перенести 40", "Не надо"]);
    expect(await ask(olga, "/credit 89001234567 41")).toEndWith(left);
    expect(labels(olga)).toEqual(["Начислить 40", "Не надо"]);
    await olga.tap("Отменить до", { message: moved });
    await ask(olga, "/move 89001234567 89007654321 100", "Перенести 100");
    expect(last(olga)).toStartWith("✅ Перенесено 100.");
    await ask(anna, "/move 89001234567 89007654321 1", { data: "s:1:1:go" });
    expect(salon.said(501).join("\n")).not.toMatch(/\/move|еренести/);
    expect((await rows(salon, 2)).filter((row) => row.startsWith("move -"))).toEqual([
      ...["move -60 admin:601", "move -60 admin:601", "move -100 admin:601"],
    ]);
  },
);

onEither(
  "what has emptied a card is still what its message did, delivered or edited once more",
  async (salon) => {
    const { olga, redeliver } = salon;
    for (const [text, button] of [
      ["/move 89001234567 89007654321", "Перенести 340,24"],
      ["/debit 89007654321 350,24 ошибка", "Снять 350,24"],
    ] as const) {
      const asked = await olga.say(text);
      await olga.tap(button);
      const said = salon.said(601).length;
      await redeliver(asked);
      expect(salon.said(601)).toHaveLength(said);
      await olga.edit(asked.message?.message_id ?? 0, text);
      expect(last(olga)).toContain(". По этому сообщению уже");
    }
  },
);

onEither("a message and a tap that come three times are one preview and one move", async (salon) => {
  const { olga, redeliver } = salon;
  const asked = await olga.say("/move 89001234567 89007654321 5");
  await redeliver(asked);
  const tapped = await olga.tap("Перенести 5");
  for (const update of [asked, tapped, tapped]) await redeliver(update);
  expect(salon.said(601)).toHaveLength(1);
  expect(last(olga)).toStartWith("✅ Перенесено 5. Кассир Ольга, 14:22.");
  expect(await rows(salon, 2)).toEqual(["move -5 admin:601", "move 5 admin:601"]);
});
