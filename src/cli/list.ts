// `import --csv FILE` and `import --take-back LIST`: balances from another programme come in as a list, or go again.

import { createReadStream } from "node:fs";
import { veilOf } from "../cards/veil.ts";
import { readConfig } from "../config/config.ts";
import { connect, type Db } from "../db/connect.ts";
import { migrate, pendingMigrations } from "../db/migrate.ts";
import { OperatorError } from "../errors.ts";
import {
  importList,
  type KnownPhones,
  ListFaults,
  type ListReport,
  listOf,
  rehearseList,
  type TakenBack,
  takeBackList,
} from "../import/list.ts";
import { decimal } from "../rules/money.ts";
import type { Flags } from "./args.ts";
import { type Shell, verify } from "./commands.ts";

/** More than a list of the most lines has; it is read into memory. */
const maxBytes = 12 * 1024 * 1024;
/** Faults are listed up to here. */
const maxListed = 50;

/** A line for each fault, and 1; or what came in, and the seal; 1 if `verify` fails. A dry run says the same and writes nothing. */
export async function importBalances(shell: Shell, flags: Flags): Promise<number> {
  const { env, out, log } = shell;
  const work = flags.csv === undefined ? await takingBack(flags) : await bringing(flags);
  const config = readConfig(env, { only: ["databaseUrl", "migrateDatabaseUrl", "yclientsPartnerToken"] });
  const db = connect(config.databaseUrl, { max: 2, unhurried: true });
  try {
    const dryRun = flags["dry-run"] === true;
    if (!dryRun) await migrate(config.migrateDatabaseUrl, (line) => log.info(line), config.databaseUrl);
    const migrated = !dryRun || (await pendingMigrations(db)).length === 0;
    const { lines, written } = await work(migrated ? db : null, config.yclientsPartnerToken);
    await out(`${lines.join("\n")}\n`);
    if (!written) {
      await out("nothing was written\n");
      return 0;
    }
  } catch (error) {
    if (error instanceof ListFaults) await out(faultLines(error));
    throw error;
  } finally {
    await db.end({ timeout: 5 });
  }
  return verify(shell);
}

/** What is asked of the database, which is null where it has no tables yet; and what is then said. */
type Work = (db: Db | null, token: string) => Promise<{ lines: string[]; written: boolean }>;

async function bringing(flags: Flags): Promise<Work> {
  if (flags.from !== undefined || flags["take-back"] !== undefined)
    throw new OperatorError("import takes one of --csv, --take-back and --from.");
  const known = knownOf(flags.known);
  const list = listOf(await contents(flags.csv?.trim() ?? ""));
  return async (db, token) => {
    const how = { veil: veilOf(token), known };
    const report =
      flags["dry-run"] || db === null ? await rehearseList(db, list, how) : await importList(db, list, how);
    return { lines: [...columnLines(list.leftOut), ...reportLines(report)], written: report.list !== null };
  };
}

async function takingBack(flags: Flags): Promise<Work> {
  if (flags.from !== undefined) throw new OperatorError("import takes one of --csv, --take-back and --from.");
  if (flags.known !== undefined) throw new OperatorError("--known goes with --csv.");
  const id = /^[1-9]\d{0,8}$/.test(flags["take-back"] ?? "") ? Number(flags["take-back"]) : null;
  if (id === null)
    throw new OperatorError("--take-back takes the number of a list, as its import printed it, such as 3.");
  return async (db) => {
    if (db === null) throw new OperatorError(`There is no list ${id} that gave points.`);
    const taken = await takeBackList(db, id, flags["dry-run"] === true);
    return { lines: takenLines(id, taken), written: taken.list !== null };
  };
}

function knownOf(written: string | undefined): KnownPhones {
  if (written === undefined || written === "skip" || written === "add") return written ?? null;
  throw new OperatorError(
    "--known takes skip (phones that an earlier list brought points for are left out) or add (they get these points too).",
  );
}

/** The bytes of a file, or of standard input for `-`. Throws an `OperatorError` that says what is wrong with it. */
async function contents(path: string): Promise<Uint8Array> {
  if (path === "") throw new OperatorError("--csv takes the path of a file, or - for standard input.");
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of path === "-" ? createReadStream("", { fd: 0 }) : createReadStream(path)) {
      parts.push(part);
      size += part.length;
      if (size > maxBytes)
        throw new OperatorError(
          `The file is larger than ${maxBytes / 1024 / 1024} MB: make several of it. Nothing was imported.`,
        );
    }
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`--csv: the file ${unread[Object(error).code] ?? "cannot be read"}.`);
  }
  return Buffer.concat(parts);
}

const unread: Record<string, string> = {
  ENOENT: "is not there; in a container only what is mounted is: give it by standard input, with --csv -",
  EISDIR: "is a folder",
  EACCES: "may not be read by the program's user: give it by standard input, with --csv -",
};

function faultLines({ faults }: ListFaults): string {
  const listed = faults.sort((one, other) => one.line - other.line).slice(0, maxListed);
  const more = faults.length - listed.length;
  const lines = listed.map(({ line, why }) => `line ${line}: ${why}`);
  return `${[...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n")}\n`;
}

function columnLines(leftOut: string[]): string[] {
  return leftOut.length === 0 ? [] : [`columns that are not read: ${leftOut.join(", ")}`];
}

function reportLines(report: ListReport): string[] {
  const { list, before, cards, points, newCards, holding, empty, skipped } = report;
  if (before) {
    const day = before.importedAt.toISOString().slice(0, 10);
    return [
      `the same list came in on ${day} as list ${before.id}: ${decimal(before.points)} points, cards: ${before.cards}`,
    ];
  }
  const lines = [
    `list${list === null ? "" : ` ${list}`}: ${decimal(points)} points, cards: ${cards}, new ones: ${newCards}`,
  ];
  if (holding.cards > 0)
    lines.push(
      `cards that hold points already, and are added to: ${holding.cards}, ${decimal(holding.points)} points`,
    );
  if (empty > 0) lines.push(`lines of 0 points, left out: ${empty}`);
  if (skipped > 0) lines.push(`lines whose phones had points by an earlier list, left out: ${skipped}`);
  if (list !== null) lines.push(`should it be wrong: loyalty-bot import --take-back ${list}`);
  return lines;
}

function takenLines(id: number, { list, cards, points, spent }: TakenBack): string[] {
  const lines = [
    `list ${id} taken back${list === null ? "" : ` by list ${list}`}: ${decimal(points)} points, cards: ${cards}`,
  ];
  if (spent > 0) lines.push(`${decimal(spent)} points were spent or have ended already, and stay so`);
  return lines;
}
