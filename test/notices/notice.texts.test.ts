// The sentences about changes: number forms, spaces that do not break, each cause in both languages, escaping.
import { expect, test } from "bun:test";
import { alarmText } from "../../src/alarms/alarms.texts.ts";
import { type Change, notificationText } from "../../src/notices/notice.texts.ts";
import { readHtml } from "../../src/standins/telegram/html.ts";
import { spending } from "../helpers/programme.ts";
import { soft } from "../helpers/soft.ts";

const CALL = "+7 495 <1>";
const said = (
  changes: Change[],
  more: { balance?: number; phone?: string | null; language?: string; salon?: string } = {},
) =>
  soft(
    notificationText(more.language ?? "ru", {
      changes,
      balance: more.balance ?? 34_000,
      waiting: 0,
      year: 2026,
      supportPhone: more.phone === undefined ? CALL : more.phone,
      salon: more.salon ?? null,
      ...spending,
    }),
  );
const award = {
  about: "award",
  day: "2026-03-12",
  paid: 1_152_381,
  percent: 150,
  points: 3500,
  prepaid: false,
};
const correction = { about: "correction", day: "2026-03-12", paid: 300_000, was: 350_000, points: -500 };
const till = { about: "till", points: -34_000, bill: 350_000, reason: null, corrects: null };
const awarded = (more: Partial<typeof award> = {}) => said([{ ...award, ...more } as Change]);
const corrected = (cause: string, more: object = {}, settings: Parameters<typeof said>[1] = {}) =>
  said([{ ...correction, cause, ...more } as Change], settings).split("\n")[0];
const atTill = (kind: string, more: object = {}, settings: Parameters<typeof said>[1] = {}) =>
  said([{ ...till, kind, ...more } as Change], settings).split("\n")[0];

test("numbers take the right form of the word", () => {
  const words = [100, 200, 500, 1100, 2100, 2200, 11_200, 1250, 1].map(
    (points) => /<b>\+(.*?)<\/b>/.exec(awarded({ points }))?.[1],
  );
  expect(words).toEqual([
    ...["1 балл", "2 балла", "5 баллов", "11 баллов", "21 балл", "22 балла"],
    ...["112 баллов", "12,5 балла", "0,01 балла"],
  ]);
});

test("an award, and a minus is a minus", () => {
  expect(awarded()).toBe(
    "Спасибо за визит! <b>+35 баллов</b> за 12 марта (оплачено 11 523,81 ₽). На карте <b>340</b>: это скидка 340 ₽ в следующий раз.",
  );
  expect(corrected("edited")).toContain("<b>\u22125 баллов</b>");
});

test("a visit of another year is told with its year", () => {
  expect(awarded({ day: "2025-12-31" })).toContain("<b>+35 баллов</b> за 31 декабря 2025 (");
});

/** What is asked at the end of the message. */
const asked = (cause: string, settings: Parameters<typeof said>[1] = {}) =>
  said([{ ...correction, cause } as Change], settings).split("\n")[2];

test("each cause has its sentence, and what to do about it at the end", () => {
  expect(
    ["deleted", "no_show", "not_paid", "nothing_paid", "paid_in_part", "moved"].map((cause) =>
      corrected(cause),
    ),
  ).toEqual([
    "Визит 12 марта отменён, поэтому сняли <b>5 баллов</b>.",
    "Визит 12 марта отмечен как несостоявшийся, <b>−5 баллов</b>.",
    "Оплата визита 12 марта возвращена, поэтому сняли <b>5 баллов</b>.",
    "Оплата визита 12 марта возвращена, поэтому сняли <b>5 баллов</b>.",
    "Визит 12 марта теперь оплачен не полностью, поэтому сняли <b>5 баллов</b>. Начислим после полной оплаты.",
    "Визит 12 марта записан на другого клиента, поэтому сняли <b>5 баллов</b>.",
  ]);
  expect(corrected("no_price")).toBe("Цена услуг визита 12 марта теперь 0 ₽, поэтому сняли <b>5 баллов</b>.");
  expect(corrected("moved", { points: 500 })).toBe("Визит 12 марта записан на вас, <b>+5 баллов</b>.");
  expect(corrected("edited")).toBe(
    "Пересчитали визит 12 марта: оплачено 3 000 ₽ вместо 3 500 ₽. <b>−5 баллов</b>.",
  );
  expect(corrected("paid_again", { was: null, points: 500 })).toBe(
    "Пересчитали визит 12 марта: оплачено 3 000 ₽. <b>+5 баллов</b>.",
  );
  expect(corrected("a cause of a later version", { paid: null })).toBe(
    "Пересчитали визит 12 марта. <b>−5 баллов</b>.",
  );
});

test("what to do is said once, with the salon's phone or without", () => {
  const mistake = "Это ошибка? Позвоните нам: +7 495 &lt;1&gt;";
  expect(["no_show", "moved"].map((cause) => asked(cause))).toEqual([mistake, mistake]);
  for (const cause of ["deleted", "not_paid", "no_price", "edited"])
    expect(asked(cause)).toBe("Вопросы: +7 495 &lt;1&gt;");
  for (const cause of ["paid_in_part", "not_arrived"]) expect(asked(cause)).toBeUndefined();
  expect(asked("no_show", { phone: null })).toBe("Это ошибка? Скажите администратору.");
  expect(asked("deleted", { phone: null })).toBe("Есть вопросы? Спросите администратора.");
  expect(asked("no_show", { language: "en" })).toBe("A mistake? Call us: +7 495 &lt;1&gt;");
  expect(asked("no_show", { language: "en", phone: null })).toBe("A mistake? Tell the front desk.");
  expect(asked("deleted", { language: "en", phone: null })).toBe("Questions? Ask the front desk.");
  const all = said([
    { ...till, kind: "debit" } as Change,
    { ...correction, cause: "no_show" } as Change,
    { ...till, kind: "spend" } as Change,
  ]);
  expect(all.split("\n").slice(3)).toEqual([
    "На карте <b>340 баллов</b>.",
    "Это не вы? Позвоните нам: +7 495 &lt;1&gt;",
  ]);
});

test("each deed at the till has its sentence, the reason escaped", () => {
  expect([
    atTill("spend"),
    atTill("spend", { bill: null }),
    atTill("debit", { reason: "<&>" }),
    atTill("credit", { points: 100, reason: "<&>" }),
    atTill("credit", { points: 100 }),
    atTill("opening", { points: 200, reason: "перенос" }),
    atTill("credit", { points: 100, reason: "возврат списания", corrects: "spend" }),
    atTill("undo", { points: 34_000, corrects: "spend" }),
    atTill("undo", { points: 34_000, corrects: "debit" }),
    atTill("undo", { corrects: "credit" }),
    atTill("move", { points: 34_000 }),
    atTill("move"),
  ]).toEqual([
    "Списано <b>340 баллов</b> на кассе, счёт 3 500 ₽, к оплате 3 160 ₽.",
    "Списано <b>340 баллов</b> на кассе.",
    "Салон снял с карты <b>340 баллов</b>. Причина: &lt;&amp;&gt;.",
    "Салон начислил вам <b>1 балл</b>. Причина: &lt;&amp;&gt;.",
    "Салон начислил вам <b>1 балл</b>.",
    "<b>+2 балла</b>. Причина: перенос.",
    "Салон вернул вам <b>1 балл</b>. Причина: возврат списания.",
    "Списание отменено, вернули <b>340 баллов</b>.",
    "Снятие отменено, вернули <b>340 баллов</b>.",
    "Начисление отменено, сняли <b>340 баллов</b>.",
    "На карту перенесли <b>340 баллов</b>.",
    "С карты перенесли <b>340 баллов</b>.",
  ]);
});

test("what came back after its end says until when it may be spent", () => {
  const again = { points: 2_000, until: "2026-12-10" };
  const back = (kind: string, language = "ru") =>
    atTill(kind, { points: 34_000, corrects: "spend", again, reason: null }, { language });
  const ru =
    " Срок вышел, пока они были потрачены: <b>20 баллов</b> можно потратить до 10 декабря 2026 включительно.";
  const en =
    " Their time was over while they were spent: <b>20 points</b> may be used until the end of 10 December 2026.";
  expect(back("undo")).toBe(`Списание отменено, вернули <b>340 баллов</b>.${ru}`);
  expect(back("credit")).toBe(`Салон вернул вам <b>340 баллов</b>.${ru}`);
  expect(back("undo", "en")).toBe(`The spending was undone: <b>340 points</b> returned.${en}`);
  expect(back("credit", "en")).toBe(`The salon gave back <b>340 points</b>.${en}`);
});

test("what the programme gives, takes back and ends has its sentence", () => {
  const both = (kind: string, points: number) =>
    ["ru", "en"].map((language) => atTill(kind, { points, reason: null }, { language }));
  expect(
    ["welcome", "birthday", "friend"].flatMap((kind) => [...both(kind, 10_000), ...both(kind, -10_000)]),
  ).toEqual([
    ...["Подарок новому клиенту: <b>100 баллов</b>.", "Welcome gift: <b>100 points</b>."],
    ...["Подарок новому клиенту: сняли <b>100 баллов</b>.", "Welcome gift: <b>100 points</b> taken back."],
    ...["Подарок ко дню рождения: <b>100 баллов</b>.", "Birthday gift: <b>100 points</b>."],
    ...["Подарок ко дню рождения: сняли <b>100 баллов</b>.", "Birthday gift: <b>100 points</b> taken back."],
    ...["Подарок за приглашение: <b>100 баллов</b>.", "Gift for an invitation: <b>100 points</b>."],
    ...[
      "Подарок за приглашение: сняли <b>100 баллов</b>.",
      "Gift for an invitation: <b>100 points</b> taken back.",
    ],
  ]);
  expect([...both("expiry", 3_500), ...both("expiry", -3_500)]).toEqual([
    ...["Сгоревшее вернули: <b>35 баллов</b>.", "Expired points returned: <b>35 points</b>."],
    ...["Сгорело <b>35 баллов</b>: срок вышел.", "Expired: <b>35 points</b>."],
  ]);
});

test("a change by hand names the salon, whatever its name is like", () => {
  const named = (kind: string, points: number, language = "ru") =>
    atTill(kind, { points, reason: null }, { salon: "<Мята>", phone: null, language });
  expect([
    named("credit", 100),
    named("debit", -1250),
    named("credit", 100, "en"),
    named("debit", -100, "en"),
    named("spend", -100),
    named("undo", 100),
    named("move", -100, "en"),
  ]).toEqual([
    "&lt;Мята&gt;: вам начислили <b>1 балл</b>.",
    "&lt;Мята&gt;: с карты сняли <b>12,5 балла</b>.",
    "&lt;Мята&gt; added <b>1 point</b>.",
    "&lt;Мята&gt; took <b>1 point</b> off your card.",
    "&lt;Мята&gt;: списан <b>1 балл</b> на кассе, счёт 3 500 ₽, к оплате 3 499 ₽.",
    "&lt;Мята&gt;: изменение отменено, вернули <b>1 балл</b>.",
    "&lt;Мята&gt; moved <b>1 point</b> from your card.",
  ]);
  expect(atTill("spend", { points: -100, bill: null }, { phone: null })).toBe(
    "Списан <b>1 балл</b> на кассе.",
  );
});

test("a card below zero is explained in both languages", () => {
  const last = (language: string) =>
    said([{ ...correction, cause: "not_paid" } as Change], { balance: -1500, language }).split("\n")[1];
  expect(last("ru")).toBe(
    "На карте <b>−15 баллов</b>: эти баллы уже были потрачены. Платить ничего не нужно, следующие баллы закроют минус.",
  );
  expect(last("en")).toBe(
    "Your card holds <b>−15 points</b>: those points were spent already. There is nothing to pay, your next points will cover it.",
  );
});

test("English says the same, and only English is told in English", () => {
  const en = { language: "en" };
  expect([
    ...["deleted", "no_show", "not_paid", "paid_in_part", "moved", "edited"].map((cause) =>
      corrected(cause, {}, en),
    ),
    corrected("moved", { points: 500 }, en),
    atTill("spend", {}, en),
    atTill("credit", { points: 100, reason: "<&>" }, en),
    atTill("undo", { points: 34_000, bill: null, corrects: "spend" }, en),
    atTill("undo", { points: 34_000, bill: null, corrects: "debit" }, en),
    atTill("move", {}, en),
    said([{ ...award, prepaid: true } as Change], en),
  ]).toEqual([
    "The visit of 12 March was cancelled: <b>−5 points</b>.",
    "The visit of 12 March was marked as a no-show: <b>−5 points</b>.",
    "The visit of 12 March was refunded: <b>−5 points</b>.",
    "The visit of 12 March is not fully paid any more: <b>−5 points</b>. Points come when it is.",
    "The visit of 12 March was booked for another client: <b>−5 points</b>.",
    "The visit of 12 March was counted again: 3,000 ₽ paid instead of 3,500 ₽. <b>−5 points</b>.",
    "The visit of 12 March was booked for you: <b>+5 points</b>.",
    "Spent at the till: <b>340 points</b>, bill 3,500 ₽, to pay 3,160 ₽.",
    "The salon added <b>1 point</b>. Reason: &lt;&amp;&gt;.",
    "The spending was undone: <b>340 points</b> returned.",
    "The taking was undone: <b>340 points</b> returned.",
    "The salon moved <b>340 points</b> from your card.",
    "Thank you for paying ahead! <b>+35 points</b> for the visit of 12 March (11,523.81 ₽ paid). If it does not happen, the points go back. Your card holds <b>340</b>: that is 340 ₽ off next time.",
  ]);
  for (const language of ["de", "", "uk"])
    expect(said([award as Change], { language })).toContain("Спасибо за визит!");
});

test("every message is HTML that Telegram takes, and fits one message", () => {
  const reason = `${'<&>"'.repeat(24)}!`.slice(0, 100);
  const many = Array.from(
    { length: 80 },
    (): Change => ({ about: "till", kind: "debit", points: -1e8, bill: 1e9, reason, corrects: null }),
  );
  for (const language of ["ru", "en"]) {
    const { text } = readHtml(said(many, { language }));
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text).toContain(reason);
  }
});

test("alarms: trouble nobody has words for yet is told as it is, escaped", () => {
  expect(alarmText({ about: "disk:<1>", detail: "<full>", over: false, gone: false }, new Map())).toBe(
    "⚠️ disk: &lt;full&gt;",
  );
  expect(alarmText({ about: "disk", detail: "", over: true, gone: false }, new Map())).toBe(
    "✅ Исправилось: disk.",
  );
});
