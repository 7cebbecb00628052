/** Faults in the ledger: its lock, its keys, its guards in the database, its proof. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const ledger = [
  ...mutantsIn("ledger/ledger.ts", ["ledger/ledger"], {
    "a program that lost its lease still writes": "[-    if (lease) await mustHold(tx, lease);\n-]",
    "new rows tell nobody": "await enqueueNotice(tx, [...new Set(added{+.slice(0, 0)+}",
  }),
  ...mutantsIn("visits/post.ts", ["ledger/ledger"], {
    "a page's state is not kept with its rows":
      "[-await keepStates(tx, programme, decided)-]{+new Map<number, string>()+};",
    "visits do not settle before they are told": "inMs: [-programme.settleMs-]{+0+}",
    "the points of merged cards are doubled": "[-{ ...row, card: from, points: -sum, key: key(1) },-]",
    "two rows of a merged visit have one key": "key: key([-2-]{+1+}) }",
    "an answer in doubt is not looked at again": "[-    ...doubts,\n-]",
    "a payment that is not known is believed": "const unknown = read.[-filter(waits)-]{+slice(0, 0)+};",
  }),
  ...mutantsIn("visits/post.ts", ["ledger/cards"], {
    "merged cards keep the people and visits apart": "[-await handOver(tx, from, to);-]",
  }),
  ...mutantsIn("ledger/ledger.ts", ["ledger/till"], {
    "a debit adds": 'points[-: kind === "credit" ? points : -points-]',
    "a spend's bill is not in its row": "paid: [-bill ?? -]null",
    "taking back adds where it should take": "...told, points[-: -points-], actor, key: `undo",
    "a change can be taken back twice": "key: `undo:${id}{+:${Math.random()}+}`",
    "a move gives and does not take": "card: from, points[-: -points-], corrects: second",
    "a shortage is thrown and not said": '[-if (rule !== "spending_never_goes_below_zero") -]throw error;',
    "any fault of the database is said to be a shortage":
      '[-if (rule !== "spending_never_goes_below_zero") throw error;-]',
    "what was done already is told again": "[-added-]{+entries+}.map((row) => row.card))], notice",
    "the till's changes wait to be told": "companyId: null, inMs: [-0-]{+60_000+}",
  }),
  ...mutantsIn("ledger/ledger.ts", ["till/till"], {
    "the ledger's lock is forgotten at the till": "[-    await lockLedger(tx);\n-]",
  }),
  ...mutantsIn("visits/decide.ts", ["ledger/ledger"], {
    "a record's terms change with every reading":
      "[-known?.termsId ?? first-]{+first ?? known?.termsId ?? null+}",
  }),
  ...mutantsIn("visits/decide.ts", ["ledger/cards"], {
    "YCLIENTS's number of a forgotten person's visit stays": "visitId: [-nameless ? null : -]reading.visitId",
  }),
  ...mutantsIn("visits/decide.ts", ["visits/sync-faults"], {
    "payments out of sight are zero": "if ([-inSight(programme, reading)-]{+programme+} || (servicesPaid",
  }),
  ...mutantsIn("visits/decide.ts", ["import/import"], {
    "an imported record is awarded once more":
      "[-(award ? firstRead(award, seen, programme.companyId) : null)-]{+null+}",
  }),
  ...mutantsIn("visits/decide.ts", ["ledger/edges"], {
    "the first day that is in sight is out of it": "day >[-=-] paymentsFrom",
  }),
  ...mutantsIn("ledger/entries.store.ts", ["ledger/ledger"], {
    "a page's questions read whole tables":
      "select pg_advisory_xact_lock(7305, 1)[-, set_config('enable_seqscan', 'off', true)-]",
  }),
  ...mutantsIn("ledger/entries.store.ts", ["ledger/till"], {
    "a row that is there already fails the page": "[-on conflict (key) do nothing-]",
    "the rows of a page are written in no order": "order by place{+ desc+}\n",
  }),
  ...mutantsIn("ledger/entries.store.ts", ["ledger/edges"], {
    "any conflict is taken for done already": "on conflict [-(key) -]do nothing",
  }),
  ...mutantsIn("visits/visits.store.ts", ["ledger/ledger"], {
    "what is posted forgets corrections": "where [-c.corrects = a.id and c.kind = 'correction'-]{+false+}",
    "the later card of a record is not stored": "[-client_id = excluded.client_id,\n      -]starts_at",
    "a record's terms are lost at its next change": "terms_id = [-excluded.terms_id-]{+null+},",
  }),
  ...mutantsIn("visits/visits.store.ts", ["ledger/edges"], {
    "an answer's time is not stored when nothing changed": "set [-read_at = r.read_at, -]decision",
  }),
  ...mutantsIn("cards/cards.store.ts", ["ledger/cards"], {
    "a card has gone before its last row, by a clock that was put back":
      "[-(select max(awarded_at) from bonuslog where client_id = ${from})-]{+null+}",
    "merged visits stay on the card before": "update visits set client_id = ${[-to-]{+from+}} where",
  }),
  ...mutantsIn("cards/assign.ts", ["ledger/cards"], {
    "a missing phone makes a new card": "return person.phone === [-null || person.phone === -]before.phone",
    "whoever else is on a card that learns its phone is taken for one without a phone":
      "[-settled.set(before.card, { card, phone: person.phone });-]",
    "a card that somebody has named takes the journal's name": "cardName [-=== null-]{+!== undefined+}).map(",
    "the second client of one phone in a page gets a card of their own":
      "[-if (person.phone) owners.set(person.phone, { card, linked: false });-]",
  }),
  ...mutantsIn("cards/assign.ts", ["ledger/edges"], {
    "a pass brings a forgotten person back":
      "if ((before?.forgotten || (goneBy && !before)) && !owner[-?.linked-])",
  }),
  ...mutantsIn("sql/0040_lots.sql", ["ledger/till"], {
    "the database lets a spend go below zero": "rest > 0 and waits) < [-0-]{+-100000000+} then",
    "the database lets a debit go below zero": "in ('spend', '[-debit', '-]undo', 'move')\n",
    "the database lets an undo go below zero": "in ('spend', 'debit', '[-undo', '-]move')\n",
    "the database lets a move go below zero": "in ('spend', 'debit', 'undo'[-, 'move'-])\n",
    "the balance that guards spending is of all cards":
      "from bonuslog[- where client_id = new.client_id-]) + new.points",
    "what was done already is said to be a shortage":
      "[-and not exists (select from bonuslog where key = new.key)-]\n",
  }),
  ...mutantsIn("sql/0003_bonuslog.sql", ["ledger/till"], {
    "a row of no points is taken": "check (points [-<> 0-]{+is not null+})",
  }),
  ...mutantsIn("sql/0024_records_by_branch.sql", ["db/ledger-guards"], {
    "two awards of one record are taken": "create [-unique -]index one_award_a_record",
  }),
  ...mutantsIn("sql/0039_kinds.sql", ["db/ledger-guards"], {
    "a negative award is taken": "[-when 'award' then points > 0 -]when",
  }),
  ...mutantsIn("sql/0003_bonuslog.sql", ["db/ledger-guards"], {
    "a phone is taken in a reason": "check (reason !~ '(\\d[\\s()+-]*){[-7-]{+70+}}' and ",
    "a correction may name nothing": "check (kind [-not in ('correction', 'undo') or corrects -]is not null)",
    "the database lets rows be changed": "old[-.is_telegram_notified := true-]{+ := new+};",
    "the database lets the flag be taken back":
      "[-and new.is_telegram_notified then\n    old.is_telegram_notified := true-]{+then\n    old.is_telegram_notified := new.is_telegram_notified+};",
    "the database lets rows be removed": "before update [-or delete on-]{+on+}",
    "the database lets the ledger be emptied": "bonuslog_is_not_cut before [-truncate-]{+delete+}",
  }),
  ...mutantsIn("ledger/proofs.store.ts", ["ledger/verify"], {
    "verify does not look at debits": "and kind in ('spend', '[-debit', '-]undo', 'move', 'expiry')",
    "verify does not look at moves": "'debit', 'undo'[-, 'move'-], 'expiry')",
    "verify takes a visit's debt for an overdraft": "and kind in ('{+correction', '+}spend', 'debit'",
  }),
  ...mutantsIn("visits/proofs.store.ts", ["ledger/verify"], {
    "verify leaves out corrections": "left join corrected c on [-c.corrects = award.id-]{+false+}",
    "verify leaves out records that were never read":
      "where v.terms_id is not null[- or award.id is not null-]",
  }),
  ...mutantsIn("ledger/verify.ts", ["ledger/verify"], {
    "verify does not ask whether anything explains a row":
      "...[-each(slices.rows.flatMap(spanOf), oddRows, ofOdd)-]{+[]+},",
    "verify does not ask for a second award":
      "...[-each(slices.records, doubleAwards, ofDoubleAward)-]{+[]+},",
  }),
  ...mutantsIn("db/connect.ts", ["ledger/verify"], {
    "a slice leaves out its last row": "${name} [-<=-]{+<+} ${slice.last}",
    "two slices have the same row": "${name} [->-]{+>=+} ${slice.after}",
    "what has no id is in no slice": "sql`${name} [-is null-]{+is null and false+}`",
  }),
  ...mutantsIn("ledger/faults.ts", ["ledger/verify"], {
    "faults of many slices are listed without end": ".slice(0, [-maxListed-]{+maxListed * 2+})",
  }),
  ...mutantsIn("ledger/hands.ts", ["ledger/hands"], {
    "what the second one was at is forgotten": "[-waiting.unshift(job);-]",
    "the second one sees another ledger": "holdToProve(other[-, snapshot-])",
    "the second one stays behind": "await second?.[-end({ timeout: 0 })-]{+options.max+}",
  }),
  ...mutantsIn("ledger/proofs.store.ts", ["ledger/hands"], {
    "a role without the right to a snapshot proves nothing": "if ([-!right?.may-]{+false+}) return null;",
  }),
  ...mutantsIn("visits/proof.rule.ts", ["ledger/verify"], {
    "verify believes a decision that its rows deny":
      "if ([-!fits-]{+row.record < 0+}) return [`Record ${record}: its decision is",
    "verify believes what a visit says of its import": "[-if (base <= (importedPoints ?? 0)) -]return [];",
    "verify believes imported_awards": "if ([-(importedPoints ?? 0) !== (gave ?? 0)-]{+false+})",
  }),
  ...mutantsIn("ledger/chain.store.ts", ["ledger/verify"], {
    "verify passes over a gap": "where fits is not true[- or id is distinct from after + 1-]",
    "a row that cannot be hashed fits": "where [-fits is not true-]{+not fits+} or",
    "the quick look takes a row that cannot be hashed":
      "[-(hash = ${hashed(sql)}) is not true-]{+hash <> ${hashed(sql)}+}",
    "a time without end fails the proof":
      "extract(epoch from [-case when isfinite(entry.awarded_at) then entry.awarded_at end-]{+entry.awarded_at+})",
    "the seals of digests are kept and never looked for": "from digests where [-hash is not null-]{+false+}",
    "a seal behind the ledger's end is taken for contained":
      "where [-rows > 0-]{+b.id is not null+} and encode",
    "a row's hash is not held against the seal's":
      "[-encode(b.hash, 'hex') is distinct from kept.hash-]{+b.id is null+}",
  }),
  ...mutantsIn("sql/0033_values_that_can_be_read.sql", ["db/ledger-guards"], {
    "a row may be of a year that the program cannot read":
      "from awarded_at at time zone 'UTC') [-between 1 and 9999-]{+<> 1+}",
    "a row's paid sum may be no number": "check (paid <> [-'NaN'-]{+0+})",
  }),
  ...mutantsIn("owners/digests.store.ts", ["owners/digest"], {
    "a forged row without an author keeps the evening message back":
      "[-coalesce(b.actor, '') as -]{+b.+}actor",
    "a forged row of no moment keeps the evening message back": "[-isfinite(b.awarded_at)-]{+true+}",
    "a digest's seal is told and not kept":
      "[-decode(nullif(${hash}, '-'), 'hex')-]{+nullif(${hash}, ${hash})::bytea+}",
    "a digest of a day long past counts as the last one": "order by [-d.day-]{+last_row+} desc",
  }),
  ...mutantsIn("ledger/odd-rows.store.ts", ["owners/digest"], {
    "a row of no card or no moment is explained": "[-(isfinite(awarded_at)) is not true-]{+false+}",
    "a row of days long past slips between two digests":
      "[-b.awarded_at < d.sent_at - interval '1 day'-]{+false+}",
  }),
  ...mutantsIn("sql/0030_openings.sql", ["ledger/odd-rows"], {
    "the database takes rows of an import at any time": "select [-actor !~ '^import:'-]{+false+} from",
    "the database takes an opening without its other half":
      "[-other.kind = 'opening' and other.points = -new.points-]{+true+}",
    "the database takes an opening of no merge":
      "[-and giver.merged_into = coalesce(taker.merged_into, taker.id)-]",
  }),
  ...mutantsIn("ledger/odd-rows.store.ts", ["ledger/odd-rows"], {
    "what cannot be told holds": "when [-(${holds}) is not true-]{+not (${holds})+} then",
    "a correction may name anything": "[-named.kind = 'award'-]{+true+}\"",
    "an undo may be of other points": '"[-b.points = -named.points-]{+true+}"',
    "an undo may be on any card": "`[-b.client_id = named.client_id-]{+true+} or ${root",
    "an undo of a merged card is odd where it went":
      '[-${root("b.client_id")} = ${root("named.client_id")}-]{+false+}',
    "anything can be taken back": 'takesBack(["spend", "credit", "debit"{+, "award"+}])',
    "a row can be taken back under another key": "b.key [-= 'undo:' || b.corrects-]{+is not null+}\");",
    "half a move is enough": "[-other.points = -b.points-]{+true+} and",
    "a pair may be of two authors and keys": "and {+true or +}other.key = ${withoutSide",
    "a client may move another's points": "b.actor [-= 'client:' || ${giver}-]{+~ '^client:'+}",
    "an import never ends": '["[-b.id < (select over from imported)-]{+true+}", "\'comes after',
    "an award of an import may come late": "${imports}[- and b.id < (select over from imported)-]`, author]",
    "an opening needs no merge": "and [-${root(giver)} <> ${giver} and-]{+true or+}",
    "a spend needs no bill in spends": '["[-s.bill = b.paid-]{+true+}"',
    "a spend may be more than its bill": "b.points < 0[- and -b.points <= b.paid-]",
    "anybody may write by hand": "b.actor [-~ '^admin:${who}(,owner:${who})?$'-]{+is not null+}",
    "a correction may be of another record's key":
      "[-starts_with(b.key, named.key || ':')-]{+true+} and substr",
    "a kind that nobody knows is passed over":
      "[-else 'is of a kind that the program does not write' end-]{+end+}",
    "a merged card may get rows": "[-b.awarded_at > c.merged_at-]{+false+}",
    "a merged card may hold points": "having [-sum(b.points) <> 0-]{+false+}",
    "a bill may be of any row": "when [-b.kind is distinct from 'spend' and s.id is not null-]{+false+} then",
  }),
  ...mutantsIn("owners/figures.store.ts", ["owners/owners"], {
    "a deleted record is a paid visit": "and [-not v.deleted and -]v.attendance <> -1",
    "a certificate is money": "coalesce(v.services_paid + v.goods_paid, 1)`} [->-]{+>=+} 0",
    "a spend that was taken back leaves its bill": "case when [-b.corrects is null-]{+true+} then s.bill",
    "what forgotten people held is owed":
      "sum(greatest(points, 0)) [-filter (where c.forgotten_at is null)-]{+filter (where true)+}, 0) as owed",
    "two visits on a day are a return":
      "[-group by v.client_id, v.day-]{+group by v.client_id, v.day, v.record_id+}",
    "points of a visit that is still to come are today's":
      "(b.kind <> 'award' or [-b.actor ~ '^import:' and not exists (select from visits v where v.award_key = b.key)-]{+true+})",
  }),
  ...mutantsIn("owners/workbook.store.ts", ["owners/workbook"], {
    "the workbook counts cards of forgotten people twice":
      "where [-c.forgotten_at is null and -]c.merged_into is null",
    "the balances of a day are those of today":
      "join clients w on w.id = b.client_id where true [-${until(tx, span)}-]",
    "the workbook takes a no-show for a visit":
      "and v.starts_at <= ${now} [-and not v.deleted and v.attendance <> -1 -]${last}",
  }),
  ...mutantsIn("owners/workbook.ts", ["owners/workbook"], {
    "a debt is a balance": "[-Math.max(0, line.points) / 100-]{+line.points / 100+}",
    "rows beyond a sheet are lost": "[-page.commit();\n          page = open();-]{+break;+}",
  }),
  ...mutantsIn("owners/figures.ts", ["owners/owners"], {
    "half a period is compared": "since !== null && [-since <= before(one).from-]{+since < one.to+}",
  }),
  ...mutantsIn("owners/stats.ts", ["owners/owners"], {
    "who still has time to come back counts as gone": "addDays(today, -within[- - 1-])",
  }),
  ...mutantsIn("owners/digest.ts", ["owners/digest"], {
    "the digest says nothing of odd rows": "odd{+: odd.slice(0, 0)+},\n      changes,",
  }),
  ...mutantsIn("db/connect.ts", ["ledger/verify"], {
    "the proof reads temporary tables of the session":
      "'[-pg_catalog, %I, pg_temp-]{+pg_temp, pg_catalog, %I+}'",
  }),
  ...mutantsIn("db/guards.ts", ["db/guards"], {
    "what was added to a table is passed over": "if (wanted.has([-key) || !-]{+of) || +}known.has(of)",
    "a guard that was changed is passed over":
      "if (lacking.includes(of) || now[-?.line === line-]) return [];",
    "a guard that is missing is passed over": "now?.line === line{+ || !now+}) return [];",
    "the owner's own indexes are faults": 'new Set(["[-index", "-]function"])',
    "operators like PostgreSQL's own are passed over":
      "from pg_operator p where [-oprnamespace in (select oid from ours)-]{+false+}",
    "triggers that a setting switches off are on": "[-one ~* '^session_replication_role=replica'-]{+false+}",
    "a path that hides PostgreSQL's own names is passed over": 'first [-=== "pg_catalog"-]{+!== undefined+}',
  }),
  ...mutantsIn("db/schema.ts", ["db/guards"], {
    "a trigger that is off looks like one that is on": "when 'D' then '[-, which is off-]'",
    "foreign keys whose triggers are off look well": "[-t.tgenabled not in ('O', 'A')-]{+false+}",
    "row level security is not seen": "case when [-c.relrowsecurity-]{+false+} then",
    "rules are not seen": "[-rulename <> '_RETURN'-]{+false+}",
    "children of a table are not seen": "where [-inhparent = c.oid-]{+false+}",
    "a body of a function is not read": "[-coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)-]{+''+}",
    "a column that may be null looks like one that may not": "case when [-a.attnotnull-]{+true+} then",
  }),
  ...mutantsIn("cli/commands.ts", ["binary/commands"], {
    "verify says nothing of the guards": "for (const one of changed{+.slice(0, 0)+}) await",
    "the seals that are handed in are not looked for":
      "verifyLedger(db, recordFaults, seals{+.slice(0, 0)+})",
  }),
  ...mutantsIn("sql/0034_imported_awards_come_first.sql", ["ledger/verify"], {
    "an import's awards are taken after the import was over": "[-actor !~ '^import:'-]{+false+}",
  }),
  ...mutantsIn("sql/0031_seals_of_what_is_there.sql", ["owners/digest"], {
    "a digest of rows to come keeps them from the next one": "{+false and +}new.last_row > coalesce",
    "a digest keeps a seal of its own making": "[-new.hash is not null-]{+false+} and not exists",
  }),
  ...mutantsIn("sql/0040_lots.sql", ["db/ledger-guards", "ledger/verify"], {
    "the chain of hashes skips the points": "[-new.points || -]' '",
    "the chain of hashes skips the paid sum": "[-coalesce(new.paid::text, '-')-]{+'-'+}",
    "the chain of hashes skips who did it": "[-new.actor || -]' '",
    "the chain of hashes skips the reason": "[-coalesce(new.reason, '')-]{+''+}",
    "the chain of hashes skips when": "[-(extract(epoch from new.awarded_at) * 1000000)::bigint-]{+''+}",
    "a hash does not carry the one before it":
      "sha256([-coalesce(last.hash, ''::bytea) || convert_to-]{+convert_to+}(",
  }),
];
