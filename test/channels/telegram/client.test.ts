// Sending: each way it can go, over real HTTP, and the token never in what comes back.

import { heapStats } from "bun:jsc";
import { afterEach, expect, test } from "bun:test";
import { faultText, ownWords, telegramApi } from "../../../src/channels/telegram/client.ts";
import { TelegramChannel } from "../../../src/channels/telegram/telegram.ts";
import { startTelegram } from "../../../src/standins/telegram/server.ts";

const TOKEN = "7000000001:secret-words";
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function chat() {
  const telegram = startTelegram({ token: TOKEN });
  closing.push(() => telegram.stop());
  const anna = telegram.person({ id: 501, firstName: "Анна" });
  void anna.start();
  const channel = new TelegramChannel(telegramApi({ token: TOKEN, apiRoot: telegram.url }));
  return { telegram, anna, channel, api: channel.api };
}

test("a message is sent as HTML, without previews, and its id comes back", async () => {
  const { telegram, anna, channel } = await chat();
  const sent = await channel.say("telegram:501", "<b>+35 баллов</b>");
  expect(sent).toEqual({ kind: "sent", message: anna.lastMessage()?.message_id ?? 0 });
  expect(anna.lastMessage()?.text).toBe("+35 баллов");
  expect(telegram.calls.at(-1)?.payload).toMatchObject({ link_preview_options: { is_disabled: true } });
});

test("blocked, unknown and deactivated chats are blocked", async () => {
  const { telegram, anna, channel } = await chat();
  expect(await channel.say("telegram:999", "?")).toEqual({ kind: "blocked" });
  void anna.block();
  expect(await channel.say("telegram:501", "?")).toEqual({ kind: "blocked" });
  telegram.faults.next({ method: "sendMessage", status: 403, description: "Forbidden: user is deactivated" });
  expect(await channel.say("telegram:501", "?")).toEqual({ kind: "blocked" });
});

test("429 says how long to wait; other answers are failures", async () => {
  const { telegram, channel } = await chat();
  telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 7 });
  expect(await channel.say("telegram:501", "?")).toEqual({ kind: "wait", ms: 7000 });
  expect(await channel.say("telegram:501", "<b>")).toMatchObject({
    ...{ kind: "failed", passes: false, mayHaveArrived: false },
    why: expect.stringMatching(/^400: Bad Request: can't parse/),
  });
  telegram.faults.next({ method: "sendMessage", status: 502 });
  expect(await channel.say("telegram:501", "?")).toEqual({
    kind: "failed",
    why: "502: Bad Gateway",
    passes: true,
    mayHaveArrived: true,
  });
  const other = telegramApi({ token: "1:wrong", apiRoot: telegram.url });
  expect(await new TelegramChannel(other).say("telegram:501", "?")).toEqual({
    kind: "failed",
    why: "401: Unauthorized",
    passes: false,
    mayHaveArrived: false,
  });
});

test("a cut answer and a dead server are failures without the token", async () => {
  const { telegram, channel, api } = await chat();
  telegram.faults.next({ method: "sendMessage", cut: true });
  const cut = await channel.say("telegram:501", "?");
  expect(cut).toMatchObject({ kind: "failed", passes: true, mayHaveArrived: true });
  await telegram.stop();
  const dead = await channel.say("telegram:501", "?");
  expect(dead).toMatchObject({ kind: "failed", passes: true, mayHaveArrived: false });
  expect(JSON.stringify([cut, dead])).not.toContain("secret-words");
  const error = await api.getMe().catch((thrown: unknown) => thrown);
  expect(Bun.inspect(error, { depth: 10 })).not.toContain("secret-words");
  expect(faultText(error, TOKEN)).toContain("getMe");
});

test("what Telegram repeats of what it was sent stays with Telegram; its own words are kept", async () => {
  const { telegram, channel, api } = await chat();
  const said = async (description: string) => {
    telegram.faults.next({ method: "sendMessage", status: 400, description });
    const sent = await channel.say("telegram:501", "?");
    telegram.faults.next({ method: "sendMessage", status: 400, description });
    const error = await api.sendMessage(501, "?").catch((thrown: unknown) => thrown);
    expect(Bun.inspect(error, { depth: 10 })).not.toMatch(/Анна|Petrova|anna/i);
    return sent.kind === "failed" ? sent.why : "";
  };
  for (const [description, kept] of [
    [`can't parse entities: Unsupported start tag "анна" at byte offset 12`, "Unsupported start tag"],
    ["can't find Анна Петрова", "can't find …"],
    ["can't parse Petrova, anna@example.org", "can't parse …"],
  ] as const) {
    const told = await said(`Bad Request: ${description}`);
    expect(told).toStartWith("400: Bad Request: can't");
    expect(told).toContain(kept);
    expect(told).not.toMatch(/Анна|Петрова|Petrova|anna/i);
  }
});

test("Telegram's own explanations stay whole", () => {
  for (const description of [
    "Bad Request: can't parse entities: Can't find end tag corresponding to start tag",
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    "Forbidden: bot was blocked by the user",
    "Forbidden: bot can't initiate conversation with a user",
    "Forbidden: user is deactivated",
    "Bad Request: chat not found",
    "Bad Request: BUTTON_DATA_INVALID",
    "Bad Request: message to edit not found",
    "Bad Request: query is too old and response timeout expired or query ID is invalid",
    "Bad Request: message is too long",
    "Bad Request: not enough rights to send text messages to the chat",
    "Too Many Requests: retry after 35",
    "Unauthorized",
    "Not Found",
    "Bad Gateway",
    "Internal Server Error",
  ])
    expect(ownWords(description)).toBe(description);
});

test("a call that was answered leaves nothing behind that waits for its time limit: a flood's calls would fill the memory", async () => {
  const { channel } = await chat();
  const waiting = () => {
    Bun.gc(true);
    return heapStats().objectTypeCounts.AbortSignal ?? 0;
  };
  const say = () => Promise.all(Array.from({ length: 100 }, () => channel.say("telegram:501", "?")));
  await say();
  const before = waiting();
  await say();
  await say();
  expect(waiting() - before).toBeLessThan(50);
});
