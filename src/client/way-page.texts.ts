// What stands on the page that a card's code, a poster or an invitation opens, in both languages.

/** The words of one language, as plain text. */
export interface WayWords {
  title: string;
  open: string;
  in: (messenger: string) => string;
  code: string;
  /** Of a card's code. */
  till: string;
}

export const wayWords: Record<"ru" | "en", WayWords> = {
  ru: {
    title: "Карта лояльности",
    open: "Где удобнее открыть?",
    in: (messenger) => `Открыть в ${messenger}`,
    code: "Ничего не открылось или бот молчит? Отправьте ему этот код сообщением:",
    till: "Это код карты клиента. Ни баллов, ни имени в нём нет: карту по нему открывают только на кассе.",
  },
  en: {
    title: "Loyalty card",
    open: "Where would you like to open it?",
    in: (messenger) => `Open in ${messenger}`,
    code: "Nothing has opened, or the bot is silent? Send it this code as a message:",
    till: "This is the code of a client's card. It holds neither points nor a name: a card is opened by it at the till alone.",
  },
};
