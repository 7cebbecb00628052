// What a simulated world has given for invitations, held against the rules of friends: whether both were given it, when, and
// whether it was taken back.

import { dayIn } from "./ends.ts";
import { day, visitBehindGift, wasHere } from "./friends.ts";
import { isSure, lag, named, settingAt, slack, type Tie, tiesAreSaid, tiesOf } from "./kept-ties.ts";
import type { Guest } from "./people.ts";
import type { World } from "./world.ts";

/** Ties are those that were said, gifts are those that the visits and the promises make, on both cards, once. */
export async function invitationsAreKept(world: World): Promise<string[]> {
  const ties = await tiesOf(world);
  for (const { state, why, inviterWhy } of ties)
    world.count(`invited: ${[state, why, inviterWhy && `but ${inviterWhy}`].filter(Boolean).join(", ")}`);
  const sure = ties.filter(({ friend, inviter }) => isSure(world, friend) && isSure(world, inviter));
  return [
    ...ties.flatMap((tie) => named(tie, wrongRows(tie))),
    ...sure.flatMap((tie) =>
      named(tie, [...refusedWrongly(world, tie), ...staffAreGivenNothing(world, tie)]),
    ),
    ...sure.flatMap((tie) => named(tie, inviterWrong(world, tie, ties))),
    ...(world.zones.length > 1
      ? []
      : sure.flatMap((tie) => named(tie, [...newcomersAlone(world, tie), ...visitsBehind(world, tie)]))),
    ...tiesAreSaid(world, ties),
  ];
}

/** Both have what was promised on their own card, at the same moment, or neither has; and it goes as it came. */
function wrongRows({ state, inviterWhy, promised, rows, friend, inviter }: Tie): string[] {
  const isGiven = state === "given" || state === "back";
  const ought = [
    ["friend", promised.friend, friend.phone],
    ["inviter", inviterWhy === null ? promised.inviter : 0, inviter.phone],
  ] as const;
  const faults = ought.flatMap(([side, promise, phone]) => {
    const [gift, back] = [rows.get(side), rows.get(`${side}:back`)];
    const [points, taken] = [isGiven ? promise : 0, state === "back" ? -promise : 0];
    return [
      ...((gift?.points ?? 0) === points
        ? []
        : [`the ${side} was given ${gift?.points ?? 0}, and ${points} are due`]),
      ...((back?.points ?? 0) === taken
        ? []
        : [`of the ${side} ${back?.points ?? 0} was taken, and ${taken} is due`]),
      ...[gift, back].flatMap((row) =>
        row && row.phone !== null && row.phone !== phone
          ? [`the ${side}'s gift is on the card of ${row.phone}`]
          : [],
      ),
    ];
  });
  const other = [...rows.keys()].filter((key) => !/^(friend|inviter)(:back)?$/.test(key));
  return [...faults, ...other.map((key) => `a row is ${key}`)];
}

/** Who was taken on before is refused; who never was is not, and nobody is without a rule. */
function refusedWrongly(world: World, { state, why, friend, inviter, tiedAt }: Tie): string[] {
  if (state === "asked") return ["nobody was asked whether the friend is new"];
  if (state !== "refused" || why === "known") return [];
  const hired = (guest: Guest) => world.hired.some(({ phone }) => phone === guest.phone);
  if (why === "friend_works_here" && hired(friend)) return [];
  if (why === "inviter_works_here" && hired(inviter)) return [];
  if (why === "too_late" && world.clock.now().getTime() > tiedAt + 365 * day - slack) return [];
  return [`refused as ${why}`];
}

function staffAreGivenNothing(world: World, { rows, friend, inviter, tiedAt }: Tie): string[] {
  const before = world.hired.filter(({ at }) => at < tiedAt - slack).map(({ phone }) => phone);
  return rows.size > 0 && (before.includes(friend.phone) || before.includes(inviter.phone))
    ? ["one of them works here, and there was a gift"]
    : [];
}

/** The inviter has nothing for more friends than the limits of the day allow in a month and in a year, and only then. */
function inviterWrong(world: World, tie: Tie, ties: Tie[]): string[] {
  const at = tie.rows.get("friend")?.at ?? tie.rows.get("inviter")?.at;
  if (at === undefined || tie.promised.inviter === 0 || tie.inviterWhy === "forgotten") return [];
  const before = ties.flatMap((one) => {
    const [gift, back] = [one.rows.get("inviter"), one.rows.get("inviter:back")];
    const counts =
      one !== tie && one.inviter === tie.inviter && gift && gift.at < at && (back?.at ?? at) >= at;
    return counts ? [gift.at] : [];
  });
  const limit = (name: string, usual: number) => Number(settingAt(world, at)(name) ?? usual);
  const reached = world.zones.map((zone) => {
    const same = (length: number) =>
      before.filter((one) => dayIn(zone, one).slice(0, length) === dayIn(zone, at).slice(0, length)).length;
    if (same(7) >= limit("FRIEND_A_MONTH", 5)) return "month";
    return same(4) >= limit("FRIEND_A_YEAR", 30) ? "year" : null;
  });
  return reached.includes(tie.inviterWhy as "month" | "year" | null)
    ? []
    : [`the inviter is refused by ${tie.inviterWhy}, and reached is ${reached.join(" or ")}`];
}

/** The friend's sessions at each moment from one time to another: of which the rule may say different things. */
function through(world: World, { friend }: Tie, from: number, to: number) {
  const clients = [friend.idIn(0), friend.idIn(1)];
  const moments = world.histories.moments(clients, from, to);
  return moments.map((at) => ({ at, sessions: world.histories.sessions(clients, at) }));
}

const endOf = (world: World) => world.clock.now().getTime();
const givenAt = ({ rows }: Tie) => (rows.get("friend") ?? rows.get("inviter"))?.at;
const backAt = ({ rows }: Tie) => (rows.get("friend:back") ?? rows.get("inviter:back"))?.at;

/** Who had been here all the time since the tie is given nothing, and who never had is not refused for it. */
function newcomersAlone(world: World, tie: Tie): string[] {
  const given = givenAt(tie);
  const known = through(world, tie, tie.tiedAt, given ?? endOf(world)).map(({ sessions }) =>
    wasHere(sessions, tie.tiedAt),
  );
  if (given !== undefined && known.every(Boolean)) return ["the friend had been here, and there was a gift"];
  if (tie.why === "known" && !known.some(Boolean))
    return ["the friend is said to have been here, and never was"];
  return [];
}

/** It is given once a visit bears it out and is old enough, not before; and taken back once none has for a day, not before. */
function visitsBehind(world: World, tie: Tie): string[] {
  const { tiedAt, promised } = tie;
  const ageMs = promised.afterDays * day;
  const behind = (from: number, to: number) =>
    through(world, tie, from, to).map(({ at, sessions }) => ({
      at,
      begun: visitBehindGift(sessions, tiedAt, promised.leastBill),
    }));
  const [given, back, end] = [givenAt(tie), backAt(tie), endOf(world)];
  if (given === undefined) return missed(world, tie, (from, to) => behind(from, to), ageMs);
  const before = behind(tiedAt, given).filter(
    ({ begun }) => begun !== null && begun + ageMs <= given + slack,
  );
  const last = before.at(-1);
  if (!last) return ["there was a gift, and no visit that was held, paid and old enough"];
  if (back !== undefined) {
    const gone = behind(last.at, back - day + 2 * slack).some(({ begun }) => begun === null);
    return gone ? [] : ["it was taken back, and a visit bore it out all the day before"];
  }
  // Gone at one calm moment, and still at another more than a day later.
  const [one, other] = calmTwice(world, end);
  const late = one !== undefined && other !== undefined && given < one - lag;
  return late && behind(one - lag, other).every(({ begun }) => begun === null)
    ? ["no visit bears it out for days, and it was not taken back"]
    : [];
}

/** The last calm moment, and the last before it by more than a day. */
function calmTwice(world: World, end: number): (number | undefined)[] {
  const other = world.calm.findLast((at) => at <= end);
  const one = world.calm.findLast((at) => other !== undefined && at <= other - day - 2 * slack);
  return [one, other];
}

/** A gift that was due at some calm moment, for a visit that stood by then as it does, is there. */
function missed(
  world: World,
  tie: Tie,
  behind: (from: number, to: number) => { begun: number | null }[],
  ageMs: number,
): string[] {
  const { friend, inviter, tiedAt, state, inviterWhy, promised } = tie;
  // The inviter alone was promised something, and has had enough of it: nobody gets anything, nor loses it with the visit.
  const isGiven = state === "given" || state === "back";
  if (isGiven && inviterWhy !== null && promised.friend === 0) return [];
  if (world.hired.some(({ phone }) => phone === friend.phone || phone === inviter.phone)) return [];
  if (through(world, tie, tiedAt, endOf(world)).some(({ sessions }) => wasHere(sessions, tiedAt))) return [];
  const due = world.calm.find(
    (at) =>
      at - lag > tiedAt &&
      behind(at - lag, at).every(({ begun }) => begun !== null && begun + ageMs <= at - slack),
  );
  return due === undefined ? [] : [`a gift was due on ${new Date(due).toISOString()}, and it is ${state}`];
}
