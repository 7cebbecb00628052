// A paper that is handed out, as plain text and as a page to print. What stands on it is handed in as plain text.

import { escaped } from "../texts/html.ts";

/** What stands on a paper, from top to bottom. */
export interface Paper {
  language: "ru" | "en";
  title: string;
  /** Lines under the title. */
  about: string[];
  /** `numbers` are the places of the columns that stand to the right. */
  table: { heads: string[]; rows: string[][]; numbers: number[] };
  /** What is said of each sum, and the sum. */
  sums: [string, string][];
  notes: string[];
  /** What proves it, and in words what to do with that; null: nothing does. */
  proof: { words: string; line: string; href: string | null } | null;
}

/** As text for a terminal: the table's columns stand under one another. */
export function asText({ title, about, table, sums, notes, proof }: Paper): string {
  const lines = [table.heads, ...table.rows];
  const last = table.heads.length - 1;
  const longest = (place: number) => lines.reduce((most, row) => Math.max(most, row[place]?.length ?? 0), 0);
  const widths = table.heads.map((_, place) => longest(place));
  const padded = (cell: string, place: number) =>
    table.numbers.includes(place)
      ? cell.padStart(widths[place] ?? 0)
      : place === last
        ? cell
        : cell.padEnd(widths[place] ?? 0);
  const drawn = table.rows.length === 0 ? [] : lines.map((row) => row.map(padded).join("  ").trimEnd());
  const parts = [
    [title, ...about],
    drawn,
    sums.map(([of, sum]) => `${of}: ${sum}`),
    notes,
    proof === null ? [] : [proof.words, proof.line],
  ];
  const text = parts.filter((part) => part.length > 0).map((part) => part.join("\n"));
  return `${text.join("\n\n").replaceAll("\u00a0", " ")}\n`;
}

const style = `
  body { font: 14px/1.5 system-ui, sans-serif; color: #111; background: #fff; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
  h1 { font-size: 1.4rem; margin: 0 0 .5rem }
  p { margin: 0 0 .25rem }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
  th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #ccc }
  thead { display: table-header-group }
  tr { break-inside: avoid }
  .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
  .sums { width: auto }
  .sums td { border: 0; padding: .1rem 1.5rem .1rem 0 }
  .notes, .proof { color: #444; font-size: .85rem; overflow-wrap: anywhere }
  .proof code { font-size: .7rem }
  @page { margin: 15mm }
  @media print { body { margin: 0; max-width: none; padding: 0 } a { color: inherit } }
`;

/** As a page that prints well and asks nothing of any network. */
export function asHtml({ language, title, about, table, sums, notes, proof }: Paper): string {
  const cell = (tag: "th" | "td") => (text: string, place: number) =>
    `<${tag}${table.numbers.includes(place) ? ' class="n"' : ""}>${escaped(text)}</${tag}>`;
  const row = (cells: string[], tag: "th" | "td") => `<tr>${cells.map(cell(tag)).join("")}</tr>`;
  const lines = (texts: string[]) => texts.map((text) => `<p>${escaped(text)}</p>`).join("\n");
  const rows =
    table.rows.length === 0
      ? ""
      : `<table><thead>${row(table.heads, "th")}</thead><tbody>
${table.rows.map((one) => row(one, "td")).join("\n")}
</tbody></table>`;
  const proved =
    proof === null
      ? ""
      : `<div class="proof"><p>${proof.href === null ? escaped(proof.words) : `<a href="${escaped(proof.href)}">${escaped(proof.words)}</a>`}</p>
<p><code>${escaped(proof.line)}</code></p></div>`;
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
<h1>${escaped(title)}</h1>
${lines(about)}
${rows}
<table class="sums"><tbody>
${sums.map(([of, sum]) => `<tr><td>${escaped(of)}</td><td class="n">${escaped(sum)}</td></tr>`).join("\n")}
</tbody></table>
<div class="notes">${lines(notes)}</div>
${proved}
</html>
`;
}
