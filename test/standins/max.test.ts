// Proves the stand-in MAX as a bot calls it: who is let in, its routes, actions and menu, its faults and its limits.
import { expect, test } from "bun:test";
import { unlikelyReading } from "../../src/standins/max/readings.ts";
import { callback, keyboard, MAX_TOKEN, type MaxReply, maxes, VERA } from "../helpers/max-api.ts";

const { start, withVera } = maxes();
const many = <One>(count: number, one: One): One[] => Array.from({ length: count }, () => one);
const status = ({ status, body }: MaxReply) => `${status} ${body.code ?? body.success}`;

test("lets in who has the token in the header, raw", async () => {
  const { max, api } = start();
  expect((await api("GET /me")).body).toMatchObject({ user_id: max.me.user_id, is_bot: true });
  const refused = async (path: string, headers: Record<string, string>) => {
    const answer = await fetch(`${max.url}${path}`, { headers });
    return [answer.status, await answer.json()];
  };
  const invalid = [401, { code: "verify.token", message: "Invalid access_token" }];
  expect(await refused("/me", {})).toEqual(invalid);
  expect(await refused("/me", { authorization: "other" })).toEqual(invalid);
  expect(await refused(`/me?access_token=${MAX_TOKEN}`, {})).toEqual(invalid);
  expect(await refused("/me", { authorization: `Bearer ${MAX_TOKEN}` })).toEqual([
    401,
    { code: "verify.token", message: "Malformed access token" },
  ]);
  expect(status(await api(`GET /me?access_token=${MAX_TOKEN}`))).toBe("401 verify.token");
  max.faults.tokenWithdrawn = true;
  expect(status(await api("GET /me"))).toBe("401 verify.token");
  max.faults.clear();
  max.renewToken("another");
  expect(status(await api("GET /me"))).toBe("401 verify.token");
  expect((await api("GET /me", undefined, { authorization: "another" })).status).toBe(200);
});

test("knows its routes, and their methods; the clock is in the Date header", async () => {
  const { max, api } = start();
  expect(status(await api("GET /chats"))).toBe("404 not.found");
  expect(status(await api("GET /messages"))).toBe("405 method.not.allowed");
  expect(status(await api("PATCH /me", {}))).toBe("405 method.not.allowed");
  expect(status(await api("POST /messages?user_id=1", "{"))).toBe("400 proto.payload");
  const answer = await fetch(`${max.url}/me`, { headers: { authorization: MAX_TOKEN } });
  expect(Math.abs(Date.parse(answer.headers.get("date") ?? "") - Date.now())).toBeLessThan(5000);
});

test("has actions for dialogs, or for groups alone; of who has stopped they say so, or not", async () => {
  const { max, api, vera } = await withVera();
  const act = async (action: string, chat = vera.chat.chatId) =>
    status(await api(`POST /chats/${chat}/actions`, { action }));
  expect(await act("typing_on")).toBe("200 true");
  expect(await act("typing")).toBe("400 proto.payload");
  expect(await act("typing_on", 501)).toBe("404 chat.not.found");
  await vera.block();
  expect(await act("typing_on")).toBe("403 chat.denied");
  max.readings.actionWhenStopped = unlikelyReading.actionWhenStopped;
  expect([await act("typing_on"), await act("typing_on", 501)]).toEqual(["200 true", "404 chat.not.found"]);
  await vera.unblock();
  max.readings.actions = unlikelyReading.actions;
  expect(await act("typing_on")).toBe("403 chat.denied");
});

test("has one menu for all: up to 32 commands", async () => {
  const { max, api } = start();
  const commands = [{ name: "balance", description: "Баланс" }];
  const set = async (given: unknown) => (await api("PATCH /me/commands", { commands: given })).status;
  expect(await set(commands)).toBe(200);
  expect((await api("GET /me")).body.commands).toEqual(commands);
  expect(await set(many(33, commands[0]))).toBe(400);
  expect(await set([{ name: "", description: "x" }])).toBe(400);
  expect(await set([{ name: "x".repeat(65) }])).toBe(400);
  expect(await set([{ name: "x", description: "x".repeat(129) }])).toBe(400);
  expect(await set("x")).toBe(400);
  expect(max.commands).toEqual(commands);
  expect(await set([])).toBe(200);
  expect((await api("GET /me")).body).not.toHaveProperty("commands");
});

test("goes wrong on demand", async () => {
  const { max, say, api, vera } = await withVera();
  max.faults.next({ status: 429 });
  // A bot that polls does not eat what is meant for its messages.
  await api("GET /updates?timeout=0");
  const busy = await say("a");
  expect(status(busy)).toBe("429 too.many.requests");
  max.faults.next({ route: "PUT /messages", status: 500 });
  max.faults.next({ route: /^GET/, status: 418, code: "teapot", message: "чай" });
  expect((await say("b")).status).toBe(200);
  expect((await api("GET /me")).body).toEqual({ code: "teapot", message: "чай" });
  max.faults.clear();
  max.faults.next({ successFalse: "нет" });
  expect(await say("c")).toMatchObject({ status: 200, body: { success: false, message: "нет" } });
  max.faults.next({ html: true });
  expect(await say("d")).toMatchObject({ status: 502, body: { text: expect.stringContaining("<html>") } });
  max.faults.next({ cut: true });
  await expect(say("e")).rejects.toThrow();
  max.faults.next({ status: 503, afterSend: true });
  expect(status(await say("f"))).toBe("503 service.unavailable");
  max.faults.next({ status: 200, afterSend: true });
  await expect(say("g")).rejects.toThrow();
  max.faults.always({ status: 500, people: new Set([VERA.id]) });
  expect([(await say("h")).status, (await api("GET /me")).status]).toEqual([500, 200]);
  max.faults.clear();
  const { promise, resolve } = Promise.withResolvers<void>();
  max.faults.next({ until: promise });
  const slow = say("i");
  await say("j");
  resolve();
  await slow;
  max.faults.next({ delayMs: 40 });
  const from = performance.now();
  await say("k");
  expect(performance.now() - from).toBeGreaterThan(35);
  await max.idle();
  expect(vera.chat.messages.map(({ text }) => text)).toEqual(["b", "f", "g", "j", "i", "k"]);
  expect(max.calls.filter(({ route, status }) => route === "POST /messages" && status === 0).length).toBe(2);
  expect(max.calls.at(-1)).toMatchObject({ query: { user_id: "501" }, body: { text: "k" }, person: 501 });
});

test("takes thirty calls a second in all, and two in a dialog: of every kind together, or of each", async () => {
  const { max, api, say, vera } = await withVera();
  await say({ text: "340", attachments: [keyboard([callback("Списать", "s")])] });
  const edit = `PUT /messages?message_id=${vera.lastMessage()?.mid}`;
  Object.assign(max.limits, { perChatPerSecond: 2 });
  const id = (await vera.tap("Списать"))?.callback?.callback_id;
  const one = () => [say("x"), api(edit, { text: crypto.randomUUID() })];
  const other = () => api(`POST /answers?callback_id=${id}`, { notification: "x" });
  // The message before counts too.
  expect((await Promise.all(one())).map(({ status }) => status).sort()).toEqual([200, 429]);
  expect((await other()).body).toEqual({
    code: "too.many.requests",
    message: "Too many requests. Limit is: 2 calls per second.",
  });
  max.readings.bucket = unlikelyReading.bucket;
  const apart = [...one(), ...one(), other(), other()];
  expect((await Promise.all(apart)).every(({ status }) => status === 200)).toBe(true);
  expect((await other()).status).toBe(429);
  Object.assign(max.limits, { perSecond: max.calls.length, perChatPerSecond: 1000 });
  const answers = await Promise.all(many(4, 0).map(() => api("GET /me")));
  expect(answers.some(({ status }) => status === 429)).toBe(true);
  await Bun.sleep(1010);
  expect((await api(edit, { text: "позже" })).status).toBe(200);
});
