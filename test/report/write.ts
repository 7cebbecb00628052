// test/REPORT.md from what the proofs left: first whether all held, then each proof, then what they found.

import { sourceLine } from "../tools/source.ts";
import { type Found, found } from "./found.ts";
import type { Again, AllProven, CaughtAgain, Proven, Results } from "./proofs.ts";

/** What a release asks of the report that it carries. */
export const everythingHeld = "**Everything held.**";

/** The report's text, and whether everything in it held and is as long as the owner asked for. */
export function report(all: AllProven): { text: string; held: boolean } {
  const least = leastOf(all);
  const held =
    Object.values(all).every(({ code, result }) => code === 0 && result !== null) &&
    least.every(({ done, asked }) => done >= asked);
  const parts = [
    "# Fault report",
    "Made by `bun run report` from runs of the proofs; nothing in it is written by hand but the last table, and which worlds were played again.",
    held ? everythingHeld : "**Not everything held.**",
    ...ofWhat(all),
    table(
      ["what", "done", "asked for"],
      least.map(({ what, done, asked }) => [what, count(done), count(asked)]),
    ),
    ...later(all),
    ...left(all),
    ...[worlds, settled, max, crashes, year, bodies, mutants, soak].flatMap((part) => part(all) ?? []),
    "## What they found, and how it was mended",
    table(
      ["found by", "fault", "mended"],
      found.map(({ by, fault, mended }: Found) => [by, fault, mended]),
    ),
  ];
  return { text: `${parts.join("\n\n")}\n`, held };
}

/** Of which source all of it is; and a sentence where the proofs are of several, and one where a tree was no commit. */
function ofWhat(all: AllProven): string[] {
  const names = Object.entries(all).map(([name, { commit, source }]) => ({ name, commit, source }));
  const commits = Object.entries(Object.groupBy(names, ({ commit }) => commit));
  const said = commits.map(([commit, of = []]) => `${of.map(({ name }) => name).join(", ")} at ${commit}`);
  const isLoose = (commit: string) => !/^[\w.-]+$/.test(commit) || commit.endsWith("-dirty");
  const again = (["worlds", "mutants"] as const).filter((name) =>
    isLoose(all[name].result?.again?.commit ?? "none"),
  );
  const loose = [
    ...names.filter(({ commit }) => isLoose(commit)),
    ...again.map((name) => ({ name: `${name}, again` })),
  ];
  const [source, ...others] = new Set(names.map((one) => one.source ?? null));
  return [
    source && others.length === 0
      ? sourceLine(source)
      : "**The proofs are not all of one source**: some are of an earlier one, or it was changed while they ran.",
    ...(commits.length > 1 ? [`**The proofs are not all of one commit**: ${said.join("; ")}.`] : []),
    ...(loose.length > 0
      ? [
          `**Proven with changes that were not committed**: ${loose.map(({ name }) => name).join(", ")}. Run them again on a commit.`,
        ]
      : []),
  ];
}

/** What did not hold at the first go. */
function later({ worlds, mutants }: AllProven): string[] {
  const what = [
    ...(worlds.result?.again
      ? [`${worlds.result.again.seeds.length} of the worlds, in which rules of the simulation were wrong`]
      : []),
    ...(mutants.result?.again
      ? [`${mutants.result.again.names.length} of the deliberate faults, whose test was too weak`]
      : []),
  ];
  return what.length === 0 ? [] : [`Not at the first go, but once that was mended: ${what.join("; ")}.`];
}

/** What this report has not done, so that nobody takes it for more. */
function left({ settled, max }: AllProven): string[] {
  const missing = [
    ...(settled ? [] : ["2 200 worlds whose spends settle"]),
    ...(max ? [] : ["1 000 worlds with both messengers"]),
  ];
  return missing.length === 0
    ? []
    : [
        `Not in this run, beside those among the worlds above: ${missing.join(", ")} (\`bun run report --long\`).`,
      ];
}

function leastOf(all: AllProven): { what: string; done: number; asked: number }[] {
  const { worlds, settled, max, bodies, year, soak, mutants } = all;
  const ofKind = (which: string) => worlds.result?.tally[`worlds: ${which}`] ?? 0;
  const ofReading = (which: string) => settled?.result?.tally[`reading: ${which}`] ?? 0;
  const more = [
    ...(settled
      ? [
          {
            what: "more whose spends settle, by the careful reading",
            done: ofReading("careful"),
            asked: 1_000,
          },
          { what: "the same by other readings", done: ofReading("other"), asked: 1_000 },
        ]
      : []),
    ...(max ? [{ what: "more with both messengers", done: max.result?.seeds ?? 0, asked: 1_000 }] : []),
  ];
  return [
    { what: "worlds from seeds", done: worlds.result?.seeds ?? 0, asked: 2_000 },
    { what: "of them whose spends settle", done: ofKind("settled"), asked: 666 },
    { what: "of them with both messengers", done: ofKind("max"), asked: 666 },
    ...more,
    { what: "kills survived", done: kills(all), asked: 200 },
    { what: "bodies posted to the webhooks", done: bodies.result?.bodies ?? 0, asked: 100_000 },
    { what: "days of a simulated salon", done: year.result?.days ?? 0, asked: 365 },
    { what: "visits in them", done: year.result?.visits ?? 0, asked: 50_000 },
    { what: "minutes of soak", done: soak.result?.minutes ?? 0, asked: 60 },
    {
      what: "deliberate faults caught",
      done: mutants.result?.caught ?? 0,
      asked: Math.max(30, mutants.result?.mutants ?? 0),
    },
  ];
}

const kills = ({ worlds, settled, max, crashes }: AllProven) =>
  [worlds, settled, max].reduce(
    (sum, proven) => sum + (proven?.result?.tally["killed in mid-message"] ?? 0),
    crashes.result?.kills ?? 0,
  );

function worlds({ worlds: proven }: AllProven): string {
  return simulated("Worlds from seeds", proven, "bun run simulate --mixed");
}

function settled({ settled: proven }: AllProven): string | null {
  return proven ? simulated("Worlds whose spends settle", proven, "bun run simulate --settled") : null;
}

function max({ max: proven }: AllProven): string | null {
  return proven ? simulated("Worlds with both messengers", proven, "bun run simulate --max") : null;
}

function simulated(title: string, proven: Proven<"worlds" | "settled" | "max">, play: string): string {
  const { seeds = 1, first = 1 } = proven.result ?? {};
  const command = `${play} --seeds ${seeds} --seed ${first}`;
  return section(title, proven, command, ({ tally, faults, again }) => {
    const named = Object.entries(tally).sort();
    const checks = named.filter(([name]) => name.startsWith("checked: "));
    const happened = named.filter(([name]) => !name.startsWith("checked: "));
    return [
      ...(again ? [playedAgain(again)] : [faultsOf(faults)]),
      "Checked at the end of each world:",
      table(
        ["invariant", "times"],
        checks.map(([name, times]) => [name.slice("checked: ".length), count(times)]),
      ),
      "What happened in them; `yclients`, `telegram`, `max` and `postgres` are faults of theirs by kind:",
      table(
        ["step or fault", "times"],
        happened.map(([name, times]) => [name, count(times)]),
      ),
    ].join("\n\n");
  });
}

function playedAgain({ seeds, commit, day, faults }: Again): string {
  const said = `${count(seeds.length)} of them broke rules of the simulation that were wrong: they expected what the program need not do (the last table says what). With these put right each held, three times over, at ${commit}, ${day}: seeds ${seeds.join(", ")}. What had broken:`;
  return `${said}${faults.map((fault) => `\n- ${fault}`).join("")}`;
}

function crashes({ crashes: proven }: AllProven): string {
  const { every = 1, first = 1 } = proven.result ?? {};
  const command = `bun run simulate --crashes --every ${every} --seed ${first}`;
  return section("Crash points", proven, command, ({ kills, faults }) => {
    const said = `Award, correction, telling, credit, spend, undo, move and linking, each killed at one in ${every} of the messages that leave the program or come back: ${count(kills)} kills, and started again. Every run of all tests takes others, and \`bun run simulate --crashes\` takes all.`;
    return `${said} ${faultsOf(faults)}`;
  });
}

const list = (of: Record<string, number>) =>
  Object.entries(of)
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name} ${count(times)}`)
    .join(", ");

function year({ year: proven }: AllProven): string {
  return section("A year of a busy salon", proven, "bun run simulate --year", (result) => {
    const { visits, spends, rows, told, kinds, memory, faults } = result;
    const said = `All of the programme on, with other terms in the course of it. ${count(visits)} visits, ${count(spends)} spends, ${count(rows)} rows of the ledger, ${count(told)} messages. By kind: ${list(kinds)}. Memory of the whole simulation (journal, Telegram and program in one process): ${memory[0]} MiB after the first month, ${memory[1]} MiB at the end.`;
    return `${said} ${faultsOf(faults)}`;
  });
}

function bodies({ bodies: proven }: AllProven): string {
  const command = `FC_SEED=${proven.result?.seed ?? ""} bun run fuzz`;
  return section("Bodies posted to both webhooks", proven, command, (result) => {
    const { bodies, byKind, byStatus, refused, faults } = result;
    return `${count(bodies)} bodies, ${count(refused)} of them left out at the door; ${faults} faults. By kind: ${list(byKind)}. By status: ${list(byStatus)}.`;
  });
}

function mutants({ mutants: proven }: AllProven): string {
  return section("Deliberate faults", proven, "bun run mutants", (result) => {
    const { mutants, caught, escaped, broken, again } = result;
    const left = [...escaped, ...broken].map((one) => `\n- ${one}`).join("");
    return `${count(mutants)} faults put into a copy of the program one at a time, ${count(caught)} caught by a test.${again ? ` ${caughtLater(again)}` : ""}${left}`;
  });
}

function caughtLater({ names, commit, day }: CaughtAgain): string {
  const said = `${count(names.length)} of them only by tests that were mended after the run, and then three times over, at ${commit}, ${day}:`;
  return `${said}${names.map((name) => `\n- ${name}`).join("")}`;
}

function soak({ soak: proven }: AllProven): string {
  return section("Soak", proven, "SOAK_MINUTES=60 bun test test/ops/soak.test.ts", (result) => {
    const { minutes, updates, visits, rows, first, last } = result;
    return `${minutes} minutes of the executable under load: ${count(updates)} updates, ${count(visits)} visits, ${count(rows)} rows of the ledger. Memory: ${first} MiB in the first third after warming up, ${last} MiB in the last (medians).`;
  });
}

/** A proof's title, how it was run and what came of it; `body` says what its result holds, where there is one. */
function section<N extends keyof Results>(
  title: string,
  { commit, day, seconds, code, result }: Proven<N>,
  command: string,
  body: (result: Results[N]) => string,
): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const isLater = result !== null && "again" in result && result.again !== undefined;
  const held =
    code !== 0 || result === null
      ? "**did not hold**"
      : isLater
        ? "**did not hold at first**, and does now"
        : "held";
  return [
    `## ${title}`,
    `\`${command}\` at ${commit}, ${day}, ${minutes} min: ${held}.`,
    result === null ? `It gave no result, and ended with code ${code}.` : body(result),
  ].join("\n\n");
}

const faultsOf = (faults: string[]) =>
  faults.length === 0 ? "No faults." : `Faults:${faults.map((fault) => `\n- ${fault}`).join("")}`;

const count = (of: number) => of.toLocaleString("en").replaceAll(",", " ");

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
