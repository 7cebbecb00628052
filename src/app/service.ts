// Builds every part once, in order; starts and stops them.

import { cron } from "@elysiajs/cron";
import { Cron } from "croner";
import { Elysia } from "elysia";
import type { MaxPace } from "../channels/max/pace.ts";
import type { Desk } from "../chat/desk.ts";
import { wayPage, wayPageHeaders } from "../client/way-page.ts";
import { type Clock, machineClock, wait } from "../clock.ts";
import type { Config } from "../config/config.ts";
import { migrate, pendingMigrations } from "../db/migrate.ts";
import { messageOf, OperatorError } from "../errors.ts";
import { createHttp, type HttpDeps } from "../http/http.ts";
import { withLease } from "../jobs/leases.ts";
import { keptFor, withTimeout } from "../jobs/retry.ts";
import { makeLots } from "../ledger/lots.ts";
import type { Log } from "../log.ts";
import { sendDigest } from "../owners/digest.ts";
import { dropLinks } from "../owners/rights.ts";
import { readLook } from "../picture/look.ts";
import { settleDue } from "../settlements/settle.ts";
import { proofPage } from "../statements/proof-page.ts";
import { publishedRoots } from "../statements/statement.ts";
import { selfCheck } from "./checks.ts";
import { type Inbox, listenTo, offerFirstOwner, startBot, webhookOf } from "./listening.ts";
import { buildParts, type Parts } from "./parts.ts";
import { listenToYclients } from "./readings.ts";
import {
  emptyCardsOfToday,
  endAllPoints,
  friendsRound,
  giveGifts,
  reviewAllLevels,
  sendAllNotices,
  sweepAll,
  syncAll,
  tellWhereSpendsAre,
  watchAll,
} from "./rounds.ts";
import { keepTerms, leaveTerms } from "./terms.ts";

/** The running service. `address` is where it listens; `stop` ends it in order, in-flight work finished. */
export interface Service {
  address: string;
  stop(): Promise<void>;
}

/**
 * `hourly` is how often what is done by the hour or rarer is done, as a pattern of the timetable; null: as it is. A clock that
 * leaps needs it often, and no check of this machine's clock and the database's. `maxPace` is how fast MAX is called: as it asks for,
 * unless what stands for it asks for nothing.
 */
export interface ServedTime {
  clock: Clock;
  hourly: string | null;
  maxPace?: MaxPace;
}

/**
 * Migrates, then serves HTTP, the bot and the jobs. `out` takes what is for the operator alone and no log: the first owner's
 * link. Throws an `OperatorError` when it cannot.
 */
export async function serve(
  config: Config,
  log: Log,
  out: (text: string) => void = () => {},
  { clock, hourly, maxPace }: ServedTime = { clock: machineClock, hourly: null },
): Promise<Service> {
  const look = await readLook(config);
  await migrate(config.migrateDatabaseUrl, (line) => log.info(line), config.databaseUrl);
  const parts = buildParts(config, log, clock, maxPace);
  const { db, stopping, metrics } = parts;
  const { inboxes, desk } = startBot(parts, look);
  const secret = config.yclientsWebhookSecret;
  const hints = secret === null ? null : listenToYclients(parts, secret);
  // A flood of questions must not stand before the till's transactions.
  const migrated = keptFor(1_000, async () => (await pendingMigrations(db)).length === 0);
  const http = createHttp({
    messengers: config.publicUrl ? inboxes.map(webhookOf) : [],
    yclients: hints,
    metrics: config.metricsToken === null ? null : { token: config.metricsToken, text: metrics.text },
    answered: metrics.webhook,
    proof:
      config.statements === "proof"
        ? { page: proofPage(), roots: keptFor(60_000, () => publishedRoots(db)) }
        : null,
    ways: config.publicUrl !== null && inboxes.length > 1 ? waysOf(inboxes, desk) : null,
    ready: () => withTimeout(2_000, migrated),
    log,
  });
  try {
    // Before anything comes in: the messengers, without which no new one can be printed, may be away for long.
    await dropLinks(db, "first");
    await keepTerms(parts, true);
    listen(http, config);
  } catch (error) {
    stopping.abort();
    await db.end({ timeout: 1 });
    throw error;
  }
  const jobs = timetable(jobsOf(parts, desk, hints, hourly), log);
  http.use(jobs.plugin);
  const address = `http://${config.host}:${http.server?.port ?? config.port}`;
  const begun = inboxes.map(() => Promise.withResolvers<void>());
  const listening = inboxes.map((inbox, at) => listenTo(parts, inbox, () => begun[at]?.resolve()));
  const offered = offerFirstOwner(parts, inboxes, out);
  // In the background: an old ledger of millions of rows must keep nobody waiting; a card that is used gets its lots at once.
  const lots = makeLots(db, stopping.signal).catch((error) => {
    if (!stopping.signal.aborted)
      log.error({ error: messageOf(error) }, "the lots of older rows are not all made yet");
  });
  // A token that is refused never begins; the rest is checked all the same.
  const firstCheck = Promise.race([
    Promise.all(begun.map(({ promise }) => promise)),
    wait(5_000, stopping.signal),
  ])
    .then(() => (stopping.signal.aborted || clock !== machineClock ? undefined : selfCheck(parts, true)))
    .catch((error) => {
      if (!stopping.signal.aborted) log.warn({ error: messageOf(error) }, "the first check did not end");
    });
  const messengers = inboxes.map(({ messenger }) => messenger.channel.name);
  log.info({ address, messengers, bot: config.publicUrl ? "webhook" : "polling" }, "serving");

  return {
    address,
    async stop() {
      log.info("stopping: no new work");
      stopping.abort(new Error("the program is stopping"));
      await Promise.all([
        phase(log, "jobs", jobs.stop()),
        phase(log, "messengers", Promise.all([...listening, offered])),
        phase(log, "readings", parts.readings.stop()),
        phase(log, "notices", parts.soon.stop()),
        phase(log, "check", firstCheck),
        phase(log, "lots", lots),
        phase(log, "http", Promise.resolve(http.server?.stop())),
      ]);
      await phase(log, "terms", leaveTerms(parts));
      await phase(log, "database", db.end({ timeout: 2 }));
      log.info("stopped");
    },
  };
}

/** The page that opens the bot in any messenger: in those in which it knows its name by now. */
function waysOf(inboxes: readonly Inbox[], { shop }: Desk): NonNullable<HttpDeps["ways"]> {
  const page = async (start: string) => {
    const known = await Promise.all(
      inboxes.map(({ messenger, initialised }) =>
        withTimeout(2_000, () => initialised).then(
          () => [messenger.channel],
          () => [],
        ),
      ),
    );
    return wayPage(shop.title(), known.flat(), start);
  };
  return { page, headers: wayPageHeaders };
}

/** One program of all is enough. */
function checkAgain(parts: Parts, whole: boolean): Promise<unknown> {
  return withLease(parts.db, "self_check", () => selfCheck(parts, whole));
}

/** The jobs keep their names in the log, the lease table and the metrics. */
function jobsOf(
  parts: Parts,
  desk: Desk,
  hints: ReturnType<typeof listenToYclients> | null,
  hourly: string | null,
): Job[] {
  const { config, notify, clock } = parts;
  // What this program could not look at at once, or another one left.
  const rechecks: Job[] = hints
    ? [{ name: "look_again", pattern: "* * * * * *", run: async () => parts.readings.rechecks() }]
    : [];
  return [
    ...rechecks,
    {
      name: "sync_records",
      pattern: config.syncCron,
      run: () => syncAll(parts, gapOf(config.syncCron, clock.now())),
    },
    { name: "keep_terms", pattern: "50 * * * * *", run: () => keepTerms(parts) },
    { name: "sweep_records", pattern: config.sweepCron, run: () => sweepAll(parts) },
    // By night what has ended goes, at most an hour after it has; each hour, for days end at their own in each zone.
    { name: "end_points", pattern: hourly ?? "0 7 * * * *", run: () => endAllPoints(parts) },
    { name: "notify_new_bonuses", pattern: config.notifyCron, run: () => sendAllNotices(parts) },
    { name: "review_levels", pattern: hourly ?? "20 */10 * * * *", run: () => reviewAllLevels(parts) },
    { name: "gifts", pattern: hourly ?? "40 */10 * * * *", run: () => giveGifts(parts) },
    // What a dead program left, and what could not be known at once; whatever is switched off since is brought to its end.
    { name: "settlements", pattern: "*/5 * * * * *", run: () => settleDue(parts.settling) },
    { name: "settlement_screens", pattern: "2-59/5 * * * * *", run: () => tellWhereSpendsAre(parts, desk) },
    { name: "settlement_watch", pattern: "40 * * * * *", run: () => watchAll(parts, "changed") },
    { name: "reserved_cards", pattern: hourly ?? "30 17 * * * *", run: () => emptyCardsOfToday(parts) },
    { name: "friends", pattern: hourly ?? "20 */5 * * * *", run: () => friendsRound(parts) },
    ...(clock === machineClock
      ? [
          { name: "self_check", pattern: "30 5-59/10 * * * *", run: () => checkAgain(parts, false) },
          { name: "whole_check", pattern: "30 0 * * * *", run: () => checkAgain(parts, true) },
        ]
      : []),
    {
      name: "owners_digest",
      pattern: hourly ?? "0 * * * * *",
      run: async () =>
        sendDigest({ ...config, ...(await parts.staff.now()), ...notify, spoken: desk.channels.spoken }),
    },
  ];
}

/** How far apart a job's next turns are where they come closest, in milliseconds: an hour at most, which any timer bears. */
export function gapOf(pattern: string, now: Date): number {
  const turns = new Cron(pattern, { paused: true, utcOffset: 0 }).nextRuns(20, now).map(Number);
  return Math.min(3_600_000, ...turns.slice(1).map((turn, at) => turn - (turns[at] ?? 0)));
}

function listen(
  http: { listen(options: { hostname: string; port: number }): unknown },
  { host, port }: Config,
): void {
  try {
    http.listen({ hostname: host, port });
  } catch (error) {
    const taken = Object(error).code === "EADDRINUSE";
    const advice = taken
      ? "something else listens there: stop it, or set PORT to a free port"
      : messageOf(error);
    throw new OperatorError(`Cannot listen on ${host}:${port}: ${advice}.`);
  }
}

/** One step of stopping; one that hangs does not hold the next ones. */
async function phase(log: Log, name: string, work: Promise<unknown>): Promise<void> {
  try {
    await withTimeout(4_000, () => work);
  } catch (error) {
    log.warn({ phase: name, error: messageOf(error) }, "stopping went on without it");
  }
}

export interface Job {
  name: string;
  pattern: string;
  run: () => Promise<unknown>;
}

/**
 * A plugin that runs the jobs, none of them over itself. What a job throws is logged: croner would otherwise let it end
 * the program. `stop` begins no new run and resolves when those that had begun are over.
 */
export function timetable(jobs: Job[], log: Log) {
  const running = new Set<Promise<void>>();
  const plugin = new Elysia({ name: "timetable" });
  const begin = (job: Job) => {
    const run = guarded(job, log).finally(() => running.delete(run));
    running.add(run);
    return run;
  };
  let stopped = false;
  for (const job of jobs) {
    plugin.use(
      cron({
        name: job.name,
        pattern: job.pattern,
        utcOffset: 0,
        protect: true,
        catch: true,
        run: () => (stopped ? undefined : begin(job)),
      }),
    );
  }
  return {
    plugin,
    async stop() {
      stopped = true;
      const timers = (plugin.store as { cron?: Record<string, { stop(): void }> }).cron ?? {};
      for (const timer of Object.values(timers)) timer.stop();
      await Promise.allSettled(running);
    },
  };
}

async function guarded(job: Job, log: Log): Promise<void> {
  try {
    await job.run();
  } catch (error) {
    log.error(
      { job: job.name, error: messageOf(error) },
      "a job failed; it will be tried again by the timetable",
    );
  }
}
