// What can happen in a simulated world, and a stream of it made from a seed. Steps are plain data, so that a stream can
// be printed, shortened and played again; who and what they mean by number exists in every world.

import { Random } from "./random.ts";
import type { Death } from "./wires.ts";

/** How many there are of each in every world. */
export const clientCount = 5;
export const adminCount = 2;
export const programCount = 2;

/** Sums are kopecks, points are whole, times are milliseconds. `silent`: the journal's stamp does not move. */
export type Step =
  | { do: "book"; client: number | null; price: number; daysAgo: number; twin: boolean }
  | { do: "pay"; record: number; sum: number | null; goods: number; silent: boolean }
  | { do: "price"; record: number; sum: number }
  | { do: "refund"; record: number }
  | { do: "refundPart"; record: number; sum: number }
  | { do: "attend" | "noShow" | "remove" | "restore"; record: number; silent: boolean }
  | { do: "prepay" | "repeat"; record: number }
  | { do: "give"; record: number; client: number }
  | { do: "reschedule"; record: number; days: number }
  | { do: "spoil"; record: number; how: "noOperations" | "text" | "noId" }
  | { do: "pass" | "sweep" | "tell" | "digest"; program: number }
  | { do: "race" }
  | { do: "wait"; ms: number }
  | { do: "skew"; program: number; ms: number }
  | { do: "link" | "block" | "return" | "unlink" | "forget"; client: number }
  | { do: "steal"; client: number; from: number }
  | { do: "ask"; client: number; text: string }
  | { do: "spend"; admin: number; client: number; bill: number; taps: number }
  | { do: "credit" | "debit"; admin: number; client: number; points: number; taps: number }
  | { do: "move"; admin: number; client: number; to: number; points: number }
  | { do: "undo"; admin: number }
  | { do: "together"; client: number; bill: number }
  | { do: "late"; back: number; times: number }
  | {
      do: "yclients";
      fault: "401" | "403" | "429" | "500" | "slow" | "cut" | "half" | "html" | "noMoney" | "shift";
    }
  | { do: "telegram"; fault: "403" | "429" | "500" | "cut" | "lost" | "day" | "twice" }
  | { do: "postgres"; fault: "killed" | "full" | "slow" }
  | { do: "hints"; times: number }
  | { do: "mend" }
  | { do: "kill"; program: number; death: Death };

const texts = [
  "/balance",
  "/history",
  "/why",
  "/card",
  "/help",
  "/mydata",
  "привет",
  "/credit 1",
  "=1+1",
  "/start",
];

/** A stream of `length` steps. It begins with visits, and with cards that hold points: nothing can happen to none. */
export function stream(seed: number, length: number): Step[] {
  const random = new Random(seed);
  const steps: Step[] = [book(random), book(random)];
  for (let client = 0; client < clientCount - 1; client++)
    if (!random.once(5)) steps.push(...card(random, client));
  while (steps.length < length) steps.push(next(random));
  return steps;
}

function next(random: Random): Step {
  const make = random.weighed<(random: Random) => Step>([
    [10, book],
    [40, journal],
    [34, round],
    [14, person],
    [22, till],
    [12, fault],
    [6, kill],
  ]);
  return make(random);
}

/** A card of the client's own, with points to spend. */
function card(random: Random, client: number): Step[] {
  const admin = random.below(adminCount);
  return [
    { do: "link", client },
    { do: "credit", admin, client, points: 5_000 + random.below(20_000), taps: 1 },
  ];
}

function book(random: Random): Step {
  const client = random.once(12) ? null : random.below(clientCount);
  return { do: "book", client, price: price(random), daysAgo: random.below(6) - 1, twin: random.once(6) };
}

/** Round sums, odd ones, and the edges of rounding. */
function price(random: Random): number {
  return random.weighed([
    [4, 100_00 + random.below(60) * 50_00],
    [3, 1 + random.below(500_000)],
    [1, random.one([49, 50, 51, 149, 150, 1_152_381, 100_000_000])],
  ]);
}

function journal(random: Random): Step {
  const record = random.below(100);
  const silent = random.once(5);
  return random.weighed<() => Step>([
    [20, () => ({ do: "pay", record, sum: null, goods: random.once(4) ? price(random) : 0, silent })],
    [4, () => ({ do: "pay", record, sum: price(random), goods: 0, silent })],
    [4, () => ({ do: "prepay", record })],
    [6, () => ({ do: "price", record, sum: price(random) })],
    [6, () => ({ do: "refund", record })],
    [3, () => ({ do: "refundPart", record, sum: price(random) })],
    [4, () => ({ do: "attend", record, silent })],
    [4, () => ({ do: "noShow", record, silent })],
    [3, () => ({ do: "remove", record, silent })],
    [3, () => ({ do: "restore", record, silent })],
    [3, () => ({ do: "give", record, client: random.below(clientCount) })],
    [2, () => ({ do: "reschedule", record, days: random.below(5) - 2 })],
    [2, () => ({ do: "repeat", record })],
    [2, () => ({ do: "spoil", record, how: random.one(["noOperations", "text", "noId"] as const) })],
  ])();
}

function round(random: Random): Step {
  const program = random.below(programCount);
  return random.weighed<() => Step>([
    [20, () => ({ do: "pass", program })],
    [3, () => ({ do: "sweep", program })],
    [14, () => ({ do: "tell", program })],
    [2, () => ({ do: "digest", program })],
    [4, () => ({ do: "race" })],
    [8, () => ({ do: "wait", ms: random.one([1_000, 31_000, 61_000, 61_000, 3_700_000]) })],
    [2, () => ({ do: "wait", ms: random.one([36_000_000, 86_400_000]) })],
    [1, () => ({ do: "skew", program, ms: random.one([0, -7_200_000, 7_200_000, 90_000, -90_000]) })],
  ])();
}

function person(random: Random): Step {
  const client = random.below(clientCount);
  return random.weighed<() => Step>([
    [8, () => ({ do: "link", client })],
    [8, () => ({ do: "ask", client, text: random.one(texts) })],
    [2, () => ({ do: "block", client })],
    [2, () => ({ do: "return", client })],
    [1, () => ({ do: "unlink", client })],
    [1, () => ({ do: "forget", client })],
    [2, () => ({ do: "steal", client, from: random.below(clientCount) })],
  ])();
}

function till(random: Random): Step {
  const [admin, client] = [random.below(adminCount), random.below(clientCount)];
  const taps = random.one([1, 1, 1, 2, 5]);
  const points = 1 + random.below(900);
  return random.weighed<() => Step>([
    [8, () => ({ do: "credit", admin, client, points, taps })],
    [8, () => ({ do: "spend", admin, client, bill: 100 + random.below(4_000), taps })],
    [3, () => ({ do: "debit", admin, client, points, taps })],
    [2, () => ({ do: "move", admin, client, to: random.below(clientCount), points })],
    [4, () => ({ do: "undo", admin })],
    [2, () => ({ do: "together", client, bill: 100 + random.below(2_000) })],
    [3, () => ({ do: "late", back: 1 + random.below(6), times: random.one([1, 3]) })],
  ])();
}

function fault(random: Random): Step {
  const yclients = ["401", "403", "429", "500", "slow", "cut", "half", "html", "noMoney", "shift"] as const;
  const telegram = ["403", "429", "500", "cut", "lost", "day", "twice"] as const;
  return random.weighed<() => Step>([
    [10, () => ({ do: "yclients", fault: random.one(yclients) })],
    [8, () => ({ do: "telegram", fault: random.one(telegram) })],
    [4, () => ({ do: "postgres", fault: random.one(["killed", "full", "slow"] as const) })],
    [6, () => ({ do: "mend" })],
    [3, () => ({ do: "hints", times: random.below(3) })],
  ])();
}

function kill(random: Random): Step {
  const when = random.one(["before", "after"] as const);
  return { do: "kill", program: random.below(programCount), death: { message: 1 + random.below(40), when } };
}
