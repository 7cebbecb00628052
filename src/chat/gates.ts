// What is answered before any part of the bot sees it: too much at once, and words behind a command that takes none.

import type { Account } from "../rules/account.ts";
import { tooOften, wordlessTexts } from "./gates.texts.ts";
import { isOwner, isStaff } from "./staff.ts";
import type { BotPart, Turn } from "./turn.ts";

const maxInWindow = 20;
const windowMs = 10_000;
type Kind = "tap" | "message";
/** Shared by all: nearly nobody is ever told. */
const none: readonly Kind[] = [];

/**
 * Lets an account write 20 times in 10 seconds. The next message and the next tap are answered with a word (one in the chat
 * ends no tap's wait), and the rest is dropped without one. Kept in memory: a replica counts for itself. No library: that of
 * grammY sees Telegram's updates alone.
 */
export class FloodGate {
  readonly #windows = new Map<Account, { since: number; count: number; told: readonly Kind[] }>();
  #swept = 0;

  verdict(account: Account, kind: Kind, at: Date): "in" | "told" | "out" {
    const now = at.getTime();
    // A clock that was set back starts a new window too.
    const over = (since: number) => now - since >= windowMs || now < since;
    if (over(this.#swept)) {
      for (const [one, { since }] of this.#windows) if (over(since)) this.#windows.delete(one);
      this.#swept = now;
    }
    const known = this.#windows.get(account);
    const seen = known && !over(known.since) ? known : { since: now, count: 0, told: none };
    seen.count += 1;
    this.#windows.set(account, seen);
    if (seen.count <= maxInWindow) return "in";
    if (seen.told.includes(kind)) return "out";
    seen.told = [...seen.told, kind];
    return "told";
  }
}

/** Said once; what follows within those seconds is not heard. */
export async function tellTooOften(turn: Turn): Promise<void> {
  const words = tooOften(turn.language);
  if (turn.incoming.kind === "tap") await turn.answerTap(words);
  else await turn.say(words);
}

const everybodys = [
  "balance",
  "card",
  "history",
  "book",
  "contacts",
  "mydata",
  "invite",
  "unlink",
  "forget",
  "id",
];
/** Those that take something away: to a client's others "please" may be added, and they do what they say. */
const final = ["unlink", "forget"];

/**
 * Answers such a command with words behind it: who works here may mean a client by them. What stands behind `/start` is of
 * links that others make, and what stands behind `/help` is asked of somebody who is to help.
 */
export const wordless: BotPart = async ({ shop }, turn) => {
  const command = turn.incoming.kind === "text" ? turn.incoming.command : null;
  const written = command?.words.trim() ?? "";
  if (command === null || written === "") return false;
  const { name } = command;
  const staff = isStaff(shop, turn.account);
  const takesNone =
    (everybodys.includes(name) && (staff || final.includes(name))) ||
    (name === "cancel" && staff) ||
    (["stats", "programme", "staff"].includes(name) && isOwner(shop, turn.account));
  if (!takesNone) return false;
  const t = wordlessTexts(turn.language);
  const words = t.takesNone(name, written);
  await turn.say(staff ? `${words}\n${t.ofAClient()}` : words);
  return true;
};
