// The birthday gifts of a simulated world, held against the rules: for a day that was known, to who had paid, in time, once a
// year, and taken back when nothing bears them out any more.

import { keptAround, knownBefore, numberOf, type Saying, wordOf } from "./birthdays.ts";
import { dayIn } from "./ends.ts";
import { day, hour } from "./friends.ts";
import type { Session } from "./histories.ts";
import { isSure, lag, settingAt, slack } from "./kept-ties.ts";
import type { Guest } from "./people.ts";
import type { World } from "./world.ts";

interface Gift {
  phone: string | null;
  key: string;
  points: number;
  at: number;
}

/** Whom it is known of whose each card is: what they were given is due, and what was due they were given. */
export async function birthdaysAreKept(world: World): Promise<string[]> {
  const { sql } = world.database;
  const gifts = await sql<Gift[]>`
    select c.phone, b.key, (b.points * 100)::float8 as points, (extract(epoch from b.awarded_at) * 1000)::float8 as at
    from bonuslog b join clients had on had.id = b.client_id join clients c on c.id = coalesce(had.merged_into, had.id)
    where b.kind = 'birthday' order by b.id`;
  const linked = await sql<{ phone: string; account: string; at: number }[]>`
    select c.phone, a.channel || ':' || a.external_id as account, (extract(epoch from a.linked_at) * 1000)::float8 as at
    from accounts a join clients c on c.id = a.client_id where c.phone is not null`;
  const words = await sql<{ account: string; day: string | null }[]>`
    select account, to_char(day, 'MM-DD') as day from birthdays where said_at is not null`;
  return world.guests.flatMap((guest) => {
    if (!isSure(world, guest)) return [];
    const own = gifts.filter(({ phone }) => phone === guest.phone);
    const [link, ...others] = linked.filter(({ phone }) => phone === guest.phone);
    const alone = link && others.length === 0 && isOnly(world, guest, link.account);
    const mine = alone ? link.at : null;
    const word = words.find(({ account }) => account === link?.account)?.day;
    return [
      ...oncePerYear(own),
      ...own.flatMap((gift) =>
        gift.points > 0 ? wrongGift(world, guest, gift) : wrongBack(world, guest, gift, own),
      ),
      ...(mine === null ? [] : [...wordIsKept(world, guest, word), ...missed(world, guest, mine, own)]),
      ...(mine === null ? [] : own.flatMap((gift) => notTakenBack(world, guest, gift, own))),
    ].map((fault) => `${guest.name}: ${fault}`);
  });
}

/** They said nothing by another account of theirs, which has words of its own. */
const isOnly = (world: World, guest: Guest, account: string) =>
  guest.accounts.includes(account) && sayingsOf(world, guest).every((one) => one.account === account);

const yearOf = ({ key }: Gift) => key.split(":")[2];
const isBack = ({ key }: Gift) => key.endsWith(":back");

function oncePerYear(own: Gift[]): string[] {
  const years = Map.groupBy(own, (gift) => `${yearOf(gift)}${isBack(gift) ? ", taken back" : ""}`);
  return [...years].flatMap(([year, all]) => (all.length > 1 ? [`${all.length} gifts of ${year}`] : []));
}

const sayingsOf = (world: World, guest: Guest) => world.said.filter((one) => one.guest === guest);
const journalDays = (world: World, { phone }: Guest) => world.birthdays.filter((one) => one.phone === phone);

/** The day that was last said is the one that is kept, with one change a year. */
function wordIsKept(world: World, guest: Guest, kept: string | null | undefined): string[] {
  const word = wordOf(sayingsOf(world, guest), world.clock.now().getTime());
  if (word) world.count("a birthday was said");
  return !word || kept === word.day ? [] : [`said ${word.day}, and ${kept ?? "nothing"} is kept`];
}

/** What is a paid visit for certain, and what may be one: where visits earn once they are held, so do they here. */
const isPaid = (world: World, { gone, paid, paidInFull, held }: Session) =>
  !gone && paidInFull && paid > 0 && (held || world.terms.every(({ set }) => set.EARN_WHEN !== "arrived"));
const mayBePaid = ({ gone, paid }: Session) => !gone && paid > 0;

const sessionsOf = (world: World, guest: Guest, at: number) =>
  world.histories.sessions([guest.idIn(0), guest.idIn(1)], at);
const momentsOf = (world: World, guest: Guest, from: number, to: number) =>
  world.histories.moments([guest.idIn(0), guest.idIn(1)], from, to);

/** It is for a day that the person has said, else the journal, a month before; and a visit of the year before was paid. */
function wrongGift(world: World, guest: Guest, { at, key }: Gift): string[] {
  // Each account has words of its own; between what was said a moment before and after a program's clock may have come.
  const said = [...Map.groupBy(sayingsOf(world, guest), ({ account }) => account).values()];
  const words = (said.length > 0 ? said : [[]]).flatMap((own) =>
    [at - slack, at, at + slack].map((moment) => wordOf(own, moment)),
  );
  // With an account that let go of the card its word is gone; the other messenger's has said nothing.
  if (said.some(([one]) => one && hasLetGo(world, one.account, at))) words.push(null);
  // A day that the journal knew before is known since then, whoever says it again.
  const ofJournal = journalDays(world, guest).filter(({ day: one }) =>
    words.some((word) => word === null || word.day === one),
  );
  const known: Saying[] = [...words.flatMap((word) => word ?? []), ...ofJournal];
  const fits = world.zones.some((zone) => {
    const today = dayIn(zone, at);
    return known.some((one) =>
      keptAround(one.day, today).some(
        (kept) =>
          key.endsWith(`:${kept.slice(0, 4)}`) &&
          numberOf(dayIn(zone, one.at - slack)) <= numberOf(kept) - knownBefore &&
          wasPaid(world, guest, at, { from: numberOf(kept) - 366, to: numberOf(today) + 1 }),
      ),
    );
  });
  return fits ? [] : [`${key} is for no birthday that was known for a month, or for no paid visit`];
}

/** Whether this account let go of its card, and has not proved a number since. */
const hasLetGo = (world: World, account: string, by: number) =>
  world.known.letGo.some(
    (gone) =>
      gone.account === account &&
      gone.at <= by &&
      !world.links.some((link) => link.account === account && link.from > gone.at && link.to <= by),
  );

/** Whether a visit of these days was paid at some moment up to this one. */
function wasPaid(world: World, guest: Guest, at: number, days: { from: number; to: number }): boolean {
  return momentsOf(world, guest, 0, at).some((moment) =>
    sessionsOf(world, guest, moment).some((one) => mayBePaid(one) && isWithin(one, days)),
  );
}

const isWithin = ({ startsAt }: Session, { from, to }: { from: number; to: number }) =>
  startsAt >= from * day && startsAt < (to + 1) * day;

/** What the gift stood on: the visits from the year before it up to its day. */
const stoodOn = (gift: Gift) => ({ from: gift.at / day - 396, to: gift.at / day + 1 });

function wrongBack(world: World, guest: Guest, back: Gift, own: Gift[]): string[] {
  const gift = own.find(({ key }) => `${key}:back` === back.key);
  if (!gift || gift.points !== -back.points) return [`${back.key} takes back ${back.points}`];
  world.count("a birthday's gift was taken back");
  const from = momentsOf(world, guest, 0, gift.at).findLast((at) =>
    sessionsOf(world, guest, at).some((one) => isPaid(world, one) && isWithin(one, stoodOn(gift))),
  );
  const gone = momentsOf(world, guest, from ?? 0, back.at - 3 * day + 2 * slack).some(
    (at) => !sessionsOf(world, guest, at).some((one) => isPaid(world, one) && isWithin(one, stoodOn(gift))),
  );
  return gone || hasMovedOut(world, guest, { gift, back, from: from ?? 0 })
    ? []
    : [`${back.key}, and a paid visit bore it out`];
}

/** A paid visit that the journal moves out of the gift's year makes no correction, so nothing is waited for. */
function hasMovedOut(
  world: World,
  guest: Guest,
  { gift, back, from }: { gift: Gift; back: Gift; from: number },
): boolean {
  const borneOut = (at: number) =>
    sessionsOf(world, guest, at).filter((one) => isPaid(world, one) && isWithin(one, stoodOn(gift)));
  const bore = new Set(borneOut(from).map(({ visit }) => visit));
  const moved = momentsOf(world, guest, from, back.at + slack).some(
    (at) =>
      borneOut(at).length === 0 &&
      sessionsOf(world, guest, at).some(
        (one) => bore.has(one.visit) && isPaid(world, one) && !isWithin(one, stoodOn(gift)),
      ),
  );
  if (moved) world.count("a birthday's visit moved out of its year");
  return moved;
}

/** Gifts come and go from noon until eight. */
const isByDay = (at: number) => {
  const hours = (at / hour + 3) % 24;
  return hours >= 12.1 && hours < 19.9;
};

/** At which calm moments it is certain that gifts come and go: the salon's clock is one, and the programs'. */
export const calmDays = (world: World) =>
  world.skewed || world.zones.length > 1 ? [] : world.calm.filter((at) => isByDay(at));

function notTakenBack(world: World, guest: Guest, gift: Gift, own: Gift[]): string[] {
  if (isBack(gift) || own.some(({ key }) => key === `${gift.key}:back`)) return [];
  const late = calmDays(world).find((at) => {
    const since = at - 5 * day;
    const gone = momentsOf(world, guest, since, at).every(
      (moment) =>
        !sessionsOf(world, guest, moment).some((one) => mayBePaid(one) && isWithin(one, stoodOn(gift))),
    );
    // Whatever else is put right on the card puts it off.
    return gone && gift.at < since && momentsOf(world, guest, since, at).length === 1;
  });
  return late === undefined
    ? []
    : [`${gift.key} is borne out by nothing since ${new Date(late).toISOString()}`];
}

/** Whoever was entitled at a calm moment has the gift of that year by then. */
function missed(world: World, guest: Guest, linkedAt: number, own: Gift[]): string[] {
  const zone = "Europe/Moscow";
  return calmDays(world).flatMap((at) => {
    const known = knownAt(world, guest, linkedAt, at);
    const today = dayIn(zone, at);
    return (known ? keptAround(known.day, today) : []).flatMap((kept) => {
      const days = { from: numberOf(kept) - 364, to: numberOf(today) - 1 };
      const isDue =
        known !== null &&
        numberOf(dayIn(zone, known.at)) < numberOf(kept) - knownBefore &&
        momentsOf(world, guest, at - lag, at).every((moment) =>
          sessionsOf(world, guest, moment).some(
            (one) => isPaid(world, one) && isWithin(one, days) && began(world, one),
          ),
        );
      if (!isDue) return [];
      world.count("a birthday's gift was due");
      const year = kept.slice(0, 4);
      return own.some((gift) => yearOf(gift) === year && gift.at <= at)
        ? []
        : [`a gift for ${kept} was due on ${new Date(at).toISOString()}`];
    });
  });
}

/** The programme had begun on the day of the visit, whatever its first day was set to. */
const began = (world: World, { startsAt }: Session) =>
  world.starts.every(({ day: first }) => startsAt >= (numberOf(first) + 1) * day);

/** The birthday that is known for certain, and since when at the latest; null: none may be. */
function knownAt(world: World, guest: Guest, linkedAt: number, at: number): Saying | null {
  const on = givenSince(world, at);
  if (on === null) return null;
  const said = sayingsOf(world, guest);
  if (said.length > 0) return wordOf(said, at);
  const days = journalDays(world, guest).filter((one) => one.at <= at);
  const last = days.at(-1);
  const paidFor = momentsOf(world, guest, 0, at).find((moment) =>
    sessionsOf(world, guest, moment).some((one) => isPaid(world, one) && began(world, one)),
  );
  if (!last || paidFor === undefined) return null;
  // A client of the journal is looked up once it is known who they are, paid or not, and again after a month.
  const [, seen = paidFor] = momentsOf(world, guest, 0, at);
  const lookedUp = (from: number) => Math.max(on, linkedAt, from) + lag;
  const [soonest, first] = [lookedUp(seen), lookedUp(paidFor)];
  const isFirst = last.at <= soonest - lag;
  const read = world.calm.find((one) => one >= (isFirst ? first : Math.max(first, last.at + 31 * day)));
  return read === undefined || read > at ? null : { day: last.day, at: read };
}

/** Since when birthdays are given something without a break; null: nothing is. */
function givenSince(world: World, at: number): number | null {
  const isOn = (moment: number) => (settingAt(world, moment)("BIRTHDAY_POINTS") ?? "off") !== "off";
  if (!isOn(at)) return null;
  const changes = world.terms.filter((one) => one.at <= at && one.set.BIRTHDAY_POINTS !== undefined);
  const off = changes.findLastIndex(({ set }) => set.BIRTHDAY_POINTS === "off");
  return changes[off + 1]?.at ?? null;
}
