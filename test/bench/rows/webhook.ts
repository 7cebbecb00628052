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
    const { node } = peers;
    const meter = meterOf(sizes);
    for (const { port } of [ours, peers.bare, ...(node ? [node] : [])]) await meter(port); // to be warm
    const p99: number[] = [];
    let share = 0;
    const found = await rounds(sizes.rounds, {
      ours: async () => {
        const before = ours.cpuMs();
        const began = performance.now();
        const rate = await meter(ours.port);
        share = (ours.cpuMs() - before) / (performance.now() - began);
        p99.push(await meter.p99AtHalf(ours.port, rate));
        return rate;
      },
      bare: () => meter(peers.bare.port),
      node: node && (() => meter(node.port)),
      select:
        tool("pgbench") === null
          ? null
          : () =>
              pgbench(database.url, {
                ...{
                  folder: stage.folder,
                  script: select(sizes.cards),
                  clients: pool,
                  seconds: sizes.seconds,
                },
              }),
    });
    return lines(found, peers.why, median(p99), share);
  },
};

async function startPeers(stage: Stage, database: Database, ends: AsyncDisposableStack, sizes: Sizes) {
  const env = { DATABASE_URL: database.url, POOL: String(pool), WEBHOOK_SECRET: SECRET };
  const bare = ends.use(await running([await stage.executable("test/bench/peers/elysia.ts")], env));
  const peer = nodePeer(sizes.cards >= 10_000);
  const node = "command" in peer ? ends.use(await running(peer.command, env)) : null;
  return { bare, node, why: "why" in peer ? peer.why : "" };
}

/** Updates a second of a program, and its p99 at half of them; each load begins at other chats than the one before. */
function meterOf(sizes: Sizes) {
  let skip = 0;
  const run = async (port: number, rate = 0) => {
    const chats = { firstChat: FIRST_CHAT, chats: sizes.cards, skip };
    const answers = await load({
      ...{ port, secret: SECRET, text: "/balance", connections, seconds: sizes.seconds, rate, ...chats },
    });
    skip += answers.count;
    if (answers.wrong > 0) throw new Error(`${answers.wrong} updates were not answered with 200`);
    return answers;
  };
  const perSecond = async (port: number) => (await run(port)).perSecond;
  return Object.assign(perSecond, {
    p99AtHalf: async (port: number, rate: number) => (await run(port, rate / 2)).p99,
  });
}

function lines(
  found: { ours: number; bare: number; node: number | null; select: number | null },
  noNode: string,
  p99: number,
  share: number,
): Line[] {
  const what = "webhook: /balance, updates a second on one core";
  const ours = `${shown(found.ours)}/s, ${shown(share * 100)} % of its core`;
  const beside = (name: string, rate: number | null, least: number | null, why = ""): Line => ({
    ...{ what, ours, beside: rate === null ? `${name}: ${why}` : `${name}: ${shown(rate)}/s` },
    ratio: rate === null ? null : found.ours / rate,
    aim: least === null ? "shown" : `at least ${least}`,
    met: rate === null || least === null ? null : found.ours / rate >= least,
    figures: { updates: found.ours },
  });
  return [
    beside("Node 20 + fastify + grammY + pg", found.node, 3, noNode),
    beside("Elysia + postgres.js without a bot", found.bare, 0.8),
    beside("pgbench, the same SELECT", found.select, null, "no pgbench here"),
    {
      ...{ what: "webhook: p99 at half load", ours: shown(p99, " ms"), beside: "", ratio: null },
      ...{ aim: "below 5 ms", met: p99 < 5 },
    },
  ];
}
