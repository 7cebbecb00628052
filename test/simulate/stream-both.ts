// A stream of what happens in a simulated world whose salon has MAX beside Telegram: that of a world with one messenger, where people
// write in either, and what only two of them bring.

import { besideTelegram, type Where } from "./messengers.ts";
import { Random } from "./random.ts";
import { clientCount, type MaxTrouble, type Outage, programCount, type Step } from "./steps.ts";
import { streamOfOne } from "./stream.ts";

/** Worlds of which each has both messengers. */
export function maxStream(seed: number, length: number): Step[] {
  return withBoth(new Random(~seed), streamOfOne(seed, length), { often: 3, polls: true });
}

/** A stream as usual, of which every third has both; nobody waits for another stream because of it. */
export function stream(seed: number, length: number): Step[] {
  const random = new Random(~seed);
  const steps = streamOfOne(seed, length);
  return random.once(3) ? withBoth(random, steps, { often: 9, polls: false }) : steps;
}

function withBoth(random: Random, steps: Step[], of: { often: number; polls: boolean }): Step[] {
  const last = steps.findLastIndex(({ do: name }) => name !== "forge");
  const both = steps.flatMap((step, at) => [
    somewhere(random, step),
    ...(at < last && random.once(of.often) ? between(random) : []),
  ]);
  return [{ do: "messengers", ...besideTelegram(random, of.polls) }, ...both];
}

/** What is done by people, done in either messenger; what goes wrong with one. */
function somewhere(random: Random, step: Step): Step {
  if (step.do === "telegram" && random.once(2)) return { do: "max", fault: random.one(troubles) };
  return "client" in step && writes.has(step.do) && random.once(2) ? ({ ...step, on: "max" } as Step) : step;
}

const writes = new Set<Step["do"]>([
  ...(["link", "block", "return", "unlink", "forget", "second", "steal", "ask", "handover"] as const),
  ...(["sayBirthday", "invite"] as const),
]);
const troubles: MaxTrouble[] = ["403", "429", "500", "cut", "lost", "html", "no", "slow", "twice"];
const wheres: Where[] = ["telegram", "max"];
const outages: Outage[] = ["refused", "cut", "lost", "500", "html"];

function between(random: Random): Step[] {
  const client = random.below(clientCount);
  const on = random.one(wheres);
  return random.weighed<() => Step[]>([
    [8, () => linkBoth(random, client)],
    [4, () => [{ do: "same", client, yes: !random.once(3), on: random.one(wheres) }]],
    [4, () => [{ do: "carry", client, on: random.once(5) ? "max" : "telegram" }]],
    [
      6,
      () => [
        { do: "ask", client, text: random.one(["/balance", "/history", "/why", "/card", "/mydata"]), on },
      ],
    ],
    [3, () => [{ do: "block", client, on }]],
    [2, () => wheres.map((where): Step => ({ do: "block", client, on: where }))],
    [4, () => [{ do: "return", client, on }]],
    [2, () => [{ do: "everywhere", client, on }]],
    [2, () => [{ do: "putOff", client, on }]],
    [1, () => [{ do: "unlink", client, on }]],
    [2, () => [{ do: "handover", client, how: "prove", on }]],
    [4, () => [{ do: "max", fault: random.one(troubles) }]],
    [6, () => outage(random, client)],
  ])();
}

/** The card is in both, in either order. */
function linkBoth(random: Random, client: number): Step[] {
  const first = random.one(wheres);
  const second = first === "max" ? "telegram" : "max";
  return [
    { do: "link", client, on: first },
    { do: "link", client, on: second },
    ...(random.once(2) ? [{ do: "same", client, yes: !random.once(3), on: first } as Step] : []),
    ...(random.once(4) ? [{ do: "putOff", client, on: second } as Step] : []),
  ];
}

/** One messenger is away for minutes or hours while something is to be told; before its end the client may leave one of them. */
function outage(random: Random, client: number): Step[] {
  const which = random.one(wheres);
  const program = () => random.below(programCount);
  const tell = (): Step => ({ do: "tell", program: program() });
  const wait = (ms: number): Step => ({ do: "wait", ms });
  const visit: Step[] = [
    { do: "book", client, price: 100_00 * (1 + random.below(90)), daysAgo: 0, twin: false },
    { do: "pay", record: -1, sum: null, goods: 0, silent: false },
    { do: "pass", program: program() },
    wait(61_000),
  ];
  const credit: Step = { do: "credit", admin: 0, client, points: 1 + random.below(900), taps: 1 };
  const during: Step[] = [
    ...(random.once(2) ? visit : [credit]),
    tell(),
    wait(random.one([61_000, 130_000])),
    tell(),
  ];
  return [
    ...(random.once(3) ? linkBoth(random, client) : []),
    ...(random.once(2) ? [{ do: "ask", client, text: "/balance", on: which } as Step] : []),
    { do: "away", which, how: random.one(outages) },
    ...during,
    ...(random.once(3) ? [] : [wait(301_000), tell(), wait(61_000), tell()]),
    ...(random.once(4) ? [{ do: "block", client, on: random.one(wheres) } as Step, tell()] : []),
    ...(random.once(3) ? [wait(random.one([3_600_000, 14_400_000])), tell()] : []),
    { do: "mend" },
    ...[wait(61_000), tell()],
  ];
}
