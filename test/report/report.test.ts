/** The fault report says that everything held only where everything did, at full length. */
import { expect, test } from "bun:test";
import type { AllProven } from "./proofs.ts";
import { report } from "./write.ts";

const run = { commit: "abc1234", day: "2026-11-23", seconds: 600, code: 0 };
const all: AllProven = {
  worlds: {
    ...run,
    result: { seeds: 2_000, first: 1, tally: { pass: 9, "checked: a | b": 2_000 }, faults: [] },
  },
  crashes: { ...run, result: { kills: 400, tally: {}, faults: [] } },
  year: {
    ...run,
    result: { days: 365, visits: 50_005, rows: 60_000, told: 9_000, memory: [180, 182], faults: [] },
  },
  bodies: {
    ...run,
    result: { bodies: 100_000, refused: 10, byKind: { tap: 7 }, byStatus: { 200: 9 }, faults: 0, seed: 3 },
  },
  mutants: { ...run, result: { mutants: 300, caught: 300, escaped: [], broken: [] } },
  soak: {
    ...run,
    result: { minutes: 60, updates: 36_000, visits: 3_600, rows: 4_000, first: 100, last: 102 },
  },
};

test("a report of proofs that all held at full length says so, with what each did", () => {
  const { text, held } = report(all);
  expect(held).toBe(true);
  expect(text).toContain("**Everything held.**");
  for (const words of ["| 2 000 |", "| 100 000 |", "| a \\| b | 2 000 |", "100 MiB", "tap 7", "abc1234"])
    expect(text).toContain(words);
});

test.each([
  ["a proof failed", { soak: { ...all.soak, code: 1 } }],
  ["fewer worlds were played", { worlds: { ...all.worlds, result: { ...all.worlds.result, seeds: 1_999 } } }],
  [
    "a deliberate fault escaped",
    { mutants: { ...all.mutants, result: { ...all.mutants.result, caught: 299 } } },
  ],
  [
    "fewer kills were survived",
    { crashes: { ...all.crashes, result: { ...all.crashes.result, kills: 199 } } },
  ],
])("it does not say so when %s", (_, but) => {
  const { text, held } = report({ ...all, ...but });
  expect(held).toBe(false);
  expect(text).toContain("**Not everything held.**");
});
