// Where MAX delivers: a list of addresses, in which ours is to stand alone, with our secret and for the kinds that we hear.

import { wait } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { LastTold } from "../listening.ts";
import type { MaxBot } from "./bot.ts";
import { updateTypes } from "./update.ts";

/** How long an update that was just delivered may take until MAX has the answer: it would come twice. Milliseconds. */
const lastPostMs = 1_000;

/** An address to which MAX delivers, and which kinds; null where it does not say. */
export interface Subscription {
  url: string;
  types: string[] | null;
}

/** Where MAX is to deliver, and until when it may be told so. */
interface Wanted {
  address: string;
  secret: string;
  told: LastTold;
  log: Log;
  signal: AbortSignal;
}

/** What these calls need of a bot. */
type Caller = Pick<MaxBot, "client" | "pace">;

/** Throws a `MaxFault`. */
export async function subscriptionsOf(bot: Caller, signal?: AbortSignal): Promise<Subscription[]> {
  await bot.pace.call(null, true, signal);
  const { body } = await bot.client.call("GET", "/subscriptions", { signal });
  const list: unknown[] = Array.isArray(body.subscriptions) ? body.subscriptions : [];
  return list.flatMap((one) => {
    const { url, update_types: types } = Object(one) as { url?: unknown; update_types?: unknown };
    return typeof url === "string" ? [{ url, types: Array.isArray(types) ? types.map(String) : null }] : [];
  });
}

/** MAX delivers nowhere any more. What waits there is kept. Throws a `MaxFault`. */
export async function dropSubscriptions(bot: Caller, signal?: AbortSignal): Promise<void> {
  await drop(bot, await subscriptionsOf(bot, signal));
}

async function drop(bot: Caller, list: readonly Subscription[]): Promise<void> {
  // One address may stand there twice, and goes as one.
  for (const url of new Set(list.map((one) => one.url))) {
    await bot.pace.call(null, true);
    await bot.client.call("DELETE", "/subscriptions", { query: { url } });
  }
  if (list.length > 0) await wait(lastPostMs);
}

/** One address more, for the kinds that we hear. Throws a `MaxFault`. */
export async function subscribe(bot: Caller, address: string, secret: string): Promise<void> {
  await bot.pace.call(null, true);
  await bot.client.call("POST", "/subscriptions", {
    body: { url: address, update_types: [...updateTypes], secret },
  });
}

/**
 * Has MAX deliver here and nowhere else, unless it does. It lets a subscription go by itself where nothing was taken for eight
 * hours, and says so to nobody. Before it is told, `takeWaiting` deals with what waits. Throws a `MaxFault`, and the signal's reason
 * where that came meanwhile.
 */
export async function keepSubscribed(
  bot: MaxBot,
  { address, secret, told, log, signal }: Wanted,
  takeWaiting: () => Promise<void>,
): Promise<void> {
  const list = await subscriptionsOf(bot);
  const ours = list.filter((one) => one.url === address);
  const what = `${address} ${secret} ${bot.id}`;
  const known = await told.isSame(what);
  if (known && ours.length === 1 && ours.every(hearsAll))
    return drop(
      bot,
      list.filter((one) => one.url !== address),
    );
  if (known && ours.length === 0)
    log.warn({ address }, "MAX had let the subscription go: what was not delivered for eight hours is lost");
  // A stop from here on leaves it without one, which is not MAX's doing.
  await told.forget();
  await drop(bot, list);
  await takeWaiting();
  // A stop may have left some of it, which nobody asks for any more once MAX is subscribed to: the next start takes it first.
  signal.throwIfAborted();
  await subscribe(bot, address, secret);
  await told.keep(what);
  log.info({ address }, "MAX delivers here");
}

function hearsAll({ types }: Subscription): boolean {
  return types === null || [...types].sort().join() === [...updateTypes].sort().join();
}
