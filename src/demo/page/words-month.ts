// The words of the month after the day, Russian and English.

export const monthRu = {
  open: "Прошёл месяц",
  tour: "Месяц в семь шагов",
  play: "Прожить месяц",
  today: (day: string, passed: number) => `Сегодня ${day}, ${passed + 1}-й день`,
  begin: {
    title: "Что будет за месяц",
    text: "Владелица включит уровни, срок баллов и подарки за друга. Часы у всех пойдут скачками: по дням, а не по секундам.",
  },
  end: {
    title: "Вот и месяц",
    text: "Каждое начисление, подарок и сгорание — строка с причиной, и всё по-прежнему сходится.",
  },
  steps: [
    {
      title: "Владелица выбирает программу",
      text: "3 % от 50 000 ₽, баллы живут 30 дней, за друга 300 и 200. Сгорит не раньше полного срока: Елена видит, что и когда.",
      items: ["Включить и перезапустить бота", "Елена, владелица: /programme"],
    },
    {
      title: "Анна достигает уровня",
      text: "Этот визит ещё по 1 %, следующий по 3 %. Карта говорит, какой уровень и до какого дня баллы.",
      items: ["Журнал: свадебный образ, 30 000 ₽", "Анна: /balance"],
    },
    {
      title: "Приходит подруга",
      text: "Вера у вас впервые. Подарок обеим придёт, когда её визиту исполнится три дня: их можно не ждать.",
      items: [
        "Анна: /invite",
        "Касса: /friend, телефоны Веры и Анны",
        "Журнал: Вера пришла и оплатила",
        "Прошло 4 дня",
      ],
    },
    {
      title: "Баллы скоро сгорят",
      text: "За неделю бот предупреждает: одно сообщение обо всём, с днём и суммой.",
      items: ["Прошло ещё 19 дней"],
    },
    {
      title: "Баллы сгорели",
      text: "Последний день прошёл. Сгорело только то, чей срок вышел: подарок за подругу ещё на карте.",
      items: ["Прошло ещё 8 дней", "Анна: /history"],
    },
    {
      title: "Возврат после сгорания",
      text: "За визит вернули деньги, а его баллы уже сгорели. Дважды их не снимут: сгоревшее вернётся, и снимется начисление.",
      items: ["Журнал: «Возврат…» 30 000 ₽", "Книга: «всё сходится»"],
    },
    {
      title: "Бумаги обеим сторонам",
      text: "«Проверить подтверждение» открывает страницу, которая сама считает число дня: то же получила Елена. Под проверкой книги — что салон должен.",
      items: ["Анна: /statement", "Анна: «Для печати»", "Книга: «Что салон должен»"],
    },
  ],
};

export const monthEn: typeof monthRu = {
  open: "A month passes",
  tour: "A month in seven steps",
  play: "Live the month",
  today: (day, passed) => `Today is ${day}, day ${passed + 1}`,
  begin: {
    title: "What a month brings",
    text: "The owner switches on levels, a term for points and gifts for a friend. Everybody's clock leaps: by days, not seconds.",
  },
  end: {
    title: "That is the month",
    text: "Each award, gift and end of points is a row with its reason, and all sums still hold.",
  },
  steps: [
    {
      title: "The owner chooses",
      text: "3 % from 50,000 ₽, points live 30 days, a friend makes 300 and 200. Nothing ends before a full term: Elena sees what ends when.",
      items: ["Switch it on, and the bot starts anew", "Elena, the owner: /programme"],
    },
    {
      title: "Anna reaches a level",
      text: "This visit still earns 1 %, the next one 3 %. Her card says the level, and until what day her points live.",
      items: ["Journal: a bridal look, 30,000 ₽", "Anna: /balance"],
    },
    {
      title: "A friend comes",
      text: "Vera is new here. Both get their gift once her visit is three days old: no need to wait for them.",
      items: [
        "Anna: /invite",
        "Till: /friend, Vera's and Anna's phones",
        "Journal: Vera came and paid",
        "4 days pass",
      ],
    },
    {
      title: "Points end soon",
      text: "A week before, the bot warns: one message for all of it, with the day and the sum.",
      items: ["19 more days pass"],
    },
    {
      title: "Points have ended",
      text: "The last day is over. Only what had its time is gone: the gift for the friend is still on the card.",
      items: ["8 more days pass", "Anna: /history"],
    },
    {
      title: "A refund after the end",
      text: "The visit is refunded, and its points have ended. They are not taken twice: what ended comes back, and the award goes.",
      items: ["Journal: “Refund…” 30,000 ₽", "Ledger: “all sums hold”"],
    },
    {
      title: "Papers for both sides",
      text: "“Check the proof” opens a page that works the number of the day out by itself: Elena has the same one. Below the ledger's proof stands what the salon owes.",
      items: ["Anna: /statement", "Anna: “To print”", "Ledger: “What the salon owes”"],
    },
  ],
};
