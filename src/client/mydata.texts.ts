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
import { type VisitView, whyTexts } from "./why.texts.ts";

/** Everything stored of a person. Days are `YYYY-MM-DD`. */
export interface StoredData {
  messenger: string;
  externalId: string;
  consents: { day: string }[];
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

/** A card that would go too; of one that was not `proved` neither number nor points are told. */
type Going = Other & Pick<OtherCard, "proved">;

/** A card somebody is asked about. */
interface Asked {
  phone: string;
  balance: Points;
}

const proved = (others: Going[]) => others.filter((one) => one.proved);
const burns = (others: Going[]) => proved(others).filter((one) => one.balance > 0);
/** The words, where one of the cards was never proved. */
const ofUnproved = (others: Going[], words: string) => (others.some((one) => !one.proved) ? words : "");
const digits = (phone: string) => `…${escaped(lastDigits(phone))}`;
/** The names in the journal, each once. */
const namesOf = (journal: { name: string | null }[]) => [
  ...new Set(journal.flatMap(({ name }) => (name === null ? [] : [escaped(name)]))),
];

const unprovedGoes = {
  ru: "Удалим и карту под другим номером, на который вас переписали в журнале салона: если на ней есть баллы, они тоже пропадут.",
  en: "The card of another number, under which the salon's journal has you by now, goes too, with the points on it if there are any.",
};

const ru = {
  menu: (messenger: string) =>
    `${bold("Мои данные")}\n\nПосмотрите, что мы о вас храним. Карту можно отвязать от ${messenger} или удалить.`,
  buttons: {
    open: "Мои данные",
    show: "Показать всё",
    unlink: "Отвязать карту",
    forget: "Удалить всё",
    reallyUnlink: "Да, отвязать",
    reallyForget: "Удалить навсегда",
    no: "Не надо",
  },
  file: "Визиты и изменения баллов — в файле: их много.",

  unlink: ({ phone, balance }: Asked, messenger: string) =>
    `Отвязать карту ${digits(phone)} от этого ${messenger}? ` +
    `${balance > 0 ? `Баллы (${ruWords.amount(balance)}) останутся на ней и подождут вас` : "Карта останется"}: на кассе её ` +
    "по-прежнему откроют по телефону. Сообщения о баллах приходить перестанут.",
  unlinked: ({ phone }: Asked) =>
    `Карта ${digits(phone)} отвязана, баллы ждут на ней. Вернуть её сюда — /start.`,
  notLinked: (messenger: string) => `К этому ${messenger} карта не привязана. Привязать — /start.`,

  forget: ({ phone, balance }: Asked, messenger: string, others: Going[] = []) =>
    `${bold("Удалить карту и всё, что мы о вас знаем?")}\n\n` +
    `${balance > 0 ? `Всё, что на карте ${digits(phone)}, пропадёт: ${bold(ruWords.points(balance))}.` : `Карты ${digits(phone)} больше не будет.`} ` +
    burns(others)
      .map((one) => `Сгорит и то, что на карте ${digits(one.phone ?? "")}: ${ruWords.points(one.balance)}. `)
      .join("") +
    ofUnproved(others, `${unprovedGoes.ru} `) +
    `Сотрём имя, телефон, ${messenger} и связь с вашими визитами. ` +
    `${bold("Вернуть это не сможет никто, и салон тоже.")}\n\n` +
    "Если нужно только перестать получать сообщения, карту можно отвязать: баллы останутся. Записи о визитах в журнале " +
    "самого салона бот не удаляет, об этом попросите администратора.",
  forgetStranger: (messenger: string, others: Going[] = []) =>
    proved(others).length > 0
      ? `${bold("Удалить всё, что мы о вас знаем?")}\n\nВместе с согласием и вопросами бота удалим карты, которые были вашими: ` +
        `${proved(others)
          .map((one) => `${digits(one.phone ?? "")} (${ruWords.points(one.balance)})`)
          .join(", ")}. ${ofUnproved(others, `${unprovedGoes.ru} `)}Баллы на них пропадут, ` +
        "вернуть это не сможет никто."
      : `${bold("Удалить всё, что мы о вас знаем?")}\n\nКарта к этому ${messenger} не привязана, поэтому сотрём только согласие и ` +
        "вопросы, которые бот вам задал. Чтобы удалить и карту, сначала привяжите её: /start.",
  forgottenLetGo: () =>
    "Готово: согласия, вопросов бота и карт, которые были вашими, у нас больше нет. Захотите новую — /start.",
  forgottenStranger: () =>
    "Готово: согласия и вопросов бота к вам у нас больше нет. Карта с вашим номером, если она заведена, осталась. Чтобы " +
    "удалить и её, привяжите её (/start) и повторите /forget.",
  forgotten: (kept: string[], messenger: string) =>
    `Готово: имени, телефона и ${messenger} у нас больше нет, карта удалена навсегда. Захотите новую — /start.` +
    kept
      .map(
        (phone) =>
          `\n\nОсталась карта ${digits(phone)}, которой вы пользовались раньше: на неё с тех пор пришли визиты или баллы, а номер мог перейти другому. Если он ваш, привяжите его (/start) и удалите и эту карту.`,
      )
      .join(""),
  kept: () => "Хорошо, ничего не меняем.",
  stale: () => "Этот вопрос устарел, ничего не изменилось. Начать заново — /mydata.",

  about: (data: StoredData) => {
    const w = ruWords;
    const { card } = data;
    if (card === null)
      return [`${bold("Вы")}\n${data.messenger} ID: ${data.externalId}\nКарта не привязана.`];
    const language = card.language === null ? "" : `, язык — ${escaped(languageName(card.language, "ru"))}`;
    return [
      `${bold("Вы")}\nТелефон: ${escaped(spacedPhone(card.phone))}${card.name === null ? "" : `\nИмя: ${escaped(card.name)}`}\n` +
        `${data.messenger} ID: ${data.externalId}${language}`,
      `\n${bold("Карта")}\nЗаведена ${w.day(card.created, null)}, привязана ${w.day(card.linked, null)}. ` +
        `На ней ${w.points(card.balance)}.`,
    ];
  },
  consents: (data: StoredData) =>
    data.consents.map(({ day }) => `Согласие на обработку данных дано ${ruWords.day(day, null)}.`),
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
    names.length === 0
      ? "Вы есть в журнале салона."
      : `В журнале салона вы записаны так: ${names.join(", ")}.`,
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
  menu: (messenger) =>
    `${bold("My data")}\n\nSee what we keep about you. The card can be unlinked from ${messenger} or removed.`,
  buttons: {
    open: "My data",
    show: "Show everything",
    unlink: "Unlink the card",
    forget: "Remove everything",
    reallyUnlink: "Yes, unlink",
    reallyForget: "Remove for good",
    no: "No, keep it",
  },
  file: "Visits and changes of points are in the file: there are many.",

  unlink: ({ phone, balance }, messenger) =>
    `Unlink card ${digits(phone)} from this ${messenger}? ` +
    `${balance > 0 ? `${enWords.points(balance)} will stay on it and wait for you` : "The card stays"}: the till still ` +
    "opens it by your phone. There will be no more messages about points.",
  unlinked: ({ phone }) =>
    `Card ${digits(phone)} is unlinked, its points wait on it. To have it back here: /start`,
  notLinked: (messenger) => `No card is linked to this ${messenger}. To link one: /start`,

  forget: ({ phone, balance }, messenger, others = []) =>
    `${bold("Remove the card and all we know about you?")}\n\n` +
    `${balance > 0 ? `${bold(enWords.points(balance))} on card ${digits(phone)} will be lost.` : `Card ${digits(phone)} will be gone.`} ` +
    burns(others)
      .map((one) => `So will what card ${digits(one.phone ?? "")} holds: ${enWords.points(one.balance)}. `)
      .join("") +
    ofUnproved(others, `${unprovedGoes.en} `) +
    `Your name, phone, ${messenger} and what leads from visits to you are erased. ` +
    `${bold("Nobody can bring it back, nor can the salon.")}\n\n` +
    "If you only want no more messages, unlink the card instead: the points stay. The salon's own journal of visits is " +
    "not touched by the bot; ask the front desk about that.",
  forgetStranger: (messenger, others = []) =>
    proved(others).length > 0
      ? `${bold("Remove all we know about you?")}\n\nWith the consent and the questions of the bot go the cards that were yours: ` +
        `${proved(others)
          .map((one) => `${digits(one.phone ?? "")} (${enWords.points(one.balance)})`)
          .join(", ")}. ${ofUnproved(others, `${unprovedGoes.en} `)}Their points will be ` +
        "lost, and nobody can bring it back."
      : `${bold("Remove all we know about you?")}\n\nNo card is linked to this ${messenger}, so only the consent and the questions ` +
        "of the bot are erased. To remove the card as well, link it first: /start",
  forgottenLetGo: () =>
    "Done: the consent, the questions of the bot and the cards that were yours are gone from here. For a new one: /start",
  forgottenStranger: () =>
    "Done: the consent and the questions of the bot are gone from here. A card with your number, if there is one, stays. To " +
    "remove it too, link it (/start) and send /forget again.",
  forgotten: (kept, messenger) =>
    `Done: your name, phone and ${messenger} are gone from here, and the card is removed for good. For a new one: /start` +
    kept
      .map(
        (phone) =>
          `\n\nCard ${digits(phone)}, which you used before, stays: visits or points have come onto it since, and the number may be somebody else's. If it is yours, link it (/start) and remove that card too.`,
      )
      .join(""),
  kept: () => "All right, nothing changes.",
  stale: () => "That question is too old, and nothing has changed. Start again with /mydata",

  about: (data) => {
    const w = enWords;
    const { card } = data;
    if (card === null)
      return [`${bold("You")}\n${data.messenger} ID: ${data.externalId}\nNo card is linked.`];
    const language =
      card.language === null ? "" : `, language: ${escaped(languageName(card.language, "en"))}`;
    return [
      `${bold("You")}\nPhone: ${escaped(spacedPhone(card.phone))}${card.name === null ? "" : `\nName: ${escaped(card.name)}`}\n` +
        `${data.messenger} ID: ${data.externalId}${language}`,
      `\n${bold("Card")}\nMade on ${w.day(card.created, null)}, linked on ${w.day(card.linked, null)}. ` +
        `It holds ${w.points(card.balance)}.`,
    ];
  },
  consents: (data) =>
    data.consents.map(({ day }) => `Consent to the processing of data given on ${enWords.day(day, null)}.`),
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
      ? "You are in the salon's journal."
      : `In the salon's books you are ${names.join(", ")}.`,
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
    ...(data.journal.length > 0 ? [t.journal(namesOf(data.journal))] : []),
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
