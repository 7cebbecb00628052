// A client of a simulated salon proves another number of their own and takes the points along, or does not; and what must come of it.

import type { Face } from "./faces.ts";
import { deed, tap } from "./hands.ts";
import type { Guest } from "./people.ts";
import type { World } from "./world.ts";

/** The points of a card were to go to the one of another number, which its account has from then on. */
export interface Moved {
  from: number;
  at: number;
  phone: string;
}

/** The other number of a client. */
const secondPhone = ({ index }: Guest) => `+7902${3_000_123 + index * 1_010_101}`;

/** They share the other number; who has a card is asked about it, and answers. */
export async function proveSecond(world: World, guest: Guest, face: Face, yes: boolean): Promise<void> {
  if (face.blocked) return;
  const phone = secondPhone(guest);
  const now = () => world.clock.now().getTime();
  await deed(world, face.start());
  const from = now();
  await deed(world, face.share(phone));
  world.links.push({ account: face.account, phone, from, to: now() });
  const asked = now();
  await tap(world, face, yes ? /^move:yes:/ : /^move:no:/, yes ? 2 : 1);
  if (!yes) return;
  world.known.moved.push({ from: asked, at: now(), phone });
  world.links.push({ account: face.account, phone, from: asked, to: now() });
}

/** All that a card held went along, once, to the number that was proved then, and nothing of its level. */
export async function movesAreWhole(world: World): Promise<string[]> {
  const { sql } = world.database;
  const rows = await sql<
    { id: number; key: string; phone: string | null; points: number; before: number; at: number }[]
  >`
    select b.id::int, b.key, c.phone, (b.points * 100)::float8 as points,
      (select coalesce(sum(o.points), 0) * 100 from bonuslog o where o.client_id = b.client_id and o.id < b.id)::float8 as before,
      (extract(epoch from b.awarded_at) * 1000)::float8 as at
    from bonuslog b join clients c on c.id = b.client_id where b.actor like 'client:%' order by b.id`;
  const levels = await sql<{ phone: string | null; at: number }[]>`
    select c.phone, (extract(epoch from l.at) * 1000)::float8 as at
    from level_changes l join clients c on c.id = l.client_id`;
  const wrong = rows.flatMap((row) => {
    if (row.points > 0) return [];
    world.count("moved to a second number");
    const pair = rows.find(({ id }) => id === row.id + 1);
    const asked = world.known.moved.filter(({ from, at }) => row.at >= from && row.at <= at);
    const whole = -row.points === row.before && pair?.points === row.before;
    const there = asked.some(({ phone }) => pair?.phone === phone || pair?.phone === null);
    return whole && there ? [] : [`row ${row.id} takes ${row.points} of ${row.before} to ${pair?.phone}`];
  });
  const brought = world.known.moved.filter(({ phone, from, at }) =>
    levels.some((one) => one.phone === phone && one.at >= from && one.at <= at),
  );
  const halves =
    rows.filter(({ points }) => points > 0).length * 2 === rows.length ? [] : ["half a move is there"];
  return [...wrong, ...halves, ...brought.map(({ phone }) => `a level came along to ${phone}`)];
}
