// Row: an admin's tap that spends, where spends settle: to the visit's bill lowered in the journal by so much.

import { passTrial } from "../../helpers/passed-trial.ts";
import { median, type Row, shown } from "../row.ts";
import { openSalon, phoneOf, type Salon } from "../salon.ts";
import { BRANCH } from "../stage.ts";
import { changeOf, post, tapOf } from "../till.ts";

const admin = 9_001;
/** YCLIENTS takes five requests a second from an address; the program makes four. */
const turnMs = 250;

export const settling: Row = {
  name: "settling",
  minutes: 1,
  async measure(stage, sizes) {
    const spends = Math.min(8, sizes.visits);
    await using salon = await openSalon(stage, {
      cards: spends,
      env: { SPEND_SETTLES: "on", ADMINS_IDS: String(admin), PROGRAM_START: "2026-01-01" },
      prepare: ({ database: { sql }, loyalty }) => {
        const { id: cardType } = loyalty.addType({ companies: [BRANCH] });
        const { billPrices, recordPrices } = loyalty.reading;
        const falls = { billFalls: billPrices === "fall", recordPriceFalls: recordPrices === "fall" };
        return passTrial(sql, { company: BRANCH, cardType, chain: loyalty.id, ...falls });
      },
    });
    const [answered, settled]: [number[], number[]] = [[], []];
    const before = salon.yclients.requests.length;
    for (let card = 1; card <= spends; card++) {
      // Behind it the next has turns to ask again: 150 a minute.
      if (!stage.quick) await Bun.sleep(4_000);
      const took = await spend(salon, card);
      answered.push(took.answered);
      settled.push(took.settled);
    }
    const asked = (salon.yclients.requests.length - before) / spends;
    const turns = asked * turnMs;
    const said = (took: number[]) =>
      `${shown(median(took), " ms")} in the middle of ${took.length}, at most ${shown(Math.max(...took), " ms")}`;
    const slowest = Math.max(...settled);
    return [
      {
        what: "a spend that settles: from the tap to the visit's bill lowered and the card in the journal empty",
        ours: `${said(settled)}; the answer at the till ${said(answered)}`,
        beside: `its ${shown(asked)} requests to YCLIENTS, four a second: ${shown(turns, " ms")}`,
        ...{ ratio: median(settled) / turns, once: true },
        ...{ aim: "below 5 s, the answer below 2 s", met: slowest < 5_000 && Math.max(...answered) < 2_000 },
      },
    ];
  },
};

/** A visit of this card's, its bill opened at the till, and the tap: milliseconds to the till's answer, and to the journal's. */
async function spend(salon: Salon, card: number) {
  const { journal, loyalty, program, database, telegram } = salon;
  const record = salon.book(card);
  const { visit_id: visit, client } = journal.record(record);
  await database.sql`
    insert into bonuslog (client_id, kind, points, actor, key, is_telegram_notified)
    values (${card}, 'credit', 10000, 'admin:901', ${`start:${card}`}, true)`;
  await database.sql`insert into yclients_clients (yclients_client_id, client_id) values (${client?.id ?? 0}, ${card})`;
  await database.sql`
    insert into visits (record_id, company_id, client_id, yclients_client_id, visit_id, starts_at, day, deleted, paid_full, attendance, price,
      services_paid, goods_paid, read_at, decision)
    values (${record}, ${BRANCH}, ${card}, ${client?.id ?? 0}, ${visit}, now(), (now() at time zone 'Europe/Moscow')::date, false, false, 0, 1000,
      0, 0, now(), 'not_paid')`;
  const olga = salon.person(admin, "Ольга");
  await olga.say(`${phoneOf(card)} 1000`);
  await telegram.idle();
  const tap = tapOf(olga);
  const [began, seen] = [performance.now(), changeOf(telegram, admin)];
  const at = { companyId: BRANCH, recordId: record };
  const lowered = () => loyalty.rowsOf(loyalty.visitAt(at)).some((row) => row.stands);
  void post(`${program.url}/telegram/webhook`, tap);
  while (!lowered() && performance.now() - began < 30_000) await Bun.sleep(1);
  if (!lowered()) throw new Error(`the bill stands as it was: ${olga.lastMessage()?.text}`);
  const settled = performance.now() - began;
  return { settled, answered: (await seen) - began };
}
