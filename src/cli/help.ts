// What the program can do, for the terminal.

export const help = `loyalty-bot: a loyalty card in Telegram for businesses that keep their journal in YCLIENTS

  serve                              migrate, then serve HTTP, the bot and the jobs (default)
  migrate                            apply pending migrations
  check                              prove every setting and every outside party, with remedies
  sync [--since DATE] [--dry-run]    one full pass over the journal now; --dry-run writes nothing
  notify                             send what is due, once
  verify [--seal ROWS:HASH]…         recompute the ledger from its first row, look for earlier seals, print its own
  export [--from DATE] [--to DATE]   the ledger as CSV
  webhook info | set | delete        the Telegram webhook
  import --from URL [--dry-run]      take over the earlier Python deployment's database; URL or a file with it
  health                             ask the running program whether it is ready
  demo [--script]                    a salon day against stand-ins, with no tokens and no network
  --help (-h), --version (-v)

Settings come from the environment, from files named by NAME_FILE, or from /run/secrets/NAME: see .env.example.
`;
