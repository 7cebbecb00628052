/** Faults in reading the journal: the mark, the windows, the pages, leases, the budget, second looks. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const sync = [
  ...mutantsIn("visits/sync.ts", ["visits/sync"], {
    "what is read again comes before what is new": "begun.[-mark =-]{+windowFrom !+}== null ? nothing()",
    "changes are asked for without an overlap": "const overlapMs = [-3_600_000-]{+0+};",
    "the mark passes what the last minute may hide": "Math.min(highest, startedAt[- - 60_000-])",
    "the mark moves to the pass's start, whatever was seen": "Math.[-min-]{+max+}(highest, startedAt",
    "an earlier start of the programme is not read": "readFrom === null ||[- readFrom > start ||-]",
    "a window that was read is not kept": "{+if (to === null) +}await finished?.(",
    "the first pass's mark is its end":
      "await finished?.(to === null ? null : addDays(to, 1), {+to === null ? pass.now() : +}startedAt);",
    "a sweep passes over records that are gone": "[-gone-]{+[]+}.map((recordId)",
    "a sweep gives way to a pass for good": "if ([-outcome !== null || waited >= sweepPatienceMs-]{+sync+})",
    "--since moves the mark":
      "{+await moveMark(pass.db, companyId, pass.now()); +}return readWindows(pass, company, await programmeOf(pass, company), day, progress);",
  }),
  ...mutantsIn("visits/sync.ts", ["visits/sync-faults"], {
    "a pass that failed is forgotten":
      "const failures = [-await failed(sync.db, companyId, messageOf(error))-]{+0+};",
    "owners are told of the first failure": "if (failures >= [-3-]{+1+})",
    "owners are not told that a trouble is over":
      "[-for (const about of readingAlarms(companyId)) await sync.alarm(about, null);-]",
    "a stop counts as a failure": "[-if (sync.signal.aborted) throw error;\n      -]const failures",
    "a sweep that asks nothing ends a trouble": '[-if (pass.asked === "nothing") return outcome;-]',
    "a second look is never taken": "if (first && !together) [-await recheckBeside(pass, companyId);-]{+{}+}",
  }),
  ...mutantsIn("visits/post.ts", ["visits/sync-faults"], {
    "what cannot be read is forgotten": "[-await requestRechecks(sync.db, programme.companyId, aside);-]",
  }),
  ...mutantsIn("visits/sync.ts", ["visits/sync-rivals"], {
    "a lease that was lost counts as a failure": "if (error [-instanceof LeaseLost-]{+=== null+}) {",
  }),
  ...mutantsIn("visits/sync.ts", ["jobs/leases"], {
    "two programs sweep the same night": "company.sweptAt > [-asked-]{+new Date(8e15)+}",
  }),
  ...mutantsIn("visits/sync.ts", ["visits/sync-edges"], {
    "the mark goes by our clock": "Math.min(highest, [-startedAt-]{+pass.now().getTime()+} - 60_000)",
    "the mark is held against the last page's stamps alone": "highest = Math.max([-highest-]{+0+}, ...reads",
    "pages of changes behind the first are dropped":
      "{+if (highest === 0) +}total = plus(total, await postPage(pass, programme, reads));\n    highest",
    "a sweep takes what it could not read for vanished": "[...reads.readings[-, ...reads.unreadable-]]",
    "a sweep sees its last page alone":
      "{+seen.clear(); +}for (const { recordId } of [...reads.readings, ...reads.unreadable]) seen.add(recordId);",
    "a window is read when the one before is in":
      "for await (const { reads, ended } of [-prefetch(pagesThrough(pass, company, steps, enough))-]{+pagesThrough(pass, company, steps, enough)+}) {",
    "a sweep runs beside the first pass": "[-if (company.mark === null) return nothing();-]",
  }),
  ...mutantsIn("visits/branch.ts", ["visits/sync"], {
    "a sweep looks back one day less": "sweepDays = [-14-]{+13+}",
  }),
  ...mutantsIn("visits/branch.ts", ["visits/sync-faults"], {
    "a right that is short is not told": "[-short ? String(days) : -]null",
  }),
  ...mutantsIn("visits/branch.ts", ["visits/sync-edges"], {
    "payments of the day before the right are trusted": "[-1 - -]{+-+}paymentDays)",
  }),
  ...mutantsIn("visits/recheck.ts", ["visits/sync-faults"], {
    "one record that is not answered about stops the branch":
      "if (!ofOne || [-sync.signal.aborted-]{+sync+}) throw error;",
    "a look that found doubt is over": "if (doubts > [-0-]{+9+})",
    "a record that is gone is looked for no more":
      'if ([-recheck.reason === "hint" && known.length === 0-]{+look+})',
  }),
  ...mutantsIn("visits/recheck.ts", ["visits/recheck"], {
    "a record that nobody knows is looked for for ever":
      'recheck.reason === [-"hint" && known.length === 0-]{+null+}',
  }),
  ...mutantsIn("visits/order.store.ts", ["visits/order"], {
    "branches are read in the order of asking alone": "(coalesce(unannounced, 0) {+* 0 +}+",
    "a branch whose webhooks tell all rests for ever": "const neverAnnounced = [-4-]{+0+};",
    "what webhooks hinted at waits its turn": "(waited {+* 0 +}+",
    "a night's sweeps begin where the last one's did": "order by [-c.swept_at nulls first, -]id`",
    "several hints are asked for one by one": "many > [-1-]{+1000+} and mark is not null",
    "one that fails goes first for ever": "power(2, least(coalesce(failures, 0), [-5-]{+0+}))",
    "windows that are left are never read": "last_pass_at is null [-or window_from is not null -]or",
    "a clock that was put back stops the passes": "[- or last_pass_at > now()-]",
    "one that has failed for long goes first each time": "coalesce([-j.held_until, -]last_pass_at",
  }),
  ...mutantsIn("visits/branches.store.ts", ["visits/order"], {
    "what passes find is remembered for ever":
      "/ (0.25 + {+0 * +}greatest(0, extract(epoch from now() - last_pass_at)",
    "a branch that finds nothing for long fails": "[-greatest(unannounced, 1e-6)-]{+(unannounced)+} / 4 +",
  }),
  ...mutantsIn("visits/sync.ts", ["app/readings"], {
    "a page of changes answers no hints": "const together = {+false && +}more.length",
    "a sweep is taken for a pass": 'isPass: [-pass.asked === "changes"-]{+true+},',
  }),
  ...mutantsIn("visits/sync.ts", ["visits/sync"], {
    "a sweep keeps what webhooks hint at waiting": "[-await recheckBeside(pass, companyId);-] // whoever",
    "what webhooks hint at waits for the end of --since": "[-await recheckBeside(pass, company.companyId);-]",
    "a first pass lets nobody by": "if (at > 0 && [-enough()-]{+false+}) return;",
  }),
  ...mutantsIn("visits/recheck.ts", ["app/readings"], {
    "records that are shown to nobody are asked for again and again":
      "[-await postponeRecheck(sync.db, recheck, null, messageOf(error));-]\n    if (refused",
    "a refusal of all is taken for one of this record": "closed = new Set([[-401, -]402",
    "a record that is shown to nobody stops the lists":
      "if (!(error instanceof Refused) || [-sync.signal.aborted-]{+sync+}) throw error;",
  }),
  ...mutantsIn("app/readings.ts", ["app/readings"], {
    "what is read once more waits for a pass that is quick":
      "Number.POSITIVE_INFINITY : [-null-]{+performance.now() + sliceMs+};",
    "two lanes choose at once": "chosen = [-chosen.then(choose, choose)-]{+choose()+};",
    "a branch that fails is tried again and again": "[-of?.done.add(companyId);-]",
    "what YCLIENTS refuses is asked for again at once": "until: performance.now() [-+ againInMs-]",
    "webhooks that come together are read one by one": "[-gathering.has(id) || -]now <",
    "the timetable waits until all is read":
      "everyMs === 0 ? done : [-Promise.race([done, wait(everyMs * 0.9, signal)])-]{+done+}",
    "a program reads what another one is at": '[...ours("rechecks"), ...[-held("look_again")-]{+[]+}]',
    "that it is not known what to read is said by nobody":
      "if ([-passes === null && -]{+false && +}!signal.aborted)",
    "pages of hints keep passes waiting": "[-all.filter((one) => one.due)-]{+all+}.length >= lanesOfPasses",
    "a burst is read one by one": "recheckDue(sync, companyId[-, 1-])",
  }),
  ...mutantsIn("visits/order.store.ts", ["app/readings"], {
    "pages are asked for again and again while another program is at the records":
      "not passing[- and not rechecking-] and many > 1",
    "a record waits for the end of whatever lasts": "(not passing or [-many = 1-]{+false+} or",
    "where pages cannot be read no record is": "[- and failures = 0-] as together",
  }),
  ...mutantsIn("jobs/budget.ts", ["visits/sync-budget"], {
    "passes go before whoever waits at the till":
      "lines[-.find-]{+.findLast+}((line) => line.length > 0)?.shift()",
  }),
  ...mutantsIn("visits/branches.store.ts", ["visits/sync-faults"], {
    "failures are not counted from nothing after a good pass": "else last_pass_at end,[- failures = 0,-]",
  }),
  ...mutantsIn("visits/branches.store.ts", ["visits/sync"], {
    "the first pass's mark is its last window's start": "coalesce(mark, [-first_pass_at, -]${startedAt})",
  }),
  ...mutantsIn("visits/branches.store.ts", ["visits/sync-edges"], {
    "the mark goes back": "[-greatest(mark, ${mark})-]{+${mark}+}",
    "the day of the first start moves":
      "else [-program_start-]{+(first_started_at at time zone ${named.timeZone})::date+} end,",
  }),
  ...mutantsIn("visits/recheck.store.ts", ["visits/sync-faults"], {
    "a hint that comes during a look is eaten by it":
      "and [-hint = ${recheck.hint}\n      and -]reason = ${recheck.reason}",
    "a record is asked for at the same pace for ever": "backOff([-recheck.tries + -]1, 30_000",
    "what was believed stays set aside": "(l.reason [-<> 'hint' or-]{+= 'hint' and+} l.hint",
  }),
  ...mutantsIn("visits/recheck.store.ts", ["visits/recheck"], {
    "a doubt that comes during a look is eaten by it":
      "and hint = ${recheck.hint}[-\n      and reason = ${recheck.reason}-]",
    "an answer from before a hint answers it":
      " or [-l.hint < extract(epoch from r.read_at) * 1000000-]{+true+}",
    "a hint of a branch that is not ours is stored":
      "where [-exists (select from companies where company_id = ${companyId})-]{+true+}",
  }),
  ...mutantsIn("visits/recheck.store.ts", ["visits/sync-edges"], {
    "a hint waits its turn":
      "due_at = [-case when excluded.reason = 'hint' then now() else look_again.due_at end-]{+look_again.due_at+}",
  }),
  ...mutantsIn("visits/visits.store.ts", ["visits/sync-edges"], {
    "the sweep does not look at its first day": "day [-between ${from} and-]{+> ${from} and day <=+} ${to}",
  }),
  ...mutantsIn("jobs/leases.store.ts", ["jobs/leases"], {
    "a job is taken from who still holds it": "where [-jobs.held_until <= clock_timestamp()-]{+true+}\n",
    "a lease of an earlier holder is renewed":
      "where name = ${lease.name} [-and token = ${lease.token} -]returning 1",
    "a lease is not let go": "set [-held_until = clock_timestamp(), token = token + 1-]{+token = token+}",
  }),
  ...mutantsIn("jobs/leases.store.ts", ["ledger/ledger"], {
    "a lease's token does not grow": "set holder = excluded.holder,[- token = jobs.token + 1,-]",
    "the ledger does not ask whose the lease is":
      "where name = ${lease.name} and [-token = ${lease.token} and -]held_until",
  }),
  ...mutantsIn("jobs/leases.store.ts", ["visits/sync-rivals"], {
    "a lease that has lapsed still holds": " [-and held_until > clock_timestamp() -]for share",
  }),
  ...mutantsIn("jobs/leases.ts", ["jobs/leases"], {
    "a lease that was lost is not said": "[-else lost.abort(new LeaseLost(name));-]",
    "a lease that could not be renewed in its time is worked under":
      "[-if (askedAt - renewedAt > ms) return lost.abort(new LeaseLost(name));-]",
    "a lease is not renewed": "[-renewLease(db, lease, ms)-]{+Promise.resolve(true)+}.then(",
  }),
  ...mutantsIn("jobs/budget.store.ts", ["visits/sync-budget"], {
    "the budget is not shared": "values (${api{+ + Math.random()+}}, clock_timestamp()",
    "429 blocks nobody": "set blocked_until = clock_timestamp() {+- interval '1 hour' +}+",
    "the burst comes on top of the minute's requests": "60_000 / [-(perMinute - burst)-]{+perMinute+}",
    "turns come faster than four a second": "Math.min([-250-]{+20+}, each)",
  }),
  ...mutantsIn("jobs/budget.ts", ["visits/sync-budget"], {
    "a turn is stamped by this machine's clock": "return [-turn.now-]{+new Date()+};",
    "a turn that waited is stamped by this machine's clock": "return [-databaseNow(db)-]{+new Date()+};",
    "a turn does not wait": "[-await wait(turn.wait, signal);-]",
  }),
  ...mutantsIn("yclients/pages.ts", ["visits/sync"], {
    "the last window ends where it begins":
      "[-(to !== null && { end_date: to })-]{+{ end_date: to ?? from }+}",
  }),
  ...mutantsIn("yclients/pages.ts", ["yclients/client"], {
    "pages stop at a short page":
      "[-(whole && total !== null && data.length < pageSize)-]{+data.length < pageSize+}",
    "pages stop at the first": "for (let page = 1; page <= [-maxPages-]{+1+}; page++)",
    "deleted records are not asked for": '[-      with_deleted: "1",\n-]',
    "payments are not asked for": '    [-  include_finance_transactions: "1",\n    -]});',
    "a list that moved under the reading is believed": "[-if (totals.size > 1) return null;-]",
    "a record seen on two pages is read twice": "readings.set(read.recordId{+ + readings.size / 1e6+}, read)",
    "what cannot be read is there as often as it is said":
      "unreadable.set([-read.recordId ?? -]Symbol(), read)",
  }),
  ...mutantsIn("yclients/client.ts", ["yclients/moved"], {
    "tokens follow a redirect": 'redirect: "[-manual-]{+follow+}" });\n      status',
    "the other host is asked with tokens": 'await fetch(url, { {+headers, +}redirect: "manual",',
    "a stranger that a redirect names is advised":
      "to[-?.href.startsWith(`${host}/`)-]{+ !== null && host !== ''+}",
    "a certificate that is not trusted is waited for":
      'new Unreachable("YCLIENTS", words[-, trustRemedy(error)-])',
  }),
  ...mutantsIn("yclients/client.ts", ["yclients/client"], {
    "429 blocks this request alone": "[-if (tooFast) await options.budget.refused();-]",
    "a refusal is tried again": "[-if (!again) throw error;-]",
    "a cut answer is not tried again": "if (!tooFast) [-await pause(attempt)-]{+throw error+};",
    "an answer is stamped after it came":
      "        ...envelope(response.status, text, url),\n        readAt{+: new Date()+},",
    "a record that YCLIENTS does not know is a failure": "error.code === [-404-]{+410+}) return null;",
    "success: false is taken for an answer": "status >= 400[- || success !== true-]",
    "another record than the one that was asked for is read":
      "[-[null, recordId].includes(read.recordId)-]{+true+}",
  }),
  ...mutantsIn("yclients/record.ts", ["yclients/client"], {
    "a record that says it is another branch's is read":
      "[-(record.company_id ?? companyId) !== companyId-]{+false+}",
  }),
  ...mutantsIn("yclients/record.ts", ["yclients/record"], {
    "an operation that is listed twice is counted twice": "[-seen.has(id) ||-]",
    "a deleted operation is money": "if ([-deleted || -]seen",
    "another record's payment is this one's":
      "[-(record_id !== null && record_id !== undefined && record_id !== recordId)-]{+false+}",
    "fees count as services": "[-if (kind !== servicesItem && kind !== goodsItem) continue;-]",
    "services and goods are mixed up":
      'kind === [-servicesItem-]{+goodsItem+} ? "servicesPaid" : "goodsPaid"',
    "missing payments are no payments":
      "const unknown = { servicesPaid: [-null, goodsPaid: null-]{+0, goodsPaid: 0+} };",
    "a price is the list's, not the final one":
      "hundredths([-cost_to_pay ?? cost-]{+cost ?? cost_to_pay+} ?? 0)",
    "one operation that cannot be read is left out of the sum":
      "if (!parsed.success) [-return unknown-]{+continue+};",
    "a stamp's offset is not heeded": '.replace(/([+-]\\d\\d)[-(\\d\\d)$/, "$1:$2-]{+:?(\\d\\d)$/, "Z+}")',
  }),
];
