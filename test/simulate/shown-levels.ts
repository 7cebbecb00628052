// What clients of a simulated world read of their level when they ask: how they stood at that moment, by the rules.

import { later } from "./ends.ts";
import { KeptLevels } from "./kept-levels.ts";
import { shortfalls } from "./kept-standings.ts";
import { levelAt, percentOf } from "./levels.ts";
import type { World } from "./world.ts";

const line = /Уровень (\d+) из (\d+): ([\d,]+) % с каждой оплаты\.(?: Его установил)?/;

/** Each answer names the level, the percent, what is left to the next one, and by which day how much keeps it. */
export async function levelsAreShown(world: World): Promise<string[]> {
  const kept = await KeptLevels.of(world);
  const holders = await world.database.sql<{ account: string; card: number; since: number }[]>`
    select channel || ':' || external_id as account, client_id::int as card, (extract(epoch from linked_at) * 1000)::float8 as since
    from accounts`;
  const moments = [...kept.rows, ...kept.events]
    .map(({ at }) => at)
    .concat(kept.terms.map(({ since }) => since));
  const calls = world.messengers.flatMap((one) => one.calls());
  return calls.flatMap(({ at, account, ...said }) => {
    const text = plain(said.text);
    const holder = holders.find((one) => one.account === account && one.since < at);
    const isMoving = moments.some((moment) => Math.abs(moment - at) < calmMs) || world.zones.length > 1;
    if (!line.test(text) || !holder || isMoving) return [];
    world.count("levels shown");
    // A program's clock may be two hours off.
    const ought = [...kept.daysAt(at)].map((today) => wordsOfLevel(kept, holder.card, at, today));
    return ought.some((words) => fits(text, words))
      ? []
      : [`${holder.account} read "${text.slice(text.search(line))}", and ought "${ought[0]?.join(" ")}"`];
  });
}

/** All of these words are there, and nothing of a fall where they say nothing of one. */
const fits = (text: string, words: string[]) =>
  words.every((one) => text.includes(one)) &&
  text.includes(falls) === words.some((one) => one.includes(falls));

const falls = "Уровень ваш";

function wordsOfLevel(kept: KeptLevels, card: number, at: number, today: string): string[] {
  const { levels, months } = kept.schemeAt(at);
  const upTo = kept.upTo(at);
  const standing = kept.standing(card, at, months, upTo);
  const percent = percentOf(levels, standing);
  const own = levelAt(levels, Math.max(standing.turnover, standing.kept));
  const place = levels.findIndex((level) => level.percent === percent);
  const byHand = standing.hand !== null && own.percent !== percent;
  const next = byHand && !standing.hand?.upwards ? undefined : levels[place + 1];
  const fall = byHand ? null : nextFall(kept, { card, at, today, needs: own.from });
  return [
    `Уровень ${place + 1} из ${levels.length}: ${said(percent)} с каждой оплаты.`,
    ...(byHand ? ["Его установил салон"] : []),
    ...(next
      ? [`До ${said(next.percent)} осталось ${money(Math.max(0, next.from - standing.turnover))}`]
      : []),
    ...(fall ? [`${falls} до ${dayOf(fall.until)}`, `ещё на ${money(fall.missing)}.`] : []),
  ];
}

/** If nothing more is paid: a day that a card was warned of, or the first month's last day, a warning ahead, that it falls short on. */
function nextFall(
  kept: KeptLevels,
  { card, at, today, needs }: { card: number; at: number; today: string; needs: number },
): { until: string; missing: number } | null {
  const upTo = kept.upTo(at);
  const warned = kept
    .before(card, upTo.row, upTo.event)
    .flatMap(({ kind, until }) => (kind === "warned" && until && until >= today ? [until] : []))
    .sort();
  const days = Array.from({ length: 31 * 15 }, (_, ahead) => later(today, 30 + ahead));
  const ends = days.filter((day) => later(day, 1).endsWith("-01"));
  for (const until of [...warned, ...ends]) {
    const [short] = shortfalls(kept, { card, at, after: upTo.row, id: upTo.event + 1 }, until);
    if (short && needs > 0 && short.sum < needs) return { until, missing: needs - short.sum };
  }
  return null;
}

const said = (percent: number) => `${String(percent / 100).replace(".", ",")} %`;

const dayOf = (day: string) =>
  new Date(day).toLocaleDateString("ru", { day: "numeric", month: "long", timeZone: "UTC" });

/** Roubles as people write them: kopecks are two digits, or none. */
function money(kopecks: number): string {
  const roubles = String(Math.trunc(kopecks / 100)).replace(/\B(?=(\d{3})+$)/g, " ");
  const rest = kopecks % 100;
  return `${roubles}${rest === 0 ? "" : `,${String(rest).padStart(2, "0")}`} ₽`;
}

/** An answer may be on its way while something changes. */
const calmMs = 900;

const plain = (text: string) => text.replaceAll("\u00a0", " ").replace(/<\/?b>/g, "");
