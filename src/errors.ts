// The kinds of failure that the rest of the program tells apart.

/**
 * The other side answered, and the answer is no. `code` is its HTTP status, `remedy` what the operator can do; the message
 * holds no secret.
 */
export class Refused extends Error {
  override name = "Refused";
  constructor(
    readonly party: string,
    readonly code: number,
    readonly detail: string,
    readonly remedy?: string,
  ) {
    super(`${party} answered ${code}: ${detail}${remedy ? ` (${remedy})` : ""}`);
  }
}

/** What waiting does not help against: the address has moved (`url`: to where, if that is sure), or no trust in it. */
export interface Remedy {
  kind: "moved" | "untrusted";
  url?: string | undefined;
  advice: string;
}

/** The other side was never reached, or what it said was cut off: trying again later is right, unless there is a remedy. */
export class Unreachable extends Error {
  override name = "Unreachable";
  constructor(
    readonly party: string,
    detail: string,
    readonly remedy?: Remedy,
    /** What the platform calls the failure (`ECONNREFUSED`, `TimeoutError`), where it says. */
    readonly code?: string,
  ) {
    super(`${party} could not be reached: ${detail}`);
  }
}

// OpenSSL's names of a chain that ends in a root this machine does not know.
const untrusted = /^(UNABLE_TO_(GET|VERIFY)_|(DEPTH_ZERO_)?SELF_SIGNED_CERT|CERT_UNTRUSTED)/;

/** The remedy for a certificate that this machine does not trust; undefined for any other failure. */
export function trustRemedy(error: unknown): Remedy | undefined {
  if (!untrusted.test(String(Object(error).code))) return undefined;
  const advice =
    "name a file with the root certificate of its host in NODE_EXTRA_CA_CERTS, and first be sure that nobody stands in between";
  return { kind: "untrusted", advice };
}

/** The messenger has not taken what was said: what came in is to be handed in again, no sooner than in `waitMs`. */
export class RetryUpdate extends Error {
  override name = "RetryUpdate";
  constructor(
    readonly waitMs: number,
    options?: ErrorOptions,
  ) {
    super(`the messenger has not taken the answer; again in ${Math.ceil(waitMs)} ms`, options);
  }
}

/** A mistake of the operator's, in a sentence that says what to do. Printed as it is, without a stack. */
export class OperatorError extends Error {
  override name = "OperatorError";
}

/** The value, or our own mistake: something that cannot be missing is. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`missing: ${what}`);
  return value;
}

/** The text of anything thrown, without its stack, and without what Bun's fetch advises to programmers: owners read it. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\.?\s*For more information, pass `verbose.*$/s, "");
}
