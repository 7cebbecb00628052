// What those who work here are told of the bot itself, in Russian: who they are to it, and what they may ask.

import { bold, escaped } from "../texts/html.ts";

/** Which commands the settings have brought, and whether spends settle their visits. */
type Brought = Record<"friend" | "level" | "programme" | "statement" | "settles", boolean>;

const phoneAndBill = "<code>89001234567 3500</code>";

/** What is said; everything is HTML. */
export const staffTexts = {
  /** At the first /start. An own card is another matter, and needs a consent of its own. */
  greeting: (title: string) =>
    `Здравствуйте! ${title === "" ? "Здесь" : `${bold(title)}: здесь`} карты лояльности ваших клиентов.`,
  ownCard: () => "Своя карта — /balance.",
  /** Behind the consent that was put off. */
  notNow: () => "Хорошо. Пришлите телефон клиента.",
  /** At /start, beside what a client sees. `owner` for owners, who may do all that admins may. */
  youAre: (owner: boolean) =>
    owner
      ? "Вы владелец. Сводка — /stats, выгрузка — /export, плакат с QR — /poster, администраторы и владельцы — /staff. На кассе всё так же, как у администраторов: пришлите телефон клиента. Подробнее — /help"
      : "Вы администратор. Пришлите телефон клиента, и откроется его карта. Подробнее — /help",
  help: (owner: boolean, on: Brought) =>
    [
      `Пришлите телефон — откроется карта клиента. Телефон и счёт — чтобы списать баллы: ${phoneAndBill}.`,
      "Найти быстрее: имя, 4\u00a0последние цифры, контакт клиента или /today.",
      "",
      "/credit телефон баллы причина — начислить",
      "/debit телефон баллы причина — снять",
      "/move телефон телефон баллы — перенести с первого на второй",
      ...(on.friend ? ["/friend телефон телефон — кто пришёл впервые и кто пригласил"] : []),
      "/why телефон — почему столько баллов",
      "/cancel — закрыть начатое",
      "",
      `Ошиблись? Под сделанным 10\u00a0минут есть кнопка «Отменить», потом она называется «Вернуть». ${on.settles ? "Счёт визита в журнале бот уменьшает сам; если не может, скажет." : "После списания уменьшите сумму визита в YCLIENTS."}`,
      ...(owner
        ? [
            "",
            "<b>Владельцу</b>",
            "/stats — что даёт программа за 30\u00a0дней",
            "/export — изменения и остатки для Excel",
            "/poster — плакат с QR для печати",
            ...(on.level ? ["/level телефон — уровень клиента, и поставить его вручную"] : []),
            ...(on.programme ? ["/programme — какие условия действуют и что ждёт решения"] : []),
            ...(on.statement ? ["/statement телефон — выписка клиента"] : []),
            "/staff — кто работает с ботом: добавить, убрать",
          ]
        : []),
      "",
      "<b>Своя карта</b>: /balance, /card, /history, /mydata",
    ].join("\n"),
  why: () => "Про клиента напишите так: <code>/why 89001234567</code>",
  ownersOnly: () => "Это видит и меняет только владелец. Ваши команды — /help",
  unknownCommand: () =>
    "Такой команды нет. После команды нужен пробел: <code>/credit 89001234567 100 за что</code>. Всё остальное — /help",
  /** `spaced` is the command as it should have been written. */
  glued: (spaced: string) => `После команды нужен пробел: <code>${escaped(spaced)}</code>`,
  /** To a photo, a voice message, a file. */
  notWords: () => "Фото, голосовые и файлы я не читаю. Пришлите телефон клиента или его контакт.",
};
