// How a call reaches its route on the stand-in MAX: who may come in, what is noted of it, and what goes wrong on the way.
import { lostAnswer, type MaxFaults, MaxRefusal, refusalAnswer, spoiltAnswer, unfit } from "./faults.ts";
import { maxJson } from "./queue.ts";
import { type MaxCall, type MaxParts, maxRoutes, personOf } from "./routes.ts";

/**
 * A call the bot made. `at` is in milliseconds of `now`, `person` the user id it is about; `status` is 0 until it was answered,
 * and if the connection was cut.
 */
export type LoggedCall = {
  at: number;
  route: string;
  query: Record<string, string>;
  body: unknown;
  person?: number | undefined;
  status: number;
  /** As the caller names this host: one for each way that leads here. */
  host: string;
};

/** The two hosts of MAX, the API's and the one that files go to, as they take requests. */
export class MaxDoor {
  readonly calls: LoggedCall[] = [];
  /** Calls under way. */
  active = 0;

  constructor(
    private readonly parts: MaxParts,
    private readonly faults: MaxFaults,
    private readonly token: () => string,
  ) {}

  /** Answers a call of the API. */
  async api(request: Request): Promise<Response> {
    const { pathname, searchParams: query, host } = new URL(request.url);
    const inPath = pathname.match(/^\/chats\/(-?\d+)\/actions$/)?.[1];
    const path = inPath === undefined ? pathname : "/chats/{chat_id}/actions";
    const call: MaxCall = {
      ...{ route: `${request.method} ${path}`, query, body: undefined, signal: request.signal },
      chatId: inPath === undefined ? undefined : Number(inPath),
    };
    return this.#answered({ ...call, host }, async (logged) => {
      this.#admit(request.headers.get("authorization"), query);
      call.body = await readJson(request);
      logged.body = call.body;
      logged.person = personOf(call, this.parts);
      return this.#spoilt(call.route, logged.person, () => this.#run(call));
    });
  }

  /** Answers a post to the upload host. */
  async upload(request: Request): Promise<Response> {
    const route = `${request.method} /upload`;
    const { host } = new URL(request.url);
    return this.#answered({ route, query: new URLSearchParams(), host }, () =>
      this.#spoilt(route, undefined, () => this.parts.files.receive(request)),
    );
  }

  async #answered(
    { route, query, host }: Pick<MaxCall, "route" | "query"> & { host: string },
    answer: (logged: LoggedCall) => Promise<Response | null>,
  ): Promise<Response> {
    const at = this.parts.dialogs.now();
    const asked = { route, query: Object.fromEntries(query), body: undefined };
    const logged: LoggedCall = { at, host, ...asked, status: 0 };
    this.calls.push(logged);
    // A waiting poll is a bot at rest, not work under way.
    const weight = route === "GET /updates" ? 0 : 1;
    this.active += weight;
    const response = await answer(logged)
      .catch(refusalAnswer)
      .finally(() => {
        this.active -= weight;
      });
    logged.status = response?.status ?? 0;
    return response ?? lostAnswer();
  }

  /** Refuses a call without the token, in the words of MAX. */
  #admit(given: string | null, query: URLSearchParams): void {
    const refuse = (words: string) => new MaxRefusal(401, "verify.token", words);
    if (given?.startsWith("Bearer ")) throw refuse("Malformed access token");
    if (given !== this.token() || query.has("access_token") || this.faults.tokenWithdrawn)
      throw refuse("Invalid access_token");
  }

  /** The answer, or what a fault makes of it; null is none at all. */
  async #spoilt(
    route: string,
    person: number | undefined,
    honest: () => Promise<Response>,
  ): Promise<Response | null> {
    const fault = this.faults.take(route, person);
    if (!fault) return honest();
    if (fault.delayMs) await Bun.sleep(fault.delayMs);
    await fault.until;
    const spoilt = spoiltAnswer(fault);
    if (!fault.afterSend) return fault.cut ? null : (spoilt ?? honest());
    await honest();
    return fault.cut || !spoilt ? null : spoilt;
  }

  async #run(call: MaxCall): Promise<Response> {
    const { meter, limits } = this.parts;
    meter.count("all", limits.perSecond);
    if (call.route === "GET /updates") meter.count("polls", limits.pollsPerSecond);
    const result = await routeOf(call.route)(call, this.parts);
    return new Response(maxJson(result), { headers: { "content-type": "application/json" } });
  }
}

/** The route of a call; a known path with another method is 405, all else 404. */
function routeOf(route: string) {
  const found = Object.hasOwn(maxRoutes, route) ? maxRoutes[route] : undefined;
  if (found) return found;
  const path = route.slice(route.indexOf(" "));
  const isKnown = Object.keys(maxRoutes).some((one) => one.slice(one.indexOf(" ")) === path);
  throw isKnown
    ? new MaxRefusal(405, "method.not.allowed", "Method not allowed")
    : new MaxRefusal(404, "not.found", "Not found");
}

async function readJson(request: Request): Promise<unknown> {
  const text = await request.text();
  if (!text.trim()) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw unfit("Can't deserialize body");
  }
}
