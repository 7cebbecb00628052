/** One world for each kind of hand of the simulator, as short as it can be: what a mutant of that kind cannot pass. */
import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { everything, longTest } from "../helpers/installed.ts";
import { forgeries } from "./forge.ts";
import { oddValues } from "./odd.ts";
import { simulate } from "./spawn.ts";
import type { Step } from "./steps.ts";

const pass: Step = { do: "pass", program: 0 };
const tell: Step = { do: "tell", program: 1 };
const minute: Step = { do: "wait", ms: 61_000 };
const pay: Step = { do: "pay", record: -1, sum: null, goods: 0, silent: false };
const book = (client: number, price = 300_000, more: object = {}): Step => ({
  ...{ do: "book", client, price, daysAgo: 0, twin: false },
  ...more,
});
const phone = (client: number, whose: number): Step => ({ do: "phone", client, whose });
const credit = (client: number, points: number): Step => ({
  do: "credit",
  admin: 0,
  client,
  points,
  taps: 1,
});
const spend = (client: number, bill: number): Step => ({ do: "spend", admin: 0, client, bill, taps: 1 });
const level = (client: number, place: number, days: number): Step => ({ do: "level", client, place, days });
const balance = (client: number): Step => ({ do: "ask", client, text: "/balance" });
const month: Step = { do: "days", days: 33 };
const press: Step = { do: "press", admin: 0 };
const undo: Step = { do: "undo", admin: 0 };

const type = (client: number, bill: number, points: number): Step => ({
  ...{ do: "type", admin: 0, client, bill, points },
});
const [yes, no] = [true, false].map((yes): Step => ({ do: "answer", admin: 0, yes })) as [Step, Step];
const set = (set: Record<string, string>): Step => ({ do: "terms", set });
/** A card with points to spend. */
const held: Step[] = [{ do: "link", client: 0 }, credit(0, 500)];

/** Somebody with a card, whose phone the fifth client turns out to have: they gave none, and spend from the list of the day. */
const phoneless: Step[] = [
  ...[{ do: "link", client: 1 } as Step, book(4, 9_000_000, { daysAgo: 1 }), pay, book(4, 30_000), pass],
  { do: "openToday", admin: 0, record: -1 },
];
const learnt = [phone(4, 1), pass];
const linked = [0, 1, 2].map((client): Step => ({ do: "link", client }));
const rows = [0, 1, 2].flatMap((client) => [credit(client, 500 + client), spend(client, 300 + client)]);

interface Play {
  faults: string[];
  tally: Record<string, number>;
}

/** What happens, and what must have come of it, by the names of the simulator's own tally: else nothing was tried. */
const worlds: Record<string, [steps: Step[], came: Record<string, number>]> = {
  "a value at the edge of each column, the good ones beside it": [
    [
      ...[book(0), pay],
      ...Object.entries(oddValues).flatMap(([field, values]) =>
        values.map((_, at): Step => ({ do: "odd", field, at })),
      ),
      ...[pass, book(1), pay, pass],
    ],
    {},
  ],
  "contacts of odd numbers": [Array.from({ length: 15 }, (_, at) => ({ do: "oddContact", at })), {}],
  "a phone put right before the visit is paid": [
    [phone(0, 1), book(0), pass, phone(0, 0), pay, pass, minute, tell],
    { "made: award": 1 },
  ],
  "a phone put right after it was paid": [
    [phone(0, 1), book(0), pay, pass, phone(0, 0), pass],
    { "made: award": 1 },
  ],
  "an overpaid visit": [
    [book(0, 300_000), { do: "pay", record: -1, sum: 310_000, goods: 0, silent: false }, pass],
    { "made: award": 1 },
  ],
  "points spent, the card merged, the spend undone": [
    [...phoneless, press, ...learnt, undo],
    { "made: spend": 1, "made: undo": 1, "made: opening": 2 },
  ],
  "a screen open, the card merged, its button pressed": [
    [...phoneless, ...learnt, press],
    { "made: spend": 1 },
  ],
  "a refund offered, the card merged, the points given back": [
    [
      ...[...phoneless, press, { do: "remove", record: -1, silent: false } as Step, pass],
      ...[{ do: "tell", program: 0 } as Step, ...learnt, { do: "giveBack" } as Step],
    ],
    { "made: spend": 1, "made: credit": 1, "made: opening": 2 },
  ],
  "a card proved by another account while its message waits": [
    [{ do: "handover", client: 0, how: "prove" }],
    { "made: award": 9 },
  ],
  "a card let go while its message waits": [
    [{ do: "handover", client: 0, how: "unlink" }],
    { "made: award": 9 },
  ],
  "a person forgotten while their message waits": [
    [{ do: "handover", client: 0, how: "forget" }],
    { "made: award": 9 },
  ],
  "trouble told by two programs at once, and its end": [[{ do: "trouble" }], {}],
  "another bot, whose numbers begin again": [
    [
      ...linked,
      ...[0, 1].flatMap((bot): Step[] => [
        { do: "bot", bot },
        ...[credit(0, 700 + bot), spend(0, 400 + bot), undo],
      ]),
    ],
    { "made: credit": 2, "made: spend": 2, "made: undo": 2 },
  ],
  "a zone that is corrected": [
    [book(0), pay, pass, { do: "zone", branch: 0, zone: "Asia/Vladivostok" }, book(1), pay, pass],
    { "made: award": 2 },
  ],
  "a start moved forward and back": [
    [
      ...[book(0, 100_000, { daysAgo: 4 }), pay, pass, { do: "start", day: "2026-03-09" } as Step],
      ...[
        book(0, 200_000, { daysAgo: 3 }),
        pay,
        pass,
        minute,
        pass,
        { do: "start", day: "2026-03-01" } as Step,
      ],
    ],
    { "made: award": 2 },
  ],
  "a bill too small, and one of just enough": [
    [...held, set({ SPEND_LEAST_BILL: "1000" }), spend(0, 999), spend(0, 1_000)],
    { "made: spend": 1, "the till said: least, nothing": 1 },
  ],
  "points in steps, on the button and typed": [
    [...held, set({ SPEND_STEP: "100" }), type(0, 3_000, 150), type(0, 3_000, 200), spend(0, 3_100)],
    { "made: spend": 2 },
  ],
  "a share of the bill": [
    [...held, set({ SPEND_MAX_PERCENT: "50" }), spend(0, 400)],
    { "made: spend": 1, "the till said: share": 1 },
  ],
  "as often a day as may be, once more where one was taken back, and the next day": [
    [
      ...[...held, set({ CARD_DAILY_ACTS: "1" }), type(0, 400, 10), undo, type(0, 600, 20), spend(0, 700)],
      ...[{ do: "days", days: 1 } as Step, spend(0, 800)],
    ],
    { "made: spend": 3, "made: undo": 1, "the till said: acts, nothing": 1 },
  ],
  "services alone, until they are paid: another record that changes pays none of them once more": [
    [
      ...[...held, set({ SPEND_ON: "services" }), spend(0, 400), book(0, 10_000), pass, spend(0, 400)],
      ...[spend(0, 500), book(0, 20_000), pay, pass, spend(0, 600)],
    ],
    { "made: spend": 1, "the till said: services": 1, "the till said: services, nothing": 3 },
  ],
  "a visit that a certificate pays, and one in which one is sold": [
    [
      ...[...held, set({ SPEND_ON: "services" }), book(0, 30_000), { do: "cover", record: -1 } as Step, pass],
      ...[spend(0, 400), book(0, 20_000), { do: "sellCertificate", record: -1, sum: 500_000 } as Step, pass],
      ...[spend(0, 600), set({ PAID_BY: "prices" }), pass, set({ PAID_BY: "payments" }), pay, pass],
    ],
    {
      "made: spend": 1,
      "made: award": 2,
      "the till said: services": 1,
      "the till said: services, nothing": 1,
    },
  ],
  "the admin's day at its end": [
    [...held, set({ ADMIN_DAILY_LIMIT: "600" }), spend(0, 400), credit(0, 50), spend(0, 300)],
    { "made: spend": 1, "made: credit": 1, "the till said: day, nothing": 1 },
  ],
  "an owner's no, an owner's yes, and a yes to what the rules do not let any more": [
    [
      ...[...held, ...linked.slice(1), set({ SECOND_ADMIN_ABOVE: "100" }), spend(0, 400), no],
      ...[spend(0, 300), yes, credit(1, 300), yes, spend(1, 250), set({ SPEND_LEAST_BILL: "1000" }), yes],
    ],
    { "made: spend": 1, "made: credit": 2 },
  ],
  "another rule under an open screen": [
    [
      ...[...held, { do: "open", admin: 0, client: 0, bill: 350 } as Step, set({ SPEND_STEP: "100" })],
      ...[press, press],
    ],
    { "made: spend": 1 },
  ],
  "other terms between visits, which keep their own": [
    [
      ...[book(0), pay, pass, set({ BONUS_PERCENT: "10", EARN_ON: "services", EARN_WHEN: "arrived" })],
      ...[
        book(0),
        { ...pay, goods: 90_000 } as Step,
        pass,
        { do: "attend", record: -1, silent: false } as Step,
      ],
      ...[pass, set({ PAID_BY: "prices" }), { do: "refund", record: 0 } as Step, pass],
    ],
    { "made: award": 2, "made: correction": 1 },
  ],
  "two branches with the same numbers": [
    [
      ...[book(0), pay, book(1, 500_000, { branch: 1 }), pay, pass, pass],
      ...[{ do: "refund", record: 0 } as Step, minute, pass, minute, tell],
    ],
    { "made: award": 2, "made: correction": 1 },
  ],
  "a second number that is proved and kept, or that takes the points along, and begins anew there": [
    [
      { do: "terms", set: { LEVELS: "0:1,1000:3,5000:5.5", WELCOME_POINTS: "300" } },
      ...[linked[0] as Step, book(0, 600_000), pay, pass, { do: "second", client: 0, yes: false } as Step],
      ...[{ do: "second", client: 0, yes: true } as Step, book(0, 10_000), pay, pass],
      ...[linked[1] as Step, { do: "second", client: 1, yes: true } as Step],
    ],
    { "moved to a second number": 2, "awarded by a level of 5.5 %": 1 },
  ],
  "levels given by hand and taken back, worse ones accepted, told and in force, and a level that is lost": [
    [
      { do: "terms", set: { LEVELS: "0:1,1000:3,5000:5.5", LEVELS_OVER: "1 month" } },
      ...[...linked, book(0, 600_000), pay, book(1, 10_000), pay, pass, minute, tell],
      ...[level(1, 2, 20), level(1, 9, 20), book(1, 10_000), pay, pass, balance(0), balance(1)],
      { do: "levelBack", taps: 2 },
      { do: "terms", set: { LEVELS: "0:2,1000:3,2000:4" } },
      ...[{ do: "programme", how: "twice" } as Step, month, balance(0), month, book(0, 10_000), pay, pass],
    ],
    {
      ...{ "level terms: accepted": 1, "told of worse terms beforehand": 1, "previews of levels": 1 },
      ...{ "level changes: hand": 1, "level changes: undone": 1, "level changes: terms": 1 },
      ...{ "level changes: up": 1, "level changes: warned": 1, "level changes: down": 1 },
      ...{ "levels shown": 3, "awarded by a level of 3 %": 1, "awarded by a level of 2 %": 1 },
    },
  ],
};

/** Each way to forge rows; every world from a seed ends with one of them. */
const forged: typeof worlds = Object.fromEntries(
  Object.keys(forgeries).map((how): [string, [Step[], Record<string, number>]] => [
    `rows forged by hand: ${how}`,
    [[...linked, ...rows, { do: "seal" }, undo, { do: "forge", how, at: 0 }], { [`forged: ${how}`]: 1 }],
  ]),
);
const run = everything ? { ...worlds, ...forged } : worlds;

/** What came of each world, by its name: all played once, one after another, in a process of their own. */
const played = await (async () => {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-hands-"));
  const files = Object.values(run).map(([steps], at) => {
    const file = join(folder, String(at));
    writeFileSync(file, steps.map((step) => `${JSON.stringify(step)}\n`).join(""));
    return file;
  });
  const json = join(folder, "json");
  const { out, err } = await simulate(...files.flatMap((file) => ["--play", file]), "--json", json);
  if (!existsSync(json)) throw new Error(`nothing was played: ${out}${err}`);
  const { plays } = (await Bun.file(json).json()) as { plays: Play[] };
  rmSync(folder, { recursive: true });
  return Object.fromEntries(Object.keys(run).map((name, at) => [name, plays[at]]));
})();

for (const [name, [, came]] of Object.entries({ ...worlds, ...forged })) {
  (name in worlds ? test : longTest)(name, async () => {
    const play = played[name];
    expect(play?.faults).toEqual([]);
    expect(play?.tally).toMatchObject(came);
  });
}
