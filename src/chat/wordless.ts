// Commands that take no words: what stands behind one is named and not passed over, for it was meant to say something.

import { isOwner, isStaff } from "./staff.ts";
import type { BotPart } from "./turn.ts";
import { wordlessTexts } from "./wordless.texts.ts";

const everybodys = ["balance", "card", "history", "book", "contacts", "mydata", "unlink", "forget", "id"];
/** Of a client's commands those that take something away: to the others "please" may be added, and they do what they say. */
const final = ["unlink", "forget"];

/**
 * Answers such a command with words behind it, before the commands themselves. Who works here may mean a client by them. What
 * may stand behind `/start` is of links that others make, and what stands behind `/help` is asked of somebody who is to help.
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
    (name === "stats" && isOwner(shop, turn.account));
  if (!takesNone) return false;
  const t = wordlessTexts(turn.language);
  const words = t.takesNone(name, written);
  await turn.say(staff ? `${words}\n${t.ofAClient()}` : words);
  return true;
};
