// Every way a settlement can go, played to its end: answers lost, late or refused, the program dead, hands in the journal.

import { expect, test } from "bun:test";
import {
  type Asked,
  type InJournal,
  lateMs,
  type Move,
  next,
  type Settlement,
  type Write,
} from "../../src/settlements/settlement.rule.ts";

const N = 50_000;

/** What is true in YCLIENTS, whatever anybody knows of it. */
interface Journal {
  balance: number | null;
  applied: number;
  elsewhere: number;
  left: number;
  locked: boolean;
  /** Sent, and not there yet. */
  late: { write: Write; amount: number } | null;
}

/** A moment of a play: what is stored, what is true, what may still go wrong. */
interface Play {
  s: Settlement;
  journal: Journal;
  now: number;
  faults: number;
  hands: number;
  undone: boolean;
  /** Points put on the card have come late, and may be there a second time. */
  twice: boolean;
  path: string[];
}

/** `falls`: how often a withdrawal is taken off what a bill says is left, as it is read: once is what the trial saw. */
type Reading = { cancelKeepsPoints: boolean; below: boolean; falls?: 0 | 2 };

function execute(journal: Journal, write: Write, amount: number, reading: Reading): Journal | "refused" {
  const balance = journal.balance ?? 0;
  switch (write) {
    case "issue":
      return { ...journal, balance: journal.balance ?? 0 };
    case "put":
      return journal.balance === null ? "refused" : { ...journal, balance: balance + amount };
    case "take":
      if (journal.balance === null || (amount > balance && !reading.below)) return "refused";
      return { ...journal, balance: balance - amount };
    case "apply": {
      if (journal.locked) return "refused";
      const taken = Math.max(0, Math.min(amount, balance, journal.left));
      return {
        ...journal,
        balance: balance - taken,
        applied: journal.applied + taken,
        left: journal.left - taken,
      };
    }
    default:
      if (journal.locked) return "refused";
      return {
        ...journal,
        balance: reading.cancelKeepsPoints ? balance + journal.applied : balance,
        applied: 0,
        left: journal.left + journal.applied,
      };
  }
}

/** What somebody does in the journal by hand, at any moment. */
const hands: Record<string, (journal: Journal) => Journal> = {
  "took the points off the card": (journal) => ({ ...journal, balance: 0 }),
  "used the card on this visit": (journal) => {
    const taken = Math.max(0, Math.min(journal.balance ?? 0, journal.left));
    return {
      ...journal,
      balance: (journal.balance ?? 0) - taken,
      applied: journal.applied + taken,
      left: journal.left - taken,
    };
  },
  "used the card elsewhere": (journal) => ({
    ...journal,
    balance: Math.min(0, journal.balance ?? 0),
    elsewhere: journal.elsewhere + Math.max(0, journal.balance ?? 0),
  }),
  "took it off the bill": (journal) => ({
    ...journal,
    balance: (journal.balance ?? 0) + journal.applied,
    applied: 0,
    left: journal.left + journal.applied,
  }),
  "lowered the price": (journal) => ({ ...journal, left: Math.min(journal.left, N / 2) }),
  "printed the receipt": (journal) => ({ ...journal, locked: true }),
};

const leftOf = ({ left, applied }: Journal, { falls = 1 }: Pick<Reading, "falls"> | { falls?: number }) =>
  left + (1 - falls) * applied;

const seenOf = (journal: Journal, looked: boolean, reading: Pick<Reading, "falls"> = {}): InJournal => ({
  balance: journal.balance,
  applied: journal.applied,
  left: leftOf(journal, reading),
  obstacle: journal.locked
    ? "receipt"
    : journal.applied === 0 && journal.left < N + 100
      ? "too_little_left"
      : null,
  elsewhere: looked ? journal.elsewhere > 0 : null,
});

/** All ends of all plays. */
function ends(start: Play, reading: Reading): { move: Move; play: Play }[] {
  const found: { move: Move; play: Play }[] = [];
  const open = [start];
  const known = new Set<string>();
  for (let play = open.pop(); play; play = open.pop()) {
    const { path: _, ...state } = play;
    const key = JSON.stringify({
      ...state,
      now: 0,
      s: {
        ...state.s,
        missingAt: state.s.missingAt && play.now - state.s.missingAt.getTime(),
        asked: state.s.asked && {
          ...state.s.asked,
          sentAt: play.now - state.s.asked.sentAt.getTime(),
          missedAt: state.s.asked.missedAt && play.now - state.s.asked.missedAt.getTime(),
        },
      },
    });
    if (known.has(key)) continue;
    known.add(key);
    if (play.path.length > 80) throw new Error(`no end: ${play.path.join(" · ")}`);
    open.push(...around(play, reading));
    let move = next(play.s, seenOf(play.journal, false, reading), new Date(play.now));
    if (move.kind === "stuck" && move.why === "gone")
      move = next(play.s, seenOf(play.journal, true, reading), new Date(play.now));
    const after = follow(play, move, reading);
    if (after === null) found.push({ move, play });
    else open.push(...after);
  }
  return found;
}

/** What may happen before the program looks again. */
function around(play: Play, reading: Reading): Play[] {
  const others: Play[] = [];
  const { journal, s } = play;
  if (journal.late) {
    const landed = execute({ ...journal, late: null }, journal.late.write, journal.late.amount, reading);
    const now = landed === "refused" ? { ...journal, late: null } : landed;
    const twice = play.twice || journal.late.write === "put";
    others.push({ ...play, journal: now, twice, path: [...play.path, `late ${journal.late.write} lands`] });
  }
  if (play.hands > 0)
    for (const [name, hand] of Object.entries(hands))
      others.push({
        ...play,
        journal: hand(journal),
        hands: play.hands - 1,
        path: [...play.path, name],
      });
  if (!play.undone && s.goal === "settle")
    others.push({
      ...play,
      undone: true,
      s: { ...s, goal: "return", vain: {} },
      path: [...play.path, "undo"],
    });
  return others;
}

function follow(play: Play, move: Move, reading: Reading): Play[] | null {
  const { s, journal, now } = play;
  const path = [
    ...play.path,
    `${move.kind} ${"write" in move ? `${move.write} ${move.amount}` : "came" in move ? move.came : "why" in move ? move.why : ""}`,
  ];
  const before = { balance: journal.balance, applied: journal.applied, left: leftOf(journal, reading) };
  switch (move.kind) {
    case "look":
      return [
        {
          ...play,
          path,
          now: now + move.inMs,
          s: {
            ...s,
            asked: s.asked && { ...s.asked, missedAt: move.missed ? new Date(now) : s.asked.missedAt },
            missingAt: move.missed && s.asked === null ? new Date(now) : s.missingAt,
          },
        },
      ];
    case "came": {
      const write = s.asked?.write;
      const vain = move.came === "done" || !write ? s.vain : { ...s.vain, [write]: (s.vain[write] ?? 0) + 1 };
      const leftBefore = write === "apply" ? (s.asked?.before.left ?? null) : s.leftBefore;
      return [
        { ...play, path, s: { ...s, asked: null, held: move.held, vain, leftBefore, missingAt: null } },
      ];
    }
    case "turn":
      return [{ ...play, path, s: { ...s, goal: "return", asked: null, vain: {} } }];
    case "ask": {
      const touched = s.touched || move.write === "put";
      const asked = (answer: Asked["answer"]): Settlement => ({
        ...s,
        touched,
        asked: {
          write: move.write,
          amount: move.amount,
          sentAt: new Date(now),
          answer,
          before,
          missedAt: null,
        },
      });
      const done = execute(journal, move.write, move.amount, reading);
      const plays: Play[] = [];
      if (done === "refused") plays.push({ ...play, path: [...path, "refused"], s: asked("no") });
      else plays.push({ ...play, path: [...path, "yes"], journal: done, s: asked("yes") });
      if (play.faults > 0) {
        const less = { ...play, faults: play.faults - 1 };
        plays.push({ ...less, path: [...path, "lost"], s: asked(null) });
        plays.push({ ...less, path: [...path, "said no"], s: asked("no") });
        if (done !== "refused")
          plays.push({ ...less, path: [...path, "no answer"], journal: done, s: asked(null) });
        if (!journal.late)
          plays.push({
            ...less,
            path: [...path, "late"],
            journal: { ...journal, late: { write: move.write, amount: move.amount } },
            s: asked(null),
          });
      }
      return plays;
    }
    default:
      return null;
  }
}

const start = (over: Partial<Play> = {}, journal: Partial<Journal> = {}): Play => ({
  s: {
    goal: "settle",
    amount: N,
    held: 0,
    asked: null,
    vain: {},
    touched: false,
    stood: false,
    leftBefore: null,
    missingAt: null,
  },
  journal: { balance: 0, applied: 0, elsewhere: 0, left: 316_000, locked: false, late: null, ...journal },
  now: 0,
  faults: 2,
  hands: 0,
  undone: true,
  twice: false,
  path: [],
  ...over,
});

const readings: Reading[] = [
  { cancelKeepsPoints: true, below: false },
  { cancelKeepsPoints: true, below: true },
  { cancelKeepsPoints: false, below: false },
];

test("what is sent is not believed undone before a minute and a half", () => {
  const s = start().s;
  const asked: Asked = {
    write: "put",
    amount: N,
    sentAt: new Date(0),
    answer: null,
    before: { balance: 0, applied: 0, left: 1 },
    missedAt: new Date(15_000),
  };
  const seen = seenOf(start().journal, true);
  const at = (ms: number) => next({ ...s, asked }, seen, new Date(ms)).kind;
  expect([at(lateMs - 1), at(lateMs)]).toEqual(["look", "came"]);
});

test("a refusal is believed only where nothing moved: what shows is done, whatever was said", () => {
  const s = start().s;
  const before = { balance: 0, applied: 0, left: 316_000 };
  const asked: Asked = { write: "put", amount: N, sentAt: new Date(0), answer: "no", before, missedAt: null };
  const seen = (balance: number): InJournal => ({ ...before, balance, obstacle: null, elsewhere: false });
  expect(next({ ...s, asked }, seen(N), new Date(1_000))).toEqual({ kind: "came", came: "done", held: N });
  expect(next({ ...s, asked }, seen(0), new Date(1_000))).toEqual({ kind: "turn", why: "refused" });
});

test("a withdrawal that is refused to come off stands on where it stood, and else waits for a person", () => {
  const before = { balance: 0, applied: N, left: 266_000 };
  const asked: Asked = {
    write: "cancel",
    amount: N,
    sentAt: new Date(0),
    answer: "no",
    before,
    missedAt: null,
  };
  const s: Settlement = { ...start().s, goal: "return", held: N, touched: true, asked };
  const refused = (stood: boolean, applied: number) =>
    next(
      { ...s, stood, asked: { ...asked, before: { ...before, applied } } },
      { ...before, applied, obstacle: null, elsewhere: null },
      new Date(1),
    );
  expect(refused(true, N)).toEqual({ kind: "kept", why: "refused" });
  expect(refused(true, N / 2)).toEqual({ kind: "stuck", why: "refused" });
  expect(refused(false, N)).toEqual({ kind: "stuck", why: "refused" });
});

test("points that were put on a card which is hidden since may lie there: a person looks", () => {
  const before = { balance: 0, applied: 0, left: 316_000 };
  const asked: Asked = {
    write: "put",
    amount: N,
    sentAt: new Date(0),
    answer: null,
    before,
    missedAt: new Date(15_000),
  };
  const seen = (balance: number | null) => ({ ...before, balance, obstacle: null, elsewhere: false });
  const late = new Date(200_000);
  expect(next({ ...start().s, asked }, seen(null), late)).toEqual({ kind: "stuck", why: "card_gone" });
  expect(next({ ...start().s, asked }, seen(0), late)).toEqual({ kind: "came", came: "undone", held: 0 });
});

test("points that show nowhere were not put on the bill, and what was taken off a card that is hidden since was not", () => {
  const seen = { balance: N, applied: 0, left: 316_000, obstacle: null, elsewhere: false };
  const came = (write: Write, over: Partial<Asked>, now: Partial<InJournal> = {}) => {
    const asked = {
      write,
      amount: N,
      sentAt: new Date(0),
      answer: null,
      before: seen,
      missedAt: new Date(15_000),
    };
    const s = { ...start().s, held: N, touched: true, asked: { ...asked, ...over } };
    return next(s, { ...seen, ...now }, new Date(200_000));
  };
  expect(came("apply", {})).toEqual({ kind: "came", came: "undone", held: N });
  expect(came("apply", { answer: "no" })).toEqual({ kind: "turn", why: "refused" });
  expect(came("take", {}, { balance: null })).toEqual({ kind: "came", came: "undone", held: N });
});

test("an empty list is no proof of a cancelling: the card or what is left must have risen", () => {
  const before = { balance: 0, applied: N, left: 266_000 };
  const asked: Asked = {
    ...{ write: "cancel", amount: N, sentAt: new Date(0), answer: null, before },
    missedAt: new Date(15_000),
  };
  const s: Settlement = { ...start().s, goal: "return", held: N, touched: true, asked };
  const came = (over: Partial<InJournal>) =>
    next(s, { ...before, applied: 0, obstacle: null, elsewhere: false, ...over }, new Date(200_000));
  expect(came({})).toEqual({ kind: "came", came: "odd", held: N });
  expect(came({ balance: N })).toEqual({ kind: "came", came: "done", held: N });
  expect(came({ left: 316_000 })).toEqual({ kind: "came", came: "done", held: N });
  expect(came({ applied: N / 2, balance: N / 2 })).toEqual({ kind: "came", came: "odd", held: N });
});

test("what is held is what was put there, and never what lay on the card or was put to fill a hole", () => {
  const held = (write: Write, was: number, is: number, held: number, over: Partial<Asked> = {}) => {
    const before = { balance: was, applied: 0, left: 316_000 };
    const asked = {
      write,
      amount: Math.abs(is - was),
      sentAt: new Date(0),
      answer: "yes",
      before,
      missedAt: null,
    };
    const seen = { ...before, balance: is, obstacle: null, elsewhere: false };
    return next({ ...start().s, held, asked: { ...asked, ...over } as Asked }, seen, new Date(1_000));
  };
  const done = (points: number): Move => ({ kind: "came", came: "done", held: points });
  expect(held("issue", 0, N, 0)).toEqual(done(0));
  expect(held("put", -N, 0, 0)).toEqual(done(0));
  expect(held("put", 0, N, 0)).toEqual(done(N));
  expect(held("take", N + 700, N, N)).toEqual(done(N));
  expect(held("take", N, 0, N)).toEqual(done(0));
  // Somebody may have taken it: it is ours only where that was said.
  expect(held("take", N, 0, N, { answer: null })).toMatchObject({ kind: "look" });
});

test("each state has its one next step", () => {
  const s: Settlement = { ...start().s, touched: true, held: N, leftBefore: 316_000 };
  const seen: InJournal = { balance: 0, applied: 0, left: 266_000, obstacle: null, elsewhere: null };
  const now = new Date(0);
  const settle = (over: Partial<InJournal>, of: Partial<Settlement> = {}) =>
    next({ ...s, ...of }, { ...seen, ...over }, now);
  const back = (over: Partial<InJournal>, of: Partial<Settlement> = {}) =>
    settle(over, { goal: "return", ...of });
  expect(settle({ applied: N }, { held: 0 })).toEqual({ kind: "turn", why: "foreign_rows" });
  expect(settle({ applied: N })).toEqual({ kind: "stands" });
  expect(settle({ applied: N, balance: 700 })).toEqual({ kind: "ask", write: "take", amount: 700 });
  expect(settle({ applied: N / 2 })).toEqual({ kind: "turn", why: "short" });
  expect(settle({ applied: N / 2, left: 0 })).toEqual({ kind: "turn", why: "too_little_left" });
  expect(settle({ obstacle: "receipt" })).toEqual({ kind: "turn", why: "receipt" });
  expect(settle({ balance: 700 }, { held: 0 })).toEqual({ kind: "ask", write: "take", amount: 700 });
  expect(settle({ balance: -700 }, { held: 0 })).toEqual({ kind: "ask", write: "put", amount: 700 });
  expect(settle({ balance: 100 })).toEqual({ kind: "turn", why: "by_hand" });
  expect(settle({}, { held: 0, vain: { put: 3 } })).toEqual({ kind: "turn", why: "never_done" });
  expect(settle({ balance: null }, { held: 0, touched: false })).toEqual({
    kind: "ask",
    write: "issue",
    amount: 0,
  });
  expect(settle({ balance: null }, { held: 0 })).toEqual({ kind: "turn", why: "card_gone" });
  expect(settle({ balance: null })).toEqual({ kind: "stuck", why: "card_gone" });
  expect(back({ applied: N })).toEqual({ kind: "ask", write: "cancel", amount: N });
  expect(back({ applied: N + 1 })).toEqual({ kind: "stuck", why: "foreign_rows" });
  const missed = { elsewhere: false, missingAt: new Date(-90_000) };
  expect(back({ balance: -700, ...missed }, { held: 0, ...missed })).toEqual({
    kind: "ask",
    write: "put",
    amount: 700,
  });
  for (const applied of [N, N / 2])
    expect(back({ applied, obstacle: "paid" }, { stood: true })).toEqual({ kind: "kept", why: "paid" });
  expect(back({ balance: null })).toEqual({ kind: "stuck", why: "card_gone" });
  expect(back({ elsewhere: true })).toEqual({ kind: "stuck", why: "gone" });
  expect(back({ balance: N })).toEqual({ kind: "ask", write: "take", amount: N });
  expect(back({ elsewhere: false })).toMatchObject({ kind: "look", missed: true });
  expect(back({ elsewhere: false }, { missingAt: new Date(-60_000) })).toMatchObject({
    kind: "look",
    missed: false,
  });
});

for (const reading of readings) {
  const words = JSON.stringify(reading);

  test(`a settlement ends as both or neither, whatever is lost or late (${words})`, () => {
    for (const undone of [true, false])
      for (const balance of [null, 0, 700])
        for (const { move, play } of ends(start({ undone }, { balance }), reading)) {
          const { journal, path } = play;
          const words = path.join(" · ");
          if (move.kind === "stands")
            expect([words, journal.applied, journal.balance]).toEqual([
              words,
              N,
              journal.late ? journal.balance : 0,
            ]);
          else if (move.kind === "returned") expect([words, journal.applied]).toEqual([words, 0]);
          else expect([words, move.kind]).toEqual([words, "stuck"]);
        }
  });

  test(`whatever hands do in the journal, points are never returned while they pay of a visit (${words})`, () => {
    let count = 0;
    for (const { move, play } of ends(start({ hands: 2, faults: 2, undone: false }), reading)) {
      const { journal, path, twice } = play;
      const words = path.join(" · ");
      count++;
      if (move.kind === "returned" && journal.late === null)
        // What came twice belongs to nobody, and may be used up by hand.
        expect([words, journal.applied + (twice ? 0 : journal.elsewhere)]).toEqual([words, 0]);
      if (move.kind === "stands") expect([words, journal.applied]).toEqual([words, N]);
    }
    expect(count).toBeGreaterThan(100);
  });
}

test("without faults it stands, and taken back nothing is left", () => {
  for (const reading of readings) {
    const quiet = ends(start({ faults: 0 }), reading);
    expect(quiet.map(({ move }) => move.kind)).toEqual(["stands"]);
    const back = start(
      {
        faults: 0,
        s: {
          goal: "return",
          amount: N,
          held: N,
          asked: null,
          vain: {},
          touched: true,
          stood: true,
          leftBefore: 316_000,
          missingAt: null,
        },
      },
      { applied: N, left: 266_000 },
    );
    expect(
      ends(back, reading).map(({ move, play }) => [move.kind, play.journal.applied, play.journal.balance]),
    ).toEqual([["returned", 0, 0]]);
  }
});

test("a bill that shows points otherwise than in the trial is given back, and nothing of it is left", () => {
  for (const falls of [0, 2] as const)
    for (const { move, play } of ends(start({ undone: false }), {
      cancelKeepsPoints: true,
      below: false,
      falls,
    })) {
      const words = play.path.join(" · ");
      expect([words, move.kind === "stands"]).toEqual([words, false]);
      if (move.kind === "returned") expect([words, play.journal.applied]).toEqual([words, 0]);
    }
});
