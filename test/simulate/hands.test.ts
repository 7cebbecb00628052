/** One world for each kind of hand of the simulator, as short as it can be: what a mutant of that kind cannot pass. */
import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adminUrl } from "../helpers/preload.ts";
import { forgeries } from "./forge.ts";
import { oddValues } from "./odd.ts";
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
const press: Step = { do: "press", admin: 0 };
const undo: Step = { do: "undo", admin: 0 };

/** The fifth client gave no phone: what is spent on their card is spent from the list of the day. */
const phoneless = [book(4, 9_000_000, { daysAgo: 1 }), pay, book(4, 30_000), pass];
const fromToday: Step[] = [{ do: "openToday", admin: 0, record: -1 }];
const learnt = (whose: number) => [phone(4, whose), pass];
const handover = (how: "prove" | "unlink" | "forget"): Step[] => [{ do: "handover", client: 0, how }];
const rows = [0, 1, 2].flatMap((client) => [credit(client, 500 + client), spend(client, 300 + client)]);

const worlds: Record<string, Step[]> = {
  "a value at the edge of each column, the good ones beside it": [
    book(0),
    pay,
    ...Object.entries(oddValues).flatMap(([field, values]) =>
      values.map((_, at): Step => ({ do: "odd", field, at })),
    ),
    pass,
  ],
  "contacts of odd numbers": Array.from({ length: 15 }, (_, at) => ({ do: "oddContact", at })),
  "a phone put right before the visit is paid": [
    phone(0, 1),
    book(0),
    pass,
    phone(0, 0),
    pay,
    pass,
    minute,
    tell,
  ],
  "a phone put right after it was paid": [phone(0, 1), book(0), pay, pass, phone(0, 0), pass, undo, pass],
  "an overpaid visit": [
    book(0, 300_000),
    { do: "pay", record: -1, sum: 310_000, goods: 0, silent: false },
    pass,
  ],
  "points spent, the card merged, the spend undone": [
    ...phoneless,
    ...fromToday,
    press,
    credit(1, 5),
    ...learnt(1),
    undo,
  ],
  "a screen open, the card merged, its button pressed": [
    ...phoneless,
    credit(1, 5),
    ...fromToday,
    ...learnt(1),
    press,
  ],
  "a refund offered, the card merged, the points given back": [
    ...[...phoneless, ...fromToday, press, { do: "remove", record: -1, silent: false } as Step, pass],
    ...[{ do: "tell", program: 0 } as Step, book(1), pass, ...learnt(1), { do: "giveBack" } as Step],
  ],
  "a card proved by another account while its message waits": handover("prove"),
  "a card let go while its message waits": handover("unlink"),
  "a person forgotten while their message waits": handover("forget"),
  "trouble told by two programs at once, and its end": [{ do: "trouble" }],
  "another bot, whose numbers begin again": [0, 1].flatMap((bot): Step[] => [
    { do: "bot", bot },
    ...[credit(0, 700 + bot), spend(0, 400 + bot), undo],
  ]),
  "a zone that is corrected": [
    book(0),
    pay,
    pass,
    { do: "zone", branch: 0, zone: "Asia/Vladivostok" },
    pay,
    pass,
  ],
  "a start moved forward and back": [
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
  "two branches with the same numbers": [
    ...[book(0), pay, book(1, 500_000, { branch: 1 }), pay, pass, pass],
    ...[{ do: "refund", record: 0 } as Step, minute, pass, minute, tell],
  ],
  ...Object.fromEntries(
    Object.keys(forgeries).map((how): [string, Step[]] => [
      `rows forged by hand: ${how}`,
      [...rows, { do: "seal" }, undo, { do: "forge", how, at: 0 }],
    ]),
  ),
};

test.each(Object.entries(worlds))(
  "%s",
  async (_, steps) => {
    const file = join(tmpdir(), `${crypto.randomUUID()}.jsonl`);
    await Bun.write(file, steps.map((step) => `${JSON.stringify(step)}\n`).join(""));
    const main = join(import.meta.dir, "main.ts");
    const child = Bun.spawn([process.execPath, main, "--play", file], {
      env: { ...process.env, DATABASE_URL: adminUrl },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    await Bun.file(file).delete();
    expect(out, out + err).toBe(`${steps.length} steps, 0 faults\n`);
  },
  60_000,
);
