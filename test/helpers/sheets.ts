/** Reads a workbook back: the cells of each sheet, by its name. */
import { Workbook } from "@cj-tech-master/excelts";

type Read = string | number | Date | null;

/** Empty cells at a row's end are null too, up to the width of the heading. */
export async function sheetsOf(bytes: Uint8Array | undefined): Promise<Record<string, Read[][]>> {
  const book = new Workbook();
  await book.xlsx.load(bytes ?? new Uint8Array());
  return Object.fromEntries(
    book.worksheets.map((sheet) => [
      sheet.name,
      Array.from({ length: sheet.rowCount }, (_, row) =>
        Array.from({ length: sheet.columnCount }, (_, column) =>
          read(sheet.getCell(row + 1, column + 1).value),
        ),
      ),
    ]),
  );
}

const read = (value: unknown): Read => (value === undefined || value === "" ? null : (value as Read));
