// The owners' workbook (.xlsx): a sheet of changes and one of what cards hold, written in a stream, whatever its length.

import { once } from "node:events";
import { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { WorkbookWriter } from "@cj-tech-master/excelts";
import { staffNames } from "../chat/staff.ts";
import { type Db, inTransaction } from "../db/connect.ts";
import { holdStill } from "../ledger/verify.ts";
import { staffIn } from "../rules/author.ts";
import { authorsOf, balanceLines, type ChangeLine, changeLines, type Span } from "./workbook.store.ts";
import { workbookWords } from "./workbook.texts.ts";

/** Which days, and in whose language. `maxRows` of a sheet: Excel opens no more than 1 048 576. */
export interface WorkbookOptions extends Span {
  language: string | null;
  now: Date;
  maxRows?: number;
}

type Cell = string | number | Date | null;

/** How a column is shown; text is text, whatever it begins with, also when somebody edits the cell. */
const shown = { text: "@", sum: "#,##0.00", moment: "dd.mm.yyyy hh:mm", day: "dd.mm.yyyy" };
type Column = [width: number, as: keyof typeof shown];

const changeColumns: Column[] = [
  ...([
    [17, "moment"],
    [12, "day"],
    [26, "text"],
    [12, "sum"],
  ] satisfies Column[]),
  ...([
    [44, "text"],
    [13, "sum"],
    [24, "text"],
    [24, "text"],
  ] satisfies Column[]),
];
const balanceColumns: Column[] = [
  ...([
    [26, "text"],
    [16, "sum"],
    [16, "day"],
    [16, "text"],
    [14, "sum"],
  ] satisfies Column[]),
];

/**
 * Hands the workbook to `write` in chunks, each awaited before more is made, and returns how many changes and cards are in
 * it. Both sheets are of one moment; the balances are those of the last day's end, and sum to the ledger: points less debts.
 * More rows than a sheet takes go on in the next. What `write` throws ends it.
 */
export async function writeWorkbook(
  db: Db,
  options: WorkbookOptions,
  write: (chunk: Uint8Array) => void | Promise<void>,
): Promise<{ changes: number; cards: number }> {
  const words = workbookWords(options.language);
  return inTransaction(db, async (tx) => {
    await holdStill(tx);
    const accounts = (await authorsOf(tx, options)).flatMap(staffIn);
    const names = await staffNames(tx, [...new Set(accounts)]);
    await using book = new Book(write, options);
    const changes = await book.sheet(words.changes, changeColumns, changeLines(tx, options), (line) => [
      ...[instant(line.at), line.visitDay && instant(line.visitDay), words.client(line), line.points / 100],
      ...[words.reason(line), rouble(line), words.author(line.actor, names), words.branch(line)],
    ]);
    const cards = await book.sheet(
      words.balances,
      balanceColumns,
      balanceLines(tx, options, options.now),
      (line) => [
        ...[words.client(line), Math.max(0, line.points) / 100, line.lastVisit && instant(line.lastVisit)],
        ...[words.mark(line.linked), line.points < 0 ? -line.points / 100 : null],
      ],
    );
    await book.end();
    return { changes, cards };
  });
}

const rouble = ({ bill }: ChangeLine) => (bill === null ? null : bill / 100);

/** A sheet's dates know no zone: what the clock showed is written as it was. */
const instant = (wall: string) => new Date(wall.length === 10 ? `${wall}T00:00:00Z` : `${wall}Z`);

/** The file as it is being written. Left before its end, it is given up. */
class Book implements AsyncDisposable {
  readonly #out: Writable;
  readonly #book: WorkbookWriter;
  readonly #maxRows: number;

  constructor(
    write: (chunk: Uint8Array) => void | Promise<void>,
    { maxRows = 1_048_575, now }: Pick<WorkbookOptions, "maxRows" | "now">,
  ) {
    this.#maxRows = maxRows;
    this.#out = new Writable({
      write: (chunk: Uint8Array, _encoding, done) =>
        void (async () => write(chunk))().then(() => done(), done),
    });
    this.#out.on("error", () => {}); // thrown where it is waited for
    // Texts stand in their cells: a table of them would grow with the file.
    this.#book = new WorkbookWriter({
      stream: this.#out,
      useStyles: true,
      useSharedStrings: false,
      created: now,
    });
  }

  /** One row for each line, under a heading that stays; returns how many. */
  async sheet<Line>(
    { sheet, columns }: { sheet: string; columns: string[] },
    shape: Column[],
    batches: AsyncIterable<Line[]>,
    cells: (line: Line) => Cell[],
  ): Promise<number> {
    let count = 0;
    let pages = 0;
    const open = () => {
      const page = this.#book.addWorksheet(pages++ === 0 ? sheet : `${sheet} ${pages}`, {
        views: [{ state: "frozen", ySplit: 1 }],
      });
      page.columns = shape.map(([width, as]) => ({ width, style: { numFmt: shown[as] } }));
      const head = page.addRow(columns);
      head.font = { bold: true };
      head.commit();
      return page;
    };
    let page = open();
    for await (const lines of batches) {
      for (const line of lines) {
        if (count > 0 && count % this.#maxRows === 0) {
          page.commit();
          page = open();
        }
        page.addRow(cells(line).map(written)).commit();
        count += 1;
      }
      await this.#taken();
    }
    page.commit();
    return count;
  }

  async end(): Promise<void> {
    await this.#book.commit();
    await finished(this.#out);
  }

  /** Waits until whoever takes the file has taken what there is. */
  async #taken(): Promise<void> {
    if (this.#out.errored) throw this.#out.errored;
    if (this.#out.writableNeedDrain) await once(this.#out, "drain");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#out.destroy();
  }
}

/** What XML takes. PostgreSQL lets two more characters be, for which Excel would call the whole file broken. */
function written(cell: Cell): Cell {
  return typeof cell === "string" ? cell.replace(/[\ufffe\uffff]/g, "") : cell;
}
