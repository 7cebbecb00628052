// Large sums at the till: what is asked of an owner and when, what was decided, and the way out of the wait.
import { expect, test } from "bun:test";
import { onEither } from "../helpers/both.ts";
import { ask, labels, last, rows, shown, tap, tillSalon, toast } from "../helpers/till-salon.ts";

onEither("what the limit of the day forbids is not asked of an owner; what is left is offered", async () => {
  await using salon = await tillSalon({ adminDailyLimit: 50_000, secondAdminAbove: 30_000 }, 100_000);
  const { olga, irina } = salon;
  await irina.start();
  const asked = irina.lastMessage()?.message_id;
  expect(await ask(olga, "89001234567 700")).toEndWith(
    "Баллами 500 → к оплате 200 ₽\nВаш лимит на сегодня: 500 баллов, осталось 500.\n" +
      "Нужно подтверждение владельца: без него не больше 300. Спросим, как только нажмёте.",
  );
  expect(labels(olga)[0]).toBe("Списать 500 → к оплате 200 ₽ · спросим владельца");
  expect(irina.lastMessage()?.message_id).toBe(asked ?? 0);
  expect(await tap(olga, "Другая сумма")).toContain(
    "не больше 500: столько осталось из вашего лимита на сегодня.",
  );
  expect(await ask(olga, "501")).toContain(
    "не больше 500: столько осталось из вашего лимита на сегодня. Напишите",
  );
  expect(await ask(olga, "300")).not.toContain("владельца");
  await olga.tap("Списать 300");
  await ask(olga, "/credit 89001234567 190,5 чай", "Начислить 190,5");
  expect(await ask(olga, "89001234567 400")).toContain("Ваш лимит на сегодня: 500 баллов, осталось 9,5.");
  expect(labels(olga)[0]).toBe("Списать 9 → к оплате 391 ₽");
  await olga.tap("Списать 9");
  await olga.say("89001234567 401");
  expect(last(olga)).toContain(
    "\nСчёт 401 ₽. К оплате 401 ₽.\nВаш лимит на сегодня: 500 баллов, осталось 0,5.\n",
  );
  expect(labels(olga)).toEqual(["Начислить", "История", "Почему", "QR для клиента", "Отменить: списано 9"]);
  expect(await rows(salon)).toEqual([
    ...["spend -300 admin:601", "credit 190.5 admin:601 чай", "spend -9 admin:601"],
  ]);
});

test("an owner is asked, and once, where the messenger did not take what the admin reads (Telegram alone: its refusals are played)", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 30_000 }, 100_000);
  const { olga, irina } = salon;
  await irina.start();
  await ask(olga, "89001234567 700");
  salon.telegram.faults.next({ method: "editMessageText", status: 429, retryAfter: 1 });
  await olga.tap("спросим владельца");
  expect(last(olga)).toStartWith("Ждём подтверждения владельца");
  expect(salon.said(700).filter((one) => one.includes("просит подтвердить"))).toHaveLength(1);
});

onEither("an owner who agrees to what the limit forbids by now is told whose limit it is", async () => {
  await using salon = await tillSalon({ adminDailyLimit: 50_000, secondAdminAbove: 30_000 }, 100_000);
  const { olga, irina } = salon;
  await irina.start();
  await ask(olga, "/credit 89001234567 400 чай", "Начислить 400");
  await ask(olga, "/credit 89001234567 200 торт", "Начислить 200");
  await irina.tap("Подтвердить");
  expect(toast(irina)).toBe(
    "Анна …4567. Лимит на сегодня (кассир Ольга): 500 баллов, осталось 300. Ничего не изменилось.",
  );
  expect(last(olga)).toStartWith(
    "Ничего не изменилось: это больше вашего лимита на сегодня.\n\nАнна …4567: 1 200 + 300",
  );
  expect(last(olga)).toEndWith("Ваш лимит на сегодня: 500 баллов, осталось 300.");
  expect(labels(olga)[0]).toBe("Начислить 300");
});

onEither("where no owner can be asked the preview stays, and works once one has pressed Start", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 30_000 }, 100_000);
  const { olga, irina } = salon;
  await ask(olga, "89001234567 700", "Списать 699");
  const said = "Владельцу не получилось написать: пусть откроет бота и нажмёт Start. Потом нажмите ещё раз.";
  expect(toast(olga)).toBe(`Анна …4567. ${said}`);
  expect(last(olga)).toStartWith(said);
  expect(last(olga)).toContain("к оплате 1 ₽ (1 ₽ оставляем: визит на 0 ₽ в YCLIENTS не оплатить)\n");
  await irina.start();
  expect(await tap(olga, "Списать 699")).toStartWith("Ждём подтверждения владельца");
  await irina.tap("Подтвердить");
  expect(await rows(salon)).toEqual(["spend -699 admin:601,owner:700"]);
});

test("where the messenger could not take the question, the admin is told to try again, and no owner to press Start (Telegram alone: its refusals are played)", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 30_000 }, 100_000);
  const { olga, irina, telegram } = salon;
  await irina.start();
  await ask(olga, "89001234567 700");
  telegram.faults.next({ method: "sendMessage", status: 503 });
  await olga.tap("Списать 699");
  const said =
    "Владельцу сейчас не получилось написать: мессенджер не ответил. Нажмите ещё раз через минуту.";
  expect(toast(olga)).toBe(`Анна …4567. ${said}`);
  expect(last(olga)).toStartWith(said);
  expect(await tap(olga, "Списать 699")).toStartWith("Ждём подтверждения владельца");
  expect(salon.said(700).filter((one) => one.includes("просит подтвердить"))).toHaveLength(1);
});

onEither(
  "an owner reads of another owner, and is called one, in all that asks and says who did it",
  async () => {
    await using salon = await tillSalon(
      { secondAdminAbove: 30_000, ownerIds: ["telegram:700", "telegram:701"] },
      100_000,
    );
    const { olga, irina } = salon;
    const pavel = salon.person({ id: 701, firstName: "Павел" });
    expect(await ask(irina, "89001234567 700")).toEndWith(
      "Нужно подтверждение другого владельца: без него не больше 300. Спросим, как только нажмёте.",
    );
    await irina.tap("Списать 699 → к оплате 1 ₽ · спросим другого владельца");
    expect(toast(irina)).toBe(
      "Анна …4567. Другому владельцу не получилось написать: пусть откроет бота и нажмёт Start. Потом нажмите ещё раз.",
    );
    await pavel.start();
    await irina.tap("Списать 699");
    expect(toast(irina)).toStartWith("Анна …4567. Спросили другого владельца.");
    expect(last(pavel)).toStartWith("Владелец Ирина просит подтвердить: списать 699 баллов");
    expect(await ask(olga, "89001234567")).toContain(
      "⏳ Ждёт подтверждения другого владельца: списать 699 баллов (владелец Ирина).",
    );
    await pavel.tap("Подтвердить");
    expect(last(irina)).toEndWith("Владелец Ирина, 14:22. Подтверждение: владелец Павел.");
    await ask(olga, "89001234567", "История");
    expect(last(olga)).toContain(" · владелец Ирина, владелец Павел\n");
  },
);

onEither(
  "another owner's tap, once it is decided, leaves in their message what was decided and by whom",
  async () => {
    await using salon = await tillSalon(
      { secondAdminAbove: 30_000, ownerIds: ["telegram:700", "telegram:701"] },
      100_000,
    );
    const { olga, irina } = salon;
    const pavel = salon.person({ id: 701, firstName: "Павел" });
    for (const owner of [irina, pavel]) await owner.start();
    await ask(olga, "/credit 89001234567 400 чай", "Начислить 400");
    await irina.tap("Подтвердить");
    expect(await tap(pavel, "Отклонить")).toBe(
      "Подтверждено (владелец Ирина): начислить 400 баллов, Анна …4567.",
    );
    expect(toast(pavel)).toContain("Уже сделано в 14:22");
    await ask(olga, "/credit 89001234567 500 чай", "Начислить 500");
    await irina.tap("Отклонить");
    expect(await tap(pavel, "Подтвердить")).toBe(
      "❌ Отклонено (владелец Ирина): начислить 500 баллов, Анна …4567. Ничего не изменилось.",
    );
    await ask(olga, "/credit 89001234567 600 чай", "Начислить 600", "Не надо");
    expect(await tap(pavel, "Подтвердить")).toStartWith(
      "Кассир Ольга просит подтвердить: начислить 600 баллов",
    );
    expect(labels(pavel)).toEqual([]);
  },
);

onEither("who waits is told the way out, and another admin what is waited for", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 30_000 }, 100_000);
  const { olga, marina, irina } = salon;
  await irina.start();
  expect(await ask(olga, "89001234567 700", "Списать 699")).toBe(
    "Ждём подтверждения владельца: списать 699 баллов, Анна …4567. Пока ничего не изменилось.\n" +
      "Клиент ждёт? До 300 баллов можно списать без подтверждения: нажмите «Не надо», потом «Другая сумма».",
  );
  await marina.say("89001234567");
  expect(last(marina)).toContain("⏳ Ждёт подтверждения владельца: списать 699 баллов (кассир Ольга).");
  await olga.tap("Не надо");
  expect(await ask(marina, "89001234567")).not.toContain("⏳");
  expect(last(olga)).not.toContain("⏳");
});

onEither("an answer says what was decided, and the screen that waited says it too", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 30_000 }, 100_000);
  const { olga, irina } = salon;
  await irina.start();
  const waiting = () => shown(olga);
  const textOf = (id: number) =>
    salon
      .messages(601)
      .find((one) => one.message_id === id)
      ?.text.replaceAll("\u00a0", " ");
  await ask(olga, "/credit 89001234567 400 чай", "Начислить 400");
  const first = waiting();
  await irina.tap("Отклонить");
  const refused = "❌ Отклонено (владелец Ирина): начислить 400 баллов, Анна …4567. Ничего не изменилось.";
  expect(last(olga)).toBe(refused);
  expect(waiting()).not.toBe(first);
  expect(textOf(first)).toBe(refused);
  await ask(olga, "/credit 89001234567 500 чай", "Начислить 500");
  const second = waiting();
  await irina.tap("Подтвердить");
  expect(last(olga)).toStartWith("✅ Начислено 500.");
  expect(textOf(second)).toBe(
    "Подтверждено (владелец Ирина): начислить 500 баллов, Анна …4567. Что вышло — ниже.",
  );
  expect(salon.messages(601).find((one) => one.message_id === second)?.inline).toEqual([]);
});
