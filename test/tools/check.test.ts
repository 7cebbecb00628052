/** Tests of how `bun run check` reads the outcome of `bun test`. */
import { expect, test } from "bun:test";
import { countTests, failuresIn } from "./check.ts";

const summary = (pass: number, fail: number, more = "") =>
  `\na.test.ts:\n(pass) 7 fail\n\n ${pass} pass\n${more} ${fail} fail\n 9 expect() calls\nRan 5 tests across 2 files. [9ms]\n`;

const cases: [name: string, code: number, stderr: string, counts: [number, number, number]][] = [
  ["a good run", 0, summary(5, 0), [5, 0, 0]],
  ["one test in one file", 0, "\n 1 pass\n 0 fail\nRan 1 test across 1 file. [9ms]\n", [1, 0, 0]],
  ["failures", 1, summary(3, 2), [3, 2, 0]],
  ["skipped and still to do", 0, summary(3, 0, " 1 skip\n 1 todo\n"), [3, 0, 2]],
  [
    "colours",
    0,
    "\n\x1b[32m 2 pass\x1b[0m\n \x1b[33m1 skip\x1b[0m\n 0 fail\nRan 3 tests across 1 file.",
    [2, 0, 1],
  ],
  ["a run that shows another run's summary", 1, summary(9, 9) + summary(3, 2), [3, 2, 0]],
  ["a failure outside of all tests", 1, summary(5, 0), [5, 1, 0]],
  ["a crash", 139, "\na.test.ts:\n(pass) one\n(pass) two\n(fail) three\n(fail) four\n", [2, 2, 0]],
  ["a crash without a failure, in colour", 139, "\n\x1b[32m✓\x1b[0m one\n» two\n", [1, 1, 1]],
  ["a test that ends the process as if all were well", 0, "\na.test.ts:\n(pass) one\n", [1, 1, 0]],
  ["nothing to run", 1, "No tests found!\n", [0, 1, 0]],
];

for (const [name, code, stderr, [passed, failed, skipped]] of cases) {
  test(`counts ${name}`, () => {
    expect(countTests(code, stderr)).toEqual({ passed, failed, skipped });
  });
}

test("each failure is said again at the end, with its file and what was written of it", () => {
  const written = [
    "",
    "a.test.ts:",
    "(pass) one [1.00ms]",
    "12 |   expect(1).toBe(2);",
    "error: expect(received).toBe(expected)",
    "\x1b[31m(fail) two\x1b[0m [2.00ms]",
    "(pass) three",
    "",
    "b.test.ts:",
    "(fail) (unnamed) [6.00ms]",
    "",
    "2 tests failed:",
    "(fail) two [2.00ms]",
    "(fail) (unnamed) [6.00ms]",
    " 2 pass",
    " 2 fail",
  ];
  expect(failuresIn(written.join("\n"))).toEqual([
    "a.test.ts:\n12 |   expect(1).toBe(2);\nerror: expect(received).toBe(expected)\n(fail) two [2.00ms]",
    "b.test.ts:\n(fail) (unnamed) [6.00ms]",
  ]);
  const long = Array.from({ length: 90 }, (_, n) => `line ${n}`);
  const [one = ""] = failuresIn(["a.test.ts:", ...long, "(fail) one"].join("\n"));
  expect(one.split("\n").slice(0, 2)).toEqual(["a.test.ts:", "line 50"]);
  expect(failuresIn("a.test.ts:\n(pass) one\n 1 pass\n 0 fail\n")).toEqual([]);
});
