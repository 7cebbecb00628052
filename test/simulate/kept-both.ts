// What must hold of a simulated salon with two messengers, whatever happened in it. Known are what people did and read, what the
// programs asked of each messenger, and the ledger's rows; of the programs' own accounts of who is told where nothing.

import type { Act, Face } from "./faces.ts";
import { messagesTo, sumIn } from "./said.ts";
import type { World } from "./world.ts";

/** What must hold of two messengers, in words, and who looks. */
export const bothInvariants = {
  "a card is one in both messengers, and holds the same": cardsAreOne,
  "what is new is told in one messenger, once, and never in the other too": newsIsToldOnce,
  "whom Telegram may tell is told there, and reads nothing of it in MAX": askedWaits,
  "nobody is written to in MAX who has not written, where it may not tell unasked": nobodyIsToldUnasked,
  "who has stopped a bot is left alone after its first refusal": stoppedAreLeftAlone,
  "no id of one messenger is used in the other": idsStayApart,
  "every call of MAX takes its turn, and two go in a dialog each second": paceIsKept,
  "what was before is not shown to a second account of a card that nobody has opened it for": pastStaysHidden,
};

/** Every fault found, as a sentence; none where the salon has one messenger. */
export async function bothFaults(world: World): Promise<string[]> {
  if (!world.max) return [];
  const found: string[] = [];
  for (const [name, check] of Object.entries(bothInvariants)) {
    world.count(`checked: ${name}`);
    found.push(...(await check(world)).map((fault) => `${name}: ${fault}`));
  }
  return found;
}

/** Whoever asked at the end what their card holds read what the ledger says of that phone. */
async function cardsAreOne(world: World): Promise<string[]> {
  const rows = await world.database.sql<{ phone: string; points: number }[]>`
    select c.phone, coalesce(sum(b.points) * 100, 0)::float8 as points
    from clients c left join bonuslog b on b.client_id = c.id where c.phone is not null group by c.phone`;
  const held = Map.groupBy(rows, ({ phone }) => phone.slice(-4));
  return [...world.known.read].flatMap(([account, text]) => {
    const [, digits, sum] =
      /На карте …(\d{4})(?::| баллов пока нет)(?: (−?[\d\u00a0,]+)\s)?/.exec(text) ?? [];
    if (digits === undefined) return [];
    const is = (sum?.startsWith("−") ? -1 : 1) * (sum === undefined ? 0 : sumIn(sum));
    world.count("a card was read at the end");
    return held.get(digits)?.some(({ points }) => points === is)
      ? []
      : [`${account} read ${is} of …${digits}, which holds ${held.get(digits)?.map(({ points }) => points)}`];
  });
}

/** Notices that say which row they are of, nearly: by the words that nothing else says, and the points in them. */
const kinds = [
  { of: ["credit"], words: /(?:начислил вам|вам начислили) ([\d\u00a0,]+)/g },
  { of: ["spend"], words: /[Сс]писано ([\d\u00a0,]+)\s\S+ на кассе, счёт [\d\u00a0,]+/g },
  {
    of: ["award", "correction"],
    words: /\+([\d\u00a0,]+)\s\S+ за (?:визит )?\d+\s\S+ \(оплачено [\d\u00a0,]+/g,
  },
];

/** What each of a person's accounts was told of rows: how often, by the words and the points. */
function tellings(world: World, accounts: readonly string[]) {
  const told = new Map<string, { of: string[]; points: number; times: number[] }>();
  for (const [at, account] of accounts.entries())
    for (const text of messagesTo(world, account))
      for (const { of, words } of kinds)
        for (const [said, sum] of text.matchAll(words)) {
          const one = told.get(said) ?? { of, points: sumIn(sum ?? ""), times: accounts.map(() => 0) };
          one.times[at] = (one.times[at] ?? 0) + 1;
          told.set(said, one);
        }
  return told;
}

/** A telling that was cut short may be said again there, and never elsewhere. */
async function newsIsToldOnce(world: World): Promise<string[]> {
  const rows = await world.database.sql<{ kind: string; points: number; times: number }[]>`
    select kind, abs(points * 100)::float8 as points, count(*)::int as times from bonuslog group by 1, 2`;
  return world.guests.flatMap(({ name, accounts }) =>
    [...tellings(world, accounts)].flatMap(([said, { of, points, times }]) => {
      // Rows of one visit are told as their sum: none of them may be as large.
      const alike = rows.filter((row) => of.includes(row.kind) && row.points === points);
      const made = Math.max(
        1,
        alike.reduce((sum, row) => sum + row.times, 0),
      );
      const places = times.filter((count) => count > 0).length;
      const all = times.reduce((sum, count) => sum + count, 0);
      world.count("told of a row");
      if (places > 1) world.count("told of rows alike in both messengers");
      if (places > made) return [`${name} was told in both: ${said}`];
      return all > made + world.cutShort ? [`${name} was told ${all} times of ${made}: ${said}`] : [];
    }),
  );
}

/** Where MAX may tell when asked alone, and the card was in Telegram when its points came, undisturbed: it was told there. */
async function askedWaits(world: World): Promise<string[]> {
  if (world.beside?.notices !== "asked") return [];
  const rows = await world.database.sql<
    { points: number; at: number; phone: string | null; times: number }[]
  >`
    select abs(b.points * 100)::float8 as points, (extract(epoch from b.awarded_at) * 1000)::float8 as at, c.phone,
      count(*) over (partition by b.points)::int as times
    from bonuslog b join clients c on c.id = b.client_id where b.kind = 'credit'`;
  return world.guests.flatMap((guest) => {
    const [telegram, max] = [guest.on("telegram"), guest.on("max")];
    if (world.known.untold.has(telegram.account) || guest.accounts.some((one) => world.known.left.has(one)))
      return [];
    const said = messagesTo(world, max.account);
    return rows.flatMap(({ points, at, phone, times }) => {
      const linked = world.links.some(
        (one) => one.account === telegram.account && one.phone === phone && one.to < at,
      );
      if (phone !== guest.phone || times > 1 || !linked) return [];
      world.count("a credit that Telegram may tell");
      const words = kinds[0]?.words ?? /$/;
      return said.some((text) => [...text.matchAll(words)].some(([, sum]) => sumIn(sum ?? "") === points))
        ? [`${guest.name} was told of ${points} in MAX`]
        : [];
    });
  });
}

/** Calls that write to somebody in MAX: when, and to which account. */
function writtenIn(world: World): { at: number; account: string; status: number; text: string }[] {
  return (world.max?.calls ?? []).flatMap(({ route, at, person, status, body }) =>
    route === "POST /messages"
      ? [{ at, account: `max:${person}`, status, text: String(Object(body).text) }]
      : [],
  );
}

const staffOf = (world: World) => new Set([...world.admins, world.owner].map(({ account }) => account));

/** A while after somebody's act was taken its answer may still be on its way; of what is polled nobody knows when it was dealt with. */
function isUnderWay(world: World, { from, to }: Act, at: number): boolean {
  const polls = world.beside?.listens === "polling";
  const next = polls ? (world.began.find((began) => began > to) ?? to + 60_000) : 0;
  return from <= at && at <= Math.max(to + 300, next);
}

async function nobodyIsToldUnasked(world: World): Promise<string[]> {
  if (world.beside?.notices !== "asked") return [];
  const staff = staffOf(world);
  const acts = Map.groupBy(world.on("max").acts, ({ account }) => account);
  return writtenIn(world)
    .filter(({ account }) => !staff.has(account))
    .filter(({ account, at }) => !acts.get(account)?.some((act) => isUnderWay(world, act, at)))
    .map(({ account, text }) => `${account} was written to: ${text}`);
}

/** Two programs may write at the same moment; one that dies has not kept that nobody is there. */
async function stoppedAreLeftAlone(world: World): Promise<string[]> {
  const staff = staffOf(world);
  const acts = Map.groupBy(world.on("max").acts, ({ account }) => account);
  const again = [...Map.groupBy(writtenIn(world), ({ account }) => account)].flatMap(([account, all]) => {
    if (staff.has(account)) return [];
    return all.filter((call, place) => {
      const refused = all.slice(0, place).findLast(({ status }) => status === 403);
      if (!refused || call.at - refused.at < 2_000) return false;
      return !acts.get(account)?.some(({ from, to }) => to >= refused.at - 300 && from <= call.at);
    });
  });
  if (again.length > 0) world.count("written to again after a refusal");
  return again.length > world.cutShort
    ? again.map(({ account, at }) => `${account} was written to at ${at}, after it had refused`)
    : [];
}

/** Everybody who is written to is there, and has been from the start; what is changed is a message of that messenger's. */
async function idsStayApart(world: World): Promise<string[]> {
  const inMax = (world.max?.calls ?? []).flatMap(({ route, query, status, person }) => [
    ...(status === 404 ? [`MAX knows nothing of what ${route} asks for, of ${person}`] : []),
    ...(query.message_id !== undefined && !query.message_id.startsWith("mid.")
      ? [`${query.message_id} is no message of MAX's`]
      : []),
  ]);
  const inTelegram = world.bots.flatMap((bot) =>
    bot.calls.flatMap(({ method, payload: { chat_id: chat, message_id: message } }) => [
      ...(chat !== undefined && !isInTelegram(world, chat) ? [`${method} is for ${chat}`] : []),
      ...(message !== undefined && !Number.isSafeInteger(message)
        ? [`${message} is no message of Telegram's`]
        : []),
    ]),
  );
  return [...inMax, ...inTelegram];
}

/** Whoever has started one of the bots there is written to by the next one too, which they may not have started yet. */
const isInTelegram = ({ bots }: World, chat: unknown) =>
  bots.some((bot) => bot.chat(Number(chat))?.started === true);

/** By the turns that each program took, and as many calls as turns. */
async function paceIsKept(world: World): Promise<string[]> {
  const calls = (world.max?.calls ?? []).filter(
    ({ route, person }) => person !== undefined && /^(POST|PUT) \/(messages|answers)$/.test(route),
  );
  const tooFast = world.turns.flatMap(({ taken }) => {
    const fast = [...byWhose(taken)].flatMap(([whose, turns]) =>
      whose !== "nobody" && turns.some(({ at }, place) => at - (turns[place - 2]?.at ?? -1e9) < 1_000)
        ? [`three calls went in a second, in the dialog of ${whose}`]
        : [],
    );
    const inAll = taken.some(({ at }, place) => at - (taken[place - 30]?.at ?? -1e9) < 1_000);
    return [...fast, ...(inAll ? ["31 calls went in a second"] : [])];
  });
  // A program may get the port of one that has died.
  const without = [...Map.groupBy(world.turns, ({ host }) => host)].flatMap(([host, programs]) => {
    const turns = byWhose(programs.flatMap(({ taken }) => taken));
    const made = Map.groupBy(
      calls.filter((one) => one.host === host),
      ({ person }) => `max:${person}`,
    );
    // Bun itself asks a PUT once more where the kept connection broke before any answer.
    const again = (one: MaxCall, before: MaxCall | undefined) =>
      before?.status === 0 && one.route.startsWith("PUT") && said(one) === said(before);
    return [...made].flatMap(([whose, of]) => {
      const had = turns.get(whose)?.length ?? 0;
      const asked = of.filter((one, place) => !again(one, of[place - 1]));
      return asked.length > had ? [`${asked.length} calls for ${had} turns of ${whose}`] : [];
    });
  });
  return [...tooFast, ...without];
}

type MaxCall = NonNullable<World["max"]>["calls"][number];
const said = ({ route, query, body }: MaxCall) => JSON.stringify([route, query, body]);

function byWhose(taken: World["turns"][number]["taken"]) {
  return Map.groupBy(taken, ({ whose }) => whose ?? "nobody");
}

/** Credits alone say which row they are. An account that had the card of a phone before, whoever's, is the first one. */
async function pastStaysHidden(world: World): Promise<string[]> {
  const rows = await world.database.sql<{ points: number; at: number; phone: string; times: number }[]>`
    select (b.points * 100)::float8 as points, (extract(epoch from b.awarded_at) * 1000)::float8 as at, c.phone,
      count(*) over (partition by b.points)::int as times
    from bonuslog b join clients c on c.id = b.client_id where b.kind = 'credit' and b.corrects is null and c.phone is not null`;
  return world.guests.flatMap(({ faces, phone }) =>
    faces.flatMap((face) => {
      const since = secondSince(world, face, phone);
      if (since === null) return [];
      world.count("a second account of a card");
      const shown = shownCredits(face);
      return rows
        .filter((row) => row.phone === phone && row.times === 1 && row.at < since && shown.has(row.points))
        .map(({ points }) => `${face.account} was shown a credit of ${points} from before`);
    }),
  );
}

/** Since when an account has seen a card that somebody had before, and nobody has opened its past for it; null for others. */
export function secondSince(world: World, { account }: Pick<Face, "account">, phone: string): number | null {
  const links = world.links.filter((one) => one.phone === phone);
  const own = links.find((one) => one.account === account);
  const first = links.find((one) => one.account !== account);
  const opened = world.known.opened.some(({ to, of }) => to === account || (to === "*" && of !== account));
  return own && first && first.to < own.from && !opened ? own.from : null;
}

/** Sums of credits, in hundredths, as histories and their arithmetic name them. */
function shownCredits(face: Face): Set<number> {
  const bot = face.messages().filter(({ by }) => by === "bot");
  const sums = bot.flatMap(({ text }) => [...text.matchAll(/: \+([\d\u00a0,]+)[^\n]*\nНачислено/g)]);
  return new Set(sums.map(([, sum]) => sumIn(sum ?? "")));
}
