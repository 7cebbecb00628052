// The doors, by real HTTP: who may come in, what is refused, and that no answer tells anything.
import { afterEach, expect, test } from "bun:test";
import { pino } from "pino";
import { RetryUpdate } from "../../src/errors.ts";
import { createHttp, type HttpDeps, sameSecret } from "../../src/http/http.ts";
import { telegramDoor } from "../helpers/telegram-door.ts";

const SECRET = "s3cret";
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function open(changes: Partial<HttpDeps> = {}) {
  const [updates, lines]: [object[], string[]] = [[], []];
  const handle = async (update: object) => {
    updates.push(update);
  };
  const http = createHttp({
    messengers: [telegramDoor(SECRET, handle)],
    yclients: null,
    ready: async () => true,
    metrics: null,
    log: pino({ level: "debug" }, { write: (line: string) => void lines.push(line) }),
    ...changes,
  });
  http.listen({ hostname: "127.0.0.1", port: 0 });
  closing.push(() => http.server?.stop(true));
  const root = `http://127.0.0.1:${http.server?.port}`;
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(root + path, init);
    return { status: response.status, body: await response.text() };
  };
  const post = (body: string | ReadableStream, secret: string | null = SECRET) =>
    ask("/telegram/webhook", {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        ...(secret !== null && { "X-Telegram-Bot-Api-Secret-Token": secret }),
      },
    });
  return { updates, lines, root, ask, post };
}

test("an update comes in with the right secret only", async () => {
  const { post, updates } = open();
  const update = JSON.stringify({ update_id: 1, message: { text: "Привет" } });
  for (const wrong of [null, "", "S3cret", "s3cre", "s3cret0", "x".repeat(5000)])
    expect(await post(update, wrong)).toEqual({ status: 401, body: "" });
  expect(updates).toEqual([]);
  expect(await post(update)).toEqual({ status: 200, body: "" });
  expect(updates).toEqual([{ update_id: 1, message: { text: "Привет" } }]);
});

test("an update that has to wait is delivered again, and that is no fault with a stack in the log", async () => {
  const failure = new RetryUpdate(3_000);
  const { post, lines } = open({ messengers: [telegramDoor(SECRET, () => Promise.reject(failure))] });
  expect((await post('{"update_id":1}')).status).toBe(500);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 30, waitMs: 3_000, msg: expect.stringContaining("again in 3000 ms") }),
  ]);
  expect(lines.join()).not.toContain("stack");
});

test("secrets are compared whole", () => {
  expect(["a", "", "ab", null, "A"].map((given) => sameSecret(given, "a"))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(sameSecret("", "")).toBeTrue();
});

test("a body that is no update is refused, and nobody without the secret learns that", async () => {
  const { post, updates } = open();
  const junk = [
    "",
    "{",
    "null",
    "[]",
    "7",
    '"x"',
    "{}",
    '{"update_id":"1"}',
    '{"update_id":1.5}',
    "a=b",
    "\0",
  ];
  for (const body of junk) {
    expect(await post(body)).toEqual({ status: 400, body: "" });
    expect(await post(body, null)).toEqual({ status: 401, body: "" });
  }
  expect(updates).toEqual([]);
});

test("a body above 1 MiB is refused, with its length said or not, and one just below is taken", async () => {
  const { post, updates } = open();
  const sized = (size: number) =>
    JSON.stringify({ update_id: 1, x: "" }).replace('""', () => `"${"a".repeat(size - 22)}"`);
  const exact = sized(1024 * 1024);
  expect(exact).toHaveLength(1024 * 1024);
  expect(await post(exact)).toEqual({ status: 200, body: "" });
  for (const secret of [SECRET, null]) {
    const { status, body } = await post(sized(1024 * 1024 + 1), secret);
    expect([status, body]).toEqual([413, ""]);
  }
  const chunk = new Uint8Array(64 * 1024).fill(97);
  const endless = new ReadableStream({
    async pull(controller) {
      await Bun.sleep(1);
      controller.enqueue(chunk);
    },
  });
  const answer = await post(endless).catch(() => ({ status: 0, body: "" }));
  expect([0, 400, 413]).toContain(answer.status);
  expect(answer.body).toBe("");
  expect(updates).toHaveLength(1);
  expect(await post('{"update_id":2}')).toEqual({ status: 200, body: "" });
});

test("an update that fails is a 500 with nothing in it, and the log knows more", async () => {
  const { post, lines } = open({
    messengers: [
      telegramDoor(SECRET, async () => {
        throw new Error("select * from clients at /srv/src/x.ts with s3cret");
      }),
    ],
  });
  expect(await post('{"update_id":1}')).toEqual({ status: 500, body: "" });
  expect(lines).toHaveLength(1);
});

test("without a webhook there is no such route", async () => {
  const { post } = open({ messengers: [] });
  expect(await post('{"update_id":1}')).toEqual({ status: 404, body: "" });
});

test("healthz says that the process lives, readyz whether it can work, neither more", async () => {
  for (const [ready, status, body] of [
    [async () => true, 200, "ready"],
    [async () => false, 503, "not ready"],
    [() => Promise.reject(new Error("password of db")), 503, "not ready"],
  ] as const) {
    const { ask } = open({ ready });
    expect(await ask("/healthz")).toEqual({ status: 200, body: "ok" });
    expect(await ask("/readyz")).toEqual({ status, body });
  }
});

test("everything else is 404 without an echo", async () => {
  const { ask } = open();
  for (const path of [
    ...[
      "/",
      "/echo-me",
      "/healthz/",
      "/telegram",
      "/telegram/webhook/x",
      "/metrics",
      "/.env",
      "/%2e%2e/etc/passwd",
    ],
    ...["/%ff", "/healthz%00", "/<script>", "/swagger", "/yclients/webhook/x"],
  ]) {
    const answer = await ask(path);
    expect({ path, ...answer }).toEqual({ path, status: 404, body: "" });
  }
  for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
    expect(await ask("/telegram/webhook", { method })).toEqual({ status: 404, body: "" });
  for (const method of ["POST", "PUT", "DELETE"])
    expect(await ask("/readyz?echo=me", { method, body: "{" })).toEqual({ status: 404, body: "" });
});

/** A door for YCLIENTS that takes JSON objects as events, and the events it took. */
function openToYclients(changes: Partial<HttpDeps> = {}) {
  const events: string[] = [];
  const take = async (body: string) => {
    if (!body.startsWith("{")) return false;
    events.push(body);
    return true;
  };
  const seen: [string, number][] = [];
  const door = open({
    yclients: { secret: "0123456789abcdef", take },
    answered: (webhook, status) => void seen.push([webhook, status]),
    ...changes,
  });
  const tell = (body: string, secret = "0123456789abcdef") =>
    door.ask(`/yclients/webhook/${secret}`, { method: "POST", body });
  return { ...door, events, seen, tell };
}

test("YCLIENTS comes in by the secret in its address; any other address is not there, whatever it brings", async () => {
  const { tell, events, seen, ask } = openToYclients();
  const big = "{".repeat(1024 * 1024 + 1);
  for (const wrong of [
    "x",
    "0123456789abcde",
    "0123456789abcdef0",
    "0123456789ABCDEF",
    "%30123456789abcde",
    "a/b",
  ])
    expect(await tell("{}", wrong)).toEqual({ status: 404, body: "" });
  for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS"])
    expect(await ask("/yclients/webhook/0123456789abcdef", { method })).toEqual({ status: 404, body: "" });
  expect([events, seen]).toEqual([[], []]);
  expect(await tell("{}")).toEqual({ status: 200, body: "" });
  expect(await tell("nonsense")).toEqual({ status: 400, body: "" });
  expect(await tell("")).toEqual({ status: 400, body: "" });
  expect((await tell(big)).status).toBe(413);
  expect(events).toEqual(["{}"]);
  expect(seen).toEqual([
    ["yclients", 200],
    ["yclients", 400],
    ["yclients", 400],
  ]);
});

test("who only asks whether the address is there hears yes or no, and brings nothing in", async () => {
  const { ask, events, seen } = openToYclients();
  for (const method of ["GET", "HEAD"]) {
    expect(await ask("/yclients/webhook/0123456789abcdef", { method })).toEqual({ status: 200, body: "" });
    expect(await ask("/yclients/webhook/0123456789abcdeF", { method })).toEqual({ status: 404, body: "" });
    expect(await open().ask("/yclients/webhook/x", { method })).toEqual({ status: 404, body: "" });
  }
  expect([events, seen]).toEqual([[], []]);
});

test("an event that cannot be stored is a 500, so that YCLIENTS sends it again", async () => {
  const take = () => Promise.reject(new Error("the database of postgres://u:p@h is away"));
  const { tell, lines } = openToYclients({ yclients: { secret: "0123456789abcdef", take } });
  expect(await tell("{}")).toEqual({ status: 500, body: "" });
  expect(lines).toHaveLength(1);
  expect(lines.join()).not.toContain("0123456789abcdef");
});

test("the metrics are for whoever has the token", async () => {
  const { ask } = open({ metrics: { token: "m3trics", text: async () => "loyalty_x 1\n" } });
  const asked = (authorization?: string) =>
    ask("/metrics", { headers: authorization ? { authorization } : {} });
  for (const wrong of [undefined, "m3trics", "Bearer", "Bearer m3tric", "Bearer m3tricss", "Basic m3trics"])
    expect(await asked(wrong)).toEqual({ status: 401, body: "" });
  expect(await asked("Bearer m3trics")).toEqual({ status: 200, body: "loyalty_x 1\n" });
  expect(await open().ask("/metrics", { headers: { authorization: "Bearer m3trics" } })).toEqual({
    ...{ status: 404, body: "" },
  });
});
