// A name runs in its own direction and our line in ours: every place that shows one keeps the two apart.
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { alarmText } from "../../src/alarms/alarms.texts.ts";
import { enTexts as en } from "../../src/chat/en.texts.ts";
import { ruTexts as ru } from "../../src/chat/ru.texts.ts";
import { tillEn, tillRu } from "../../src/notices/till.texts.ts";
import { digestTexts } from "../../src/owners/digest.texts.ts";
import { agreedText, ownerText, waitingLine } from "../../src/till/approval.texts.ts";
import { spentWords } from "../../src/till/bill.texts.ts";
import { historyText, whyText } from "../../src/till/lists.texts.ts";
import { moveTexts } from "../../src/till/move.texts.ts";
import { refundText, refundWords } from "../../src/till/refunds.texts.ts";
import { cardText, confirmText, doneText, matchLabel, undoneText } from "../../src/till/screen.texts.ts";
import { clientText, todayButtons } from "../../src/till/today.texts.ts";
import { tillWords } from "../../src/till/words.texts.ts";
import { programme, spending } from "../helpers/programme.ts";

const root = join(import.meta.dir, "../../src");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(texts|chat)\.ts$|^(texts|chat)\/(?!.*\.store)/.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));

/** What is called so is what somebody calls a person or a business. */
const somebodys = /\b(name|by|undoneBy|confirmedBy|openedBy|salon|title|legalName|people|names)\b/;
/** What sets it apart; the others do it by `escaped` or `apart`. */
const kept = /\b(escaped|bold|apart|nameOf|clientTitle|clientWords|titleBeside|comma|familyWords)\(/;
/** Words of our own, what is set apart already, and what is set apart once it is whole. */
const known = new Map([
  ["author(row.actor, names, owners)", 1],
  ["author(change.actor, names, owners)", 1],
  ["people", 1], // staffWords escapes each of them
  ['name.replace(/[\\s.]+$/, "")', 2], // a sentence's end, escaped where it stands
  ["hello(staffTexts.greeting(title))", 1],
  ["staffTexts.greeting(shop.title())", 1],
  ["staffNews(change, names)", 1],
  ["title", 2], // headings of the digest and of the list of staff
]);

/** The expressions of all templates in a text, with those in them as expressions of their own. */
function expressions(text: string): string[] {
  const found: string[] = [];
  for (let at = text.indexOf("${"); at >= 0; at = text.indexOf("${", at + 2)) {
    let depth = 1;
    let end = at + 2;
    for (; depth > 0 && end < text.length; end++) depth += text[end] === "{" ? 1 : text[end] === "}" ? -1 : 0;
    found.push(text.slice(at + 2, end - 1));
  }
  return found;
}
test("no template shows a name that is not set apart", () => {
  const bare = new Map<string, number>();
  for (const { text } of sources)
    for (const one of expressions(text))
      if (somebodys.test(one) && !kept.test(one)) bare.set(one, (bare.get(one) ?? 0) + 1);
  expect([...bare].sort()).toEqual([...known].sort());
});

const sarah = "שרה";
const alone = `\u2068${sarah}\u2069`;
const phone = "+79001234567";
const at = new Date("2026-03-10T09:00:00Z");
const client = {
  ...{ phone, name: sarah, accounts: [], closedSince: null, people: [sarah, "Анна"] },
  ...{ balance: 34_024, lastVisit: null, booking: null },
};
const done = {
  ...{ action: "spend", points: 100_00, bill: 500_00, paid: 0, reason: sarah, at: "12:00", by: sarah },
  ...{ confirmedBy: sarah, undoneBy: sarah, undoneAt: "12:01" },
};
const most = { points: 400_00, bound: "balance" } as const;
const limits = { day: null, askAbove: null, asksOwner: false, byOwner: false };
const bill = { bill: 500_00, paid: 0, points: 100_00, rules: spending, settled: false, most };

const spent = [{ points: 100_00, paid: 0, by: sarah, at: "12:00" }];
const record = {
  recordId: 1,
  companyId: 1,
  card: 1,
  total: 1,
  at,
  timeZone: "UTC",
  name: sarah,
  price: 100,
  paidFull: true,
  paid: 100,
  attendance: 1,
};
const view = { phone, name: sarah, balance: 100, waiting: 0, visits: 1, since: null, gained: 100, spent: 0 };
const shop = { title: sarah, legalName: `${sarah}.`, percent: 100, supportPhone: phone };
const urls = { rulesUrl: null, policyUrl: null };
const change = {
  ...{ kind: "credit", points: 100, bill: null, reason: sarah, actor: "admin:1", at, linked: true, phone },
  ...{ undone: null, to: null, ofStaff: false, noVisit: false, name: sarah },
};
const names = new Map([["telegram:1", sarah]]);
const row = { at, kind: "credit", points: 100, paid: null, reason: sarah, actor: "admin:1", visitDay: null };
const told = {
  about: "till",
  kind: "credit",
  points: 100,
  bill: null,
  reason: sarah,
  corrects: null,
} as const;
const year = 2026;

const shown: [where: string, words: string | string[]][] = [
  ...[ru, en].flatMap((t): [string, string][] => [
    ["linked", t.linked({ ...view, returned: false })],
    ["hello", t.hello(view)],
    ["back", t.welcomeBack(view)],
    ["greeting", t.greeting({ ...programme, ...shop, ...urls })],
    ["contacts", t.contacts(shop)],
  ]),
  ["consent", ru.consent({ ...shop, ...urls }, "Telegram").replace(`\u2068${sarah}.\u2069`, alone)],
  ["told in Russian", tillRu(told, sarah).said],
  ["told in English", tillEn(told, sarah).said],
  [
    "card",
    cardText(client, {
      ...bill,
      spent,
      year,
      limits,
      recent: { change: "", by: sarah, at: "" },
      level: null,
      notes: [],
      spoken: ["telegram"],
    }),
  ],
  ["done", doneText(client, done)],
  ["undone", undoneText(client, done)],
  [
    "confirm",
    confirmText(client, {
      ...bill,
      spent,
      limits,
      action: "credit",
      points: 100,
      reason: sarah,
      asked: false,
      spoken: ["telegram"],
    }),
  ],
  ["choose", matchLabel(client)],
  ["tap", tillWords.alreadyDone(done)],
  ["tap undone", tillWords.alreadyUndone(done)],
  ["tap limit", tillWords.overLimitOf(sarah, 100, 100)],
  ["acted", tillWords.acted(done)],
  ["answered", tillWords.answeredByOwner("", sarah)],
  ["spent", spentWords({ points: 100, by: sarah, at: "12:00" }, 100)],
  ["waits", waitingLine({ action: "spend", points: 100, by: sarah, byOwner: false })],
  [
    "owner",
    ownerText({
      client,
      to: client,
      action: "move",
      points: 100,
      by: sarah,
      bill: null,
      visit: null,
      reason: sarah,
    }),
  ],
  ["agreed", agreedText({ client, to: null, action: "credit", points: 100, visit: null }, sarah)],
  ["move", moveTexts.confirm(client, { ...client, phone: "+79007654321" }, done, ["telegram"])],
  ["moved", moveTexts.done(client, client, done)],
  ["rows", historyText(client, [row], names, { timeZone: "UTC", year, owners: [] })],
  ["why", whyText(client, [], { timeZone: "UTC", year, opened: { by: sarah, at } })],
  [
    "refund",
    refundText({
      points: 100,
      phone,
      name: sarah,
      day: "2026-03-10",
      decision: "deleted",
      onBill: null,
      year,
    }),
  ],
  ["given", refundWords.given(100, 100, sarah, "12:00")],
  ["today's button", todayButtons.client([record])],
  ["today's client", clientText([record, record], "2026-03-10", year)],
  [
    "digest",
    digestTexts({
      day: "2026-03-10",
      timeZone: "UTC",
      changes: [change],
      odd: [],
      spoken: [],
      lists: [],
      staff: [],
      unpaid: [],
      names,
      owners: [],
      earned: {
        now: { withCard: 0, withoutCard: 0, clients: 0, linked: 0, given: 0, spent: 0, expired: 0, bills: 0 },
        before: null,
      },
      since: null,
      owed: { owed: 0, debts: 0 },
      seal: { rows: 1, owed: 1, hash: "" },
    }),
  ],
  ["alarm", alarmText({ about: "sync:1", detail: "other", over: false }, new Map([[1, sarah]]))],
];

test.each(shown)("a name that runs the other way stands apart: %s", (_where, words) => {
  const text = [words].flat().join("\n");
  expect(text).toContain(alone);
  expect(text.replaceAll(alone, "")).not.toContain(sarah);
  expect(text).not.toContain("\u2068\u2068");
});

test("a long name is cut before it is set apart", () => {
  const long = todayButtons.client([{ ...record, name: sarah.repeat(30) }]);
  expect(long).toContain(`\u2068${sarah.repeat(8)}\u2069 ·`);
});
