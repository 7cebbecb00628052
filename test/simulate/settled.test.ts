/** Worlds whose spends settle, from new seeds at each run, played as `bun run simulate --settled` plays them. */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { longTest } from "../helpers/installed.ts";
import { seed } from "../helpers/seed.ts";
import { settledForgeries } from "./settled-forge.ts";
import { settledInvariants } from "./settled-kept.ts";
import { type SettledStep, settledStream } from "./settled-stream.ts";
import { simulate } from "./spawn.ts";

const seeds = Number(process.env.SIMULATE_SEEDS ?? 10);

test(`in ${seeds} worlds with faults, kills and two replicas what bills bear is what was taken`, async () => {
  const { code, out, err } = await simulate("--settled", "--seeds", String(seeds), "--seed", String(seed));
  expect(code, out + err).toBe(0);
  expect(out).toEndWith(`${seeds} worlds from seed ${seed}, 0 broken\n`);
}, 900_000);

test("every call meets every answer, and every switch is thrown", () => {
  const steps = Array.from({ length: 400 }, (_, at) => settledStream(at, 60)).flat();
  const met = new Set(
    steps.flatMap((step) => (step.do === "loyalty" ? [`${step.call} ${step.answer}`] : [])),
  );
  expect(met.size).toBe(8 * 11);
  const done = new Set(steps.map((step) => step.do));
  for (const name of [
    ...["spendOn", "undo", "giveBack", "settle", "watch", "settles", "kill", "atCard", "receipt"],
    ...["lookAgain", "forge"],
  ])
    expect([name, done.has(name as never)]).toEqual([name, true]);
});

/** One spend that stands, and one that was taken back. */
const twoSpends: SettledStep[] = [
  { do: "opens", reading: {}, hands: "none", percent: "100" },
  ...[0, 1].flatMap((client): SettledStep[] => [
    { do: "link", client },
    { do: "credit", admin: 0, client, points: 900, taps: 1 },
    { do: "book", client, price: 100_000, daysAgo: 0, twin: false },
    { do: "pass", program: 0 },
    { do: "spendOn", admin: 0, record: -1, taps: 1, plain: false },
    { do: "settle", program: 0 },
    ...(client === 0 ? [{ do: "undo", admin: 0 } as const, { do: "settle", program: 0 } as const] : []),
  ]),
];

longTest(
  "a world in which anything of it does not hold is broken, and says what",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "loyalty-settled-"));
    try {
      const all = Object.keys(settledForgeries);
      const files = all.map((how, at) => {
        const steps: SettledStep[] = [...twoSpends, { do: "forge", how, at: 0 }];
        writeFileSync(join(folder, `${at}`), steps.map((step) => `${JSON.stringify(step)}\n`).join(""));
        return ["--play", join(folder, `${at}`)];
      });
      const json = join(folder, "json");
      const { out, err } = await simulate("--settled", ...files.flat(), "--json", json);
      const { plays } = (await Bun.file(json).json()) as {
        plays: { faults: string[]; tally: Record<string, number> }[];
      };
      for (const [at, how] of all.entries()) {
        expect(plays[at]?.faults, out + err).toEqual([]);
        expect(plays[at]?.tally).toMatchObject({
          "settlement stands": 1,
          "settlement returned": 1,
          [`forged: ${how}`]: 1,
        });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    const named = new Set<string>(Object.values(settledForgeries).map((one) => one.named));
    expect([...named].sort()).toEqual(Object.keys(settledInvariants).sort());
  },
  900_000,
);
