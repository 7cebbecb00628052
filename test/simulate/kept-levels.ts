// What percents and terms of levels a simulated world has kept, held against what its visits and settings make of them.

import { atOnce, type Level, levelsOf, percentsOf, type VisitRow } from "./levels.ts";
import type { World } from "./world.ts";

/** Terms of levels, from when on. */
interface Kept {
  levels: Level[];
  since: number;
}

async function keptTerms(world: World): Promise<Kept[]> {
  const rows = await world.database.sql<{ levels: string | null; since: number }[]>`
    select levels, (extract(epoch from since) * 1000)::float8 as since from level_terms order by id`;
  return rows.map(({ levels, since }) => ({ levels: levelsOf(levels ?? "off"), since }));
}

/** Terms come from the settings of their day, and never make anybody worse off without an owner. */
export async function levelTermsAreKept(world: World): Promise<string[]> {
  const terms = await keptTerms(world);
  return terms.flatMap(({ levels, since }, at) => {
    const before = terms[at - 1]?.levels ?? levelsOf("off");
    // A program that is stopped may have read the settings before them.
    const wanted = world.terms.filter(({ at }) => at <= since).map(({ set }) => set.LEVELS);
    const last = wanted.findLast((one) => one !== undefined) ?? "off";
    const ought = said(atOnce(before, levelsOf(last)));
    return said(levels) === ought
      ? []
      : [`levels ${said(levels)} after ${said(before)}, and ${last} is wanted`];
  });
}

const said = (levels: readonly Level[]) => levels.map(({ from, percent }) => `${from}:${percent}`).join();

/** Each award's percent is that of the level which the card had come to by the rows before it. */
export async function percentsAreReached(world: World): Promise<string[]> {
  const terms = await keptTerms(world);
  const { sql } = world.database;
  const rows = await sql<(VisitRow & { kind: string; percent: number | null })[]>`
    select b.id::int, coalesce(b.corrects, b.id)::int as award, b.client_id::int as card, b.kind,
      (b.points * 100)::float8 as points, (b.paid * 100)::float8 as paid, (v.percent * 100)::float8 as percent,
      (extract(epoch from b.awarded_at) * 1000)::float8 as at
    from bonuslog b left join visits v on b.kind = 'award' and v.award_key = b.key
    where b.kind in ('award', 'correction') order by b.id`;
  const months = /^(\d+) months?$/.exec(world.settings.LEVELS_OVER ?? "all")?.[1];
  return rows.flatMap((row, place) => {
    if (row.kind !== "award") return [];
    const levels = terms.findLast(({ since }) => since <= row.at)?.levels;
    if (!levels) return row.percent === null ? [] : [`award ${row.id} has ${row.percent} without any levels`];
    const before = rows.slice(0, place);
    const { least, most } = percentsOf(levels, before, row, months === undefined ? null : Number(months));
    const percent = row.percent ?? 0;
    world.count(`awarded by a level of ${percent / 100} %`);
    return percent >= least && percent <= most && levels.some((level) => level.percent === percent)
      ? []
      : [
          `award ${row.id} has ${percent}, and its card had come to ${least}${most > least ? ` to ${most}` : ""}`,
        ];
  });
}
