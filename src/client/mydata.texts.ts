// "My data": what is stored of a person, unlinking and forgetting, in both languages. What is handed in is escaped here.

import type { OtherCard, StoredCard } from "../cards/forget.ts";
import type { Role } from "../rules/author.ts";
import type { Points } from "../rules/money.ts";
import { lastDigits, spacedPhone } from "../rules/phone.ts";
import { bold, escaped } from "../texts/html.ts";
import { inLanguage, languageName } from "../texts/language.ts";
import { enWords, NBSP, ruWords } from "../texts/words.ts";
import type { Programme } from "../visits/programme.texts.ts";
import { birthdayTexts, type StoredBirthday } from "./birthday.texts.ts";
import { type HistoryEntry, historyTexts } from "./history.texts.ts";
import { leavingEn, leavingRu } from "./leaving.texts.ts";
import { type VisitView, whyTexts } from "./why.texts.ts";

/** Everything stored of a person. Days are `YYYY-MM-DD`. */
export interface StoredData {
  messenger: string;
  externalId: string;
  /** The card's other accounts; of one that may be somebody else's there is no number. `off`: no bot answers there now. */
  beside: { messenger: string; externalId: string | null; linked: string; off: boolean }[];
  /** `messenger` where there are several. */
  consents: { day: string; messenger: string | null }[];
  birthday: StoredBirthday | null;
  /** Until when the bot remembers what it asked. */
  questions: string[];
  /** As one who works here, or did: what the chat has made them, null for nothing any more. */
  work: { name: string | null; changes: { role: Role | null; day: string }[] };
  /** The person in the salon's journal, as often as they are in it. */
  journal: { name: string | null }[];
  card:
    | (Pick<StoredCard, "id" | "phone" | "name" | "language"> &
        Past & { created: string; linked: string; balance: Points })
    | null;
  /** Cards that were theirs before. */
  others: (Past & Other)[];
  /** How many cards the journal has them on by another number, which they never proved. */
  unproved: number;
}

interface Past {
  visits: VisitView[];
  history: { entries: HistoryEntry[]; earlier: Points | null };
}

type Other = Pick<OtherCard, "phone" | "name" | "balance">;

const digits = (phone: string) => `…${escaped(lastDigits(phone))}`;
/** Names behind these words, in lines of five: a message holds only so many of them. */
function inFives(words: string, names: string[]): string[] {
  const fives = [...Map.groupBy(names.entries(), ([at]) => Math.floor(at / 5)).values()];
  const lines = fives.map((five) => five.map(([, one]) => one).join(", "));
  return `${words}${lines.join(",\n")}.`.split("\n");
}

/** The names in the journal, each once. */
const namesOf = (journal: { name: string | null }[]) => [
  ...new Set(journal.flatMap(({ name }) => (name === null ? [] : [escaped(name)]))),
];

type Beside = StoredData["beside"][number];

const besideRu = ({ messenger, externalId, linked, off }: Beside) =>
  (externalId === null
    ? `\nКарта открыта и в ${messenger}, с ${ruWords.day(linked, null)}`
    : `\n${messenger} ID: ${externalId}, карта открыта там с ${ruWords.day(linked, null)}`) +
  (off ? ". Бот там сейчас выключен" : "");
const besideEn = ({ messenger, externalId, linked, off }: Beside) =>
  (externalId === null
    ? `\nThe card is open in ${messenger} too, since ${enWords.day(linked, null)}`
    : `\n${messenger} ID: ${externalId}, the card is open there since ${enWords.day(linked, null)}`) +
  (off ? ". The bot is off there now" : "");

const ru = {
  ...leavingRu,
  menu: (messenger: string) =>
    `${bold("Мои данные")}\n\nПосмотрите, что мы о вас храним. Карту можно отвязать от ${messenger} или удалить.`,
  buttons: {
    open: "Мои данные",
    show: "Показать всё",
    unlink: "Отвязать карту",
    forget: "Удалить всё",
    reallyUnlink: "Да, отвязать",
    onlyHere: "Только здесь",
    everywhere: "Везде",
    reallyForget: "Удалить навсегда",
    no: "Не надо",
  },
  file: "Визиты и изменения баллов — в файле: их много.",

  about: (data: StoredData) => {
    const w = ruWords;
    const { card } = data;
    if (card === null)
      return [`${bold("Вы")}\n${data.messenger} ID: ${data.externalId}\nКарта не привязана.`];
    const language = card.language === null ? "" : `, язык — ${escaped(languageName(card.language, "ru"))}`;
    return [
      `${bold("Вы")}\nТелефон: ${escaped(spacedPhone(card.phone))}${card.name === null ? "" : `\nИмя: ${escaped(card.name)}`}\n` +
        `${data.messenger} ID: ${data.externalId}${language}${data.beside.map(besideRu).join("")}`,
      `\n${bold("Карта")}\nЗаведена ${w.day(card.created, null)}, привязана ${w.day(card.linked, null)}. ` +
        `На ней ${w.points(card.balance)}.`,
    ];
  },
  consents: (data: StoredData) =>
    data.consents.map(
      ({ day, messenger }) =>
        `Согласие на обработку данных дано ${messenger === null ? "" : `в ${messenger} `}${ruWords.day(day, null)}.`,
    ),
  questions: (data: StoredData) =>
    data.questions.map((day) => `Бот помнит, о чём вас спросил, до ${ruWords.day(day, null)}.`),
  work: ({ work: { name, changes } }: StoredData) => [
    ...(name === null ? [] : [`Среди тех, кто работает с ботом, вы ${escaped(name)}.`]),
    ...changes.map(({ role, day }) => {
      const now = { owner: "вы владелец", admin: "вы администратор", none: "вы больше не работаете с ботом" };
      return `С${NBSP}${ruWords.day(day, null)} ${now[role ?? "none"]}.`;
    }),
  ],
  workStays: () => "\n\nВ записях о том, что вы делали на работе, остаётся номер вашего аккаунта, без имени.",
  journal: (names: string[]) =>
    names.length === 0 ? ["Вы есть в журнале салона."] : inFives("В журнале салона вы записаны так: ", names),
  other: ({ phone, name, balance }: Other) =>
    `\n${bold("Ещё карта")}${phone === null ? "" : ` ${digits(phone)}`}${name === null ? "" : `, ${escaped(name)}`}. ` +
    `На ней ${ruWords.points(balance)}.`,
  unproved:
    `\n${bold("Ещё карта")}. В журнале салона вы записаны и под другим номером. Здесь он не подтверждён, поэтому карту не ` +
    "показываем: о ней расскажет администратор салона.",
  visits: (count: number) => `\n${bold("Визиты")}, всего ${count}`,
  history: (count: number) => `\n${bold("Изменения баллов")}, всего ${count}`,
};

const en: typeof ru = {
  ...leavingEn,
  menu: (messenger) =>
    `${bold("My data")}\n\nSee what we keep about you. The card can be unlinked from ${messenger} or removed.`,
  buttons: {
    open: "My data",
    show: "Show everything",
    unlink: "Unlink the card",
    forget: "Remove everything",
    reallyUnlink: "Yes, unlink",
    onlyHere: "Only here",
    everywhere: "Everywhere",
    reallyForget: "Remove for good",
    no: "No, keep it",
  },
  file: "Visits and changes of points are in the file: there are many.",

  about: (data) => {
    const w = enWords;
    const { card } = data;
    if (card === null)
      return [`${bold("You")}\n${data.messenger} ID: ${data.externalId}\nNo card is linked.`];
    const language =
      card.language === null ? "" : `, language: ${escaped(languageName(card.language, "en"))}`;
    return [
      `${bold("You")}\nPhone: ${escaped(spacedPhone(card.phone))}${card.name === null ? "" : `\nName: ${escaped(card.name)}`}\n` +
        `${data.messenger} ID: ${data.externalId}${language}${data.beside.map(besideEn).join("")}`,
      `\n${bold("Card")}\nMade on ${w.day(card.created, null)}, linked on ${w.day(card.linked, null)}. ` +
        `It holds ${w.points(card.balance)}.`,
    ];
  },
  consents: (data) =>
    data.consents.map(
      ({ day, messenger }) =>
        `Consent to the processing of data given ${messenger === null ? "" : `in ${messenger} `}on ${enWords.day(day, null)}.`,
    ),
  questions: (data) =>
    data.questions.map((day) => `The bot remembers what it asked you until ${enWords.day(day, null)}.`),
  work: ({ work: { name, changes } }) => [
    ...(name === null ? [] : [`Among those who work with the bot you are ${escaped(name)}.`]),
    ...changes.map(({ role, day }) => {
      const now = { owner: "owner", admin: "admin", none: "not working with the bot any more" };
      return `From ${enWords.day(day, null)}: ${now[role ?? "none"]}.`;
    }),
  ],
  workStays: () => "\n\nThe records of what you did at work keep the number of your account, without a name.",
  journal: (names) =>
    names.length === 0
      ? ["You are in the salon's journal."]
      : inFives("In the salon's books you are ", names),
  other: ({ phone, name, balance }) =>
    `\n${bold("Another card")}${phone === null ? "" : ` ${digits(phone)}`}${name === null ? "" : `, ${escaped(name)}`}. ` +
    `It holds ${enWords.points(balance)}.`,
  unproved:
    `\n${bold("Another card")}. The salon's journal has you under another number too. It was not confirmed here, so the card is ` +
    "not shown: the front desk can tell you about it.",
  visits: (count) => `\n${bold("Visits")}, ${count} in all`,
  history: (count) => `\n${bold("Changes of points")}, ${count} in all`,
};

/** What "My data" says in a person's language. */
export function dataTexts(language: string | null | undefined) {
  const t = inLanguage(language, ru, en);
  /** Who it is and what the card holds, without its past. */
  const person = (data: StoredData): string[] => [
    ...t.about(data),
    ...t.work(data),
    ...t.consents(data),
    ...t.questions(data),
    ...birthdayTexts(language).stored(data.birthday),
    ...(data.journal.length > 0 ? t.journal(namesOf(data.journal)) : []),
  ];
  return {
    ...t,
    person,
    /** Everything stored, as blocks that are not to be cut apart; HTML. A new line in front starts a paragraph. */
    everything: (data: StoredData, of: Programme): string[] => {
      const visit = whyTexts(language);
      const history = historyTexts(language);
      const past = ({ visits, history: rows }: Past) => {
        const blocks: string[] = [];
        if (visits.length > 0) blocks.push(t.visits(visits.length));
        blocks.push(...visits.map((one) => visit.line(one, null, of)));
        if (rows.entries.length > 0) blocks.push(t.history(rows.entries.length));
        blocks.push(...rows.entries.map((one) => `\n${history.entry(one, null)}`));
        if (rows.earlier) blocks.push(`\n${history.before(rows.earlier)}`);
        return blocks;
      };
      const cards = [
        ...(data.card === null ? [] : past(data.card)),
        ...data.others.flatMap((one) => [t.other(one), ...past(one)]),
        ...(data.unproved > 0 ? [t.unproved] : []),
      ];
      return [...person(data), ...cards];
    },
  };
}
