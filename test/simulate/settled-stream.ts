// What happens in simulated worlds whose spends settle, made from a seed: spends, faults of every call, and hands.

import type { YclientsFault } from "../../src/standins/yclients/faults.ts";
import { type LoyaltyReading, otherReadings } from "../../src/standins/yclients/readings.ts";
import { Random } from "./random.ts";
import { neverExcused } from "./settled-forge.ts";
import { adminCount, programCount, type Step } from "./steps.ts";

/** What is done by hand in a world: nothing, at visits, or at cards too. */
export type Hands = "none" | "visits" | "cards";

export const loyaltyCalls = {
  issue: /^\/loyalty\/cards\/\d+$/,
  move: /\/manual_transaction$/,
  apply: /\/apply_card_withdrawal\//,
  cancel: /\/cancel_card_withdrawal\//,
  record: /^\/record\//,
  cards: /\/client_cards\//,
  rows: /loyalty\/transactions/,
  sale: /\/sale\//,
} as const;
export const loyaltyAnswers = {
  "429": { status: 429 },
  "500 done": { status: 500, lateMs: 0 },
  "500 late": { status: 500, lateMs: 70_000 },
  "cut done": { cut: true, lateMs: 0 },
  "cut late": { cut: true, lateMs: 20_000 },
  "cut, not done": { cut: true, undone: true },
  "half, not done": { half: true, undone: true },
  page: { html: true, lateMs: 40_000 },
  "403": { status: 403 },
  "422": { status: 422 },
  no: { successFalse: true },
} satisfies Record<string, YclientsFault>;
const clients = 3;

/** A step of such a world; the others' steps happen in it as well. */
export type SettledStep =
  | Step
  /** The first step: how YCLIENTS behaves, what is done by hand, how much of a bill points may pay. */
  | { do: "opens"; reading: Partial<LoyaltyReading>; hands: Hands; percent: string }
  /** `plain`: in spite of it the visit's bill is left to the admin. */
  | { do: "spendOn"; admin: number; record: number; taps: number; plain: boolean }
  | { do: "settle" | "watch"; program: number }
  | { do: "settles"; on: boolean }
  | { do: "loyalty"; call: keyof typeof loyaltyCalls; answer: keyof typeof loyaltyAnswers; times: number }
  | { do: "atCard"; client: number; how: "withdraw" | "cancel" | "credit" | "empty"; record: number }
  | { do: "receipt" | "certificate"; record: number }
  | { do: "lookAgain" };

/** A stream of `length` steps. Half of the worlds are as it hurts most; the others have some of the other readings together. */
export function settledStream(seed: number, length: number): SettledStep[] {
  const random = new Random(seed);
  const names = Object.keys(otherReadings) as (keyof LoyaltyReading)[];
  const chosen = random.once(2) ? [] : Array.from({ length: 1 + random.below(4) }, () => random.one(names));
  const reading: Partial<LoyaltyReading> = Object.assign(
    {},
    ...chosen.map((name) => ({ [name]: random.one(otherReadings[name] as unknown[]) })),
  );
  const hands = random.one<Hands>(["none", "none", "visits", "cards"]);
  const steps: SettledStep[] = [
    { do: "opens", reading, hands, percent: random.one(["100", "50", "7"]) },
    ...Array.from({ length: clients }, (_, client): Step[] => [
      { do: "link", client },
      { do: "credit", admin: 0, client, points: 4_000 + random.below(20_000), taps: 1 },
      { do: "answer", admin: 0, yes: true },
    ]).flat(),
    ...visit(random),
  ];
  while (steps.length < length) steps.push(...next(random, hands));
  return [...steps, { do: "forge", how: random.one(neverExcused), at: 0 }];
}

function visit(random: Random): Step[] {
  const price = random.one([100_000, 316_000, 33_333, 250_050, 5_000]);
  const booked = { client: random.below(clients), price, daysAgo: 0, twin: random.once(5) };
  return [
    { do: "book", ...booked },
    { do: "pass", program: random.below(programCount) },
  ];
}

function next(random: Random, hands: Hands): SettledStep[] {
  const [admin, program] = [random.below(adminCount), random.below(programCount)];
  const record = random.below(20);
  const spend = (): SettledStep => ({
    do: "spendOn",
    admin,
    record: -1 - random.below(4),
    taps: random.one([1, 1, 2]),
    plain: random.once(8),
  });
  const one = (step: SettledStep) => () => [step];
  return random.weighed<() => SettledStep[]>([
    [6, () => [...visit(random), spend()]],
    [8, () => [spend()]],
    [5, one({ do: "undo", admin })],
    [8, one({ do: "settle", program })],
    [2, () => [0, 1].map((each): SettledStep => ({ do: "settle", program: each }))],
    [3, one({ do: "watch", program })],
    [8, one({ do: "wait", ms: random.one([5_000, 16_000, 31_000, 61_000, 91_000, 600_000]) })],
    [3, one({ do: "pass", program })],
    [3, one({ do: "tell", program })],
    [8, () => [fault(random)]],
    [
      3,
      one({
        do: "kill",
        program,
        death: { message: 1 + random.below(60), when: random.one(["before", "after"]) },
      }),
    ],
    [2, one({ do: "postgres", fault: random.one(["killed", "slow"]) })],
    [2, one({ do: "mend" })],
    [1, one({ do: "settles", on: !random.once(3) })],
    [1, one({ do: "lookAgain" })],
    [1, one({ do: "giveBack" })],
    [hands === "none" ? 0 : 5, () => [atVisit(random, record)]],
    [hands === "cards" ? 5 : 0, () => [atCard(random, record)]],
  ])();
}

const keys = <T extends object>(of: T) => Object.keys(of) as (keyof T)[];

function fault(random: Random): SettledStep {
  return {
    do: "loyalty",
    call: random.one(keys(loyaltyCalls)),
    answer: random.one(keys(loyaltyAnswers)),
    times: random.one([1, 1, 2, 4]),
  };
}

function atVisit(random: Random, record: number): SettledStep {
  const silent = random.once(3);
  return random.one<SettledStep>([
    { do: "pay", record, sum: null, goods: 0, silent },
    { do: "pay", record, sum: 10_000, goods: 0, silent },
    { do: "price", record, sum: random.one([100, 20_000, 200_000]) },
    { do: "refund", record },
    { do: "remove", record, silent },
    { do: "restore", record, silent },
    { do: "noShow", record, silent },
    { do: "attend", record, silent },
    { do: "receipt", record },
    { do: "certificate", record },
  ]);
}

function atCard(random: Random, record: number): SettledStep {
  const how = random.one(["withdraw", "cancel", "credit", "empty"] as const);
  return { do: "atCard", client: random.below(clients), how, record };
}
