// How the columns of a list of balances may be headed, in Russian and English; in small letters.

/** Of each column the first word is the one to advise. */
export const headings = {
  phone: [
    ...["телефон", "тел", "номер телефона", "номер", "мобильный", "мобильный телефон", "телефон клиента"],
    ...["phone", "phone number", "mobile", "mobile phone", "tel", "telephone", "number"],
  ],
  points: [
    ...["баллы", "балл", "бонусы", "бонус", "остаток", "баланс", "количество баллов", "сумма баллов"],
    ...[
      "остаток баллов",
      "баланс баллов",
      "остаток бонусов",
      "баланс бонусов",
      "бонусный баланс",
      "бонусные баллы",
    ],
    ...["points", "bonuses", "bonus", "balance", "points balance", "bonus balance"],
  ],
  name: [
    ...["имя", "фио", "ф и о", "клиент", "имя клиента", "фио клиента"],
    ...["name", "client", "customer", "client name", "customer name", "full name"],
  ],
  reason: ["причина", "комментарий", "примечание", "reason", "comment", "note"],
};
