// The same answer without a bot: Elysia and postgres.js with our pool and our SELECT, and nothing else in between.

import { Elysia } from "elysia";
import { holdingOf } from "../../../src/cards/clients.store.ts";
import { connect } from "../../../src/db/connect.ts";

const db = connect(process.env.DATABASE_URL ?? "", { max: Number(process.env.POOL) });

new Elysia({ serve: { reusePort: false } })
  .get("/healthz", () => "ok")
  .get("/readyz", () => "ready")
  .post("/telegram/webhook", async ({ body }) => {
    const { chat } = (body as { message: { chat: { id: number } } }).message;
    const card = await holdingOf(db, `telegram:${chat.id}`);
    const text = `На карте ${(card?.balance ?? 0) / 100}`;
    await fetch(`${process.env.TELEGRAM_API_ROOT}/bot7000000001:bench/sendMessage`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ chat_id: chat.id, text }),
    });
    return "";
  })
  .listen({ hostname: "127.0.0.1", port: Number(process.env.PORT) });
