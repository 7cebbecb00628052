// Every row of the benchmark runs, in its small size, and the results name what they were measured on.
import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adminUrl } from "../helpers/preload.ts";
import { results, table } from "./results.ts";
import { full, type Line, rounds, shown } from "./row.ts";

const main = join(import.meta.dir, "main.ts");

test("a quick run measures every row and writes its results", async () => {
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
  const names = ["webhook", "first pass", "idle", "replay", "spend", "telling", "YCLIENTS's webhook"];
  for (const name of [...names, "/balance", "verify", "start", "memory", "the executable"])
    expect(text).toContain(`| ${name}`);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(text).toContain(`Bun ${Bun.version}`);
}, 240_000);

test("a row that does not exist is a sentence", async () => {
  const child = Bun.spawn([process.execPath, main, "nonsense"], { stdout: "pipe" });
  expect(await child.stdout.text()).toStartWith("There is no row nonsense: there are webhook, ");
  expect(await child.exited).toBe(2);
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
