// A whole pass of the executable over a very large journal, by `sync`, with its budget of requests lifted.

import type { Feed } from "./feed.ts";
import { type Database, ran, type Stage, settings } from "./stage.ts";

/** What a pass took, its start and its end included; memory is the most it had. */
export async function pass(stage: Stage, database: Database, journal: Feed) {
  const { out, seconds, mostMb } = await ran([stage.executable(), "sync"], {
    ...settings(database, { telegram: "http://127.0.0.1:9", yclients: journal.url }),
    ...{ YCLIENTS_REQUESTS_PER_MINUTE: "100000", PROGRAM_START: journal.start, LOG_LEVEL: "warn" },
  });
  const [, records = "0", awards = "0"] = /(\d+) records read, (\d+) awards/.exec(out) ?? [];
  return { records: Number(records), awards: Number(awards), seconds, mostMb };
}
