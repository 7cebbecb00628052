// The trial bot's token, then the real one, on the same database: each bot numbers its messages from one.
import { expect, test } from "bun:test";
import { pino } from "pino";
import { veilOf } from "../../src/cards/veil.ts";
import { botIdOf } from "../../src/channels/telegram/client.ts";
import { adoptScreen, openScreen, recallScreen } from "../../src/till/screens.ts";
import { expectTable } from "../helpers/db.ts";
import { shop, startBotOn } from "../helpers/salon-bot.ts";
import {
  ask,
  labels,
  last,
  PHONE,
  rows,
  type TillSalon,
  tap,
  tillSalon,
  toast,
} from "../helpers/till-salon.ts";

const OTHER = "7000000002:real";
const quiet = pino({ level: "silent" });

/** A second bot on a salon's database, and Olga's and Marina's new chats with it. */
async function realBot(salon: TillSalon) {
  const { telegram, stop } = await startBotOn(OTHER, {
    db: salon.db,
    veil: veilOf("secret"),
    shop: { ...shop, adminIds: ["telegram:601", "telegram:602"], ownerIds: ["telegram:700"] },
    log: quiet,
    now: () => salon.clock.now,
  });
  const olga = telegram.person({ id: 601, firstName: "Ольга" });
  const marina = telegram.person({ id: 602, firstName: "Марина" });
  return { telegram, olga, marina, [Symbol.asyncDispose]: stop };
}

test("a new bot's messages are answered and done, whatever the bot before did with messages of the same numbers (Telegram alone: releases before knew no other messenger)", async () => {
  await using salon = await tillSalon({}, 34_024);
  expect(await ask(salon.olga, "89001234567 200", "Списать 199")).toContain("✅ Списано 199.");
  await using real = await realBot(salon);
  expect(await ask(real.olga, "89001234567 5000")).toContain("К оплате".toLowerCase());
  expect(await tap(real.olga, "Списать 141")).toContain("✅ Списано 141.");
  expect(await rows(salon)).toEqual(["spend -199 admin:601", "spend -141 admin:601"]);
  await expectTable(salon.sql, "select key from bonuslog where kind = 'spend' order by id", [
    { key: `till:${botIdOf("7000000001:demo")}:telegram:601:1` },
    { key: `till:${botIdOf(OTHER)}:telegram:601:1` },
  ]);
});

test("a sum typed to the new bot is for its own question, not for the one of the bot before (Telegram alone: releases before knew no other messenger)", async () => {
  await using salon = await tillSalon({}, 34_024);
  await ask(salon.olga, "89001234567 3500", "Другая сумма");
  await using real = await realBot(salon);
  expect(await ask(real.olga, "120")).toStartWith("120 — это счёт или баллы, и чьи?");
  expect(await ask(real.olga, "/cancel")).toBe("Отменять нечего: всё закрыто.");
});

test("a change through the bot before is undone through the new one, and no message of another number is touched (Telegram alone: releases before knew no other messenger)", async () => {
  await using salon = await tillSalon({}, 34_024);
  await ask(salon.olga, "/credit 89001234567 100 чай", "Начислить 100");
  await using real = await realBot(salon);
  await real.olga.say("/id");
  const own = real.telegram.messages(601).map((one) => one.text);
  await real.marina.say("89001234567");
  expect(labels(real.marina)).toContain("Отменить: начислено 100");
  await real.marina.tap("Отменить: начислено 100");
  expect(await rows(salon)).toEqual(["credit 100 admin:601 чай", "undo -100 admin:602"]);
  // What the bot before has said is not this one's to change: Olga is told anew, without buttons.
  expect(
    real.telegram
      .messages(601)
      .map((one) => one.text)
      .slice(0, 2),
  ).toEqual(own);
  expect(last(real.olga)).toContain("↩️ Отменено.");
  expect(labels(real.olga)).toEqual([]);
  await expectTable(salon.sql, "select bot, step, message_id from screens where account = 'telegram:601'", [
    { bot: botIdOf("7000000001:demo"), step: "undone", message_id: 2 },
  ]);
});

test("what an earlier release has stored goes on by its own button, and swallows nobody's message (Telegram alone: releases before knew no other messenger)", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, sql } = salon;
  await olga.say("89001234567 3500");
  const { message_id } = olga.lastMessage() ?? { message_id: 0 };
  await sql`update screens set bot = 0`;
  // Another message's button of the same screen proves nothing.
  await ask(olga, "/id", { data: "t:1:1:go" });
  expect(toast(olga)).toBe("Этот экран устарел. Отправьте телефон ещё раз.");
  await olga.tap({ data: "t:1:1:go" }, { message: message_id });
  expect(await rows(salon)).toEqual(["spend -340 admin:601"]);
  await expectTable(sql, "select bot from screens", [{ bot: botIdOf("7000000001:demo") }]);
  await sql`update screens set bot = 0`;
  await using real = await realBot(salon);
  expect(await ask(real.olga, "89001234567 500")).toContain("Счёт 500");
});

test("a question of an earlier release gives way to the chat's newer one when its button is tapped (Telegram alone: releases before knew no other messenger)", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, sql } = salon;
  await ask(olga, "89001234567 3500", "Другая сумма");
  const { message_id } = olga.lastMessage() ?? { message_id: 0 };
  await sql`update screens set bot = 0`;
  await ask(olga, "89001234567 500", "Другая сумма");
  await olga.tap({ data: "t:1:2:back" }, { message: message_id });
  await expectTable(sql, "select asked, step from screens order by asked", [
    { asked: 1, step: "closed" },
    { asked: 3, step: "ask_sum" },
  ]);
  await ask(olga, "100", "Списать 100");
  expect(await rows(salon)).toEqual(["spend -100 admin:601"]);
});

test("an owner's button of an earlier release still answers its question (Telegram alone: releases before knew no other messenger)", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 10_000 }, 34_024);
  const { olga, irina, sql } = salon;
  await irina.start();
  await ask(olga, "/credit 89001234567 200 чай", "Начислить 200");
  await sql`update screens set bot = 0`;
  await irina.tap({ data: "o:601:3:1:yes" });
  expect(await rows(salon)).toEqual([]);
  await expectTable(sql, "select bot from screens", [{ bot: 0 }]);
  await irina.tap({ data: "o:601:3:2:yes" });
  expect(await rows(salon)).toEqual(["credit 200 admin:601,owner:700 чай"]);
});

test("a screen of an earlier release is not taken over where this bot has one of that number", async () => {
  await using salon = await tillSalon({}, 34_024);
  const till = { bot: 7, db: salon.db, now: salon.clock.now, rules: shop };
  const wanted = { by: "phone", phone: PHONE, bill: null } as const;
  const [of, key] = [
    { account: "telegram:601", asked: 1 },
    { bot: 7, account: "telegram:601", asked: 1 },
  ];
  await openScreen(till, { ...of, bot: 0 }, wanted);
  await openScreen(till, key, { ...wanted, bill: 50_000 });
  await adoptScreen(till.db, { ...key, rev: 1, message: null });
  expect(await recallScreen(till, key)).toMatchObject({ bot: 7, bill: 50_000 });
  expect(await recallScreen(till, { ...of, bot: 0 })).toMatchObject({ bot: 0, bill: null });
});
