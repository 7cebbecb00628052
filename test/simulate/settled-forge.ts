// What a program that is wrong could leave behind of spends that settle: done to a world that has come to its end without a fault,
// where it must be named. Else a world that holds proves nothing.

import type { ChainRow } from "../../src/standins/yclients/cards.ts";
import {
  type AtRest,
  atRest,
  ends,
  type settledInvariants,
  settlementFaults,
  type Touched,
  written,
} from "./settled-kept.ts";
import type { World } from "./world.ts";

type Named = keyof typeof settledInvariants;

const bill: Named =
  "a bill bears the spend that stands on it, by one withdrawal, and nothing else that nobody was told of";
const points: Named = "a spend is given back, whole, where its settlement is returned, and nowhere else";
const rest: Named = "nothing is under way at rest, and nothing is stuck where no hand was";
const made: Named = "bills bear no more than was taken and what hands made";
const cards: Named = "reserved cards are empty, and nobody has two";
const told: Named = "whoever spent reads what became of it, and owners what waits for them";

const client: Named = "a client hears of no spend that never stood";

interface Forgery {
  /** Of a settlement that has come to this. */
  of: "stands" | "returned";
  does: (world: World, one: AtRest, lines: ChainRow[]) => unknown;
  /** What then does not hold. */
  named: Named;
  /** A world from a seed may excuse it: its client has heard of another spend as large. */
  excused?: true;
}

export const settledForgeries: Record<string, Forgery> = {
  "a spend that is not on its bill": {
    ...{ of: "stands", named: bill },
    does: (_, __, lines) => {
      for (const line of lines) line.stands = false;
    },
  },
  "a spend that is on its bill but for a kopeck": {
    ...{ of: "stands", named: bill },
    does: (_, __, [line]) => {
      if (line) line.kopecks -= 1;
    },
  },
  "a spend that is on its bill twice": {
    ...{ of: "stands", named: made },
    does: ({ loyalty }, _, lines) =>
      loyalty.rows.push(...lines.map((line) => ({ ...line, id: line.id + 9e6, batch: line.batch + 9e6 }))),
  },
  "a spend that is on its bill in two parts": {
    ...{ of: "stands", named: bill },
    does: ({ loyalty }, _, [line]) => {
      if (!line) return;
      line.kopecks -= 1;
      loyalty.rows.push({ ...line, id: line.id + 9e6, batch: line.batch + 9e6, kopecks: 1 });
    },
  },
  "a spend that was given back and stands on its bill": {
    ...{ of: "returned", named: bill },
    does: ({ loyalty }, _, lines) => loyalty.rows.push(...lines.map((line) => ({ ...line, stands: true }))),
  },
  "a spend that stands and was given back": {
    ...{ of: "stands", named: points },
    does: (world, { row }) =>
      write(world, `update settlements set goal = 'return', state = 'returned' where row_id = ${row}`),
  },
  "a spend that is said to be given back, and is not": {
    ...{ of: "returned", named: points },
    does: (world, { row }) => write(world, `update bonuslog set key = 'op:1:1:1' where key = 'undo:${row}'`),
  },
  "a spend that was given back but for a hundredth": {
    ...{ of: "returned", named: points },
    does: (world, { row }) =>
      write(world, `update bonuslog set points = points - 0.01 where key = 'undo:${row}'`),
  },
  "a spend of another sum than its settlement": {
    ...{ of: "stands", named: points },
    does: (world, { row }) => write(world, `update bonuslog set points = points - 1 where id = ${row}`),
  },
  "a spend that is under way for ever": {
    ...{ of: "stands", named: rest },
    does: (world, { row }) =>
      write(world, `update settlements set state = 'under_way' where row_id = ${row}`),
  },
  "a spend that is stuck though no hand was there": {
    ...{ of: "stands", named: rest },
    does: (world, { row }) =>
      write(world, `update settlements set state = 'stuck', why = 'gone' where row_id = ${row}`),
  },
  "a card with a kopeck on it": {
    ...{ of: "stands", named: cards },
    does: (world, one) => {
      for (const card of cardsOf(world, one)) card.kopecks += 1;
    },
  },
  "a card that owes a kopeck": {
    ...{ of: "stands", named: cards },
    does: (world, one) => {
      for (const card of cardsOf(world, one)) card.kopecks -= 1;
    },
  },
  "a second card": {
    ...{ of: "stands", named: cards },
    does: (world, one) =>
      world.loyalty.cards.push(...cardsOf(world, one).map((card) => ({ ...card, id: card.id + 9e6 }))),
  },
  "a spend that its client was told of too soon": {
    ...{ of: "stands", named: client, excused: true },
    does: (world, { row }) =>
      write(world, `update settlements set stood_at = null, state = 'under_way' where row_id = ${row}`),
  },
  "a spend that stands, and nobody was told": { of: "stands", named: told, does: unsay },
  "a spend that was given back, and nobody was told": { of: "returned", named: told, does: unsay },
};

const cardsOf = ({ loyalty }: World, { card }: AtRest) => loyalty.cards.filter(({ id }) => id === card);

/** Those that no world excuses. */
export const neverExcused = Object.keys(settledForgeries).filter((how) => !settledForgeries[how]?.excused);

const write = ({ database: { sql } }: World, statement: string) =>
  sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx.unsafe(statement);
  });

/** Whoever spent never read what became of it. */
function unsay({ telegram }: World, { account, amount, state }: AtRest): void {
  const words = ends(written(amount))[state];
  for (const message of telegram.messages(Number(account.split(":")[1])))
    if (words?.test(message.text.replaceAll("\u00a0", " "))) message.text = "⏳";
}

/** Does it to a world that held, where a spend has come to that and no hand may excuse it: what is wrong with what is said of it then. */
export async function settledForged(world: World, how: string, touched: Touched): Promise<string[]> {
  const forgery = settledForgeries[how];
  if (!forgery || touched.hands !== "none") return [];
  const linesOf = ({ card, record }: AtRest) =>
    world.loyalty.rows.filter(
      (line) =>
        line.type === 3 &&
        line.cardId === card &&
        line.stands === (forgery.of === "stands") &&
        line.shares.some(({ recordId }) => recordId === record),
    );
  const one = (await atRest(world)).find((of) => of.state === forgery.of && linesOf(of).length > 0);
  if (!one) return [];
  await forgery.does(world, one, linesOf(one));
  world.count(`forged: ${how}`);
  const found = await settlementFaults(world, touched);
  return found.some((fault) => fault.startsWith(forgery.named))
    ? []
    : [`forged was "${how}", and found ${JSON.stringify(found)}`];
}
