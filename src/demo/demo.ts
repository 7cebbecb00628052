// The demo: a PostgreSQL, the stand-ins and the whole program for one salon day, and nothing left of them after it.

import encodeQR from "qr";
import { type Shell, verify } from "../cli/commands.ts";
import { readConfig } from "../config/config.ts";
import { connect } from "../db/connect.ts";
import { messageOf, OperatorError } from "../errors.ts";
import { startMax } from "../standins/max/server.ts";
import { freePort, startPostgres } from "../standins/postgres/postgres.ts";
import { startTelegram } from "../standins/telegram/server.ts";
import { Journal } from "../standins/yclients/journal.ts";
import { startYclients } from "../standins/yclients/server.ts";
import { type DemoClock, installClock } from "./clock.ts";
import { dayOfSalon, isJournalRead } from "./day.ts";
import { type Choice, hookSecret, programEnv, tokens, withChoice } from "./env.ts";
import { createFaults } from "./faults.ts";
import { networkAddresses, type PagePlace, placeOf } from "./place.ts";
import { play, type Salon } from "./play.ts";
import { startProgram } from "./program.ts";
import { admin, companyAt, openJournal, owner } from "./salon.ts";
import { createTrial, openChain } from "./settling.ts";
import { servePage } from "./web.ts";

export { followClock } from "./clock.ts";

type Env = Record<string, string | undefined>;

const firstPagePort = 8080;

/**
 * `command` starts the program, `until` asks the demo to end, `script` plays the day in the terminal and ends by itself,
 * `host` is the address to serve the page on; without one it is for this machine alone.
 */
interface Wish {
  command: string[];
  script: boolean;
  host?: string | undefined;
  until: Promise<void>;
}

/**
 * Starts everything; then prints where the page is and serves it until it is asked to end, or plays the day. The exit code:
 * 1 when something expected did not come, when `verify` found a fault, or when a script was broken off. Throws when it
 * cannot start; either way nothing is left running.
 */
export async function demo(shell: Shell, wish: Wish): Promise<number> {
  const { script, host } = wish;
  if (script && host !== undefined) throw new OperatorError("demo --script opens no page: leave --host out.");
  const place = placeOf(host);
  const stopping = new AbortController();
  const asked = wish.until.then(() => stopping.abort(new Error("the demo was stopped")));
  try {
    const code = await played(shell, { ...wish, place }, stopping.signal, asked);
    if (!wish.script) await shell.out("\nThe demo has ended and leaves nothing behind.\n");
    return code;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    await shell.out(wish.script ? "\nStopped before the day was over.\n" : "\nStopped.\n");
    return wish.script ? 1 : 0;
  }
}

type Planned = Wish & { place: PagePlace };

/** All that was started has ended when this settles. */
async function played(
  shell: Shell,
  wish: Planned,
  signal: AbortSignal,
  asked: Promise<void>,
): Promise<number> {
  await using ends = new AsyncDisposableStack();
  await shell.out("Starting PostgreSQL, the stand-ins and the program…\n");
  const databaseUrl = await openDatabase(shell.env, ends);
  signal.throwIfAborted();
  if (wish.script) {
    // By the true clock, like every program: its proof looks at the database's guards too.
    const served = { databaseUrl, command: [...wish.command, "serve"], now: () => new Date() };
    return await playScript(shell, await openSalon({ ...served, script: true }, ends, signal));
  }
  const clock = await installClock(databaseUrl);
  ends.defer(() => clock.end());
  const served = { databaseUrl, command: [...wish.command, "demo", "--program"], now: clock.now };
  await showPage(shell, await openSalon({ ...served, script: false }, ends, signal), clock, wish, ends);
  await asked;
  return 0;
}

type Opened = Awaited<ReturnType<typeof openSalon>>;

async function playScript(shell: Shell, { env, salon, program }: Opened): Promise<number> {
  await program.ready(salon.signal);
  const played = await play(salon, dayOfSalon(salon), shell.out);
  await shell.out("\n── The ledger, recomputed from its first row:\n");
  const proven = await verify({ ...shell, env });
  return played && proven === 0 ? 0 : 1;
}

async function showPage(
  shell: Shell,
  opened: Opened,
  clock: DemoClock,
  { place, command }: Planned,
  ends: AsyncDisposableStack,
): Promise<void> {
  const { salon, chain, max, program, faults, changes } = opened;
  openJournal(salon.journal, salon.company, clock.now());
  let { env } = opened;
  const chosen = new Set<Choice>();
  const choose = (choice: Choice) => {
    if (chosen.has(choice)) return;
    chosen.add(choice);
    env = withChoice(env, choice);
    program.startAnew(env);
  };
  const trial = createTrial(shell.log, { ...salon, clock }, () => env);
  const page = servePage(
    { ...salon, chain, max, program, faults, clock, trial, chosen, choose },
    salon.db,
    firstPagePort,
    place,
    shareCommand(command),
  );
  ends.defer(() => page.stop());
  changes.listener = () => void page.refresh();
  await program.ready(salon.signal);
  await clock.reachAll();
  while (!(await isJournalRead(salon))) {
    salon.signal.throwIfAborted();
    await Bun.sleep(50);
  }
  // Who works in the salon has the bot open already.
  for (const one of [admin, owner]) void salon.telegram.person(one).start();
  await shell.out(`\nThe salon's day is open in your browser at  ${page.address}\nCtrl-C ends it.\n`);
  if (place.shared) await shell.out(`\n${sharedWords}\n${encodeQR(page.address, "ascii")}`);
}

const sharedWords = `Anybody in this network can open it too, and do there all that you can. Serve it so only where you trust
everybody, and end it when you are done. For a phone's camera:
`;

/** What serves the demo to a phone: as the README says it, or by the executable itself. */
function shareCommand(command: string[]): string {
  const start = command.length === 1 ? "loyalty-bot demo" : `npx -y bun@${Bun.version} run demo`;
  return `${start} --host ${networkAddresses()[0] ?? "0.0.0.0"}`;
}

/** Each part as it starts puts its own end on `ends`; asked to stop, the next one is not started. */
async function openSalon(
  {
    databaseUrl,
    command,
    now,
    script,
  }: { databaseUrl: string; command: string[]; now: () => Date; script: boolean },
  ends: AsyncDisposableStack,
  signal: AbortSignal,
) {
  const company = companyAt(now());
  const journal = new Journal({ now });
  journal.addCompany(company);
  // No limits: they are by the minute, and the demo reads the journal every second.
  const limits = { perMinute: 0, perSecond: 0 };
  const chain = openChain(journal, company, now);
  const yclients = startYclients({
    ...{ journal, now, loyalty: chain },
    partnerToken: tokens.partner,
    userToken: tokens.user,
    ...limits,
  });
  ends.defer(() => yclients.stop());
  const telegram = startTelegram({
    token: tokens.bot,
    botName: "loyalty_demo_bot",
    now: () => now().getTime(),
  });
  for (const one of [admin, owner]) telegram.person(one).chat.started = true; // nothing to complain of at the start
  ends.defer(() => telegram.stop());
  // Nobody asks anything of it before the owner has switched MAX on.
  const max = startMax({ token: tokens.max, now: () => now().getTime() });
  max.webhook.takesAnyAddress = true;
  ends.defer(() => max.stop());
  const port = freePort(); // PUBLIC_URL must name it before the program listens on it
  const places = { company, databaseUrl, yclients: yclients.url, telegram: telegram.url, max: max.url, port };
  const env = programEnv({ ...places, script });
  const address = `http://127.0.0.1:${port}`;
  const changes = { listener: () => {} };
  const program = startProgram(command, env, {
    address,
    changed: () => {
      // The wait after failed posts grows; who is there again is told so at once.
      if (program.state === "running") for (const { webhook } of [telegram, max]) webhook.ring();
      changes.listener();
    },
  });
  ends.defer(() => program.stop());
  const faults = createFaults(telegram, max, yclients, `${address}/yclients/webhook/${hookSecret}`);
  const db = connect(databaseUrl, { max: 2, name: "loyalty-bot demo" });
  ends.defer(() => db.end({ timeout: 2 }));
  const salon: Salon = { company, journal, telegram, db, signal };
  return { env, salon, chain, max, program, faults, changes };
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
    throw new OperatorError(
      `The demo makes a database of its own on DATABASE_URL, and that role may not (${messageOf(error)}): ` +
        "give a role that may create databases, or leave DATABASE_URL out.",
    );
  }
  ends.defer(async () => {
    await admin.unsafe(`drop database ${name} with (force)`);
  });
  return databaseUrl.replace(/^([a-z+]+:\/\/[^/?]*)(\/[^?]*)?/i, `$1/${name}`);
}
