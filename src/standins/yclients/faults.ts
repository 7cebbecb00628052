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
  /** A write that is not done; one answered by 4xx or `success: false` never is. */
  undone?: boolean;
  /** A write whose answer is lost is done this much later by the journal's clock; else the loyalty's reading says when. */
  lateMs?: number;
  /** Told when a request has met it. */
  met?: () => void;
};

export class YclientsFaults {
  /** The right to see payments is missing: records come without their operations, whatever was asked. */
  withoutFinance = false;
  /** The right to see phones is missing. */
  maskPhones = false;
  /** The right to loyalty is missing: lists are empty and no card is shown, as if there was nothing. */
  withoutLoyalty = false;
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

  /** All is well again: the rights too. */
  clear(): void {
    this.#queue = [];
    this.#standing = [];
    this.withoutFinance = false;
    this.maskPhones = false;
    this.withoutLoyalty = false;
  }

  /** The fault that this request meets, used up by one. */
  take(path: string, page: number): YclientsFault | undefined {
    const fits = (fault: YclientsFault) => (fault.path?.test(path) ?? true) && (fault.page ?? page) === page;
    const queued = this.#queue.find((each) => each.left > 0 && fits(each.fault));
    if (queued) queued.left -= 1;
    const fault = queued?.fault ?? this.#standing.find(fits);
    fault?.met?.();
    return fault;
  }
}

/** What becomes of a write that meets `fault`: by how much it is late, in milliseconds; null is never. */
export function writeDelay(fault: YclientsFault | undefined, lost: () => number | null): number | null {
  if (!fault) return 0;
  const { status = 200, successFalse, undone, cut, half, html, lateMs } = fault;
  if (undone || successFalse || (status >= 400 && status < 500)) return null;
  if (lateMs !== undefined) return lateMs;
  return cut || half || html || status >= 500 ? lost() : 0;
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
  const { cut, half: halved, html, successFalse, body, status, undone, lateMs } = fault;
  const isNotDone = undone === true || lateMs !== undefined;
  const isSaid = halved || html || successFalse || body !== undefined || status !== undefined;
  if (cut || (isNotDone && !isSaid)) return cutOff();
  if (halved) return half(honest);
  if (html) return page(status ?? 502);
  if (successFalse) return Response.json(await errorAnswer(200).json());
  if (body !== undefined) return bodyOf(body, status ?? 200);
  return status === undefined ? honest : errorAnswer(status);
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
