// A program with a journal and a Telegram that behave as the real ones do, for rows in which it is the whole way that is measured.

import { startTelegram } from "../../src/standins/telegram/server.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { ChainLoyalty } from "../../src/standins/yclients/loyalty.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";
import { FIRST_CHAT, fillCards } from "./fill.ts";
import { BRANCH, byWebhook, type Database, type Env, running, type Stage, settings } from "./stage.ts";

export type Salon = Awaited<ReturnType<typeof openSalon>>;

export const phoneOf = (card: number) => `+7900${String(card).padStart(7, "0")}`;

/** So many linked cards and their clients; `prepare` changes the database before the program begins. */
export async function openSalon(
  stage: Stage,
  {
    cards,
    env,
    prepare = async () => {},
  }: { cards: number; env: Env; prepare?: (of: Prepared) => Promise<unknown> },
) {
  await using ends = new AsyncDisposableStack();
  const database = ends.use(await stage.database());
  await fillCards(database.sql, cards);
  const journal = new Journal();
  journal.addCompany({ id: BRANCH, title: "Салон", timeZone: "Europe/Moscow" });
  // Nobody waits here for a list that lags, as the vendor's may.
  const loyalty = new ChainLoyalty({
    journals: [journal],
    now: () => new Date(),
    reading: { chainLagMs: 0 },
  });
  const yclients = startYclients({ journal, loyalty, partnerToken: "partner", userToken: "user" });
  ends.defer(() => yclients.stop());
  await prepare({ database, loyalty });
  const plain = settings(database, { telegram: "", yclients: yclients.url });
  const telegram = startTelegram({ token: plain.FATHERBOT_TOKEN ?? "" });
  ends.defer(() => telegram.stop());
  const person = (id: number, firstName: string) => {
    const one = telegram.person({ id, firstName });
    one.chat.started = true;
    return one;
  };
  const clients = Array.from({ length: cards }, (_, at) => person(FIRST_CHAT + at, "Анна"));
  const program = ends.use(
    await running([stage.executable()], {
      ...plain,
      ...byWebhook,
      TELEGRAM_API_ROOT: telegram.url,
      DIGEST_AT: "off",
      ...env,
    }),
  );
  telegram.webhook.reroute = () => `${program.url}/telegram/webhook`;
  while (telegram.webhook.url === "") await Bun.sleep(5); // before that nobody is heard
  const all = ends.move();
  return {
    ...{ database, journal, loyalty, yclients, telegram, clients, program, person },
    /** A visit of this card an hour ago, of a thousand roubles, not paid. Its number. */
    book: (card: number) =>
      journal.book({
        ...{ companyId: BRANCH, startsAt: new Date(Date.now() - 3_600_000) },
        client: { id: 30 + card, name: "Анна", phone: phoneOf(card) },
        services: [{ title: "Стрижка", cost: 100_000 }],
      }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

interface Prepared {
  database: Database;
  loyalty: ChainLoyalty;
}
