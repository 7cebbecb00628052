/** The fault report says that everything held only where everything did, at full length. */
import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOf, sourceDigest } from "../tools/source.ts";
import { caughtAgain, playedAgain } from "./again.ts";
import { found } from "./found.ts";
import { type AllProven, prove, type Results, toRun } from "./proofs.ts";
import { report } from "./write.ts";

const root = join(import.meta.dir, "../..");
const source = "5f".repeat(32);
const run = { commit: "abc1234", source, day: "2026-11-23", seconds: 600, code: 0 };
const results: Results = {
  worlds: {
    ...{ seeds: 2_000, first: 1, faults: [] },
    tally: { pass: 9, "checked: a | b": 2_000, "worlds: settled": 667, "worlds: max": 666 },
  },
  settled: {
    ...{ seeds: 2_200, first: 7, faults: [] },
    tally: { "reading: careful": 1_100, "reading: other": 1_100, "killed in mid-message": 30 },
  },
  max: { seeds: 1_000, first: 5, tally: { "killed in mid-message": 20 }, faults: [] },
  crashes: { kills: 400, every: 3, first: 2, tally: {}, faults: [] },
  year: {
    ...{ days: 365, spends: 365, visits: 50_005, rows: 60_000, told: 9_000, memory: [180, 182], faults: [] },
    kinds: { award: 30_000, expiry: 9_000 },
  },
  bodies: { bodies: 100_000, refused: 10, byKind: { tap: 7 }, byStatus: { 200: 9 }, faults: 0, seed: 3 },
  mutants: { mutants: 300, caught: 300, escaped: [], broken: [] },
  soak: { minutes: 60, updates: 36_000, visits: 3_600, rows: 4_000, first: 100, last: 102 },
};
const names = Object.keys(results) as (keyof Results)[];
const all = Object.fromEntries(names.map((name) => [name, { ...run, result: results[name] }])) as AllProven;
/** All proofs, one of them with another result. */
const but = <N extends keyof Results>(name: N, changes: Partial<Results[N]>): AllProven => ({
  ...all,
  [name]: { ...run, result: { ...results[name], ...changes } },
});

test("a report of proofs that all held at full length says so, with what each did", () => {
  const { text, held } = report(all);
  expect(held).toBe(true);
  expect(text).toContain("**Everything held.**");
  for (const words of [
    "| 2 000 |",
    "| 100 000 |",
    "| a \\| b | 2 000 |",
    "| kills survived | 450 |",
    "--mixed --seeds 2000 --seed 1",
    "--crashes --every 3 --seed 2",
    `Source: sha256 ${source}.`,
    "--settled --seeds 2200 --seed 7",
    "--max --seeds 1000 --seed 5",
    "100 MiB",
    "tap 7",
    "abc1234",
  ])
    expect(text).toContain(words);
});

test.each([
  ["a proof failed", { ...all, soak: { ...all.soak, code: 1 } }],
  ["fewer worlds were played", but("worlds", { seeds: 1_999 })],
  ["too few of them settled", but("worlds", { tally: { "worlds: settled": 665, "worlds: max": 666 } })],
  ["too few of them had both messengers", but("worlds", { tally: { "worlds: settled": 667 } })],
  ["fewer worlds settled by the careful reading", but("settled", { tally: { "reading: other": 1_100 } })],
  ["fewer worlds settled by other readings", but("settled", { tally: { "reading: careful": 1_100 } })],
  ["fewer worlds had both messengers", but("max", { seeds: 999 })],
  ["fewer kills were survived", but("crashes", { kills: 149 })],
  ["the year was shorter", but("year", { days: 364 })],
  ["fewer visits were in the year", but("year", { visits: 49_999 })],
  ["fewer bodies were posted", but("bodies", { bodies: 99_999 })],
  ["the soak was shorter", but("soak", { minutes: 59 })],
  ["a deliberate fault escaped", but("mutants", { caught: 299 })],
  ["fewer deliberate faults were tried", but("mutants", { mutants: 29, caught: 29 })],
])("it does not say so when %s", (_, proven) => {
  const { text, held } = report(proven);
  expect(held).toBe(false);
  expect(text).toContain("**Not everything held.**");
});

test.each(names)("a proof that gave no result did not hold, and the report says which: %s", (name) => {
  const { text, held } = report({ ...all, [name]: { ...run, code: 0, result: null } });
  expect(held).toBe(false);
  expect(text.match(/\*\*did not hold\*\*\.\n\nIt gave no result, and ended with code 0\./g)).toHaveLength(1);
});

test("a report without the longer proofs holds, and says what was not in it; with one it names the other", () => {
  const { max: _, ...withSettled } = all;
  const { settled: __, ...short } = withSettled;
  const { text, held } = report(short);
  expect(held).toBe(true);
  expect(text).toContain(
    "Not in this run, beside those among the worlds above: 2 200 worlds whose spends settle, 1 000 worlds with both messengers (`bun run report --long`).",
  );
  expect(text).not.toMatch(/--max|more whose spends settle/);
  expect(report(withSettled).text).toContain("above: 1 000 worlds with both messengers (");
  expect(report(all).text).not.toContain("Not in this run");
  expect(report({ ...short, max: { ...run, code: 1, result: results.max } }).held).toBe(false);
});

test("a report says its source where all proofs are of one, and else that they are not", () => {
  expect(isOf(report(all).text, source)).toBe(true);
  for (const other of [null, "6e".repeat(32)]) {
    const { text } = report({ ...all, soak: { ...all.soak, source: other } });
    expect(isOf(text, source)).toBe(false);
    expect(text).toContain("**The proofs are not all of one source**");
  }
  const { source: _, ...before } = all.soak; // as an older run kept it
  expect(isOf(report({ ...all, soak: before as typeof all.soak }).text, source)).toBe(false);
});

test("what has run on this source is kept, the longer proofs run where they are asked for, and a name alone runs that one", () => {
  const short = ["soak", "worlds", "crashes", "year", "bodies", "mutants"];
  const ran = (of: string | null, but: string[] = []) =>
    new Map([...short, "settled"].filter((name) => !but.includes(name)).map((name) => [name, of] as const));
  const due = (asked: string[], long: boolean, before: Map<string, string | null>) => [
    ...toRun(asked, long, source, before),
  ];
  expect(due([], false, new Map())).toEqual(short as typeof names);
  expect(due([], true, ran(source))).toEqual(["max"]);
  expect(due([], false, ran(source, ["year"]))).toEqual(["year"]);
  expect(due([], false, ran("another"))).toEqual(short as typeof names);
  expect(due([], false, ran(null))).toEqual(short as typeof names);
  expect(due(["year", "max"], false, ran("another"))).toEqual(["year", "max"]);
  expect(due(["year"], false, ran("another", ["bodies"]))).toEqual(["year", "bodies"]);
});

test("worlds that broke a wrong rule of theirs are played again, all of them, and the report says what had broken", async () => {
  const mine = sourceDigest();
  const worlds = { ...results.worlds, broken: 2, faults: ["a row", "a word"] };
  const broke = { ...run, source: mine, code: 1, result: worlds };
  const played: number[] = [];
  const holds = async (seed: number) => {
    played.push(seed);
    return [];
  };
  const again = await playedAgain(broke, [7, 9], new Date(0), holds);
  expect(played).toEqual([7, 7, 7, 9, 9, 9]);
  const { text, held } = report({ ...all, worlds: again });
  expect(held).toBe(true);
  expect(text).toContain("2 of them broke rules of the simulation that were wrong");
  expect(text).toContain("**did not hold at first**, and does now.");
  expect(text).toContain("Not at the first go, but once that was mended: 2 of the worlds");
  expect(text).toContain("seeds 7, 9. What had broken:\n- a row\n- a word");
  const fails = (one: Parameters<typeof playedAgain>[0], seeds: number[], breaks: string[]) =>
    playedAgain(one, seeds, new Date(), async () => breaks).then(
      () => "held",
      (error: Error) => error.message,
    );
  expect(await fails(broke, [7, 9], ["a row"])).toBe("seed 7 breaks: a row");
  expect(await fails(broke, [7], [])).toBe("2 worlds broke: name the seed of each.");
  expect(await fails(broke, [7, 7], [])).toBe("2 worlds broke: name the seed of each.");
  expect(await fails(broke, [7, 2_001], [])).toBe("2 worlds broke: name the seed of each.");
  expect(await fails({ ...broke, source }, [7, 9], [])).toContain("another one since");
  expect(await fails({ ...broke, result: results.worlds }, [], [])).toContain("0 worlds broke");
});

test("a fault that no test had caught is tried again once the tests are better, and the report says that it had escaped", async () => {
  const mutants = { mutants: 40, caught: 38, escaped: ["a refund is kept"], broken: ["a spend is doubled"] };
  const ended = { ...run, source: sourceDigest(), code: 1, result: mutants };
  const tried: string[] = [];
  const catches = async (name: string) => tried.push(name) > 0;
  const again = await caughtAgain(ended, new Date(0), catches);
  const [refund, spend] = ["a refund is kept", "a spend is doubled"];
  expect(tried).toEqual([refund, refund, refund, spend, spend, spend] as string[]);
  const { text, held } = report({ ...all, mutants: again });
  expect(held).toBe(true);
  expect(text).toContain(
    "40 faults put into a copy of the program one at a time, 40 caught by a test. 2 of them only by",
  );
  expect(text).toContain("1970-01-01:\n- a refund is kept\n- a spend is doubled");
  const fails = (one: Parameters<typeof caughtAgain>[0], times: number) => {
    let time = 0;
    return caughtAgain(one, new Date(), async () => ++time < times).then(
      () => "held",
      (error: Error) => error.message,
    );
  };
  expect(await fails(ended, 1)).toBe("a refund is kept: no test catches it");
  expect(await fails(ended, 6)).toBe("a spend is doubled: no test catches it");
  expect(await fails({ ...ended, source }, 9)).toContain("another one since");
  expect(await fails({ ...ended, result: results.mutants }, 9)).toBe("All of them were caught.");
});

test("what was found names files that are there", () => {
  const named = found.flatMap(({ mended }) => [...mended.matchAll(/`((?:src|test|sql)\/[\w./-]+)`/g)]);
  expect(named.length).toBeGreaterThan(10);
  const gone = named.map(([, path = ""]) => path).filter((path) => !existsSync(join(root, path)));
  expect(gone).toEqual([]);
});

test("a proof that there is not is refused, and runs nothing", () => {
  const asked = [process.execPath, join(import.meta.dir, "main.ts"), "--long", "nonsense"];
  const { exitCode, stderr } = Bun.spawnSync(asked);
  expect([exitCode, stderr.toString()]).toEqual([
    2,
    "There is no proof nonsense: there are soak, worlds, crashes, year, bodies, mutants, settled, max.\n",
  ]);
});

test("a report names the tree of each proof, and says so at the top when they are not all one commit", () => {
  expect(report(all).text).not.toMatch(/not all of one commit|not committed/);
  const two = report({ ...all, soak: { ...all.soak, commit: "def5678" } });
  expect(two.held).toBe(true);
  expect(two.text).toContain(
    "**The proofs are not all of one commit**: worlds, settled, max, crashes, year, bodies, mutants at abc1234; soak at def5678.",
  );
  for (const commit of ["abc1234-dirty", "no commit"])
    expect(report({ ...all, soak: { ...all.soak, commit } }).text).toContain(
      "**Proven with changes that were not committed**: soak.",
    );
});

test("a proof that dies leaves no result, not even an older one; one that says something leaves that", async () => {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-proof-"));
  const file = join(folder, "soak.result.json");
  try {
    writeFileSync(file, JSON.stringify(results.soak));
    const dies = { args: ["-e", "process.exit(3)"] };
    expect(await prove("soak", file, new Date(0), dies)).toMatchObject({
      ...{ code: 3, result: null, day: "1970-01-01", commit: expect.stringMatching(/./) },
      source: sourceDigest(),
    });
    expect(existsSync(file)).toBe(false);
    const says = { args: ["-e", `await Bun.write(process.env.TO, '{"minutes":60}')`], env: { TO: "FILE" } };
    expect(await prove("soak", file, new Date(), says)).toMatchObject({ code: 0, result: { minutes: 60 } });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
