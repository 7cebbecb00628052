// The timetable: jobs that fail, jobs that last, and stopping.
import { afterEach, expect, test } from "bun:test";
import { pino } from "pino";
import { gapOf, type Job, timetable } from "../../src/app/service.ts";
import { until } from "../helpers/program.ts";

const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop();
});

function start(jobs: Omit<Job, "pattern">[]) {
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const jobsEverySecond = jobs.map((job) => ({ ...job, pattern: "* * * * * *" }));
  const { stop } = timetable(jobsEverySecond, log);
  stopping.push(stop);
  return { lines, stop };
}

test("a job that throws, at once or later, is logged and runs again, and so do the others", async () => {
  const runs = { sooner: 0, later: 0, well: 0 };
  const { lines } = start([
    {
      name: "sooner",
      run: () => {
        runs.sooner++;
        throw new Error("at once");
      },
    },
    {
      name: "later",
      run: async () => {
        runs.later++;
        await Bun.sleep(5);
        throw "not even an error";
      },
    },
    { name: "well", run: async () => void runs.well++ },
  ]);
  await until(() => runs.sooner >= 2 && runs.later >= 2 && runs.well >= 2 && lines.length >= 4);
  expect(lines.map((line) => JSON.parse(line)).find(({ job }) => job === "later")).toMatchObject({
    level: 50,
    error: "not even an error",
    msg: "a job failed; it will be tried again by the timetable",
  });
});

test("a job that lasts is not begun over itself, and stopping waits for it and begins none", async () => {
  const finish = Promise.withResolvers<void>();
  let [begun, others] = [0, 0];
  const { stop } = start([
    {
      name: "long",
      run: async () => {
        begun++;
        await finish.promise;
      },
    },
    { name: "other", run: async () => void others++ },
  ]);
  await until(() => others >= 3);
  expect(begun).toBe(1);
  let stopped = false;
  const over = stop().then(() => {
    stopped = true;
  });
  const before = others;
  await Bun.sleep(1100);
  expect([stopped, others, begun]).toEqual([false, before, 1]);
  finish.resolve();
  await over;
  expect(begun).toBe(1);
});

test("stopping does not fail when a job that it waits for does", async () => {
  let begun = 0;
  const { stop, lines } = start([
    {
      name: "bad",
      run: async () => {
        begun++;
        await Bun.sleep(50);
        throw new Error("late");
      },
    },
  ]);
  await until(() => begun > 0);
  await stop();
  expect(lines).toHaveLength(1);
});

test.each([
  ["0 * * * * *", "2026-03-10T20:50:00Z", 60_000],
  ["* * * * * *", "2026-03-10T20:50:00Z", 1_000],
  ["0 */5 9-20 * * *", "2026-03-10T20:50:00Z", 300_000], // the last but one of the day
  ["0 */5 9-20 * * *", "2026-03-10T20:55:00Z", 300_000],
  ["0 0,1,20,40 * * * *", "2026-03-10T20:01:00Z", 60_000], // at the second of two that are close
  ["0 0 3 * * *", "2026-03-10T03:00:00Z", 3_600_000],
  ["0 0 0 1 * *", "2026-03-01T00:00:00Z", 3_600_000], // no timer bears a month
])(
  "turns of %s are so many milliseconds apart, where they come closest, and an hour at most",
  (pattern, now, gap) => {
    expect(gapOf(pattern, new Date(now))).toBe(gap);
  },
);
