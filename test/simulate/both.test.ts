/** Worlds whose salon has MAX beside Telegram, from new seeds at each run, played as `bun run simulate --max` plays them. */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { longTest } from "../helpers/installed.ts";
import { seed } from "../helpers/seed.ts";
import { bothForgeries } from "./forge-both.ts";
import { bothInvariants } from "./kept-both.ts";
import { simulate } from "./spawn.ts";
import type { Step } from "./steps.ts";
import { maxStream, stream } from "./stream-both.ts";

const seeds = Math.min(10, Number(process.env.SIMULATE_SEEDS ?? 6));

test(`in ${seeds} worlds with both messengers a notice reaches one account of a card, and no other`, async () => {
  const { code, out, err } = await simulate("--max", "--seeds", String(seeds), "--seed", String(seed));
  expect(code, out + err).toBe(0);
  expect(out).toEndWith(`${seeds} worlds from seed ${seed}, 0 broken\n`);
}, 900_000);

test("every way in which one of two messengers fails is met, and a third of the usual worlds have both", () => {
  const steps = Array.from({ length: 300 }, (_, at) => maxStream(at, 60)).flat();
  const met = new Set(
    steps.flatMap((step) => {
      if (step.do === "max") return [`max ${step.fault}`];
      if (step.do === "away") return [`${step.which} is away: ${step.how}`];
      if (step.do === "messengers") return [step.notices, step.listens, `an owner in ${step.owner}`];
      return "on" in step ? [`${step.do} on ${step.on}`] : [];
    }),
  );
  for (const what of [
    ...["403", "429", "500", "cut", "lost", "html", "no", "slow", "twice"].map((fault) => `max ${fault}`),
    ...["refused", "cut", "lost", "500", "html"].flatMap((how) =>
      ["telegram", "max"].map((which) => `${which} is away: ${how}`),
    ),
    ...["asked", "at_once", "webhook", "polling", "an owner in max", "an owner in telegram"],
    ...["link", "unlink", "forget", "block", "return", "second", "steal", "handover", "invite"].map(
      (name) => `${name} on max`,
    ),
    ...["same on telegram", "same on max", "carry on telegram", "everywhere on max"],
    ...["putOff on telegram", "putOff on max"],
  ])
    expect([what, met.has(what)]).toEqual([what, true]);
  const usual = Array.from({ length: 300 }, (_, at) => stream(at, 8));
  const both = usual.filter(([first]) => first?.do === "messengers").length;
  expect(both).toBeGreaterThan(70);
  expect(both).toBeLessThan(130);
});

/** A client whose points came while the card was in Telegram alone; then it is in MAX too, and more come. */
const both: Step[] = [
  {
    ...{ do: "messengers", notices: "asked", listens: "webhook", reading: {} },
    ...{ admins: ["telegram", "max"], owner: "max" },
  },
  { do: "link", client: 0 },
  { do: "credit", admin: 0, client: 0, points: 500, taps: 1 },
  { do: "link", client: 0, on: "max" },
  { do: "credit", admin: 1, client: 0, points: 600, taps: 1 },
  { do: "tell", program: 0 },
];

longTest(
  "a world in which anything of it does not hold is broken, and says what",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "loyalty-both-"));
    const all = Object.keys(bothForgeries);
    try {
      const files = all.flatMap((how, at) => {
        const steps = [...both, { do: "forge", how, at: 0 }];
        writeFileSync(join(folder, `${at}`), steps.map((step) => `${JSON.stringify(step)}\n`).join(""));
        return ["--play", join(folder, `${at}`)];
      });
      const json = join(folder, "json");
      const { out, err } = await simulate(...files, "--json", json);
      const { plays } = (await Bun.file(json).json()) as {
        plays: { faults: string[]; tally: Record<string, number> }[];
      };
      for (const [at, how] of all.entries()) {
        expect([how, plays[at]?.faults], out + err).toEqual([how, []]);
        expect(plays[at]?.tally).toMatchObject({ [`forged: ${how}`]: 1 });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    const named = new Set<string>(Object.values(bothForgeries).map((one) => one.named));
    expect([...named].sort()).toEqual(Object.keys(bothInvariants).sort());
  },
  900_000,
);
