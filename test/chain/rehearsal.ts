// A rehearsal: a day of the chain is played in real time, all is left to become quiet, and what came of it is put together.

import type { Telegram } from "../../src/standins/telegram/server.ts";
import { every, type Moment, momentsOf, play } from "./day.ts";
import { hooked, postHooks } from "./hooks.ts";
import { isQuiet, ledgerOf, spendsIn } from "./ledger.ts";
import { ownerId } from "./people.ts";
import { type Branch, plan } from "./plan.ts";
import type { Replica } from "./replicas.ts";
import { beatsOf, faultsOf, lagsOf, readingsOf, refundLag, requestsOf, spreadOf } from "./result.ts";
import { answersAfter, type Ground, openChain, replicaCount, type Wanted } from "./setting.ts";
import { countBy, numbersOf, sumsOf, watching, wordsOf } from "./watch.ts";

export type Result = Awaited<ReturnType<typeof rehearse>>;

const [asksMs, spendsMs, longestBeatMs, longestSightMs] = [2_000, 20_000, 60_000, 5_000];
/** When a replica is killed, and for how long, as shares of the day; and when the ledger is verified beside the traffic. */
const [killAt, killFor, verifyAt] = [0.4, 1 / 30, 0.6];

/** Plays the day and says what came of it. Everything that it started has ended then, whatever happened. */
export async function rehearse(wanted: Wanted, ground: Ground) {
  const { sql, say } = ground;
  const made = plan(wanted);
  const { branches, lasts } = made;
  const sightMs = Math.min(longestSightMs, lasts / 20);
  say(`${branches.length} branches, ${made.visits.length} visits: the first pass …`);
  await using chain = await openChain(made, wanted, ground);
  const { journal, yclients, people, day, replicas } = chain;
  await chain.open();
  const spendsBefore = await spendsIn(sql);

  say(`the traffic: ${(lasts / 60_000).toFixed(1)} minutes …`);
  const began = Date.now();
  const stoppedAt = began + made.hooksStop;
  const hooks = postHooks(journal, chain.hooksUrl, hasHooks(branches, stoppedAt));
  const watch = watching(sql, replicas, sightMs);
  const verified: { when: string; code: number; said: string }[] = [];
  const verify = async (when: string) => void verified.push({ when, ...(await chain.run(["verify"])) });
  const aside: Promise<unknown>[] = [];
  const kill = killing(replicas, lasts, aside);
  const cpuBefore = process.cpuUsage();
  const late = await play([
    ...momentsOf(day, journal),
    ...every(asksMs, lasts, people.ask),
    ...every(Math.min(spendsMs, lasts / 4), lasts, people.spend),
    { at: lasts * verifyAt, act: () => void aside.push(verify("beside the traffic")) },
    ...(wanted.kill ? kill.moments : []),
  ]);
  const ended = Date.now();
  const cpu = process.cpuUsage(cpuBefore);
  await Promise.all([...aside, hooks.ended()]);

  say("the traffic has ended: all is to become quiet …");
  const patience = ended + wanted.patience * 60_000;
  while (!(await isQuiet(sql, day, await ledgerOf(sql))) && Date.now() < patience) await Bun.sleep(sightMs);
  const quiet = Date.now();
  await people.ended();
  await watch.scrape();
  const readyz = await Promise.all(replicas.map((replica) => replica.readyz()));
  const stopped = await Promise.all(replicas.map((replica) => replica.stop()));
  await watch.stop();
  await verify("in the end");

  const ledger = await ledgerOf(sql);
  const { requests } = yclients;
  const { waited } = people;
  const killedAt = kill.at();
  const spends = (await spendsIn(sql)) - spendsBefore;
  const metrics = replicas.flatMap((replica) => replica.metrics);
  const logs = replicas.flatMap((replica) => replica.logs).map((log) => Bun.file(log).text());
  const others = requests.filter(({ path }) => !/^\/records?\//.test(path));
  return {
    ...{ wanted, answersAfter, visits: day.length, late, readyz, verified },
    ...{ firstPassMs: chain.firstPassMs, trafficMs: ended - began, catchUpMs: quiet - ended },
    standInsCpu: (cpu.user + cpu.system) / 10 / (ended - began),
    killedAt: killedAt === null ? null : killedAt - began,
    lags: lagsOf(day, ledger, stoppedAt),
    refunds: refundLag(day, ledger),
    toldTwice: day.filter((visit) => visit.refundedAt === null && visit.toldAt.length > 1).length,
    readings: readingsOf(branches, requests, { began, ended }),
    requests: requestsOf(requests),
    others: countBy(others.map(({ path }) => path.replace(/\d+/g, "N"))),
    beats: beatsOf(
      { branches, day, ledger, requests, replicas: replicaCount, ...watch.seen },
      { began, quiet, beatMs: Math.min(longestBeatMs, lasts / 5) },
    ),
    hooks: { answered: spreadOf(hooks.posted.tookMs), lost: hooks.posted.lost },
    people: {
      balance: spreadOf(waited.balance),
      screen: spreadOf(waited.screen),
      spend: spreadOf(waited.spend),
    },
    owner: toldToOwner(chain.telegram, began),
    syncLag: spreadOf(numbersOf(metrics.slice(-1), /^loyalty_sync_lag_seconds\{.*\} (.+)$/gm)),
    apis: sumsOf(metrics),
    log: countBy((await Promise.all(logs)).flatMap(wordsOf)),
    faults: [
      ...faultsOf(day, ledger, { killedAt, waited, spends }),
      ...verified.flatMap(({ when, code }) => (code === 0 ? [] : [`verify ${when} ended with ${code}`])),
      ...(readyz.every((status) => status === 200) ? [] : [`/readyz answered ${readyz.join(" and ")}`]),
      ...(stopped.every(Boolean) ? [] : ["a replica did not end by itself"]),
    ],
  };
}

function hasHooks(branches: Branch[], stoppedAt: number): (id: number) => boolean {
  const byId = new Map(branches.map((branch) => [branch.id, branch]));
  return (id) => {
    const branch = byId.get(id);
    return branch !== undefined && hooked(branch, Date.now() >= stoppedAt);
  };
}

/** The second replica is killed, and is started again a while later; what that takes goes to `aside`. */
function killing(replicas: readonly Replica[], lasts: number, aside: Promise<unknown>[]) {
  let killedAt: number | null = null;
  const moments: Moment[] = [
    {
      at: lasts * killAt,
      act: () => {
        killedAt = Date.now();
        aside.push(Promise.resolve(replicas[1]?.kill()));
      },
    },
    { at: lasts * (killAt + killFor), act: () => void aside.push(Promise.resolve(replicas[1]?.again())) },
  ];
  return { moments, at: (): number | null => killedAt };
}

/** What the owner was told, and at which minute of the day. */
function toldToOwner(telegram: Telegram, began: number): { minute: number; text: string }[] {
  return telegram
    .messages(ownerId)
    .map(({ date, text }) => ({ minute: Math.max(0, (date * 1_000 - began) / 60_000), text }));
}
