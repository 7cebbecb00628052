// An API that moves: tokens stay where they were sent, and whoever must act is told which address to write.
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alarmText } from "../../src/alarms/alarms.texts.ts";
import { explain } from "../../src/app/checks.ts";
import { telegramApi } from "../../src/channels/telegram/client.ts";
import { TelegramChannel } from "../../src/channels/telegram/telegram.ts";
import { Unreachable } from "../../src/errors.ts";
import { alarmOfReading, readingAlarms } from "../../src/visits/alarms.rule.ts";
import { type Options, yclients } from "../../src/yclients/client.ts";
import { selfSigned } from "../helpers/certificate.ts";

const servers: { stop(now: boolean): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(true);
});

/** A server that remembers what it was asked, and with which tokens. */
function host(answer: (path: string) => Response, tls?: { cert: string; key: string }) {
  const asked: { path: string; token: string | null }[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    ...(tls && { tls }),
    fetch(request) {
      const path = new URL(request.url).pathname;
      asked.push({ path, token: request.headers.get("authorization") });
      return answer(path);
    },
  });
  servers.push(server);
  return { url: `${server.url.origin}/api/v1`, asked };
}

async function failure(changes: Partial<Options>): Promise<Unreachable> {
  const budget = { take: async () => new Date(), refused: async () => {} };
  const tokens = { partnerToken: "partner", userToken: "user" };
  const client = yclients({ url: "", ...tokens, budget, timeoutMs: 30_000, retryMs: 1, ...changes });
  const error = await client.company(1).catch((thrown: unknown) => thrown);
  if (!(error instanceof Unreachable)) throw error;
  return error;
}

const closed = "http://127.0.0.1:1/api/v1";
const told = (error: Unreachable) => {
  const alarm = alarmOfReading(7, error);
  expect(readingAlarms(7)).toContain(alarm.about);
  return alarmText({ ...alarm, over: false, gone: false }, new Map([[7, "Салон"]]));
};

test("tokens follow no redirect; where it leads to one of the vendor's hosts, that address is to be written", async () => {
  const there = host(() => Response.json({ success: true, data: {} }));
  const here = host((path) => Response.redirect(`${new URL(there.url).origin}${path}?x=1`, 301));
  const error = await failure({ url: here.url, hosts: [here.url, there.url] });
  expect([here.asked.length, there.asked]).toEqual([1, []]);
  expect(explain(error)).toEqual({
    says: "YCLIENTS could not be reached: it answers 301, its API has moved",
    remedy: `set YCLIENTS_API_URL=${there.url}`,
  });
  const words = told(error);
  expect(words).toContain(`YCLIENTS_API_URL=${there.url}`);
  expect(words).not.toContain("Делать ничего не нужно");
});

test("a redirect to anywhere else is followed by nobody and advised to nobody", async () => {
  const stranger = host(() => Response.json({ success: true, data: {} }));
  const here = host(() => Response.redirect(stranger.url, 302));
  const error = await failure({ url: here.url, hosts: [here.url] });
  expect(stranger.asked).toEqual([]);
  expect(explain(error).says).toContain(`it answers 302 and sends to ${new URL(stranger.url).host}`);
  expect(explain(error).remedy).toContain("YCLIENTS_API_URL");
  expect(told(error)).not.toContain("Делать ничего не нужно");
});

test("where one of the vendor's hosts does not answer and the other does, the other is named, and sees no token", async () => {
  const there = host(() => new Response("", { status: 401 }));
  const error = await failure({ url: closed, hosts: [closed, there.url] });
  expect(there.asked.map(({ token }) => token)).toEqual([null]);
  expect(explain(error).remedy).toBe(`set YCLIENTS_API_URL=${there.url}`);
  expect(told(error)).toContain(there.url);
});

test("where neither answers, or the address is the operator's own, waiting is right and owners are told so", async () => {
  for (const hosts of [[closed, "http://127.0.0.1:2/api/v1"], ["http://127.0.0.1:2/api/v1"]]) {
    const error = await failure({ url: closed, hosts });
    expect(error.remedy).toBeUndefined();
    expect(told(error)).toContain("Делать ничего не нужно");
  }
});

test("a certificate that this machine does not trust is said with its remedy, at once and without a second try", async () => {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-tls-"));
  try {
    selfSigned(folder);
    const file = (name: string) => readFileSync(join(folder, name), "utf8");
    const here = host(() => new Response(""), { cert: file("server.crt"), key: file("server.key") });
    let takes = 0;
    const budget = { take: async () => new Date(++takes), refused: async () => {} };
    const error = await failure({ url: here.url, hosts: [], budget });
    expect([takes, here.asked]).toEqual([1, []]);
    expect(explain(error).remedy).toContain("NODE_EXTRA_CA_CERTS");
    expect(told(error)).toContain("NODE_EXTRA_CA_CERTS");
    expect(told(error)).not.toContain("Делать ничего не нужно");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("Telegram's token follows no redirect either", async () => {
  const there = host(() => Response.json({ ok: true, result: { message_id: 1 } }));
  const here = host((path) => Response.redirect(`${new URL(there.url).origin}${path}`, 307));
  const api = telegramApi({ token: "1:secret", apiRoot: new URL(here.url).origin });
  const sent = await new TelegramChannel(api).say("telegram:1", "здравствуйте");
  expect(there.asked).toEqual([]);
  expect(JSON.stringify(sent)).toMatch(/failed.*UnexpectedRedirect/);
  expect(JSON.stringify(sent)).not.toContain("secret");
});
