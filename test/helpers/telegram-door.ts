// Telegram's webhook as the server opens it, before a handler of the test's.
import { telegramMessenger } from "../../src/channels/telegram/messenger.ts";
import type { MessengerWebhook } from "../../src/http/http.ts";

export function telegramDoor(secret: string, handle: MessengerWebhook["handle"]): MessengerWebhook {
  const { webhook } = telegramMessenger({
    token: "1:x",
    apiRoot: "http://127.0.0.1:9",
    webhookSecret: secret,
  });
  return { ...webhook, name: "telegram", handle };
}
