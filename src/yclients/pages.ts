// The journal as YCLIENTS lists it: pages of a list that moves while it is read, and how it is known to be whole.

import { Refused, Unreachable } from "../errors.ts";
import type { Window } from "../rules/time.ts";
import type { Reading, Unreadable } from "./record.ts";

/** Which records: by session day, or by change since a wall time of the branch. */
export type Filter = Window | { changedAfter: string };

/** Records of a page or of a whole list, each once, as it was last said. */
export interface Reads {
  readings: Reading[];
  unreadable: Unreadable[];
  /** YCLIENTS's own clock when the reading of the list began; ours where it does not say. */
  startedAt: Date;
}

/** What YCLIENTS answered: `readAt` is the database's clock from before the request, `date` its own. */
export interface Answer {
  data: unknown;
  meta: unknown;
  readAt: Date;
  date: Date;
}

type Ask = (query: Record<string, string>) => Promise<Answer>;
type ReadRecord = (raw: unknown, readAt: Date) => Reading | Unreadable;

/** Which records one reading of the list found, and whether they are as many as it said. */
interface End {
  ids: Set<number>;
  whole: boolean;
}

const pageSize = 200;
const maxPages = 5_000;
const attempts = 4;

/**
 * Every record of the filter, a page at a time, at least one page though it be empty; ends only when the list was seen
 * whole, and throws where a page fails. Pages are offsets into a list that moves: when its length changes between two of
 * them, or fewer are found than it has, a record may have slipped from one to the other unseen, so the reading starts
 * again and its records come again. A list that ends short of the same records twice is all that YCLIENTS shows us.
 */
export async function* pagesOf(ask: Ask, filter: Filter, read: ReadRecord): AsyncGenerator<Reads> {
  let short: string | null = null;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const end = yield* listed(ask, queryOf(filter), read);
    if (end?.whole) return;
    const found: string | null = end && [...end.ids].sort((one, other) => one - other).join();
    if (found !== null && found === short) return;
    short = found;
  }
  throw new Unreachable("YCLIENTS", "the journal changed while its pages were read, again and again");
}

/** Ends with null when the list moved under the reading; not `whole` when it ended before its own count. */
async function* listed(
  ask: Ask,
  query: Record<string, string>,
  read: ReadRecord,
): AsyncGenerator<Reads, End | null> {
  const ids = new Set<number>();
  const totals = new Set<number>();
  let nameless = 0;
  let startedAt: Date | null = null;
  for (let page = 1; page <= maxPages; page++) {
    const { data, meta, readAt, date } = await ask({
      ...query,
      page: String(page),
      count: String(pageSize),
      with_deleted: "1",
      include_finance_transactions: "1",
    });
    if (!Array.isArray(data)) throw new Refused("YCLIENTS", 200, "no list of records");
    startedAt ??= date;
    const { readings, unreadable } = once(data.map((raw) => read(raw, readAt)));
    yield { readings, unreadable, startedAt };
    const before = ids.size;
    for (const { recordId } of [...readings, ...unreadable]) {
      // A record without an id is no sign of a new page: it would come anew with each repetition.
      if (recordId === null) nameless += 1;
      else ids.add(recordId);
    }
    const total = totalOf(meta);
    if (total !== null && data.length > 0) totals.add(total);
    if (totals.size > 1) return null;
    const [length = null] = totals;
    const whole = length === null || ids.size + nameless >= length;
    if (data.length === 0 || (whole && total !== null && data.length < pageSize)) return { ids, whole };
    if (ids.size === before) return whole ? { ids, whole } : null; // the same page again: there are no more
  }
  throw new Unreachable("YCLIENTS", "its list of records has no end");
}

function queryOf(filter: Filter): Record<string, string> {
  if ("changedAfter" in filter) return { changed_after: filter.changedAfter };
  const { from, to } = filter;
  return { start_date: from, ...(to !== null && { end_date: to }) };
}

/** All pages in one piece, with what had left a list again that moved while it was read. */
export async function gathered(pages: AsyncIterable<Reads>): Promise<Reads> {
  const reads: (Reading | Unreadable)[] = [];
  let startedAt = new Date(0);
  for await (const page of pages) {
    reads.push(...page.unreadable, ...page.readings);
    startedAt = page.startedAt;
  }
  return { ...once(reads), startedAt };
}

/** Each record once, as its last place says; one without an id each time. */
function once(reads: (Reading | Unreadable)[]): Pick<Reads, "readings" | "unreadable"> {
  const readings = new Map<number, Reading>();
  const unreadable = new Map<number | symbol, Unreadable>();
  for (const read of reads) {
    if ("why" in read) unreadable.set(read.recordId ?? Symbol(), read);
    else readings.set(read.recordId, read);
  }
  return { readings: [...readings.values()], unreadable: [...unreadable.values()] };
}

function totalOf(meta: unknown): number | null {
  const { total_count } = Object(meta) as { total_count?: unknown };
  const total = Number(total_count);
  return total_count !== undefined && total_count !== null && Number.isSafeInteger(total) && total >= 0
    ? total
    : null;
}
