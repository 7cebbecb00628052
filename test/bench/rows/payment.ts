// Row: a payment in the journal to its row and to the client's message: by YCLIENTS's webhook and by passes, told at once and as it is set.

import { type Line, median, type Row, shown } from "../row.ts";
import { openSalon, type Salon } from "../salon.ts";
import type { Env, Stage } from "../stage.ts";

const secret = "hints-of-the-bench-0123456789";

/** How often it passes and tells, and how long a change waits, in seconds: as the program is by itself, or in a hurry. */
const usual = { pass: 60, tell: 5, settle: 30 };
const hurried = { pass: 2, tell: 1, settle: 1 };

export const payment: Row = {
  name: "payment",
  minutes: 3,
  async measure(stage, sizes) {
    const pace = stage.quick ? hurried : usual;
    const run = (way: Omit<Way, "pace" | "visits">) => paid(stage, { ...way, pace, visits: sizes.visits });
    // Each has a journal, a Telegram and a database of its own; all they do is wait for one another's minutes.
    const [atOnce, hinted, passed, settled] = await Promise.all([
      run({ hints: true, settle: 0 }),
      run({ hints: true, settle: pace.settle }),
      run({ hints: false, settle: 0 }),
      run({ hints: false, settle: pace.settle }),
    ]);
    const said = `SETTLE_SECONDS=${pace.settle} as it is by itself`;
    return [
      byHint("its row", atOnce.committed, 500),
      byHint("the client's message, SETTLE_SECONDS=0", atOnce.told, 1_000),
      byHint(`the client's message, ${said}`, hinted.told, (pace.settle + pace.tell + 1) * 1_000),
      byPass("SETTLE_SECONDS=0", passed, pace, 0),
      byPass(said, settled, pace, pace.settle),
    ];
  },
};

interface Way {
  hints: boolean;
  /** Seconds. */
  settle: number;
  pace: typeof usual;
  visits: number;
}

/** Milliseconds from each payment to its row (where they come one by one) and its message, and from the beginning of the pass that found it to the message. */
interface Took {
  committed: number[];
  told: number[];
  sincePass: number[];
}

async function paid(stage: Stage, { hints, settle, pace, visits }: Way): Promise<Took> {
  const env: Env = {
    ...{ SETTLE_SECONDS: String(settle), QUIET_HOURS: "off", PROGRAM_START: "2026-01-01" },
    ...{ NOTIFY_CRON: `*/${pace.tell} * * * * *`, YCLIENTS_WEBHOOK_SECRET: secret },
    ...(!hints && { SYNC_CRON: pace.pass === 60 ? "0 * * * * *" : `*/${pace.pass} * * * * *` }),
  };
  await using salon = await openSalon(stage, { cards: visits, env });
  await Bun.sleep(2_000);
  if (hints) salon.yclients.webhook(`${salon.program.url}/yclients/webhook/${secret}`);
  const took: Took = { committed: [], told: [], sincePass: [] };
  const telling: Promise<void>[] = [];
  for (let card = 1; card <= visits; card++) {
    const record = salon.book(card);
    // The booking has been read, and no timer of ours is met; by passes they are spread over one.
    await Bun.sleep(hints ? 1_000 + Math.random() * 1_000 : (pace.pass * 1_000) / visits);
    telling.push(pay(salon, card, record, took));
    // Only where they come one by one: many that are asked for all the time would hold it up.
    if (!hints || settle > 0) continue;
    took.committed.push(await committed(salon, record));
    await telling.at(-1);
  }
  await Promise.all(telling);
  return took;
}

async function pay({ journal, clients, yclients }: Salon, card: number, record: number, took: Took) {
  const [began, at] = [performance.now(), Date.now()];
  journal.pay(record);
  await clients[card - 1]?.waitForMessage("", { ms: 180_000 });
  took.told.push(performance.now() - began);
  const pass = yclients.requests.find((one) => one.at.getTime() >= at && "changed_after" in one.query);
  if (pass) took.sincePass.push(Date.now() - pass.at.getTime());
}

/** Milliseconds from now until a record has its row. */
async function committed({ database }: Salon, record: number): Promise<number> {
  const began = performance.now();
  const row = () => database.sql`select from bonuslog where record_id = ${record}`;
  while ((await row()).length === 0) await Bun.sleep(2);
  return performance.now() - began;
}

const seconds = (ms: number) => shown(ms / 1_000, " s");
const mean = (took: number[]) => took.reduce((sum, ms) => sum + ms, 0) / took.length;

function byHint(to: string, took: number[], most: number): Line {
  const slowest = Math.max(...took);
  const said = (ms: number) => (ms < 1_000 ? shown(ms, " ms") : seconds(ms));
  return {
    what: `a payment in the journal to ${to}, by YCLIENTS's webhook`,
    ours: `${said(median(took))} in the middle of ${took.length}, at most ${said(slowest)}`,
    beside: "a pass a minute: 30 s in the mean, by its timetable",
    ...{ ratio: median(took) / 30_000, once: true, aim: `below ${most / 1_000} s`, met: slowest < most },
  };
}

/** What the timetable takes is a minute's half in the mean; what the program adds begins with the pass. */
function byPass(settle: string, { told, sincePass }: Took, pace: typeof usual, waits: number): Line {
  const [slowest, most] = [Math.max(...sincePass), (waits + pace.tell + 1) * 1_000];
  const half = (pace.pass / 2) * 1_000;
  return {
    what: `a payment in the journal to the client's message, by a pass every ${pace.pass} s, ${settle}`,
    ours: `${seconds(mean(told))} in the mean of ${told.length} spread over the ${pace.pass} s, at most ${seconds(Math.max(...told))}; from the pass's beginning ${seconds(median(sincePass))} in the middle, at most ${seconds(slowest)}`,
    beside: `the timetable alone: ${seconds(half)} in the mean, ${waits > 0 ? `and ${waits} s as set` : "and nothing else"}`,
    ...{ ratio: mean(told) / (half + waits * 1_000), once: true },
    ...{ aim: `below ${most / 1_000} s from the pass's beginning`, met: slowest < most },
    why: "A pass does not begin a round of telling: what it brings waits for the next one, every 5 s by NOTIFY_CRON.",
  };
}
