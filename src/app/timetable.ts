// The timetable: which flow runs when. Patterns are croner's, six fields, seconds first.

import { cron } from "@elysiajs/cron";
import { Elysia } from "elysia";
import { messageOf } from "../errors.ts";
import type { Log } from "../log.ts";

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
