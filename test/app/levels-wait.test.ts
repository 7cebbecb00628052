// Levels of the settings by which some earn less: owners are told once that they wait, and that they wait no more.
import { expect, test } from "bun:test";
import { alarmText } from "../../src/alarms/alarms.texts.ts";
import { noteLevels, reviewAllLevels } from "../../src/app/rounds.ts";
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

test("who will earn less hears it by the percent of the settings that hold, not of another program's", async () => {
  await using database = await freshDatabase();
  const db = connect(database.url);
  const levels = readLevels("0:1,50000:3") ?? null;
  const now = new Date();
  const program = (percent: number, ours: boolean) => {
    const config = { percent, levels, levelsOver: null, companyIds: [1] };
    const { signal } = new AbortController();
    const parts = {
      config,
      db,
      terms: { ours },
      sync: { now: () => now },
      notify: { signal },
      log: { info() {} },
    };
    return reviewAllLevels(parts as never);
  };
  try {
    await noteLevels(db, { levels, levelsOver: null, percent: 100 }, now);
    await db`insert into clients (phone) values ('+79000000001')`;
    await db`insert into accounts (channel, external_id, client_id) values ('telegram', '501', 1)`;
    await db`
      insert into bonuslog (client_id, kind, record_id, points, paid, actor, key)
      values (1, 'award', 7, 600, 60000, 'sync', 'visit:7')`;
    await program(100, true);
    const accepted = { by: "telegram:700", now, timeZone: "Europe/Moscow" };
    await acceptLevels(db, { levels: null, levelsOver: null, percent: 100 }, accepted);
    const told = () =>
      db`select (was * 100)::int as was, (percent * 100)::int as percent from level_changes where kind = 'terms'`;
    expect(await program(500, false)).toBeNull();
    expect([...(await told())]).toEqual([]);
    await program(100, true);
    expect([...(await told())]).toEqual([{ was: 300, percent: 100 }]);
  } finally {
    await db.end({ timeout: 1 });
  }
});
