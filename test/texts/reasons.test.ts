// Reasons of the program are codes; whoever reads them reads words, and what was stored as words before stays.
import { expect, test } from "bun:test";
import { notificationText } from "../../src/notices/notice.texts.ts";
import { digestTexts } from "../../src/owners/digest.texts.ts";
import { reasonWords } from "../../src/texts/reasons.ts";
import { spending } from "../helpers/programme.ts";

const settled = ["off_bill", "not_settled"];
const codes = ["back_spend", "back_credit", "back_debit", "back_move", "back_refund"];

test("every code has words in both languages, and what an admin wrote is left alone", () => {
  for (const code of codes) {
    expect(reasonWords(code, "ru")).toMatch(/^возврат [а-яё ]+$/);
    expect(reasonWords(code, "en")).toMatch(/^[a-z ]+$/);
  }
  for (const code of settled) {
    expect(reasonWords(code, "ru")).toMatch(/^[а-яё ]+$/);
    expect(reasonWords(code, "en")).toMatch(/^[a-z ]+$/);
  }
  for (const old of ["возврат списания 12 марта 2026, 14:22", "за ожидание", "constructor"])
    expect(reasonWords(old, "en")).toBe(old);
});

test("no code reaches a client or an owner", () => {
  const told = { balance: 0, waiting: 0, year: 2026, supportPhone: null, salon: null, ...spending };
  const change = { about: "till", kind: "credit", points: 34_000, bill: null, corrects: null } as const;
  const messages = [...codes, ...settled].flatMap((reason) => [
    ...(["credit", "undo"] as const).flatMap((kind) => [
      notificationText("ru", { ...told, changes: [{ ...change, kind, reason }] }),
      notificationText("en", { ...told, changes: [{ ...change, kind, reason }] }),
    ]),
    ...digestTexts({
      ...{
        day: "2026-03-12",
        timeZone: "Europe/Moscow",
        odd: [],
        lists: [],
        staff: [],
        unpaid: [],
        names: new Map(),
        owners: [],
        spoken: [],
      },
      earned: {
        now: { withCard: 0, withoutCard: 0, clients: 0, linked: 0, given: 0, spent: 0, expired: 0, bills: 0 },
        before: null,
      },
      since: null,
      owed: { owed: 0, debts: 0 },
      seal: { rows: 1, owed: 0, hash: "-" },
      changes: [
        {
          ...{
            kind: "credit",
            points: 34_000,
            bill: null,
            reason,
            actor: "admin:601",
            phone: null,
            name: null,
          },
          ...{ at: new Date("2026-03-12T11:22:00Z"), linked: true, undone: "spend", to: null },
          ...{ ofStaff: false, noVisit: false },
        },
      ],
    }),
  ]);
  expect(messages.filter((message) => /back_|off_bill|not_settled/.test(message))).toEqual([]);
  expect(messages[0]).toContain("возврат списания");
});
