// A spend of which somebody took a part off the bill in the journal: an owner decides, and all of it comes back or nothing.

import { expect } from "bun:test";
import { must } from "../../src/errors.ts";
import { watchSettlements } from "../../src/settlements/watch.ts";
import { accountHere, onEither } from "../helpers/both.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { type SettlingTill, settlingTill } from "../helpers/settling-till.ts";
import { ask, labels, last, offer, tap } from "../helpers/till-salon.ts";

const GIVE = "Вернуть 340 баллов";

/** Of a spend of 340 points 170 are left on the bill, and the owner is asked. */
async function halved(till: SettlingTill): Promise<number> {
  const record = await till.book(3500);
  await till.irina.start();
  await ask(till.olga, "89001234567 3500", "Списать 340");
  const { loyalty } = till.loyal;
  const at = { cardId: must(loyalty.cards[0], "the card").id, companyId: MOSCOW, recordId: record };
  loyalty.cancel(at);
  loyalty.withdraw({ ...at, kopecks: 17_000 });
  await watchSettlements(till.settling, "all");
  await till.sql`
    update settlements set watched_at = watched_at - interval '2 minutes', seen_since = seen_since - interval '2 minutes' where row_id is not null`;
  await watchSettlements(till.settling, "changed");
  await offer(till, [accountHere(700)]);
  return record;
}

onEither(
  "the owner is told what the button does, and it gives all of it back: nothing is left on the bill or the card",
  async () => {
    await using till = await settlingTill();
    const record = await halved(till);
    expect(last(till.irina)).toBe(
      "На визит 10 марта списано 340 баллов: Анна …4567. В журнале это меняли: теперь там 170 баллов. Проверьте визит. Кнопка снимет с него и остаток, на карту вернутся все 340 баллов. Верна меньшая сумма? Верните и спишите её заново.",
    );
    expect(labels(till.irina)).toEqual([GIVE]);
    await tap(till.irina, GIVE);
    const given = last(till.irina);
    expect(given).toStartWith("На визит 10 марта списано 340 баллов: Анна …4567. В журнале это меняли");
    expect(given).toEndWith("\n\n✅ 340 баллов на карте клиента, теперь там 340,24. Владелец Ирина, 13:00.");
    expect(await till.ledger()).toEqual(["spend -340 admin:601", "undo 340 admin:700"]);
    expect(await till.journal(record)).toEqual({ applied: 0, cards: [0] });
    await till.tell();
    expect(last(till.olga)).toStartWith(
      "↩️ Отменено. 340 баллов вернулись на карту: Анна …4567, 340,24. В журнале к оплате 3 500 ₽.",
    );
  },
);

onEither(
  "a visit that is paid beside a part of the points keeps both, until its payment is deleted",
  async () => {
    await using till = await settlingTill();
    const record = await halved(till);
    till.loyal.journal.pay(record);
    await till.irina.tap(GIVE);
    await till.tell();
    expect(last(till.irina)).toBe(
      "⚠️ Анна …4567: вернуть 340 баллов не вышло: визит уже оплачен. Баллы остались списанными. Удалите оплату визита в журнале и отмените ещё раз.",
    );
    expect(await till.ledger()).toEqual(["spend -340 admin:601"]);
    expect((await till.journal(record)).applied).toBe(17_000);
    till.loyal.journal.refund(record);
    await till.irina.tap(GIVE);
    expect(await till.ledger()).toEqual(["spend -340 admin:601", "undo 340 admin:700"]);
    expect(await till.journal(record)).toEqual({ applied: 0, cards: [0] });
  },
);
