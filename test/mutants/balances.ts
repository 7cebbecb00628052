/** Faults in lists of balances: points that come twice, to the wrong card, in the wrong sum, or go too far when they go back. */
import { mutantsIn } from "./mutant.ts";

export const balances = [
  ...mutantsIn("import/list.ts", ["import/list"], {
    "any list is one that came before": "[-one.hash === ask.hash && -]one.takenBackBy",
    "a list that was taken back never comes again": "[- && one.takenBackBy === null-]",
    "the same points in another order are another list": "\\n`)[-.sort()-]) all",
    "the same phones with other points are the same list": `phone} [-\${points}-]\\n`,
    "an edited list brings everybody's points again":
      "const earlier = [-cards.get(line.phone)?.earlier ?? -]null;",
    "an edited list leaves out what came before, and nobody is asked":
      'if (known [-=== "skip"-]{+!== "add"+}) skipped',
    "a list brings back who asked to be forgotten": "if ([-forgotten.has(line.phone)-]{+false+})",
    "a list with faults brings the rest":
      "if (faults.length > 0) [-throw new ListFaults(faults);-]{+faults.sort();+}",
    "a list is taken back as often as one likes": "if ([-list.takenBackBy !== null-]{+false+})",
    "what takes a list back is a list to take back": "if (!list[- || list.takesBack !== null-])",
    "a dry run takes the list back": "if ([-dryRun || -]rows.length === 0)",
  }),
  ...mutantsIn("import/list.store.ts", ["import/list"], {
    "taking back takes all that a card holds": "least([-g.given, -]held.points",
    "taking back takes what was spent":
      "greatest(0, [-least(g.given, held.points - least(0, held.without - g.given))-]{+g.given+})",
    "a debt that a list has covered is a present": "held.points[- - least(0, held.without - g.given)-])",
    "what was spent of a list makes a debt when it goes": "then [-greatest(0, points)-]{+points+} else",
    "what was given at the till pays no debt that a list covered": "then [-greatest(0, points)-]{+0+} else",
    "a list that was taken back still counts against its clients":
      "where [-t.takes_back = l.id-]{+false+} and r.points",
    "what was spent of a list that was taken back comes twice": "[-r.points = -b.points-]{+true+})",
  }),
  ...mutantsIn("import/list.rule.ts", ["import/list.rule"], {
    "340,24 between commas is 340": 'if ([-separator === ","-]{+false+} && [cell',
    "340,24 between commas is 340 where a column behind it is not read":
      "const next = [-cells.length > order.length-]{+false+} ?",
    "cells too many are passed over": "cells.slice(order.length{+ + 9+}).some",
    "a phone that stands there twice gets both": "else if ([-earlier !== undefined-]{+false+})",
    "the first client is taken for headings":
      "[-cells.some((cell) => realPhoneOf(cell) !== null)-]{+false+}) return null",
    "of two columns of points the first is taken": "if ([-times > 1-]{+false+}) list",
  }),
  ...mutantsIn("import/csv.rule.ts", ["import/list.rule"], {
    "damaged UTF-8 is read as names of nonsense": "if ([-good > bad || -]begins(0xef",
    "a line behind a bad one is passed over": "[-if (!fits) [at, line] = [begin, row.line];-]",
  }),
  ...mutantsIn("sql/0037_imported_lists.sql", ["import/list"], {
    "a list may have rows of any kind": "if ([-new.kind = 'opening' and -]new.key",
    "a list's row may be on another card than its key says":
      "[-new.key = new.actor || ':' || new.client_id and -](new.points",
    "a list may take points": "[-(new.points > 0) = (list.takes_back is null)-]{+true+}",
    "a list may get rows later": "[- and new.id <= list.after_row + list.cards-]) is not true",
    "a list may give another sum than it says": "[- or found.points is distinct from new.points-] then",
    "a list may give to fewer cards than it says":
      "if [-found.cards is distinct from new.cards::bigint or -]found",
    "a list comes as often as one likes": "[-unique (hash, round)-]{+check (round >= 0)+}",
    "the database lets a list be taken back twice": "[-unique (takes_back)-]{+check (takes_back > 0)+}",
  }),
  ...mutantsIn("ledger/odd-rows.store.ts", ["import/list"], {
    "verify explains rows of no list": "l where [-b.actor = 'list:' || l.id-]{+true+}",
    "verify believes what a list says it gave": "or [-f.sum <> l.points-]{+false+} order",
  }),
  ...mutantsIn("owners/digest.texts.ts", ["owners/digest"], {
    "a day with a list is told as a quiet one": "changes.length + [-lists.length + -]staff",
  }),
  ...mutantsIn("owners/digests.store.ts", ["owners/digest"], {
    "a list is told every evening": `where [-after_row >= \${span.after} and -]after_row`,
  }),
  ...mutantsIn("cards/people.store.ts", ["cards/forget-person"], {
    "points of a list under a number that the journal had by a slip go with the person":
      "'^[-(import|list)-]{+import+}:'",
  }),
];
