// Proves how updates travel on the stand-in MAX: subscriptions, retries, and polling.
import { expect, test } from "bun:test";
import { unlikelyReading } from "../../src/standins/max/readings.ts";
import { type MaxPost, maxes, VERA } from "../helpers/max-api.ts";

const { start, listen, withVera } = maxes();
const textOf = ({ body }: Pick<MaxPost, "body">) =>
  (Object(body.message) as { body?: { text?: string } }).body?.text ?? body.update_type;

test("subscribes https addresses without a port, lists them, and lets go of them", async () => {
  const { max, api } = start();
  const url = "https://salon.example/max";
  const subscribe = (body: object) => api("POST /subscriptions", { url, secret: "s3cret", ...body });
  for (const [body, words] of [
    [{ url: "http://salon.example/max" }, "https"],
    [{ url: "https://salon.example:8443/max" }, "without a port"],
    [{ url: "https://salon.example:443/max" }, "without a port"],
    [{ url: undefined }, "url"],
    [{ secret: "четыре" }, "secret"],
    [{ secret: "four" }, "secret"],
    [{ secret: "x".repeat(257) }, "secret"],
    [{ update_types: "all" }, "update_types"],
  ] as const)
    expect(await subscribe(body)).toMatchObject({
      ...{ status: 400, body: { message: expect.stringContaining(words) } },
    });
  expect((await subscribe({ update_types: ["bot_started"] })).body).toEqual({ success: true });
  await subscribe({ url: "https://other.example" });
  expect((await api("GET /subscriptions")).body.subscriptions).toEqual([
    { url, time: expect.any(Number), update_types: ["bot_started"] },
    { url: "https://other.example", time: expect.any(Number) },
  ]);
  await api(`DELETE /subscriptions?url=${encodeURIComponent(url)}`);
  expect([max.webhook.url, max.webhook.subscriptions.length]).toEqual(["https://other.example", 1]);
  expect((await api("DELETE /subscriptions")).status).toBe(400);
});

test("a second subscription to an address replaces the first, or adds one", async () => {
  const { max, vera, posts } = await withVera();
  const again = () => max.webhook.set(max.webhook.url, { secret: "other" });
  again();
  await vera.say("раз");
  expect(posts.splice(0).map(({ secret }) => secret)).toEqual(["other"]);
  max.readings.subscribeAgain = unlikelyReading.subscribeAgain;
  again();
  await vera.say("два");
  expect(posts.length).toBe(2);
});

test("every subscription gets what it asked for; what is pushed comes unasked, unknown and broken too", async () => {
  const { max, vera, posts } = await withVera();
  const started = listen({ max }, undefined, ["bot_started", "bot_stopped"]);
  await vera.say("раз");
  await vera.block();
  expect([posts.map(textOf), started.map(textOf)]).toEqual([["раз", "bot_stopped"], ["bot_stopped"]]);
  await max.push({ update_type: "comment_created", timestamp: 1 });
  await max.push({ junk: [null] });
  expect(started.slice(1).map(({ body }) => body)).toEqual([
    { update_type: "comment_created", timestamp: 1 },
    { junk: [null] },
  ]);
});

test("only 200 counts: everything else comes again, in the order of its dialog, and other dialogs do not wait", async () => {
  const started = start();
  const { max } = started;
  max.webhook.backoffMs = 10;
  const answers = [500, 201, 302];
  const seen: unknown[] = [];
  listen(started, (post) => {
    const status = textOf(post) === "раз" ? answers.shift() : undefined;
    if (status) return new Response("", { status, headers: { location: "/x" } });
    seen.push(textOf(post));
    return new Response("");
  });
  const vera = max.person(VERA);
  const both = [vera.say("раз"), vera.say("два")];
  await max.person({ id: 502, firstName: "Борис" }).say("мимо");
  expect(max.webhook.pending.length).toBe(2);
  const from = performance.now();
  await Promise.all(both);
  // 10, 25 and 62 ms.
  expect(performance.now() - from).toBeGreaterThan(80);
  expect(seen).toEqual(["мимо", "раз", "два"]);
  expect(max.webhook.lastError?.message).toBe("The webhook answered 302");
});

test("one address that fails is told again, the other is not; a 200 ends the count of its failures", async () => {
  const { max, vera, posts } = await withVera();
  Object.assign(max.webhook, { backoffMs: 15, unsubscribesAfterMs: 40 });
  let failures = 0;
  const sick = listen({ max }, () => new Response("", { status: failures-- > 0 ? 500 : 200 }));
  for (const text of ["раз", "два", "три"]) {
    failures = 1;
    await vera.say(text);
    await Bun.sleep(5);
  }
  expect(posts.map(textOf)).toEqual(["раз", "два", "три"]);
  expect(sick.map(textOf)).toEqual(["раз", "раз", "два", "два", "три", "три"]);
  expect(max.webhook.subscriptions.length).toBe(2);
});

test("gives an update up after its retries; a subscription that fails for long is gone, and nothing says so", async () => {
  const started = start();
  const { max, api } = started;
  let status = 500;
  const posts = listen(started, () => new Response("", { status }));
  Object.assign(max.webhook, { backoffMs: 1, retries: 2 });
  await max.person(VERA).start();
  expect(posts.length).toBe(3);
  Object.assign(max.webhook, { unsubscribesAfterMs: 30, retries: 100 });
  const kept = max.person(VERA).say("раз");
  while (max.webhook.url !== "") {
    max.webhook.ring();
    await Bun.sleep(2);
  }
  expect((await api("GET /subscriptions")).body.subscriptions).toEqual([]);
  expect(max.webhook.pending.length).toBe(1);
  status = 200;
  const again = listen(started);
  await kept;
  expect(again.map(textOf)).toEqual(["раз"]);
});

test("delivers twice, again, held back, in parallel and backwards", async () => {
  const { max, vera, posts } = await withVera();
  const taken = () => posts.splice(0).map(textOf);
  max.webhook.deliverTwice = true;
  const update = await vera.say("раз");
  max.webhook.deliverTwice = false;
  await max.redeliver(update);
  expect(taken()).toEqual(["раз", "раз", "раз"]);
  const all = async (order: typeof max.webhook.order) => {
    Object.assign(max.webhook, { paused: true, order });
    const said = ["1", "2", "3"].map((text) => vera.say(text));
    await Bun.sleep(5);
    expect(posts).toEqual([]);
    max.webhook.paused = false;
    await Promise.all(said);
    return taken();
  };
  expect(await all("dialog")).toEqual(["1", "2", "3"]);
  expect(await all("backwards")).toEqual(["3", "2", "1"]);
  expect((await all("parallel")).sort()).toEqual(["1", "2", "3"]);
  await max.idle();
});

test("in parallel, one that fails holds nobody up", async () => {
  const started = start();
  const { max } = started;
  Object.assign(max.webhook, { order: "parallel", backoffMs: 20 });
  let failures = 1;
  const posts = listen(started, () => new Response("", { status: failures-- > 0 ? 500 : 200 }));
  const vera = max.person(VERA);
  await Promise.all([vera.say("раз"), vera.say("два")]);
  expect(posts.map(textOf)).toEqual(["раз", "два", "раз"]);
});

test("posts go where the test says", async () => {
  const { max, api } = start();
  const other = start();
  const posts = listen(other);
  max.webhook.reroute = () => other.max.webhook.url;
  await api("POST /subscriptions", { url: "https://salon.example/max", secret: "s3cret" });
  await max.person(VERA).start();
  expect(posts.map(({ secret }) => secret)).toEqual(["s3cret"]);
});

test("polling: without a marker the latest alone, with one all since, until the marker of the answer confirms", async () => {
  const { max, api } = start();
  const poll = async (query = "") => {
    const { body } = await api(`GET /updates?timeout=0${query}`);
    return { got: (body.updates as MaxPost["body"][]).map((body) => textOf({ body })), marker: body.marker };
  };
  expect(await poll()).toEqual({ got: [], marker: null });
  const vera = max.person(VERA);
  for (const text of ["1", "2", "3"]) void vera.say(text);
  const first = await poll();
  expect(first).toEqual({ got: ["3"], marker: expect.any(Number) });
  void vera.say("4");
  void vera.say("5");
  void vera.block();
  const marker = `&marker=${first.marker}`;
  const second = await poll(`${marker}&limit=2`);
  expect(second.got).toEqual(["4", "5"]);
  // Not confirmed, so given again.
  expect((await poll(`${marker}&limit=1`)).got).toEqual(["4"]);
  expect((await poll(`${marker}&types=bot_stopped,bot_started`)).got).toEqual(["bot_stopped"]);
  const last = await poll(`&marker=${second.marker}`);
  expect(last.got).toEqual(["bot_stopped"]);
  expect(await poll(`&marker=${last.marker}`)).toEqual({ got: [], marker: last.marker });
  await max.idle();
  for (const query of ["limit=1001", "timeout=91", "marker=x"])
    expect((await api(`GET /updates?${query}`)).status).toBe(400);
});

test("polling waits for something to give, and gives up at its time; updates that nobody takes end", async () => {
  let now = Date.UTC(2026, 2, 12);
  const { max, api } = start({ now: () => now });
  const waiting = api("GET /updates?timeout=5");
  const said = max.person(VERA).say("раз");
  expect(((await waiting).body.updates as object[]).length).toBe(1);
  await said;
  const from = performance.now();
  const marker = (await api("GET /updates?timeout=1&marker=99999999")).body.marker;
  expect(performance.now() - from).toBeGreaterThan(900);
  expect(marker).toBe(99_999_999);
  void max.person(VERA).say("два");
  now += 25 * 3_600_000;
  expect(max.webhook.pending).toEqual([]);
});

test("while somebody is subscribed polling is refused, or brings nothing", async () => {
  const { max, api } = await withVera();
  max.webhook.paused = true;
  void max.person(VERA).say("раз");
  expect((await api("GET /updates?timeout=0")).status).toBe(409);
  max.readings.pollSubscribed = unlikelyReading.pollSubscribed;
  expect((await api("GET /updates?timeout=0")).body.updates).toEqual([]);
  await api(`DELETE /subscriptions?url=${encodeURIComponent(max.webhook.url)}`);
  expect(((await api("GET /updates?timeout=0")).body.updates as object[]).length).toBe(1);
});

test("what waited before a subscription is posted to it, or kept for who polls", async () => {
  for (const backlog of ["posted", unlikelyReading.backlog] as const) {
    const { max, vera, posts, api } = await withVera();
    max.readings.backlog = backlog;
    const { url } = max.webhook;
    max.webhook.unsubscribe(url);
    const waited = vera.say("раз");
    max.webhook.set(url);
    await vera.say("два");
    expect(posts.map(textOf)).toEqual(backlog === "posted" ? ["раз", "два"] : ["два"]);
    max.webhook.unsubscribe(url);
    const { updates } = (await api("GET /updates?timeout=0")).body;
    expect(updates as object[]).toHaveLength(backlog === "posted" ? 0 : 1);
    await waited;
  }
});

test("takes two polls a second", async () => {
  const { api } = start({ limits: { pollsPerSecond: 2 } });
  const poll = async () => (await api("GET /updates?timeout=0")).status;
  expect([await poll(), await poll(), await poll()]).toEqual([200, 200, 429]);
});
