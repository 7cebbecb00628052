// One card in several messengers, in both languages: whether it is the same person, and what is told there of leaving.

import { lastDigits } from "../rules/phone.ts";
import { escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, ruWords } from "../texts/words.ts";

const card = (phone: string) => `…${escaped(lastDigits(phone))}`;
const callsRu = (phone: string | null) => (phone ? `: ${escaped(phone)}` : " на кассе");
const callsEn = (phone: string | null) => (phone ? `: ${escaped(phone)}` : " at the till");

const ru = {
  buttons: {
    same: "Да, это я",
    other: "Нет, не я",
    mistaken: "Всё-таки это я",
    /** `there` where the card is in several messengers beside. */
    notMine: (there: string | null) => (there ? `Аккаунт в ${there} не мой` : "Тот аккаунт не мой"),
    putOff: "Да, убрать карту оттуда",
    keep: "Не надо",
  },

  /** To who came by the code, under the key that sends the number. `day` is when they agreed there, `YYYY-MM-DD`. */
  confirm: (there: string, day: string) =>
    "Здравствуйте! Подтвердите номер кнопкой внизу, и ваша карта откроется здесь со всей историей. Согласие на обработку " +
    `данных, которое вы дали в ${there} ${ruWords.day(day, null)}, действует и тут.`,
  /** Behind what a card holds, to who has just linked it in a second messenger. */
  opened: (there: string) => `Всё, что видно в ${there}, видно теперь и здесь.`,
  /** Who came by the code of another number's card. */
  strayed: (phone: string) =>
    `Открылась карта номера ${card(phone)}. Ссылка была от карты с другим номером: та осталась там, где была, со всеми баллами. ` +
    "Чтобы перенести её, подтвердите здесь её номер.",
  otherNumber: (phone: string) =>
    `Номер ${card(phone)} — не той карты, которую вы переносите: та остаётся на месте. Карту этого номера тоже можно открыть.`,
  off: (there: string) => `${there} (бот там сейчас выключен)`,
  asked: (there: string) =>
    `Карта открыта и в ${there}. Мы спросили там, вы ли это: ответьте «Да, это я», и прежняя история появится здесь.`,
  waits: (there: string) =>
    `Карта открыта и в ${there}. Загляните там в чат с ботом и ответьте «Да, это я»: прежняя история появится здесь.`,
  closed: (there: string) =>
    `Карта открыта и в ${there}. Здесь видно то, что придёт с этой минуты, а прежнюю историю откроет администратор на кассе.`,
  openedNow: (there: string) => `Готово: всё, что видно в ${there}, видно теперь и здесь.`,
  askPutOff: (phone: string, there: string) =>
    `Убрать карту ${card(phone)} из ${there}? Со всеми баллами она останется у вас здесь, а прежняя история, если она открыта, ` +
    "закроется. Аккаунт всё-таки ваш? Тогда ничего не убирайте.",
  kept: (there: string) => `Хорошо, карта осталась и в ${there}.`,
  putOff: (phone: string, there: string) =>
    `Готово: в ${there} карты ${card(phone)} больше нет, она только ваша.`,
  putOffClosed: (there: string) =>
    `Эта кнопка уже не действует: в ${there} карты нет, или её открыли там заново.`,
  putOffLate: (there: string) =>
    `Эта кнопка действует один день. Убрать карту из ${there} можно и теперь: /unlink, «Везде», а потом подтвердите номер здесь снова.`,
  stale: "Ссылка не подошла: она живёт день, срабатывает один раз и открывает карту того же номера.",

  ask: (phone: string, there: string) =>
    `Вашу карту ${card(phone)} открыли в ${there}. Это вы? Если да, там будет видно всё, что видно здесь.`,
  yes: (phone: string, there: string) =>
    `Спасибо! Всё, что вы видите здесь на карте ${card(phone)}, видно теперь и в ${there}.`,
  no: (phone: string, there: string, supportPhone: string | null) =>
    `Хорошо, прежнюю историю в ${there} не покажем. Карту там открыли, подтвердив номер ${card(phone)}. Номер ваш? Подтвердите его ` +
    `боту в ${there} сами, и карта перейдёт к вам. Номер уже не ваш? Отвяжите карту, /unlink, а о баллах скажите нам` +
    `${callsRu(supportPhone)}. Если это всё же вы, нажмите кнопку ниже.`,
  yesThere: (phone: string, there: string) =>
    `Всё, что видно на карте ${card(phone)} в ${there}, видно теперь и здесь: /history`,

  letGo: (phone: string, there: string, supportPhone: string | null) =>
    `Карту ${card(phone)} отвязали и здесь: об этом попросили в ${there}. Баллы ждут на ней, вернуть её сюда — /start. Если это ` +
    `не вы, скажите нам${callsRu(supportPhone)}.`,
  forgotten: (there: string, supportPhone: string | null) =>
    `Вашей карты и всего, что мы о вас знали, больше нет: об этом попросили в ${there}. Захотите новую — /start. Если это не ` +
    `вы, скажите нам${callsRu(supportPhone)}.`,
};

const en: typeof ru = {
  buttons: {
    same: "Yes, that's me",
    other: "No, not me",
    mistaken: "It is me after all",
    notMine: (there) => (there ? `The account in ${there} isn't mine` : "That account isn't mine"),
    putOff: "Yes, take the card out of there",
    keep: "No, leave it",
  },

  confirm: (there, day) =>
    "Hello! Confirm your number with the button below, and your card opens here with all of its history. The consent to the " +
    `processing of data that you gave in ${there} on ${enWords.day(day, null)} holds here too.`,
  opened: (there) => `All that can be seen in ${there} can be seen here now.`,
  strayed: (phone) =>
    `The card of number ${card(phone)} is open. The link was of a card with another number: that one has stayed where it was, ` +
    "with all its points. To bring it here, confirm its number.",
  otherNumber: (phone) =>
    `Number ${card(phone)} is not that of the card you are moving: that one stays where it is. The card of this number can be ` +
    "opened too.",
  off: (there) => `${there} (the bot is off there now)`,
  asked: (there) =>
    `The card is open in ${there} too. We have asked there whether it is you: answer “Yes, that's me”, and the history of ` +
    "before comes here.",
  waits: (there) =>
    `The card is open in ${there} too. Write to the bot there and answer “Yes, that's me”: the history of before comes here.`,
  closed: (there) =>
    `The card is open in ${there} too. What comes from now on is seen here; the front desk can open the history of before.`,
  openedNow: (there) => `Done: all that can be seen in ${there} can be seen here now.`,
  askPutOff: (phone, there) =>
    `Take card ${card(phone)} out of ${there}? With all its points it stays with you here; the history of before, if it is open, ` +
    "closes. Is that account yours after all? Then leave it.",
  kept: (there) => `All right, the card is still in ${there} too.`,
  putOff: (phone, there) => `Done: card ${card(phone)} is not in ${there} any more, it is yours alone.`,
  putOffClosed: (there) =>
    `That button does nothing any more: the card is not in ${there}, or it was opened there anew.`,
  putOffLate: (there) =>
    `That button works for a day. The card can still be taken out of ${there}: /unlink, “Everywhere”, then confirm your number here again.`,
  stale: "That link did not fit: it lives for a day, works once, and opens the card of the same number.",

  ask: (phone, there) =>
    `Your card ${card(phone)} was opened in ${there}. Is that you? If so, all that can be seen here can be seen there.`,
  yes: (phone, there) =>
    `Thank you! All that you see here of card ${card(phone)} can be seen in ${there} now.`,
  no: (phone, there, supportPhone) =>
    `All right, the history of before stays hidden in ${there}. The card was opened there by confirming the number ` +
    `${card(phone)}. Is the number yours? Confirm it to the bot in ${there} yourself, and the card comes to you. Not yours any more? ` +
    `Unlink the card, /unlink, and tell us about the points${callsEn(supportPhone)}. If it is you after all, tap the button below.`,
  yesThere: (phone, there) =>
    `All that can be seen of card ${card(phone)} in ${there} can be seen here now: /history`,

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
