// A stream of what happens in a simulated world with one messenger, made from a seed.

import { atTheDesk, celebrated, invited, moved, programme } from "./chosen.ts";
import { forgeries } from "./forge.ts";
import { oddValues } from "./odd.ts";
import { Random } from "./random.ts";
import { adminCount, clientCount, programCount, type Step } from "./steps.ts";
import { firstTerms, invitations } from "./terms.ts";

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
export function streamOfOne(seed: number, length: number): Step[] {
  const random = new Random(seed);
  const steps: Step[] = [book(random), book(random)];
  for (let client = 0; client < clientCount - 1; client++)
    if (!random.once(5)) steps.push(...card(random, client));
  const twoBranches = random.once(4);
  // Most owners choose a programme; what they never touched is played as it was.
  const chosen = !random.once(3);
  if (chosen) steps.unshift(firstTerms(random));
  // In some of these worlds most who come are sent by somebody.
  const sent = chosen && random.once(3);
  if (sent) steps.splice(1, 0, invitations(random));
  // In others birthdays are: around the end of a year, or of a February that has 29 days or not.
  const celebrates = chosen && !sent && random.once(3);
  const begins = ["2026-12-02", "2027-01-20", "2028-01-20"];
  if (celebrates) {
    steps.splice(1, 0, { do: "terms", set: { BIRTHDAY_POINTS: "70" } });
    steps.unshift({ do: "begin", at: `${random.one(begins)}T09:00:00Z` });
  }
  const spends = chosen && !sent && !celebrates && random.once(2);
  // In some of the others clients have second numbers, which friends' rules would take for other people's.
  const twofold = chosen && !sent && !celebrates && !spends && random.once(2);
  if (twofold) steps.splice(1, 0, { do: "terms", set: { FRIEND_POINTS: "off" } });
  const own = twofold ? moved : programme;
  while (steps.length < length) {
    if (sent && random.once(6)) steps.push(...invited(random));
    else if (spends && random.once(8)) steps.push(...atTheDesk(random));
    else if (celebrates && random.once(16)) steps.push(...celebrated(random));
    else steps.push(...(chosen && random.once(12) ? own(random) : next(random, twoBranches)));
  }
  return [...steps, { do: "forge", how: random.one(Object.keys(forgeries)), at: random.below(100) }];
}

function next(random: Random, twoBranches: boolean): Step[] {
  if (random.once(14)) return rare(random);
  const make = random.weighed<(random: Random) => Step>([
    [10, book],
    [40, journal],
    [34, round],
    [14, person],
    [22, till],
    [12, fault],
    [6, kill],
  ]);
  const step = make(random);
  return [step.do === "book" && twoBranches ? { ...step, branch: random.below(2) } : step];
}

/** A card of the client's own, with points to spend. */
function card(random: Random, client: number): Step[] {
  const admin = random.below(adminCount);
  return [
    { do: "link", client },
    { do: "credit", admin, client, points: 5_000 + random.below(20_000), taps: 1 },
    { do: "answer", admin, yes: true }, // where an owner must agree
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
    [1, () => ({ do: "cover", record })],
    [1, () => ({ do: "sellCertificate", record, sum: price(random) })],
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
    [4, () => ({ do: "type", admin, client, bill: 100 + random.below(4_000), points: typed(random) })],
    [5, () => ({ do: "answer", admin, yes: !random.once(4) })],
    [4, () => ({ do: "undo", admin })],
    [2, () => ({ do: "together", client, bill: 100 + random.below(2_000) })],
    [3, () => ({ do: "late", back: 1 + random.below(6), times: random.one([1, 3]) })],
  ])();
}

/** Steps, what is none, and more than most cards hold. */
function typed(random: Random): number {
  return random.one([1, 10, 100, 1 + random.below(300), 100 * (1 + random.below(20)), 90_000]);
}

function fault(random: Random): Step {
  const yclients = ["401", "403", "429", "500", "slow", "cut", "half", "html", "noMoney", "shift"] as const;
  const telegram = ["403", "429", "500", "cut", "lost", "day", "twice", "slow"] as const;
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

const zones = ["Europe/Moscow", "Asia/Vladivostok", "Europe/Kaliningrad"];
const days = ["2026-03-01", "2026-03-06", "2026-03-09", "2026-03-12"];

/** What happens in few worlds, and takes several steps. */
function rare(random: Random): Step[] {
  const client = random.below(clientCount);
  const how = random.one(["prove", "unlink", "forget"] as const);
  return random.weighed<() => Step[]>([
    [8, () => odd(random)],
    [8, () => [{ do: "phone", client, whose: random.once(2) ? client : random.below(clientCount) }]],
    [6, () => learnt(random)],
    [6, () => mistyped(random)],
    [3, () => [{ do: "handover", client, how }]],
    [3, () => [{ do: "trouble" }]],
    [3, () => [{ do: "bot", bot: random.below(2) }]],
    [3, () => [{ do: "zone", branch: random.below(2), zone: random.one(zones) }]],
    [3, () => [{ do: "start", day: random.one(days) }]],
    [2, () => [{ do: "seal" }]],
  ])();
}

function odd(random: Random): Step[] {
  const at = random.below(100);
  if (random.once(6)) return [{ do: "oddContact", at }];
  return [{ do: "odd", field: random.one(Object.keys(oddValues)), at }];
}

/** A booking under somebody else's phone, which is put right before the visit is paid, or after. */
function mistyped(random: Random): Step[] {
  const [client, program] = [random.below(clientCount - 1), random.below(programCount)];
  const pass: Step = { do: "pass", program };
  const pay = { do: "pay", record: -1, sum: null, goods: 0, silent: random.once(3) } as const;
  const right: Step[] = [{ do: "phone", client, whose: client }, ...(random.once(2) ? [pass] : [])];
  const paid: Step[] = [pay, pass, { do: "wait", ms: 61_000 }, { do: "tell", program }];
  return [
    { do: "phone", client, whose: random.below(clientCount) },
    { do: "book", client, price: price(random), daysAgo: random.below(3), twin: false },
    pass,
    ...(random.once(3) ? [...paid, ...right] : [...right, ...paid]),
  ];
}

/**
 * Points are spent on the card of a client without a phone, and the journal learns it before or after any of it, while a
 * screen is open, or before the points are given back: at the till, or by the owner for a visit that was refunded.
 */
function learnt(random: Random): Step[] {
  const [admin, program, client] = [random.below(adminCount), random.below(programCount), clientCount - 1];
  const newest = (step: object) => ({ record: -1, ...step }) as Step;
  const pass: Step = { do: "pass", program };
  const learn: Step[] = [
    { do: "phone", client, whose: random.once(2) ? client : random.below(clientCount) },
    pass,
  ];
  const paid: Step[] = [
    { do: "book", client, price: 9_000_000, daysAgo: 1, twin: false },
    newest({ do: "pay", sum: null, goods: 0, silent: false }),
  ];
  const spent: Step[] = [
    ...[...paid, { do: "book", client, price: 30_000, daysAgo: 0, twin: false } as Step, pass],
    { do: "openToday", admin, record: -1 },
    { do: "press", admin },
  ];
  const back: Step[] = random.once(2)
    ? [{ do: "undo", admin }]
    : [newest({ do: "remove", silent: false }), pass, { do: "tell", program }, { do: "giveBack" }];
  const moments = [...spent, ...back];
  const at = 3 + random.below(moments.length - 2);
  return [...moments.slice(0, at), ...learn, ...moments.slice(at)];
}
