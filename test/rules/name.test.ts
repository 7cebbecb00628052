// Names as they can be shown.
import { expect, test } from "bun:test";
import { shownName } from "../../src/rules/name.ts";

test("a name is one line in its own direction, and stays as it is otherwise", () => {
  for (const name of ["Анна", "Anna-Maria O'Neil", "李小龍", "مريم", "👩‍👩‍👧", "<b>&"])
    expect(shownName(name)).toBe(name);
  expect(shownName(" Анна\r\n\nНа карте:\t100 000\u2028 ")).toBe("Анна На карте: 100 000");
  expect(shownName("Анна \u202e000 1\u2066\u200f\u0000\u009b")).toBe("Анна 000 1");
  expect(shownName("\u0000\u202e \n")).toBe("");
  expect(shownName("я".repeat(300))).toHaveLength(100);
});
