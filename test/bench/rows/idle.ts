// Row: a pass when nothing has changed, beside the request it makes; and the whole program at rest.

import { type Feed, feed } from "../feed.ts";
import { fillCards } from "../fill.ts";
import { cpuMs, noted, onItsCore, tickMs } from "../machine.ts";
import { type Row, rounds, shown } from "../row.ts";
import { byWebhook, type Env, running, type Stage, settings } from "../stage.ts";
import { quickTelegram } from "../telegram.ts";

const linked = 100_000;
/** The mark stays at the last change, so the hour before it is read again each time: that record, or a busy hour's. */
const [last, busyHour] = [1, 20];

export const idle: Row = {
  name: "idle",
  minutes: 5,
  async measure(stage, sizes) {
    await using database = await stage.database();
    await fillCards(database.sql, Math.min(linked, sizes.cards * 2));
    await using journal = feed(1_000);
    await using telegram = quickTelegram();
    const env = {
      ...settings(database, { telegram: telegram.url, yclients: journal.url }),
      ...{ ...byWebhook, PROGRAM_START: "2026-01-01" },
    };
    const turn = sizes.restSeconds / sizes.rounds;
    const passing = (overlap: number) => async () => {
      journal.changed = overlap;
      const { ms, passes } = await used(stage, { ...env, SYNC_CRON: "* * * * * *" }, journal, turn);
      if (!stage.quick && passes < Math.floor(turn * 0.9))
        throw new Error(`${passes} passes in ${turn} s, not one a second`);
      return ms / turn;
    };
    const found = await rounds(sizes.rounds, {
      without: async () => (await used(stage, env, journal, turn)).ms / turn,
      ...{ last: passing(last), busy: passing(busyHour) },
    });
    const [each, busy] = [found.last - found.without, found.busy - found.without];
    journal.changed = last;
    const request = await requestMs(`${journal.url}/records/1?changed_after=x&page=1&count=200`);
    // A minute has one pass and twelve rounds of telling; a quick run does not wait for it.
    const seconds = sizes.restSeconds;
    // The first minute after a start has no pass where the start's own was less than half a minute before.
    const atRest = await used(stage, { ...env, SYNC_CRON: "0 * * * * *" }, journal, seconds, 36_000);
    if (atRest.passes < Math.floor(seconds / 60)) throw new Error("there was no pass in a minute");
    const share = Math.max(atRest.ms, tickMs) / (seconds * 10); // what is below a step is not seen
    return [
      {
        what: "idle pass: processor time of the program, its last record read again",
        ours: shown(each, " ms"),
        beside: `the request itself: ${shown(request, " ms")}`,
        // A hundredth of a percent of a core at a pass a minute, which nobody feels: the aim is that of the whole program at rest.
        ...{ ratio: each / request, aim: "shown", met: null },
      },
      {
        what: `idle pass, ${busyHour} known records in its overlap`,
        ours: shown(busy, " ms"),
        ...{ beside: "", ratio: null, aim: "shown", met: null },
      },
      {
        what: `idling: a pass a minute, telling every 5 s, ${shown(Math.min(linked, sizes.cards * 2))} linked cards; processor time of the program`,
        ours: `${shown(share)} % of a core`,
        ...{ beside: "", ratio: null, aim: "below 1 %", met: share < 1, once: true },
        why: "Fifteen to twenty wakings a second, each for a few statements; on the machine of 2026-11-28 the same work took three to four times its processor time behind a sleep of 50 ms. Tried there apart from this table, an earlier source took 2.45 % and this one 2.70 %; the earlier one had taken 0.42 % on another day's machine.",
        figures: { idle: share },
      },
    ];
  },
};

/** Milliseconds of processor time in so many seconds, once the start is over, and how many passes there were in them. */
async function used(stage: Stage, env: Env, journal: Feed, seconds: number, startMs = 6_000) {
  await using program = await running([stage.executable()], env);
  await Bun.sleep(Math.min(startMs, seconds * 600)); // menus, webhook, the first check
  const [ms, asked] = [program.cpuMs(), journal.asked];
  await Bun.sleep(seconds * 1_000);
  return { ms: program.cpuMs() - ms, passes: journal.asked - asked };
}

/** Processor time of a bare program for one such request, of a thousand with a pause behind each. */
async function requestMs(url: string): Promise<number> {
  const times = 1_000;
  const code = `const ask = async () => { const r = await fetch(${JSON.stringify(url)}); JSON.parse(await r.text()); };
    for (let i = 0; i < 20; i++) await ask();
    process.stdout.write("go"); await Bun.sleep(300);
    for (let i = 0; i < ${times}; i++) { await ask(); await Bun.sleep(2); }
    process.stdout.write("done"); await Bun.sleep(1e6);`;
  const child = noted(Bun.spawn(onItsCore([process.execPath, "-e", code]), { stdout: "pipe" }));
  const [before, after] = [[] as number[], [] as number[]];
  for await (const chunk of child.stdout) {
    const said = Buffer.from(chunk).toString();
    if (said.includes("go")) before.push(cpuMs(child.pid));
    if (said.includes("done")) {
      after.push(cpuMs(child.pid));
      break;
    }
  }
  child.kill();
  await child.exited;
  return ((after[0] ?? 0) - (before[0] ?? 0)) / times;
}
