// A file's bytes as text, and a text as rows of cells (RFC 4180), whatever a spreadsheet has made of it.

/** What a file is not, where it is no text: the end of a sentence about it. */
export type NoList = { kind: "unreadable"; why: string };

/**
 * UTF-8 with or without its mark, else Windows-1251, which Russian spreadsheets write. A few bad bytes in what else reads
 * as UTF-8 are damage: taken for the other they would be names of nonsense.
 */
export function textOf(bytes: Uint8Array): { kind: "text"; text: string } | NoList {
  const begins = (...marks: number[]) => marks.every((mark, at) => bytes[at] === mark);
  if (begins(0x50, 0x4b, 3, 4) || begins(0xd0, 0xcf, 0x11, 0xe0))
    return { kind: "unreadable", why: "is a spreadsheet's own file: save it there as CSV" };
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff) || bytes.includes(0))
    return { kind: "unreadable", why: "is UTF-16 or no text at all: save it as CSV in UTF-8" };
  const text = new TextDecoder().decode(bytes);
  let [good, bad] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) bad += 1;
    else if (code > 0x7f) good += 1;
  }
  if (bad === 0) return { kind: "text", text };
  if (good > bad || begins(0xef, 0xbb, 0xbf))
    return { kind: "unreadable", why: "is UTF-8 with damaged characters in it: save it as CSV again" };
  return { kind: "text", text: new TextDecoder("windows-1251").decode(bytes) };
}

/** A row, with the line of the file where it begins; `cells` is null where its quotation marks do not fit. */
export interface CsvRow {
  line: number;
  cells: string[] | null;
}

/** The rows of a text, one by one. A cell in quotation marks may go over lines; behind a bad row the next line is read. */
export function* csvRows(text: string, separator: string): Generator<CsvRow> {
  const stops = new RegExp(`[${separator}\r\n]`, "g");
  const breaks = /\r\n|\r|\n/g;
  const next = (of: RegExp, at: number) => {
    of.lastIndex = at;
    return of.exec(text)?.index ?? text.length;
  };
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const begin = at;
    const row: CsvRow & { cells: string[] } = { line, cells: [] };
    let fits = true;
    for (;;) {
      const quoted = text[at] === '"';
      const end = quoted ? closing(text, at) : next(stops, at);
      fits = end !== -1;
      if (!fits) break;
      const cell = text.slice(quoted ? at + 1 : at, end);
      row.cells.push(quoted ? cell.replaceAll('""', '"') : cell);
      if (quoted) line += cell.match(breaks)?.length ?? 0;
      at = quoted ? end + 1 : end;
      if (text[at] !== separator) break;
      at += 1;
    }
    fits &&= at >= text.length || text[at] === "\r" || text[at] === "\n";
    if (!fits) [at, line] = [begin, row.line];
    at = next(breaks, at);
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line += 1;
    yield fits ? row : { line: row.line, cells: null };
  }
}

/** Where the cell ends whose opening mark is here; -1 where it never does. Two marks are one that is meant. */
function closing(text: string, opening: number): number {
  let at = text.indexOf('"', opening + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
