// What the proofs found wrong, and how it was mended: the part of the fault report that a program cannot write. A fault
// that a proof finds gets a test that fails, is mended, and is added here.

export interface Found {
  by: string;
  fault: string;
  mended: string;
}

export const found: Found[] = [
  {
    by: "simulator, worlds that hung",
    fault:
      "postgres.js 3.4.9 forgets a query that is asked between a connection's error and its close: a pass or a message waited for ever, until the program was started again. It also kept unwritten bytes and the old answer for the next connection, which then never opened: a restart of PostgreSQL could cost the pool a connection for good.",
    mended: "`src/db/postgres@3.4.9.patch`; `test/db/broken.test.ts`",
  },
  {
    by: "strict reading of the patch for it",
    fault:
      "A transaction whose connection was ended, and that asked on later, wrote into the transaction of whoever had opened that connection again.",
    mended: "The same patch and test.",
  },
  {
    by: "tests of webhook and polling, two replicas",
    fault: "A renewal that arrived late took a lease again that had just been given up.",
    mended: "A lease that is let go cannot be renewed by a late word (`src/jobs/leases.ts`).",
  },
  {
    by: "failover test",
    fault: "A program that was cut off from the database went on polling Telegram beside its successor.",
    mended: "It gives the work up once the lease may be another's, though the database says nothing.",
  },
  {
    by: "fuzzing, seed 1",
    fault:
      "An update whose ids, language or words were of another type reached SQL. postgres.js fails while it writes such a value and leaves its connection out of step: other people's statements failed, and a transaction kept the ledger's lock for 5 s.",
    mended:
      "`src/channels/telegram/update.ts`: every field that the bot reads has Telegram's type, or the update is left out with one line that names the field.",
  },
  {
    by: "fuzzing",
    fault:
      "The till goes by the chat and its rights by the sender; nothing said that in a private chat these are one.",
    mended: "The same gate says it.",
  },
  {
    by: "fuzzing",
    fault:
      "A tap of a flooding chat that was too old to be answered was logged as a failure and got an apology.",
    mended: "Taps are answered in one place (`src/chat/desk.ts`).",
  },
  {
    by: "injection tests",
    fault:
      "A name with line breaks or marks of direction, as people write it in Telegram and in YCLIENTS's form, could forge the till's next line or turn a sum round.",
    mended: "`src/rules/name.ts`, on both ways in.",
  },
  {
    by: "injection tests",
    fault: "On a terminal, words of others could begin a log line of their own and send control codes.",
    mended: "`src/log.ts` shows them as `\\u000a`.",
  },
  {
    by: "tests of the lesser role",
    fault: "Temporary tables called like ours could mislead the ledger's guards: an overdraft went through.",
    mended: "Guards by name (`sql/0014_guards_by_name.sql`).",
  },
  {
    by: "failover test",
    fault:
      "postgres.js takes a standby of PostgreSQL 14 or newer for one that can be written to, and without a primary dials 150 times a second.",
    mended: "`src/db/primary.ts` asks the hosts itself.",
  },
  {
    by: "stuck holder",
    fault:
      "A program that stood still in the middle of a transaction kept the ledger's lock, and the till stood still too.",
    mended: "`idle_in_transaction_session_timeout` and `lock_timeout`: the till answers after 5.2 s.",
  },
  {
    by: "Telegram's faults at the till",
    fault: "An answer that Telegram refused for a moment (429, 5xx, no connection) was lost.",
    mended: "The update comes again and is answered once Telegram allows (`src/chat/dispatch.ts`).",
  },
  {
    by: "many workers at once",
    fault:
      "The till made a card for a new phone beside the ledger's lock: a page of the journal that was making the same card at that moment broke on it, and waited for the next pass.",
    mended: "The till takes the lock (`src/till/screens.ts`; `test/ledger/crowd.test.ts`).",
  },
  {
    by: "simulated worlds",
    fault:
      "At the till a word that a spend is on its way could come over a message whose screen had gone below, and said for ever that it would mend itself.",
    mended:
      "One message says it, whichever of two programs says it last (`src/till/screen.chat.ts`; `test/till/settled-race.test.ts`).",
  },
  {
    by: "a year of a busy salon",
    fault:
      "On the last days of January a card said that its level holds until the end of March, where a second warning had said the end of February.",
    mended: "All open warnings are looked at (`src/levels/card.ts`).",
  },
  {
    by: "tests of the executable",
    fault:
      "Where YCLIENTS refused every request what its webhooks had hinted at was put off record by record, and came late once it was well.",
    mended:
      "A branch's hints rest together; only what is refused by itself is put off (`src/visits/recheck.ts`).",
  },
  {
    by: "2 000 worlds before 1.0.0",
    fault:
      "Three worlds expected what the program need not do: a birthday's visit that was moved to after its gift was taken for a refund, a call of MAX counted as its taker woke and not as it was let go, and a world ended while five spends of one client, one behind the other, were still under way. No fault of the program was behind it.",
    mended:
      "The model (`test/simulate/kept-birthdays.ts`, `test/simulate/program.ts`, `test/simulate/settled.ts`); these three were played again, the other 1 997 were not.",
  },
  {
    by: "mutation check",
    fault:
      "Some 40 deliberate faults passed at first: an owner's old button that agrees to a new sum, the day of the daily limit by London's midnight, points that pay what was paid of a bill before … No fault of the program was behind any of them, but no test would have noticed one.",
    mended: "A test for each; they are all caught now.",
  },
];
