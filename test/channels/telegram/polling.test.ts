// Long polling over real HTTP: order, retries, bad networks, conflicts, stopping.
import { afterEach, expect, test } from "bun:test";
import type { Update } from "grammy/types";
import { pino } from "pino";
import { telegramApi } from "../../../src/channels/telegram/client.ts";
import { poll } from "../../../src/channels/telegram/polling.ts";
import { startTelegram } from "../../../src/standins/telegram/server.ts";
import { until } from "../../helpers/program.ts";

const TOKEN = "7000000001:secret-words";
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const textOf = (update: Update) => update.message?.text ?? "";

function polling(handle: (update: Update, waits: () => void) => Promise<unknown>) {
  const telegram = startTelegram({ token: TOKEN });
  const stop = new AbortController();
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const api = telegramApi({ token: TOKEN, apiRoot: telegram.url });
  const begin = () =>
    poll({ api, handle, log, signal: stop.signal, allowedUpdates: ["message"], firstWaitMs: 20 });
  closing.push(async () => {
    stop.abort();
    await telegram.stop();
  });
  const anna = telegram.person({ id: 501, firstName: "Анна" });
  const boris = telegram.person({ id: 502, firstName: "Борис" });
  return { telegram, stop, lines, begin, anna, boris };
}

test("takes what waited before, the webhook gone and nothing dropped", async () => {
  const seen: string[] = [];
  const { telegram, begin, anna, stop } = polling(async (update) => seen.push(textOf(update)));
  telegram.webhook.set("http://127.0.0.1:9/", {});
  telegram.webhook.paused = true;
  void anna.say("1");
  void anna.say("2");
  const done = begin();
  await until(() => seen.length === 2);
  void anna.say("3");
  await until(() => seen.length === 3);
  expect(seen).toEqual(["1", "2", "3"]);
  const from = performance.now();
  stop.abort();
  await done;
  expect(performance.now() - from).toBeLessThan(20_000); // Telegram would hold the question for 25 seconds
  expect(telegram.webhook.pending).toEqual([]);
});

test("one chat in order, different chats side by side", async () => {
  const seen: string[] = [];
  const { begin, anna, boris } = polling(async (update) => {
    if (textOf(update) === "a1") await until(() => seen.includes("b2"));
    seen.push(textOf(update));
  });
  for (const [who, text] of [
    [anna, "a1"],
    [anna, "a2"],
    [boris, "b1"],
    [boris, "b2"],
  ] as const)
    void who.say(text);
  void begin();
  await until(() => seen.length === 4);
  expect(seen).toEqual(["b1", "b2", "a1", "a2"]);
});

test("one that only waits holds up nobody, is handled once, and is waited for at the end", async () => {
  const seen: string[] = [];
  const over = Promise.withResolvers<void>();
  const { telegram, begin, anna, boris, stop, lines } = polling(async (update, waits) => {
    seen.push(textOf(update));
    if (textOf(update) !== "long") return;
    waits();
    await over.promise;
    seen.push("waited");
    throw new Error("not to be said any more");
  });
  const done = begin();
  void anna.say("long");
  await until(() => seen.length === 1);
  void boris.say("another's");
  void anna.say("the same one's");
  await until(() => seen.length === 3 && telegram.webhook.pending.length === 0);
  stop.abort();
  const ended = done.then(() => seen.push("ended"));
  over.resolve();
  await ended;
  expect(seen).toEqual(["long", expect.any(String), expect.any(String), "waited", "ended"]);
  expect(lines.filter((line) => line.includes("could not be said"))).toHaveLength(1);
});

test("a handler that throws is tried three times and holds up nobody", async () => {
  const seen: string[] = [];
  const { begin, anna, boris, lines } = polling(async (update) => {
    seen.push(textOf(update));
    if (textOf(update) === "bad" || seen.filter((text) => text === "once").length === 1)
      throw new Error("no");
  });
  void anna.say("bad");
  void boris.say("once");
  void boris.say("good");
  void begin();
  void anna.say("after");
  await until(() => seen.includes("after") && seen.includes("good"));
  expect(seen.filter((text) => text === "bad")).toHaveLength(3);
  expect(seen.filter((text) => text === "once")).toHaveLength(2);
  expect(lines.filter((line) => line.includes('"update_id"'))).toHaveLength(4);
  expect(lines.join("")).not.toContain("bad");
});

test("goes on after errors, cuts, a 429 and a conflict, with no token in the log", async () => {
  const seen: string[] = [];
  const { telegram, begin, anna, lines } = polling(async (update) => seen.push(textOf(update)));
  telegram.faults.next({ method: "deleteWebhook", cut: true });
  telegram.faults.next({ method: "getUpdates", status: 502 });
  telegram.faults.next({ method: "getUpdates", cut: true });
  telegram.faults.next({ method: "getUpdates", status: 409 });
  telegram.faults.next({ method: "getUpdates", status: 429, retryAfter: 1 });
  void anna.say("1");
  void begin();
  await until(() => seen.length === 1);
  // Bun itself asks once more where a connection that it kept is cut: then that fault makes no line.
  expect([4, 5]).toContain(lines.length);
  expect(lines.join("")).not.toContain("secret-words");
});

test("told to wait for a day, it asks again after a hundred of its own waits", async () => {
  const seen: string[] = [];
  const { telegram, begin, anna } = polling(async (update) => seen.push(textOf(update)));
  telegram.faults.next({ method: "getUpdates", status: 429, retryAfter: 86_400 });
  void anna.say("1");
  const began = performance.now();
  void begin();
  await until(() => seen.length === 1);
  expect(performance.now() - began).toBeGreaterThanOrEqual(1_900);
});

test("a webhook set meanwhile is deleted again", async () => {
  const seen: string[] = [];
  const { telegram, begin, anna } = polling(async (update) => seen.push(textOf(update)));
  void begin();
  void anna.say("1");
  await until(() => seen.length === 1);
  telegram.webhook.paused = true;
  telegram.webhook.set("http://127.0.0.1:9/", {});
  void anna.say("2");
  await until(() => seen.length === 2);
});

test("junk does no harm", async () => {
  const seen: unknown[] = [];
  const { telegram, begin, anna } = polling(async (update) => seen.push(textOf(update)));
  for (const junk of [null, 7, "x", {}, { update_id: "x" }, { update_id: 5, message: null }])
    void telegram.push(junk);
  void begin();
  void anna.say("still here");
  await until(() => seen.includes("still here"));
});

test("stopped between two tries, what was not handled comes again", async () => {
  const seen: string[] = [];
  const { telegram, begin, anna, boris, stop } = polling(async (update) => {
    seen.push(textOf(update));
    if (textOf(update) !== "good") stop.abort();
    if (textOf(update) !== "good") throw new Error("no");
  });
  void boris.say("good");
  void anna.say("bad");
  await begin();
  expect(seen).toEqual(["good", "bad"]);
  expect(telegram.webhook.pending).toMatchObject([{ message: { text: "bad" } }]);
});

test("numbers that start anew, below the offset: each update is handled once and confirmed by its own number", async () => {
  const seen: string[] = [];
  const { telegram, begin, anna, boris } = polling(async (update) => seen.push(textOf(update)));
  const offsets = () =>
    telegram.calls.flatMap(({ method, payload }) =>
      method === "getUpdates" ? [Number(payload.offset)] : [],
    );
  telegram.renumber(900_000_000);
  void begin();
  void anna.say("before");
  await until(() => offsets().at(-1) === 900_000_002);
  telegram.renumber(100_000_000);
  void anna.say("after a week");
  await until(() => offsets().at(-1) === 100_000_002);
  void boris.say("and on");
  await until(() => offsets().at(-1) === 100_000_003);
  expect(seen).toEqual(["before", "after a week", "and on"]);
  expect(telegram.webhook.pending).toEqual([]);
});

test("numbers that start anew: who stands behind a hundred others is heard", async () => {
  const seen: string[] = [];
  const { telegram, begin, anna, boris } = polling(async (update) => seen.push(textOf(update)));
  telegram.renumber(900_000_000);
  void begin();
  void anna.say("before");
  await until(() => seen.length === 1 && telegram.webhook.pending.length === 0);
  telegram.renumber(100_000_000);
  for (let count = 0; count < 250; count++) void anna.say(String(count));
  void boris.say("last");
  await until(() => seen.includes("last") && telegram.webhook.pending.length === 0);
  expect(seen).toHaveLength(252);
});

test("numbers that start anew: what a stop left is not confirmed, and comes again", async () => {
  const seen: string[] = [];
  const { telegram, begin, anna, boris, stop } = polling(async (update) => {
    seen.push(textOf(update));
    if (textOf(update) === "bad") stop.abort();
    if (textOf(update) === "bad") throw new Error("no");
  });
  telegram.renumber(900_000_000);
  const done = begin();
  void anna.say("before");
  await until(() => seen.length === 1 && telegram.webhook.pending.length === 0);
  telegram.renumber(100_000_000);
  void boris.say("good");
  void anna.say("bad");
  await done;
  expect(telegram.webhook.pending).toMatchObject([{ message: { text: "bad" } }]);
});

test("a number below zero drops nothing that waits", async () => {
  const seen: string[] = [];
  const { telegram, begin, anna } = polling(async (update) => seen.push(textOf(update)));
  const polls = () => telegram.calls.filter(({ method }) => method === "getUpdates");
  void telegram.push({ update_id: -5, message: { chat: { id: 1 }, text: "odd" } });
  void begin();
  await until(() => polls().length >= 3);
  for (const text of ["1", "2", "3"]) void anna.say(text);
  await until(() => seen.includes("3"));
  expect(polls().every(({ payload }) => Number(payload.offset ?? 0) >= 0)).toBeTrue();
});
