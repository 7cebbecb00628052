// What a spend that pays in the journal says, to whom and when: at the till, to the owner who is asked, and to nobody else's cost.

import { expect, test } from "bun:test";
import { pino } from "pino";
import { tellOwners } from "../../src/alarms/alarms.ts";
import { noteSettling } from "../../src/app/rounds.ts";
import { poll } from "../../src/channels/telegram/polling.ts";
import type { TelegramChannel } from "../../src/channels/telegram/telegram.ts";
import { accountHere, onEither } from "../helpers/both.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { until } from "../helpers/program.ts";
import { type SettlingTill, settlingTill } from "../helpers/settling-till.ts";
import { ask, labels, last, offer, tap } from "../helpers/till-salon.ts";

const BILL = "89001234567 3500";

test("where the bot polls, whoever waits for the journal holds up nobody else (Telegram alone: its own delivery is played)", async () => {
  await using till = await settlingTill();
  await till.book(3500);
  await ask(till.olga, BILL);
  till.telegram.webhook.set("", {});
  const stop = new AbortController();
  const polled = poll({
    ...{
      api: (till.channel as TelegramChannel).api,
      handle: till.handle,
      signal: stop.signal,
      log: pino({ level: "silent" }),
    },
    allowedUpdates: ["message", "callback_query"],
  });
  till.loyal.yclients.faults.always({ delayMs: 900 });
  void till.olga.tap("Списать 340");
  await until(() => till.loyal.yclients.requests.length > 0);
  void till.marina.say("89001234567");
  await until(() => till.said(602).length > 0);
  expect(last(till.olga)).toContain("→ к оплате 3 160 ₽");
  till.loyal.yclients.faults.clear();
  await until(() => last(till.olga).startsWith("✅ Списано 340."));
  stop.abort();
  await polled;
});

onEither(
  "what takes longer is said at once, and the same message says what came of it; the client hears then, once",
  async () => {
    await using till = await settlingTill({}, {}, 0);
    await till.book(3500);
    expect(await ask(till.olga, BILL, "Списать 340")).toStartWith(
      "⏳ Списываем 340 баллов и уменьшаем счёт в журнале.\nЭто сообщение обновится само, можно работать дальше. Оплату визита в журнале примите после этого.",
    );
    expect(await till.told()).toBeNull();
    const { count } = till.chat(601);
    await till.rest();
    await Promise.all([till.tell(), till.tell()]);
    await till.tell();
    expect(till.chat(601)).toEqual({ count, last: expect.stringContaining("В журнале к оплате 3 160 ₽.") });
    expect(await till.told()).toContain("на кассе, счёт 3 500 ₽");
    expect(await till.told()).toBeNull();
  },
);

onEither("a screen that a dead program could not change is changed by the next one", async () => {
  await using till = await settlingTill({}, {}, 0);
  await till.book(3500);
  await ask(till.olga, BILL);
  const [screen] = await till.sql<{ message: number }[]>`select message_id as message from screens`;
  await tap(till.olga, "Списать 340");
  // As if the answer had never come: the message still has its buttons.
  await till.channel.edit(accountHere(601), Number(screen?.message), "Анна", []);
  await till.sql`update settlements set shown = null`;
  await till.tell();
  expect(last(till.olga)).toStartWith("⏳ Списываем 340");
  await till.rest();
  await till.tell();
  expect(last(till.olga)).toStartWith("✅ Списано 340.");
});

onEither("what turns out otherwise later stands in a message of its own, below", async () => {
  await using till = await settlingTill({}, {}, 0);
  const record = await till.book(3500);
  await ask(till.olga, BILL, "Списать 340");
  await till.olga.say("спасибо");
  const { count } = till.chat(601);
  till.loyal.journal.remove(record);
  await till.rest();
  await till.tell();
  await till.tell();
  expect(till.chat(601).count).toBe(count + 1);
  expect(last(till.olga)).toStartWith(
    "❌ Не списали: записи больше нет в журнале. 340 баллов вернулись на карту",
  );
  expect(till.said(601).some((one) => one === "Списано 340: что вышло — ниже.")).toBe(true);
  expect(await till.told()).toBeNull();
});

onEither(
  "an owner is asked about the visit too, and what they agree to is paid of that visit and no other",
  async () => {
    await using till = await settlingTill({ secondAdminAbove: 10_000 });
    const first = await till.book(3500);
    const second = await till.book(2000, "2026-03-10T12:30:00Z");
    await till.irina.start();
    expect(await ask(till.olga, BILL, "15:30")).toStartWith(
      "Ждём подтверждения владельца: списать 340 баллов, Анна …4567, визит в 15:30.",
    );
    expect(last(till.irina)).toBe(
      "Кассир Ольга просит подтвердить: списать 340 баллов, Анна …4567, на карте 340,24. Счёт 3 500 ₽. Визит в 15:30 на 2 000 ₽: счёт в журнале уменьшим сами.",
    );
    await till.irina.tap("Подтвердить");
    expect(till.said(601).at(-2)).toStartWith(
      "Подтверждено (владелец Ирина): списать 340 баллов, Анна …4567, визит в 15:30.",
    );
    expect(last(till.olga)).toStartWith("✅ Списано 340. В журнале к оплате 1 660 ₽.");
    expect(last(till.olga)).toContain("Анна …4567: на карте 0,24. Визит в 15:30. Кассир Ольга, 13:00.");
    expect((await till.journal(first)).applied).toBe(0);
    expect((await till.journal(second)).applied).toBe(34_000);
    expect(await till.ledger()).toEqual(["spend -340 admin:601,owner:700"]);
  },
);

for (const [what, change] of [
  ["deleted", "deleted = true"],
  ["paid", "paid_full = true"],
] as const)
  onEither(`a visit that was ${what} before the owner agreed is named anew: nothing is spent`, async () => {
    await using till = await settlingTill({ secondAdminAbove: 10_000 });
    await till.book(3500);
    await till.irina.start();
    await ask(till.olga, BILL, "Списать 340");
    await till.sql`update visits set ${till.sql.unsafe(change)}`;
    await till.irina.tap("Подтвердить");
    expect(last(till.irina)).toContain("Ничего не изменилось: с визитом в журнале что-то стало другим.");
    expect(last(till.olga)).toContain("Неоплаченной записи на сегодня не видно");
    expect(await till.ledger()).toEqual([]);
  });

onEither("an owner who refuses is told to the admin with the visit", async () => {
  await using till = await settlingTill({ secondAdminAbove: 10_000 });
  await till.book(3500);
  await till.irina.start();
  await ask(till.olga, BILL, "Списать 340");
  await till.irina.tap("Отклонить");
  expect(last(till.olga)).toStartWith(
    "❌ Отклонено (владелец Ирина): списать 340 баллов, Анна …4567, визит в 13:00.",
  );
});

/** The alarms of the owners, as the round has them. */
async function alarm({ db, sql, channel }: SettlingTill): Promise<void> {
  await noteSettling(db, "on");
  const named = { owners: [accountHere(700)], staff: [accountHere(700)], branches: [MOSCOW] };
  await sql`update alarms set due_at = now()`;
  await tellOwners(db, named, (...message) => channel.say(...message));
}

onEither(
  "spends that come no further are told to owners once: points are taken, and the bill is as it was",
  async () => {
    await using till = await settlingTill({}, {}, 0);
    await till.book(3500);
    await till.irina.start();
    const { count } = till.chat(700);
    await ask(till.olga, BILL, "Списать 340");
    await till.sql`update settlements set changed_at = now() - interval '14 minutes' where row_id is not null`;
    await alarm(till);
    expect(till.chat(700).count).toBe(count);
    await till.sql`update settlements set changed_at = now() - interval '16 minutes' where row_id is not null`;
    await alarm(till);
    await alarm(till);
    expect(till.chat(700).count).toBe(count + 1);
    expect(last(till.irina)).toContain("Баллы списаны, а счёт в журнале ещё не изменён");
    await till.rest();
    await alarm(till);
    expect(last(till.irina)).toContain("Списания снова доходят до журнала.");
  },
);

onEither(
  "what only a person can put right is told to owners once, and looked at again by their button",
  async () => {
    await using till = await settlingTill({}, {}, 0);
    const record = await till.book(3500);
    await till.irina.start();
    const { count } = till.chat(700);
    await ask(till.olga, BILL, "Списать 340");
    await till.sql`update settlements set state = 'stuck', why = 'card_gone' where row_id is not null`;
    await till.tell();
    expect(last(till.olga)).toStartWith(
      "⚠️ Списано 340, но с журналом не сошлось: карты для баллов у клиента в YCLIENTS больше нет.",
    );
    await alarm(till);
    await alarm(till);
    expect(till.chat(700).count).toBe(count + 1);
    expect(last(till.irina)).toContain(`Списание на 340 баллов (запись ${record}) не сошлось с журналом`);
    expect(labels(till.irina)).toEqual(["Проверить ещё раз"]);
    expect(await till.told()).toBeNull();
    expect(await tap(till.irina, "Проверить ещё раз")).toBe(
      "Анна …4567. Смотрим ещё раз. Получится — скажем.",
    );
    await alarm(till); // nothing has come of it yet
    expect(last(till.irina)).toBe("Анна …4567. Смотрим ещё раз. Получится — скажем.");
    await till.rest();
    await till.tell();
    expect(last(till.olga)).toStartWith("✅ Списано 340. В журнале к оплате 3 160 ₽.");
    await alarm(till);
    expect(last(till.irina)).toBe(`✅ Списание на 340 баллов (запись ${record}) с журналом сошлось.`);
    expect(await till.told()).toContain("на кассе, счёт 3 500 ₽");
  },
);

onEither(
  "where the journal does otherwise than at the trial, the points are back, the branch goes on by hand, and owners read it once",
  async () => {
    await using till = await settlingTill({}, { limits: "zero_is_nothing" }, 0);
    await till.book(3500);
    await till.irina.start();
    const { count } = till.chat(700);
    await ask(till.olga, BILL, "Списать 340");
    await till.rest();
    await till.tell();
    expect(last(till.olga)).toStartWith("❌ Не списали:");
    expect(await till.ledger()).toEqual(["spend -340 admin:601", "undo 340 programme"]);
    await alarm(till);
    await alarm(till);
    expect(till.chat(700)).toEqual({
      count: count + 1,
      last: expect.stringMatching(/^⚠️ Бот больше не уменьшает счёт в журнале сам \(Салон\): /),
    });
    await ask(till.olga, BILL);
    expect(labels(till.olga)).not.toContain("Списать без журнала");
    expect(await tap(till.olga, "Списать 340")).toContain("В YCLIENTS: сделайте сумму визита 3 160 ₽");
  },
);

onEither("the button is the owners' alone, and a spend that is not stuck is left as it is", async () => {
  await using till = await settlingTill();
  await till.book(3500);
  await ask(till.olga, BILL, "Списать 340");
  const [one] = await till.sql<{ id: number }[]>`select id from settlements where row_id is not null`;
  const data = `settlement:again:${one?.id}`;
  await till.irina.start();
  await till.channel.say(accountHere(700), "тревога", [[{ text: "Проверить", data }]]);
  await till.channel.say(accountHere(601), "тревога", [[{ text: "Проверить", data }]]);
  expect(await tap(till.irina, "Проверить")).toBe("Анна …4567. Сошлось: списание стоит в журнале.");
  const { count } = till.chat(601);
  await till.olga.tap("Проверить");
  expect(till.chat(601).count).toBe(count);
});

onEither("where the screen is no more, or who had it, somebody is told in a message", async () => {
  await using till = await settlingTill({}, {}, 0);
  const record = await till.book(3500);
  await ask(till.olga, BILL, "Списать 340");
  await till.sql`delete from screens`;
  till.loyal.journal.remove(record);
  await till.rest();
  await till.tell();
  expect(last(till.olga)).toBe(
    "↩️ Анна …4567, визит в 13:00: 340 баллов вернулись на карту, записи больше нет в журнале.",
  );

  await using gone = await settlingTill({}, {}, 0);
  const other = await gone.book(3500);
  await gone.irina.start();
  await ask(gone.olga, BILL, "Списать 340");
  await gone.olga.block();
  gone.loyal.journal.remove(other);
  await gone.rest();
  await gone.tell();
  await gone.tell();
  expect(gone.said(700).filter((one) => one.startsWith("↩️ Анна …4567, визит в 13:00"))).toHaveLength(1);
});

onEither(
  "an owner hears each time that what they gave back could not be taken off the bill, and may ask again",
  async () => {
    await using till = await settlingTill({}, { visitChanged: "stay" });
    const record = await till.book(3500);
    await till.irina.start();
    await ask(till.olga, BILL, "Списать 340");
    till.loyal.journal.remove(record);
    await till.sql`update visits set decision = 'deleted', deleted = true, decided_at = now() + interval '1 second'`;
    await till.sql`
    update settlements set watched_at = now() + interval '2 seconds', seen = amount, seen_since = now() where row_id is not null`;
    await offer(till, [accountHere(700)]);
    const refused =
      /^⚠️ Анна …4567: вернуть 340 баллов не вышло: YCLIENTS отказал\. Баллы остались списанными/;
    for (const times of [1, 2]) {
      till.loyal.yclients.requests = [];
      await till.irina.tap("Вернуть 340");
      expect(till.loyal.yclients.requests.filter(({ path }) => path.includes("/cancel_card"))).toHaveLength(
        1,
      );
      await till.tell();
      await till.tell();
      expect(till.said(700).filter((one) => refused.test(one))).toHaveLength(times);
    }
    expect(await till.ledger()).toEqual(["spend -340 admin:601"]);
  },
);

onEither("an owner who gives back a refunded visit's points has them taken off its bill too", async () => {
  await using till = await settlingTill();
  const record = await till.book(3500);
  await till.irina.start();
  await ask(till.olga, BILL, "Списать 340");
  await till.sql`
    update visits set decision = 'no_show', attendance = -1, decided_at = now() + interval '1 second'`;
  await till.sql`
    update settlements set watched_at = now() + interval '2 seconds', seen = amount, seen_since = now() where row_id is not null`;
  await offer(till, [accountHere(700)]);
  expect(labels(till.irina)).toEqual(["Вернуть 340 баллов"]);
  expect(await tap(till.irina, "Вернуть 340")).toContain(
    "✅ 340 баллов на карте клиента, теперь там 340,24. Владелец Ирина, 13:00.",
  );
  expect(await till.journal(record)).toEqual({ applied: 0, cards: [0] });
  expect(await till.ledger()).toEqual(["spend -340 admin:601", "undo 340 admin:700"]);
  await till.tell();
  expect(last(till.olga)).toContain("↩️ Отменено.");
});
