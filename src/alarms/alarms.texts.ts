// What owners are told when something needs them, in Russian: the owners' chat has one language.

import type { Buttons } from "../channels/channel.ts";
import type { CompanyId, RecordId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import type { Obstacle } from "../settlements/settlement.rule.ts";
import { whatToPutRight, whyNotSettled } from "../settlements/settlements.texts.ts";
import { escaped } from "../texts/html.ts";
import { NBSP, ruWords } from "../texts/words.ts";

interface Words {
  /** What is wrong and what to do. `detail` is escaped; `where` names the branch, or is empty. */
  wrong: (detail: string, where: string) => string;
  over: (where: string, detail: string) => string;
}

const ask = "Попросите того, кто настраивал бота, запустить loyalty-bot check.";

const again = "Проверить ещё раз";

/** What the words of a spend that only a person can bring further are made of; handed over as an alarm's detail. */
export const stuckDetail = (of: { why: Obstacle; points: Points; record: RecordId }) =>
  `${of.why} ${of.points} ${of.record}`;

function readStuck(detail: string): { why: Obstacle; points: Points; record: number } {
  const [why, points, record] = detail.split(" ");
  return { why: why as Obstacle, points: Number(points), record: Number(record) };
}

/** What stands under an alarm: a spend that is stuck can be looked at again. */
export function alarmButtons({ about, over }: { about: string; over: boolean }): Buttons {
  const [, id] = /^settlement (\d+)$/.exec(about) ?? [];
  return id === undefined || over ? [] : [[{ text: again, data: `settlement:again:${id}` }]];
}

const words: Record<string, Words> = {
  sync: {
    wrong: (detail, where) =>
      detail === "unreachable"
        ? `YCLIENTS не отвечает${where}, баллы пока не начисляются. Ничего не потеряется: дочитаем сами. Делать ничего не нужно.`
        : `Журнал YCLIENTS не читается${where}, баллы пока не начисляются. Они не потеряются: дочитаем, как только получится. ${ask}`,
    over: (where) => `Журнал YCLIENTS снова читается${where}. Пропущенное дочитано.`,
  },
  refused: {
    wrong: (_, where) =>
      `YCLIENTS не пускает бота${where}, баллы пока не начисляются. Они не потеряются, но само не пройдёт. Скажите тому, кто настраивал бота: нужен новый токен или права в YCLIENTS, что именно — покажет loyalty-bot check.`,
    over: (where) => `YCLIENTS снова пускает бота${where}. Пропущенное дочитано.`,
  },
  moved: {
    wrong: (url, where) =>
      `У YCLIENTS другой адрес${where}, баллы пока не начисляются. Они не потеряются, но само не пройдёт. Скажите тому, кто настраивал бота: ${
        url ? `нужна настройка YCLIENTS_API_URL=${url}` : "новый адрес пишется в YCLIENTS_API_URL"
      }, проверит loyalty-bot check.`,
    over: (where) => `Журнал YCLIENTS снова читается${where}. Пропущенное дочитано.`,
  },
  untrusted: {
    wrong: (_, where) =>
      `Сервер бота не доверяет сертификату YCLIENTS${where}, баллы пока не начисляются. Они не потеряются, но само не пройдёт. Скажите тому, кто настраивал бота: корневой сертификат указывают в NODE_EXTRA_CA_CERTS, проверит loyalty-bot check.`,
    over: (where) => `Журнал YCLIENTS снова читается${where}. Пропущенное дочитано.`,
  },
  late: {
    wrong: (count) =>
      `Журнал YCLIENTS читается с${NBSP}опозданием: филиалов, до которых очередь не дошла за полчаса, — ${count}. Баллы придут позже, но не потеряются. Запросов к${NBSP}YCLIENTS не хватает на все филиалы: покажите это сообщение тому, кто настраивал бота.`,
    over: () => "До всех филиалов очередь доходит вовремя: журнал YCLIENTS читается без опоздания.",
  },
  "set aside": {
    wrong: (detail) =>
      `Не получается прочитать записи журнала: ${detail}. По ним баллы пока не меняются. Проверьте, видит ли пользователь API финансовые операции за все дни.`,
    over: () => "Отложенных записей больше нет.",
  },
  gone: {
    wrong: (detail) =>
      `Записей, которых больше нет в YCLIENTS: ${detail}. Баллы за них остались у клиентов. Если визита не было, снимите баллы: /debit телефон баллы.`,
    over: () =>
      "О записях, которых не стало в YCLIENTS, больше не напоминаем. Баллы за ненайденные остались у клиентов.",
  },
  rights: {
    wrong: (detail, where) =>
      `Токен YCLIENTS видит оплаты только за ${detail}\u00a0дн.${where}. Возвраты по более старым визитам мы не заметим. Дайте пользователю API право видеть финансовые операции за все дни.`,
    over: (where) => `Токен YCLIENTS снова видит оплаты${where}.`,
  },
  payments: {
    wrong: (_, where) =>
      `Токен YCLIENTS не видит оплат${where}. Без них баллы за визиты не начисляются. Дайте пользователю API право видеть финансовые операции за все дни.`,
    over: (where) => `Токен YCLIENTS снова видит оплаты${where}.`,
  },
  phones: {
    wrong: (_, where) =>
      `Токен YCLIENTS не видит телефоны клиентов${where}. Без них карту не открыть. Дайте пользователю API право видеть телефоны в журнале и в клиентской базе.`,
    over: (where) => `Токен YCLIENTS снова видит телефоны${where}.`,
  },
  settlement: {
    wrong: (detail) => {
      const { why, points, record } = readStuck(detail);
      return `Списание на ${ruWords.points(points)} (запись ${record}) не сошлось с журналом: ${whyNotSettled(why)}. ${whatToPutRight(why)} Баллы пока списаны. Поправили — нажмите «${again}».`;
    },
    over: (_, detail) =>
      `Списание на ${ruWords.points(readStuck(detail).points)} (запись ${readStuck(detail).record}) с журналом сошлось.`,
  },
  settling: {
    wrong: (detail, where) =>
      `Бот больше не уменьшает счёт в журнале сам${where}: ${whyNotSettled(detail as Obstacle)}. Баллы на карте, списывают их по-старому: сумму визита после списания меняйте в YCLIENTS сами. Попросите того, кто настраивал бота, проверить карты для баллов в YCLIENTS и запустить loyalty-bot settle try.`,
    over: (where) =>
      `Предупреждение о${NBSP}счёте в${NBSP}журнале снято${where}: проба пройдена или списания в${NBSP}журнале выключены.`,
  },
  legal: {
    wrong: () =>
      "В согласии на обработку данных не указано, кто их обрабатывает. Попросите того, кто настраивал бота, заполнить LEGAL_NAME: название, ИНН, адрес, почта.",
    over: () => "В согласии указано, кто обрабатывает данные.",
  },
  unreached: {
    wrong: (detail) =>
      `Бот не может написать сотруднику ${detail}: пусть откроет бота и нажмёт «Старт». Больше у вас не работает? Уберите в /staff или в настройках сервера (ADMINS_IDS, OWNER_IDS).`,
    over: (_, detail) => `Сотруднику ${detail} снова можно написать.`,
  },
  delivery: {
    wrong: () => `Telegram не может передать боту сообщения клиентов. Они не потеряются. ${ask}`,
    over: () => "Telegram снова передаёт сообщения клиентов.",
  },
  "delivery in max": {
    wrong: () =>
      `MAX не передаёт боту сообщения клиентов. Скажите тому, кто настраивал бота: через восемь часов MAX перестаёт их присылать. ${ask}`,
    over: () => "MAX снова передаёт сообщения клиентов.",
  },
  outbox: {
    wrong: (detail) => `Сообщения клиентам не уходят, ждут: ${detail}. Они не потеряются. ${ask}`,
    over: () => "Сообщения клиентам снова уходят.",
  },
  clock: {
    wrong: (detail) =>
      `Часы сервера базы данных перевели назад на ${ruSpan(Number(detail))}: до этого они спешили. Баллы целы, работа идёт дальше. Но у того, что записано за это время, время неверное. Попросите того, кто настраивал бота, проверить, что теперь часы идут верно (timedatectl).`,
    over: () => "Часы сервера базы данных больше не переводили.",
  },
  levels: {
    wrong: () =>
      "В настройках теперь уровни, по которым часть клиентов будет получать меньше. Пока действуют прежние. Кого это коснётся и как принять: /programme",
    over: () => "Уровни в настройках больше не ждут решения: что действует, покажет /programme",
  },
  "slow settlements": {
    wrong: (count) =>
      `Баллы списаны, а счёт в журнале ещё не изменён: YCLIENTS не отвечает или не пускает бота к картам лояльности (таких списаний: ${count}). Доделаем сами, как только сможем. Само не проходит? ${ask}`,
    over: () => "Списания снова доходят до журнала.",
  },
  "foreign withdrawals": {
    wrong: (visits) =>
      `В журнале картами, которые бот держит для баллов, оплачены визиты, на которые он ничего не списывал (номера визитов: ${visits}). Баллы клиентов не тронуты. Проверьте эти визиты: лишнее списание отменяют в журнале, в окне оплаты визита.`,
    over: () => "Чужих списаний по картам для баллов в журнале больше нет.",
  },
  guards: {
    wrong: () =>
      `В базе отключена или изменена защита журнала баллов: его можно изменить незаметно. Попросите того, кто настраивал бота, вернуть её и запустить loyalty-bot verify с печатью из этого чата.`,
    over: () => "Защита журнала баллов снова на месте.",
  },
};

/** `2 ч 5 мин`; minutes. */
function ruSpan(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [hours > 0 ? `${hours}\u00a0ч` : "", rest > 0 || hours === 0 ? `${rest}\u00a0мин` : ""];
  return parts.filter(Boolean).join(" ");
}

/**
 * One alarm as a message: what is wrong and what to do, or that it is over. `titles` are of the branches, by id; what an
 * operator needs beside it is in the log and in `check`, in English. `gone`: the settings do not name it any more.
 */
export function alarmText(
  alarm: { about: string; detail: string; over: boolean; gone?: boolean },
  titles: ReadonlyMap<CompanyId, string>,
): string {
  const [kind = "", branch = ""] = alarm.about.split(":");
  const where = branch ? ` (${escaped(titles.get(Number(branch)) ?? `филиал ${branch}`)})` : "";
  const detail = escaped(alarm.detail);
  if (alarm.gone)
    return kind === "unreached"
      ? `✅ Сотрудника ${detail} в настройках больше нет: писать ему не нужно.`
      : `✅ Филиала${where} в настройках больше нет: его журнал бот не читает.`;
  const { wrong, over } = words[kind.replace(/ \d+$/, "")] ?? {
    wrong: () => `${escaped(kind)}: ${detail}`,
    over: () => `Исправилось: ${escaped(kind)}.`,
  };
  return alarm.over ? `✅ ${over(where, detail)}` : `⚠️ ${wrong(detail, where)}`;
}
