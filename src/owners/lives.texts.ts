// What owners are told when points live by another setting, in Russian: the owners' chat has one language.

import type { Ahead, LifeChange } from "../ledger/ends.ts";
import type { Life, LifeOf } from "../rules/life.ts";
import { bold } from "../texts/html.ts";
import { NBSP, ruWords as w } from "../texts/words.ts";

const names: Record<LifeOf, { of: string; they: string }> = {
  earned: { of: "Срок баллов", they: "баллы" },
  welcome: { of: "Срок подарка новому клиенту", they: "эти баллы" },
  birthday: { of: "Срок подарка ко дню рождения", they: "эти баллы" },
};

/** The change, and what ends when if nobody spends it: `ahead`, the nearest first. */
export function lifeText({ of, life, day, first }: LifeChange, ahead: readonly Ahead[]): string {
  const points = names[of];
  if (life === null)
    return `${bold(`${points.of} выключен`)}: с ${w.day(day, null)} ${points.they} не сгорают, отсчёт стоит. Включите снова — он пойдёт дальше, и все даты сдвинутся на время паузы.`;
  const kept = first
    ? "Раньше, чем через полный срок от этого дня, из накопленного ничего не сгорит."
    : "Накопленное сгорит не раньше, чем по прежнему сроку или через полный новый от этого дня.";
  const head = `${bold(points.of)}: ${w.wholeLife(life)}, действует с ${w.day(day, null)}. ${kept}`;
  const told = warned(life);
  if (ahead.length === 0) return `${head}\n${told}`;
  const lines = ahead.map(
    (one) => `• ${w.day(one.day, null)}: ${w.points(one.points)}, карт: ${w.count(one.cards)}`,
  );
  return `${head}\n\n${bold("Сгорит после этих дней, если не потратят")}\n${lines.join("\n")}\n\n${told}`;
}

/** As it is: what lives shorter than that is not warned of. */
function warned(life: Life): string {
  if ("days" in life && life.days <= 7) return "Срок короткий: предупреждать о нём клиентов не будем.";
  const long = "months" in life ? life.months > 1 : life.days > 30;
  return `Клиентов предупредим за ${long ? "30 и за 7" : "7"}${NBSP}дней.`;
}
