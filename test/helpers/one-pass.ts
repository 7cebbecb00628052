// One pass over a branch in a process of its own, to be killed: bun one-pass.ts <database> <YCLIENTS> <branch>.

import { pino } from "pino";
import { veilOf } from "../../src/cards/veil.ts";
import { connect, databaseNow } from "../../src/db/connect.ts";
import { closeScreensOf } from "../../src/till/screens.store.ts";
import { syncRecords } from "../../src/visits/sync.ts";
import { yclients } from "../../src/yclients/client.ts";

const [database = "", url = "", branch = "0"] = process.argv.slice(2);
const db = connect(database);
const budget = { take: () => databaseNow(db), refused: async () => {} };
await db`select 1`;
process.stdout.write("begun\n");
await syncRecords(
  {
    db,
    yclients: yclients({ url, partnerToken: "partner", userToken: "user", budget }),
    log: pino({ level: "silent" }),
    now: () => new Date("2026-03-10T09:00:00Z"),
    terms: { percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" },
    programStart: "2026-02-01",
    settleMs: 30_000,
    closeScreens: closeScreensOf,
    veil: veilOf("secret"),
    signal: new AbortController().signal,
    alarm: async () => {},
  },
  Number(branch),
);
await db.end();
