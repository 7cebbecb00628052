// What a card holds and where that came from, as those who work here read it, in Russian.

import type { Points } from "../rules/money.ts";
import { bold } from "../texts/html.ts";
import { ruWords as w } from "../texts/words.ts";

/** The balance and its parts: `Итого 473,5 балла: за все визиты +1 229, списано на кассе −650.`; empty without any. */
export function sumsText(sums: {
  visits: Points;
  opening: Points;
  spent: Points;
  byHand: Points;
  moved: Points;
}): string {
  const parts: [string, Points][] = [
    ["за все визиты", sums.visits],
    ["из прежней программы", sums.opening],
    ["списано на кассе", sums.spent],
    ["вручную", sums.byHand],
    ["перенесено", sums.moved],
  ];
  const told = parts.filter(([, points]) => points !== 0);
  if (told.length === 0) return "";
  const total = parts.reduce((sum, [, points]) => sum + points, 0);
  const words = told.map(([words, points]) => `${words} ${w.signed(points)}`);
  return `Итого ${bold(w.points(total))}: ${words.join(", ")}.`;
}
