// A person who asked to be forgotten is gone from the till: no old button opens the card, no row by hand reaches it.
import { expect, test } from "bun:test";
import { accountHere, messengerHere, onEither } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { give } from "../helpers/salon-bot.ts";
import { expectSound } from "../helpers/sound.ts";
import { ask, labels, last, PHONE, rows, shown, tillSalon, toast } from "../helpers/till-salon.ts";

const SECOND = "+79005550000";

/** Anna's card, linked, with 340,24 by hand and an awarded visit of today. */
async function annaLinked() {
  const salon = await tillSalon({}, 34_024);
  const { sql, anna } = salon;
  await anna.start();
  await anna.tap("Согласен");
  await sql`insert into terms (percent, earn_on, earn_when, paid_by) values (1, 'services', 'paid', 'payments')`;
  await sql`
    insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
      services_paid, goods_paid, read_at, decision, terms_id)
    select 11, 1, id, '2026-03-12T10:00:00Z', '2026-03-12', false, true, 1, 3500, 3500, 0, now(), 'awarded', 1 from clients`;
  await sql`
    insert into bonuslog (client_id, kind, record_id, points, paid, actor, key)
    select id, 'award', 11, 35, 3500, 'sync', 'visit:11' from clients`;
  return salon;
}

onEither("what was searched by name keeps no name of who was forgotten", async () => {
  await using salon = await annaLinked();
  const { olga, sql } = salon;
  await sql`update clients set name = 'Анна Тайная'`;
  await sql`insert into clients (phone, name) values ('+79005550001', 'Анна Тайнова')`;
  await ask(olga, "анна тайн 3500");
  expect(labels(olga)).toHaveLength(2);
  await forgets(salon);
  await expectTable(sql, "select sought from screens", []);
  await olga.tap("Анна Тайнова");
  expect(toast(olga)).toBe("Этот экран устарел. Отправьте телефон ещё раз.");
});

async function forgets({ anna }: Awaited<ReturnType<typeof annaLinked>>): Promise<void> {
  await ask(anna, "/forget", "Удалить навсегда");
}

onEither(
  "an old button of /today, of an open bill and of a scan open nothing of a forgotten card",
  async () => {
    await using salon = await annaLinked();
    const { olga, anna, sql } = salon;
    await ask(olga, "/today", "Оплаченные");
    const today = shown(olga);
    expect(labels(olga)[0]).toStartWith("13:00 Анна");
    await olga.say("89001234567 3500");
    const bill = shown(olga);
    await anna.say("/card");
    const [code] = await sql<{ code: string }[]>`select code from clients`;
    await forgets(salon);
    await olga.tap("13:00 Анна", { message: today });
    expect(last(olga)).toStartWith("Этой записи уже нет.");
    await olga.tap("Списать", { message: bill });
    expect(toast(olga)).toBe("Этот экран устарел. Отправьте телефон ещё раз.");
    await olga.start(`c_${code?.code}`);
    expect(salon.said(601).at(-1)).not.toContain("балл");
    expect(await ask(olga, "/today")).toContain("записей нет");
    await expectTable(sql, "select step from screens", []);
    expect(await rows(salon, 2)).toEqual([]);
  },
);

onEither(
  "a tap that meets the forgetting under way changes no points and says why; an undo likewise",
  async () => {
    await using salon = await annaLinked();
    const { olga, sql } = salon;
    await ask(olga, "/credit 89001234567 5", "Начислить 5");
    const credited = shown(olga);
    await olga.say("89001234567 3500");
    // As after the tap has read its screen and before it has the ledger's lock.
    await sql`delete from accounts`;
    await sql`update clients set phone = null, name = null, last_account = null, had_from = null, unlinked_at = null,
    forgotten_at = now()`;
    await olga.tap("Списать");
    expect(toast(olga)).toBe("Клиент попросил удалить свои данные: этой карты больше нет.");
    expect(labels(olga)).toEqual([]);
    await olga.tap("Отменить до", { message: credited });
    expect(toast(olga)).toBe("Клиент попросил удалить свои данные: этой карты больше нет.");
    expect(await rows(salon, 2)).toEqual(["credit 5 admin:601"]);
  },
);

test("the database refuses rows by hand on a forgotten card, and takes the visits' own corrections", async () => {
  await using salon = await annaLinked();
  const { sql } = salon;
  await forgets(salon);
  for (const [kind, points] of [
    ["credit", 1],
    ["spend", -1],
    ["debit", -1],
    ["undo", 1],
    ["move", 1],
  ] as const) {
    const row = sql`
      insert into bonuslog (client_id, kind, points, actor, key, corrects)
      select id, ${kind}, ${points}, 'admin:601', 'op:x', 1 from clients`;
    expect(await row.catch((error: { constraint_name: string }) => error.constraint_name)).toBe(
      "forgotten_cards_change_by_visits_alone",
    );
  }
  await sql`
    insert into bonuslog (client_id, kind, points, actor, key, corrects)
    select id, 'correction', -15, 'sync', 'visit:11:2', 2 from clients`;
  const back = await sql`update clients set phone = ${PHONE}`.catch(
    (error: { constraint_name: string }) => error.constraint_name,
  );
  expect(back as unknown).toBe("forgotten_cards_hold_nothing");
});

onEither("a card left for a second phone is forgotten with it", async () => {
  await using salon = await annaLinked();
  const { anna, sql } = salon;
  await sql`insert into yclients_clients (yclients_client_id, client_id, name) select 7, id, 'Анна' from clients`;
  await anna.shareContact(SECOND);
  await anna.tap("Да, перенести");
  await expectTable(sql, "select phone, left_for is not null as gone_from from clients order by id", [
    { phone: PHONE, gone_from: true },
    { phone: SECOND, gone_from: false },
  ]);
  await forgets(salon);
  expect(last(anna)).toStartWith(`Готово: имени, телефона и ${messengerHere()} у нас больше нет`);
  expect(last(anna)).not.toContain("Осталась карта");
  await expectTable(
    sql,
    "select phone, name, telegram_id, last_account, left_for, forgotten_at is not null as gone from clients",
    [1, 2].map(() => ({
      ...{ phone: null, name: null, telegram_id: null, last_account: null, left_for: null, gone: true },
    })),
  );
  await expectTable(sql, "select client_id, name from yclients_clients", [{ client_id: null, name: null }]);
  await expectSound(salon.db);
});

onEither(
  "a card left for a second phone stays when it may be somebody else's by now, and that is said",
  async () => {
    // Points have come since; somebody has a visit under the number; another account has proved it.
    for (const since of ["points", "visit", "account"] as const) {
      await using salon = await annaLinked();
      const { anna, boris, sql } = salon;
      await anna.shareContact(SECOND);
      await anna.tap("Да, перенести");
      if (since === "points") await give(salon, PHONE, 500);
      if (since === "visit")
        await sql`
        insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
          read_at, decision)
        select 12, 1, id, now() + interval '1 day', '2026-03-13', false, false, 0, 100, now(), 'not_paid'
        from clients where phone = ${PHONE}`;
      if (since === "account") {
        await boris.start();
        await boris.shareContact(PHONE);
      }
      await forgets(salon);
      const words = "Осталась карта …4567, которой вы пользовались раньше";
      if (since === "account") expect(last(anna)).not.toContain(words);
      else {
        expect(last(anna)).toContain(words);
        await anna.tapAgain();
        expect(last(anna)).toContain(words);
      }
      await expectTable(sql, "select phone, linked, last_account from clients where phone is not null", [
        [PHONE, since === "account", since === "account" ? accountHere(502) : null],
      ]);
    }
  },
);
