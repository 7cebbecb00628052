// The stand-in MAX's bad days: refusals, faults set at run time, limits and lost answers.

/** A refusal by MAX: the HTTP status, and the code and words of its body. */
export class MaxRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
/** A body that MAX cannot read, or a rule that it breaks: 400, with the field in words. */
export const unfit = (why: string) => new MaxRefusal(400, "proto.payload", why);

/**
 * What goes wrong with a call. With no `route` ("POST /messages") it hits every call but GET /updates. `status` from 400 is
 * the error answered, with `code` and `message` or the usual ones; `html` makes it a gateway's page, 502 by default;
 * `successFalse` is 200 with these words and the call not done; `body` is the whole answer, 200 by default; `cut` closes the connection without an answer; `delayMs`
 * comes first; with `afterSend` the call is carried out and only then goes wrong (cut, if nothing else is said). `people` are
 * the user ids it hits, all by default; `until` holds the call back as long as it is not settled.
 */
export type MaxMishap = {
  route?: RegExp | string;
  status?: number;
  code?: string;
  message?: string;
  html?: boolean;
  successFalse?: string;
  body?: string;
  times?: number;
  delayMs?: number;
  cut?: boolean;
  afterSend?: boolean;
  people?: ReadonlySet<number>;
  until?: Promise<unknown>;
};

/** The faults set at run time; each call takes at most one, the oldest that fits. */
export class MaxFaults {
  /** The token is withdrawn: every call gets 401, until it is false again. */
  tokenWithdrawn = false;
  #all: { fault: MaxMishap; left: number }[] = [];

  /** The next `times` (1) fitting calls go wrong. */
  next(fault: MaxMishap): void {
    this.#all.push({ fault, left: fault.times ?? 1 });
  }
  /** Every fitting call goes wrong until `clear`. */
  always(fault: MaxMishap): void {
    this.#all.push({ fault, left: Number.POSITIVE_INFINITY });
  }
  clear(): void {
    this.#all = [];
    this.tokenWithdrawn = false;
  }
  /** The fault that this call meets, used up by one; `person` is the user id that the call is about. */
  take(route: string, person: number | undefined): MaxMishap | undefined {
    const hit = this.#all.find(
      ({ fault, left }) =>
        left > 0 &&
        fits(fault.route, route) &&
        (!fault.people || (person !== undefined && fault.people.has(person))),
    );
    if (hit) hit.left -= 1;
    return hit?.fault;
  }
}

function fits(wanted: RegExp | string | undefined, route: string): boolean {
  // A polling bot asks all the time: it would eat every fault that was meant for its messages.
  if (wanted === undefined) return route !== "GET /updates";
  return typeof wanted === "string" ? wanted === route : route.search(wanted) >= 0;
}

const USUAL: Record<number, [code: string, message: string]> = {
  401: ["verify.token", "Invalid access_token"],
  403: ["chat.denied", "Key: error.dialog.suspended, args: []."],
  404: ["chat.not.found", "Chat not found"],
  429: ["too.many.requests", "Too many requests. Limit is: 10 calls per second."],
  500: ["internal.error", "Internal server error"],
  503: ["service.unavailable", "Service unavailable"],
};

/** The answer of a fault that has one; undefined where it only waits or cuts. */
export function spoiltAnswer(fault: MaxMishap): Response | undefined {
  const { status, html, successFalse } = fault;
  if (html) {
    const text = `<html><head><title>${status ?? 502}</title></head><body><center>nginx</center></body></html>`;
    return new Response(text, { status: status ?? 502, headers: { "content-type": "text/html" } });
  }
  if (successFalse !== undefined) return Response.json({ success: false, message: successFalse });
  if (fault.body !== undefined) return new Response(fault.body, { status: status ?? 200 });
  if (status === undefined || status < 400) return undefined;
  const [code, message] = USUAL[status] ?? ["proto.payload", "Bad request"];
  return refusalAnswer(new MaxRefusal(status, fault.code ?? code, fault.message ?? message));
}

/** A refusal, or a fault of the stand-in itself, as the API writes it. There is no Retry-After. */
export function refusalAnswer(error: unknown): Response {
  const known = error instanceof MaxRefusal ? error : new MaxRefusal(500, "internal.error", String(error));
  return Response.json({ code: known.code, message: known.message }, { status: known.status });
}

/** An answer that never comes: a stream that fails before its first byte makes Bun close the connection. */
export function lostAnswer(): Response {
  return new Response(new ReadableStream({ start: (stream) => stream.error() }));
}

/** Calls a second: of all kinds, of messages, edits and answers in one dialog, and for updates. */
export type MaxLimits = { perSecond: number; perChatPerSecond: number; pollsPerSecond: number };

/** The calls of the last second. Real time, not `now`: a test that stops its clock must not run into the limit. */
export class CallMeter {
  #made: { at: number; of: string }[] = [];
  /** Counts a call of these ("all", or a dialog's key), or refuses it; what is refused is not counted. */
  count(of: string, most: number): void {
    const at = performance.now();
    this.#made = this.#made.filter((one) => at - one.at < 1000);
    if (this.#made.filter((one) => one.of === of).length >= most) {
      throw new MaxRefusal(
        429,
        "too.many.requests",
        `Too many requests. Limit is: ${most} calls per second.`,
      );
    }
    this.#made.push({ at, of });
  }
}
