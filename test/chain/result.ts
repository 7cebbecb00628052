// What came of a rehearsal: lags by kind of branch, how often each was read, and what is not as it must be.

import type { YclientsStandIn } from "../../src/standins/yclients/server.ts";
import type { Happened } from "./day.ts";
import type { Waited } from "./people.ts";
import type { Branch, Hooks } from "./plan.ts";
import type { Sight } from "./replicas.ts";

/** The middle, the twentieth from the top of a hundred, and the worst; null where there are none. */
export interface Spread {
  count: number;
  middle: number | null;
  p95: number | null;
  worst: number | null;
}

/** What the ledger holds of a record: milliseconds, and hundredths of points. */
export interface InLedger {
  awardedAt: number;
  correctedAt: number | null;
  awarded: number;
  sum: number;
}

export interface Lag {
  branches: string;
  visits: number;
  ledger: Spread;
  message: Spread;
}

/** How often the lists of such branches were read: seconds between two readings, the last of them the traffic's end. */
export interface Readings {
  branches: string;
  count: number;
  between: Spread;
}

export const requestKinds = ["pages", "records", "others", "refused"] as const;
export type Requests = Record<(typeof requestKinds)[number], number>;

/** How things stood at the end of a minute (or of a shorter while, in a short run). */
export interface Beat {
  minute: number;
  paid: number;
  inLedger: number;
  told: number;
  /** Of this while. */
  requests: Requests;
  /** Seconds since the branch whose reading is the oldest was read. */
  oldest: Record<Hooks, number | null>;
  /** The mean percent of a core, and the most memory, of each replica. */
  cpu: (number | null)[];
  mb: (number | null)[];
  connections: number;
}

/** Of values in whatever order. */
export function spreadOf(values: number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? null;
  return { count: sorted.length, middle: at(0.5), p95: at(0.95), worst: sorted.at(-1) ?? null };
}

const seconds = (ms: number) => ms / 1_000;

/** How long each kind of branch waited for its rows and messages, in seconds; where webhooks stopped, before and after that. */
export function lagsOf(day: Happened[], ledger: ReadonlyMap<number, InLedger>, stoppedAt: number): Lag[] {
  const groups = Map.groupBy(day, (visit) => {
    const { busy, hooks } = visit.branch;
    const since =
      hooks !== "stopped" ? "" : (visit.paidAt ?? 0) < stoppedAt ? ", before that" : ", after that";
    return `${kindOf({ busy, hooks })}${since}`;
  });
  return [...groups].sort().map(([branches, visits]) => ({
    branches,
    visits: visits.length,
    ledger: spreadOf(
      visits.flatMap(({ record, paidAt }) => {
        const row = ledger.get(record);
        return row && paidAt ? [seconds(row.awardedAt - paidAt)] : [];
      }),
    ),
    message: spreadOf(
      visits.flatMap(({ paidAt, toldAt: [at] }) => (at && paidAt ? [seconds(at - paidAt)] : [])),
    ),
  }));
}

/** From a refund to its row, in seconds; of those that were awarded before. */
export const refundLag = (day: Happened[], ledger: ReadonlyMap<number, InLedger>): Spread =>
  spreadOf(
    day.flatMap(({ record, refundedAt }) => {
      const at = ledger.get(record)?.correctedAt;
      return refundedAt && at ? [seconds(at - refundedAt)] : [];
    }),
  );

const hooksInWords: Record<Hooks, string> = {
  webhook: "webhooks",
  stopped: "webhooks that stopped",
  none: "no webhooks",
};
const kindOf = ({ busy, hooks }: Pick<Branch, "busy" | "hooks">) =>
  `${busy ? "busy" : "quiet"}, ${hooksInWords[hooks]}`;

type Received = YclientsStandIn["requests"][number];

const isPage = ({ path, refused }: Received) => !refused && path.startsWith("/records/");

/** When each branch's list was begun to be read, from the start of the traffic on. */
function readingTimes(branches: Branch[], requests: Received[], began: number): Map<number, number[]> {
  const times = new Map(branches.map(({ id }) => [id, [began]]));
  for (const request of requests.filter((one) => isPage(one) && one.query.page === "1"))
    times.get(Number(request.path.split("/")[2]))?.push(request.at.getTime());
  return times;
}

/** How often the lists of each kind of branch were read, in the time of the traffic. */
export function readingsOf(
  branches: Branch[],
  requests: Received[],
  { began, ended }: { began: number; ended: number },
): Readings[] {
  const times = readingTimes(branches, requests, began);
  return [...Map.groupBy(branches, kindOf)].sort().map(([kind, same]) => {
    const gaps = same.flatMap(({ id }) => {
      const read = [...(times.get(id) ?? []).filter((at) => at < ended), ended];
      return read.slice(1).map((at, place) => seconds(at - (read[place] ?? at)));
    });
    return { branches: kind, count: same.length, between: spreadOf(gaps) };
  });
}

/** How many of each kind. */
export function requestsOf(requests: Received[]): Requests {
  const count = (fits: (request: Received) => boolean) => requests.filter(fits).length;
  const [pages, refused] = [count(isPage), count((request) => request.refused === true)];
  const records = count(({ path, refused }) => !refused && path.startsWith("/record/"));
  return { pages, records, refused, others: requests.length - pages - records - refused };
}

/** What is kept while it runs. */
export interface Seen {
  branches: Branch[];
  day: Happened[];
  ledger: ReadonlyMap<number, InLedger>;
  requests: Received[];
  sights: Sight[];
  connections: { at: number; count: number }[];
  replicas: number;
}

/** How things stood at the end of each `beatMs`, from when the traffic began until all was quiet. */
export function beatsOf(seen: Seen, times: { began: number; quiet: number; beatMs: number }): Beat[] {
  const { branches, day, ledger, requests, sights, connections } = seen;
  const { began, quiet, beatMs } = times;
  const read = readingTimes(branches, requests, began);
  const until = (at: number, of: (visit: Happened) => number | null | undefined) =>
    day.filter((visit) => (of(visit) ?? Number.POSITIVE_INFINITY) <= at).length;
  return Array.from({ length: Math.ceil((quiet - began) / beatMs) }, (_, beat) => {
    const [from, to] = [began + beat * beatMs, began + (beat + 1) * beatMs];
    const within = <Thing extends { at: number | Date }>(things: Thing[]) =>
      things.filter(({ at }) => Number(at) >= from && Number(at) < to);
    const oldest = (hooks: Hooks) =>
      spreadOf(
        branches
          .filter((branch) => branch.hooks === hooks)
          .map(({ id }) => seconds(to - (read.get(id)?.findLast((at) => at <= to) ?? began))),
      ).worst;
    const of = (replica: number) => within(sights).filter((sight) => sight.replica === replica);
    const each = <Value>(work: (sights: Sight[]) => Value) =>
      Array.from({ length: seen.replicas }, (_, at) => work(of(at + 1)));
    return {
      minute: (beat + 1) * (beatMs / 60_000),
      paid: until(to, ({ paidAt }) => paidAt),
      inLedger: until(to, ({ record }) => ledger.get(record)?.awardedAt),
      told: until(to, ({ toldAt: [at] }) => at),
      requests: requestsOf(within(requests)),
      oldest: { webhook: oldest("webhook"), stopped: oldest("stopped"), none: oldest("none") },
      cpu: each((of) => (of.length === 0 ? null : of.reduce((sum, { cpu }) => sum + cpu, 0) / of.length)),
      mb: each((of) => spreadOf(of.map(({ mb }) => mb)).worst),
      connections: Math.max(0, ...within(connections).map(({ count }) => count)),
    };
  });
}

/** The messages that a client may have had twice: those under way when a replica was killed. */
const [justBeforeMs, justAfterMs] = [60_000, 120_000];

/** What was lost, done twice or told twice: a sentence each, none where all is as it must be. */
export function faultsOf(
  day: Happened[],
  ledger: ReadonlyMap<number, InLedger>,
  { killedAt, spends, waited }: { killedAt: number | null; spends: number; waited: Waited },
): string[] {
  const told = day.filter(({ linked, refundedAt }) => linked && refundedAt === null);
  const byKill = ({ toldAt: [first = 0, second = 0] }: Happened) =>
    killedAt !== null && Math.abs(first - killedAt) < justBeforeMs && second < killedAt + justAfterMs;
  const all: [number, string][] = [
    [day.filter((v) => v.refundedAt === null && !ledger.has(v.record)).length, "payments have no award"],
    [
      day.filter((v) => (ledger.get(v.record)?.awarded ?? v.kopecks / 100) !== v.kopecks / 100).length,
      "awards are of another sum than one percent",
    ],
    [
      day.filter((v) => v.refundedAt === null && (ledger.get(v.record)?.correctedAt ?? null) !== null).length,
      "awards were corrected with no refund",
    ],
    [
      day.filter((v) => v.refundedAt !== null && (ledger.get(v.record)?.sum ?? 0) !== 0).length,
      "refunds have left points",
    ],
    [told.filter(({ toldAt }) => toldAt.length === 0).length, "linked clients were told nothing"],
    [
      told.filter((visit) => visit.toldAt.length > 1 && !byKill(visit)).length,
      "linked clients were told more than once, and not by the kill",
    ],
    [
      Math.abs(waited.spend.length - spends),
      "spends that an admin saw are not in the ledger, or those there were not seen",
    ],
    [waited.unanswered, "people had no answer"],
  ];
  return all.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
}
