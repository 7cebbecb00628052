// "Where are my points?": each visit with what it made, or why nothing, for every word of a decision.
import { expect } from "bun:test";
import { onEither } from "../helpers/both.ts";
import { AGREE, BRANCH, linkedAnna, row, visit } from "../helpers/past.ts";
import { english } from "../helpers/salon-bot.ts";
import { ask, tap } from "../helpers/till-salon.ts";

const sum = `3 500 ₽`;

onEither("every decision has plain words, with the visit's date and price", async () => {
  await using salon = await linkedAnna();
  const words = [
    ...["deleted", "no_show", "not_paid", "paid_in_part", "not_arrived", "payment_unknown"],
    ...["nothing_paid", "too_little", "no_client"],
  ];
  for (const [place, decision] of words.entries())
    await visit(salon, 10 + place, {
      day: `2026-03-${String(10 - place).padStart(2, "0")}`,
      price: 3500,
      decision,
    });
  await visit(salon, 9, { day: "2026-02-10", price: 3500, decision: "before_start" });
  await visit(salon, 8, { day: "2026-02-09", price: 1, decision: "deleted" });
  await salon.anna.say("/why");
  expect(salon.said(501).at(-1)?.split("\n\n")).toEqual([
    "Где мои баллы",
    [
      `10 марта, ${sum}: 0, визит отменён`,
      `9 марта, ${sum}: 0, визит отмечен как несостоявшийся`,
      `8 марта, ${sum}: пока 0, ещё не оплачен; начислим после оплаты`,
      `7 марта, ${sum}: пока 0, оплачен не полностью; начислим после полной оплаты`,
      `6 марта, ${sum}: пока 0, начислим, когда визит состоится`,
      `5 марта, ${sum}: пока 0, уточняем оплату`,
      `4 марта, ${sum}: 0, за такую оплату баллы не начисляются (сертификат, абонемент или баллы)`,
      `3 марта, ${sum}: 0, сумма слишком мала для баллов`,
      `2 марта, ${sum}: 0, в записи не указан клиент`,
      `10 февраля, ${sum}: 0, до запуска программы (12 февраля)`,
    ].join("\n"),
    "Это последние 10 визитов из 11. Что начислено раньше — в «Истории».\nНет нужного визита? Обычно он виден через несколько минут после оплаты. Если оплачен давно, скажите администратору: он мог записать другой номер.",
  ]);
  expect(await tap(salon.anna, "Связаться")).toBe("Салон <Красота>\nТелефон: +7 495 000-00-00");
});

onEither("what was awarded says so, and what is in doubt that it is being checked", async () => {
  await using salon = await linkedAnna();
  for (const [record, day, paid] of [
    [1, "2026-03-01", 3500],
    [2, "2026-03-02", 4000],
    [3, "2026-03-03", 3500],
    [4, "2026-03-04", 3500],
  ] as const) {
    await visit(salon, record, { day, price: 3500, decision: "awarded", paid });
    await row(salon, { day, kind: "award", points: paid / 100, record, paid });
  }
  await salon.sql`
    insert into look_again (company_id, record_id, reason)
    values (${BRANCH}, 3, 'payment_fell'), (${BRANCH}, 4, 'hint')`;
  await tap(salon.anna, "Баланс", "Где мои баллы?");
  expect(salon.said(501).at(-1)?.split("\n\n")[1]?.split("\n")).toEqual([
    `4 марта, ${sum}: +35`,
    `3 марта, ${sum}: +35, уточняем оплату`,
    `2 марта, ${sum}: +40, оплачено 4 000 ₽`,
    `1 марта, ${sum}: +35`,
  ]);
});

onEither("a visit left unpaid by a spend is recognised, until the spend is undone", async () => {
  await using salon = await linkedAnna();
  await visit(salon, 1, { day: "2026-03-05", price: 3500, decision: "paid_in_part", paid: 3160 });
  await row(salon, { day: "2026-03-01", kind: "credit", points: 400 });
  const spend = await row(salon, { day: "2026-03-05", kind: "spend", points: -340, paid: 3500 });
  expect(await ask(salon.anna, "/why")).toContain(
    `5 марта, ${sum}: пока 0, часть оплачена баллами, и визит ещё не закрыт; скажите нам, поправим`,
  );
  await row(salon, { day: "2026-03-05", kind: "undo", points: 340, corrects: spend });
  expect(await ask(salon.anna, "/why")).toContain("оплачен не полностью");
});

onEither(
  "a visit left unpaid by a spend is recognised, until the points are given back after the ten minutes too",
  async () => {
    await using salon = await linkedAnna();
    await visit(salon, 1, { day: "2026-03-05", price: 3500, decision: "paid_in_part", paid: 3160 });
    await row(salon, { day: "2026-03-01", kind: "credit", points: 400 });
    const spend = await row(salon, { day: "2026-03-05", kind: "spend", points: -340, paid: 3500 });
    expect(await ask(salon.anna, "/why")).toContain("часть оплачена баллами");
    await row(salon, {
      day: "2026-03-05",
      kind: "credit",
      points: 340,
      corrects: spend,
      reason: "back_spend",
    });
    expect(await ask(salon.anna, "/why")).toContain("оплачен не полностью");
    expect(salon.said(501).at(-1)).not.toContain("баллами");
  },
);

onEither("a visit that had points and was refunded says so, to the client and at the till", async () => {
  await using salon = await linkedAnna({ adminIds: ["telegram:601"] });
  await visit(salon, 1, { day: "2026-03-05", price: 3500, paid: 0, decision: "not_paid" });
  await visit(salon, 2, { day: "2026-03-04", price: 3500, paid: 0, decision: "not_paid" });
  const award = await row(salon, { day: "2026-03-05", kind: "award", points: 35, record: 1, paid: 3500 });
  const more = { kind: "correction", corrects: award, reason: "not_paid" };
  await row(salon, { day: "2026-03-06", points: -35, paid: 0, ...more });
  await row(salon, { day: "2026-03-05", kind: "credit", points: 10 });
  await row(salon, { day: "2026-03-05", kind: "spend", points: -10, paid: 3500 });
  await salon.anna.say("/why");
  expect(salon.said(501).at(-1)?.split("\n\n")[1]?.split("\n")).toEqual([
    `5 марта, ${sum}: 0, оплата возвращена`,
    expect.stringMatching(/^4 марта, .*: пока 0, /),
  ]);
  const olga = salon.person({ id: 601, firstName: "Ольга" });
  await olga.say("/why +79001234567");
  const [, refunded, unpaid] = salon.said(601).at(-1)?.split("\n\n") ?? [];
  expect(refunded).toEndWith(
    "оплачено 0 из 3 500 ₽. Оплата возвращена, баллы за неё сняты. Изменения: +35, −35.",
  );
  expect(unpaid).toContain("Не начислено: не оплачен.");
});

onEither("at the till the balance is explained by what came and went, whatever was taken back", async () => {
  await using salon = await linkedAnna({ adminIds: ["telegram:601"] });
  const olga = salon.person({ id: 601, firstName: "Ольга" });
  const told = async () => {
    await olga.say("/why +79001234567");
    return salon.said(601).at(-1)?.split("\n\n") ?? [];
  };
  expect((await told()).join()).not.toContain("Итого");
  const day = "2026-03-05";
  await visit(salon, 700100006, { day, price: 2900, decision: "awarded" });
  await row(salon, { day, kind: "award", points: 29, record: 700100006, paid: 2900 });
  expect((await told()).slice(1)).toEqual([
    "5 марта 10:00: оплачено 2 900 ₽. Начислено +29.",
    "Итого 29 баллов: за все визиты +29.",
  ]);
  await row(salon, { day, kind: "opening", points: 1200 });
  const spend = await row(salon, { day, kind: "spend", points: -650, paid: 2900 });
  const undone = await row(salon, { day, kind: "spend", points: -50, paid: 2900 });
  await row(salon, { day, kind: "undo", points: 50, corrects: undone });
  await row(salon, { day, kind: "credit", points: 10, corrects: spend, reason: "back_spend" });
  await row(salon, { day, kind: "debit", points: -5.5 });
  const gift = await row(salon, { day, kind: "credit", points: 7 });
  await row(salon, { day, kind: "undo", points: -7, corrects: gift });
  const move = await row(salon, { day, kind: "move", points: -150 });
  await row(salon, { day, kind: "undo", points: 50, corrects: move });
  expect((await told()).at(-1)).toBe(
    "Итого 483,5 балла: за все визиты +29, из прежней программы +1 200, списано на кассе −640, вручную −5,5, перенесено −100.",
  );
});

onEither("a visit to come is left out until it is paid for; at most ten are told", async () => {
  await using salon = await linkedAnna();
  await visit(salon, 1, { day: "2026-04-01", price: 3500, decision: "not_paid" });
  await visit(salon, 2, { day: "2026-04-02", price: 3500, decision: "not_arrived" });
  for (let record = 3; record < 15; record++)
    await visit(salon, record, { day: "2026-03-01", price: 3500, decision: "not_paid" });
  await salon.anna.say("/why");
  const lines = salon.said(501).at(-1)?.split("\n\n")[1]?.split("\n") ?? [];
  expect(lines).toHaveLength(10);
  expect(lines[0]).toStartWith("2 апреля");
  expect(lines[1]).toStartWith("1 марта");
  expect(salon.said(501).at(-1)).toContain("\n\nЭто последние 10 визитов из 13.");
});

onEither("ten visits are all of them, and nothing is said of others", async () => {
  await using salon = await linkedAnna();
  for (let record = 1; record <= 10; record++)
    await visit(salon, record, { day: "2026-03-01", price: 3500, decision: "not_paid" });
  expect(await ask(salon.anna, "/why")).not.toContain("последние");
});

onEither(
  "after a second phone it is said where visits go while the salon has the old one, to nobody else",
  async () => {
    await using salon = await linkedAnna();
    const second = "+79005550000";
    await visit(salon, 1, { day: "2026-03-05", price: 3500, decision: "awarded" });
    await row(salon, { day: "2026-03-05", kind: "award", points: 35, record: 1, paid: 3500 });
    await salon.anna.shareContact(second);
    expect(await tap(salon.anna, "Да, перенести")).toBe(
      "✅ Перенесли 35 баллов. На карте …0000: 35 баллов. 1 балл = 1 ₽: скажите на кассе «спишите баллы».\n\n" +
        "Скажите администратору новый номер: пока в салоне записан старый, баллы за визиты приходят на карту …4567.",
    );
    const elsewhere =
      "Нет нужного визита? В салоне ещё записан ваш старый номер, и баллы приходят на карту …4567. Скажите администратору новый номер.";
    expect(await ask(salon.anna, "/why")).toEndWith(elsewhere);

    await salon.boris.start();
    await salon.boris.tap(AGREE);
    await salon.boris.shareContact(second);
    await salon.boris.tap("Да, этой картой");
    expect(await ask(salon.boris, "/why")).not.toContain("4567");

    await salon.anna.shareContact(second); // back again, and the salon has written the number down
    await salon.sql`update yclients_clients set client_id = (select id from clients where phone = ${second})`;
    expect(await ask(salon.anna, "/why")).toEndWith("он мог записать другой номер.");
  },
);

onEither("nothing yet is said so, in English too; without contacts there is no dead button", async () => {
  await using salon = await linkedAnna({ supportPhone: null, mapUrl: null });
  expect(await ask(salon.anna, "/why")).toContain("Визитов пока не видно.");
  expect(salon.anna.lastMessage()?.inline.flat()).toEqual([{ text: "История", callback_data: "history:0" }]);
  const john = await english(salon);
  await visit(salon, 1, { day: "2026-03-05", price: 3500, decision: "nothing_paid", phone: "+447700900123" });
  expect(await ask(john, "/why")).toContain(`5 March, 3,500 ₽: 0, this kind of payment earns no points`);
  expect(await ask(salon.boris, "/why")).toStartWith("Согласие");
});
