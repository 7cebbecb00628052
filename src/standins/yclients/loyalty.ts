// What cards and the like pay of visits in the stand-in YCLIENTS: withdrawals, and what becomes of them.

import {
  inProportion,
  isOn,
  isSound,
  kopecksOfAll,
  linesOf,
  paidOf,
  paymentsOf,
  type Share,
  shrink,
  type VisitLine,
} from "./bill.ts";
import { CardRefused, ChainCards, type ChainOptions, type ChainRow, LOYALTY } from "./cards.ts";
import type { Journal } from "./journal.ts";
import type { CardsOfVisits, JournalRecord } from "./record.ts";

/** A record by its branch and number. */
export type RecordAt = { companyId: number; recordId: number };

type Withdrawal = RecordAt & {
  cardId: number;
  kopecks: number;
  /** The visit the caller believes it to be of; whichever it is by default. */
  visitId?: number;
};

/** How far the receipt of a record is. YCLIENTS API: `bill_print_status`. */
type ReceiptStatus = 1 | 2 | 3 | 4 | 5;

// YCLIENTS API: of the types of loyalty these pay the bill, the others move a card only.
const PAYING: readonly number[] = [1, 3, 8, 9, 10, 11];

/** Money is integer kopecks in every argument. Everything here may be called by hand, as people do it on a screen. */
export class ChainLoyalty extends ChainCards implements CardsOfVisits {
  readonly journals: readonly Journal[];
  readonly #receipts = new Map<string, ReceiptStatus>();
  readonly #seen = new Map<string, ReturnType<typeof seenOf>>();
  readonly #totals = new Map<number, number>();

  constructor({ journals, ...chain }: ChainOptions & { journals: readonly Journal[] }) {
    super(chain);
    this.journals = journals;
    for (const [index, journal] of journals.entries()) {
      journal.visitsFrom += index * 1_000_000;
      journal.cards = this;
      journal.onChange(({ record }) => this.#changed(journal, record));
    }
  }

  get countAsPaid(): boolean {
    return this.reading.paidFull === "counts_cards";
  }

  journalOf(companyId: number): Journal {
    const journal = this.journals.find((each) => each.company(companyId));
    if (!journal) throw new CardRefused(404);
    return journal;
  }

  /** The zone of a branch; what is of the chain alone is in that of the first one. */
  zoneOf(companyId: number): string {
    const companies = this.journals.flatMap((journal) => journal.companies());
    return (companies.find((each) => each.id === companyId) ?? companies[0])?.timeZone ?? "UTC";
  }

  recordAt({ companyId, recordId }: RecordAt): JournalRecord {
    const record = this.journalOf(companyId).find(companyId, recordId);
    if (!record) throw new CardRefused(404);
    return record;
  }

  /** The records of a visit, deleted ones too; raw ones that make no sense are for readers alone. */
  visitAt(at: RecordAt): JournalRecord[] {
    return this.journalOf(at.companyId).visitOf(this.recordAt(at)).filter(isSound);
  }

  /** The lines of the visit's bill, or of the record's own document alone. */
  billOf(at: RecordAt, alone = false): VisitLine[] {
    return linesOf(this.visitAt(at)).filter((line) => !alone || line.recordId === at.recordId);
  }

  /** What is left to pay of the visit: below zero when too much was paid. */
  leftOf(at: RecordAt): number {
    const visit = this.visitAt(at);
    return kopecksOfAll(linesOf(visit)) - kopecksOfAll(this.#paying(visit)) - paymentsOf(visit);
  }

  /** The rows of a visit, what was taken back too. A row follows its record to another visit. */
  rowsOf(visit: readonly JournalRecord[]): ChainRow[] {
    this.catchUp();
    const isOf = (share: Share) =>
      visit.some((each) => each.id === share.recordId && each.company_id === share.companyId);
    return this.rows.filter((row) => row.shares.some(isOf));
  }

  /** What pays a part of this line. */
  offLine(line: Omit<Share, "kopecks">): number {
    let off = 0; // asked for every line of every record that is shown
    for (const { stands, shares } of this.rows)
      if (stands) for (const share of shares) if (isOn(line, share)) off += share.kopecks;
    return off;
  }

  offServices({ company_id: companyId, id: recordId }: JournalRecord): (item: number) => number {
    return (item) => this.offLine({ companyId, recordId, kind: "service", item });
  }

  /** Pays a part of the visit by the card: how much, is what was really withdrawn. */
  withdraw({ cardId, kopecks, visitId, ...at }: Withdrawal): number {
    const card = this.card(cardId);
    const visit = this.#open(at, visitId);
    const replaced = this.reading.twice === "replaces" ? this.#withdrawals(visit, cardId) : [];
    const lines = this.billOf(at).filter((line) => this.mayPay(card, line.kind));
    const left = Math.min(this.leftOf(at), kopecksOfAll(lines) - this.#off(lines));
    const free = kopecksOfAll(replaced);
    const limit = this.limitOf(card, kopecksOfAll(linesOf(visit)));
    const most = Math.max(0, Math.min(card.kopecks + free, left + free, limit));
    if (kopecks > most && this.reading.over === "refused")
      throw new CardRefused(422, "Сумма больше доступной для списания", "amount");
    const sum = Math.min(kopecks, most);
    if (sum <= 0) return 0;
    this.#drop(replaced);
    this.put(card, -sum);
    this.#pay(LOYALTY.withdrawal, cardId, at, lines, sum);
    return sum;
  }

  /** Takes the card's withdrawals off the visit; with none there it does nothing. */
  cancel({ cardId, visitId, ...at }: RecordAt & { cardId: number; visitId?: number }): void {
    this.card(cardId);
    const rows = this.#withdrawals(this.#open(at, visitId), cardId);
    const last = rows.at(-1)?.batch;
    const { cancel } = this.reading;
    this.#drop(cancel === "last" ? rows.filter((row) => row.batch === last) : rows, cancel !== "burns");
    this.#recount(at, this.reading.stamps === "move");
  }

  /** A promotion's discount, a certificate, a membership or the client's account pays a part, as far as is left. */
  payOtherwise(at: RecordAt, what: "promotion" | "certificate" | "membership" | "account", kopecks: number) {
    this.#open(at);
    this.#pay(LOYALTY[what], 0, at, this.billOf(at), Math.max(0, Math.min(kopecks, this.leftOf(at))));
  }

  /** The receipt of the record's visit, at first in print. A printed one blocks its records. */
  printReceipt(at: RecordAt, status: ReceiptStatus = 3): void {
    for (const record of this.visitAt(at)) {
      this.#receipts.set(keyOf(record), status);
      this.journalOf(at.companyId).edit(record.id, {}, (each) => {
        each.is_update_blocked = status === 3;
      });
    }
  }

  receiptOf(record: JournalRecord): ReceiptStatus {
    return this.#receipts.get(keyOf(record)) ?? 1;
  }

  /** The visit of the record, where something may still be withdrawn or taken back. */
  #open(at: RecordAt, visitId?: number): JournalRecord[] {
    const record = this.recordAt(at);
    if (record.deleted || (visitId !== undefined && record.visit_id !== visitId)) throw new CardRefused(404);
    if (record.visit_id === 0) throw new CardRefused(422, "Нет визита", "visit_id");
    const visit = this.visitAt(at);
    if (this.reading.receipt === "blocks" && visit.some((each) => each.is_update_blocked))
      throw new CardRefused(422, "Редактирование записи заблокировано: чек напечатан");
    if (this.reading.attendance === "arrived" && record.attendance !== 1)
      throw new CardRefused(422, "Клиент ещё не пришёл");
    return visit;
  }

  #off(lines: readonly VisitLine[]): number {
    return lines.reduce((sum, line) => sum + this.offLine(line), 0);
  }

  #pay(type: number, cardId: number, at: RecordAt, lines: VisitLine[], kopecks: number): void {
    const visit = this.visitAt(at);
    const isByPrice = this.reading.spread === "price";
    const weights = lines.map((line) =>
      isByPrice ? line.kopecks : Math.max(0, line.kopecks - this.offLine(line) - paidOf(line, visit)),
    );
    const parts = inProportion(kopecks, weights);
    const shares = lines
      .map(({ companyId, recordId, kind, item }, index) => ({
        ...{ companyId, recordId, kind, item, kopecks: parts[index] ?? 0 },
      }))
      .filter((share) => share.kopecks > 0);
    const batch = this.number(1000);
    const row = { type, cardId, companyId: at.companyId, batch };
    if (this.reading.rows === "one") this.add({ ...row, kopecks, shares });
    else for (const share of shares) this.add({ ...row, kopecks: share.kopecks, shares: [share] });
    this.#recount(at, this.reading.stamps === "move");
  }

  #paying(visit: readonly JournalRecord[]): ChainRow[] {
    return this.rowsOf(visit).filter((row) => row.stands && PAYING.includes(row.type));
  }

  #withdrawals(visit: readonly JournalRecord[], cardId: number): ChainRow[] {
    return this.#paying(visit).filter((row) => row.type === LOYALTY.withdrawal && row.cardId === cardId);
  }

  #drop(rows: readonly ChainRow[], areBack = true): void {
    for (const row of rows) {
      row.stands = false;
      if (areBack) this.#back(row, row.kopecks);
    }
  }

  #back(row: ChainRow, kopecks: number): void {
    const card = this.cards.find((each) => each.id === row.cardId);
    if (card && kopecks > 0) this.put(card, kopecks);
  }

  #recount(at: RecordAt, isTold: boolean): void {
    const visit = this.visitAt(at);
    this.#totals.set(visit[0]?.visit_id ?? 0, kopecksOfAll(linesOf(visit)));
    for (const record of visit) {
      this.#seen.set(keyOf(record), seenOf(record));
      this.journalOf(at.companyId).recount(record, isTold);
    }
  }

  /** Somebody has changed a record: what becomes of the rows of its visit is the reading's. */
  #changed(journal: Journal, record: JournalRecord): void {
    if (!isSound(record)) return;
    const before = this.#seen.get(keyOf(record));
    const seen = seenOf(record);
    this.#seen.set(keyOf(record), seen);
    if (before && before.attendance !== 1 && seen.attendance === 1) this.#accrue(record);
    if (this.rows.length === 0) return;
    const visit = journal.visitOf(record).filter(isSound);
    const rows = this.#paying(visit);
    if (rows.length === 0) return;
    const { visitChanged, paymentDeleted } = this.reading;
    const isOthers = before !== undefined && before.client !== seen.client;
    if (visitChanged !== "stay") this.#drop(rows.filter((row) => this.#isLost(row, visit, record, isOthers)));
    if (before && before.payments > seen.payments && paymentDeleted === "vanish")
      this.#drop(this.#paying(visit));
    const at = { companyId: record.company_id, recordId: record.id };
    const total = this.#totals.get(record.visit_id) ?? 0;
    if (visitChanged !== "stay" && kopecksOfAll(linesOf(visit)) < total) this.#fit(visit, -this.leftOf(at));
    this.#recount(at, false);
  }

  /** The row's record is deleted or another client's now, or has no such line any more. */
  #isLost(row: ChainRow, visit: JournalRecord[], changed: JournalRecord, isOthers: boolean): boolean {
    const lines = linesOf(visit);
    return row.shares.some((share) => {
      const line = lines.find((each) => isOn(each, share));
      if (line) share.recordId = line.recordId; // goods go on with the next record of the visit
      return line === undefined || (isOthers && share.recordId === changed.id);
    });
  }

  /** The bill fell by `over` below what was paid: all rows vanish, or as much of them as is too much. */
  #fit(visit: JournalRecord[], over: number): void {
    if (over <= 0) return;
    const rows = this.#paying(visit);
    if (this.reading.visitChanged === "vanish") this.#drop(rows);
    else
      for (const [row, part] of shrink(rows, over)) {
        row.stands = row.kopecks > 0;
        this.#back(row, part);
      }
  }

  /** YCLIENTS API: cashback comes when the visit is marked as held, and again when it is marked again. */
  #accrue(record: JournalRecord): void {
    for (const { percent, types } of this.promotions) {
      for (const card of this.cardsOf([String(record.client?.phone).replace(/\D/g, "")])) {
        const kopecks = Math.floor((kopecksOfAll(linesOf([record])) * percent) / 100);
        if (!types.includes(card.typeId) || kopecks === 0) continue;
        this.put(card, kopecks);
        this.add({ type: LOYALTY.accrual, kopecks, cardId: card.id, companyId: record.company_id });
      }
    }
  }
}

const seenOf = ({ client, finance_transactions, attendance }: JournalRecord) => ({
  ...{ client: client?.id, payments: finance_transactions.length, attendance },
});

const keyOf = (record: { company_id: number; id: number }) => `${record.company_id} ${record.id}`;
