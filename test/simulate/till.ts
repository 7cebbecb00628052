// What the ledger must say of the till: what admins have tapped for and nothing else, what they were told and all of it.
// Known are their own words (`Wish`), the buttons they pressed, and what the program said in answer.

import type { Person } from "../../src/demo/telegram-people.ts";
import { due, granted, type Wish, wishOf } from "./model.ts";
import type { World } from "./world.ts";

/** A button that changes points was pressed: on the screen of which message of the admin's, and what it offered. */
export interface Tap {
  screen: string;
  verb: string;
  /** In hundredths; NaN on a button without a sum. */
  sum: number;
  /** `chat:message` that the button was under. */
  shown: string;
}

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
  /** What the card held before each of its rows up to this one. */
  held: number[];
}

/** What an admin was told of a screen. */
interface Said {
  kind: string;
  sum: number;
  undone: boolean;
}

/** The tap on a button with these data and this label, or null when it changes no points. */
export function tapOf(
  admin: Person,
  message: number,
  { data, label }: { data: string; label: string },
): Tap | null {
  const [, asked, verb] = /^s:(\d+):\d+:(go|undo|give)$/.exec(data) ?? [];
  if (!asked || !verb) return null;
  const chat = admin.user.id;
  return { screen: `${chat}:${asked}`, verb, sum: sumIn(label), shown: `${chat}:${message}` };
}

/** Every row by hand is of the kind, the card and the sum that its screen's words and button said, or takes such a row back. */
export async function rowsWereTapped(world: World): Promise<string[]> {
  const rows = await rowsByHand(world);
  return rows.flatMap((row) => {
    const tapped = world.taps.filter((tap) => tap.screen === row.screen);
    const wrong = row.back ? wrongBack(row, row.back, tapped) : wrongRow(world, row, tapped, rows);
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
  if (row.side === ":to")
    return rows.some((one) => one.id === row.id - 1 && one.points === -row.points) ? null : "it has no pair";
  return row.held.some((balance) => granted(wish, balance) === size)
    ? null
    : `${wish.sum} were asked for, and the card has held ${row.held.join(", ")}`;
}

function wrongBack(row: Row, back: Row, tapped: Tap[]): string | null {
  if (!tapped.some((tap) => tap.verb !== "go")) return "nobody took it back";
  return row.card === back.card && row.points === -back.points ? null : `it takes back ${back.points}`;
}

/** A card of a client who was forgotten has no phone any more. */
function isCardOf(world: World, { phone }: Row, wished: string): boolean {
  const forgotten = world.guests.some((guest) => guest.forgotten && guest.inJournal.phone === wished);
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

/** What a card holds is what its visits are due and what admins were told. With a forgotten client both are nobody's. */
export async function balancesAddUp(world: World): Promise<string[]> {
  if (world.guests.some((guest) => guest.forgotten)) return [];
  const cards = await world.database.sql<{ phone: string; points: number }[]>`
    select c.phone, (sum(b.points) * 100)::float8 as points from bonuslog b join clients c on c.id = b.client_id
    where c.phone is not null group by c.phone`;
  const held = new Map(cards.map((card) => [card.phone, card.points]));
  const told = [...saidTo(world)].filter(([, { undone }]) => !undone);
  return world.guests.flatMap(({ inJournal: { id, phone } }) => {
    if (!phone) return [];
    const visits = world.records.map((record) => world.journal.record(record));
    const earned = visits.filter(({ client }) => client?.id === id).reduce((sum, one) => sum + due(one), 0);
    const byHand = told.reduce((sum, [screen, said]) => sum + effect(wishAt(world, screen), said, phone), 0);
    const [is, ought] = [held.get(phone) ?? 0, earned + byHand];
    return is === ought ? [] : [`${phone} holds ${is}, due are ${earned} and ${byHand} by hand`];
  });
}

function effect(wish: Wish | null, { kind, sum }: Said, phone: string): number {
  if (wish?.to === phone) return sum;
  if (wish?.card !== phone) return 0;
  return kind === "credit" ? sum : -sum;
}

/** What the admin wrote in the message that opened the screen. */
function wishAt(world: World, screen: string): Wish | null {
  const [chat, asked] = screen.split(":").map(Number);
  const message = world.telegram.messages(chat ?? 0).find((one) => one.message_id === asked);
  return message?.from === "person" ? wishOf(message.text) : null;
}

const kinds = { Списано: "spend", Начислено: "credit", Снято: "debit", Перенесено: "move" };

/** What the program has said of each screen, in any message: a result names its screen by its buttons. */
function saidTo(world: World): Map<string, Said> {
  const said = new Map<string, Said>();
  for (const { payload } of world.telegram.calls) {
    const text = String(payload.text ?? "").replace(/<\/?b>/g, "");
    const [, word] = /✅ (Списано|Начислено|Снято|Перенесено) /.exec(text) ?? [];
    const [, asked] = /"s:(\d+):\d+:(?:undo|give)"/.exec(JSON.stringify(payload.reply_markup) ?? "") ?? [];
    if (word && asked) {
      const kind = kinds[word as keyof typeof kinds];
      const screen = `${payload.chat_id}:${asked}`;
      said.set(screen, {
        undone: false,
        ...said.get(screen),
        kind,
        sum: sumIn(text.slice(text.indexOf("✅"))),
      });
    }
    if (!text.includes("↩️ Отменено")) continue;
    const shown = `${payload.chat_id}:${payload.message_id}`;
    const known = said.get(world.taps.find((tap) => tap.shown === shown)?.screen ?? "");
    if (known) known.undone = true;
  }
  return said;
}

/** The first number of a text as the program writes them, in hundredths. */
function sumIn(text: string): number {
  const [, whole = "", rest = ""] = /(\d{1,3}(?:\u00a0\d{3})*)(?:,(\d+))?/.exec(text) ?? [];
  return whole === "" ? Number.NaN : Number(whole.replaceAll("\u00a0", "") + rest.padEnd(2, "0"));
}

async function rowsByHand(world: World): Promise<Row[]> {
  const all = await world.database.sql<(Omit<Row, "back" | "held"> & { key: string; before: number })[]>`
    select b.id::int, b.client_id::int as card, c.phone, b.kind, (b.points * 100)::float8 as points, b.key,
      (100 * sum(b.points) over (partition by b.client_id order by b.id) - 100 * b.points)::float8 as before
    from bonuslog b join clients c on c.id = b.client_id order by b.id`;
  const rows = new Map<number, Row>();
  for (const row of all) {
    if (["award", "correction"].includes(row.kind)) continue;
    const [, screen = "", side = ""] = /^op:\d+:(\d+:\d+)(:from|:to)?$/.exec(row.key) ?? [];
    const [, first, second] = /^undo:(\d+)(?:(:from)|:to)?$/.exec(row.key) ?? [];
    const back = first === undefined ? undefined : rows.get(Number(first) + (second ? 1 : 0));
    const held = all.filter((one) => one.card === row.card && one.id <= row.id).map((one) => one.before);
    rows.set(row.id, { ...row, screen: back?.screen ?? screen, side, back, held });
  }
  return [...rows.values()];
}
