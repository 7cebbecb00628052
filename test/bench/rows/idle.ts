// Row: a pass when nothing has changed, beside the request it makes; and the whole program at rest.

import { feed } from "../feed.ts";
import { fillCards } from "../fill.ts";
import { cpuMs, onItsCore } from "../machine.ts";
import { type Row, shown } from "../row.ts";
import { byWebhook, type Env, running, type Stage, settings } from "../stage.ts";
import { quickTelegram } from "../telegram.ts";

const linked = 100_000;
/** The mark stays at the last change, so the hour before it is read again each time: that record, or a busy hour's. */
const [last, busyHour] = [1, 20];

export const idle: Row = {
  name: "idle",
  async measure(stage, sizes) {
    await using database = await stage.database();
    await fillCards(database.sql, Math.min(linked, sizes.cards * 2));
    await using journal = feed(1_000);
    await using telegram = quickTelegram();
    const env = {
      ...settings(database, { telegram: telegram.url, yclients: journal.url }),
      ...{ ...byWebhook, PROGRAM_START: "2026-01-01" },
    };
    // A minute has one pass and twelve rounds of telling; a quick run does not wait for it.
    const seconds = sizes.restSeconds;
    const atRest = await usedIn(stage, { ...env, SYNC_CRON: "0 * * * * *" }, seconds);
    const without = await usedIn(stage, env, seconds / 2);
    const passMs = async (overlap: number) => {
      journal.changed = overlap;
      const used = await usedIn(stage, { ...env, SYNC_CRON: "* * * * * *" }, seconds / 2);
      return (used - without) / (seconds / 2);
    };
    const [each, busy] = [await passMs(last), await passMs(busyHour)];
    const request = await requestMs(`${journal.url}/records/1?changed_after=x&page=1&count=200`);
    const share = atRest / (seconds * 10);
    return [
      {
        what: "idle pass: processor time of the program, its last record read again",
        ours: shown(each, " ms"),
        beside: `the request itself: ${shown(request, " ms")}`,
        ...{ ratio: each / request, aim: "below 5 ms", met: each < 5 },
      },
      {
        what: `idle pass, ${busyHour} known records in its overlap`,
        ours: shown(busy, " ms"),
        ...{ beside: "", ratio: null, aim: "shown", met: null },
      },
      {
        what: `idling: a pass a minute, telling every 5 s, ${shown(Math.min(linked, sizes.cards * 2))} linked cards`,
        ours: `${shown(share)} % of a core`,
        ...{ beside: "", ratio: null, aim: "below 1 %", met: share < 1 },
        figures: { idle: share },
      },
    ];
  },
};

/** Milliseconds of processor time in so many seconds, once the start is over. */
async function usedIn(stage: Stage, env: Env, seconds: number): Promise<number> {
  await using program = await running([await stage.executable()], env);
  await Bun.sleep(Math.min(6_000, seconds * 500)); // menus, webhook, the first check
  const before = program.cpuMs();
  await Bun.sleep(seconds * 1_000);
  return program.cpuMs() - before;
}

/** Processor time of a bare program for one such request, of a hundred with a pause behind each. */
async function requestMs(url: string): Promise<number> {
  const times = 100;
  const code = `const ask = async () => { const r = await fetch(${JSON.stringify(url)}); JSON.parse(await r.text()); };
    for (let i = 0; i < 20; i++) await ask();
    process.stdout.write("go"); await Bun.sleep(300);
    for (let i = 0; i < ${times}; i++) { await ask(); await Bun.sleep(10); }
    process.stdout.write("done"); await Bun.sleep(1e6);`;
  const child = Bun.spawn(onItsCore([process.execPath, "-e", code]), { stdout: "pipe" });
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
