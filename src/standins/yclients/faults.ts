// The ways in which the stand-in YCLIENTS fails on demand: which request a fault meets, and the answer it makes.

/**
 * One fault. `path` and `page` choose the request, all of them when left out; of the rest, what is named is done.
 * `times` is how many requests a queued fault spoils, 1 by default.
 */
export type YclientsFault = {
  path?: RegExp;
  page?: number;
  times?: number;
  /** The answer waits, then says what was true when it was asked: that is how answers come out of order. */
  delayMs?: number;
  status?: number;
  body?: string | object;
  headers?: Record<string, string>;
  /** HTTP 200 with `success: false`. */
  successFalse?: boolean;
  /** A proxy's page instead of JSON, 502 unless `status` says another. */
  html?: boolean;
  /** The first half of the true answer. */
  half?: boolean;
  /** The connection closes without an answer. */
  cut?: boolean;
};

export class YclientsFaults {
  /** The right to see payments is missing: records come without their operations, whatever was asked. */
  withoutFinance = false;
  /** The right to see phones is missing. */
  maskPhones = false;
  #queue: { fault: YclientsFault; left: number }[] = [];
  #standing: YclientsFault[] = [];

  /** Spoils the next request that it fits, or the next `times` of them; faults for one request go in turn. */
  next(fault: YclientsFault): void {
    this.#queue.push({ fault, left: fault.times ?? 1 });
  }

  /** Spoils every request that it fits, until `clear`. */
  always(fault: YclientsFault): void {
    this.#standing.push(fault);
  }

  /** All is well again: both rights too. */
  clear(): void {
    this.#queue = [];
    this.#standing = [];
    this.withoutFinance = false;
    this.maskPhones = false;
  }

  /** The fault that this request meets, used up by one. */
  take(path: string, page: number): YclientsFault | undefined {
    const fits = (fault: YclientsFault) => (fault.path?.test(path) ?? true) && (fault.page ?? page) === page;
    const queued = this.#queue.find((each) => each.left > 0 && fits(each.fault));
    if (queued) queued.left -= 1;
    return queued?.fault ?? this.#standing.find(fits);
  }
}

/** A failure in the API's envelope. YCLIENTS API: 404 has `meta: []`, a 422 or 400 may name fields in `errors`. */
export function errorAnswer(status: number, message?: string, errors?: Record<string, string[]>): Response {
  const meta =
    status === 404
      ? []
      : { message: message ?? MESSAGES[status] ?? "Произошла ошибка", ...(errors && { errors }) };
  return Response.json({ success: false, data: null, meta }, { status });
}

const MESSAGES: Record<number, string> = {
  401: "Необходима авторизация",
  403: "Нет прав доступа",
  // YCLIENTS API: the text does say 0, and is not to be believed.
  429: "Превышен лимит запросов, попробуйте повторить запрос через 0 секунд.",
};

/** What goes out instead of `honest` when the request met `fault`. */
export async function spoil(fault: YclientsFault, honest: Response): Promise<Response> {
  if (fault.delayMs !== undefined) await Bun.sleep(fault.delayMs);
  const answer = await spoilt(fault, honest);
  for (const [name, value] of Object.entries(fault.headers ?? {})) answer.headers.set(name, value);
  return answer;
}

async function spoilt(fault: YclientsFault, honest: Response): Promise<Response> {
  if (fault.cut) return cutOff();
  if (fault.half) return half(honest);
  if (fault.html) return page(fault.status ?? 502);
  if (fault.successFalse) return Response.json(await errorAnswer(200).json());
  if (fault.body !== undefined) return bodyOf(fault.body, fault.status ?? 200);
  return fault.status === undefined ? honest : errorAnswer(fault.status);
}

/** A stream that fails before its first byte makes Bun close the socket with no answer at all. */
function cutOff(): Response {
  return new Response(new ReadableStream({ start: (stream) => stream.error() }));
}

async function half(honest: Response): Promise<Response> {
  const text = await honest.text();
  const headers = { "content-type": "application/json" };
  return new Response(text.slice(0, Math.floor(text.length / 2)), { status: honest.status, headers });
}

function page(status: number): Response {
  const text = `<html><head><title>${status}</title></head><body><center>nginx</center></body></html>`;
  return new Response(text, { status, headers: { "content-type": "text/html" } });
}

function bodyOf(body: string | object, status: number): Response {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { "content-type": "application/json" } });
}
