/** Faults in what the ledger's trigger makes of rows: lots, what takes from them, and how long they live. */
import { mutantsIn } from "./mutant.ts";

export const lots = [
  ...mutantsIn("sql/0040_lots.sql", ["ledger/lots"], {
    "what ends next is not taken first":
      "order by e.ends nulls [-last-]{+first+}, l.started, l.row_id, l.part limit 1",
    "a refund takes from any lot before its own":
      "order by coalesce(l.row_id = any(own) or l.origin = any(own), false) [-desc-]{+asc+},",
    "what waits is counted as what can be spent":
      "- (select coalesce(sum(rest), 0) from lots\n          where [-new.kind = 'spend'-]{+false+}",
    "an old card forgets its kin": "kin := kin || near{+[1:0]+};",
  }),
  ...mutantsIn("sql/0057_no_end_while_the_clock_stands.sql", ["ledger/lots"], {
    "a switch ends points at once":
      "ends := [-greatest(last_day(started, said.months, said.days),\n          -]{+(last_day(started, said.months, said.days));--+}least(ends,",
    "while it is off the clock runs on": "ends := ends + (said.day - [-stopped-]{+said.day+});",
    "what does not end just now is taken before what does":
      "return [-case when stopped is null or ends < stopped then ends end-]{+ends+};",
  }),
  ...mutantsIn("sql/0051_visits_bring_their_own.sql", ["ledger/lots"], {
    "what ended comes back for ever":
      "coalesce(e.ends < least(today, stopped_on(l.life)), false) [-as-]{+and false as+} ended",
    "a move makes its points new": "[-giver.id is not null-]{+false+} then\n      with taken",
    "a debt is paid by nothing":
      "for debt in select * from debts where client_id = r.client_id [-order by row_id-]{+and false+} loop",
    "a visit that was spent brings others' points along": "and ([-r.kind <> 'correction'-]{+true+} or exists",
    "a visit that moves makes its points new":
      "(o.id = r.corrects or o.corrects = r.corrects and o.kind = [-'correction'-]{+'x'+})",
  }),
  ...mutantsIn("sql/0051_visits_bring_their_own.sql", ["ledger/ends"], {
    "beside other rows a lot ends on its last day":
      "select ends [-<-]{+<=+} least((r.awarded_at at time zone 'Etc/GMT-14')",
    "beside other rows more ends than is left": "client_id = r.client_id and rest >= [-need-]{+0+}\n",
  }),
  ...mutantsIn("sql/0046_ends_at_once.sql", ["ledger/ends"], {
    "a lot ends on its last day": "and e.ends [-<-]{+<=+} least((r.awarded_at",
    "more ends than is left": "and l.rest >= [-r.points-]{+0+}\n",
  }),
  ...mutantsIn("sql/0049_moved_visits_open_gifts.sql", ["ledger/lots"], {
    "a paid visit opens nothing": "client_id in (select client_id from added where kind = '[-award-]{+x+}')",
    "a visit that came from another card opens nothing":
      "select kind in ('award'[-, 'correction'-]) and points > 0",
    "an earlier visit opens what waits": "and points > 0[- and visit > since-]",
  }),
  ...mutantsIn("ledger/lots.ts", ["ledger/lots", "ledger/ends"], {
    "a refund of what has ended takes it twice": "if (ended.length [-===-]{+>=+} 0) return entries;",
    "what was given by hand and has ended is taken twice": '[-...(["undo", "debit", "move"] as const),-]',
    "what is still there is given back as well": "let missing = -entry.points[- - (own[0]?.rest ?? 0)-];",
  }),
  ...mutantsIn("ledger/verify.ts", ["ledger/lots"], {
    "verify does not look at lots": "...[-each(slices.rows, oddLots, ofOdd)-]{+[]+},",
  }),
];
