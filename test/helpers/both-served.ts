// The program in this process, with a bot in Telegram and one in MAX, both stand-ins, on a deployment where all is well.
import { pino } from "pino";
import { type Service, serve } from "../../src/app/service.ts";
import { webhook } from "../../src/cli/webhook.ts";
import { readConfig } from "../../src/config/config.ts";
import { makeLog } from "../../src/log.ts";
import { type MaxOptions, startMax } from "../../src/standins/max/server.ts";
import { deployment, type Env } from "./checked.ts";
import { freePort } from "./program.ts";

const MAX_TOKEN = "f9LHodD0cOJ-max-words";

/** `await using` ends all that was started. `started` in the answer of `start` is what the operator alone is told. */
export async function bothServed(options: Partial<MaxOptions> = {}) {
  const made = await deployment();
  const max = startMax({
    ...{ token: MAX_TOKEN, limits: { perSecond: 10_000, perChatPerSecond: 10_000, pollsPerSecond: 10_000 } },
    ...options,
  });
  made.telegram.limits.perSecond = 10_000;
  const services: Service[] = [];
  const lines: string[] = [];
  const told: string[] = [];
  const env: Env = {
    ...{ HOST: "127.0.0.1", SYNC_CRON: "0 0 0 1 1 *", DIGEST_AT: "off" },
    ...{ MAX_BOT_TOKEN: MAX_TOKEN, MAX_API_URL: max.url },
  };
  return {
    ...{ made, max, lines, told, token: MAX_TOKEN, telegram: made.telegram, sql: made.sql },
    /** Lines of the log that have these words. */
    logged: (words: string) => lines.filter((line) => line.includes(words)),
    async start(changes: Env = {}): Promise<Service & { port: number }> {
      const port = freePort();
      const all = { ...made.env, ...env, PORT: String(port), ...changes };
      const set = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
      const config = readConfig(set, { secretsFolder: "/dev/null" });
      const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
      const service = await serve(config, log, (text) => void told.push(text));
      let stopped: Promise<void> | undefined;
      const ended = { ...service, port, stop: () => (stopped ??= service.stop()) };
      services.push(ended);
      return ended;
    },
    /** `check`, by what its lines are about. */
    check: (changes: Env = {}) => made.lines({ MAX_BOT_TOKEN: MAX_TOKEN, MAX_API_URL: max.url, ...changes }),
    /** `webhook VERB`: what it prints; throws what is said on standard error. */
    async webhook(verb: string, changes: Env = {}): Promise<string> {
      const written: string[] = [];
      const all = { ...made.env, ...env, ...changes };
      const set = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
      const shell = { env: set, log: makeLog("silent"), bytes: null, terminal: null, questions: null };
      await webhook({ ...shell, out: (text) => void written.push(text) }, {}, [verb]);
      return written.join("");
    },
    async [Symbol.asyncDispose]() {
      for (const service of services) await service.stop();
      await max.stop();
      await made[Symbol.asyncDispose]();
    },
  };
}
