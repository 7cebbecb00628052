// MAX as the program runs it: its pace, how its updates are read, and both ways in which they come.

import { wait } from "../../clock.ts";
import type { Db } from "../../db/connect.ts";
import { messageOf, OperatorError, trustRemedy } from "../../errors.ts";
import { inOrderOfArrival } from "../batches.ts";
import type { Incoming, MessageId } from "../channel.ts";
import { takeUpdates, type Ways } from "../listening.ts";
import type { Listening, Messenger } from "../messenger.ts";
import { MaxBot } from "./bot.ts";
import { MaxClient, MaxFault } from "./client.ts";
import { MaxChannel } from "./max.ts";
import { dropOldNames, keepHandled, numberOf, wasHandled } from "./numbers.store.ts";
import { MaxPace } from "./pace.ts";
import { pollMax, takeWaiting } from "./polling.ts";
import { dropSubscriptions, keepSubscribed } from "./subscription.ts";
import { readTrust } from "./trust.ts";
import { type Heard, isMaxUpdate, readMaxUpdate, whoseUpdate } from "./update.ts";

const path = "/max/webhook";
/** How often it is asked whether it still delivers here. */
const lookAgainMs = 180_000;
const tidyMs = 6 * 3_600_000;

/** Where MAX delivers. */
export function maxWebhookAddress(publicUrl: string): string {
  return `${publicUrl}${path}`;
}

/** What MAX's 401 means. */
export const refusedMaxToken = {
  says: "MAX refuses MAX_BOT_TOKEN",
  remedy:
    "copy the token again from the bot's page on business.max.ru; a new bot is moderated first, for up to 48 hours (docs/max.md)",
};

/** What of the settings the messenger is made by. */
export interface MaxSettings {
  token: string;
  /** Without a slash at its end. */
  apiRoot: string;
  webhookSecret: string;
  /** The file of the root that MAX's hosts hang on; null: none but the usual ones are believed. */
  ca: string | null;
  /** Whether clients may be told what they have not asked for. */
  tellsUnasked: boolean;
}

/** `answered` is told of each answer's HTTP status, or null where there was none. */
interface MaxDeps {
  db: Db;
  now: () => Date;
  answered?: (status: number | null) => void;
  /** Another pace than MAX asks for: for simulated worlds, whose seconds are short. */
  pace?: MaxPace | undefined;
}

/** The bot of a token. An `OperatorError` where the file of the root is not the root's. */
export function maxMessenger(
  settings: MaxSettings,
  { db, now, answered, pace = new MaxPace() }: MaxDeps,
): Messenger {
  const { token, apiRoot, webhookSecret, ca, tellsUnasked } = settings;
  const trust = ca === null ? null : readTrust(ca);
  const bot = new MaxBot(new MaxClient({ token, apiRoot, trust, answered }), pace, db);
  return {
    title: "MAX",
    channel: new MaxChannel(bot, true),
    unaskedChannel: new MaxChannel(bot, false),
    tellsUnasked,
    turn: (signal) => pace.turn(signal),
    learnName: (signal) => bot.learnName(signal).catch(inWords),
    async read(raw) {
      const read = readMaxUpdate(raw, { token, nick: bot.nick, now: now() });
      if ("wrong" in read) return read;
      const { heard } = read;
      // It comes once more when the answer was lost, and when the way in which updates come has changed.
      if (heard === null || (await wasHandled(db, heard.id))) return { incoming: null };
      const { id } = heard;
      return { incoming: await incomingOf(bot, heard), handled: () => keepHandled(db, id) };
    },
    webhook: {
      ...{ path, header: "x-max-bot-api-secret", secret: webhookSecret },
      isUpdate: isMaxUpdate,
      handed: (handle) => inOrderOfArrival(handle, whoseUpdate),
    },
    async listen(listening) {
      void tidyUp(listening);
      await takeUpdates(waysOf(bot, webhookSecret, listening), listening);
    },
  };
}

/** A call of MAX's that will not do better by waiting, in a sentence. */
function inWords(error: unknown): never {
  if (!(error instanceof MaxFault)) throw error;
  if (error.status === 401) throw new OperatorError(`${refusedMaxToken.says}: ${refusedMaxToken.remedy}.`);
  if (trustRemedy({ code: error.fault }) === undefined) throw error;
  throw new OperatorError(
    "MAX is not believed: its certificate hangs on the Russian Trusted Root CA. Download it from gosuslugi.ru/tls, and name the file in MAX_CA.",
  );
}

/** The same with our numbers, and what is needed to answer it kept. */
async function incomingOf(bot: MaxBot, heard: Heard): Promise<Incoming> {
  const { chat, ...rest } = heard;
  const numbered = (name: string): Promise<MessageId> =>
    numberOf(bot.db, { bot: bot.id, account: heard.account, name, chat });
  if (rest.kind === "left" || rest.kind === "returned") return rest;
  const message = rest.message === null ? null : await numbered(rest.message);
  if (rest.kind === "tap") {
    const { account, message: under, language } = rest;
    bot.tapped(rest.tap, { account, under, number: message, language });
  }
  const repliesTo = rest.kind === "text" && rest.repliesTo !== null ? await numbered(rest.repliesTo) : null;
  return { ...rest, message, ...(rest.kind === "text" && { repliesTo }) } as Incoming;
}

function waysOf(bot: MaxBot, secret: string, { db, handle, log, signal }: Listening): Ways {
  const polling = { bot, db, handle, log, signal };
  return {
    ...{ channel: "max", title: "MAX", path, lookAgainMs },
    keepWebhookSet: (address, told) =>
      keepSubscribed(bot, { address, secret, told, log, signal }, () => takeWaiting(polling)),
    letWebhookGo: () => dropSubscriptions(bot, signal),
    poll: (until) => pollMax({ ...polling, signal: until }),
  };
}

async function tidyUp({ db, log, signal }: Listening): Promise<void> {
  while (!signal.aborted) {
    await dropOldNames(db).catch((error: unknown) => {
      if (!signal.aborted)
        log.warn({ error: messageOf(error) }, "old names of messages could not be dropped");
    });
    await wait(tidyMs, signal);
  }
}
