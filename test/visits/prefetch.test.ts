// The next is read while one goes in, one ahead and no more; what fails is said in its turn or by nobody.
import { expect, test } from "bun:test";
import { prefetch } from "../../src/visits/sync.ts";

/** Gives these, noting each before it is given; a null is a reading that fails. */
async function* reader(items: (number | null)[], begun: number[] = []) {
  for (const item of items) {
    if (item === null) throw new Error("away");
    begun.push(item);
    yield item;
  }
}

test("each comes in order, the one behind it being read already and no other", async () => {
  const begun: number[] = [];
  const seen: unknown[] = [];
  for await (const item of prefetch(reader([1, 2, 3], begun))) {
    await Bun.sleep(5);
    seen.push([item, [...begun]]);
  }
  expect(seen).toEqual([
    [1, [1, 2]],
    [2, [1, 2, 3]],
    [3, [1, 2, 3]],
  ]);
});

test("nothing to read is nothing", async () => {
  for await (const _ of prefetch(reader([]))) throw new Error("given");
});

test("a reading that fails is thrown in its turn, after the one before has gone in", async () => {
  const gone: number[] = [];
  const all = (async () => {
    for await (const item of prefetch(reader([1, null, 3]))) {
      await Bun.sleep(5); // the second has failed by now
      gone.push(item);
    }
  })();
  await expect(all).rejects.toThrow("away");
  expect(gone).toEqual([1]);
});

test("where the one before did not go in, its error is the one that is thrown, and the reading's is nobody's", async () => {
  const unhandled: unknown[] = [];
  const hear = (error: unknown) => void unhandled.push(error);
  process.on("unhandledRejection", hear);
  const all = (async () => {
    for await (const _ of prefetch(reader([1, null]))) throw new Error("no database");
  })();
  await expect(all).rejects.toThrow("no database");
  await Bun.sleep(5);
  process.off("unhandledRejection", hear);
  expect(unhandled).toEqual([]);
});
