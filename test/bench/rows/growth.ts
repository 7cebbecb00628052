// Row: /balance and /history as the ledger grows from ten thousand rows to millions, fifty entries a card.

import { FIRST_CHAT, fillCards, fillLedger } from "../fill.ts";
import { load } from "../load.ts";
import { type Line, type Row, rounds, type Sizes, shown } from "../row.ts";
import { byWebhook, type Database, running, SECRET, type Stage, settings } from "../stage.ts";
import { type QuickTelegram, quickTelegram } from "../telegram.ts";

const entries = 50;
/** A chat may have 20 updates in 10 seconds: the cards of the small ledger are given a rest between the rounds. */
const windowMs = 10_500;
const mostInWindow = (small: number) => (small / entries) * 20;

/** A ledger of so many rows, fifty a card, made once and only read. */
export function grown(stage: Stage, rows: number): Promise<Database> {
  return stage.ledger(rows, async ({ sql }) => {
    const cards = rows / entries;
    await fillCards(sql, cards);
    await fillLedger(sql, { rows, cards, say: stage.say });
  });
}

export const growth: Row = {
  name: "growth",
  minutes: 4,
  async measure(stage, sizes) {
    await using telegram = quickTelegram();
    await using few = await served(stage, telegram, sizes.smallLedger, sizes.questions);
    await using many = await served(stage, telegram, sizes.ledger, sizes.questions);
    for (const { balance, history } of [few, many]) {
      await balance();
      await history();
    }
    const tired = sizes.questions * 4 > mostInWindow(sizes.smallLedger);
    const found = await rounds(sizes.rounds, {
      rest: async () => {
        await Bun.sleep(tired ? windowMs : 0);
        return 0;
      },
      ...{ fewBalance: few.balance, manyBalance: many.balance },
      ...{ fewHistory: few.history, manyHistory: many.history },
    });
    return [
      line("balance", found.fewBalance, found.manyBalance, sizes),
      line("history", found.fewHistory, found.manyHistory, sizes),
    ];
  },
};

/** A program on such a ledger, and the middle time of an answer in milliseconds, one after another. */
async function served(stage: Stage, telegram: QuickTelegram, rows: number, questions: number) {
  const database = await grown(stage, rows);
  const env = { ...settings(database, { telegram: telegram.url }), ...byWebhook };
  const program = await running([stage.executable()], env);
  let skip = 0;
  const ask = (text: string) => async () => {
    const who = { firstChat: FIRST_CHAT, chats: rows / entries, skip };
    const how = { port: program.port, secret: SECRET, text, connections: 1, updates: questions };
    const { count, p50 } = await load({ ...how, ...who }, telegram);
    skip += count;
    return p50;
  };
  return Object.assign(program, { balance: ask("/balance"), history: ask("/history") });
}

function line(name: string, few: number, many: number, sizes: Sizes): Line {
  return {
    what: `/${name} with ${shown(sizes.ledger)} rows in the ledger, middle time`,
    ours: shown(many, " ms"),
    beside: `with ${shown(sizes.smallLedger)}: ${shown(few, " ms")}`,
    ...{ ratio: many / few, aim: "at most 1.15", met: many / few <= 1.15 },
    why: "The plan is the same, and by keys alone. A page of the history touches some 73 pages of the database where the small ledger has 57: the indexes of rows, visits and lots are a level deeper; and its five rows and visits lie where nobody has looked just before, so that what shared_buffers (128 MB) has not kept comes from the system's cache.",
  };
}
