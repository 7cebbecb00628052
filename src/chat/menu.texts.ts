// The command menus' descriptions, and what a stranger reads of the bot, in both languages.

import { inLanguage } from "../texts/language.ts";

const ru = {
  balance: "Сколько баллов",
  card: "Показать карту",
  history: "История баллов",
  why: "Где мои баллы",
  statement: "Выписка по карте",
  invite: "Пригласить друга",
  book: "Записаться",
  contacts: "Контакты",
  help: "Как всё устроено",
  birthday: "День рождения",
  mydata: "Мои данные",
  today: "Записи на сегодня",
  credit: "Начислить: телефон баллы причина",
  debit: "Снять: телефон баллы причина",
  move: "Перенести: телефон телефон баллы",
  friend: "Кто привёл: телефон нового, телефон друга",
  whyAdmin: "Почему столько: телефон",
  cancel: "Отменить начатое",
  stats: "Сводка",
  export: "Выгрузка для Excel",
  poster: "Плакат с QR для печати",
  level: "Уровень клиента: телефон",
  programme: "Какая программа действует",
  statementOfClient: "Выписка: своя, или телефон клиента",
  staff: "Кто работает с ботом",
};

const en: typeof ru = {
  balance: "How many points",
  card: "Show my card",
  history: "History of points",
  why: "Where are my points",
  statement: "Statement of my card",
  invite: "Invite a friend",
  book: "Book a visit",
  contacts: "Contacts",
  help: "How it works",
  birthday: "My birthday",
  mydata: "My data",
  today: "Today's bookings",
  credit: "Add points: phone points reason",
  debit: "Take points: phone points reason",
  move: "Move points: phone phone points",
  friend: "Who sent them: new phone, friend's phone",
  whyAdmin: "Why this many: phone",
  cancel: "Drop what was begun",
  stats: "Figures",
  export: "A file for Excel",
  poster: "A poster with a QR code, to print",
  level: "A client's level: phone",
  programme: "Which programme is in force",
  statementOfClient: "A statement: your own, or a client's phone",
  staff: "Who works with the bot",
};

/** The descriptions in a language. */
export function menuTexts(language: string | null) {
  return inLanguage(language, ru, en);
}

const profileRu = {
  about:
    "Карта лояльности: часть каждой оплаты возвращается баллами, 1\u00a0балл\u00a0=\u00a01\u00a0₽ на кассе.\n\nЗдесь видно, сколько баллов на карте и за что они пришли. Карта открывается по вашему номеру: баллы за прошлые визиты могут уже ждать.",
  short: "Карта лояльности: сколько баллов, за что, и карта для кассы. 1\u00a0балл\u00a0=\u00a01\u00a0₽.",
};

const profileEn: typeof profileRu = {
  about:
    "A loyalty card: a part of every payment comes back as points, 1\u00a0point\u00a0=\u00a01\u00a0₽ at the till.\n\nHere you see how many points the card holds, and what for. Your number opens it: points of past visits may be waiting.",
  short:
    "Loyalty card: how many points, what for, and the card for the till. 1\u00a0point\u00a0=\u00a01\u00a0₽.",
};

/**
 * What is written of the bot where nobody has: nothing in it depends on the settings, for nobody writes it anew. Telegram takes
 * 512 characters, and 120 of the short one.
 */
export function profileTexts(language: string | null) {
  return inLanguage(language, profileRu, profileEn);
}
