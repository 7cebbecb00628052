// Row: fifty spends confirmed at once, on one card and on fifty, to the last one committed and answered; beside pgbench with
// the same transaction from as many connections as the program's pool has.

import { connections } from "../../../src/app/parts.ts";
import { fillCards } from "../fill.ts";
import { pgbench, tool } from "../pgbench.ts";
import { type Line, type Row, rounds, shown } from "../row.ts";
import { firstScreen, spendScript } from "../spend-script.ts";
import { settings } from "../stage.ts";
import { allCommitted, atOnce, fillPurses, openTill } from "../till.ts";

export const spend: Row = {
  name: "spend",
  minutes: 1,
  async measure(stage, sizes) {
    await using database = await stage.database();
    const { sql } = database;
    await fillCards(sql, atOnce);
    await fillPurses(sql);
    await sql`
      insert into screens (bot, account, asked, step, client_id, expires_at)
      select 1, 'telegram:' || ${firstScreen}::int + n, 1, 'closed', 1, now() + interval '1 day' from generate_series(0, ${connections}::int) n`;
    const till = await openTill(stage, settings(database, { telegram: "" }));
    await using _ = till;
    const ours = (cards: number) => async () => {
      const taps = await till.ready(cards);
      const began = performance.now();
      // An answer comes after its commit, whose own time nothing tells.
      await Promise.all(taps.map(till.tap));
      const seconds = (performance.now() - began) / 1_000;
      await allCommitted(sql);
      return atOnce / seconds;
    };
    const peer = (cards: number) => () =>
      pgbench(database.url, {
        ...{ folder: stage.folder, clients: connections, script: spendScript(cards) },
        each: 4 * Math.ceil(atOnce / connections), // no more, for the card's rows are summed every time
      });
    await ours(atOnce)(); // to be warm
    const found = await rounds(stage.quick ? 1 : sizes.rounds * 3, {
      ...{ one: ours(1), fifty: ours(atOnce) },
      ...(tool("pgbench")
        ? { peerOne: peer(1), peerFifty: peer(atOnce) }
        : { peerOne: null, peerFifty: null }),
    });
    return [line("one card", found.one, found.peerOne), line("50 cards", found.fifty, found.peerFifty)];
  },
};

function line(on: string, ours: number, peer: number | null): Line {
  return {
    what: `spend: 50 confirmed at once on ${on}, to the last one committed and answered`,
    ours: `${shown(ours)}/s`,
    beside: peer === null ? "no pgbench here" : `pgbench, the same transaction: ${shown(peer)}/s`,
    ratio: peer === null ? null : ours / peer,
    ...{ aim: "at least 0.5", met: peer === null ? null : ours / peer >= 0.5 },
    figures: { spends: ours },
  };
}
