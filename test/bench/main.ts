// `bun run bench [ROW…]`: measures the compiled executable beside what one would take instead, prints a table, and where all
// rows were measured at their full size keeps it as test/bench/RESULTS.md. What such a run has measured is kept in dist/bench, so
// that the next one of the same source measures only the rows that are left. `--help` says what else there is.

import { join } from "node:path";
import { keptIn } from "../tools/kept.ts";
import { sourceDigest } from "../tools/source.ts";
import { busy, loadAverage, machine, makeRoom, quiet } from "./machine.ts";
import { results, table } from "./results.ts";
import type { Line, Row } from "./row.ts";
import { firstPass } from "./rows/first-pass.ts";
import { growth } from "./rows/growth.ts";
import { idle } from "./rows/idle.ts";
import { image } from "./rows/image.ts";
import { lists } from "./rows/lists.ts";
import { payment } from "./rows/payment.ts";
import { replay } from "./rows/replay.ts";
import { settling } from "./rows/settling.ts";
import { spend } from "./rows/spend.ts";
import { start } from "./rows/start.ts";
import { telling } from "./rows/telling.ts";
import { till } from "./rows/till.ts";
import { verify } from "./rows/verify.ts";
import { webhook } from "./rows/webhook.ts";
import { openStage } from "./stage.ts";
import { usage, type Wanted, wantedOf } from "./wanted.ts";

const rows: Row[] = [
  ...[payment, till, settling, webhook, telling, spend, firstPass, replay, lists, idle],
  ...[start, image, growth, verify],
];
const say = (line: string) => void process.stdout.write(`${line}\n`);

const wanted = asked();
const loadBefore = loadAverage();
if (loadBefore > quiet && !wanted.quick) say(busy(loadBefore));
makeRoom();
const began = new Date();
const source = sourceDigest();
const kept = keptIn(wanted.whole ? join(import.meta.dir, "../../dist/bench", source.slice(0, 12)) : null);
const lines: Line[] = [];
const failed: string[] = [];
{
  await using stage = await openStage({ say, quick: wanted.quick });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, async () => {
      await stage.breakOff();
      say(`\n${table(lines)}\n\nBroken off; nothing was written.`);
      process.exit(130);
    });
  for (const { name, measure, minutes } of wanted.rows) {
    const from = performance.now();
    say(wanted.quick ? `${name} …` : `${name}, about ${minutes} min …`);
    try {
      lines.push(...(await kept.once(name, () => measure(stage, wanted.sizes))));
      say(`${name}: ${((performance.now() - from) / 1_000).toFixed(0)} s`);
    } catch (error) {
      // The other rows took long: they are not lost to one that broke.
      failed.push(`${name} could not be measured: ${error instanceof Error ? error.message : error}`);
      say(failed.at(-1) ?? "");
    }
  }
  const shown = wanted.quick ? lines.map((line) => ({ ...line, met: null })) : lines;
  say(`\n${table(shown)}\n`);
  const out =
    wanted.out ?? (wanted.whole && failed.length === 0 ? join(import.meta.dir, "RESULTS.md") : null);
  if (out) {
    const minutes = (Date.now() - began.getTime()) / 60_000 + kept.secondsBefore(1) / 60;
    const on = machine(stage, loadBefore, source);
    const run = { began, minutes, machine: on, sizes: wanted.sizes, lines: shown, failed };
    await Bun.write(out, results(run));
    if (failed.length === 0) kept.over();
  }
  const why = wanted.quick
    ? "A quick run shows that it works; its figures say nothing. "
    : wanted.whole
      ? "A row could not be measured. "
      : "Some rows or sizes only. ";
  say(out ? `Written to ${out}.` : `${why}Not written to RESULTS.md.`);
}
process.exit(failed.length > 0 ? 1 : 0);

function asked(): Wanted {
  try {
    const wanted = wantedOf(process.argv.slice(2), rows);
    if (wanted) return wanted;
    say(usage(rows));
    process.exit(0);
  } catch (error) {
    // What node's parseArgs adds is advice on how to name a file that begins with a dash.
    const sentence = (error instanceof Error ? error.message : String(error)).replace(
      /\. To specify.*$/s,
      ".",
    );
    say(`${sentence}\n\n${usage(rows)}`);
    process.exit(2);
  }
}
