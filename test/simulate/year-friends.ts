// Who came by whom in a simulated year, held against the rule: both have what they were promised while a first visit stands.

import { dayIn } from "./ends.ts";
import { day, type Promised, visitBehindGift } from "./friends.ts";
import type { World } from "./world.ts";

/** A newcomer who named somebody, what both were promised then, and the newcomer's number in the journal. */
export interface Invited {
  phone: string;
  inviter: string;
  promised: Promised;
  client: number;
  at: number;
}

interface Gift {
  friend: string;
  side: "inviter" | "friend";
  phone: string;
  points: number;
  at: number;
  backAt: number | null;
}

/** Each newcomer's gifts are there or gone with the visit that they stand on. */
export async function friendsAreGiven(world: World, invited: readonly Invited[]): Promise<string[]> {
  const gifts = await world.database.sql<Gift[]>`
    select f.phone as friend, split_part(g.key, ':', 3) as side, c.phone, (g.points * 100)::float8 as points,
      (extract(epoch from g.awarded_at) * 1000)::float8 as at,
      (select (extract(epoch from b.awarded_at) * 1000)::float8 from bonuslog b where b.key = g.key || ':back') as "backAt"
    from bonuslog g join clients c on c.id = g.client_id join clients f on f.id = split_part(g.key, ':', 2)::bigint
    where g.kind = 'friend' and g.points > 0 order by g.id`;
  const settled = invited.filter(({ at }) => at < world.clock.now().getTime() - 5 * day);
  const known = new Set(invited.map(({ phone }) => phone));
  return [
    ...gifts.filter(({ friend }) => !known.has(friend)).map(({ friend }) => `${friend} named nobody`),
    ...settled.flatMap((one) => {
      const own = gifts.filter(({ friend }) => friend === one.phone);
      const visits = throughTime(world, one);
      const due = visits.at(-1) === true;
      // What was taken back once is not given again.
      const mayBeGone = !due || visits.slice(visits.indexOf(true)).includes(false);
      world.count(`invited: ${due ? "the visit stands" : "no visit"}`);
      return (["friend", "inviter"] as const).flatMap((side) => {
        const gift = own.find((each) => each.side === side);
        const has = gift && gift.backAt === null ? gift.points : 0;
        const phone = side === "friend" ? one.phone : one.inviter;
        if (gift && (gift.phone !== phone || gift.points !== one.promised[side]))
          return [`the ${side} of ${one.phone} has ${gift.points} on ${gift.phone}`];
        if (has > 0 === due || (has === 0 && mayBeGone)) return [];
        if (due && side === "inviter" && !gift && limitReached(gifts, one.inviter, own[0]?.at)) return [];
        return [`the ${side} of ${one.phone} has ${has}, and the visit ${due ? "stands" : "does not"}`];
      });
    }),
    ...overLimit(gifts),
  ];
}

/** Whether a visit bore the gift out, at each moment at which that may have changed, the last of them now. */
function throughTime(world: World, { client, at, promised }: Invited): boolean[] {
  const moments = world.histories.moments([client], at, world.clock.now().getTime());
  return moments.map((moment) => {
    const sessions = world.histories.sessions([client], moment);
    return visitBehindGift(sessions, at, promised.leastBill) !== null;
  });
}

/** For how many friends somebody is given points. */
export const limits = { aMonth: 2, aYear: 6 };
const zone = "Europe/Moscow";

/** For how many friends an inviter held points at a moment, of the same month and the same year. */
function heldAt(gifts: readonly Gift[], inviter: string, at: number): { aMonth: number; aYear: number } {
  const before = gifts.filter(
    (one) => one.side === "inviter" && one.phone === inviter && one.at < at && (one.backAt ?? at) >= at,
  );
  const same = (length: number) =>
    before.filter((one) => dayIn(zone, one.at).slice(0, length) === dayIn(zone, at).slice(0, length)).length;
  return { aMonth: same(7), aYear: same(4) };
}

function limitReached(gifts: readonly Gift[], inviter: string, at: number | undefined): boolean {
  if (at === undefined) return false;
  const { aMonth, aYear } = heldAt(gifts, inviter, at);
  return aMonth >= limits.aMonth || aYear >= limits.aYear;
}

function overLimit(gifts: readonly Gift[]): string[] {
  return gifts
    .filter(({ side, phone, at }) => side === "inviter" && limitReached(gifts, phone, at))
    .map(({ phone }) => `${phone} has got points for more friends than the limits allow`);
}
