// Two programs on one database, and one that is killed: one reads, the other writes nothing, and no row is done twice.

import { describe, expect, test } from "bun:test";
import { LeaseLost } from "../../src/jobs/leases.ts";
import { postReadings } from "../../src/visits/post.ts";
import { programmeOf } from "../helpers/ledger.ts";
import { until } from "../helpers/program.ts";
import {
  ANNA,
  award,
  everything,
  leaseOf,
  OLGA,
  openSalon,
  PETER,
  running,
  type Salon,
} from "../helpers/salon.ts";
import { expectSound } from "../helpers/sound.ts";

describe("two programs", () => {
  test("do not read one branch at once", async () => {
    await using salon = await running();
    salon.paid(PETER, "2026-03-10T14:00:00Z", 50_000);
    salon.api.faults.always({ delayMs: 400 });
    const first = salon.pass();
    await until(() => salon.api.requests.length > 0); // the first one is reading
    expect(await salon.pass()).toBeNull();
    expect(await first).not.toBeNull();
    expect(salon.asked().length).toBe(1);
    expect((await salon.ledger()).length).toBe(2);
  });

  test("of which one was stopped and woken: its lease is gone, and it writes nothing", async () => {
    await using salon = await running();
    const lease = await leaseOf(salon);
    salon.journal.refund(salon.id);
    const { readings } = await salon.sync.yclients.records(salon.branch, { from: "2026-03-01", to: null });
    const programme = programmeOf({ companyId: salon.branch });
    for (const change of ["token = token + 1", "token = token - 1, held_until = now()"]) {
      await salon.db.unsafe(`update jobs set ${change}`);
      const before = await everything(salon);
      const posting = postReadings(salon.db, programme, readings, lease);
      expect(await posting.catch((error: unknown) => error)).toBeInstanceOf(LeaseLost);
      expect(await everything(salon)).toEqual(before);
    }
    await salon.db`update jobs set held_until = now() + interval '1 minute'`;
    expect(await postReadings(salon.db, programme, readings, lease)).toMatchObject({ corrections: 1 });
  });

  test("of which one loses its lease in the middle of a pass: the mark stays for the other", async () => {
    await using salon = await running();
    salon.journal.refund(salon.id);
    const before = await salon.company();
    const { yclients } = salon.sync;
    salon.sync.yclients = {
      ...yclients,
      async *pages(company, filter) {
        for await (const reads of yclients.pages(company, filter)) {
          await salon.db`update jobs set token = token + 1, held_until = now()`;
          yield reads;
        }
      },
    };
    expect(await salon.pass()).toBeNull();
    expect([await salon.ledger(), await salon.company()]).toEqual([[award(salon.id)], before]);
  });
});

test("a first pass killed at any moment leaves what an undisturbed one would have made", async () => {
  const sums = [100_000, 33_333, 77_777];
  const fill = ({ journal, branch, paid }: Salon) => {
    for (let n = 0; n < 120; n++) {
      const client = [ANNA, PETER, OLGA, null][n % 4] ?? null;
      const day = `2026-02-${String(1 + (n % 28)).padStart(2, "0")}T12:00:00Z`;
      const id = paid(client, day, sums[n % 3] ?? 0);
      if (n % 7 === 0) journal.noShow(id);
      if (n % 11 === 0) journal.remove(id);
    }
    expect(journal.records(branch).length).toBe(120);
  };
  const calm = await openSalon({ programStart: "2026-02-01" });
  const shaken = await openSalon({ programStart: "2026-02-01" });
  await using _ = calm;
  await using __ = shaken;
  for (const salon of [calm, shaken]) fill(salon);
  await calm.pass();

  shaken.api.faults.always({ delayMs: 3 });
  const program = new URL("../helpers/one-pass.ts", import.meta.url).pathname;
  const run = () =>
    Bun.spawn([process.execPath, program, shaken.database.url, shaken.api.url, String(shaken.branch)], {
      ...{ stdout: "pipe", stderr: "inherit" },
    });
  let killed = 0;
  for (let time = 0; time < 6; time++) {
    const child = run();
    const reader = child.stdout.getReader();
    await reader.read(); // it has begun
    await Bun.sleep(20 + Math.random() * 80);
    child.kill("SIGKILL");
    await child.exited;
    killed += child.signalCode === "SIGKILL" ? 1 : 0;
    await shaken.db`update jobs set held_until = now()`; // what half a minute does
  }
  expect(killed).toBeGreaterThan(0);
  shaken.api.faults.clear();
  await shaken.pass();
  const sorted = async (salon: Salon) => (await salon.ledger()).map(String).sort();
  expect(await sorted(shaken)).toEqual(await sorted(calm));
  expect((await sorted(calm)).length).toBeGreaterThan(60);
  expect(await shaken.visits()).toEqual(await calm.visits());
  await expectSound(shaken.db);
});
