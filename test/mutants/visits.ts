/** Faults in what a visit is: whose it is, by which settings it was decided, where and when it took place. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const visits = [
  ...mutantsIn("visits/plan.rule.ts", ["visits/plan.rule"], {
    "a card is fixed before there is anything on it":
      "(known.[-awardId-]{+readAt+} !== null || (seen.deleted",
    "a deleted record that names no client is nobody's":
      "|| [-(seen.deleted && seen.yclientsClientId === null)-]{+seen.card === -1+}",
    "a visit's hour is never corrected": "[-    known.startsAt.getTime() === seen.startsAt.getTime() &&\n-]",
  }),
  ...mutantsIn("visits/post.ts", ["ledger/cards"], {
    "visits that are not read again stay behind when their client goes to another card":
      "[-await leaveBehind(tx, programme, await moveBareVisits(tx, moves));-]",
    "a spend stays with a record that has become somebody else's": "[-await relinkSpends(tx, records);-]",
  }),
  ...mutantsIn("visits/visits.store.ts", ["ledger/cards"], {
    "awarded visits go along with their client":
      "[-and not exists (select from bonuslog a where a.key = v.award_key)\n    -]returning",
    "another client's visits go along":
      "where v.client_id = m.from_card[- and v.yclients_client_id = m.person-]",
  }),
  ...mutantsIn("visits/decide.ts", ["ledger/cards"], {
    "a spend loses its record once that has rows": "known === null[- || known.awardId !== null-]",
  }),
  ...mutantsIn("ledger/spends.store.ts", ["ledger/cards"], {
    "a spend of a card that has gone into another finds no record again":
      "and [-coalesce(c.merged_into, c.id)-]{+c.id+} = v.client_id",
  }),
  ...mutantsIn("ledger/spends.store.ts", ["ledger/branches"], {
    "a spend loses its record to the same number of another branch":
      "where [-(s.company_id, s.record_id) in (select * from unnest(${branches}::bigint[], ${numbers}::bigint[]))-]{+s.record_id = any(${numbers}::bigint[])+}",
  }),
  ...mutantsIn("till/today.store.ts", ["ledger/branches"], {
    "of two branches' records of a number any one is opened": "[-others.length > 0 ? null : -]",
  }),
  ...mutantsIn("visits/branch.ts", ["visits/sync-faults"], {
    "without a right to see payments all are shown":
      "[-payments === false ? 0 : paymentDays-]{+paymentDays+}",
    "a right that is not told of is none":
      "if (days === null) return{+ keepPaymentDays(sync.db, companyId, -1)+};",
  }),
  ...mutantsIn("visits/sync.ts", ["visits/sync"], {
    "other terms decide nothing again": "[-|| readTerms !== termsId-])\n",
    "a later start is not kept": "if (readFrom [-!== null && readFrom < start-]{+=== null+}) {",
    "a branch's zone is learnt once": "[-company = await relearn(pass, companyId);-]",
  }),
  ...mutantsIn("visits/branches.store.ts", ["visits/sync"], {
    "a later start leaves what was decided before it":
      "where [-v.company_id = ${companyId}-]{+false+} and v.day < ${from}",
    "what the visits were read by is not kept": "[-, read_terms = ${termsId}-]",
    "what was read by a wrong zone stands":
      "read_terms = [-case when b.other then null else read_terms end-]{+read_terms+}",
    "a mark asked for by a wrong clock stands": "then mark[- - interval '14 days'-]",
    "the first start's day stays by the wrong zone": "or [-program_start-]{+null+} = (first_started_at",
  }),
  ...mutantsIn("app/rounds.ts", ["app/checks"], {
    "readings that begin after a rest are called late": "lastsMs < [-late-]{+0+} ? 0",
  }),
  ...mutantsIn("app/checks.ts", ["app/checks"], {
    "what the whole round alone says is said of the same branches each time":
      "(whole ? [-wholeRoundMs-]{+6 * wholeRoundMs+} : roundMs)",
    "a chain's branches are all looked at in each round":
      "return companyIds.slice(from, from + [-branchesARound-]{+1e6+});",
    "a pool is opened for each branch": "open [-??=-]{+=+} { pool: db(), users: 0 };",

    "serve does not take a corrected zone over": "? [-takeOver(sync, companyId, named)-]{+null+} : null",
  }),
  ...mutantsIn("cli/check.ts", ["cli/check"], {
    "check does not say that a zone is another":
      "[-(await branchIn(env, id))?.timeZone ?? null-]{+null && (await branchIn(env, id))+}",
  }),
  ...mutantsIn("visits/visit.rule.ts", ["visits/visit.rule"], {
    "a client who is gone hides what is not known":
      "[-{ ...now, hasClient: true, forgotten: false }-]{+now+}",
  }),
  ...mutantsIn("visits/decide.ts", ["visits/sync-faults"], {
    "what was said of payments before they went out of sight is forgotten":
      "[-reading.paidFull ? before : -]null",
  }),
  ...mutantsIn("visits/post.ts", ["visits/sync-faults"], {
    "payments out of sight are waited for": '=== "payment_unknown"[- && inSight(programme, visit)-]',
  }),
  ...mutantsIn("visits/branches.store.ts", ["visits/sync-faults"], {
    "a right that is wider reads nothing again":
      "then [-null-]{+read_terms+} else read_terms end,\n      payment_days",
  }),
  ...mutantsIn("visits/recheck.store.ts", ["alarms/alarms"], {
    "the alarm of a record that is gone never ends": "= 'record_vanished'[- and tries < 12-])",
    "a record that is gone is said to be unreadable":
      "filter (where [-reason <> 'record_vanished'-]{+true+})::int",
  }),
  ...mutantsIn("visits/post.ts", ["till/today"], {
    "an open screen spends from the card that a record was of before":
      "await [-leaveBehind(tx, programme, await moveBareVisits(tx, moves))-]{+moveBareVisits(tx, moves)+};",
    "an open screen stays when a record is given to somebody else":
      "[-await programme.closeScreens(tx, records);-]",
  }),
  ...mutantsIn("visits/visits.store.ts", ["ledger/branches"], {
    "another branch's record of the same number is taken for this one":
      "v.record_id = any(${recordIds}::bigint[])[- and v.company_id = ${companyId}-]",
    "a number that another branch has makes no award":
      '[-o.company_id <> r."companyId" and not o.shared-]{+false+}',
    "a number that was imported makes no award in another branch":
      '[-i.record_id = r."recordId" and i.company_id <> r."companyId"-]{+false+}',
  }),
  ...mutantsIn("visits/post.ts", ["ledger/branches"], {
    "two branches' awards have one key": "[-keys.get(entry.record) ?? -]entry.key",
  }),
  ...mutantsIn("sql/0024_records_by_branch.sql", ["ledger/branches"], {
    "a second award passes for another branch's":
      "if [-not exists (select from visits where award_key = new.key)-]{+false+} then",
  }),
  ...mutantsIn("till/screens.store.ts", ["till/today"], {
    "a record of today opens the card that it was of before":
      "[-= ${of.card}-]{+<> 0 and ${of.card}::bigint <> 0+} else true",
  }),
];
