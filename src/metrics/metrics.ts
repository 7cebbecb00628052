// What the program counts, as Prometheus reads it: counters of this process, and gauges read from the database when asked.

import { Counter, type CounterConfiguration, Gauge, Histogram, Registry } from "prom-client";
import type { Config } from "../config/config.ts";
import type { Db } from "../db/connect.ts";
import type { SendCounts } from "../notices/notify.ts";
import type { CompanyId } from "../rules/ids.ts";
import type { Outcome } from "../visits/decide.ts";
import { databaseGauges } from "./database-gauges.ts";

type Api = "yclients" | "telegram" | "max";
const noticeOutcomes: (keyof SendCounts)[] = ["sent", "postponed", "blocked", "failed"];
const passOutcomes = ["good", "failed", "elsewhere"] as const;

/** The counters, and `text` of everything. `connections` is the size of the pool `db`. */
export function makeMetrics(db: Db, config: Pick<Config, "companyIds" | "maxToken">, connections: number) {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(
    name: string,
    help: string,
    labelNames: CounterConfiguration<Label>["labelNames"] = [],
  ) => new Counter({ name: `loyalty_${name}`, help, labelNames, registers });

  const records = counter("records_read_total", "Records read and judged, with the hour read again", [
    "company",
  ]);
  const awards = counter("awards_total", "Awards made by visits", ["company"]);
  const corrections = counter("corrections_total", "Corrections of awards", ["company"]);
  const doubts = counter("doubts_total", "Answers that were not believed, to be looked at again", [
    "company",
  ]);
  const passes = counter("passes_total", "Passes and sweeps, by what came of them", ["job", "outcome"]);
  const notices = counter("notices_total", "Messages about changes of points, by what came of them", [
    "outcome",
  ]);
  const requests = counter("api_requests_total", "Requests to the APIs, by how they were answered", [
    "api",
    "outcome",
  ]);
  const hints = counter("hints_total", "Webhooks of YCLIENTS, by what was done with them", ["outcome"]);
  const emptied = counter(
    "reserved_cards_emptied_total",
    "Cards kept for settling on which something lay at rest",
  );
  const webhooks = new Histogram({
    ...{ name: "loyalty_webhook_seconds", help: "From a webhook's arrival to its answer", registers },
    ...{
      labelNames: ["webhook", "status"] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    },
  });
  const waits = new Histogram({
    ...{ name: "loyalty_database_wait_seconds", registers },
    ...{ help: "How long a transaction waited for a connection of the pool and its BEGIN" },
    ...{ buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  });
  const gauge = (name: string, help: string) => new Gauge({ name: `loyalty_${name}`, help, registers });
  const open = gauge("database_transactions_open", "Transactions under way");
  gauge("database_connections_limit", "Connections that the pool may open").set(connections);
  processGauges(registry);
  const refresh = databaseGauges(db, config.companyIds, registry);

  // A rate needs a zero to begin at.
  for (const company of config.companyIds)
    for (const one of [records, awards, corrections, doubts]) one.inc({ company }, 0);
  for (const outcome of noticeOutcomes) notices.inc({ outcome }, 0);
  for (const outcome of passOutcomes) passes.inc({ job: "sync_records", outcome }, 0);
  const apis: Api[] = ["yclients", "telegram", ...(config.maxToken === null ? [] : ["max" as const])];
  for (const api of apis)
    for (const status of [200, 400, 429, 500, null]) requests.inc({ api, outcome: outcomeOf(status) }, 0);

  watchWaits(db, {
    begun(ms) {
      waits.observe(ms / 1000);
      open.inc();
    },
    ended: () => open.dec(),
  });

  return {
    posted(company: CompanyId, outcome: Outcome): void {
      records.inc({ company }, outcome.records);
      awards.inc({ company }, outcome.awards);
      corrections.inc({ company }, outcome.corrections);
      doubts.inc({ company }, outcome.doubts);
    },
    passed: (job: string, outcome: (typeof passOutcomes)[number]) => passes.inc({ job, outcome }),
    notified: (outcome: keyof SendCounts) => notices.inc({ outcome }),
    answered: (api: Api) => (status: number | null) => requests.inc({ api, outcome: outcomeOf(status) }),
    emptied: (cards: number) => emptied.inc(cards),
    hinted: (outcome: "stored" | "ignored" | "malformed") => hints.inc({ outcome }),
    webhook: (webhook: string, status: number, ms: number) =>
      webhooks.observe({ webhook, status }, ms / 1000),
    async text(): Promise<string> {
      await refresh();
      return registry.metrics();
    },
  };
}

/** All of them say 429 for "too many". Null: there was no answer. */
function outcomeOf(status: number | null): string {
  if (status === null) return "unreachable";
  if (status === 429) return "too_many";
  if (status >= 500) return "failed";
  return status >= 400 ? "refused" : "ok";
}

/** The process, read when asked. Not prom-client's own set: it wakes a hundred times a second to measure a lag. */
function processGauges(registry: Registry): void {
  const registers = [registry];
  new Gauge({
    ...{ name: "loyalty_process_resident_memory_bytes", help: "Resident memory", registers },
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    ...{ name: "loyalty_process_cpu_seconds_total", help: "CPU time spent, user and system", registers },
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    ...{
      name: "loyalty_process_start_time_seconds",
      help: "When the process began, in Unix time",
      registers,
    },
  }).set(Date.now() / 1000 - process.uptime());
}

/** Told of each transaction: how many milliseconds it waited, and then that it is over. */
interface WaitWatch {
  begun(waitedMs: number): void;
  ended(): void;
}

/**
 * Watches the transactions of a pool. The wait is from asking until the first statement may go: a free connection, and
 * BEGIN answered. Single queries are not seen: postgres.js sends them down busy connections, behind others.
 */
export function watchWaits(db: Db, watch: WaitWatch): void {
  const begin: (...args: unknown[]) => Promise<unknown> = db.begin.bind(db) as never;
  const watched = (...args: unknown[]) => {
    const asked = performance.now();
    const work = args.pop() as (tx: unknown) => unknown;
    return begin(...args, async (tx: unknown) => {
      watch.begun(performance.now() - asked);
      try {
        return await work(tx);
      } finally {
        watch.ended();
      }
    });
  };
  Object.assign(db, { begin: watched });
}
