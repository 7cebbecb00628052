// The commands that do one thing and end. Results go to standard output, diagnostics to the log.

import { get } from "node:http";
import { noteSetAside } from "../alarms/alarms.ts";
import { buildParts, type Parts } from "../app/parts.ts";
import { sendAllNotices } from "../app/rounds.ts";
import { veilOf } from "../cards/veil.ts";
import { type Clock, machineClock, wait } from "../clock.ts";
import { type Config, readConfig } from "../config/config.ts";
import { connect, type Db, databaseNow } from "../db/connect.ts";
import { changedGuards } from "../db/guards.ts";
import { migrate, pendingMigrations } from "../db/migrate.ts";
import { databaseTrouble } from "../db/trouble.ts";
import { messageOf, OperatorError } from "../errors.ts";
import { ownBudget } from "../jobs/budget.ts";
import { exportLedger } from "../ledger/export.ts";
import { type KeptSeal, verifyLedger } from "../ledger/verify.ts";
import type { Log } from "../log.ts";
import type { CompanyId } from "../rules/ids.ts";
import { decimal } from "../rules/money.ts";
import { isDay } from "../rules/time.ts";
import { findCompany } from "../visits/branch.ts";
import { rehearse, type Verdict } from "../visits/dry-run.ts";
import { recordFaults } from "../visits/proof.ts";
import { type Progress, syncRecords, syncSince } from "../visits/sync.ts";
import { yclients } from "../yclients/client.ts";
import type { Flags } from "./args.ts";
import type { Questions } from "./terminal.ts";

/** What a command may touch of the outside. */
export interface Shell {
  env: Record<string, string | undefined>;
  log: Log;
  out: (text: string) => void | Promise<void>;
  /** The same for what is no text; null where a person would read it. */
  bytes: ((chunk: Uint8Array) => void | Promise<void>) | null;
  /** Where progress is drawn; null when nobody is looking. */
  terminal: ((text: string) => void) | null;
  /** Takes the terminal over to ask; null where nobody can answer. */
  questions: (() => Questions) | null;
}

/** `migrate`: one line for each migration, or that there are none. */
export async function migrateNow({ env, out }: Shell): Promise<number> {
  const { migrateDatabaseUrl, databaseUrl } = readConfig(env, {
    only: ["migrateDatabaseUrl", "databaseUrl"],
  });
  const done = await migrate(migrateDatabaseUrl, (line) => void out(`${line}\n`), databaseUrl);
  if (done.length === 0) await out("nothing to apply: the database is up to date\n");
  return 0;
}

/** `sync [--since DATE] [--dry-run]`: one full pass over every branch, now. */
export async function sync(shell: Shell, flags: Flags): Promise<number> {
  const config = readConfig(shell.env);
  const since = dayFlag(flags, "since");
  if (flags["dry-run"]) return dryRun(config, since, shell);
  await migrate(config.migrateDatabaseUrl, (line) => shell.log.info(line), config.databaseUrl);
  return withParts(config, shell.log, async (parts) => {
    await eachBranch(config, shell, async (company) => {
      const progress = bar(shell.terminal, company);
      const { records, awards, corrections, doubts } = await patiently(shell.log, () =>
        since ? syncSince(parts.sync, company, since, progress) : syncRecords(parts.sync, company, progress),
      );
      return `${records} records read, ${awards} awards, ${corrections} corrections, ${doubts} set aside`;
    });
    await noteSetAside(parts.db, parts.config.companyIds);
    return 0;
  });
}

/** One branch that fails does not stop the others; all that did are said at the end. `work` returns the line to print. */
async function eachBranch(
  { companyIds }: Config,
  { out }: Shell,
  work: (company: CompanyId) => Promise<string>,
): Promise<void> {
  const failed: string[] = [];
  for (const company of companyIds) {
    try {
      await out(`branch ${company}: ${await work(company)}\n`);
    } catch (error) {
      failed.push(`branch ${company}: ${sentence(error)}`);
    }
  }
  if (failed.length > 0) throw new OperatorError(failed.join("\n"));
}

/** Waits while another program, perhaps one that was killed, still holds the job. */
export async function patiently<T>(log: Log, work: () => Promise<T | null>): Promise<T> {
  for (let waited = false; ; waited = true) {
    const done = await work();
    if (done !== null) return done;
    if (!waited) log.warn("another program is at it: waiting for it to end");
    await wait(500);
  }
}

/** What a pass would award, a line a record, and why the rest would not. Works on an empty database too. */
async function dryRun(config: Config, since: string | null, shell: Shell): Promise<number> {
  const { out } = shell;
  const db = connect(config.databaseUrl, { max: 2 });
  const now = () => new Date();
  const journal = yclients({
    url: config.yclientsApiUrl,
    partnerToken: config.yclientsPartnerToken,
    userToken: config.yclientsUserToken,
    budget: ownBudget(config.yclientsPerMinute, now, () => databaseNow(db)),
  });
  try {
    const migrated = (await pendingMigrations(db)).length === 0;
    const { programStart } = config;
    await eachBranch(config, shell, async (company) => {
      const sum = { records: 0, awards: 0, change: 0 };
      const veil = veilOf(config.yclientsPartnerToken);
      const rehearsal = {
        db: migrated ? db : null,
        yclients: journal,
        terms: config,
        programStart,
        now,
        veil,
      };
      for await (const verdict of rehearse(rehearsal, company, since)) {
        sum.records += 1;
        sum.awards += verdict.word === "awarded" ? 1 : 0;
        sum.change += verdict.change;
        await out(verdictLine(verdict));
      }
      const would = `${sum.awards} of ${sum.records} records would hold an award`;
      return `${would}; ${decimal(sum.change)} points would be added; nothing was written`;
    });
    return 0;
  } finally {
    await db.end({ timeout: 5 });
  }
}

function verdictLine({ recordId, day, word, paid, points, change, why }: Verdict): string {
  const sums = paid === null ? "" : `, paid ${decimal(paid)}`;
  const made = word === "awarded" ? ` ${decimal(points)} points` : "";
  const differs = change === 0 ? "" : ` (${change > 0 ? "+" : ""}${decimal(change)})`;
  return `record ${recordId} of ${day}${sums}: ${word}${made}${differs}${why === undefined ? "" : `, ${why}`}\n`;
}

/** `notify`: sends what is due, once. */
export async function notify({ env, log, out }: Shell): Promise<number> {
  return withParts(readConfig(env), log, async (parts) => {
    await mustBeMigrated(parts.db);
    const { sent, postponed, blocked, failed } = await patiently(log, () => sendAllNotices(parts));
    await out(`${sent} told, ${postponed} put off, ${blocked} blocked, ${failed} failed\n`);
    return 0;
  });
}

/**
 * `verify [--seal ROWS:HASH]…`: recomputes the ledger, says whether it still contains these seals and whether its guards are
 * as they were made; 1 with each fault named when anything is off.
 */
export async function verify({ env, out }: Shell, flags: Flags = {}): Promise<number> {
  const seals = sealFlags(flags);
  return withDatabase(env, async (db) => {
    const changed = await changedGuards(db);
    for (const one of changed) await out(`fault: ${one}\n`); // said even where the proof cannot go on
    const { seal, lost, contains, faults } = await verifyLedger(db, recordFaults, seals);
    for (const fault of faults) await out(`fault: ${fault}\n`);
    for (const { rows, hash } of contains) await out(`the ledger contains the seal ${rows}:${hash}\n`);
    const kept = `${seal.rows}:${seal.hash}`;
    await out(
      `seal: ${seal.rows} rows, ${decimal(seal.owed)} points owed, last hash ${seal.hash}; keep it as ${kept}\n`,
    );
    if (lost !== 0)
      await out(
        `of these ${decimal(lost)} are on cards of people who asked to be forgotten: nobody can spend them\n`,
      );
    const all = changed.length + faults.length;
    await out(all === 0 ? "verify: ok\n" : `verify: ${all} faults\n`);
    return all === 0 ? 0 : 1;
  });
}

/**
 * `export [--from DATE] [--to DATE]`: the ledger as CSV; with `--xlsx` the owners' workbook, with names. Days are those of the
 * first branch's zone.
 */
export async function exportRows({ env, out, bytes }: Shell, flags: Flags): Promise<number> {
  const [from, to] = [dayFlag(flags, "from"), dayFlag(flags, "to")];
  if (from !== null && to !== null && from > to)
    throw new OperatorError(`--from is ${from}, which is after --to, ${to}: write the earlier day first.`);
  if (flags.xlsx && bytes === null)
    throw new OperatorError("A workbook is no text: send it into a file, export --xlsx > bonuslog.xlsx.");
  const { companyIds } = readConfig(env, { only: ["companyIds", "databaseUrl"] });
  return withDatabase(env, async (db) => {
    const company = await findCompany(db, companyIds[0] ?? 0);
    const timeZone = company?.timeZone ?? "UTC";
    const now = new Date();
    if (flags.xlsx && bytes) {
      const { writeWorkbook } = await import("../owners/workbook.ts"); // as owners.chat.ts does
      await writeWorkbook(db, { from, to, timeZone, language: "ru", now }, bytes);
    } else await exportLedger(db, { ...(from && { from }), ...(to && { to }), timeZone }, out);
    return 0;
  });
}

/** What `/readyz` answers. Not by fetch, which asks a proxy where the environment names one, and HOST may be any address. */
function statusOf(host: string, port: number): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  get({ host, port, path: "/readyz", agent: false, signal: AbortSignal.timeout(3_000) }, (response) => {
    response.resume();
    resolve(response.statusCode);
  }).on("error", reject);
  return promise;
}

/** `health`: asks the running program's `/readyz`. */
export async function health({ env, log }: Shell): Promise<number> {
  const { host, port } = readConfig(env, { only: ["host", "port"] });
  const here = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  try {
    const status = await statusOf(here, port);
    if (status === 200) return 0;
    log.error(`the program answers ${status}: see its log`);
  } catch {
    log.error(`nothing answers on port ${port}: is the program running?`);
  }
  return 1;
}

/** With all that the settings make; nothing is opened by itself. */
export async function withParts(
  config: Config,
  log: Log,
  work: (parts: Parts) => Promise<number>,
  clock: Clock = machineClock,
): Promise<number> {
  const parts = buildParts(config, log, clock);
  try {
    return await work(parts);
  } finally {
    await parts.db.end({ timeout: 5 });
  }
}

/** With the database, which must be migrated. */
export async function withDatabase(env: Shell["env"], work: (db: Db) => Promise<number>): Promise<number> {
  const { databaseUrl } = readConfig(env, { only: ["databaseUrl"] });
  const db = connect(databaseUrl, { max: 2 });
  try {
    await mustBeMigrated(db);
    return await work(db);
  } finally {
    await db.end({ timeout: 5 });
  }
}

/** Throws where migrations wait. */
export async function mustBeMigrated(db: Db): Promise<void> {
  if ((await pendingMigrations(db)).length > 0) {
    throw new OperatorError("The database is not migrated yet: run `loyalty-bot migrate` first.");
  }
}

/** The seals after each `--seal`, as `verify` and the owners' digest print them. */
function sealFlags({ seal = [] }: Flags): KeptSeal[] {
  return [seal].flat().map((words) => {
    const [, rows, hash = ""] = /^(\d{1,15}):([0-9a-f]{64}|-)$/i.exec(words.trim()) ?? [];
    if (rows === undefined || (Number(rows) === 0) !== (hash === "-"))
      throw new OperatorError(
        `--seal takes ROWS:HASH as verify and the owners' digest print it, 64 letters and digits behind the colon: \
${words === "" ? "nothing" : `"${words}"`} is no seal.`,
      );
    return { day: null, rows: Number(rows), hash: hash.toLowerCase() };
  });
}

/** A day after `--name`, or null when it is not there. */
export function dayFlag(flags: Flags, name: "since" | "from" | "to" | "as-of"): string | null {
  const value = flags[name];
  if (value === undefined) return null;
  if (!isDay(value)) throw new OperatorError(`--${name} takes a day such as 2026-04-01.`);
  return value;
}

/** A progress bar on a terminal, drawn over itself. */
function bar(terminal: Shell["terminal"], company: CompanyId): Progress | undefined {
  if (!terminal) return undefined;
  return ({ done, of, day, records, awards }) => {
    const full = Math.round((done / of) * 30);
    const drawn = `${"█".repeat(full)}${"░".repeat(30 - full)}`;
    terminal(`\r${drawn} branch ${company}, sessions from ${day}: ${records} records, ${awards} awards `);
    if (done === of) terminal("\n");
  };
}

/** A failure as a sentence for the terminal: never a stack trace. */
export function sentence(error: unknown, where = "DATABASE_URL"): string {
  const trouble = databaseTrouble(error, where);
  return trouble ? `${trouble.says}: ${trouble.remedy}.` : messageOf(error);
}
