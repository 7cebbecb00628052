/** A change of a level is told once, in the hours in which visits are told, to whoever has the card. */
import { expect, test } from "bun:test";
import { reviewLevels } from "../../src/levels/review.ts";
import { acceptLevels, adoptLevels } from "../../src/levels/terms.ts";
import { notifyLevels } from "../../src/notices/level-notices.ts";
import { settings, steps, usualLevels } from "../helpers/levels.ts";
import { type TellingSalon, tellingSalon } from "../helpers/telling-salon.ts";

const levels = settings(usualLevels);
const tell = (salon: TellingSalon, hours: Partial<typeof salon.notify> = {}) =>
  notifyLevels({ ...salon.notify, ...hours }, "Europe/Moscow");

test("a level that was reached is told once, and the next visit is told at its percent", async () => {
  await using salon = await tellingSalon({ levels });
  await salon.paid(5_000);
  await salon.tell();
  expect(await tell(salon)).toBe(1);
  expect(await tell(salon)).toBe(0);
  expect(salon.said().at(-1)).toBe(
    "Новый уровень! Со следующего визита возвращаем баллами <b>3 %</b> вместо 1 %.",
  );
  await salon.paid(1_000);
  await salon.tell();
  expect(salon.said().at(-1)).toContain("+30 баллов");
  expect(await tell(salon)).toBe(0);
});

test("in quiet hours nothing is told of levels, and afterwards it is; a clock that was put back holds nothing up", async () => {
  await using salon = await tellingSalon({ levels });
  await salon.paid(5_000);
  const before = salon.said().length;
  const quietHours = { from: 0, to: 1_439 };
  expect(await tell(salon, { quietHours })).toBe(0);
  expect(await tell(salon)).toBe(0); // put off until those hours are over
  expect(salon.said().length).toBe(before);
  await salon.sql`update level_changes set due_at = now() + interval '3 days'`;
  expect(await tell(salon)).toBe(1);
});

test("whoever has no account, or gets one later, is sent nothing of what was reached before", async () => {
  await using salon = await tellingSalon({ levels });
  await salon.paid(5_000, { id: 32, phone: "+79007654321" });
  await salon.linked(502, "+79007654321", "en");
  expect(await tell(salon)).toBe(0);
  await salon.paid(5_000, { id: 32, phone: "+79007654321" });
  expect(await tell(salon)).toBe(1);
  expect(salon.said(502).at(-1)).toBe(
    "A new level! From your next visit on <b>5%</b> comes back in points instead of 3%.",
  );
});

test("without levels nothing is written and nothing is told", async () => {
  await using salon = await tellingSalon();
  await salon.paid(50_000);
  expect(await tell(salon)).toBe(0);
  expect([...(await salon.sql`select from level_changes`)]).toEqual([]);
});

test("terms that were given up before anybody heard of them are not told", async () => {
  await using salon = await tellingSalon({ levels });
  await salon.paid(5_000);
  await salon.tell();
  expect(await tell(salon)).toBe(1);
  const worse = settings(steps([0, 1], [8_000, 3]));
  const accepted = { by: "telegram:1", now: new Date(), timeZone: "Europe/Moscow" };
  const review = () =>
    reviewLevels({ ...salon.notify, now: new Date(), timeZone: "Europe/Moscow", percent: 100 });
  expect(await acceptLevels(salon.db, worse, accepted)).not.toBeNull();
  expect(await review()).toMatchObject({ told: 1 });
  await adoptLevels(salon.db, levels, new Date(), true);
  expect(await tell(salon)).toBe(0);
  expect(await acceptLevels(salon.db, worse, accepted)).not.toBeNull();
  expect(await review()).toMatchObject({ told: 1 });
  expect(await tell(salon)).toBe(1);
  expect(salon.said().at(-1)).toContain("меняются условия уровней");
});
