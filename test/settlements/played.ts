/** A small world of settlements from a seed: readings, faults, deaths, rivals, undos and hands, and what holds at rest. */
import { brokenRule } from "../../src/db/connect.ts";
import { must } from "../../src/errors.ts";
import { settleDue } from "../../src/settlements/settle.ts";
import { lookAgain } from "../../src/settlements/settlements.ts";
import { emptyCards } from "../../src/settlements/surplus.ts";
import { CardRefused } from "../../src/standins/yclients/cards.ts";
import { addService, sellGoods } from "../../src/standins/yclients/hands.ts";
import { type LoyaltyReading, otherReadings } from "../../src/standins/yclients/readings.ts";
import { die, interrupted } from "../helpers/interrupted.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";
import { Random } from "../simulate/random.ts";

const paths = [
  ...[/^\/loyalty\/cards\/\d+$/, /\/manual_transaction$/, /\/apply_card_withdrawal\//],
  ...[/\/cancel_card_withdrawal\//, /^\/record\//, /client_cards/, /loyalty\/transactions/, /\/sale\//],
];

/** What this seed's world may see: hands that change visits, hands at cards, or programs that sleep over what they asked. */
interface Kind {
  hands: "none" | "visits" | "cards";
  sleeps: boolean;
}

/** What came of one world: its steps in words, and what did not hold. */
export interface Played {
  steps: string[];
  faults: string[];
}

interface Live {
  salon: SettlingSalon;
  random: Random;
  kind: Kind;
  records: number[];
  steps: string[];
  /** Points that hands have put on cards. */
  given: number;
}

/** Plays the world of a seed. */
export async function played(seed: number): Promise<Played> {
  const random = new Random(seed);
  const reading = readingOf(random);
  const kind: Kind = random.one<Kind>([
    { hands: "none", sleeps: false },
    { hands: "none", sleeps: true },
    { hands: "visits", sleeps: false },
    { hands: "visits", sleeps: true },
    { hands: "cards", sleeps: false },
  ]);
  await using salon = await settlingSalon(reading);
  await salon.passTrial();
  const world: Live = {
    salon,
    random,
    kind,
    records: [],
    steps: [JSON.stringify({ reading, kind })],
    given: 0,
  };
  for (let visit = 0; visit < 3; visit++) await book(world);
  for (let step = 0; step < 30; step++) await one(world);
  await rest(world);
  return { steps: world.steps, faults: await wrong(world) };
}

/** Half of the worlds are as it hurts most; the others have some of the other readings together. */
function readingOf(random: Random): Partial<LoyaltyReading> {
  const names = Object.keys(otherReadings) as (keyof LoyaltyReading)[];
  const chosen = random.once(2) ? [] : Array.from({ length: 1 + random.below(4) }, () => random.one(names));
  return Object.assign(
    {},
    ...chosen.map((name) => ({ [name]: random.one(otherReadings[name] as unknown[]) })),
  );
}

async function book({ salon, random, records }: Live): Promise<void> {
  const cost = () => random.one([100_000, 33_333, 316_000, 50_101, 1, 250_050]);
  const first = records[0];
  const visit = first !== undefined && random.once(3) ? salon.visitOf(first) : undefined;
  const services = Array.from({ length: 1 + random.below(3) }, (_, at) => ({
    title: `Услуга ${at}`,
    cost: cost(),
  }));
  const at = salon.book(services, visit);
  if (random.once(3)) sellGoods(salon.loyalty, at, cost());
  await salon.read(at.recordId);
  records.push(at.recordId);
}

async function one(world: Live): Promise<void> {
  const { salon, random, records } = world;
  const recordId = random.one(records);
  const act = random.weighed<() => Promise<string> | string>([
    [2, () => book(world).then(() => "book")],
    [8, () => spend(world, recordId)],
    [6, () => settleDue(salon.settling).then(() => "work")],
    [6, () => cutShort(world)],
    [world.kind.sleeps ? 3 : 0, () => sleep(world)],
    [6, () => pass(world)],
    [5, () => undo(world)],
    [8, () => fault(world)],
    [world.kind.hands === "visits" ? 6 : 0, () => handAtVisit(world, recordId)],
    [world.kind.hands === "cards" ? 6 : 0, () => handAtCard(world, recordId)],
    [1, () => look(world).then(() => "look again")],
  ]);
  world.steps.push(await act());
}

async function spend({ salon, random }: Live, recordId: number): Promise<string> {
  const points = random.one([1, 5_000, 12_345, 30_000, 99_900]);
  try {
    return `spend ${points} on ${recordId}: ${await salon.spend(recordId, points)}`;
  } catch (error) {
    const rule = brokenRule(error);
    if (rule === "one_settlement_a_visit" || rule === "visit_is_one") return `${rule} on ${recordId}`;
    throw error;
  }
}

async function pass({ salon, random }: Live): Promise<string> {
  const ms = random.one([1_000, 5_000, 16_000, 31_000, 31_000, 91_000, 600_000]);
  await salon.pass(ms);
  return `${ms} ms`;
}

async function rows(salon: SettlingSalon, state: string): Promise<number[]> {
  const all = await salon.sql<{ row: number }[]>`
    select row_id::int as row from settlements where row_id is not null and state = ${state} order by id`;
  return all.map(({ row }) => row);
}

async function undo({ salon, random }: Live): Promise<string> {
  const all = [...(await rows(salon, "under_way")), ...(await rows(salon, "stands"))];
  if (all.length === 0) return "nothing to undo";
  const row = random.one(all);
  await salon.back(row);
  return `undo ${row}`;
}

async function look({ salon }: Live): Promise<void> {
  for (const stuck of await rows(salon, "stuck")) await lookAgain(salon.db, stuck);
}

/** The program dies at some moment, or something else happens then. */
async function cutShort(world: Live): Promise<string> {
  const { salon, random } = world;
  const n = 1 + random.below(30);
  const what = random.one(["die", "die", "undo", "hand"] as const);
  let did = "";
  const act = async () => {
    if (what === "die") die();
    else if (what === "undo") did = await undo(world);
    else if (world.kind.hands === "cards") did = handAtCard(world, random.one(world.records));
    else if (world.kind.hands === "visits") did = handAtVisit(world, random.one(world.records));
  };
  const { settling, met } = interrupted(salon.settling, n, act);
  await settleDue(settling);
  return `work, at ${n} of ${met()}: ${what} ${did}`;
}

/** A program sleeps at some moment, and another has the job meanwhile. */
async function sleep({ salon, random }: Live): Promise<string> {
  const n = 1 + random.below(30);
  const { settling } = interrupted(salon.settling, n, async () => {
    await salon.sql`update jobs set held_until = clock_timestamp() where name = 'settlements'`;
    for (const ms of [1, 16_000, 31_000, 91_000, 31_000]) {
      await salon.pass(ms);
      await settleDue(salon.settling);
    }
  });
  await settleDue(settling);
  return `slept at ${n}`;
}

function fault({ salon, random }: Live): string {
  const path = random.one(paths);
  const lateMs = random.one([0, 1_000, 20_000, 60_000, 85_000]);
  const how = random.one([
    ...[{ status: 429 }, { status: 500, lateMs }, { cut: true, lateMs }, { cut: true, undone: true }],
    ...[{ html: true, lateMs }, { half: true, undone: true }, { status: 403 }, { status: 422 }],
    ...[{ successFalse: true }, { status: 404 }],
  ]);
  const times = random.one([1, 1, 2, 4]);
  // A record that is not found is one that is gone: hands alone make that.
  if (path.source.includes("record") && "status" in how && how.status === 404) return "no fault";
  salon.yclients.faults.next({ path, times, ...how });
  return `${path.source} ${JSON.stringify(how)} ${times} times`;
}

function handAtVisit({ salon, random }: Live, recordId: number): string {
  const { journal, loyalty } = salon;
  const at = { companyId: MOSCOW, recordId };
  const what = random.one([
    "price",
    "pay",
    "part",
    "refund",
    "remove",
    "restore",
    "receipt",
    "certificate",
    "noShow",
    "arrive",
    "service",
  ] as const);
  switch (what) {
    case "price":
      journal.editPrice(recordId, random.one([100, 20_000, 200_000]));
      break;
    case "pay":
      journal.pay(recordId);
      break;
    case "part":
      journal.payInPart(recordId, 10_000);
      break;
    case "receipt":
      loyalty.printReceipt(at, random.one([3, 5]));
      break;
    case "certificate":
      try {
        loyalty.payOtherwise(at, "certificate", 10_000);
      } catch (error) {
        if (!(error instanceof CardRefused)) throw error;
        return `by hand: no certificate pays for ${recordId}`;
      }
      break;
    case "service":
      addService(loyalty, at, { title: "Ещё", cost: 20_000 });
      break;
    default:
      journal[what](recordId);
  }
  return `by hand: ${what} of ${recordId}`;
}

function handAtCard(world: Live, recordId: number): string {
  const { salon, random } = world;
  const [card] = salon.loyalty.cards.filter((each) => !each.isDeleted);
  if (!card) return "no card yet";
  const at = { companyId: MOSCOW, recordId };
  const what = random.one(["withdraw", "cancel", "credit", "empty"] as const);
  try {
    if (what === "withdraw" && card.kopecks > 0)
      salon.loyalty.withdraw({ cardId: card.id, kopecks: card.kopecks, ...at });
    if (what === "cancel") salon.loyalty.cancel({ cardId: card.id, ...at });
    if (what === "credit") salon.loyalty.moveByHand(card.id, 700);
    if (what === "credit") world.given += 700;
    if (what === "empty" && card.kopecks > 0) salon.loyalty.moveByHand(card.id, -card.kopecks);
  } catch {} // refused: nobody did anything
  return `by hand: ${what} at ${recordId}`;
}

/** All is well again and stays so: whatever was owed is done by then. */
async function rest(world: Live): Promise<void> {
  const { salon } = world;
  salon.yclients.faults.clear();
  // What YCLIENTS has refused three times waits for owners.
  await look(world);
  for (let turn = 0; turn < 60; turn++) {
    await settleDue(salon.settling);
    if ((await rows(salon, "under_way")).length === 0) break;
    await salon.pass(31_000);
  }
  await salon.pass(600_000);
  for (let turn = 0; turn < 6; turn++) {
    await emptyCards(salon.settling, 14);
    await settleDue(salon.settling);
    await salon.pass(91_000);
  }
}

interface Standing {
  row: number;
  amount: number;
  state: string;
  why: string | null;
  visit: number;
  undone: boolean;
}

/** What does not hold at rest, as sentences. */
async function wrong({ salon, kind, given }: Live): Promise<string[]> {
  const all = await salon.sql<Standing[]>`
    select row_id::int as row, (amount * 100)::int as amount, state, why, visit_id::float8 as visit,
      exists (select from bonuslog where key = 'undo:' || row_id) as undone
    from settlements where row_id is not null order by id`;
  const live = all.filter((each) => each.state !== "returned");
  const onBills = salon.loyalty.rows.filter((line) => line.stands && line.type === 3);
  const visitOf = (line: (typeof onBills)[number]) =>
    salon.visitOf(must(line.shares[0], "its line").recordId);
  const sum = (lines: readonly { kopecks: number }[]) =>
    lines.reduce((whole, line) => whole + line.kopecks, 0);
  const bills = Map.groupBy(onBills, visitOf);
  const sumOf = (some: readonly Standing[]) => some.reduce((whole, each) => whole + each.amount, 0);
  const found: string[] = [];
  for (const each of all) {
    const name = `spend ${each.row} of ${each.amount} is ${each.state} (${each.why})`;
    if (each.undone !== (each.state === "returned"))
      found.push(`${name}, and ${each.undone ? "given back" : "not"}`);
    if (each.state === "under_way") found.push(`${name} at rest`);
    if (each.state === "stuck" && kind.hands === "none") found.push(`${name} though no hand was there`);
    const applied = sum(bills.get(each.visit) ?? []);
    if (each.state === "stands" && kind.hands === "none" && applied !== each.amount)
      found.push(`${name}, and its bill bears ${applied}`);
  }
  // The salon gives no points twice: what bills bear was taken, or put there by a hand.
  if (sum(onBills) > sumOf(live) + given)
    found.push(`bills bear ${sum(onBills)}, taken were ${sumOf(live)}, given ${given}`);
  if (kind.hands === "none" && sum(onBills) !== sumOf(live))
    found.push(`bills bear ${sum(onBills)}, not ${sumOf(live)}`);
  const held = salon.loyalty.cards.filter((card) => !card.isDeleted && card.kopecks !== 0);
  if (!live.some((each) => each.state === "stuck"))
    for (const card of held) if (card.kopecks > 0) found.push(`card ${card.id} holds ${card.kopecks}`);
  return found;
}
