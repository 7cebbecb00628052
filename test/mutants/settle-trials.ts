/** Faults in the trial of settling: it passes what it must not, leaves something behind, or says nothing of it. */
import { mutantsIn } from "./mutant.ts";

export const settleTrials = [
  ...mutantsIn("settlements/trial.rule.ts", ["settlements/trial.rule"], {
    "a sum that is not exact passes": "...([-seen.sum_exact === true-]{+true+} ?",
    "a bill that does not fall by the points passes": "...([-seen.left_falls_once === true-]{+true+} ?",
    "what nobody has seen passes": "...(seen.left_falls_once [-=== true-]{+!== false+} ?",
    "a kind of card with a limit passes": "...([-seen.unlimited === true-]{+true+} ?",
    "a chain that lists no withdrawals passes": "...([-seen.listed_with_visit === true-]{+true+} ?",
    "a visit that never counts as paid passes": "...([-seen.paid_full === false-]{+false+} ?",
    "without a terminal no trial passes": "...(seen.paid_full [-=== false-]{+!== true+} ?",
    "by prices spent points make new ones": '...([-paidBy === "prices"-]{+false+} && seen.record',
    "a trial that was turned back passes":
      'if ([-seen.why !== null-]{+seen.why === "paid"+}) return [seen.why];',
  }),
  ...mutantsIn("settlements/trial.ts", ["settlements/trial"], {
    "what an earlier trial left stays":
      "for (const id of [-await trialsLeft(db, order.company)-]{+[] as number[]+})",
    "a trial goes on beside what an earlier one left":
      'if ([-back.state !== "returned"-]{+false+}) return { end: "left", left: await leftOf(trying, back, null) }',
    "a trial that fails is not kept": 'if (end.end === "passed"[- || end.end === "failed"-]) {',
    "prices that fall are never tried":
      "tried = await tryOnce(trying, order, { ...of, billFalls: [-true-]{+false+} });",
    "a visit that is no good switches the branch off":
      "if ([-one.why !== null && isOfTheVisit(one.why)-]{+false+}) return",
    "what was not read counts as seen": "if ([-!isRead-]{+false+}) return",
    "a bill that is not as before is called so": "([-back.touched-]{+false+} && !(await isAsBefore",
    "rights are not looked at": "if ([-needed.length > 0-]{+false+}) return",
    "a visit with a spend is tried":
      "if ([-(await settlementOfVisit(db, order.company, visit)) !== null-]{+false+})",
  }),
  ...mutantsIn("settlements/learn.ts", ["settlements/trial"], {
    "a withdrawal without its visit counts as listed":
      "rows.filter((row) => [-row.visit === one.visit-]{+true+})",
    "a visit counts as paid where nobody paid it": "if ([-paid.left === 0 && -]paid.record !== null)",
    "a payment that is still there is passed over":
      "if ([-now.left === left + (one.amount - now.applied) && now.left > 0-]{+true+}) {",
  }),
  ...mutantsIn("settlements/ground.ts", ["settlements/trial"], {
    "a kind of card with a promotion is taken":
      "if ([-chosen !== null && promoted.has(chosen)-]{+false+}) return",
    "of several kinds of card the first is taken":
      'return [-others.length > 0-]{+false+} ? { why: "many_types"',
  }),
  ...mutantsIn("settlements/survey.ts", ["check/settling"], {
    "a branch that was found otherwise is called well": "if ([-trial.doubt !== null-]{+false+}) return",
    "a trial by an earlier way is called well": "if ([-trial.protocol !== protocol-]{+false+}) return",
    "a spend that is off its bill is called well": "if ([-is !== amount-]{+false+}) odd",
    "what lies on a card is called nothing": "if ([-balance !== 0-]{+false+}) odd",
  }),
];
