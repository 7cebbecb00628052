// The README's picture of the cards is what the program draws now: `bun test/tools/cards.ts --write` makes it anew.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cardsFile, drawCards } from "../tools/cards.ts";

test("the README shows cards as they are drawn now, and in few bytes", async () => {
  const drawn = await drawCards();
  expect(drawn.length).toBeLessThan(100_000);
  expect(Buffer.compare(readFileSync(cardsFile), drawn)).toBe(0);
  const readme = readFileSync(join(import.meta.dir, "../../README.md"), "utf8");
  expect(readme).toContain("(.github/cards.png)");
});
