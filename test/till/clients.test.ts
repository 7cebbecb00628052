// Who may use the till, and the ways to find a client there.
import { expect } from "bun:test";
import { messengerName } from "../../src/texts/messenger.ts";
import { accountHere, messengerHere } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { give } from "../helpers/salon-bot.ts";
import { testIn } from "../helpers/test-in.ts";
import { ask, labels, last, PHONE, rows, tap, tillSalon, toast, visit } from "../helpers/till-salon.ts";

const test = testIn(() => tillSalon({}, 34_024));
const onEither = test.either;

test("a client's forged taps and commands do nothing and say nothing of the till (Telegram alone: its calls are looked at)", async () => {
  await using salon = await tillSalon({ ownerIds: ["telegram:700"], secondAdminAbove: 0 }, 34_024);
  const { olga, anna, boris, sql } = salon;
  await anna.start();
  await olga.say("89001234567 3500");
  const [screen] = await sql<{ asked: string; rev: number }[]>`select asked, rev from screens`;
  const before = salon.telegram.calls.length;
  for (const verb of ["go", "credit", "hist", "why", "undo", "recent-601-1"])
    await anna.tap({ data: `s:${screen?.asked}:${screen?.rev}:${verb}` });
  await anna.tap({ data: `o:601:${screen?.asked}:${screen?.rev}:yes` });
  expect(salon.telegram.calls.slice(before).map((call) => call.method)).toEqual(
    Array(7).fill("answerCallbackQuery"),
  );
  expect(anna.answeredCallbacks.every((one) => one.text === undefined)).toBeTrue();
  await boris.start();
  for (const text of [
    "/credit 89001234567 100",
    "/debit 89001234567 100",
    "/cancel",
    "89001234567 3500",
    "4567",
  ]) {
    expect(await ask(boris, text)).toContain("увидеть баллы, нажмите /start");
  }
  expect(await ask(boris, "/help")).not.toContain("/credit");
  expect(await rows(salon)).toEqual([]);
  await expectTable(sql, "select account, step, rev from screens", [["telegram:601", "card", 1]]);
});

onEither("an admin keeps the own card and the client's commands", async ({ olga }) => {
  expect(await ask(olga, "/balance", "Согласен, отправить мой номер")).toContain("Готово, Ольга!");
  expect(await ask(olga, "Баланс")).toContain("…0001");
  expect(await ask(olga, "/balance")).toContain("…0001");
  expect(await ask(olga, "/help")).toContain("/debit телефон баллы причина");
  expect(await ask(olga, "что?")).toStartWith("Не понял.");
});

onEither("somebody's contact opens the client, with an account or without", async (salon) => {
  const { olga } = salon;
  await olga.forwardContact({ phone: "79001234567", userId: 501, firstName: "Анна" });
  expect(last(olga)).toStartWith("Анна …4567 · 340,24 балла");
  await olga.forwardContact({ phone: "+7 900 123-45-67".replaceAll("-", " "), firstName: "Анна" });
  expect(last(olga)).toStartWith("Анна …4567 · 340,24 балла");
  await olga.forwardContact({ phone: "8 (900) 123-45-67", firstName: "Анна" });
  expect(last(olga)).toStartWith("Анна …4567 · 340,24 балла");
  expect(salon.said(601)).toHaveLength(3);
});

onEither(
  "that nobody has the card is said where it is opened, with a code for the client, and not again on the result; a family is named; a debt cannot be spent",
  async (salon) => {
    const { olga, sql } = salon;
    await sql`insert into yclients_clients (yclients_client_id, client_id, name)
    select n, c.id, case n when 1 then 'Пётр <b>' else 'Анна' end from clients c, generate_series(1, 2) n`;
    expect(await ask(olga, "89001234567")).toContain("На карте: Анна, Пётр <b>.");
    const unlinked = `${messengerHere()} не привязан: покажите клиенту QR, и баллы будут у него в телефоне.`;
    expect(last(olga)).toContain(unlinked);
    await tap(olga, "Начислить");
    expect(await ask(olga, "5 чай")).not.toContain(messengerHere());
    expect(await tap(olga, "Начислить 5")).not.toContain(messengerHere());
    expect(labels(olga)).toEqual(["Отменить до 14:32", "QR для клиента"]);
    await olga.tap("Отменить до 14:32");
    await olga.say("/credit 89001234567 10 чай");
    expect(last(olga)).toContain(unlinked);
    expect(last(olga)).toContain("Причина: чай (клиент её увидит, изменить её нельзя).");
    expect(last(olga)).not.toContain("не увидит");
    await sql`insert into bonuslog (client_id, kind, points, actor, key, corrects)
    select id, 'undo', -340, 'sync', 'x', 1 from clients`;
    await sql`insert into terms (percent, earn_on, earn_when, paid_by) values (1, 'services', 'paid', 'payments')`;
    await give(salon, "+79007654321", 100);
    await sql`insert into bonuslog (client_id, kind, points, actor, key, record_id)
    select id, 'award', 1, 'sync', 'visit:5', 5 from clients where phone = '+79007654321'`;
    await sql`insert into bonuslog (client_id, kind, points, actor, key, corrects)
    select id, 'correction', -17, 'sync', 'visit:5:2', 4 from clients where phone = '+79007654321'`;
    expect(await ask(olga, "89007654321 3500")).toStartWith("Без имени …4321 · −15 баллов");
    expect(last(olga)).toEndWith("−15 баллов: списать нельзя. К оплате 3 500 ₽.");
    expect(labels(olga)).toEqual(["Начислить", "История", "Почему", "QR для клиента"]);
  },
);

onEither("a phone without a card is said so, and only the button makes one", async () => {
  await using salon = await tillSalon({});
  const { olga, sql } = salon;
  expect(await ask(olga, "89001234567 3500")).toBe("+7 900 123 45 67: карты нет. Завести?");
  await expectTable(sql, "select * from clients", []);
  expect(await tap(olga, "Завести")).toStartWith("Без имени …4567 · 0 баллов");
  await expectTable(sql, "select phone from clients", [{ phone: PHONE }]);
  await olga.tapAgain();
  await expectTable(sql, "select phone from clients", [{ phone: PHONE }]);
  await ask(olga, "/credit 8 900 765 43 21 100 за ожидание", "Завести");
  expect(last(olga)).toContain("Причина: за ожидание (клиент её увидит, изменить её нельзя).");
  await olga.tap("Начислить 100");
  expect(await rows(salon, 0)).toEqual(["credit 100 admin:601 за ожидание"]);
});

onEither("last four digits: one opens, several are listed, none is said so", async (salon) => {
  const { olga } = salon;
  expect(await ask(olga, "4567 3500")).toContain("Баллами 340 → к оплате 3 160 ₽");
  await give(salon, "+79112224567", 5000);
  expect(await ask(olga, "4567")).toBe("Номер на …4567 есть у нескольких клиентов. Кто из них на кассе?");
  expect(labels(olga)).toEqual(["Анна · +7 900 123 45 67 · 340,24", "Без имени · +7 911 222 45 67 · 50"]);
  expect(await tap(olga, "+7 911 222 45 67")).toStartWith("Без имени …4567 · 50 баллов");
  await olga.say("9999");
  expect(last(olga)).toStartWith("Клиента с номером на …9999 нет. Напишите телефон целиком. Если это счёт");
  await olga.say("0000"); // no bill is so written
  expect(last(olga)).toBe("Клиента с номером на …0000 нет. Напишите телефон целиком.");
});

onEither("a scanned card opens the client for an admin alone", async (salon) => {
  const { anna, boris, marina, sql } = salon;
  await anna.start();
  await anna.tap("Согласен, отправить мой номер");
  await anna.say("/card");
  const [code] = await sql<
    { code: string }[]
  >`select code from clients c join accounts a on a.client_id = c.id where account = ${accountHere(501)}`;
  const start = `c_${code?.code}`;
  await marina.start(start);
  expect(last(marina)).toStartWith(`Анна …4567 · ${messengerHere()} ✓ · 340,24 балла`);
  await boris.start(start);
  expect(salon.said(502).join()).not.toContain("4567");
});

/** Anna has had the card, then Boris proved its phone: he does not see what came before. */
async function handedOver() {
  const salon = await tillSalon({}, 34_024);
  const { anna, boris } = salon;
  for (const person of [anna, boris]) {
    await person.start();
    await person.shareContact(PHONE);
  }
  return salon;
}

onEither(
  "an account that sees less than another one of the card is named by its messenger, and is not told to be another's",
  async () => {
    await using salon = await tillSalon({}, 34_024);
    const { olga, anna, sql } = salon;
    await anna.start();
    await anna.shareContact(PHONE);
    const there = messengerHere() === "MAX" ? "telegram" : "max";
    await sql`insert into accounts (channel, external_id, client_id) select ${there}, '77', client_id from accounts`;
    const said = await ask(olga, "89001234567");
    expect(said).toContain(
      `В ${messengerName(there)} прежней истории не видно: там карту открыли позже. Узнали клиента — откройте её.`,
    );
    expect(said).not.toContain("у другого аккаунта");
  },
);

onEither("a number that went to accounts of two messengers is said of both of them", async () => {
  await using salon = await handedOver();
  const { olga, sql } = salon;
  const there = messengerHere() === "MAX" ? "telegram" : "max";
  await sql`insert into accounts (channel, external_id, client_id) select ${there}, '77', client_id from accounts`;
  const said = await ask(olga, "89001234567");
  expect(said).toMatch(
    /Номер теперь у других аккаунтов, в (Telegram и MAX|MAX и Telegram): прежнюю историю они не видят\./,
  );
});

onEither(
  "a number that went to another account: an admin's tap opens the older history; who and when is kept",
  async () => {
    await using salon = await handedOver();
    const { olga, marina, boris, sql } = salon;
    expect(await ask(olga, "89001234567")).toContain(`Номер теперь у другого аккаунта ${messengerHere()}`);
    await olga.tap("Открыть прежнюю историю");
    expect(toast(olga)).toBe("Анна …4567. Клиент снова видит всю историю карты.");
    expect(labels(olga)).toEqual(["Списать", "Начислить", "История", "Почему"]);
    expect(await ask(boris, "/history")).toContain("+340,24");
    await expectTable(
      sql,
      "select history_from, history_opened_by, history_opened_at from clients where phone = '+79001234567'",
      [[null, accountHere(601), "2026-03-12T11:22:00.000Z"]],
    );
    await marina.say("/why 89001234567");
    expect(last(marina)).toContain("Прежнюю историю клиенту открыли вручную: кассир Ольга, 12 марта 14:22.");
  },
);

onEither("the older history is opened to the account that the admin was shown, and to no other", async () => {
  await using salon = await handedOver();
  const { olga, anna, boris, sql } = salon;
  await olga.say("89001234567");
  await anna.shareContact(PHONE);
  await boris.shareContact(PHONE);
  const carla = salon.person({ id: 503, firstName: "Карла", phone: PHONE });
  await carla.start();
  await carla.shareContact(PHONE);
  await olga.tap("Открыть прежнюю историю");
  expect(toast(olga)).toStartWith("Анна …4567. Карту за это время привязал другой аккаунт.");
  await expectTable(sql, "select history_from is null as open, history_opened_by from clients", [
    { open: false, history_opened_by: null },
  ]);
  expect(await ask(carla, "/history")).not.toContain("+340,24");
  await olga.tap("Открыть прежнюю историю");
  expect(toast(olga)).toBe("Анна …4567. Клиент снова видит всю историю карты.");
});

onEither("a number that stands for hundreds of people opens all the same", async ({ olga, sql }) => {
  await sql`
    insert into yclients_clients (yclients_client_id, client_id, name)
    select n, c.id, 'Екатерина Константинопольская ' || n from clients c, generate_series(1, 300) n`;
  await olga.say("89001234567 3500");
  expect(last(olga)).toMatch(/^Анна …4567.*\nНа карте: Екатерина Константинопольская 1, .* и ещё 290\.$/m);
  expect(await tap(olga, "Списать 340")).toStartWith("✅ Списано 340.");
});

onEither("what an admin opened to one account is not said to be open to the next", async (salon) => {
  const { anna, boris, olga } = salon;
  for (const person of [anna, boris]) {
    await person.start();
    await person.shareContact(PHONE);
  }
  await ask(olga, "89001234567", "Открыть прежнюю историю");
  await anna.shareContact(PHONE);
  expect(await ask(olga, "/why 89001234567")).not.toContain("открыли вручную");
});

onEither("an emoji where a long text is cut comes to no harm", async (salon) => {
  const { olga, sql } = salon;
  await sql`update clients set name = repeat('ж', 23) || '😀😀'`;
  await visit(salon, { record: 11, at: "2026-03-12T10:00:00Z", price: 3500, paid: 0, decision: "not_paid" });
  await olga.say("/today");
  for (const text of [labels(olga)[0] ?? "", await ask(olga, `89001234567 ${"ж".repeat(59)}😀😀`)]) {
    expect(text).toContain("ж😀");
    expect(text.isWellFormed()).toBe(true);
  }
});
