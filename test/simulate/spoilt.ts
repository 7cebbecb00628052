// Records of a simulated journal whose answers cannot be read for a while, or say nothing of their payments.

import type { Journal } from "../../src/standins/yclients/journal.ts";
import type { JournalRecord } from "../../src/standins/yclients/record.ts";

/** A record, where it stands: numbers of two branches may be the same. */
export interface Entry {
  journal: Journal;
  branch: number;
  id: number;
}

export class Spoilt {
  readonly #whole = new Map<Entry, JournalRecord>();

  /** From now on the journal's answers about this record cannot be read, or say nothing of its payments. */
  spoil(entry: Entry, how: "noOperations" | "text" | "noId"): void {
    const whole = entry.journal.record(entry.id);
    const { finance_transactions, ...rest } = structuredClone(whole);
    if (how !== "noId") this.#whole.set(entry, whole);
    const answers = {
      noId: { ...whole, id: "0" },
      text: { ...rest, finance_transactions: "нет" },
      noOperations: rest,
    };
    entry.journal.put(answers[how]);
  }

  /** Its answers are as they were; without one, those of all. */
  mend(...entries: Entry[]): void {
    for (const entry of entries.length > 0 ? entries : this.#whole.keys()) {
      const whole = this.#whole.get(entry);
      if (whole) entry.journal.put(whole);
      this.#whole.delete(entry);
    }
  }
}
