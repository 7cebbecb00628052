// Commands that take no words: what stands behind one is named and not passed over, for it was meant to say something.

import type { Composer, Context } from "grammy";
import { isOwner, isStaff } from "../till/till.chat.ts";
import { type Desk, say } from "./desk.ts";
import { wordlessTexts } from "./wordless.texts.ts";

const everybodys = ["balance", "card", "history", "book", "contacts", "mydata", "unlink", "forget", "id"];
/** Of a client's commands those that take something away: to the others "please" may be added, and they do what they say. */
const final = ["unlink", "forget"];

/**
 * Adds the answer to such a command with words behind it, before the commands themselves. Who works here may mean a client
 * by them. What may stand behind `/start` is of links that others make, and what stands behind `/help` is asked of somebody
 * who is to help.
 */
export function addWordless(chats: Composer<Context>, desk: Desk): void {
  const takesNone = (command: string, whose: (ctx: Context) => boolean) =>
    chats.command(command, async (ctx, next) => {
      const written = ctx.match.trim();
      if (written === "" || !whose(ctx)) return next();
      const t = wordlessTexts(ctx.from?.language_code);
      const words = t.takesNone(command, written);
      await say(ctx, isStaff(desk, ctx) ? `${words}\n${t.ofAClient()}` : words);
    });
  for (const command of everybodys)
    takesNone(command, (ctx) => final.includes(command) || isStaff(desk, ctx));
  takesNone("cancel", (ctx) => isStaff(desk, ctx));
  takesNone("stats", (ctx) => isOwner(desk, ctx));
}
