// What MAX says of the bot, of where it delivers, and of who can be written to: facts for `check` and `webhook`.

import type { Db } from "../../db/connect.ts";
import { Refused, type Remedy, trustRemedy, Unreachable } from "../../errors.ts";
import type { Account } from "../../rules/account.ts";
import { isBlocked } from "./bot.ts";
import { MaxClient, MaxFault } from "./client.ts";
import { chatOfAccount } from "./numbers.store.ts";
import { MaxPace } from "./pace.ts";
import { dropSubscriptions, type Subscription, subscribe, subscriptionsOf } from "./subscription.ts";
import type { Trust } from "./trust.ts";

/** `never`: the person has not pressed Start, as far as is known here. */
type MaxReach = "reached" | "never" | "blocked";

export type MaxFacts = ReturnType<typeof maxFacts>;

/** Asks MAX. `Refused` with its status when it says no, `Unreachable` when it was not reached; no error holds the token. */
export function maxFacts({
  signal,
  ...parts
}: {
  token: string;
  apiRoot: string;
  trust: Trust | null;
  signal?: AbortSignal | undefined;
}) {
  const bot = { client: new MaxClient(parts), pace: new MaxPace() };
  const asked = <T>(answer: Promise<T>) =>
    answer.catch((error: unknown) => Promise.reject(classifyFault(error)));
  const me = () => asked(bot.client.call("GET", "/me", { signal }));

  return {
    /** The bot's public name, and MAX's clock; null where it does not say. */
    async bot(): Promise<{ name: string; date: Date | null }> {
      const { body, date } = await me();
      return { name: `@${body.username}`, date };
    },

    subscriptions: (): Promise<Subscription[]> => asked(subscriptionsOf(bot, signal)),

    /** Has it deliver there and nowhere else. */
    async subscribe(address: string, secret: string): Promise<void> {
      await asked(dropSubscriptions(bot, signal));
      await asked(subscribe(bot, address, secret));
    },

    /** It delivers nowhere any more, and keeps what waits for a day. */
    unsubscribe: (): Promise<void> => asked(dropSubscriptions(bot, signal)),

    /** Whether a message would arrive. Asked by the "typing" state, which leaves nothing in the chat and rings nowhere. */
    async reach(db: Db, account: Account): Promise<MaxReach> {
      const { body } = await me();
      const chat = await chatOfAccount(db, Number(body.user_id), account);
      if (chat === null) return "never";
      try {
        await bot.client.call("POST", `/chats/${chat}/actions`, { body: { action: "typing_on" }, signal });
        return "reached";
      } catch (error) {
        if (error instanceof MaxFault && isBlocked(error)) return error.status === 403 ? "blocked" : "never";
        throw classifyFault(error);
      }
    },
  };
}

function classifyFault(error: unknown): unknown {
  if (!(error instanceof MaxFault)) return error;
  const { status, code, fault, message } = error;
  // A gateway, or another program, may answer in its place.
  if (status !== null && code !== "") return new Refused("MAX", status, message.replace(/^\d+: /, ""));
  const name = typeof fault === "string" ? fault : undefined;
  const untrusted: Remedy | undefined = trustRemedy({ code: fault }) && {
    kind: "untrusted",
    advice: "name the Russian Trusted Root CA in MAX_CA (docs/max.md)",
  };
  return new Unreachable("MAX", message, untrusted, name);
}
