// The till as an admin works it: a phone and a bill, one tap to spend, undo in ten minutes and after.
import { expect, test } from "bun:test";
import { linkTo } from "../helpers/accounts.ts";
import { accountHere, messengerHere, onBoth, onEither } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { expectSound } from "../helpers/sound.ts";
import { ask, labels, last, rows, shown, tap, tillSalon, toast, told, visit } from "../helpers/till-salon.ts";

onBoth("a phone and a bill are the preview, one tap spends, the result can be undone", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, sql } = salon;
  await linkTo(sql, 501);
  await visit(salon, { record: 9, at: "2026-03-12T10:00:00Z", price: 3500, paid: 0, decision: "not_paid" });
  expect(await ask(olga, "89001234567 3500")).toBe(
    `Анна …4567 · ${messengerHere()} ✓ · 340,24 балла · последний визит 12 марта\nСчёт 3 500 ₽. Баллами 340 → к оплате 3 160 ₽`,
  );
  expect(labels(olga)).toEqual([
    ...["Списать 340 → к оплате 3 160 ₽", "Другая сумма", "Начислить", "История", "Почему"],
  ]);
  expect(await tap(olga, "Списать 340")).toBe(
    "✅ Списано 340. Примите 3 160 ₽.\nВ YCLIENTS: сделайте сумму визита 3 160 ₽, иначе баллы за визит не начислятся.\n" +
      "Анна …4567: на карте 0,24. Кассир Ольга, 14:22.",
  );
  expect(labels(olga)).toEqual(["Отменить до 14:32"]);
  expect(await rows(salon)).toEqual(["spend -340 admin:601"]);
  await expectTable(sql, "select id, company_id, record_id, day::text, bill from spends", [
    { id: 2, company_id: 1, record_id: 9, day: "2026-03-12", bill: "3500.00" },
  ]);
  await expectTable(sql, "select about, due_at <= now() as due from notices", [{ about: "till", due: true }]);
  expect(salon.said(601)).toHaveLength(1);

  salon.clock.now = new Date("2026-03-12T11:31:59Z");
  expect(await tap(olga, "Отменить до 14:32")).toBe(
    "↩️ Отменено. 340 баллов вернулись на карту: Анна …4567, 340,24.\nСчёт снова 3 500 ₽: если взяли 3 160 ₽, примите ещё 340 ₽. Сумму визита в YCLIENTS верните: 3 500 ₽.\n" +
      "Списано 340: кассир Ольга, 14:22. Отмена: кассир Ольга, 14:31.",
  );
  expect(labels(olga)).toEqual([]);
  await olga.tapAgain();
  expect(toast(olga)).toBe("Анна …4567. Уже отменено в 14:31 (кассир Ольга).");
  expect(await rows(salon)).toEqual(["spend -340 admin:601", "undo 340 admin:601"]);
  await expectSound(salon.db);
});

onEither("the client is told at once", async () => {
  await using salon = await tillSalon({}, 34_024);
  await linkTo(salon.sql, 501);
  await salon.sql`update bonuslog set is_telegram_notified = true`;
  await ask(salon.olga, "89001234567 3500", "Списать 340");
  const sent = await told(salon, "+7 495 000-00-00");
  expect([...sent.values()]).toEqual([
    "Салон: списано <b>340 баллов</b> на кассе, счёт 3 500 ₽, к оплате 3 160 ₽.\nНа карте <b>0,24 балла</b>.\nЭто не вы? Позвоните нам: +7 495 000-00-00",
  ]);
});

onEither("after ten minutes undo becomes a credit that names what it corrects, once", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga } = salon;
  await ask(olga, "89001234567 3500", "Списать 340");
  salon.clock.now = new Date("2026-03-12T11:32:00Z");
  await olga.tap("Отменить до 14:32");
  expect(toast(olga)).toBe(
    "Анна …4567. Отменить можно было до 14:32. Теперь — «Вернуть 340 баллов»: это новая запись.",
  );
  expect(labels(olga)).toEqual(["Вернуть 340 баллов", "QR для клиента"]);
  await olga.tap("Вернуть 340 баллов");
  await olga.tapAgain();
  expect(toast(olga)).toBe("Анна …4567. Уже отменено в 14:32 (кассир Ольга).");
  expect(await rows(salon)).toEqual(["spend -340 admin:601", "credit 340 admin:601 back_spend"]);
  await expectTable(salon.sql, "select corrects from bonuslog where id = 3", [{ corrects: 2 }]);
  await expectSound(salon.db);
});

onEither("any admin may undo, from her own screen of the card; both names stay", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, marina } = salon;
  await ask(olga, "89001234567 3500", "Списать 340");
  expect(await ask(marina, "89001234567")).toEndWith("Только что: списано 340, кассир Ольга, 14:22.");
  await marina.tap("Отменить: списано 340");
  for (const admin of [olga, marina])
    expect(last(admin)).toContain("Списано 340: кассир Ольга, 14:22. Отмена: кассир Марина, 14:22.");
  expect(last(marina)).toContain("Анна …4567 · 340,24 балла");
  await olga.tap({ data: "s:1:1:undo" });
  await olga.tapAgain();
  expect(await rows(salon)).toEqual(["spend -340 admin:601", "undo 340 admin:602"]);
});

onEither("the undo of a credit that is spent is refused in words", async () => {
  await using salon = await tillSalon({}, 100);
  const { olga } = salon;
  await ask(olga, "/credit 89001234567 100 за ожидание", "Начислить 100");
  const credited = shown(olga);
  await ask(olga, "89001234567 500", "Списать 101");
  await olga.tap("Отменить до", { message: credited });
  expect(toast(olga)).toBe(
    "Анна …4567. Эти баллы уже потрачены: на карте 0 баллов. Отменить начисление нельзя.",
  );
  expect(await rows(salon)).toEqual(["credit 100 admin:601 за ожидание", "spend -101 admin:601"]);
});

test("the buttons of the release before do what they say (Telegram alone: releases before knew no other messenger)", async () => {
  await using salon = await tillSalon({ secondAdminAbove: 200_00 }, 34_024);
  const { olga, marina, irina } = salon;
  await irina.start();
  await visit(salon, { record: 9, at: "2026-03-12T10:00:00Z", price: 150, paid: 0, decision: "not_paid" });
  await ask(olga, "/credit 89001234567 300 чай", "Начислить 300");
  const [asked] = await salon.sql`select asked, rev from screens`;
  await irina.tap({ data: `a:601:${asked?.asked}:${asked?.rev}:yes` });
  await olga.tap({ data: `s:${asked?.asked}:3:undo` });
  await ask(olga, "/today", { data: "td:p:0" }, { data: "td:o:9:1" });
  expect(last(olga)).toContain("Счёт 150 ₽. Баллами 149");
  const [opened] = await salon.sql`select asked, rev from screens where record_id = 9`;
  await olga.tap({ data: `s:${opened?.asked}:${opened?.rev}:go` });
  await ask(marina, "89001234567");
  const [hers] = await salon.sql`select asked, rev from screens where account = ${accountHere(602)}`;
  await marina.tap({ data: `s:${hers?.asked}:${hers?.rev}:recent-4` });
  expect(await rows(salon)).toEqual([
    "credit 300 admin:601,owner:700 чай",
    "undo -300 admin:601",
    "spend -149 admin:601",
    "undo 149 admin:602",
  ]);
});
