/** Small worlds of settlements from new seeds at each run. `SETTLED_WORLDS` says how many, `FC_SEED` from which. */
import { expect, test } from "bun:test";
import { seed } from "../helpers/seed.ts";
import { played } from "./played.ts";

const worlds = Number(process.env.SETTLED_WORLDS ?? 20);

test(`${worlds} worlds of every reading: what is on the bill is taken, all else is given back, cards are empty`, async () => {
  for (let at = 0; at < worlds; at++) {
    const { steps, faults } = await played(seed + at);
    if (faults.length > 0)
      throw new Error(
        `FC_SEED=${seed + at} SETTLED_WORLDS=1 brings this back.\n${[...steps, ...faults].join("\n")}`,
      );
  }
  expect(worlds).toBeGreaterThan(0);
}, 1_200_000);
