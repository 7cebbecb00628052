// One card in several messengers, in both languages: whether it is the same person, and what is told there of leaving.

import { lastDigits } from "../rules/phone.ts";
import { escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, ruWords } from "../texts/words.ts";

const card = (phone: string) => `…${escaped(lastDigits(phone))}`;
const callsRu = (phone: string | null) => (phone ? `: ${escaped(phone)}` : " на кассе");
const callsEn = (phone: string | null) => (phone ? `: ${escaped(phone)}` : " at the till");

const ru = {
  buttons: { same: "Да, это я", other: "Нет, не я" },

  /** To who came by the code, under the key that sends the number. `day` is when they agreed there, `YYYY-MM-DD`. */
  confirm: (there: string, day: string) =>
    "Здравствуйте! Подтвердите номер кнопкой внизу, и ваша карта откроется здесь со всей историей. Согласие на обработку " +
    `данных, которое вы дали в ${there} ${ruWords.day(day, null)}, действует и тут.`,
  /** Behind what a card holds, to who has just linked it in a second messenger. */
  opened: "\n\nВсё, что было на карте раньше, видно и здесь.",
  asked: (there: string) =>
    `\n\nКарта открыта и в ${there}. Мы спросили там, вы ли это: ответьте «Да, это я», и прежняя история появится здесь.`,
  waits: (there: string) =>
    `\n\nКарта открыта и в ${there}. Загляните там в чат с ботом и ответьте «Да, это я»: прежняя история появится здесь.`,
  closed: (there: string) =>
    `\n\nКарта открыта и в ${there}. Здесь видно то, что придёт с этой минуты, а прежнюю историю откроет администратор на кассе.`,
  openedNow: "Готово: всё, что было на карте раньше, видно и здесь.",
  stale: "Ссылка не подошла: она живёт день, срабатывает один раз и открывает карту того же номера.",

  ask: (phone: string, there: string) =>
    `Вашу карту ${card(phone)} открыли в ${there}. Это вы? Если да, там будет видно и то, что было на ней раньше.`,
  yes: (phone: string, there: string) =>
    `Спасибо! Теперь и в ${there} видно всё, что было на карте ${card(phone)}.`,
  no: (phone: string, there: string, supportPhone: string | null) =>
    `Хорошо, прежнюю историю в ${there} не покажем. Карту там открыли, подтвердив номер ${card(phone)}. Если это сделали без вас ` +
    `или номер больше не ваш, скажите нам${callsRu(supportPhone)}. Отвязать карту — /unlink.`,
  yesThere: (phone: string) => `Всё, что было на карте ${card(phone)} раньше, теперь видно и здесь: /history`,

  letGo: (phone: string, there: string, supportPhone: string | null) =>
    `Карту ${card(phone)} отвязали и здесь: об этом попросили в ${there}. Баллы ждут на ней, вернуть её сюда — /start. Если это ` +
    `не вы, скажите нам${callsRu(supportPhone)}.`,
  forgotten: (there: string, supportPhone: string | null) =>
    `Вашей карты и всего, что мы о вас знали, больше нет: об этом попросили в ${there}. Захотите новую — /start. Если это не ` +
    `вы, скажите нам${callsRu(supportPhone)}.`,
};

const en: typeof ru = {
  buttons: { same: "Yes, that's me", other: "No, not me" },

  confirm: (there, day) =>
    "Hello! Confirm your number with the button below, and your card opens here with all of its history. The consent to the " +
    `processing of data that you gave in ${there} on ${enWords.day(day, null)} holds here too.`,
  opened: "\n\nAll that was on the card before is here too.",
  asked: (there) =>
    `\n\nThe card is open in ${there} too. We have asked there whether it is you: answer “Yes, that's me”, and the history of ` +
    "before comes here.",
  waits: (there) =>
    `\n\nThe card is open in ${there} too. Write to the bot there and answer “Yes, that's me”: the history of before comes here.`,
  closed: (there) =>
    `\n\nThe card is open in ${there} too. What comes from now on is seen here; the front desk can open the history of before.`,
  openedNow: "Done: all that was on the card before is here too.",
  stale: "That link did not fit: it lives for a day, works once, and opens the card of the same number.",

  ask: (phone, there) =>
    `Your card ${card(phone)} was opened in ${there}. Is that you? If so, what was on it before can be seen there too.`,
  yes: (phone, there) => `Thank you! All that was on card ${card(phone)} can be seen in ${there} now.`,
  no: (phone, there, supportPhone) =>
    `All right, the history of before stays hidden in ${there}. The card was opened there by confirming the number ` +
    `${card(phone)}. If it was done without you, or the number is not yours any more, tell us${callsEn(supportPhone)}. To unlink ` +
    "the card: /unlink",
  yesThere: (phone) => `All that was on card ${card(phone)} before can be seen here now: /history`,

  letGo: (phone, there, supportPhone) =>
    `Card ${card(phone)} was unlinked here too, as was asked in ${there}. Its points wait on it; to have it back here: /start If ` +
    `that was not you, tell us${callsEn(supportPhone)}.`,
  forgotten: (there, supportPhone) =>
    `Your card and all we knew about you are gone, as was asked in ${there}. For a new one: /start If that was not you, tell ` +
    `us${callsEn(supportPhone)}.`,
};

/** What is said of a card that is in several messengers, in a person's language. */
export function togetherTexts(language: string | null | undefined) {
  return inLanguage(language, ru, en);
}
