// `check` in this process, against both stand-ins and a database of its own.
import { check } from "../../src/cli/check.ts";
import { makeLog } from "../../src/log.ts";
import { startTelegram } from "../../src/standins/telegram/server.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";
import { emptyDatabase, freshDatabase } from "./db.ts";

export const BRANCH = 4242;
const TOKEN = "7000000001:AAEcheckcheckcheckcheckcheckcheckch";

export type Env = Record<string, string>;

/** A deployment where all is well. `lines` runs `check` and gives its lines by what they are about. */
export async function deployment({ migrated = true } = {}) {
  const database = await (migrated ? freshDatabase() : emptyDatabase());
  const clock = { aheadMs: 0 };
  const journal = new Journal();
  journal.addCompany({ id: BRANCH, title: "Салон", timeZone: "Europe/Moscow" });
  const now = () => new Date(Date.now() + clock.aheadMs);
  const yclients = startYclients({
    ...{ journal, partnerToken: "partner-words", userToken: "user-words", now },
    ...{ perMinute: 0, perSecond: 0 },
  });
  const telegram = startTelegram({ token: TOKEN });
  telegram.webhook.backoffMs = 10;
  for (const id of [901, 902]) telegram.person({ id, firstName: "Ольга" }).chat.started = true;
  const env: Env = {
    ...{ FATHERBOT_TOKEN: TOKEN, YCLIENTS_PARTNER_TOKEN: "partner-words", YCLIENTS_USER_TOKEN: "user-words" },
    ...{ DATABASE_URL: database.url, COMPANY_ID: String(BRANCH), ADMINS_IDS: "901", OWNER_IDS: "902" },
    ...{ TELEGRAM_API_ROOT: telegram.url, YCLIENTS_API_URL: yclients.url, LEGAL_NAME: "ИП Петрова" },
    ...{ YCLIENTS_REQUESTS_PER_MINUTE: "100000" },
  };
  async function run(changes: Env = {}) {
    const written: string[] = [];
    const set = Object.entries({ ...env, ...changes }).filter(([, value]) => value !== "");
    const code = await check({
      env: Object.fromEntries(set),
      log: makeLog("silent"),
      out: (text) => void written.push(text),
      bytes: null,
      terminal: null,
      questions: null,
    });
    return { code, out: written.join("") };
  }
  return {
    ...{ database, sql: database.sql, journal, yclients, telegram, clock, env, run },
    /** A visit of a client, so many days ago, paid unless said otherwise; roubles. */
    visit(
      daysAgo: number,
      rubles: number,
      how: { pay?: boolean; client?: number; phone?: string } = {},
    ): number {
      const client = { id: how.client ?? 31, name: "Анна", phone: how.phone ?? "+79001234567" };
      const startsAt = new Date(Date.now() - daysAgo * 86_400_000);
      const services = [{ title: "Стрижка", cost: rubles * 100 }];
      const id = journal.book({ companyId: BRANCH, client, startsAt, services });
      if (how.pay !== false) journal.pay(id);
      return id;
    },
    async lines(changes: Env = {}) {
      const { code, out } = await run(changes);
      const lines = out.split("\n").filter((line) => line !== "" && !/^(check|Do first): /.test(line));
      const found = new Map(lines.map((line) => [line.slice(6, 26).trim(), line.replace(/ {2,}/g, " ")]));
      return { code, out, of: (about: string) => found.get(about) };
    },
    async [Symbol.asyncDispose]() {
      await yclients.stop();
      await telegram.stop();
      await database.drop();
    },
  };
}
