// Names as they can be shown.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { apart, oneLine, shownName } from "../../src/rules/name.ts";
import { tidyReason } from "../../src/rules/reason.ts";

test("a name is one line in its own direction, and stays as it is otherwise", () => {
  for (const name of [
    "Анна",
    "Anna-Maria O'Neil",
    "李小龍",
    "مريم",
    "می\u200cخواهم",
    "한지민",
    "👩‍👩‍👧",
    "<b>&",
  ])
    expect(shownName(name)).toBe(name);
  expect(shownName(" Анна\r\n\nНа карте:\t100 000\u2028 ")).toBe("Анна На карте: 100 000");
  expect(shownName("Анна \u202e000 1\u2066\u200f\u0000\u009b")).toBe("Анна 000 1");
  expect(shownName("Анна\u061c\u3164\u2800\u00adПетровна\ufeff")).toBe("Анна Петровна");
  expect(shownName("я".repeat(300))).toHaveLength(100);
});

test("a name of nothing is no name", () => {
  for (const nothing of [
    "",
    " \n",
    "\u3164",
    "\u2800\u2800",
    "\u200b",
    "\u200d",
    "\u00ad\ufe0f",
    "\u0000\u202e \n",
  ])
    expect(shownName(nothing)).toBe("");
  for (const nothing of ["\u0301\u0301", "\u115f\uffa0", "\ud83d", "\ue000\u{e0001}", "\u2062 \u3164"])
    expect([shownName(nothing), tidyReason(nothing)]).toEqual(["", ""]);
  // What is cut off must not leave one either.
  expect(shownName(`${"\u0301".repeat(100)}Анна`)).toBe("");
});

test("a name is cut between characters and never holds half of one", () => {
  expect(shownName("😀".repeat(300))).toBe("😀".repeat(100));
  expect(shownName("Анна\ud83d")).toBe("Анна");
});

test("a name is read as itself again, whatever was written", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 150 }), (points) => {
      const written = String.fromCodePoint(...points);
      const name = shownName(written);
      expect([shownName(name), oneLine(name)]).toEqual([name, name]);
      expect(name).not.toMatch(/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
      expect([...name].length).toBeLessThanOrEqual(100);
    }),
  );
});

test("words that run the other way stand apart, once; others stay as they are", () => {
  expect(["Анна", "李小龍", "Anna 7", ""].map(apart)).toEqual(["Анна", "李小龍", "Anna 7", ""]);
  for (const name of ["שרה", "مريم", "Анна ש", "٧", "𐤀"]) {
    expect(apart(name)).toBe(`\u2068${name}\u2069`);
    expect(apart(apart(name))).toBe(apart(name));
    expect(apart(`Анна, ${apart(name)} …4567`)).toBe(`Анна, \u2068${name}\u2069 …4567`);
  }
});
