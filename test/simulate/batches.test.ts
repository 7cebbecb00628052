/** Many worlds are handed to processes of their own: nothing that one of them says or leaves undone is lost. */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adminUrl } from "../helpers/preload.ts";
import { keptIn } from "../tools/kept.ts";
import { type Batch, inBatches } from "./batches.ts";
import { worldDatabases } from "./databases.ts";
import { simulate } from "./spawn.ts";
import { type Tally, World } from "./world.ts";

/** Plays seeds 10 to 79, each process doing what `script` says; FIRST, SEEDS and FILE are its own. */
async function played(script: string, silenceMs?: number, kept = keptIn(null)) {
  const [said, batches, tally]: [string[], Batch[], Tally] = [[], [], new Map()];
  const command = (batch: Batch, file: string) => {
    batches.push(batch);
    const env = { FIRST: String(batch.first), SEEDS: String(batch.seeds), FILE: file };
    return { args: ["-e", `const [first, seeds] = [+process.env.FIRST, +process.env.SEEDS];${script}`], env };
  };
  const options = {
    say: (line: string) => void said.push(line),
    tally,
    kept,
    ...(silenceMs && { silenceMs }),
  };
  const made = await inBatches({ first: 10, seeds: 70, beside: 1 }, command, options);
  return { ...made, said, batches, tally };
}

const endsAll = "for (let each = 0; each < seeds; each++) console.log('seed', first + each, 'has ended');";
const leaves = (broken: number, faults: string) =>
  `await Bun.write(process.env.FILE, JSON.stringify({ seeds, broken: ${broken}, tally: { pass: seeds }, faults: ${faults} }));`;

test("every seed is handed on once, and what the processes did is summed", async () => {
  const { seeds, broken, faults, said, batches, tally } = await played(`${endsAll}${leaves(0, "[]")}`);
  expect({ seeds, broken, faults }).toEqual({ seeds: 70, broken: 0, faults: [] });
  expect(batches.map(({ first, seeds }) => [first, seeds])).toEqual([
    [10, 30],
    [40, 30],
    [70, 10],
  ]);
  expect(tally).toEqual(new Map([["pass", 70]]));
  expect(said).toEqual([
    "30 of 70 worlds, 0 broken",
    "60 of 70 worlds, 0 broken",
    "70 of 70 worlds, 0 broken",
  ]);
});

test("what a process says of a broken world is said, and its faults are the run's", async () => {
  const breaks = `console.log("seed 41 broke: a row");${endsAll}${leaves(1, '["a row"]')}process.exit(1)`;
  const { seeds, broken, faults, said } = await played(
    `if (first === 40) { ${breaks} } else { ${endsAll}${leaves(0, "[]")} }`,
  );
  expect({ seeds, broken, faults }).toEqual({ seeds: 70, broken: 1, faults: ["a row"] });
  expect(said).toContain("seed 41 broke: a row");
  expect(said.at(-1)).toBe("70 of 70 worlds, 1 broken");
});

test.each([
  ["dies", "process.exit(9)", "died (code 9) before these seeds had ended: 72, 73, 74, 75, 76, 77, 78, 79"],
  [
    "is killed",
    "process.kill(process.pid, 'SIGKILL')",
    "died (SIGKILL) before these seeds had ended: 72, 73, 74, 75, 76, 77, 78, 79",
  ],
  [
    "hangs",
    "for (;;);",
    "said nothing for 10 s before these seeds had ended: 72, 73, 74, 75, 76, 77, 78, 79",
  ],
  [
    "ends well, but early",
    leaves(0, "[]"),
    "died (code 0) before these seeds had ended: 72, 73, 74, 75, 76, 77, 78, 79",
  ],
])("a process that %s is a fault that names the seeds which it left", async (how, end, words) => {
  const two = "console.log('seed 70 has ended'); console.log('seed 71 has ended'); await Bun.sleep(50);";
  const { faults, said } = await played(
    `if (first === 70) { ${two}${end} } else { ${endsAll}${leaves(0, "[]")} }`,
    how === "hangs" ? 10_000 : undefined,
  );
  expect(faults).toEqual([`a process of worlds ${words}`]);
  expect(said).toContain(`a process of worlds ${words}`);
});

test("a process that ends all its worlds and leaves nothing of them is a fault", async () => {
  const { faults } = await played(`${endsAll}if (first !== 70) { ${leaves(0, "[]")} }`);
  expect(faults).toEqual(["a process of worlds died (code 0) after seed 79"]);
});

test("a run that was broken off goes on: what its processes had done is summed with the rest, a dead one is a fault still", async () => {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-kept-"));
  const dies = `if (first === 40) process.exit(9); ${endsAll}${leaves(0, "[]")}`;
  const before = await played(dies, undefined, keptIn(folder));
  const after = await played("process.exit(7)", undefined, keptIn(folder));
  expect(after.batches).toEqual([]);
  for (const key of ["seeds", "broken", "faults", "tally", "said"] as const)
    expect(after[key]).toEqual(before[key] as never);
  expect(after.faults[0]).toContain("died (code 9) before these seeds had ended: 40, 41");
  rmSync(folder, { recursive: true, force: true });
});

test("a third of mixed worlds are of each kind, and a broken one names the option of its own", async () => {
  const { code, out, err } = await simulate("--mixed", "--seeds", "3", "--seed", "6", "--steps", "4");
  expect(code, out + err).toBe(0);
  for (const kind of ["usual", "settled", "max"]) expect(out).toContain(`       1 worlds: ${kind}\n`);
  expect(out).toEndWith("3 worlds from seed 6, 0 broken\n");
}, 120_000);

test("a world that is over is kept by nobody: a process would grow with each", async () => {
  const databases = await worldDatabases(adminUrl);
  const before = process.listenerCount("beforeExit");
  const world = await World.open(await databases.make(), new Map());
  expect(process.listenerCount("beforeExit")).toBeGreaterThan(before);
  await world.close();
  expect(process.listenerCount("beforeExit")).toBe(before);
  await databases.end();
}, 120_000);
