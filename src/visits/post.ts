// A page of readings goes in; a record that the database refuses is found and left out, and stops nobody else's.

import { type Db, refusedValue } from "../db/connect.ts";
import type { Lease } from "../jobs/leases.ts";
import { type Posted, postReadings } from "../ledger/ledger.ts";
import type { Reading, Unreadable } from "../yclients/record.ts";
import { nothing, type Programme, plus } from "./decide.ts";

/** What is committed of a page, and which records the database refuses, with the rule that they break. */
export interface Fitted extends Posted {
  refused: Unreadable[];
}

/**
 * `postReadings` for what fits: a page that the database refuses is halved until the odd records stand alone, each part in
 * a transaction of its own. Everything that a moment later may be otherwise (see `refusedValue`) is thrown, as is
 * `LeaseLost`; what was committed before stays.
 */
export async function postWhatFits(
  db: Db,
  programme: Programme,
  readings: Reading[],
  lease: Lease | null,
): Promise<Fitted> {
  try {
    return { ...(await postReadings(db, programme, readings, lease)), refused: [] };
  } catch (error) {
    const rule = refusedValue(error);
    const [first] = readings;
    if (rule === null || first === undefined) throw error;
    if (readings.length === 1) {
      const refused = [{ recordId: first.recordId, why: `the database refuses it: ${rule}` }];
      return { ...nothing(), rows: [], refused };
    }
    const half = Math.ceil(readings.length / 2);
    const one = await postWhatFits(db, programme, readings.slice(0, half), lease);
    const other = await postWhatFits(db, programme, readings.slice(half), lease);
    return {
      ...plus(one, other),
      rows: [...one.rows, ...other.rows],
      refused: [...one.refused, ...other.refused],
    };
  }
}
