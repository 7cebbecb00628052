// The whole program behind its real HTTP, with cards, a till and a journal to lose, for tests of what is open to the internet.

import { serve } from "../../src/app/service.ts";
import { MaxPace } from "../../src/channels/max/pace.ts";
import { machineClock } from "../../src/clock.ts";
import { readConfig } from "../../src/config/config.ts";
import { makeLog } from "../../src/log.ts";
import { startMax } from "../../src/standins/max/server.ts";
import { linkTo } from "../helpers/accounts.ts";
import { BRANCH, deployment, type Env } from "../helpers/checked.ts";
import { freePort, until } from "../helpers/program.ts";
import { MAX_TOKEN } from "./max-updates.ts";

const HOOK = "yclients-hook-words-0123456789";
export const SECRET = "telegram-hook-words";
const MAX_SECRET = "max-hook-words";
export const ADMIN = 901;
export const OWNER = 902;
/** Nobody in the tests proves these phones: what is on their cards must stay there. */
export const VICTIMS = ["+79995559981", "+79995559982", "+79995559983"] as const;
export const VICTIM_NAME = "Жертва";
export const CODES = ["victimscode00000000001", "victimscode00000000002", "victimscode00000000003"] as const;

export type Door = Awaited<ReturnType<typeof openDoor>>;

/** Starts it all; `await using` ends it. `lines` is what the program logs, whole, from the level of debug on. */
export async function openDoor(changes: Env = {}) {
  const made = await deployment();
  const { telegram, sql, env } = made;
  telegram.limits.perSecond = 1e9;
  const unlimited = { perSecond: 1e9, perChatPerSecond: 1e9, pollsPerSecond: 1e9 };
  const max = startMax({ token: MAX_TOKEN, limits: unlimited });
  // It would take https alone; only what the tests post comes in.
  max.webhook.subscribe = (body) => max.webhook.set(String(Object(body).url));
  max.webhook.paused = true;
  const maxPace = new MaxPace(
    () => performance.now() * 1_000,
    (ms, signal) => machineClock.wait(ms / 1_000, signal),
  );
  const port = freePort();
  const lines: string[] = [];
  const never = "0 0 0 1 1 *";
  const config = readConfig(
    {
      ...env,
      ...{ HOST: "127.0.0.1", PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` },
      ...{ MAX_BOT_TOKEN: MAX_TOKEN, MAX_API_URL: max.url, MAX_WEBHOOK_SECRET: MAX_SECRET },
      ...{ ADMINS_IDS: `${ADMIN},max:${ADMIN}`, OWNER_IDS: `${OWNER},max:${OWNER}` },
      ...{ WEBHOOK_SECRET: SECRET, YCLIENTS_WEBHOOK_SECRET: HOOK, DIGEST_AT: "off" },
      ...{ SYNC_CRON: never, SWEEP_CRON: never, YCLIENTS_BOOK_URL: "https://n1.yclients.com/" },
      ...changes,
    },
    { secretsFolder: "/dev/null" },
  );
  const log = makeLog("debug", false, { write: (line) => void lines.push(line) });
  const records = [made.visit(1, 1_000), made.visit(2, 2_000), made.visit(3, 3_000, { pay: false })];
  for (const [at, phone] of VICTIMS.entries()) {
    await linkTo(sql, 600 + at, phone);
    await sql`update clients set name = ${VICTIM_NAME}, code = ${CODES[at] ?? ""} where phone = ${phone}`;
    await sql`
      insert into bonuslog (client_id, kind, points, actor, key)
      select id, 'credit', 777.77, 'admin:901', ${`op:victim${at}`} from clients where phone = ${phone}`;
  }
  for (const id of [ADMIN, OWNER]) {
    const { chat } = max.person({ id, firstName: "К" });
    chat.started = true;
    await sql`
      insert into message_numbers (account, bot, name, chat)
      values (${`max:${id}`}, ${max.me.user_id}, 'started', ${chat.chatId})`;
  }
  const service = await serve(config, log, undefined, { clock: machineClock, hourly: null, maxPace });
  await until(() => telegram.webhook.url !== "" && max.webhook.url !== "");
  telegram.webhook.paused = true; // only what the tests post comes in
  const post = async (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body, headers });
    return { status: response.status, body: await response.text() };
  };
  const replies: { chat_id?: unknown }[] = [];
  return {
    ...{
      sql,
      telegram,
      max,
      lines,
      port,
      records: records as [number, ...number[]],
      branch: BRANCH,
      url: made.database.url,
    },
    /** An update as Telegram posts it. */
    update: async (body: string | Uint8Array<ArrayBuffer>, secret = SECRET) => {
      const answer = await post("/telegram/webhook", body, {
        "content-type": "application/json",
        "x-telegram-bot-api-secret-token": secret,
      });
      if (answer.body.startsWith("{")) replies.push(JSON.parse(answer.body));
      return answer;
    },
    /** An update as MAX posts it. */
    maxUpdate: (body: string | Uint8Array<ArrayBuffer>, secret = MAX_SECRET) =>
      post("/max/webhook", body, { "content-type": "application/json", "X-Max-Bot-Api-Secret": secret }),
    /** Telegram and MAX know these people, each its own of the number, and they have pressed Start. */
    knows: (id: number) => {
      for (const messenger of [telegram, max]) messenger.person({ id, firstName: "К" }).chat.started = true;
    },
    /** What this chat was told, by calls and in answers to its updates. */
    told: (chat: number) =>
      [...replies, ...telegram.calls.map(({ payload }) => payload)].filter(
        (payload) => payload.chat_id === chat,
      ),
    /** An event as YCLIENTS posts it. */
    event: (body: string | Uint8Array<ArrayBuffer>, secret = HOOK) =>
      post(`/yclients/webhook/${secret}`, body),
    /** Does what an answer to a webhook asks for, as Telegram would. */
    carryOut: async ({ method, ...payload }: Record<string, unknown>) => {
      const response = await fetch(`${telegram.url}/bot${env.FATHERBOT_TOKEN}/${String(method)}`, {
        method: "POST",
        body: JSON.stringify(payload),
        headers: { "content-type": "application/json" },
      });
      return (await response.json()) as { ok: boolean; description?: string };
    },
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      await max.stop();
      await made[Symbol.asyncDispose]();
    },
  };
}
