/** A stand-in YCLIENTS with loyalty, asked over HTTP as by anybody: a branch, a type of cards, Anna and her card. */
import { Journal } from "../../src/standins/yclients/journal.ts";
import { ChainLoyalty } from "../../src/standins/yclients/loyalty.ts";
import type { LoyaltyReading } from "../../src/standins/yclients/readings.ts";
import type { ServiceInput } from "../../src/standins/yclients/record.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";

/** An answer: its status and its parsed body. */
// biome-ignore lint/suspicious/noExplicitAny: what comes is what the tests are about
type LoyalAnswer = { status: number; body: any };

export const MOSCOW = 4242;
export const ANNA = { id: 9001, name: "Анна", phone: "+79001234567" };

const HEADERS = {
  Accept: "application/vnd.yclients.v2+json",
  Authorization: "Bearer partner, User user",
  "Content-Type": "application/json",
};

/** By the careful reading, but for what `reading` says. */
export function openLoyalSalon(reading: Partial<LoyaltyReading> = {}) {
  const clock = { now: new Date("2026-03-10T10:00:00Z") };
  const now = () => clock.now;
  const journal = new Journal({ now, overpaid: 2 });
  journal.addCompany({ id: MOSCOW, title: "Салон", timeZone: "Europe/Moscow" });
  const loyalty = new ChainLoyalty({ journals: [journal], now, reading });
  const free = { perMinute: 0, perSecond: 0 };
  const tokens = { partnerToken: "partner", userToken: "user" };
  const yclients = startYclients({ journal, loyalty, ...tokens, now, ...free });
  const type = loyalty.addType({ companies: [MOSCOW] });
  const ask = async (method: string, path: string, body?: object): Promise<LoyalAnswer> => {
    const sent = body && { body: JSON.stringify(body) };
    const answer = await fetch(yclients.url + path, { method, headers: HEADERS, ...sent });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
  };
  const book = (services: ServiceInput[], visitId?: number, companyId = MOSCOW) => {
    const recordId = journal.book({
      ...{ companyId, client: ANNA, startsAt: clock.now, services },
      ...(visitId !== undefined && { visitId }),
    });
    return { companyId, recordId };
  };
  const visitOf = (recordId: number) => journal.record(recordId).visit_id;
  const withdrawing = (recordId: number) => ({ record_id: recordId, visit_id: visitOf(recordId) });
  return {
    ...{ clock, journal, loyalty, yclients, type, ask, book, visitOf },
    /** Anna's card with so much on it. */
    card: (kopecks: number) => {
      const { id } = loyalty.issue(type.id, ANNA.phone);
      if (kopecks > 0) loyalty.moveByHand(id, kopecks);
      return id;
    },
    wait: (ms: number) => {
      clock.now = new Date(clock.now.getTime() + ms);
    },
    apply: (card: number, recordId: number, amount: number) =>
      ask("POST", `/visit/loyalty/apply_card_withdrawal/${MOSCOW}/${card}`, {
        ...withdrawing(recordId),
        amount,
      }),
    cancel: (card: number, recordId: number) =>
      ask("POST", `/visit/loyalty/cancel_card_withdrawal/${MOSCOW}/${card}`, withdrawing(recordId)),
    move: (card: number, amount: number) =>
      ask("POST", `/company/${MOSCOW}/loyalty/cards/${card}/manual_transaction`, {
        amount,
        title: "проверка",
      }),
    /** The withdrawals of the record's visit, as sums in roubles to the kopeck. */
    rows: async (recordId: number) => {
      const { body } = await ask("GET", `/visit/loyalty/transactions/${visitOf(recordId)}`);
      const rows: { amount: number }[] = body.data ?? body;
      return rows.map((row) => Math.round(row.amount * 100) / 100);
    },
    balance: (card: number) => loyalty.card(card).kopecks,
    record: async (recordId: number) => (await ask("GET", `/record/${MOSCOW}/${recordId}`)).body.data,
    sale: async (recordId: number) =>
      (await ask("GET", `/company/${MOSCOW}/sale/${recordId + 100_000_000}`)).body.data,
  };
}

export type LoyalSalon = ReturnType<typeof openLoyalSalon>;
