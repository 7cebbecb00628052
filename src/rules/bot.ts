// Which bot a token is of.

/** The id of a token's bot, which Telegram puts before the colon; 0 for what is no token. */
export function botIdOf(token: string): number {
  return Number(/^\d+/.exec(token)?.[0] ?? 0);
}
