// A stand-in for the Telegram Bot API over real HTTP: starts it, and hands every call to its method.
import type { Update, User } from "grammy/types";
import { type Chat, Chats, type Payload, type Profile, type Shown } from "./chats.ts";
import { Deliveries } from "./deliveries.ts";
import { cut, Faults, failure, faultError, type Limits, Meter } from "./faults.ts";
import { fields, readPayload } from "./fields.ts";
import { ApiError } from "./html.ts";
import {
  chatMethods,
  type Method,
  messageMethods,
  type Settings,
  settingMethods,
  webhookMethods,
} from "./methods.ts";
import { Person } from "./people.ts";

/** A call the bot made. `at` is in milliseconds of `now`; `viaReply` is a call in the answer to a webhook. */
export type Call = { at: number; method: string; payload: Payload; viaReply: boolean };

/** `token`, the bot's; `botName`, its username; `now` in milliseconds; `limits` are messages a second. */
export type Options = {
  token: string;
  botName?: string;
  now?: () => number;
  limits?: Partial<Limits>;
};

/** The running stand-in. */
export type Telegram = ReturnType<typeof startTelegram>;

/** The signal of a caller that does not hang up: the answer to a webhook. */
const NEVER = new AbortController().signal;

/**
 * Starts a Telegram of its own on a free port of 127.0.0.1. `url` is the apiRoot to give to a bot; nothing leaves the
 * machine but posts to the webhook that the bot sets. Stop it with `stop()`.
 */
export function startTelegram({
  token,
  botName = "loyalty_demo_bot",
  now = Date.now,
  limits: wanted,
}: Options) {
  const me: User = {
    id: Number.parseInt(token, 10) || 1,
    is_bot: true,
    first_name: botName,
    username: botName,
  };
  const calls: Call[] = [];
  const faults = new Faults();
  const settings: Settings = new Map();
  const limits: Limits = { perSecond: 30, perChatPerSecond: Number.POSITIVE_INFINITY, ...wanted };
  let active = 0;

  const chats = new Chats(me, now, async (update) => {
    if (deliveries.wants(update)) await deliveries.add(update);
  });
  const deliveries: Deliveries = new Deliveries(
    () => chats.seconds(),
    ({ method, ...payload }) => call(String(method), async () => fields(payload), true, NEVER),
  );
  const methods: Record<string, Method> = {
    ...webhookMethods(deliveries),
    ...settingMethods(settings),
    ...messageMethods(chats, new Meter(limits)),
    ...chatMethods(chats),
  };

  async function answer(method: string, payload: Payload, signal: AbortSignal): Promise<Response> {
    const fault = faults.take(method, payload.chat_id);
    if (fault?.delayMs) await Bun.sleep(fault.delayMs);
    await fault?.until;
    const error = fault?.status && fault.status >= 400 ? faultError(fault) : undefined;
    if (fault?.cut && !fault.afterSend) return cut();
    if (error && !fault?.afterSend) throw error;
    const run = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (!run) throw new ApiError(404, "Not Found: method not found");
    const result = await run(payload, signal);
    if (fault?.afterSend && (fault.cut || !error)) return cut();
    if (error) throw error;
    return Response.json({ ok: true, result });
  }

  async function call(method: string, read: () => Promise<Payload>, viaReply: boolean, signal: AbortSignal) {
    // A waiting getUpdates is a bot at rest, not work under way.
    const weight = method === "getUpdates" ? 0 : 1;
    active += weight;
    try {
      const payload = await read();
      calls.push({ at: now(), method, payload, viaReply });
      return await answer(method, payload, signal);
    } catch (error) {
      return failure(error);
    } finally {
      active -= weight;
    }
  }

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    // Long polls outlast Bun's ten idle seconds.
    idleTimeout: 0,
    fetch(request) {
      const [, given, method] = new URL(request.url).pathname.match(/^\/bot([^/]+)\/(\w+)$/) ?? [];
      if (given === undefined || method === undefined) return failure(new ApiError(404, "Not Found"));
      if (given !== token) return failure(new ApiError(401, "Unauthorized"));
      return call(method, () => readPayload(request), false, request.signal);
    },
  });

  return {
    /** The apiRoot, without a slash at the end. */
    url: `http://127.0.0.1:${server.port}`,
    me,
    calls,
    faults,
    limits,
    settings,
    /** The webhook the bot set, and how posts to it behave. */
    webhook: deliveries,

    /** The person with this id, made at the first call. Their private chat has the same id. */
    person(profile: Profile): Person {
      const { id, firstName, lastName, username } = profile;
      const names = {
        first_name: firstName,
        ...(lastName && { last_name: lastName }),
        ...(username && { username }),
      };
      const known = chats.people.get(id);
      const person = known ?? new Person(chats, profile, chats.open({ id, type: "private", ...names }));
      chats.people.set(id, person);
      return person;
    },
    /** A chat as it is now, if there is one. */
    chat: (id: number): Chat | undefined => chats.byId.get(id),
    /** The messages of a chat as a person sees them now, oldest first. */
    messages: (chatId: number): Shown[] => chats.byId.get(chatId)?.messages ?? [],
    /** Sends an update as it is, junk too, asked for or not; resolves when it has been delivered. */
    push: (update: unknown): Promise<void> => deliveries.add(update),
    /** Delivers an update once more, with the update_id it had. */
    redeliver: (update: Update): Promise<void> => deliveries.add(update),
    /** Numbers updates anew, from the number after this one, as Telegram does after a week without any. */
    renumber(last: number): void {
      chats.renumber(last);
      deliveries.renumbered(last);
    },
    /** Calls back after every change of a chat, with its id; returns what ends that. */
    onChange: (listener: (chatId: number) => void): (() => void) => chats.onChange(listener),
    /** Resolves when no update is pending or being delivered and no call is being answered: never, if nobody listens. */
    async idle(): Promise<void> {
      while (active > 0 || !deliveries.idle) await Bun.sleep(2);
    },
    /** Stops the server and lets go of everybody who waits for a delivery. */
    async stop(): Promise<void> {
      deliveries.stop();
      await server.stop(true);
    },
  };
}
