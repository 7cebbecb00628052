// The stand-in MAX's webhook subscriptions, and how updates are posted to them.
import { unfit } from "./faults.ts";
import { Bell, maxJson, type QueuedUpdate, typeOf, type UpdateQueue } from "./queue.ts";
import type { MaxReading } from "./readings.ts";

/**
 * An address that gets updates; no types are all types. What has a marker up to `after` waited before. `failingSince` is in
 * milliseconds of the process.
 */
export type MaxSubscription = {
  url: string;
  secret: string;
  update_types: string[];
  time: number;
  after: number;
  failingSince?: number | undefined;
};

/** Posts updates to every subscription until each has answered 200; while there is none, they wait for polling. */
export class MaxDeliveries {
  subscriptions: MaxSubscription[] = [];
  /** Every update is posted twice, the second time after the first was answered. */
  deliverTwice = false;
  /** Of one chat each waits for the one before it; or none waits for any; or the newest goes first. */
  order: "dialog" | "parallel" | "backwards" = "dialog";
  /** The wait after a first failed post in milliseconds, 60 s with MAX; it is 2.5 times as long after each other one. */
  backoffMs = 60;
  /** How often a post is tried again before the update is given up. */
  retries = 10;
  /** A subscription without a 200 for so long is gone, 8 h with MAX, and nobody is told. */
  unsubscribesAfterMs = Number.POSITIVE_INFINITY;
  timeoutMs = 30_000;
  /** Takes addresses without https and on any port, as MAX does not: a bot on this machine may subscribe its own. */
  takesAnyAddress = false;
  /** Sends posts elsewhere than the address the bot gave (a public https address, in a test). */
  reroute: (url: string) => string = (url) => url;
  lastError: { at: number; message: string } | undefined;
  #paused = false;
  #stopped = false;
  #posts = 0;
  readonly #posting = new Set<unknown>();
  readonly #bell = new Bell();

  constructor(
    private readonly queue: UpdateQueue,
    private readonly now: () => number,
    private readonly readings: MaxReading,
  ) {}

  /** The address of the first subscription, or nothing. */
  get url(): string {
    return this.subscriptions[0]?.url ?? "";
  }
  /** While true, nothing is posted and everything waits. */
  get paused(): boolean {
    return this.#paused;
  }
  set paused(value: boolean) {
    this.#paused = value;
    this.#drainAll();
  }
  /** Everything not yet delivered, oldest first. */
  get pending(): unknown[] {
    return this.queue.all.map(({ update }) => update);
  }
  get idle(): boolean {
    return this.queue.all.length === 0 && this.#posts === 0;
  }
  /** Whether a poll may go on waiting. */
  get mayPoll(): boolean {
    return this.url === "" && !this.#stopped;
  }
  /** Ends the waits after failed posts: they are tried again now. */
  ring(): void {
    this.#bell.ring();
  }

  /** Takes an update as it is, `forced` whatever types were asked for; resolves when it has been delivered, or dropped. */
  add(update: unknown, forced = false): Promise<void> {
    const { queued, delivered } = this.queue.add(update, forced);
    this.queue.changed.ring();
    void this.#drain(this.#line(queued));
    return delivered;
  }

  /** POST /subscriptions. https on port 443 alone, which is not written; the secret is 5 to 256 of `A-Za-z0-9_-`. */
  subscribe(body: unknown): void {
    const { url, secret, update_types } = Object(body) as Record<string, unknown>;
    if (typeof url !== "string" || !URL.canParse(url)) throw unfit("url: an address is expected");
    if (!this.takesAnyAddress && !/^https:\/\/[^/:@]+(\/|$)/.test(url))
      throw unfit("url: https is expected, without a port");
    if (secret != null && !/^[A-Za-z0-9_-]{5,256}$/.test(String(secret)))
      throw unfit("secret: ^[A-Za-z0-9_-]{5,256}$ is expected");
    if (update_types != null && !Array.isArray(update_types)) throw unfit("update_types: a list is expected");
    this.set(url, { secret: String(secret ?? ""), update_types: (update_types ?? []).map(String) });
  }

  /** Subscribes an address as it is: one of this machine too, for tests that have no bot to do it. */
  set(url: string, { secret = "", update_types = [] as string[] } = {}): void {
    if (this.readings.subscribeAgain === "replaces") this.#remove(url);
    this.subscriptions.push({ url, secret, update_types, time: this.now(), after: this.queue.last });
    this.queue.changed.ring();
    this.#drainAll();
  }

  /** DELETE /subscriptions: all to this address. */
  unsubscribe(url: string): void {
    this.#remove(url);
    this.queue.changed.ring();
  }

  stop(): void {
    this.#stopped = true;
    this.queue.drop(this.queue.all);
    this.queue.changed.ring();
    this.#bell.ring();
  }

  #remove(url: string): void {
    this.subscriptions = this.subscriptions.filter((one) => one.url !== url);
  }

  /** Updates of one line are posted one after another. */
  #line(queued: QueuedUpdate): unknown {
    return this.order === "parallel" ? queued : queued.chat;
  }

  #drainAll(): void {
    for (const queued of this.queue.all) void this.#drain(this.#line(queued));
    this.#bell.ring();
  }

  get #mayPost(): boolean {
    return this.subscriptions.length > 0 && !this.#paused && !this.#stopped;
  }

  async #drain(line: unknown): Promise<void> {
    if (this.#posting.has(line)) return;
    this.#posting.add(line);
    while (this.#mayPost) {
      const waiting = this.queue.all.filter(
        (one) =>
          (one === line || one.chat === line) && this.subscriptions.some((to) => this.#mayHave(to, one)),
      );
      const next = this.order === "backwards" ? waiting.at(-1) : waiting[0];
      if (!next) break;
      if ((await this.#deliver(next)) || next.attempts > this.retries) this.queue.drop([next]);
      else await this.#bell.wait(this.backoffMs * 2.5 ** (next.attempts - 1));
    }
    this.#posting.delete(line);
  }

  #mayHave({ after }: MaxSubscription, { marker }: QueuedUpdate): boolean {
    return this.readings.backlog === "posted" || marker > after;
  }

  /** Whether every subscription that wants it has had it now. */
  async #deliver(queued: QueuedUpdate): Promise<boolean> {
    const wants = (one: MaxSubscription) =>
      this.#mayHave(one, queued) &&
      (queued.forced || one.update_types.length === 0 || one.update_types.includes(typeOf(queued.update)));
    const left = this.subscriptions.filter((one) => !queued.had.has(one) && wants(one));
    this.#posts += 1;
    try {
      await Promise.all(left.map((one) => this.#tell(one, queued)));
    } finally {
      this.#posts -= 1;
    }
    const isDone = left.every((one) => queued.had.has(one) || !this.subscriptions.includes(one));
    if (!isDone) queued.attempts += 1;
    return isDone && this.subscriptions.length > 0;
  }

  async #tell(subscription: MaxSubscription, queued: QueuedUpdate): Promise<void> {
    try {
      for (let times = this.deliverTwice ? 2 : 1; times > 0; times--)
        await this.#post(subscription, queued.update);
      subscription.failingSince = undefined;
      queued.had.add(subscription);
    } catch (error) {
      this.lastError = { at: this.now(), message: error instanceof Error ? error.message : String(error) };
      subscription.failingSince ??= performance.now();
      if (performance.now() - subscription.failingSince < this.unsubscribesAfterMs) return;
      this.subscriptions = this.subscriptions.filter((one) => one !== subscription);
      this.queue.changed.ring();
    }
  }

  async #post({ url, secret }: MaxSubscription, update: unknown): Promise<void> {
    const answer = await fetch(this.reroute(url), {
      method: "POST",
      headers: { "content-type": "application/json", ...(secret && { "X-Max-Bot-Api-Secret": secret }) },
      body: maxJson(update),
      signal: AbortSignal.timeout(this.timeoutMs),
      redirect: "manual",
    });
    await answer.text();
    if (answer.status !== 200) throw new Error(`The webhook answered ${answer.status}`);
  }
}
