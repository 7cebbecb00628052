/** Faults in what is made of values from outside: phones, sums, times, codes, names, and what the database refuses. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const values = [
  ...mutantsIn("rules/phone.ts", ["rules/phone"], {
    "a phone is checked before it is parsed and not after":
      "return isE164([-phone-]{+`+${digits}`+}) ? phone : null;",
    "a plus before an 8 makes a number of nobody's":
      "[-(/^8\\d{10}$/.test(digits) ? known(`7${digits.slice(1)}`) : null) ??-]",
    "real numbers of Japan and Vietnam become Russian": "[-known(digits) ??-]",
  }),
  ...mutantsIn("rules/phone.ts", ["visits/odd-values"], {
    "a phone is what the library makes of it, however short":
      "return [-isE164(phone) ? phone : null-]{+digits.length < 8 || digits.length > 15 ? null : phone+};",
  }),
  ...mutantsIn("rules/money.ts", ["rules/money"], {
    "ten thousand million is a sum that points can be": "Math.abs(value) <{+=+} tooMany",
  }),
  ...mutantsIn("rules/time.ts", ["rules/time"], {
    "an hour that clocks leave out is counted from behind it":
      "? after : [-before-]{+new Date(before.getTime() - 3_600_000)+};",
    "of an hour that comes twice the second is meant": "? after : [-before-]{+after+};",
    "a wait of any length is waited": "[-Math.min(seconds, 86_400)-]{+seconds+}",
    "an offset is a zone, whose sign PostgreSQL reads the other way":
      "return [-/^[A-Za-z]/.test(name)-]{+true+};",
  }),
  ...mutantsIn("rules/reason.ts", ["visits/odd-values"], {
    "a reason keeps what the database takes for a line break": "return [-oneLine(text)-]{+text.trim()+}",
  }),
  ...mutantsIn("yclients/rights.ts", ["visits/odd-values"], {
    "payments are seen more days back than an integer has": "[-Math.min(read, maxDays)-]{+read+}",
  }),
  ...mutantsIn("visits/branches.store.ts", ["visits/odd-values"], {
    "a zone that the database does not know is kept":
      "[- and now() at time zone ${named.timeZone} is not null-]",
  }),
  ...mutantsIn("yclients/client.ts", ["visits/odd-values"], {
    "a zero byte in YCLIENTS's words hides its refusal":
      'typeof value === "string" && [-oneLine([...oneLine(value)].slice(0, 300).join(""))-]{+value+}',
  }),
  ...mutantsIn("yclients/client.ts", ["yclients/client"], {
    "YCLIENTS's clock is believed however far it is ahead":
      "date.getTime() <= [-ours.getTime() + 86_400_000-]{+8e15+}",
  }),
  ...mutantsIn("rules/name.ts", ["rules/name"], {
    "a name may be drawn as nothing": "[-\\u2800\\u3164-]",
    "a mark that turns the line round stays in a name": "[\\p{[-Cf}\\p{Cs-]{+Cs+}}]",
    "half of a character stays in a name": "[\\p{Cf}[-\\p{Cs}-]]",
    "a long name is cut in the middle of a character":
      '[-[...oneLine(written)].slice(0, 100).join("")-]{+oneLine(written).slice(0, 99)+}',
    "words are set apart twice": 'words[-.replace(/\\u2068[^\\u2069]*\\u2069/g, "")-]',
  }),
  ...mutantsIn("texts/html.ts", ["texts/names"], {
    "a Hebrew letter in a name turns the rest of the line round": "quoted([-apart(text)-]{+text+})",
  }),
  ...mutantsIn("texts/person.ts", ["texts/names"], {
    "a name on a button turns the rest of it round":
      '[-apart([...name].slice(0, maxChars).join(""))-]{+[...name].slice(0, maxChars).join("")+}',
    "a name is set apart and then cut, its end with it":
      '[-apart([...name].slice(0, maxChars).join(""))-]{+[...apart(name)].slice(0, maxChars).join("")+}',
  }),
  ...mutantsIn("yclients/record.ts", ["yclients/record"], {
    "an overpaid visit is not paid": "[-(paid_full ?? 0) >-]{+paid_full ==+}= 1",
    "whether it is paid is not said, so it is not":
      "if (paid_full === [-null && record.deleted === 0-]{+undefined+})",
    "a negative code is a no": "[-v.pipe(code, v.minValue(0))-]{+code+}",
    "an unknown code of deletion is a no":
      "v.[-pipe(v.nullish(code, 0), v.picklist([0, 1]))-]{+nullish(code, 0)+}",
    "a client whose id cannot be is nobody": '? [-"unreadable"-]{+null+} : null',
    "prices that add up to more than a sum are one": "return [-isSum(sum) ? sum : null-]{+sum+};",
    "payments that add up to more than a sum are one": ".[-every(isSum)-]{+length > 0+} ? sums : unknown",
    "a year of five digits is a time": "[- && at.getTime() < latest-]",
    "the offset of a record is believed against its wall time": "wall && timeZone {+&& !said +}? there(",
    "an hour that comes twice is always the first": "[-wallTime(said, timeZone) === wall-]{+false+} ? said",
    "the day of an instant without a wall time is Greenwich's":
      "said && [-timeZone ? dayOf(said, timeZone)-]{+false ? null+}",
  }),
  ...mutantsIn("visits/post.ts", ["visits/odd-values"], {
    "a refused record is forgotten": "...part.rows], refused: [-posted.refused-]{+[]+} };",
    "what the database refuses is not set aside": "[...unreadable[-, ...refused-]]",
  }),
  ...mutantsIn("db/connect.ts", ["visits/odd-values"], {
    "the half beside an odd record is lost": "rows.slice(half{+ + 1+}), work",
    "one odd record stops the branch": "[-if (rule === null || first === undefined) -]throw error;",
    "one odd record keeps its page out": "if (rows.length [-==-]{+>+}= 1) return odd",
    "a lock that lasts is a value's fault": "/^(21|22|23|54{+|55+})/",
    "what a type cannot hold is nobody's fault": "/^(21|[-22|23-]{+23+}|54)/",
    "what cannot be written down is nobody's fault": "if (error instanceof [-RangeError-]{+EvalError+})",
    "a total that is more than a sum cannot be read back":
      "const value = [-totalOf(text)-]{+Math.abs(totalOf(text) ?? 0) < 1e12 ? totalOf(text) : null+};",
  }),
  ...mutantsIn("notices/notify.ts", ["notices/troubles"], {
    "one card that cannot be told stops all messages":
      "[-if (notify.signal.aborted || databaseIsAway(error)) -]throw error;",
  }),
  ...mutantsIn("visits/recheck.ts", ["visits/odd-values"], {
    "a record that is refused again counts as read": "if (odd{+ && false+}) await",
  }),
  ...mutantsIn("visits/plan.rule.ts", ["visits/odd-values"], {
    "the hour of a session is never put right": "[-known.startsAt.getTime() === seen.startsAt.getTime() &&-]",
  }),
  ...mutantsIn("import/import.ts", ["import/import"], {
    "a row that the database refuses is not named":
      "    {+if (rule) throw new Error(rule);\n    +}throw new OperatorError(`${nameOf(row)}: the database",
  }),
  ...mutantsIn("sql/0021_phones_and_names.sql", ["db/phones-and-names"], {
    "a card whose right number is taken keeps the wrong one for ever": "set [-phone = null, -]telegram_id",
    "a card that no client of the journal has is left without a phone":
      "[-  and exists (select from yclients_clients y where y.client_id = c.id)-];",
    "marks of direction stay in stored names": "[-\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e-]",
    "a stored name of nothing is a name": "[-\\u2800\\u3000\\u3164-]",
  }),
  ...mutantsIn("import/python.store.ts", ["import/import"], {
    "line breaks come over in names": '[-shownName(name ?? "")-]{+name?.trim()+} || null',
  }),
];
