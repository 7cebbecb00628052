// Which way updates come, by the webhook or by polling, and the change from one to the other: none lost, none doubled.

import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Api } from "grammy";
import { poll } from "../channels/telegram/polling.ts";
import { allowedUpdates } from "../channels/telegram/update.ts";
import { wait } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { withLease } from "../jobs/leases.ts";
import { retryUntilDone } from "../jobs/retry.ts";
import { botIdOf } from "../rules/bot.ts";
import { webhookAddress } from "./checks.ts";
import { claimWay, keepToldWebhook, keepWay, toldWebhook } from "./listening.store.ts";
import type { Parts } from "./parts.ts";

/** Short, for people wait when a program that polled is gone; two that poll for a moment only get a 409. */
const leaseMs = 6_000;
/** How long a way is held without a word, and how often the word is given. */
const wayMs = 10_000;
const beatMs = 2_000;
/** How long an update that the webhook was just given may take until Telegram has the answer. */
const lastPostMs = 1_000;
const connections = 40;

interface Listener {
  parts: Parts;
  handle: (update: object) => Promise<void>;
  /** Updates come, or are about to. */
  begun: () => void;
  /** The program stops, or another way has been chosen. */
  signal: AbortSignal;
}

/**
 * Listens until the program stops. The program that started last decides the way for all replicas; the others give way,
 * and take theirs up again when nobody holds the new one any more. Whoever polls or changes the webhook holds one lease,
 * so that one way has ended, its last batch confirmed, before the other begins.
 */
export async function takeUpdates(
  parts: Parts,
  handle: Listener["handle"],
  begun: () => void,
): Promise<void> {
  const { config, db, log, stopping } = parts;
  const address = config.publicUrl && webhookAddress(config.publicUrl);
  const way = address ?? "polling";
  await retryUntilDone(() => claimWay(db, way, wayMs), "the database", log, stopping.signal);
  while (!stopping.signal.aborted) {
    try {
      const turn = await keepWay(db, way, wayMs);
      if (turn !== null) await takeTurn(turn);
    } catch (error) {
      if (!stopping.signal.aborted)
        log.error({ error: messageOf(error) }, "Telegram's updates cannot be taken");
    }
    await wait(beatMs, stopping.signal);
  }

  /** Until the program stops, or the way has changed, be it back again already. */
  async function takeTurn(turn: number): Promise<void> {
    const other = new AbortController();
    const signal = AbortSignal.any([stopping.signal, other.signal]);
    const look = async () => {
      if ((await keepWay(db, way, wayMs)) === turn || signal.aborted) return;
      log.info({ way }, "another program takes, or took, the updates another way");
      other.abort();
    };
    // What fails is a database that is away for a moment.
    const beat = setInterval(() => void look().catch(() => {}), beatMs);
    try {
      const listener = { parts, handle, begun, signal };
      await (address ? byWebhook(listener, address) : byPolling(listener));
    } finally {
      clearInterval(beat);
    }
  }
}

async function byWebhook({ parts, begun, signal }: Listener, address: string): Promise<void> {
  const tell = () => tellWebhook(parts, address);
  await retryUntilDone(() => inTurn(parts, signal, tell), "the webhook", parts.log, signal);
  begun();
  if (!signal.aborted) await once(signal, "abort");
}

async function byPolling({ parts, handle, begun, signal }: Listener): Promise<void> {
  const { api, log } = parts;
  while (!signal.aborted) {
    await inTurn(parts, signal, async (lost) => {
      await letWebhookGo(api).catch(() => {}); // `poll` takes it away too, and says what keeps it from that
      begun();
      await poll({ api, handle, log, signal: AbortSignal.any([signal, lost]), allowedUpdates });
    });
  }
}

/** Does the work as the one program of all that may, waiting for its turn. */
async function inTurn(
  { db }: Parts,
  signal: AbortSignal,
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
    await wait(beatMs, signal);
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
async function tellWebhook({ api, db, config, log }: Parts, address: string): Promise<void> {
  const info = await api.getWebhookInfo();
  const hash = createHash("sha256")
    .update(`${address} ${config.webhookSecret} ${botIdOf(config.telegramToken)}`)
    .digest("hex");
  const same =
    info.url === address &&
    info.max_connections === connections &&
    [...(info.allowed_updates ?? [])].sort().join() === [...allowedUpdates].sort().join() &&
    !/\b401\b/.test(info.last_error_message ?? "") &&
    (await toldWebhook(db)) === hash;
  if (same) return;
  await setWebhook(api, address, config.webhookSecret);
  await keepToldWebhook(db, hash);
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
