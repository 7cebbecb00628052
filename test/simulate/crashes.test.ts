/** Some crash points of every deed: the fault report has them all. */
import { expect, test } from "bun:test";
import { everything } from "../helpers/installed.ts";
import { simulate } from "./spawn.ts";

const every = everything ? 24 : 40;

test(`each deed, the program killed at each of its messages (one in ${every}), is done once when it is back`, async () => {
  const { code, out, err } = await simulate("--crashes", "--every", String(every));
  expect(code, out + err).toBe(0);
  expect(Number(/^(\d+) kills, 0 faults$/m.exec(out)?.[1])).toBeGreaterThan(1_500 / every);
}, 3_600_000);
