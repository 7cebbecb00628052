// What a socket can do to the door: slow and huge and odd requests cost the others nothing and learn nothing.
import { afterEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createHttp } from "../../src/http/http.ts";
import { makeLog } from "../../src/log.ts";
import { until } from "../helpers/program.ts";
import { telegramDoor } from "../helpers/telegram-door.ts";

const SECRET = "s3cret-of-telegram";
const YCLIENTS_SECRET = "0123456789abcdef";
const MiB = 1024 * 1024;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function open() {
  const [updates, events, lines]: [object[], string[], string[]] = [[], [], []];
  const handle = async (update: object) => {
    updates.push(update);
  };
  const http = createHttp({
    messengers: [telegramDoor(SECRET, handle)],
    yclients: {
      secret: YCLIENTS_SECRET,
      take: async (body) => {
        events.push(body);
        return true;
      },
    },
    ready: async () => true,
    metrics: { token: "m3trics", text: async () => "loyalty_x 1\n" },
    log: makeLog("debug", false, { write: (line) => void lines.push(line) }),
  });
  http.listen({ hostname: "127.0.0.1", port: 0 });
  closing.push(() => http.server?.stop(true));
  const port = http.server?.port ?? 0;
  return {
    updates,
    lines,
    /** What came in by each of the two doors. */
    taken: { telegram: updates, yclients: events },
    port,
    healthy: () => fetch(`http://127.0.0.1:${port}/healthz`).then((one) => one.text()),
  };
}

/** A connection that says these parts, waiting for the other side to take each. `said` is all that came back. */
async function talk(port: number, parts: (string | Uint8Array)[]) {
  const socket: Socket = connect(port, "127.0.0.1");
  const state = { socket, said: "", closed: false };
  closing.push(() => socket.destroy());
  socket.on("data", (data) => {
    state.said += data;
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    state.closed = true;
  });
  for (const part of parts) {
    if (state.closed) break;
    if (socket.write(part)) continue;
    await new Promise<void>((taken) => void socket.once("drain", taken).once("close", taken));
  }
  return state;
}

const post = (headers: string) =>
  `POST /telegram/webhook HTTP/1.1\r\nHost: a\r\nX-Telegram-Bot-Api-Secret-Token: ${SECRET}\r\n${headers}\r\n`;

/** Both webhooks: how one posts to each with its secret and with none, and what a stranger is answered. */
const doors = {
  telegram: { post, stranger: "/telegram/webhook", refusal: "HTTP/1.1 401" },
  yclients: {
    post: (headers: string) =>
      `POST /yclients/webhook/${YCLIENTS_SECRET} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`,
    stranger: "/yclients/webhook/another",
    refusal: "HTTP/1.1 404",
  },
};
const ofBoth = Object.keys(doors) as (keyof typeof doors)[];

test.each(ofBoth)(
  "a hundred bodies and headers that come a byte at a time hold nobody up, and are taken in the end: %s",
  async (door) => {
    const { port, taken, healthy } = open();
    const { post } = doors[door];
    const body = '{"update_id":1}';
    const bodies = await Promise.all(
      Array.from({ length: 50 }, () =>
        talk(port, [post(`Content-Length: ${body.length}\r\n`), body.slice(0, 3)]),
      ),
    );
    const headers = await Promise.all(Array.from({ length: 50 }, () => talk(port, ["GET /healthz HT"])));
    for (const at of [0, 1, 2]) {
      expect(await healthy()).toBe("ok");
      await talk(port, [post("Content-Length: 15\r\n"), '{"update_id":9}']);
      for (const { socket } of bodies) socket.write(body.charAt(3 + at));
      for (const { socket } of headers) socket.write("TP/"[at] ?? "");
      await until(() => taken[door].length === at + 1); // of those that were quick
    }
    for (const { socket } of bodies) socket.write(body.slice(6));
    for (const { socket } of headers) socket.write("1.1\r\nHost: a\r\n\r\n");
    await until(() => bodies.every(({ said }) => said.startsWith("HTTP/1.1 200")));
    await until(() => headers.every(({ said }) => said.endsWith("\r\n\r\nok")));
    expect(taken[door]).toHaveLength(53);
  },
);

test.each(ofBoth)(
  "of 20 MiB no more is taken than fits the pipe, whether the length is said or not, and by whom: %s",
  async (door) => {
    const { port, taken, healthy } = open();
    const { post, stranger, refusal } = doors[door];
    const block = Buffer.alloc(64 * 1024, "a");
    const chunk = Buffer.concat([Buffer.from("10000\r\n"), block, Buffer.from("\r\n")]);
    const extended = Buffer.from(`1;${"x".repeat(60_000)}\r\na\r\n`);
    const cases: [string, Uint8Array, number][] = [
      [post(`Content-Length: ${20 * MiB}\r\n`), block, 320],
      [post("Transfer-Encoding: chunked\r\n"), chunk, 320],
      [post("Transfer-Encoding: chunked\r\n"), extended, 350],
    ];
    for (const [head, part, times] of cases) {
      const { said, socket } = await talk(port, [head, ...Array<Uint8Array>(times).fill(part)]);
      expect(said.split("\r\n")[0]).toMatch(/^HTTP\/1\.1 413 |^$/); // a reset may overtake the answer
      expect(socket.bytesWritten).toBeLessThan(10 * MiB);
    }
    // Who has no secret is answered before the body is there; what comes of it after that is not kept.
    Bun.gc(true);
    const before = process.memoryUsage.rss();
    const head = `POST ${stranger} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`;
    for (let times = 0; times < 10; times++) {
      const one = await talk(port, [head, ...Array<Uint8Array>(320).fill(chunk)]);
      await until(() => one.closed || one.said.startsWith(refusal));
      one.socket.destroy();
    }
    Bun.gc(true);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MiB);
    expect(taken[door]).toEqual([]);
    expect(await healthy()).toBe("ok");
  },
);

const host = "Host: a\r\n";
const many = Array.from({ length: 10_000 }, (_, at) => `X-${at}: echo-me\r\n`).join("");
const odd: [string, string, RegExp][] = [
  ["HEAD", `HEAD /healthz HTTP/1.1\r\n${host}\r\n`, /^200 [\s\S]*length: 2\r\n\r\n$/],
  ["HEAD of nothing", `HEAD /echo-me HTTP/1.1\r\n${host}\r\n`, /^404 /],
  ["OPTIONS", `OPTIONS /telegram/webhook HTTP/1.1\r\n${host}Origin: echo-me\r\n\r\n`, /^404 /],
  ["OPTIONS of all", `OPTIONS * HTTP/1.1\r\n${host}\r\n`, /^400 /],
  ["TRACE", `TRACE / HTTP/1.1\r\n${host}X: echo-me\r\n\r\n`, /^404 /],
  ["CONNECT", `CONNECT echo-me:443 HTTP/1.1\r\n${host}\r\n`, /^404 /],
  ["no method", `ECHO-ME / HTTP/1.1\r\n${host}\r\n`, /^$/],
  ["no HTTP", "\x16\x03\x01\x00\xa5 echo-me\r\n\r\n", /^400 /],
  ["HTTP/2 unasked", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", /^400 /],
  ["a zero byte, escaped", `GET /echo-me%00 HTTP/1.1\r\n${host}\r\n`, /^404 /],
  ["a zero byte", `GET /echo-me\0 HTTP/1.1\r\n${host}\r\n`, /^(400|505) /],
  ["the way up", `GET /../../echo-me/etc/passwd HTTP/1.1\r\n${host}\r\n`, /^404 /],
  ["the way up, escaped", `GET /x/..%2f..%2fhealthz HTTP/1.1\r\n${host}\r\n`, /^404 /],
  ["a doubled slash", `GET //healthz HTTP/1.1\r\n${host}\r\n`, /^404 /],
  [
    "no unicode",
    `POST /yclients/webhook/%ff%zz-echo-me HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`,
    /^404 /,
  ],
  ["a long path", `GET /${"echo-me".repeat(1_000)} HTTP/1.1\r\n${host}\r\n`, /^404 /],
  ["a path of 100 KB", `GET /${"e".repeat(100_000)} HTTP/1.1\r\n${host}\r\n`, /^(414|431) /],
  ["10 000 headers", `GET /healthz HTTP/1.1\r\n${host}${many}\r\n`, /^431 /],
  ["a header of a megabyte", `GET /healthz HTTP/1.1\r\n${host}X: ${"e".repeat(MiB)}\r\n\r\n`, /^431 /],
  ["two lengths", `${post("Content-Length: 3\r\nContent-Length: 30\r\n")}abc`, /^400 /],
  [
    "a length and chunks",
    `${post("Content-Length: 15\r\nTransfer-Encoding: chunked\r\n")}0\r\n\r\n`,
    /^400 /,
  ],
  ["a length below zero", post("Content-Length: -1\r\n"), /^400 /],
  ["no host", "GET /healthz HTTP/1.1\r\n\r\n", /^400 /],
];

test.each(odd)("an odd request gets a status and no word more: %s", async (_, request, answer) => {
  const { port, updates, lines, healthy } = open();
  const one = await talk(port, [request]);
  await until(() => one.closed || one.said.includes("\r\n\r\n"));
  expect(one.said.replace("HTTP/1.1 ", "")).toMatch(answer);
  expect(one.said).not.toMatch(/echo-me|s3cret|Bun|Elysia|\/src\/|^server:|^x-powered-by:/im);
  if (!one.said.startsWith("HTTP/1.1 200")) expect(one.said.split("\r\n\r\n")[1] ?? "").toBe("");
  expect(lines).toEqual([]);
  expect(updates).toEqual([]);
  expect(await healthy()).toBe("ok");
});

test("requests in one packet are answered each in its turn, and none is taken for another's body", async () => {
  const { port, updates } = open();
  const body = '{"update_id":5}';
  const one = await talk(port, [
    `GET /healthz HTTP/1.1\r\n${host}\r\n${post(`Content-Length: ${body.length}\r\n`)}${body}GET /no HTTP/1.1\r\n${host}\r\n` +
      `GET /readyz HTTP/1.1\r\n${host}\r\n`,
  ]);
  await until(() => one.said.endsWith("ready"));
  expect([...one.said.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))).toEqual([
    200, 200, 404, 200,
  ]);
  expect(updates).toEqual([{ update_id: 5 }]);
});

test("a secret is compared in one place, in constant time, and never with an operator", () => {
  const source = readFileSync(join(import.meta.dir, "../../src/http/http.ts"), "utf8");
  // Who gave what is null where nothing was given: that alone may be asked with an operator.
  const lines = source
    .split("\n")
    .map((line) => line.replace(/\b(given|metrics|telegram|yclients) [!=]== null/g, ""));
  const compared =
    /\b(secret|token|given)\b.*([!=]==|\.(startsWith|includes|indexOf|localeCompare|match|test)\b)/;
  expect(lines.filter((line) => compared.test(line))).toEqual([]);
  expect(source.match(/sameSecret\(/g)).toHaveLength(5); // four doors and the place itself
  expect(source).toContain('timingSafeEqual(digest(given ?? ""), digest(secret))');
});
