// The birthday, asked for and kept, in both languages. A day is `MM-DD`.

import type { Points } from "../rules/money.ts";
import { bold } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, ruWords } from "../texts/words.ts";

/** A day, and whether the journal alone says it. */
export interface StoredBirthday {
  day: string;
  ofJournal: boolean;
}

const dayRu = (day: string) => ruWords.day(`2000-${day}`, 2000);
const dayEn = (day: string) => enWords.day(`2000-${day}`, 2000);

const ru = {
  buttons: {
    yes: (day: string) => `Да, ${dayRu(day)}`,
    no: "Нет",
    notSaid: "Не хочу говорить",
    drop: "Удалить дату",
  },
  rule: (points: Points) =>
    `Ко дню рождения дарим ${ruWords.points(points)}, если дата известна нам хотя бы за 30\u00a0дней до него и за последний год у вас был ` +
    "оплаченный визит. Раз в календарный год.",
  /** A day as it is to be written: what those who work here write is the till's, but for a command. */
  example: (staff: boolean): string => (staff ? "<code>/birthday 14.03</code>" : "«14 марта»"),
  ask: (points: Points, example: string) =>
    `Когда у вас день рождения? Напишите день и месяц, например ${example}, год не нужен.\n\n${ru.rule(points)}`,
  ofPerson: (day: string) => `Ваш день рождения: ${bold(dayRu(day))}.`,
  ofJournal: (day: string, example: string) =>
    `В журнале салона ваш день рождения: ${bold(dayRu(day))}. Это не так? Напишите верный день и месяц, например ${example}.`,
  changes: (from: string | null, example: string) =>
    from === null
      ? `Изменить его можно раз в год: напишите новую дату, например ${example}.`
      : `Изменить его можно будет ${ruWords.day(from, null)}.`,
  confirm: (day: string) => `Записать день рождения ${bold(dayRu(day))}? Изменить его потом можно раз в год.`,
  kept: (day: string, points: Points) => `Записали: ${bold(dayRu(day))}. ${ru.rule(points)}`,
  early: (from: string) => `Эту дату уже меняли. Изменить её снова можно будет ${ruWords.day(from, null)}.`,
  unread: (example: string) => `Не получилось прочитать дату. Напишите день и месяц, например ${example}.`,
  again: (example: string) =>
    `Не записали. Напишите верный день и месяц, например ${example}, или ничего не пишите.`,
  no: () => "Хорошо, больше не спросим. Передумаете — /birthday.",
  dropped: () => "Дату удалили, подарка ко дню рождения не будет. Передумаете — /birthday.",
  stored: (of: StoredBirthday | null) =>
    of === null
      ? []
      : [`День рождения${of.ofJournal ? " (из журнала салона)" : ""}: ${dayRu(of.day)}, без года.`],
};

const en: typeof ru = {
  buttons: {
    yes: (day) => `Yes, ${dayEn(day)}`,
    no: "No",
    notSaid: "I'd rather not say",
    drop: "Remove the day",
  },
  rule: (points) =>
    `For your birthday we give ${enWords.points(points)}, if we have known the day for at least 30 days before it and you paid for ` +
    "a visit in the last year. Once a calendar year.",
  example: (staff) => (staff ? "<code>/birthday 14.03</code>" : "“14 March”"),
  ask: (points, example) =>
    `When is your birthday? Write day and month, for example ${example}; the year is not needed.\n\n${en.rule(points)}`,
  ofPerson: (day) => `Your birthday: ${bold(dayEn(day))}.`,
  ofJournal: (day, example) =>
    `In the salon's journal your birthday is ${bold(dayEn(day))}. Is that wrong? Write the right day and month, for example ${example}.`,
  changes: (from, example) =>
    from === null
      ? `You may change it once a year: write the new day, for example ${example}.`
      : `You may change it from ${enWords.day(from, null)}.`,
  confirm: (day) => `Keep ${bold(dayEn(day))} as your birthday? Later it may be changed once a year.`,
  kept: (day, points) => `Kept: ${bold(dayEn(day))}. ${en.rule(points)}`,
  early: (from) => `This day was changed already. It may be changed again from ${enWords.day(from, null)}.`,
  unread: (example) => `That day could not be read. Write day and month, for example ${example}.`,
  again: (example) => `Not kept. Write the right day and month, for example ${example}, or nothing at all.`,
  no: () => "All right, we will not ask again. If you change your mind: /birthday",
  dropped: () => "The day is removed, and there will be no birthday gift. If you change your mind: /birthday",
  stored: (of) =>
    of === null
      ? []
      : [`Birthday${of.ofJournal ? " (from the visits' journal)" : ""}: ${dayEn(of.day)}, without the year.`],
};

/** What is said of birthdays in a person's language; HTML. */
export function birthdayTexts(language: string | null | undefined) {
  return inLanguage(language, ru, en);
}
