// What admins pressed and were told at the till of a simulated world: all that its model knows of it.

import type { Call, Face, Key } from "./faces.ts";
import type { Where } from "./messengers.ts";
import { type Wish, wishOf } from "./model.ts";
import type { World } from "./world.ts";

/** A button that changes points was pressed: on which screen, and what it offered. */
export interface Tap {
  screen: string;
  verb: string;
  /** In hundredths; NaN on a button without a sum. */
  sum: number;
  /** `bot:account:message` that the button was under. */
  shown: string;
}

/** What an admin was told of a screen. */
export interface Said {
  kind: string;
  sum: number;
  undone: boolean;
}

/** The tap on a button of this message, or null when it changes no points. A screen is `bot:account:asked`. */
export function tapOf(face: Face, { data, label, message }: Key & { message: string }): Tap | null {
  const [, asked, verb] = /^till:(\d+):\d+:(go|undo|give)(?::\d+)?$/.exec(data) ?? [];
  if (!asked || !verb) return null;
  const at = `${face.messenger.bot}:${face.account}`;
  return { screen: `${at}:${asked}`, verb, sum: sumIn(label), shown: `${at}:${message}` };
}

/** An owner's answer to a question of the till. */
export interface Answer {
  screen: string;
  yes: boolean;
  at: number;
}

/** The same of a button that an owner presses to answer, or null when it is none. */
export function answerOf(world: World, data: string): Answer | null {
  const [, where, admin, asked, answer] = /^owner:(telegram|max):(\d+):(\d+):\d+:(yes|no)$/.exec(data) ?? [];
  if (!answer) return null;
  // The admin may be in another messenger than the owner who is asked.
  const screen = `${world.on(where as Where).bot}:${where}:${admin}:${asked}`;
  return { screen, yes: answer === "yes", at: world.clock.now().getTime() };
}

/** The screen and the side of a move that a row's key names; null for a row of something else. */
export function screenIn(key: string): { screen: string; side: string } | null {
  const [, screen, side = ""] = /^till:(\d+:\w+:\d+:\d+)(:from|:to)?$/.exec(key) ?? [];
  return screen === undefined ? null : { screen, side };
}

/** What the admin wrote in the message that opened the screen, or was shown of the record whose button did. */
export function wishAt(world: World, screen: string): Wish | null {
  const known = world.wishes.get(screen);
  if (known) return known;
  const { bot, account, asked } = partsOf(screen);
  const messages = world.messengers.find((one) => one.bot === bot)?.messages(account);
  const id = world.names.get(`${account}:${asked}`) ?? asked;
  const message = messages?.find((one) => one.id === id);
  return message?.by === "person" ? wishOf(message.text, message.at) : null;
}

/** An account as the ledger writes who works here: of Telegram by its number alone. */
export const inLedger = (account: string) => account.replace(/^telegram:/, "");

/** The bot, the admin's account and the message of a screen. */
export function partsOf(screen: string): { bot: number; account: string; asked: string } {
  const [bot, channel, id, asked = ""] = screen.split(":");
  return { bot: Number(bot), account: `${channel}:${id}`, asked };
}

const kinds = { Списано: "spend", Начислено: "credit", Снято: "debit", Перенесено: "move" };

/** What the programs have said of each screen, in any message: a result names its screen by its buttons. */
export function saidTo(world: World): Map<string, Said> {
  const said = new Map<string, Said>();
  const calls = world.messengers.flatMap((one) => one.calls().map((call) => ({ ...call, bot: one.bot })));
  // An owner takes back in one messenger what an admin was told of in the other.
  for (const call of calls.sort((one, other) => one.at - other.at)) hear(world, call.bot, call, said);
  return said;
}

function hear(world: World, bot: number, call: Call, said: Map<string, Said>): void {
  const text = call.text.replace(/<\/?b>/g, "");
  const [, word] = /✅ (Списано|Начислено|Снято|Перенесено) /.exec(text) ?? [];
  const [asked] = call.keys.flatMap(({ data }) => /^till:(\d+):\d+:(?:undo|give)$/.exec(data)?.[1] ?? []);
  if (word && asked) {
    const kind = kinds[word as keyof typeof kinds];
    const screen = `${bot}:${call.account}:${asked}`;
    const sum = sumIn(text.slice(text.indexOf("✅")));
    said.set(screen, { undone: false, ...said.get(screen), kind, sum });
  }
  if (!/↩️ Отменено|✅ .* на карте клиента, теперь там/.test(text)) return;
  const shown = `${bot}:${call.account}:${call.message}`;
  const known = said.get(world.taps.find((tap) => tap.shown === shown)?.screen ?? "");
  if (known) known.undone = true;
}

/** The same, where what is new was said in one message with other news: each piece of it by itself. */
export function noticesTo(world: World, ...accounts: string[]): string[] {
  return messagesTo(world, ...accounts).flatMap((text) =>
    text.startsWith("Новое на карте\n") ? text.split("\n\n").slice(1) : [text],
  );
}

/** The first number of a text as the program writes them, in hundredths. */
export function sumIn(text: string): number {
  const [, whole = "", rest = ""] = /(\d{1,3}(?:\u00a0\d{3})*)(?:,(\d+))?/.exec(text) ?? [];
  return whole === "" ? Number.NaN : Number(whole.replaceAll("\u00a0", "") + rest.padEnd(2, "0"));
}

/** What the bots have said to somebody's accounts, as it stands there now. */
export function messagesTo(world: World, ...accounts: string[]): string[] {
  const messages = accounts.flatMap((account) => world.messengers.flatMap((one) => one.messages(account)));
  return messages.filter((one) => one.by === "bot").map((one) => one.text);
}
