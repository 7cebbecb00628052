// Row: /balance by webhook, update to answered, on one core; beside Node with the same duties, a bare Elysia, and pgbench with the
// same SELECT.

import { connections as pool } from "../../../src/app/parts.ts";
import { FIRST_CHAT, fillCards, fillLedger } from "../fill.ts";
import { load } from "../load.ts";
import { nodeName } from "../machine.ts";
import { nodePeer } from "../peers/node.ts";
import { pgbench, tool } from "../pgbench.ts";
import { type Line, median, type Row, rounds, type Sizes, shown } from "../row.ts";
import { byWebhook, type Database, running, SECRET, type Stage, settings } from "../stage.ts";
import { type QuickTelegram, quickTelegram } from "../telegram.ts";

const connections = 32;
const select = (cards: number) => `\\set id random(${FIRST_CHAT}, ${FIRST_CHAT + cards - 1})
select c.id, c.phone, c.name, a.language,
  coalesce((select sum(b.points) from bonuslog b where b.client_id = c.id), 0) as balance,
  coalesce((
    select sum(b.points) from bonuslog b
    where b.client_id = c.id and not b.is_telegram_notified and not is_anothers_to_hear(c.id, b.id, a.account)), 0) as waiting,
  (select coalesce(sum(l.rest), 0) from lots l where l.client_id = c.id and l.rest > 0 and l.waits) as locked
from accounts a join clients c on c.id = a.client_id where a.account = 'telegram:' || :id;`;

export const webhook: Row = {
  name: "webhook",
  minutes: 3,
  async measure(stage, sizes) {
    await using database = await stage.database();
    await fillCards(database.sql, sizes.cards);
    await fillLedger(database.sql, { rows: sizes.cards * 5, cards: sizes.cards });
    await using telegram = quickTelegram();
    await using ends = new AsyncDisposableStack();
    const env = { ...settings(database, { telegram: telegram.url }), ...byWebhook };
    const ours = ends.use(await running([stage.executable()], env));
    const peers = await startPeers(stage, database, telegram, ends);
    const { bare, node } = peers;
    const meter = new Meter(sizes, telegram);
    for (const program of [ours, bare, ...(node ? [node] : [])]) await meter.run(program); // to be warm
    const script = select(sizes.cards);
    const turn = { folder: stage.folder, script, clients: pool, seconds: sizes.seconds };
    let latest = 0;
    const answered: number[] = [];
    const p99 = async (program: Program) => {
      const half = await meter.run(program, latest / 2);
      if (program === ours) answered.push(half.perSecond);
      return half.p99;
    };
    const found = await rounds(sizes.rounds, {
      ours: async () => {
        latest = await meter.perSecond(ours);
        return latest;
      },
      bare: () => meter.perSecond(bare),
      node: node && (() => meter.perSecond(node)),
      select: tool("pgbench") === null ? null : () => pgbench(database.url, turn),
      p99: () => p99(ours),
      bareP99: () => p99(bare),
      nodeP99: node && (() => p99(node)),
    });
    const speed = (program: Program, perSecond: number) => ({ perSecond, micros: meter.microsOf(program) });
    const mine = speed(ours, found.ours);
    const bareSpeed = speed(bare, found.bare);
    const theirs = node && found.node ? speed(node, found.node) : peers.why;
    const why =
      "By a profile, a third of its own thread's time is the answer's call (grammY, and fetch, which wakes another thread), a tenth the query through postgres.js, a twenty-fifth the check of the update, as much the words.";
    return [
      beside(mine, `${nodeName} + fastify + grammY + pg, with the same duties`, theirs, { least: 2, why }),
      // What nobody would run instead: how much of it is the bot.
      beside(mine, "Elysia + postgres.js, which checks, refuses, words and counts nothing", bareSpeed, null),
      besideSelect(mine, found.select),
      atHalf(found, median(answered)),
    ];
  },
};

/** With as many connections to PostgreSQL as the program's own pool has. */
async function startPeers(stage: Stage, db: Database, telegram: QuickTelegram, ends: AsyncDisposableStack) {
  const own = { DATABASE_URL: db.url, POOL: String(pool) };
  const env = { ...own, WEBHOOK_SECRET: SECRET, TELEGRAM_API_ROOT: telegram.url };
  const bare = ends.use(await running([stage.executable("test/bench/peers/elysia.ts")], env));
  const peer = nodePeer(!stage.quick);
  const node = "command" in peer ? ends.use(await running(peer.command, env)) : null;
  return { bare, node, why: "why" in peer ? peer.why : "" };
}

type Program = Awaited<ReturnType<typeof running>>;

/** Loads programs, each load beginning at other chats than the one before. */
class Meter {
  readonly #micros = new Map<Program, number[]>();
  #skip = 0;

  constructor(
    private readonly sizes: Sizes,
    private readonly telegram: QuickTelegram,
  ) {}

  /** Updates a second, as fast as they are answered. */
  async perSecond(program: Program): Promise<number> {
    const before = program.cpuMs();
    const { perSecond, count } = await this.run(program);
    const micros = ((program.cpuMs() - before) / count) * 1_000;
    this.#micros.set(program, [...(this.#micros.get(program) ?? []), micros]);
    return perSecond;
  }

  /** Microseconds of processor time for an update. */
  microsOf = (program: Program) => median(this.#micros.get(program) ?? []);

  /** A load at so many updates a second; 0 is as fast as they are answered. */
  async run({ port }: Program, rate = 0) {
    const { cards, seconds } = this.sizes;
    const chats = { firstChat: FIRST_CHAT, chats: cards, skip: this.#skip };
    const how = { port, secret: SECRET, text: "/balance", connections, seconds, rate };
    const answers = await load({ ...how, ...chats }, this.telegram);
    this.#skip += answers.count;
    return answers;
  }
}

interface Speed {
  perSecond: number;
  /** Microseconds of processor time for an update. */
  micros: number;
}

const what = "webhook: /balance, updates a second on one core";
/** The share of its core that a program had; one with less than `whole` waited for what runs on the other core. */
const share = ({ perSecond, micros }: Speed) => (perSecond * micros) / 1e6;
const whole = 0.9;
const cell = (speed: Speed) =>
  `${shown(speed.perSecond)}/s, ${shown(speed.micros)} µs each: ${Math.round(share(speed) * 100)} % of its core`;

/** A peer that waited could have done more on its core: then the worse counts, of rates and of processor times. */
function beside(
  ours: Speed,
  name: string,
  peer: Speed | string,
  aim: { least: number; why: string } | null,
): Line {
  const figures = { updates: ours.perSecond };
  const line = {
    ...{ what, ours: cell(ours), figures, aim: aim ? `at least ${aim.least}` : "shown" },
    ...(aim && { why: aim.why }),
  };
  if (typeof peer === "string") return { ...line, beside: `${name}: ${peer}`, ratio: null, met: null };
  const [rates, times] = [ours.perSecond / peer.perSecond, peer.micros / ours.micros];
  const limited = share(peer) < whole;
  const ratio = limited ? Math.min(rates, times) : rates;
  const both = `limited by the other core, the worse counts: rates ${rates.toFixed(2)}, processor times ${times.toFixed(2)}`;
  return {
    ...{ ...line, ratio, met: aim && ratio >= aim.least },
    beside: `${name}: ${cell(peer)}${limited ? `; ${both}` : ""}`,
  };
}

function besideSelect(ours: Speed, rate: number | null): Line {
  return {
    ...{ what, ours: cell(ours), aim: "shown", met: null },
    beside: rate === null ? "no pgbench here" : `pgbench, the same SELECT: ${shown(rate)}/s`,
    ratio: rate === null ? null : ours.perSecond / rate,
  };
}

interface Half {
  ours: number;
  p99: number;
  bareP99: number;
  nodeP99: number | null;
}

/** All at half of what ours can do, since a peer's half would be another load. */
function atHalf({ ours, p99, bareP99, nodeP99 }: Half, answered: number): Line {
  const peers = `the bare Elysia: ${shown(bareP99, " ms")}${nodeP99 === null ? "" : `, Node: ${shown(nodeP99, " ms")}`}`;
  return {
    ...{ what: "webhook: p99 at half load", ours: shown(p99, " ms"), ratio: p99 / bareP99 },
    beside: `${shown(answered)}/s of ${shown(ours / 2)}/s answered; the same load on ${peers}`,
    ...{ aim: "below 5 ms", met: p99 < 5 },
    why: "The load and PostgreSQL share the other core, which the servers beside ours feel as well. In ours, collections of garbage hold up its loop for 5 to 9 ms, some six times in 4 s.",
  };
}
