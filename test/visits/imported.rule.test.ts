/** Random lives of an imported award: it never holds less than nothing, a loss takes all of it, and the state explains it. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Known, plan, type Seen } from "../../src/visits/plan.rule.ts";
import { decide, sinceImport, type Terms } from "../../src/visits/visit.rule.ts";
import { runs } from "../helpers/seed.ts";

const terms: Terms = { percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" };
const importedAt = new Date("2026-03-10T12:00:00Z");

const paidFull = fc.boolean();
const deleted = fc.integer({ min: 0, max: 5 }).map((n) => n === 0);
const attendance = fc.constantFrom(-1, 0, 1, 1, 2);
const servicesPaid = fc.oneof(fc.constantFrom(0, 50, 355_000), fc.integer({ min: 0, max: 500_000 }));
const changes = fc.record({ paidFull, deleted, attendance, servicesPaid, touched: fc.boolean() });
type Change = typeof changes extends fc.Arbitrary<infer T> ? T : never;
const lost = (state: Pick<Seen, "deleted" | "paidFull" | "attendance">) =>
  state.deleted || !state.paidFull || state.attendance === -1;

/** An answer at second `at` after the import; one that was not touched since it has an older stamp. */
function answer(change: Change, at: number): Seen {
  const { touched, ...state } = change;
  const changedAt = new Date(importedAt.getTime() + (touched || at > 1 ? at : -at) * 1_000);
  return {
    ...{ recordId: 101, yclientsClientId: 11, card: 1, day: "2026-03-01", hasClient: true, forgotten: false },
    ...{
      startsAt: importedAt,
      price: 0,
      goodsPaid: 0,
      ...state,
      changedAt,
      readAt: new Date(importedAt.getTime() + at * 1_000),
    },
  };
}

test("an imported award's rows follow what changes since, and never fall below nothing", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 9_000 }),
      fc.array(changes, { minLength: 1, maxLength: 8 }),
      (points, lives) => {
        const seen = lives.map((life, place) => answer(life, place + 1));
        const [first] = seen;
        if (!first) return;
        const award = points > 0 ? 5 : null;
        let known: Known = {
          ...first,
          ...{ readAt: new Date(0), terms: null, awardId: award, rows: award ? 1 : 0 },
          ...{ posted: new Map(award ? [[1, points]] : []) },
          imported: { points, at: importedAt, base: null, read: false },
        };
        let sound = false;
        for (const now of seen) {
          const made = plan(now, known, terms, "2026-04-01");
          if (!("decision" in made)) throw new Error(`nothing here is in doubt: ${made.step}`);
          const sum = made.entries.reduce((all, entry) => all + entry.points, known.posted.get(1) ?? 0);
          expect(sum).toBeGreaterThanOrEqual(0);
          expect(sum).toBe(made.decision.points);
          if (now === first && !(lost(now) && now.changedAt && now.changedAt > importedAt))
            expect(sum).toBe(points);
          if (sound && lost(now)) expect(sum).toBe(0);
          sound ||= !lost(now);
          const decided = decide(now, terms, null);
          const again = sinceImport(decided, { points, at: importedAt, base: made.base, read: true }, false);
          expect([again.word, again.points]).toEqual([made.decision.word, sum]);
          known = {
            ...{
              ...now,
              terms: made.base === null ? null : terms,
              awardId: known.awardId,
              posted: new Map([[1, sum]]),
            },
            rows: known.rows + made.entries.length,
            imported: { points, at: importedAt, base: made.base, read: true },
          };
          if (known.awardId === null && known.rows > 0) known.awardId = 5;
        }
      },
    ),
    runs(2_000),
  );
});
