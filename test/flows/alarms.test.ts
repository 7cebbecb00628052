// What owners are told of trouble: once, and once more when it is over.
import { expect, test } from "bun:test";
import { noteAlarm, noteSetAside, tellOwners } from "../../src/flows/alarms.ts";
import { send } from "../../src/telegram/client.ts";
import { BRANCH, tellingSalon } from "../helpers/telling-salon.ts";

async function owners() {
  const salon = await tellingSalon();
  salon.telegram.person({ id: 901, firstName: "Ольга" }).chat.started = true;
  const tell = (ids = [901]) => tellOwners(salon.db, ids, (id, html) => send(salon.bot, id, html));
  return Object.assign(salon, { tellOwners: tell });
}

const DOWN = `⚠️ Журнал YCLIENTS не читается (филиал ${BRANCH}): YCLIENTS answered 401: &lt;нет&gt;
Баллы не потеряются: дочитаем, как только ответит. Если это «401» или «403», проверьте токены и права пользователя в YCLIENTS.`;
const UP = `✅ Журнал YCLIENTS снова читается (филиал ${BRANCH}). Пропущенное дочитано.`;

test("trouble is told once however often it is noted, and once when it is over", async () => {
  await using salon = await owners();
  for (let time = 0; time < 3; time++) {
    await noteAlarm(salon.db, `sync:${BRANCH}`, "YCLIENTS answered 401: <нет>");
    await salon.tellOwners();
  }
  expect(salon.said(901)).toEqual([DOWN]);
  for (let time = 0; time < 3; time++) {
    await noteAlarm(salon.db, `sync:${BRANCH}`, null);
    await salon.tellOwners();
  }
  expect(salon.said(901)).toEqual([DOWN, UP]);
  await noteAlarm(salon.db, `sync:${BRANCH}`, "YCLIENTS answered 401: <нет>");
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([DOWN, UP, DOWN]);
});

test("trouble that was over before anybody was told is not told at all", async () => {
  await using salon = await owners();
  await noteAlarm(salon.db, `sync:${BRANCH}`, "?");
  await noteAlarm(salon.db, `sync:${BRANCH}`, null);
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([]);
});

test("what Telegram did not take stays to be told", async () => {
  await using salon = await owners();
  await noteAlarm(salon.db, `sync:${BRANCH}`, "YCLIENTS answered 401: <нет>");
  salon.telegram.faults.next({ method: "sendMessage", status: 502 });
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([]);
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([DOWN]);
});

test("each owner is told once and given the all-clear once, also one who could not be reached at first", async () => {
  await using salon = await owners();
  const pavel = salon.telegram.person({ id: 902, firstName: "Павел" });
  const tell = () => salon.tellOwners([901, 902]);
  const later = () => salon.sql`update alarms set due_at = now()`;
  await noteAlarm(salon.db, `sync:${BRANCH}`, "YCLIENTS answered 401: <нет>");
  await tell();
  expect([salon.said(901), salon.said(902)]).toEqual([[DOWN], []]);
  pavel.chat.started = true;
  const calls = salon.telegram.calls.length;
  await tell(); // somebody who has not pressed Start is not asked every five seconds
  expect(salon.telegram.calls).toHaveLength(calls);
  await later();
  await tell();
  expect([salon.said(901), salon.said(902)]).toEqual([[DOWN], [DOWN]]);

  await noteAlarm(salon.db, `sync:${BRANCH}`, null);
  salon.telegram.faults.next({ method: "sendMessage", status: 502 });
  await tell();
  await tell();
  await tell();
  expect([salon.said(901), salon.said(902)]).toEqual([
    [DOWN, UP],
    [DOWN, UP],
  ]);
  expect(await salon.sql`select from alarms`).toHaveLength(0);
});

test("trouble that comes back before its end was told goes on; who is no owner any more hears nothing", async () => {
  await using salon = await owners();
  await noteAlarm(salon.db, `sync:${BRANCH}`, "YCLIENTS answered 401: <нет>");
  await salon.tellOwners();
  await noteAlarm(salon.db, `sync:${BRANCH}`, null);
  await noteAlarm(salon.db, `sync:${BRANCH}`, "YCLIENTS answered 401: <нет>");
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([DOWN]);
  await noteAlarm(salon.db, `sync:${BRANCH}`, null);
  await salon.tellOwners([902]);
  expect(salon.said(901)).toEqual([DOWN]);
  expect(await salon.sql`select from alarms`).toHaveLength(0);
});

test("records that stay unread are told with their number", async () => {
  await using salon = await owners();
  await salon.sql`insert into companies (company_id) values (${BRANCH})`;
  await salon.sql`insert into look_again (company_id, record_id, reason, tries) values (${BRANCH}, 1, 'unreadable', 3)`;
  await noteSetAside(salon.db);
  await salon.tellOwners();
  await salon.sql`delete from look_again`;
  await noteSetAside(salon.db);
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([
    "⚠️ Не получается прочитать записи журнала: 1. По ним баллы пока не меняются. Проверьте, видит ли пользователь API финансовые операции за все дни.",
    "✅ Отложенных записей больше нет.",
  ]);
});
