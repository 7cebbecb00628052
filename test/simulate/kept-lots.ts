// What the ledger of a simulated world keeps of lots, held against what its rows and the terms of the day make of them.

import { dayIn, type LifeName, termOf } from "./ends.ts";
import { type LedgerRow, Lots } from "./lots.ts";
import type { World } from "./world.ts";

/** The settings of lives, and whose points end by each. */
const lives = { POINTS_LIVE: "earned", WELCOME_LIVE: "welcome", BIRTHDAY_LIVE: "birthday" } as const;

type Row = LedgerRow & { at: number };

/** The ledger's rows, gone through by the model, with every switch of the settings between them. */
export async function modelOf(world: World): Promise<Lots> {
  const { sql } = world.database;
  const rows = await sql<Omit<Row, "day">[]>`
    select id::int, client_id::int as card, kind, (points * 100)::float8 as points, corrects::int, actor, key, reason,
      (extract(epoch from awarded_at) * 1000)::float8 as at from bonuslog order by id`;
  const started = await sql<{ row: number; day: string }[]>`
    select distinct on (row_id) row_id::int as row, started::text as day from lots where origin = row_id or life = 'returned'
    order by row_id, started desc`;
  const kept = new Map(started.map(({ row, day }) => [row, day]));
  const lists = await sql<{ list: string; gave: string }[]>`
    select 'list:' || id as list, 'list:' || takes_back as gave from imported_lists where takes_back is not null`;
  const switched = await sql<{ life: LifeName; day: string }[]>`select life, day::text from lives`;
  const switchTo = (lots: Lots, change: World["terms"][number] | undefined) => {
    for (const [name, life] of Object.entries(lives) as [keyof typeof lives, LifeName][]) {
      const text = change?.set[name];
      if (!change || text === undefined) continue;
      const days = world.zones.map((one) => dayIn(one, change.at));
      const day = switched.find((one) => one.life === life && days.includes(one.day))?.day;
      lots.switch({ life, term: termOf(text), day: day ?? dayIn(zone, change.at) });
    }
  };
  const lots = new Lots((actor) => lists.find(({ list }) => list === actor)?.gave ?? null);
  const terms = [...world.terms];
  for (const row of rows) {
    while (terms[0] && terms[0].at <= row.at) switchTo(lots, terms.shift());
    lots.add({
      ...row,
      day: row.kind === "expiry" ? lastDayOf(world, row.at) : dayOf(world, row.at, kept.get(row.id)),
    });
  }
  for (const one of terms) switchTo(lots, one);
  return lots;
}

const zone = "Europe/Moscow";

/** The day by the salon's clock; where its zone is corrected meanwhile, by either. */
function dayOf(world: World, at: number, kept: string | undefined): string {
  const days = world.zones.map((one) => dayIn(one, at));
  return kept !== undefined && days.includes(kept) ? kept : dayIn(zone, at);
}

/** The furthest day by any of its zones: what ends has ended by one of them. */
function lastDayOf(world: World, at: number): string {
  const days = world.zones.map((one) => dayIn(one, at)).sort();
  return days.at(-1) ?? dayIn(zone, at);
}

/** Every lot, taking and debt is there as the rows make it, and no other. */
export async function lotsAreKept(world: World): Promise<string[]> {
  const { sql } = world.database;
  const model = await modelOf(world);
  for (const { life } of model.lots) world.count(`lots: ${life}`);
  for (const taking of model.takings)
    world.count(taking.points > 0 ? "lots: taken from" : "lots: given back to");
  if (model.debts.length > 0) world.count("worlds with debts at their end");
  const lots = await sql<Sum[]>`
    select concat_ws(' ', 'row', l.row_id, 'card', l.client_id, life, started, case when waits and rest > 0 then 'waits' end,
      'till', case when rest > 0 then coalesce(case when s.day is null or e.ends < s.day then e.ends end::text, 'ever') end) as what,
      sum(points * 100)::float8 as points, sum(rest * 100)::float8 as rest
    from lots l left join lot_ends e using (life, started)
      -- While the clock stands nothing ends that had not before.
      left join (select distinct on (life) life, case when coalesce(months, days) is null then day end as day
        from lives order by life, id desc) s using (life)
    group by 1`;
  const takings = await sql<Sum[]>`
    select concat_ws(' ', case when points > 0 then 'row ' || taker || ' from row' else 'back to row' end, row_id, 'by', by_row)
      as what, sum(points * 100)::float8 as points, 0::float8 as rest from takings group by 1`;
  const debts = await sql<Sum[]>`
    select 'row ' || row_id || ' owes on card ' || client_id as what, (points * 100)::float8 as points, 0::float8 as rest from debts`;
  return [
    ...model.faults,
    ...differences(
      "lot",
      lots,
      model.lots.map((lot) => nameOfLot(model, lot)),
    ),
    ...differences("taking", takings, model.takings.map(nameOfTaking)),
    ...differences(
      "debt",
      debts,
      model.debts.map(({ row, card, points }) => ({
        what: `row ${row} owes on card ${card}`,
        points,
        rest: 0,
      })),
    ),
  ];
}

interface Sum {
  what: string;
  points: number;
  rest: number;
}

function nameOfLot(model: Lots, lot: Lots["lots"][number]): Sum {
  const { row, card, life, started, waits, points, rest } = lot;
  const till = rest > 0 ? `till ${model.endOf(lot) ?? "ever"}` : "till";
  const what = `row ${row} card ${card} ${life} ${started} ${waits && rest > 0 ? "waits " : ""}${till}`;
  return { what, points, rest };
}

function nameOfTaking({ lot, taker, by, points }: Lots["takings"][number]): Sum {
  const what = points > 0 ? `row ${taker} from row ${lot.row} by ${by}` : `back to row ${lot.row} by ${by}`;
  return { what, points, rest: 0 };
}

function differences(name: string, kept: Sum[], made: Sum[]): string[] {
  const ought = new Map<string, Sum>();
  for (const one of made) {
    const before = ought.get(one.what);
    const { points, rest } = before ?? { points: 0, rest: 0 };
    ought.set(one.what, { what: one.what, points: points + one.points, rest: rest + one.rest });
  }
  const is = new Map(kept.map((one) => [one.what, one]));
  return [...new Set([...is.keys(), ...ought.keys()])].flatMap((what) => {
    const [one, other] = [is.get(what), ought.get(what)];
    if (!one || !other)
      return [`${name} "${what}" is ${one ? "kept" : "made"} and not ${one ? "made" : "kept"}`];
    if (one.points === other.points && one.rest === other.rest) return [];
    return [
      `${name} "${what}" holds ${one.rest} of ${one.points}, and ought ${other.rest} of ${other.points}`,
    ];
  });
}

/** What is left of a card's lots, less what it owes, is what it holds; and it never has both. */
export async function lotsAreBalances(world: World): Promise<string[]> {
  const cards = await world.database.sql<{ card: number; rest: number; owed: number; held: number }[]>`
    select c.id::int as card, coalesce(l.rest, 0)::float8 as rest, coalesce(d.points, 0)::float8 as owed,
      coalesce(b.points, 0)::float8 as held
    from clients c left join (select client_id, sum(rest) as rest from lots group by 1) l on l.client_id = c.id
      left join (select client_id, sum(points) as points from debts group by 1) d on d.client_id = c.id
      left join (select client_id, sum(points) as points from bonuslog group by 1) b on b.client_id = c.id`;
  return cards.flatMap(({ card, rest, owed, held }) =>
    Math.abs(rest - owed - held) > 0.001 || (rest > 0 && owed > 0)
      ? [`card ${card} holds ${held}, its lots ${rest}, and it owes ${owed}`]
      : [],
  );
}

/** What has ended was expired by the night after, and an award has not lost more by its end than it ever gave. */
export async function endsAreKept(world: World): Promise<string[]> {
  const model = await modelOf(world);
  const yesterday = dayIn(zone, world.clock.now().getTime() - 2 * 86_400_000);
  const late = model.lots.filter((lot) => lot.rest > 0 && (model.endOf(lot) ?? "~") < yesterday);
  return [
    ...late.map((lot) => `the lot of row ${lot.row} ended on ${model.endOf(lot)} and is still there`),
    ...lostTwice(model),
  ];
}

function lostTwice(model: Lots): string[] {
  const rows = [...model.rows.values()];
  const awardOf = ({ id, kind, corrects }: LedgerRow) =>
    kind === "award" ? id : kind === "correction" ? corrects : null;
  const given = Map.groupBy(rows, awardOf);
  const ended = model.takings.filter(({ taker }) => model.rows.get(taker)?.kind === "expiry");
  const lost = Map.groupBy(ended, ({ lot }) => {
    const row = model.rows.get(lot.row);
    return row ? awardOf(row) : null;
  });
  return [...lost].flatMap(([award, takings]) => {
    if (award === null) return [];
    const sum = takings.reduce((points, one) => points + one.points, 0);
    const due = (given.get(award) ?? []).reduce((points, one) => points + one.points, 0);
    return sum > due ? [`award ${award} gives ${due}, and ${sum} of it are said to have ended`] : [];
  });
}
