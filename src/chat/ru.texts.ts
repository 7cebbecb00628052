// Every sentence people read, in Russian. Pure functions of values; what is handed in is escaped here.

import type { Points } from "../rules/money.ts";
import { lastDigits } from "../rules/phone.ts";
import { anchor, bold, escaped } from "../texts/html.ts";
import { lockedRu, waitingRu } from "../texts/waiting.ts";
import { ruWords as w } from "../texts/words.ts";
import { type Programme, programmeRu } from "../visits/programme.texts.ts";

/** A card as its owner is told about it. `phone` is E.164; points are hundredths. */
export interface CardView {
  phone: string;
  name: string | null;
  balance: Points;
  /** What of it the owner is still to be told of. */
  waiting: Points;
  /** What of it waits for the next paid visit; nothing by default. */
  locked?: Points;
}

const card = (phone: string) => `…${escaped(lastDigits(phone))}`;
const comma = (name: string | null) => (name ? `, ${escaped(name)}` : "");
const rate = `${w.points(100)} = ${w.money(100)}`;
const calls = (phone: string | null) => (phone ? `: ${escaped(phone)}` : " на кассе");

/** A name at the end of a sentence: it may bring its own full stop. */
const sentenceEnd = (name: string) => `${name.replace(/[\s.]+$/, "")}.`;

/** What a card holds, in one sentence: points, nothing yet, or a debt. */
function holds({ phone, balance, waiting, locked = 0 }: Omit<CardView, "name">): string {
  if (balance < 0)
    return `На карте ${card(phone)}: ${bold(w.points(balance))}.${waitingRu(waiting)} Платить ничего не нужно, следующие баллы закроют минус.`;
  if (balance === 0) return `На карте ${card(phone)} баллов пока нет.${waitingRu(waiting)}`;
  return `На карте ${card(phone)}: ${bold(w.points(balance))}.${waitingRu(waiting)}${lockedRu(locked, balance)}${
    balance > locked ? ` ${rate}: скажите на кассе «спишите баллы».` : ""
  }`;
}

export const ruTexts = {
  buttons: {
    today: "Сегодня",
    balance: "Баланс",
    card: "Карта",
    history: "История",
    book: "Записаться",
    contacts: "Контакты",
    help: "Помощь",
    agree: "Согласен, отправить мой номер",
    notNow: "Не сейчас",
    move: "Да, перенести",
    instead: "Да, этой картой",
    keep: "Нет",
    bookOnline: "Записаться онлайн",
    map: "Как доехать",
    confirm: "Подтвердить номер",
  },

  greeting: (shop: Programme & { title: string; rulesUrl: string | null }) =>
    `${shop.title ? `${bold(shop.title)}\n` : ""}Здравствуйте! Это ваша карта лояльности. ` +
    `${programmeRu.share(shop)} возвращаем баллами, ${rate}.` +
    `${shop.rulesUrl ? `\n${anchor("Правила", shop.rulesUrl)}` : ""}` +
    "\n\nВозможно, за прошлые визиты вас уже ждут баллы: подтвердите номер, и увидите их." +
    programmeRu.welcome(shop),

  /** The same words in each of the messengers, which they name. */
  consent: (
    shop: { legalName: string; policyUrl: string | null; birthday?: boolean },
    ...messengers: string[]
  ) =>
    `${bold("Согласие на обработку персональных данных")}\n\nДаю согласие на обработку имени, телефона, ` +
    `${messengers.map((one) => `${one} ID`).join(" и ")}, визитов` +
    `${shop.birthday ? ", оплат и дня рождения" : " и оплат"}, чтобы вести карту` +
    `${messengers.length > 1 ? ` в ${messengers.join(" и ")}` : ""} и сообщать о баллах. ` +
    `Данные обрабатывает ${escaped(sentenceEnd(shop.legalName || "салон"))} ` +
    `Согласие действует до отзыва: «Помощь → Мои данные».${shop.policyUrl ? `\n${anchor("Полный текст и политика", shop.policyUrl)}` : ""}`,

  notNow: () => "Хорошо. Баллы копятся и без бота: назовите телефон на кассе. Передумаете — /start.",

  /** While the consent stands in the chat. */
  numberFirst: () =>
    "Сначала подтвердите номер кнопкой внизу, и увидите баллы. Возможно, за прошлые визиты они вас уже ждут.",
  /** After "not now". */
  numberLater: () => "Ваши баллы появятся здесь, когда подтвердите номер.",

  /**
   * `visits` made all that the card holds; 0 when it came otherwise, or nobody may say so. `returned`: they had asked to
   * be forgotten.
   */
  linked: (view: CardView & { visits: number; since: string | null; returned: boolean }) => {
    if (view.balance < 0) return `✅ Готово${comma(view.name)}! ${holds(view)}`;
    if (view.balance > 0) {
      const visits = view.visits > 0 ? ` за ${w.visits(view.visits)}` : "";
      const points = bold(w.points(view.balance));
      return `✅ Готово${comma(view.name)}! На карте ${card(view.phone)} уже ${points}${visits}.${waitingRu(view.waiting)}${lockedRu(
        view.locked ?? 0,
        view.balance,
      )}${view.balance > (view.locked ?? 0) ? " Скажите на кассе «спишите баллы»." : ""}`;
    }
    const from = view.since ? ` Считаем визиты с ${w.day(view.since, null)}.` : "";
    const since = view.returned
      ? " Считаем то, что оплатите с этой минуты: за визиты, оплаченные без карты, баллов не будет."
      : from;
    return (
      `✅ Готово${comma(view.name)}! Ваша карта ${card(view.phone)}, баллов на ней пока нет.${waitingRu(view.waiting)}${since}\n\n` +
      "Записывались с другого номера? Скажите администратору, он перенесёт баллы."
    );
  },

  foreignContact: () => "Это чужой номер. Нажмите кнопку внизу, чтобы отправить свой.",
  foreignContactOfLinked: (view: CardView) => `Это чужой номер, ваша карта не изменилась. ${holds(view)}`,
  unreadablePhone: (messenger: string) =>
    `Не получилось прочитать номер из ${messenger}. Назовите его на кассе: баллы копятся и так.`,

  movedAway: (supportPhone: string | null) =>
    `Ваш номер подтвердил другой аккаунт, карта теперь у него. Если это не вы, скажите нам${calls(supportPhone)}.`,

  /** `elsewhere` is where else the card is open that would be left: then its points stay on it. */
  secondPhone: (
    from: { phone: string; balance: Points },
    to: { phone: string },
    messenger: string,
    elsewhere: string[] = [],
  ) =>
    elsewhere.length > 0
      ? `К ${messenger} уже привязана карта ${card(from.phone)}. Она открыта и в ${elsewhere.join(" и ")}, поэтому баллы ` +
        `останутся на ней. Пользоваться здесь картой ${card(to.phone)}?`
      : from.balance > 0
        ? `К ${messenger} уже привязана карта ${card(from.phone)}, на ней ${bold(w.points(from.balance))}. ` +
          `Перенести баллы на карту ${card(to.phone)} и пользоваться ею?`
        : `К ${messenger} уже привязана карта ${card(from.phone)}. Пользоваться вместо неё картой ${card(to.phone)}?`,
  /** `journal` is the number that the salon still has, or null; `left` the card that is open elsewhere, and kept its points. */
  moved: (
    moved: Points,
    view: CardView,
    journal: string | null,
    left: { phone: string; elsewhere: string[] } | null = null,
  ) =>
    `${moved > 0 ? `✅ Перенесли ${bold(w.points(moved))}` : `✅ Теперь ваша карта — ${card(view.phone)}`}. ${holds(view)}` +
    (left === null ? "" : ` Карта ${card(left.phone)} осталась в ${left.elsewhere.join(" и ")}.`) +
    (journal === null
      ? ""
      : `\n\n${bold("Скажите администратору новый номер:")} пока в салоне записан старый, баллы за визиты приходят на карту ${card(journal)}.`),
  notMoved: () => "Хорошо, ничего не меняем.",
  oldQuestion: () => "Этот вопрос уже закрыт.",

  /** `gained` is by visits and all else, `spent` is what was taken at the till, as a positive number. */
  welcomeBack: (view: CardView & { gained: Points; visits: number; spent: Points }) => {
    const gained =
      view.visits > 0 ? `${w.signed(view.gained)} за ${w.visits(view.visits)}` : w.signed(view.gained);
    const news = [
      ...(view.gained !== 0 ? [gained] : []),
      ...(view.spent > 0 ? [`${w.signed(-view.spent)} списано`] : []),
    ];
    const missed = news.length > 0 ? ` Пока вас не было: ${news.join(", ")}.` : "";
    return `С возвращением${comma(view.name)}!${missed} Сейчас на карте ${card(view.phone)}: ${bold(w.points(view.balance))}.${waitingRu(view.waiting)}`;
  },

  hello: (view: CardView) => `Здравствуйте${comma(view.name)}! ${holds(view)}`,
  balance: (view: CardView) => holds(view),
  id: (messenger: string, id: string) => `Ваш ${messenger} ID: <code>${escaped(id)}</code>`,
  book: () => "Выберите время, мастера и услугу на странице записи.",
  contacts: (shop: { title: string; supportPhone: string | null }) =>
    `${bold(shop.title || "Контакты")}${shop.supportPhone ? `\nТелефон: ${escaped(shop.supportPhone)}` : ""}`,

  help: (
    shop: Programme & {
      supportPhone: string | null;
      friendPoints?: { inviter: Points; friend: Points } | null;
    },
  ) =>
    `${programmeRu.share(shop)}, ${rate}.${programmeRu.levels(shop)}\n\n` +
    `Потратить: назовите телефон или покажите карту на кассе.${programmeRu.most(shop)}\n` +
    `${programmeRu.comes(shop)}${programmeRu.quiet(shop)}\n${programmeRu.nothing(shop)} ${programmeRu.expires(shop)}` +
    programmeRu.birthday(shop) +
    programmeRu.friend(shop) +
    `${shop.supportPhone ? `\n\nВопросы: ${escaped(shop.supportPhone)}` : ""}`,

  /** To a photo, a voice message, a file: whatever is not words. */
  notWords: (supportPhone: string | null) =>
    "Фото, голосовые и стикеры я не понимаю: нажмите кнопку внизу. " +
    `${supportPhone ? `Есть вопрос? Позвоните нам: ${escaped(supportPhone)}` : "Есть вопрос? Спросите на кассе."}`,
  unknownToStranger: () =>
    "Чтобы увидеть баллы, нажмите /start и подтвердите свой номер кнопкой. Набирать его не нужно.",
  sorry: () => "Что-то пошло не так, мы уже знаем. Попробуйте ещё раз чуть позже.",
};
