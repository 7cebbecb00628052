/** The site of docs/nginx.conf: what it lets through, what it refuses, what it writes down. */
import { expect } from "bun:test";
import { testWith, whereIs } from "../helpers/installed.ts";
import { startNginx } from "../helpers/nginx.ts";
import { freePort, until, world } from "../helpers/program.ts";

const test = testWith({ nginx: whereIs("nginx"), openssl: whereIs("openssl") });
const secret = "a-secret-that-yclients-knows";

/** Somebody behind nginx who answers what was asked, in words. */
function echo() {
  const lengths: number[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    maxRequestBodySize: 8 * 1024 * 1024,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      const { length } = await request.text();
      lengths.push(length);
      return Response.json({
        asked: `${request.method} ${pathname}${search}`,
        length,
        headers: request.headers.toJSON(),
      });
    },
  });
  return Object.assign(server, { lengths });
}

/** What comes of a POST of which only the first bytes are sent: nginx's status, and the milliseconds until it hung up. */
async function dawdle(port: number, head: string): Promise<{ said: string; ms: number }> {
  const began = performance.now();
  const { promise, resolve } = Promise.withResolvers<void>();
  let said = "";
  await Bun.connect({
    hostname: "127.0.0.1",
    port,
    tls: { rejectUnauthorized: false },
    socket: {
      open: (socket) => void socket.write(head),
      data: (_socket, bytes) => {
        said += new TextDecoder().decode(bytes);
      },
      close: () => resolve(),
    },
  });
  await promise;
  return { said, ms: performance.now() - began };
}

test("only the webhooks, the page of a card and /healthz are let through, and only by their own method", async () => {
  using upstream = echo();
  await using nginx = await startNginx([upstream.port ?? 0]);
  const status = async (method: string, path: string) =>
    (await nginx.ask(path, { method, ...(method === "POST" && { body: "{}" }) })).status;
  for (const messenger of ["telegram", "max"])
    expect(await status("POST", `/${messenger}/webhook`)).toBe(200);
  expect(await status("POST", `/yclients/webhook/${secret}`)).toBe(200);
  for (const method of ["GET", "HEAD"]) expect(await status(method, `/yclients/webhook/${secret}`)).toBe(200);
  expect(await status("GET", "/healthz")).toBe(200);
  for (const [method, path] of [
    ["GET", "/telegram/webhook"],
    ["PUT", "/telegram/webhook"],
    ["GET", "/max/webhook"],
    ["POST", "/max/webhook/x"],
    ["PUT", `/yclients/webhook/${secret}`],
    ["POST", `/yclients/webhook/${secret}/more`],
    ["POST", "/yclients/webhook/"],
    ["POST", "/telegram/webhook/"],
    ["POST", "/telegram/webhookX"],
    ["GET", "/"],
    ["GET", "/readyz"],
    ["GET", "/metrics"],
    ["GET", "/.env"],
    ["GET", "/.well-known/acme-challenge/x"],
  ] as const) {
    const answer = await nginx.ask(path, { method, ...(method !== "GET" && { body: "{}" }) });
    expect([method, path, answer.status]).toEqual([method, path, 404]);
    expect(await answer.text()).not.toContain("asked");
  }
  for (const path of ["/", "/telegram/webhook", "/healthz"])
    expect(
      (await fetch(`http://127.0.0.1:${nginx.http}${path}`, { method: "POST", body: "{}" })).status,
    ).toBe(404);
});

test("the program is told the caller's real address and the name asked for, not what the caller says of himself", async () => {
  using upstream = echo();
  await using nginx = await startNginx([upstream.port ?? 0]);
  const headers = {
    "X-Forwarded-For": "6.6.6.6",
    "X-Real-IP": "6.6.6.6",
    "X-Telegram-Bot-Api-Secret-Token": "s",
    Host: "bot",
  };
  const answer = await nginx.ask("/telegram/webhook?a=1", { method: "POST", body: "{}", headers });
  const told = (await answer.json()) as { asked: string; headers: Record<string, string> };
  expect(told.asked).toBe("POST /telegram/webhook?a=1");
  expect(told.headers).toMatchObject({
    "x-forwarded-for": "127.0.0.1",
    "x-real-ip": "127.0.0.1",
    "x-forwarded-proto": "https",
    "x-telegram-bot-api-secret-token": "s",
    host: "bot",
  });
});

test("a body of a mebibyte passes, a greater one and a slow one do not reach the program", async () => {
  using upstream = echo();
  await using nginx = await startNginx([upstream.port ?? 0]);
  const size = 1024 * 1024;
  const post = (length: number) =>
    nginx.ask("/telegram/webhook", { method: "POST", body: "x".repeat(length) });
  expect(await (await post(size)).json()).toMatchObject({ length: size });
  expect((await post(size + 1)).status).toBe(413);
  const head = "POST /telegram/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n";
  const [slowBody, slowHead] = await Promise.all([
    dawdle(nginx.https, `${head}\r\n{`),
    dawdle(nginx.https, head),
  ]);
  for (const { said, ms } of [slowBody, slowHead]) {
    expect(said).toMatch(/^(HTTP\/1.1 408 |$)/);
    expect(ms).toBeLessThan(30_000); // of itself nginx waits for a minute
  }
  expect(upstream.lengths).toEqual([size]);
});

test("the secret of the YCLIENTS webhook is in no log, whatever becomes of the request", async () => {
  await using nginx = await startNginx([freePort()]); // nobody is there
  const path = `/yclients/webhook/${secret}`;
  const post = (to: string, body = "{}") =>
    nginx.ask(to, { method: "POST", body }).then((answer) => answer.status);
  expect(await post(path)).toBe(502);
  expect(await post(path, "x".repeat(2 * 1024 * 1024))).toBe(413);
  expect(await post(`/YCLIENTS//webhook/${secret}/?x=${secret}`)).toBe(404);
  expect(await post(`/%79clients/webhook/${secret}`)).toBe(502);
  expect((await nginx.ask("/healthz")).status).toBe(502);
  expect((await fetch(`http://127.0.0.1:${nginx.http}${path}`)).status).toBe(404);
  await dawdle(nginx.https, `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{`);
  await until(() => nginx.read("loyalty-bot.log").split("\n").length > 6);
  const written = nginx.read("loyalty-bot.log");
  expect(written).toMatch(
    /^127\.0\.0\.1 \[\d{4}-\S+\] "POST \/yclients\/webhook\/-" 502 \d+ \S+ "127\.0\.0\.1:\d+" "502"$/m,
  );
  expect(written).toContain('"GET /healthz" 502');
  expect(written + nginx.read("access.log") + nginx.read("error.log")).not.toContain(secret);
});

test("a request goes to a replica that lives when the other one is gone", async () => {
  await using w = await world();
  const gone = freePort();
  await using nginx = await startNginx([gone, w.port]);
  const service = await w.serve(nginx.publicUrl);
  const anna = await w.anna();
  await until(() => w.telegram.webhook.url !== "");
  for (let time = 0; time < 4; time++) await anna.say("/id");
  await until(() => w.telegram.messages(501).filter((one) => one.from === "bot").length === 4);
  expect(w.telegram.webhook.lastError).toBeUndefined();
  expect((await nginx.ask("/healthz")).status).toBe(200);
  expect((await nginx.ask("/telegram/webhook", { method: "POST", body: "{}" })).status).toBe(401);
  expect((await service.stop()).code).toBe(0);
});
