// Numbers, plurals and dates in words, in Russian and English. What comes out holds nothing that HTML must escape, and a
// number is never parted from its word by the end of a line.

import type { Life } from "../rules/life.ts";
import { decimal, type Kopecks, type Points } from "../rules/money.ts";

/** How one language writes values. Points are integer hundredths, money integer kopecks, percents integer hundredths. */
export interface Words {
  /** `1250` is `12,5`; at most two decimals, trailing zeros cut, thousands apart, a true minus. */
  amount(value: number): string;
  /** The same with its sign, plus too: `+35`, `−5`. */
  signed(value: number): string;
  /** With the word in its right form: `34 балла`. */
  points(value: Points): string;
  /** With the sign and the word: `+35 баллов`. */
  change(value: Points): string;
  /** The word alone, as it stands after that number: `балла`. */
  pointsWord(value: Points): string;
  /** `1 250 ₽`; kopecks, where there are any, always as two digits: `1 250,50 ₽`. */
  money(value: Kopecks): string;
  /** Of a sum: `400 из 900 ₽`. */
  moneyOf(part: Kopecks, whole: Kopecks): string;
  /** `100` is `1 %`. */
  percent(value: number): string;
  /** A whole number, thousands apart: `1 250`. */
  count(value: number): string;
  /** A whole number of visits: `4 визита`. */
  visits(count: number): string;
  /** `12 месяцев`, `30 дней`. */
  life(life: Life): string;
  /** The same to the day: `12 месяцев, до конца последнего из них`. */
  wholeLife(life: Life): string;
  /** A whole number of times, as it stands behind "at most": `2 раз`. */
  times(count: number): string;
  /** `YYYY-MM-DD` as `12 марта`; with the year when it is not `year`, so always when that is null. */
  day(day: string, year: number | null): string;
  /** The same as a last day, which counts too: `до 12 марта включительно`. */
  until(day: string, year: number | null): string;
}

/** A space that no line ends at. */
export const NBSP = "\u00a0";
const MINUS = "\u2212";

type Form = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

function makeWords(language: string, marks: { decimal: string; thousands: string }, forms: Forms): Words {
  const rules = new Intl.PluralRules(language);
  const form = (of: Form, value: number) => of[rules.select(Math.abs(value))] ?? of.other;
  const written = (value: number, rest: (decimals: string) => string) => {
    const [whole = "0", decimals = ""] = decimal(Math.abs(value)).split(".");
    const kept = rest(decimals);
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, marks.thousands);
    return `${value < 0 ? MINUS : ""}${grouped}${kept === "" ? "" : marks.decimal + kept}`;
  };
  const count = (value: number) => amount(value * 100);
  const amount = (value: number) => written(value, (decimals) => decimals.replace(/0+$/, ""));
  const roubles = (value: number) => written(value, (decimals) => (decimals === "00" ? "" : decimals));
  const pointsWord = (value: Points) => form(forms.points, value / 100);
  const life = (of: Life) =>
    "months" in of
      ? `${count(of.months)}${NBSP}${form(forms.lifeMonths, of.months)}`
      : `${count(of.days)}${NBSP}${form(forms.days, of.days)}`;
  const signed = (value: number) => `${value > 0 ? "+" : ""}${amount(value)}`;
  return {
    amount,
    signed,
    points: (value) => `${amount(value)}${NBSP}${pointsWord(value)}`,
    change: (value) => `${signed(value)}${NBSP}${pointsWord(value)}`,
    pointsWord,
    money: (value) => `${roubles(value)}${NBSP}₽`,
    moneyOf: (part, whole) => `${roubles(part)} ${forms.of} ${roubles(whole)}${NBSP}₽`,
    percent: (value) => `${amount(value)}${forms.percent}`,
    count,
    visits: (value) => `${count(value)}${NBSP}${form(forms.visits, value)}`,
    life,
    wholeLife: (of) =>
      "months" in of ? `${life(of)}, ${of.months === 1 ? forms.nextMonth : forms.lastMonth}` : life(of),
    times: (value) => `${count(value)}${NBSP}${form(forms.times, value)}`,
    day: (day, year) => dayIn(forms.months, day, year),
    until: (day, year) => forms.until(dayIn(forms.months, day, year)),
  };
}

interface Forms {
  points: Form;
  visits: Form;
  lifeMonths: Form;
  /** Until when it is, of one month and of more. */
  nextMonth: string;
  lastMonth: string;
  days: Form;
  times: Form;
  percent: string;
  of: string;
  until(day: string): string;
  months: readonly string[];
}

function dayIn(months: readonly string[], day: string, year: number | null): string {
  const [y = 0, month = 1, date = 1] = day.split("-").map(Number);
  return `${date}${NBSP}${months[month - 1] ?? ""}${y === year ? "" : ` ${y}`}`;
}

/** Russian: 1 балл, 2 балла, 5 баллов, 12,5 балла. */
export const ruWords = makeWords(
  "ru",
  { decimal: ",", thousands: NBSP },
  {
    points: { one: "балл", few: "балла", many: "баллов", other: "балла" },
    visits: { one: "визит", few: "визита", many: "визитов", other: "визита" },
    lifeMonths: { one: "месяц", few: "месяца", many: "месяцев", other: "месяца" },
    nextMonth: "до конца следующего",
    lastMonth: "до конца последнего из них",
    days: { one: "день", few: "дня", many: "дней", other: "дня" },
    times: { one: "раза", other: "раз" },
    percent: `${NBSP}%`,
    of: "из",
    until: (day) => `до${NBSP}${day} включительно`,
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
    lifeMonths: { one: "month", other: "months" },
    nextMonth: "to the end of the next one",
    lastMonth: "to the end of the last one",
    days: { one: "day", other: "days" },
    times: { one: "time", other: "times" },
    percent: "%",
    of: "of",
    until: (day) => `until the end of ${day}`,
    months: [
      ...["January", "February", "March", "April", "May", "June"],
      ...["July", "August", "September", "October", "November", "December"],
    ],
  },
);

/**
 * A Russian short participle before so many points: `Списан 1 балл`, `Списано 340 баллов`, `Списано 12,5 балла`. `stem` is
 * its masculine form.
 */
export function ruDone(stem: string, points: Points): string {
  return ruWords.pointsWord(points) === "балл" ? stem : `${stem}о`;
}

/** A Russian verb after so many points: `1 балл вернулся`, `340 баллов вернулись`, `12,5 балла вернулось`. */
export function ruReturned(points: Points): string {
  if (points % 100 !== 0) return "вернулось";
  return ruWords.pointsWord(points) === "балл" ? "вернулся" : "вернулись";
}

/** The beginning of a sentence. */
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** A text with plain spaces: for what is stored, or copied back into a message. */
export function softened(text: string): string {
  return text.replaceAll(NBSP, " ");
}
