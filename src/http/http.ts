// The program's HTTP: two webhooks, health, nothing else. No answer carries a stack, a query, a path or a setting.

import { createHash, timingSafeEqual } from "node:crypto";
import { Elysia } from "elysia";
import type { Log } from "../log.ts";

export interface Doors {
  /** Null: the bot polls, there is no webhook. */
  telegram: { secret: string; handle: (update: object) => Promise<object | null> } | null;
  /** The database answers and is migrated. */
  ready: () => Promise<boolean>;
  log: Log;
}

const bodyLimit = 1024 * 1024;

/** The routes, not listening yet; `listen` it, or hand it a Request. */
export function createHttp({ telegram, ready, log }: Doors) {
  return new Elysia({ strictPath: true, serve: { maxRequestBodySize: bodyLimit, reusePort: false } })
    .onError(({ code, error, set }) => {
      set.status = code === "NOT_FOUND" ? 404 : code === "PARSE" ? 400 : 500;
      if (set.status === 500) log.error({ err: error }, "a request failed");
      return "";
    })
    .get("/healthz", () => "ok")
    .get("/readyz", async ({ set }) => {
      const well = await ready().catch(() => false);
      set.status = well ? 200 : 503;
      return well ? "ready" : "not ready";
    })
    .post(
      "/telegram/webhook",
      async ({ request, set }) => {
        if (!telegram) {
          set.status = 404;
          return "";
        }
        if (!sameSecret(request.headers.get("x-telegram-bot-api-secret-token"), telegram.secret)) {
          set.status = 401;
          return "";
        }
        const update = await bodyOf(request);
        if (update === null) {
          set.status = 400;
          return "";
        }
        return (await telegram.handle(update)) ?? "";
      },
      // The secret comes first: a body that nobody may send is not even parsed.
      { parse: "none" },
    );
}

/** In constant time, whatever the lengths. */
export function sameSecret(given: string | null, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given ?? ""), digest(secret)) && given !== null;
}

/** The update, or null when it is none: cut off, not JSON, without its number. */
async function bodyOf(request: Request): Promise<object | null> {
  try {
    const text = await request.text();
    if (text.length > bodyLimit) return null;
    const body: unknown = JSON.parse(text);
    const { update_id } = Object(body) as { update_id?: unknown };
    return Number.isSafeInteger(update_id) ? (body as object) : null;
  } catch {
    return null;
  }
}
