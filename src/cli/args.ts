// The command line: what the program can do, and what it was asked to.

import { parseArgs } from "node:util";
import { messageOf, OperatorError } from "../errors.ts";

export const help = `loyalty-bot: a loyalty card in Telegram for businesses that keep their journal in YCLIENTS

  serve                              migrate, then serve HTTP, the bot and the jobs (default)
  migrate                            apply pending migrations
  check                              prove every setting and every outside party, with remedies
  token                              a YCLIENTS user's login and password, asked here, for the user token
  sync [--since DATE] [--dry-run]    one full pass over the journal now; --dry-run writes nothing
  notify                             send what is due, once
  verify [--seal ROWS:HASH]…         recompute the ledger from its first row, look for earlier seals, print its own
  export [--from DATE] [--to DATE]   the ledger as CSV
  export --xlsx [--from …] [--to …]  changes and balances with clients' names, as a workbook
  statement --phone P [--from DATE] [--to DATE]  a card's statement: what it held, each change, what it holds and until when
  statement … [--csv] [--html] [--language en]   the same as a table, as a page to print; in English
  owed [--as-of DATE] [--csv] [--html] [--language en]  the points owed at the end of a day or now, and when they end
  programme try [--percent P] [--levels L] [--levels-over T] [--points-live T]  what other terms would have made of the visits stored
  programme try … [--from DATE] [--to DATE] [--csv] [--language en]             of these days, by months; writes nothing
  programme try … [--earn-on W] [--earn-when W] [--paid-by W]                   by these terms too
  settle try --record ID --points N [--company ID] [--language en]  a spend that settles its visit, tried on a visit of your own
  programme accept [--dry-run]       levels of the settings by which some earn less are taken on: they hold after 30 days
  webhook info | set | delete        the messengers' webhooks
  import --csv FILE [--dry-run]      balances from another programme: phone;points[;name][;reason]; - is standard input
  import --csv FILE --known WORD     phones whose points came by an earlier list: skip them, or add to them
  import --take-back LIST            take back what a list brought, as far as the cards hold it; --dry-run too
  import --from URL [--dry-run]      take over the earlier Python deployment's database; URL or a file with it
  health                             ask the running program whether it is ready
  demo [--script] [--host ADDRESS]   a salon day against stand-ins, with no tokens and no network; ADDRESS shows it to phones
  --help (-h), --version (-v)

Settings come from the environment, from files named by NAME_FILE, or from /run/secrets/NAME: see .env.example.
`;

const [text, mark] = [{ type: "string" }, { type: "boolean" }] as const;
const options = {
  ...{ since: text, from: text, to: text, seal: { ...text, multiple: true } },
  ...{ csv: text, known: text, "take-back": text, host: text },
  ...{ percent: text, levels: text, "levels-over": text, "points-live": text },
  ...{ "earn-on": text, "earn-when": text, "paid-by": text },
  ...{ phone: text, "as-of": text, language: text, record: text, points: text, company: text },
  ...{ "dry-run": mark, script: mark, program: mark, xlsx: mark, html: mark },
} as const;

/** The options after a command, by their names. `asCsv` is `--csv` where it names no file: what comes out is a table. */
export type Flags = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"] & { asCsv?: true };

/** Each command with the options it takes. */
const commands = {
  ...{ serve: [], migrate: [], check: [], token: [], sync: ["since", "dry-run"], notify: [] },
  ...{
    verify: ["seal"],
    export: ["from", "to", "xlsx"],
    webhook: [],
    health: [],
    demo: ["script", "host", "program"],
  },
  import: ["from", "csv", "known", "take-back", "dry-run"],
  statement: ["phone", "from", "to", "csv", "html", "language"],
  owed: ["as-of", "csv", "html", "language"],
  settle: ["record", "points", "company", "language"],
  programme: [
    ...(["percent", "levels", "levels-over", "points-live", "earn-on", "earn-when", "paid-by"] as const),
    ...(["from", "to", "csv", "language", "dry-run"] as const),
  ],
} satisfies Record<string, (keyof Flags)[]>;

export type CommandName = keyof typeof commands;

/** The command of these arguments; `serve` where none is named. Throws an `OperatorError` for what no command takes. */
export function readArgs(args: string[]): { name: CommandName; flags: Flags; words: string[] } {
  const [name = "serve", ...rest] = args[0]?.startsWith("-") ? ["serve", ...args] : args;
  if (!isCommand(name))
    throw new OperatorError(
      `There is no command "${name}". The commands: ${Object.keys(commands).join(", ")}.`,
    );
  try {
    const {
      values: { csv, ...values },
      positionals,
      tokens,
    } = parseArgs({
      ...{ args: rest, allowPositionals: true, tokens: true },
      options: { ...options, csv: name === "import" ? text : mark },
    });
    const given = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
    const taken: readonly string[] = commands[name];
    const extra = positionals[["webhook", "programme", "settle"].includes(name) ? 1 : 0];
    for (const [at, one] of given.entries()) {
      if (!taken.includes(one)) throw new Error(`it takes no --${one}`);
      if (one !== "seal" && given.indexOf(one) < at) throw new Error(`it takes --${one} once`);
    }
    if (extra !== undefined) throw new Error(`it takes no "${extra}"`);
    const file = typeof csv === "string" ? { csv } : {};
    return { name, flags: { ...values, ...file, ...(csv === true && { asCsv: true }) }, words: positionals };
  } catch (error) {
    const [says] = messageOf(error).split(/\.?\s*(?:\n|\. |$)/);
    throw new OperatorError(`${name}: ${says}. See loyalty-bot --help.`);
  }
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
