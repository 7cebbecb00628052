// Every row of the benchmark runs, in its small size, and the results name what they were measured on.
import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { longTest } from "../helpers/installed.ts";
import { adminUrl } from "../helpers/preload.ts";
import { until } from "../helpers/program.ts";
import { results, table } from "./results.ts";
import { full, type Line, type Row, rounds, shown } from "./row.ts";
import { wantedOf } from "./wanted.ts";

const main = join(import.meta.dir, "main.ts");

longTest(
  "a quick run measures every row and writes its results",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "loyalty-bench-test-"));
    const out = join(folder, "RESULTS.md");
    const child = Bun.spawn([process.execPath, main, "--quick", "--out", out], {
      env: { ...process.env, DATABASE_URL: adminUrl },
      ...{ stdout: "pipe", stderr: "pipe" },
    });
    const [said, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    expect({ code, errors }, said).toEqual({ code: 0, errors: "" });
    const text = readFileSync(out, "utf8");
    rmSync(folder, { recursive: true });
    const names = [
      "webhook",
      "first pass",
      "idle",
      "replay",
      "spend",
      "telling",
      "a payment",
      "till",
      "a spend that settles",
    ];
    for (const name of [
      ...names,
      "a list",
      "export",
      "/balance",
      "verify",
      "start",
      "memory",
      "the executable",
    ])
      expect(text).toContain(`| ${name}`);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
    expect(text).toContain(`Bun ${Bun.version}`);
  },
  900_000,
);

longTest("a run that is broken off leaves no process and no folder behind, and writes nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-bench-test-"));
  const child = Bun.spawn([process.execPath, main, "telling", "--quick", "--out", join(folder, "out.md")], {
    env: { ...process.env, TMPDIR: folder },
    ...{ stdout: "pipe", stderr: "pipe" },
  });
  await until(() => commandsOf(folder).some((command) => command.includes("program-0")), 60_000);
  child.kill("SIGINT");
  expect(await child.exited).toBe(130);
  expect(await child.stdout.text()).toContain("Broken off; nothing was written.");
  expect(commandsOf(folder)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

/** What runs out of this folder, or on it. */
function commandsOf(folder: string): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      return command.includes(folder) && !command.includes("--quick") ? [command] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

test.each([
  [["nonsense"], "There is no row nonsense: there are payment, "],
  [["--frobnicate"], "Unknown option '--frobnicate'.\n"],
  [["--rounds", "1e3"], '--rounds is to be a whole number from 1 on, not "1e3".\n'],
  [["--messages", "0"], '--messages is to be a whole number from 1 on, not "0".\n'],
])("what is asked wrongly, %p, is a sentence, and what there is to ask for", async (words, sentence) => {
  const child = Bun.spawn([process.execPath, main, ...words], { stdout: "pipe", stderr: "pipe" });
  const [said, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  expect({ code, errors }).toEqual({ code: 2, errors: "" });
  expect(said).toStartWith(sentence);
  expect(said).toContain("--quick");
});

test("only a run of every row at its full size is kept as the results", () => {
  const row = (name: string): Row => ({ name, minutes: 1, measure: async () => [] });
  const rows = [row("one"), row("two")];
  const whole = (...args: string[]) => wantedOf(args, rows)?.whole;
  expect([whole(), whole("one"), whole("--quick"), whole("--messages", "10")]).toEqual([
    ...[true, false, false, false],
  ]);
  expect(wantedOf(["two", "one"], rows)?.rows).toEqual(rows);
  expect(wantedOf(["--help"], rows)).toBeNull();
});

test("what stands in the way is said once for all aims that it keeps from being met, and not of those that are", () => {
  const line = (what: string, met: boolean, why: string): Line => {
    return { what, ours: "1", beside: "", ratio: null, aim: "2", met, why };
  };
  const lines = [line("one", false, "A."), line("two", false, "A."), line("three", true, "B.")];
  const text = results({ began: new Date(0), minutes: 1, machine: [], sizes: full, lines, failed: [] });
  expect(text).toContain("- one; two. **A.**");
  expect(text).not.toContain("B.");
});

test("aims that are met, missed and not measured are counted apart, and a line says that it was measured once", () => {
  const line = (aim: string, met: boolean | null): Line => {
    return { what: "a thing", ours: "1", beside: "", ratio: null, aim, met };
  };
  const lines = [line("1", true), line("2", false), line("3", null), line("4", null), line("shown", null)];
  const run = { began: new Date(0), minutes: 1, machine: [], sizes: full, lines, failed: [] };
  expect(results(run)).toContain("Of the aims 1 are met, 1 not met, 2 not measured.");
  expect(table([{ ...line("1", true), once: true }])).toContain("| a thing (once) | 1 |");
});

test("what is compared takes turns, medians count, and what is not here has none", async () => {
  const order: string[] = [];
  const turn = (name: string, values: number[]) => async () => {
    order.push(name);
    return values.shift() ?? 0;
  };
  const found = await rounds(3, { a: turn("a", [5, 1, 9]), b: turn("b", [2, 2, 100]), none: null });
  expect(found).toEqual({ a: 5, b: 2, none: null });
  expect(order.join("")).toBe("ababab");
});

test.each([
  [19_643.2, "19 600"],
  [5_000_000, "5 000 000"],
  [128.4, "128"],
  [50, "50"],
  [4.987, "4.99"],
  [0.0123, "0.012"],
  [0, "0"],
])("%d is shown as %s", (value, text) => {
  expect(shown(value)).toBe(text);
});
