// What a webhook of YCLIENTS says has changed. Nothing in it is believed but the name of a record.

import * as v from "valibot";
import type { CompanyId, RecordId } from "../rules/ids.ts";
import { id } from "./record.ts";

/** A record that may have changed. */
interface Hint {
  companyId: CompanyId;
  recordId: RecordId;
}

const anything = v.optional(v.unknown());
const event = v.object({ company_id: id, resource: v.string(), resource_id: anything, data: anything });
/** One receiver in the wild was sent lists (nobody documents them), so both are taken. */
const body = v.union([event, v.pipe(v.array(event), v.minLength(1), v.maxLength(500))]);

/**
 * The records that the events of a body are about, each once; none for what does not touch a record. Null when it is no
 * event at all. YCLIENTS API: a payment made or deleted comes as `finances_operation`, which names its record.
 */
export function hintsOf(text: string): Hint[] | null {
  const read = v.safeParse(body, json(text));
  if (!read.success) return null;
  const hints = new Map<string, Hint>();
  for (const one of [read.output].flat()) {
    const recordId = recordOf(one);
    if (recordId !== null)
      hints.set(`${one.company_id}:${recordId}`, { companyId: one.company_id, recordId });
  }
  return [...hints.values()];
}

function recordOf({ resource, resource_id, data }: v.InferOutput<typeof event>): number | null {
  const { id: itself, record_id, record } = Object(data) as Record<string, unknown>;
  if (resource === "record") return firstId(resource_id, itself);
  return resource === "finances_operation" ? firstId(record_id, Object(record).id) : null;
}

function firstId(...places: unknown[]): number | null {
  for (const place of places) {
    const read = v.safeParse(id, place);
    if (read.success) return read.output;
  }
  return null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
