// The words of the chapter in which a spend settles its visit, Russian and English.

export const settlingRu = {
  open: "Баллы закрывают счёт",
  tour: "Баллы закрывают счёт: пять шагов",
  play: "Проиграть",
  begin: {
    title: "Баллы закрывают счёт сами",
    text: "До сих пор цену в журнале снижали руками. Теперь списание само встаёт в счёт визита: даже если YCLIENTS умрёт посередине.",
  },
  end: {
    title: "Счёт закрыт",
    text: "Баллы списаны один раз и стоят в счёте. Карта в YCLIENTS пуста, новые баллы начислены за деньги.",
  },
  bill: { bill: "Счёт", points: "Баллами", money: "Деньгами" },
  card: {
    title: "Карта «Баллы бота»",
    moves: "Движения по карте, от старых к новым",
    put: "положено",
    taken: "снято",
    paid: "в счёт визита",
    back: "в счёт визита и обратно",
  },
  trial: {
    none: "Проба не пройдена",
    running: "Проба идёт…",
    passed: "Проба пройдена",
  },
  steps: [
    {
      title: "Владелица пробует",
      text: "Сначала на своём визите, командой settle try: всё, что она поставит в журнал, она и вернёт. Прошла — можно включать.",
      items: ["Проба: settle try, 3 ₽ баллами", "Включить и перезапустить бота"],
    },
    {
      title: "Списание уменьшает счёт",
      text: "Администратор нажимает одну кнопку, как всегда. Баллы проходят через пустую карту в YCLIENTS прямо в счёт.",
      items: [
        "Касса: Анне до 340 баллов, /credit",
        "Журнал: мелирование, 4 000 ₽",
        "Касса: 89001234567 4000, «Списать…»",
        "Журнал: к оплате стало меньше",
      ],
    },
    {
      title: "Передумали",
      text: "«Отменить» снимает баллы со счёта, и только потом они возвращаются Анне. К оплате снова 4 000 ₽.",
      items: ["Касса: «Отменить до…»", "Журнал: к оплате 4 000 ₽"],
    },
    {
      title: "YCLIENTS умирает",
      text: "Баллы уже в счёте, а ответа нет. Касса говорит, что доделает сама: вслепую не повторит, а посмотрит, что вышло. Списано один раз.",
      items: [
        "Сбои: «YCLIENTS умрёт посередине»",
        "Касса: «Списать…» ещё раз",
        "Включить YCLIENTS обратно",
        "Журнал: списано один раз",
      ],
    },
    {
      title: "Остальное деньгами",
      text: "Визит закрыт: часть баллами, остальное деньгами. Новые баллы — только за деньги.",
      items: ["Журнал: «Оплатить» остальное", "Анна: почему столько, /why", "Книга: «всё сходится»"],
    },
  ],
};

export const settlingEn: typeof settlingRu = {
  open: "Points settle the bill",
  tour: "Points settle the bill: five steps",
  play: "Play it",
  begin: {
    title: "Points settle the bill by themselves",
    text: "Until now the journal's price was lowered by hand. Now a spend pays its part of the visit's bill: even if YCLIENTS dies in the middle.",
  },
  end: {
    title: "The bill is settled",
    text: "The points are spent once and on the bill. The card in YCLIENTS is empty, and new points are for the money.",
  },
  bill: { bill: "Bill", points: "By points", money: "In money" },
  card: {
    title: "Card “Баллы бота”",
    moves: "Moves on the card, oldest first",
    put: "put there",
    taken: "taken off",
    paid: "onto the bill",
    back: "onto the bill and back",
  },
  trial: {
    none: "The trial has not passed",
    running: "The trial is running…",
    passed: "The trial has passed",
  },
  steps: [
    {
      title: "The owner tries it",
      text: "First on a visit of her own, by settle try: what it puts into the journal it takes back. Passed, it may be switched on.",
      items: ["Trial: settle try, 3 ₽ by points", "Switch it on, and the bot starts anew"],
    },
    {
      title: "A spend lowers the bill",
      text: "The admin presses one button, as ever. The points go by an empty card in YCLIENTS right onto the bill.",
      items: [
        "Till: Anna up to 340 points, /credit",
        "Journal: highlights, 4,000 ₽",
        "Till: 89001234567 4000, “Списать…”",
        "Journal: less is to be paid",
      ],
    },
    {
      title: "Changed their minds",
      text: "Undo takes the points off the bill, and only then they come back to Anna. 4,000 ₽ to pay again.",
      items: ["Till: “Отменить до…” (undo)", "Journal: 4,000 ₽ to pay"],
    },
    {
      title: "YCLIENTS dies",
      text: "The points are on the bill, and no answer comes. The till will finish by itself: not repeat it blindly, but look what came of it. Spent once.",
      items: [
        "Faults: “YCLIENTS dies half-way”",
        "Till: “Списать…” again",
        "YCLIENTS on again",
        "Journal: spent once",
      ],
    },
    {
      title: "The rest in money",
      text: "The visit is closed: a part by points, the rest in money. New points come for the money alone.",
      items: ["Journal: “Pay” the rest", "Anna: why so many, /why", "Ledger: “all sums hold”"],
    },
  ],
};
