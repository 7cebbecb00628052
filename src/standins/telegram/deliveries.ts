// Updates on their way from the stand-in Telegram to the bot, by webhook and by long polling.
import type { Update } from "grammy/types";
import type { Payload } from "./chats.ts";
import { ApiError, bad, WORDS } from "./faults.ts";

type Entry = { seq: number; update: unknown; key: string; fetched: boolean; delivered: () => void };

/** A wait that ends at its time or when somebody rings. */
class Alarm {
  readonly #sleepers = new Set<() => void>();
  ring(): void {
    for (const wake of this.#sleepers) wake();
  }
  async wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#sleepers.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#sleepers.delete(resolve);
  }
}

/** What the bot asked to be sent. Telegram Bot API: these three come only when they are asked for by name. */
const ON_REQUEST = ["chat_member", "message_reaction", "message_reaction_count"];

/** How far behind the last number an offset may lie, and still count. */
const maxAhead = 10;

/**
 * Updates on their way to the bot, by webhook or by polling: of one chat in order, of different chats in parallel.
 * An update stays pending until the webhook answered 2xx, or a getUpdates with a higher offset confirmed it.
 */
export class Deliveries {
  url = "";
  secret = "";
  allowed: string[] = [];
  maxConnections = 40;
  /** Every update is posted twice, the second time after the first was answered. */
  deliverTwice = false;
  /** The wait after a failed post in milliseconds; it doubles with each failure, up to fifty times. */
  backoffMs = 200;
  timeoutMs = 60_000;
  /** Sends posts elsewhere than the address the bot set (a public https address, in a test). */
  reroute: (url: string) => string = (url) => url;
  lastError: { date: number; message: string } | undefined;
  #paused = false;
  #stopped = false;
  #seq = 0;
  #newest = 0;
  #poll = 0;
  #posts = 0;
  readonly #queues = new Map<string, Entry[]>();
  readonly #draining = new Set<string>();
  readonly #pollers = new Alarm();
  readonly #posters = new Alarm();
  readonly #connections = new Alarm();

  constructor(private readonly seconds: () => number) {}

  /** While true, nothing is posted and everything stays pending. */
  get paused(): boolean {
    return this.#paused;
  }
  set paused(value: boolean) {
    this.#paused = value;
    this.#drainAll();
  }

  /** Ends the wait after failed posts: they are tried again now. */
  ring(): void {
    this.#posters.ring();
  }

  /** Everything not yet delivered, oldest first. */
  get pending(): unknown[] {
    return this.#entries().map((entry) => entry.update);
  }
  get idle(): boolean {
    return this.#queues.size === 0 && this.#posts === 0;
  }

  /** From here on updates are numbered from another number on, as Telegram does after a week without any. */
  renumbered(newest: number): void {
    this.#newest = newest;
  }

  /** Takes an update as it is, junk too; resolves when it has been delivered, or dropped. */
  add(update: unknown): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const key = chatOf(update);
    const entry = { seq: ++this.#seq, update, key, fetched: false, delivered: resolve };
    this.#newest = Math.max(this.#newest, idOf(update, 0));
    this.#queues.set(key, [...(this.#queues.get(key) ?? []), entry]);
    this.#pollers.ring();
    void this.#drain(key);
    return promise;
  }

  /** Whether the bot wants updates of this kind. */
  wants(update: Update): boolean {
    const kind = Object.keys(update).find((key) => key !== "update_id") ?? "";
    return this.allowed.length > 0 ? this.allowed.includes(kind) : !ON_REQUEST.includes(kind);
  }

  set(url: string, payload: Payload): void {
    const local = /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url);
    if (url && !local && !url.startsWith("https://")) {
      throw bad("bad webhook: An HTTPS URL must be provided for webhook");
    }
    const secret = String(payload.secret_token ?? "");
    if (!/^[\w-]{0,256}$/.test(secret)) throw bad("secret token contains unallowed characters");
    Object.assign(this, { url, secret, lastError: undefined });
    this.maxConnections = Number(payload.max_connections ?? 40);
    this.allow(payload);
    if (payload.drop_pending_updates === true) this.drop(this.#entries());
    this.#poll += 1;
    this.#pollers.ring();
    this.#drainAll();
  }

  allow(payload: Payload): void {
    if (Array.isArray(payload.allowed_updates)) this.allowed = payload.allowed_updates.map(String);
  }

  /** getUpdates: confirms what is below `offset`, then waits up to `timeout` seconds for something to give. */
  async poll(payload: Payload, signal: AbortSignal): Promise<unknown[]> {
    const taken =
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
    if (this.url) throw new ApiError(409, `Conflict: ${taken}`);
    this.allow(payload);
    this.#confirm(Number(payload.offset ?? 0));
    const turn = ++this.#poll;
    this.#pollers.ring();
    const until = performance.now() + Number(payload.timeout ?? 0) * 1000;
    const wake = () => this.#pollers.ring();
    signal.addEventListener("abort", wake);
    try {
      while (this.#queues.size === 0 && performance.now() < until && this.#mayPoll(turn, signal)) {
        await this.#pollers.wait(until - performance.now());
      }
      if (!this.#mayPoll(turn, signal)) return [];
      return this.#fetch(Number(payload.limit ?? 100));
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  /** Ends everything; who waits for a delivery is let go. */
  stop(): void {
    this.#stopped = true;
    this.#poll += 1;
    this.drop(this.#entries());
    this.#pollers.ring();
    this.#posters.ring();
  }

  drop(entries: Entry[]): void {
    for (const entry of entries) {
      const rest = this.#queues.get(entry.key)?.filter((one) => one !== entry) ?? [];
      if (rest.length > 0) this.#queues.set(entry.key, rest);
      else this.#queues.delete(entry.key);
      entry.delivered();
    }
  }

  #entries(): Entry[] {
    return [...this.#queues.values()].flat().sort((a, b) => a.seq - b.seq);
  }

  #mayPoll(turn: number, signal: AbortSignal): boolean {
    if (signal.aborted) return false;
    const by = this.url ? "setWebhook request" : WORDS[409]?.replace("Conflict: terminated by ", "");
    if (turn !== this.#poll) throw new ApiError(409, `Conflict: terminated by ${by}`);
    return true;
  }

  #fetch(limit: number): unknown[] {
    const batch = this.#entries().slice(0, limit);
    for (const entry of batch) {
      entry.fetched = true;
      entry.delivered();
    }
    return batch.map((entry) => entry.update);
  }

  #confirm(offset: number): void {
    const all = this.#entries();
    // tdlib's queue: an offset that lies further ahead than any number given out means nothing, and confirms nothing.
    if (offset > this.#newest + maxAhead) return;
    // Only what was given out counts as confirmed, so that an update delivered again, with its old id, is seen.
    if (offset > 0) this.drop(all.filter((entry) => entry.fetched && idOf(entry.update, entry.seq) < offset));
    else if (offset < 0) this.drop(all.slice(0, offset));
  }

  #drainAll(): void {
    for (const key of this.#queues.keys()) void this.#drain(key);
    this.#posters.ring();
  }

  get #mayPost(): boolean {
    return this.url !== "" && !this.#paused && !this.#stopped;
  }

  async #drain(key: string): Promise<void> {
    if (this.#draining.has(key)) return;
    this.#draining.add(key);
    for (let failures = 0; this.#mayPost; ) {
      const entry = this.#queues.get(key)?.[0];
      if (!entry) break;
      const done = await this.#deliver(entry);
      failures = done ? 0 : failures + 1;
      if (done) this.drop([entry]);
      else await this.#posters.wait(this.backoffMs * Math.min(2 ** (failures - 1), 50));
    }
    this.#draining.delete(key);
  }

  async #deliver(entry: Entry): Promise<boolean> {
    while (this.#posts >= this.maxConnections) await this.#connections.wait(1000);
    this.#posts += 1;
    try {
      for (let times = this.deliverTwice ? 2 : 1; times > 0; times--) await this.#post(entry.update);
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.lastError = { date: this.seconds(), message };
      return false;
    } finally {
      this.#posts -= 1;
      this.#connections.ring();
    }
  }

  async #post(update: unknown): Promise<void> {
    const answer = await fetch(this.reroute(this.url), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(this.secret && { "X-Telegram-Bot-Api-Secret-Token": this.secret }),
      },
      body: JSON.stringify(update),
      signal: AbortSignal.timeout(this.timeoutMs),
    });
    await answer.text();
    if (!answer.ok)
      throw new Error(`Wrong response from the webhook: ${answer.status} ${answer.statusText}`.trim());
  }
}

/** The chat whose order an update keeps; without a chat it is the sender, and else one for all. */
function chatOf(update: unknown): string {
  type Part = { chat?: { id: unknown }; message?: { chat?: { id: unknown } }; from?: { id: unknown } } | null;
  const parts: Part[] = typeof update === "object" && update !== null ? Object.values(update) : [];
  const part = parts.find((one) => typeof one === "object" && one !== null);
  return String(part?.chat?.id ?? part?.message?.chat?.id ?? part?.from?.id ?? "no chat");
}

function idOf(update: unknown, otherwise: number): number {
  const id =
    typeof update === "object" && update !== null && "update_id" in update ? update.update_id : undefined;
  return typeof id === "number" ? id : otherwise;
}
