/** Faults in ending points: what goes before its day, or twice, and who is warned of what. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const ends = [
  ...mutantsIn("ledger/ends.store.ts", ["ledger/ends"], {
    "what ended by night is not read anew":
      "and l.rest > 0[-\n    join lot_ends e on e.life = l.life and e.started = l.started and e.ends < ${today}::date-]",
    "the farthest day comes first":
      "group by e.ends order by e.ends[- limit ${maxRows}`;\n}\n\n/** What ends on a day, and-]{+ desc limit ${maxRows}`;\n}\n\n/** What ends on a day, and+}",
  }),
  ...mutantsIn("visits/branch.ts", ["app/ends"], {
    "points end while their last day goes on elsewhere": "days.toSorted()[-[0]-]{+.at(-1)+}",
  }),
  ...mutantsIn("app/service.ts", ["binary/ends"], {
    "a start says nothing of how long points live": "[-await keepTerms(parts, true);-]",
  }),
  ...mutantsIn("app/terms.ts", ["app/terms"], {
    "a second program's terms go back and forth with the first's": "if ([-others.length > 0-]{+false+}) {",
    "nobody is told that another program's terms hold": "if ([-was || atStart-]{+false+}) log.error",
    "who starts after one that was killed does not drop what was accepted": "atStart[- || !terms.begun-]);",
    "whoever waits undoes what was accepted meanwhile": "[-atStart || !terms.begun-]{+true+});",
    "settings that could not be taken on are not tried again": "else if (!was) {{+\n    terms.ours = true;+}",
  }),
  ...mutantsIn("visits/branch.ts", ["app/terms"], {
    "visits are decided by terms that do not hold":
      "(sync.termsHold?.() ?? true) ? null : [-await lastTerms(db)-]{+null+}",
  }),
  ...mutantsIn("ledger/ends.ts", ["ledger/ends"], {
    "two programs end points at once":
      'return withLease(db, [-"end_points"-]{+`end_points${Math.random()}`+},',
    "a stop is not heard": "const stop = [-AbortSignal.any([signal, lost])-]{+lost+};",
  }),
  ...mutantsIn("ledger/ends.ts", ["owners/lives"], {
    "owners hear of old changes": 'addDays(dayOf(now, "UTC"), [--newsDays-]{+-99+});',
    "an owner who was away is never told":
      "[-if (await tell(owner, change, ahead))-]{+await tell(owner, change, ahead);\n      +} await keepTold(",
  }),
  ...mutantsIn("notices/ends.store.ts", ["notices/ends"], {
    "a warning is said every day":
      "[-and not exists (select from end_warnings w\n        where w.client_id = l.client_id and w.ends = e.ends and w.days = before.days)-])`;",
    "what is short is warned of when it comes": "[- and e.ends - e.started > before.days-]",
  }),
  ...mutantsIn("notices/notify.ts", ["notices/ends"], {
    "warnings go by night": 'notice.about [-!== "till"-]{+=== "visits"+} && notice.timeZone',
  }),
  ...mutantsIn("notices/till.texts.ts", ["notices/notice.texts"], {
    "what came back after its end is not said":
      'if (!again[-) return "";\n  return ` Срок-]{+ || again) return "";\n  return ` Срок+}',
  }),
];
