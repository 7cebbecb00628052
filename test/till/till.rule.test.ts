// What an admin's message means.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readPoints } from "../../src/rules/money.ts";
import { refusedReason } from "../../src/rules/reason.ts";
import { stepsWhere, tillSteps } from "../../src/till/steps.rule.ts";
import { readChange, readEntry } from "../../src/till/till.rule.ts";

const phone = "+79001234567";

test("a phone in any spelling, with a bill behind it or not", () => {
  for (const written of [
    ...["89001234567", "8 900 123-45-67", "+7 (900) 123-45-67", "79001234567", "9001234567", "900 123 45 67"],
    ...[
      "+8 900 123-45-67",
      "+89001234567",
      "8-900-123-45-67",
      " +7\u00a0900\u00a01234567 ",
      "8 (900) 1234567",
    ],
  ]) {
    expect(readEntry(written)).toEqual({ kind: "phone", phone, bill: null });
    for (const [bill, kopecks] of [
      ["3500", 350_000],
      ["3 500", 350_000],
      ["1\u00a0250,50 ₽", 125_050],
      ["3500р", 350_000],
      ["300 руб.", 30_000],
    ] as const)
      expect(readEntry(`${written} ${bill}`)).toEqual({ kind: "phone", phone, bill: kopecks });
  }
  expect(readEntry("+44 20 7946 0958 100")).toEqual({ kind: "phone", phone: "+442079460958", bill: 10_000 });
});

test("four digits, a bare sum, and what is neither", () => {
  expect(readEntry("4567")).toEqual({ kind: "digits", digits: "4567", bill: null });
  expect(readEntry("4567 3500")).toEqual({ kind: "digits", digits: "4567", bill: 350_000 });
  expect(readEntry("300")).toEqual({ kind: "number", value: 30_000 });
  expect(readEntry("12,5")).toEqual({ kind: "number", value: 1_250 });
  expect(readEntry("89001234567 Анна")).toEqual({ kind: "bad_bill", phone, written: "Анна" });
  expect(readEntry("89001234567 0")).toMatchObject({ kind: "bad_bill" });
  expect(readEntry("89001234567 1,234")).toMatchObject({ kind: "bad_bill" });
  for (const text of ["", "как начислить баллы?", "4567 Анна", "89001234567100", "1.2.3", "💇"])
    expect(readEntry(text)).toEqual({ kind: "other" });
});

test("the bill may come first; a phone with a digit too few or many, and a name, are what they are", () => {
  for (const text of [
    "3500 89001234567",
    "3500 ₽ +7 900 123-45-67",
    "3 500, 9001234567",
    "89001234567, 3500",
  ])
    expect(readEntry(text)).toEqual({ kind: "phone", phone, bill: 350_000 });
  for (const [written, short] of [
    ["8900123456", true],
    ["8 900 123 45 6", true],
    ["900123456", true],
    ["890012345678", false],
  ] as const)
    for (const text of [`${written} 3500`, written])
      expect([text, readEntry(text)]).toEqual([text, { kind: "bad_phone", written, short }]);
  expect(readChange("8900123456")).toEqual({ kind: "no_phone" });
  // Of other countries' numbers that are no more it is not known how long they were.
  expect(readEntry("+99001234567")).toEqual({ kind: "phone", phone: "+99001234567", bill: null });
  for (const text of ["Мария", "анна", "Анна Ивановна"])
    expect(readEntry(text)).toEqual({ kind: "name", name: text, bill: null });
});

test("nothing that is written breaks the reading, nor takes long", () => {
  const start = process.cpuUsage();
  for (const piece of ["1 ", "111 ", "ж", "(", "8 900 ", "1,1 "])
    readEntry(piece.repeat(1_000).slice(0, 4_000));
  expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."0123456789 +-()., ₽я") }), (text) => {
      const entry = readEntry(text);
      if ("bill" in entry && entry.bill !== null) expect(entry.bill).toBeGreaterThan(0);
      readChange(text);
    }),
  );
});

test("a change takes the shortest phone, then the points, then the reason", () => {
  const change = { kind: "change", phone } as const;
  expect(readChange("8 900 123 45 67 100 за ожидание")).toEqual({
    ...change,
    points: 10_000,
    reason: "за ожидание",
  });
  expect(readChange("89001234567 12.5")).toEqual({ ...change, points: 1_250, reason: null });
  expect(readChange("89001234567 12,50 баллов  за\nчай")).toEqual({
    ...change,
    points: 1_250,
    reason: "за чай",
  });
  expect(readChange("89001234567")).toEqual({ kind: "no_points", phone });
  expect(readChange("100 за ожидание")).toEqual({ kind: "no_phone" });
  for (const [text, words, points, reason] of [
    ["4567 100 за ожидание", "4567", 10_000, "за ожидание"],
    ["анна 12,5", "анна", 1_250, null],
    ["Анна Петрова 100 чай", "Анна Петрова", 10_000, "чай"],
  ] as const)
    expect(readChange(text)).toEqual({ kind: "sought", words, points, reason });
  for (const text of ["4567", "анна", "4567 1 000", "4567 сто", "анна 1 000", "456 100", "Анна 4567 100"])
    expect([text, readChange(text)]).toEqual([text, { kind: "no_phone" }]);
  expect(readChange("")).toEqual({ kind: "no_phone" });
  for (const bad of ["0", "-5", "1 000 за", "1,234", "1000001", "сто", "1e3", "10000000"])
    expect(readChange(`89001234567 ${bad}`)).toEqual({ kind: "bad_points", phone });
  expect(readPoints("1000000")).toBe(100_000_000);
});

test("a reason may hold no phone and is short", () => {
  expect(readChange("89001234567 100 back_spend")).toMatchObject({ reason: "back spend" });
  expect(refusedReason("за ожидание 12.03 в 14:22, зал 2")).toBeNull();
  expect(refusedReason("возврат списания 12 марта 2026, 14:22")).toBeNull();
  for (const reason of ["звонить 8 900 123-45-67", "1234567", "8.900.123.45.67"])
    expect(refusedReason(reason)).toBe("phone");
  expect(refusedReason("ж".repeat(100))).toBeNull();
  expect(refusedReason("ж".repeat(101))).toBe("long");
});

test("the database knows the same steps, and which of them ask", () => {
  const schema = readFileSync(join(import.meta.dir, "../../sql/schema.txt"), "utf8");
  const listed = (name: string) =>
    [...(schema.split("\n").find((line) => line.includes(name)) ?? "").matchAll(/'(\w+)'::text/g)].map(
      (found) => found[1],
    );
  expect(listed("step_is_known").sort()).toEqual(Object.keys(tillSteps).sort());
  expect(listed("one_question_a_chat").sort()).toEqual(stepsWhere((step) => step.asks === true).sort());
});
