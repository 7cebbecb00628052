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
  const head = ["what", "ours", "beside", "ratio", "aim", ""];
  return [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Two digits that count: 0.0031, 0.87, 12. */
function ratioOf(ratio: number): string {
  return String(Number(ratio.toPrecision(2)));
}

/** How many aims are met; a line whose aim is to be shown has none. */
function counted(lines: Line[]): string {
  const aims = lines.filter(({ aim }) => aim !== "shown");
  const many = (wanted: boolean | null) => aims.filter(({ met }) => met === wanted).length;
  return `${many(true)} are met, ${many(false)} not met, ${many(null)} not measured`;
}

/** The text of RESULTS.md. */
export function results({ began, minutes, machine, sizes, lines, failed }: Run): string {
  const day = began.toISOString().slice(0, 10);
  return `${[
    "# What it takes, beside what one would take instead",
    `Made by \`bun run bench\` on ${day}, in one run of ${minutes.toFixed(0)} minutes. Of the aims ${counted(lines)}.`,
    "Ratios count; absolute figures are this machine's. Medians of interleaved rounds, but for the lines that say once.",
    machine.map((line) => `- ${line}`).join("\n"),
    `Sizes of this run: ${Object.entries(sizes)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}.`,
    table(lines),
    ...failed.map((line) => `**${line}**`),
    paper(lines),
  ].join("\n\n")}\n`;
}
