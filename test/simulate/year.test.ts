/** Some months of a small salon with all of the programme on, in which the owner chooses other terms. */
import { expect, test } from "bun:test";
import { everything } from "../helpers/installed.ts";
import { seed } from "../helpers/seed.ts";
import { simulate } from "./spawn.ts";

const size = everything ? ["--days", "365", "--every", "10"] : ["--days", "130", "--every", "6"];

test("a season with all of the programme on ends as the models say, with something of each kind in it", async () => {
  const { code, out, err } = await simulate("--year", ...size, "--visits", "20", "--seed", String(seed));
  expect(code, out + err).toBe(0);
  expect(out).toEndWith(" 0 faults\n");
}, 900_000);
