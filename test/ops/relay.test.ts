/** docs/relay.conf under nginx: one bot's calls reach Telegram through it, proven to be Telegram, and nothing else passes. */
import { afterAll, expect } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "../helpers/certificate.ts";
import { testWith, whereIs } from "../helpers/installed.ts";
import { startRelay } from "../helpers/nginx.ts";
import { filledIn, paperBlock, readPaper } from "../helpers/papers.ts";
import { freePort, TOKEN, until, world } from "../helpers/program.ts";

const test = testWith({ nginx: whereIs("nginx"), openssl: whereIs("openssl") });
const folder = mkdtempSync(join(tmpdir(), "loyalty-relay-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The commands of docs/operate.md, as they stand there, with the token typed in: the site that they make. */
function siteFor(token: string): string {
  const place = mkdtempSync(join(folder, "site-"));
  for (const name of ["sites-available", "sites-enabled"]) mkdirSync(join(place, name));
  writeFileSync(join(place, "relay.conf"), readPaper("docs/relay.conf"));
  const block = filledIn(paperBlock("docs/operate.md", "sh", "TOKEN-DIGEST"), { "/etc/nginx": "." });
  const script = `nginx() { :; }; systemctl() { :; }; name=relay.salon.ru\n${block}`;
  const ran = Bun.spawnSync(["bash", "-euo", "pipefail", "-c", script], {
    cwd: place,
    stdin: Buffer.from(`${token}\n`),
  });
  expect([ran.exitCode, ran.stderr.toString()]).toEqual([0, ""]);
  expect(ran.stdout.toString()).not.toContain(token);
  return readFileSync(join(place, "sites-enabled/loyalty-relay"), "utf8");
}

const digestFor = (token: string) => /secure_link +(\S+);/.exec(siteFor(token))?.[1] ?? "";

/** What answers by TLS under the certificate of `name`, and what it was asked. */
function behindTls(name: string, answer: (request: Request) => Response | Promise<Response>) {
  const place = mkdtempSync(join(folder, "tls-"));
  selfSigned(place, name);
  const [key, cert] = ["server.key", "server.crt"].map((file) => readFileSync(join(place, file), "utf8"));
  const asked: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { key, cert },
    idleTimeout: 60,
    maxRequestBodySize: 64 * 1024 * 1024,
    fetch: (request) => {
      const { pathname, search } = new URL(request.url);
      asked.push(`${request.method} ${pathname}${search}`);
      return answer(request);
    },
  });
  const port = server.port ?? 0;
  return { ...{ asked, port, certificate: cert ?? "" }, [Symbol.asyncDispose]: () => server.stop(true) };
}

const api = (answer: Parameters<typeof behindTls>[1]) => behindTls("api.telegram.org", answer);
const relayTo = (to: { port: number; certificate: string }, changes = {}) =>
  startRelay({ digest: digestFor(TOKEN), api: to.port, apiCertificate: to.certificate, ...changes });

test("a bot that reaches Telegram by the relay alone answers, sends pictures, and check measures the way", async () => {
  await using w = await world();
  const stand = new URL(w.telegram.url);
  await using telegram = await api(async (request) => {
    const { pathname, search } = new URL(request.url);
    const { method, headers } = request;
    return fetch(new URL(pathname + search, stand), { method, headers, body: await request.arrayBuffer() });
  });
  await using relay = await relayTo(telegram);
  const roots = join(folder, "relay.crt");
  writeFileSync(roots, relay.read("server.crt"));
  const env = { TELEGRAM_API_ROOT: `https://localhost:${relay.https}`, NODE_EXTRA_CA_CERTS: roots };
  const service = await w.serve(env);
  const anna = await w.anna();
  await anna.say("/balance");
  await anna.waitForMessage("балл");
  await anna.say("/card");
  await until(() => w.telegram.messages(501).some(({ photo }) => photo !== undefined));
  expect(telegram.asked.some((line) => line.endsWith("/getUpdates"))).toBe(true);
  const { out } = await w.run(["check"], env);
  expect(out).toMatch(
    new RegExp(`^ok +way to Telegram +answers in \\d+ ms, through localhost:${relay.https}$`, "m"),
  );
  expect(out).toMatch(/^ok +way back +none is needed: updates are fetched$/m);
  expect((await service.stop()).code).toBe(0);
  const written = relay.read("access.log") + relay.read("error.log");
  expect(written).not.toContain(TOKEN.split(":")[1] ?? "");
});

test("the calls and files of this bot pass as they are, and nothing else does", async () => {
  await using telegram = await api(async (request) =>
    Response.json({ headers: request.headers.toJSON(), length: (await request.arrayBuffer()).byteLength }),
  );
  await using relay = await relayTo(telegram);
  const status = async (path: string, method = "GET") => (await relay.ask(path, { method })).status;
  const call = await relay.ask(`/bot${TOKEN}/sendMessage?a=%2F`, {
    method: "POST",
    body: "x".repeat(20 * 1024 * 1024),
    headers: { "X-Forwarded-For": "6.6.6.6", "Content-Type": "application/json" },
  });
  const { headers, length } = (await call.json()) as { headers: Record<string, string>; length: number };
  expect(length).toBe(20 * 1024 * 1024);
  expect(headers).toMatchObject({ host: "api.telegram.org", "content-type": "application/json" });
  expect(await status(`/file/bot${TOKEN}/photos/file_1.jpg`)).toBe(200);
  expect(telegram.asked).toEqual([
    `POST /bot${TOKEN}/sendMessage?a=%2F`,
    `GET /file/bot${TOKEN}/photos/file_1.jpg`,
  ]);
  const other = `${TOKEN.slice(0, -1)}x`;
  for (const path of [
    ...["/", "/getMe", `/bot${other}/getMe`, `/bot${TOKEN.toUpperCase()}/getMe`, `/file/bot${other}/a`],
    ...[
      `/bot${TOKEN}`,
      `/bot${TOKEN}/`,
      `/bot/${TOKEN}/getMe`,
      `/x/bot${TOKEN}/getMe`,
      `/bot${TOKEN}x/getMe`,
    ],
    ...[`/bot${TOKEN}/../getMe`, `/bot${TOKEN}/%2e%2e/x`, "/bot:/getMe", "/telegram/webhook", "/healthz"],
  ])
    expect([path, await status(path)]).toEqual([path, 404]);
  for (const method of ["PUT", "DELETE", "OPTIONS"])
    expect(await status(`/bot${TOKEN}/getMe`, method)).toBe(404);
  expect(
    (await relay.ask(`/bot${TOKEN}/sendDocument`, { method: "POST", body: new Uint8Array(51 * 1024 * 1024) }))
      .status,
  ).toBe(413);
  expect(await (await relay.ask(`/bot${other}/getMe`)).json()).toMatchObject({ ok: false, error_code: 404 });
  expect((await fetch(`http://127.0.0.1:${relay.http}/bot${TOKEN}/getMe`)).status).toBe(404);
  expect(telegram.asked).toHaveLength(2);
  expect(relay.read("access.log") + relay.read("error.log")).not.toContain(TOKEN.split(":")[1] ?? "");
});

test("what goes on is what was checked: no other bot's path in another spelling", async () => {
  await using telegram = await api(() => new Response("{}"));
  await using relay = await relayTo(telegram);
  await relay.ask(`/bot1:other/..%2fbot${TOKEN}/%67etMe?a=%2F&b=%20c`);
  expect(telegram.asked).toEqual([`GET /bot${TOKEN}/getMe?a=%2F&b=%20c`]);
});

test("neither a call nor an answer is gathered up on the relay's disk: each goes on as it comes", async () => {
  const rest = Promise.withResolvers<void>();
  const encoder = new TextEncoder();
  await using telegram = await api(
    () =>
      new Response(
        new ReadableStream({
          async start(stream) {
            stream.enqueue(encoder.encode("first "));
            await rest.promise;
            stream.enqueue(encoder.encode("rest"));
            stream.close();
          },
        }),
      ),
  );
  await using relay = await relayTo(telegram);
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: relay.https,
    tls: { rejectUnauthorized: false },
    socket: {
      open: (open) =>
        void open.write(
          `POST /bot${TOKEN}/sendDocument HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx`,
        ),
      data: () => {},
    },
  });
  await until(() => telegram.asked.length === 1); // the rest of its body is still to come
  socket.terminate();
  const reader = (await relay.ask(`/bot${TOKEN}/getMe`)).body?.getReader();
  const read = async () => new TextDecoder().decode((await reader?.read())?.value as Uint8Array | undefined);
  expect(await read()).toBe("first ");
  rest.resolve();
  expect(await read()).toBe("rest");
});

test("whoever is not proven to be Telegram gets nothing, and the bot is told in the Bot API's form", async () => {
  await using other = await behindTls("other.example.com", () => new Response("{}"));
  await using unknown = await api(() => new Response("{}"));
  const away = { ok: false, error_code: 502, description: "Bad Gateway" };
  await using misnamed = await relayTo(other);
  await using untrusted = await relayTo({ ...unknown, certificate: other.certificate });
  await using nobody = await relayTo({ ...unknown, port: freePort() });
  for (const relay of [misnamed, untrusted, nobody]) {
    const answer = await relay.ask(`/bot${TOKEN}/getMe`, { method: "POST" });
    expect([answer.status, await answer.json()]).toEqual([502, away]);
  }
  expect([...other.asked, ...unknown.asked]).toEqual([]);
});

test("where only the bot's server is let in, a stranger with the token is refused", async () => {
  await using telegram = await api(() => new Response("{}"));
  await using relay = await relayTo(telegram, { onlyFor: "203.0.113.7" });
  const answer = await relay.ask(`/bot${TOKEN}/getMe`);
  const no = { ok: false, error_code: 403, description: "Forbidden" };
  expect([answer.status, await answer.json(), telegram.asked]).toEqual([403, no, []]);
});

test("the relay is more patient than the bot, which ends a call for updates by itself", async () => {
  const patience = Number(/proxy_read_timeout +(\d+)s;/.exec(readPaper("docs/relay.conf"))?.[1]) * 1_000;
  const bot = readPaper("src/channels/telegram/messenger.ts");
  const longest = Number(/patient = telegramApi\(\{[^}]*seconds: (\d+) \}/.exec(bot)?.[1]) * 1_000;
  expect(patience).toBeGreaterThan(longest);
});

test("the way back, where it is switched on: Telegram's webhook and nothing else comes to the bot's own site", async () => {
  await using bot = await behindTls("api.telegram.org", async (request) =>
    Response.json({
      secret: request.headers.get("x-telegram-bot-api-secret-token"),
      body: await request.text(),
    }),
  );
  await using relay = await relayTo(bot, { back: { port: bot.port } });
  const headers = { "X-Telegram-Bot-Api-Secret-Token": "s" };
  const post = await relay.ask("/telegram/webhook", { method: "POST", body: "{}", headers });
  expect(await post.json()).toEqual({ secret: "s", body: "{}" });
  expect((await relay.ask("/healthz")).status).toBe(200);
  const big = await relay.ask("/telegram/webhook", { method: "POST", body: "x".repeat(2 * 1024 * 1024) });
  expect(big.status).toBe(413);
  for (const path of ["/yclients/webhook/s", "/readyz", "/metrics", "/telegram/webhook/x"])
    expect((await relay.ask(path, { method: "POST" })).status).toBe(404);
  expect(bot.asked).toEqual(["POST /telegram/webhook", "GET /healthz"]);
});

test("the commands of the paper write the name and the digest into the site, and the token nowhere", async () => {
  const site = siteFor(TOKEN);
  expect(site).toContain("server_name relay.salon.ru;");
  expect(site).not.toMatch(/TOKEN-DIGEST|example\.com/);
  expect(site).not.toContain(TOKEN.split(":")[1] ?? "");
  expect(site).toMatch(/secure_link +[\w-]{22};/);
  expect(digestFor(TOKEN)).not.toBe(digestFor(`${TOKEN}x`));
});
