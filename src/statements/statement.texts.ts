// A card's statement in words, in both languages: the paper, the table, and what the chat says of it.

import { historyTexts } from "../client/history.texts.ts";
import { decimal, type Points } from "../rules/money.ts";
import { lastDigits, spacedPhone } from "../rules/phone.ts";
import { csvLine, csvText } from "../texts/csv.ts";
import { bold } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { asPlain } from "../texts/long.ts";
import { enWords, NBSP, ruWords, type Words } from "../texts/words.ts";
import type { Paper } from "./paper.ts";
import type { StatedChange, Statement } from "./statement.ts";

const ru = {
  language: "ru" as "ru" | "en",
  title: (card: string) => `Выписка по карте ${card}`,
  noPhone: "без телефона",
  number: (card: number) => `Карта № ${card}`,
  days: (from: string | null, to: string) => (from === null ? `По ${to}` : `С ${from} по ${to}`),
  made: (at: string, zone: string) => `Составлена ${at}, время ${zone}`,
  heads: ["Дата", "Баллы", "На карте", "За что"],
  opening: "На начало",
  came: "Пришло",
  went: "Ушло",
  closing: "На конец",
  ending: (day: string) => `Из них сгорят после ${day}`,
  nothing: "Изменений за это время не было.",
  rouble: `1${NBSP}балл${NBSP}=${NBSP}1${NBSP}₽ на кассе`,
  columns: ["Строка", "Когда", "№", "Баллы", "На карте", "Сумма, ₽", "За что"],
  change: "Изменение",
  ends: "Сгорят после",
  proven: "Подтверждение",
  seal: (seal: string) => `Последняя строка журнала баллов: ${seal}`,
  proof: (points: string, day: string, page: string | null) =>
    `Подтверждение: при закрытии дня ${day} на карте было ${points}.${page === null ? "" : ` Проверить: ${page}`}`,
  hasProof: (day: string) => `Подтверждение за ${day} — в файле «Для печати».`,
  check: "Проверить подтверждение",
  more: (count: string) => `Изменений: ${count}. Все они в файле.`,
  print: "Для печати",
  table: "Таблица",
  year: "Этот год",
  all: "За всё время",
  usage:
    "Этих дней не понял. Напишите так, с какого и по какой: /statement 1.03 31.03. Без дней выписка с начала прошлого месяца.",
  ofClient: "Выписка клиента — телефон перед днями: /statement 89001234567 1.03 31.03",
  noCard: "Карты с этим телефоном нет. Проверьте номер.",
};

const en: typeof ru = {
  language: "en",
  title: (card) => `Statement of card ${card}`,
  noPhone: "without a phone",
  number: (card) => `Card no. ${card}`,
  days: (from, to) => (from === null ? `Up to ${to}` : `From ${from} to ${to}`),
  made: (at, zone) => `Made on ${at}, time of ${zone}`,
  heads: ["Date", "Points", "Card holds", "What for"],
  opening: "At the beginning",
  came: "Came",
  went: "Went",
  closing: "At the end",
  ending: (day) => `Of these will end after ${day}`,
  nothing: "Nothing changed in that time.",
  rouble: `1${NBSP}point${NBSP}=${NBSP}1${NBSP}₽ at the till`,
  columns: ["Line", "When", "No.", "Points", "Card holds", "Sum, ₽", "What for"],
  change: "Change",
  ends: "Will end after",
  proven: "Proof",
  seal: (seal) => `Last row of the ledger of points: ${seal}`,
  proof: (points, day, page) =>
    `Proof: as the day ${day} was closed the card held ${points}.${page === null ? "" : ` Check it: ${page}`}`,
  hasProof: (day) => `The proof of ${day} is in the file “To print”.`,
  check: "Check the proof",
  more: (count) => `Changes: ${count}. All of them are in the file.`,
  print: "To print",
  table: "Table",
  year: "This year",
  all: "All of it",
  usage:
    "I do not understand these days. Write from and to: /statement 1.03 31.03. Without days it begins with the month before.",
  ofClient: "A client's: the phone before the days, /statement 89001234567 1.03 31.03",
  noCard: "No card has this phone. Check the number.",
};

/** Longer than that a list of changes is no message. */
const maxInChat = 15;
/** Of the days on which points end, the nearest. */
const maxEndings = 2;

const columns = ["line", "at", "row", "kind", "points", "balance", "paid", "about"];
/** Of these a person's table has no kind: what it was for says it. */
const kindAt = columns.indexOf("kind");

/** What is written on a statement in a language. */
export function statementTexts(language: string | null | undefined) {
  const t = inLanguage(language, ru, en);
  const w: Words = inLanguage(language, ruWords, enWords);
  const h = historyTexts(language);
  const about = (one: StatedChange) => asPlain(h.about(one, null));
  const total = (changes: StatedChange[], sign: 1 | -1) =>
    changes.reduce((sum, { points }) => sum + (points * sign > 0 ? points : 0), 0);
  const lastDay = ({ to, made }: Statement) => to ?? made.slice(0, 10);
  const days = (of: Statement) =>
    t.days(of.from === null ? null : w.day(of.from, null), w.day(lastDay(of), null));
  const titleOf = ({ phone }: Statement, shown: "phone" | "digits") =>
    t.title(phone === null ? t.noPhone : shown === "phone" ? spacedPhone(phone) : `…${lastDigits(phone)}`);
  const sums = (of: Statement): [string, Points][] => [
    [t.opening, of.opening],
    [t.came, total(of.changes, 1)],
    [t.went, -total(of.changes, -1)],
    [t.closing, of.closing],
    ...of.endings.map(({ ends, points }): [string, Points] => [t.ending(w.day(ends, null)), points]),
  ];
  return {
    usage: t.usage,
    /** To owners: how a client's is asked for. */
    ofClient: t.ofClient,
    noCard: t.noCard,
    buttons: { print: t.print, table: t.table, check: t.check, year: t.year, all: t.all },
    /** Whole, for who runs the server and for who prints their own. */
    paper: (of: Statement, shown: "phone" | "digits", page: string | null): Paper => ({
      language: t.language,
      title: titleOf(of, shown),
      about: [
        ...(shown === "phone" ? [t.number(of.card)] : []),
        days(of),
        t.made(`${w.day(of.made.slice(0, 10), null)}, ${of.made.slice(11, 16)}`, of.timeZone),
      ],
      table: {
        heads: t.heads,
        numbers: [1, 2],
        rows: of.changes.map((one) => [
          w.day(one.day, null),
          w.signed(one.points),
          w.amount(one.after),
          about(one),
        ]),
      },
      sums: sums(of).map(([name, points]) => [name, w.points(points)]),
      notes: [
        ...(of.changes.length === 0 ? [t.nothing] : []),
        t.rouble,
        t.seal(`${of.seal.rows}:${of.seal.hash}`),
      ],
      proof: of.proof && {
        words: t.proof(w.points(of.proof.points), w.day(of.proof.day, null), page),
        line: of.proof.line,
        href: page && `${page}#${encodeURIComponent(of.proof.line)}`,
      },
    }),
    /** As a table: for a program with a comma and a decimal point, for a spreadsheet as the language writes. */
    table: (of: Statement, forWhom: "program" | "person") => {
      const excel = forWhom === "person";
      const separator = excel && t.language === "ru" ? ";" : ",";
      const sum = (value: number) => (separator === ";" ? decimal(value).replace(".", ",") : decimal(value));
      const line = (cells: string[]) =>
        csvLine(separator, excel ? cells.filter((_, place) => place !== kindAt) : cells);
      const held = (name: string, at: string, points: Points) =>
        line([name, at, "", "", "", sum(points), "", ""]);
      const [opening, change, closing, ending, proof] = excel
        ? [t.opening, t.change, t.closing, t.ends, t.proven]
        : ["opening", "change", "closing", "ends", "proof"];
      return [
        excel ? "\ufeff" : "",
        excel ? csvLine(separator, t.columns) : line(columns),
        held(opening, of.from ?? "", of.opening),
        ...of.changes.map((one) =>
          line([
            ...[change, one.at, String(one.id), one.kind],
            ...[sum(one.points), sum(one.after), one.paid === null ? "" : sum(one.paid), csvText(about(one))],
          ]),
        ),
        held(closing, lastDay(of), of.closing),
        ...of.endings.map(({ ends, points }) => line([ending, ends, "", "", sum(points), "", "", ""])),
        ...(of.proof === null
          ? []
          : [line([proof, of.proof.day, "", "", "", sum(of.proof.points), "", of.proof.line])]),
      ].join("");
    },
    /** Under a file. HTML. */
    caption: (of: Statement) =>
      `${bold(titleOf(of, "digits"))}\n${days(of)}\n${t.closing}: ${bold(w.points(of.closing))}`,
    /** As a message: its sums, and the changes where they are few. HTML. */
    message: (of: Statement) => {
      const changes = of.changes.map((one) => h.entry(one, Number(of.made.slice(0, 4))));
      return [
        `${bold(titleOf(of, "digits"))}\n${days(of)}`,
        ...(changes.length === 0
          ? [t.nothing]
          : changes.length > maxInChat
            ? [t.more(w.count(changes.length))]
            : changes),
        sums({ ...of, endings: of.endings.slice(0, maxEndings) })
          .map(([label, points]) => `${label}: ${bold(w.points(points))}`)
          .join("\n"),
        ...(of.proof === null ? [] : [t.hasProof(w.day(of.proof.day, null))]),
      ].join("\n\n");
    },
  };
}
