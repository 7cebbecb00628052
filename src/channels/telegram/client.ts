// The client of Telegram's Bot API, with limits, whose errors hold no token and repeat nobody's words.

import { Api, type ApiClientOptions } from "grammy";
import { messageOf } from "../../errors.ts";
import { clean } from "../../log.ts";
import type { BotId } from "../../rules/ids.ts";

/**
 * A grammY Api whose calls end within `seconds` (20), of which a getUpdates waits 25 at Telegram's, and whose errors hold neither
 * the token nor an address with it. `apiRoot` has no slash at its end; without it Telegram's own.
 */
export function telegramApi({
  token,
  apiRoot,
  answered,
  seconds,
}: {
  token: string;
  apiRoot?: string | undefined;
  answered?: Answered;
  seconds?: number;
}): Api {
  return new Api(token, clientOptions(token, apiRoot, answered, seconds));
}

/** The id of a token's bot, which Telegram puts before the colon; 0 for what is no token. */
export function botIdOf(token: string): BotId {
  return Number(/^\d+/.exec(token)?.[0] ?? 0);
}

/** What Telegram's 401 means. */
export const refusedToken = {
  says: "Telegram refuses FATHERBOT_TOKEN",
  remedy: "copy the token again from BotFather (/mybots, API Token)",
};

/** Told of each answer's HTTP status, or null where there was none. */
export type Answered = (status: number | null) => void;

/** The same as options, for who adds to them. */
export function clientOptions(
  token: string,
  apiRoot?: string,
  answered?: Answered,
  seconds = 20,
): ApiClientOptions {
  return {
    ...(apiRoot !== undefined && { apiRoot }),
    // grammY ends its timer with the call. A signal of `AbortSignal.timeout` stays for all of its time: thousands at once.
    timeoutSeconds: seconds,
    fetch: discreetFetch(token, answered),
  };
}

/**
 * Bun hangs the address, and so the token, on the errors of fetch: they are made anew with the words alone. Of what Telegram
 * says of a refusal its own words stay, for it repeats what it was sent.
 */
function discreetFetch(token: string, answered: Answered = () => {}): typeof fetch {
  const discreet = async (input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> => {
    try {
      // The token stands in the address, and follows nobody.
      const response = await fetch(input, { ...init, redirect: "error" });
      answered(response.status);
      return response.ok ? response : await refusal(response);
    } catch (error) {
      answered(null);
      const clean = new Error(messageOf(error).replaceAll(token, "<token>"));
      if (error instanceof Error) clean.name = error.name;
      throw Object.assign(clean, { code: Object(error).code });
    }
  };
  return Object.assign(discreet, { preconnect: fetch.preconnect });
}

/** The same refusal in Telegram's own words; what is no JSON is no Bot API's, and stays. */
async function refusal(response: Response): Promise<Response> {
  const { status } = response;
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { description?: unknown };
    if (typeof body.description === "string")
      return Response.json({ ...body, description: ownWords(body.description) }, { status });
  } catch {
    // not JSON
  }
  return new Response(text, { status });
}

/** The words of a failed call, with what lay beneath it, and without the token and anybody's number. */
export function faultText(error: unknown, token: string): string {
  const beneath = error instanceof Error && "error" in error ? ` (${messageOf(error.error)})` : "";
  return clean(`${messageOf(error)}${beneath}`.replaceAll(token, "<token>"));
}

/** The words of the Bot API's own explanations (telegram-bot-api, Client.cpp; tdlib's errors). */
const own = new Set(
  `a about access active address administrator after again allowed an and another any are as at author bad be because been
  before big blocked boost bot bots business but button bytes byte by can can't cannot caption certificate channel channels
  character characters chat chats closed code command commands comment conflict connection contact contacts contain contains
  content control conversation corresponding could couldn't current data date day deactivated delete deleted description
  deserve detect different dimensions direct disabled document does doesn't download edit edited empty enabled end enough
  entities entity error exactly exceeded expected expired failed few field file files find first flood for forbidden format forum
  found from gateway get getupdates gone group groups guess hasn't has have host hours http https id identifier ids image in
  initiate inline instance internal invalid is it its join json key keyboard kicked language large left length limit link
  logged long made make many markup max maximum media member members message messages method migrated minutes missing mode
  modified more most must name need needs new no non not nothing object of off offset old on one only open or other out
  owner page parameter parse part participant peer permission permissions phone photo pinned platform port preceding
  preview private protected query quote reaction read refused replied reply request requests required reserved reset
  resolve response restarting retry right rights running same scope secret seconds send sender sent server service session
  set setwebhook deletewebhook short size slow small specified ssl start started status sticker supergroup supported sure
  tag take terminated text that the there this thread time timeout to token too topic try type unallowed unauthorized
  unavailable unclosed unexpected unknown unsupported until unwrapped up update updates upgraded upload url use used user
  username users value via video voice was webhook weight were when while who with without write wrong you your
  escaped`.split(/\s+/),
);

/** The words and codes (`PEER_ID_INVALID`) that are Telegram's own, and short numbers; of anything else a mark stays. */
export function ownWords(description: string): string {
  const kept = description.slice(0, 500).replace(/[\p{L}\p{M}\p{N}_'’]+/gu, (word) => {
    if (/^\d{1,6}$/.test(word) || /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(word)) return word;
    return own.has(word.toLowerCase()) ? word : "…";
  });
  return kept.replace(/…(?:[^\p{L}\p{N}]*…)+/gu, "…");
}
