// A refunded visit that points were spent on: owners get one button, once; nothing comes back by itself.

import { expect } from "bun:test";
import type { Reading } from "../../src/yclients/record.ts";
import { accountHere } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";
import {
  ask,
  journalOf,
  labels,
  last,
  offer,
  rows,
  shown,
  tap,
  tillSalon,
  toast,
} from "../helpers/till-salon.ts";

const test = testIn(spentSalon);
const onEither = test.either;

/** Irina and Pavel are owners; Olga has spent 340 of Anna's points on record 101 of 3 500. */
async function spentSalon(before: Partial<Reading>[] = [{}]) {
  const salon = await tillSalon({ ownerIds: ["telegram:700", "telegram:701"] }, 34_024);
  const { olga, irina } = salon;
  const pavel = salon.person({ id: 701, firstName: "Павел" });
  const read = await journalOf(salon);
  for (const owner of [irina, pavel]) await owner.start();
  for (const changes of before) await read(changes);
  await ask(olga, "89001234567 3500", "Списать 340");
  return Object.assign(salon, {
    pavel,
    read,
    offer: (bot?: number) => offer(salon, [700, 701].map(accountHere), bot),
    offers: (id: number) => salon.said(id).filter((one) => /списаны/.test(one)),
  });
}
const paid = { paidFull: true, attendance: 1, price: 316_000, servicesPaid: 316_000 };

onEither(
  "a refund is offered to each owner once, and the points come back once, whoever taps",
  async (salon) => {
    const { irina, pavel, read, offer, offers } = salon;
    await read(paid);
    await offer();
    expect(offers(700)).toEqual([]);
    await read({ ...paid, paidFull: false, servicesPaid: 0 });
    await offer();
    await offer();
    for (const owner of [irina, pavel]) {
      expect(last(owner)).toBe(
        "Оплата визита 12 марта возвращена. За него списаны баллы: Анна …4567, 340 баллов. Сами они не вернутся: решать вам.",
      );
      expect(labels(owner)).toEqual(["Вернуть 340 баллов"]);
      expect(offers(owner.user.id)).toHaveLength(1);
    }
    expect((await rows(salon)).filter((row) => !row.includes("sync"))).toEqual(["spend -340 admin:601"]);
    await Promise.all([irina.tap("Вернуть 340"), pavel.tap("Вернуть 340")]);
    expect(`${last(irina)}${last(pavel)}`).toContain("340 баллов на карте клиента, теперь там 340,24.");
    for (const owner of [irina, pavel]) await owner.tapAgain();
    expect((await rows(salon)).filter((row) => row.startsWith("credit"))).toHaveLength(1);
    const [given] = await salon.sql`select reason, corrects, key, points from bonuslog where key = 'undo:2'`;
    expect(given).toEqual({ reason: "back_refund", corrects: "2", key: "undo:2", points: "340.00" });
    for (const owner of [irina, pavel]) expect(labels(owner)).toEqual([]);
    expect(last(irina)).toMatch(/Баллы уже вернули: владелец (Ирина|Павел), 14:22\.$/);
    await salon.olga.tap("Отменить до");
    expect(toast(salon.olga)).toStartWith("Анна …4567. Уже отменено в 14:22");
    await offer();
    expect(offers(700)).toHaveLength(1);
    await expectSound(salon.db);
  },
);

onEither(
  "an unpaid record that is deleted or a no-show is offered too; one paid in part or still awaited is not",
  async () => {
    for (const [changes, words] of [
      [{ deleted: true }, "Визит 12 марта удалён."],
      [{ attendance: -1 }, "Визит 12 марта отмечен как несостоявшийся."],
      [{}, null],
      [{ price: 360_000 }, null],
      [{ servicesPaid: 100_000 }, null],
    ] as const) {
      await using salon = await spentSalon();
      await salon.read(changes);
      await salon.offer();
      expect(salon.offers(701).map((one) => one.split(" За него")[0] ?? "")).toEqual(
        words === null ? [] : [words],
      );
    }
  },
);

onEither(
  "a refund from before the spend is not offered when the price is lowered, as the till says",
  async () => {
    const full = { paidFull: true, attendance: 1, servicesPaid: 350_000 };
    await using salon = await spentSalon([full, { attendance: 1 }]);
    await salon.read({ attendance: 1, price: 316_000 });
    await salon.offer();
    expect(salon.offers(700)).toEqual([]);
    await salon.read(paid);
    await salon.read({ ...paid, paidFull: false, servicesPaid: 0 });
    await salon.offer();
    expect(salon.offers(700)).toHaveLength(1);
  },
);

onEither("what was undone at the till is not offered, and an offer of before says so", async (salon) => {
  await salon.olga.tap("Отменить до");
  await salon.read({ deleted: true });
  await salon.offer();
  expect(salon.offers(700)).toEqual([]);

  await using other = await spentSalon();
  await other.read({ deleted: true });
  await other.offer();
  await other.olga.tap("Отменить до");
  expect(await tap(other.irina, "Вернуть 340")).toEndWith("Баллы уже вернули: кассир Ольга, 14:22.");
  expect((await rows(other)).filter((row) => row.startsWith("credit"))).toEqual([]);
});

onEither(
  "a visit that is paid again gives nothing back; admins and clients do not have the button",
  async (salon) => {
    const { irina, olga, anna } = salon;
    await salon.read(paid);
    await salon.read({ ...paid, paidFull: false, servicesPaid: 0 });
    await salon.offer();
    const message = shown(irina);
    await salon.read(paid);
    await irina.tap("Вернуть 340", { message });
    expect(last(irina)).toBe("Визит снова действует, возвращать пока нечего.");
    await olga.tap({ data: "rf:2" });
    await anna.start();
    await anna.tap({ data: "rf:2" });
    expect((await rows(salon)).filter((row) => row.startsWith("credit"))).toEqual([]);
    await salon.read({ ...paid, deleted: true });
    await salon.offer();
    await irina.tap("Вернуть 340", { message });
    expect((await rows(salon)).filter((row) => row.startsWith("credit"))).toHaveLength(1);
    expect(salon.offers(601)).toEqual([]);
  },
);

onEither("an owner who could not be reached is tried again, the others are not told twice", async (salon) => {
  await salon.pavel.block();
  await salon.read({ deleted: true });
  await salon.offer();
  await salon.pavel.unblock();
  await salon.offer();
  expect([salon.offers(700).length, salon.offers(701).length]).toEqual([1, 0]);
  await salon.sql`update refund_offers set due_at = now() - interval '1 second'`;
  await salon.offer();
  expect([salon.offers(700).length, salon.offers(701).length]).toEqual([1, 1]);
  await expectTable(salon.sql, "select spend_id, told, taken_by from refund_offers", [
    { spend_id: 2, told: [accountHere(700), accountHere(701)], taken_by: null },
  ]);
});

onEither("a visit that had fallen through before points were spent is no refund of them", async (salon) => {
  await salon.read({ attendance: -1 });
  await salon.sql`update visits set decided_at = (select min(awarded_at) - interval '1 second' from bonuslog)`;
  await salon.offer();
  expect([...salon.offers(700), ...salon.offers(701)]).toEqual([]);
});

onEither(
  "a record that was deleted unpaid and is restored is awaited again: its offer gives nothing back",
  async (salon) => {
    await salon.read({ deleted: true });
    await salon.offer();
    await salon.read({});
    const before = await rows(salon);
    await salon.irina.tap(labels(salon.irina)[0] ?? "");
    expect(await rows(salon)).toEqual(before);
  },
);

onEither(
  "a new bot offers again what only the bot before has a button for, and an upgrade offers nothing twice",
  async (salon) => {
    const { offer, offers, sql, read, irina } = salon;
    await read({ deleted: true });
    await offer();
    expect(offers(700)).toHaveLength(1);
    await sql`update refund_offers set bot = null`;
    await offer();
    expect(offers(700)).toHaveLength(1);
    await offer(7000000002);
    // Two bots side by side do not take it from each other at every round.
    for (const bot of [7000000002, salon.channel.bot, 7000000002, salon.channel.bot]) await offer(bot);
    expect(offers(700)).toHaveLength(2);
    await irina.tap("Вернуть");
    await offer();
    expect(offers(700)).toHaveLength(2);
  },
);

onEither("what fell through a month ago is not offered anew by a new bot", async (salon) => {
  const { offer, offers, sql, read } = salon;
  await read({ deleted: true });
  await offer();
  await sql`update visits set decided_at = decided_at - interval '31 days'`;
  await offer(7000000002);
  expect(offers(700)).toHaveLength(1);
});
