// Which way a messenger's updates come, by the webhook or by polling, and the change between the two: none lost, none doubled.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { wait } from "../clock.ts";
import type { Db } from "../db/connect.ts";
import { messageOf } from "../errors.ts";
import { withLease } from "../jobs/leases.ts";
import { retryUntilDone } from "../jobs/retry.ts";
import type { ChannelName } from "../rules/account.ts";
import { claimMode, keepMode, keepWebhookHash, webhookHash } from "./listening.store.ts";
import type { Listening } from "./messenger.ts";

/** Short, for people wait when a program that polled is gone; two that poll for a moment only get a refusal. */
const leaseMs = 6_000;
/** How long a mode is held without a heartbeat, and how often that comes. */
const modeMs = 10_000;
const heartbeatMs = 2_000;

/** What a messenger was last told of the webhook: it does not say itself which secret it has. */
export interface LastTold {
  isSame: (what: string) => Promise<boolean>;
  keep: (what: string) => Promise<void>;
  /** What it was last told holds no more. */
  forget: () => Promise<void>;
}

/** What one messenger does to be listened to; all of it is done by one program at a time. */
export interface Ways {
  channel: ChannelName;
  /** Its name in the log. */
  title: string;
  /** The path of its webhook. */
  path: string;
  /** Tells it where to deliver, unless it knows. */
  keepWebhookSet: (address: string, told: LastTold) => Promise<void>;
  /** Milliseconds after which it is looked at again; null: what is set stays. */
  lookAgainMs: number | null;
  /** It delivers nowhere any more; what waits there is kept. */
  letWebhookGo: () => Promise<void>;
  /** Asks for what came until the signal, then confirms what was handled. Takes a webhook away that is set meanwhile. */
  poll: (signal: AbortSignal) => Promise<void>;
}

type Listener = Omit<Listening, "handle" | "publicUrl"> & { ways: Ways };

/**
 * Listens until the signal. The program that started last decides the mode for all replicas; the others give way, and take
 * theirs up again when nobody holds the new one any more. Whoever polls or changes the webhook holds one lease, so that one
 * mode has ended, its last batch confirmed, before the other begins.
 */
export async function takeUpdates(
  ways: Ways,
  { publicUrl, ...listening }: Omit<Listening, "handle">,
): Promise<void> {
  const listener: Listener = { ...listening, ways };
  const { db, log, signal } = listener;
  const { channel } = ways;
  const address = publicUrl && `${publicUrl}${ways.path}`;
  const mode = address ?? "polling";
  await retryUntilDone(() => claimMode(db, channel, mode, modeMs), "the database", log, signal);
  while (!signal.aborted) {
    try {
      const generation = await keepMode(db, channel, mode, modeMs);
      if (generation !== null) await listen(generation);
    } catch (error) {
      if (!signal.aborted) log.error({ error: messageOf(error) }, `${ways.title}'s updates cannot be taken`);
    }
    await wait(heartbeatMs, signal);
  }

  /** Until the signal, or until another replica has changed the mode, even if it changed back since. */
  async function listen(generation: number): Promise<void> {
    const changed = new AbortController();
    const either = AbortSignal.any([signal, changed.signal]);
    const look = async () => {
      if ((await keepMode(db, channel, mode, modeMs)) === generation || either.aborted) return;
      log.info({ mode }, "another program takes, or took, the updates another way");
      changed.abort();
    };
    // What fails is a database that is away for a moment.
    const heartbeat = setInterval(() => void look().catch(() => {}), heartbeatMs);
    try {
      const now = { ...listener, signal: either };
      await (address ? byWebhook(now, address) : byPolling(now));
    } finally {
      clearInterval(heartbeat);
    }
  }
}

async function byWebhook(listener: Listener, address: string): Promise<void> {
  const { ways, db, log, signal, begun } = listener;
  const told = toldOf(db, ways.channel);
  const tell = () => asTheOnlyOne(listener, () => ways.keepWebhookSet(address, told));
  while (!signal.aborted) {
    await retryUntilDone(tell, "the webhook", log, signal);
    begun();
    if (ways.lookAgainMs !== null) await wait(ways.lookAgainMs, signal);
    else if (!signal.aborted) await once(signal, "abort");
  }
}

async function byPolling(listener: Listener): Promise<void> {
  const { ways, db, begun, signal } = listener;
  while (!signal.aborted) {
    await asTheOnlyOne(listener, async (lost) => {
      await toldOf(db, ways.channel).forget();
      await ways.letWebhookGo().catch(() => {}); // `poll` takes it away too, and says what keeps it from that
      begun();
      await ways.poll(AbortSignal.any([signal, lost]));
    });
  }
}

/** Does the work as the one program of all that may, once it may. */
async function asTheOnlyOne(
  { db, ways, signal }: Listener,
  work: (lost: AbortSignal) => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    const done = await withLease(
      db,
      `${ways.channel}_polling`,
      (_lease, lost) => work(lost).then(() => true),
      leaseMs,
    );
    if (done) return;
    await wait(heartbeatMs, signal);
  }
}

/** What is told holds a secret: its hash is kept. */
function toldOf(db: Db, channel: ChannelName): LastTold {
  const hashOf = (what: string) => createHash("sha256").update(what).digest("hex");
  return {
    isSame: async (what) => (await webhookHash(db, channel)) === hashOf(what),
    keep: (what) => keepWebhookHash(db, channel, hashOf(what)),
    forget: () => keepWebhookHash(db, channel, null),
  };
}
