// Row: from start to the first request, memory at rest and after many updates, size; beside an empty Elysia executable.

import { statSync } from "node:fs";
import { FIRST_CHAT, fillCards } from "../fill.ts";
import { load } from "../load.ts";
import { type Line, median, type Row, rounds, type Sizes, shown } from "../row.ts";
import { byWebhook, type Env, running, SECRET, type Stage, settings } from "../stage.ts";
import { type QuickTelegram, quickTelegram } from "../telegram.ts";

export const start: Row = {
  name: "start",
  minutes: 3,
  async measure(stage, sizes) {
    await using database = await stage.database();
    await using telegram = quickTelegram();
    await fillCards(database.sql, sizes.cards);
    const env = { ...settings(database, { telegram: telegram.url }), ...byWebhook };
    const [ours, empty] = [stage.executable(), stage.executable("test/bench/peers/empty.ts")];
    const ready: number[] = [];
    const found = await rounds(stage.quick ? 1 : sizes.rounds * 3, {
      ours: async () => {
        await using program = await running([ours], env);
        ready.push(program.readyMs);
        return program.servedMs;
      },
      empty: async () => {
        await using program = await running([empty], {});
        return program.servedMs;
      },
    });
    const memory = await memories(stage, telegram, env, sizes);
    const sizeMb = (path: string) => statSync(path).size / 1e6;
    const more = found.ours - found.empty;
    return [
      {
        what: "start to the first served request, migrated database",
        ours: `${shown(found.ours, " ms")}, and ${shown(median(ready), " ms")} to ready`,
        beside: `an empty Elysia: ${shown(found.empty, " ms")}`,
        ...{ ratio: found.ours / found.empty, aim: "at most 60 ms more", met: more <= 60 },
        why: "Of a start on one core 45 % goes by before the program's first line (its code, and what its libraries do when they are loaded), 25 % is a connection that asks whether the database is migrated, 10 % the pool's first one, 7 % what terms are in force.",
      },
      ...memory,
      {
        what: "the executable",
        ours: shown(sizeMb(ours), " MB"),
        beside: `an empty Elysia: ${shown(sizeMb(empty), " MB")}`,
        ...{ ratio: sizeMb(ours) / sizeMb(empty), aim: "at most 130 MB", met: sizeMb(ours) <= 130 },
      },
    ];
  },
};

async function memories(stage: Stage, telegram: QuickTelegram, env: Env, sizes: Sizes): Promise<Line[]> {
  await using program = await running([stage.executable()], env);
  await Bun.sleep(3_000);
  const idle = program.memoryMb();
  let sent = 0;
  /** The middle of what it has while it answers so many: from one collection to the next it goes up and down by a third. */
  const post = async (updates: number) => {
    const who = { firstChat: FIRST_CHAT, chats: sizes.cards, skip: sent };
    const how = { port: program.port, secret: SECRET, text: "/balance", connections: 32, updates };
    const seen = [program.memoryMb()];
    const look = setInterval(() => seen.push(program.memoryMb()), 50);
    sent += (await load({ ...how, ...who }, telegram)).count;
    clearInterval(look);
    return median(seen);
  };
  await post(sizes.warmUpdates);
  const warm = await post(sizes.warmUpdates);
  await post(Math.max(1, sizes.updates - 3 * sizes.warmUpdates));
  const last = await post(sizes.warmUpdates);
  return [
    {
      ...{ what: "memory at rest", ours: shown(idle, " MB"), beside: "", ratio: null },
      ...{ aim: "below 90 MB", met: idle < 90, once: true },
    },
    {
      what: `memory after ${shown(sizes.updates)} updates`,
      ours: shown(last, " MB"),
      beside: `behind the first ${shown(sizes.warmUpdates)}: ${shown(warm, " MB")}, each the median over ${shown(sizes.warmUpdates)} updates`,
      ...{ ratio: last / warm, aim: "at most 1.1", met: last / warm <= 1.1, once: true },
      why: "It goes up and down by a third from one collection of garbage to the next; a soak of an hour is flat (test/REPORT.md).",
      figures: { memory: last },
    },
  ];
}
