// The stand-in Telegram's bad days: faults set at run time, limits, refusals and lost answers.

/** A refusal by the Bot API: the HTTP status, Telegram's own words, and how many seconds to wait after a 429. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    description: string,
    readonly retryAfter?: number,
  ) {
    super(description);
  }
}
/** A 400 with Telegram's words after "Bad Request: ". */
export const bad = (why: string) => new ApiError(400, `Bad Request: ${why}`);

/**
 * What goes wrong with a call. With no `method` it hits every call but getUpdates. `status` from 400 is the error answered,
 * `retryAfter` (seconds) its wait; `cut` closes the connection without an answer; `delayMs` comes first; with
 * `afterSend` the call is carried out and only then goes wrong (cut, if no error status is given). `chats` are those it
 * hits, all by default; `until` holds the call back as long as it is not settled: a slow Telegram, as slow as one likes.
 */
export type TelegramFault = {
  method?: RegExp | string;
  status?: number;
  description?: string;
  retryAfter?: number;
  times?: number;
  delayMs?: number;
  cut?: boolean;
  afterSend?: boolean;
  chats?: ReadonlySet<unknown>;
  until?: Promise<unknown>;
};

export type Limits = { perSecond: number; perChatPerSecond: number };

/** The faults set at run time; each call takes at most one, the oldest that fits. */
export class TelegramFaults {
  #all: { fault: TelegramFault; left: number }[] = [];

  /** The next `times` (1) fitting calls go wrong. */
  next(fault: TelegramFault): void {
    this.#all.push({ fault, left: fault.times ?? 1 });
  }
  /** Every fitting call goes wrong until `clear`. */
  always(fault: TelegramFault): void {
    this.#all.push({ fault, left: Number.POSITIVE_INFINITY });
  }
  clear(): void {
    this.#all = [];
  }
  take(method: string, chat?: unknown): TelegramFault | undefined {
    const fitting = ({ fault, left }: { fault: TelegramFault; left: number }) =>
      left > 0 && fits(fault.method, method) && (fault.chats?.has(chat) ?? true);
    const hit = this.#all.find(fitting);
    if (hit) hit.left -= 1;
    return hit?.fault;
  }
}

function fits(wanted: RegExp | string | undefined, method: string): boolean {
  // A polling bot asks all the time: it would eat every fault that was meant for its messages.
  if (wanted === undefined) return method !== "getUpdates";
  return typeof wanted === "string" ? wanted === method : method.search(wanted) >= 0;
}

export const WORDS: Record<number, string> = {
  401: "Unauthorized",
  403: "Forbidden: bot was blocked by the user",
  409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export function faultError({ status = 500, description, retryAfter }: TelegramFault): ApiError {
  const wait = status === 429 ? (retryAfter ?? 1) : retryAfter;
  const words = status === 429 ? `Too Many Requests: retry after ${wait}` : (WORDS[status] ?? "Bad Request");
  return new ApiError(status, description ?? words, wait);
}

/** Messages of the last second. Real time, not `now`: a test that stops its clock must not run into the limit. */
export class Meter {
  #sent: { at: number; chat: unknown }[] = [];
  constructor(private readonly limits: Limits) {}
  count(chat: unknown): void {
    const at = performance.now();
    this.#sent = this.#sent.filter((one) => at - one.at < 1000);
    const here = this.#sent.filter((one) => one.chat === chat).length;
    if (this.#sent.length >= this.limits.perSecond || here >= this.limits.perChatPerSecond) {
      throw faultError({ status: 429, retryAfter: 1 });
    }
    this.#sent.push({ at, chat });
  }
}

export function refusal(error: unknown): Response {
  const known = error instanceof ApiError ? error : new ApiError(500, `Internal Server Error: ${error}`);
  const parameters = known.retryAfter === undefined ? {} : { parameters: { retry_after: known.retryAfter } };
  const body = { ok: false, error_code: known.code, description: known.message, ...parameters };
  return Response.json(body, { status: known.code });
}

/** An answer that never comes: the connection is reset (some clients see a status line first, none a body). */
export function cut(): Response {
  const source = {
    async pull(controller: ReadableStreamDefaultController) {
      // Only once the server reads, else it answers 500; and with no reason, else it prints one.
      await Bun.sleep(1);
      controller.error();
    },
  };
  const body = new ReadableStream(source, { highWaterMark: 0 });
  return new Response(body);
}
