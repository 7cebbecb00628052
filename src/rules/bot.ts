// Which bot a token is of.

import type { BotId } from "./ids.ts";

/** The id of a token's bot, which Telegram puts before the colon; 0 for what is no token. */
export function botIdOf(token: string): BotId {
  return Number(/^\d+/.exec(token)?.[0] ?? 0);
}
