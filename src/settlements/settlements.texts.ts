// Why a spend could not pay its visit in the journal, or not be taken off it, and what to do, for whoever works in the salon. In
// Russian, as plain text.

import { NBSP } from "../texts/words.ts";
import type { Obstacle } from "./settlement.rule.ts";

const again = "Потом спишите ещё раз.";
const byHand = `Спишите без${NBSP}журнала и${NBSP}уменьшите сумму визита сами.`;
const tellOperator = `Скажите тому, кто настраивал бота: баллы пока списывают по-старому. ${byHand}`;

/**
 * What each is called, as a part of a sentence, and what whoever stands at the till may do about it once the points are back.
 * `stuck`: what is to be done while it waits with them taken, for then nobody is to spend them again.
 */
const words: Record<Obstacle, { why: string; todo: string; stuck?: string }> = {
  record_gone: {
    why: `записи больше нет в${NBSP}журнале`,
    todo: "Проверьте, тот ли это визит.",
  },
  no_show: {
    why: "визит отмечен как несостоявшийся",
    todo: `Клиент пришёл? Поменяйте отметку в${NBSP}журнале. ${again}`,
  },
  no_visit: {
    why: `визит в${NBSP}журнале изменился`,
    todo: "Откройте клиента заново и выберите визит ещё раз.",
  },
  other_client: {
    why: `визит в${NBSP}журнале записан на${NBSP}другого клиента`,
    todo: `Проверьте, чей это визит, и${NBSP}спишите с${NBSP}карты этого клиента.`,
  },
  receipt: {
    why: `по${NBSP}визиту уже напечатан чек`,
    todo: "Баллы останутся на следующий раз.",
  },
  paid: {
    why: "визит уже оплачен",
    todo: `Баллы останутся на${NBSP}следующий раз. Нужны сейчас? Удалите оплату в${NBSP}журнале. ${again}`,
  },
  certificate: {
    why: `в${NBSP}визите есть сертификат или абонемент`,
    todo: byHand,
  },
  foreign_rows: {
    why: `в${NBSP}визите уже есть списание с${NBSP}карты, которого бот не${NBSP}делал`,
    todo: `Отмените его в${NBSP}журнале, в${NBSP}окне оплаты визита. ${again}`,
    stuck: `Отмените лишнее списание с${NBSP}карты в${NBSP}журнале, в${NBSP}окне оплаты визита.`,
  },
  too_little_left: {
    why: `столько баллов с${NBSP}визита не${NBSP}списать, в${NBSP}журнале к${NBSP}оплате меньше (1${NBSP}₽ остаётся деньгами)`,
    todo: `Проверьте сумму визита в${NBSP}журнале. Списать меньше? Откройте клиента заново.`,
  },
  too_much: {
    why: `столько баллов за${NBSP}визит на${NBSP}такую сумму, как в${NBSP}журнале, по${NBSP}правилам салона не${NBSP}списать`,
    todo: `Проверьте сумму визита в${NBSP}журнале. Списать меньше? Откройте клиента заново.`,
  },
  no_phone: {
    why: `телефона клиента в${NBSP}YCLIENTS нет или не${NBSP}видно, карту для баллов выдать не${NBSP}на${NBSP}что`,
    todo: `Впишите телефон в${NBSP}карточку клиента. ${again}`,
  },
  two_cards: {
    why: `у${NBSP}клиента в${NBSP}YCLIENTS две карты для баллов`,
    todo: `Удалите лишнюю в${NBSP}карточке клиента. ${again}`,
  },
  card_waits: {
    why: `прошлое списание этого клиента в${NBSP}журнале ещё не${NBSP}сошлось`,
    todo: `Владельцы об${NBSP}этом знают. ${byHand}`,
  },
  prices_unclear: {
    why: `YCLIENTS не${NBSP}показал, сколько осталось к${NBSP}оплате`,
    todo: byHand,
  },
  refused: {
    why: "YCLIENTS отказал",
    todo: byHand,
    stuck: `Отмените списание с${NBSP}карты в${NBSP}журнале сами, в${NBSP}окне оплаты визита.`,
  },
  short: {
    why: `YCLIENTS снял со${NBSP}счёта не${NBSP}всю сумму`,
    todo: tellOperator,
  },
  gone: {
    why: `баллы с${NBSP}карты в${NBSP}YCLIENTS ушли на${NBSP}другой визит`,
    todo: `Найдите их в${NBSP}другом визите этого клиента и${NBSP}отмените там.`,
  },
  card_gone: {
    why: `карты для баллов у${NBSP}клиента в${NBSP}YCLIENTS больше нет`,
    todo: `Проверьте карты лояльности в${NBSP}карточке клиента. ${again}`,
    stuck: `Номер клиента в${NBSP}журнале меняли? Верните прежний, пока не${NBSP}сойдётся. Карту удалили? Баллы вернёт /credit.`,
  },
  never_done: {
    why: `YCLIENTS не${NBSP}выполнил то, о${NBSP}чём просили`,
    todo: tellOperator,
    stuck: `Отмените списание с${NBSP}карты в${NBSP}окне оплаты визита, а${NBSP}остаток на${NBSP}ней обнулите.`,
  },
  by_hand: {
    why: `карту для баллов в${NBSP}YCLIENTS в${NBSP}это время изменили руками`,
    todo: "Спишите ещё раз.",
  },
  bill_otherwise: {
    why: `к${NBSP}оплате в${NBSP}журнале вышло не${NBSP}столько, сколько должно`,
    todo: tellOperator,
  },
  taken_off: {
    why: `списание убрали из${NBSP}визита в${NBSP}журнале`,
    todo: "Это ошибка? Спишите ещё раз.",
  },
};

/** Why, as a part of a sentence. */
export const whyNotSettled = (why: Obstacle) => words[why].why;

/** What to do where points were to come off a bill, and stand there as they did. */
export const whatToDoToUndo = (why: Obstacle) =>
  why === "paid"
    ? `Удалите оплату визита в${NBSP}журнале и${NBSP}отмените ещё раз.`
    : `Снимите их сами в${NBSP}журнале, в${NBSP}окне оплаты визита: на${NBSP}карту они вернутся за${NBSP}пару минут.`;

/** What to do about it once the points are back, in sentences. */
export const whatToDo = (why: Obstacle) => words[why].todo;

/** What to do about one that waits for a person, its points still taken. */
export const whatToPutRight = (why: Obstacle) => words[why].stuck ?? words[why].todo;
