// A till with fifty admins, each of whom can open a client with a bill and then confirm it by a tap.

import type postgres from "postgres";
import type { Person } from "../../src/standins/telegram/people.ts";
import { startTelegram, type Telegram } from "../../src/standins/telegram/server.ts";
import { phoneOf } from "./salon.ts";
import { firstScreen } from "./spend-script.ts";
import { byWebhook, type Env, running, SECRET, type Stage } from "./stage.ts";

export const atOnce = 50;

/** Ten thousand points for each of the cards. */
export async function fillPurses(sql: postgres.Sql): Promise<void> {
  await sql`
    insert into bonuslog (client_id, kind, points, actor, key, is_telegram_notified)
    select n, 'credit', 1000000, 'admin:901', 'start:' || n, true from generate_series(1, ${atOnce}::int) n`;
}

/** Small, so that no purse is empty soon; a later till of the same cards has other ones. */
let bill = 1;
/** Each till has others: their messages would be numbered as those before, and known. */
let nextAdmin = 9_001;

/** `env` changes what the program is started with. `await using` ends it. */
export async function openTill(stage: Stage, env: Env) {
  await using ends = new AsyncDisposableStack();
  const telegram = startTelegram({ token: env.FATHERBOT_TOKEN ?? "", limits: { perSecond: 1e9 } });
  ends.defer(() => telegram.stop());
  const admins = Array.from({ length: atOnce }, () => {
    const person = telegram.person({ id: nextAdmin++, firstName: "Ольга" });
    person.chat.started = true;
    return person;
  });
  const program = ends.use(
    await running([stage.executable()], {
      ...{ ...byWebhook, ...env, TELEGRAM_API_ROOT: telegram.url },
      ...{ ADMINS_IDS: admins.map(({ profile }) => profile.id).join(), DIGEST_AT: "off" },
    }),
  );
  const address = `${program.url}/telegram/webhook`;
  telegram.webhook.reroute = () => address;
  while (telegram.webhook.url === "") await Bun.sleep(5); // before that nobody is heard
  const all = ends.move();
  let readyAt = performance.now();
  return {
    /** Every admin's screen shows a bill that nobody has had before; what their button sends. */
    async ready(cards: number): Promise<Tap[]> {
      // A bill and a tap each time: with more than twenty in ten seconds the flood gate would answer instead of the till.
      await Bun.sleep(Math.max(0, readyAt - performance.now()));
      readyAt = performance.now() + 1_100;
      await Promise.all(admins.map((admin, at) => admin.say(`${phoneOf(1 + (at % cards))} ${++bill}`)));
      await telegram.idle();
      return admins.map(tapOf);
    },
    tap: (tap: Tap) => post(address, tap),
    /** Milliseconds from the tap to what it changes in the admin's chat. */
    async answered(tap: Tap): Promise<number> {
      const [began, seen] = [performance.now(), changeOf(telegram, tap.from.id)];
      await post(address, tap);
      return (await seen) - began;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** What Telegram sends of a tap. */
export type Tap = ReturnType<typeof tapOf>;

let update = 900_000_000;

/** Resolves once it is answered. */
export async function post(address: string, tap: Tap): Promise<void> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "x-telegram-bot-api-secret-token": SECRET },
    body: JSON.stringify({ update_id: ++update, callback_query: tap }),
  });
  if (response.status !== 200) throw new Error(`a tap was answered with ${response.status}`);
}

/** When this chat changes next. */
export function changeOf(telegram: Telegram, chat: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const forget = telegram.onChange((id) => {
    if (id !== chat) return;
    forget();
    resolve(performance.now());
  });
  return promise;
}

/** The button that confirms, on the admin's last screen. */
export function tapOf(admin: Person) {
  const buttons = admin.chat.messages.flatMap(({ message_id, text, inline }) =>
    inline
      .flat()
      .flatMap((one) => ("callback_data" in one ? [{ message_id, text, data: one.callback_data }] : [])),
  );
  const go = buttons.findLast(({ data }) => /:go(:|$)/.test(String(data)));
  if (!go) throw new Error(`no bill to confirm: ${admin.lastMessage()?.text}`);
  const { id } = admin.profile;
  const from = { id, is_bot: false, first_name: admin.profile.firstName };
  const { message_id, text, data } = go;
  const tapped = { message_id, date: 1, chat: { id, type: "private" }, text };
  return { id: crypto.randomUUID(), from, chat_instance: "1", data, message: tapped };
}

/** Throws where a spend has not been committed, each of which its admin's screen tells. */
export async function allCommitted(sql: postgres.Sql): Promise<void> {
  const left =
    await sql`select from screens where substr(account, 10)::int < ${firstScreen} and step = 'card'`;
  if (left.length > 0) throw new Error(`${left.length} spends were not made`);
}
