// A line of a table as a file (RFC 4180): what people wrote in it is nobody's formula.

/** The cells as a line with its end. What is no number of ours comes by `csvText`. */
export function csvLine(separator: "," | ";", cells: readonly string[]): string {
  const quoted = (cell: string) =>
    /["\r\n]/.test(cell) || cell.includes(separator) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return `${cells.map(quoted).join(separator)}\r\n`;
}

/**
 * Text that a spreadsheet would run as a formula, with an apostrophe in front: quoting alone does not stop it, `"=1+1"` is a
 * formula too. Excel takes the wide forms as well.
 */
export function csvText(value: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
}
