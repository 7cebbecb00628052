// A dry run says what a pass would do, and writes nothing anywhere.
import { describe, expect, test } from "bun:test";
import type { Db } from "../../src/db/connect.ts";
import { rehearse, type Verdict } from "../../src/visits/dry-run.ts";
import { syncSince } from "../../src/visits/sync.ts";
import realPage from "../fixtures/records-page.json";
import { ANNA, everything, openSalon, PETER, type Salon } from "../helpers/salon.ts";

interface How {
  db?: Db | null;
  since?: string;
  programStart?: string | null;
}

async function rehearsed(salon: Salon, how: How = {}): Promise<Verdict[]> {
  const { db, terms, now, veil, programStart } = salon.sync;
  const verdicts: Verdict[] = [];
  const rehearsal = {
    ...{ db: how.db === undefined ? db : how.db, terms, now, veil },
    yclients: salon.client(),
    programStart: how.programStart === undefined ? programStart : how.programStart,
  };
  for await (const one of rehearse(rehearsal, salon.branch, how.since ?? null)) verdicts.push(one);
  return verdicts.sort((one, other) => one.recordId - other.recordId);
}

const rows = (verdicts: Verdict[]): unknown[][] =>
  verdicts.map(({ recordId, word, paid, points, change }) => [recordId, word, paid, points, change]);

/** Everything that can happen to a record, in February and March. */
function fill({ journal, paid, branch }: Salon): number[] {
  const gone = paid(PETER, "2026-03-02T12:00:00Z", 300_000);
  journal.remove(gone);
  const block = { companyId: branch, client: null, startsAt: new Date("2026-03-03T12:00:00Z"), services: [] };
  return [
    paid(ANNA, "2026-02-27T12:00:00Z", 100_000),
    paid(ANNA, "2026-03-01T12:00:00Z", 200_000),
    gone,
    journal.book(block),
    paid(PETER, "2026-04-03T12:00:00Z", 400_000),
  ].sort((one, other) => one - other);
}

describe("a dry run", () => {
  test.each(["an empty database", "no database at all"])(
    "with %s says what a first pass would do",
    async (what) => {
      await using salon = await openSalon();
      fill(salon);
      salon.journal.put({
        id: 5,
        company_id: salon.branch,
        datetime: "2026-03-04T12:00:00+03:00",
        attendance: 9,
      });
      const before = await everything(salon);
      const db = what === "an empty database" ? salon.db : null;
      const verdicts = await rehearsed(salon, { db });
      expect(
        verdicts.map(({ day, word, paid, points, change }) => [day, word, paid, points, change]),
      ).toEqual([
        ["2026-03-01", "unreadable", null, 0, 0],
        ["2026-03-02", "deleted", 300_000, 0, 0],
        ["2026-03-01", "awarded", 200_000, 2_000, 2_000],
        ["2026-03-03", "no_client", 0, 0, 0],
        ["2026-04-03", "awarded", 400_000, 4_000, 4_000],
      ]);
      expect(verdicts.map(({ why }) => why)).toEqual([
        "cannot be read: attendance",
        ...Array(4).fill(undefined),
      ]);
      expect(await everything(salon)).toEqual(before);
      expect(salon.asked()).toEqual([
        ...[`/company/${salon.branch}`, "2026-03-01..2026-03-07", "2026-03-08.."],
      ]);
    },
  );

  test("of an earlier day names what is before the start; without one it begins with today", async () => {
    await using salon = await openSalon();
    fill(salon);
    const words = (await rehearsed(salon, { since: "2026-02-20" })).map(({ word }) => String(word));
    expect(words).toEqual(["deleted", "before_start", "awarded", "no_client", "awarded"]);
    salon.asked();
    await rehearsed(salon, { db: null, programStart: null });
    expect(salon.asked()[1]).toBe("2026-03-10..");
  });

  test("agrees to the point with the pass that follows it", async () => {
    await using salon = await openSalon({
      ...{ branch: 198823, timeZone: "Asia/Yekaterinburg", now: "2026-04-21T06:00:00Z" },
      programStart: "2026-04-01",
    });
    for (const raw of realPage.data) salon.journal.put(structuredClone(raw));
    const verdicts = await rehearsed(salon);
    await salon.pass();
    expect(rows(verdicts).map(([record, word]) => [record, word])).toEqual(await salon.visits());
    expect(verdicts.reduce((sum, one) => sum + one.change, 0)).toBe(848_681);
  });

  test("after a pass says the differences alone, and writes nothing", async () => {
    await using salon = await openSalon();
    const { journal, paid } = salon;
    const same = paid(ANNA, "2026-03-02T12:00:00Z", 100_000);
    const refunded = paid(ANNA, "2026-03-02T12:00:00Z", 200_000);
    const doubtful = paid(ANNA, "2026-03-02T12:00:00Z", 300_000);
    const moved = paid(ANNA, "2026-03-02T12:00:00Z", 400_000);
    const stale = paid(ANNA, "2026-03-02T12:00:00Z", 500_000);
    await salon.pass();
    journal.refund(refunded);
    journal.record(doubtful).finance_transactions = [];
    journal.changeClient(moved, PETER); // who has no card yet
    await salon.db`update visits set read_at = clock_timestamp() + interval '40 seconds' where record_id = ${stale}`;
    const before = await everything(salon);
    expect(rows(await rehearsed(salon))).toEqual([
      [same, "awarded", 100_000, 1_000, 0],
      [refunded, "not_paid", 0, 0, -2_000],
      [doubtful, "doubt", null, 3_000, 0],
      [moved, "awarded", 400_000, 4_000, 0],
      [stale, "stale", null, 5_000, 0],
    ]);
    expect(await everything(salon)).toEqual(before);
    expect(await syncSince(salon.sync, salon.branch, "2026-03-01")).toMatchObject({
      awards: 0,
      corrections: 3,
    });
  });

  test("knows the number of who asked to be forgotten, as the pass does", async () => {
    await using salon = await openSalon();
    await salon.pass();
    await salon.db`
      insert into forgotten_phones (hash, forgotten_at)
      values (decode(${salon.sync.veil(ANNA.phone ?? "")}, 'hex'), now())`;
    const hers = salon.paid(ANNA, "2026-03-02T12:00:00Z", 100_000);
    const his = salon.paid(PETER, "2026-03-02T12:00:00Z", 100_000);
    const verdicts = await rehearsed(salon);
    salon.later(1);
    await salon.pass();
    expect(rows(verdicts).map(([record, word]) => [record, word])).toEqual([
      [hers, "forgotten"],
      [his, "awarded"],
    ]);
    expect(await salon.visits()).toEqual([
      [hers, "forgotten"],
      [his, "awarded"],
    ]);
  });

  test("of a branch whose zone is unknown goes by UTC", async () => {
    await using salon = await openSalon();
    salon.api.faults.next({ body: { success: true, data: { timezone_name: "Mars/Olympus" }, meta: [] } });
    await rehearsed(salon, { since: "2026-03-04" });
    expect(salon.asked().slice(1)).toEqual(["2026-03-04.."]);
  });
});
