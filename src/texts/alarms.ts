// What owners are told when something needs them, in Russian: the owners' chat has one language.

import { escaped } from "./html.ts";

/** One alarm as a message: what is wrong and what to do, or that it is over. */
export function alarmText(alarm: { about: string; detail: string; over: boolean }): string {
  const [kind = "", branch = ""] = alarm.about.split(":");
  const where = branch ? ` (филиал ${escaped(branch)})` : "";
  if (kind === "sync") {
    return alarm.over
      ? `✅ Журнал YCLIENTS снова читается${where}. Пропущенное дочитано.`
      : `⚠️ Журнал YCLIENTS не читается${where}: ${escaped(alarm.detail)}\nБаллы не потеряются: дочитаем, как только ответит. Если это «401» или «403», проверьте токены и права пользователя в YCLIENTS.`;
  }
  if (kind === "set aside") {
    return alarm.over
      ? "✅ Отложенных записей больше нет."
      : `⚠️ Не получается прочитать записи журнала: ${escaped(alarm.detail)}. По ним баллы пока не меняются. Проверьте, видит ли пользователь API финансовые операции за все дни.`;
  }
  if (kind === "rights") {
    return alarm.over
      ? `✅ Токен YCLIENTS снова видит оплаты${where}.`
      : `⚠️ Токен YCLIENTS видит оплаты только за ${escaped(alarm.detail)}\u00a0дн.${where}. Возвраты по более старым визитам мы не заметим. Дайте пользователю API право видеть финансовые операции за все дни.`;
  }
  return alarm.over ? `✅ Исправилось: ${escaped(kind)}.` : `⚠️ ${escaped(kind)}: ${escaped(alarm.detail)}`;
}
