// What the ledger must say of the records of a simulated journal: each on one card, its client's, with what it is due.

import { cardOf, due, earningOf } from "./model.ts";
import { guestOf, touchedByForgetting } from "./people.ts";
import type { Entry } from "./spoilt.ts";
import { settingAt } from "./terms.ts";
import { BRANCHES, type World } from "./world.ts";

/** A row of a record. `phone` is of its card now, `at` when it was made, in the world's milliseconds. */
interface Row {
  card: number;
  phone: string | null;
  points: number;
  at: number;
  /** Of its award, in hundredths; null where it has none of its own. */
  percent: number | null;
}

/** A record, what it is due and its rows in order. */
export interface Judged {
  entry: Entry;
  due: number;
  rows: Row[];
}

/** Every record, but those that a request to be forgotten may have ended: of these the rows stay and the rule stops. */
export async function judgedRecords(world: World): Promise<Judged[]> {
  const all = await world.database.sql<(Row & { branch: number; record: number })[]>`
    select v.company_id::int as branch, a.record_id::float8 as record, b.client_id::int as card, c.phone,
      (b.points * 100)::float8 as points, (extract(epoch from b.awarded_at) * 1000)::float8 as at, (v.percent * 100)::float8 as percent
    from bonuslog a join bonuslog b on b.id = a.id or (b.corrects = a.id and b.kind = 'correction')
      join clients c on c.id = b.client_id join visits v on v.award_key = a.key
    where a.kind = 'award' order by b.id`;
  const byRecord = Map.groupBy(all, (row) => `${row.branch} ${row.record}`);
  const gone = touchedByForgetting(world.guests);
  return world.records.flatMap((entry) => {
    const owners = [...world.ownersOf(entry)].map((id) => guestOf(world.guests, { id }));
    if (owners.some((owner) => owner && gone.has(owner))) return [];
    const rows = byRecord.get(`${BRANCHES[entry.branch]} ${entry.id}`) ?? [];
    const [first] = rows;
    const terms = earningOf((name) => settingAt(world, name, first?.at ?? world.clock.now().getTime()));
    const percent = first?.percent ?? terms.percent;
    const start = first ? null : world.programStart;
    return [{ entry, due: due(world.record(entry), start, { ...terms, percent }), rows }];
  });
}

/** Each record's rows sum to what it is due, on one card, its client's. */
export async function recordsSum(world: World): Promise<string[]> {
  const judged = await judgedRecords(world);
  return judged.flatMap(({ entry, due, rows }) => {
    const name = `record ${entry.id} of branch ${entry.branch}`;
    const sums = [...Map.groupBy(rows, (row) => row.card).values()].map(sumOf);
    const sum = sums.find((one) => one !== 0) ?? 0;
    if (sum !== due) return [`${name} holds ${sum} and is due ${due}`];
    if (sums.filter((one) => one !== 0).length > 1) return [`${name} has points on another's card`];
    return due === 0 ? [] : wrongCard(world, entry, rows).map((wrong) => `${name} ${wrong}`);
  });
}

function wrongCard(world: World, entry: Entry, rows: Row[]): string[] {
  const guest = guestOf(world.guests, world.record(entry).client);
  if (!guest) return []; // the crowd's phones never change
  const last = rows.at(-1);
  const other = rows.findLastIndex((row) => row.card !== last?.card);
  const arrived = rows[other + 1];
  if (!last || !arrived) return [];
  const may = cardOf(guest.written, { at: arrived.at, first: other < 0 });
  return may.includes(last.phone)
    ? []
    : [`is on the card of ${last.phone}, and its client's is ${may.join(" or ")}`];
}

const sumOf = (rows: Row[]) => rows.reduce((sum, row) => sum + row.points, 0);

/** A visit's first row is of a day on which the programme had begun, by the setting in force when it was made. */
export async function startWasKept(world: World): Promise<string[]> {
  const rows = (await judgedRecords(world)).filter(({ entry }) => !world.rescheduled.has(entry));
  return rows.flatMap(({ entry, rows: [first] }) => {
    const day = world.record(entry).date.slice(0, 10);
    const start = world.starts.findLast((one) => one.at <= (first?.at ?? 0))?.day ?? "";
    return first && day < start
      ? [`record ${entry.id} of ${day} was awarded when the start was ${start}`]
      : [];
  });
}
