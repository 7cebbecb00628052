// What a simulated world has given by itself, held against the rules of gifts: to whom, how much, and once for ever.

import { day } from "./friends.ts";
import { calmDays } from "./kept-birthdays.ts";
import { isSure, slack } from "./kept-ties.ts";
import type { World } from "./world.ts";

interface Gift {
  id: number;
  card: number;
  phone: string | null;
  kind: string;
  points: number;
  at: number;
}

/** Whoever linked a card first while newcomers were welcomed has the gift of the day's settings, and nobody a second one. */
export async function giftsAreOnce(world: World): Promise<string[]> {
  const gifts = await world.database.sql<Gift[]>`
    select b.id::int, b.client_id::int as card, c.phone, b.kind, (b.points * 100)::float8 as points,
      (extract(epoch from b.awarded_at) * 1000)::float8 as at
    from bonuslog b join clients c on c.id = b.client_id
    where b.kind in ('welcome', 'birthday', 'friend') and b.points > 0 order by b.id`;
  for (const { kind } of gifts) world.count(`given: ${kind}`);
  const welcomes = gifts
    .filter(({ kind }) => kind === "welcome")
    .map((gift) => ({ ...gift, link: linkOf(world, gift) }));
  // What a friend brings was promised on a day of its own (kept-friends.ts).
  const byTerms = gifts.filter(({ kind }) => kind !== "friend");
  const wrongSums = byTerms.flatMap((gift) => {
    const promised = promisedAt(world, gift.at, gift.kind);
    return gift.points === promised
      ? []
      : [`row ${gift.id} gives ${gift.points}, and ${promised} were promised`];
  });
  const phones = welcomes.flatMap(({ link, phone }) => link?.phone ?? phone ?? []);
  const accounts = welcomes.flatMap(({ link }) => link?.account ?? []);
  return [
    ...wrongSums,
    ...twice(phones),
    ...twice(accounts),
    ...(await missed(world, new Set(phones))),
    ...(await welcomesGoBack(world)),
  ];
}

/** Who was linking when it was given: one person does something at a time. */
const linkOf = (world: World, { at }: Gift) =>
  world.links.find(({ from, to }) => at >= from - 20 && at <= to + 20);

/** Hundredths of points for a gift of this kind by the settings of the moment; 0 for none. */
function promisedAt(world: World, at: number, kind = "welcome"): number {
  const set = world.terms.filter((one) => one.at <= at).map(({ set }) => set[`${kind.toUpperCase()}_POINTS`]);
  return 100 * (Number(set.findLast((one) => one !== undefined)) || 0);
}

const twice = (names: (string | number)[]) =>
  [...Map.groupBy(names, (name) => name)].flatMap(([name, all]) =>
    all.length > 1 ? [`${name} was welcomed ${all.length} times`] : [],
  );

/** People who came to the card that they still have when they first shared their phone. */
async function missed(world: World, welcomed: ReadonlySet<string>): Promise<string[]> {
  const accounts = await world.database.sql<{ account: string; phone: string; at: number }[]>`
    select a.channel || ':' || a.external_id as account, c.phone, (extract(epoch from a.linked_at) * 1000)::float8 as at
    from accounts a join clients c on c.id = a.client_id where c.phone is not null`;
  return accounts.flatMap(({ account, phone, at }) => {
    const first = world.links.find((link) => link.account === account || link.phone === phone);
    const came = first?.account === account && at >= first.from - 20 && at <= first.to + 20;
    return came && promisedAt(world, at) > 0 && !welcomed.has(phone) ? [`${phone} was not welcomed`] : [];
  });
}

/** A row of a card that has had a welcome. `about` is the award that it belongs to, or the row itself. */
interface Row {
  id: number;
  about: number;
  card: number;
  phone: string | null;
  kind: string;
  points: number;
  key: string;
  at: number;
}

/** So long after the last change of a card's visits a welcome stays, though no visit since then bears it out. */
const patience = 3 * day;

/** A welcome goes once every visit that opened it has gone and three days have passed, and not while one stands. */
async function welcomesGoBack(world: World): Promise<string[]> {
  const rows = await world.database.sql<Row[]>`
    select b.id::int, coalesce(b.corrects, b.id)::int as about, b.client_id::int as card, c.phone, b.kind,
      (b.points * 100)::float8 as points, b.key, (extract(epoch from b.awarded_at) * 1000)::float8 as at
    from bonuslog b join clients c on c.id = b.client_id where b.kind in ('award', 'correction', 'welcome') order by b.id`;
  const known = new Set(world.guests.filter((guest) => isSure(world, guest)).map(({ phone }) => phone));
  return rows.flatMap((gift) => {
    if (gift.kind !== "welcome" || gift.points < 0 || !known.has(gift.phone ?? "")) return [];
    const later = rows.filter(
      ({ card, kind, id }) => card === gift.card && kind !== "welcome" && id > gift.id,
    );
    const hasGone = (at: number, waited: number) => {
      const before = later.filter((row) => row.at < at);
      const since = Map.groupBy(
        before.filter(({ about }) => about > gift.id),
        ({ about }) => about,
      );
      const stands = [...since.values()].some((of) => of.reduce((sum, { points }) => sum + points, 0) > 0);
      const lately = before.some((row) => row.at > at - waited);
      return before.some(({ kind }) => kind === "award") && !stands && !lately;
    };
    const back = rows.find(({ key }) => key === `${gift.key}:back`);
    if (back) {
      world.count("a welcome was taken back");
      return hasGone(back.at, patience - 2 * slack) && back.points === -gift.points
        ? []
        : [`row ${back.id} takes a welcome back that a visit bears out`];
    }
    const late = calmDays(world).some((at) => hasGone(at, patience + day));
    return late ? [`row ${gift.id} was opened by visits that are gone since days`] : [];
  });
}
