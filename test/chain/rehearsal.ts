// A rehearsal: stand-ins for all that is outside, the program twice on one database, and a day of the chain in real time.

import type postgres from "postgres";
import { startTelegram, type Telegram } from "../../src/standins/telegram/server.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";
import { every, momentsOf, openDay, play } from "./day.ts";
import { hooked, postHooks } from "./hooks.ts";
import { isQuiet, ledgerOf, link, spendsIn } from "./ledger.ts";
import { adminIds, ownerId, peopleOf, regularsLinks, regularsList } from "./people.ts";
import { chatOf, phoneOf, plan, type Size } from "./plan.ts";
import { type Env, openDoor, Replica } from "./replicas.ts";
import { beatsOf, faultsOf, lagsOf, readingsOf, refundLag, requestsOf, spreadOf } from "./result.ts";
import { countBy, metricsToken, numbersOf, sumsOf, watching, wordsOf } from "./watch.ts";

export interface Wanted extends Size {
  /** Whether one of the replicas is killed on the way, and started again. */
  kill: boolean;
  syncCron: string;
  /** SETTLE_SECONDS. */
  settle: number;
  /** What the deployment takes of YCLIENTS's requests a minute. */
  perMinute: number;
  /** Minutes after the traffic within which all must be quiet. */
  patience: number;
}

/** What a rehearsal runs on: an empty, migrated database, the executable, and a folder for logs. */
export interface Ground {
  url: string;
  sql: postgres.Sql;
  program: string;
  folder: string;
  say: (line: string) => void;
}

export type Result = Awaited<ReturnType<typeof rehearse>>;

const token = "7000000001:AAEchainchainchainchainchainchainchai";
const [partnerToken, userToken] = ["partner", "user"];
const hooksSecret = "hooks-of-the-chain-0123456789";
/** How long YCLIENTS and Telegram take to answer, in milliseconds: theirs is not documented. */
const [yclientsMs, telegramMs] = [200, 60];
/** The vendors' own limits. */
const yclientsLimits = { perMinute: 200, perSecond: 5 };
const telegramLimits = { perSecond: 30 };
const dayMs = 86_400_000;
const [asksMs, spendsMs] = [2_000, 20_000];
/** When a replica is killed, and for how long, as shares of the day; and when the ledger is verified beside the traffic. */
const [killAt, killFor, verifyAt] = [0.4, 1 / 30, 0.6];
const replicaCount = 2;

/** Plays the day and says what came of it. Everything that it started has ended then, whatever happened. */
export async function rehearse(wanted: Wanted, { url, sql, program, folder, say }: Ground) {
  const made = plan(wanted);
  const { branches, lasts, hooksStop } = made;
  let journalNow = () => new Date(Date.now() - 2 * dayMs); // what stands there before the day was written before it
  const journal = new Journal({ now: () => journalNow() });
  for (const { id } of branches) journal.addCompany({ id, title: `Салон ${id}`, timeZone: "Europe/Moscow" });
  await using ends = new AsyncDisposableStack();
  const yclients = startYclients({ journal, partnerToken, userToken, perMinute: 0, perSecond: 0 });
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
    ...{ COMPANY_ID: branches.map(({ id }) => id).join(), LEGAL_NAME: "ИП Петрова" },
    ...{ OWNER_IDS: String(ownerId), ADMINS_IDS: adminIds.join() },
    ...{ PUBLIC_URL: door.url, YCLIENTS_WEBHOOK_SECRET: hooksSecret, METRICS_TOKEN: metricsToken },
    ...{
      HOST: "127.0.0.1",
      QUIET_HOURS: "off",
      SYNC_CRON: wanted.syncCron,
      SETTLE_SECONDS: String(wanted.settle),
    },
    ...{ YCLIENTS_REQUESTS_PER_MINUTE: String(wanted.perMinute) },
    PROGRAM_START: new Date(Date.now() - dayMs).toISOString().slice(0, 10),
  };

  say(`${branches.length} branches, ${day.length} visits: the first pass …`);
  const firstPassFrom = performance.now();
  await ran(program, ["sync"], { ...env, YCLIENTS_REQUESTS_PER_MINUTE: "100000" });
  const firstPassMs = performance.now() - firstPassFrom;
  await Bun.write(`${folder}/regulars.csv`, regularsList());
  await ran(program, ["import", "--csv", `${folder}/regulars.csv`], env);
  const linked = day.filter((visit) => visit.linked).map(({ client }) => client);
  await link(sql, [
    ...linked.map((client) => ({ phone: phoneOf(client), chat: chatOf(client) })),
    ...regularsLinks(),
  ]);
  for (const { chat, phone } of regularsLinks())
    telegram.person({ id: chat, firstName: "Анна", phone }).chat.started = true;

  journalNow = () => new Date();
  Object.assign(yclients, yclientsLimits, { requests: [] });
  yclients.faults.always({ delayMs: yclientsMs });
  telegram.faults.always({ delayMs: telegramMs });
  for (let at = 1; at <= replicaCount; at++) {
    const replica = new Replica(at, program, env, folder);
    ends.defer(() => replica.kill());
    replicas.push(replica);
  }
  await Promise.all(replicas.map((replica) => replica.ready()));
  const rowsBefore = await spendsIn(sql);

  say(`the traffic: ${(lasts / 60_000).toFixed(1)} minutes …`);
  const began = Date.now();
  const stoppedAt = began + hooksStop;
  const branchOf = new Map(branches.map((branch) => [branch.id, branch]));
  const hooks = postHooks(journal, `${door.url}/yclients/webhook/${hooksSecret}`, (id) => {
    const branch = branchOf.get(id);
    return branch !== undefined && hooked(branch, Date.now() >= stoppedAt);
  });
  const watch = watching(sql, replicas, Math.min(5_000, lasts / 20));
  ends.defer(() => watch.stop());
  const ours = process.cpuUsage();
  let killedAt: number | null = null;
  const aside: Promise<void>[] = [];
  const verified: { when: string; code: number; said: string }[] = [];
  const verify = async (when: string) => {
    verified.push({ when, ...(await spawned(program, ["verify"], env)) });
  };
  const late = await play([
    ...momentsOf(day, journal),
    ...every(asksMs, lasts, people.ask),
    ...every(Math.min(spendsMs, lasts / 4), lasts, people.spend),
    { at: lasts * verifyAt, act: () => void aside.push(verify("beside the traffic")) },
    ...(wanted.kill
      ? [
          {
            at: lasts * killAt,
            act: () => {
              killedAt = Date.now();
              aside.push(replicas[1]?.kill() ?? Promise.resolve());
            },
          },
          {
            at: lasts * (killAt + killFor),
            act: () => void aside.push(replicas[1]?.again() ?? Promise.resolve()),
          },
        ]
      : []),
  ]);
  const ended = Date.now();
  const cpu = process.cpuUsage(ours);
  await Promise.all([...aside, hooks.ended()]);

  say("the traffic has ended: all is to become quiet …");
  const patience = ended + wanted.patience * 60_000;
  let ledger = await ledgerOf(sql);
  while (!(await isQuiet(sql, day, ledger)) && Date.now() < patience) {
    await Bun.sleep(Math.min(5_000, lasts / 20));
    ledger = await ledgerOf(sql);
  }
  const quiet = Date.now();
  await people.ended();
  await watch.scrape();
  const readyz = await Promise.all(replicas.map((replica) => replica.readyz()));
  const stopped = await Promise.all(replicas.map((replica) => replica.stop()));
  await watch.stop();
  await verify("in the end");
  ledger = await ledgerOf(sql);

  const seen = { branches, day, ledger, requests: yclients.requests, replicas: replicaCount, ...watch.seen };
  const texts = replicas.flatMap(({ metrics }) => metrics);
  const logs = await Promise.all(
    replicas.flatMap((replica) => replica.logs).map((log) => Bun.file(log).text()),
  );
  return {
    ...{ wanted, visits: day.length, firstPassMs, trafficMs: ended - began, catchUpMs: quiet - ended, late },
    answers: { yclientsMs, telegramMs },
    standInsCpu: (cpu.user + cpu.system) / 10 / (ended - began),
    killedAt: killedAt === null ? null : killedAt - began,
    lags: lagsOf(day, ledger, stoppedAt),
    refunds: refundLag(day, ledger),
    toldTwice: day.filter((visit) => visit.refundedAt === null && visit.toldAt.length > 1).length,
    readings: readingsOf(branches, yclients.requests, { began, ended }),
    requests: requestsOf(yclients.requests),
    others: countBy(
      yclients.requests.flatMap(({ path }) =>
        /^\/records?\//.test(path) ? [] : [path.replace(/\d+/g, "N")],
      ),
    ),
    beats: beatsOf(seen, { began, quiet, beatMs: Math.min(60_000, lasts / 5) }),
    connections: Math.max(0, ...watch.seen.connections.map(({ count }) => count)),
    hooks: { answered: spreadOf(hooks.posted.tookMs), lost: hooks.posted.lost },
    people: {
      balance: spreadOf(people.waited.balance),
      screen: spreadOf(people.waited.screen),
      spend: spreadOf(people.waited.spend),
    },
    owner: toldTo(telegram, began),
    readyz,
    syncLag: spreadOf(numbersOf(texts.slice(-1), /^loyalty_sync_lag_seconds\{.*\} (.+)$/gm)),
    apis: sumsOf(texts),
    log: countBy(logs.flatMap(wordsOf)),
    verified,
    faults: [
      ...faultsOf(day, ledger, {
        ...{ killedAt, waited: people.waited, spends: (await spendsIn(sql)) - rowsBefore },
      }),
      ...verified.flatMap(({ when, code }) => (code === 0 ? [] : [`verify ${when} ended with ${code}`])),
      ...(readyz.every((status) => status === 200) ? [] : [`/readyz answered ${readyz.join(" and ")}`]),
      ...(stopped.every(Boolean) ? [] : ["a replica did not end by itself"]),
    ],
  };
}

async function spawned(program: string, args: string[], env: Env) {
  const child = Bun.spawn([program, ...args], { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, said: out + err };
}

async function ran(program: string, args: string[], env: Env): Promise<void> {
  const { code, said } = await spawned(program, args, env);
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${said.slice(-2_000)}`);
}

/** What the owner was told, and at which minute of the day. */
function toldTo(telegram: Telegram, began: number): { minute: number; text: string }[] {
  return telegram
    .messages(ownerId)
    .map(({ date, text }) => ({ minute: Math.max(0, (date * 1_000 - began) / 60_000), text }));
}
