// Which way updates come, by the webhook or by polling, and the change from one to the other: none lost, none doubled.

import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Api } from "grammy";
import { wait } from "../../clock.ts";
import type { Db } from "../../db/connect.ts";
import { messageOf } from "../../errors.ts";
import { withLease } from "../../jobs/leases.ts";
import { retryUntilDone } from "../../jobs/retry.ts";
import type { Log } from "../../log.ts";
import { botIdOf } from "./client.ts";
import { claimMode, keepMode, keepWebhookHash, webhookHash } from "./listening.store.ts";
import { poll } from "./polling.ts";
import { allowedUpdates } from "./update.ts";

/** Short, for people wait when a program that polled is gone; two that poll for a moment only get a 409. */
const leaseMs = 6_000;
/** How long a mode is held without a heartbeat, and how often that comes. */
const modeMs = 10_000;
const heartbeatMs = 2_000;
/** How long an update that the webhook was just given may take until Telegram has the answer. */
const lastPostMs = 1_000;
const connections = 40;

interface Webhook {
  address: string;
  secret: string;
}

/** `begun` is called when updates come, or are about to. */
interface Listener {
  api: Api;
  db: Db;
  log: Log;
  /** Where they should come; null: by polling. */
  webhook: Webhook | null;
  handle: (update: object, waits?: () => void) => Promise<void>;
  begun: () => void;
  signal: AbortSignal;
}

/** Where Telegram delivers. */
export function webhookAddress(publicUrl: string): string {
  return `${publicUrl}/telegram/webhook`;
}

/**
 * Listens until the signal. The program that started last decides the mode for all replicas; the others give way, and take
 * theirs up again when nobody holds the new one any more. Whoever polls or changes the webhook holds one lease, so that one
 * mode has ended, its last batch confirmed, before the other begins.
 */
export async function takeUpdates(listener: Listener): Promise<void> {
  const { db, log, webhook, signal } = listener;
  const mode = webhook?.address ?? "polling";
  await retryUntilDone(() => claimMode(db, mode, modeMs), "the database", log, signal);
  while (!signal.aborted) {
    try {
      const generation = await keepMode(db, mode, modeMs);
      if (generation !== null) await listen(generation);
    } catch (error) {
      if (!signal.aborted) log.error({ error: messageOf(error) }, "Telegram's updates cannot be taken");
    }
    await wait(heartbeatMs, signal);
  }

  /** Until the signal, or until another replica has changed the mode, even if it changed back since. */
  async function listen(generation: number): Promise<void> {
    const changed = new AbortController();
    const either = AbortSignal.any([signal, changed.signal]);
    const look = async () => {
      if ((await keepMode(db, mode, modeMs)) === generation || either.aborted) return;
      log.info({ mode }, "another program takes, or took, the updates another way");
      changed.abort();
    };
    // What fails is a database that is away for a moment.
    const heartbeat = setInterval(() => void look().catch(() => {}), heartbeatMs);
    try {
      const now = { ...listener, signal: either };
      await (webhook ? byWebhook(now, webhook) : byPolling(now));
    } finally {
      clearInterval(heartbeat);
    }
  }
}

async function byWebhook(listener: Listener, webhook: Webhook): Promise<void> {
  const { log, signal, begun } = listener;
  const tell = () => keepWebhookSet(listener, webhook);
  await retryUntilDone(() => asTheOnlyOne(listener, tell), "the webhook", log, signal);
  begun();
  if (!signal.aborted) await once(signal, "abort");
}

async function byPolling(listener: Listener): Promise<void> {
  const { api, log, handle, begun, signal } = listener;
  while (!signal.aborted) {
    await asTheOnlyOne(listener, async (lost) => {
      await letWebhookGo(api).catch(() => {}); // `poll` takes it away too, and says what keeps it from that
      begun();
      await poll({ api, handle, log, signal: AbortSignal.any([signal, lost]), allowedUpdates });
    });
  }
}

/** Does the work as the one program of all that may, once it may. */
async function asTheOnlyOne(
  { db, signal }: Listener,
  work: (lost: AbortSignal) => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    const done = await withLease(
      db,
      "telegram_polling",
      (_lease, lost) => work(lost).then(() => true),
      leaseMs,
    );
    if (done) return;
    await wait(heartbeatMs, signal);
  }
}

/** No webhook any more; what waits is kept, and what it was just given is answered first: it would come twice. */
async function letWebhookGo(api: Api): Promise<void> {
  const { url } = await api.getWebhookInfo();
  if (!url) return;
  await api.deleteWebhook({ drop_pending_updates: false });
  await wait(lastPostMs);
}

/**
 * Sets the webhook where it is not what it should be. Telegram does not say which secret it has: the hash of what it was
 * last told is kept, and an answer of 401 proves another one.
 */
async function keepWebhookSet({ api, db, log }: Listener, { address, secret }: Webhook): Promise<void> {
  const info = await api.getWebhookInfo();
  const hash = createHash("sha256")
    .update(`${address} ${secret} ${botIdOf(api.token)}`)
    .digest("hex");
  const same =
    info.url === address &&
    info.max_connections === connections &&
    [...(info.allowed_updates ?? [])].sort().join() === [...allowedUpdates].sort().join() &&
    !/\b401\b/.test(info.last_error_message ?? "") &&
    (await webhookHash(db)) === hash;
  if (same) return;
  await setWebhook(api, address, secret);
  await keepWebhookHash(db, hash);
  log.info({ address }, "the webhook is set");
}

/** Tells Telegram where updates go. What waits there is kept. */
export async function setWebhook(api: Api, address: string, secret: string): Promise<void> {
  await api.setWebhook(address, {
    secret_token: secret,
    allowed_updates: [...allowedUpdates],
    max_connections: connections,
  });
}
