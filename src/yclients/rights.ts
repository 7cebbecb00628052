// What the user token may see, as YCLIENTS says it. Null is "not said".

export interface Rights {
  /** The journal of records. */
  journal: boolean | null;
  /** Clients' phones in the journal. */
  phones: boolean | null;
  /** Finance operations, that is, what was paid. */
  payments: boolean | null;
  /** How many days back finance operations are seen; -1 for all of them. */
  paymentDays: number | null;
}

/** YCLIENTS API: `GET /user/permissions`, rights grouped by the sections of its interface, or not grouped. */
export function rightsOf(data: unknown): Rights {
  const all = rightsBySections(data);
  const phones = [all.timetable_phones_access, all.client_phones_access].map(flag);
  return {
    journal: flag(all.timetable_access),
    phones: phones.includes(false) ? false : phones.includes(true) ? true : null,
    payments: flag(all.finances_transactions_access),
    paymentDays: whole(all.finances_last_days_count),
  };
}

function rightsBySections(data: unknown): Record<string, unknown> {
  const sections = Object.values(Object(data)).filter((one) => typeof one === "object");
  return Object.assign({}, data, ...sections);
}

/** What a settling spend needs beside it. */
export type SettlingRight = "loyalty" | "byHand" | "visits" | "visitPayments" | "visitDays";

/** Of YCLIENTS's own names; the first is printed under two. Null is "not said". */
export function settlingRightsOf(data: unknown): Record<SettlingRight, boolean | null> {
  const all = rightsBySections(data);
  const visits = [all.record_form_access, all.record_form_client_access].map(flag);
  const days = whole(all.records_finances_last_days_count);
  return {
    loyalty: flag(all.loyalty_access ?? all.has_loyalty_access),
    byHand: flag(all.loyalty_cards_manual_transactions_access),
    visits: visits.includes(false) ? false : visits.includes(true) ? true : null,
    visitPayments: flag(all.records_finances_access),
    // Whoever was at the till yesterday may come back today: two weeks are what spends are watched for.
    visitDays: days === null ? null : days < 0 || days >= watchedDays,
  };
}

const watchedDays = 14;

function flag(value: unknown): boolean | null {
  if (value === true || value === 1 || value === "1") return true;
  return value === false || value === 0 || value === "0" ? false : null;
}

/** A hundred years are all days, and what addition and the database's integers can bear. */
const maxDays = 36_500;

function whole(value: unknown): number | null {
  const read = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof read === "number" && Number.isSafeInteger(read) && read >= -1
    ? Math.min(read, maxDays)
    : null;
}
