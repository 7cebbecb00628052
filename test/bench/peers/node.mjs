// What one would write with Node instead: fastify, grammY and pg, the same command, the same SELECT, the same call.
// It runs from a folder of its own, where its packages are.

import fastify from "fastify";
import { Bot, InlineKeyboard, webhookCallback } from "grammy";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL) });
const bot = new Bot("7000000001:bench", {
  botInfo: { id: 7000000001, is_bot: true, first_name: "bench", username: "bench_bot" },
  client: { apiRoot: process.env.TELEGRAM_API_ROOT },
});
const select = {
  name: "balance",
  text: `select c.id, c.phone, c.name,
      coalesce((select sum(b.points) from bonuslog b where b.client_id = c.id), 0) as balance
    from clients c where c.telegram_id = $1`,
};
bot.command("balance", async (ctx) => {
  const { rows } = await pool.query({ ...select, values: [ctx.from.id] });
  await ctx.reply(`На карте <b>${rows[0].balance}</b>`, {
    parse_mode: "HTML",
    reply_markup: new InlineKeyboard().text("История", "history:0").text("Где мои баллы?", "why"),
  });
});

const app = fastify();
app.get("/healthz", () => "ok");
app.get("/readyz", () => "ready");
app.post("/telegram/webhook", webhookCallback(bot, "fastify", { secretToken: process.env.WEBHOOK_SECRET }));
await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
