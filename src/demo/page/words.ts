// Every word of the page, Russian and English.

import { maxRu } from "./words-max.ts";
import { monthRu } from "./words-month.ts";
import { settlingRu } from "./words-settling.ts";

export type PageWords = typeof wordsRu;

const plural = (count: number, one: string, few: string, many: string) => {
  const rule = new Intl.PluralRules("ru").select(count);
  return `${count}\u00a0${rule === "one" ? one : rule === "few" ? few : many}`;
};

/** The README's own; a test holds them to be the same. */
export const installCommands = [
  "git clone <address of this repository> /opt/loyalty-bot && cd /opt/loyalty-bot",
  "bash docs/setup.sh",
  "docker compose run --rm --build bot check && docker compose up -d --wait",
];

export const wordsRu = {
  title: "Loyalty Bot — день салона",
  subtitle: "День салона: журнал, Telegram и книга баллов",
  language: "Язык",
  parts: "Части страницы",
  program: {
    starting: "Бот запускается…",
    running: "Бот работает",
    dead: "Сервер выключен, скоро включится сам",
  },
  gone: "Демо остановлено. Запустите его снова, и страница оживёт.",
  tabs: { journal: "Журнал", anna: "Анна", max: "MAX", admin: "Касса", ledger: "Книга", dock: "Сбои" },

  journal: "Журнал YCLIENTS",
  journalNote: "Что отмечает администратор",
  visits: "Визиты",
  unread: "бот сейчас прочитает",
  onCard: "На карту",
  states: {
    unpaid: "не оплачен",
    partly: "оплачен частично",
    paid: "оплачен",
    prepaid: "предоплачен",
    overpaid: "оплачено больше цены",
    came: "состоялся",
    noShow: "не состоялся",
    noShowPaid: "не состоялся, деньги в кассе",
    deleted: "удалён",
    left: (sum: string) => `к оплате ${sum}`,
  },
  decisions: {
    awarded: "начислено",
    not_paid: "0, не оплачен",
    paid_in_part: "0, оплачен не полностью",
    nothing_paid: "0, денег не пришло",
    no_show: "0, визит не состоялся",
    deleted: "0, визит удалён",
    not_arrived: "0, визит ещё не состоялся",
    before_start: "0, до начала программы",
    payment_unknown: "уточняется оплата",
    too_little: "0, сумма слишком мала",
  } as Record<string, string>,
  actions: {
    arrive: "Пришёл",
    pay: "Оплатить",
    payInPart: "Частично…",
    editPrice: "Цена…",
    refund: "Возврат…",
    prepay: "Предоплата",
    noShow: "Не пришёл",
    remove: "Удалить",
    restore: "Вернуть визит",
  },
  sums: { payInPart: "Оплата, ₽", editPrice: "Новая цена, ₽", refund: "Вернуть, ₽" },
  ok: "OK",
  addVisit: "Новый визит",
  add: "Добавить",
  client: "Клиент",
  clients: { anna: "Анна", pyotr: "Пётр", maria: "Мария", ilya: "Илья" },
  service: "Услуга",
  newService: "Укладка",
  price: "Цена, ₽",
  salon: {} as Record<string, string>,

  people: {
    anna: { name: "Анна", letter: "А", note: "клиент · …4567" },
    admin: { name: "Ольга", letter: "О", note: "на кассе" },
    owner: { name: "Елена", letter: "Е", note: "владелица" },
    max: { name: "Анна", letter: "А", note: "…4567" },
  },
  staff: { admin: "Касса", owner: "Владелец", max: "MAX" },
  chatOf: (name: string) => `Чат: ${name} и бот`,
  botSays: "Бот:",
  youSaid: "Отправлено:",
  youSaidWaiting: "Ждёт доставки:",
  edited: "изменено",
  picture: "Картинка от бота",
  contact: "Мой контакт",
  start: "Старт",
  emptyChat: "Здесь откроется чат с ботом",
  commands: "Команды",
  send: "Отправить",
  message: "Сообщение",
  messageTo: (name: string) => `Сообщение боту, пишет ${name}`,
  share: "Отправить",
  cancel: "Отмена",
  shareTitle: "Отправить свой номер?",
  shareNote: (phone: string) => `Бот увидит номер ${phone}. Так делает и настоящий Telegram.`,

  ledger: "Книга баллов",
  ledgerNote: "Строки только добавляются",
  ledgerRows: "Строки книги",
  noRows: "Пока пусто: программа читает журнал.",
  balances: "Баллы на картах",
  proved: "Всё сходится",
  notProved: (faults: number) => `Не сходится: ${plural(faults, "ошибка", "ошибки", "ошибок")}`,
  rowsCount: (rows: number) => plural(rows, "строка", "строки", "строк"),
  owed: (points: string) => `на картах ${points}`,
  owedTitle: "Что салон должен клиентам и до какого месяца: loyalty-bot owed",
  sealTitle: "Печать: хеш последней строки",
  linked: "в Telegram",
  told: "сообщено ✓",
  untold: "ждёт отправки",
  keptFor: "ждёт клиента",
  after: (points: string) => `на карте ${points}`,
  kinds: {
    award: (paid: string, percent: number) => `Начислено: оплачено ${paid}, ${percent}\u00a0%`,
    spend: (bill: string | null, left: string) =>
      bill === null ? "Списано на кассе" : `Списано на кассе: счёт ${bill}, к оплате ${left}`,
    undo: (row: number) => `Отмена строки №\u00a0${row}`,
    credit: "Начислено на кассе",
    debit: "Снято на кассе",
    move: "Перенос между картами",
    expiry: (row: number, back: boolean) =>
      back ? `Сгоревшее вернули: строка №\u00a0${row}` : `Сгорели: вышел срок строки №\u00a0${row}`,
    welcome: "Подарок новому клиенту",
    birthday: "Подарок ко дню рождения",
    friend: "Подарок за приглашение",
  },
  noReason: "без причины",
  causes: {
    deleted: "Визит удалён.",
    no_show: "Визит не состоялся.",
    not_paid: "Оплата возвращена.",
    nothing_paid: "Оплата возвращена.",
    paid_in_part: "Оплачен не полностью.",
    not_arrived: "Визит ещё не состоялся.",
    moved: "Другой клиент в записи.",
  } as Record<string, string>,
  counted: (paid: string | null) =>
    paid === null ? "Визит пересчитан." : `Визит пересчитан: теперь оплачено ${paid}.`,
  corrects: (row: number) => `Поправка к строке №\u00a0${row}`,

  breakIt: "А если…",
  breakNote: "Ломайте смело: что не дошло, дождётся своего часа и придёт один раз.",
  faults: {
    telegramDown: "Telegram не отвечает",
    telegram429: "Telegram просит подождать",
    yclientsDown: "YCLIENTS не отвечает",
    yclients429: "YCLIENTS просит подождать",
    yclientsDies: "YCLIENTS умрёт посередине",
    twice: "Всё приходит дважды",
  },
  kill: "Выключить сервер",
  unreadCount: (count: number) =>
    `Журнал: ${plural(count, "визит ждёт", "визита ждут", "визитов ждут")} чтения`,
  undelivered: (count: number) =>
    `Telegram: ${plural(count, "нажатие ждёт", "нажатия ждут", "нажатий ждут")} доставки`,
  untoldCount: (count: number) =>
    `Клиенту ещё не сказано: ${plural(count, "изменение", "изменения", "изменений")}`,
  heldUntil: (clock: string) => `YCLIENTS просил подождать: читаем снова до ${clock}`,
  nothingWaits: "Ничего не ждёт. Ничего не потеряно.",
  nothingLost: "Ничего не потеряется.",

  tour: "Знакомство за шесть шагов",
  stepOf: (step: number, of: number) => `Шаг ${step} из ${of}`,
  next: "Дальше",
  doIt: "Сделать за меня",
  hide: "Скрыть шаги",
  showTour: "Показать шаги",
  play: "Проиграть день",
  pause: "Пауза",
  resume: "Продолжить",
  doing: (item: string) => `Сейчас: ${item}`,
  stuck: "Дальше само не идёт: выключите сбои или сделайте этот шаг сами, а потом продолжите.",
  begin: {
    title: "День салона за минуту",
    text: "Клиент заплатил — баллы сами пришли в Telegram. Вводить ничего не нужно, кроме списания.",
    self: "Самому, по шагам",
  },
  end: {
    title: "Вот и весь день",
    text: "Всё сошлось, и Анна узнала обо всём по одному разу. Дальше делайте что угодно: книга выдержит.",
  },
  install: {
    title: "Поставить у себя",
    needsTitle: "Что нужно от YCLIENTS",
    needs: [
      "Номер филиала: он в адресе журнала.",
      "Токен партнёра: его даёт кабинет разработчика YCLIENTS.",
      "Токен пользователя, которому видны телефоны клиентов и финансы: его получает loyalty-bot token.",
    ],
    commandsTitle: "Три команды на сервере",
    more: "Ещё нужны бот от @BotFather и сервер с Docker: хватит одного ядра и 1 ГБ. Подробно: docs/install.md.",
  },
  phone: {
    short: "На телефоне",
    title: "Показать на телефоне",
    how: "Остановите демо (Ctrl-C) и запустите его так. Телефон должен быть в той же сети.",
    point: "Наведите камеру телефона. Он должен быть в той же сети. Адрес страницы:",
    warning:
      "Открыть её сможет любой в этой сети и сделает там то же, что и вы: включайте, где доверяете всем.",
    code: (address: string) => `QR-код адреса ${address}`,
  },
  close: "Закрыть",
  month: monthRu,
  settling: settlingRu,
  max: maxRu,
  steps: [
    {
      title: "Анна открывает карту",
      text: "За прошлый визит её уже ждут 220 баллов. Карту открывает только собственный номер.",
      items: ["Анна: нажать «Старт»", "Анна: «Согласен», отправить номер"],
    },
    {
      title: "Визит оплачен",
      text: "Отметьте стрижку Анны в журнале. Через пару секунд бот скажет, сколько пришло и за что.",
      items: ["Журнал: Анна, «Пришёл»", "Журнал: «Оплатить» 3 500 ₽"],
    },
    {
      title: "Деньги вернули",
      text: "Баллы пересчитаются сами: в книге появится строка с причиной, а Анна узнает почему.",
      items: ["Журнал: «Возврат…» всей суммы", "Анна: спросить почему, /why"],
    },
    {
      title: "Анна платит баллами",
      text: "После списания цену в журнале снижают до суммы, которую назвал бот. «Отменить» работает 10 минут.",
      items: [
        "Касса: написать 89001234567 3500",
        "Касса: «Списать 220…»",
        "Журнал: «Цена…» 3 280 ₽",
        "Журнал: «Оплатить»",
      ],
    },
    {
      title: "Всё ломается",
      text: "Telegram не отвечает, сервер выключился. Ничего не потеряется, и Анне скажут один раз.",
      items: [
        "Сбои: «Telegram не отвечает»",
        "Журнал: новый визит, оплатить",
        "Сбои: «Выключить сервер»",
        "Включить Telegram обратно",
      ],
    },
    {
      title: "Книга сходится",
      text: "Проверка пересчитывает книгу с первой строки. Владелец видит итоги и получает книгу файлом для Excel.",
      items: ["Елена, владелица: /stats", "Елена, владелица: /export", "Книга: «всё сходится»"],
    },
  ],
};
