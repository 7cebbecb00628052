// The routes of the API of MAX that the program calls.
import { readMaxBody } from "./bodies.ts";
import type { MaxDeliveries } from "./deliveries.ts";
import type { MaxDialog, MaxDialogs } from "./dialogs.ts";
import { type CallMeter, type MaxLimits, MaxRefusal, unfit } from "./faults.ts";
import type { MaxUploads } from "./files.ts";
import { type MaxLink, type MaxShown, pictures } from "./messages.ts";
import { typeOf, type UpdateQueue } from "./queue.ts";
import type { MaxReading } from "./readings.ts";

/** A call as it was made: `route` names it ("POST /messages"), `chatId` stands in the path of some. */
export type MaxCall = {
  route: string;
  query: URLSearchParams;
  body: unknown;
  chatId?: number | undefined;
  signal: AbortSignal;
};
export type MaxCommand = { name: string; description?: string };
/** What the routes work on. */
export type MaxParts = {
  dialogs: MaxDialogs;
  webhook: MaxDeliveries;
  queue: UpdateQueue;
  files: MaxUploads;
  readings: MaxReading;
  limits: MaxLimits;
  meter: CallMeter;
  /** The menu, the same for everybody. */
  commands: MaxCommand[];
};
type Route = (call: MaxCall, parts: MaxParts) => unknown;

const DONE = { success: true };
const undone = (message: string) => ({ success: false, message });

/** The user id of whom a call is about, as far as it says so. */
export function personOf(call: MaxCall, { dialogs }: MaxParts): number | undefined {
  const { query } = call;
  const tap = dialogs.tapOf(query.get("callback_id"));
  const dialog =
    tap?.dialog ??
    dialogs.find(query.get("message_id"))?.dialog ??
    dialogs.byChat(Number(call.chatId ?? query.get("chat_id")));
  return dialog?.person.user_id ?? (query.has("user_id") ? Number(query.get("user_id")) : undefined);
}

/** Counts an operation in a dialog; which share a bucket, the reading says. */
function count({ readings, limits, meter }: MaxParts, { chatId }: MaxDialog, kind: string): void {
  meter.count(`${chatId}${readings.bucket === "shared" ? "" : ` ${kind}`}`, limits.perChatPerSecond);
}

/** The dialog of a query: by user_id or by chat_id, and never by both. */
function addressee({ query }: MaxCall, { dialogs }: MaxParts): MaxDialog | undefined {
  const [user, chat] = [query.get("user_id"), query.get("chat_id")];
  const id = user ?? chat;
  if (id === null || (user !== null && chat !== null) || !/^-?\d+$/.test(id))
    throw unfit("Unknown recipient");
  return user !== null ? dialogs.of(Number(id)) : dialogs.byChat(Number(id));
}

function flag(query: URLSearchParams, name: string): void {
  if (!["true", "false", null].includes(query.get(name))) throw unfit(`${name}: true or false is expected`);
}

const send: Route = (call, parts) => {
  const { dialogs, files, readings } = parts;
  flag(call.query, "disable_link_preview");
  const { files: uploads = [], link, ...said } = readMaxBody(call.body, files, readings);
  if (!said.text?.trim() && uploads.length === 0) throw unfit("text: nothing visible");
  const to = addressee(call, parts);
  const dialog = dialogs.reach(to);
  count(parts, dialog, "messages");
  files.ready(uploads);
  const about = link && linkTo(dialog, link);
  const shown = dialogs.add(dialog, "bot", {
    ...{ ...said, ...pictures(uploads), author: dialogs.bot, ...(about && { link: about }) },
  });
  return { message: dialogs.view(dialog, shown) };
};

function linkTo({ messages }: MaxDialog, { type, mid }: { type: string; mid: string }): MaxLink {
  const about = messages.find((one) => one.mid === mid);
  if (!about) throw unfit("link.mid: no such message");
  return { type, mid, text: about.text, ...(about.author && { author: about.author }) };
}

/** Changes a message, by PUT or by the answer to a tap. What cannot be done is said with 200. */
function change(
  { body, kind, stick }: { body: unknown; kind: string; stick: boolean },
  found: { dialog: MaxDialog; shown: MaxShown } | undefined,
  parts: MaxParts,
): object {
  const { dialogs, files, readings } = parts;
  const content = readMaxBody(body, files, readings);
  const bare = (content.files ?? (found && [...found.shown.photos, found.shown.document]))?.filter(Boolean);
  if (content.text !== undefined && !content.text.trim() && !bare?.length)
    throw unfit("text: nothing visible");
  if (!found) return undone("errors.edit.message.not.found");
  const dialog = dialogs.reach(found.dialog);
  count(parts, dialog, kind);
  files.ready((content.files ?? []).filter(({ id }) => !found.shown.photos.some((one) => one.id === id)));
  const why = dialogs.edit(dialog, found.shown, content, stick ? readings.keys : "follow");
  return why === undefined ? DONE : undone(why);
}

const edit: Route = ({ query, body }, parts) => {
  const mid = query.get("message_id");
  if (!mid) throw unfit("message_id is required");
  return change({ body, kind: "edits", stick: true }, parts.dialogs.find(mid), parts);
};

const remove: Route = ({ query }, parts) => {
  const { dialogs } = parts;
  const found = dialogs.find(query.get("message_id"));
  if (found?.shown.from !== "bot") return undone("errors.delete.message.not.found");
  count(parts, dialogs.reach(found.dialog), "edits");
  found.dialog.messages.splice(found.dialog.messages.indexOf(found.shown), 1);
  dialogs.changed(found.dialog);
  return DONE;
};

/** How late a tap may be answered, where it may not be at any time. */
const ANSWERED_WITHIN_MS = 60_000;

const answer: Route = ({ query, body }, parts) => {
  const { dialogs, readings } = parts;
  const { message, notification } = Object(body) as Record<string, unknown>;
  if (notification != null && typeof notification !== "string")
    throw unfit("notification: a string is expected");
  if (String(notification ?? "").length > 200) throw unfit("notification: at most 200 characters");
  if (message == null && notification == null && readings.emptyAnswer === "refused")
    throw unfit("`message` or `notification` required");
  const tap = dialogs.tapOf(query.get("callback_id"));
  if (tap && readings.lateAnswer === "refused" && dialogs.now() - tap.at > ANSWERED_WITHIN_MS)
    throw unfit("callback_id has expired");
  if (message != null) {
    const changed = { body: message, kind: "answers", stick: false };
    const done = change(changed, tap && dialogs.find(tap.mid), parts);
    if (done !== DONE) return done;
  }
  if (!tap) throw unfit("callback_id is not known");
  const dialog = dialogs.reach(tap.dialog);
  if (message == null) count(parts, dialog, "answers");
  const words = typeof notification === "string" && { text: notification };
  tap.answers.push({ id: tap.id, edited: message != null, ...words });
  dialogs.changed(dialog);
  return DONE;
};

const ACTIONS = /^(typing_on|sending_photo|sending_video|sending_audio|sending_file|mark_seen)$/;

const act: Route = ({ body, chatId }, { dialogs, readings }) => {
  const { action } = Object(body) as Record<string, unknown>;
  if (!ACTIONS.test(String(action))) throw unfit(`action: unknown ${JSON.stringify(action)}`);
  const dialog = dialogs.byChat(Number(chatId));
  if (readings.actions === "refused") throw new MaxRefusal(403, "chat.denied", "Key: error.chat.not.group");
  if (!dialog?.blocked || readings.actionWhenStopped === "refused") dialogs.reach(dialog);
  return DONE;
};

const setCommands: Route = ({ body }, parts) => {
  const { commands } = Object(body) as { commands?: MaxCommand[] };
  if (!Array.isArray(commands)) throw unfit("commands: a list is expected");
  if (commands.length > 32) throw unfit(`commands: ${commands.length}, at most 32`);
  for (const { name, description } of commands) {
    if (typeof name !== "string" || name.length < 1 || name.length > 64)
      throw unfit("commands: a name of 1 to 64 characters is expected");
    if (description != null && (description.length < 1 || description.length > 128))
      throw unfit("commands: a description of 1 to 128 characters is expected");
  }
  parts.commands = commands;
  return { ...parts.dialogs.bot, commands };
};

/** Every route there is, by method and path. */
export const maxRoutes: Record<string, Route> = {
  "GET /me": (_, { dialogs, commands }) => ({ ...dialogs.bot, ...(commands.length > 0 && { commands }) }),
  "PATCH /me/commands": setCommands,
  "GET /subscriptions": (_, { webhook }) => ({
    subscriptions: webhook.subscriptions.map(({ url, time, update_types }) => ({
      ...{ url, time },
      ...(update_types.length > 0 && { update_types }),
    })),
  }),
  "POST /subscriptions": ({ body }, { webhook }) => webhook.subscribe(body) ?? DONE,
  "DELETE /subscriptions": ({ query }, { webhook }) => {
    const url = query.get("url");
    if (!url) throw unfit("url is required");
    return webhook.unsubscribe(url) ?? DONE;
  },
  "GET /updates": ({ query, signal }, parts) => pollUpdates(parts, query, signal),
  "POST /messages": send,
  "PUT /messages": edit,
  "DELETE /messages": remove,
  "POST /answers": answer,
  "POST /uploads": ({ query }, { files }) => files.slot(query.get("type")),
  "POST /chats/{chat_id}/actions": act,
};

/**
 * Gives what came after `marker`, waiting up to `timeout` seconds for something; the marker confirms all up to it. Without
 * one, only the latest update is given, and the others stay until a marker confirms them.
 */
async function pollUpdates(
  { queue, webhook, readings }: MaxParts,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<{ updates: unknown[]; marker: number | null }> {
  const limit = numberIn(query, "limit", { most: 1000, otherwise: 100 });
  const timeout = numberIn(query, "timeout", { most: 90, otherwise: 30 });
  const given = query.get("marker");
  if (given !== null && !/^-?\d+$/.test(given)) throw unfit("marker: a number is expected");
  const marker = given === null ? null : Number(given);
  const types = query.get("types")?.split(",") ?? [];
  if (webhook.url && readings.pollSubscribed === "refused")
    throw new MaxRefusal(409, "subscription.active", "Updates go to the subscription");
  if (marker !== null) queue.drop(queue.all.filter((one) => one.marker <= marker));
  const fresh = () => {
    if (webhook.url) return [];
    const wanted = queue.all.filter(
      ({ update, forced }) => forced || types.length === 0 || types.includes(typeOf(update)),
    );
    return marker === null ? wanted.slice(-1) : wanted.slice(0, limit);
  };
  const wake = () => queue.changed.ring();
  signal.addEventListener("abort", wake);
  const until = performance.now() + timeout * 1000;
  try {
    while (fresh().length === 0 && performance.now() < until && !signal.aborted && webhook.mayPoll)
      await queue.changed.wait(until - performance.now());
  } finally {
    signal.removeEventListener("abort", wake);
  }
  const batch = signal.aborted ? [] : fresh();
  for (const one of batch) one.delivered();
  return { updates: batch.map(({ update }) => update), marker: batch.at(-1)?.marker ?? marker };
}

function numberIn(
  query: URLSearchParams,
  name: string,
  { most, otherwise }: { most: number; otherwise: number },
): number {
  const value = Number(query.get(name) ?? otherwise);
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw unfit(`${name}: a number up to ${most} is expected`);
  return value;
}
