// What is to pay of a bill: the same bill opened again after a spend, a visit paid before, and the rouble that stays.
import { expect } from "bun:test";
import { onEither } from "../helpers/both.ts";
import { expectSound } from "../helpers/sound.ts";
import { ask, labels, last, rows, shown, tap, tillSalon, toast, visit } from "../helpers/till-salon.ts";

const unpaid = { paid: 0, decision: "not_paid" };

onEither(
  "a bill that all points were spent on is what is left of it: on an open screen, typed anew, in /today",
  async () => {
    await using salon = await tillSalon({}, 60_000);
    const { olga, marina } = salon;
    await visit(salon, { record: 7, at: "2026-03-12T10:00:00Z", price: 1000, ...unpaid });
    await salon.sql`update visits set paid_full = false`;
    for (const admin of [olga, marina]) await admin.say("89001234567 1000");
    await olga.tap("Списать 600");
    const left =
      "⚠️ По счёту 1 000 ₽ уже списано 600 (кассир Ольга, 14:22). Примите 400 ₽, в YCLIENTS сумма визита — 400 ₽.\n" +
      "Другой счёт на 1 000 ₽: списать нечего, к оплате 1 000 ₽.";
    expect(await tap(marina, "Списать 600")).toEndWith(left);
    expect(toast(marina)).toBe("Анна …4567. По счёту 1 000 ₽ уже списано 600 (кассир Ольга, 14:22).");
    salon.clock.now = new Date("2026-03-12T16:00:00Z");
    for (const text of ["89001234567 1000", "4567 1000"]) {
      expect(await ask(marina, text)).toEndWith(left);
      expect(labels(marina)).toEqual(["Начислить", "История", "Почему", "QR для клиента"]);
    }
    expect(await ask(marina, "/today", "13:00")).toEndWith(left);
    expect(await rows(salon)).toEqual(["spend -600 admin:601"]);
  },
);

onEither("points that are left go to another bill of that sum alone, by a tap that says so", async () => {
  await using salon = await tillSalon({}, 21_400);
  const { olga, marina } = salon;
  await ask(olga, "89001234567 2000", "Другая сумма");
  await ask(olga, "114", "Списать 114");
  await marina.say("89001234567 2000");
  const same =
    "⚠️ По счёту 2 000 ₽ уже списано 114 (кассир Ольга, 14:22). Примите 1 886 ₽, в YCLIENTS сумма визита — 1 886 ₽. Это он? Ничего не нажимайте.\n";
  expect(last(marina)).toEndWith(`${same}Другой счёт на 2 000 ₽: баллами 100 → к оплате 1 900 ₽`);
  expect(labels(marina).slice(0, 2)).toEqual(["Другой счёт: списать 100 → 1 900 ₽", "Другая сумма"]);
  await marina.tap("Другая сумма");
  expect(await ask(marina, "40")).toEndWith(`${same}Другой счёт на 2 000 ₽: баллами 40 → к оплате 1 960 ₽`);
  expect(await rows(salon)).toEqual(["spend -114 admin:601"]);
  expect(await tap(marina, "Другой счёт: списать 40")).toStartWith("✅ Списано 40. Примите 1 960 ₽.");
  expect(await ask(olga, "89001234567 2000")).toContain("114 (кассир Ольга, 14:22). Примите 1 886 ₽");
  expect(last(olga)).toContain("40 (кассир Марина, 14:22). Примите 1 960 ₽");
  await expectSound(salon.db);
});

onEither("no bill was spent on where the spend was undone, of another day, sum or card", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga } = salon;
  await ask(olga, "89001234567 1000", "Списать 340");
  expect(await ask(olga, "89001234567 1001")).not.toContain("уже списано");
  expect(await ask(olga, "89007654321 1000", "Завести")).not.toContain("уже списано");
  await ask(olga, "89001234567", "Отменить: списано 340");
  expect(await ask(olga, "89001234567 1000")).toEndWith("Счёт 1 000 ₽. Баллами 340 → к оплате 660 ₽");
  await olga.tap("Списать 340");
  salon.clock.now = new Date("2026-03-13T11:22:00Z");
  expect(await ask(olga, "89001234567 1000")).toEndWith("Счёт 1 000 ₽. Списать нечего. К оплате 1 000 ₽.");
});

onEither("a bill spent on before midnight is the same bill behind it", async () => {
  await using salon = await tillSalon({}, 60_000);
  const { olga } = salon;
  salon.clock.now = new Date("2026-03-12T20:50:00Z");
  await ask(olga, "89001234567 1000", "Списать 600");
  salon.clock.now = new Date("2026-03-12T21:10:00Z");
  expect(await ask(olga, "89001234567 1000")).toContain(
    "уже списано 600 (кассир Ольга, 23:50). Примите 400 ₽",
  );
});

onEither("a visit that is paid takes no points; one paid in part, what is left of it", async () => {
  await using salon = await tillSalon({}, 90_000);
  const { olga, sql } = salon;
  const at = (hour: number) => `2026-03-12T${hour}:00:00Z`;
  await visit(salon, { record: 1, at: at(10), price: 90_000, paid: 90_000, decision: "nothing_paid" });
  await visit(salon, { record: 2, at: at(11), price: 4000, paid: 1000, decision: "paid_in_part" });
  await sql`update visits set paid_full = record_id = 1`;
  await olga.say("/today");
  const list = shown(olga);
  expect(await tap(olga, "Оплаченные", "13:00")).toEndWith(
    "Визит на 90 000 ₽ уже оплачен, принимать нечего.",
  );
  expect(labels(olga)).toEqual(["Начислить", "История", "Почему", "QR для клиента"]);
  await olga.tap("К оплате", { message: list });
  await olga.tap("14:00", { message: list });
  expect(last(olga)).toEndWith("Счёт 4 000 ₽, внесено 1 000 ₽. Баллами 900 → к оплате 2 100 ₽");
  await olga.tap("Другая сумма");
  expect(await ask(olga, "3000")).toBe(
    "Анна …4567. Списать можно не больше 900: столько на карте. Напишите число поменьше.",
  );
  expect(await ask(olga, "500")).toEndWith("Счёт 4 000 ₽, внесено 1 000 ₽. Баллами 500 → к оплате 2 500 ₽");
  expect(await tap(olga, "Не надо", "Списать 900 → к оплате 2 100 ₽")).toStartWith(
    "✅ Списано 900. Примите 2 100 ₽.\nВ YCLIENTS: сделайте сумму визита 3 100 ₽, иначе",
  );
  expect(await ask(olga, "89001234567 4000")).toContain(
    "уже списано 900 (кассир Ольга, 14:22). Примите 2 100 ₽, в YCLIENTS сумма визита — 3 100 ₽.",
  );
});

onEither(
  "with the rest paid and the price not lowered, nothing is to be taken but the price to be put right",
  async () => {
    await using salon = await tillSalon({}, 21_400);
    const { olga, marina, sql } = salon;
    await visit(salon, { record: 2, at: "2026-03-12T11:00:00Z", price: 2000, ...unpaid });
    await sql`update visits set paid_full = false`;
    await ask(olga, "89001234567 2000", "Другая сумма");
    await ask(olga, "114", "Списать 114");
    await sql`update visits set services_paid = 1886`;
    expect(await ask(marina, "/today", "14:00")).toEndWith(
      "⚠️ По счёту 2 000 ₽ уже списано 114 (кассир Ольга, 14:22). Принимать нечего, в YCLIENTS сделайте сумму визита 1 886 ₽.",
    );
    expect(labels(marina)[0]).toBe("Начислить");
  },
);

onEither("why a rouble stays is said where that is what stops the points", async () => {
  await using salon = await tillSalon({}, 70_000);
  const { olga } = salon;
  expect(await ask(olga, "89001234567 300")).toEndWith(
    "Счёт 300 ₽. Баллами 299 → к оплате 1 ₽ (1 ₽ оставляем: визит на 0 ₽ в YCLIENTS не оплатить)",
  );
  expect(await ask(olga, "89001234567 701")).toEndWith("Счёт 701 ₽. Баллами 700 → к оплате 1 ₽");
});
