// The next is read while one goes in, one ahead and no more; what fails is said in its turn or by nobody.
import { expect, test } from "bun:test";
import { ahead } from "../../src/flows/ahead.ts";

test("each comes in order, the one behind it being read already and no other", async () => {
  const begun: number[] = [];
  const read = async (item: number) => {
    begun.push(item);
    return item * 10;
  };
  const seen: unknown[] = [];
  for await (const [item, done] of ahead([1, 2, 3], read)) seen.push([item, done, [...begun]]);
  expect(seen).toEqual([
    [1, 10, [1, 2]],
    [2, 20, [1, 2, 3]],
    [3, 30, [1, 2, 3]],
  ]);
});

test("nothing to read is nothing", async () => {
  for await (const _ of ahead([], () => Promise.reject(new Error("asked")))) throw new Error("given");
});

test("a reading that fails is thrown in its turn, after the one before has gone in", async () => {
  const read = async (item: number) => {
    if (item === 2) throw new Error("away");
    return item;
  };
  const gone: number[] = [];
  const all = (async () => {
    for await (const [item] of ahead([1, 2, 3], read)) {
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
  const read = async (item: number) => {
    if (item === 2) throw new Error("away");
    return item;
  };
  const all = (async () => {
    for await (const _ of ahead([1, 2], read)) throw new Error("no database");
  })();
  await expect(all).rejects.toThrow("no database");
  await Bun.sleep(5);
  process.off("unhandledRejection", hear);
  expect(unhandled).toEqual([]);
});
