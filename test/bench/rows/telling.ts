// Row: telling many people while others ask, beside Telegram's 30 messages a second, which the stand-in enforces.

import { startTelegram, type Telegram } from "../../../src/standins/telegram/server.ts";
import { FIRST_CHAT, fillCards } from "../fill.ts";
import { type Row, shown } from "../row.ts";
import { byWebhook, type Database, running, settings } from "../stage.ts";

const token = "telling-metrics-token";
const asking = 20;
/** What a second of telling is, and how many ask in it. */
const [tickMs, asks] = [1_000, 2];

export const telling: Row = {
  name: "telling",
  minutes: 7,
  async measure(stage, sizes) {
    await using database = await stage.database();
    await fillCards(database.sql, sizes.messages + asking);
    const env = settings(database, { telegram: "" });
    const telegram = startTelegram({ token: env.FATHERBOT_TOKEN ?? "", limits: { perSecond: 30 } });
    await using ends = new AsyncDisposableStack();
    ends.defer(() => telegram.stop());
    for (let at = 0; at < sizes.messages + asking; at++) {
      const phone = `+7900${String(at + 1).padStart(7, "0")}`;
      telegram.person({ id: FIRST_CHAT + at, firstName: "Анна", phone }).chat.started = true;
    }
    await makeDue(database, sizes.messages);
    const told = whenTold(telegram, sizes.messages);
    const program = ends.use(
      await running([stage.executable()], {
        ...{ ...env, ...byWebhook, TELEGRAM_API_ROOT: telegram.url, METRICS_TOKEN: token },
      }),
    );
    telegram.webhook.reroute = () => `${program.url}/telegram/webhook`;
    const answers: number[] = [];
    while (told.size < sizes.messages) {
      const tick = Bun.sleep(tickMs);
      for (let each = 0; each < asks; each++) {
        answers.push(await ask(telegram, FIRST_CHAT + sizes.messages + (answers.length % asking)));
        await Bun.sleep(150);
      }
      await tick;
    }
    const times = [...told.values()];
    const rate = (times.length - 1) / ((Math.max(...times) - Math.min(...times)) / 1_000);
    const slowest = Math.max(...answers);
    const refused = await tooMany(program.url);
    const well = rate >= 25 && slowest < 50 && refused === 0;
    return [
      {
        what: `telling ${shown(sizes.messages)} people while two a second ask`,
        ours: `${shown(rate)}/s; answers within ${shown(slowest, " ms")}; ${refused} times 429`,
        beside: "Telegram's limit: 30/s",
        ...{ ratio: rate / 30, aim: "25/s, answers below 50 ms, no 429", met: well, once: true },
        why: "It is the slowest of some 770 answers; why was not looked into. An earlier source answered within 18 ms on another machine.",
        figures: { told: rate },
      },
    ];
  },
};

/** Everybody but those who ask has points that they were not told of. */
async function makeDue({ sql }: Database, messages: number): Promise<void> {
  await sql`
    insert into bonuslog (client_id, kind, points, actor, key)
    select n, 'credit', 10, 'admin:901', 'op:' || n from generate_series(1, ${messages}::int) n order by n`;
  await sql`
    insert into notices (client_id, about, due_at) select n, 'till', now() from generate_series(1, ${messages}::int) n`;
}

/** When each of those who are due had their first message, as it comes. */
function whenTold(telegram: Telegram, messages: number): Map<number, number> {
  const told = new Map<number, number>();
  telegram.onChange((id) => {
    const due = id >= FIRST_CHAT && id < FIRST_CHAT + messages && !told.has(id);
    if (due && telegram.messages(id).some(({ from }) => from === "bot")) told.set(id, performance.now());
  });
  return told;
}

/** Milliseconds until somebody who asks has the answer. */
async function ask(telegram: Telegram, id: number): Promise<number> {
  const person = telegram.person({ id, firstName: "" });
  const after = person.chat.messages.at(-1)?.message_id ?? 0;
  const asked = performance.now();
  await person.say("/balance");
  await person.waitForMessage("", { after });
  return performance.now() - asked;
}

/** How often Telegram has said that it was too much. */
async function tooMany(url: string): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const line = /^loyalty_api_requests_total\{api="telegram",outcome="too_many"\} (\d+)$/m;
  const [, count] = line.exec(await response.text()) ?? [];
  if (count === undefined) throw new Error("the metrics do not say how often Telegram refused");
  return Number(count);
}
