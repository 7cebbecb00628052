/** Faults in the rules: what earns, how much, what an answer changes. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const rules = [
  ...mutantsIn("visits/visit.rule.ts", ["visits/visit.rule"], {
    "a deleted record goes on earning": '[-if (visit.deleted) return "deleted";-]',
    "goods are counted where services alone earn":
      '[-(terms.earnOn === "services" ? 0 : visit.goodsPaid)-]{+visit.goodsPaid+}',
    "the programme's first day earns nothing": "visit.day <{+=+} start",
    "EARN_WHEN=arrived takes a confirmed visit for one that was held": "visit.attendance [-!==-]{+<+} 1",
    "a debt of payments earns a debt of points": "return paid [-<-]{+==+}= 0 ?",
  }),
  ...mutantsIn("visits/visit.rule.ts", ["visits/plan.rule"], {
    "a visit that is not held and one that was a no-show are mixed up":
      "if (visit.attendance === [--1-]{+0+})",
    "a no-show keeps its points": '[-if (visit.attendance === -1) return "no_show";-]',
    "payments that YCLIENTS did not say are zero":
      "if (visit.servicesPaid === null || visit.goodsPaid === null) return [-null-]{+0+};",
    "a record paid in part earns": "if ([-!visit.paidFull-]{+visit.price < 0+}) return",
    "a forgotten person goes on earning": '[-if (visit.forgotten) return "forgotten";-]',
    "a refund is taken for a doubt though its stamp has moved": "before.paidFull &&[- stood &&-]",
    "a right that ends is taken for a refund": 'is < was ? [-"payment_fell"-]{+null+} : null',
    "payments missing from an awarded record are believed":
      'if (word === "payment_unknown") return [-"payment_unknown"-]{+null+};',
    "a record that moved keeps its points on the card before":
      "if ([-other !== card && sum !== 0-]{+false+})",
    "a correction posts the new sum and not the difference": "points - (posted.get(card) ?? 0){+ * 0+}",
    "what moves to another card has the wrong sign": "points: [---]sum",
  }),
  ...mutantsIn("rules/money.ts", ["rules/money"], {
    "half a hundredth of a point is rounded down": "+ [-5_000n-]{+4_999n+}",
    "one kopeck's digit is read as ten": '[-(match[3] ?? "").padEnd(2, "0")-]{+match[3] ?? ""+}',
    "a minus is dropped from a sum": 'return [-match[1] === "-" && size > 0 ? -size : -]size;',
  }),
  ...mutantsIn("visits/plan.rule.ts", ["ledger/ledger"], {
    "an answer asked for earlier overwrites a later one":
      "known.readAt >[-= seen.readAt-]{+ new Date(8e15)+}",
    "a correction's key lacks its revision": "`${award}:[-${rows}-]{+2+}`",
    "new terms reach back to old awards": "const rule = [-known?.terms ?? -]present;",
    "a later start of the programme takes back old awards": "rule, [-awarded ? null : -]start)",
    "doubts are ignored": "const unsure = [-awarded ? doubt(known, seen, rule) :-]{+null as Doubt |+} null;",
    "a correction does not name its award": "[-first ? null : (known?.awardId ?? null)-]{+null+}",
  }),
  ...mutantsIn("visits/plan.rule.ts", ["visits/plan.rule"], {
    "an answer read twice is worked twice": "known.readAt >[-=-] seen.readAt",
    "a record follows its client's new phone to another card": "if (moves{+ || seen.card+}) return",
    "a change of the payments alone is not stored": "[-known.servicesPaid === seen.servicesPaid &&-]",
  }),
  ...mutantsIn("visits/visit.rule.ts", ["visits/imported.rule"], {
    "the old rounding of an imported award is lost at its first edit":
      "[-imported.points - points-]{+0+} : fell",
    "an imported award falls below nothing": "[-Math.max(0, points + base)-]{+points + base+}",
    "what was refunded before the import is taken back": "[-changedSince(imported, now)-]{+true+})",
    "an imported no-show keeps its points": "[- || attendance === -1-]",
  }),
  ...mutantsIn("till/till.rule.ts", ["till/till.rule"], {
    "of two numbers behind a name the first is the points":
      'return sum[- && !/^\\d/.test(sum.reason ?? "")-] ?',
    "a sum in two words is one point and a reason": '[-/^\\d{3}([.,]\\d+)?$/.test(rest[0] ?? "")-]{+false+}',
  }),
  ...mutantsIn("rules/money.ts", ["till/till.rule"], {
    "a million and one is taken": "upTo([-maxPoints-]{+Infinity+}, ",
  }),
  ...mutantsIn("rules/reason.ts", ["till/till.rule"], {
    "a phone in a reason is kept for ever": 'return [-"phone"-]{+null+};',
  }),
  ...mutantsIn("config/config.ts", ["config/config"], {
    "a secret is shown back in another setting's place": "[-|| secrets.some(holds)-]",
    "an address with a password is shown back": "[-/\\/\\/[^/]*@/.test(text) ||-]",
    "a bad value is not shown back": '[-told === null-]{+true+} ? "cannot be used',
    "a bad value may command the terminal": "? [-visible(one)-]{+one+} : one",
  }),
  ...mutantsIn("config/names.ts", ["config/config"], {
    "names of other programs are taken for ours": "setting.length < 6 ? [-0-]{+1+}",
    "a slip in the name of a file's setting is passed over": '? "[-_FILE-]" : ""',
    "a name is a slip though the setting is set": "[-|| given.has(meant)-]",
    "a slip in the name of a secret's file is passed over": "return [-readdirSync(folder)-]{+[]+};",
  }),
  ...mutantsIn("config/values.ts", ["config/config"], {
    "a timetable that never comes round is taken": "? text : [-undefined-]{+text+};\n  } catch",
  }),
  ...mutantsIn("cli/args.ts", ["binary/commands"], {
    "of an option that is given twice the first is passed over": "given.[-indexOf(one)-]{+length+} < at)",
  }),
  ...mutantsIn("yclients/client.ts", ["yclients/client"], {
    "a refusal repeats what YCLIENTS says of a password":
      'throw new Refused("YCLIENTS", error.code, [-"no words of it are shown"-]{+error.detail+});',
    "what commands the terminal is taken for a token":
      "&& [-/^[\\x21-\\x7e]{1,300}$/.test(token)-]{+true+} ? token",
  }),
  ...mutantsIn("check/check.ts", ["check/check"], {
    "what one party's first fault explains is said again and again":
      "return [-(await failed.promise) ? [] : -]lines;",
    "a warning of a party's first check hides its other faults": 'state === [-"FAIL"-]{+"warn"+})),',
  }),
  ...mutantsIn("check/way.ts", ["cli/check"], {
    "a gateway on the way is taken for Telegram": "[403[-, 502, 503, 504-]].includes",
    "a failed delivery is passed over where our own call is well":
      'if ([-failed-]{+failed && !("ms" in here)+}) {',
    "the luckiest of the calls is told": "one - two)[[-Math.floor(times / 2)-]{+0+}]",
  }),
  ...mutantsIn("cli/check.ts", ["cli/check"], {
    "of several faults the last is to be mended first": 'line.state === "FAIL"[- && first === ""-]) first',
  }),
  ...mutantsIn("cli/terminal.ts", ["binary/token"], {
    "a password is shown as it is typed": "echoes = [-!hidden-]{+true+};",
    "what is typed ahead of the password's question is shown": "  [-echoes = false;-]\n    waiting?.(line)",
  }),
  ...mutantsIn("cli/token.ts", ["binary/token"], {
    "a login and a password are asked where nobody sees the question":
      "if ([-!questions || !terminal-]{+!terminal+})",
  }),
  ...mutantsIn("main.ts", ["binary/token"], {
    "a program that is killed while it asks leaves the terminal silent": "[-questions[Symbol.dispose]();-]\n",
  }),
  ...mutantsIn("main.ts", ["binary/commands"], {
    "a setting's name with a slip in it is passed over": "[-warnOfNames(shell)-]{+void warnOfNames+};",
  }),
];
