// The till's guard rails: the limit of the day, the second person, and a change of the program under an open screen.
import { expect, test } from "bun:test";
import { pino } from "pino";
import { veilOf } from "../../src/cards/veil.ts";
import { connect } from "../../src/db/connect.ts";
import { onEither } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { give, shop, startBotOn } from "../helpers/salon-bot.ts";
import { ask, firstButton, labels, last, rows, shown, tap, tillSalon, toast } from "../helpers/till-salon.ts";

onEither(
  "the admin's limit of the day is said before the tap, with what is left of it, and holds for all she does",
  async () => {
    await using salon = await tillSalon({ adminDailyLimit: 40_000 }, 34_024);
    const { olga, marina } = salon;
    await ask(olga, "89001234567 3500", "Списать 340");
    expect(await ask(olga, "/credit 89001234567 61")).toStartWith(
      "Больше нельзя: столько осталось из вашего лимита на сегодня.\n\nАнна …4567: 0,24 + 60 = 60,24.",
    );
    expect(last(olga)).toEndWith("Ваш лимит на сегодня: 400 баллов, осталось 60.");
    await ask(olga, "89001234567", "Начислить");
    expect(last(olga)).toEndWith(
      "Например: 100 за ожидание.\nВаш лимит на сегодня: 400 баллов, осталось 60.",
    );
    expect(await ask(olga, "60,01 чай")).toBe(
      "Анна …4567. Ваш лимит на сегодня: 400 баллов, осталось 60. Напишите число поменьше.",
    );
    await ask(olga, "60", "Начислить 60");
    const over = "Ваш лимит на сегодня, 400 баллов, исчерпан. Попросите другого администратора.";
    expect(await ask(olga, "/credit 89001234567 1")).toBe(`Анна …4567. ${over}`);
    expect(await ask(olga, "/debit 89001234567 1")).toBe(`Анна …4567. ${over}`);
    expect(await ask(olga, "/credit 89112223344 1")).toBe(over);
    await ask(olga, "89001234567", "Начислить");
    expect(last(olga)).toEndWith(over);
    expect(last(olga)).not.toContain("Сколько баллов");
    expect(await ask(olga, "1")).toBe(`Анна …4567. ${over}`);
    await ask(marina, "/credit 89001234567 5", "Начислить 5");
    expect(await rows(salon)).toEqual(["spend -340 admin:601", "credit 60 admin:601", "credit 5 admin:602"]);
  },
);

onEither("a screen that was opened while more was left of the day does nothing beyond it", async () => {
  await using salon = await tillSalon({ adminDailyLimit: 40_000 }, 34_024);
  const { olga } = salon;
  const marks = await Promise.all(["один", "два"].map((why) => ask(olga, `/credit 89001234567 300 ${why}`)));
  expect(marks.map((text) => text.includes("осталось 400"))).toEqual([true, true]);
  const first = olga.chat.messages.find((one) => one.text.includes("Причина: один"))?.message_id ?? 0;
  await olga.tap("Начислить 300");
  await olga.tap("Начислить 300", { message: first });
  expect(toast(olga)).toBe("Анна …4567. Ничего не изменилось: это больше вашего лимита на сегодня.");
  expect(await rows(salon)).toHaveLength(1);
});

onEither("above the sum an owner must agree with a tap; both names stay", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 100_00 }, 34_024);
  const { olga, marina, irina } = salon;
  await irina.start();
  await ask(olga, "/credit 89001234567 100 чай", "Начислить 100");
  await ask(olga, "/credit 89001234567 100,01 чай", "Начислить 100,01");
  expect(toast(olga)).toStartWith("Анна …4567. Спросили владельца.");
  expect(last(olga)).toStartWith("Ждём подтверждения владельца: начислить 100,01 балла, Анна …4567.");
  const question =
    "Кассир Ольга просит подтвердить: начислить 100,01 балла, Анна …4567, на карте 440,24. Причина: чай.";
  expect(last(irina)).toBe(question);
  const data = firstButton(irina);
  await marina.say("/id");
  await marina.tap({ data });
  await olga.tap({ data });
  expect(await rows(salon)).toEqual(["credit 100 admin:601 чай"]);
  expect(await tap(irina, "Подтвердить")).toBe(`${question}\n\nВладелец Ирина: подтверждено.`);
  expect(last(olga)).toContain("Ольга, 14:22. Подтверждение: владелец Ирина.");
  await irina.tapAgain();
  expect(toast(irina)).toStartWith("Анна …4567. Уже сделано в 14:22 (кассир Ольга)");
  await ask(olga, "/credit 89001234567 1000 чай", "Начислить 1");
  await irina.tap("Отклонить");
  expect(last(olga)).toBe(
    "❌ Отклонено (владелец Ирина): начислить 1 000 баллов, Анна …4567. Ничего не изменилось.",
  );
  expect(await rows(salon)).toEqual(["credit 100 admin:601 чай", "credit 100.01 admin:601,owner:700 чай"]);
  await expectTable(salon.sql, "select step from screens order by asked", [["done"], ["done"], ["closed"]]);
});

onEither("an owner's tap late, twice and after a change of the balance is answered in words", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 0 }, 34_024);
  const { olga, irina } = salon;
  await irina.start();
  await ask(olga, "/debit 89001234567 300 ошибка", "Снять 300");
  await ask(olga, "/debit 89001234567 200 ошибка", "Снять 200");
  await irina.tap("Подтвердить");
  const first = irina.chat.messages.find((one) => one.text.includes("снять 300"))?.message_id ?? 0;
  await irina.tap("Подтвердить", { message: first });
  expect(last(olga)).toStartWith("На карте уже 140,24 балла.");
  expect(toast(irina)).toBe("Анна …4567. На карте уже 140,24 балла.");
  await olga.say("/cancel");
  await irina.tapAgain();
  expect(toast(irina)).toBe("Анна …4567. Это уже закрыто, ничего не изменилось.");
  expect(await rows(salon)).toEqual(["debit -200 admin:601,owner:700 ошибка"]);
});

onEither("of two owners who answer at once the later one is told what the other has done", async () => {
  await using salon = await tillSalon(
    { secondAdminAbove: 0, ownerIds: ["telegram:700", "telegram:701"] },
    34_024,
  );
  const { olga, irina } = salon;
  const ivan = salon.person({ id: 701, firstName: "Иван" });
  for (const owner of [irina, ivan]) await owner.start();
  for (const points of [1, 2, 3, 4, 5]) {
    await ask(olga, `/credit 89001234567 ${points}`, "Начислить");
    const before = (await rows(salon)).length;
    await Promise.all([irina.tap("Подтвердить"), ivan.tap("Отклонить")]);
    const done = (await rows(salon)).length > before;
    if (done)
      expect(toast(ivan)).toBe(
        `Анна …4567. Уже сделано в 14:22 (кассир Ольга): начислено ${points}. Второй раз не начислили.`,
      );
    else
      expect([last(ivan), toast(irina)]).toEqual([
        expect.stringContaining("отклонено"),
        expect.stringContaining("закрыто"),
      ]);
  }
});

onEither(
  "what another owner refuses while the yes of the first waits for the ledger is not done",
  async () => {
    await using salon = await tillSalon(
      { secondAdminAbove: 0, ownerIds: ["telegram:700", "telegram:701"] },
      34_024,
    );
    const { olga, irina, sql } = salon;
    const ivan = salon.person({ id: 701, firstName: "Иван" });
    for (const owner of [irina, ivan]) await owner.start();
    await ask(olga, "/credit 89001234567 5", "Начислить");
    await sql`select pg_advisory_lock(7305, 1)`;
    const yes = irina.tap("Подтвердить");
    while ((await sql`select from pg_locks where locktype = 'advisory' and not granted`).length === 0)
      await Bun.sleep(1);
    await ivan.tap("Отклонить");
    await sql`select pg_advisory_unlock(7305, 1)`;
    await yes;
    expect([await rows(salon), toast(irina)]).toEqual([[], expect.stringContaining("закрыто")]);
  },
);

onEither("the only owner needs nobody's agreement; where no owner can be reached it is said", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 0, ownerIds: ["telegram:700"] }, 34_024);
  const { olga, irina } = salon;
  await ask(olga, "/credit 89001234567 5", "Начислить 5");
  expect(toast(olga)).toStartWith("Анна …4567. Владельцу не получилось написать");
  await ask(irina, "/credit 89001234567 7", "Начислить 7");
  expect(await rows(salon)).toEqual(["credit 7 admin:700"]);
});

onEither("an owner who agrees to the same bill twice spends it once; the admin is asked", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 0 }, 100_000);
  const { olga, marina, irina } = salon;
  await irina.start();
  for (const admin of [olga, marina]) await ask(admin, "89001234567 341", "Списать 340");
  const [first, second] = irina.chat.messages.filter((one) => one.text.includes("просит подтвердить"));
  await irina.tap("Подтвердить", { message: first?.message_id ?? 0 });
  await irina.tap("Подтвердить", { message: second?.message_id ?? 0 });
  expect(last(irina)).toEndWith("По счёту 341 ₽ уже списано 340 (кассир Ольга, 14:22).");
  expect(last(marina)).toContain("⚠️ По счёту 341 ₽ уже списано 340 (кассир Ольга, 14:22).");
  expect(labels(marina)).toEqual(["Другой счёт: списать 340 → 1 ₽ · спросим владельца", "Не надо"]);
  expect(await rows(salon)).toEqual(["spend -340 admin:601,owner:700"]);
});

test("dialogues and screens of before a restart go on in the next program (Telegram alone: another bot of its own is there)", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga } = salon;
  await give(salon, "+79007654321", 1_000);
  const opened = async (text: string) => {
    await olga.say(text);
    return shown(olga);
  };
  const credit = await opened("/credit 89001234567 5 чай");
  const move = await opened("/move 89001234567 89007654321 7");
  const spend = await opened("89001234567 70");
  await olga.tap("Списать 69");
  await opened("89001234567");
  await olga.tap("Отменить: списано 69");
  await ask(olga, "89001234567 3500", "Другая сумма");
  const { host, port, user, pass, database } = salon.sql.options;
  const login = `${user}:${encodeURIComponent(String(pass ?? ""))}`;
  const db = connect(`postgres://${login}@${host[0]}:${port[0]}/${database}`);
  const second = await startBotOn(
    "7000000001:demo",
    {
      db,
      veil: veilOf("secret"),
      shop: { ...shop, adminIds: ["telegram:601"] },
      log: pino({ level: "silent" }),
      now: () => salon.clock.now,
    },
    { telegram: salon.telegram },
  );
  expect(await ask(olga, "100", "Списать 100")).toStartWith("✅ Списано 100.");
  await olga.tap("Начислить 5", { message: credit });
  await olga.tap("Перенести 7", { message: move });
  await olga.tap("Отменить до", { message: move });
  await olga.tap({ data: "s:5:1:go" }, { message: spend });
  expect(toast(olga)).toStartWith("Анна …4567. Уже отменено в 14:22 (кассир Ольга)");
  expect(await rows(salon, 2)).toEqual([
    ...["spend -69 admin:601", "undo 69 admin:601", "spend -100 admin:601", "credit 5 admin:601 чай"],
    ...["move -7 admin:601", "move 7 admin:601", "move -7 admin:601", "move 7 admin:601"],
  ]);
  await second.stop();
  await db.end({ timeout: 1 });
});
