// Who is tied to whom in a simulated world, held against what people said there: to the first whom they named, for what was
// promised on that day, and both told once why not.

import { day, hour, promiseOf } from "./friends.ts";
import type { Invitation } from "./invite.ts";
import { type Guest, touchedByForgetting } from "./people.ts";
import { noticesTo } from "./said.ts";
import type { World } from "./world.ts";

/** A program's clock may be so far off (steps.ts: skew), and a step takes its time. */
export const slack = 2 * hour + 120_000;
/** So long after a change of the journal all of it is known, where all is well. */
export const lag = 26 * hour;
/** Who came by whose invitation, as the program keeps it, with what was given for it. */
export interface Tie {
  friend: Guest;
  inviter: Guest;
  card: number;
  tiedAt: number;
  state: "asked" | "waits" | "given" | "refused" | "back";
  why: string | null;
  inviterWhy: string | null;
  promised: { friend: number; inviter: number; afterDays: number; leastBill: number };
  /** Its rows, each by what its key says of it. */
  rows: Map<string, Row>;
}

interface Row {
  phone: string | null;
  points: number;
  at: number;
}

/** Each tie is one that was said, each that was said is one, and nobody is told too often what came of it. */
export function tiesAreSaid(world: World, ties: Tie[]): string[] {
  const sure = ties.filter(({ friend, inviter }) => isSure(world, friend) && isSure(world, inviter));
  return [...unsaid(world, sure), ...untied(world, ties), ...told(world, ties)];
}

/** Faults of a tie. */
export const named = ({ friend, inviter }: Tie, faults: string[]) =>
  faults.map((fault) => `${friend.name} by ${inviter.name}: ${fault}`);

/** Their phone is theirs alone in the journal and among accounts, they were never forgotten and nobody was put off: it is known whose each card is. */
export function isSure(world: World, guest: Guest): boolean {
  const { phone, written } = guest;
  const others = world.guests.filter((one) => one !== guest).flatMap((one) => [...one.phones]);
  return (
    written.length === 1 &&
    written[0].phone === phone &&
    !others.includes(phone) &&
    !world.known.passed.has(phone) &&
    !touchedByForgetting(world.guests).has(guest)
  );
}

/** All ties of people who have a phone. */
export async function tiesOf(world: World): Promise<Tie[]> {
  const { sql } = world.database;
  const rows = await sql<{ key: string; phone: string | null; points: number; at: number }[]>`
    select b.key, c.phone, (b.points * 100)::float8 as points, (extract(epoch from b.awarded_at) * 1000)::float8 as at
    from bonuslog b join clients had on had.id = b.client_id join clients c on c.id = coalesce(had.merged_into, had.id)
    where b.kind = 'friend' order by b.id`;
  const ties = await sql<
    (Omit<Tie, "friend" | "inviter" | "promised" | "rows"> &
      Tie["promised"] & { friendPhone: string | null; inviterPhone: string | null })[]
  >`
    select f.friend::int as card, fc.phone as "friendPhone", ic.phone as "inviterPhone", f.state, f.why,
      f.inviter_why as "inviterWhy", (extract(epoch from f.tied_at) * 1000)::float8 as "tiedAt",
      (f.friend_points * 100)::float8 as friend, (f.inviter_points * 100)::float8 as inviter, f.after_days as "afterDays",
      coalesce(f.least_bill * 100, 0)::float8 as "leastBill"
    from friends f join clients fc on fc.id = f.friend join clients ic on ic.id = f.inviter`;
  return ties.flatMap(({ friendPhone, inviterPhone, friend, inviter, afterDays, leastBill, ...tie }) => {
    const guests = [friendPhone, inviterPhone].map((phone) =>
      world.guests.find((one) => one.phone === phone),
    );
    const [invited, by] = guests;
    if (!invited || !by) return []; // of somebody who was forgotten
    const own = rows.filter(({ key }) => key.startsWith(`friend:${tie.card}:`));
    const byKey = new Map(own.map((row) => [row.key.split(":").slice(2).join(":"), row]));
    const promised = { friend, inviter, afterDays, leastBill };
    return [{ ...tie, friend: invited, inviter: by, promised, rows: byKey }];
  });
}

/** What a setting was at that moment. */
export const settingAt = (world: World, at: number) => (name: string) =>
  world.terms.findLast(({ at: since, set }) => since <= at && set[name] !== undefined)?.set[name];

/** From when on an invitation ties, and nothing where it does not: by then invitations are on, and were when the link was opened. */
function tiesFrom(world: World, one: Invitation): number[] {
  const { friend, at, atOnce } = one;
  const theirs = one.account === null ? friend.accounts : [one.account];
  const linked = world.links.find(({ account, to }) => theirs.includes(account) && to >= at);
  const from = atOnce ? at : linked?.to;
  if (from === undefined || from > at + 30 * day) return [];
  return promiseOf(settingAt(world, at)) && promiseOf(settingAt(world, from)) ? [from] : [];
}

/** Each tie is one that somebody named, on that day, for what the settings promised then. */
function unsaid(world: World, ties: Tie[]): string[] {
  return ties.flatMap((tie) => {
    const said = world.invitations.filter(
      (one) =>
        one.friend === tie.friend && one.inviter === tie.inviter && Math.abs(one.at - tie.tiedAt) < slack,
    );
    if (said.length === 0) return named(tie, ["nobody said so on that day"]);
    const promises = said
      .flatMap((one) => tiesFrom(world, one))
      .map((from) => promiseOf(settingAt(world, from)));
    const is = JSON.stringify([
      tie.promised.inviter,
      tie.promised.friend,
      tie.promised.afterDays,
      tie.promised.leastBill,
    ]);
    const ought = promises.map((one) =>
      JSON.stringify(one && [one.inviter, one.friend, one.afterDays, one.leastBill]),
    );
    return ought.includes(is) ? [] : named(tie, [`${is} is promised, and ought to be ${ought.join(" or ")}`]);
  });
}

/** Whoever said who sent them is tied to the first whom they named. */
function untied(world: World, ties: Tie[]): string[] {
  return [...Map.groupBy(world.invitations, ({ friend }) => friend)].flatMap(([friend, said]) => {
    if (![friend, ...said.map(({ inviter }) => inviter)].every((guest) => isSure(world, guest))) return [];
    if (said.some(({ inviter }) => inviter === friend)) return [];
    const [first] = said
      .flatMap((one) => tiesFrom(world, one).map((from) => ({ ...one, from })))
      .sort((one, other) => one.from - other.from || one.at - other.at);
    const tie = ties.find((one) => one.friend === friend);
    return !first || tie?.inviter === first.inviter
      ? []
      : [`${friend.name} named ${first.inviter.name} first, and is tied to ${tie?.inviter.name ?? "nobody"}`];
  });
}

/** Nobody is told more than once why there is no gift, unless a telling was cut short. Of the forgotten nothing is known any more. */
function told(world: World, ties: Tie[]): string[] {
  if (touchedByForgetting(world.guests).size > 0) return [];
  const refused = ties.filter(({ state }) => state === "refused");
  const sides = {
    friend: /^Вас пригласили [^\n]*[Пп]одарка нет/,
    inviter: /^Ваше приглашение [^\n]*[Пп]одарка нет/,
  };
  return world.guests.flatMap((guest) => {
    const said = noticesTo(world, ...guest.accounts);
    return Object.entries(sides).flatMap(([side, words]) => {
      const most = refused.filter((tie) => tie[side as keyof typeof sides] === guest).length;
      // An answer to /why begins with a title.
      const times = said.filter((text) => words.test(text)).length;
      if (times > 0) world.count("told why there is no gift for an invitation");
      return times > most + world.cutShort
        ? [`${guest.name} was told ${times} times why there is no gift for ${most} invitations`]
        : [];
    });
  });
}
