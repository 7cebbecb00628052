// Faults of levels: who earns how much, who is warned, who falls.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const levels = [
  ...mutantsIn("levels/standing.rule.ts", ["levels/levels", "levels/review", "levels/by-hand"], {
    "a level is reached a kopeck too late": "levels.findIndex(({ from }) => from >{+=+} sum)",
    "less that counts by now lowers a level at once":
      "levelAt(levels, [-Math.max(turnover, reached)-]{+turnover+})",
    "a level by hand never lowers": "hand.upwards ? Math.max(own, given) : Math.[-min-]{+max+}(own, given)",
    "whoever paid what was missing falls for a refund since":
      "now.turnover >= warning.reached[- || now.paidSince >= warning.missing-]",
  }),
  ...mutantsIn("levels/counting.ts", ["levels/levels"], {
    "a record taken back counts on": "const now = [-(sums.get(card) ?? 0) > 0 ? paid : 0-]{+paid+};",
    "what a page changes is counted on top": "standing.turnover + now[- - (counted.get(card) ?? 0)-];",
    "the next visit on a page earns by the page before":
      "this.#standings.set(card, { ...standing[-, turnover-] });",
  }),
  ...mutantsIn("sql/0056_levels_of_the_moment.sql", ["levels/levels"], {
    "a visit must have the percent of levels that are to come":
      "where [-since <= new.decided_at-]{+true+} order",
    "a program of before levels corrects a visit by another percent":
      "if [-before.percent is not null or -]before.terms_id is null",
    "a program of before levels awards a visit by another percent":
      "order by id desc limit 1) is [-not -]null then",
  }),
  ...mutantsIn("visits/post.ts", ["levels/levels"], {
    "visits are awarded without their level":
      "const levels = [-programme.leveled ? await beginCounting(tx) : -]null;",
  }),
  ...mutantsIn("levels/levels.store.ts", ["levels/by-hand"], {
    "a level is told that changes nothing": `case when [-r.was is distinct from r.percent and -]\${tx`,
  }),
  ...mutantsIn("levels/levels.store.ts", ["levels/shown"], {
    "a warning that was answered hides the next one": "w.until >= ${today} order by w.until{+ limit 1+}`",
  }),
  ...mutantsIn("levels/levels.store.ts", ["levels/review"], {
    "two rises behind one row are one": "format('up:%s:%s:%s', r.card, last.id, [-last.change-]{+0+})",
  }),
  ...mutantsIn("levels/review.ts", ["levels/review"], {
    "a fall is warned of behind a level by hand that hides it":
      "if (standing.hand !== null[- && standing.hand.until > until-]) return [];",
    "who falls today is warned of what is lost already":
      "const due = warnings[-.filter(({ card }) => !falling.has(card))-];",
    "who has paid what was missing is not warned for the next month":
      'open[-.filter(({ id }) => came.get(id)?.kind === "down")-].map(({ card }) => card));',
    "a level by hand hides a fall that will be seen": "const own = { ...standing[-, hand: null-] };",
    "whoever has more without levels is not told of terms to come":
      "if (last && last !== inForce{+ && inForce?.levels+}) done.told",
  }),
  ...mutantsIn("levels/proof.ts", ["levels/levels"], {
    "verify believes a warning's own months": "[-isOf || (window === null && counted === null)-]{+true+}",
    "verify believes that a level was not held":
      "return levels !== null && held > 0 && [-levelAt(levels, least) >= held-]{+false+};",
  }),
  ...mutantsIn("levels/warnings.ts", ["levels/review"], {
    "a warning of terms that are over takes what visits make by those in force":
      'const kind = [-holds ? "kept" : -]settles(',
    "a level that terms in force know no more is kept by them": "const holds = [-held > 0 && -]levelAt(",
    "who falls by older terms is told of a rise that was none":
      'if ([-kind === "down" && levelAt(levels, present) > levelAt(levels, turnover)-]{+false+})',
  }),
  ...mutantsIn("levels/review.ts", ["levels/again", "levels/review"], {
    "all day every round looks at everybody":
      "const since = [-await lookedFor(review.db, id, until)-]{+null+};",
    "what comes while everybody is looked at is never looked at":
      "keepLook(review.db, id, until, [-mark-]{+await markNow(review.db)+})",
    "who could not be looked at is taken for looked at": "if ([-whole-]{+true+}) await keepLook(",
  }),
  ...mutantsIn("levels/review.store.ts", ["levels/again"], {
    "a refund of the day brings no warning": "bonuslog where [-id > ${since.row}-]{+false+}",
    "a change of the level brings no warning":
      "union select client_id from level_changes where [-id > ${since.change}-]{+false+})",
    "a look for one month is one for the next":
      "where id = ${terms}[- and looked_for = ${until}-]`;\n  return mark",
    "a look by old terms is one by the new":
      "from level_terms where [-id = ${terms}-]{+looked_row is not null+} and looked_for",
  }),
  ...mutantsIn("levels/review.store.ts", ["levels/review"], {
    "whoever comes while terms are coming is not told of them":
      "(t.told_at is null [-or a.linked_at >= t.made_at -]or exists (",
    "whoever rises while terms are coming is not told of them": "l.kind in ([-'up', -]'hand', 'undone')",
    "a level by hand while terms are coming is not told of them": "l.kind in ('up', [-'hand', -]'undone')",
  }),
  ...mutantsIn("levels/terms.ts", ["levels/levels"], {
    "a clock that is behind takes terms for missing":
      "all.findLast(({ acceptedBy, since }) => [-acceptedBy === null || -]since <= now)",
    "what is worse is accepted without a notice": "timeZone), [-noticeDays + 1-]{+1+});",
    "clocks that are put forward shorten the notice": "new Date(now.getTime()[- + clocksMoveMs-])",
    "what was accepted comes though the settings are put back":
      "const dropped = [-atStart-]{+false+} && coming !== null",
    "a program of before drops what was accepted since": "const dropped = [-atStart && -]coming !== null",
  }),
  ...mutantsIn("visits/decide.ts", ["levels/levels"], {
    "a visit's percent is written anew":
      "known?.termsId == null ? first && percent : [-known.percent-]{+percent+},",
  }),
];
