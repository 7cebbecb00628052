// The executable, built once and driven as a user drives it, with both stand-ins and a database of its own.
import { expect } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../src/standins/postgres/postgres.ts";
import { startTelegram } from "../../src/standins/telegram/server.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { ChainLoyalty } from "../../src/standins/yclients/loyalty.ts";
import type { LoyaltyReading } from "../../src/standins/yclients/readings.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";
import { buildExecutable } from "../tools/executable.ts";
import { linkTo } from "./accounts.ts";
import { emptyDatabase, freshDatabase } from "./db.ts";
import { atEnd } from "./preload.ts";

export { freePort };

export const BRANCH = 123456;
export const TOKEN = "7000000001:AAEprogramprogramprogramprogramprog";
const [PARTNER, USER] = ["partner-secret-words", "user-secret-words"];

export type Env = Record<string, string>;
export type Ran = { code: number; out: string; err: string };
export type World = Awaited<ReturnType<typeof world>>;

let built = process.env.LOYALTY_TEST_PROGRAM;

/** The executable: the run's, or built here once. */
export function program(): string {
  if (built) return built;
  const folder = mkdtempSync(join(tmpdir(), "loyalty-bot-"));
  atEnd.push(async () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, "loyalty-bot");
  buildExecutable(outfile);
  built = outfile;
  return outfile;
}

/** What every output of the program is held to: no token, no login, no stack. */
function expectDiscreet(text: string): void {
  expect(text).not.toMatch(/AAEprogram|secret-words|postgres:\/\/\w+:\w|\n\s+at \S+ ?\(|\$bunfs/);
}

/** Runs a command to its end in an empty folder. Nothing of this process's environment is handed on. */
export async function run(args: string[], env: Env = {}, cwd = tmpdir(), path = program()): Promise<Ran> {
  const child = Bun.spawn([path, ...args], {
    env,
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  expectDiscreet(out + err);
  return { code, out, err };
}

/**
 * A migrated database, a journal of one branch behind YCLIENTS, a Telegram, and settings for all of it. `reading`: the branch is of a
 * chain with loyalty that does so, and one kind of card. `empty`: the database has nothing in it.
 */
export async function world({ reading, empty }: { reading?: Partial<LoyaltyReading>; empty?: true } = {}) {
  const database = await (empty ? emptyDatabase() : freshDatabase());
  const journal = new Journal();
  journal.addCompany({ id: BRANCH, title: "Салон", timeZone: "Europe/Moscow" });
  const limits = { perMinute: 0, perSecond: 0 };
  const loyalty =
    reading &&
    new ChainLoyalty({ journals: [journal], now: () => new Date(), reading: { chainLagMs: 0, ...reading } });
  loyalty?.addType({ companies: [BRANCH] });
  const tokens = { partnerToken: PARTNER, userToken: USER };
  const yclients = startYclients({ journal, ...(loyalty && { loyalty }), ...tokens, ...limits });
  const telegram = startTelegram({ token: TOKEN, limits: { perSecond: 1_000 } });
  telegram.webhook.backoffMs = 50;
  const port = freePort();
  const running: Service[] = [];
  const startsAt = new Date(Date.now() - 3_600_000);
  const env: Env = {
    ...{ FATHERBOT_TOKEN: TOKEN, YCLIENTS_PARTNER_TOKEN: PARTNER, YCLIENTS_USER_TOKEN: USER },
    ...{
      DATABASE_URL: database.url,
      COMPANY_ID: String(BRANCH),
      ADMINS_IDS: "901",
      LEGAL_NAME: "ИП Петрова",
    },
    ...{
      TELEGRAM_API_ROOT: telegram.url,
      YCLIENTS_API_URL: yclients.url,
      HOST: "127.0.0.1",
      PORT: String(port),
    },
    ...{ SYNC_CRON: "* * * * * *", NOTIFY_CRON: "* * * * * *", SETTLE_SECONDS: "0", QUIET_HOURS: "off" },
    ...{ YCLIENTS_REQUESTS_PER_MINUTE: "100000", LOG_LEVEL: "debug" },
    PROGRAM_START: new Date(startsAt.getTime() - 2 * 86_400_000).toISOString().slice(0, 10),
  };
  return {
    ...{ database, sql: database.sql, journal, loyalty, yclients, telegram, env, port, startsAt },
    publicUrl: { PUBLIC_URL: `http://127.0.0.1:${port}` },
    run: (args: string[], more: Env = {}) => run(args, { ...env, ...more }),
    /** Books and pays a visit of an hour ago; roubles. */
    pay(rubles: number, client = { id: 31, name: "Анна", phone: "+79001234567" }): number {
      const services = [{ title: "Стрижка", cost: rubles * 100 }];
      const id = journal.book({ companyId: BRANCH, client, startsAt, services });
      journal.pay(id);
      return id;
    },
    /** Anna, who has linked her phone. */
    async anna() {
      const person = telegram.person({ id: 501, firstName: "Анна", phone: "+79001234567" });
      person.chat.started = true;
      await linkTo(database.sql, 501, "+79001234567");
      return person;
    },
    async serve(more: Env = {}): Promise<Service> {
      const service = new Service(program(), { ...env, ...more }, port);
      running.push(service);
      await service.ready();
      return service;
    },
    ledger: () => database.sql`select * from bonuslog order by id`,
    async [Symbol.asyncDispose]() {
      for (const service of running) await service.end();
      await yclients.stop();
      await telegram.stop();
      await database.drop();
    },
  };
}

/** The running program. */
export class Service {
  readonly #child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  readonly #began = performance.now();
  readonly #output: Promise<unknown>;
  #text = "";

  constructor(
    path: string,
    env: Env,
    readonly port: number,
  ) {
    this.#child = Bun.spawn([path], { env, cwd: tmpdir(), stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    this.#output = Promise.all(
      [this.#child.stdout, this.#child.stderr].map((stream) => this.#collect(stream)),
    );
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** All it wrote so far. */
  get text(): string {
    return this.#text;
  }

  async get(path: string): Promise<{ status: number; body: string }> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`);
    return { status: response.status, body: await response.text() };
  }

  /** Resolves once it is ready, with the milliseconds since its start. */
  async ready(): Promise<number> {
    await until(async () => {
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${this.#text}`);
      return (await this.get("/readyz").catch(() => null))?.status === 200;
    });
    return performance.now() - this.#began;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends the signal; its exit code. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<{ code: number }> {
    this.#child.kill(signal);
    const code = await this.#child.exited;
    await this.#output;
    expectDiscreet(this.#text);
    return { code };
  }

  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) this.#text += decoder.decode(chunk, { stream: true });
  }
}

/** Waits until it holds, at most `ms`. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  for (const end = performance.now() + ms; ; await Bun.sleep(10)) {
    if (await holds()) return;
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${holds}`);
  }
}
