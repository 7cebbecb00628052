/** Tests of the plan: what an answer about a record changes, given what is stored of it. */
import { expect, test } from "bun:test";
import { type Known, type Plan, plan, type Seen } from "../../src/visits/plan.rule.ts";
import type { Terms } from "../../src/visits/visit.rule.ts";

const terms: Terms = { percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" };
const start = "2026-03-01";
const [early, at, late] = [10, 20, 30].map((second) => new Date(`2026-03-12T12:00:${second}Z`)) as [
  Date,
  Date,
  Date,
];

/** An answer about record 101: paid in full, 3 500.00, client 11 on card 1. */
function seen(changes: Partial<Seen> = {}): Seen {
  return {
    recordId: 101,
    yclientsClientId: 11,
    card: 1,
    readAt: late,
    startsAt: early,
    day: "2026-03-12",
    deleted: false,
    paidFull: true,
    attendance: 1,
    hasClient: true,
    forgotten: false,
    price: 350_000,
    servicesPaid: 350_000,
    goodsPaid: 0,
    changedAt: early,
    ...changes,
  };
}

/** What is stored after that answer was worked in. */
function known(changes: Partial<Known> = {}): Known {
  const { recordId: _, ...state } = seen();
  return { ...state, readAt: at, terms, awardId: 5, posted: new Map([[1, 3500]]), rows: 1, ...changes };
}

/** Stored, but never awarded: not paid yet. */
const unpaid = (changes: Partial<Known> = {}): Known =>
  known({
    ...{ paidFull: false, servicesPaid: 0, terms: null, awardId: null, posted: new Map(), rows: 0 },
    ...changes,
  });

/** The plan in a line: step, word, card and client, then each row. */
function told(made: Plan): string[] {
  if (made.step === "doubt") return [`doubt ${made.doubt}`];
  if (!("decision" in made)) return [made.step];
  const { step, decision, card, yclientsClientId, entries } = made;
  return [
    `${step} ${decision.word} card ${card} client ${yclientsClientId}`,
    ...entries.map((row) => {
      const names = row.kind === "award" ? `record ${row.recordId}` : `of ${row.corrects}`;
      return `${row.kind} ${names} card ${row.card} ${row.points} of ${row.paid} ${row.reason} ${row.key}`;
    }),
  ];
}

const gone = { yclientsClientId: null, hasClient: false, card: null };
const other = { yclientsClientId: 12, card: 2 };
const erased = { card: null, forgotten: true };

/** Of a record that is stored as awarded: the answer, and what becomes of it. */
const ofAwarded: [name: string, answer: Partial<Seen>, lines: string[]][] = [
  ["an older answer", { readAt: early, servicesPaid: 1 }, ["stale"]],
  ["an answer of the same moment", { readAt: at, servicesPaid: 1 }, ["stale"]],
  ["the same again", {}, ["keep awarded card 1 client 11"]],
  ["only the stamp has moved", { changedAt: late }, ["change awarded card 1 client 11"]],
  [
    "edited up",
    { servicesPaid: 400_000 },
    ["change awarded card 1 client 11", "correction of 5 card 1 500 of 400000 edited visit:101:2"],
  ],
  [
    "edited down",
    { servicesPaid: 300_000, changedAt: late },
    ["change awarded card 1 client 11", "correction of 5 card 1 -500 of 300000 edited visit:101:2"],
  ],
  ["edited down without a stamp", { servicesPaid: 300_000 }, ["doubt payment_fell"]],
  ["payments not said", { servicesPaid: null, goodsPaid: null }, ["doubt payment_unknown"]],
  ["its client is gone: it keeps card, client and points", gone, ["keep awarded card 1 client 11"]],
  [
    "edited while its client is gone",
    { ...gone, servicesPaid: 400_000 },
    ["change awarded card 1 client 11", "correction of 5 card 1 500 of 400000 edited visit:101:2"],
  ],
  [
    "refunded while its client is gone",
    { ...gone, paidFull: false, servicesPaid: 0 },
    ["change not_paid card 1 client 11", "correction of 5 card 1 -3500 of 0 not_paid visit:101:2"],
  ],
  [
    "deleted",
    { deleted: true },
    ["change deleted card 1 client 11", "correction of 5 card 1 -3500 of 350000 deleted visit:101:2"],
  ],
  [
    "a no-show",
    { attendance: -1 },
    ["change no_show card 1 client 11", "correction of 5 card 1 -3500 of 350000 no_show visit:101:2"],
  ],
  [
    "another client: the minus first",
    other,
    [
      "change awarded card 2 client 12",
      "correction of 5 card 1 -3500 of 350000 moved visit:101:2",
      "correction of 5 card 2 3500 of 350000 moved visit:101:3",
    ],
  ],
  [
    "another client and another sum at once",
    { ...other, servicesPaid: 400_000 },
    [
      "change awarded card 2 client 12",
      "correction of 5 card 1 -3500 of 400000 moved visit:101:2",
      "correction of 5 card 2 4000 of 400000 moved visit:101:3",
    ],
  ],
  [
    "another client, and refunded",
    { ...other, paidFull: false, servicesPaid: 0 },
    ["change not_paid card 2 client 12", "correction of 5 card 1 -3500 of 0 moved visit:101:2"],
  ],
  [
    "the same client with a new phone keeps the record's card",
    { card: 9 },
    ["keep awarded card 1 client 11"],
  ],
  [
    "an awarded record that goes to a forgotten person",
    { yclientsClientId: 12, ...erased },
    ["change forgotten card null client null", "correction of 5 card 1 -3500 of 350000 moved visit:101:2"],
  ],
];

const cases: [name: string, seen: Partial<Seen>, known: Known | null, lines: string[]][] = [
  ...ofAwarded.map(([name, answer, lines]): (typeof cases)[number] => [name, answer, known(), lines]),
  [
    "a new paid record is awarded",
    {},
    null,
    ["change awarded card 1 client 11", "award record 101 card 1 3500 of 350000 paid visit:101"],
  ],
  ["a new unpaid record is kept", { paidFull: false }, null, ["change paid_in_part card 1 client 11"]],
  ["a new record without a client", gone, null, ["change no_client card null client null"]],
  ["a forgotten person's new record bears no name", erased, null, ["change forgotten card null client null"]],
  [
    "paid again",
    {},
    known({ paidFull: false, servicesPaid: 0, posted: new Map([[1, 0]]), rows: 2 }),
    ["change awarded card 1 client 11", "correction of 5 card 1 3500 of 350000 paid_again visit:101:3"],
  ],
  [
    "a record without rows follows its client to another card, and is awarded there",
    { card: 9 },
    unpaid(),
    ["change awarded card 9 client 11", "award record 101 card 9 3500 of 350000 paid visit:101"],
  ],
  [
    "a record without rows follows its client before anything is paid",
    { card: 9, paidFull: false, servicesPaid: 0 },
    unpaid(),
    ["change not_paid card 9 client 11"],
  ],
  [
    "what the earlier program gave no points for follows its client too",
    { card: 9, paidFull: false, servicesPaid: 0 },
    unpaid({ imported: { points: 0, at: early, base: null, read: false } }),
    ["change imported card 9 client 11"],
  ],
  [
    "an unpaid record of another client is awarded there",
    other,
    unpaid(),
    ["change awarded card 2 client 12", "award record 101 card 2 3500 of 350000 paid visit:101"],
  ],
  [
    "a record without a client gets one",
    {},
    unpaid({ card: null, yclientsClientId: null, hasClient: false }),
    ["change awarded card 1 client 11", "award record 101 card 1 3500 of 350000 paid visit:101"],
  ],
  ["an unpaid record loses its client", { ...gone }, unpaid(), ["change no_client card null client null"]],
  [
    "deleted without a word of its client, an unpaid record is still theirs",
    { ...gone, deleted: true },
    unpaid(),
    ["change deleted card 1 client 11"],
  ],
  [
    "an awarded record of a forgotten person stays on the nameless card",
    erased,
    known({ yclientsClientId: null }),
    ["keep awarded card 1 client null"],
  ],
  [
    "and gives back there",
    { ...erased, paidFull: false, servicesPaid: 0 },
    known({ yclientsClientId: null }),
    ["change not_paid card 1 client null", "correction of 5 card 1 -3500 of 0 not_paid visit:101:2"],
  ],
  [
    "an unpaid record of a person forgotten since earns nothing",
    erased,
    unpaid({ yclientsClientId: null }),
    ["change forgotten card null client null"],
  ],
  [
    "an unpaid record that still names a forgotten person loses the name",
    erased,
    unpaid(),
    ["change forgotten card null client null"],
  ],
  [
    "an awarded record comes back from a forgotten person",
    {},
    known({
      yclientsClientId: null,
      card: null,
      hasClient: false,
      forgotten: true,
      posted: new Map([[1, 0]]),
      rows: 2,
    }),
    ["change awarded card 1 client 11", "correction of 5 card 1 3500 of 350000 paid_again visit:101:3"],
  ],
];

test.each(cases)("%s", (_, answer, stored, lines) => {
  expect(told(plan(seen(answer), stored, terms, start))).toEqual(lines);
});

test("new terms touch no old award: its corrections use its own", () => {
  const now: Terms = { ...terms, percent: 500 };
  expect(told(plan(seen(), known(), now, start))).toEqual(["keep awarded card 1 client 11"]);
  expect(told(plan(seen({ servicesPaid: 400_000 }), known(), now, start))).toEqual([
    "change awarded card 1 client 11",
    "correction of 5 card 1 500 of 400000 edited visit:101:2",
  ]);
  expect(told(plan(seen(), unpaid(), now, start))).toEqual([
    "change awarded card 1 client 11",
    "award record 101 card 1 17500 of 350000 paid visit:101",
  ]);
});

test("a later start touches no old award, and stops a first one", () => {
  expect(told(plan(seen(), known(), terms, "2026-04-01"))).toEqual(["keep awarded card 1 client 11"]);
  expect(told(plan(seen(), unpaid(), terms, "2026-04-01"))).toEqual(["change before_start card 1 client 11"]);
});

const rowsDue: Partial<Seen>[] = [
  { day: "2026-03-13" },
  { startsAt: at },
  { deleted: true },
  { paidFull: true },
  { attendance: 0 },
  { price: 360_000 },
  { servicesPaid: 100_000 },
  { goodsPaid: 50_000 },
  { changedAt: at },
  { yclientsClientId: 12 },
  { card: 2, yclientsClientId: 12 },
];

test.each(rowsDue)("whatever is read otherwise is stored, though it makes no row: %j", (difference) => {
  const same = { paidFull: false, servicesPaid: 0 };
  expect(plan(seen(same), unpaid(), terms, start).step).toBe("keep");
  expect(plan(seen({ ...same, ...difference }), unpaid(), terms, start)).toMatchObject({
    step: "change",
    entries: [],
  });
});
