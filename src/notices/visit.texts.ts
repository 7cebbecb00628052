// What a client is told of changes made by visits, in both languages. Days and sums are written here; nothing needs escaping.

import type { Percent } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { bold } from "../texts/html.ts";
import { enWords, ruWords } from "../texts/words.ts";
import type { Told } from "./till.texts.ts";

/** A visit that is told for the first time. `day` is the session's, `YYYY-MM-DD`; `percent` is in hundredths. */
export interface Award {
  about: "award";
  day: string;
  paid: Kopecks;
  percent: Percent;
  points: Points;
  prepaid: boolean;
}

/** What has become of a visit that was told. */
export interface Correction {
  about: "correction";
  day: string;
  paid: Kopecks | null;
  was: Kopecks | null;
  points: Points;
  cause: string;
}

/** An award in Russian. `thanked`: what stands before it has said already that it is for a visit. */
export function awardRu({ day, paid, points, prepaid }: Award, year: number, thanked: boolean): string {
  const w = ruWords;
  const visit = thanked && !prepaid ? w.day(day, year) : `визит ${w.day(day, year)}`;
  const back = prepaid ? " Если он не состоится, баллы вернутся салону." : "";
  return `${bold(w.change(points))} за ${visit} (оплачено ${w.money(paid)}).${back}`;
}

/** A correction in Russian. */
export function correctionRu({ day: on, points, cause, paid, was }: Correction, year: number): Told {
  const w = ruWords;
  const day = w.day(on, year);
  const change = bold(w.change(points));
  const taken = points < 0 ? `сняли ${bold(w.points(-points))}` : change;
  switch (cause) {
    case "deleted":
      return { said: `Визит ${day} отменён, поэтому ${taken}.`, ask: "questions" };
    case "no_show":
      return { said: `Визит ${day} отмечен как несостоявшийся, ${change}.`, ask: "mistake" };
    case "not_paid":
    case "nothing_paid":
      return { said: `Оплата визита ${day} возвращена, поэтому ${taken}.`, ask: "questions" };
    case "no_price":
      return { said: `Цена услуг визита ${day} теперь ${w.money(0)}, поэтому ${taken}.`, ask: "questions" };
    case "not_arrived":
      return {
        said: `Визит ${day} ещё не отмечен как состоявшийся, поэтому ${taken}. Начислим, когда состоится.`,
      };
    case "paid_in_part":
      return {
        said: `Визит ${day} теперь оплачен не полностью, поэтому ${taken}. Начислим после полной оплаты.`,
      };
    case "moved":
      return points < 0
        ? { said: `Визит ${day} записан на другого клиента, поэтому ${taken}.`, ask: "mistake" }
        : { said: `Визит ${day} записан на вас, ${change}.` };
    default: {
      const before = was !== null && was !== paid ? ` вместо ${w.money(was)}` : "";
      const sum = paid === null ? "" : `: оплачено ${w.money(paid)}${before}`;
      return { said: `Пересчитали визит ${day}${sum}. ${change}.`, ...(points < 0 && { ask: "questions" }) };
    }
  }
}

/** The award in English. */
export function awardEn({ day, paid, points, prepaid }: Award, year: number, thanked: boolean): string {
  const w = enWords;
  const visit = thanked && !prepaid ? w.day(day, year) : `the visit of ${w.day(day, year)}`;
  const back = prepaid ? " If it does not happen, the points go back." : "";
  return `${bold(w.change(points))} for ${visit} (${w.money(paid)} paid).${back}`;
}

/** What became of a visit, and what to do about it; or what makes it points again. */
const became: Record<string, { words: string; ask?: Told["ask"]; later?: string }> = {
  deleted: { words: "was cancelled", ask: "questions" },
  no_show: { words: "was marked as a no-show", ask: "mistake" },
  not_paid: { words: "was refunded", ask: "questions" },
  nothing_paid: { words: "was refunded", ask: "questions" },
  no_price: { words: `now has a price of ${enWords.money(0)}`, ask: "questions" },
  paid_in_part: { words: "is not fully paid any more", later: " Points come when it is." },
  not_arrived: { words: "is not marked as held yet", later: " Points come when it is held." },
  moved: { words: "was booked for another client", ask: "mistake" },
};

/** The correction in English. */
export function correctionEn({ day: on, points, cause, paid, was }: Correction, year: number): Told {
  const w = enWords;
  const day = w.day(on, year);
  const change = bold(w.change(points));
  if (cause === "moved" && points > 0) return { said: `The visit of ${day} was booked for you: ${change}.` };
  const known = became[cause];
  if (known)
    return { said: `The visit of ${day} ${known.words}: ${change}.${known.later ?? ""}`, ask: known.ask };
  const before = was !== null && was !== paid ? ` instead of ${w.money(was)}` : "";
  const sum = paid === null ? "" : `: ${w.money(paid)} paid${before}`;
  return {
    said: `The visit of ${day} was counted again${sum}. ${change}.`,
    ...(points < 0 && { ask: "questions" }),
  };
}
