// Puts pictures and files where MAX wants them before they can be sent, and knows which are there already.

import { createHash } from "node:crypto";
import type { Attachment } from "../channel.ts";
import { type MaxClient, MaxFault } from "./client.ts";

type Kind = "image" | "file";
/** As it goes with a message. */
export type Uploaded = { type: Kind; payload: { token: string } };

const remembered = 200;

/** The files of one bot. What was put there once is not put there again, as long as it is among the last. */
export class MaxFiles {
  readonly #tokens = new Map<string, string>();

  /** `turn` waits until one more call may go. */
  constructor(
    private readonly client: MaxClient,
    private readonly turn: () => Promise<void>,
  ) {}

  /** Throws a `MaxFault`, of which nothing can have reached anybody. */
  async put(kind: Kind, { name, bytes }: Attachment): Promise<Uploaded> {
    const parts = Array.isArray(bytes) ? bytes : [bytes];
    const hash = createHash("sha256").update(kind).update(name);
    for (const part of parts) hash.update(part);
    const key = hash.digest("hex");
    const token =
      this.#tokens.get(key) ?? (await this.#upload(kind, name, new Blob(parts as Uint8Array<ArrayBuffer>[])));
    this.#tokens.delete(key);
    this.#tokens.set(key, token);
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > remembered && oldest !== undefined) this.#tokens.delete(oldest);
    return { type: kind, payload: { token } };
  }

  /** What was refused is to be put there anew. */
  forget({ payload }: Uploaded): void {
    for (const [key, token] of this.#tokens) if (token === payload.token) this.#tokens.delete(key);
  }

  async #upload(kind: Kind, name: string, bytes: Blob): Promise<string> {
    try {
      return await this.#uploadAs(kind, name, bytes);
    } catch (error) {
      if (!(error instanceof MaxFault)) throw error;
      // Which endings are taken is not written down. A table is a text; what else was refused opens by its own name again.
      if (kind === "file" && error.status === 415 && !name.endsWith(".txt"))
        return this.#uploadAs(kind, `${name.replace(/\.csv$/i, "")}.txt`, bytes);
      throw new MaxFault(error.status, error.code, error.message, false, error.fault);
    }
  }

  async #uploadAs(kind: Kind, name: string, bytes: Blob): Promise<string> {
    await this.turn();
    const { body } = await this.client.call("POST", "/uploads", { query: { type: kind } });
    const answer = await this.client.upload(body.url, "data", name, typeOf(name), bytes);
    const [photo] = Object.values(Object(answer.photos)) as { token?: unknown }[];
    const token = photo?.token ?? answer.token;
    if (typeof token !== "string") throw new MaxFault(null, "", "the upload brought no token", false);
    return token;
  }
}

const types: Record<string, string> = {
  ...{ png: "image/png", jpg: "image/jpeg", pdf: "application/pdf" },
  ...{ csv: "text/csv", txt: "text/plain", html: "text/html", json: "application/json" },
};

function typeOf(name: string): string {
  return types[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ""] ?? "application/octet-stream";
}
