// The page's language, and sums, points and times as it writes them.

import { type PageWords, wordsRu } from "./words.ts";
import { wordsEn } from "./words-en.ts";

export type Language = "ru" | "en";

const stored = localStorage.getItem("language");
let language: Language =
  stored === "ru" || stored === "en" ? stored : navigator.language.startsWith("ru") ? "ru" : "en";

export function currentLanguage(): Language {
  return language;
}

/** Remembered by the browser. */
export function setLanguage(next: Language): void {
  language = next;
  localStorage.setItem("language", next);
}

/** The page's words in the language of now. */
export function words(): PageWords {
  return language === "ru" ? wordsRu : wordsEn;
}

const locale = () => (language === "ru" ? "ru-RU" : "en-GB");

/** Kopecks as roubles: `3 500 ₽`. */
export function money(kopecks: number): string {
  return `${number(kopecks)}\u00a0₽`;
}

/** Hundredths of a point: `32,8`. */
export function points(hundredths: number): string {
  return number(hundredths);
}

/** With its sign, a real minus: `+35`, `−35`. */
export function signed(hundredths: number): string {
  return `${hundredths < 0 ? "−" : "+"}${number(Math.abs(hundredths))}`;
}

function number(hundredths: number): string {
  const written = new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(hundredths / 100);
  return written.replace("-", "−");
}

let timeZone = "Etc/GMT";
let today = "";

/** The salon's zone and day, which the bot goes by too. */
export function setDay(zone: string, now: string): void {
  [timeZone, today] = [zone, now];
}

/** What is drawn differently by another language or another day. */
export function mood(): string {
  return `${language} ${today}`;
}

/** The hour of an instant in milliseconds, with its day unless that is today. */
export function moment(at: number): string {
  const date = new Date(at).toLocaleDateString("en-CA", { timeZone });
  return date === today ? clock(at) : `${day(date)}, ${clock(at)}`;
}

/** `13:05` of an instant in milliseconds, by the salon's clock. */
export function clock(at: number): string {
  return new Date(at).toLocaleTimeString("ru-RU", { hour: "2-digit", minute: "2-digit", timeZone });
}

/** `12 Mar`, of `2026-03-12T…`. */
export function day(written: string): string {
  const date = new Date(`${written.slice(0, 10)}T12:00:00`);
  return date.toLocaleDateString(locale(), { day: "numeric", month: "short" }).replace(".", "");
}

/** The salon's own names and services in the page's language; what somebody typed stays as it is. */
export function ofSalon(written: string): string {
  return words().salon[written] ?? written;
}
