/** Faults between us and PostgreSQL: what a session is set to, what is done where it is set oddly. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const database = [
  ...mutantsIn("db/session.ts", ["db/settings"], {
    "days come as the server writes them": ['DateStyle: "ISO, YMD"', 'DateStyle: "SQL, DMY"'],
    "backslashes are eaten": ['standard_conforming_strings: "on"', 'standard_conforming_strings: "off"'],
    "a list without a value holds a word": ['array_nulls: "on"', 'array_nulls: "off"'],
    "short waits are rounded to tens of seconds": ['extra_float_digits: "1"', 'extra_float_digits: "-15"'],
    "compiling takes longer than it saves": ['jit: "off"', 'jit: "on"'],
  }),
  ...mutantsIn("db/connect.ts", ["db/settings"], {
    "the isolation is the role's": [
      'const mode = "isolation level read committed read write";',
      'const mode = "read write";',
    ],
    "a role that reads writes nothing": [
      'const mode = "isolation level read committed read write";',
      'const mode = "isolation level read committed";',
    ],
    "behind PgBouncer a statement alone has the role's settings": [
      "return pooled ? eachInTransaction(db) : db;",
      "return db;",
    ],
  }),
  ...mutantsIn("db/migrate.ts", ["db/settings"], {
    "any encoding will do": ['if (row?.encoding === "UTF8") return;', "if (row) return;"],
  }),
  ...mutantsIn("store/bonuslog.ts", ["db/settings"], {
    "what was acknowledged may be gone after a crash": ["when 'off' then", "when 'never' then"],
  }),
];
