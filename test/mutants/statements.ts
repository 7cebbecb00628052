/** Faults in what of the ledger is handed out: whose it is, what it sums to, and what proves it. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const statements = [
  ...mutantsIn(
    "statements/statement.ts",
    ["statements/statement", "statements/chat", "statements/ends", "statements/proof"],
    {
      "what came between the days is in the opening twice":
        "const opening = then.held[- - rows.reduce((sum, { points }) => sum + points, 0)-];",
      "the last day is not whole": "midnight([-addDays(to, 1)-]{+to+})",
      "a day is UTC's": 'instantOf(`${day}T00:00:00`, [-timeZone-]{+"UTC"+});',
      "what is held after each change is never added up": "[-held += row.points;-]",
      "its ends are today's whatever the day": "await endingsOf(tx, card, [-until-]{+null+})",
      "a proof goes to a salon that asked for none": "proof: [-asked.proof-]{+true+} ? await",
    },
  ),
  ...mutantsIn("statements/statement.chat.ts", ["statements/chat", "statements/proof"], {
    "who took a number over reads what was before": 'client === null ? [-turn.account-]{+"staff"+} : "staff"',
    "a client has another's statement by the phone":
      "[-isStaff(desk.shop, turn.account)-]{+true+} && !isDay ?",
    "an admin has a client's statement": "if (phone !== null && [-!ofOwner-]{+false+}) return",
    "an old button gives a client's statement to who owns no more":
      "return [-isOwner(await staff.now(), turn.account)-]{+true+} ? client : null;",
    "a button gives the days from the first on": 'from: from === "-" ? null : [-(from ?? null)-]{+null+},',
    "the page to check with is kept back": "[-shop.publicUrl === null-]{+false+})\n    await turn.file",
  }),
  ...mutantsIn("statements/statements.store.ts", ["statements/statement", "statements/ends"], {
    "what is owed is today's whatever the day":
      "until === null ? sql`` : sql`[-where awarded_at < ${until}-]`;",
    "what was taken later was never there": "l.rest[- + coalesce(later.points, 0)-] as points",
    "lots of later days end too": "where [-o.awarded_at < ${until}-]{+true+} ${ofCard",
    "points end while the clock stands still": "[-where stopped_on(f) is not null-])",
    "what has no end is not owed": "null, h.points[- - coalesce(e.points, 0)-]",
  }),
  ...mutantsIn("statements/owed.ts", ["statements/statement", "statements/ends"], {
    "the last card is not counted": "done() {\n    [-this.#close();-]",
    "what is below zero is owed": "[points > 0 ? owed : [-debts-]{+owed+},",
  }),
  ...mutantsIn("ledger/tree.ts", ["ledger/tree", "statements/proof"], {
    "a proof that leads nowhere is handed out":
      "return [-rootOf(path) === path.root ? path : null-]{+path+};",
    "cards without a picture are left out":
      "[-for (let last: CardId | null = 0; last !== null; ) last = await store.giveCodes(db, last, maxCodes);-]",
  }),
  ...mutantsIn("ledger/tree.store.ts", ["ledger/tree"], {
    "a leaf may be shown for a node": "sha256([-decode('00', 'hex') || -]convert_to(",
    "what came behind the seal is in its tree": "from bonuslog where [-id <= ${lastRow}-]{+true+} group",
    "an earlier day's tree takes the place of a later one's":
      "not exists (select from trees t where t.day [->=-]{+=+} ${day})",
    "a tree that was spoilt is sound": "or exists (\n        select from tree_nodes n[- left-] join below",
  }),
  ...mutantsIn("ledger/tree-path.ts", ["ledger/tree"], {
    "the other hash always stands to the right":
      'const both = [-step.startsWith("L") ? other + hash : hash + other-]{+hash + other+};',
  }),
  ...mutantsIn("owners/digest.ts", ["statements/proof"], {
    "every salon has a tree": '[-if (parts.statements === "proof") -]await plantTree(parts, day);',
  }),
  ...mutantsIn("config/config.ts", ["config/config"], {
    "a proof goes with a message that nobody has": "digestAt [-=== null-]{+=== undefined+})",
  }),
];
