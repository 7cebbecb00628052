// The only file that knows the process: arguments, signals, exit codes.

import { isMainThread } from "node:worker_threads";
import { version } from "../package.json";
import { type ServedTime, serve } from "./app/service.ts";
import { type CommandName, type Flags, help, readArgs } from "./cli/args.ts";
import { check } from "./cli/check.ts";
import {
  exportRows,
  health,
  migrateNow,
  notify,
  type Shell,
  sentence,
  sync,
  verify,
} from "./cli/commands.ts";
import { importOld } from "./cli/import.ts";
import { programme } from "./cli/programme.ts";
import { settle } from "./cli/settle.ts";
import { owed, statement } from "./cli/statements.ts";
import { openQuestions, type Questions } from "./cli/terminal.ts";
import { token } from "./cli/token.ts";
import { webhook } from "./cli/webhook.ts";
import { readConfig } from "./config/config.ts";
import { nearMisses } from "./config/names.ts";
import { OperatorError } from "./errors.ts";
import { clean, logWarnings, makeLog } from "./log.ts";

const commands: Record<CommandName, (shell: Shell, flags: Flags, words: string[]) => Promise<number>> = {
  ...{ serve: (shell) => runService(shell), migrate: migrateNow, check, token, sync, notify, verify },
  ...{
    export: exportRows,
    webhook,
    import: importOld,
    health,
    demo: runDemo,
    statement,
    owed,
    programme,
    settle,
  },
};

if (isMainThread) {
  askThisMachineDirectly();
  process.exit(await main(process.argv.slice(2)));
} else {
  // The compiled program's worker.
  await import("./picture/logo.worker.ts");
}

/**
 * No proxy is asked for what listens on this machine, whatever the environment says, from which Bun's fetch takes it: a
 * Bot API server of one's own, the demo's stand-ins. A small `no_proxy` goes before a large one, so both are the sum.
 */
function askThisMachineDirectly(): void {
  const { NO_PROXY = "", no_proxy = "" } = process.env;
  const all = [NO_PROXY, no_proxy, "localhost", "127.0.0.0/8", "::1", "[::1]"].filter((one) => one !== "");
  Object.assign(process.env, { NO_PROXY: all.join(), no_proxy: all.join() });
}

async function main(args: string[]): Promise<number> {
  process.stdout.on("error", () => {}); // said by the write that failed
  process.stderr.on("error", () => {}); // there is nowhere else to say it
  const asks = (...options: string[]) => args.some((one) => options.includes(one));
  if (asks("--help", "-h") || args[0] === "help") return print(help);
  if (asks("--version", "-v", "-V")) return print(`${version}\n`);
  try {
    const { name, flags, words } = readArgs(args);
    const shell = makeShell(name);
    // `check` has lines for them, and nobody reads what `health` says every few seconds.
    if (name !== "check" && name !== "health") warnOfNames(shell);
    return await commands[name](shell, flags, words);
  } catch (error) {
    process.stderr.write(`${error instanceof OperatorError ? error.message : clean(sentence(error))}\n`);
    return 1;
  }
}

/** A name with a slip in it would else be passed over: what it sets is read nowhere. */
function warnOfNames({ env, log }: Shell): void {
  for (const { name, meant } of nearMisses(env))
    log.warn(`${name} is set and is no setting, so it is not read: ${meant} may be meant`);
}

function makeShell(command: CommandName): Shell {
  return {
    env: process.env,
    log: makeLog(logLevel(command), process.stderr.isTTY === true),
    out: writeOut,
    bytes: process.stdout.isTTY ? null : writeOut,
    terminal: process.stderr.isTTY ? (text) => void process.stderr.write(text) : null,
    questions: process.stdin.isTTY && process.stderr.isTTY ? askHere : null,
  };
}

/** Whatever ends the program while it asks, the terminal echoes again. */
function askHere(): Questions {
  const questions = openQuestions(process.stdin, process.stderr);
  for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 })) {
    process.once(signal, () => {
      questions[Symbol.dispose]();
      process.exit(128 + number);
    });
  }
  return questions;
}

/** Whoever reads all settings says a wrong LOG_LEVEL together with their other mistakes. */
function logLevel(command: CommandName): string {
  try {
    return readConfig(process.env, { only: ["logLevel"] }).logLevel;
  } catch (error) {
    if (["serve", "check", "sync", "notify"].includes(command)) return "info";
    throw error;
  }
}

async function runService(
  { env, log }: Shell,
  timeOf?: (databaseUrl: string) => Promise<ServedTime>,
): Promise<number> {
  const config = readConfig(env);
  logWarnings(log, process);
  // What nobody caught is logged, and the jobs go on: each write is a transaction of its own.
  for (const event of ["unhandledRejection", "uncaughtException"] as const) {
    process.on(event, (error: unknown) => log.error({ err: error }, "a failure nobody waited for"));
  }
  const service = await serve(
    config,
    log,
    (line) => void process.stdout.write(line),
    await timeOf?.(config.databaseUrl),
  );
  await asked(["SIGTERM", "SIGINT"]);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(1));
  await service.stop();
  return 0;
}

async function runDemo(shell: Shell, flags: Flags): Promise<number> {
  const { demo, followClock } = await import("./demo/demo.ts");
  const { script = false, host, program = false } = flags;
  // The demo starts its own program so, for its visitor lets time pass.
  if (program)
    return runService(shell, async (url) => ({ clock: await followClock(url), hourly: "* * * * * *" }));
  // The executable carries this file in a file system of its own, and is the program by itself; from source, Bun is handed
  // the file.
  const carried = /[/\\](\$bunfs|~BUN)[/\\]/.test(import.meta.path);
  const command = carried ? [process.execPath] : [process.execPath, "--no-env-file", import.meta.path];
  return demo(shell, { command, script, host, until: asked(["SIGTERM", "SIGINT"]) });
}

function asked(signals: NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve());
  });
}

async function print(text: string): Promise<number> {
  await writeOut(text);
  return 0;
}

/** Resolves when the reader has taken it: an export is longer than any buffer. */
function writeOut(text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error) resolve();
      else if (Object(error).code === "EPIPE")
        process.exit(141); // the reader has seen enough: as whoever ends by SIGPIPE, for an import is then not made
      else reject(new OperatorError(`The result could not be written: ${error.message}.`));
    });
  });
}
