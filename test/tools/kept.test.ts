/** A long run that was broken off goes on with what it had not done, and forgets nothing of what it had. */
import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptIn } from "./kept.ts";

/** A folder that is gone with the test. */
function folder() {
  const path = mkdtempSync(join(tmpdir(), "loyalty-kept-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

test("a piece that was done is not done again, its faults included; one that broke off is, and time counts as it was", async () => {
  using kept = folder();
  const first = keptIn(kept.path);
  const fault = { faults: ["a row"] };
  expect(
    await first.once("seeds 1 to 30", async () => {
      await Bun.sleep(1_100);
      return fault;
    }),
  ).toEqual(fault);
  expect(first.once("seeds 31 to 60", () => Promise.reject(new Error("killed")))).rejects.toThrow("killed");
  expect(first.secondsBefore(1)).toBe(0);

  const second = keptIn(kept.path);
  const never = () => Promise.reject(new Error("done again"));
  expect(await second.once<unknown>("seeds 1 to 30", never)).toEqual(fault);
  expect(await second.once("seeds 31 to 60", async () => 60)).toBe(60);
  expect(second.secondsBefore(1)).toBe(1);
  expect(readdirSync(kept.path).every((name) => name.endsWith(".json"))).toBeTrue();
  second.over();
  expect(await keptIn(kept.path).once("seeds 1 to 30", async () => "anew")).toBe("anew");
});

test("without a folder nothing is kept", async () => {
  const none = keptIn(null);
  expect(await none.once("a piece", async () => 1)).toBe(1);
  expect(await none.once("a piece", async () => 2)).toBe(2);
  none.over();
});
