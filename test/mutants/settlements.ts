/** Faults in the settling of spends: what is asked, believed, put, taken, and given back. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

const rule = "settlements/settlement.rule";
const faults = "settlements/faults";
const several = "settlements/several";
const readings = "settlements/readings";
const kills = "settlements/kills";
const decisions = "settlements/decisions";

export const settlements = [
  ...mutantsIn("settlements/settlement.rule.ts", [rule], {
    "what is late is believed undone at once": "export const lateMs = [-90_000-]{+1_000+};",
    "one look is enough to believe a write undone":
      'if (asked.missedAt === null) return { kind: "look", inMs: betweenLooksMs, missed: [-true-]{+false+} };',
    "the second look need not be late": "now.getTime(), lateMs - [-since-]{+lateMs+});",
    "points that went elsewhere by hand pass for a put that never came":
      'asked.write !== "issue" && [-seen.elsewhere !== false-]{+false+})',
    "a refusal is believed though it was done":
      '[-came === "undone" && -]asked.answer === "no") return refused(',
    "what is refused is asked again":
      'if ([-goal === "settle"-]{+false+}) return { kind: "turn", why: "refused" };',
    "a withdrawal that cannot be cancelled stands no more":
      "return [-stood && seen.applied === amount-]{+false+}",
    "a yes to points put by hand is doubted":
      'if (answer === "yes" && ([-write === "put" || -]write === "take"))',
    "a card that is not shown is an empty one":
      'if ([-seen.balance === null-]{+false+}) return "undone";\n      const moved',
    "a put that shows nothing is done":
      'return sum === moved ? "done" : sum === 0 ? [-"undone"-]{+"done"+} : "odd";',
    "nothing on the bill is an apply that is done": 'if (applied [->-]{+>=+} 0 && sum === 0) return "done";',
    "an empty list proves a cancelling": 'return answer === "yes" || [-rose-]{+true+} ? "done" : "odd";',
    "what was cancelled is held no more": 'if (write === "cancel") return [-held-]{+0+};',
    "somebody else's withdrawal is taken for ours":
      'if (seen.applied !== 0 && [-held === 0-]{+false+}) return { kind: "turn", why: "foreign_rows" };',
    "a bill that falls otherwise than in the trial stands":
      "if (seen.applied === amount && [-isOtherwise(settlement, seen)-]{+false+})",
    "a spend stands with points left on the card":
      'if (seen.applied === amount) return [-emptied(settlement, seen) ?? -]{ kind: "stands" };',
    "a part of the points on the bill stands":
      'if (seen.applied !== 0) return { kind: [-"turn", why: seen.left === 0 ? "too_little_left" : "short"-]{+"stands"+} };',
    "what stands in the way is no obstacle":
      'if ([-seen.obstacle !== null-]{+false+}) return { kind: "turn", why: seen.obstacle };',
    "what lies on the card before is used for the spend":
      'return [-emptied(settlement, seen) ?? -]ask(settlement, "put", amount);',
    "points that a hand took off the card are put there again":
      'return [-{ kind: "turn", why: "by_hand" }-]{+ask(settlement, "put", amount)+};',
    "a bill that does not fall is as in the trial":
      "return [-leftBefore === left || -]leftBefore - left === 2 * amount;",
    "a bill that falls twice is as in the trial":
      "return leftBefore === left[- || leftBefore - left === 2 * amount-];",
    "a paid visit is left short of what points paid": 'if ([-seen.obstacle === "paid"-]{+false+} && stood',
    "points are given back that stand on the bill":
      'if (seen.applied > 0 && [-touched-]{+false+}) return ask(settlement, "cancel", seen.applied);',
    "points are given back though nobody sees the card that they are on":
      'if (seen.balance === null) return held > 0 ? { kind: [-"stuck", why: "card_gone"-]{+"returned"+} } : { kind: "returned" };',
    "points that pay of another visit are given back":
      'if ([-seen.elsewhere !== false-]{+false+}) return { kind: "stuck", why: "gone" };\n    const inMs',
    "the card is left with points that are given back":
      'return [-emptied(settlement, seen) ?? -]{ kind: "returned" };',
    "a take that shows is ours though nobody said so":
      'if (came !== "done"[- || (asked.write === "take" && asked.answer !== "yes")-]) {',
    "what lies on a card that is found is the spend's":
      'if (came !== "done"[- || (held === 0 && write !== "put")-]) return held;',
    "what fills a card below zero is the spend's":
      'if (write === "put") return [-(before.balance ?? 0) < 0 ? held : -]amount;',
    "what was taken off the card is still held":
      "return [-Math.min(amount, Math.max(0, seen.balance ?? 0) + seen.applied)-]{+held+};",
    "half of it off the bill is all of it":
      'if ([-seen.applied !== 0-]{+false+}) return "odd";\n      // An empty',
    "a card that is gone with the points is issued anew":
      'if ([-held > 0-]{+false+}) return { kind: "stuck", why: "card_gone" };\n    return',
    "another card is issued for one that points may lie on":
      'return [-settlement.touched-]{+false+} ? { kind: "turn", why: "card_gone" }',
    "points that may lie on a hidden card are given back":
      'if (asked.write === "put" && came === "undone" && [-seen.balance === null-]{+false+})',
    "what a card pays of several spends comes off the bill for one":
      'if ([-seen.applied > amount-]{+false+}) return { kind: "stuck", why: "foreign_rows" };',
    "a card below zero is an empty one": "if (balance === null || balance [-===-]{+<=+} 0) return null;",
    "what cannot be put on the bill keeps the client's points":
      'return [-goal === "settle" ? { kind: "turn", why: "never_done" } : -]{ kind: "stuck", why: "never_done" };',
    "what a hand moved a moment ago comes back before lists show where it is":
      "const lagMs = [-90_000-]{+30_000+};",
    "what is asked in vain is asked for ever": "if ((vain[write] ?? 0) < [-mostTries-]{+99+}) return",
  }),
  ...mutantsIn("settlements/settle.ts", [several], {
    "an undo is lost where it comes as the spend stands":
      "[-await mustStillBe(tx, one);-]{+if (one === null) return;+}\n    // What was refused",
    "what was refused stays open": 'if ([-why === "refused"-]{+false+} && one.open !== null)',
    "what stops it is not looked for elsewhere":
      'look(settling, one, [-move.kind === "stuck"-]{+false+}, null);',
    "a look that failed is tried again at once":
      "const inMs = [-backOff(one.failures + 1, againMs.least, againMs.most)-]{+0+};",
  }),
  ...mutantsIn("settlements/settle.ts", [decisions], {
    "a step is taken by who has lost the job":
      "inTransaction(settling.db, async (tx) => {\n      [-await mustHold(tx, lease);-]{+if (lease === null) return;+}\n      if (one.client",
  }),
  ...mutantsIn("settlements/settle.ts", ["settlements/people"], {
    "who was forgotten is settled for ever": 'if ([-result === "forgotten"-]{+false+}) await',
  }),
  ...mutantsIn("settlements/settle.ts", [decisions], {
    "points come back while they are on the bill":
      'if (one.goal === "return" [-&& !one.touched -]&& one.asked === null)',
    "points come back while nobody knows of the card that was asked for":
      "&& !one.touched[- && one.asked === null-])\n    return end(",
    "what a card holds is not read again before the end": "if (isEnd(move) && ([-isTold-]{+false+} ||",
    "a settlement is ended by who has lost the job":
      "const first = async (tx: Tx) => {\n    [-await mustHold(tx, lease);-]{+if (lease === null) return;+}",
    "a spend that was given back by somebody is the program's undo":
      'const actor = [-one.askedBackBy === null-]{+true+} ? "programme"',
    "one refusal sends a branch back to today's way":
      'return otherwise.has(why) || ([-why === "refused" && (await wasRefusedBefore(tx, one))-]{+why === "refused"+});',
    "YCLIENTS may refuse for ever": 'otherwise.has(why) || ([-why === "refused"-]{+false+} && (await',
    "what stood comes back in silence": "if ([-!one.stood-]{+true+}) await keepSilent(",
  }),
  ...mutantsIn("settlements/settle.ts", ["settlements/known"], {
    "what stands or came back is known by night": "[-await haveReadAgain(tx, one);-]{+one.why;+}",
    "what somebody took off the bill was never on it":
      'const reason = [-why === "taken_off" ? "off_bill" : -]"not_settled";',
  }),
  ...mutantsIn("settlements/settle.ts", [readings], {
    "a bill that a hand changed speaks against the trial":
      'return [-isChanged-]{+false+} ? "no_visit" : why;',
    "a bill that shows points otherwise is one that a hand changed":
      'why === "bill_otherwise" && toPay !== null[- && toPay !== leftBefore-];',
    "a branch whose bills show points otherwise goes on settling": "return [-otherwise.has(why) || -](why",
  }),
  ...mutantsIn("settlements/ask.ts", [faults], {
    "turned away at the door it is taken for asked":
      'if (answer.kind === "busy") return [-write((tx) => dropWrite(tx, open))-]{+keepAnswer(settling.db, open, "no", null)+};',
    "an unknown answer is a no":
      'keepAnswer(settling.db, open, answer.kind === "unknown" ? [-null-]{+"no"+} : answer.kind, words);',
  }),
  ...mutantsIn("settlements/ask.ts", [several], {
    "an undo is lost where it comes as something is asked":
      "[-await mustStillBe(tx, one);-]{+if (one === null) return;+}\n    open = await",
  }),
  ...mutantsIn("settlements/ask.ts", [kills], {
    "it is sent before it is stored":
      "let open = 0;\n  {+const early = await send();\n  +}await write(async (tx) => {\n    await mustStillBe",
  }),
  ...mutantsIn("settlements/ask.ts", [decisions], {
    "a record that went to another visit is left with its points":
      "{ record, visit: [-seen.record?.visitId ?? visit-]{+visit+} });\n",
    "what was seen before something was asked is seen after it": 'memory.is = "[-past-]{+read+}";\n',
    "an answer about another card tells what ours holds":
      "if (card === null[- || card.id !== one.reservedCard-]) return;",
  }),
  ...mutantsIn("settlements/look.ts", [several], {
    "another card is taken for the one that is gone":
      "const other = one.touched ? [-undefined-]{+cards[0]+} : cards[0];",
    "the day that has begun in the east is not looked at":
      "addDays(today, -30), addDays(today, [-2-]{+1+}));",
    "what was moved days ago is not looked for": "addDays(today, [--30-]{+-1+}), addDays(today, 2));",
    "a card that waits for a person is used by the next spend":
      '(await doesCardWait(db, reservedCard))) return [-"card_waits"-]{+null+};',
    "late points on an earlier visit are no others":
      "amountOf(all) > (ours.get(visit) ?? [-0-]{+0) + (ours.has(visit) ? 1e9 : 0+}));",
  }),
  ...mutantsIn("settlements/look.ts", [readings], {
    "one record of a visit is all of it":
      "const others = new Set([[-...(await recordsOfVisit(db, one)), -]...rows.flatMap((row) => row.record ?? [])]);",
    "a record that no pass has read yet costs nothing":
      "(await recordsOfVisit(db, one))[-, ...rows.flatMap((row) => row.record ?? [])-]]);",
    "a record that has gone to another visit is to be paid here":
      "!state.deleted[- && state.visitId === one.visit-]);",
  }),
  ...mutantsIn("settlements/look.ts", ["yclients/loyalty"], {
    "what two records of a visit show is paid twice":
      "- amountOf([-once(sales.flatMap((sale) => sale.payments))-]{+sales.flatMap((sale) => sale.payments)+})",
    "a part that was paid is left to pay":
      "amountOf(rows)[- - amountOf(once(sales.flatMap((sale) => sale.payments)))-];",
    "fallen prices are lowered once more": "!([-falls-]{+false+} && row.kind === withdrawal)",
  }),
  ...mutantsIn("settlements/look.ts", ["settlements/settle"], {
    "what is written at the till bounds a spend, and not the bill":
      'one.row !== null && [-isTooMuch(rules, one.amount, sales)-]{+false+} ? "too_much"',
    "services alone is a rule of no bill":
      '"services" ? sum(lines.filter(({ isGood }) => [-!isGood-]{+true+})) : null',
  }),
  ...mutantsIn("settlements/look.ts", ["settlements/people"], {
    "a card is issued to nobody": 'record.phone === null) return [-"no_phone"-]{+null+};',
  }),
  ...mutantsIn("settlements/look.ts", [decisions], {
    "a visit that is another client's now is paid": "record.clientId !== client [-||-]{+&&+}",
    "a printed receipt is no obstacle":
      'if ([-record.locked || -]sales?.some((sale) => sale.receipt)) return "receipt";',
    "a visit that is paid is paid once more": 'if ([-record.paid-]{+false+}) return "paid";',
    "somebody else's card counts as the one that is kept":
      "(card) => card.typeId [-===-]{+!==+} one.cardType",
    "no rouble need stay to be paid": 'if (left < one.amount[- + leastLeft-]) return "too_little_left";',
    "a visit that has gone over to another is read where it was":
      "new Set([one.visit, record?.visitId ?? one.visit[-]-]{+].slice(0, 1)+});",
    "a card that changes while it is looked at is believed":
      "for (let tries = 1; [-one.asked-]{+false+} && !isAnswered; tries++) {",
    "a deleted record is paid": 'if (record === null || [-record.deleted-]{+false+}) return "record_gone";',
    "a record that goes over to another visit while it is paid is paid where it was":
      'if ([-record.visitId !== one.visit-]{+false+}) return "no_visit";',
    "a visit of a client who is on another card of ours is paid":
      "[-!(one.card === null || (await isOnCard(db, one.card, client)))-]{+false+}",
    "points pay beside a certificate":
      'if ([-means.some((kind) => otherMeans.includes(kind))-]{+false+}) return "certificate";',
    "points stay on a deleted record that was paid": 'record?.paid[- && !record.deleted-] ? "paid" : null;',
    "a no-show is paid": 'if (record.attendance === [--1-]{+-9+}) return "no_show";',
    "a second card is no obstacle": 'if ([-twoCards-]{+false+}) return "two_cards";',
  }),
  ...mutantsIn("settlements/settle.ts", [several], {
    "spends of one card are settled all at once":
      "due.findIndex(({ card }) => card === one.card) === at[-);-]{+ || true);+}",
  }),
  ...mutantsIn("settlements/settlements.store.ts", [several], {
    "a spend takes off the card what another holds there":
      "and ([-o.held > 0 or -]exists (select from settlement_writes p where p.settlement_id = o.id",
    "a spend fails at what another has asked of the card":
      "and (o.held > 0[- or exists (select from settlement_writes p where p.settlement_id = o.id and p.came is null)-])",
    "who holds something waits for who does": "and not ([-s.held = 0 and -]w.id is null",
  }),
  ...mutantsIn("settlements/settlements.store.ts", [decisions], {
    "what was tried for another goal counts for this one":
      "where settlement_id = s.id [-and id > s.tries_after-]",
    "somebody's undo is not named":
      "asked_back_by = [-coalesce(${to.by ?? null}, asked_back_by)-]{+asked_back_by+}",
    "trials are the job's": "s.state = 'under_way' and [-s.row_id is not null-]{+true+} and s.due_at",
  }),
  ...mutantsIn("settlements/settlements.store.ts", [decisions], {
    "what was asked by a clock put back since is never believed undone":
      "greatest(sent_at, missed_at) > clock_timestamp() + interval '1 [-minute-]{+century+}'",
    "a clock put back since lets a settlement wait for hours":
      "due_at > clock_timestamp() + interval '10 [-minutes-]{+centuries+}'",
    "an undo that is being written is overruled":
      "where id = ${id} and goal = ${goal} and state = 'under_way'[- for update-]`;",
    "what was given back may pay elsewhere":
      "where reserved_card = ${reservedCard} and state [-<> 'returned'-]{+is not null+}`;\n  return new Map",
  }),
  ...mutantsIn("yclients/client.ts", ["yclients/client"], {
    "a list of records without its envelope is an empty one":
      'const isList = Array.isArray(body)[- && url.includes("/loyalty/")-];',
    "a change that came too soon holds nobody up":
      "[-await options.budget.refused();-]\n        return { kind",
  }),
  ...mutantsIn("yclients/client.ts", [faults], {
    "nonsense by 200 is a no": "success !== false ? [-Nonsense-]{+Refused+} : Refused;",
    "a request that took too long is refused": "[-error.code === 408 ||-] error instanceof Nonsense",
  }),
  ...mutantsIn("yclients/loyalty-answers.ts", ["yclients/loyalty"], {
    "what is in force no more counts":
      'rows.filter(({ status_id }) => [-[undefined, null, 1, "1"].includes(status_id as never)-]{+status_id !== 9+})',
    "a service of two records is to be paid once": '${isGood ? "" : [-line.document_id-]{+""+}}',
    "a service that a record has twice is to be paid once":
      "times.set(name, [-(times.get(name) ?? 0) + 1-]{+1+});",
    "consumables are a sale": "Number(one.type_id) === saleDocument[-)-]{+ || true)+}",
    "what only moves a card pays the bill":
      "export const payingKinds = [1, [-withdrawal-]{+2, withdrawal+}, 8, 9, 10, 11];",
    "what a promotion pays is left to pay": "export const payingKinds = [[-1, -]withdrawal, 8",
    "what the client's account pays is left to pay": "withdrawal, 8, 9, 10[-, 11-]];",
    "what cannot be read is zero":
      'v.custom<Kopecks>((sum) => [-sum !== null, "no sum"-]{+sum === null || sum !== null, "no sum"+}),',
    "a card that may pay half of a bill is no other": "[-(percent > 0 && percent < 100)-]{+false+} ||",
    "a card that pays for services alone is no other":
      "const paid = [card.type?.service_item_type[-, card.type?.good_item_type-]];",
    "a card that pays at most so much is no other": "[-Number(card.max_discount_amount ?? 0) > 0-]{+false+},",
    "a card's row by its other name is nobody's": "card: row.card_id[- ?? row.loyalty_card_id-],",
    "a visit that is overpaid is not paid": "paid: record.paid_full [->=-]{+===+} 1,",
    "a record whose receipt is printed may be changed":
      "locked: record.is_update_blocked[- || record.is_sale_bill_printed-],",
    "a receipt in print is none": "Number(document.bill_print_status) > [-1-]{+2+}),",
  }),
  ...mutantsIn("yclients/rights.ts", ["yclients/loyalty"], {
    "a right to yesterday is one to two weeks": "days < 0 || days >= [-watchedDays-]{+1+},",
    "loyalty by its second name is no right": "flag(all.loyalty_access[- ?? all.has_loyalty_access-]),",
  }),
  ...mutantsIn("yclients/loyalty-answers.ts", [decisions], {
    "what another card pays is ours": "row.kind === withdrawal[- && row.card === card-]);",
    "what a promotion gives by our card is ours":
      "(row) => [-row.kind === withdrawal && -]row.card === card);",
  }),
  ...mutantsIn("yclients/loyalty.ts", ["yclients/loyalty"], {
    "a chain has a thousand withdrawals": "if (all.length [-<-]{+<=+} perPage) return found;",
    "another card's withdrawals are this one's": "[- && (card ?? row.card) === row.card-]),",
    "what is in force no more pays on":
      "...[-inForce(all)-]{+inForce(all.map((row) => ({ ...row, status_id: 1 })))+}.filter(",
  }),
  ...mutantsIn("yclients/loyalty.ts", [faults], {
    "an answer about another record is this one's":
      "if (state && ([-state.id !== record || -](state.companyId",
    "another branch's record is this one's":
      "(state.id !== record[- || (state.companyId ?? companyId) !== companyId-]))",
  }),
  ...mutantsIn("yclients/loyalty.ts", [decisions], {
    "a visit that is no more stops it for good": "rowsSchema)[-.catch((error) => unlessGone(error, []))-],",
  }),
  ...mutantsIn("settlements/settlements.ts", [decisions], {
    "a mirror settles": 'if (settles [-!== "on"-]{+=== "off"+}) return new Map();',
    "a trial of another kind of card lets spends settle":
      "([-settleCardType === null || cardType === settleCardType-]{+true+}) &&",
    "what is on its way back is asked back by who comes last":
      'if ([-one.goal === "settle" || one.state === "stuck"-]{+true+})\n    await setCourse',
    "what stands is settled anew by whoever looks again":
      'if ([-one?.state === "stuck"-]{+one+})\n      await setCourse',
  }),
  ...mutantsIn("settlements/trials.store.ts", [decisions], {
    "a trial that failed lets spends settle": "where [-passed and -]doubted_at is null and",
    "a branch that was found otherwise goes on settling": "passed [-and doubted_at is null -]and protocol",
    "a trial by an earlier way lets spends settle": "doubted_at is null[- and protocol = ${protocol}-]`;",
    "an earlier trial lets spends settle": "order by s.company_id, s.id[- desc-]) t`;",
    "the last word of a doubt is kept": "company_id = ${company})[- and doubted_at is null-]`;",
  }),
  ...mutantsIn("sql/0058_settlements.sql", ["settlements/guards"], {
    "the price of a spend under way is to be lowered":
      "s.row_id = spend and s.state [-<> 'returned'-]{+in ('stands', 'stuck')+})",
    "the price of a spend that waits for a person is to be lowered":
      "s.row_id = spend and s.state [-<> 'returned'-]{+in ('under_way', 'stands')+})",
    "a settled spend that came back needs no hand at the price":
      "s.row_id = spend[- and s.state <> 'returned'-])",
    "points that pay a part of a bill may be given back": "and s.state [-<> 'returned'-]{+= 'stuck'+}) then",
    "a settlement is returned without its points":
      "if [-not exists (select from bonuslog b where b.key = 'undo:' || new.row_id and b.kind = 'undo' and b.points = new.amount)-]{+false+}",
    "points on a bill come back as a credit":
      "new.kind in ('undo'[-, 'credit'-]) and new.corrects is not null)",
    "a visit is settled twice": "create [-unique -]index one_settlement_a_visit",
    "two writes are open on a card": "create [-unique -]index one_open_write_a_reserved_card",
    "two writes of a settlement are open": "create [-unique -]index one_open_write_a_settlement",
    "a spend is settled twice":
      "constraint a_spend_is_settled_once [-unique (row_id)-]{+check (row_id > 0)+}",
    "a settlement is of another sum than its spend":
      "b.kind = 'spend' and b.points = [--new.amount-]{+b.points+}) then",
    "points on a bill come back under another key": "where s.row_id in ([-new.corrects, -]substring(new.key",
    "a settlement is returned with a part of its points":
      "and b.kind = 'undo'[- and b.points = new.amount-])",
    "a spend that was taken back is settled":
      "or [-exists (select from bonuslog u where u.corrects = new.row_id and u.kind in ('undo', 'credit'))-]{+false+}) then",
    "a settlement begins where it likes":
      "([-(new.goal, new.state, new.held) is distinct from ('settle', 'under_way', 0)-]{+false+} or new.visit",
    "it is somebody else's card from now on":
      "or [-new.yclients_client_id <> old.yclients_client_id-]{+false+}\n",
    "points are on another card than they were put on":
      "or [-new.reserved_card <> old.reserved_card-]{+false+} and exists (",
    "what was asked is forgotten":
      "if [-old.came is null-]{+true+} or exists (select from settlements s where s.id",
    "what came of it becomes something else": "elsif [-old.came is null and -](new.settlement_id,",
    "two cards are issued to one client": "create [-unique -]index one_card_is_issued_at_a_time",
    "a returned settlement begins anew":
      "elsif [-old.state = 'returned' and new.state <> 'returned'-]{+false+}",
    "a spend under way pays another visit":
      "or new.visit_id <> old.visit_id and [-not (old.state = 'stands' and new.state = 'stands')-]{+false+}",
    "a settlement becomes another spend's": "or (new.id, [-new.row_id-]{+old.row_id+}, new.company_id",
    "a settlement's sum changes": "new.record_id, [-new.amount-]{+old.amount+}, new.card_type, new",
    "what is to be taken back stands": "state <> 'stands' or [-goal = 'settle' and -]stood_at is not null",
    "what is to stand is returned": "check (state <> 'returned' or [-goal = 'return'-]{+true+}),",
    "what waits for a person says no why": "check (state <> 'stuck' or [-why is not null-]{+true+}),",
    "nothing is asked of a card": "check (amount > 0 or [-write = 'issue' and -]amount = 0)",
  }),
  ...mutantsIn("sql/0058_settlements.sql", ["settlements/people"], {
    "a card that was forgotten after it had taken another in wants its points back":
      "join clients c on c.id = [-coalesce(w.merged_into, w.id)-]{+w.id+}\n        where b.id = new.row_id",
  }),
  ...mutantsIn("sql/0058_settlements.sql", ["db/kinds"], {
    "the programme takes back any spend":
      "if new.kind = 'undo' and new.actor = [-'programme'-]{+'nobody'+} and not exists (",
  }),
];
