// A stand-in MAX for tests of itself: started, called over HTTP as a bot calls it, and listened to.
import { afterEach } from "bun:test";
import { type MaxOptions, startMax } from "../../src/standins/max/server.ts";

export const MAX_TOKEN = "test-token";
export const VERA = { id: 501, firstName: "Вера", phone: "+79001234567" };

/** What the API said: the status, and its JSON, or its text where it is none. */
export type MaxReply = {
  status: number;
  body: Record<string, unknown> & { code?: string; message?: unknown };
};
export type MaxPost = { body: Record<string, unknown>; secret: string | null; text: string };

/** Starts stand-ins that end with their test. The limit of a dialog is off unless it is asked for. */
export function maxes() {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  function start({ limits, ...options }: Partial<MaxOptions> = {}) {
    const none = Number.POSITIVE_INFINITY;
    const max = startMax({
      ...{
        token: MAX_TOKEN,
        limits: { perSecond: none, perChatPerSecond: none, pollsPerSecond: none, ...limits },
      },
      ...options,
    });
    let stopped = false;
    const stop = () => {
      stopped = true;
      return max.stop();
    };
    closing.push(() => stopped || max.stop());
    max.files.notReady = 0;

    /** One call: `"POST /messages?user_id=501"`, and its body. */
    async function api(
      route: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<MaxReply> {
      const [method = "", path = ""] = route.split(" ");
      const answer = await fetch(`${max.url}${path}`, {
        method,
        headers: { authorization: MAX_TOKEN, ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const json = text.startsWith("{") ? JSON.parse(text) : { text };
      return { status: answer.status, body: json };
    }
    const say = (body: object | string, to: number = VERA.id) =>
      api(`POST /messages?user_id=${to}`, typeof body === "string" ? { text: body } : body);
    /** Uploads a file, as a bot does; what the upload host said. */
    async function upload(kind: string, name: string, bytes: Uint8Array, part = "data", headers = {}) {
      const { body } = await api(`POST /uploads?type=${kind}`);
      const form = new FormData();
      form.set(part, new File([new Uint8Array(bytes)], name));
      const answer = await fetch(String(body.url), { method: "POST", body: form, headers });
      const text = await answer.text();
      const json = text.startsWith("{") ? JSON.parse(text) : { text };
      return { status: answer.status, body: json, token: tokenOf(json) ?? body.token, url: String(body.url) };
    }
    return { max, api, say, upload, stop };
  }

  /** A webhook of our own, subscribed directly; every post is noted, and answered by 200 unless said otherwise. */
  function listen(
    { max }: Pick<ReturnType<typeof start>, "max">,
    answer: (post: MaxPost) => Response | Promise<Response> = () => new Response(""),
    types: string[] = [],
  ): MaxPost[] {
    const posts: MaxPost[] = [];
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      async fetch(request) {
        const text = await request.text();
        const post = { text, body: JSON.parse(text), secret: request.headers.get("X-Max-Bot-Api-Secret") };
        posts.push(post);
        return answer(post);
      },
    });
    closing.push(() => server.stop(true));
    max.webhook.set(server.url.href, { secret: "s3cret", update_types: types });
    return posts;
  }

  /** Vera, who pressed Start, on a MAX whose webhook takes everything. */
  async function withVera(options: Partial<MaxOptions> = {}) {
    const started = start(options);
    const posts = listen(started);
    const vera = started.max.person(VERA);
    await vera.start();
    posts.length = 0;
    return { ...started, vera, posts };
  }
  return { start, listen, withVera, closing };
}

function tokenOf(json: { token?: string; photos?: Record<string, { token: string }> }): string | undefined {
  return json.token ?? Object.values(json.photos ?? {})[0]?.token;
}

/** A keyboard of these rows, as an attachment. */
export const keyboard = (...rows: object[][]) => ({ type: "inline_keyboard", payload: { buttons: rows } });
/** A callback button. */
export const callback = (text: string, payload = text) => ({ type: "callback", text, payload });
