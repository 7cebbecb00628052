// What a person asked for is answered in the end, though Telegram did not take the answer at first.
import { expect, test } from "bun:test";
import { Pace } from "../../src/channels/telegram/pace.ts";
import { poll } from "../../src/channels/telegram/polling.ts";
import type { TelegramChannel } from "../../src/channels/telegram/telegram.ts";
import { linkedAnna } from "../helpers/past.ts";
import { give, salonBot } from "../helpers/salon-bot.ts";
import { ask, labels, last, rows, tap, tillSalon, toast } from "../helpers/till-salon.ts";

test("an answer that Telegram refuses with 429 comes once its wait is over, and no call before (Telegram alone: its calls are looked at)", async () => {
  await using salon = await salonBot();
  const { telegram, anna } = salon;
  telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 2 });
  const from = performance.now();
  await anna.say("/id");
  expect(performance.now() - from).toBeGreaterThanOrEqual(2_000);
  expect(salon.said(501)).toHaveLength(1);
  expect(telegram.calls.filter((call) => call.method === "sendMessage")).toHaveLength(2);
});

test("so it does after a fault of Telegram's and a connection that broke (Telegram alone: its refusals are played)", async () => {
  await using salon = await salonBot();
  const { telegram, anna, boris } = salon;
  telegram.faults.next({ method: "sendMessage", status: 502 });
  telegram.faults.next({ method: "sendMessage", cut: true });
  await Promise.all([anna.say("/id"), boris.say("/id")]);
  expect([...salon.said(501), ...salon.said(502)]).toHaveLength(2);
});

test("what is refused for good, or for longer than a minute, is given up and holds up nothing (Telegram alone: its refusals are played)", async () => {
  await using salon = await salonBot();
  const { telegram, anna } = salon;
  telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 3_600 });
  await anna.say("/id");
  telegram.faults.next({ method: "sendMessage", status: 403 });
  await anna.say("/id");
  expect(salon.said(501)).toEqual([]);
  expect(salon.log.filter((line) => line.includes("given up"))).toHaveLength(1);
  await anna.say("/id");
  expect(salon.said(501)).toHaveLength(1);
});

test("a spend whose screen Telegram refused is made once, and shown (Telegram alone: its refusals are played)", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, telegram } = salon;
  telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 1 });
  await olga.say("89001234567 3500");
  expect(labels(olga)[0]).toStartWith("Списать 340");
  telegram.faults.next({ method: "editMessageText", status: 429, retryAfter: 1 });
  expect(await tap(olga, "Списать 340")).toContain("Списано 340.");
  expect(await rows(salon)).toEqual(["spend -340 admin:601"]);
  telegram.faults.next({ method: "editMessageText", status: 429, retryAfter: 1 });
  expect(await tap(olga, "Отменить")).toContain("Отменено");
  expect(await rows(salon)).toEqual(["spend -340 admin:601", "undo 340 admin:601"]);
});

test("what cannot stand in the tapped message's place, which is gone, comes below it (Telegram alone: its refusals are played)", async () => {
  await using salon = await linkedAnna();
  const { telegram, anna } = salon;
  await anna.say("/unlink");
  const said = salon.said(501).length;
  telegram.faults.next({
    method: "editMessageText",
    status: 400,
    description: "Bad Request: message can't be edited",
  });
  await anna.tap("Да, отвязать");
  expect(salon.said(501).slice(said)).toEqual([expect.stringContaining("отвяза")]);
});

test("an owner's yes that Telegram would not show is done once, and the admin sees it (Telegram alone: its refusals are played)", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 100_00 }, 34_024);
  const { olga, irina, telegram } = salon;
  await irina.start();
  await ask(olga, "/credit 89001234567 200 чай", "Начислить 200");
  telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 1 });
  await irina.tap("Подтвердить");
  expect(toast(irina)).toStartWith("Анна …4567. Уже сделано");
  expect(last(olga)).toContain("Подтверждение: владелец Ирина.");
  expect(await rows(salon)).toEqual(["credit 200 admin:601,owner:700 чай"]);
});

test("a card is linked once, however often the answer was refused (Telegram alone: its refusals are played)", async () => {
  await using salon = await salonBot();
  const { telegram, anna, sql } = salon;
  await give(salon, "+79001234567", 5000);
  await anna.start();
  telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 1 });
  telegram.faults.next({ method: "sendMessage", status: 500 });
  expect(await tap(anna, "Согласен")).toContain("50 баллов");
  const linked = await sql`select telegram_id::int from clients where telegram_id is not null`;
  expect([...linked]).toEqual([{ telegram_id: 501 }]);
});

test("polling waits as long as Telegram asks and answers then (Telegram alone: its calls are looked at)", async () => {
  await using salon = await salonBot();
  const { telegram, anna, handle } = salon;
  telegram.webhook.set("", {});
  const stop = new AbortController();
  const { api } = salon.channel as TelegramChannel;
  const log = { error() {}, warn() {} } as never;
  const polled = poll({
    api,
    handle,
    log,
    signal: stop.signal,
    allowedUpdates: ["message"],
    firstWaitMs: 20,
  });
  telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 2 });
  const from = performance.now();
  await anna.say("/id");
  while (salon.said(501).length === 0 && performance.now() - from < 10_000) await Bun.sleep(20);
  expect(performance.now() - from).toBeGreaterThanOrEqual(2_000);
  expect(telegram.calls.filter((call) => call.method === "sendMessage")).toHaveLength(2);
  stop.abort();
  await polled;
});

test("every answer takes its place in the pace that the program's own messages wait for (Telegram alone: its calls are looked at)", async () => {
  const pace = new Pace();
  const taken: string[] = [];
  const { answers } = pace;
  const watched = Object.assign(pace, {
    answers: ((call, method, payload, signal) => {
      if ("chat_id" in payload) taken.push(method);
      return answers(call, method, payload, signal);
    }) as typeof answers,
  });
  await using salon = await salonBot({}, undefined, { pace: watched });
  await salon.anna.say("/id");
  await salon.anna.say("/id");
  expect(taken).toEqual(["sendMessage", "sendMessage"]);
});
