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

export function table(lines: Line[]): string {
  const cells = lines.map(({ what, ours, beside, ratio, aim, met }) => [
    ...[what, ours, beside, ratio === null ? "" : ratioOf(ratio), aim],
    met === null ? "" : met ? "met" : "**not met**",
  ]);
  const head = ["what", "ours", "beside", "ratio", "aim", ""];
  return [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Two digits that count: 0.0031, 0.87, 12. */
function ratioOf(ratio: number): string {
  return String(Number(ratio.toPrecision(2)));
}

export function results({ began, minutes, machine, sizes, lines, failed }: Run): string {
  const day = began.toISOString().slice(0, 10);
  const aims = lines.filter(({ met }) => met !== null);
  const said = `${aims.filter(({ met }) => met).length} of ${aims.length} aims are met.`;
  return `${[
    "# What it takes, beside what one would take instead",
    `Made by \`bun run bench\` on ${day}, in one run of ${minutes.toFixed(0)} minutes. ${said}`,
    "Ratios count; absolute figures are this machine's. Medians of interleaved rounds.",
    machine.map((line) => `- ${line}`).join("\n"),
    `Sizes of this run: ${Object.entries(sizes)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}.`,
    table(lines),
    ...failed.map((line) => `**${line}**`),
    paper(lines),
  ].join("\n\n")}\n`;
}
