/** Faults between us and PostgreSQL: what a session is set to, what is done where it is set oddly. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const database = [
  ...mutantsIn("db/guards.ts", ["db/guards"], {
    "tables of another schema stand before ours unnamed":
      "[-...(await shadows(tx, schema, path?.schemas ?? [])),-]",
    "a second function of a name of ours is the owner's own":
      'if (optional.has(kind)[- && !calls.has(calledOf(fact) ?? "")-]) return [];',
  }),
  ...mutantsIn("import/python.store.ts", ["db/old-server"], {
    "the earlier program's server must be as new as ours": "[-, old: true-] }",
  }),
  ...mutantsIn("db/session.ts", ["db/settings"], {
    "days come as the server writes them": 'DateStyle: "[-ISO, YMD-]{+SQL, DMY+}"',
    "backslashes are eaten": 'standard_conforming_strings: "[-on-]{+off+}"',
    "a list without a value holds a word": 'array_nulls: "[-on-]{+off+}"',
    "short waits are rounded to tens of seconds": 'extra_float_digits: "[-1-]{+-15+}"',
    "a role that reads writes nothing behind PgBouncer": '"[-set transaction read write;-]"',
    "compiling takes longer than it saves": 'jit: "[-off-]{+on+}"',
  }),
  ...mutantsIn("db/connect.ts", ["db/settings"], {
    "the isolation is the role's": 'const mode = "[-isolation level read committed-]";',
    "behind PgBouncer a statement alone has the role's settings":
      "return [-pooled ? eachInTransaction(db) : -]db;",
  }),
  ...mutantsIn("db/address.ts", ["db/address"], {
    "a certificate is proved by nobody": "rejectUnauthorized: [-true-]{+false+}",
    "an unknown parameter is sent to the server": "[-!-]idle.has(name) && !settable.has(name)",
    "a password is shown as it is encoded": "params.get(parameter) || [-decoded(given)-]{+given+}",
    "an address of IPv6 keeps its brackets": "decoded(six [-?? four-]{+=== undefined ? four : `[${six}]`+})",
  }),
  ...mutantsIn("db/trouble.ts", ["db/address"], {
    "a server without TLS is said to be away": 'if (code === "NO_TLS{+?+}") {',
  }),
  ...mutantsIn("jobs/retry.ts", ["jobs/retry"], {
    "a flood of questions is a flood of queries": "asked [-??-]= work()",
  }),
  ...mutantsIn("log.ts", ["binary/serve"], {
    "standard error on a full disk ends the program": '[-stream.on("error", () => {});-]',
  }),
  ...mutantsIn("sql/0035_accounts.sql", ["db/accounts"], {
    "anybody may write who has a card":
      "[-or old.linked <> new.linked or old.telegram_id is distinct from new.telegram_id-]",
    "a new card may say that somebody has it":
      "when ([-new.linked or new.telegram_id is not null-]{+false+})",
    "two accounts of a messenger have one card":
      "one_account_a_channel_on_a_card unique (client_id, channel{+, external_id+})",
    "the accounts are emptied, and the cards go on showing them":
      "for each statement{+ when (false)+}\n  execute function clients_have_their_accounts();",
    "a card without a phone is linked in another messenger":
      "check ([-not linked-]{+telegram_id is null+} or phone is not null)",
    "a forgotten card is somebody's in another messenger":
      "phone is null and name is null and [-not linked-]{+telegram_id is null+} and last_account is null and code is null)),",
  }),
  ...mutantsIn("sql/0061_history_by_account.sql", ["db/accounts"], {
    "whoever gives a card to an account waits for nobody who takes it from another":
      "[-    perform from clients where id = card for no key update;\n-]",
    "a number of another messenger passes for Telegram's":
      "from [-accounts-]{+(select 'telegram' as channel, external_id, account, client_id, linked_at, history_from from accounts) every+} where client_id = card) a",
    "nobody knows since when the account that let a card go had had it":
      "had_from = [-case when a.account is null then old.linked_at end-]{+null+}",
  }),
  ...mutantsIn("sql/0035_accounts.sql", ["db/accounts-before"], {
    "a question about a second phone dies with an upgrade":
      "where [-about = 'second_phone' and jsonb_typeof(state -> 'holder') = 'number'-]{+false+};",
    "an owner hears for ever of a person who cannot be reached":
      "where [-about ~ '^unreached:[0-9]+$'-]{+false+};",
  }),
  ...mutantsIn("rules/author.ts", ["rules/author"], {
    "accounts of the same number in two messengers are one author":
      'return [-channelOf(account) === "telegram" ? externalIdOf(account) : account-]{+externalIdOf(account)+};',
    "who did something in another messenger is nobody":
      "([-(?:[a-z]{1,10}:)?-]{+(?![a-z]{1,10}:)+}[\\w-]{1,20})",
  }),
  ...mutantsIn("db/migrate.ts", ["db/migrate"], {
    "a search_path that leads nowhere is said as a right": "if ([-schema-]{+role+} === null) {",
  }),
  ...mutantsIn("db/migrate.ts", ["db/settings"], {
    "any encoding will do": 'if (row[-?.encoding === "UTF8"-]) return;',
    "an encoding that was there before will do":
      "if ([-pending.length > 0-]{+applied.length === 0+}) await refuseEncoding",
  }),
  ...mutantsIn("import/import.store.ts", ["db/limits"], {
    "a frozen import holds the ledger for ever": "session_timeout = [-'2min'-]{+0+}",
  }),
  ...mutantsIn("ledger/entries.store.ts", ["db/settings"], {
    "what was acknowledged may be gone after a crash": "when '[-off-]{+never+}' then",
  }),
  ...mutantsIn("jobs/leases.store.ts", ["jobs/clock"], {
    "a lease from the future is held for hours":
      "[-or jobs.held_until > clock_timestamp() + ${ms}::float8 * interval '1 millisecond' + interval '2 minutes'-]",
  }),
  ...mutantsIn("channels/listening.store.ts", ["jobs/clock"], {
    "the way of updates is held from the future":
      "[-or held_until > clock_timestamp() + interval '2 minutes'-]",
  }),
  ...mutantsIn("channels/listening.store.ts", ["channels/listening"], {
    "how one messenger is listened to changes another's": "where [-channel = ${channel} and -](way = ${mode}",
    "what one messenger was told is taken for what another was":
      "select webhook from listening[- where channel = ${channel}-]`;",
    "what one messenger was told is kept for all": "set webhook = ${hash}[- where channel = ${channel}-]`;",
  }),
  ...mutantsIn("jobs/budget.store.ts", ["jobs/clock"], {
    "a block from the future holds for hours": "[-${real(sql`b.blocked_until`)}-]{+b.blocked_until+}",
    "turns from the future are waited for": "[-${real(sql`b.last_at`)}-]{+b.last_at+} +",
    "a budget owed in the future is paid": "greatest([-${real(sql`b.owed_until`)}-]{+b.owed_until+}, turn)",
  }),
  ...mutantsIn("visits/visits.store.ts", ["jobs/clock"], {
    "an answer from the future makes true ones stale": "interval '1 [-minute-]{+year+}' then 'epoch'",
  }),
  ...mutantsIn("notices/notices.store.ts", ["jobs/clock"], {
    "what the till is to say waits for hours": "when 'till' then interval '[-2-]{+25+} hours'",
  }),
  ...mutantsIn("visits/recheck.store.ts", ["jobs/clock"], {
    "a hint from the future waits": "case tries when 0 then interval '[-0-]{+6 hours+}' else",
  }),
  ...mutantsIn("visits/sync.ts", ["jobs/clock"], {
    "a mark from the future leaves changes out": "Math.[-min(kept, now.getTime())-]{+max(kept, 0)+}",
    "a sweep from the future is believed":
      "company.sweptAt [-<= (await databaseNow(pass.db))-]{+> new Date(0)+}",
  }),
  ...mutantsIn("jobs/clock.store.ts", ["jobs/clock"], {
    "nobody hears that the clock was put back":
      "then [-excluded.seen_at-]{+c.put_back_at+} else c.put_back_at end",
  }),
];
