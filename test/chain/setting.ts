// What a rehearsal takes place in: the journal and the stand-ins for all that is outside, the door, and two replicas behind it.

import type postgres from "postgres";
import { startTelegram } from "../../src/standins/telegram/server.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";
import { noted } from "../bench/machine.ts";
import { openDay } from "./day.ts";
import { link } from "./ledger.ts";
import { adminIds, ownerId, peopleOf, regularsLinks, regularsList } from "./people.ts";
import { chatOf, type Plan, phoneOf, type Size } from "./plan.ts";
import { type Env, openDoor, Replica } from "./replicas.ts";
import { metricsToken } from "./watch.ts";

export interface Wanted extends Size {
  /** Whether one of the replicas is killed on the way, and started again. */
  kill: boolean;
  syncCron: string;
  /** SETTLE_SECONDS. */
  settle: number;
  /** What the deployment takes of YCLIENTS's requests a minute. */
  perMinute: number;
  /** What YCLIENTS takes from one address; 0 is no limit. */
  limits: { perMinute: number; perSecond: number };
  /** Minutes after the traffic within which all must be quiet. */
  patience: number;
}

/** What it runs on: an empty, migrated database, the executable, and a folder for logs. */
export interface Ground {
  url: string;
  sql: postgres.Sql;
  program: string;
  folder: string;
  say: (line: string) => void;
}

/** How long the outside parties take to answer, in milliseconds: theirs is not documented. */
export const answersAfter = { yclients: 200, telegram: 60 };
export const replicaCount = 2;

const token = "7000000001:AAEchainchainchainchainchainchainchai";
const [partnerToken, userToken] = ["partner", "user"];
const hooksSecret = "hooks-of-the-chain-0123456789";
/** The vendors' own limits. */
export const yclientsLimits = { perMinute: 200, perSecond: 5 };
const telegramLimits = { perSecond: 30 };
const dayMs = 86_400_000;

/**
 * The chain on the eve of its day: what is booked before stands in the journal and was read by the first pass, regulars have their
 * points, cards are linked. `open` lets the day begin: by the vendors' limits, with the replicas ready. `await using` ends all.
 */
export async function openChain(made: Plan, wanted: Wanted, { url, sql, program, folder }: Ground) {
  let journalNow = () => new Date(Date.now() - 2 * dayMs); // what stands there before the day was written before it
  const journal = new Journal({ now: () => journalNow() });
  for (const { id } of made.branches)
    journal.addCompany({ id, title: `Салон ${id}`, timeZone: "Europe/Moscow" });
  await using ends = new AsyncDisposableStack();
  const yclients = startYclients({ journal, partnerToken, userToken, ...wanted.limits });
  ends.defer(() => yclients.stop());
  const telegram = startTelegram({ token, limits: telegramLimits });
  ends.defer(() => telegram.stop());
  const people = peopleOf(telegram);
  const day = openDay(made, journal, telegram);
  const replicas: Replica[] = [];
  const door = openDoor(replicas);
  ends.defer(() => door.stop());
  const env: Env = {
    ...{ FATHERBOT_TOKEN: token, YCLIENTS_PARTNER_TOKEN: partnerToken, YCLIENTS_USER_TOKEN: userToken },
    ...{ DATABASE_URL: url, TELEGRAM_API_ROOT: telegram.url, YCLIENTS_API_URL: yclients.url },
    ...{ COMPANY_ID: made.branches.map(({ id }) => id).join(), LEGAL_NAME: "ИП Петрова" },
    ...{ OWNER_IDS: String(ownerId), ADMINS_IDS: adminIds.join() },
    ...{ PUBLIC_URL: door.url, YCLIENTS_WEBHOOK_SECRET: hooksSecret, METRICS_TOKEN: metricsToken },
    ...{ HOST: "127.0.0.1", QUIET_HOURS: "off", SYNC_CRON: wanted.syncCron },
    ...{ SETTLE_SECONDS: String(wanted.settle), YCLIENTS_REQUESTS_PER_MINUTE: String(wanted.perMinute) },
    PROGRAM_START: new Date(Date.now() - dayMs).toISOString().slice(0, 10),
  };

  /** Runs a command of the program to its end. */
  async function run(args: string[], more: Env = {}): Promise<{ code: number; said: string }> {
    const child = noted(
      Bun.spawn([program, ...args], {
        env: { ...env, ...more },
        ...{ stdin: "ignore", stdout: "pipe", stderr: "pipe" },
      }),
    );
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { code, said: out + err };
  }

  async function mustRun(args: string[], more: Env = {}): Promise<void> {
    const { code, said } = await run(args, more);
    if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${said.slice(-2_000)}`);
  }

  // By an address of its own: what was asked on the eve does not count on the day.
  const eve = startYclients({ journal, partnerToken, userToken, perMinute: 0, perSecond: 0 });
  ends.defer(() => eve.stop());
  const firstPassFrom = performance.now();
  await mustRun(["sync"], { YCLIENTS_API_URL: eve.url, YCLIENTS_REQUESTS_PER_MINUTE: "100000" });
  const firstPassMs = performance.now() - firstPassFrom;
  await Bun.write(`${folder}/regulars.csv`, regularsList());
  await mustRun(["import", "--csv", `${folder}/regulars.csv`]);
  const linked = day.filter((visit) => visit.linked).map(({ client }) => client);
  await link(sql, [
    ...linked.map((client) => ({ phone: phoneOf(client), chat: chatOf(client) })),
    ...regularsLinks(),
  ]);
  for (const { chat, phone } of regularsLinks())
    telegram.person({ id: chat, firstName: "Анна", phone }).chat.started = true;

  const all = ends.move();
  return {
    ...{ journal, yclients, telegram, people, day, replicas, run, firstPassMs },
    hooksUrl: `${door.url}/yclients/webhook/${hooksSecret}`,
    async open(): Promise<void> {
      journalNow = () => new Date();
      yclients.faults.always({ delayMs: answersAfter.yclients });
      telegram.faults.always({ delayMs: answersAfter.telegram });
      for (let at = 1; at <= replicaCount; at++) {
        const replica = new Replica(at, program, env, folder);
        all.defer(() => replica.kill());
        replicas.push(replica);
      }
      await Promise.all(replicas.map((replica) => replica.ready()));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
