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
  const sections = Object.values(Object(data)).filter((one) => typeof one === "object");
  const all: Record<string, unknown> = Object.assign({}, data, ...sections);
  const phones = [all.timetable_phones_access, all.client_phones_access].map(flag);
  return {
    journal: flag(all.timetable_access),
    phones: phones.includes(false) ? false : phones.includes(true) ? true : null,
    payments: flag(all.finances_transactions_access),
    paymentDays: whole(all.finances_last_days_count),
  };
}

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
