// Row: a webhook of YCLIENTS to the committed row, and to the message with with SETTLE_SECONDS=0.

import type { Person } from "../../../src/standins/telegram/people.ts";
import { startTelegram } from "../../../src/standins/telegram/server.ts";
import { Journal } from "../../../src/standins/yclients/journal.ts";
import { startYclients } from "../../../src/standins/yclients/server.ts";
import { FIRST_CHAT, fillCards } from "../fill.ts";
import { median, type Row, shown } from "../row.ts";
import { BRANCH, byWebhook, type Database, running, settings } from "../stage.ts";

const secret = "hints-of-the-bench-0123456789";

export const hint: Row = {
  name: "hint",
  minutes: 1,
  async measure(stage, sizes) {
    await using database = await stage.database();
    await fillCards(database.sql, 1);
    const env = settings(database, { telegram: "" });
    const journal = new Journal();
    journal.addCompany({ id: BRANCH, title: "Салон", timeZone: "Europe/Moscow" });
    const yclients = startYclients({ journal, partnerToken: "partner", userToken: "user" });
    const telegram = startTelegram({ token: env.FATHERBOT_TOKEN ?? "" });
    await using ends = new AsyncDisposableStack();
    ends.defer(() => telegram.stop());
    ends.defer(() => yclients.stop());
    const anna = telegram.person({ id: FIRST_CHAT, firstName: "Анна", phone: "+79000000001" });
    anna.chat.started = true;
    const program = ends.use(
      await running([stage.executable()], {
        ...{ ...env, ...byWebhook, TELEGRAM_API_ROOT: telegram.url, YCLIENTS_API_URL: yclients.url },
        ...{ YCLIENTS_WEBHOOK_SECRET: secret, SETTLE_SECONDS: "0", QUIET_HOURS: "off" },
        PROGRAM_START: "2026-01-01",
      }),
    );
    await Bun.sleep(2_000);
    yclients.webhook(`${program.url}/yclients/webhook/${secret}`);
    const salon = { database, journal, anna };
    const [committed, told]: [number[], number[]] = [[], []];
    for (let visit = 0; visit < sizes.visits; visit++) {
      const took = await pay(salon);
      committed.push(took.committed);
      told.push(took.told);
    }
    return [line("committed", committed, 500), line("told, with SETTLE_SECONDS=0", told, 1_000)];
  },
};

/** Books a visit and pays it: milliseconds from then to its row, and to the message about it. */
async function pay({ database, journal, anna }: { database: Database; journal: Journal; anna: Person }) {
  const before = anna.lastMessage()?.message_id ?? 0;
  const id = journal.book({
    ...{ companyId: BRANCH, startsAt: new Date(Date.now() - 3_600_000) },
    client: { id: 31, name: "Анна", phone: "+79000000001" },
    services: [{ title: "Стрижка", cost: 100_000 }],
  });
  await Bun.sleep(1_000 + Math.random() * 1_000); // the booking has been read, and no timer of ours is met
  const began = performance.now();
  journal.pay(id);
  while ((await database.sql`select from bonuslog where record_id = ${id}`).length === 0) await Bun.sleep(2);
  const committed = performance.now() - began;
  await anna.waitForMessage("", { after: before, ms: 60_000 });
  return { committed, told: performance.now() - began };
}

function line(to: string, took: number[], most: number) {
  const [middle, slowest] = [median(took), Math.max(...took)];
  return {
    what: `YCLIENTS's webhook to ${to}`,
    ours: `${shown(middle, " ms")} in the middle of ${took.length}, at most ${shown(slowest, " ms")}`,
    beside: "a pass a minute: 30 s in the mean, by its timetable",
    ...{ ratio: middle / 30_000, once: true, aim: `below ${most / 1_000} s`, met: slowest < most },
  };
}
