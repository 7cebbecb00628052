// What one would write with Node instead, with the same duties for an update as ours: fastify, grammY and pg; what it reads of the
// update checked, too much of it refused, who works here known, the same SELECT, the answer in words and keys, and counted.
// It runs from a folder of its own, where its packages are.

import fastify from "fastify";
import { Bot, InlineKeyboard, webhookCallback } from "grammy";
import pg from "pg";
import prometheus from "prom-client";
import * as v from "valibot";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL) });

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const person = v.looseObject({
  ...{ id, is_bot: v.boolean(), first_name: v.string() },
  language_code: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{2,35}$/))),
});
const entity = v.looseObject({
  type: v.string(),
  offset: v.pipe(v.number(), v.integer()),
  length: v.number(),
});
const message = v.looseObject({
  message_id: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  chat: v.looseObject({ id: v.pipe(v.number(), v.safeInteger()), type: v.string() }),
  from: v.optional(person),
  ...{ text: v.optional(v.string()), entities: v.optional(v.array(entity)) },
});
const update = v.object({
  update_id: v.pipe(v.number(), v.safeInteger()),
  ...{ message: v.optional(message), edited_message: v.optional(message) },
});

const cardOf = {
  name: "card",
  text: `select c.id, c.phone, c.name, a.language,
      coalesce((select sum(b.points) from bonuslog b where b.client_id = c.id), 0) as balance,
      coalesce((
        select sum(b.points) from bonuslog b
        where b.client_id = c.id and not b.is_telegram_notified and not is_anothers_to_hear(c.id, b.id, a.account)), 0) as waiting,
      (select coalesce(sum(l.rest), 0) from lots l where l.client_id = c.id and l.rest > 0 and l.waits) as locked
    from accounts a join clients c on c.id = a.client_id where a.account = $1`,
};

const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const bold = (text) => `<b>${escaped(text)}</b>`;

function language(name, forms, words) {
  const [plural, number] = [
    new Intl.PluralRules(name),
    new Intl.NumberFormat(name, { maximumFractionDigits: 2 }),
  ];
  const points = (value) => `${number.format(value)}\u00a0${forms[plural.select(value)] ?? forms.other}`;
  return { ...words, points };
}
const ru = language(
  "ru",
  { one: "балл", few: "балла", many: "баллов", other: "балла" },
  {
    keys: ["История", "Где мои баллы?"],
    none: (card) => `На карте ${card} баллов пока нет.`,
    holds: (card, points) => `На карте ${card}: ${points}.`,
    waits: (points) => ` Это вместе с тем, о чём ещё напишем: ${points}.`,
    rate: " 1 балл = 1 ₽: скажите на кассе «спишите баллы».",
    later: (points) =>
      ` Из них ${points} в подарок: потратить его можно будет после следующего оплаченного визита.`,
    tooOften: "Слишком часто. Подождите несколько секунд.",
    stranger: "Карты ещё нет: отправьте свой номер.",
  },
);
const en = language(
  "en",
  { one: "point", other: "points" },
  {
    keys: ["History", "Where are my points?"],
    none: (card) => `Card ${card} holds no points yet.`,
    holds: (card, points) => `Card ${card} holds ${points}.`,
    waits: (points) => ` That includes what we have yet to tell you: ${points}.`,
    rate: " 1 point = 1 ₽: say “use my points” at the till.",
    later: (points) => ` ${points} of them are a gift, to be spent after your next paid visit.`,
    tooOften: "Too often. Wait a few seconds.",
    stranger: "There is no card yet: send your number.",
  },
);

function words(t, { phone, ...sums }) {
  const [balance, waiting, locked] = [sums.balance, sums.waiting, sums.locked].map(Number);
  const card = `…${escaped(phone.slice(-4))}`;
  const untold = waiting === 0 ? "" : t.waits(bold(t.points(waiting)));
  if (balance === 0) return `${t.none(card)}${untold}`;
  const gift = locked === 0 ? "" : t.later(bold(t.points(locked)));
  return `${t.holds(card, bold(t.points(balance)))}${untold}${gift}${balance > locked ? t.rate : ""}`;
}

/** Who works here is known for a second. */
let staff = { until: 0, ids: Promise.resolve(new Set()) };
async function readStaff() {
  const { rows } = await pool.query({
    name: "staff",
    text: `select account from staff_changes c
      where role is not null and not exists (select from staff_changes l where l.account = c.account and l.id > c.id)`,
  });
  return new Set(rows.map(({ account }) => account));
}
function staffNow(now) {
  if (now >= staff.until) staff = { until: now + 1_000, ids: readStaff() };
  return staff.ids;
}

/** Twenty updates in ten seconds; the next one is answered with a word. */
const windows = new Map();
function tooOften(account, now) {
  const known = windows.get(account);
  const seen = known && now - known.since < 10_000 ? known : { since: now, count: 0 };
  seen.count += 1;
  windows.set(account, seen);
  return seen.count - 20;
}
setInterval(() => {
  for (const [account, { since }] of windows) if (Date.now() - since >= 10_000) windows.delete(account);
}, 10_000).unref();

const calls = new prometheus.Counter({ name: "api_requests_total", help: "Calls", labelNames: ["outcome"] });
const webhooks = new prometheus.Histogram({
  ...{ name: "webhook_seconds", help: "From arrival to answer", labelNames: ["status"] },
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

const bot = new Bot("7000000001:bench", {
  botInfo: { id: 7000000001, is_bot: true, first_name: "bench", username: "bench_bot" },
  client: { apiRoot: process.env.TELEGRAM_API_ROOT, timeoutSeconds: 20 },
});
bot.api.config.use(async (call, method, payload, signal) => {
  const answer = await call(method, payload, signal);
  calls.inc({ outcome: answer.ok ? "ok" : "refused" });
  return answer;
});
const chats = bot.chatType("private");
chats.use(async (ctx, next) => {
  if (ctx.from.is_bot) return;
  ctx.account = `telegram:${ctx.from.id}`;
  ctx.t = ctx.from.language_code?.startsWith("en") ? en : ru;
  const now = Date.now();
  const over = (await staffNow(now)).has(ctx.account) ? 0 : tooOften(ctx.account, now);
  if (over <= 0) await next();
  else if (over === 1) await ctx.reply(ctx.t.tooOften);
});
async function balance(ctx) {
  const { rows } = await pool.query({ ...cardOf, values: [ctx.account] });
  const [card] = rows;
  if (!card) return ctx.reply(ctx.t.stranger);
  const { language_code: spoken } = ctx.from;
  if (spoken && spoken !== card.language)
    await pool.query("update accounts set language = $2 where account = $1", [ctx.account, spoken]);
  const [history, why] = ctx.t.keys;
  await ctx.reply(words(ctx.t, card), {
    ...{ parse_mode: "HTML", link_preview_options: { is_disabled: true } },
    reply_markup: new InlineKeyboard().text(history, "history:0").text(why, "why"),
  });
}
chats.command("balance", balance);
chats.hears(["Баланс", "Balance"], balance);

const handle = webhookCallback(bot, "fastify", { secretToken: process.env.WEBHOOK_SECRET });
const app = fastify({ bodyLimit: 1024 * 1024, logger: { level: "info" }, disableRequestLogging: true });
app.get("/healthz", () => "ok");
app.get("/readyz", () => "ready");
app.addHook("onResponse", async (_request, reply) =>
  webhooks.observe({ status: reply.statusCode }, reply.elapsedTime / 1_000),
);
app.post("/telegram/webhook", async (request, reply) => {
  const read = v.safeParse(update, request.body);
  if (read.success) return handle(request, reply);
  request.log.warn({ wrong: read.issues.map(v.getDotPath) }, "an update is not as Telegram sends them");
  return reply.send("");
});
await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
