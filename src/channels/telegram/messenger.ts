// Telegram as the program runs it: its pace, how its updates are read, and both ways in which they come.

import type { Api } from "grammy";
import { wait } from "../../clock.ts";
import { OperatorError } from "../../errors.ts";
import { type LastTold, takeUpdates, type Ways } from "../listening.ts";
import type { Listening, Messenger } from "../messenger.ts";
import { type Answered, botIdOf, refusedToken, telegramApi } from "./client.ts";
import { Pace } from "./pace.ts";
import { poll } from "./polling.ts";
import { TelegramChannel } from "./telegram.ts";
import { allowedUpdates, incomingOf, readUpdate } from "./update.ts";

/** How long an update that the webhook was just given may take until Telegram has the answer. */
const lastPostMs = 1_000;
const connections = 40;
const path = "/telegram/webhook";

/** Where Telegram delivers. */
export function webhookAddress(publicUrl: string): string {
  return `${publicUrl}${path}`;
}

/** The bot of a token. `apiRoot` has no slash at its end; `answered` is told of each answer of Telegram's. */
export function telegramMessenger({
  webhookSecret,
  ...client
}: {
  token: string;
  apiRoot: string;
  webhookSecret: string;
  answered?: Answered;
}): Messenger {
  const pace = new Pace();
  const channel = new TelegramChannel(telegramApi(client), pace);
  const unaskedChannel = new TelegramChannel(telegramApi(client));
  return {
    title: "Telegram",
    channel,
    unaskedChannel,
    tellsUnasked: true,
    turn: (signal) => pace.turn(signal),
    async learnName(signal) {
      try {
        await channel.learnName(signal);
      } catch (error) {
        if (![401, 404].includes(Object(error).error_code)) throw error;
        throw new OperatorError(`${refusedToken.says}: ${refusedToken.remedy}.`);
      }
      unaskedChannel.me = channel.me;
    },
    async read(raw) {
      const read = readUpdate(raw);
      if ("wrong" in read) return { ...read, update: Object(raw).update_id };
      return { incoming: incomingOf(read.update, channel.me?.username ?? "") };
    },
    webhook: {
      ...{ path, header: "x-telegram-bot-api-secret-token", secret: webhookSecret },
      isUpdate: (body) => Number.isSafeInteger(Object(body).update_id),
    },
    listen: (listening) => {
      const patient = telegramApi({ ...client, seconds: 40 });
      return takeUpdates(waysOf(channel.api, patient, webhookSecret, listening), listening);
    },
  };
}

/** `patient` is for polling: its calls may wait at Telegram's. */
function waysOf(api: Api, patient: Api, secret: string, { handle, log }: Listening): Ways {
  return {
    ...{ channel: "telegram", title: "Telegram", path, lookAgainMs: null },
    async keepWebhookSet(address, told) {
      if (await isSet(api, address, secret, told)) return;
      await setWebhook(api, address, secret);
      await told.keep(whatIsTold(api, address, secret));
      log.info({ address }, "the webhook is set");
    },
    letWebhookGo: () => letWebhookGo(api),
    poll: (signal) => poll({ api: patient, handle, log, signal, allowedUpdates }),
  };
}

/** No webhook any more; what waits is kept, and what it was just given is answered first: it would come twice. */
async function letWebhookGo(api: Api): Promise<void> {
  const { url } = await api.getWebhookInfo();
  if (!url) return;
  await api.deleteWebhook({ drop_pending_updates: false });
  await wait(lastPostMs);
}

const whatIsTold = (api: Api, address: string, secret: string) =>
  `${address} ${secret} ${botIdOf(api.token)}`;

/** Telegram does not say which secret it has: what it was last told is kept, and an answer of 401 proves another one. */
async function isSet(api: Api, address: string, secret: string, told: LastTold): Promise<boolean> {
  const info = await api.getWebhookInfo();
  return (
    info.url === address &&
    info.max_connections === connections &&
    [...(info.allowed_updates ?? [])].sort().join() === [...allowedUpdates].sort().join() &&
    !/\b401\b/.test(info.last_error_message ?? "") &&
    told.isSame(whatIsTold(api, address, secret))
  );
}

/** Tells Telegram where updates go. What waits there is kept. */
export async function setWebhook(api: Api, address: string, secret: string): Promise<void> {
  await api.setWebhook(address, {
    secret_token: secret,
    allowed_updates: [...allowedUpdates],
    max_connections: connections,
  });
}
