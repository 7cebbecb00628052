// Checks side by side: none hides another, whatever becomes of it.
import { expect, test } from "bun:test";
import { type Check, type CheckLine, clockLine, inTurn, runChecks, span } from "../../src/check/check.ts";
import { messageOf } from "../../src/errors.ts";

const explain = (error: unknown) => ({ says: messageOf(error), remedy: "again" });

test("one that hangs has its time and one that fails its line; the others are asked all the same, in their order", async () => {
  const hanging = Promise.withResolvers<never>();
  const checks: Check[] = [
    { about: "hangs", ask: () => hanging.promise },
    { about: "fails", ask: async () => Promise.reject(new Error("no")) },
    { about: "says nothing", ask: async () => [] },
    { about: "is well", ask: async () => [{ state: "ok", about: "is well", says: "yes" }] },
  ];
  const answers = await Array.fromAsync(runChecks(checks, 50, explain));
  expect(answers.map((lines) => lines.map(({ state, about, says }) => `${state} ${about} ${says}`))).toEqual([
    ["FAIL hangs no answer within 0.05 s"],
    ["FAIL fails no"],
    [],
    ["ok is well yes"],
  ]);
});

test("where a party's first check fails, those that ask it further say nothing; else they say what they have to, faults too", async () => {
  const said = async (first: Check["ask"]) => {
    const party = inTurn({ about: "first", ask: first }, [
      { about: "fails", ask: async () => Promise.reject(new Error("no")) },
      { about: "well", ask: async () => [{ state: "ok", about: "well", says: "yes" }] },
    ]);
    const answers = await Array.fromAsync(runChecks([party.first, ...party.others], 100, explain));
    return answers.map((lines) => lines.map(({ state, about }) => `${state} ${about}`));
  };
  const line = (state: "ok" | "warn") => async () => [{ state, about: "first", says: "" }];
  expect(await said(line("ok"))).toEqual([["ok first"], ["FAIL fails"], ["ok well"]]);
  expect(await said(line("warn"))).toEqual([["warn first"], ["FAIL fails"], ["ok well"]]);
  expect(await said(async () => Promise.reject(new Error("away")))).toEqual([["FAIL first"], [], []]);
  const fault = async (): Promise<CheckLine[]> => [{ state: "FAIL", about: "first", says: "", remedy: "" }];
  expect(await said(fault)).toEqual([["FAIL first"], [], []]);
});

test("a check is told when its time is over", async () => {
  const told = Promise.withResolvers<void>();
  const ask = (signal: AbortSignal) => {
    signal.addEventListener("abort", () => told.resolve());
    return new Promise<never>(() => {});
  };
  await Array.fromAsync(runChecks([{ about: "hangs", ask }], 10, explain));
  await told.promise;
});

test("clocks: seconds are the answer's way, more is a warning, minutes are a fault", () => {
  const ours = new Date("2026-03-10T09:00:00Z");
  const line = (seconds: number) => {
    const { state, says } = clockLine("it", new Date(ours.getTime() + seconds * 1_000), ours);
    return `${state} ${says}`;
  };
  expect([0, 5, -5, 6, -60, 61].map(line)).toEqual([
    "ok the same as here",
    "ok 5 seconds ahead of ours",
    "ok 5 seconds behind ours",
    "warn 6 seconds ahead of ours",
    "warn 60 seconds behind ours",
    "FAIL 61 seconds ahead of ours",
  ]);
  expect(clockLine("it", null, ours).state).toBe("info");
});

test("spans of time in words", () => {
  expect([0, 1, 119, 120, 3_600, 7_200, 90_000, 172_800].map(span)).toEqual([
    "0 seconds",
    "1 second",
    "119 seconds",
    "2 minutes",
    "60 minutes",
    "2 hours",
    "25 hours",
    "2 days",
  ]);
});
