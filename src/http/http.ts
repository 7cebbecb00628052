// The program's HTTP: two webhooks, health, metrics, nothing else. No answer carries a stack, a query, a path or a setting.

import { createHash, timingSafeEqual } from "node:crypto";
import { Elysia } from "elysia";
import { RetryUpdate } from "../errors.ts";
import type { Log } from "../log.ts";

/** Where a messenger's updates come in, with the secret in a header. `isUpdate` is what a body must be to be handled. */
export interface MessengerWebhook {
  name: string;
  path: string;
  header: string;
  secret: string;
  isUpdate: (body: unknown) => boolean;
  handle: (update: object) => Promise<void>;
}

export interface HttpDeps {
  /** None: the bot polls, there is no such webhook. */
  messengers: readonly MessengerWebhook[];
  /** Null: there is no such webhook. `take` stores what a body hints at; false when it is no event. */
  yclients: { secret: string; take: (body: string) => Promise<boolean> } | null;
  /** The database answers and is migrated. */
  ready: () => Promise<boolean>;
  /** Null: nobody may read them. */
  metrics: { token: string; text: () => Promise<string> } | null;
  /** The page that checks statements, and the days' roots that it asks for; not there: there is no such page. */
  proof?: { page: string; roots: () => Promise<string> } | null;
  /** The page that opens the bot in any messenger, of a start payload or none; not there: there is no such page. */
  ways?: { page: (start: string) => Promise<string>; headers: Readonly<Record<string, string>> } | null;
  /** Told of each webhook's answer, and how many milliseconds it took. */
  answered?: (webhook: string, status: number, ms: number) => void;
  log: Log;
}

const bodyLimit = 1024 * 1024;

/** The routes, not listening yet; `listen` it, or hand it a Request. */
export function createHttp({
  messengers,
  yclients,
  ready,
  metrics,
  proof = null,
  ways = null,
  log,
  answered = () => {},
}: HttpDeps) {
  /** Times a webhook. A failure is logged, and the sender delivers again. */
  const timed = async (webhook: string, work: () => Promise<number>): Promise<Response> => {
    const began = performance.now();
    const status = await work().catch((error: unknown) => {
      const wait = error instanceof RetryUpdate ? error : null;
      if (wait)
        log.info({ webhook, waitMs: wait.waitMs }, wait.message); // no fault, and it passes
      else log.error({ err: error, webhook }, "a webhook failed");
      return 500;
    });
    answered(webhook, status, performance.now() - began);
    return new Response("", { status });
  };
  /** Whatever the payload, it is the same page: nobody learns here whether there is such a card. */
  const wayOf = (start: string, set: { status?: number | string; headers: object }) => {
    set.status = ways && /^[\w-]{0,64}$/.test(start) ? 200 : 404;
    if (!ways || set.status === 404) return "";
    Object.assign(set.headers, ways.headers);
    return ways.page(start);
  };
  const webhooks = new Elysia();
  // The secrets come first: a body that nobody may send is not even parsed.
  for (const one of messengers)
    webhooks.post(one.path, ({ request }) => timed(one.name, () => takeUpdate(request, one)), {
      parse: "none",
    });
  return (
    new Elysia({ strictPath: true, serve: { maxRequestBodySize: bodyLimit, reusePort: false } })
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
      .get("/metrics", async ({ request, set }) => {
        const right = metrics && sameSecret(request.headers.get("authorization"), `Bearer ${metrics.token}`);
        set.status = right ? 200 : metrics ? 401 : 404;
        if (!right) return "";
        set.headers["content-type"] = "text/plain; version=0.0.4; charset=utf-8";
        return metrics.text();
      })
      .get("/proof", ({ set }) => {
        set.status = proof ? 200 : 404;
        if (!proof) return "";
        set.headers["content-type"] = "text/html; charset=utf-8";
        // What it may do and ask for stands in the page itself, for it is kept as a file too.
        set.headers["content-security-policy"] = "frame-ancestors 'none'";
        set.headers["x-content-type-options"] = "nosniff";
        set.headers["referrer-policy"] = "no-referrer";
        return proof.page;
      })
      .get("/proof/roots", ({ set }) => {
        set.status = proof ? 200 : 404;
        set.headers["content-type"] = "text/plain; charset=utf-8";
        return proof ? proof.roots() : "";
      })
      .get("/c", ({ set }) => wayOf("", set))
      .get("/c/:start", ({ params, set }) => wayOf(params.start, set))
      .use(webhooks)
      .post(
        "/yclients/webhook/:secret",
        ({ request, params }) =>
          yclients && sameSecret(params.secret, yclients.secret)
            ? timed("yclients", () => takeEvent(request, yclients))
            : new Response("", { status: 404 }),
        { parse: "none" },
      )
      // Some ask the address before they keep it; HEAD comes this way too.
      .get("/yclients/webhook/:secret", ({ params, set }) => {
        set.status = yclients && sameSecret(params.secret, yclients.secret) ? 200 : 404;
        return "";
      })
  );
}

async function takeUpdate(
  request: Request,
  { header, secret, isUpdate, handle }: MessengerWebhook,
): Promise<number> {
  if (!sameSecret(request.headers.get(header), secret)) return 401;
  const update = objectOf(await textOf(request));
  if (update === null || !isUpdate(update)) return 400;
  await handle(update);
  return 200;
}

async function takeEvent(request: Request, { take }: NonNullable<HttpDeps["yclients"]>): Promise<number> {
  const text = await textOf(request);
  return text !== null && (await take(text)) ? 200 : 400;
}

/** In constant time, whatever the lengths. */
export function sameSecret(given: string | null, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given ?? ""), digest(secret)) && given !== null;
}

/** The body as text, or null when it was cut off or is too long. */
async function textOf(request: Request): Promise<string | null> {
  try {
    const text = await request.text();
    return text.length > bodyLimit ? null : text;
  } catch {
    return null;
  }
}

/** The object that a text is, or null when it is none. */
function objectOf(text: string | null): object | null {
  try {
    const body: unknown = JSON.parse(text ?? "");
    return typeof body === "object" ? body : null;
  } catch {
    return null;
  }
}
