// What is answered to words that are no command, in both languages. What is handed in is escaped here.

import { escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { isEndless, type Programme, programmeEn, programmeRu } from "../visits/programme.texts.ts";

const ru = {
  thanks: () => "Пожалуйста! Ждём вас.",
  agreed: () => "Хорошо! Ждём вас.",
  helloStranger: (name: string | null) =>
    `Здравствуйте${name ? `, ${escaped(name)}` : ""}! Подтвердите номер, и увидите свои баллы. Возможно, за прошлые визиты они вас уже ждут.`,
  expiry: (of: Programme) =>
    isEndless(of)
      ? `${programmeRu.expires(of)} Копите и тратьте, когда удобно.`
      : `${programmeRu.expires(of)} Ближайшие сроки — /balance`,
  /** To the very words that are to be said at the till, and to how points are spent. */
  spend: (of: Programme) =>
    `На кассе скажите «спишите баллы» и назовите телефон или покажите «Карту».${programmeRu.most(of)}`,
  spendOfStranger: (of: Programme) =>
    `На кассе скажите «спишите баллы» и назовите телефон.${programmeRu.most(of)} Видеть баллы здесь — /start`,
  person: (phone: string | null) =>
    phone
      ? `Здесь отвечает программа, а люди — по телефону: ${escaped(phone)}`
      : "Здесь отвечает программа. С вопросами — к администратору салона.",
  /** Nothing is turned off by a word: what does it is one tap away. */
  stop: (messenger: string) =>
    "Чтобы сообщения приходили без звука, отключите звук этого чата: карта останется под рукой. Чтобы не приходили совсем, " +
    `отвяжите карту от ${messenger}: баллы останутся на ней.`,
  /** Where nothing is told that was not asked for. */
  stopAsked: (messenger: string) =>
    "Первыми мы сюда не пишем: о баллах говорим, только когда вы напишете сами. Если карта здесь не нужна, отвяжите её от " +
    `${messenger}: баллы останутся на ней.`,
  stopStranger: () => "Карта к этому чату не привязана, о баллах сюда не пишем.",
  unknown: (phone: string | null) =>
    `Этого я не понимаю.${phone ? ` Человек ответит по телефону: ${escaped(phone)}.` : ""} Может быть, вы об этом?`,
  unknownOfStranger: () =>
    "Этого я не понимаю. Чтобы увидеть баллы, нажмите /start и подтвердите свой номер кнопкой.",
  noContacts: () => "Телефона и адреса у меня нет: спросите в салоне.",
  noBooking: () => "Записать отсюда не могу: запишитесь у администратора салона.",
};

const en: typeof ru = {
  thanks: () => "You are welcome! See you soon.",
  agreed: () => "All right! See you soon.",
  helloStranger: (name) =>
    `Hello${name ? `, ${escaped(name)}` : ""}! Confirm your number, and you will see your points. Those of past visits may be waiting already.`,
  expiry: (of) =>
    isEndless(of)
      ? `${programmeEn.expires(of)} Spend them whenever you like.`
      : `${programmeEn.expires(of)} What ends next: /balance`,
  spend: (of) =>
    `At the till say “use my points”, and give your phone or show the “Card”.${programmeEn.most(of)}`,
  spendOfStranger: (of) =>
    `At the till say “use my points” and give your phone.${programmeEn.most(of)} To see points here: /start`,
  person: (phone) =>
    phone
      ? `A program answers here. People answer by phone: ${escaped(phone)}`
      : "A program answers here. For a person, ask at the salon's front desk.",
  stop: (messenger) =>
    "To have messages without a sound, mute this chat: the card stays at hand. To have none at all, unlink the card from " +
    `${messenger}: its points stay on it.`,
  stopAsked: (messenger) =>
    "We never write here first: we tell of points only when you write yourself. If you do not need the card here, unlink it " +
    `from ${messenger}: its points stay on it.`,
  stopStranger: () => "No card is linked to this chat, so nothing is written here about points.",
  unknown: (phone) =>
    `I do not understand that.${phone ? ` A person answers by phone: ${escaped(phone)}.` : ""} Perhaps you mean one of these?`,
  unknownOfStranger: () =>
    "I do not understand that. To see your points, press /start and confirm your number with the button.",
  noContacts: () => "I know no phone and no address: please ask at the salon.",
  noBooking: () => "There is no booking here: please ask at the salon's front desk.",
};

/** What is said to plain words in a person's language. */
export function plainTexts(language: string | null | undefined) {
  return inLanguage(language, ru, en);
}
