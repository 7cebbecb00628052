// What the journals of a simulated world said of each record at each moment: what a rule is held against that looks back.

import type { JournalRecord } from "../../src/standins/yclients/record.ts";

/** A session of a client, as a journal had it for a while. Times are milliseconds, sums kopecks. */
export interface Session {
  /** Records of one visit have the same. */
  visit: string;
  client: number | null;
  startsAt: number;
  /** Cancelled, or marked as a no-show. */
  gone: boolean;
  held: boolean;
  paidInFull: boolean;
  /** In money, for services and goods. */
  paid: number;
}

/** Since when a record was like this. */
type Moment = Session & { at: number };

export class Histories {
  readonly #records = new Map<string, Moment[]>();

  /** What a record is now. An answer that cannot be read changes nothing of it. */
  note(at: number, record: JournalRecord): void {
    if (!Array.isArray(record.finance_transactions) || typeof record.id !== "number") return;
    const money = record.finance_transactions.filter(({ expense }) => [5, 7].includes(expense?.id));
    const key = `${record.company_id} ${record.id}`;
    const moments = this.#records.get(key) ?? [];
    moments.push({
      at,
      visit: record.visit_id ? `${record.company_id} ${record.visit_id}` : key,
      client: record.client?.id ?? null,
      startsAt: Date.parse(record.datetime),
      gone: record.deleted || record.attendance === -1,
      held: record.attendance === 1,
      paidInFull: record.paid_full >= 1,
      paid: money.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0),
    });
    this.#records.set(key, moments);
  }

  /** The sessions of whoever has these numbers in the journals, as they stood at that moment. */
  sessions(clients: readonly number[], at: number): Session[] {
    return [...this.#records.values()].flatMap((moments) => {
      const then = moments.findLast((moment) => moment.at <= at);
      return then && clients.includes(then.client ?? Number.NaN) ? [then] : [];
    });
  }

  /** Each moment from `from` to `to` at which their sessions may have been others than before, the first one too. */
  moments(clients: readonly number[], from: number, to: number): number[] {
    const theirs = [...this.#records.values()].filter((moments) =>
      moments.some(({ client }) => clients.includes(client ?? Number.NaN)),
    );
    const between = theirs.flat().map(({ at }) => at);
    return [from, ...between.filter((at) => at > from && at <= to).sort((one, other) => one - other)];
  }
}
