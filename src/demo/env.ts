// The settings of the demo's program. Every one is named, so that nothing of the machine's own slips into it.

import type { SettingName } from "../config/settings.ts";
import { addDays, dayOf } from "../rules/time.ts";
import type { Branch } from "../standins/yclients/record.ts";
import { admin, owner } from "./salon.ts";

/** The tokens that the stand-ins take. */
export const tokens = { bot: "7000000001:demo", max: "demo-max", partner: "demo-partner", user: "demo-user" };
/** Ends the address to which the stand-in YCLIENTS posts its changes. */
export const hookSecret = "demo-demo-demo-demo";

/** No certificates: the stand-ins are on this machine. Its cards are in our own look. */
type Env = Record<
  Exclude<SettingName, "NODE_EXTRA_CA_CERTS" | "MAX_CA" | "CARD_COLOR" | "CARD_LOGO">,
  string
>;

/** What only the running demo knows: where its parts listen, and whether it is a script, which is in a hurry. */
interface ProgramPlace {
  company: Branch;
  databaseUrl: string;
  yclients: string;
  telegram: string;
  max: string;
  port: number;
  script: boolean;
}

/** What the owner may switch on later; the day's message comes with the day, for a leap of the month may pass any hour. */
const choices = {
  programme: {
    ...{ LEVELS: "0:1,50000:3", POINTS_LIVE: "30 days", FRIEND_POINTS: "300:200" },
    ...{ STATEMENTS: "proof", DIGEST_AT: "00:00" },
  },
  settling: { SPEND_SETTLES: "on" },
  max: { MAX_BOT_TOKEN: tokens.max },
  atOnce: { MAX_NOTICES: "at_once" },
};
export type Choice = keyof typeof choices;

/** The same settings with what an owner has chosen beside them. */
export function withChoice(env: Env, choice: Choice): Env {
  return { ...env, ...choices[choice] };
}

/** Quiet hours are off, the journal is read every second, and a change waits two seconds (a script's, one). */
export function programEnv(place: ProgramPlace): Env {
  return {
    FATHERBOT_TOKEN: tokens.bot,
    YCLIENTS_PARTNER_TOKEN: tokens.partner,
    YCLIENTS_USER_TOKEN: tokens.user,
    DATABASE_URL: place.databaseUrl,
    MIGRATE_DATABASE_URL: place.databaseUrl,
    COMPANY_ID: String(place.company.id),
    ADMINS_IDS: String(admin.id),
    OWNER_IDS: String(owner.id),
    YCLIENTS_BOOK_URL: "https://n1.yclients.com/",
    COMPANY_YMAPS_LINK: "https://yandex.ru/maps/",
    SUPPORT_PHONE: "+7 495 000-00-00",
    LEGAL_NAME: "ИП Петрова Е. С., ИНН 770000000000",
    POLICY_URL: "https://example.com/policy",
    RULES_URL: "https://example.com/rules",
    PUBLIC_URL: `http://127.0.0.1:${place.port}`,
    WEBHOOK_SECRET: "demo",
    YCLIENTS_WEBHOOK_SECRET: hookSecret,
    BONUS_PERCENT: "1",
    EARN_ON: "services,goods",
    EARN_WHEN: "paid",
    PAID_BY: "payments",
    PROGRAM_START: addDays(dayOf(new Date(), place.company.timeZone), -7),
    LEVELS: "off",
    LEVELS_OVER: "all",
    POINTS_LIVE: "off",
    WELCOME_POINTS: "off",
    WELCOME_LIVE: "off",
    BIRTHDAY_POINTS: "off",
    BIRTHDAY_LIVE: "off",
    FRIEND_POINTS: "off",
    FRIEND_AFTER: "3 days",
    FRIEND_LEAST_BILL: "off",
    FRIEND_A_MONTH: "5",
    FRIEND_A_YEAR: "30",
    SPEND_MAX_PERCENT: "100",
    SPEND_STEP: "off",
    SPEND_LEAST_BILL: "off",
    SPEND_ON: "services,goods",
    CARD_DAILY_ACTS: "off",
    ADMIN_DAILY_LIMIT: "off",
    SECOND_ADMIN_ABOVE: "off",
    SYNC_CRON: "* * * * * *",
    NOTIFY_CRON: "* * * * * *",
    SWEEP_CRON: "0 30 1 * * *",
    SETTLE_SECONDS: place.script ? "1" : "2",
    QUIET_HOURS: "off",
    DIGEST_AT: "off",
    STATEMENTS: "off",
    SPEND_SETTLES: "off",
    SETTLE_CARD_TYPE: "",
    YCLIENTS_REQUESTS_PER_MINUTE: "100000",
    TELEGRAM_API_ROOT: place.telegram,
    MAX_BOT_TOKEN: "",
    MAX_NOTICES: "asked",
    MAX_WEBHOOK_SECRET: "",
    MAX_API_URL: place.max,
    YCLIENTS_API_URL: place.yclients,
    HOST: "127.0.0.1",
    PORT: String(place.port),
    METRICS_TOKEN: "off",
    LOG_LEVEL: place.script ? "warn" : "error",
  };
}
