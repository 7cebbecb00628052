// Sending: each way it can go, over real HTTP, and the token never in what comes back.
import { afterEach, expect, test } from "bun:test";
import { startTelegram } from "../../src/demo/telegram.ts";
import { faultText, send, telegramApi } from "../../src/telegram/client.ts";

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
  return { telegram, anna, api: telegramApi({ token: TOKEN, apiRoot: telegram.url }) };
}

test("a message is sent as HTML, without previews, and its id comes back", async () => {
  const { telegram, anna, api } = await chat();
  const sent = await send(api, 501, "<b>+35 баллов</b>");
  expect(sent).toEqual({ ok: true, messageId: anna.lastMessage()?.message_id ?? 0 });
  expect(anna.lastMessage()?.text).toBe("+35 баллов");
  expect(telegram.calls.at(-1)?.payload).toMatchObject({ link_preview_options: { is_disabled: true } });
});

test("blocked, unknown and deactivated chats are blocked", async () => {
  const { telegram, anna, api } = await chat();
  expect(await send(api, 999, "?")).toEqual({ blocked: true });
  void anna.block();
  expect(await send(api, 501, "?")).toEqual({ blocked: true });
  telegram.faults.next({ method: "sendMessage", status: 403, description: "Forbidden: user is deactivated" });
  expect(await send(api, 501, "?")).toEqual({ blocked: true });
});

test("429 says how long to wait; other answers are failures", async () => {
  const { telegram, api } = await chat();
  telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 7 });
  expect(await send(api, 501, "?")).toEqual({ waitMs: 7000 });
  expect(await send(api, 501, "<b>")).toMatchObject({
    failed: expect.stringMatching(/^400: Bad Request: can't parse/),
  });
  telegram.faults.next({ method: "sendMessage", status: 502 });
  expect(await send(api, 501, "?")).toEqual({ failed: "502: Bad Gateway" });
  const other = telegramApi({ token: "1:wrong", apiRoot: telegram.url });
  expect(await send(other, 501, "?")).toEqual({ failed: "401: Unauthorized" });
});

test("a cut answer and a dead server are failures without the token", async () => {
  const { telegram, api } = await chat();
  telegram.faults.next({ method: "sendMessage", cut: true });
  const cut = await send(api, 501, "?");
  expect(cut).toHaveProperty("failed");
  await telegram.stop();
  const dead = await send(api, 501, "?");
  expect(dead).toHaveProperty("failed");
  expect(JSON.stringify([cut, dead])).not.toContain("secret-words");
  const error = await api.getMe().catch((thrown: unknown) => thrown);
  expect(Bun.inspect(error, { depth: 10 })).not.toContain("secret-words");
  expect(faultText(error, TOKEN)).toContain("getMe");
});
