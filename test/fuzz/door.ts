// The whole program behind its real HTTP, with cards, a till and a journal to lose, for tests of what is open to the internet.
import { serve } from "../../src/app/service.ts";
import { readConfig } from "../../src/config/config.ts";
import { makeLog } from "../../src/log.ts";
import { linkTo } from "../helpers/accounts.ts";
import { BRANCH, deployment, type Env } from "../helpers/checked.ts";
import { freePort, until } from "../helpers/program.ts";

const HOOK = "yclients-hook-words-0123456789";
export const SECRET = "telegram-hook-words";
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
  const port = freePort();
  const lines: string[] = [];
  const never = "0 0 0 1 1 *";
  const config = readConfig(
    {
      ...env,
      ...{ HOST: "127.0.0.1", PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` },
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
  const service = await serve(config, log);
  await until(() => telegram.webhook.url !== "");
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
    /** Telegram knows them, and they have pressed Start. */
    knows: (id: number) => {
      telegram.person({ id, firstName: "К" }).chat.started = true;
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
      await made[Symbol.asyncDispose]();
    },
  };
}
