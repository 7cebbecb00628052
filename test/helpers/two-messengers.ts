/** Anna has her card in Telegram and in another messenger: each may be away, be unsure of what it delivered, or have to be asked. */
import { Channels, type Sent } from "../../src/channels/channel.ts";
import { Presence } from "../../src/notices/presence.ts";
import { channelOf } from "../../src/rules/account.ts";
import { MemoryChannel } from "./memory-channel.ts";
import { soft } from "./soft.ts";
import { tellingSalon } from "./telling-salon.ts";

/** Anna's accounts. */
export const [HERE, THERE] = ["telegram:501", "memory:601"];

export type TwoMessengers = Awaited<ReturnType<typeof twoMessengers>>;

/** `asked`: the other messenger may not tell unasked. Which account was used last is said by `uses`; at first it is the other's. */
export async function twoMessengers({ asked = false }: { asked?: boolean } = {}) {
  const salon = await tellingSalon();
  const { sql, notify, clock } = salon;
  const memory = new MemoryChannel(7_000_000_001);
  const vera = memory.person(601, "Анна");
  vera.open = true;
  await sql`insert into accounts (channel, external_id, client_id, language) select 'memory', '601', id, 'ru' from clients`;
  const inTelegram = notify.send;
  const away = new Set<string>();
  const answers: ((sent: Sent) => Sent | Promise<Sent>)[] = [];
  const tries: string[] = [];
  const changes: string[] = [];
  const channels = new Channels([memory]);
  notify.tells = asked ? ["telegram"] : ["telegram", "memory"];
  notify.presence = new Presence(
    async (name) => {
      if (away.has(name)) throw new Error("no way there");
    },
    () => clock.now,
    (name, isAway) => void changes.push(`${name} ${isAway ? "away" : "back"}`),
  );
  notify.turn = async () => {};
  notify.send = async (to, html, buttons) => {
    tries.push(to);
    const sent =
      channelOf(to) === "memory"
        ? await channels.say(to, html, buttons)
        : await inTelegram(to, html, buttons);
    return (await answers.shift()?.(sent)) ?? sent;
  };
  const uses = async (account: string) =>
    void (await sql`update accounts set used_at = now() - case when account = ${account} then interval '0' else interval '1 hour' end`);
  await uses(THERE);
  return Object.assign(salon, {
    ...{ vera, memory, away, tries, uses },
    /** When a messenger went away and came back, as the operator is told. */
    changes,
    /** What becomes of the next message, whatever its messenger says. */
    next: (answer: (sent: Sent) => Sent | Promise<Sent>) => void answers.push(answer),
    /** So many messages were read in Telegram and in the other messenger. */
    heard: () => [salon.said().length, vera.said().length],
    last: () => soft(vera.last()),
    /** Time passes, and what waits is due. */
    async later(minutes: number): Promise<void> {
      clock.now = new Date(clock.now.getTime() + minutes * 60_000);
      await sql`update notices set due_at = now() - interval '1 second', late_since = late_since - ${minutes}::float8 * interval '1 minute'`;
      await sql`update begun_messages set held_until = held_until - ${minutes}::float8 * interval '1 minute'`;
    },
  });
}
