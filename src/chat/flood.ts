// Slows a chat that writes too often, so that it costs the others nothing.

import type { Context, MiddlewareFn } from "grammy";
import { answerTap, type Desk, say } from "./desk.ts";
import { tooOften } from "./flood.texts.ts";

const most = 20;
const windowMs = 10_000;

interface Window {
  since: number;
  count: number;
  told: Set<"tap" | "message">;
}

/**
 * Lets a chat have 20 updates in 10 seconds; the next message and the next tap are answered with a word, for a word in the
 * chat ends no tap's wait, and the rest is dropped without one. Those who work here are never slowed, and a block is
 * always heard. Kept in memory: a replica counts for itself.
 */
export function floodGate(desk: Desk): MiddlewareFn<Context> {
  const chats = new Map<number, Window>();
  const { adminIds, ownerIds } = desk.shop;
  let swept = 0;
  return async (ctx, next) => {
    const id = ctx.chat?.id ?? ctx.from?.id;
    const works = ctx.from !== undefined && [...adminIds, ...ownerIds].includes(ctx.from.id);
    if (id === undefined || works || ctx.myChatMember) return next();
    const now = desk.now().getTime();
    if (over(swept, now)) {
      for (const [chat, { since }] of chats) if (over(since, now)) chats.delete(chat);
      swept = now;
    }
    const known = chats.get(id);
    const seen: Window = known && !over(known.since, now) ? known : { since: now, count: 0, told: new Set() };
    seen.count += 1;
    chats.set(id, seen);
    if (seen.count <= most) return next();
    const kind = ctx.callbackQuery ? "tap" : "message";
    if (seen.told.has(kind)) return;
    seen.told.add(kind);
    await slow(desk, ctx);
  };
}

/** A clock that was set back starts a new window too. */
function over(since: number, now: number): boolean {
  return now - since >= windowMs || now < since;
}

async function slow(desk: Desk, ctx: Context): Promise<void> {
  const words = tooOften(ctx.from?.language_code);
  if (ctx.callbackQuery) await answerTap(desk, ctx, words);
  else if (ctx.chat?.type === "private") await say(ctx, words);
}
