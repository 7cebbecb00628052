// Updates that have left the stand-in MAX's dialogs and have not arrived yet, whichever way they go.

/** One update on its way. `marker` is its number for polling, `had` says which subscriptions it has reached. */
export type QueuedUpdate = {
  marker: number;
  at: number;
  update: unknown;
  /** The chat whose order it keeps. */
  chat: string;
  /** Sent by a test as it is: whether the bot has asked for this type does not matter. */
  forced: boolean;
  attempts: number;
  had: Set<object>;
  delivered: () => void;
};

/** A wait that ends at its time or when somebody rings. */
export class Bell {
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

/** Updates not delivered yet, oldest first. `now` is in milliseconds. */
export class UpdateQueue {
  /** How long an update that nobody takes is kept. */
  keepMs = 24 * 3_600_000;
  /** Rings when something was added, or when the way of the updates has changed. */
  readonly changed = new Bell();
  #all: QueuedUpdate[] = [];
  #marker = 25_493_900;

  constructor(private readonly now: () => number) {}

  add(update: unknown, forced: boolean): { queued: QueuedUpdate; delivered: Promise<void> } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const queued: QueuedUpdate = {
      ...{ marker: ++this.#marker, at: this.now(), update, chat: chatOf(update), forced, delivered: resolve },
      ...{ attempts: 0, had: new Set<object>() },
    };
    this.#all.push(queued);
    return { queued, delivered: promise };
  }

  get all(): readonly QueuedUpdate[] {
    this.drop(this.#all.filter(({ at }) => this.now() - at > this.keepMs));
    return this.#all;
  }

  /** The marker of what was added last. */
  get last(): number {
    return this.#marker;
  }

  /** Takes these out; whoever waits for them is let go. */
  drop(queued: readonly QueuedUpdate[]): void {
    if (queued.length === 0) return;
    this.#all = this.#all.filter((one) => !queued.includes(one));
    for (const one of queued) one.delivered();
  }
}

/** JSON as MAX writes it: a `seq` is a number above 2^53, which a bigint here stands for. */
export function maxJson(value: unknown): string {
  const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };
  return JSON.stringify(value, (_, one) => (typeof one === "bigint" ? rawJSON(String(one)) : one));
}

/** The type of an update; of junk there is none. */
export function typeOf(update: unknown): string {
  const isObject = typeof update === "object" && update !== null && "update_type" in update;
  return isObject ? String(update.update_type) : "";
}

/** The chat whose order an update keeps; junk has one of its own. */
function chatOf(update: unknown): string {
  const { chat_id, message } = Object(update) as { chat_id?: unknown; message?: unknown };
  const { recipient } = Object(message) as { recipient?: unknown };
  return String(chat_id ?? (Object(recipient) as { chat_id?: unknown }).chat_id ?? "none");
}
