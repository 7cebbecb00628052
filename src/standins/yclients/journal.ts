// The journal of a stand-in YCLIENTS: the records of its branches in memory, changed by what a front desk does.

import {
  type Booking,
  type Branch,
  type CardsOfVisits,
  type ClientInput,
  clientOf,
  goodsLine,
  type JournalChange,
  type JournalRecord,
  newRecord,
  noCards,
  operation,
  paidFor,
  paidState,
  priceOf,
  type Silent,
  serviceLine,
  sessionStart,
  splitPayment,
  spreadPrice,
  stampOf,
  stampsIn,
} from "./record.ts";

export type { JournalChange, Silent } from "./record.ts";

/** Money is integer kopecks in every argument. An id nobody knows is an error: a script's own mistake. */
export class Journal {
  readonly #now: () => Date;
  readonly #companies = new Map<number, Branch>();
  readonly #listeners = new Set<(change: JournalChange) => void>();
  readonly #records: JournalRecord[] = [];
  /** The records of each number, one a branch at most: a year of a salon has tens of thousands. */
  readonly #byNumber = new Map<number, JournalRecord[]>();
  #count = 0;

  /** `birth_date` by client, as the front desk has written it. */
  readonly birthdays = new Map<number, string>();

  /** Visits count from here; what YCLIENTS numbers across branches must not be the same in two journals. */
  visitsFrom = 600_100_000;
  /** Whoever keeps the cards of these branches: what they paid is on the bills. */
  cards: CardsOfVisits = noCards;

  readonly #overpaid: 1 | 2;

  /** `overpaid` is the `paid_full` of a record that got more than its price: 1 in what was seen, 2 by one tool's table. */
  constructor({ now = () => new Date(), overpaid = 1 }: { now?: () => Date; overpaid?: 1 | 2 } = {}) {
    this.#now = now;
    this.#overpaid = overpaid;
  }

  /** Opens a branch. `timeZone` is an IANA name; all times of its records are in it. */
  addCompany(company: Branch): void {
    this.#companies.set(company.id, company);
  }

  /**
   * Corrects a branch's time zone: a session stays at its hour on the wall, a change at its instant. How YCLIENTS shows
   * older records then is not documented.
   */
  correctZone(companyId: number, timeZone: string): void {
    const company = this.#companyOf(companyId);
    this.addCompany({ ...company, timeZone });
    for (const record of this.records(companyId)) Object.assign(record, stampsIn(timeZone, record));
  }

  companies(): Branch[] {
    return [...this.#companies.values()];
  }

  company(id: number): Branch | undefined {
    return this.#companies.get(id);
  }

  /** The records of a branch, deleted ones too, in the order they came. */
  records(companyId: number): JournalRecord[] {
    this.cards.catchUp();
    return this.#records.filter((record) => record.company_id === companyId);
  }

  record(id: number): JournalRecord {
    this.cards.catchUp();
    const [record] = this.#byNumber.get(id) ?? [];
    if (record === undefined) throw new Error(`The journal has no record ${id}.`);
    return record;
  }

  /** Tells of every change, silent ones too, as it happens. Call the answer to stop listening. */
  onChange(listener: (change: JournalChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A new record. With neither client nor services it is a time block: no visit, and "paid" because it is free. */
  book({ companyId, id, client, startsAt, services, visitId, staffId = 51 }: Booking): number {
    const company = this.#companyOf(companyId);
    const isBlock = client === null && services.length === 0;
    const lines = services.map((each) => serviceLine(each.id ?? this.newId(0), each.title, each.cost));
    const record = newRecord({
      ...{
        id: id === undefined ? this.#freeId(companyId) : this.#unused(companyId, id),
        company,
        staffId,
        client,
        services: lines,
        startsAt,
        now: this.#now(),
      },
      visitId: visitId ?? (isBlock ? 0 : this.newId(this.visitsFrom)),
    });
    this.#add(record);
    this.#tell(record, "create");
    return record.id;
  }

  /** Takes a raw record as it is, in place of one with the same id: a real answer, or one that makes no sense. */
  put(raw: object): void {
    const record = raw as JournalRecord; // on purpose unproved: the reader of the API is what is being tried
    const before = this.find(record.company_id, record.id);
    if (before === undefined) this.#add(record);
    else
      for (const all of [this.#records, this.#byNumber.get(record.id) ?? []])
        all[all.indexOf(before)] = record;
    this.#tell(record, before === undefined ? "create" : "update");
  }

  #add(record: JournalRecord): void {
    this.#records.push(record);
    this.#byNumber.set(record.id, [...(this.#byNumber.get(record.id) ?? []), record]);
  }

  find(companyId: number, id: number): JournalRecord | undefined {
    this.cards.catchUp();
    return this.#byNumber.get(id)?.find((each) => each.company_id === companyId);
  }

  arrive(id: number, silent: Silent = {}): void {
    this.#attend(id, 1, silent);
  }

  confirm(id: number, silent: Silent = {}): void {
    this.#attend(id, 2, silent);
  }

  noShow(id: number, silent: Silent = {}): void {
    this.#attend(id, -1, silent);
  }

  /** Takes `kopecks` for the services, by default all that is unpaid, and `goods` for goods sold in the visit. */
  pay(
    id: number,
    { kopecks, goods = 0, stamp = true }: { kopecks?: number; goods?: number } & Silent = {},
  ): void {
    this.edit(id, { stamp }, (record) => {
      const off = this.cards.offServices(record);
      const sum = kopecks ?? Math.max(0, priceOf(record, off) - paidFor(record));
      for (const part of splitPayment(record, sum, off)) this.operate(record, "services", part);
      if (goods > 0) this.operate(record, "goods", { line: this.sell(record, goods), kopecks: goods });
    });
  }

  payInPart(id: number, kopecks: number, silent: Silent = {}): void {
    this.pay(id, { kopecks, ...silent });
  }

  /** Pays in full before the visit, online. */
  prepay(id: number, silent: Silent = {}): void {
    const record = this.record(id);
    record.prepaid = true;
    record.prepaid_confirmed = true;
    this.pay(id, silent);
  }

  /** Sets the final price of the whole record, spread over its services as a loyalty discount is. */
  editPrice(id: number, kopecks: number, silent: Silent = {}): void {
    this.edit(id, silent, (record) => spreadPrice(record, kopecks));
  }

  /** Deletes the record's payments in the cash desk. */
  refund(id: number, silent: Silent = {}): void {
    this.edit(id, silent, (record) => {
      record.finance_transactions = [];
    });
  }

  /** Gives back `kopecks` by an operation of its own with a negative sum. */
  refundByNegative(id: number, kopecks: number, silent: Silent = {}): void {
    this.edit(id, silent, (record) =>
      this.operate(record, "services", { line: record.services[0]?.id ?? 0, kopecks: -kopecks }),
    );
  }

  /** Deletes the record; its payments stay as they are. */
  remove(id: number, silent: Silent = {}): void {
    this.#change(this.record(id), silent, { deleted: true }, "delete");
  }

  restore(id: number, silent: Silent = {}): void {
    this.#change(this.record(id), silent, { deleted: false });
  }

  /** Gives the record to another client, or to none. Payments keep who paid them. */
  changeClient(id: number, client: ClientInput | null, silent: Silent = {}): void {
    this.#change(this.record(id), silent, { client: client && clientOf(client) });
  }

  /** Corrects a client's phone in all of its records. */
  changePhone(clientId: number, phone: string, silent: Silent = {}): void {
    for (const record of this.#records.filter(({ client }) => client?.id === clientId))
      this.#change(record, silent, { client: record.client && { ...record.client, phone } });
  }

  reschedule(id: number, startsAt: Date, silent: Silent = {}): void {
    const { timeZone } = this.#companyOf(this.record(id).company_id);
    this.#change(this.record(id), silent, sessionStart(startsAt, timeZone));
  }

  #attend(id: number, attendance: number, silent: Silent): void {
    const record = this.record(id);
    for (const each of this.visitOf(record)) each.visit_attendance = attendance;
    this.#change(record, silent, { attendance });
  }

  /** Goods come onto the visit's bill. YCLIENTS API: every record of the visit lists them. */
  sell(record: JournalRecord, kopecks: number): number {
    const line = goodsLine(this.newId(5_000_000), kopecks);
    for (const each of this.visitOf(record)) each.goods_transactions.push(line);
    return line.id;
  }

  /** A payment in money for one line, attached to this record. */
  operate(record: JournalRecord, kind: "services" | "goods", paid: { line: number; kopecks: number }): void {
    record.finance_transactions.push(operation({ id: this.newId(990_000), record, kind, ...paid }));
  }

  /** A change of money: whether the record is fully paid follows from it, and from nothing else. */
  edit(id: number, silent: Silent, edit: (record: JournalRecord) => void): void {
    const record = this.record(id);
    edit(record);
    this.#change(record, silent, this.#paid(record));
  }

  /** Cards have paid another part of the record: is it fully paid? Nobody is told unless `isTold`. */
  recount(record: JournalRecord, isTold: boolean): void {
    if (isTold) this.#change(record, {}, this.#paid(record));
    else Object.assign(record, this.#paid(record));
  }

  #paid(record: JournalRecord): ReturnType<typeof paidState> {
    return paidState(record, this.cards, this.#overpaid);
  }

  #change(
    record: JournalRecord,
    { stamp = true }: Silent,
    fields: Partial<JournalRecord>,
    status: JournalChange["status"] = "update",
  ): void {
    Object.assign(record, fields);
    if (stamp) record.last_change_date = stampOf(this.#now(), this.#companyOf(record.company_id).timeZone);
    this.#tell(record, status);
  }

  #tell(record: JournalRecord, status: JournalChange["status"]): void {
    for (const listener of this.#listeners)
      listener({ companyId: record.company_id, recordId: record.id, status, record });
  }

  visitOf(record: JournalRecord): JournalRecord[] {
    if (record.visit_id === 0) return [record];
    return this.records(record.company_id).filter((each) => each.visit_id === record.visit_id);
  }

  #companyOf(id: number): Branch {
    const company = this.#companies.get(id);
    if (company === undefined) throw new Error(`The journal has no branch ${id}.`);
    return company;
  }

  /** A number that the branch has no record of: one that was given from outside may be the next in turn. */
  #freeId(companyId: number): number {
    let id = this.newId(700_100_000);
    while (this.find(companyId, id)) id = this.newId(700_100_000);
    return id;
  }

  #unused(companyId: number, id: number): number {
    if (this.find(companyId, id)) throw new Error(`Branch ${companyId} has a record ${id}.`);
    return id;
  }

  /** A number that nothing has yet, above `base`. */
  newId(base: number): number {
    this.#count += 1;
    return base + this.#count;
  }
}
