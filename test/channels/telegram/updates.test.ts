// The webhook set when it differs, and the change between webhook and polling while people write: each update once.
import { afterEach, expect, test } from "bun:test";
import { pino } from "pino";
import { type Service, serve } from "../../../src/app/service.ts";
import { readConfig } from "../../../src/config/config.ts";
import { must } from "../../../src/errors.ts";
import { releaseLease, renewLease, takeLease } from "../../../src/jobs/leases.store.ts";
import { startTelegram } from "../../../src/standins/telegram/server.ts";
import { deployment, type Env } from "../../helpers/checked.ts";
import { freePort, until } from "../../helpers/program.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function replicas() {
  const made = await deployment();
  closing.push(() => made[Symbol.asyncDispose]());
  const { telegram } = made;
  telegram.limits.perSecond = 10_000;
  const lines: string[] = [];
  /** A program of its own port; `webhook` is what makes it listen by one. */
  async function start(changes: Env = {}): Promise<Service> {
    const env = { ...made.env, HOST: "127.0.0.1", SYNC_CRON: "0 0 0 1 1 *", DIGEST_AT: "off", ...changes };
    const config = readConfig({ PORT: String(freePort()), ...env }, { secretsFolder: "/dev/null" });
    const service = await serve(
      config,
      pino({ level: "info" }, { write: (line: string) => void lines.push(line) }),
    );
    let stopped: Promise<void> | undefined;
    const stop = () => (stopped ??= service.stop());
    closing.push(stop);
    return { ...service, stop };
  }
  const byWebhook = (changes: Env = {}) => {
    const PORT = String(freePort());
    return start({ PORT, PUBLIC_URL: `http://127.0.0.1:${PORT}`, ...changes });
  };
  let people = 0;
  return {
    ...{ made, telegram, lines, start, byWebhook },
    sets: () => telegram.calls.filter(({ method }) => method === "setWebhook").length,
    set: () => until(() => telegram.webhook.url !== ""),
    polled: () => until(() => telegram.calls.some(({ method }) => method === "getUpdates")),
    /** Somebody new writes, for as long as `during` takes; ends when all was answered. Gives how often each was. */
    async answers(during: () => Promise<unknown>): Promise<number[]> {
      const first = people;
      let over = false;
      const writing = (async () => {
        while (!over || people - first < 6) {
          people += 1;
          void telegram.person({ id: 10_000 + people, firstName: "Клиент" }).say("/id");
          await Bun.sleep(20);
        }
      })();
      await during();
      over = true;
      await writing;
      const said = () =>
        Array.from({ length: people - first }, (_, at) => {
          const messages = telegram.messages(10_001 + first + at);
          return messages.filter((one) => one.from === "bot").length;
        });
      await until(() => said().every((count) => count > 0));
      await Bun.sleep(800); // what comes twice comes by now
      return said();
    },
  };
}

const once = (counts: number[]) => {
  expect(counts.length).toBeGreaterThan(5);
  expect(counts.filter((count) => count !== 1)).toEqual([]);
};

test("a rolling change from webhook to polling and back: every update is handled exactly once", async () => {
  const r = await replicas();
  const first = await r.byWebhook();
  await r.set();
  const toPolling = await r.answers(async () => {
    const second = await r.start();
    await r.polled();
    await Bun.sleep(1_000);
    await first.stop();
    expect(r.telegram.webhook.url).toBe("");
    return second;
  });
  once(toPolling);
  const toWebhook = await r.answers(async () => {
    await r.byWebhook(); // the one that polls is still there, as in a rolling change
    await r.set();
    await Bun.sleep(3_000);
  });
  once(toWebhook);
  expect(r.telegram.webhook.url).not.toBe("");
  expect(r.sets()).toBe(2);
  expect(r.telegram.calls.filter(({ payload }) => payload.drop_pending_updates === true)).toEqual([]);
});

test("stopped by webhook, started by polling, and the other way round: what came between waits", async () => {
  const r = await replicas();
  const first = await r.byWebhook();
  await r.set();
  await first.stop();
  const counts = await r.answers(async () => {
    await Bun.sleep(600);
    const second = await r.start();
    await r.polled();
    await Bun.sleep(600);
    await second.stop();
    await Bun.sleep(600);
    await r.byWebhook();
    await r.set();
  });
  once(counts);
});

test("the webhook is set when its address, its secret or its kinds differ, and left alone when not", async () => {
  const r = await replicas();
  const PORT = String(freePort());
  const same = { PORT, PUBLIC_URL: `http://127.0.0.1:${PORT}` };
  const infos = () => r.telegram.calls.filter(({ method }) => method === "getWebhookInfo").length;
  const restart = async (changes: Env = {}) => {
    const before = infos();
    const service = await r.start({ ...same, ...changes });
    await until(() => infos() >= before + 2); // asked before it is set, and by the first check when it is
    const person = r.telegram.person({ id: 9_000, firstName: "Анна" });
    await person.say("/id"); // resolves when it is delivered: the secret fits
    await service.stop();
    return r.sets();
  };
  expect(await restart()).toBe(1);
  expect(await restart()).toBe(1);
  expect(await restart({ WEBHOOK_SECRET: "another" })).toBe(2);
  expect(await restart({ WEBHOOK_SECRET: "another" })).toBe(2);
  const { webhook } = r.telegram;
  webhook.set(webhook.url, { secret_token: "foreign" }); // by hand, with another secret: Telegram gets a 401
  webhook.lastError = { date: 1, message: "Wrong response from the webhook: 401 Unauthorized" };
  expect(await restart({ WEBHOOK_SECRET: "another" })).toBe(3);
  webhook.set("", {});
  expect(await restart({ WEBHOOK_SECRET: "another" })).toBe(4);
});

test("what one bot's Telegram was told proves nothing of another's", async () => {
  const r = await replicas();
  const PORT = String(freePort());
  const same = { PORT, PUBLIC_URL: `http://127.0.0.1:${PORT}`, WEBHOOK_SECRET: "one" };
  const trial = await r.start(same);
  await r.set();
  await trial.stop();
  const token = "7000000002:real";
  const real = startTelegram({ token });
  closing.push(() => real.stop());
  const { url, maxConnections, allowed } = r.telegram.webhook;
  real.webhook.set(url, {
    ...{ secret_token: "of-another-server", max_connections: maxConnections, allowed_updates: allowed },
  });
  await r.start({ ...same, FATHERBOT_TOKEN: token, TELEGRAM_API_ROOT: real.url });
  await until(() => real.calls.some(({ method }) => method === "setWebhook"));
});

test("a lease that is let go stays let go, though a renewal of it is still on its way", async () => {
  const { sql } = (await replicas()).made;
  const db = sql as never;
  const lease = must(await takeLease(db, "telegram_polling", "one", 6_000), "the lease");
  await releaseLease(db, lease);
  expect(await renewLease(db, lease, 6_000)).toBe(false);
  expect(await takeLease(db, "telegram_polling", "two", 6_000)).not.toBeNull();
});

test("a copy that polled and is gone gives the way back to those that are left", async () => {
  const r = await replicas();
  await r.byWebhook();
  await r.set();
  const copy = await r.start();
  await until(() => r.telegram.webhook.url === "");
  await r.polled();
  await copy.stop();
  await r.made.sql`update listening set held_until = now()`; // what ten seconds would do
  await r.set();
  once(await r.answers(() => Bun.sleep(600)));
  expect(
    r.lines.some((line) => line.includes("another program takes, or took, the updates another way")),
  ).toBe(true);
});
