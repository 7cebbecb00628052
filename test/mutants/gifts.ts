/** Faults in gifts: who is given one, how often, when it is taken back, and what is kept of a birthday. */
import { mutantsIn } from "./mutant.ts";

export const gifts = [
  ...mutantsIn("gifts/gifts.ts", ["gifts/welcome"], {
    "a welcome is given again after /forget": "if ([-had || -]!first) return;",
    "who was here before is welcomed": "if (had[- || !first-]) return;",
    "the welcome's marks end": "await mark(tx, hashes, [-null-]{+'2000-01-01'+});\n    if (had",
    "an account is no mark": `const hashes = [veil(\`welcome \${phone}\`)[-, veil(\`welcome \${account}\`)-]];`,
  }),
  ...mutantsIn("gifts/gifts.ts", ["gifts/birthday"], {
    "a birthday's gift comes at night": "[-minute >= hours.from-]{+true+}",
    "a second card has a second gift":
      "if ([-await isMarked(tx, hashes)-]{+false+}) return [];\n  await mark(tx, hashes, addDays",
    "birthdays are read where no gift is set":
      "Promise<number> {\n  if ([-birthdayPoints === null-]{+false+}) return 0;\n  let read",
  }),
  ...mutantsIn("gifts/birthdays.store.ts", ["gifts/birthday"], {
    "a day that the journal knew is new when the person says it":
      "select day, [-(select min(since) from d same where same.day = d.day) as -]since from d",
    "a day need not be known for long": `<= w."on" - \${[-knownForDays-]{+0+}}::int`,
    "nobody need have been here": "and v.day between (w.\"on\" - interval '1 [-year-]{+century+}')",
    "a changed day is known since ever":
      "case when [-journal_birthdays.day = excluded.day-]{+true+} then journal_birthdays.since",
    "the journal goes before the person": "b.day, b.since, [-1-]{+3+} as place",
    "what the journal said is kept for nothing": `where not ([-\${wanted}-]{+true+} and exists`,
  }),
  ...mutantsIn("gifts/gifts.store.ts", ["gifts/welcome", "gifts/birthday"], {
    "a gift is taken at once": 'const grace = "[-3-]{+0+} days";',
    "a welcome that still waits is taken": "when 'welcome' then [-exists-]{+true or exists+} (",
    "another visit keeps no welcome": "having sum(r.points) > [-0-]{+1000000+})",
    "a visit that came from another card keeps no welcome": "r.kind in ('award'[-, 'correction'-])",
  }),
  ...mutantsIn("gifts/birthday.rule.ts", ["gifts/birthday.rule", "gifts/birthday.chat"], {
    "29 February is kept in leap years alone": 'day === "02-29" && !leap ? "02-[-28-]{+29+}"',
    "a day changes at any time": "return from > now [-&& said.changedAt <= now-]{+&& false+} ? from : null;",
  }),
  ...mutantsIn("till/limits.ts", ["gifts/till"], {
    "what waits is on offer at the till":
      "{ ...of[-, locked: await lockedPoints(till.db, of.card)-] }, limit);",
  }),
  ...mutantsIn("cards/people.store.ts", ["gifts/birthday.chat"], {
    "a birthday outlives its owner's /forget": `delete from birthdays where \${[-theirs("account")-]{+tx\`false\`+}}\``,
    "the journal's birthday does": `delete from journal_birthdays where yclients_client_id = any(\${[-people-]{+[]+}}::bigint[])\``,
  }),
];
