// What is said in every messenger of those who work here: who cannot be written to, and that nobody would hear an alarm.

import { type Account, type ChannelName, channelOf } from "../rules/account.ts";
import { type CheckLine, lineOf } from "./check.ts";

/** Said to the others: whoever cannot be reached cannot be told, and knows once it is over. */
export const unreachedAlarm = (account: Account) => `unreached:${account}`;

/** Whether one who works here can be written to (a bot may not write first), with what to do; `name` is theirs in its messenger. */
export function reachLine(
  role: "owner" | "admin",
  account: Account,
  name: string,
  reach: "reached" | "never" | "blocked",
): CheckLine {
  const says = reach === "blocked" ? "has blocked the bot" : "has not pressed Start";
  const remedy =
    "ask them to open the bot and press Start, or let them go: by /staff, or out of the settings";
  const wrong = reach === "reached" ? null : { says, remedy, detail: name };
  return lineOf(`${role} ${name}`, wrong, "can be written to", unreachedAlarm(account));
}

/** That there is no owner, or none whom an alarm could reach; nothing where there is one. `spoken`: what the program speaks. */
export function ownerLines(ownerIds: readonly Account[], spoken: readonly ChannelName[]): CheckLine[] {
  if (ownerIds.some((account) => spoken.includes(channelOf(account)))) return [];
  const about = "owner";
  const link =
    "open the link that serve prints at each start, within an hour (docker compose logs bot, or journalctl --unit loyalty-bot)";
  // What comes next where three tokens are all that there is.
  if (ownerIds.length === 0)
    return [{ state: "warn", about, says: "nobody yet", remedy: `${link}; or set OWNER_IDS` }];
  const says = "none is in a messenger that this program speaks: alarms reach nobody";
  const remedy = `set that messenger's token again, or add an owner here to OWNER_IDS; or ${link}`;
  return [{ state: "FAIL", about, says, remedy }];
}
