// How MAX's updates come: from a mark on that is kept once all before it was dealt with, by the webhook, and the change between
// the two: none lost, none doubled.
import { afterEach, expect, test } from "bun:test";
import { MaxBot } from "../../../src/channels/max/bot.ts";
import { MaxClient } from "../../../src/channels/max/client.ts";
import { MaxPace } from "../../../src/channels/max/pace.ts";
import { pollMax } from "../../../src/channels/max/polling.ts";
import type { Listening } from "../../../src/channels/messenger.ts";
import { RetryUpdate } from "../../../src/errors.ts";
import { createHttp, type HttpDeps } from "../../../src/http/http.ts";
import { until } from "../../helpers/program.ts";
import { type Bot, maxBot, PUBLIC, SECRET, TOKEN } from "./bot.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Handle = Listening["handle"];

async function bot(options: Parameters<typeof maxBot>[0] = {}) {
  const made = await maxBot({ limits: { perChatPerSecond: 1_000 }, ...options });
  closing.push(() => made[Symbol.asyncDispose]());
  await made.messenger.learnName(new AbortController().signal);
  const { max } = made;
  const texts = () => made.heard.flatMap((one) => (one.kind === "text" ? [one.text] : []));
  /** A program that listens, until it is stopped. */
  function program(publicUrl: string | null, handle: Handle = made.handle) {
    const stopping = new AbortController();
    const { over, begun } = made.listen(stopping.signal, publicUrl, handle);
    const stop = async () => {
      stopping.abort();
      await over;
    };
    closing.push(stop);
    return { stop, begun };
  }
  /** A program that is to be delivered to, stopped while it deals with the first of what waits. */
  async function stoppedAtWork() {
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const { stop } = program(PUBLIC, async (update) => {
      begun.resolve();
      await held.promise;
      await made.handle(update);
    });
    await begun.promise;
    const stopped = stop();
    held.resolve();
    await stopped;
  }
  /** Where the webhook's posts come in. */
  function door(handle: Handle = made.handle) {
    const { webhook, channel } = made.messenger;
    const taken = webhook.handed?.(handle) ?? handle;
    const messengers: HttpDeps["messengers"] = [
      { ...webhook, name: channel.name, handle: (update) => taken(update) },
    ];
    const http = createHttp({
      messengers,
      yclients: null,
      metrics: null,
      ready: async () => true,
      log: made.log,
    });
    http.listen({ hostname: "127.0.0.1", port: 0 });
    closing.push(() => http.stop());
    max.webhook.reroute = (url) => url.replace(PUBLIC, `http://127.0.0.1:${http.server?.port}`);
  }
  return {
    ...made,
    anna: made.anna(),
    program,
    stoppedAtWork,
    door,
    texts,
    asked: () => callsOf(made, "GET /updates"),
  };
}
const callsOf = ({ max }: Pick<Bot, "max">, route: string) => max.calls.filter((one) => one.route === route);

test("it is asked with 100 and 30, once without a mark and never again, and for what we hear", async () => {
  const made = await bot();
  const first = made.program(null);
  await until(() => made.asked().length > 0);
  await made.anna.say("раз");
  await until(() => made.texts().length === 1);
  await until(() => made.asked().length > 1);
  await first.stop();
  await Bun.sleep(1_000); // another program's questions count for MAX too
  const again = made.program(null);
  await made.anna.say("два");
  await until(() => made.texts().length === 2);
  await again.stop();
  const queries = made.asked().map(({ query }) => query);
  expect(queries[0]).toEqual({
    ...{ limit: "100", timeout: "30" },
    types: "message_created,message_edited,message_callback,bot_started,bot_stopped,dialog_removed",
  });
  for (const query of queries.slice(1)) expect(query.marker).toMatch(/^\d+$/);
  expect(made.texts()).toEqual(["раз", "два"]);
  expect(made.asked().map(({ status }) => status)).not.toContain(429);
});

test("a batch that the program did not finish comes again, and what of it was dealt with is known", async () => {
  const made = await bot();
  const vera = made.max.person({ id: 502, firstName: "Вера" });
  const first = made.program(null);
  await made.anna.say("начало");
  await until(() => made.texts().length === 1);
  await first.stop();
  void made.anna.say("первое");
  void made.anna.say("второе");
  void vera.say("третье");
  const held = Promise.withResolvers<void>();
  const second = made.program(null, async (update) => {
    if (JSON.stringify(update, (_, one) => (typeof one === "bigint" ? 1 : one)).includes("первое"))
      await held.promise;
    await made.handle(update);
  });
  await until(() => made.texts().includes("третье"));
  const stopped = second.stop();
  held.resolve();
  await stopped; // the first of Anna's is done with, her second is not begun
  expect(made.texts()).toEqual(["начало", "третье", "первое"]);
  made.program(null);
  await until(() => made.texts().length === 4);
  await Bun.sleep(700);
  expect(made.texts()).toEqual(["начало", "третье", "первое", "второе"]);
}, 30_000);

test("what a handler keeps refusing is given up after three tries, and holds up nobody else", async () => {
  const made = await bot();
  let tries = 0;
  made.program(null, async (update) => {
    if (JSON.stringify(update).includes("беда")) {
      tries += 1;
      throw new Error("no");
    }
    await made.handle(update);
  });
  await until(() => made.asked().length > 0);
  await made.anna.say("начало");
  await until(() => made.texts().length === 1);
  void made.anna.say("беда");
  void made.max.person({ id: 502, firstName: "Вера" }).say("я");
  await until(() => made.texts().includes("я"));
  await until(() => tries === 3, 10_000);
  await made.anna.say("дальше");
  await until(() => made.texts().includes("дальше"));
  expect(made.lines.join("")).not.toContain("беда");
}, 30_000);

test("polling goes on when MAX fails, when its answer is no mark, and when somebody subscribes meanwhile", async () => {
  const made = await bot();
  made.max.faults.next({ route: "GET /updates", status: 503 });
  made.max.faults.next({ route: "GET /updates", html: true });
  made.program(null);
  await until(() => made.asked().length > 2, 10_000);
  await made.anna.say("раз");
  await until(() => made.texts().length === 1);
  made.max.webhook.set("https://somebody.example.org/hook");
  void made.anna.say("два");
  await until(() => made.texts().length === 2, 15_000);
  expect(made.max.webhook.subscriptions).toEqual([]);
}, 30_000);

test("somebody else's subscription is looked for again and again, where MAX says nothing of it while it is polled", async () => {
  const made = await bot({ readings: { pollSubscribed: "empty" } });
  const { max, db, log, handle } = made;
  const polled = new MaxBot(
    new MaxClient({ token: TOKEN, apiRoot: max.url, trust: null }),
    new MaxPace(),
    db,
  );
  await polled.learnName();
  const stopping = new AbortController();
  const over = pollMax({ bot: polled, db, log, handle, signal: stopping.signal, lookMs: 2_000 });
  closing.push(async () => {
    stopping.abort();
    await over;
  });
  for (const word of ["раз", "два", "три"]) {
    await made.anna.say(word);
    await until(() => made.texts().includes(word));
  }
  max.webhook.set("https://somebody.example.org/hook");
  await until(() => max.webhook.subscriptions.length === 0, 15_000);
  void made.anna.say("дальше");
  await until(() => made.texts().includes("дальше"), 15_000);
}, 60_000);

test("the webhook is subscribed once, alone and with our secret, and put back when it is gone", async () => {
  for (const subscribeAgain of ["replaces", "adds"] as const) {
    const made = await bot({ readings: { subscribeAgain } });
    made.door();
    made.max.webhook.set("https://old.example.org/hook");
    const first = made.program(PUBLIC);
    await first.begun;
    const ours = [{ url: `${PUBLIC}/max/webhook`, secret: SECRET }];
    expect(made.max.webhook.subscriptions).toMatchObject(ours);
    expect(made.max.webhook.subscriptions[0]?.update_types).toHaveLength(6);
    await first.stop();
    const posts = () => callsOf(made, "POST /subscriptions").length;
    expect(posts()).toBe(1);
    const second = made.program(PUBLIC);
    await second.begun;
    expect(posts()).toBe(1); // it stands
    await second.stop();
    made.max.webhook.subscriptions.splice(0);
    await made.program(PUBLIC).begun;
    expect(made.max.webhook.subscriptions).toMatchObject(ours);
    expect(made.lines.join("")).toContain("MAX had let the subscription go");
    expect(made.lines.join("")).not.toContain(SECRET);
  }
}, 20_000);

test("what waited before MAX was subscribed to is dealt with first, and is not lost", async () => {
  const made = await bot();
  made.door();
  const first = made.program(null);
  await made.anna.say("раз");
  await until(() => made.texts().length === 1);
  await first.stop();
  void made.anna.say("два");
  void made.anna.say("три");
  await made.program(PUBLIC).begun;
  await until(() => made.texts().length === 3);
  await made.anna.say("четыре");
  await Bun.sleep(300);
  expect(made.texts()).toEqual(["раз", "два", "три", "четыре"]);
  // Nobody says that MAX would deliver what waited.
  const marks = made.asked().map(({ query }) => query.timeout);
  expect(marks.at(-1)).toBe("0");
  const routes = made.max.calls.map(({ route }) => route);
  expect(routes.lastIndexOf("GET /updates")).toBeLessThan(routes.indexOf("POST /subscriptions"));
});

test("a stop while what waited is dealt with subscribes to nothing: the next start takes the rest first", async () => {
  const made = await bot({ readings: { backlog: "kept" } });
  made.door();
  const first = made.program(null);
  await made.anna.say("раз");
  await until(() => made.texts().length === 1);
  await first.stop();
  void made.anna.say("два");
  void made.anna.say("три");
  await made.stoppedAtWork();
  expect(made.texts()).toEqual(["раз", "два"]);
  expect(callsOf(made, "POST /subscriptions")).toEqual([]);
  expect(made.lines.filter((line) => JSON.parse(line).level >= 40)).toEqual([]); // a stop is no fault
  await made.program(PUBLIC).begun;
  expect(made.texts()).toEqual(["раз", "два", "три"]);
  expect(made.max.webhook.subscriptions).toHaveLength(1);
});

test("a subscription that this program has taken away itself is not told as one that MAX let go", async () => {
  const made = await bot({ readings: { backlog: "kept" } });
  const { webhook } = made.max;
  made.door();
  const first = made.program(PUBLIC);
  await first.begun;
  await first.stop();
  const polling = made.program(null);
  await polling.begun; // before that the webhook may take what she says
  await made.anna.say("раз");
  await until(() => made.texts().length === 1);
  await polling.stop();
  const again = made.program(PUBLIC);
  await again.begun;
  await again.stop();
  // Now it is to be subscribed to anew, and the program is stopped when it has taken the old one away.
  webhook.paused = true;
  void made.anna.say("два");
  void made.anna.say("три");
  webhook.subscriptions[0]?.update_types.splice(1);
  await made.stoppedAtWork();
  expect(webhook.subscriptions).toEqual([]);
  await made.program(PUBLIC).begun;
  expect(webhook.subscriptions).toHaveLength(1);
  expect(made.texts()).toEqual(["раз", "два", "три"]);
  expect(made.lines.filter((line) => line.includes("had let the subscription go"))).toEqual([]);
}, 20_000);

test("from the webhook to polling and back while people write: each update is dealt with once", async () => {
  const made = await bot();
  made.door();
  const first = made.program(PUBLIC);
  await first.begun;
  let said = 0;
  let over = false;
  const writing = (async () => {
    while (!over) {
      said += 1;
      void made.max.person({ id: 1_000 + said, firstName: "Клиент" }).say(`${said}`);
      await Bun.sleep(30);
    }
  })();
  await until(() => made.texts().length > 5);
  const second = made.program(null);
  await until(() => made.asked().length > 3, 20_000);
  await first.stop();
  await second.stop();
  const third = made.program(PUBLIC);
  await third.begun;
  await Bun.sleep(300);
  over = true;
  await writing;
  await until(() => new Set(made.texts()).size === said, 20_000);
  await Bun.sleep(500);
  expect(made.texts()).toHaveLength(said);
}, 60_000);

test("a post without the secret, or with another, is not even read", async () => {
  const made = await bot();
  made.door();
  const post = async (body: string, secret?: string) => {
    const answer = await fetch(made.max.webhook.reroute(`${PUBLIC}/max/webhook`), {
      ...{ method: "POST", body },
      headers: secret === undefined ? {} : { "X-Max-Bot-Api-Secret": secret },
    });
    return answer.status;
  };
  expect(await post("{")).toBe(401);
  expect(await post("{", "other")).toBe(401);
  expect(await post("{", SECRET)).toBe(400);
  expect(await post(`{"update_id":1}`, SECRET)).toBe(400);
  expect(await post(`{"update_type":"unknown_kind"}`, SECRET)).toBe(200);
});

test("of one person updates are dealt with in the order of arrival, however they are posted; nobody waits for another", async () => {
  const made = await bot();
  const held = Promise.withResolvers<void>();
  made.door(async (update) => {
    if (JSON.stringify(update).includes('"раз"')) await held.promise;
    await made.handle(update);
  });
  made.max.webhook.order = "parallel";
  made.max.webhook.set(`${PUBLIC}/max/webhook`, { secret: SECRET });
  const said = ["раз", "два", "три"].map(async (words, at) => {
    await Bun.sleep(at * 20);
    await made.anna.say(words);
  });
  await made.max.person({ id: 502, firstName: "Вера" }).say("я");
  await Bun.sleep(300); // all three are there by now
  expect(made.texts()).toEqual(["я"]);
  held.resolve();
  await Promise.all(said);
  expect(made.texts()).toEqual(["я", "раз", "два", "три"]);
});

test("an update that is delivered twice is dealt with once", async () => {
  const made = await bot();
  made.door();
  made.max.webhook.deliverTwice = true;
  made.max.webhook.set(`${PUBLIC}/max/webhook`, { secret: SECRET });
  await made.anna.start("c_9fX");
  await made.anna.say("раз");
  expect(made.heard.map(({ kind }) => kind)).toEqual(["start", "text"]);
});

test("an answer that was not taken is tried again here, before MAX is asked to deliver once more", async () => {
  const made = await bot();
  let tries = 0;
  made.door(async (update) => {
    tries += 1;
    if (tries < 3) throw new RetryUpdate(50);
    await made.handle(update);
  });
  made.max.webhook.set(`${PUBLIC}/max/webhook`, { secret: SECRET });
  await made.anna.say("раз");
  expect([tries, made.texts(), made.max.webhook.lastError]).toEqual([3, ["раз"], undefined]);
  tries = -10;
  made.door(async () => {
    tries += 1;
    throw new RetryUpdate(60_000); // longer than MAX waits for an answer
  });
  void made.anna.say("два");
  await until(() => made.max.webhook.lastError !== undefined);
  expect(made.max.webhook.lastError?.message).toContain("500");
});

test("names of messages are dropped when they are old, and so is what was dealt with", async () => {
  const made = await bot();
  const { sql } = made;
  await sql`
    insert into message_numbers (account, bot, name, named_at)
    values ('max:1', 1, 'old', now() - interval '91 days'), ('max:1', 1, 'new', now() - interval '89 days')`;
  await sql`
    insert into handled_updates (key, handled_at)
    values (repeat('a', 32), now() - interval '49 hours'), (repeat('b', 32), now() - interval '47 hours')`;
  made.program(null);
  await until(async () => (await sql`select from message_numbers`).length === 1);
  await until(async () => (await sql`select from handled_updates`).length === 1);
  expect([...(await sql`select name from message_numbers`)]).toEqual([{ name: "new" }] as never);
  expect([...(await sql`select key from handled_updates`)]).toEqual([{ key: "b".repeat(32) }] as never);
});
