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

const DOWN = `⚠️ YCLIENTS не отвечает (филиал ${BRANCH}), баллы пока не начисляются. Ничего не потеряется: дочитаем сами. Делать ничего не нужно.`;
const UP = `✅ Журнал YCLIENTS снова читается (филиал ${BRANCH}). Пропущенное дочитано.`;

test("trouble is told once however often it is noted, and once when it is over", async () => {
  await using salon = await owners();
  for (let time = 0; time < 3; time++) {
    await noteAlarm(salon.db, `sync:${BRANCH}`, "unreachable");
    await salon.tellOwners();
  }
  expect(salon.said(901)).toEqual([DOWN]);
  for (let time = 0; time < 3; time++) {
    await noteAlarm(salon.db, `sync:${BRANCH}`, null);
    await salon.tellOwners();
  }
  expect(salon.said(901)).toEqual([DOWN, UP]);
  await noteAlarm(salon.db, `sync:${BRANCH}`, "unreachable");
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
  await noteAlarm(salon.db, `sync:${BRANCH}`, "unreachable");
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
  await noteAlarm(salon.db, `sync:${BRANCH}`, "unreachable");
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
  await noteAlarm(salon.db, `sync:${BRANCH}`, "unreachable");
  await salon.tellOwners();
  await noteAlarm(salon.db, `sync:${BRANCH}`, null);
  await noteAlarm(salon.db, `sync:${BRANCH}`, "unreachable");
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([DOWN]);
  await noteAlarm(salon.db, `sync:${BRANCH}`, null);
  await salon.tellOwners([902]);
  expect(salon.said(901)).toEqual([DOWN]);
  expect(await salon.sql`select from alarms`).toHaveLength(0);
});

test("owners hear of the journal by the branch's name, and whether they must act, without a word for operators", async () => {
  await using salon = await owners();
  const fail = async (status: number) => {
    await salon.sql`update companies set failures = 2`;
    salon.api.faults.always({ status });
    await expect(salon.read()).rejects.toThrow();
    await salon.tellOwners();
    salon.api.faults.clear();
  };
  await salon.read();
  await fail(500);
  await fail(403); // who was told to wait hears that waiting does not help
  await fail(500);
  await salon.read();
  await salon.tellOwners();
  await fail(400);
  expect(salon.said(901).map((text) => text.split(". ")[0])).toEqual([
    "⚠️ YCLIENTS не отвечает (Салон), баллы пока не начисляются",
    "⚠️ YCLIENTS не пускает бота (Салон), баллы пока не начисляются",
    "✅ Журнал YCLIENTS снова читается (Салон)",
    "✅ YCLIENTS снова пускает бота (Салон)",
    "⚠️ Журнал YCLIENTS не читается (Салон), баллы пока не начисляются",
  ]);
  expect(salon.said(901).join()).not.toMatch(/answered|reached|\b[45]\d\d\b/);
});

test("an alarm that an earlier release raised is told in today's words", async () => {
  await using salon = await owners();
  await noteAlarm(salon.db, `sync:${BRANCH}`, "YCLIENTS answered 401: <нет>");
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([
    `⚠️ Журнал YCLIENTS не читается (филиал ${BRANCH}), баллы пока не начисляются. Они не потеряются: дочитаем, как только получится. Попросите того, кто настраивал бота, запустить loyalty-bot check.`,
  ]);
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
