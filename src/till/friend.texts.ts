// What `/friend` says to admins, in Russian.

import type { Kopecks, Points } from "../rules/money.ts";
import { bold } from "../texts/html.ts";
import { NBSP, ruWords as w } from "../texts/words.ts";

type Gifts = { friend: Points; inviter: Points };

/** Who of the two is promised points: at least one is. */
function whose({ friend, inviter }: Gifts): string {
  if (friend > 0 && inviter > 0) return "Баллы обоим";
  return friend > 0 ? "Баллы новому клиенту" : "Баллы тому, кто пригласил,";
}

type Digits = { friend: string; inviter: string };

const example = "<code>/friend 89001234567 89007654321</code>";

/** Everything is HTML; phones are named by their last digits. */
export const friendWords = {
  usage: () =>
    `Напишите так: телефон нового клиента, потом телефон того, кто его пригласил.\n${example}\nЗаписать нужно, пока клиент пришёл впервые: не позже часа после начала первого визита.`,
  own: () => "Это один и тот же номер: самого себя не пригласить.",
  noCard: ({ inviter }: Digits) =>
    `Карты с номером …${inviter} нет: пригласить может только наш клиент. Проверьте номер.`,
  tied: ({ friend, inviter }: Digits, gifts: Gifts, days: number, least: Kopecks | null) =>
    `${bold("Записали:")} …${friend} по приглашению …${inviter}.\nПроверим по журналу, что клиент у нас впервые. ${whose(gifts)} придут сами через ${w.life({ days: days })} после его первого визита, если визит отмечен состоявшимся и полностью оплачен${
      least === null ? "" : `, на${NBSP}сумму от ${w.money(least)}`
    }. Что с подарком: <code>/why телефон</code>.`,
  already: ({ friend }: Digits) =>
    `Кто пригласил …${friend}, уже записано раньше, или одной из карт больше нет. Первая запись остаётся.`,
};
