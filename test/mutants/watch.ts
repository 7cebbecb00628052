/** Faults in looking after settled spends: what is believed of a bill, what lies on cards, and what others know of it. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const watch = [
  ...mutantsIn("settlements/watch.rule.ts", ["settlements/watch.rule"], {
    "an empty list is proof with no card in sight":
      "if (seen.applied !== 0 || [-seen.balance === null-]{+false+}) return",
    "half of it is gone where the record is": "if ([-seen.applied !== 0 || -]seen.balance === null) return",
    "what is left is worked out from the list that it is to prove":
      "const rose = [-billFalls && -]seen.left !== null",
    "some points on the card are all of them": "seen.balance >= [-amount-]{+1+} || rose",
    "a deleted record proves nothing": "return [-seen.deleted || -]seen.balance",
    "less than all that rose is enough": "seen.left >= toPay[- + amount-];",
  }),
  ...mutantsIn("settlements/watch.ts", ["settlements/watch"], {
    "one look is enough": 'if ([-!confirmed || -]is !== "gone") return is;',
    "what is in doubt is given back": 'if (!confirmed || is [-!== "gone"-]{+=== "stands"+}) return is;',
    "points of another sum follow a record": "if ([-applied === one.amount && -](await followVisit(",
  }),
  ...mutantsIn("settlements/watch.store.ts", ["settlements/watch"], {
    "a look overrules who takes it back": `where id = \${id} and [-state = 'stands'-]{+true+}\n    returning watched_at`,
    "what has changed between two looks is confirmed": `case when [-seen = \${applied}::numeric and -]seen_since <=`,
    "what was first seen by a clock put back since is confirmed by none":
      "seen = ${applied}::numeric[- and seen_since <= ${at}::timestamptz-] then seen_since",
    "what the night left out is never looked at": "interval '26 [-hours-]{+years+}'",
    "a look of a clock put back holds":
      "s.watched_at > clock_timestamp() + interval '1 [-minute-]{+century+}'",
    "what is old is looked at for ever": "const watchedDays = [-14-]{+1400+};",
    "points of a spend under way are a surplus": `return sql\`[-not -]exists (`,
  }),
  ...mutantsIn("settlements/watch.store.ts", ["settlements/people"], {
    "a settlement keeps the number of a forgotten person's visit":
      "yclients_client_id = null, reserved_card = null[-, visit_id = null-]",
  }),
  ...mutantsIn("settlements/surplus.ts", ["settlements/watch"], {
    "a spend that is due waits while cards are looked at": "[-await settleDue(settling);-]",
    "a card that is not shown is empty": "?.balance ?? [-null-]{+0+};",
    "what may yet be done is asked again at once": "if (isDone || waited >= [-lateMs-]{+0+})",
    "points of a spend that has just begun are a surplus":
      "if ([-!(await isCardAtRest(tx, one.reservedCard))-]{+false+}) return null;",
    "what a hand took off a bill is a surplus":
      "if (balance <= 0[- || (await isOffItsBill(settling, card.reservedCard, balance))-]) return false;",
    "what nobody knows of a surplus is over": 'if ([-answer.kind === "unknown"-]{+false+}) await keepAnswer(',
    "a visit that is ours is somebody's doing": "return ours && visit !== null && [-!-]ours.has(",
  }),
  ...mutantsIn("till/refunds.store.ts", ["settlements/doubts"], {
    "owners are asked after one look": `t.seen <> t.amount and t.watched_at >= t.seen_since[- + interval '50 seconds'-]\`;`,
  }),
  ...mutantsIn("ledger/spends.store.ts", ["settlements/known"], {
    "a settled spend goes with its record's client": "[-and not settles_its_visit(s.id)-]\n      union",
    "the price of a settled visit was to be lowered": "[-and not settles_its_visit(s.id)-]\n    order by",
  }),
  ...mutantsIn("owners/digests.store.ts", ["settlements/known"], {
    "a spend that settles its visit has left another one of the day unpaid":
      "where u.key = 'undo:' || b.id)[- and not settles_its_visit(s.id)-]\n      group by",
  }),
  ...mutantsIn("owners/digests.store.ts", ["settlements/known"], {
    "a settled visit is in question for another one of the day":
      "t.visit_id = v.visit_id and t.state [-<> 'returned'-]{+is null+})",
  }),
  ...mutantsIn("client/history.store.ts", ["settlements/figures"], {
    "one record's money pays the bill of all": "(o.record_id = v.record_id[- or o.visit_id = t.visit_id-])",
    "the bill as it was spent on is the bill for ever":
      "coalesce([-case when m.paid then t.amount + m.money end, -]bill_in_journal",
  }),
  ...mutantsIn("till/today.store.ts", ["settlements/figures"], {
    "points that paid are in the day's sum":
      "then [-coalesce(v.services_paid, v.price)-]{+v.price+} else v.price end",
  }),
  ...mutantsIn("till/till.store.ts", ["settlements/known"], {
    "points that pay a visit can be spent on it twice": "case when [-settles_its_visit(s.id)-]{+false+}",
  }),
  ...mutantsIn("settlements/settlements.ts", ["settlements/known"], {
    "points are money where prices stay": '(paidBy === "payments" || [-recordPriceFalls === true-]{+true+}),',
  }),
  ...mutantsIn("ledger/proofs.store.ts", ["settlements/known"], {
    "a settlement keeps points that were given back": "when s.state <> 'returned' and u.id is [-not -]null\n",
    "a settlement is of any sum":
      "when b.kind is distinct from 'spend'[- or b.points is distinct from -s.amount-]\n",
  }),
];
