// The table in Markdown, and RESULTS.md: the table of one run, what it ran on, and what follows from it on paper.

import { paper } from "./paper.ts";
import type { Line, Sizes } from "./row.ts";

export interface Run {
  began: Date;
  minutes: number;
  machine: string[];
  sizes: Sizes;
  lines: Line[];
  failed: string[];
}

/** The lines as a table in Markdown. */
export function table(lines: Line[]): string {
  const cells = lines.map(({ what, once, ours, beside, ratio, aim, met }) => [
    ...[once ? `${what} (once)` : what, ours, beside, ratio === null ? "" : ratioOf(ratio), aim],
    met === null ? "" : met ? "met" : "**not met**",
  ]);
  const head = ["what", "ours", "beside", "ratio", "aim", "is the aim met"];
  return [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Three digits that count, so that one near its aim is seen on its side of it: 0.00313, 0.872, 1.13, 12. */
function ratioOf(ratio: number): string {
  return String(Number(ratio.toPrecision(3)));
}

/** What stands in the way of what is not met; aims that share a reason are said together. */
function reasons(lines: Line[]): string {
  const missed = Map.groupBy(
    lines.filter(({ met, why }) => met === false && why !== undefined),
    ({ why }) => why,
  );
  const said = [...missed].map(([why, of]) => `- ${of.map(({ what }) => what).join("; ")}. **${why}**`);
  return said.length === 0
    ? ""
    : `## What stands in the way of the aims that are not met\n\n${said.join("\n")}`;
}

const columns =
  "Ours is the compiled program. Beside it stands what one would take instead, a limit that it cannot pass (a scan of the table, `\\copy`, Telegram's 30 a second), or itself in small; the line says which. The ratio is ours by what is beside it, and the aim says whether more or less is better. The aims are what its makers have set themselves: what a salon or a chain needs is said first. What nobody feels is only shown, though earlier results had aims for it: the bare Elysia, `\\copy`, a replay, an idle pass; beside Node, which has the same duties now, the aim was 3 before it had them. Ratios count; absolute figures are this machine's. Medians of interleaved rounds, but for the lines that say once. Where a machine has one core, the program and PostgreSQL share it.";

/** How many aims are met; a line whose aim is to be shown has none. */
function counted(lines: Line[]): string {
  const aims = lines.filter(({ aim }) => aim !== "shown");
  const many = (wanted: boolean | null) => aims.filter(({ met }) => met === wanted).length;
  return `${many(true)} are met, ${many(false)} not met, ${many(null)} not measured`;
}

/** The text of RESULTS.md. */
export function results({ began, minutes, machine, sizes, lines, failed }: Run): string {
  const day = began.toISOString().slice(0, 10);
  const { short, limits } = paper(lines);
  return `${[
    "# What it takes, beside what one would take instead",
    `Made by \`bun run bench\` on ${day}, in ${minutes.toFixed(0)} minutes; each row in one run. Of the aims ${counted(lines)}.`,
    short,
    "## The table",
    columns,
    machine.map((line) => `- ${line}`).join("\n"),
    `Sizes of this run (\`test/bench/row.ts\` says what each is): ${Object.entries(sizes)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}.`,
    table(lines),
    ...failed.map((line) => `**${line}**`),
    reasons(lines),
    limits,
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}
