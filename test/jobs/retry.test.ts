// Waiting for others, and asking them no oftener than they bear.
import { expect, test } from "bun:test";
import { createHttp } from "../../src/http/http.ts";
import { keptFor } from "../../src/jobs/retry.ts";
import { makeLog } from "../../src/log.ts";

test("what is asked by many at once is asked once, and not again while the answer is kept", async () => {
  let asked = 0;
  let under = 0;
  const ready = keptFor(200, async () => {
    asked++;
    expect(++under).toBe(1);
    await Bun.sleep(50);
    under--;
    if (asked === 2) throw new Error("away");
    return true;
  });
  const http = createHttp({ messengers: [], yclients: null, metrics: null, ready, log: makeLog("silent") });
  const flood = async () => {
    const answers = Array.from({ length: 300 }, async () => {
      const { status } = await http.handle(new Request("http://localhost/readyz"));
      return status;
    });
    return [...new Set(await Promise.all(answers))];
  };
  expect([await flood(), await flood(), asked]).toEqual([[200], [200], 1]);
  await Bun.sleep(250);
  expect([await flood(), await flood(), asked]).toEqual([[503], [503], 2]); // that it is away is kept as well
  await Bun.sleep(250);
  expect([await flood(), asked]).toEqual([[200], 3]);
});
