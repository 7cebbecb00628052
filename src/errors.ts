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

/** The other side was never reached, or what it said was cut off: trying again later is right. */
export class Unreachable extends Error {
  override name = "Unreachable";
  constructor(
    readonly party: string,
    detail: string,
  ) {
    super(`${party} could not be reached: ${detail}`);
  }
}

/** Telegram has not taken what a handler said: the update is to be delivered again, no sooner than in `waitMs`. */
export class NotTaken extends Error {
  override name = "NotTaken";
  constructor(
    readonly waitMs: number,
    options?: ErrorOptions,
  ) {
    super(`Telegram has not taken the answer; again in ${Math.ceil(waitMs)} ms`, options);
  }
}

/** A mistake of the operator's, in a sentence that says what to do. Printed as it is, without a stack. */
export class Mistake extends Error {
  override name = "Mistake";
}

/** The value, or our own mistake: something that cannot be missing is. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`missing: ${what}`);
  return value;
}

/** The text of anything thrown, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
