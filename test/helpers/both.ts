// Tests that walk a chat, in one messenger or in the other: what is so in one is so in both.

import { test } from "bun:test";
import { type Account, accountOf, type ChannelName } from "../../src/rules/account.ts";
import { messengerName } from "../../src/texts/messenger.ts";
import { seed } from "./seed.ts";

const messengers = ["telegram", "max"] as const;

/** The one in which the test that runs now is played: one runs at a time. */
let played: (typeof messengers)[number] = "telegram";

/** The messenger in which this walk is played. Outside of a walk it is Telegram. */
export function channelHere(): ChannelName {
  return played;
}

/** What people call it. */
export function messengerHere(): string {
  return messengerName(played);
}

/** The account of a number in it. */
export function accountHere(id: number): Account {
  return accountOf(played, id);
}

type Walk = () => unknown;

function playedIn(where: typeof played, run: Walk): () => Promise<void> {
  return async () => {
    played = where;
    try {
      await run();
    } finally {
      played = "telegram";
    }
  };
}

/** A walk that is played in each messenger. Each room has one of these at least. */
export function onBoth(name: string, run: Walk, timeout?: number): void {
  for (const where of messengers) test(`${name} (in ${messengerName(where)})`, playedIn(where, run), timeout);
}

/**
 * A walk that is played in one of them, which the seed of the run and its name decide: what it is about lies behind the
 * messenger. With LOYALTY_TEST_BOTH=1 in each.
 */
export function onEither(name: string, run: Walk, timeout?: number): void {
  const where = messengers[(Bun.hash.crc32(name) ^ seed) & 1] ?? "telegram";
  if (process.env.LOYALTY_TEST_BOTH === "1") onBoth(name, run, timeout);
  else test(`${name} (in ${messengerName(where)})`, playedIn(where, run), timeout);
}
