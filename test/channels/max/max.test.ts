// MAX as a channel, over real HTTP: each way that saying something can go, and the token never in what comes back.
import { expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageId, Sent } from "../../../src/channels/channel.ts";
import { type Bot, maxBot, TOKEN } from "./bot.ts";

const ANNA = "max:501";
const signal = new AbortController().signal;
const idOf = (sent: Sent): MessageId => (sent.kind === "sent" ? sent.message : expect.unreachable(sent.kind));

async function ready(options: Parameters<typeof maxBot>[0] = {}) {
  const made = await maxBot({ limits: { perChatPerSecond: 1_000 }, ...options });
  await made.messenger.learnName(signal);
  return { ...made, person: made.anna() };
}
const callsOf = ({ max }: Pick<Bot, "max">, route: string) => max.calls.filter((one) => one.route === route);

/** Anna taps what is under the newest message; the update as it came, and what the program reads of it. */
async function tap(made: Awaited<ReturnType<typeof ready>>, label: string) {
  void made.person.tap(label).catch(() => {});
  await Bun.sleep(5);
  const raw = JSON.stringify(made.max.webhook.pending.at(-1), (_, one) =>
    typeof one === "bigint" ? 1 : one,
  );
  await made.handle(JSON.parse(raw));
  const incoming = made.heard.at(-1);
  if (incoming?.kind !== "tap") throw new Error("no tap was heard");
  return incoming;
}

test("a message goes as HTML to the person, without previews, and is numbered", async () => {
  await using made = await ready();
  const sent = await made.channel.say(ANNA, "<b>+35 баллов</b>", [
    [{ text: "Подробнее", data: "details:1" }],
    [
      { text: "Баланс", says: true },
      { text: "История", says: true },
    ],
    [{ text: "Записаться", url: "https://n1.yclients.com/" }],
  ]);
  expect(idOf(sent)).toBeGreaterThan(0);
  expect(made.person.lastMessage()).toMatchObject({ text: "+35 баллов" });
  expect(made.person.lastMessage()?.inline.map((row) => row.map(({ type }) => type))).toEqual([
    ["callback"],
    ["message", "message"],
    ["link"],
  ]);
  expect(callsOf(made, "POST /messages").at(-1)?.query).toEqual({
    user_id: "501",
    disable_link_preview: "true",
  });
  expect(JSON.stringify(callsOf(made, "POST /messages"))).not.toContain(TOKEN);
});

test("rows that MAX would refuse are broken up: three where one asks or opens, else seven", async () => {
  await using made = await ready();
  const row = Array.from({ length: 8 }, (_, at) => ({ text: `${at}`, data: `d${at}` }));
  const opens = [...row.slice(0, 4), { text: "x", url: "https://x.ru" }];
  expect(await made.channel.say(ANNA, "?", [row, opens, [{ text: "Номер", contact: true }]])).toMatchObject({
    kind: "sent",
  });
  expect(made.person.lastMessage()?.inline.map((one) => one.length)).toEqual([7, 1, 3, 2, 1]);
});

test("whoever stopped the bot or never started it is blocked; another refusal of a chat is not that", async () => {
  for (const notFound of ["code", "message"] as const) {
    await using made = await ready({ readings: { notFound } });
    expect(await made.channel.say("max:999", "?")).toEqual({ kind: "blocked" });
    void made.person.block().catch(() => {});
    expect(await made.channel.say(ANNA, "?")).toEqual({ kind: "blocked" });
    made.max.faults.next({ route: "POST /messages", status: 403, code: "chat.denied", message: "no rights" });
    expect(await made.channel.say(ANNA, "?")).toMatchObject({
      kind: "failed",
      passes: false,
      mayHaveArrived: false,
    });
    made.max.faults.next({ route: "PUT /messages", status: 404, code: "not.found", message: "no message" });
  }
});

test("what MAX refuses has not arrived and will not: what nobody answered may have", async () => {
  await using made = await ready();
  const { channel, max } = made;
  const outcome = async (fault: Parameters<typeof max.faults.next>[0]) => {
    max.faults.next({ route: "POST /messages", ...fault });
    return channel.say(ANNA, "?");
  };
  const never = { kind: "failed", passes: false, mayHaveArrived: false };
  const perhaps = { kind: "failed", passes: true, mayHaveArrived: true };
  expect(await outcome({ status: 400 })).toMatchObject(never);
  expect(await outcome({ status: 401 })).toMatchObject(never);
  expect(await outcome({ successFalse: "Unknown recipient" })).toMatchObject({
    ...never,
    why: expect.stringContaining("Unknown recipient"),
  });
  expect(await outcome({ status: 503 })).toMatchObject({
    ...perhaps,
    why: expect.stringMatching(/^503: service\.unavailable/),
  });
  expect(await outcome({ html: true })).toMatchObject(perhaps);
  expect(await outcome({ html: true, status: 403 })).toMatchObject(perhaps);
  expect(await outcome({ cut: true })).toMatchObject(perhaps);
  const heard = made.max.messages(501).length;
  expect(await outcome({ cut: true, afterSend: true })).toMatchObject(perhaps);
  expect(made.max.messages(501)).toHaveLength(heard + 1);
  await max.stop();
  const dead = await channel.say(ANNA, "?");
  expect(dead).toMatchObject({ kind: "failed", passes: true, mayHaveArrived: false });
  expect(JSON.stringify(dead)).not.toContain(TOKEN);
});

test("an answer that is too much is tried once more after a moment; what nobody asked for waits, ever longer", async () => {
  await using made = await ready();
  const { channel, messenger, max } = made;
  max.faults.next({ route: "POST /messages", status: 429 });
  const began = performance.now();
  expect(await channel.say(ANNA, "?")).toMatchObject({ kind: "sent" });
  expect(performance.now() - began).toBeWithin(1_000, 3_000);
  max.faults.next({ route: "POST /messages", status: 429, times: 3 });
  const waits: number[] = [];
  for (let each = 0; each < 3; each++) {
    const told = await messenger.unaskedChannel.say(ANNA, "?");
    waits.push(told.kind === "wait" ? told.ms : 0);
  }
  expect(waits[0]).toBeWithin(750, 1_251);
  expect(waits[2]).toBeWithin(3_000, 5_001);
  expect(await messenger.unaskedChannel.say(ANNA, "?")).toMatchObject({ kind: "sent" });
});

test("two calls a second in a dialog, whatever is said to it: MAX never refuses one", async () => {
  await using made = await ready({ limits: { perChatPerSecond: 2 } });
  const first = idOf(await made.channel.say(ANNA, "0"));
  await Promise.all([
    made.channel.say(ANNA, "1"),
    made.channel.edit(ANNA, first, "2"),
    made.messenger.unaskedChannel.say(ANNA, "3"),
    made.channel.say(ANNA, "4"),
  ]);
  expect(made.statuses.filter((status) => status !== 200)).toEqual([]);
});

test("a message is changed by its number, in its own chat alone; what is gone or was never there fails for good", async () => {
  for (const editSame of ["taken", "refused"] as const) {
    await using made = await ready({ readings: { editSame } });
    const { channel, max } = made;
    const sent = idOf(await channel.say(ANNA, "Счёт?", [[{ text: "Списать", data: "go" }]]));
    expect(await channel.edit(ANNA, sent, "Списано")).toBeNull();
    expect(made.person.lastMessage()).toMatchObject({ text: "Списано", inline: [] });
    expect(await channel.edit(ANNA, sent, "Списано")).toBeNull(); // it says so already
    expect(await channel.edit(ANNA, sent, "Списано", [[{ text: "Отменить", data: "undo" }]])).toBeNull();
    expect(await channel.takeButtons(ANNA, sent)).toBeNull();
    expect(made.person.lastMessage()).toMatchObject({ text: "Списано", inline: [] });
    const lost = { kind: "failed", passes: false, mayHaveArrived: false };
    expect(await channel.edit("max:502", sent, "чужое")).toMatchObject(lost);
    expect(await channel.edit(ANNA, sent + 1, "?")).toMatchObject(lost);
    max.messages(501).splice(0);
    expect(await channel.edit(ANNA, sent, "?")).toMatchObject(lost);
  }
});

test("a tap is ended by the change of its message, in the same call, and by nothing else beside it", async () => {
  for (const callbackId of ["of_tap", "of_message"] as const) {
    await using made = await ready({ readings: { callbackId } });
    const { channel } = made;
    await channel.say(ANNA, "Счёт?", [[{ text: "Списать", data: "go" }]]);
    const tapped = await tap(made, "Списать");
    expect(await channel.edit(ANNA, tapped.message ?? 0, "Списано")).toBeNull();
    expect(await channel.answerTap(tapped.tap, null)).toBeNull();
    expect(made.person.answeredCallbacks).toMatchObject([{ edited: true }]);
    expect(made.person.answeredCallbacks[0]).not.toHaveProperty("text");
    expect(callsOf(made, "PUT /messages")).toEqual([]);
  }
});

test("a tap that changed nothing is ended in a word, in the person's language; words over the screen are said", async () => {
  await using made = await ready();
  const { channel, person } = made;
  await channel.say(ANNA, "Счёт?", [[{ text: "Списать", data: "go" }]]);
  const first = await tap(made, "Списать");
  expect(await channel.answerTap(first.tap, null)).toBeNull();
  expect(await channel.answerTap(first.tap, null)).toBeNull(); // ended already
  const second = await tap(made, "Списать");
  expect(await channel.answerTap(second.tap, "Уже сделано".repeat(40))).toBeNull();
  expect(person.answeredCallbacks.map(({ text }) => text?.length)).toEqual([6, 200]);
  expect(person.unanswered).toEqual([]);
});

test("a tap that is too old to be answered does not keep its message from being changed", async () => {
  await using made = await ready();
  await made.channel.say(ANNA, "Счёт?", [[{ text: "Списать", data: "go" }]]);
  const tapped = await tap(made, "Списать");
  made.max.faults.next({ route: "POST /answers", status: 400 });
  expect(await made.channel.edit(ANNA, tapped.message ?? 0, "Списано")).toBeNull();
  expect(made.person.lastMessage()?.text).toBe("Списано");
});

test("who is forgotten by a tap still reads what came of it, though no name of their messages is kept", async () => {
  await using made = await ready();
  await made.channel.say(ANNA, "Удалить всё?", [[{ text: "Да", data: "forget" }]]);
  const tapped = await tap(made, "Да");
  await made.sql`delete from message_numbers`;
  expect(await made.channel.edit("max:502", tapped.message ?? 0, "Всё удалено")).not.toBeNull();
  expect(await made.channel.edit(ANNA, tapped.message ?? 0, "Всё удалено")).toBeNull();
  expect(made.person.lastMessage()?.text).toBe("Всё удалено");
});

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

test("a picture is put there once, waited for until it is ready, and stands above words and buttons", async () => {
  await using made = await ready();
  const { channel, max, person } = made;
  const card = { name: "card.png", bytes: png };
  const began = performance.now();
  expect(await channel.picture(ANNA, card, "<b>340</b>", [[{ text: "Баланс", says: true }]])).toMatchObject({
    kind: "sent",
  });
  expect(performance.now() - began).toBeGreaterThan(950);
  expect(person.lastMessage()).toMatchObject({ text: "340", inline: [[{ text: "Баланс" }]] });
  expect(person.lastMessage()?.photos.map(({ bytes }) => [...bytes])).toEqual([[...png]]);
  expect(await channel.picture(ANNA, card, "")).toMatchObject({ kind: "sent" });
  expect(callsOf(made, "POST /uploads")).toHaveLength(1);
  expect(max.files.authorized).toBe(0);
});

test("a picture that MAX does not take has not arrived", async () => {
  await using made = await ready();
  const sent = await made.channel.picture(ANNA, { name: "card.png", bytes: new Uint8Array([1]) }, "?");
  expect(sent).toMatchObject({ kind: "failed", passes: false, mayHaveArrived: false });
  made.max.faults.next({ route: "POST /upload", cut: true });
  expect(await made.channel.picture(ANNA, { name: "card.png", bytes: png }, "?")).toMatchObject({
    ...{ kind: "failed", passes: true, mayHaveArrived: false },
  });
});

test("a file goes with words; where its ending is not taken, the same bytes go as text", async () => {
  for (const csv of ["taken", "refused"] as const) {
    await using made = await ready({ readings: { csv } });
    made.max.files.notReady = 0;
    const export_ = { name: "export.csv", bytes: [new Uint8Array([65]), new Uint8Array([66])] };
    expect(await made.channel.file(ANNA, export_, "Выгрузка")).toMatchObject({ kind: "sent" });
    expect(made.person.lastMessage()).toMatchObject({
      text: "Выгрузка",
      document: { name: csv === "taken" ? "export.csv" : "export.txt", bytes: new Uint8Array([65, 66]) },
    });
  }
});

test("a page whose ending is not taken goes under its name as a text, and is refused only when that is", async () => {
  await using made = await ready();
  made.max.files.notReady = 0;
  const page = { name: "statement.html", bytes: new Uint8Array([60]) };
  expect(await made.channel.file(ANNA, page, "Выписка")).toMatchObject({ kind: "sent" });
  expect(made.person.lastMessage()?.document?.name).toBe("statement.html.txt");
  made.max.faults.next({ route: "POST /upload", status: 415, times: 2 });
  expect(await made.channel.file(ANNA, { ...page, bytes: new Uint8Array([61]) }, "?")).toMatchObject({
    ...{ kind: "failed", passes: false, mayHaveArrived: false },
  });
});

test("a link opens the bot; commands are everybody's and no one's own; what is written of the bot is MAX's cabinet's", async () => {
  await using made = await ready();
  const { channel, max } = made;
  expect(channel.bot).toBe(max.me.user_id);
  expect(channel.link()).toBe("https://max.ru/id7700000000_bot");
  expect(channel.link("c_9fX")).toBe("https://max.ru/id7700000000_bot?start=c_9fX");
  const commands = [{ command: "balance", description: "Баллы" }];
  expect(await channel.offer(commands, { language: null, account: null })).toBeNull();
  expect(await channel.offer([], { language: "en", account: null })).toBeNull();
  expect(await channel.offer([], { language: null, account: ANNA })).toBeNull();
  expect(max.commands).toEqual([{ name: "balance", description: "Баллы" }]);
  expect(await channel.introduce({ about: "?" }, null)).toBeNull();
  expect(await channel.profile(null)).toEqual({ about: "", short: "" });
});

test("a refused token is a sentence for the operator, and no word of any failure holds it", async () => {
  await using made = await maxBot();
  made.max.faults.tokenWithdrawn = true;
  const refused = await made.messenger.learnName(signal).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    name: "OperatorError",
    message: expect.stringMatching(/^MAX refuses MAX_BOT_TOKEN/),
  });
  made.max.faults.clear();
  made.max.faults.next({ route: "GET /me", cut: true });
  const cut = await made.messenger.learnName(signal).catch((error: unknown) => error);
  for (const one of [refused, cut]) expect(Bun.inspect(one, { depth: 10 })).not.toContain(TOKEN);
});

test("what MAX repeats of what it was sent stays with MAX", async () => {
  await using made = await ready();
  const message = `Can't deserialize body: "Анна Петрова +79001234567 Petrova anna@example.org"`;
  made.max.faults.next({ route: "POST /messages", status: 400, message });
  const sent = await made.channel.say(ANNA, "?");
  expect(JSON.stringify(sent)).not.toMatch(/Анна|Петрова|Petrova|anna|7900/i);
  expect(sent).toMatchObject({ why: expect.stringContaining("400: proto.payload (Can't deserialize body") });
});

test("what is told before the bot knows its name is numbered as that bot's all the same", async () => {
  await using made = await maxBot();
  made.anna();
  const sent = idOf(await made.channel.say(ANNA, "?"));
  expect(await made.channel.edit(ANNA, sent, "!")).toBeNull();
});

test("an address for a file that is no host's of the network is not asked, and nothing of this machine goes to MAX", async () => {
  await using made = await ready();
  const folder = mkdtempSync(join(tmpdir(), "max-"));
  const file = join(folder, "token.json");
  writeFileSync(file, JSON.stringify({ token: "of-this-machine" }));
  const picture = { name: "card.png", bytes: new Uint8Array([1, 2, 3]) };
  const none = { toString: 1 };
  for (const url of [
    `file://${file}`,
    `data:application/json,${JSON.stringify({ token: "x" })}`,
    "s3://bucket/x",
    "nowhere",
    5,
    null,
    none,
  ]) {
    made.max.faults.next({ route: "POST /uploads", status: 200, body: JSON.stringify({ url }) });
    expect(await made.channel.picture(ANNA, picture, "Карта")).toMatchObject({
      kind: "failed",
      mayHaveArrived: false,
    });
  }
  expect(JSON.stringify(callsOf(made, "POST /messages"))).not.toContain("of-this-machine");
});

test("answers of odd shapes are failures in words, and nothing is thrown", async () => {
  await using made = await ready();
  const odd: object[] = [
    ...[
      { code: "x", message: { toString: 1, valueOf: 1 } },
      { code: "x", message: [[[[{}]]]] },
    ],
    ...[
      { success: false, message: { toString: 1, valueOf: 1 } },
      { code: {}, message: null },
    ],
    ...[{ message: 5 }, { message: { body: { mid: 7 } } }, { message: { body: { mid: "m".repeat(5_000) } } }],
    ...[{ message: { body: { mid: "a\u0000b" } } }, { message: { body: null, recipient: 5 } }],
  ];
  for (const [place, body] of odd.entries())
    for (const status of [200, 400, 500]) {
      made.max.faults.next({ route: "POST /messages", status, body: JSON.stringify(body) });
      expect(await made.channel.say(`max:${place * 1_000 + status}`, "?")).toMatchObject({ kind: "failed" });
    }
});
