// What clients are told of visits and the till: whole messages, and exactly the rows told are flagged.
import { expect } from "bun:test";
import { notifyNewBonuses } from "../../src/notices/notify.ts";
import { tellingSalon } from "../helpers/telling-salon.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(tellingSalon);

const CALL = "+7 495 000-00-00";

/** Anna's first visit, 3500 ₽, paid and told. */
async function afterOneVisit() {
  const salon = await tellingSalon();
  const visit = await salon.paid(3500);
  await salon.tell();
  expect(salon.said()).toHaveLength(1);
  const next = async () => {
    await salon.read();
    const before = salon.said().length;
    await salon.tell();
    expect(await salon.untold()).toEqual([]);
    return salon.said().slice(before);
  };
  return Object.assign(salon, { visit, next });
}

test("an award says what for, how much was paid, what it made and what the card holds", async (salon) => {
  await salon.paid(3500);
  expect(await salon.tell()).toEqual({ sent: 1, postponed: 0, blocked: 0, failed: 0 });
  expect(salon.said()).toEqual([
    "Спасибо за визит! <b>+35 баллов</b> за 12 марта (оплачено 3 500 ₽). На карте <b>35</b>: это скидка 35 ₽ в следующий раз.",
  ]);
  expect(await salon.untold()).toEqual([]);
  expect(await salon.sql`select * from notices`).toHaveLength(0);
  expect(await salon.tell()).toEqual({ sent: 0, postponed: 0, blocked: 0, failed: 0 });
});

const buttons = (salon: Changed | Awaited<ReturnType<typeof tellingSalon>>) =>
  salon.telegram.messages(501).at(-1)?.inline ?? [];

test("under an award stand the way back, the card, and the arithmetic; under a correction the arithmetic", async (salon) => {
  const visit = await salon.paid(3500);
  await salon.tell();
  const details = (from: number, to = from) => ({
    text: "Подробнее",
    callback_data: `details:${from}-${to}`,
  });
  expect(buttons(salon)).toEqual([
    [
      { text: "Записаться", url: "https://n1.yclients.com/" },
      { text: "Карта", callback_data: "card" },
    ],
    [details(1)],
  ]);
  salon.journal.editPrice(visit, 300_000);
  salon.journal.refundByNegative(visit, 50_000);
  await salon.read();
  salon.journal.pay(salon.book(1000));
  salon.journal.noShow(visit);
  await salon.read();
  await salon.tell();
  expect(buttons(salon).at(-1)).toEqual([details(2, 4)]);
  await salon.till("credit", 1_000);
  await salon.tell();
  expect(buttons(salon)).toEqual([]);
});

test("where there is no booking page, no button leads to one; in English the labels are English", async (salon) => {
  await salon.sql`update accounts set language = 'en'`;
  await salon.paid(3500);
  await notifyNewBonuses({ ...salon.notify, bookUrl: null });
  expect(buttons(salon).flat()).toMatchObject([{ text: "Card" }, { text: "Details" }]);
});

test("no more is promised than the till would take off such a bill", async () => {
  for (const [percent, before, paid, words] of [
    [50, 0, 3500, "На карте <b>35</b>: это скидка 35 ₽ в следующий раз."],
    [
      5,
      30_000,
      1000,
      "На карте <b>310 баллов</b>. Со счёта 1 000 ₽ в следующий раз это скидка 50 ₽. Баллами можно оплатить до 5 % счёта.",
    ],
    [100, 200_050, 1000, "На карте <b>2 010,5 балла</b>. Со счёта 1 000 ₽ в следующий раз это скидка 999 ₽."],
    [1, 0, 50, "На карте <b>0,5 балла</b>."],
    [100, 0, 50, "На карте <b>0,5 балла</b>."],
  ] as const) {
    await using salon = await tellingSalon({ spending: { spendMaxPercent: percent } });
    if (before > 0) await salon.till("credit", before);
    await salon.tell();
    await salon.paid(paid);
    await salon.tell();
    expect(salon.said().at(-1)).toEndWith(`). ${words}`);
  }
});

test("what is promised is in the salon's steps; off a next bill whose services nobody knows nothing is promised", async () => {
  for (const [spending, words] of [
    [
      { spendStep: 100_00 },
      "На карте <b>335 баллов</b>. Со счёта 3 500 ₽ в следующий раз это скидка 300 ₽. Списываем баллы числом, кратным 100.",
    ],
    [{ spendLeastBill: 4_000_00 }, "На карте <b>335 баллов</b>."],
    [{ spendOn: "services" }, "На карте <b>335 баллов</b>."],
  ] as const) {
    await using salon = await tellingSalon({ spending });
    await salon.till("credit", 30_000);
    await salon.tell();
    await salon.paid(3500);
    await salon.tell();
    expect(salon.said().at(-1)).toEndWith(`). ${words}`);
  }
});

test("an award onto a debt promises nothing", async () => {
  await using salon = await afterOneVisit();
  await salon.till("spend", 3_000);
  salon.journal.refund(salon.visit);
  await salon.read();
  await salon.tell();
  salon.journal.pay(salon.book(1000, { at: new Date("2026-03-11T09:00:00Z") }));
  await salon.read();
  await salon.tell();
  expect(salon.said().at(-1)).toBe(
    "Спасибо за визит! <b>+10 баллов</b> за 11 марта (оплачено 1 000 ₽). На карте <b>−20 баллов</b>: эти баллы уже были потрачены. Платить ничего не нужно, следующие баллы закроют минус.",
  );
});

test("several visits are thanked for once, one paid ahead among them says so", async (salon) => {
  salon.journal.prepay(salon.book(3500, { at: new Date("2026-03-28T09:00:00Z") }));
  salon.journal.pay(salon.book(1000, { at: new Date("2026-03-11T09:00:00Z") }));
  await salon.read();
  await salon.tell();
  const [said = ""] = salon.said();
  expect(said.split("\n").sort()).toEqual([
    "<b>+10 баллов</b> за 11 марта (оплачено 1 000 ₽).",
    "<b>+35 баллов</b> за визит 28 марта (оплачено 3 500 ₽). Если он не состоится, баллы вернутся салону.",
    "На карте <b>45</b>: это скидка 45 ₽ в следующий раз.",
    "Спасибо за визиты!",
  ]);
});

test("of several visits told together the largest bill is the measure of what points take off", async (salon) => {
  await salon.till("credit", 20_000);
  await salon.tell();
  for (const [paid, day] of [
    [77, 10],
    [1000, 11],
    [100, 12],
  ] as const)
    salon.journal.pay(salon.book(paid, { at: new Date(Date.UTC(2026, 2, day, 6)) }));
  await salon.read();
  await salon.tell();
  expect(salon.said().at(-1)).toEndWith("На карте <b>211,77</b>: это скидка 211 ₽ в следующий раз.");
});

test("two records of one checkout are one message with summed money and points", async (salon) => {
  salon.journal.pay(salon.book(3500, { visitId: 77 }));
  await salon.paid(1250, { visitId: 77 });
  await salon.tell();
  expect(salon.said()).toEqual([
    "Спасибо за визит! <b>+47,5 балла</b> за 12 марта (оплачено 4 750 ₽). На карте <b>47,5</b>: это скидка 47 ₽ в следующий раз.",
  ]);
});

test("a burst before telling is one message of its last state", async (salon) => {
  const visit = await salon.paid(3500);
  salon.journal.editPrice(visit, 300_000);
  salon.journal.refundByNegative(visit, 50_000);
  await salon.read();
  expect(await salon.untold()).toEqual([1, 2]);
  await salon.tell();
  expect(salon.said()).toEqual([
    "Спасибо за визит! <b>+30 баллов</b> за 12 марта (оплачено 3 000 ₽). На карте <b>30</b>: это скидка 30 ₽ в следующий раз.",
  ]);
  expect(await salon.untold()).toEqual([]);
});

test("a burst that sums to zero is not told, and its rows are flagged", async (salon) => {
  const visit = await salon.paid(3500);
  salon.journal.refund(visit);
  await salon.read();
  expect(await salon.tell()).toEqual({ sent: 0, postponed: 0, blocked: 0, failed: 0 });
  expect(salon.said()).toEqual([]);
  expect(await salon.untold()).toEqual([]);
  expect(await salon.sql`select * from notices`).toHaveLength(0);
});

type Changed = Awaited<ReturnType<typeof afterOneVisit>>;
test.each<[string, (salon: Changed) => void, string]>([
  [
    "edited, is told with what it was before",
    ({ journal, visit }) => {
      journal.editPrice(visit, 300_000);
      journal.refundByNegative(visit, 50_000);
    },
    "Пересчитали визит 12 марта: оплачено 3 000 ₽ вместо 3 500 ₽. <b>−5 баллов</b>.\nНа карте <b>30 баллов</b>.\nВопросы: +7 495 000-00-00",
  ],
  [
    "edited and making more, is a change of it too, and no new award",
    ({ journal, visit }) => {
      journal.editPrice(visit, 400_000);
      journal.pay(visit);
    },
    "Пересчитали визит 12 марта: оплачено 4 000 ₽ вместо 3 500 ₽. <b>+5 баллов</b>.\nНа карте <b>40 баллов</b>.",
  ],
  [
    "not come to",
    ({ journal, visit }) => journal.noShow(visit),
    `Визит 12 марта отмечен как несостоявшийся, <b>−35 баллов</b>.\nНа карте <b>0 баллов</b>.\nЭто ошибка? Позвоните нам: ${CALL}`,
  ],
  [
    "deleted",
    ({ journal, visit }) => journal.remove(visit),
    `Визит 12 марта отменён, поэтому сняли <b>35 баллов</b>.\nНа карте <b>0 баллов</b>.\nВопросы: ${CALL}`,
  ],
  [
    "paid in part again",
    ({ journal, visit }) => journal.refundByNegative(visit, 100_000),
    "Визит 12 марта теперь оплачен не полностью, поэтому сняли <b>35 баллов</b>. Начислим после полной оплаты.\nНа карте <b>0 баллов</b>.",
  ],
])("a visit that was told, %s", async (_, change, words) => {
  await using salon = await afterOneVisit();
  change(salon);
  expect(await salon.next()).toEqual([words]);
});

test("a refund, and paid again after it", async () => {
  await using salon = await afterOneVisit();
  salon.journal.refund(salon.visit);
  expect(await salon.next()).toEqual([
    `Оплата визита 12 марта возвращена, поэтому сняли <b>35 баллов</b>.\nНа карте <b>0 баллов</b>.\nВопросы: ${CALL}`,
  ]);
  salon.journal.pay(salon.visit);
  expect(await salon.next()).toEqual([
    "Спасибо за визит! <b>+35 баллов</b> за 12 марта (оплачено 3 500 ₽). На карте <b>35</b>: это скидка 35 ₽ в следующий раз.",
  ]);
});

test("a visit moved to another client is told to both", async () => {
  await using salon = await afterOneVisit();
  await salon.linked(502, "+79007654321");
  salon.journal.changeClient(salon.visit, { id: 32, name: "Борис", phone: "+79007654321" });
  expect(await salon.next()).toEqual([
    `Визит 12 марта записан на другого клиента, поэтому сняли <b>35 баллов</b>.\nНа карте <b>0 баллов</b>.\nЭто ошибка? Позвоните нам: ${CALL}`,
  ]);
  expect(salon.said(502)).toEqual([
    "Спасибо за визит! <b>+35 баллов</b> за 12 марта (оплачено 3 500 ₽). На карте <b>35</b>: это скидка 35 ₽ в следующий раз.",
  ]);
});

test("a visit is news to the client whom it goes to, whatever the one before was told", async () => {
  await using salon = await afterOneVisit();
  await salon.sql`delete from accounts`; // who had it hears no more of it
  await salon.linked(502, "+79007654321");
  salon.journal.changeClient(salon.visit, { id: 32, name: "Борис", phone: "+79007654321" });
  await salon.read();
  await salon.tell();
  expect(salon.said(502)).toEqual([
    "Спасибо за визит! <b>+35 баллов</b> за 12 марта (оплачено 3 500 ₽). На карте <b>35</b>: это скидка 35 ₽ в следующий раз.",
  ]);
});

test("a visit that comes with the card of a phone that YCLIENTS learnt later", async (salon) => {
  await salon.paid(3500, { phone: "" });
  expect(await salon.tell()).toEqual({ sent: 0, postponed: 0, blocked: 0, failed: 0 });
  salon.journal.changePhone(31, "+79001234567");
  await salon.read();
  await salon.tell();
  expect(salon.said()).toEqual([
    "Визит 12 марта записан на вас, <b>+35 баллов</b>.\nНа карте <b>35 баллов</b>.",
  ]);
});

test("a visit paid ahead says that its points may go back", async (salon) => {
  salon.journal.prepay(salon.book(3500, { at: new Date("2026-03-28T09:00:00Z") }));
  await salon.read();
  await salon.tell();
  expect(salon.said()).toEqual([
    "Спасибо за оплату! <b>+35 баллов</b> за визит 28 марта (оплачено 3 500 ₽). Если он не состоится, баллы вернутся салону. На карте <b>35</b>: это скидка 35 ₽ в следующий раз.",
  ]);
});

test("a debt is explained and not asked for", async () => {
  await using salon = await afterOneVisit();
  await salon.till("spend", 2000, { bill: 350_000 });
  await salon.tell();
  salon.journal.refund(salon.visit);
  expect(await salon.next()).toEqual([
    `Оплата визита 12 марта возвращена, поэтому сняли <b>35 баллов</b>.\nНа карте <b>−20 баллов</b>: эти баллы уже были потрачены. Платить ничего не нужно, следующие баллы закроют минус.\nВопросы: ${CALL}`,
  ]);
});

test("several visits are one message, and the till another", async () => {
  await using salon = await afterOneVisit();
  salon.journal.refund(salon.visit);
  salon.journal.pay(salon.book(1000, { at: new Date("2026-03-11T09:00:00Z") }));
  salon.journal.pay(salon.book(100, { at: new Date("2026-03-10T09:00:00Z") }));
  expect(await salon.next()).toEqual([
    `Оплата визита 12 марта возвращена, поэтому сняли <b>35 баллов</b>.\n<b>+10 баллов</b> за визит 11 марта (оплачено 1 000 ₽).\n<b>+1 балл</b> за визит 10 марта (оплачено 100 ₽).\nНа карте <b>11 баллов</b>.\nВопросы: ${CALL}`,
  ]);
  await salon.till("credit", 1000, { reason: 'за <ожидание> & "чай"' });
  await salon.till("debit", 100, { reason: "ошибка" });
  await salon.till("spend", 500, { bill: 350_000 });
  const before = salon.said().length;
  await salon.tell();
  expect(salon.said().slice(before)).toEqual([
    `Салон: вам начислили <b>10 баллов</b>. Причина: за &lt;ожидание&gt; &amp; &quot;чай&quot;.\nСалон: с карты сняли <b>1 балл</b>. Причина: ошибка.\nСалон: списано <b>5 баллов</b> на кассе, счёт 3 500 ₽, к оплате 3 495 ₽.\nНа карте <b>15 баллов</b>.\nЭто не вы? Позвоните нам: ${CALL}`,
  ]);
});

test("an undone debit is called so; which salon of a chain it was is not guessed", async (salon) => {
  await salon.paid(3500);
  await salon.tell(); // by itself: told beside the visit, the till says what is still to be told
  await salon.till("debit", 100, { reason: "ошибка" });
  await salon.sql`
    insert into bonuslog (client_id, kind, points, corrects, actor, key)
    select client_id, 'undo', -points, id, actor, 'undo:' || id from bonuslog where kind = 'debit'`;
  await salon.sql`insert into companies (company_id, title) values (12, 'Второй салон')`;
  await salon.tell();
  expect(salon.said().at(-1)).toBe(
    "Салон снял с карты <b>1 балл</b>. Причина: ошибка.\n" +
      `Снятие отменено, вернули <b>1 балл</b>.\nНа карте <b>35 баллов</b>.\nВопросы: ${CALL}`,
  );
});

test("rows of a card nobody linked stay untold", async (salon) => {
  await salon.paid(3500, { id: 40, phone: "+79990000000" });
  expect(await salon.tell()).toEqual({ sent: 0, postponed: 0, blocked: 0, failed: 0 });
  expect(await salon.untold()).toEqual([1]);
  expect(await salon.sql`select * from notices`).toHaveLength(0);
});

test("a person with an English phone is told in English", async (salon) => {
  await salon.sql`update accounts set language = 'en-GB'`;
  const visit = await salon.paid(3500);
  await salon.tell();
  salon.journal.noShow(visit);
  await salon.read();
  await salon.tell();
  expect(salon.said()).toEqual([
    "Thank you for your visit! <b>+35 points</b> for 12 March (3,500 ₽ paid). Your card holds <b>35</b>: that is 35 ₽ off next time.",
    `The visit of 12 March was marked as a no-show: <b>−35 points</b>.\nYour card holds <b>0 points</b>.\nA mistake? Call us: ${CALL}`,
  ]);
});

test("more changes than a message holds: the earliest are said by their sum, and all are flagged", async (salon) => {
  for (let count = 0; count < 60; count++)
    await salon.till("credit", 100, { reason: `причина ${"д".repeat(80)} ${count}` });
  await salon.tell();
  const [first, ...more] = salon.said();
  expect(more).toEqual([]);
  const lines = first?.split("\n") ?? [];
  expect(lines.at(0)).toBe("Прежние изменения (45): <b>+45</b>.");
  expect(lines).toHaveLength(17);
  expect(lines.at(-1)).toBe("На карте <b>60 баллов</b>.");
  expect(await salon.untold()).toEqual([]);
});

test("what one message says of the card, the next one does not contradict: untold changes are named beside it", async () => {
  await using salon = await tellingSalon({ settleMs: 60_000 });
  await salon.till("credit", 5_000);
  await salon.tell();
  await salon.paid(2000);
  await salon.till("spend", 1_000, { bill: 100_000 });
  await salon.tell(); // the visit settles, the till is told at once
  await salon.wake();
  await salon.tell();
  expect(salon.said().slice(1)).toEqual([
    "Салон: списано <b>10 баллов</b> на кассе, счёт 1 000 ₽, к оплате 990 ₽.\n" +
      `На карте <b>60 баллов</b>. Это вместе с тем, о чём ещё напишем: <b>+20</b>.\nЭто не вы? Позвоните нам: ${CALL}`,
    "Спасибо за визит! <b>+20 баллов</b> за 12 марта (оплачено 2 000 ₽). На карте <b>60</b>: это скидка 60 ₽ в следующий раз.",
  ]);
});

test("a visit beside what the till has still to say, in both languages; a debt too", async () => {
  for (const [language, words] of [
    ["ru", "На карте <b>45 баллов</b>. Это вместе с тем, о чём ещё напишем: <b>+10</b>."],
    ["en", "Your card holds <b>45 points</b>. That includes what we have yet to tell you: <b>+10</b>."],
  ]) {
    await using salon = await tellingSalon();
    await salon.sql`update accounts set language = ${language ?? ""}`;
    await salon.paid(3500);
    await salon.till("credit", 1_000);
    await salon.sql`update notices set due_at = now() + interval '1 hour' where about = 'till'`;
    await salon.tell();
    expect(salon.said()[0]).toEndWith(`). ${words}`);
  }
  await using salon = await afterOneVisit();
  await salon.till("spend", 3_000, { bill: 350_000 });
  await salon.tell();
  salon.journal.refund(salon.visit);
  await salon.read();
  await salon.till("credit", 1_000);
  await salon.sql`update notices set due_at = now() + interval '1 hour' where about = 'till'`;
  await salon.tell();
  expect(salon.said().at(-1)).toEndWith(
    `эти баллы уже были потрачены. Это вместе с тем, о чём ещё напишем: <b>+10</b>. Платить ничего не нужно, следующие баллы закроют минус.\nВопросы: ${CALL}`,
  );
});

test("where prices count, a price of nothing is told as such", async () => {
  await using salon = await afterOneVisit();
  await salon.sql`update terms set paid_by = 'prices'`;
  await salon.sql`
    insert into bonuslog (client_id, kind, corrects, points, paid, reason, actor, key)
    select client_id, 'correction', id, -points, 0, 'nothing_paid', 'sync', key || ':2' from bonuslog where kind = 'award'`;
  await salon.sql`insert into notices (client_id, about, due_at) select client_id, 'visits', now() from bonuslog limit 1`;
  await salon.tell();
  expect(salon.said().at(-1)).toBe(
    "Цена услуг визита 12 марта теперь 0 ₽, поэтому сняли <b>35 баллов</b>.\nНа карте <b>0 баллов</b>.\nВопросы: +7 495 000-00-00",
  );
});
