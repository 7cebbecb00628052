// Levels of the settings by which some earn less: owners are told once that they wait, and that they wait no more.
import { expect, test } from "bun:test";
import { alarmText } from "../../src/alarms/alarms.texts.ts";
import { noteLevels } from "../../src/app/rounds.ts";
import { connect } from "../../src/db/connect.ts";
import { acceptLevels } from "../../src/levels/terms.ts";
import { readLevels } from "../../src/rules/levels.rule.ts";
import { freshDatabase } from "../helpers/db.ts";

test("what waits for an owner raises an alarm, which ends when it is taken on or the settings are put back", async () => {
  const database = await freshDatabase();
  const db = connect(database.url);
  const settings = (text: string | null) => ({
    ...{ levels: text === null ? null : (readLevels(text) ?? null), levelsOver: null, percent: 100 },
  });
  const noted = async (text: string | null) => {
    await noteLevels(db, settings(text), new Date());
    return (await db`select about, over_at is null as open from alarms`).map(({ about, open }) => [
      about,
      open,
    ]);
  };
  try {
    expect(await noted(null)).toEqual([]);
    // Nobody is worse off: it is in force at once.
    expect(await noted("0:1,50000:3")).toEqual([]);
    expect(await noted("0:1,60000:3")).toEqual([["levels", true]]);
    expect((await noted("0:1,50000:3")).filter(([, open]) => open)).toEqual([]);
    expect((await noted(null)).filter(([, open]) => open)).toEqual([["levels", true]]);
    const accepted = { by: "telegram:700", now: new Date(), timeZone: "Europe/Moscow" };
    expect(await acceptLevels(db, settings(null), accepted)).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect((await noted(null)).filter(([, open]) => open)).toEqual([]);
  } finally {
    await db.end({ timeout: 1 });
    await database.drop();
  }
  const said = (over: boolean) => alarmText({ about: "levels", detail: "waiting", over }, new Map());
  expect(said(false)).toStartWith("⚠️ В настройках теперь уровни, по которым часть клиентов");
  expect(said(true)).toStartWith("✅ Уровни в настройках больше не ждут");
});
