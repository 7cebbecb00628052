// The program with a bot in two messengers: both are listened to, neither waits for the other, and without a token there is one.
import { expect, test } from "bun:test";
import { bothServed } from "../helpers/both-served.ts";
import { until } from "../helpers/program.ts";

/** How many messages of the bot somebody has. */
const heard = (messages: readonly { from: string }[]) => messages.filter(({ from }) => from === "bot").length;

test("by polling both answer, each in its own chat", async () => {
  await using both = await bothServed();
  await both.start();
  expect(JSON.parse(both.logged('"serving"')[0] ?? "")).toMatchObject({
    ...{ messengers: ["telegram", "max"], bot: "polling" },
  });
  const [anna, vera] = [
    both.telegram.person({ id: 501, firstName: "Анна" }),
    both.max.person({ id: 501, firstName: "Вера" }),
  ];
  void anna.say("/id");
  await vera.start();
  await vera.say("/id");
  await until(() => heard(both.telegram.messages(501)) === 1 && heard(both.max.messages(501)) > 2);
  expect(both.telegram.messages(501).at(-1)?.text).not.toContain("max:501");
  expect(both.max.messages(501).at(-1)?.text).toContain("max:501");
});

test("by webhook MAX delivers to a path of its own, whose secret nobody else's opens", async () => {
  await using both = await bothServed();
  const publicUrl = "https://bot.example.ru";
  const { port } = await both.start({ PUBLIC_URL: publicUrl });
  const here = `http://127.0.0.1:${port}`;
  await until(() => both.max.webhook.subscriptions.length > 0);
  const [ours] = both.max.webhook.subscriptions;
  expect(both.max.webhook.url).toBe(`${publicUrl}/max/webhook`);
  both.max.webhook.reroute = (url) => url.replace(publicUrl, here);
  const vera = both.max.person({ id: 501, firstName: "Вера" });
  await vera.start();
  await vera.say("/id");
  await until(() => both.max.messages(501).some(({ text }) => text?.includes("max:501")));

  const post = async (headers: Record<string, string>, body = "{}") => {
    const answer = await fetch(`${here}/max/webhook`, { method: "POST", headers, body });
    return [answer.status, await answer.text()];
  };
  const secret = { "X-Max-Bot-Api-Secret": ours?.secret ?? "" };
  expect(await post({})).toEqual([401, ""]);
  expect(await post({ "X-Max-Bot-Api-Secret": "guessed" })).toEqual([401, ""]);
  expect(await post({ "X-Telegram-Bot-Api-Secret-Token": both.telegram.webhook.secret ?? "" })).toEqual([
    401,
    "",
  ]);
  expect(await post({ ...secret, "X-Max-Bot-Api-Secret": `${ours?.secret} ` }, "not json")).toEqual([
    400,
    "",
  ]);
  expect(await post(secret, "not json")).toEqual([400, ""]);
  expect(await post(secret, '{"update_id":1}')).toEqual([400, ""]);
  expect((await post(secret, `{"update_type":"${"x".repeat(1024 * 1024)}"}`))[0]).toBeOneOf([400, 413]);
  const unknown = '{"update_type":"chat_title_changed","timestamp":1785182044286}';
  expect(await post(secret, unknown)).toEqual([200, ""]);
});

test("without its token there is nothing of MAX: no path, no line, and no alarm", async () => {
  await using both = await bothServed();
  const PUBLIC_URL = "https://bot.example.ru";
  const { port } = await both.start({ MAX_BOT_TOKEN: "", PUBLIC_URL });
  const { status } = await fetch(`http://127.0.0.1:${port}/max/webhook`, { method: "POST", body: "{}" });
  expect(status).toBe(404);
  await until(() => both.telegram.webhook.url !== "");
  expect(both.max.calls).toEqual([]);
  expect(both.logged("MAX")).toEqual([]);
  expect(JSON.parse(both.logged('"serving"')[0] ?? "").messengers).toEqual(["telegram"]);
  const { out } = await both.check({ MAX_BOT_TOKEN: "", MAX_API_URL: "", PUBLIC_URL });
  expect(out).not.toContain("MAX");
});

test("a messenger that is away at the start keeps nobody of the other one waiting, and begins when it is back", async () => {
  await using both = await bothServed();
  both.telegram.faults.always({ cut: true });
  await both.start();
  const vera = both.max.person({ id: 501, firstName: "Вера" });
  await vera.start();
  await until(() => heard(both.max.messages(501)) > 0);
  expect(both.logged("Telegram cannot be reached").length).toBeGreaterThan(0);
  both.telegram.faults.clear();
  const anna = both.telegram.person({ id: 501, firstName: "Анна" });
  void anna.say("/id");
  await until(() => heard(both.telegram.messages(501)) > 0);
});

test("the same the other way round; a token that MAX refuses is a sentence in the log, without the token", async () => {
  await using both = await bothServed();
  both.max.faults.tokenWithdrawn = true;
  await both.start();
  const anna = both.telegram.person({ id: 501, firstName: "Анна" });
  void anna.say("/id");
  await until(() => heard(both.telegram.messages(501)) > 0);
  await until(() => both.logged("MAX refuses MAX_BOT_TOKEN: copy the token").length > 0);
  both.max.faults.clear();
  const vera = both.max.person({ id: 501, firstName: "Вера" });
  await vera.start();
  await until(() => heard(both.max.messages(501)) > 0);
  expect(both.lines.join("")).not.toContain(both.token);
});

const nobody = { ADMINS_IDS: "", OWNER_IDS: "" };
const payloadOf = (line = "") => /\?start=([\w-]+)/.exec(line)?.[1] ?? "";

test("where there is no owner each messenger has a link, and the first one opened ends both", async () => {
  await using both = await bothServed();
  await both.start(nobody);
  await until(() => both.told.length === 2);
  const [inTelegram = "", inMax = ""] = [...both.told].sort((one) => (one.includes("t.me") ? -1 : 1));
  expect(inTelegram).toContain("https://t.me/");
  expect(inMax).toContain("https://max.ru/id7700000000_bot?start=");
  expect(both.lines.join("")).not.toContain(payloadOf(inMax));
  const vera = both.max.person({ id: 701, firstName: "Вера" });
  await vera.start(payloadOf(inMax));
  await until(() => both.max.messages(701).some(({ text }) => text?.includes("Вы владелец.")));
  const anna = both.telegram.person({ id: 501, firstName: "Анна" });
  await anna.say(`/start ${payloadOf(inTelegram)}`);
  await anna.waitForMessage("Владелец у бота уже есть");
});

test("a link for the first owner in Telegram ends MAX's too; one that is away is printed when it is back", async () => {
  await using both = await bothServed();
  both.max.faults.always({ cut: true });
  await both.start(nobody);
  await until(() => both.told.length === 1);
  both.max.faults.clear();
  await until(() => both.told.length === 2);
  const [inTelegram, inMax] = both.told;
  const irina = both.telegram.person({ id: 700, firstName: "Ирина" });
  await irina.say(`/start ${payloadOf(inTelegram)}`);
  await irina.waitForMessage("Вы владелец.");
  const vera = both.max.person({ id: 701, firstName: "Вера" });
  await vera.start(payloadOf(inMax));
  await until(() => both.max.messages(701).some(({ text }) => text?.includes("Владелец у бота уже есть")));
});

test("where the token of all owners' messenger is gone the other one has a link, dead once it is back; and they hear who opened it", async () => {
  await using both = await bothServed();
  const owned = { ADMINS_IDS: "", OWNER_IDS: "max:701", NOTIFY_CRON: "* * * * * *" };
  const within = async (changes: object, work: () => Promise<void>) => {
    const service = await both.start({ ...owned, ...changes });
    await work();
    await service.stop();
  };
  const [irina, anna] = [700, 501].map((id) => both.telegram.person({ id, firstName: `Гость ${id}` }));
  const vera = both.max.person({ id: 701, firstName: "Вера" });
  const heard = (words: string) => both.max.messages(701).some(({ text }) => text?.includes(words));
  await within({}, async () => {
    await vera.start();
    await until(() => heard("Вы владелец."));
    expect(both.told).toEqual([]);
  });
  const gone = { MAX_BOT_TOKEN: "" };
  await within(gone, () => until(() => both.told.length === 1));
  expect(both.told[0]).toStartWith("No owner is in a messenger that this program speaks. Whoever opens");
  await within({}, async () => {
    await anna?.say(`/start ${payloadOf(both.told[0])}`);
    await anna?.waitForMessage("Эта ссылка не действует");
  });
  await within(gone, async () => {
    await until(() => both.told.length === 2);
    await irina?.say(`/start ${payloadOf(both.told[1])}`);
    await irina?.waitForMessage("Вы владелец.");
    await Bun.sleep(1_500);
  });
  await within({}, () => until(() => heard("Гость 700")));
  expect(both.told).toHaveLength(2);
}, 30_000);
