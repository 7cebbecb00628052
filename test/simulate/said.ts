// What admins pressed and were told at the till of a simulated world: all that its model knows of it.

import type { Telegram } from "../../src/standins/telegram/server.ts";
import { type Wish, wishOf } from "./model.ts";
import type { World } from "./world.ts";

/** A button that changes points was pressed: on which screen, and what it offered. */
export interface Tap {
  screen: string;
  verb: string;
  /** In hundredths; NaN on a button without a sum. */
  sum: number;
  /** `bot:chat:message` that the button was under. */
  shown: string;
}

/** What an admin was told of a screen. */
export interface Said {
  kind: string;
  sum: number;
  undone: boolean;
}

/** A button as a person sees it. */
interface Button {
  data: string;
  label: string;
}

/** The tap on a button of this message, or null when it changes no points. A screen is `bot:chat:asked`. */
export function tapOf(bot: Telegram, chat: number, message: number, { data, label }: Button): Tap | null {
  const [, asked, verb] = /^till:(\d+):\d+:(go|undo|give)(?::\d+)?$/.exec(data) ?? [];
  if (!asked || !verb) return null;
  const shown = `${bot.me.id}:${chat}:${message}`;
  return { screen: `${bot.me.id}:${chat}:${asked}`, verb, sum: sumIn(label), shown };
}

/** An owner's answer to a question of the till. */
export interface Answer {
  screen: string;
  yes: boolean;
  at: number;
}

/** The same of a button that an owner presses to answer, or null when it is none. */
export function answerOf(bot: Telegram, data: string, at: number): Answer | null {
  const [, admin, asked, answer] = /^owner:(?:telegram:)?(\d+):(\d+):\d+:(yes|no)$/.exec(data) ?? [];
  return answer ? { screen: `${bot.me.id}:${admin}:${asked}`, yes: answer === "yes", at } : null;
}

/** The screen and the side of a move that a row's key names; null for a row of something else. */
export function screenIn(key: string): { screen: string; side: string } | null {
  const [, bot, rest, side = ""] = /^till:(\d+:)telegram:(\d+:\d+)(:from|:to)?$/.exec(key) ?? [];
  return rest === undefined ? null : { screen: `${bot}${rest}`, side };
}

/** What the admin wrote in the message that opened the screen, or was shown of the record whose button did. */
export function wishAt(world: World, screen: string): Wish | null {
  const known = world.wishes.get(screen);
  if (known) return known;
  const [bot, chat, asked] = screen.split(":").map(Number);
  const messages = world.bots.find((one) => one.me.id === bot)?.messages(chat ?? 0);
  const message = messages?.find((one) => one.message_id === asked);
  return message?.from === "person" ? wishOf(message.text, message.date * 1_000) : null;
}

const kinds = { Списано: "spend", Начислено: "credit", Снято: "debit", Перенесено: "move" };

/** What the programs have said of each screen, in any message: a result names its screen by its buttons. */
export function saidTo(world: World): Map<string, Said> {
  const said = new Map<string, Said>();
  for (const bot of world.bots) for (const { payload } of bot.calls) hear(world, bot, payload, said);
  return said;
}

function hear(world: World, bot: Telegram, payload: Record<string, unknown>, said: Map<string, Said>): void {
  const text = String(payload.text ?? "").replace(/<\/?b>/g, "");
  const [, word] = /✅ (Списано|Начислено|Снято|Перенесено) /.exec(text) ?? [];
  const [, asked] = /"till:(\d+):\d+:(?:undo|give)"/.exec(JSON.stringify(payload.reply_markup) ?? "") ?? [];
  if (word && asked) {
    const kind = kinds[word as keyof typeof kinds];
    const screen = `${bot.me.id}:${payload.chat_id}:${asked}`;
    const sum = sumIn(text.slice(text.indexOf("✅")));
    said.set(screen, { undone: false, ...said.get(screen), kind, sum });
  }
  if (!/↩️ Отменено|✅ .* на карте клиента, теперь там/.test(text)) return;
  const shown = `${bot.me.id}:${payload.chat_id}:${payload.message_id}`;
  const known = said.get(world.taps.find((tap) => tap.shown === shown)?.screen ?? "");
  if (known) known.undone = true;
}

/** The first number of a text as the program writes them, in hundredths. */
export function sumIn(text: string): number {
  const [, whole = "", rest = ""] = /(\d{1,3}(?:\u00a0\d{3})*)(?:,(\d+))?/.exec(text) ?? [];
  return whole === "" ? Number.NaN : Number(whole.replaceAll("\u00a0", "") + rest.padEnd(2, "0"));
}

/** What the bots have said in a chat, as it stands there now. */
export function messagesTo(world: World, chat: number): string[] {
  const messages = world.bots.flatMap((bot) => bot.messages(chat));
  return messages.filter((one) => one.from === "bot").map((one) => one.text);
}
