/** Worlds whose spends settle, from new seeds at each run, played as `bun run simulate --settled` plays them. */
import { expect, test } from "bun:test";
import { everything } from "../helpers/installed.ts";
import { seed } from "../helpers/seed.ts";
import { settledStream } from "./settled-stream.ts";
import { simulate } from "./spawn.ts";

const seeds = Number(process.env.SIMULATE_SEEDS ?? (everything ? 30 : 8));

test(`in ${seeds} worlds with faults, kills and two replicas what bills bear is what was taken`, async () => {
  const { code, out, err } = await simulate("--settled", "--seeds", String(seeds), "--seed", String(seed));
  expect(code, out + err).toBe(0);
  expect(out).toEndWith(`${seeds} worlds from seed ${seed}, 0 broken\n`);
}, 900_000);

test("every call meets every answer, and every switch is thrown", () => {
  const steps = Array.from({ length: 400 }, (_, at) => settledStream(at, 60)).flat();
  const met = new Set(
    steps.flatMap((step) => (step.do === "loyalty" ? [`${step.call} ${step.answer}`] : [])),
  );
  expect(met.size).toBe(8 * 11);
  const done = new Set(steps.map((step) => step.do));
  for (const name of [
    "spendOn",
    "undo",
    "settle",
    "watch",
    "settles",
    "kill",
    "atCard",
    "receipt",
    "lookAgain",
  ])
    expect([name, done.has(name as never)]).toEqual([name, true]);
});
