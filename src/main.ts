// The only file that knows the process: arguments, signals, exit codes.

import { version } from "../package.json";
import { serve } from "./app/service.ts";
import { check } from "./cli/check.ts";
import {
  exportRows,
  type Flags,
  health,
  migrate,
  notify,
  type Shell,
  sentence,
  sync,
  verify,
} from "./cli/commands.ts";
import { help } from "./cli/help.ts";
import { importOld } from "./cli/import.ts";
import { webhook } from "./cli/webhook.ts";
import { nearMisses, readConfig } from "./config/config.ts";
import { Mistake } from "./errors.ts";
import { clean, makeLog } from "./log.ts";

type Command = (shell: Shell, flags: Flags, words: string[]) => Promise<number>;

/** Each command with the options it takes; `=` marks those with a value, `=…` those that may be given again. */
const commands: Record<string, { run: Command; options: string[]; words?: number }> = {
  serve: { run: runService, options: [] },
  migrate: { run: migrate, options: [] },
  check: { run: check, options: [] },
  sync: { run: sync, options: ["since=", "dry-run"] },
  notify: { run: notify, options: [] },
  verify: { run: verify, options: ["seal=…"] },
  export: { run: exportRows, options: ["from=", "to="] },
  webhook: { run: webhook, options: [], words: 1 },
  import: { run: importOld, options: ["from=", "dry-run"] },
  health: { run: health, options: [] },
  demo: { run: runDemo, options: ["script"] },
};

askThisMachineDirectly();
process.exit(await main(process.argv.slice(2)));

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
    const { command, flags, words } = parse(args);
    const shell = makeShell(command);
    // `check` has lines for them, and nobody reads what `health` says every few seconds.
    if (command !== check && command !== health) warnOfNames(shell);
    return await command(shell, flags, words);
  } catch (error) {
    process.stderr.write(`${error instanceof Mistake ? error.message : clean(sentence(error))}\n`);
    return 1;
  }
}

function parse(args: string[]): { command: Command; flags: Flags; words: string[] } {
  const [name = "serve", ...rest] = args[0]?.startsWith("-") ? ["serve", ...args] : args;
  const known = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!known)
    throw new Mistake(`There is no command "${name}". The commands: ${Object.keys(commands).join(", ")}.`);
  const flags: Flags = new Map();
  const words: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const [option = "", inline] = (rest[at] ?? "").split(/=(.*)/s);
    const key = option.slice(2);
    if (!option.startsWith("--")) words.push(rest[at] ?? "");
    else if (flags.has(key) && !known.options.includes(`${key}=…`))
      throw new Mistake(`${name} takes ${option} once. See loyalty-bot --help.`);
    else if (known.options.includes(key)) {
      if (inline !== undefined)
        throw new Mistake(`${option} of ${name} takes no value. See loyalty-bot --help.`);
      flags.set(key, true);
    } else if (known.options.includes(`${key}=`)) flags.set(key, inline ?? rest[++at] ?? true);
    else if (known.options.includes(`${key}=…`))
      flags.set(key, [...[flags.get(key) ?? []].flat().map(String), inline ?? rest[++at] ?? ""]);
    else throw new Mistake(`${name} takes no ${option}. See loyalty-bot --help.`);
  }
  if (words.length > (known.words ?? 0))
    throw new Mistake(`${name} takes no "${words.at(-1)}". See loyalty-bot --help.`);
  return { command: known.run, flags, words };
}

/** A name with a slip in it would else be passed over: what it sets is read nowhere. */
function warnOfNames({ env, log }: Shell): void {
  for (const { name, meant } of nearMisses(env))
    log.warn(`${name} is set and is no setting, so it is not read: ${meant} may be meant`);
}

function makeShell(command: Command): Shell {
  return {
    env: process.env,
    log: makeLog(logLevel(command), process.stderr.isTTY === true),
    out: writeOut,
    terminal: process.stderr.isTTY ? (text) => void process.stderr.write(text) : null,
  };
}

/** Whoever reads all settings says a wrong LOG_LEVEL together with their other mistakes. */
function logLevel(command: Command): string {
  try {
    return readConfig(process.env, { only: ["logLevel"] }).logLevel;
  } catch (error) {
    if (new Set<Command>([runService, check, sync, notify]).has(command)) return "info";
    throw error;
  }
}

async function runService({ env, log }: Shell): Promise<number> {
  const config = readConfig(env);
  // What nobody caught is logged, and the jobs go on: each write is a transaction of its own.
  for (const event of ["unhandledRejection", "uncaughtException"] as const) {
    process.on(event, (error: unknown) => log.error({ err: error }, "a failure nobody waited for"));
  }
  const service = await serve(config, log);
  await asked(["SIGTERM", "SIGINT"]);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(1));
  await service.stop();
  return 0;
}

async function runDemo(shell: Shell, flags: Flags): Promise<number> {
  const { demo } = await import("./demo/demo.ts");
  // The executable carries this file in a file system of its own, and is the program by itself; from source, Bun is handed
  // the file.
  const carried = /[/\\](\$bunfs|~BUN)[/\\]/.test(import.meta.path);
  const command = carried ? [process.execPath] : [process.execPath, "--no-env-file", import.meta.path];
  return demo(shell, { command, script: flags.has("script"), until: asked(["SIGTERM", "SIGINT"]) });
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
function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error) resolve();
      else if (Object(error).code === "EPIPE")
        process.exit(141); // the reader has seen enough: as whoever ends by SIGPIPE, for an import is then not made
      else reject(new Mistake(`The result could not be written: ${error.message}.`));
    });
  });
}
