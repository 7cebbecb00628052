/** A bot of MAX on a database of its own, before the stand-in, for tests of the adapter. */
import { pino } from "pino";
import type { Incoming } from "../../../src/channels/channel.ts";
import { maxMessenger } from "../../../src/channels/max/messenger.ts";
import { connect } from "../../../src/db/connect.ts";
import { type MaxOptions, startMax } from "../../../src/standins/max/server.ts";
import { freshDatabase } from "../../helpers/db.ts";

export const TOKEN = "f9LHodD0cOKsecretwords0123456789";
export const SECRET = "max-hook-words";
export const PUBLIC = "https://bot.example.ru";

export type Bot = Awaited<ReturnType<typeof maxBot>>;

/** `lines` is what was logged; `heard` what came in, oldest first. `await using` ends it. */
export async function maxBot(options: Partial<MaxOptions> = {}) {
  const max = startMax({ token: TOKEN, ...options });
  const database = await freshDatabase();
  const db = connect(database.url, { max: 4 });
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const statuses: (number | null)[] = [];
  const settings = { token: TOKEN, apiRoot: max.url, webhookSecret: SECRET, ca: null, tellsUnasked: false };
  const made = () =>
    maxMessenger(settings, { db, now: () => new Date(), answered: (status) => void statuses.push(status) });
  const messenger = made();
  const heard: Incoming[] = [];
  /** Reads an update as the program does, and keeps that it was dealt with. */
  const handle = async (raw: object): Promise<void> => {
    const read = await messenger.read(raw);
    if ("wrong" in read) throw new Error(read.wrong);
    if (read.incoming === null) return;
    heard.push(read.incoming);
    await read.handled?.();
  };
  return {
    ...{ max, sql: database.sql, db, log, lines, statuses, messenger, heard, handle, made },
    channel: messenger.channel,
    /** Anna, who has pressed Start. */
    anna() {
      const anna = max.person({ id: 501, firstName: "Анна", phone: "+79001234567" });
      anna.chat.started = true;
      return anna;
    },
    /** Listens until the end, by the webhook where it is told so; posts go to `handle`. */
    listen(signal: AbortSignal, publicUrl: string | null = null, to = handle) {
      const began = Promise.withResolvers<void>();
      const over = messenger.listen({ db, log, publicUrl, handle: to, begun: began.resolve, signal });
      return { begun: began.promise, over };
    },
    async [Symbol.asyncDispose]() {
      await max.stop();
      await db.end({ timeout: 1 });
      await database.drop();
    },
  };
}
