/** Worlds from new seeds at each run, played as `bun run simulate` plays them. */
import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seed } from "../helpers/seed.ts";
import { shrink } from "./shrink.ts";
import { simulate } from "./spawn.ts";
import { stream } from "./stream-both.ts";

const seeds = Number(process.env.SIMULATE_SEEDS ?? 20);

test(`${seeds} worlds with faults, kills and two replicas lose nothing and do nothing twice`, async () => {
  const { code, out, err } = await simulate("--seeds", String(seeds), "--seed", String(seed));
  expect(code, out + err).toBe(0);
  expect(out).toEndWith(`${seeds} worlds from seed ${seed}, 0 broken\n`);
}, 900_000);

test("a printed stream is played again", async () => {
  const file = join(tmpdir(), `${crypto.randomUUID()}.jsonl`);
  const steps = stream(11, 12).map((step) => `  ${JSON.stringify(step)}\n`);
  await Bun.write(file, ["seed 11, as short as it breaks (in a file, for --play):\n", ...steps].join(""));
  const { code, out } = await simulate("--play", file);
  await Bun.file(file).delete();
  expect(out).toBe(`${steps.length} steps, 0 faults\n`);
  expect(code).toBe(0);
});

test.each([
  [["--seeds", "abc"], '--seeds is to be a whole number from 1 on, not "abc".\n'],
  [["--seed", "12x"], '--seed is to be a whole number from 0 on, not "12x".\n'],
  [["--steps", "x"], '--steps is to be a whole number from 1 on, not "x".\n'],
  [["--play", "/nowhere"], "ENOENT: no such file or directory, open '/nowhere'\n"],
])("%p is refused with a sentence", async (args, sentence) => {
  const { code, out, err } = await simulate(...args);
  expect({ code, out, err }).toEqual({ code: 2, out: "", err: sentence });
});

test("the same seed is the same stream, and another seed another", () => {
  expect(stream(7, 80)).toEqual(stream(7, 80));
  expect(stream(7, 80)).not.toEqual(stream(8, 80));
});

test("a stream that breaks is made as short as it can be", async () => {
  const long = Array.from({ length: 64 }, (_, at) => at);
  expect(await shrink(long, async (fewer) => fewer.includes(9) && fewer.includes(41))).toEqual([9, 41]);
});
