// A Telegram that takes everything at once and keeps nothing, for rows in which it is not what is measured.

import type { User } from "grammy/types";
import { FIRST_CHAT } from "./fill.ts";

const me: User = { id: 7000000001, is_bot: true, first_name: "bench", username: "bench_bot" };

export type QuickTelegram = ReturnType<typeof quickTelegram>;

/** `seen.messages` counts what was sent to clients. */
export function quickTelegram() {
  const seen = { messages: 0 };
  const server = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0, idleTimeout: 0 },
    async fetch(request) {
      const method = new URL(request.url).pathname.split("/").at(-1);
      if (method === "getMe") return Response.json({ ok: true, result: me });
      if (method === "getWebhookInfo")
        return Response.json({ ok: true, result: { url: "", has_custom_certificate: false } });
      if (method !== "sendMessage") return Response.json({ ok: true, result: true });
      const { chat_id: id } = (await request.json()) as { chat_id: number };
      if (id >= FIRST_CHAT) seen.messages += 1; // the rest are alarms to admins
      return Response.json({
        ok: true,
        result: { message_id: seen.messages + 1, date: 1, chat: { id, type: "private" }, text: "" },
      });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, seen, [Symbol.asyncDispose]: () => server.stop(true) };
}
