// A person's account in a messenger, as it is kept and compared everywhere: `telegram:501`.

import type { Branded } from "./ids.ts";

/** A messenger by its name, which stands before an account's own id: a word of small letters. */
export type ChannelName = Branded<string, "channel">;

/** `telegram:501`: the same number in another messenger is another account. */
export type Account = Branded<string, "account">;

/** The account of an id in a messenger, as that writes it. */
export function accountOf(channel: ChannelName, externalId: number | string): Account {
  return `${channel}:${externalId}`;
}

/** The messenger of an account. */
export function channelOf(account: Account): ChannelName {
  return account.slice(0, account.indexOf(":"));
}

/** The id that the messenger itself gave the account. */
export function externalIdOf(account: Account): string {
  return account.slice(account.indexOf(":") + 1);
}
