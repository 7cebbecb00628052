// Row: fifty spends confirmed at once, on one card and on fifty, to the last one committed and answered; beside pgbench with
// the same transaction from as many connections as the program's pool has.

import type postgres from "postgres";
import { connections } from "../../../src/app/parts.ts";
import type { Person } from "../../../src/standins/telegram/people.ts";
import { startTelegram } from "../../../src/standins/telegram/server.ts";
import { fillCards } from "../fill.ts";
import { pgbench, tool } from "../pgbench.ts";
import { type Line, type Row, rounds, shown } from "../row.ts";
import { firstScreen, spendScript } from "../spend-script.ts";
import { byWebhook, running, SECRET, type Stage, settings } from "../stage.ts";

const atOnce = 50;
const firstAdmin = 9_001;
const phoneOf = (card: number) => `+7900${String(card).padStart(7, "0")}`;

export const spend: Row = {
  name: "spend",
  minutes: 1,
  async measure(stage, sizes) {
    await using database = await stage.database();
    const { sql } = database;
    await fillCards(sql, atOnce);
    await sql`
      insert into bonuslog (client_id, kind, points, actor, key, is_telegram_notified)
      select n, 'credit', 1000000, 'admin:901', 'start:' || n, true from generate_series(1, ${atOnce}::int) n`;
    await sql`
      insert into screens (bot, account, asked, step, client_id, expires_at)
      select 1, 'telegram:' || ${firstScreen}::int + n, 1, 'closed', 1, now() + interval '1 day' from generate_series(0, ${connections}::int) n`;
    const till = await open(stage, settings(database, { telegram: "" }));
    await using _ = till;
    const ours = (cards: number) => async () => {
      const taps = await till.ready(cards);
      const began = performance.now();
      // An answer comes after its commit, whose own time nothing tells.
      await Promise.all(taps.map(till.tap));
      const seconds = (performance.now() - began) / 1_000;
      await allCommitted(sql);
      return atOnce / seconds;
    };
    const peer = (cards: number) => () =>
      pgbench(database.url, {
        ...{ folder: stage.folder, clients: connections, script: spendScript(cards) },
        each: 4 * Math.ceil(atOnce / connections), // no more, for the card's rows are summed every time
      });
    await ours(atOnce)(); // to be warm
    const found = await rounds(stage.quick ? 1 : sizes.rounds * 3, {
      ...{ one: ours(1), fifty: ours(atOnce) },
      ...(tool("pgbench")
        ? { peerOne: peer(1), peerFifty: peer(atOnce) }
        : { peerOne: null, peerFifty: null }),
    });
    return [line("one card", found.one, found.peerOne), line("50 cards", found.fifty, found.peerFifty)];
  },
};

/** Throws where a spend has not been committed, each of which its admin's screen tells. */
async function allCommitted(sql: postgres.Sql): Promise<void> {
  const left =
    await sql`select from screens where substr(account, 10)::int < ${firstScreen} and step = 'card'`;
  if (left.length > 0) throw new Error(`${left.length} spends were not made`);
}

/** A till with fifty admins, each of whom can open a client with a bill and then confirm it. */
async function open(stage: Stage, env: Record<string, string>) {
  await using ends = new AsyncDisposableStack();
  const telegram = startTelegram({ token: env.FATHERBOT_TOKEN ?? "", limits: { perSecond: 1e9 } });
  ends.defer(() => telegram.stop());
  const admins = Array.from({ length: atOnce }, (_, at) => {
    const person = telegram.person({ id: firstAdmin + at, firstName: "Ольга" });
    person.chat.started = true;
    return person;
  });
  const program = ends.use(
    await running([stage.executable()], {
      ...{ ...env, ...byWebhook, TELEGRAM_API_ROOT: telegram.url },
      ADMINS_IDS: admins.map(({ profile }) => profile.id).join(),
    }),
  );
  const address = `${program.url}/telegram/webhook`;
  telegram.webhook.reroute = () => address;
  let bill = 1;
  let update = 900_000_000;
  const all = ends.move();
  return {
    /** Every admin's screen shows a bill that nobody has had before; what their button sends. */
    async ready(cards: number): Promise<object[]> {
      await Promise.all(admins.map((admin, at) => admin.say(`${phoneOf(1 + (at % cards))} ${++bill}`)));
      await telegram.idle();
      return admins.map(tapOf);
    },
    async tap(query: object): Promise<void> {
      const response = await fetch(address, {
        method: "POST",
        headers: { "x-telegram-bot-api-secret-token": SECRET },
        body: JSON.stringify({ update_id: ++update, callback_query: query }),
      });
      if (response.status !== 200) throw new Error(`a tap was answered with ${response.status}`);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function tapOf(admin: Person): object {
  const message = admin.lastMessage();
  const data = message?.inline
    ?.flat()
    .find((button) => "callback_data" in button && String(button.callback_data).endsWith(":go"));
  if (!message || !data || !("callback_data" in data))
    throw new Error(`no bill to confirm: ${message?.text}`);
  const { id } = admin.profile;
  const from = { id, is_bot: false, first_name: admin.profile.firstName };
  const { message_id, text } = message;
  const tapped = { message_id, date: 1, chat: { id, type: "private" }, text };
  return { id: crypto.randomUUID(), from, chat_instance: "1", data: data.callback_data, message: tapped };
}

function line(on: string, ours: number, peer: number | null): Line {
  return {
    what: `spend: 50 confirmed at once on ${on}, to the last one committed and answered`,
    ours: `${shown(ours)}/s`,
    beside: peer === null ? "no pgbench here" : `pgbench, the same transaction: ${shown(peer)}/s`,
    ratio: peer === null ? null : ours / peer,
    ...{ aim: "at least 0.5", met: peer === null ? null : ours / peer >= 0.5 },
    figures: { spends: ours },
  };
}
