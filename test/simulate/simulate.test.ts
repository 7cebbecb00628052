/** Worlds from new seeds at each run, and every crash point, played as `bun run simulate` plays them. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { adminUrl } from "../helpers/preload.ts";
import { seed } from "../helpers/seed.ts";
import { shrink } from "./shrink.ts";
import { stream } from "./steps.ts";

const seeds = Number(process.env.SIMULATE_SEEDS ?? 200);

/** In a process of its own, since a killed program leaves errors behind that nobody waits for. */
async function simulate(...args: string[]): Promise<{ code: number; out: string }> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "main.ts"), ...args], {
    env: { ...process.env, DATABASE_URL: adminUrl },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  return { out: await child.stdout.text(), code: await child.exited };
}

test.concurrent(`${seeds} worlds with faults, kills and two replicas lose nothing and do nothing twice`, async () => {
  const { code, out } = await simulate("--seeds", String(seeds), "--seed", String(seed));
  expect(code, out).toBe(0);
  expect(out).toEndWith(`${seeds} worlds from seed ${seed}, 0 broken\n`);
}, 900_000);

test.concurrent("each deed, the program killed at each of its messages, is done once when it is back", async () => {
  const { code, out } = await simulate("--crashes");
  expect(code, out).toBe(0);
  expect(Number(/^(\d+) kills, 0 faults$/m.exec(out)?.[1])).toBeGreaterThan(100);
}, 300_000);

test("the same seed is the same stream, and another seed another", () => {
  expect(stream(7, 80)).toEqual(stream(7, 80));
  expect(stream(7, 80)).not.toEqual(stream(8, 80));
});

test("a stream that breaks is made as short as it can be", async () => {
  const long = Array.from({ length: 64 }, (_, at) => at);
  expect(await shrink(long, async (fewer) => fewer.includes(9) && fewer.includes(41))).toEqual([9, 41]);
});
