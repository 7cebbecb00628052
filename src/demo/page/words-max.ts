// The words of the chapter of MAX beside Telegram, Russian and English.

export const maxRu = {
  open: "MAX рядом",
  tour: "MAX рядом с Telegram: шесть шагов",
  play: "Проиграть",
  shareNote: (phone: string) => `Бот увидит номер ${phone} и подпись MAX, что он ваш.`,
  both: "в Telegram и MAX",
  alone: "в MAX",
  /** Behind her name. */
  there: " в MAX",
  undelivered: (count: number) => `MAX: ждёт доставки — ${count}`,
  begin: {
    title: "MAX рядом с Telegram",
    text: "До кого Telegram не доходит, тому карта открывается в MAX: та же карта, те же баллы. Когда Telegram лежит, видно, чего это стоит.",
  },
  end: {
    title: "Одна карта, два мессенджера",
    text: "О каждом визите Анна узнала один раз, хотя Telegram дважды лежал. Начать можно с одного, а второй добавить когда угодно.",
  },
  steps: [
    {
      title: "Владелица добавляет MAX",
      text: "Без токена MAX салон ничего о нём не видит. С токеном тот же бот отвечает и там: отдельной программы не нужно.",
      items: ["Вписать MAX_BOT_TOKEN и перезапустить бота"],
    },
    {
      title: "Та же карта в MAX",
      text: "Ссылка срабатывает один раз и открывает всю историю, а номер Анна всё равно подтверждает и в MAX.",
      items: [
        "Telegram: «Перенести карту в MAX»",
        "Открыть ссылку в MAX",
        "MAX: подтвердить свой номер",
        "Здесь и там: /balance",
      ],
    },
    {
      title: "Telegram лежит",
      text: "Без договора правила MAX не велят боту писать первым. Но стоит Анне написать, и она услышит новое.",
      items: [
        "Сбои: «Telegram не отвечает»",
        "Журнал: ламинирование, 3 000 ₽",
        "Проходит шесть минут",
        "Анна в MAX: /balance",
      ],
    },
    {
      title: "Telegram вернулся",
      text: "О визите Анна уже знает, и второй раз ей не скажут: сказанное в одном мессенджере сказано и в другом.",
      items: ["Включить Telegram обратно", "Анна в Telegram: /balance"],
    },
    {
      title: "А с договором — сам",
      text: "Владелица ручается, что договор с MAX есть. Telegram нет пять минут — и сообщение уходит в MAX.",
      items: [
        "Включить MAX_NOTICES=at_once",
        "Сбои: «Telegram не отвечает»",
        "Журнал: пилинг, 2 000 ₽",
        "Проходит шесть минут",
      ],
    },
    {
      title: "Один раз, и всё сходится",
      text: "Telegram снова здесь, и там тихо: сказанное в MAX не повторяется. Книга пересчитана с первой строки.",
      items: ["Включить Telegram обратно", "Книга: «всё сходится»"],
    },
  ],
};

export const maxEn: typeof maxRu = {
  open: "MAX beside it",
  tour: "MAX beside Telegram: six steps",
  play: "Play it",
  shareNote: (phone) => `The bot will see ${phone}, and MAX's proof that it is yours.`,
  both: "in Telegram and MAX",
  alone: "in MAX",
  there: " in MAX",
  undelivered: (count) => `MAX: waiting to be delivered: ${count}`,
  begin: {
    title: "MAX beside Telegram",
    text: "Whom Telegram does not reach opens the card in MAX: the same card, the same points. While Telegram is away, that shows its worth.",
  },
  end: {
    title: "One card, two messengers",
    text: "Anna was told of each visit once, though Telegram was away twice. Begin with one of them, and add the other whenever you like.",
  },
  steps: [
    {
      title: "The owner adds MAX",
      text: "Without a token a salon sees nothing of MAX. With one the same bot answers there too: no second program.",
      items: ["Set MAX_BOT_TOKEN, and the bot starts anew"],
    },
    {
      title: "The same card in MAX",
      text: "The link works once and opens all of the history; Anna confirms her number in MAX all the same.",
      items: [
        "Telegram: “Take the card to MAX”",
        "Open the link in MAX",
        "MAX: confirm her own number",
        "Here and there: /balance",
      ],
    },
    {
      title: "Telegram is away",
      text: "Without a contract MAX's rules forbid to write first. But once Anna writes there, she is told what is new.",
      items: [
        "Faults: “Telegram does not answer”",
        "Journal: a lamination, 3,000 ₽",
        "Six minutes pass",
        "Anna in MAX: /balance",
      ],
    },
    {
      title: "Telegram is back",
      text: "Anna knows of the visit and is not told again: what was said in one messenger is said in the other too.",
      items: ["Telegram on again", "Anna in Telegram: /balance"],
    },
    {
      title: "With a contract: by itself",
      text: "The owner states a contract with MAX. After five minutes without Telegram the message goes to MAX.",
      items: [
        "Switch MAX_NOTICES=at_once on",
        "Faults: “Telegram does not answer”",
        "Journal: a peeling, 2,000 ₽",
        "Six minutes pass",
      ],
    },
    {
      title: "Once, and all sums hold",
      text: "Telegram is here again, and quiet: what MAX has said is not repeated. The ledger is recounted from its first row.",
      items: ["Telegram on again", "Ledger: “all sums hold”"],
    },
  ],
};
