// Both webhooks under bodies of every kind, true, broken and forged: 5 000 here, FUZZ_BODIES of them in the long run.
import { expect, test } from "bun:test";
import { seed } from "../helpers/seed.ts";
import { openDoor } from "./door.ts";
import { fuzz } from "./fuzz.ts";

test("x", async () => {
  await using door = await openDoor();
  const t = performance.now();
  const bodies = Number(process.env.FUZZ_BODIES ?? 5_000);
  const done = await fuzz(door, { bodies, seed });
  console.log(performance.now() - t, { ...done, faults: done.faults.length }, process.memoryUsage().rss / 1e6);
  const groups: Record<string, number> = {};
  for (const f of done.faults) {
    const key = /"message":"([^"]{0,90})/.exec(f)?.[1]?.replace(/\d+/g, "N") ?? f.slice(0, 120);
    groups[key] = (groups[key] ?? 0) + 1;
  }
  console.log(groups);
  for (const f of done.faults.slice(0, 6)) console.log(f.slice(0, 1500));
  expect(done.faults.length).toBe(0);
}, 600_000);
