// What a simulated world has given by itself, held against the rules of gifts: to whom, how much, and once for ever.

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
  return [...wrongSums, ...twice(phones), ...twice(accounts), ...(await missed(world, new Set(phones)))];
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
  const accounts = await world.database.sql<{ account: number; phone: string; at: number }[]>`
    select a.external_id::float8 as account, c.phone, (extract(epoch from a.linked_at) * 1000)::float8 as at
    from accounts a join clients c on c.id = a.client_id where a.channel = 'telegram' and c.phone is not null`;
  return accounts.flatMap(({ account, phone, at }) => {
    const first = world.links.find((link) => link.account === account || link.phone === phone);
    const came = first?.account === account && at >= first.from - 20 && at <= first.to + 20;
    return came && promisedAt(world, at) > 0 && !welcomed.has(phone) ? [`${phone} was not welcomed`] : [];
  });
}
