// What people call a messenger, and what is said of several.

import { type Account, type ChannelName, channelOf } from "../rules/account.ts";
import { escaped } from "./html.ts";

/** Those that do not write themselves with one capital. */
const written: Record<string, string> = { max: "MAX" };

/** A messenger's name as it is written in a sentence. */
export function messengerName(channel: ChannelName): string {
  return written[channel] ?? channel.charAt(0).toUpperCase() + channel.slice(1);
}

/** The name of an account's messenger as it is written in a sentence. */
export function messengerOf(account: Account): string {
  return messengerName(channelOf(account));
}

/** `Telegram`, `Telegram и MAX`. */
export function messengersAnd(channels: readonly ChannelName[]): string {
  return channels.map(messengerName).join(" и ");
}

/** `Telegram`, `Telegram или MAX`. */
export function messengersOr(channels: readonly ChannelName[]): string {
  return channels.map(messengerName).join(" или ");
}

/** That an account is linked in none of them. */
export function noneLinked(channels: readonly ChannelName[]): string {
  if (channels.length < 2) return `${channels.map(messengerName).join()} не\u00a0привязан`;
  return `Ни\u00a0${channels.map(messengerName).join(", ни\u00a0")} не\u00a0привязаны`;
}

/** An address that opens the bot; of which messenger, where each has its own. */
export interface Way {
  messenger: ChannelName | null;
  link: string;
}

/** The addresses to hand on, each with its messenger where there are several. Escaped here. */
export function waysText(ways: readonly Way[], between = "\n"): string {
  return ways
    .map(({ messenger, link }) =>
      messenger === null ? escaped(link) : `${messengerName(messenger)}: ${escaped(link)}`,
    )
    .join(between);
}
