// Row: /balance by webhook, update to answered, on one core; beside Node, a bare Elysia, and pgbench with the same SELECT.

import { FIRST_CHAT, fillCards, fillLedger } from "../fill.ts";
import { load } from "../load.ts";
import { nodePeer } from "../peers/node.ts";
import { pgbench, tool } from "../pgbench.ts";
import { type Line, median, type Row, rounds, type Sizes, shown } from "../row.ts";
import { byWebhook, type Database, running, SECRET, type Stage, settings } from "../stage.ts";
import { quickTelegram } from "../telegram.ts";

/** As many connections as the program's own pool has, for every peer. */
const pool = 8;
const connections = 32;
const select = (cards: number) => `\\set id random(${FIRST_CHAT}, ${FIRST_CHAT + cards - 1})
select c.id, c.phone, c.name,
  coalesce((select sum(b.points) from bonuslog b where b.client_id = c.id), 0) as balance
from clients c where c.telegram_id = :id;`;

export const webhook: Row = {
  name: "webhook",
  async measure(stage, sizes) {
    await using database = await stage.database();
    await fillCards(database.sql, sizes.cards);
    await fillLedger(database.sql, { rows: sizes.cards * 5, cards: sizes.cards });
    await using telegram = quickTelegram();
    const ours = await running([await stage.executable()], {
      ...settings(database, { telegram: telegram.url }),
      ...byWebhook,
    });
    await using ends = new AsyncDisposableStack();
    ends.use(ours);
    const peers = await startPeers(stage, database, ends, sizes);
    const { bare, node } = peers;
    const meter = new Meter(sizes);
    for (const program of [ours, bare, ...(node ? [node] : [])]) await meter.perSecond(program); // to be warm
    const script = select(sizes.cards);
    const turn = { folder: stage.folder, script, clients: pool, seconds: sizes.seconds };
    const found = await rounds(sizes.rounds, {
      ours: async () => {
        const rate = await meter.perSecond(ours);
        await meter.atHalf(ours, rate);
        return rate;
      },
      bare: () => meter.perSecond(bare),
      node: node && (() => meter.perSecond(node)),
      select: tool("pgbench") === null ? null : () => pgbench(database.url, turn),
    });
    const micros = {
      ours: meter.microsOf(ours),
      bare: meter.microsOf(bare),
      node: node && meter.microsOf(node),
    };
    return lines(found, micros, meter.p99(), peers.why);
  },
};

async function startPeers(stage: Stage, database: Database, ends: AsyncDisposableStack, sizes: Sizes) {
  const env = { DATABASE_URL: database.url, POOL: String(pool), WEBHOOK_SECRET: SECRET };
  const bare = ends.use(await running([await stage.executable("test/bench/peers/elysia.ts")], env));
  const peer = nodePeer(sizes.cards >= 10_000);
  const node = "command" in peer ? ends.use(await running(peer.command, env)) : null;
  return { bare, node, why: "why" in peer ? peer.why : "" };
}

type Program = Awaited<ReturnType<typeof running>>;

/** Loads programs, each load beginning at other chats than the one before. */
class Meter {
  readonly #micros = new Map<Program, number[]>();
  readonly #p99: number[] = [];
  #skip = 0;

  constructor(private readonly sizes: Sizes) {}

  /** Updates a second, as fast as they are answered. */
  async perSecond(program: Program): Promise<number> {
    const before = program.cpuMs();
    const { perSecond, count } = await this.#run(program);
    const micros = ((program.cpuMs() - before) / count) * 1_000;
    this.#micros.set(program, [...(this.#micros.get(program) ?? []), micros]);
    return perSecond;
  }

  /** At half of a rate: how long the slowest hundredth takes. */
  async atHalf(program: Program, rate: number): Promise<void> {
    this.#p99.push((await this.#run(program, rate / 2)).p99);
  }

  p99 = () => median(this.#p99);
  /** Microseconds of processor time for an update. */
  microsOf = (program: Program) => median(this.#micros.get(program) ?? []);

  async #run({ port }: Program, rate = 0) {
    const { cards, seconds } = this.sizes;
    const chats = { firstChat: FIRST_CHAT, chats: cards, skip: this.#skip };
    const how = { port, secret: SECRET, text: "/balance", connections, seconds, rate };
    const answers = await load({ ...how, ...chats });
    this.#skip += answers.count;
    if (answers.wrong > 0) throw new Error(`${answers.wrong} updates were not answered with 200`);
    return answers;
  }
}

function lines(
  found: { ours: number; bare: number; node: number | null; select: number | null },
  micros: { ours: number; bare: number; node: number | null },
  p99: number,
  noNode: string,
): Line[] {
  const what = "webhook: /balance, updates a second on one core";
  const cell = (rate: number, us: number | null) =>
    `${shown(rate)}/s${us === null ? "" : `, ${shown(us)} µs of it each`}`;
  const beside = (name: string, rate: number | null, us: number | null, least: number | null): Line => ({
    ...{ what, ours: cell(found.ours, micros.ours) },
    beside: rate === null ? name : `${name}: ${cell(rate, us)}`,
    ratio: rate === null ? null : found.ours / rate,
    aim: least === null ? "shown" : `at least ${least}`,
    met: rate === null || least === null ? null : found.ours / rate >= least,
    figures: { updates: found.ours },
  });
  const node = "Node 20 + fastify + grammY + pg";
  return [
    beside(noNode ? `${node}: ${noNode}` : node, found.node, micros.node, 3),
    beside("Elysia + postgres.js without a bot", found.bare, micros.bare, 0.8),
    beside(found.select === null ? "no pgbench here" : "pgbench, the same SELECT", found.select, null, null),
    {
      ...{ what: "webhook: p99 at half load", ours: shown(p99, " ms"), beside: "", ratio: null },
      ...{ aim: "below 5 ms", met: p99 < 5 },
    },
  ];
}
