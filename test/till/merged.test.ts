// A card without a phone that was worked with at the till, and then went into the card of the phone that the journal learnt.

import { expect } from "bun:test";
import { handChanges, unpaidVisits } from "../../src/owners/digests.store.ts";
import { openScreen, recallScreen, type Screen } from "../../src/till/screens.ts";
import { act, takeBack } from "../../src/till/till.ts";
import type { Reading } from "../../src/yclients/record.ts";
import { accountHere } from "../helpers/both.ts";
import { shop } from "../helpers/salon-bot.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";
import {
  ask,
  journalOf,
  labels,
  last,
  offer,
  PHONE,
  rows,
  tap,
  tillSalon,
  toast,
} from "../helpers/till-salon.ts";

const walks = testIn(nameless);
const onEither = walks.either;

const OTHER = "+79005550000";

/** Anna is in the journal without a phone, her record 101 of 3 500 is of today, and Olga has opened it: 2 000 points. */
async function nameless(changes: Parameters<typeof tillSalon>[0] = {}) {
  const salon = await tillSalon(changes);
  const { sql, olga } = salon;
  const record = await journalOf(salon);
  const read = (phone: string | null, changes: Partial<Reading> = {}) =>
    record({ client: { id: 11, name: "Анна", phone }, ...changes });
  await read(null);
  await sql`insert into clients (phone, name) values (${PHONE}, 'Анна')`;
  await sql`insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 2000, 'admin:1', 'op:1:1')`;
  await ask(olga, "/today", "13:00 Анна");
  /** The journal learns the phone: card 1 goes into card 2. */
  const merge = () => read(PHONE);
  const held = async () =>
    (await sql`select client_id, trim_scale(balance) as holds from balances order by 1`).map(
      (row) => `card ${row.client_id}: ${row.holds}`,
    );
  return Object.assign(salon, { read, merge, held });
}

onEither(
  "what was spent before the merge and is undone after it comes back to the card where it went",
  async (salon) => {
    const { olga, merge, held, sql, db } = salon;
    await olga.tap("Списать 2 000");
    await merge();
    expect(await held()).toEqual(["card 1: 0"]);
    await olga.tap("Отменить");
    expect(await rows(salon, 2)).toEqual(["undo 2000 admin:601"]);
    expect(await held()).toEqual(["card 1: 0", "card 2: 2000"]);
    expect(last(olga)).toContain("…4567");
    const [card] = await sql`select merged_into, merged_at is not null as at from clients where id = 1`;
    expect(card).toEqual({ merged_into: "2", at: true });
    await expectSound(db);
  },
);

onEither(
  "a credit spent after the merge cannot be undone: the card where it went is what counts",
  async (salon) => {
    const { olga, marina, merge, held } = salon;
    await olga.tap("Начислить");
    await ask(olga, "500 за отзыв", "Начислить 500");
    await merge();
    expect(await held()).toEqual(["card 1: 0", "card 2: 2500"]);
    await ask(marina, "89001234567 2501", "Списать 2 500");
    await olga.tap("Отменить");
    expect(toast(olga)).not.toBe("");
    expect(await held()).toEqual(["card 1: 0", "card 2: 0"]);
  },
);

onEither("a bill that was open when the card went is spent where it went, and never twice", async (salon) => {
  const { olga, marina, merge, held } = salon;
  await ask(marina, "/today", "13:00 Анна");
  await olga.tap("Списать 2 000");
  await salon.sql`insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 3000, 'admin:1', 'op:1:2')`;
  await merge();
  await marina.tap("Списать 2 000");
  expect(await held()).toEqual(["card 1: 0", "card 2: 3000"]);
  expect(last(marina)).toContain("Ольга");
  await marina.tap("Другой счёт: списать");
  expect(await held()).toEqual(["card 1: 0", "card 2: 1000"]);
  const [spend] = await salon.sql`select record_id from spends order by id desc limit 1`;
  expect(spend?.record_id).toBe("101");
  await expectSound(salon.db);
});

onEither("an owner agrees after the merge: the points are taken where they are", async () => {
  await using salon = await nameless({ secondAdminAbove: 100_000 });
  const { olga, irina, merge, held } = salon;
  await irina.start();
  await olga.tap("Списать 2 000");
  await merge();
  await irina.tap("Подтвердить");
  expect(await held()).toEqual(["card 1: 0", "card 2: 0"]);
  expect(last(olga)).toContain("Списано 2 000");
});

onEither("the owners' refund button gives back to the card where it went, under its name", async (salon) => {
  const { olga, irina, merge, held, read, db } = salon;
  await irina.start();
  await olga.tap("Списать 2 000");
  const lowered = { price: 150_000, servicesPaid: 150_000, paidFull: true, attendance: 1 };
  await read(null, lowered);
  await merge();
  await read(PHONE, { ...lowered, servicesPaid: 0, paidFull: false });
  await offer(salon, [accountHere(700)]);
  expect(last(irina)).toContain("Анна …4567");
  expect(await tap(irina, "Вернуть 2 000")).toContain("теперь там 2 000");
  expect(await held()).toEqual(["card 1: 0", "card 2: 2000"]);
  await expectSound(db);
});

onEither("where the points came from is said of both cards as one", async (salon) => {
  const { olga, anna, merge, read } = salon;
  await olga.tap("Списать 2 000");
  await salon.sql`insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 70, 'admin:1', 'op:1:2')`;
  await merge();
  await read(PHONE, { price: 150_000, servicesPaid: 150_000, paidFull: true, attendance: 1 });
  expect(await ask(olga, "/why 89001234567")).toContain(
    "Итого 85 баллов: за все визиты +15, списано на кассе −2 000, вручную +2 070.",
  );
  await anna.start();
  await anna.tap("Согласен");
  expect(await ask(anna, "/history")).toContain("Ваши карты объединены: баллы второй карты");
  expect(last(anna)).not.toContain("прежней программ");
});

onEither("a screen read before the merge and stored after it shows the card where it went", async (salon) => {
  const { db, merge } = salon;
  const till = { bot: 7000000001, db, now: salon.clock.now, rules: shop };
  const key = { bot: 7000000001, account: accountHere(601), asked: 1 };
  await openScreen(till, key, { by: "card", card: 1, bill: 350_000 });
  await merge();
  // What a statement that began before the merge writes when it goes through behind it.
  await salon.sql`update screens set client_id = 1 where asked = 1`;
  expect((await recallScreen(till, key))?.card).toBe(2);
});

onEither(
  "a tap that was on its way while the card went changes nothing, an undo finds the card",
  async (salon) => {
    const { db, sql, merge, held } = salon;
    await sql`insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 500, 'admin:1', 'op:1:2')`;
    const till = { bot: 7000000001, db, now: salon.clock.now, rules: shop };
    const wanted = { by: "card", card: 1, bill: 350_000 } as const;
    const screens: Screen[] = [];
    for (const asked of [1, 2]) {
      const opened = await openScreen(till, { bot: 7000000001, account: accountHere(601), asked }, wanted);
      if ("screen" in opened) screens.push(opened.screen);
    }
    const [first, second] = screens;
    if (!first || !second) throw new Error("two screens were to be open");
    const done = await act(till, { ...first, points: 100_000 }, null);
    expect(done.kind).toBe("done");
    await merge();
    expect(await act(till, { ...second, points: 50_000, seen: 99 }, null)).toMatchObject({
      kind: "changed",
      screen: { card: 2 },
    });
    expect(await held()).toEqual(["card 1: 0", "card 2: 1500"]);
    expect((await takeBack(till, { ...done.screen, card: 1 }, accountHere(602), false)).kind).toBe("done");
    expect(await held()).toEqual(["card 1: 0", "card 2: 2500"]);
  },
);

onEither(
  "the ledger refuses a card that has gone, and a card goes once, for good, with all its points",
  async (salon) => {
    const { sql, merge } = salon;
    await merge();
    const refused = async (work: PromiseLike<unknown>) => {
      try {
        await work;
        return "taken";
      } catch (error) {
        return String(Object(error).constraint_name);
      }
    };
    for (const kind of ["credit", "opening", "undo", "correction", "move"])
      expect(
        await refused(sql`
        insert into bonuslog (client_id, kind, points, actor, key, corrects)
        values (1, ${kind}, 5, 'admin:1', ${`x:${kind}`}, ${kind === "undo" || kind === "correction" ? 1 : null})`),
      ).toBe("cards_that_went_into_another_get_no_rows");
    await sql`insert into clients (phone) values (${OTHER}), (null), (null)`;
    expect(await refused(sql`update clients set merged_into = null, merged_at = null where id = 1`)).toBe(
      "a_merge_is_for_good",
    );
    const into = (from: number, to: number) =>
      refused(sql`update clients set merged_into = ${to}, merged_at = now() where id = ${from}`);
    expect(await into(4, 1)).toBe("a_merge_is_for_good");
    expect(await into(4, 4)).toBe("a_card_goes_into_another");
    expect(await into(3, 2)).toBe("merged_cards_hold_nothing");
    await sql`insert into bonuslog (client_id, kind, points, actor, key) values (4, 'credit', 5, 'admin:1', 'k:9')`;
    expect(await into(4, 2)).toBe("a_card_goes_with_all_its_points");
    expect(await into(5, 2)).toBe("taken");
  },
);

onEither("what the digest says of a spend is said of the card where it went", async (salon) => {
  const { olga, merge, sql, db } = salon;
  await olga.tap("Списать 2 000");
  await merge();
  const [end] = await sql`select max(id) as row from bonuslog`;
  const span = { after: 1, last: Number(end?.row), from: "2026-01-01", timeZone: "Europe/Moscow" };
  const [change] = await handChanges(db, span, []);
  expect(change).toMatchObject({ kind: "spend", phone: PHONE, name: "Анна" });
  expect((await unpaidVisits(db, span)).map((one) => one.phone)).toEqual([PHONE]);
  expect(change?.noVisit).toBe(false);
  expect(labels(olga)).toContainEqual(expect.stringContaining("Отменить"));
});
