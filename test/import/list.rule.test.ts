/** Tests of reading a list of balances: whatever a spreadsheet makes of it is read rightly or named by its line. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { csvRows, textOf } from "../../src/import/csv.rule.ts";
import { maxLines, type ReadList, readList } from "../../src/import/list.rule.ts";
import { headings } from "../../src/import/list.texts.ts";
import { decimal } from "../../src/rules/money.ts";

const read = (text: string) => readList(text, headings);
function listOf(text: string): ReadList {
  const list = read(text);
  if (list.kind !== "list") throw new Error(list.why);
  return list;
}
const linesOf = (text: string) =>
  listOf(text).lines.map(({ line, phone, points, name, reason }) =>
    [line, phone, decimal(points), name ?? "-", reason ?? "-"].join(" "),
  );
const faultsOf = (text: string) => listOf(text).faults.map(({ line, why }) => `${line}: ${why}`);
/** What the only line is refused for. */
const faultOf = (line: string) => listOf(line).faults.map(({ why }) => why)[0] ?? "taken";

test("without headings: phone, points, name, reason, as far as they are there", () => {
  expect(
    linesOf("89001234567;340,24;Анна;перенос\n+7 900 123-45-68;1 234.5\r\n9001234569;7;;за ожидание;;\r"),
  ).toEqual([
    "1 +79001234567 340.24 Анна перенос",
    "2 +79001234568 1234.50 - -",
    "3 +79001234569 7.00 - за ожидание",
  ]);
});

test("headings put the columns in any order, in Russian or English; others are left out, and said", () => {
  const list = listOf(
    'sep=;\n\nФ.И.О.;"Остаток  баллов";E-mail;Номер телефона:\nАнна;12;a@b.ru;89001234567\n',
  );
  expect(list.lines).toEqual([{ line: 4, phone: "+79001234567", points: 1200, name: "Анна", reason: null }]);
  expect(list.leftOut).toEqual(["E-mail"]);
  expect(linesOf("Points,Phone\n5,+44 20 7946 0958")).toEqual(["2 +442079460958 5.00 - -"]);
  expect(faultsOf("Телефон;Имя\n89001234567;Анна")).toEqual([
    '1: no column is headed as points: call one "баллы"',
  ]);
  expect(faultsOf("Телефон;Баллы;Баланс\n89001234567;1;2")).toEqual(["1: two columns are headed as points"]);
});

test("somebody's line is never taken for headings, whatever they are called", () => {
  expect(linesOf("89001234567;5;Клиент")).toEqual(["1 +79001234567 5.00 Клиент -"]);
  expect(faultsOf("8900123456;5;Клиент")).toEqual([
    '1: no column is headed as phone: call one "телефон"',
    '1: no column is headed as points: call one "баллы"',
  ]);
});

test.each([
  ["1 234,50", "1234.50"],
  ["1\u00a0234", "1234.00"],
  ["1\u202f234\u202f567".slice(0, 5), "1234.00"],
  ["1000000", "1000000.00"],
  [" 0,01 ", "0.01"],
  ["0", "0.00"],
  ["0,00", "0.00"],
])("points written as %j are %s", (written, points) => {
  expect(linesOf(`89001234567;${written}`)).toEqual([`1 +79001234567 ${points} - -`]);
});

test.each([
  ["", "no points: write 0 where there are none"],
  ["-5", "its points are negative"],
  ["−5", "its points are negative"],
  ["1,234", "its points have more than two decimals, or a thousand apart by a point or a comma"],
  ["1.000", "its points have more than two decimals, or a thousand apart by a point or a comma"],
  ["1,2E+03", "the spreadsheet has rounded its points: format that column as a number"],
  ["1000000,01", "its points are more than 1 000 000"],
  ["99999999999999999999", "its points are more than 1 000 000"],
  ...["1.234,50", "1,234.50", "12 34", "1 23", "=1+1", "340 ₽", "NaN", "٣", "0x10", "1,", ",5", "+5"].map(
    (written) => [written, "its points cannot be read: write them as 1234,50 or 1234.50"] as const,
  ),
])("points written as %j are refused", (written, why) => {
  expect(faultOf(`89001234567;${written}`)).toBe(why);
});

test("points of a great many thousands are refused at once", () => {
  const began = performance.now();
  expect(faultOf(`89001234567;1${" 234".repeat(100_000)}`)).toStartWith("its points cannot be read");
  expect(performance.now() - began).toBeLessThan(5_000);
});

test("a decimal comma between commas is never read as the half of a sum", () => {
  const hint = "if it writes sums as 12,5, put semicolons between the cells";
  expect(faultOf("89001234567,340,24")).toBe(`a number stands where none belongs; ${hint}`);
  expect(faultOf("89001234567,1,234.50,Анна")).toBe(`a number stands where none belongs; ${hint}`);
  expect(faultsOf("phone,points\n89001234567,340,24")).toEqual([`2: it has more than 2 cells; ${hint}`]);
  expect(faultsOf("phone,reason,points\n89001234567,340,24")).toEqual([
    `2: a number stands where none belongs; ${hint}`,
  ]);
  // A column that is not read takes the half without a word; the row has a cell more, which is empty.
  for (const row of ["phone,points,email\n89001234567,340,24,", "phone,points,a,name\n89001234567,340,24,,"])
    expect(faultsOf(row)).toEqual([`2: a number stands where none belongs; ${hint}`]);
  expect(linesOf("phone,points,visits\n89001234567,340,24")).toEqual(["2 +79001234567 340.00 - -"]);
  expect(linesOf("phone,points,email\n89001234567,340,a@b.ru,,")).toEqual(["2 +79001234567 340.00 - -"]);
  expect(linesOf('89001234567,"340,24",Анна')).toEqual(["1 +79001234567 340.24 Анна -"]);
});

test("phones: bad ones, rounded ones and none are named; one phone in two spellings too, with the line before", () => {
  expect(
    faultsOf(
      "89001234567;1\n8900123456;1\n;1\n7,9E+10;1\n=79001234567;1\n+7 (900) 123-45-67;2\n89001234568;1\n9001234568;0",
    ),
  ).toEqual([
    "2: its phone cannot be read, or is no number that a country gives out",
    "3: no phone",
    "4: the spreadsheet has rounded its phone: format that column as text, and export again",
    "5: its phone cannot be read, or is no number that a country gives out",
    "6: the same phone as in line 1",
    "8: the same phone as in line 7",
  ]);
});

test("a reason is kept for ever: no phone in it, and not too long; a code of the program's own is no code", () => {
  expect(faultOf(`89001234567;1;;звонил 89001234567`)).toContain("what looks like a phone");
  expect(faultOf(`89001234567;1;;${"ж".repeat(101)}`)).toBe("its reason is longer than 100 characters");
  expect(linesOf("89001234567;1;;back_spend")).toEqual(["1 +79001234567 1.00 - back spend"]);
});

test("names are one line of something: breaks, control characters, marks of direction and formulas do no harm", () => {
  expect(
    linesOf(
      `89001234561;1;"Анна\r\n""Мария"" Петрова"\n89001234562;1;\u202e\u0007\n89001234563;1;=HYPERLINK("x")\n89001234564;1;${"ж".repeat(5_000)}`,
    ),
  ).toEqual([
    '1 +79001234561 1.00 Анна "Мария" Петрова -',
    "3 +79001234562 1.00 - -",
    '4 +79001234563 1.00 =HYPERLINK("x") -',
    `5 +79001234564 1.00 ${"ж".repeat(100)} -`,
  ]);
});

test("separators that are mixed, and quotation marks that do not fit, spoil their own line alone", () => {
  expect(
    faultsOf('89001234561;1\n89001234562,1\n"89001234563;1\n89001234564;1\n"89001234565"x;1\n89001234566;"1'),
  ).toEqual([
    "2: its phone cannot be read, or is no number that a country gives out",
    "3: its quotation marks do not fit",
    "5: its quotation marks do not fit",
    "6: its quotation marks do not fit",
  ]);
});

test.each([
  ["", "is empty"],
  [" \r\n\n ", "is empty"],
  ["89001234567\t5", "has one cell a line: put phone;points there, a semicolon or a comma between"],
])("a file of %j is a sentence", (text, why) => {
  expect(read(text)).toEqual({ kind: "unreadable", why });
});

test("more lines than a list may have are a sentence", () => {
  const text = "89001234567;x\n".repeat(maxLines + 1);
  expect(read(text)).toEqual({
    kind: "unreadable",
    why: "has more than 100000 lines: make several files of it",
  });
});

test("UTF-8 with its mark or without, and Windows-1251, are told apart; damage, UTF-16 and workbooks are sentences", () => {
  const text = "Имя;Ёлка №1";
  const cp1251 = Uint8Array.from([...[0xc8, 0xec, 0xff, 0x3b, 0xa8, 0xeb, 0xea, 0xe0, 0x20, 0xb9, 0x31]]);
  for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), cp1251])
    expect(textOf(bytes)).toEqual({ kind: "text", text });
  const why = (bytes: Uint8Array) => {
    const read = textOf(bytes);
    return read.kind === "text" ? read.text : read.why;
  };
  expect(why(Buffer.concat([Buffer.from("Анна Мария Петрова"), Buffer.from([0xd0, 0x3b])]))).toContain(
    "damaged",
  );
  expect(why(Buffer.from("\ufeffа;б", "utf16le"))).toContain("UTF-16");
  expect(why(Buffer.from("7\u0000;1"))).toContain("no text at all");
  expect(why(Buffer.from([0x50, 0x4b, 3, 4, 9]))).toContain("a spreadsheet's own file");
});

test("rows: what was written by the rules is read back, cell by cell and line by line", () => {
  const cells = fc.array(fc.string({ unit: fc.constantFrom(...'aя;,"\r\n ') }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.array(cells, { maxLength: 5 }), fc.constantFrom(";", ","), (rows, separator) => {
      const written = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(separator));
      const read = [...csvRows(written.join("\r\n"), separator)];
      expect(read.map((row) => row.cells)).toEqual(rows);
      const breaks = (text: string) => text.split(/\r\n|\r|\n/).length;
      expect(read.map((row) => row.line)).toEqual(
        written.map((_, at) => (at === 0 ? 1 : breaks(`${written.slice(0, at).join("\r\n")}\r\n`))),
      );
    }),
  );
});

test("whatever stands in a file, reading ends, and each line is taken or named", () => {
  const unit = fc.constantFrom(...'0123456789;,"\r\n +-.eEаб\u0000\ufeff');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 300 }), (text) => {
      const list = read(text);
      if (list.kind === "list")
        for (const { points } of list.lines) expect(points >= 0 && points <= 100_000_000).toBe(true);
    }),
  );
});
