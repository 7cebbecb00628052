// test/REPORT.md from what the proofs left: first whether all held, then each proof, then what they found.

import { type Found, found } from "./found.ts";
import type { AllProven, Proven, Results } from "./proofs.ts";

/** The report's text, and whether everything in it held and is as long as the owner asked for. */
export function report(all: AllProven): { text: string; held: boolean } {
  const least = leastOf(all);
  const held =
    Object.values(all).every(({ code }) => code === 0) && least.every(({ done, asked }) => done >= asked);
  const parts = [
    "# Fault report",
    "Made by `bun run report` from runs of the proofs; nothing in it is written by hand but the last table.",
    held ? "**Everything held.**" : "**Not everything held.**",
    table(
      ["what", "done", "asked for"],
      least.map(({ what, done, asked }) => [what, count(done), count(asked)]),
    ),
    ...[worlds, crashes, year, bodies, mutants, soak].map((part) => part(all)),
    "## What they found, and how it was mended",
    table(
      ["found by", "fault", "mended"],
      found.map(({ by, fault, mended }: Found) => [by, fault, mended]),
    ),
  ];
  return { text: `${parts.join("\n\n")}\n`, held };
}

function leastOf(all: AllProven): { what: string; done: number; asked: number }[] {
  return [
    { what: "worlds from seeds", done: all.worlds.result.seeds, asked: 2_000 },
    { what: "kills survived", done: kills(all), asked: 200 },
    { what: "bodies posted to the webhooks", done: all.bodies.result.bodies, asked: 100_000 },
    { what: "days of a simulated salon", done: all.year.result.days, asked: 365 },
    { what: "visits in them", done: all.year.result.visits, asked: 50_000 },
    { what: "minutes of soak", done: all.soak.result.minutes, asked: 60 },
    { what: "deliberate faults caught", done: all.mutants.result.caught, asked: all.mutants.result.mutants },
  ];
}

const kills = ({ worlds, crashes }: AllProven) =>
  crashes.result.kills + (worlds.result.tally["killed in mid-message"] ?? 0);

function worlds({ worlds: proven }: AllProven): string {
  const { seeds, first, tally, faults } = proven.result;
  const named = Object.entries(tally).sort();
  const checks = named.filter(([name]) => name.startsWith("checked: "));
  const happened = named.filter(([name]) => !name.startsWith("checked: "));
  return [
    "## Worlds from seeds",
    heading(proven, `bun run simulate --seeds ${seeds} --seed ${first}`),
    faultsOf(faults),
    "Checked at the end of each world:",
    table(
      ["invariant", "times"],
      checks.map(([name, times]) => [name.slice("checked: ".length), count(times)]),
    ),
    "What happened in them; `yclients`, `telegram` and `postgres` are faults of theirs by kind:",
    table(
      ["step or fault", "times"],
      happened.map(([name, times]) => [name, count(times)]),
    ),
  ].join("\n\n");
}

function crashes({ crashes: proven }: AllProven): string {
  const { kills, faults } = proven.result;
  const said = `Award, correction, telling, credit, spend, undo, move and linking, each killed at every message that leaves the program or comes back: ${count(kills)} kills, and started again.`;
  return [
    "## Crash points",
    heading(proven, "bun run simulate --crashes"),
    `${said} ${faultsOf(faults)}`,
  ].join("\n\n");
}

function year({ year: proven }: AllProven): string {
  const { visits, rows, told, memory, faults } = proven.result;
  const said = `${count(visits)} visits, ${count(rows)} rows of the ledger, ${count(told)} messages. Memory of the whole simulation (journal, Telegram and program in one process): ${memory[0]} MiB after the first month, ${memory[1]} MiB at the end.`;
  return [
    "## A year of a busy salon",
    heading(proven, "bun run simulate --year"),
    `${said} ${faultsOf(faults)}`,
  ].join("\n\n");
}

function bodies({ bodies: proven }: AllProven): string {
  const { bodies, byKind, byStatus, refused, faults, seed } = proven.result;
  const list = (of: Record<string, number>) =>
    Object.entries(of)
      .sort(([, a], [, b]) => b - a)
      .map(([name, times]) => `${name} ${count(times)}`)
      .join(", ");
  return [
    "## Bodies posted to both webhooks",
    heading(proven, `FC_SEED=${seed} bun run fuzz`),
    `${count(bodies)} bodies, ${count(refused)} of them left out at the door; ${faults} faults. By kind: ${list(byKind)}. By status: ${list(byStatus)}.`,
  ].join("\n\n");
}

function mutants({ mutants: proven }: AllProven): string {
  const { mutants, caught, escaped, broken } = proven.result;
  const left = [...escaped, ...broken].map((one) => `\n- ${one}`).join("");
  return [
    "## Deliberate faults",
    heading(proven, "bun run mutants"),
    `${count(mutants)} faults put into a copy of the program one at a time, ${count(caught)} caught by a test.${left}`,
  ].join("\n\n");
}

function soak({ soak: proven }: AllProven): string {
  const { minutes, updates, visits, rows, first, last } = proven.result;
  const said = `${minutes} minutes of the executable under load: ${count(updates)} updates, ${count(visits)} visits, ${count(rows)} rows of the ledger. Memory: ${first} MiB in the first third after warming up, ${last} MiB in the last (medians).`;
  return ["## Soak", heading(proven, "SOAK_MINUTES=60 bun test test/soak.test.ts"), said].join("\n\n");
}

function heading({ commit, day, seconds, code }: Proven<keyof Results>, command: string): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return `\`${command}\` at ${commit}, ${day}, ${minutes} min: ${code === 0 ? "held" : "**did not hold**"}.`;
}

const faultsOf = (faults: string[]) =>
  faults.length === 0 ? "No faults." : `Faults:${faults.map((fault) => `\n- ${fault}`).join("")}`;

const count = (of: number) => of.toLocaleString("en").replaceAll(",", " ");

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
