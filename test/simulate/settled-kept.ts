// What must hold at the end of every simulated world whose spends settle, whatever happened in it. Known are the ledger's rows, the
// journal's own bills and cards, and what people read; of the program's settlements alone to what each has come.

import type { ChainRow } from "../../src/standins/yclients/cards.ts";
import { invariants } from "./invariants.ts";
import { messagesTo } from "./said.ts";
import type { Hands } from "./settled-stream.ts";
import type { World } from "./world.ts";

const UNTOLD = "nothing waits untold for a client who can be told";
/** Of all worlds' invariants those that know nothing of how the till's screens read. */
const others = [
  "the ledger proves itself from first row to last",
  "each record's rows sum to the rule of its last state, on its client's card",
  "a dry run would change nothing",
  "a card's lots less its debts are its balance",
  "every row names who made it and has a key of its own",
  UNTOLD,
  "nobody is shown another's name or phone",
  "no update and no round fails but where the database was away",
  "no log line holds a phone, a name or a token",
] as const satisfies (keyof typeof invariants)[];

/** What must hold of spends that settle, in words, and who looks. */
export const settledInvariants = {
  "a spend is given back, whole, where its settlement is returned, and nowhere else": pointsFollow,
  "nothing is under way at rest, and nothing is stuck where no hand was": allHasEnded,
  "a bill bears the spend that stands on it, by one withdrawal, and nothing else that nobody was told of":
    billsAreTaken,
  "bills bear no more than was taken and what hands made": nothingIsMade,
  "reserved cards are empty, and nobody has two": cardsAreEmpty,
  "whoever spent reads what became of it, and owners what waits for them": endsAreTold,
  "a client hears of no spend that never stood": clientsHearWhatStood,
};

/** What hands did in a world: where, and how many points they put on cards, in kopecks. */
export interface Touched {
  hands: Hands;
  given: number;
}

/** Every fault found, as a sentence. */
export async function settledFaults(world: World, touched: Touched): Promise<string[]> {
  const found: string[] = [];
  for (const name of others)
    found.push(...(await invariants[name](world)).map((fault) => `${name}: ${fault}`));
  // A client hears of a spend once it stands: of one that is stuck before that, owners do.
  const waiting = (await atRest(world)).filter(({ state, stood }) => state === "stuck" && !stood);
  const silent = new Set(waiting.map(({ row }) => `${UNTOLD}: row ${row}`));
  for (const name of [...others, ...Object.keys(settledInvariants)]) world.count(`checked: ${name}`);
  for (const { state } of await atRest(world)) world.count(`settlement ${state}`);
  return [...found.filter((fault) => !silent.has(fault)), ...(await settlementFaults(world, touched))];
}

/** Of these, what is wrong with settlements. */
export async function settlementFaults(world: World, touched: Touched): Promise<string[]> {
  const all = await atRest(world);
  return Object.entries(settledInvariants).flatMap(([name, check]) =>
    check(all, world, touched).map((fault) => `${name}: ${fault}`),
  );
}

/** A spend that settles, at rest. Points are hundredths, which are kopecks. */
export interface AtRest {
  row: number;
  record: number;
  visit: number;
  amount: number;
  state: string;
  why: string | null;
  /** In YCLIENTS. */
  card: number | null;
  /** Of its row, and of that which takes it back; null where none does. */
  points: number;
  back: number | null;
  /** The account of whoever spent, and the client's; null where they have none. */
  account: string;
  client: string | null;
  stood: boolean;
  /** It stood at some time, or a spend as large did, or was left to the admin. */
  heard: boolean;
}

export const atRest = ({ database: { sql } }: World): Promise<AtRest[]> => sql<AtRest[]>`
  select s.row_id::int as row, s.record_id::float8 as record, s.visit_id::float8 as visit,
    (s.amount * 100)::int as amount, s.state, s.why, s.reserved_card::float8 as card,
    (b.points * 100)::int as points, (u.points * 100)::int as back, split_part(b.key, ':', 3) || ':' || split_part(b.key, ':', 4) as account,
    a.channel || ':' || a.external_id as client, s.stood_at is not null as stood, exists (
      select from bonuslog o left join settlements t on t.row_id = o.id
      where o.client_id = b.client_id and o.kind = 'spend' and o.points = b.points
        and (t.id is null or t.stood_at is not null)) as heard
  from settlements s join bonuslog b on b.id = s.row_id left join accounts a on a.client_id = b.client_id
    left join bonuslog u on u.key = 'undo:' || s.row_id and u.client_id = b.client_id
  order by s.id`;

const called = ({ row, amount, state, why }: AtRest) => `spend ${row} of ${amount} is ${state} (${why})`;
const sumOf = (lines: readonly { kopecks: number }[]) => lines.reduce((sum, line) => sum + line.kopecks, 0);
const amountsOf = (all: readonly AtRest[]) => all.reduce((sum, one) => sum + one.amount, 0);

function pointsFollow(all: readonly AtRest[]): string[] {
  return all
    .filter(
      ({ points, amount, back, state }) =>
        points !== -amount || back !== (state === "returned" ? amount : null),
    )
    .map((one) => `${called(one)}: its row has ${one.points}, and ${one.back} came back`);
}

function allHasEnded(all: readonly AtRest[], _: World, { hands }: Touched): string[] {
  return all
    .filter(({ state }) => state === "under_way" || (state === "stuck" && hands === "none"))
    .map(called);
}

/** What cards pay of bills. */
const withdrawals = ({ loyalty }: World) => loyalty.rows.filter((line) => line.stands && line.type === 3);

function billsAreTaken(all: readonly AtRest[], world: World, { hands }: Touched): string[] {
  const stuck = all.filter(({ state }) => state === "stuck").map(({ card }) => card);
  const bills = Map.groupBy(withdrawals(world), (line) => visitOf(world, line));
  const standing = Map.groupBy(
    all.filter(({ state }) => state === "stands"),
    ({ visit }) => visit,
  );
  return [...new Set([...bills.keys(), ...standing.keys()])].flatMap((visit) => {
    const of = standing.get(visit) ?? [];
    // Where the points of one that is stuck are, owners were told that nobody knows.
    const bill = (bills.get(visit) ?? []).filter(
      ({ cardId }) => !stuck.includes(cardId) || of.some(({ card }) => card === cardId),
    );
    const times = new Set(bill.map(({ batch }) => batch)).size;
    const ours = bill.filter(({ cardId }) => of.some(({ card }) => card === cardId));
    const whole = of.length <= 1 && sumOf(ours) === amountsOf(of);
    if (whole && ours.length === bill.length && (times === of.length || hands !== "none")) return [];
    const foreignTold = ours.length === bill.length || isForeignTold(world, visit);
    if (hands !== "none" && foreignTold && (whole || of.every((one) => isDoubtTold(world, one)))) return [];
    return [`visit ${visit} bears ${sumOf(bill)} by ${times} withdrawals, for ${of.map(called).join(", ")}`];
  });
}

const visitOf = ({ loyalty }: World, { shares: [share], id }: ChainRow) => {
  if (!share) throw new Error(`withdrawal ${id} pays nothing`);
  return loyalty.recordAt(share).visit_id;
};

function nothingIsMade(all: readonly AtRest[], world: World, { given }: Touched): string[] {
  const [bears, taken] = [
    sumOf(withdrawals(world)),
    amountsOf(all.filter(({ state }) => state !== "returned")),
  ];
  return bears > taken + given ? [`bills bear ${bears}, taken were ${taken}, and given ${given}`] : [];
}

function cardsAreEmpty(all: readonly AtRest[], { loyalty }: World): string[] {
  const stuck = all.filter(({ state }) => state === "stuck").map(({ card }) => card);
  const cards = loyalty.cards.filter((card) => !card.isDeleted);
  const twice = Map.groupBy(cards, (card) => card.phone);
  return [
    ...cards
      .filter((card) => card.kopecks !== 0 && !stuck.includes(card.id))
      .map((card) => `card ${card.id} holds ${card.kopecks}`),
    ...[...twice.values()].filter((of) => of.length > 1).map((of) => `one client has ${of.length} cards`),
  ];
}

/** As often as spends of one sum have come to the same in one chat, so often it is to be read there. */
function endsAreTold(all: readonly AtRest[], world: World): string[] {
  const alike = Map.groupBy(all, ({ account, amount, state }) => `${account} ${amount} ${state}`);
  const read = (account: string, words: RegExp) =>
    textsTo(world, account).filter((text) => words.test(text)).length;
  const untold = [...alike.values()].flatMap((of) => {
    const [one] = of;
    const words = one && ends(written(one.amount))[one.state];
    if (!one || !words || read(one.account, words) >= of.length) return [];
    return [`${called(one)}, and ${one.account} was told ${read(one.account, words)} times of ${of.length}`];
  });
  const stuck = all.filter(
    (one) =>
      one.state === "stuck" &&
      read(
        world.owner.account,
        new RegExp(`Списание на ${written(one.amount)} балл.* \\(запись ${one.record}\\) не сошлось`),
      ) === 0,
  );
  const late = world.admins.flatMap(({ account }) =>
    textsTo(world, account).filter((text) => text.includes("обновится само")),
  );
  return [
    ...untold,
    ...stuck.map((one) => `${called(one)}, and no owner knows`),
    // Whoever was killed between a message and the change of the one before has left that as it was.
    ...(late.length > world.cutShort ? late.map((text) => `for ever on its way: ${text}`) : []),
  ];
}

function clientsHearWhatStood(all: readonly AtRest[], world: World): string[] {
  return all
    .filter(({ heard, client, amount }) => {
      const words = new RegExp(`писано ${written(amount)} балл`);
      return !heard && client !== null && textsTo(world, client).some((text) => words.test(text));
    })
    .map((one) => `${called(one)}, and its client was told`);
}

/** What is read at the till of a spend of this sum, in its own message or in words beside it. */
export const ends = (sum: string): Record<string, RegExp> => ({
  stands: new RegExp(`(^|: |\\n)✅?.*[Сс]писано ${sum}\\. (В журнале к оплате|Счёт в журнале)`),
  returned: new RegExp(`^(↩️|❌)[^]* ${sum} балл\\S* вернул\\S+ на карту`),
  stuck: new RegExp(`^⚠️ (Списано ${sum}, но с журналом|.*списание на ${sum} балл\\S*) не сошлось`),
});

const isDoubtTold = (world: World, { amount }: AtRest) =>
  textsTo(world, world.owner.account).some((text) =>
    new RegExp(`^На визит .* списано ${written(amount)} балл.*В журнале это меняли`).test(text),
  );

const isForeignTold = (world: World, visit: number) =>
  textsTo(world, world.owner.account).some(
    (text) => text.includes("оплачены визиты, на которые он ничего не списывал") && text.includes(`${visit}`),
  );

const textsTo = (world: World, account: string) =>
  messagesTo(world, account).map((text) => text.replaceAll("\u00a0", " "));

/** As people read it, with plain spaces. */
export const written = (kopecks: number) =>
  (kopecks / 100).toLocaleString("ru", { maximumFractionDigits: 2 }).replaceAll(/\s/g, " ");
