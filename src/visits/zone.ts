// The clock of the business: its first branch's.

import type { Db } from "../db/connect.ts";
import type { CompanyId } from "../rules/ids.ts";
import { findCompany } from "./branches.store.ts";

/** Before YCLIENTS has said one. */
export const unknownBranchZone = "Europe/Moscow";

/** The time zone of the first of these branches. */
export async function branchZone(db: Db, companyIds: readonly CompanyId[]): Promise<string> {
  return (await findCompany(db, companyIds[0] ?? 0))?.timeZone ?? unknownBranchZone;
}
