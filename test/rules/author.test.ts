// The ledger names Telegram's accounts by their number alone, another messenger's with the messenger.
import { expect, test } from "bun:test";
import { accountOfLedger, authorOf, calledOf, ledgerNameOf, staffIn } from "../../src/rules/author.ts";

test.each([
  ["telegram:501", null, "admin:501"],
  ["telegram:501", "telegram:700", "admin:501,owner:700"],
  ["max:501", null, "admin:max:501"],
  ["max:501", "max:700", "admin:max:501,owner:max:700"],
  ["max:501", "telegram:501", "admin:max:501,owner:501"],
  ["telegram:501", "max:a_B-9", "admin:501,owner:max:a_B-9"],
] as const)("%s and %s are %s, and are read back", (admin, owner, author) => {
  expect(authorOf(admin, owner)).toBe(author);
  expect(staffIn(author)).toEqual(owner === null ? [admin] : [admin, owner]);
});

test("nobody who works here is in what a person did not do", () => {
  expect(["sync", "client:501", "import:1", ""].map(staffIn)).toEqual([[], [], [], []]);
});

test("a name in the ledger is of one account, which is called by its name where that is known", () => {
  for (const account of ["telegram:501", "max:501", "max:telegram"])
    expect(accountOfLedger(ledgerNameOf(account))).toBe(account);
  const names = new Map([["max:501", "Ольга"]]);
  expect(["max:501", "telegram:501", "max:7"].map((one) => calledOf(names, one))).toEqual([
    "Ольга",
    "501",
    "max:7",
  ]);
});
