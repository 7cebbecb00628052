// What happens in a simulated world whose owner has chosen a programme: other terms and levels, days that pass, birthdays, friends.

import type { Random } from "./random.ts";
import { adminCount, clientCount, newcomerCount, programCount, type Step } from "./steps.ts";
import { otherLevels, otherSpending, otherTerms, passing } from "./terms.ts";

/** Around the least bills that an owner may ask for. */
const prices = [29_949, 29_950, 99_999, 100_000, 250_000];

/** The owner chooses otherwise, levels change, days pass, or the journal learns of a birthday. */
export function programme(random: Random): Step[] {
  if (random.once(4)) return otherTerms(random);
  if (random.once(2)) return invited(random);
  const client = random.below(clientCount);
  if (random.once(2)) return levelDeeds(random, client);
  return random.once(2) ? [passing(random)] : [birthday(random, client)];
}

/** The journal learns of it, or the client says it. */
function birthday(random: Random, client: number): Step {
  const inDays = random.once(5) ? "02-29" : random.below(60);
  return { do: random.one(["birthday", "sayBirthday"] as const), client, inDays };
}

/** The days until a birthday go by, to the day of its gift and beyond; the visit that bears it out may go. */
export function celebrated(random: Random): Step[] {
  const [client, program] = [random.below(clientCount - 1), random.below(programCount)];
  const newest = (step: object) => ({ record: -1, silent: random.once(4), ...step }) as Step;
  const known = () =>
    ({ ...birthday(random, client), inDays: random.one([27, 30, 36, 45, "02-29"]) }) as Step;
  const gone = newest({ do: random.one(["refund", "remove", "noShow"] as const) });
  return [
    ...(random.once(6) ? [] : [{ do: "link", client } as const]),
    known(),
    ...(random.once(3) ? [known()] : []),
    { do: "book", client, price: random.one(prices), daysAgo: 0, twin: false },
    ...(random.once(8) ? [] : [newest({ do: "pay", sum: null, goods: 0 })]),
    { do: "pass", program },
    { do: "days", days: random.one([33, 36, 40]) },
    ...(random.once(4) ? [known()] : []),
    ...(random.once(2) ? [gone, { do: "pass", program } as const, { do: "days", days: 7 } as const] : []),
  ];
}

/** A client pays with points again and again, by some rules of spending that may change meanwhile, for visits of the day or none. */
export function atTheDesk(random: Random): Step[] {
  const [admin, client, program] = [adminCount, clientCount - 1, programCount].map((of) => random.below(of));
  const at = { admin: admin ?? 0, client: client ?? 0 };
  const bill = () => random.one([random.below(900) + 100, 999, 1_000, 2_500, 100 * random.below(40) + 100]);
  const points = () => random.one([1, 10, 50, 100, 100 * random.below(9) + 100]);
  const pay = (): Step =>
    random.once(3)
      ? { do: "type", ...at, bill: bill(), points: points() }
      : { do: "spend", ...at, bill: bill(), taps: random.one([1, 1, 2]) };
  const record = -1;
  const visit = (): Step[] => [
    { do: "book", client: at.client, price: 100 * bill(), daysAgo: 0, twin: random.once(6) },
    ...(random.once(4)
      ? [
          random.one<Step>([
            { do: "cover", record },
            { do: "prepay", record },
          ]),
        ]
      : []),
    ...(random.once(4) ? [{ do: "sellCertificate", record, sum: 100 * bill() } as const] : []),
    { do: "pass", program: program ?? 0 },
  ];
  const answer: Step = { do: "answer", admin: at.admin, yes: !random.once(4) };
  return [
    ...[otherSpending(random), { do: "link", client: at.client } as const],
    ...[
      { do: "credit", ...at, points: 100 + random.below(2_000), taps: 1 } as const,
      { ...answer, yes: true },
    ],
    ...(random.once(2) ? visit() : []),
    ...(random.once(3)
      ? [
          { do: "open", ...at, bill: bill() } as const,
          otherSpending(random),
          { do: "press", admin: at.admin } as const,
        ]
      : []),
    ...[pay(), answer, ...(random.once(3) ? [{ do: "undo", admin: at.admin } as const] : []), pay(), answer],
    ...(random.once(2) ? [...visit(), pay(), answer] : []),
  ];
}

/** The same without friends, where clients have second numbers: nobody is sent by one of themselves. */
export function moved(random: Random): Step[] {
  const client = random.below(clientCount);
  if (random.once(3)) return [{ do: "second", client, yes: !random.once(4) }];
  return random.once(3) ? [passing(random)] : levelDeeds(random, client);
}

/** Somebody comes by a client's invitation, mostly for the first time; the visit may go again, and come back. */
export function invited(random: Random): Step[] {
  const friend = random.once(5) ? random.below(clientCount) : clientCount + random.below(newcomerCount);
  const [desk, program] = [random.below(adminCount), random.below(programCount)];
  // Some invite more than the limits allow.
  const client = random.once(12) ? friend : random.below(random.once(2) ? 1 : clientCount);
  const how = random.one(["link", "open", "desk"] as const);
  const pass: Step = { do: "pass", program };
  const sweep: Step = { do: "sweep", program };
  const newest = (step: object) => ({ record: -1, silent: random.once(4), ...step }) as Step;
  const visit: Step[] = [
    {
      do: "book",
      client: friend,
      price: random.one(prices),
      daysAgo: random.one([0, 0, 0, -1, 1]),
      twin: random.once(6),
    },
    newest({ do: "attend" }),
    newest({ do: "pay", sum: null, goods: 0 }),
  ];
  const invite: Step = { do: "invite", client, friend, how, desk };
  const about: Step = random.once(12)
    ? { do: "hire", client: random.one([client, friend]) }
    : { do: random.one(["link", "link", "link", "unlink", "forget"] as const), client: friend };
  const gone = newest({ do: random.one(["refund", "remove", "noShow", "give"] as const), client });
  const days = () => ({ do: "days", days: random.one([1, 2, 5, 9]) }) as const;
  // Long before the programme: the journal alone knows it, perhaps that of another branch.
  const old: Step = {
    ...visit[0],
    price: 90_000,
    daysAgo: 200,
    twin: false,
    branch: random.below(2),
  } as Step;
  return [
    ...(random.once(8) ? [old] : []),
    ...(random.once(8)
      ? [...visit, pass, invite]
      : [invite, ...(random.once(3) ? [about] : []), ...visit, pass]),
    ...(random.once(8) ? [] : [days()]),
    ...(random.once(3) ? [gone, ...(random.once(2) ? [sweep, sweep] : [pass]), days()] : []),
    ...(random.once(12) ? [newest({ do: "restore" }), days()] : []),
  ];
}

/** Levels change and an owner decides, give one by hand, or a client's visits grow old. */
function levelDeeds(random: Random, client: number): Step[] {
  const program = random.below(programCount);
  const pass: Step = { do: "pass", program };
  const levelled = otherLevels(random);
  const paid: Step[] = [
    { do: "book", client, price: 100_00 * (1 + random.below(90)), daysAgo: 0, twin: false },
    ...[{ do: "pay", record: -1, sum: null, goods: 0, silent: false } as Step, pass],
  ];
  const how = random.one(["accept", "accept", "twice", "leave"] as const);
  const byHand: Step = {
    do: "level",
    client,
    place: 1 + random.below(4),
    days: random.one([0, 2, 20, 60, 1_200]),
  };
  const back: Step = { do: "levelBack", taps: random.one([1, 2]) };
  return random.weighed<() => Step[]>([
    [4, () => [...otherLevels(random), { do: "programme", how }, passing(random), ...paid]],
    // Accepted, and wanted no more, or something else, before its day or after it.
    [2, () => [{ do: "programme", how }, passing(random), ...otherLevels(random), passing(random)]],
    [1, () => [{ do: "programme", how: "late" }]],
    [3, () => [byHand, ...paid, ...(random.once(2) ? [back] : []), ...paid]],
    [1, () => [back]],
    [3, () => [...levelled, ...paid, month, ...(random.once(2) ? paid : []), month, ...paid]],
    [2, () => [...levelled, ...paid, { do: "refund", record: -1 }, pass, month, ...paid, month]],
  ])();
}

const month: Step = { do: "days", days: 33 };
