// What lots the rows of a ledger make, and who took from them: the rules of lots, written a second time, by themselves.

import { endOf, type LifeName, type Switch } from "./ends.ts";

/** A row as the ledger has it; points in hundredths, `day` in the programme's zone. */
export interface LedgerRow {
  id: number;
  card: number;
  kind: string;
  points: number;
  corrects: number | null;
  actor: string;
  key: string;
  reason: string | null;
  day: string;
}

/** Points that came together; `rest` is what is still there. */
export interface Lot {
  row: number;
  part: number;
  /** The row that gave these points first: what came back or went on with a move is still its own. */
  origin: number;
  card: number;
  life: LifeName;
  started: string;
  waits: boolean;
  points: number;
  rest: number;
}

/** The row `taker` took these points, in the transaction of row `by`; below zero: they came back by it. */
export interface Taking {
  lot: Lot;
  taker: number;
  by: number;
  points: number;
}

/** What a minus row found nowhere yet. */
interface Debt {
  row: LedgerRow;
  points: number;
}

/** A ledger as its rows come, one after the other. */
export class Lots {
  readonly rows = new Map<number, LedgerRow>();
  readonly lots: Lot[] = [];
  readonly takings: Taking[] = [];
  /** What no rule of lots explains. */
  readonly faults: string[] = [];
  readonly #debts: Debt[] = [];
  readonly #switches: Switch[] = [];
  readonly #byCard = new Map<number, Lot[]>();
  readonly #byRow = new Map<number, Lot[]>();
  readonly #byTaker = new Map<number, Taking[]>();

  /** `gaveOf` names the list of balances whose rows a list takes back. */
  constructor(private readonly gaveOf: (list: string) => string | null = () => null) {}

  get debts(): readonly { row: number; card: number; points: number }[] {
    return this.#debts.map(({ row, points }) => ({ row: row.id, card: row.card, points }));
  }

  /** From now on the points of a life last as the switch says. */
  switch(to: Switch): void {
    this.#switches.push(to);
  }

  endOf({ life, started }: Pick<Lot, "life" | "started">): string | null {
    return endOf(life, started, this.#switches);
  }

  /** What a card holds that may be spent. */
  open(card: number): Lot[] {
    return (this.#byCard.get(card) ?? []).filter((lot) => lot.rest > 0);
  }

  add(row: LedgerRow): void {
    this.rows.set(row.id, row);
    if (row.points > 0) this.#come(row);
    else this.#take({ row, points: -row.points }, row.id);
  }

  #come(row: LedgerRow): void {
    const named = row.corrects === null ? undefined : this.rows.get(row.corrects);
    const before = this.rows.get(row.id - 1);
    if (named && isReturn(row, named)) this.#giveBack(row, named);
    else if (row.kind === "expiry") this.#unexpire(row, named);
    else if (before && arePair(before, row)) this.#bring(row, before);
    else this.#make(row, row.points, lifeOf(row.kind), row.day, row.kind === "welcome");
    if (row.kind === "award" || row.kind === "correction") this.#openTo(row);
    const owed = this.#debts.filter((debt) => debt.row.card === row.card);
    for (const debt of owed) {
      this.#debts.splice(this.#debts.indexOf(debt), 1);
      this.#take(debt, row.id);
    }
  }

  /** A visit that was first awarded since a gift came opens it. */
  #openTo({ id, card, corrects }: LedgerRow): void {
    for (const lot of this.#byCard.get(card) ?? []) if ((corrects ?? id) > lot.row) lot.waits = false;
  }

  /** Back to where it came from; what has ended meanwhile, and what is another card's, becomes a lot of this row. */
  #giveBack(row: LedgerRow, named: LedgerRow): void {
    let left = row.points;
    for (const { lot, points } of [...(this.#byTaker.get(named.id) ?? [])].filter((one) => one.points > 0)) {
      const back = Math.min(points, left);
      if (back === 0) continue;
      left -= back;
      const end = this.endOf(lot);
      if (end !== null && end < row.day) this.#make(row, back, "returned", row.day, false, lot.origin);
      else if (lot.card !== row.card) this.#make(row, back, lot.life, lot.started, lot.waits, lot.origin);
      else this.#record(lot, named.id, row.id, -back);
    }
    if (left > 0) this.#make(row, left, "earned", row.day);
  }

  #unexpire(row: LedgerRow, named: LedgerRow | undefined): void {
    const [taking] = this.#byTaker.get(named?.id ?? 0) ?? [];
    if (named?.kind !== "expiry" || !taking) this.faults.push(`row ${row.id} gives back no expiry`);
    else this.#record(taking.lot, named.id, row.id, -row.points);
  }

  /** The second half of a pair: what the first half took comes along as it is, what ends first before; of a visit its own alone. */
  #bring(row: LedgerRow, first: LedgerRow): void {
    const own = row.kind === "correction" ? this.#ownOf(row) : () => true;
    const rank = ({ lot }: Taking) => [this.endOf(lot) ?? "~", lot.started, ...place(lot)];
    const taken = [...(this.#byTaker.get(first.id) ?? [])];
    let left = row.points;
    for (const { lot, points } of taken.sort((one, other) => compare(rank(one), rank(other)))) {
      const part = Math.min(points, left);
      if (part <= 0 || !own(lot)) continue;
      left -= part;
      this.#make(row, part, lot.life, lot.started, lot.waits, lot.origin);
    }
    if (left > 0) this.#make(row, left, "earned", row.day);
  }

  #make(
    row: LedgerRow,
    points: number,
    life: LifeName,
    started: string,
    waits = false,
    origin = row.id,
  ): void {
    const parts = this.#byRow.get(row.id) ?? [];
    const { id, card } = row;
    const lot = { row: id, part: parts.length + 1, origin, card, life, started, waits, points, rest: points };
    this.lots.push(lot);
    this.#byRow.set(id, [...parts, lot]);
    this.#byCard.set(card, [...(this.#byCard.get(card) ?? []), lot]);
  }

  #record(lot: Lot, taker: number, by: number, points: number): void {
    lot.rest -= points;
    if (lot.rest < 0 || lot.rest > lot.points)
      this.faults.push(`the lot of row ${lot.row} holds ${lot.rest} of ${lot.points} since row ${by}`);
    const taking = { lot, taker, by, points };
    this.takings.push(taking);
    this.#byTaker.set(taker, [...(this.#byTaker.get(taker) ?? []), taking]);
  }

  #take({ row, points }: Debt, by: number): void {
    let left = points;
    for (const lot of this.#takenFrom(row)) {
      const part = Math.min(lot.rest, left);
      if (part === 0) continue;
      this.#record(lot, row.id, by, part);
      left -= part;
    }
    if (left > 0) this.#debts.push({ row, points: left });
  }

  /** The card's lots in the order in which this row takes from them. */
  #takenFrom(row: LedgerRow): Lot[] {
    if (row.kind === "expiry") return this.#named(row);
    const own = this.#ownOf(row);
    const rank = (lot: Lot) =>
      [own(lot) ? 0 : 1, lot.waits ? 1 : 0, this.endOf(lot) ?? "~", lot.started] as const;
    return this.open(row.card)
      .filter((lot) => !lot.waits || !takesNoWaiting(row))
      .map((lot) => ({ lot, rank: rank(lot) }))
      .sort((one, other) => compare([...one.rank, ...place(one.lot)], [...other.rank, ...place(other.lot)]))
      .map(({ lot }) => lot);
  }

  /** An expiry names its lot by its key, and takes all of it after its last day. */
  #named(row: LedgerRow): Lot[] {
    const [, id, part] = /^expiry:(\d+)\.(\d+)\b/.exec(row.key) ?? [];
    const lots = this.#byRow.get(Number(id)) ?? [];
    const lot = lots.find((one) => one.part === Number(part));
    const end = lot && this.endOf(lot);
    if (!lot || lot.card !== row.card) this.faults.push(`row ${row.id} ends a lot that is not there`);
    else if (end === null || end === undefined || end >= row.day)
      this.faults.push(`row ${row.id} of ${row.day} ends a lot whose last day is ${end}`);
    else if (lot.rest !== -row.points)
      this.faults.push(`row ${row.id} ends ${-row.points} of a lot that holds ${lot.rest}`);
    return lot ? [lot] : [];
  }

  /** Which lots a row takes from before all others. */
  #ownOf({ kind, corrects, actor }: LedgerRow): (lot: Lot) => boolean {
    const gave = /^list:(.+)$/.test(actor) ? this.gaveOf(actor) : null;
    if (kind === "opening") return (lot) => gave !== null && this.rows.get(lot.origin)?.actor === gave;
    if (corrects === null) return () => false;
    if (kind !== "correction") return (lot) => [lot.row, lot.origin].includes(corrects);
    return ({ row, origin }) =>
      [row, origin].some((one) => one === corrects || this.#corrects(one, corrects));
  }

  #corrects(row: number, award: number): boolean {
    const made = this.rows.get(row);
    return made?.kind === "correction" && made.corrects === award;
  }
}

/** What is given back of a spend or a debit goes where it came from. */
function isReturn(row: LedgerRow, named: LedgerRow): boolean {
  return ["undo", "credit"].includes(row.kind) && ["spend", "debit"].includes(named.kind);
}

/** Two halves that belong together: one gives, and the next one gets. */
function arePair(first: LedgerRow, second: LedgerRow): boolean {
  if (first.points > 0 || first.kind !== second.kind || first.card === second.card) return false;
  if (first.kind === "correction")
    return first.reason === "moved" && second.reason === "moved" && first.corrects === second.corrects;
  const side = (key: string) => key.replace(/:(from|to)$/, "");
  return ["move", "opening"].includes(first.kind) && side(first.key) === side(second.key);
}

function takesNoWaiting({ kind }: LedgerRow): boolean {
  return kind === "spend";
}

function lifeOf(kind: string): LifeName {
  return kind === "welcome" || kind === "birthday" ? kind : "earned";
}

const place = (lot: Lot) => [lot.row, lot.part] as const;

function compare(one: readonly (number | string)[], other: readonly (number | string)[]): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at < 0 ? 0 : (one[at] ?? 0) < (other[at] ?? 0) ? -1 : 1;
}
