// What owners read of /level, in Russian: the owners' chat has one language.

import type { Percent } from "../rules/ids.ts";
import { NBSP, ruWords } from "../texts/words.ts";

export const handTexts = {
  usage: () =>
    "Уровень клиента: <code>/level 89001234567</code>. Поставить вручную: телефон, номер уровня, последний день, причина. Например: <code>/level 89001234567 2 30.06.2027 постоянный клиент</code>. Выше или ниже своего — можно и так, и так.",
  noCard: () =>
    "Карты с таким телефоном нет. Она появится с первым визитом или когда её заведёт администратор.",
  noLevels: () => "Уровней в программе сейчас нет: их включает настройка LEVELS.",
  noSuchLevel: (places: number) => `Такого уровня нет: всего их${NBSP}${places}, считая с первого.`,
  badDay: () => "Последний день — сегодня или позже, и не дальше трёх лет.",
  noReason: () => "Напишите причину в конце: она останется у этого уровня навсегда.",
  badReason: (why: "phone" | "long") =>
    why === "phone"
      ? "В причине что-то похожее на телефон. Напишите без него: причина остаётся навсегда."
      : `Причина длиннее 100${NBSP}знаков: напишите короче.`,
  given: ({ was, percent, until }: { was: Percent; percent: Percent; until: string }, year: number) => {
    const said = was === percent ? "Процент от этого сейчас не меняется." : "Клиенту с ботом об этом скажем.";
    return `✅ Уровень поставлен ${ruWords.until(until, year)}: ${ruWords.percent(percent)} вместо ${ruWords.percent(was)} со следующего визита. ${said}`;
  },
  undo: () => "Отменить",
  back: (percent: Percent) => `↩️ Отменено. Со следующего визита у клиента ${ruWords.percent(percent)}.`,
  alreadyBack: () => "Этот уровень уже отменён, закончился или заменён другим.",
};
