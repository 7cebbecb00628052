// What people call a messenger.

import { type Account, channelOf } from "../rules/account.ts";

/** The name of an account's messenger as it is written in a sentence. */
export function messengerOf(account: Account): string {
  const channel = channelOf(account);
  return channel.charAt(0).toUpperCase() + channel.slice(1);
}
