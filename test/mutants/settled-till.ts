/** Faults of the till's side of a spend that settles its visit. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const settledTill = [
  ...mutantsIn("till/till.ts", ["till/settled"], {
    "a visit that may be named no more is spent on":
      "if (isTaken || [-(screen.names !== null && visit === null)-]{+false+}) throw new Unnamed();",
    "a second spend of no visit lowers a bill that points pay": "if ([-isTaken-]{+false+} || (screen.names",
    "a visit that was named is not paid by the points":
      "[-if (visit) await beginSettlement(tx, visit.branch, { ...visit, row, points: screen.points });-]",
  }),
  ...mutantsIn("till/till.ts", ["till/settled"], {
    "a spend on a named visit is of the record that was opened": "record: [-named ?? -]record });",
    "of two admins on one visit one meets an error":
      'error instanceof Unnamed[- || brokenRule(error) === "one_settlement_a_visit"-])',
  }),
  ...mutantsIn("till/taps.chat.ts", ["till/settled"], {
    "the visit on the button is not the one that is meant": "act(till, { ...before[-, names-] }, null)",
  }),
  ...mutantsIn("notices/notices.store.ts", ["till/settled"], {
    "a client hears the bill of the till, not the one that points pay":
      "coalesce([-bill_in_journal(b.id)-]{+null+}, b.paid)",
  }),
  ...mutantsIn("alarms/alarms.ts", ["till/settled-answers"], {
    "who looks again hears that it came right": "if (!details.has(id)[- && !undecided.has(id)-])",
  }),
  ...mutantsIn("till/view.ts", ["till/settled"], {
    "more is offered of a visit that points pay":
      "const taken =\n    [-screen.record !== null &&-]{+false &&+}",
  }),
  ...mutantsIn("till/named.store.ts", ["till/settled"], {
    "a paid visit may be named": "[- and not v.paid_full-]\n",
    "a deleted record's visit may be named": "or [-not v.deleted and -]v.attendance",
    "a no-show may be named": "[- and v.attendance <> -1-] and not",
    "somebody else's visit may be named": "where [-v.client_id = ${of.card} and -]v.visit_id",
  }),
  ...mutantsIn("till/screen.chat.ts", ["till/settled-race"], {
    "a word that comes late says for ever that a spend is on its way":
      "if (shown [-===-]{+!==+} message) return;",
    "of two screens that are shown at once one says for ever that a spend is on its way":
      "[...new Set([screen.message[-, shown ?? screen.message-]])]",
  }),
  ...mutantsIn("till/settled.chat.ts", ["till/settled-answers"], {
    "what went otherwise is said further up in the chat":
      'const isNews = [-one.askedBackBy === null && (one.state === "returned" || one.state === "stuck")-]{+false+};',
    "nobody is told where who spent cannot be": "for (const people of [by[-, ownerIds-]])",
    "an owner who asked for it back hears nothing":
      'if (state [-!== "stands"-]{+=== "stands"+} || why === null || account === null',
    "a spend that was told of is told of again":
      "  }\n  await [-keepShown(desk.db, one)-]{+Promise.resolve()+};",
  }),
  ...mutantsIn("till/buttons.chat.ts", ["till/settled"], {
    "the visit that costs what the bill says stands where it comes": "one.price === bill ? [-0-]{+1+}",
    "what is on its way back can be taken back":
      'return [-settlement?.goal === "return" && settlement.state === "under_way"-]{+settlement === undefined+};',
  }),
  ...mutantsIn("till/screens.store.ts", ["till/settled"], {
    "a spend that has come back can be undone":
      "[-case when ${offTheBill} is null then step else 'undone' end-]{+step+}`;",
  }),
  ...mutantsIn("till/refunds.ts", ["till/settled-answers"], {
    "an owner's button gives points back that are on a bill":
      'if (off === "asked") return [-{ kind: "asked", offer }-]{+{ kind: "gone" }+};',
  }),
  ...mutantsIn("ledger/outbox.store.ts", ["till/settled", "till/settled-answers"], {
    "a client hears of a spend before it stands":
      "where s.row_id = b.id and [-s.stood_at is null-]{+false+}))",
    "a client hears of a spend that never stood":
      "set is_telegram_notified = [-true-]{+false+}\n    where id in (${spend}",
  }),
  ...mutantsIn("till/approval.chat.ts", ["till/settled-answers"], {
    "what YCLIENTS refused is asked of it again by one tap":
      'if ([-(await settlementOf(till.db, spend))?.state === "returned"-]{+true+})',
  }),
  ...mutantsIn("settlements/settlements.store.ts", ["till/settled-answers"], {
    "whoever asks a second time hears nothing":
      "shown = case when [-${to.by ?? null}::text is null-]{+true+} then shown end",
  }),
  ...mutantsIn("settlements/shown.store.ts", ["till/settled-answers"], {
    "spends that come no further are told to nobody":
      "slow: others.filter((one) => [-one.isSlow-]{+false+}).length",
    "what is under way is slow at once": "changed_at < clock_timestamp()[- - interval '15 minutes'-] as",
  }),
  ...mutantsIn("settlements/shown.store.ts", ["till/settled-race"], {
    "of two who say something at once the later is taken for the last":
      "case when [-times_shown = ${one.timesShown}-]{+true+} then",
  }),
  ...mutantsIn("settlements/settle.ts", ["till/settled", "till/settled-answers"], {
    "a spend that stands later is told to nobody":
      'if ([-to.kind === "stands" && one.card !== null-]{+false+})\n      await enqueueNotice',
  }),
  ...mutantsIn("till/taps.chat.ts", ["till/settled-anew"], {
    "what was offered instead is spent anew unseen":
      "await ([-screen.rev === 1-]{+screen.row === null+} ? go(begun",
  }),
  ...mutantsIn("till/anew.ts", ["till/settled-anew"], {
    "who took a spend back is offered it anew":
      "[-one.askedBackBy !== null || -]one.why === null) return null;",
    "a spend is offered anew for ever":
      "if ([-screen.doneAt === null || screen.doneAt.getTime() + openMs <= now.getTime()-]{+screen.doneAt === null+})",
    "a spend on a record that is gone is offered anew":
      "[-if (!mayPass.has(one.why) && !withoutJournal.has(one.why)) return null;-]",
    "what was begun anew already is offered again":
      "[-if (await begunAnew({ db, now }, screen)) return null;-]",
    "a branch that settles no more is spent in anew by the journal":
      "mayPass.has(one.why)[- && (await branchesThatSettle(db, rules)).has(one.company)-];",
    "what was spent on the bill meanwhile is not asked about anew": "names: record, [-seen, -]company",
  }),
  ...mutantsIn("till/till.ts", ["till/settled-anew"], {
    "a visit whose payment is gone cannot be paid anew before it is read":
      "whatever: [-isAnew(screen)-]{+false+}",
  }),
  ...mutantsIn("channels/batches.ts", ["channels/telegram/polling", "till/settled-answers"], {
    "whoever waits holds up all": "      isWaiting = true;\n      [-resolve();-]",
  }),
  ...mutantsIn("chat/dispatch.ts", ["till/settled-answers"], {
    "a turn that waits for the journal does not say so": "[-waits();-]\n      return settle(row);",
  }),
  ...mutantsIn("settlements/settlements.ts", ["settlements/settle"], {
    "what took longer than a person waits is told by the next round alone":
      "[-if (isLate && !signal.aborted) await late();-]",
    "what came in time is told twice": "if ([-isLate && -]!signal.aborted) await late();",
    "a spend that finds its job taken waits for the next round":
      "if ([-done !== null || isLate || signal.aborted-]{+true+}) return;",
  }),
  ...mutantsIn("ledger/outbox.store.ts", ["settlements/decisions"], {
    "who has read of a spend hears nothing of its return":
      "where id in (${spend}, ${back})[- and exists (select from bonuslog b where b.id = ${spend} and not b.is_telegram_notified)-]`;",
  }),
  ...mutantsIn("ledger/odd-rows.store.ts", ["ledger/odd-rows"], {
    "verify believes any undo of the programme":
      "or b.actor = 'programme'[- and exists (select from settlements s where s.row_id = named.id and s.state = 'returned')-]`,",
  }),
  ...mutantsIn("till/refunds.ts", ["settlements/doubts"], {
    "an offer that is over takes points off a bill":
      'one.state === "under_way")) [-await take(tx)-]{+await Promise.resolve()+};',
  }),
  ...mutantsIn("till/refunds.store.ts", ["settlements/doubts"], {
    "what comes back by itself is a question to owners":
      "const isLookedAt = `([-t.id is null-]{+true+} or t.state",
    "an offer of a doubt that is over gives points back": "or [-${tx.unsafe(isDoubtful)}-]{+true+})`;",
  }),
  ...mutantsIn("settlements/settlement.rule.ts", ["settlements/settlement.rule", "till/settled-part"], {
    "a part that is left on a paid bill is taken off it":
      '[-seen.applied > 0-]{+seen.applied === amount+}) return { kind: "kept", why: "paid" };',
  }),
  ...mutantsIn("till/refunds.store.ts", ["till/settled-part"], {
    "a question about a changed bill is answered as one about a refund":
      "case when [-${wasDoubtful}-]{+${isDoubtful}+} then t.seen end",
  }),
];
