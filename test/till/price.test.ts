// What the till says of the price in YCLIENTS: after an undo it is the old one again; where it was not lowered, that it is to be.
import { expect } from "bun:test";
import { onEither } from "../helpers/both.ts";
import { ask, last, type TillSalon, tap, tillSalon, visit } from "../helpers/till-salon.ts";

const YES = "⚠️ Списано 200, а в YCLIENTS оплачено 3 500 ₽: проверьте сумму, должно быть 3 300 ₽.";

async function paid(salon: TillSalon, record: number, price: number): Promise<void> {
  const at = `2026-03-12T1${record % 10}:00:00Z`;
  await visit(salon, { record, at, price, paid: price, decision: "nothing_paid" });
  await salon.sql`update visits set paid_full = true`;
}

async function spend200({ olga }: TillSalon): Promise<void> {
  await ask(olga, "89001234567 3500", "Другая сумма");
  await ask(olga, "200", "Списать 200");
}

onEither("taking a spend back says what to take more and which price to put back", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga } = salon;
  await spend200(salon);
  await olga.tap("Отменить до");
  const said =
    "Счёт снова 3 500 ₽: если взяли 3 300 ₽, примите ещё 200 ₽. Сумму визита в YCLIENTS верните: 3 500 ₽.";
  expect(last(olga)).toContain(said);
  await spend200(salon);
  salon.clock.now = new Date("2026-03-12T12:22:00Z");
  expect(await tap(olga, "Отменить до", "Вернуть 200")).toContain(said);
});

onEither(
  "a visit paid in full after a spend is doubted at the till and in why, until its price is right",
  async () => {
    await using salon = await tillSalon({}, 34_024);
    const { olga, sql } = salon;
    await spend200(salon);
    expect(await ask(olga, "89001234567")).not.toContain("проверьте сумму");
    await paid(salon, 11, 3500);
    expect(await ask(olga, "89001234567")).toContain(YES);
    expect(await ask(olga, "/why 89001234567")).toContain(
      "Списано 200, а в YCLIENTS оплачено 3 500 ₽: проверьте сумму, должно быть 3 300 ₽.",
    );
    await sql`update visits set price = 3300, services_paid = 3300`;
    for (const text of ["89001234567", "/why 89001234567"])
      expect(await ask(olga, text)).not.toContain("проверьте сумму");
  },
);

onEither(
  "another visit of that price on the same day is no reason for doubt; an undone spend is none",
  async () => {
    await using salon = await tillSalon({}, 34_024);
    const { olga, sql } = salon;
    await spend200(salon);
    await paid(salon, 11, 3500);
    await paid(salon, 12, 3300);
    expect(await ask(olga, "89001234567")).not.toContain("проверьте сумму");
    await sql`update visits set price = 3500, services_paid = 3500`;
    await olga.say("/why 89001234567");
    expect(last(olga).split("проверьте сумму")).toHaveLength(2);
    expect(await ask(olga, "89001234567", "Отменить: списано 200")).not.toContain("проверьте сумму");
    expect(await ask(olga, "/why 89001234567")).not.toContain("проверьте сумму");
  },
);
