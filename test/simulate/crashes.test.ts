/** Some crash points of every deed, others at each seed: `bun run simulate --crashes` takes all. */
import { expect, test } from "bun:test";
import { seed } from "../helpers/seed.ts";
import { simulate } from "./spawn.ts";

const every = 100;

test(`each deed, the program killed before or after any of its messages (one in ${every}), is done once when it is back`, async () => {
  const { code, out, err } = await simulate("--crashes", "--every", String(every), "--seed", String(seed));
  expect(code, out + err).toBe(0);
  expect(Number(/^(\d+) kills, 0 faults$/m.exec(out)?.[1])).toBeGreaterThan(1_500 / every);
}, 3_600_000);
