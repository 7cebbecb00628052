/** A visit of which points pay a part in the journal: read as by the sync, and looked after as by night. */
import { veilOf } from "../../src/cards/veil.ts";
import { watchSettlements } from "../../src/settlements/watch.ts";
import { sweepRecords, syncRecords } from "../../src/visits/sync.ts";
import type { Terms } from "../../src/visits/visit.rule.ts";
import { usual } from "./ledger.ts";
import { MOSCOW } from "./loyal-salon.ts";
import type { SettlingSalon } from "./settling-salon.ts";

/** The journal is read as each minute, and as each night where that is not left out. */
export async function readJournal(
  salon: SettlingSalon,
  terms: Partial<Terms> = {},
  which: "night" | "minute" = "night",
) {
  const { db, settling } = salon;
  const sync = {
    ...{ db, yclients: settling.yclients, log: settling.log, now: settling.now, signal: settling.signal },
    ...{ terms: { ...usual, ...terms }, programStart: "2026-03-01", settleMs: 0, veil: veilOf("secret") },
    ...{ closeScreens: async () => {}, alarm: async () => {} },
  };
  await syncRecords(sync, MOSCOW);
  if (which === "night") await sweepRecords(sync, MOSCOW);
}

export async function spent(salon: SettlingSalon, terms: Partial<Terms> = {}) {
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  await readJournal(salon, terms);
  const row = await salon.spend(recordId, 50_000);
  await salon.work();
  if ((await salon.one(row)).state !== "stands") throw new Error("it was to stand");
  return { recordId, row, card: (await salon.one(row)).reservedCard ?? 0 };
}

/** Two looks, more than a minute apart. */
export async function lookTwice(salon: SettlingSalon) {
  await watchSettlements(salon.settling, "all");
  await salon.sql`
    update settlements set watched_at = watched_at - interval '70 seconds', seen_since = seen_since - interval '70 seconds'`;
  await watchSettlements(salon.settling, "all");
}
