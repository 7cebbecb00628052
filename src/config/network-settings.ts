// How the program is reached, and whom it asks: addresses, secrets of webhooks, certificates, and the messenger beside Telegram.

import * as v from "./values.ts";

/** Addresses have no trailing slash; null is what is switched off or not there. */
export const networkSettings = {
  /** Null: there is no MAX at all. */
  maxToken: v.optional(
    "MAX_BOT_TOKEN",
    v.readText(/^[\w.~+/=-]{8,400}$/),
    "the bot's token in MAX (docs/max.md). Set: the same bot is there too, beside Telegram",
    "the bot's token as the page of MAX's partners shows it, without spaces",
    "no bot in MAX",
  ),
  /** `at_once` states a contract with MAX. */
  maxNotices: v.or(
    "MAX_NOTICES",
    v.readWord(["asked", "at_once"]),
    "when clients are told in MAX what is new on their card: `asked`, when they next write or tap there, or `at_once`, which MAX allows by contract alone (docs/max.md). In Telegram they are told at once in either case",
    "`asked` or `at_once`",
    "asked",
  ),
  /** A path. */
  maxCa: v.optional(
    "MAX_CA",
    v.readText(/^.{1,300}$/),
    "the path of the Russian Trusted Root CA as a PEM file, which MAX's own address needs; it is trusted for MAX's hosts alone, and any other root in its place is refused (docs/max.md)",
    "the path of a PEM file, for example /certs/russian-trusted-root.pem",
  ),
  maxWebhookSecret: v.optional(
    "MAX_WEBHOOK_SECRET",
    v.readText(/^[\w-]{5,256}$/),
    "secret of the webhook of MAX",
    "5 to 256 of the characters A-Z a-z 0-9 _ -, for example the output of `openssl rand -hex 32`",
    "derived from the bot's token in MAX",
  ),
  maxApiUrl: v.or(
    "MAX_API_URL",
    v.readRoot,
    "another address of MAX's Bot API, for example a relay; `MAX_CA` is not trusted there",
    "the API's address, for example https://platform-api2.max.ru",
    "https://platform-api2.max.ru",
  ),
  /** Null means long polling. */
  publicUrl: v.optional(
    "PUBLIC_URL",
    v.readPublicUrl,
    "`https://…` of this service. Set: messengers deliver by webhook. Unset: the bot polls, and needs no domain",
    "the address of this service over https, for example https://bot.example.com",
  ),
  webhookSecret: v.optional(
    "WEBHOOK_SECRET",
    v.readText(/^[\w-]{1,256}$/),
    "secret token of the Telegram webhook",
    "1 to 256 of the characters A-Z a-z 0-9 _ -, for example the output of `openssl rand -hex 32`",
    "derived from the bot's token",
  ),
  yclientsWebhookSecret: v.or(
    "YCLIENTS_WEBHOOK_SECRET",
    v.off(v.readText(/^[\w.~-]{16,256}$/)),
    "turns on `POST /yclients/webhook/<secret>`; at least 16 characters, or `off`",
    "16 to 256 of the characters A-Z a-z 0-9 _ - . ~, for example the output of `openssl rand -hex 32`",
    "off",
  ),
  metricsToken: v.or(
    "METRICS_TOKEN",
    v.off(v.readText(/^[\x21-\x7e]+$/)),
    "opens `GET /metrics` to `Authorization: Bearer <token>`, or `off`",
    "a token without spaces, for example the output of `openssl rand -hex 32`",
    "off",
  ),
  host: v.or(
    "HOST",
    v.readText(/^[\w.:-]{1,253}$/),
    "the address where HTTP listens",
    "an address or a name of this machine, for example 0.0.0.0",
    "0.0.0.0",
  ),
  port: v.or(
    "PORT",
    v.readWhole(0, 65_535),
    "the port where HTTP listens; under Compose the server's own",
    "a whole number from 0 to 65535, for example 8000",
    "8000",
  ),
  telegramApiRoot: v.or(
    "TELEGRAM_API_ROOT",
    v.readRoot,
    "another address of the Telegram Bot API: a relay (docs/relay.conf), a Bot API server of your own",
    "the Bot API's address without a token, for example https://api.telegram.org",
    "https://api.telegram.org",
  ),
  yclientsApiUrl: v.or(
    "YCLIENTS_API_URL",
    v.readApiUrl,
    "another address of the YCLIENTS API: a proxy, Altegio. Tokens follow no redirect: where the API moves, `check` and an alarm name the address to write",
    "the API's address, for example https://api.yclients.ru/api/v1",
    "https://api.yclients.ru/api/v1",
  ),
  /** A path. Bun itself reads the file as it starts; here it is for `check`. */
  extraCaCerts: v.optional(
    "NODE_EXTRA_CA_CERTS",
    v.readText(/^.{1,300}$/),
    "the path of a PEM file of root certificates to trust beside the usual ones, where a host's certificate is signed by a root that this machine does not know (the Russian root, a company's proxy). Taken from the environment alone; in a container mount the file too, for example `volumes: [\"./certs:/certs:ro\"]`",
    "the path of a file of root certificates, for example /certs/russian-root.pem",
  ),
};
