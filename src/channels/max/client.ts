// The client of MAX's Bot API, with limits, whose errors hold no token and repeat nobody's words.

import { messageOf } from "../../errors.ts";
import { clean } from "../../log.ts";
import { mayHaveArrivedBy, mayHaveLeft } from "../arrival.rule.ts";
import type { Trust } from "./trust.ts";

const timeoutMs = 20_000;
/** Of a call for updates, which waits at MAX's; and of a file on its way. */
const longTimeoutMs = 40_000;

/** A call that was not done, or of which nobody knows. No word of it holds the token, or repeats what was sent. */
export class MaxFault extends Error {
  override name = "MaxFault";
  constructor(
    /** Of the answer; null where there was none. */
    readonly status: number | null,
    /** MAX's own code and key, such as `chat.denied error.dialog.suspended`; empty where it was not MAX that answered. */
    readonly code: string,
    words: string,
    /** It may have been done all the same. */
    readonly mayHaveArrived: boolean,
    /** What the platform calls the failure of a call without an answer. */
    readonly fault?: unknown,
  ) {
    super(words);
  }

  /** The same may work later: no answer, or a fault of MAX's, or of somebody's in between. */
  get passes(): boolean {
    return this.status === null || this.status >= 500 || this.code === "";
  }
}

/** An answer's fields, and the clock of whoever gave it. */
export interface MaxAnswer {
  body: Record<string, unknown>;
  date: Date | null;
}

/** What a client needs. `answered` is told of each answer's HTTP status, or null where there was none. */
export interface ClientParts {
  token: string;
  /** Without a slash at its end. */
  apiRoot: string;
  trust: Trust | null;
  answered?: ((status: number | null) => void) | undefined;
}

interface Call {
  query?: Record<string, string | number | boolean | undefined>;
  body?: object;
  signal?: AbortSignal | undefined;
}

/** Calls of one bot. Each throws a `MaxFault`, or the signal's reason when aborted. */
export class MaxClient {
  constructor(private readonly parts: ClientParts) {}

  async call(method: string, path: string, { query = {}, body, signal }: Call = {}): Promise<MaxAnswer> {
    const asked = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
    );
    const url = `${this.parts.apiRoot}${path}${asked.length > 0 ? `?${asked.join("&")}` : ""}`;
    const answer = await this.#fetch(url, signal, path === "/updates" ? longTimeoutMs : timeoutMs, {
      method,
      headers: {
        authorization: this.parts.token,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const fields = fieldsOf(answer.text);
    if (answer.status === 200 && fields !== null && fields.success !== false)
      return { body: fields, date: answer.date };
    throw refusalOf(answer.status, fields);
  }

  /**
   * Puts a file where MAX said, which is another host's: it is told no token. Nothing of this machine is opened, and nothing goes
   * over a bare line where MAX itself does not. What is answered, whatever it means.
   */
  async upload(
    url: unknown,
    part: string,
    name: string,
    type: string,
    bytes: Blob,
  ): Promise<MaxAnswer["body"]> {
    const bare = this.parts.apiRoot.startsWith("http://");
    if (typeof url !== "string" || !(bare ? /^https?:\/\//i : /^https:\/\//i).test(url))
      throw new MaxFault(200, "upload", "the file was given no address that it may go to", false);
    const form = new FormData();
    form.append(part, new File([bytes], name, { type }));
    const answer = await this.#fetch(url, undefined, longTimeoutMs, { method: "POST", body: form });
    const fields = fieldsOf(answer.text) ?? {};
    // A refusal may come with a 200.
    if (answer.status === 200 && !("error_code" in fields)) return fields;
    const says = ownWordsOf(`${wordsOf(fields.error_code)} ${wordsOf(fields.error_data)}`).trim();
    throw new MaxFault(answer.status, "upload", `the file was refused: ${answer.status} ${says}`, false);
  }

  async #fetch(
    url: string,
    signal: AbortSignal | undefined,
    ms: number,
    init: RequestInit,
  ): Promise<{ status: number; text: string; date: Date | null }> {
    const { token, trust, answered = () => {} } = this.parts;
    const limit = AbortSignal.timeout(ms);
    try {
      const response = await fetch(url, {
        ...init,
        redirect: "error", // the token follows nobody
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        ...(trust?.covers(url) && { tls: trust.tls }),
      });
      const text = await response.text();
      answered(response.status);
      const date = new Date(response.headers.get("date") ?? "");
      return { status: response.status, text, date: Number.isNaN(date.getTime()) ? null : date };
    } catch (error) {
      answered(null);
      signal?.throwIfAborted();
      const words = clean(messageOf(error).replaceAll(token, "<token>"));
      const { code, name } = Object(error);
      const fault = name === "TimeoutError" ? name : code;
      // Bun hangs the address on its errors: only the words are kept.
      throw new MaxFault(null, "", words, mayHaveLeft({ code }), fault);
    }
  }
}

/** What MAX says of a refusal; of what is no answer of its API nobody knows whether it was done. */
function refusalOf(status: number, fields: Record<string, unknown> | null): MaxFault {
  const { code, message, success } = fields ?? {};
  // A 200 that says "no" is a refusal like any other.
  if (success === false && status === 200)
    return new MaxFault(400, "refused", `200, but refused: ${ownWordsOf(message)}`, false);
  if (typeof code !== "string")
    return new MaxFault(status, "", `${status}, which is no answer of MAX's API`, true);
  const key = /\b(?:errors?|chat|dialog|attachment)(?:\.\w+)+/.exec(wordsOf(message))?.[0] ?? "";
  const named = `${/^[a-z]+(?:[._][a-z]+)*$/.test(code) ? code.slice(0, 60) : "refused"} ${key}`.trim();
  const words = `${status}: ${named} (${ownWordsOf(message)})`;
  return new MaxFault(status, named, words, mayHaveArrivedBy(status));
}

function fieldsOf(text: string): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && !Array.isArray(body)
      ? (body as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** The words of MAX's own explanations, and of its upload hosts (MAX Bot API; what public bots report). */
const own = new Set(
  `a access action already an and answer api args attachment attachments be body bot button buttons by callback calls can't cannot
  chat code contact content data denied deserialize dialog edit empty error errors exists exceeded expired extension field file
  files for forbidden format found grid header host id image in internal invalid is key keyboard length limit link malformed
  many marker max same modified changed maxrows maxrowsize media message messages method missing mid more must no not notification of one only or
  payload per permission permissions photo processed proto query ready recipient request requests required row rows second
  secret service size subscription subscriptions suspended temporarily text than the timeout to token too type unauthorized
  unavailable unknown unsupported update updates upload url user video webhook with wrong image_invalid_format`.split(
    /\s+/,
  ),
);

/** Of an answer that may be anything: what is no text and no number has no words. */
function wordsOf(said: unknown): string {
  return typeof said === "string" || typeof said === "number" ? String(said) : "";
}

/** The words that are MAX's own, and short numbers; of anything else a mark stays. */
function ownWordsOf(said: unknown): string {
  const kept = wordsOf(said)
    .slice(0, 300)
    .replace(/[\p{L}\p{M}\p{N}_'’]+/gu, (word) =>
      /^\d{1,5}$/.test(word) || own.has(word.toLowerCase()) ? word : "…",
    );
  return kept.replace(/…(?:[^\p{L}\p{N}]*…)+/gu, "…");
}
