// The way to Telegram and the way back: how long each takes, which of the two is broken, and what mends it.

import type { TelegramFacts } from "../channels/telegram/facts.ts";
import { messageOf, Refused, Unreachable } from "../errors.ts";
import type { Check, CheckLine } from "./check.ts";
import { lastErrorLine, telegramRoot } from "./telegram.ts";

/** Each way is gone so many times; the time in the middle is told. */
const times = 3;
/** Milliseconds: what is slower is felt by whoever waits for an answer in the chat. */
const slow = 2_000;
/** Milliseconds that all of these calls have together. */
const limitMs = 8_000;

interface WayThere {
  facts: (signal: AbortSignal) => Pick<TelegramFacts, "bot">;
  /** `TELEGRAM_API_ROOT`, and the name of the variable with the proxy that is asked on the way, if there is one. */
  apiRoot: string;
  proxy: string | null;
}

const relay = "docs/operate.md, Telegram out of reach";

/** From here to the Bot API, by whatever stands in between. */
export function checkWayThere({ facts, apiRoot, proxy }: WayThere): Check {
  const about = "way to Telegram";
  const through = [
    apiRoot !== telegramRoot && new URL(apiRoot).host,
    proxy && `the proxy of ${proxy}`,
  ].filter(Boolean);
  const by = through.length > 0 ? `through ${through.join(" and ")}` : "directly";
  return {
    about,
    ask: async (signal) => {
      const { bot } = facts(AbortSignal.any([signal, AbortSignal.timeout(limitMs)]));
      try {
        const ms = await median(() => bot().catch(unlessAnswered));
        const says = `answers in ${ms} ms, ${by}`;
        if (ms < slow) return [{ state: "ok", about, says }];
        const remedy = `see what slows it; where Telegram is throttled, a relay abroad is quicker (${relay})`;
        return [{ state: "warn", about, says, remedy }];
      } catch (error) {
        if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
        return [{ state: "FAIL", about, ...brokenThere(error, apiRoot !== telegramRoot, proxy, by) }];
      }
    },
  };
}

/** The Bot API's own no has come the whole way; a gateway's has not. */
function unlessAnswered(error: unknown): void {
  if (!(error instanceof Refused) || [403, 502, 503, 504].includes(error.code)) throw error;
}

/**
 * The name of the variable with the proxy through which `url` is asked; null where it is asked directly. As Bun's fetch reads
 * the environment.
 */
export function proxyOn(url: string, env: Record<string, string | undefined>): string | null {
  const { protocol, hostname } = new URL(url);
  const names = [`${protocol.slice(0, -1)}_proxy`, "all_proxy"].flatMap((name) => [name, name.toUpperCase()]);
  const spared = (env.no_proxy || env.NO_PROXY || "")
    .split(",")
    .map((one) => one.trim().replace(/^\*?\./, ""));
  const isSpared = spared.some(
    (one) => one === "*" || hostname === one || (one !== "" && hostname.endsWith(`.${one}`)),
  );
  const isHere = /^(localhost|127\..*|\[::1\])$/.test(hostname);
  return (!isHere && !isSpared && names.find((name) => env[name]?.trim())) || null;
}

function brokenThere(error: Unreachable | Refused, relayed: boolean, proxy: string | null, by: string) {
  const { what, mend } = faultOf(error);
  const says = `broken, ${by}: ${what}`;
  const trust = error instanceof Unreachable ? error.remedy?.advice : undefined;
  if (relayed) return { says, remedy: `${trust ?? mend}; it is what TELEGRAM_API_ROOT names (${relay})` };
  if (trust) return { says, remedy: trust };
  if (error instanceof Refused)
    return { says: `Telegram answers ${error.code}, ${by}`, remedy: "wait a minute and run check again" };
  if (proxy) return { says, remedy: `see that the proxy in ${proxy} runs and lets api.telegram.org through` };
  return {
    says,
    remedy: `see that this machine is on the network; where Telegram is closed to it, put a relay abroad into TELEGRAM_API_ROOT (${relay}), or a proxy into HTTPS_PROXY`,
  };
}

/** What went wrong by the platform's code, and what mends it at a relay. */
function faultOf(error: Unreachable | Refused): { what: string; mend: string } {
  const code = error instanceof Refused ? String(error.code) : (error.code ?? "");
  const [, what, mend] = faults.find(([shape]) => shape.test(code)) ?? other;
  return { what: code === "" ? what : `${what} (${code})`, mend };
}

const faults: [code: RegExp, what: string, mend: string][] = [
  [/^403$/, "it does not let this machine in", "allow this machine's address there"],
  [
    /^50\d$/,
    "it answers and does not reach Telegram itself",
    "see its own network, DNS and root certificates",
  ],
  [/ENOTFOUND|EAI_/, "its name is not known here", "correct the name, or its DNS record"],
  [
    /CERT|SSL|TLS|SELF_SIGNED|VERIFY/,
    "its certificate is refused",
    "renew it, for this name and with the full chain",
  ],
  [/Timeout|ETIMEDOUT/, "no answer in time", "see that it runs and that its firewall lets this machine in"],
  [
    /REFUSED|UNREACH|OpenSocket/,
    "nothing takes the connection there",
    "see that its nginx runs, and on which port",
  ],
  [
    /RESET|Closed|EPIPE|ABORTED/,
    "the connection is cut off",
    "see that it speaks https there, and what stands in between",
  ],
];
const other = [
  /./,
  "what answers there is no Bot API",
  "see that it forwards to api.telegram.org, and write no path",
] as const;

interface WayBack {
  /** What Telegram says of its deliveries. */
  webhook: Check;
  publicUrl: string | null;
}

/** From Telegram to `PUBLIC_URL`: how its last delivery ended, beside our own call by the same address. */
export function checkWayBack({ webhook, publicUrl }: WayBack): Check {
  const about = "way back";
  return {
    about: webhook.about,
    ask: async (signal) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
      const [lines, here] = await Promise.all([webhook.ask(signal), publicUrl && called(publicUrl, limit)]);
      if (lines.length === 0) return []; // the token is refused, which its own line says
      if (!here) return [...lines, { state: "ok", about, says: "none is needed: updates are fetched" }];
      const failed = lines.find((line) => line.about === lastErrorLine && line.state === "FAIL");
      return [...lines.filter((line) => line !== failed), backLine(about, here, failed)];
    },
  };
}

type Called = { ms: number } | { says: string; remedy: string; certain: boolean };

/** Asks the service by its public address, as Telegram would. A network may hide it from itself, so little is certain. */
async function called(publicUrl: string, signal: AbortSignal): Promise<Called> {
  try {
    let status = 200;
    const ms = await median(async () => {
      status = (await fetch(`${publicUrl}/healthz`, { signal, redirect: "manual" })).status;
    });
    if (status === 200) return { ms };
    const remedy = "see that serve runs, and that nginx lets /healthz through";
    return { says: `PUBLIC_URL answers ${status} to /healthz`, remedy, certain: false };
  } catch (error) {
    const code = String(Object(error).code ?? messageOf(error));
    if (/CERT|SSL|TLS/i.test(code)) {
      const remedy = "renew the certificate of its host, with the full chain (certbot renew)";
      return { says: `the certificate of PUBLIC_URL is refused (${code})`, remedy, certain: true };
    }
    const remedy = "see DNS, nginx and that serve runs; from inside its own network it may not be reached";
    return { says: `PUBLIC_URL does not answer from here (${code})`, remedy, certain: false };
  }
}

function backLine(about: string, here: Called, failed: CheckLine | undefined): CheckLine {
  const says = "ms" in here ? `PUBLIC_URL answers here in ${here.ms} ms` : here.says;
  if (failed) {
    const remedy = `${failed.remedy}; or take PUBLIC_URL out: then updates are fetched, and no way back is needed (${relay})`;
    const broken = `broken: ${says}, and Telegram does not get through (${failed.says})`;
    return { state: "FAIL", about, says: broken, remedy };
  }
  if ("ms" in here) return { state: "ok", about, says };
  return { state: here.certain ? "FAIL" : "warn", about, says, remedy: here.remedy };
}

/** Milliseconds of the middle one of some calls, one after the other. */
async function median(call: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    await call();
    took.push(performance.now() - began);
  }
  return Math.round(took.sort((one, two) => one - two)[Math.floor(times / 2)] ?? 0);
}
