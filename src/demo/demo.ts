// The demo: a PostgreSQL, the stand-ins and the whole program for one salon day, and nothing left of them after it.

import { serve } from "../app.ts";
import { type Shell, verify } from "../cli/commands.ts";
import { readConfig } from "../config.ts";
import { connect } from "../db/connect.ts";
import { Mistake, messageOf } from "../errors.ts";
import { addDays, dayOf } from "../rules/time.ts";
import { dayOfSalon } from "./day.ts";
import { Journal } from "./journal.ts";
import { servePage } from "./page.ts";
import { play, type Salon } from "./play.ts";
import { startPostgres } from "./postgres.ts";
import { startTelegram } from "./telegram.ts";
import { startYclients } from "./yclients.ts";

type Env = Record<string, string | undefined>;

const company = { id: 4564, title: "Салон «Мята»", timeZone: "Europe/Moscow" };
const tokens = { bot: "7000000001:demo", partner: "demo-partner", user: "demo-user" };
const ownerId = 900;
const firstPagePort = 8080;

/**
 * Starts everything, prints where the page is, and plays the day. With `script` it ends then, else when `until` resolves,
 * which also breaks off a day under way. The exit code: 1 when something expected did not come, when `verify` found a
 * fault, or when a script was broken off. Throws when it cannot start; either way nothing is left running.
 */
export async function demo(
  shell: Shell,
  { script, until }: { script: boolean; until: Promise<void> },
): Promise<number> {
  const stopping = new AbortController();
  const asked = until.then(() => stopping.abort(new Error("the demo was stopped")));
  await using ends = new AsyncDisposableStack();
  try {
    await shell.out("Starting PostgreSQL, the stand-ins and the program…\n");
    const { env, salon } = await openSalon(shell, script, ends, stopping.signal);
    await shell.out(`The salon's day as a page: ${openPage(salon, ends)}\n`);
    const played = await play(salon, dayOfSalon(salon), shell.out);
    await shell.out("\n── The ledger, recomputed from its first row:\n");
    const proven = await verify({ ...shell, env });
    if (!script) {
      await shell.out("\nThe day is over. The program and the page stay: Ctrl-C ends them.\n");
      await asked;
    }
    return played && proven === 0 ? 0 : 1;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    await shell.out("\nStopped before the day was over.\n");
    return script ? 1 : 0;
  }
}

/** Each part as it starts puts its own end on `ends`; asked to stop, the next one is not started. */
async function openSalon(
  shell: Shell,
  script: boolean,
  ends: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<{ env: Env; salon: Salon }> {
  const databaseUrl = await openDatabase(shell.env, ends);
  signal.throwIfAborted();
  const journal = new Journal();
  journal.addCompany(company);
  // No limits: they are by the minute, and the demo reads the journal every second.
  const yclients = startYclients({
    journal,
    partnerToken: tokens.partner,
    userToken: tokens.user,
    perMinute: 0,
    perSecond: 0,
  });
  ends.defer(() => yclients.stop());
  const telegram = startTelegram({ token: tokens.bot });
  telegram.person({ id: ownerId, firstName: "Мария" }).chat.started = true; // nothing to complain of at the start
  ends.defer(() => telegram.stop());
  const env = settings({ databaseUrl, yclients: yclients.url, telegram: telegram.url, script });
  // A folder that cannot be: real secrets must not slip into a demo.
  const config = readConfig(env, { secretsFolder: "/dev/null" });
  const service = await serve(config, shell.log.child({}, { level: config.logLevel }));
  ends.defer(() => service.stop());
  signal.throwIfAborted();
  const db = connect(databaseUrl, { max: 2, name: "loyalty-bot demo" });
  ends.defer(() => db.end({ timeout: 2 }));
  return { env, salon: { company, journal, telegram, db, signal } };
}

function settings(made: { databaseUrl: string; yclients: string; telegram: string; script: boolean }): Env {
  const port = String(freePort());
  return {
    FATHERBOT_TOKEN: tokens.bot,
    YCLIENTS_PARTNER_TOKEN: tokens.partner,
    YCLIENTS_USER_TOKEN: tokens.user,
    DATABASE_URL: made.databaseUrl,
    COMPANY_ID: String(company.id),
    ADMINS_IDS: String(ownerId),
    YCLIENTS_BOOK_URL: "https://n1.yclients.com/",
    SUPPORT_PHONE: "+7 495 000-00-00",
    LEGAL_NAME: "ИП Петрова М. С., ИНН 770000000000",
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PROGRAM_START: addDays(dayOf(new Date(), company.timeZone), -7),
    SYNC_CRON: "* * * * * *",
    NOTIFY_CRON: "* * * * * *",
    SETTLE_SECONDS: made.script ? "1" : "2",
    QUIET_HOURS: "off",
    DIGEST_AT: "off",
    YCLIENTS_REQUESTS_PER_MINUTE: "100000",
    YCLIENTS_API_URL: made.yclients,
    TELEGRAM_API_ROOT: made.telegram,
    HOST: "127.0.0.1",
    PORT: port,
    LOG_LEVEL: "warn",
  };
}

/** The given server with a database of the demo's own, dropped at the end, or a server of its own. */
async function openDatabase(env: Env, ends: AsyncDisposableStack): Promise<string> {
  if (!env.DATABASE_URL?.trim() && !env.DATABASE_URL_FILE?.trim()) {
    const server = await startPostgres({ bin: env.PG_BIN?.trim() || undefined });
    ends.defer(() => server.stop());
    return server.url;
  }
  const { databaseUrl } = readConfig(env, { only: ["databaseUrl"] });
  const name = `loyalty_demo_${process.pid}`;
  const admin = connect(databaseUrl, { max: 1, name: "loyalty-bot demo" });
  ends.defer(() => admin.end({ timeout: 2 }));
  try {
    // One that a killed demo left; without force, which would take it from another demo under the same pid.
    await admin.unsafe(`drop database if exists ${name}`);
    await admin.unsafe(`create database ${name}`);
  } catch (error) {
    if (Object(error).code !== "42501") throw error;
    throw new Mistake(
      `The demo makes a database of its own on DATABASE_URL, and that role may not (${messageOf(error)}): ` +
        "give a role that may create databases, or leave DATABASE_URL out.",
    );
  }
  ends.defer(async () => {
    await admin.unsafe(`drop database ${name} with (force)`);
  });
  return databaseUrl.replace(/^([a-z+]+:\/\/[^/?]*)(\/[^?]*)?/i, `$1/${name}`);
}

/** On the usual port, or on a free one where that is taken. */
function openPage(salon: Salon, ends: AsyncDisposableStack): string {
  const page = servePage(salon, firstPagePort);
  ends.defer(() => page.stop());
  return page.address;
}

/** PUBLIC_URL must name the port before the program listens on it. */
function freePort(): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  probe.stop(true);
  return probe.port;
}
