// What owners are told when something needs them, in Russian: the owners' chat has one language.

import { escaped } from "./html.ts";

interface Words {
  /** What is wrong and what to do. `detail` is escaped; `where` names the branch, or is empty. */
  wrong: (detail: string, where: string) => string;
  over: (where: string, detail: string) => string;
}

const words: Record<string, Words> = {
  sync: {
    wrong: (detail, where) =>
      `Журнал YCLIENTS не читается${where}: ${detail}\nБаллы не потеряются: дочитаем, как только ответит. Если это «401» или «403», проверьте токены и права пользователя в YCLIENTS.`,
    over: (where) => `Журнал YCLIENTS снова читается${where}. Пропущенное дочитано.`,
  },
  "set aside": {
    wrong: (detail) =>
      `Не получается прочитать записи журнала: ${detail}. По ним баллы пока не меняются. Проверьте, видит ли пользователь API финансовые операции за все дни.`,
    over: () => "Отложенных записей больше нет.",
  },
  rights: {
    wrong: (detail, where) =>
      `Токен YCLIENTS видит оплаты только за ${detail}\u00a0дн.${where}. Возвраты по более старым визитам мы не заметим. Дайте пользователю API право видеть финансовые операции за все дни.`,
    over: (where) => `Токен YCLIENTS снова видит оплаты${where}.`,
  },
  phones: {
    wrong: (_, where) =>
      `Токен YCLIENTS не видит телефоны клиентов${where}. Без них карту не открыть. Дайте пользователю API право видеть телефоны в журнале и в клиентской базе.`,
    over: (where) => `Токен YCLIENTS снова видит телефоны${where}.`,
  },
  legal: {
    wrong: () =>
      "В согласии на обработку данных не указано, кто их обрабатывает. Попросите того, кто настраивал бота, заполнить LEGAL_NAME: название, ИНН, адрес, почта.",
    over: () => "В согласии указано, кто обрабатывает данные.",
  },
  unreached: {
    wrong: (detail) =>
      `Бот не может написать сотруднику ${detail}. Пусть откроет бота и нажмёт «Старт», или уберите его из настроек ADMINS_IDS и OWNER_IDS.`,
    over: (_, detail) => `Сотруднику ${detail} снова можно написать.`,
  },
  delivery: {
    wrong: (detail) =>
      `Telegram не может передать боту сообщения клиентов${detail ? `: ${detail}` : ""}. Они не потеряются. Попросите того, кто настраивал бота, запустить loyalty-bot check.`,
    over: () => "Telegram снова передаёт сообщения клиентов.",
  },
  outbox: {
    wrong: (detail) =>
      `Сообщения клиентам не уходят, ждут: ${detail}. Они не потеряются. Попросите того, кто настраивал бота, запустить loyalty-bot check.`,
    over: () => "Сообщения клиентам снова уходят.",
  },
  guards: {
    wrong: (detail) =>
      `В базе отключена защита журнала баллов (${detail}): его можно изменить незаметно. Попросите того, кто настраивал бота, включить её и запустить loyalty-bot verify.`,
    over: () => "Защита журнала баллов снова включена.",
  },
};

/** One alarm as a message: what is wrong and what to do, or that it is over. */
export function alarmText(alarm: { about: string; detail: string; over: boolean }): string {
  const [kind = "", branch = ""] = alarm.about.split(":");
  const where = branch ? ` (филиал ${escaped(branch)})` : "";
  const detail = escaped(alarm.detail);
  const { wrong, over } = words[kind] ?? {
    wrong: () => `${escaped(kind)}: ${detail}`,
    over: () => `Исправилось: ${escaped(kind)}.`,
  };
  return alarm.over ? `✅ ${over(where, detail)}` : `⚠️ ${wrong(detail, where)}`;
}
