// Many worlds in processes of their own, a batch of seeds each, so that memory stays flat and every core has work. A process that
// dies or falls silent is a fault that names the seeds which it has not ended.

import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { type Kept, keptIn } from "../tools/kept.ts";
import type { Tally } from "./world.ts";

/** So many worlds end a process. */
const batchSize = 30;
/** No world is as long without a word: its own limits end it before. */
const longestSilenceMs = 900_000;

/** What a process leaves in its file. */
export interface Played {
  seeds: number;
  broken: number;
  tally: Record<string, number>;
  faults: string[];
}

/** Some seeds of many. `beside`: of its worlds, how many at once. */
export interface Batch {
  first: number;
  seeds: number;
  beside: number;
}

/** The line by which a process says that a world is over. */
export const endedLine = (seed: number) => `seed ${seed} has ended`;
const ended = /^seed (\d+) has ended$/;

/**
 * Plays `seeds` worlds from `first` on, some `beside` each other, in as many processes as there are cores. `command` is that of the
 * process which plays a batch and leaves a `Played` in `file`; what else it says is said. What came of each batch is `kept`.
 */
export async function inBatches(
  { first, seeds, beside }: Batch,
  command: (batch: Batch, file: string) => { args: string[]; env?: Record<string, string> },
  {
    say,
    tally,
    silenceMs = longestSilenceMs,
    kept = keptIn(null),
  }: { say: (line: string) => void; tally: Tally; silenceMs?: number; kept?: Kept },
): Promise<Omit<Played, "tally"> & { secondsBefore: number }> {
  const all = { seeds: 0, broken: 0, faults: [] as string[] };
  const folder = mkdtempSync(join(tmpdir(), "loyalty-worlds-"));
  const processes = Math.min(availableParallelism(), beside, seeds);
  const size = Math.min(batchSize, Math.ceil(seeds / processes));
  const end = first + seeds;
  let next = first;
  async function worker(): Promise<void> {
    while (next < end) {
      const batch = { first: next, seeds: Math.min(size, end - next), beside: Math.ceil(beside / processes) };
      next += batch.seeds;
      const file = join(folder, `${batch.first}.json`);
      const { played, fault } = await kept.once(`${batch.seeds} worlds from ${batch.first}`, () =>
        inProcess(batch, command(batch, file), file, say, silenceMs),
      );
      for (const [what, times] of Object.entries(played.tally))
        tally.set(what, (tally.get(what) ?? 0) + times);
      all.seeds += played.seeds;
      all.broken += played.broken;
      all.faults.push(...played.faults, ...fault);
      for (const one of fault) say(one);
      say(`${all.seeds} of ${seeds} worlds, ${all.broken} broken`);
    }
  }
  try {
    await Promise.all(Array.from({ length: processes }, worker));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { ...all, secondsBefore: kept.secondsBefore(processes) };
}

async function inProcess(
  batch: Batch,
  { args, env = {} }: { args: string[]; env?: Record<string, string> },
  file: string,
  say: (line: string) => void,
  silenceMs: number,
): Promise<{ played: Played; fault: string[] }> {
  const open = new Set(Array.from({ length: batch.seeds }, (_, at) => batch.first + at));
  const child = Bun.spawn([process.execPath, ...args], {
    env: { ...process.env, ...env },
    ...{ stdin: "ignore", stdout: "pipe", stderr: "inherit" },
  });
  let silent = false;
  const hangs = () => {
    silent = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(hangs, silenceMs);
  for await (const line of linesOf(child.stdout)) {
    clearTimeout(timer);
    timer = setTimeout(hangs, silenceMs);
    const [, seed] = ended.exec(line) ?? [];
    if (seed === undefined) say(line);
    else open.delete(Number(seed));
  }
  const code = await child.exited;
  clearTimeout(timer);
  const played: Played | null = await Bun.file(file)
    .json()
    .catch(() => null);
  const whole = played !== null && open.size === 0 && code === (played.faults.length > 0 ? 1 : 0);
  if (whole) return { played, fault: [] };
  const how = silent
    ? `said nothing for ${silenceMs / 1_000} s`
    : `died (${child.signalCode ?? `code ${code}`})`;
  const which =
    open.size > 0
      ? `before these seeds had ended: ${[...open].join(", ")}`
      : `after seed ${batch.first + batch.seeds - 1}`;
  const fallen = { seeds: batch.seeds - open.size, broken: 0, tally: {}, faults: [] };
  return { played: played ?? fallen, fault: [`a process of worlds ${how} ${which}`] };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
