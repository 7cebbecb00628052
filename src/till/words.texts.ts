// The till's short answers and its buttons, in Russian.

import { staffTexts } from "../chat/staff.texts.ts";
import type { Meaning } from "../client/stems.rule.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { apart } from "../rules/name.ts";
import { spacedPhone } from "../rules/phone.ts";
import type { Bound, SpendRules } from "../rules/spending.ts";
import { escaped } from "../texts/html.ts";
import { type Way, waysText } from "../texts/messenger.ts";
import { capital, NBSP, softened, ruWords as w } from "../texts/words.ts";
import { agreeing, boundWords, dayLimitWords, nothingWords } from "./limits.texts.ts";
import type { DayLimit } from "./limits.ts";
import { changeWords, type Done, verbsOf } from "./screen.texts.ts";

/** What stands on the till's buttons. Plain text. */
export const tillButtons = {
  spend: (points: Points, toPay: Kopecks | null) =>
    `Списать ${w.amount(points)}${toPay === null ? "" : ` → к оплате ${w.money(toPay)}`}`,
  spendAsk: "Списать",
  otherSum: "Другая сумма",
  creditAsk: "Начислить",
  credit: (points: Points) => `Начислить ${w.amount(points)}`,
  debit: (points: Points) => `Снять ${w.amount(points)}`,
  move: (points: Points) => `Перенести ${w.amount(points)}`,
  /** Where a bill of this sum was spent on already. */
  spendOther: (points: Points, toPay: Kopecks) =>
    `Другой счёт: списать ${w.amount(points)} → ${w.money(toPay)}`,
  /** Where an owner has to agree first. */
  askOwner: (label: string, byOwner: boolean) => `${label} · спросим ${agreeing(byOwner)}`,
  /** The same of the same visit, once it can be done. */
  anew: (points: Points) => `Списать ${w.amount(points)} ещё раз`,
  /** Where the points could pay of a visit in the journal. */
  plain: `Списать без${NBSP}журнала`,
  history: "История",
  why: "Почему",
  qr: "QR для клиента",
  /** Where the client has the card in another messenger. */
  carry: (there: string) => `Перенести карту в ${there}`,
  no: "Не надо",
  trust: "Открыть прежнюю историю",
  make: "Завести",
  undoUntil: (at: string) => `Отменить до ${at}`,
  undoRecent: (action: string | null, points: Points) => `Отменить: ${changeWords(action, points)}`,
  giveBack: (action: string | null, points: Points) =>
    `${action === "credit" ? "Снять" : "Вернуть"} ${w.points(points)}`,
  agree: "Подтвердить",
  refuse: "Отклонить",
};

const howTo =
  "Телефон — карта клиента, телефон и счёт — списать: <code>89001234567 3500</code>. Всё остальное — /help";

/** The till's short answers. Those of taps are plain text of at most 200 characters, the rest is HTML. */
export const tillWords = {
  expired: () => "Этот экран устарел. Отправьте телефон ещё раз.",
  changed: () => "Экран обновился. Проверьте его и нажмите ещё раз.",
  alreadyDone: ({ action, at, by, points }: Done) =>
    `Уже сделано в ${at} (${apart(by)}): ${changeWords(action, points)}. Второй раз не ${verbsOf(action).did}.`,
  alreadyUndone: ({ undoneAt, undoneBy }: Done) =>
    `Уже отменено в ${undoneAt ?? ""}${undoneBy === null ? "" : ` (${apart(undoneBy)})`}.`,
  doneBefore: () => "Уже сделано раньше. Второй раз не повторяем.",
  closed: () => "Это уже закрыто, ничего не изменилось.",
  short: (balance: Points) => `На карте уже ${w.points(balance)}.`,
  /** Less is offered than was asked for, with the sum below: what the card holds, or what is left of the admin's day. */
  cut: (why: "balance" | "day") =>
    `Больше нельзя: ${why === "day" ? `столько осталось из${NBSP}вашего лимита на${NBSP}сегодня` : "столько на карте"}.`,
  empty: (action: string | null, balance: Points) =>
    `На карте ${w.points(balance)}: ${verbsOf(action).make} нечего.`,
  forgotten: () => "Клиент попросил удалить свои данные: этой карты больше нет.",
  backSpent: (action: string | null, balance: Points) =>
    `Эти баллы уже потрачены: на карте ${w.points(balance)}. Отменить ${action === "move" ? "перенос" : "начисление"} нельзя.`,
  late: (until: string, action: string | null, points: Points) =>
    `Отменить можно было до ${until}. Теперь — «${tillButtons.giveBack(action, points)}»: это новая запись.`,
  /** What is left of it stands on the screen. */
  overDay: () => `Ничего не${NBSP}изменилось: это больше вашего лимита на${NBSP}сегодня.`,
  /** To a sum that is typed: the question stays. */
  overDayTyped: (day: DayLimit) =>
    day.left > 0 ? `${dayLimitWords(day)} Напишите число поменьше.` : dayLimitWords(day),
  /** The same for the owner who agreed. */
  overLimitOf: (by: string, left: Points, limit: Points) =>
    `Лимит на сегодня (${apart(by)}): ${w.points(limit)}, осталось ${w.amount(left)}. Ничего не изменилось.`,
  asked: (byOwner: boolean) => `Спросили ${agreeing(byOwner)}. Как подтвердит, сделаем и скажем.`,
  noOwnerReached: (byOwner: boolean) =>
    `${byOwner ? "Другому владельцу" : "Владельцу"} не получилось написать: пусть откроет бота и нажмёт Start. Потом нажмите ещё раз.`,
  /** The messenger was away: they may well have pressed it. */
  ownerNotReachedNow: (byOwner: boolean) =>
    `${byOwner ? "Другому владельцу" : "Владельцу"} сейчас не получилось написать: мессенджер не ответил. Нажмите ещё раз через минуту.`,
  agreed: () => "Сделано.",
  answeredByOwner: (html: string, by: string) => `${html}\n\n${escaped(capital(by))}: подтверждено.`,
  refusedByOwner: (html: string, by: string) => `${html}\n\n${escaped(capital(by))}: отклонено.`,
  askerGone: () => "Кто спросил, у вас больше не работает. Ничего не изменилось.",
  acted: (done: Done) =>
    `По этому сообщению уже ${changeWords(done.action, done.points)} в ${done.at} (${escaped(done.by)}). Правка ничего не изменила: напишите новое сообщение.`,
  /** Under the code that opens the bot; on it stands the line for whoever scans it. */
  invite: (ways: readonly Way[]) =>
    `Покажите экран клиенту: камера телефона откроет бота, дальше «Старт» (Start). Или отправьте ссылку: ${waysText(ways, ", ")}`,
  inviteLine: () => "Наведите камеру телефона",
  /** Under the code that carries a card into another messenger. */
  carry: (there: string, link: string) =>
    `Покажите экран клиенту: камера телефона откроет ${there}. Там клиент подтвердит свой номер, и${NBSP}карта откроется: баллы те${NBSP}же. Прежнюю историю потом откроет он сам из${NBSP}прежнего мессенджера или${NBSP}вы — кнопкой на${NBSP}его карте. Или отправьте ссылку: ${escaped(link)}`,
  /** Where no code can be drawn. */
  inviteInWords: (ways: readonly Way[]) =>
    `Картинка не${NBSP}получилась. Отправьте клиенту ссылку на бота: ${waysText(ways, ", ")}`,
  nobodyEndsSo: (digits: string) =>
    `Клиента с номером на …${escaped(digits)} нет. Напишите телефон целиком.` +
    // No bill begins so, but four digits of a phone do.
    (digits.startsWith("0")
      ? ""
      : ` Если это счёт — телефон и счёт: <code>89001234567 ${escaped(digits)}</code>`),
  bareNumber: (value: number) =>
    `${w.amount(value)} — это счёт или баллы, и чьи? Счёт: <code>89001234567 ${plain(value)}</code>. Начислить: <code>/credit 89001234567 ${plain(value)} за что</code>`,
  badBill: (written: string) =>
    `«${escaped([...written].slice(0, 60).join(""))}» — не сумма счёта. Напишите так: <code>89001234567 3500</code>`,
  badPhone: (written: string, short: boolean) =>
    `В телефоне ${escaped(written)} ${short ? `не${NBSP}хватает цифры` : "лишняя цифра"}. Проверьте его и отправьте ещё раз.`,
  nobodyCalled: (name: string) =>
    `Клиента с${NBSP}именем «${escaped(apart(name))}» не${NBSP}нашли. Пришлите телефон или 4${NBSP}последние цифры. Всё остальное — /help`,
  severalFound: (written: string) =>
    `«${escaped(apart([...written].slice(0, 60).join("")))}»${NBSP}— это несколько клиентов. Напишите телефон целиком: <code>/why 89001234567</code>`,
  /** A client whom a command names otherwise than by the phone: nobody, or several. */
  sought: (words: string, total: number, command: string) => {
    const written = escaped(apart([...words].slice(0, 60).join("")));
    const who =
      total > 0 ? `«${written}»${NBSP}— это несколько клиентов.` : `Клиента «${written}» не${NBSP}нашли.`;
    return `${who} ${tillWords.usage(command)}`;
  },
  unreadablePhone: () => "Не получилось прочитать номер из этого контакта. Напишите его цифрами.",
  usage: (command: string) => `Напишите так: <code>/${command} 89001234567 100 за что</code>`,
  noPhone: (command: string) => `Не вижу телефона. ${tillWords.usage(command)}`,
  noPoints: (command: string) => `Сколько баллов? ${tillWords.usage(command)}`,
  badPoints: (command: string) =>
    `Не понял, сколько баллов. Нужно число без пробелов, до ${w.amount(100_000_000)}: 100 или 12,5. ${tillWords.usage(command)}`,
  badReason: (why: "phone" | "long") =>
    why === "phone"
      ? "В причине, похоже, телефон, а она останется навсегда. Напишите без номера."
      : "Причина длиннее 100\u00a0знаков. Сократите её.",
  notASum: () => "Не понял сумму. Напишите число, например 120, или /cancel.",
  notWhole: ({ spendStep: step }: SpendRules) =>
    step === null
      ? "Списать можно целое число баллов, например 120."
      : `Списать можно число баллов, кратное ${w.amount(step)}, например ${w.amount(step * 2)}.`,
  tooMuch: (max: Points, bound: Bound, rules: SpendRules) => {
    if (max > 0)
      return `Списать можно не${NBSP}больше ${w.amount(max)}: ${boundWords(bound, rules)}. Напишите число поменьше.`;
    return ["least", "acts", "services", "waits"].includes(bound)
      ? nothingWords(bound, rules)
      : "Списать сейчас нечего.";
  },
  /** A rule of spending has come between: so many points may be spent by it. */
  ruledOut: ({ points, bound }: { points: Points; bound: Bound }, rules: SpendRules) => {
    const why =
      points === 0
        ? nothingWords(bound, rules)
        : `Списать можно не${NBSP}больше ${w.amount(points)}: ${boundWords(bound, rules)}.`;
    if (points > 0 && bound === "balance") return tillWords.notWhole(rules);
    return `Ничего не${NBSP}изменилось. ${why}`;
  },
  /** The screen says what may be named now. */
  unnamed: () =>
    `Ничего не${NBSP}изменилось: с${NBSP}визитом в${NBSP}журнале что-то стало другим. Проверьте экран и${NBSP}нажмите ещё раз.`,
  trusted: () => "Клиент снова видит всю историю карты.",
  anotherOwner: () =>
    "Карту за это время привязал другой аккаунт. Проверьте, кто перед вами, и нажмите ещё раз.",
  /** These clients' questions and previews. */
  cancelled: (clients: string[]) =>
    `Закрыто${clients.length === 0 ? "" : `: ${clients.join(", ")}`}. Ничего не${NBSP}изменилось.`,
  closedScreen: () => "Закрыто, ничего не изменилось.",
  nothingToCancel: () => "Отменять нечего: всё закрыто.",
  noCard: () => "Карты с этим телефоном нет. Проверьте номер.",
  whyUsage: () => staffTexts.why(),
  unknown: () => `Не понял. ${howTo}`,
};

/** What is answered to what people say out of politeness, or when they do not know how: no client is called so. */
export const politeWords: Partial<Record<Meaning, string>> = {
  thanks: "Пожалуйста!",
  agreed: "Хорошо.",
  hello: `Здравствуйте! Пришлите телефон клиента, имя или 4${NBSP}последние цифры.`,
  help: howTo,
  spend: howTo,
};

/** A phone without a card. */
export function nobodyText(phone: string, real: boolean): string {
  return real
    ? `${escaped(spacedPhone(phone))}: карты нет. Завести?`
    : `${escaped(phone)}: карты нет, и номер не похож на настоящий. Проверьте цифры.`;
}

/** Digits that can be copied back: `12,5`. */
function plain(value: number): string {
  return softened(w.amount(value)).replaceAll(" ", "");
}
