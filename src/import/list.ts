// Brings in a list of balances from another programme, whole and once, or takes one back. Tells nobody.

import { createHash } from "node:crypto";
import { addCards, cardsByPhone, drawCardIds } from "../cards/assign.ts";
import type { Veil } from "../cards/veil.ts";
import { type Db, inTransaction, type Sql, type Tx } from "../db/connect.ts";
import { OperatorError } from "../errors.ts";
import { lockLedgerForPage, postSilently } from "../ledger/ledger.ts";
import type { Points } from "../rules/money.ts";
import { textOf } from "./csv.rule.ts";
import { analyze, takeTime } from "./import.store.ts";
import { type LineFault, type ListLine, type ReadList, readList } from "./list.rule.ts";
import {
  addList,
  type CardOfList,
  cardsOfList,
  givenByList,
  type ImportedList,
  importedLists,
} from "./list.store.ts";
import { headings } from "./list.texts.ts";

/** What becomes of phones that an earlier list gave points to; null where the operator has not said. */
export type KnownPhones = "skip" | "add" | null;

/** What an import of a list made, or would make. Points are hundredths. */
export interface ListReport {
  /** Its number; null where nothing was written, or is to be. */
  list: number | null;
  /** The list that had all of this before. */
  before: ImportedList | null;
  cards: number;
  points: Points;
  newCards: number;
  /** Cards that hold something already, and how much. */
  holding: { cards: number; points: Points };
  /** Lines that give nothing: of 0 points; left out because an earlier list had their phones. */
  empty: number;
  skipped: number;
}

/** What can be said of a list without the database. Throws an `OperatorError` for a file that is none. */
export function listOf(bytes: Uint8Array): ReadList {
  const text = textOf(bytes);
  const list = text.kind === "text" ? readList(text.text, headings) : text;
  if (list.kind === "unreadable") throw new OperatorError(`The file ${list.why}. Nothing was imported.`);
  return list;
}

/** Lines that cannot be imported, with what helps against all of them; thrown, so that nothing is written. */
export class ListFaults extends OperatorError {
  constructor(
    readonly faults: LineFault[],
    remedy = "",
  ) {
    const count =
      faults.length === 1
        ? "1 line cannot be imported as it is"
        : `${faults.length} lines cannot be imported as they are`;
    super(`${count}.${remedy} Nothing was imported.`);
  }
}

/** A list that was changed, or another one, of clients whose points came already: to add them again would double them. */
const sayKnown =
  " What an earlier list brought, or what was spent of one that was taken back, is not brought again: --known skip leaves \
such lines out, --known add adds their points to what came before.";

interface Import {
  veil: Veil;
  known: KnownPhones;
}

/** One statement's worth of lines. */
const chunk = 5_000;

/** What an import of this list would make. Reads as it does and writes nothing. `db` is null where there is no table yet. */
export async function rehearseList(db: Db | null, list: ReadList, how: Import): Promise<ListReport> {
  return (await planOf(db, askOf(list, how), how.known)).report;
}

/** Brings the list in by one transaction, under the ledger's lock; one that is in already is left as it is. */
export async function importList(db: Db, list: ReadList, how: Import): Promise<ListReport> {
  const ask = askOf(list, how); // all that takes no lock
  const report = await inTransaction(db, async (tx) => {
    await takeTime(tx);
    await lockLedgerForPage(tx);
    const { lines, cards: there, report } = await planOf(tx, ask, how.known);
    if (lines.length === 0) return report;
    const { cards, points } = report;
    const id = await addList(tx, { hash: ask.hash, takesBack: null, cards, points });
    for (const some of chunks(lines)) await write(tx, some, there, id);
    return { ...report, list: id };
  });
  if (report.list !== null) await analyze(db);
  return report;
}

/** The lines of a list that give something, and their phones as the forgotten ones are kept. */
interface Ask {
  lines: ListLine[];
  veiled: string[];
  empty: number;
  hash: string;
}

/**
 * The hash is the same for the same points on the same phones, in whatever order, spelling, encoding or with whatever names.
 * It is made with a key that is in no database: a list of few phones could else be found out by trying.
 */
function askOf({ faults, lines }: ReadList, { veil }: Import): Ask {
  if (faults.length > 0) throw new ListFaults(faults);
  const giving = lines.filter((line) => line.points > 0);
  const all = createHash("sha256");
  for (const line of giving.map(({ phone, points }) => `${phone} ${points}\n`).sort()) all.update(line);
  return {
    lines: giving,
    veiled: giving.map((line) => veil(line.phone)),
    empty: lines.length - giving.length,
    hash: veil(all.digest("hex")),
  };
}

/** The lines that are brought in, and the cards of those whose phones have one. */
interface Plan {
  lines: ListLine[];
  cards: Map<string, CardOfList>;
  report: ListReport;
}

/** Throws `ListFaults`. */
async function planOf(sql: Sql | null, ask: Ask, known: KnownPhones): Promise<Plan> {
  const lists = sql === null ? [] : await importedLists(sql);
  const before = lists.find((one) => one.hash === ask.hash && one.takenBackBy === null) ?? null;
  const faults: LineFault[] = [];
  const lines: ListLine[] = [];
  const cards: Plan["cards"] = new Map();
  let [at, skipped, remedy] = [0, 0, ""];
  for (const some of before ? [] : chunks(ask.lines)) {
    const forgotten = await whoHas(sql, some, ask.veiled.slice(at, at + some.length), cards);
    at += some.length;
    for (const line of some) {
      const earlier = cards.get(line.phone)?.earlier ?? null;
      if (forgotten.has(line.phone))
        faults.push({ line: line.line, why: "its client has asked to be forgotten: take it out" });
      else if (earlier === null || known === "add") lines.push(line);
      else if (known === "skip") skipped += 1;
      else {
        faults.push({ line: line.line, why: `list ${earlier} has brought points for its phone already` });
        remedy = sayKnown;
      }
    }
  }
  if (faults.length > 0) throw new ListFaults(faults, remedy);
  const there = lines.flatMap((line) => cards.get(line.phone) ?? []);
  const holding = there.filter((card) => card.points !== 0);
  const report: ListReport = {
    ...{ list: null, before, cards: lines.length, points: sumOf(lines), skipped, empty: ask.empty },
    newCards: lines.length - there.length,
    holding: { cards: holding.length, points: sumOf(holding) },
  };
  return { lines, cards, report };
}

/** Notes the cards of these lines' phones; which of the phones are of people who have asked to be forgotten. */
async function whoHas(
  sql: Sql | null,
  lines: ListLine[],
  veiled: string[],
  cards: Plan["cards"],
): Promise<Set<string>> {
  if (sql === null) return new Set();
  const phones = lines.map((line) => line.phone);
  for (const card of await cardsOfList(sql, phones)) cards.set(card.phone, card);
  const people = await cardsByPhone(sql, phones, veiled);
  return new Set(people.filter((one) => one.forgotten).map((one) => one.phone));
}

async function write(tx: Tx, lines: ListLine[], cards: Plan["cards"], id: number): Promise<void> {
  const fresh = lines.filter(({ phone }) => !cards.has(phone));
  const ids = await drawCardIds(tx, fresh.length);
  const drawn = new Map(fresh.map(({ phone }, place) => [phone, ids[place] ?? 0]));
  const cardOf = (phone: string) => cards.get(phone)?.card ?? drawn.get(phone) ?? 0;
  if (fresh.length > 0)
    await addCards(
      tx,
      fresh.map(({ phone, name }) => ({ id: cardOf(phone), phone, name })),
    );
  await postSilently(
    tx,
    lines.map(({ phone, points, reason }) => rowOf(id, cardOf(phone), points, reason)),
  );
}

function rowOf(id: number, card: number, points: Points, reason: string | null) {
  return { card, kind: "opening", points, reason, actor: `list:${id}`, key: `list:${id}:${card}` } as const;
}

/** What taking a list back took, or would; `spent` is what its clients have spent of it, which stays spent. */
export interface TakenBack {
  list: number | null;
  cards: number;
  points: Points;
  spent: Points;
}

/** Takes back what a list gave, as far as the cards still hold it: none goes below zero but for a debt of its own. Its cards stay. */
export function takeBackList(db: Db, id: number, dryRun: boolean): Promise<TakenBack> {
  return inTransaction(db, async (tx) => {
    await takeTime(tx);
    if (!dryRun) await lockLedgerForPage(tx);
    const list = (await importedLists(tx)).find((one) => one.id === id);
    if (!list || list.takesBack !== null) throw new OperatorError(`There is no list ${id} that gave points.`);
    if (list.takenBackBy !== null)
      throw new OperatorError(`List ${id} was taken back already, by list ${list.takenBackBy}.`);
    const given = await givenByList(tx, id);
    const rows = given.filter(({ points }) => points > 0);
    const points = sumOf(rows);
    const taken = { list: null, cards: rows.length, points, spent: list.points - points };
    if (dryRun || rows.length === 0) return taken;
    const back = await addList(tx, { hash: null, takesBack: id, cards: rows.length, points: -points });
    for (const some of chunks(rows))
      await postSilently(
        tx,
        some.map(({ card, points }) => rowOf(back, card, -points, "back_list")),
      );
    return { ...taken, list: back };
  });
}

function sumOf(all: { points: Points }[]): Points {
  return all.reduce((sum, { points }) => sum + points, 0);
}

function* chunks<T>(all: T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += chunk) yield all.slice(at, at + chunk);
}
