/** Faults in what an owner is shown before choosing, and in taking it on. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const programme = [
  ...mutantsIn("visits/trial.rule.ts", ["visits/trial.rule"], {
    "a visit earns by the level that it reaches itself":
      "      const percent = standing.percent();{+ standing.add(act.day, act.price);+}\n",
    "levels are tried from the first day asked about alone":
      'if (word === "awarded"{+ && act.day >= trial.from+}) {',
    "a level falls with nobody warned":
      "place >= held.place [-|| held.since > addDays(monthEnd, -noticeDays)-]) continue;",
    "what ended is spent all the same": "lot.ends [-< day-]{+< ''+}; lot = open[0]",
    "spends are taken as they were, whatever the card would hold":
      "Math.round([-all * Math.min(1, taken / held)-]{+taken+})",
    "what was given in truth is what would be given": '"given", [-act.given-]{+points+});',
  }),
  ...mutantsIn("visits/trial.store.ts", ["visits/trial"], {
    "a spend that was taken back counts as spent": "-(r.points[- + coalesce(b.points, 0)-]), r.held",
    "visits of other branches are judged": "[-and v.company_id = any(${[...of.companyIds]}::bigint[])-]",
    "what was awarded before the start is left out":
      "[-case when v.terms_id is null then-]{+case when true then+} coalesce(${of.start}",
  }),
  ...mutantsIn("levels/preview.ts", ["owners/programme"], {
    "who loses is counted among those who win": 'change < 0 ? [-"down"-]{+"up"+}',
  }),
  ...mutantsIn("owners/owners.chat.ts", ["owners/programme"], {
    "a tap takes on what was not shown": "timeZone[-, expected-] });",
  }),
  ...mutantsIn("app/rounds.ts", ["app/levels-wait"], {
    "clients hear percents of settings that do not hold": "if ([-!terms.ours-]{+false+}) return null;",
    "no owner learns that levels wait": '"levels", waiting [-===-]{+!==+} null',
  }),
];
