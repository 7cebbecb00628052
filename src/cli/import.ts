// `import --from URL [--dry-run]`: takes over the earlier Python program's database. (Lists of balances: list.ts.)

import { readConfig } from "../config/config.ts";
import { connect, type Db } from "../db/connect.ts";
import { migrate, pendingMigrations } from "../db/migrate.ts";
import { OperatorError } from "../errors.ts";
import {
  importProgram,
  type OldProgram,
  readOldProgram,
  rehearseImport,
  serverAndDatabase,
} from "../import/import.ts";
import type { Takeover } from "../import/takeover.ts";
import { decimal } from "../rules/money.ts";
import { addDays } from "../rules/time.ts";
import type { Flags } from "./args.ts";
import { type Shell, sentence, verify } from "./commands.ts";
import { importBalances } from "./list.ts";

/** `import`: a line for each thing that comes over otherwise than it was, the totals, and the seal; 1 if `verify` fails. */
export async function importOld(shell: Shell, flags: Flags): Promise<number> {
  if (flags.csv !== undefined || flags["take-back"] !== undefined) return importBalances(shell, flags);
  if (flags.known !== undefined) throw new OperatorError("--known goes with --csv.");
  if (flags.from === undefined)
    throw new OperatorError(
      "import takes a list of balances (--csv FILE, or --take-back LIST), or the earlier Python deployment (--from URL). See loyalty-bot --help.",
    );
  const { out, env, log } = shell;
  const from = addressOf(flags);
  const config = readConfig(env, {
    only: ["databaseUrl", "migrateDatabaseUrl", "companyIds", "programStart"],
  });
  const { companyIds, programStart } = config;
  const db = connect(config.databaseUrl, { max: 2 });
  try {
    const say = (line: string) => void out(`${line}\n`);
    const how = { companyIds, now: new Date(), say };
    const rehearse = async (old: OldProgram) => {
      const migrated = (await pendingMigrations(db)).length === 0;
      return rehearseImport(old, { ...how, db: migrated ? db : null });
    };
    const bring = async (old: OldProgram) => {
      await migrate(config.migrateDatabaseUrl, (line) => log.info(line), config.databaseUrl);
      return importProgram(old, { ...how, db });
    };
    const made = await reading(from, db, flags["dry-run"] ? rehearse : bring);
    await out(`${linesOf(made, programStart).join("\n")}\n`);
    if (flags["dry-run"]) {
      await out("nothing was written\n");
      return 0;
    }
    await out(
      `next: loyalty-bot sync${made.firstAward ? ` --since ${addDays(made.firstAward, -7)}` : ""}, then serve\n`,
    );
  } finally {
    await db.end({ timeout: 5 });
  }
  return verify(shell);
}

/**
 * Held to the same form as DATABASE_URL, whose sentence would name the wrong one. What is no address is a file that holds
 * it: arguments can be read by everybody on the machine.
 */
function addressOf(flags: Flags): string {
  const given = flags.from?.trim() ?? "";
  const env = given.includes("://") ? { DATABASE_URL: given } : { DATABASE_URL_FILE: given };
  try {
    if (given !== "") return readConfig(env, { only: ["databaseUrl"], secretsFolder: "" }).databaseUrl;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
  }
  throw new OperatorError(
    "--from takes the address of the earlier deployment's database, with %40, %2F, %23 and %25 for @ / # % in \
the password, for example postgresql://user:password@db:5432/loyalty_db; or the path of a file that holds it.",
  );
}

/** What fails before anything was read is said of --from, not of DATABASE_URL. */
async function reading(
  from: string,
  db: Db,
  work: (old: OldProgram) => Promise<Takeover>,
): Promise<Takeover> {
  const ours = await serverAndDatabase(db);
  let reached = false;
  try {
    return await readOldProgram(from, ours, (old) => {
      reached = true;
      return work(old);
    });
  } catch (error) {
    if (reached || error instanceof OperatorError) throw error;
    throw new OperatorError(sentence(error, "--from"));
  }
}

function linesOf(made: Takeover, programStart: string | null): string[] {
  const left = made.leftOut === 0 ? "" : `, ${decimal(made.leftOut)} left out`;
  return [
    `branch ${made.companyId}, last read by the earlier program ${made.lastChecked?.toISOString() ?? "nobody knows when"}`,
    `clients: ${made.clients}, on ${made.cards} cards, ${made.claims} of them claimed by a Telegram account, which sees nothing of it before it has confirmed the number`,
    `awards: ${made.awards} with ${decimal(made.awarded)} points, ${made.empty} records without`,
    `openings: ${made.openings} cards, ${decimal(made.opened)} points`,
    `points owed: ${decimal(made.before)} by the earlier program, ${decimal(made.after)} here${left}`,
    ...startLines(made.start, programStart),
  ];
}

/** The day from which visits are awarded here; a setting wins, and may be one that loses points or gives too many. */
function startLines(start: string, programStart: string | null): string[] {
  if (programStart === null)
    return [`visits of ${start} and later that it did not award are awarded once; earlier ones are not`];
  const set = `PROGRAM_START says that visits of ${programStart} and later are awarded, if the earlier program did not`;
  const advice = `warning: leave PROGRAM_START out, or what`;
  if (programStart < start) return [set, `${advice} it passed over since ${programStart} is awarded now`];
  if (programStart > start)
    return [set, `${advice} was paid from ${start} on, when it stopped, is not awarded`];
  return [set];
}
