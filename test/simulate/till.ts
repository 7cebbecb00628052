// What the ledger must say of the till: what admins have tapped for and nothing else, what they were told and all of it.
// Known are their own words (`Wish`), the buttons they pressed, and what the program said in answer.

import type { Wish } from "./model.ts";
import { type Guest, guestOf } from "./people.ts";
import { judgedRecords } from "./records.ts";
import { type Said, saidTo, screenIn, type Tap, wishAt } from "./said.ts";
import type { World } from "./world.ts";

/** A row made by hand, and the screen that its key names. */
interface Row {
  id: number;
  card: number;
  phone: string | null;
  kind: string;
  points: number;
  screen: string;
  side: string;
  /** The row that it takes back. */
  back: Row | undefined;
}

/** Every row by hand is of the kind, the card and the sum that its screen's words and button said, or takes such a row back. How much it may be: `kept-spends.ts`. */
export async function rowsWereTapped(world: World): Promise<string[]> {
  const rows = await rowsByHand(world);
  return rows.flatMap((row) => {
    const tapped = world.taps.filter((tap) => tap.screen === row.screen);
    const wrong = row.back ? wrongBack(world, row, row.back, tapped) : wrongRow(world, row, tapped, rows);
    return wrong === null ? [] : [`row ${row.id}, ${row.kind} of ${row.points}: ${wrong}`];
  });
}

function wrongRow(world: World, row: Row, tapped: Tap[], rows: Row[]): string | null {
  const wish = wishAt(world, row.screen);
  const size = Math.abs(row.points);
  if (wish === null) return "nobody asked for it";
  if (!tapped.some((tap) => tap.verb === "go" && tap.sum === size))
    return "no button of that sum was pressed";
  if (row.kind !== wish.kind) return `asked for was ${wish.kind}`;
  const comes = row.kind === "credit" || row.side === ":to";
  if (row.points > 0 !== comes) return "its sign is the other";
  if (!isCardOf(world, row, (row.side === ":to" ? wish.to : wish.card) ?? "")) return "it is on another card";
  const paired = rows.some((one) => one.id === row.id - 1 && one.points === -row.points);
  return row.side === ":to" && !paired ? "it has no pair" : null;
}

/** On the card of the row that it takes back, or on the one that this has gone into. */
function wrongBack(world: World, row: Row, back: Row, tapped: Tap[]): string | null {
  if (!tapped.some((tap) => tap.verb !== "go")) return "nobody took it back";
  const { card = "" } = wishAt(world, back.screen) ?? {};
  const there = row.card === back.card || (typeof card === "number" && isCardOf(world, row, card));
  return there && row.points === -back.points
    ? null
    : `it takes back ${back.points} of ${back.phone}, on the card of ${row.phone}`;
}

/** Whether a row is on the card of this phone, or of this client; a card of a client who was forgotten has no phone any more. */
function isCardOf(world: World, { phone }: Row, wished: string | number): boolean {
  if (typeof wished === "number") {
    const guest = guestOf(world.guests, { id: wished });
    return phone === null || guest?.phones.has(phone) === true;
  }
  const forgotten = world.guests.some((guest) => guest.forgotten && guest.phone === wished);
  return phone === wished || (phone === null && forgotten);
}

/** Whatever an admin was told is done or taken back is in the ledger, and what is there an admin was told. */
export async function saidIsDone(world: World): Promise<string[]> {
  const rows = await rowsByHand(world);
  const said = saidTo(world);
  const missing = [...said].flatMap(([screen, { kind, sum, undone }]) => {
    const made = rows.filter((row) => row.screen === screen && !row.back);
    const back = rows.filter((row) => row.screen === screen && row.back);
    const found = made.some((row) => row.kind === kind && Math.abs(row.points) === sum);
    return [
      ...(found ? [] : [`${kind} of ${sum} was said to be done and is not there`]),
      ...(undone === back.length > 0
        ? []
        : [`${kind} of ${sum} was ${undone ? "" : "not "}said to be undone`]),
    ];
  });
  const unsaid = rows.filter((row) => !said.has(row.screen)).map((row) => `nobody was told of row ${row.id}`);
  return [...missing, ...unsaid];
}

/**
 * What a card holds is what its visits are due, what admins were told, what the programme gave and ended by itself, of which the
 * models of lots and gifts know, and what went to another number (second.ts). With a forgotten client all of it is nobody's.
 */
export async function balancesAddUp(world: World): Promise<string[]> {
  if (world.guests.some((guest) => guest.forgotten)) return [];
  const cards = await world.database.sql<{ phone: string; points: number }[]>`
    select c.phone, (sum(b.points) * 100)::float8 as points from bonuslog b join clients c on c.id = b.client_id
    where c.phone is not null group by c.phone`;
  const held = new Map(cards.map((card) => [card.phone, card.points]));
  const programme = await world.database.sql<{ phone: string; points: number }[]>`
    select c.phone, (sum(b.points) * 100)::float8 as points from bonuslog b join clients had on had.id = b.client_id
      join clients c on c.id = coalesce(had.merged_into, had.id)
    where (b.actor = 'programme' or b.actor like 'client:%') and c.phone is not null group by c.phone`;
  const byItself = new Map(programme.map((card) => [card.phone, card.points]));
  const told = [...saidTo(world)].filter(([, { undone }]) => !undone);
  const records = await judgedRecords(world);
  const opened = told.flatMap(([screen]) => clientOf(world, wishAt(world, screen)) ?? []);
  const unsure = new Set(opened.filter(({ phones }) => phones.size > 1).flatMap(({ phones }) => [...phones]));
  return world.guests.flatMap(({ phone }) => {
    if (unsure.has(phone)) return [];
    const here = records.filter(({ rows }) => rows.at(-1)?.phone === phone);
    const earned = here.reduce((sum, one) => sum + one.due, 0);
    const effectOf = ([screen, said]: (typeof told)[number]) =>
      effect(world, wishAt(world, screen), said, phone);
    const byHand = told.reduce((sum, one) => sum + effectOf(one), 0);
    const itself = byItself.get(phone) ?? 0;
    const [is, ought] = [held.get(phone) ?? 0, earned + byHand + itself];
    return is === ought
      ? []
      : [`${phone} holds ${is}, due are ${earned}, ${byHand} by hand and ${itself} by the programme`];
  });
}

/** A client whose card was opened by a record and not by its phone, which the journal may learn later. */
function clientOf(world: World, wish: Wish | null): Guest | undefined {
  return typeof wish?.card === "number" ? guestOf(world.guests, { id: wish.card }) : undefined;
}

function effect(world: World, wish: Wish | null, { kind, sum }: Said, phone: string): number {
  if (wish?.to === phone) return sum;
  if (wish?.card !== phone && !clientOf(world, wish)?.phones.has(phone)) return 0;
  return kind === "credit" ? sum : -sum;
}

async function rowsByHand(world: World): Promise<Row[]> {
  const all = await world.database.sql<(Omit<Row, "back"> & { key: string; actor: string })[]>`
    select b.id::int, b.client_id::int as card, c.phone, b.kind, (b.points * 100)::float8 as points, b.key, b.actor
    from bonuslog b join clients c on c.id = b.client_id order by b.id`;
  const rows = new Map<number, Row>();
  for (const row of all) {
    if (["award", "correction", "opening", "expiry", "welcome", "birthday", "friend"].includes(row.kind))
      continue;
    if (row.actor.startsWith("client:")) continue;
    const { screen, side } = screenIn(row.key) ?? { screen: "", side: "" };
    const [, first, second] = /^undo:(\d+)(?:(:from)|:to)?$/.exec(row.key) ?? [];
    const back = first === undefined ? undefined : rows.get(Number(first) + (second ? 1 : 0));
    rows.set(row.id, { ...row, screen: back?.screen ?? screen, side, back });
  }
  return [...rows.values()];
}
