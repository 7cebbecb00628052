// GET /updates of the stand-in MAX: the long poll, and the marker that confirms.
import type { MaxDeliveries } from "./deliveries.ts";
import { MaxRefusal, unfit } from "./faults.ts";
import { typeOf, type UpdateQueue } from "./queue.ts";
import type { MaxReading } from "./readings.ts";

/**
 * Gives what came after `marker`, waiting up to `timeout` seconds for something; the marker confirms all up to it. Without
 * one, only the latest update is given, and the others stay until a marker confirms them.
 */
export async function pollUpdates(
  { queue, webhook, readings }: { queue: UpdateQueue; webhook: MaxDeliveries; readings: MaxReading },
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<{ updates: unknown[]; marker: number | null }> {
  const limit = numberIn(query, "limit", { most: 1000, otherwise: 100 });
  const timeout = numberIn(query, "timeout", { most: 90, otherwise: 30 });
  const given = query.get("marker");
  if (given !== null && !/^-?\d+$/.test(given)) throw unfit("marker: a number is expected");
  const marker = given === null ? null : Number(given);
  const types = query.get("types")?.split(",") ?? [];
  if (webhook.url && readings.pollSubscribed === "refused")
    throw new MaxRefusal(409, "subscription.active", "Updates go to the subscription");
  if (marker !== null) queue.drop(queue.all.filter((one) => one.marker <= marker));
  const fresh = () => {
    if (webhook.url) return [];
    const wanted = queue.all.filter(
      ({ update, forced }) => forced || types.length === 0 || types.includes(typeOf(update)),
    );
    return marker === null ? wanted.slice(-1) : wanted.slice(0, limit);
  };
  const wake = () => queue.changed.ring();
  signal.addEventListener("abort", wake);
  const until = performance.now() + timeout * 1000;
  try {
    while (fresh().length === 0 && performance.now() < until && !signal.aborted && webhook.mayPoll)
      await queue.changed.wait(until - performance.now());
  } finally {
    signal.removeEventListener("abort", wake);
  }
  const batch = signal.aborted ? [] : fresh();
  for (const one of batch) one.delivered();
  return { updates: batch.map(({ update }) => update), marker: batch.at(-1)?.marker ?? marker };
}

function numberIn(
  query: URLSearchParams,
  name: string,
  { most, otherwise }: { most: number; otherwise: number },
): number {
  const value = Number(query.get(name) ?? otherwise);
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw unfit(`${name}: a number up to ${most} is expected`);
  return value;
}
