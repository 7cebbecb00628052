// The shape of a YCLIENTS record as its API sends it: how one is made, its money and its times.

/** One who works in a branch. */
export type Employee = { id: number; name: string; phone: string };
export type Branch = { id: number; title: string; timeZone: string; staff?: Employee[] };
export type ClientInput = { id: number; name: string; phone: string };
/** `id` is the number of the service, one of its own by default. */
export type ServiceInput = { id?: number; title: string; cost: number };

type Client = ReturnType<typeof clientOf>;
type ServiceLine = ReturnType<typeof serviceLine>;
type GoodsLine = ReturnType<typeof goodsLine>;
type Operation = ReturnType<typeof operation>;
export type JournalRecord = ReturnType<typeof newRecord>;

/** `stamp: false` makes a change that does not move `last_change_date`, which only a sweep can find. */
export type Silent = { stamp?: boolean };

/** What listeners are told: the record as it is after the change. */
export type JournalChange = {
  companyId: number;
  recordId: number;
  status: "create" | "update" | "delete";
  record: JournalRecord;
};

export type Booking = {
  companyId: number;
  /** The record's number; a new one by default. Numbers are a branch's own: another may have the same. */
  id?: number;
  client: ClientInput | null;
  startsAt: Date;
  services: ServiceInput[];
  visitId?: number;
  staffId?: number;
};

/** What a journal asks of whoever keeps the clients' cards. */
export type CardsOfVisits = {
  /** What was asked and is late is done by now. */
  catchUp(): void;
  /** Whether `paid_full` counts what cards paid. */
  readonly countAsPaid: boolean;
  /** What they paid of each of a record's services, kopecks. */
  offServices(record: JournalRecord): (service: number) => number;
};

export const noCards: CardsOfVisits = { catchUp: () => {}, countAsPaid: true, offServices: () => () => 0 };

/** Integer kopecks as the rouble number the API sends: 1152381 is 11523.81. */
export const roubles = (kopecks: number): number => kopecks / 100;

/** The API's rouble number as integer kopecks. */
const kopecksOf = (amount: number): number => Math.round(amount * 100);

/** Making one takes longer than a whole booking. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes by which the wall clock of `timeZone` (an IANA name) is ahead of UTC at the instant `at`. */
export function offsetMinutes(at: Date, timeZone: string): number {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  formats.set(timeZone, format);
  const name = format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? []; // plain "GMT" is no offset at all
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

/** `2026-03-10T13:20:41+0300`: whole seconds, the offset without a colon. YCLIENTS API: `last_change_date`. */
export function stampOf(at: Date, timeZone: string): string {
  const offset = offsetMinutes(at, timeZone);
  return wallTime(at, offset) + suffix(offset).replace(":", "");
}

/** The two fields that hold a session's start. YCLIENTS API: `date` has no zone, `datetime` has its colon. */
export function sessionStart(at: Date, timeZone: string): { date: string; datetime: string } {
  const offset = offsetMinutes(at, timeZone);
  const wall = wallTime(at, offset);
  return { date: wall.replace("T", " "), datetime: wall + suffix(offset) };
}

/** Any stamp of the API as an instant in milliseconds, NaN when it is none. Date does not read `+0300`. */
export function momentOf(stamp: unknown): number {
  if (typeof stamp !== "string" || !/^\d{4}-\d\d-\d\d/.test(stamp)) return Number.NaN; // Date reads "0" as a year
  return Date.parse(stamp.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
}

/** A record's stamps once its branch's zone is another: the session's by its wall time, the change's by its instant. */
export function stampsIn(
  timeZone: string,
  record: { date: string; datetime: string; last_change_date: string },
) {
  const [session, change] = [momentOf(record.datetime), momentOf(record.last_change_date)];
  const raw = typeof record.date !== "string" || Number.isNaN(session) || Number.isNaN(change);
  if (raw) return {}; // it stays as it is
  const datetime = record.date.replace(" ", "T") + suffix(offsetMinutes(new Date(session), timeZone));
  return { datetime, last_change_date: stampOf(new Date(change), timeZone) };
}

function wallTime(at: Date, offset: number): string {
  return new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 19);
}

function suffix(offset: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A record's `client` object. */
export function clientOf({ id, name, phone }: ClientInput) {
  return {
    ...{ id, name, surname: "", patronymic: "", display_name: name, phone, card: "", email: "" },
    ...{ success_visits_count: 0, fail_visits_count: 0, discount: 0, is_new: false },
    ...{ custom_fields: [], client_tags: [] },
  };
}

/** A service of a record. YCLIENTS API: every sum is for the whole line, `amount` is a count. Kopecks. */
export function serviceLine(id: number, title: string, kopecks: number) {
  const cost = roubles(kopecks);
  return {
    ...{ id, title, cost, cost_to_pay: cost, manual_cost: cost, cost_per_unit: cost },
    ...{ discount: 0, first_cost: cost, amount: 1 },
  };
}

/** One piece of goods sold in a visit. YCLIENTS API: `amount` is negative on a sale. Kopecks. */
export function goodsLine(id: number, kopecks: number) {
  const cost = roubles(kopecks);
  return {
    ...{ id, good_id: 77, title: "Шампунь", amount: -1, cost_per_unit: cost, price: cost, cost },
    ...{ cost_to_pay: cost, manual_cost: cost, discount: 0 },
    ...{ loyalty_abonement_id: 0, loyalty_certificate_id: 0 },
  };
}

const SERVICES = { id: 5, title: "Оказание услуг", type: 7 };
const GOODS = { id: 7, title: "Продажа товаров", type: 7 };
const ACCOUNT = { id: 300, title: "Эквайринг", is_cash: false, is_default: true };
// YCLIENTS API: an operation's date is the session's start as a clock four hours ahead of UTC shows it.
const OPERATIONS_OFFSET = 240;

type NewOperation = {
  id: number;
  record: { id: number; datetime: string; documents: { id: number }[]; client: Client | null };
  kind: "services" | "goods";
  line: number;
  kopecks: number;
};

/**
 * A finance operation of a record, signed kopecks, for a service line or for goods. YCLIENTS API: payment items 5 and 7
 * are services and goods everywhere; the client's phone has no plus here; who is absent is `[]`.
 */
export function operation({ id, record, kind, line, kopecks }: NewOperation) {
  const expense = kind === "goods" ? GOODS : SERVICES;
  const { client } = record;
  const payer = client && {
    id: client.id,
    name: client.name,
    phone: client.phone.replace("+", ""),
    email: "",
  };
  return {
    ...{ id, document_id: record.documents[0]?.id ?? 0, record_id: record.id, amount: roubles(kopecks) },
    date: wallTime(new Date(record.datetime), OPERATIONS_OFFSET).replace("T", " "),
    ...{ type_id: expense.id, expense_id: expense.id, expense, account_id: ACCOUNT.id, account: ACCOUNT },
    ...{ client_id: client?.id ?? 0, master_id: 0, supplier_id: 0, comment: "", item_id: line },
    ...{ target_type_id: kind === "goods" ? 0 : 1, goods_transaction_id: kind === "goods" ? line : 0 },
    ...{ client: payer ?? [], master: [], supplier: [] },
  };
}

/** What a new record is made of. `visitId` 0 and no services make the time block of a journal. */
type NewRecord = {
  id: number;
  company: Branch;
  visitId: number;
  staffId: number;
  client: ClientInput | null;
  services: ServiceLine[];
  startsAt: Date;
  now: Date;
};

/** A record just booked: waited for, nothing paid. */
export function newRecord({ id, company, visitId, staffId, client, services, startsAt, now }: NewRecord) {
  const start = sessionStart(startsAt, company.timeZone);
  const stamp = stampOf(now, company.timeZone);
  const paid = services.every((line) => line.cost === 0) ? 1 : 0; // YCLIENTS API: what costs nothing is "fully paid"
  const visit = { company_id: company.id, visit_id: visitId };
  const documentId = id + 100_000_000;
  return {
    ...{ id, ...visit, staff_id: staffId, services, goods_transactions: [] as GoodsLine[] },
    staff: {
      id: staffId,
      api_id: null,
      name: "Ольга",
      specialization: "Мастер",
      rating: 4.9,
      votes_count: 12,
    },
    ...{ client: client && clientOf(client), comer: null, clients_count: 1, ...start },
    ...{ create_date: stamp, last_change_date: stamp, comment: "", online: true },
    ...{ attendance: 0, visit_attendance: 0, confirmed: 1, seance_length: 3600, length: 3600 },
    ...{ deleted: false, paid_full: paid, payment_status: paid, prepaid: false, prepaid_confirmed: false },
    ...{ is_update_blocked: false, activity_id: 0, custom_fields: [], record_labels: [] },
    documents: [
      {
        ...{ id: documentId, type_id: 7, ...visit, record_id: id, number: documentId },
        ...{ comment: "", date_created: start.date, type_title: "Визит" },
      },
    ],
    finance_transactions: [] as Operation[],
  };
}

/** The final price of the record's services, less what is `off` each by a card, kopecks. */
export function priceOf(record: JournalRecord, off: (service: number) => number = () => 0): number {
  return record.services.reduce((sum, line) => sum + kopecksOf(line.cost) - off(line.id), 0);
}

/** What was paid for the record's services, kopecks; goods are no part of `paid_full`. */
export function paidFor(record: JournalRecord): number {
  const paid = record.finance_transactions.filter((each) => each.expense_id === 5);
  return paid.reduce((sum, each) => sum + kopecksOf(each.amount), 0);
}

/** Whether the record is fully paid, by money and by what counts of cards; `overpaid` says that it is too much. */
export function paidState(record: JournalRecord, cards: CardsOfVisits, overpaid: 1 | 2) {
  const over = paidFor(record) - priceOf(record, cards.countAsPaid ? cards.offServices(record) : undefined);
  const paid = over < 0 ? 0 : over === 0 ? 1 : overpaid;
  return { paid_full: paid, payment_status: paid };
}

/** Sets the record's final price, kopecks, spread over its services; the last one takes what rounding leaves. */
export function spreadPrice(record: JournalRecord, kopecks: number): void {
  const before = priceOf(record);
  let left = kopecks;
  for (const [index, line] of record.services.entries()) {
    const isLast = index === record.services.length - 1;
    const share = before === 0 ? 0 : Math.round((kopecks * kopecksOf(line.cost)) / before);
    const part = isLast ? left : Math.min(left, share);
    line.cost = line.cost_to_pay = roubles(part);
    left -= part;
  }
}

/** A payment of `kopecks` as what falls on each service that is not paid yet; the last one takes a tip. */
export function splitPayment(
  record: JournalRecord,
  kopecks: number,
  off: (service: number) => number,
): { line: number; kopecks: number }[] {
  let before = paidFor(record); // what is paid already covers the first services
  let left = kopecks;
  const parts = record.services.map((line, index) => {
    const cost = kopecksOf(line.cost) - off(line.id);
    const covered = Math.min(Math.max(0, before), cost);
    before -= covered;
    const isLast = index === record.services.length - 1;
    const part = isLast ? left : Math.min(left, cost - covered);
    left -= part;
    return { line: line.id, kopecks: part };
  });
  return parts.filter((part) => part.kopecks > 0);
}
