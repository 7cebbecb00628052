// What Telegram says of the bot, of its webhook, and of who can be written to: facts for `check` and `webhook info`.

import { Api, GrammyError } from "grammy";
import { Refused, trustRemedy, Unreachable } from "../../errors.ts";
import { clientOptions, faultText } from "./client.ts";

export interface WebhookFacts {
  /** Empty: none is set. Without the token, wherever it delivers. */
  url: string;
  pending: number;
  /** The last delivery that went wrong since the webhook was set. */
  lastError: { at: Date; says: string } | null;
  maxConnections: number | null;
  ip: string | null;
  /** Null: every kind but a few. */
  allowed: string[] | null;
}

/** `never`: the person has not pressed Start. */
type Reach = "reached" | "never" | "blocked";

export type TelegramFacts = ReturnType<typeof telegramFacts>;

/**
 * Asks Telegram. `Refused` with Telegram's code when it says no, `Unreachable` when it was not reached; no error holds the
 * token.
 */
export function telegramFacts({
  token,
  apiRoot,
  signal,
}: {
  token: string;
  apiRoot: string;
  signal?: AbortSignal | undefined;
}) {
  const options = clientOptions(token, apiRoot);
  // What follows the bot's id. Other programs, the earlier Python one too, have it in their webhook's path.
  const secret = token.replace(/^.*:/, "");
  const plain = options.fetch ?? fetch;
  let date: Date | null = null;
  const noting = async (input: Parameters<typeof fetch>[0], init: RequestInit = {}) => {
    const signals = [init.signal, signal].filter((one) => one !== undefined && one !== null);
    const answer = await plain(input, { ...init, signal: AbortSignal.any(signals) });
    const said = new Date(answer.headers.get("date") ?? "");
    date = Number.isNaN(said.getTime()) ? null : said;
    return answer;
  };
  const api = new Api(token, { ...options, fetch: Object.assign(noting, { preconnect: fetch.preconnect }) });
  const asked = <T>(answer: Promise<T>) =>
    answer.catch((error: unknown) => Promise.reject(classifyError(error, token)));

  return {
    /** The bot's public name, and Telegram's clock; null where it does not say. */
    async bot(): Promise<{ name: string; date: Date | null }> {
      const { username } = await asked(api.getMe());
      return { name: `@${username}`, date };
    },

    async webhook(): Promise<WebhookFacts> {
      const info = await asked(api.getWebhookInfo());
      const { last_error_date: at, last_error_message: says } = info;
      return {
        url: (info.url ?? "").replaceAll(secret, "<token>"),
        pending: info.pending_update_count,
        lastError: at === undefined ? null : { at: new Date(at * 1000), says: says ?? "not said" },
        maxConnections: info.max_connections ?? null,
        ip: info.ip_address ?? null,
        allowed: info.allowed_updates ?? null,
      };
    },

    /**
     * Whether a message would arrive. Asked by the "typing" state: it leaves nothing in the chat and rings nowhere, and
     * unlike getChat it also says that the bot is blocked.
     */
    async reach(id: number): Promise<Reach> {
      try {
        await api.sendChatAction(id, "typing");
        return "reached";
      } catch (error) {
        if (error instanceof GrammyError && error.error_code === 403) return "blocked";
        if (error instanceof GrammyError && error.error_code === 400) return "never";
        throw classifyError(error, token);
      }
    },
  };
}

function classifyError(error: unknown, token: string): Error {
  // A proxy, or another program, may answer something else in its place.
  if (error instanceof GrammyError && error.error_code === undefined)
    return new Unreachable("Telegram", "what answers there is no Bot API");
  if (error instanceof GrammyError) return new Refused("Telegram", error.error_code, error.description);
  const beneath = Object(error).error;
  // An answer that is no JSON has no code, and is somebody else's.
  const code = typeof beneath?.code === "string" ? beneath.code : undefined;
  const name = beneath?.name === "TimeoutError" ? "TimeoutError" : code;
  return new Unreachable("Telegram", faultText(beneath ?? error, token), trustRemedy(beneath), name);
}
