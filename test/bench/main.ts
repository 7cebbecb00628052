// `bun run bench [ROW…]`: measures the compiled executable beside what one would take instead, prints a table, and where all
// rows were measured writes test/bench/RESULTS.md. `--quick` takes seconds; `--ledger N` (also --records, --updates,
// --messages, --rounds) sets a size; `--out FILE` writes elsewhere, whichever rows were measured.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { busy, loadAverage, machine, makeRoom, quiet } from "./machine.ts";
import { results, table } from "./results.ts";
import { full, type Line, quick, type Row, type Sizes } from "./row.ts";
import { firstPass } from "./rows/first-pass.ts";
import { growth } from "./rows/growth.ts";
import { hint } from "./rows/hint.ts";
import { idle } from "./rows/idle.ts";
import { image } from "./rows/image.ts";
import { replay } from "./rows/replay.ts";
import { spend } from "./rows/spend.ts";
import { start } from "./rows/start.ts";
import { telling } from "./rows/telling.ts";
import { verify } from "./rows/verify.ts";
import { webhook } from "./rows/webhook.ts";
import { openStage } from "./stage.ts";

const rows: Row[] = [webhook, firstPass, idle, replay, spend, telling, hint, start, image, growth, verify];
const say = (line: string) => void process.stdout.write(`${line}\n`);
const size = { type: "string" } as const;
const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ quick: { type: "boolean" }, out: size },
    ...{ ledger: size, records: size, updates: size, messages: size, rounds: size },
  },
});
const unknown = asked.filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0) {
  say(`There is no row ${unknown.join(", ")}: there are ${rows.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

const loadBefore = loadAverage();
if (loadBefore > quiet) say(busy);
makeRoom();
const sizes = sizesOf();
const began = new Date();
const lines: Line[] = [];
const failed: string[] = [];
{
  await using stage = await openStage({ say, quick: values.quick ?? false });
  const whole = asked.length === 0 && !values.quick;
  const out = values.out ?? (whole ? join(import.meta.dir, "RESULTS.md") : null);
  const wanted = rows.filter(({ name }) => asked.length === 0 || asked.includes(name));
  for (const { name, measure } of wanted) {
    const from = performance.now();
    try {
      lines.push(...(await measure(stage, sizes)));
      say(`${name}: ${((performance.now() - from) / 1_000).toFixed(0)} s`);
    } catch (error) {
      // The other rows took long: they are not lost to one that broke.
      failed.push(`${name} could not be measured: ${error instanceof Error ? error.message : error}`);
      say(failed.at(-1) ?? "");
    }
    const minutes = (Date.now() - began.getTime()) / 60_000;
    // After each row, for a whole run is long and may be broken off.
    if (out)
      await Bun.write(
        out,
        results({ began, minutes, machine: machine(stage, loadBefore), sizes, lines, failed }),
      );
  }
  say(`\n${table(lines)}`);
}
process.exit(failed.length > 0 ? 1 : 0);

function sizesOf(): Sizes {
  const sizes = { ...(values.quick ? quick : full) };
  const given = (text: string | undefined, otherwise: number) =>
    text === undefined ? otherwise : Number(text);
  sizes.rounds = given(values.rounds, sizes.rounds);
  sizes.ledger = given(values.ledger, sizes.ledger);
  sizes.manyRecords = given(values.records, sizes.manyRecords);
  sizes.updates = given(values.updates, sizes.updates);
  sizes.messages = given(values.messages, sizes.messages);
  if (Object.values(sizes).some((one) => !(one > 0))) throw new Error("a size is a number above 0");
  return sizes;
}
