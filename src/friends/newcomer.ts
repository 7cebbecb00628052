// Whether whoever was invited is new: what is known here, then the journal of every branch, and nobody who works here.

import type { Db } from "../db/connect.ts";
import { messageOf, Unreachable } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Account } from "../rules/account.ts";
import type { CompanyId } from "../rules/ids.ts";
import { addDays, dayOf } from "../rules/time.ts";
import { findCompany } from "../visits/branch.ts";
import type { Terms } from "../visits/visit.rule.ts";
import type { Yclients } from "../yclients/client.ts";
import { hadBeenHere } from "./friend.rule.ts";
import { type Refusal, refuseTie } from "./friends.store.ts";
import { type AskedTie, letTieWait, putTieBack, tiesToAsk } from "./newcomer.store.ts";

/** What the rounds of invitations need. */
export interface Friends {
  db: Db;
  yclients: Pick<Yclients, "rights" | "clientsByPhone" | "recordsOfClient" | "staffPhones">;
  log: Log;
  now: () => Date;
  /** For how many friends one client gets points in a calendar month, and in a calendar year. */
  friendAMonth: number;
  friendAYear: number;
  companyIds: readonly CompanyId[];
  paidBy: Terms["paidBy"];
  /** The accounts of all who work here. */
  staff: () => Promise<readonly Account[]>;
  signal: AbortSignal;
}

/** So many a round: the journal's budget is the visits' first. */
const atOnce = 20;

/**
 * Asks about those who were invited and were not asked about yet. Where the journal does not say it, a tie stays as it is and
 * is asked about again: nobody is new whose history cannot be seen.
 */
export async function askAboutNewcomers(friends: Friends): Promise<void> {
  const ties = await tiesToAsk(friends.db, atOnce);
  if (ties.length === 0) return;
  const team = { accounts: await friends.staff(), phones: staffPhones(friends) };
  for (const tie of ties) {
    if (friends.signal.aborted) return;
    try {
      const why = await refusalOf(friends, team, tie);
      if (why === null) await letTieWait(friends.db, tie.friend, friends.now());
      else await refuseTie(friends.db, tie.friend, why, friends.now());
    } catch (error) {
      if (friends.signal.aborted) return;
      await putTieBack(friends.db, tie.friend, friends.now());
      friends.log.warn(
        { job: "friends", card: tie.friend, error: messageOf(error) },
        "it is not known yet whether an invited client is new",
      );
      if (error instanceof Unreachable) return;
    }
  }
}

/** Who works here, by account and by phone. */
interface Team {
  accounts: readonly Account[];
  phones: () => Promise<Set<string>>;
}

/** Of every branch, read once a round and only where it is needed. */
function staffPhones({ companyIds, yclients }: Friends): Team["phones"] {
  let asked: Promise<Set<string>> | null = null;
  const all = async () => {
    const phones = new Set<string>();
    for (const company of companyIds) for (const one of await yclients.staffPhones(company)) phones.add(one);
    return phones;
  };
  return () => {
    asked ??= all();
    return asked;
  };
}

/** Null: new in every branch, and neither of the two works here. */
async function refusalOf(friends: Friends, team: Team, tie: AskedTie): Promise<Refusal | null> {
  const { phone, inviterPhone } = tie;
  if (phone === null) return "forgotten";
  const works = (accounts: Account[]) => accounts.some((one) => team.accounts.includes(one));
  if (works(tie.accounts)) return "friend_works_here";
  if (works(tie.inviterAccounts)) return "inviter_works_here";
  // What is known without a question comes first.
  if (tie.known) return "known";
  const phones = await team.phones();
  if (phones.has(phone)) return "friend_works_here";
  if (inviterPhone !== null && phones.has(inviterPhone)) return "inviter_works_here";
  for (const company of friends.companyIds)
    if (await isKnownIn(friends, company, phone, tie.tiedAt)) return "known";
  return null;
}

async function isKnownIn(
  { db, yclients }: Friends,
  company: CompanyId,
  phone: string,
  tiedAt: Date,
): Promise<boolean> {
  const { phones } = await yclients.rights(company);
  if (phones === false) throw new Error("the user token may not see clients' phones");
  const timeZone = (await findCompany(db, company))?.timeZone ?? null;
  // A day more: where the zone is not known the day may be another.
  const to = addDays(dayOf(tiedAt, timeZone ?? "UTC"), 1);
  for (const client of await yclients.clientsByPhone(company, phone)) {
    const { readings, unreadable } = await yclients.recordsOfClient(company, client, to, timeZone);
    if (hadBeenHere(readings, tiedAt)) return true;
    if (unreadable.length > 0) throw new Error("some of the client's records cannot be read");
  }
  return false;
}
