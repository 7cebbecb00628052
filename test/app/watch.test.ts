/** The rounds that look after settled spends: what owners are told, what is counted, and nothing at all where none is. */
import { expect, test } from "bun:test";
import { alarmText } from "../../src/alarms/alarms.texts.ts";
import type { Parts } from "../../src/app/parts.ts";
import { emptyCardsOfToday, watchAll } from "../../src/app/rounds.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const partsOf = ({ db, settling }: SettlingSalon, emptied: number[] = []) =>
  ({
    db,
    watching: settling,
    log: settling.log,
    metrics: { emptied: (cards: number) => emptied.push(cards) },
  }) as unknown as Parts;

const alarms = ({ sql }: SettlingSalon) => sql<{ about: string; detail: string; over: boolean }[]>`
  select about, detail, over_at is not null as over from alarms`;

async function spent(salon: SettlingSalon) {
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, 50_000);
  await salon.work();
  return { recordId, card: (await salon.one(row)).reservedCard ?? 0 };
}

test("a salon that settles nothing is asked nothing and told nothing", async () => {
  await using salon = await settlingSalon();
  salon.yclients.requests = [];
  for (const which of ["all", "changed"] as const) await watchAll(partsOf(salon), which);
  await emptyCardsOfToday(partsOf(salon));
  expect(salon.yclients.requests).toEqual([]);
  expect([...(await alarms(salon))]).toEqual([]);
});

test("owners hear of a visit that a card pays although nothing was spent on it, and of its end", async () => {
  await using salon = await settlingSalon({ chainLagMs: 0 });
  const { card } = await spent(salon);
  const { recordId } = salon.book([{ title: "Укладка", cost: 316_000 }]);
  salon.loyalty.moveByHand(card, 10_000);
  await salon.apply(card, recordId, 100);
  await watchAll(partsOf(salon), "all");
  await watchAll(partsOf(salon), "all");
  const raised = [...(await alarms(salon))];
  expect(raised).toEqual([
    { about: "foreign withdrawals", detail: String(salon.visitOf(recordId)), over: false },
  ]);
  expect(alarmText({ ...raised[0], over: false } as never, new Map())).toContain(
    `номера визитов: ${salon.visitOf(recordId)}`,
  );
  await salon.sql`update alarms set told = array['telegram:1']`;
  salon.yclients.faults.next({ path: /chain/, status: 403 });
  await watchAll(partsOf(salon), "all");
  expect((await alarms(salon))[0]?.over).toBe(false);
  await salon.cancel(card, recordId);
  await watchAll(partsOf(salon), "all");
  expect((await alarms(salon))[0]?.over).toBe(true);
});

test("what lies on a card of the day is taken off by the hour, and counted", async () => {
  await using salon = await settlingSalon();
  const { card } = await spent(salon);
  salon.loyalty.moveByHand(card, 10_000);
  const emptied: number[] = [];
  await emptyCardsOfToday(partsOf(salon, emptied));
  await emptyCardsOfToday(partsOf(salon, emptied));
  expect(emptied).toEqual([1, 0]);
  expect(salon.balance(card)).toBe(0);
});
