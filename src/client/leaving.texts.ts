// Letting go of a card and being forgotten, in both languages: what is asked, and what was done. Escaped here.

import type { OtherCard } from "../cards/forget.ts";
import type { Points } from "../rules/money.ts";
import { lastDigits } from "../rules/phone.ts";
import { bold, escaped } from "../texts/html.ts";
import { enWords, ruWords } from "../texts/words.ts";

/** A card that would go too; of one that was not `proved` neither number nor points are told. */
type Going = Pick<OtherCard, "phone" | "balance" | "proved">;

/** A card somebody is asked about. */
interface Asked {
  phone: string;
  balance: Points;
}

const proved = (others: Going[]) => others.filter((one) => one.proved);
const burns = (others: Going[]) => proved(others).filter((one) => one.balance > 0);
/** The words, where one of the cards was never proved. */
const ofUnproved = (others: Going[], words: string) => (others.some((one) => !one.proved) ? words : "");
const digits = (phone: string) => `…${escaped(lastDigits(phone))}`;
const unprovedGoes = {
  ru: "Удалим и карту под другим номером, на который вас переписали в журнале салона: если на ней есть баллы, они тоже пропадут.",
  en: "The card of another number, under which the salon's journal has you by now, goes too, with the points on it if there are any.",
};

/**
 * `elsewhere` and `stays` are the other messengers that the card is in; `tells`: in this one people are told what they have not
 * asked for.
 */
export const leavingRu = {
  unlink: ({ phone, balance }: Asked, messenger: string, elsewhere: string[] = [], tells = true) =>
    `Отвязать карту ${digits(phone)} от этого ${messenger}${elsewhere.length > 0 ? ` или отовсюду? Она открыта и в ${elsewhere.join(" и ")}.` : "?"} ` +
    `${balance > 0 ? `Баллы (${ruWords.amount(balance)}) останутся на ней и подождут вас` : "Карта останется"}: на кассе её ` +
    `по-прежнему откроют по телефону. ${elsewhere.length > 0 ? "Где её не станет, там не будет и сообщений о баллах" : tells ? "Сообщения о баллах приходить перестанут" : "Баллов здесь больше не будет видно"}.`,
  unlinked: ({ phone }: Asked, messenger: string, stays: string[] = []) =>
    stays.length > 0
      ? `Карта ${digits(phone)} отвязана от этого ${messenger} и осталась в ${stays.join(" и ")}. Вернуть её сюда — /start.`
      : `Карта ${digits(phone)} отвязана, баллы ждут на ней. Вернуть её сюда — /start.`,
  notLinked: (messenger: string) => `К этому ${messenger} карта не привязана. Привязать — /start.`,

  forget: (
    { phone, balance }: Asked,
    messenger: string,
    others: Going[] = [],
    elsewhere: string[] = [],
    tells = true,
  ) =>
    `${bold("Удалить карту и всё, что мы о вас знаем?")}\n\n` +
    `${balance > 0 ? `Всё, что на карте ${digits(phone)}, пропадёт: ${bold(ruWords.points(balance))}.` : `Карты ${digits(phone)} больше не будет.`} ` +
    burns(others)
      .map((one) => `Сгорит и то, что на карте ${digits(one.phone ?? "")}: ${ruWords.points(one.balance)}. `)
      .join("") +
    ofUnproved(others, `${unprovedGoes.ru} `) +
    (elsewhere.length > 0 ? `Карты не станет и в ${elsewhere.join(" и ")}. ` : "") +
    `Сотрём имя, телефон, ${[messenger, ...elsewhere].join(", ")} и связь с вашими визитами. ` +
    `${bold("Вернуть это не сможет никто, и салон тоже.")}\n\n` +
    `${tells ? "Если нужно только перестать получать сообщения, карту" : `Если карта не нужна только в ${messenger}, её`} можно отвязать: баллы останутся. ` +
    "Записи о визитах в журнале самого салона бот не удаляет, об этом попросите администратора.",
  forgetStranger: (messenger: string, others: Going[] = []) =>
    proved(others).length > 0
      ? `${bold("Удалить всё, что мы о вас знаем?")}\n\nВместе с согласием и вопросами бота удалим карты, которые были вашими: ` +
        `${proved(others)
          .map((one) => `${digits(one.phone ?? "")} (${ruWords.points(one.balance)})`)
          .join(", ")}. ${ofUnproved(others, `${unprovedGoes.ru} `)}Баллы на них пропадут, ` +
        "вернуть это не сможет никто."
      : `${bold("Удалить всё, что мы о вас знаем?")}\n\nКарта к этому ${messenger} не привязана, поэтому сотрём только согласие и ` +
        "вопросы, которые бот вам задал. Чтобы удалить и карту, сначала привяжите её: /start.",
  forgottenLetGo: () =>
    "Готово: согласия, вопросов бота и карт, которые были вашими, у нас больше нет. Захотите новую — /start.",
  forgottenStranger: () =>
    "Готово: согласия и вопросов бота к вам у нас больше нет. Карта с вашим номером, если она заведена, осталась. Чтобы " +
    "удалить и её, привяжите её (/start) и повторите /forget.",
  forgotten: (kept: string[], messenger: string, elsewhere: string[] = []) =>
    `Готово: имени, телефона${elsewhere.map((one) => `, ${one}`).join("")} и ${messenger} у нас больше нет, карта удалена навсегда. Захотите новую — /start.` +
    kept
      .map(
        (phone) =>
          `\n\nОсталась карта ${digits(phone)}, которой вы пользовались раньше: на неё с тех пор пришли визиты или баллы, а номер мог перейти другому. Если он ваш, привяжите его (/start) и удалите и эту карту.`,
      )
      .join(""),
  kept: () => "Хорошо, ничего не меняем.",
  stale: () => "Этот вопрос устарел, ничего не изменилось. Начать заново — /mydata.",
};

export const leavingEn: typeof leavingRu = {
  unlink: ({ phone, balance }, messenger, elsewhere = [], tells = true) =>
    `Unlink card ${digits(phone)} from this ${messenger} account${elsewhere.length > 0 ? ` or from everywhere? It is open in ${elsewhere.join(" and ")} too.` : "?"} ` +
    `${balance > 0 ? `${enWords.points(balance)} will stay on it and wait for you` : "The card stays"}: the till still ` +
    `opens it by your phone. ${elsewhere.length > 0 ? "There will be no more messages about points where it is gone" : tells ? "There will be no more messages about points" : "Points will not be seen here any more"}.`,
  unlinked: ({ phone }, messenger, stays = []) =>
    stays.length > 0
      ? `Card ${digits(phone)} is unlinked from this ${messenger} account and stays in ${stays.join(" and ")}. To have it back here: /start`
      : `Card ${digits(phone)} is unlinked, its points wait on it. To have it back here: /start`,
  notLinked: (messenger) => `No card is linked to this ${messenger} account. To link one: /start`,

  forget: ({ phone, balance }, messenger, others = [], elsewhere = [], tells = true) =>
    `${bold("Remove the card and all we know about you?")}\n\n` +
    `${balance > 0 ? `${bold(enWords.points(balance))} on card ${digits(phone)} will be lost.` : `Card ${digits(phone)} will be gone.`} ` +
    burns(others)
      .map((one) => `So will what card ${digits(one.phone ?? "")} holds: ${enWords.points(one.balance)}. `)
      .join("") +
    ofUnproved(others, `${unprovedGoes.en} `) +
    (elsewhere.length > 0 ? `The card will be gone in ${elsewhere.join(" and ")} too. ` : "") +
    `Your name, phone, ${[messenger, ...elsewhere].join(", ")} and what leads from visits to you are erased. ` +
    `${bold("Nobody can bring it back, nor can the salon.")}\n\n` +
    `If you only want ${tells ? "no more messages" : `the card out of ${messenger}`}, unlink it instead: the points stay. ` +
    "The salon's own journal of visits is not touched by the bot; ask the front desk about that.",
  forgetStranger: (messenger, others = []) =>
    proved(others).length > 0
      ? `${bold("Remove all we know about you?")}\n\nWith the consent and the questions of the bot go the cards that were yours: ` +
        `${proved(others)
          .map((one) => `${digits(one.phone ?? "")} (${enWords.points(one.balance)})`)
          .join(", ")}. ${ofUnproved(others, `${unprovedGoes.en} `)}Their points will be ` +
        "lost, and nobody can bring them back."
      : `${bold("Remove all we know about you?")}\n\nNo card is linked to this ${messenger} account, so only the consent and the questions ` +
        "of the bot are erased. To remove the card as well, link it first: /start",
  forgottenLetGo: () =>
    "Done: the consent, the questions of the bot and the cards that were yours are gone from here. For a new one: /start",
  forgottenStranger: () =>
    "Done: the consent and the questions of the bot are gone from here. A card with your number, if there is one, stays. To " +
    "remove it too, link it (/start) and send /forget again.",
  forgotten: (kept, messenger, elsewhere = []) =>
    `Done: your name, phone${elsewhere.map((one) => `, ${one}`).join("")} and ${messenger} are gone from here, and the card is removed for good. For a new one: /start` +
    kept
      .map(
        (phone) =>
          `\n\nCard ${digits(phone)}, which you used before, stays: visits or points have come onto it since, and the number may be somebody else's. If it is yours, link it (/start) and remove that card too.`,
      )
      .join(""),
  kept: () => "All right, nothing changes.",
  stale: () => "That question is too old, and nothing has changed. Start again with /mydata",
};
