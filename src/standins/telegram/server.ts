// A stand-in for the Telegram Bot API over real HTTP: starts it, reads every call and hands it to its method.
import type { Update, User } from "grammy/types";
import { type ChatState, Chats, type Payload, type Profile, type Shown, type Upload } from "./chats.ts";
import { Deliveries } from "./deliveries.ts";
import { ApiError, bad, cut, faultError, type Limits, Meter, refusal, TelegramFaults } from "./faults.ts";
import {
  type BotSettings,
  chatMethods,
  commandsFor,
  type Method,
  messageMethods,
  profileMethods,
  settingMethods,
  webhookMethods,
} from "./methods.ts";
import { Person } from "./people.ts";

/** A call the bot made. `at` is in milliseconds of `now`. */
type Call = { at: number; method: string; payload: Payload };

/** `token`, the bot's; `botName`, its username; `now` in milliseconds; `limits` are messages a second. */
export type TelegramOptions = {
  token: string;
  botName?: string;
  now?: () => number;
  limits?: Partial<Limits>;
};

/** The running stand-in. */
export type Telegram = ReturnType<typeof startTelegram>;

/**
 * Starts a Telegram of its own on a free port of 127.0.0.1. `url` is the apiRoot to give to a bot; nothing leaves the
 * machine but posts to the webhook that the bot sets. Stop it with `stop()`.
 */
export function startTelegram({
  token,
  botName = "salon_bot",
  now = Date.now,
  limits: wanted,
}: TelegramOptions) {
  const me: User = {
    id: Number.parseInt(token, 10) || 1,
    is_bot: true,
    first_name: botName,
    username: botName,
  };
  const calls: Call[] = [];
  const faults = new TelegramFaults();
  const settings: BotSettings = new Map();
  const limits: Limits = { perSecond: 30, perChatPerSecond: Number.POSITIVE_INFINITY, ...wanted };
  const people = new Map<number, Person>();
  let active = 0;

  const chats = new Chats(me, now, async (update) => {
    if (deliveries.wants(update)) await deliveries.add(update);
  });
  const deliveries: Deliveries = new Deliveries(() => chats.seconds());
  const methods: Record<string, Method> = {
    ...webhookMethods(deliveries),
    ...settingMethods(settings),
    ...profileMethods(settings),
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

  async function call(method: string, request: Request) {
    // A waiting getUpdates is a bot at rest, not work under way.
    const weight = method === "getUpdates" ? 0 : 1;
    active += weight;
    try {
      const payload = await readPayload(request);
      calls.push({ at: now(), method, payload });
      return await answer(method, payload, request.signal);
    } catch (error) {
      return refusal(error);
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
      if (given === undefined || method === undefined) return refusal(new ApiError(404, "Not Found"));
      if (given !== token) return refusal(new ApiError(401, "Unauthorized"));
      return call(method, request);
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
      const known = people.get(id);
      const person = known ?? new Person(chats, profile, chats.open({ id, type: "private", ...names }));
      people.set(id, person);
      return person;
    },
    /** The menu of commands that a person sees in their chat with the bot. */
    commandsFor: (person: Person) => commandsFor(settings, person.user),
    /** A chat as it is now, if there is one. */
    chat: (id: number): ChatState | undefined => chats.byId.get(id),
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const JSON_FIELDS =
  /^(reply_markup|entities|caption_entities|allowed_updates|commands|scope|media|menu_button|reaction|\w+_(parameters|options))$/;
const NUMBERS = /^(chat_id|message_id|timeout|offset|limit|max_connections|user_id)$/;
const FLAGS = /^(drop_pending_updates|show_alert)$/;

/** A field as Telegram reads it: forms carry text only, and JSON bodies may carry text in place of the thing. */
function field(name: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (JSON_FIELDS.test(name)) return parsed(value) ?? value;
  if (NUMBERS.test(name) && /^-?\d+$/.test(value)) return Number(value);
  return FLAGS.test(name) ? /^true$|^1$/i.test(value) : value;
}

/** grammY packs what it sends by TLS. */
async function unpacked(request: Request, type: string): Promise<Response> {
  const bytes = Bun.gunzipSync(new Uint8Array(await request.arrayBuffer()));
  return new Response(bytes, { headers: { "content-type": type } });
}

/** What a call says, sent as JSON, urlencoded or multipart. */
async function readPayload(request: Request): Promise<Payload> {
  const payload: Payload = {};
  const type = request.headers.get("content-type") ?? "";
  const sent = request.headers.get("content-encoding") === "gzip" ? await unpacked(request, type) : request;
  for (const [name, value] of new URL(request.url).searchParams) payload[name] = field(name, value);
  if (/multipart|urlencoded/.test(type)) {
    for (const [name, value] of await sent.formData()) {
      payload[name] = typeof value === "string" ? field(name, value) : await upload(value);
    }
  } else {
    const body = await sent.text();
    const json = body.trim() ? parsed(body) : {};
    if (typeof json !== "object" || json === null) throw bad("can't parse JSON object");
    for (const [name, value] of Object.entries(json)) payload[name] = field(name, value);
  }
  return payload;
}

async function upload(file: File): Promise<Upload> {
  return { id: `f${crypto.randomUUID()}`, name: file.name, type: file.type, bytes: await file.bytes() };
}
