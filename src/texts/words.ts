// Numbers, plurals and dates in words, in Russian and English. What comes out holds nothing that HTML must escape.

import { decimal, type Kopecks, type Points } from "../rules/money.ts";

/** How one language writes values. Points are integer hundredths, money integer kopecks, percents integer hundredths. */
export interface Words {
  /** `1250` is `12,5`; at most two decimals, trailing zeros cut, thousands apart, a true minus. */
  amount(value: number): string;
  /** The same with its sign, plus too: `+35`, `−5`. */
  signed(value: number): string;
  /** With the word in its right form: `34 балла`. */
  points(value: Points): string;
  /** The word alone, as it stands after that number: `балла`. */
  pointsWord(value: Points): string;
  /** `1 250 ₽`; never broken over two lines. */
  money(value: Kopecks): string;
  /** `100` is `1 %`. */
  percent(value: number): string;
  /** A whole number of visits: `4 визита`. */
  visits(count: number): string;
  /** `YYYY-MM-DD` as `12 марта`; with the year when it is not `year`, so always when that is null. */
  day(day: string, year: number | null): string;
}

const NBSP = "\u00a0";
const MINUS = "\u2212";

type Form = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

function makeWords(language: string, marks: { decimal: string; thousands: string }, forms: Forms): Words {
  const rules = new Intl.PluralRules(language);
  const form = (of: Form, value: number) => of[rules.select(Math.abs(value))] ?? of.other;
  const amount = (value: number) => {
    const [whole = "0", rest = ""] = decimal(Math.abs(value)).split(".");
    const cut = rest.replace(/0+$/, "");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, marks.thousands);
    return `${value < 0 ? MINUS : ""}${grouped}${cut === "" ? "" : marks.decimal + cut}`;
  };
  const pointsWord = (value: Points) => form(forms.points, value / 100);
  return {
    amount,
    signed: (value) => `${value > 0 ? "+" : ""}${amount(value)}`,
    points: (value) => `${amount(value)} ${pointsWord(value)}`,
    pointsWord,
    money: (value) => `${amount(value)}${NBSP}₽`,
    percent: (value) => `${amount(value)}${forms.percent}`,
    visits: (count) => `${amount(count * 100)} ${form(forms.visits, count)}`,
    day: (day, year) => dayIn(forms.months, day, year),
  };
}

interface Forms {
  points: Form;
  visits: Form;
  percent: string;
  months: readonly string[];
}

function dayIn(months: readonly string[], day: string, year: number | null): string {
  const [y = 0, month = 1, date = 1] = day.split("-").map(Number);
  return `${date} ${months[month - 1] ?? ""}${y === year ? "" : ` ${y}`}`;
}

/** Russian: 1 балл, 2 балла, 5 баллов, 12,5 балла. */
export const ruWords = makeWords(
  "ru",
  { decimal: ",", thousands: NBSP },
  {
    points: { one: "балл", few: "балла", many: "баллов", other: "балла" },
    visits: { one: "визит", few: "визита", many: "визитов", other: "визита" },
    percent: `${NBSP}%`,
    months: [
      ...["января", "февраля", "марта", "апреля", "мая", "июня"],
      ...["июля", "августа", "сентября", "октября", "ноября", "декабря"],
    ],
  },
);

/** English: 1 point, 2 points, 12.5 points. */
export const enWords = makeWords(
  "en",
  { decimal: ".", thousands: "," },
  {
    points: { one: "point", other: "points" },
    visits: { one: "visit", other: "visits" },
    percent: "%",
    months: [
      ...["January", "February", "March", "April", "May", "June"],
      ...["July", "August", "September", "October", "November", "December"],
    ],
  },
);
