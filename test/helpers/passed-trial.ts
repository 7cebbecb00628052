/** A branch in which settling was tried. Nothing here needs the test runner: the simulator asks for it too. */
import type { Sql } from "postgres";
import { protocol, type SettledBranch } from "../../src/settlements/settlements.ts";

/** As if it had been tried in the branch, and passed. */
export async function passTrial(
  sql: Sql,
  { company, cardType, chain, billFalls, recordPriceFalls }: Omit<SettledBranch, "triedAt">,
): Promise<void> {
  await sql`
    with tried as (
      insert into settlements (company_id, record_id, visit_id, card_type, chain_id, bill_falls, amount, goal, state)
      values (${company}, 1, 1, ${cardType}, ${chain}, ${billFalls}, 3, 'return', 'returned') returning id)
    insert into settlement_trials (settlement_id, protocol, passed, facts)
    select id, ${protocol}, true, ${sql.json({ bill_falls: billFalls, record_price_falls: recordPriceFalls })} from tried`;
}
