// What owners are told of a journal that cannot be read: whether they must do something. The details stay in the log.

import { Refused, Unreachable } from "../errors.ts";
import type { CompanyId } from "../rules/ids.ts";

/** No token, no licence, no rights: waiting does not help. */
const shut = new Set([401, 402, 403]);

/** All alarms of reading a branch: they are over once it is read. */
export function readingAlarms(companyId: CompanyId): string[] {
  return ["sync", "refused", "moved", "untrusted"].map((kind) => `${kind}:${companyId}`);
}

/**
 * The alarm of a failure that lasts, and its detail: the answer's code, or whether YCLIENTS was reached. What waiting does
 * not mend (a refusal, an API that has moved, a certificate) has an alarm of its own.
 */
export function alarmOfReading(companyId: CompanyId, error: unknown): { about: string; detail: string } {
  if (error instanceof Refused && shut.has(error.code))
    return { about: `refused:${companyId}`, detail: String(error.code) };
  if (error instanceof Unreachable && error.remedy)
    return { about: `${error.remedy.kind}:${companyId}`, detail: error.remedy.url ?? "" };
  const busy = error instanceof Refused && error.code === 429;
  const away = busy || error instanceof Unreachable;
  return { about: `sync:${companyId}`, detail: away ? "unreachable" : "other" };
}
