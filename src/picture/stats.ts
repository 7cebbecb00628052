// Draws what was given and spent day by day as a bar chart.

import type { Font } from "./font.ts";
import { size, studio, textAt } from "./render.ts";
import { fit, widthOf } from "./text.ts";

/** What stands in a chart. All words are handed in; anything the font cannot draw is left out. */
export interface StatsContent {
  title: string;
  /** From the oldest day to the newest, usually 30. `day` is a short label, shown as it is: `23.11`. */
  days: { day: string; given: number; spent: number }[];
  legend: { given: string; spent: string };
}

const edge = 64;
const plot = { top: 200, bottom: 656, right: size.width - edge };
const colours = { given: "#6d3fa0", spent: "#f0805f", ink: "#241a3d", faint: "#756e87", rule: "#e9e6f0" };

/**
 * The PNG of the chart. Days below zero (more taken back than given) go below the line. A bar that would make all others
 * a line is cut, with its value over it; where there are few days, every bar has its value.
 */
export async function statsPicture(stats: StatsContent): Promise<Uint8Array> {
  const { medium, bold, render } = await studio();
  const title = fit(stats.title, bold, size.width - 2 * edge, 48, 32);
  return render(
    [
      `<rect width="${size.width}" height="${size.height}" fill="#fff"/>`,
      textAt(edge, 96, title, `font-weight="700" fill="${colours.ink}"`),
      legend(stats.legend, medium),
      chart(stats.days, medium),
    ].join(""),
  );
}

function legend(words: StatsContent["legend"], font: Font): string {
  const room = (size.width - 2 * edge - 120) / 2;
  // Both in the size of the longer one.
  const largest = Math.min(...[words.given, words.spent].map((word) => fit(word, font, room, 28, 22).size));
  const given = fit(words.given, font, room, largest, 22);
  const spent = fit(words.spent, font, room, largest, 22);
  const item = (x: number, line: typeof given, colour: string) =>
    `<rect x="${x}" y="129" width="24" height="24" rx="7" fill="${colour}"/>` +
    textAt(x + 36, 151, line, `font-weight="500" fill="${colours.ink}"`);
  return item(edge, given, colours.given) + item(edge + given.width + 84, spent, colours.spent);
}

function chart(days: StatsContent["days"], font: Font): string {
  const rows = days.map(({ day, given, spent }) => ({ day, given: sane(given), spent: sane(spent) }));
  const values = rows.flatMap((row) => [row.given, row.spent]);
  const most = cutAt(values);
  const marks = scale(
    Math.min(0, ...values),
    Math.max(0, ...values.map((value) => Math.min(value, most * 1.2))),
  );
  const low = marks[0] ?? 0;
  const high = marks.at(-1) ?? 1;
  const y = (value: number) => plot.bottom - ((value - low) / (high - low)) * (plot.bottom - plot.top);

  const labels = marks.map((mark) => ({ text: grouped(mark), size: 24, y: y(mark), zero: mark === 0 }));
  const left = edge + Math.max(...labels.map((label) => widthOf(label.text, font, label.size))) + 20;
  const slot = (plot.right - left) / Math.max(1, rows.length);
  const bar = Math.min(72, slot * 0.4);
  const middle = (i: number) => left + slot * (i + 0.5);

  const rules = labels.map(
    (label) =>
      `<rect x="${left}" y="${label.y - 1}" width="${plot.right - left}" height="2" fill="${label.zero ? "#c9c4d6" : colours.rule}"/>` +
      textAt(left - 20, label.y + 9, label, `font-weight="500" fill="${colours.faint}" text-anchor="end"`),
  );
  const one = (x: number, value: number, colour: string) => {
    const cut = value > most;
    const top = cut ? plot.top : y(value);
    const drawn = barPath(x, bar, y(0), top, colour) + (cut ? gap(x, bar, top + 36) : "");
    if (!cut && (rows.length > fewDays || value === 0)) return drawn;
    const words = grouped(Math.round(value));
    // Over a cut bar there is room on both sides.
    const label = fit(words, font, cut ? 200 : bar - 4, 22, 12);
    if (label.text !== words) return drawn;
    const at = Math.max(left + label.width / 2, Math.min(x + bar / 2, plot.right - label.width / 2));
    return (
      drawn +
      textAt(
        at,
        value < 0 ? top + 26 : top - 10,
        label,
        `font-weight="500" fill="${colours.ink}" text-anchor="middle"`,
      )
    );
  };
  const bars = rows.map(
    (row, i) =>
      one(middle(i) - bar - 1, row.given, colours.given) + one(middle(i) + 1, row.spent, colours.spent),
  );
  return [...rules, ...bars, ...dayLabels(rows, font, slot, middle)].join("");
}

/** So many days have room for the values of their bars. */
const fewDays = 8;
/** How much higher than the next one a bar is that gets cut, how many may be, and how many others there must be. */
const outgrown = { times: 4, bars: 3, others: 5 };

/** The value above which bars are cut, between those that outgrow the chart and the rest. */
function cutAt(values: number[]): number {
  const sorted = values.filter((value) => value > 0).sort((a, b) => b - a);
  const rest = sorted
    .slice(1, 1 + outgrown.bars)
    .find(
      (value, i) => (sorted[i] ?? 0) > outgrown.times * value && sorted.length - i - 1 >= outgrown.others,
    );
  return rest ?? Infinity;
}

/** A slanted gap in a bar: it goes on further than the chart. */
function gap(x: number, width: number, y: number): string {
  return `<path fill="#fff" d="M${x - 2} ${y + 10}l${width + 4} -10v10l${-width - 4} 10z"/>`;
}

/** As many labels as fit side by side, the newest day always among them. */
function dayLabels(
  rows: { day: string }[],
  font: Font,
  slot: number,
  middle: (i: number) => number,
): string[] {
  const lines = rows.map((row) => fit(row.day, font, 150, 24, 18));
  const step = Math.max(1, Math.ceil((Math.max(0, ...lines.map((line) => line.width)) + 28) / slot));
  return lines.flatMap((line, i) => {
    if ((lines.length - 1 - i) % step !== 0) return [];
    const x = Math.min(middle(i), size.width - 16 - line.width / 2);
    return [
      textAt(x, plot.bottom + 46, line, `font-weight="500" fill="${colours.faint}" text-anchor="middle"`),
    ];
  });
}

/** A bar from the zero line to `to`, rounded at its far end. Nothing for zero; anything else is at least seen. */
function barPath(x: number, width: number, zero: number, to: number, colour: string): string {
  if (to === zero) return "";
  const up = Math.sign(to - zero); // -1 is up: SVG counts downwards
  const height = Math.max(3, Math.abs(to - zero));
  const r = Math.min(width / 2, height, 7);
  const side = up * (height - r);
  return (
    `<path fill="${colour}" d="M${x} ${zero}v${side}q0 ${up * r} ${r} ${up * r}` +
    `h${width - 2 * r}q${r} 0 ${r} ${-up * r}v${-side}z"/>`
  );
}

/** A picture must not fail for a value that is no number, or beyond what the axis can say. */
const sane = (value: number) => (Number.isNaN(value) ? 0 : Math.max(-1e12, Math.min(1e12, value)));

/** Round marks (1, 2 or 5 times a power of ten, at least 1) from at or below `low` to at or above `high`. */
function scale(low: number, high: number): number[] {
  const rough = Math.max(1, (high - low) / 5);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].map((n) => n * power).find((n) => n >= rough) ?? 10 * power;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** `12500` as `12 500`, the minus a real one. */
function grouped(value: number): string {
  const digits = String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, " ");
  return value < 0 ? `−${digits}` : digits;
}
