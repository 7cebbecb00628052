// The command menus' descriptions, in both languages.

import { inLanguage } from "../texts/language.ts";

const ru = {
  balance: "Сколько баллов",
  card: "Показать карту",
  history: "История баллов",
  why: "Где мои баллы",
  book: "Записаться",
  contacts: "Контакты",
  help: "Как всё устроено",
  mydata: "Мои данные",
  today: "Записи на сегодня",
  credit: "Начислить: телефон баллы причина",
  debit: "Снять: телефон баллы причина",
  move: "Перенести: телефон телефон баллы",
  whyAdmin: "Почему столько: телефон",
  cancel: "Отменить начатое",
  stats: "Сводка",
  export: "Выгрузка для Excel",
  staff: "Кто работает с ботом",
};

const en: typeof ru = {
  balance: "How many points",
  card: "Show my card",
  history: "History of points",
  why: "Where are my points",
  book: "Book a visit",
  contacts: "Contacts",
  help: "How it works",
  mydata: "My data",
  today: "Today's bookings",
  credit: "Add points: phone points reason",
  debit: "Take points: phone points reason",
  move: "Move points: phone phone points",
  whyAdmin: "Why this many: phone",
  cancel: "Drop what was begun",
  stats: "Figures",
  export: "A file for Excel",
  staff: "Who works with the bot",
};

/** The descriptions in a language. */
export function menuTexts(language: string | null) {
  return inLanguage(language, ru, en);
}
