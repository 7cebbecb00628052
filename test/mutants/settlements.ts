/** Faults in the settling of spends: what is asked, believed, put, taken, and given back. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

const rule = "settlements/settlement.rule";
const faults = "settlements/faults";
const several = "settlements/several";
const readings = "settlements/readings";
const kills = "settlements/kills";

export const settlements = [
  ...mutantsIn("settlements/settlement.rule.ts", [rule, several, faults], {
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
    "what is asked in vain is asked for ever": "if ((vain[write] ?? 0) < [-mostTries-]{+99+}) return",
  }),
  ...mutantsIn("settlements/settlement.rule.ts", ["settlements/hands"], {
    "what a hand moved a moment ago comes back before lists show where it is":
      "const lagMs = [-30_000-]{+0+};",
  }),
  ...mutantsIn("settlements/settle.ts", [several, "settlements/people", kills, faults], {
    "a step is taken by who has lost the job":
      "inTransaction(settling.db, async (tx) => {\n      [-await mustHold(tx, lease);-]{+if (lease === null) return;+}\n      if (one.client",
    "a settlement is ended by who has lost the job":
      "const first = async (tx: Tx) => {\n    [-await mustHold(tx, lease);-]{+if (lease === null) return;+}",
    "an undo is lost where it comes as the spend stands":
      "[-await mustStillBe(tx, one);-]{+if (one === null) return;+}\n    // What was refused",
    "an undo is lost where it comes as something is asked":
      "[-await mustStillBe(tx, one);-]{+if (one === null) return;+}\n    open = await",
    "it is sent before it is stored":
      "let open = 0;\n  {+const early = await send();\n  +}await write(async (tx) => {\n    await mustStillBe",
    "what was refused stays open": 'if ([-why === "refused"-]{+false+} && one.open !== null)',
    "who was forgotten is settled for ever": 'if ([-result === "forgotten"-]{+false+}) await',
    "what a card holds is not read again before the end": "if (isEnd(move) && ([-isTold-]{+false+} ||",
    "what stops it is not looked for elsewhere":
      'look(settling, one, [-move.kind === "stuck"-]{+false+}, null);',
    "turned away at the door it is taken for asked":
      'if (answer.kind === "busy") return [-write((tx) => dropWrite(tx, open))-]{+keepAnswer(settling.db, open, "no", null)+};',
    "a record that went to another visit is left with its points":
      "{ record, visit: [-seen.record?.visitId ?? visit-]{+visit+} });\n",
    "a look that failed is tried again at once":
      "const inMs = [-backOff(one.failures + 1, againMs.least, againMs.most)-]{+0+};",
    "an unknown answer is a no":
      'keepAnswer(settling.db, open, answer.kind === "unknown" ? [-null-]{+"no"+} : answer.kind, words);',
  }),
  ...mutantsIn("settlements/settle.ts", [readings], {
    "a branch whose bills show points otherwise goes on settling": "return [-otherwise.has(why) || -](why",
  }),
  ...mutantsIn("settlements/look.ts", [several, readings, kills], {
    "a card is read after what it pays":
      "for (let tries = 1; [-one.asked-]{+false+} && !isAnswered; tries++) {",
    "a visit that has gone over to another is read where it was":
      "new Set([one.visit, record?.visitId ?? one.visit[-]-]{+].slice(0, 1)+});",
    "somebody else's card counts as the one that is kept":
      "(card) => card.typeId [-===-]{+!==+} one.cardType",
    "another card is taken for the one that is gone":
      "const other = one.touched ? [-undefined-]{+cards[0]+} : cards[0];",
    "one record of a visit is all of it": "(other) => other !== one.record{+ && false+});\n  const states",
    "a part that was paid is left to pay": "rows.reduce((sum, row) => sum + row.amount, 0)[- - paid-];",
    "fallen prices are lowered once more": "!([-falls-]{+false+} && row.kind === withdrawal)",
    "the day that has begun in the east is not looked at":
      "addDays(today, -30), addDays(today, [-2-]{+1+}));",
    "what was moved days ago is not looked for": "addDays(today, [--30-]{+-1+}), addDays(today, 2));",
    "a card that waits for a person is used by the next spend":
      '(await doesCardWait(db, reservedCard))) return [-"card_waits"-]{+null+};',
    "no rouble need stay to be paid": 'if (left < one.amount[- + leastLeft-]) return "too_little_left";',
    "what is written at the till bounds a spend, and not the bill":
      'one.row !== null && [-isTooMuch(rules, one.amount, sales)-]{+false+} ? "too_much"',
    "services alone is a rule of no bill":
      '"services" ? sum(lines.filter(({ isGood }) => [-!isGood-]{+true+})) : null',
    "a card is issued to nobody": 'one.phone) === null) return [-"no_phone"-]{+null+};',
    "late points on an earlier visit are no others":
      "sum + row.amount, 0) > (ours.get(visit) ?? [-0-]{+0) + (ours.has(visit) ? 1e9 : 0+}),",
  }),
  ...mutantsIn("settlements/look.ts", ["settlements/hands"], {
    "a visit that is another client's now is paid": "record.clientId !== client [-||-]{+&&+}",
    "a printed receipt is no obstacle":
      'if ([-record.locked || -]sales?.some((sale) => sale.receipt)) return "receipt";',
    "a visit that is paid is paid once more": 'if ([-record.paid-]{+false+}) return "paid";',
    "a no-show is paid": 'if (record.attendance === [--1-]{+-9+}) return "no_show";',
    "a second card is no obstacle": 'if ([-twoCards-]{+false+}) return "two_cards";',
  }),
  ...mutantsIn("settlements/settlements.store.ts", [several, kills, faults], {
    "what was tried for another goal counts for this one":
      "where settlement_id = s.id [-and id > s.tries_after-]",
    "somebody's undo is not named":
      "asked_back_by = [-coalesce(${to.by ?? null}, asked_back_by)-]{+asked_back_by+}",
    "trials are the job's": "s.state = 'under_way' and [-s.row_id is not null-]{+true+} and s.due_at",
  }),
  ...mutantsIn("yclients/client.ts", [faults, "yclients/client"], {
    "nonsense by 200 is a no": "success !== false ? [-Nonsense-]{+Refused+} : Refused;",
    "a list of records without its envelope is an empty one":
      'const isList = Array.isArray(body)[- && url.includes("/loyalty/")-];',
    "a request that took too long is refused": "[-error.code === 408 ||-] error instanceof Nonsense",
  }),
  ...mutantsIn("yclients/loyalty-answers.ts", [readings], {
    "a service of two records is to be paid once":
      '${line.type === "good" ? "" : [-line.document_id-]{+""+}}',
    "a service that a record has twice is to be paid once":
      "times.set(name, [-(times.get(name) ?? 0) + 1-]{+1+});",
    "what is in force no more counts":
      'rows.filter(({ status_id }) => [-[undefined, null, 1, "1"].includes(status_id as never)-]{+status_id !== 9+})',
    "consumables are a sale": "Number(one.type_id) === saleDocument[-)-]{+ || true)+}",
  }),
  ...mutantsIn("yclients/loyalty.ts", ["settlements/hands"], {
    "a visit that is no more stops it for good": "rowsSchema)[-.catch((error) => unlessGone(error, []))-],",
  }),
  ...mutantsIn("sql/0058_settlements.sql", ["settlements/guards", several, "db/kinds"], {
    "points that pay a part of a bill may be given back": "and s.state [-<> 'returned'-]{+= 'stuck'+}) then",
    "a settlement is returned without its points":
      "if [-not exists (select from bonuslog b where b.key = 'undo:' || new.row_id)-]{+false+}",
    "a visit is settled twice": "create [-unique -]index one_settlement_a_visit",
    "two writes are open on a card": "create [-unique -]index one_open_write_a_reserved_card",
    "two writes of a settlement are open": "create [-unique -]index one_open_write_a_settlement",
    "a spend is settled twice":
      "constraint a_spend_is_settled_once [-unique (row_id)-]{+check (row_id > 0)+}",
    "a settlement is of another sum than its spend":
      "b.kind = 'spend' and b.points = [--new.amount-]{+b.points+}) then",
    "the programme takes back any spend": "if new.actor = [-'programme'-]{+'nobody'+} and not exists (",
  }),
];
