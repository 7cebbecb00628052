// What owners are told of trouble: once, and once more when it is over.
import { expect } from "bun:test";
import { noteAlarm, noteSetAside, tellOwners } from "../../src/alarms/alarms.ts";
import { until } from "../helpers/program.ts";
import { BRANCH, tellingSalon } from "../helpers/telling-salon.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(owners);

async function owners() {
  const salon = await tellingSalon();
  salon.telegram.person({ id: 901, firstName: "Ольга" }).chat.started = true;
  const named = { owners: ["telegram:901"], staff: ["telegram:901", "telegram:902"], branches: [BRANCH] };
  const tell = (owners = ["telegram:901"], more: Partial<typeof named> = {}) =>
    tellOwners(salon.db, { ...named, owners, ...more }, salon.notify.send);
  const trouble = (detail: string | null) => noteAlarm(salon.db, `sync:${BRANCH}`, detail);
  /** There is such trouble with the journal, or none any more, and the owners are told. */
  const toldOf = async (detail: string | null) => {
    await trouble(detail);
    await tell();
  };
  return Object.assign(salon, { tellOwners: tell, trouble, toldOf });
}

const DOWN = `⚠️ YCLIENTS не отвечает (филиал ${BRANCH}), баллы пока не начисляются. Ничего не потеряется: дочитаем сами. Делать ничего не нужно.`;
const UP = `✅ Журнал YCLIENTS снова читается (филиал ${BRANCH}). Пропущенное дочитано.`;

test("trouble is told once however often it is noted, and once when it is over", async (salon) => {
  for (let time = 0; time < 3; time++) {
    await salon.toldOf("unreachable");
  }
  expect(salon.said(901)).toEqual([DOWN]);
  for (let time = 0; time < 3; time++) {
    await salon.toldOf(null);
  }
  expect(salon.said(901)).toEqual([DOWN, UP]);
  await salon.toldOf("unreachable");
  expect(salon.said(901)).toEqual([DOWN, UP, DOWN]);
});

test("trouble that was over before anybody was told is not told at all", async (salon) => {
  await salon.trouble("?");
  await salon.toldOf(null);
  expect(salon.said(901)).toEqual([]);
});

test("what Telegram did not take stays to be told", async (salon) => {
  await salon.trouble("unreachable");
  salon.telegram.faults.next({ method: "sendMessage", status: 502 });
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([]);
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([DOWN]);
});

test("each owner is told once and given the all-clear once, also one who could not be reached at first", async (salon) => {
  const pavel = salon.telegram.person({ id: 902, firstName: "Павел" });
  const tell = () => salon.tellOwners(["telegram:901", "telegram:902"]);
  const later = () => salon.sql`update alarms set due_at = now()`;
  await salon.trouble("unreachable");
  await tell();
  expect([salon.said(901), salon.said(902)]).toEqual([[DOWN], []]);
  pavel.chat.started = true;
  const calls = salon.telegram.calls.length;
  await tell(); // somebody who has not pressed Start is not asked every five seconds
  expect(salon.telegram.calls).toHaveLength(calls);
  await later();
  await tell();
  expect([salon.said(901), salon.said(902)]).toEqual([[DOWN], [DOWN]]);

  await salon.trouble(null);
  salon.telegram.faults.next({ method: "sendMessage", status: 502 });
  await tell();
  await tell();
  await tell();
  for (const owner of [901, 902]) expect(salon.said(owner)).toEqual([DOWN, UP]);
  expect(await salon.sql`select from alarms`).toHaveLength(0);
});

test("trouble that comes back before its end was told goes on; who is no owner any more hears nothing", async (salon) => {
  await salon.toldOf("unreachable");
  await salon.trouble(null);
  await salon.toldOf("unreachable");
  expect(salon.said(901)).toEqual([DOWN]);
  await salon.trouble(null);
  await salon.tellOwners(["telegram:902"]);
  expect(salon.said(901)).toEqual([DOWN]);
  expect(await salon.sql`select from alarms`).toHaveLength(0);
});

test("owners hear of the journal by the branch's name, and whether they must act, without a word for operators", async (salon) => {
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

test("an alarm that an earlier release raised is told in today's words", async (salon) => {
  await salon.toldOf("YCLIENTS answered 401: <нет>");
  expect(salon.said(901)).toEqual([
    `⚠️ Журнал YCLIENTS не читается (филиал ${BRANCH}), баллы пока не начисляются. Они не потеряются: дочитаем, как только получится. Попросите того, кто настраивал бота, запустить loyalty-bot check.`,
  ]);
});

test("records that stay unread are told with their number", async (salon) => {
  await salon.sql`insert into companies (company_id) values (${BRANCH})`;
  await salon.sql`insert into look_again (company_id, record_id, reason, tries) values (${BRANCH}, 1, 'unreadable', 3)`;
  await noteSetAside(salon.db, [BRANCH]);
  await salon.tellOwners();
  await salon.sql`delete from look_again`;
  await noteSetAside(salon.db, [BRANCH]);
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([
    "⚠️ Не получается прочитать записи журнала: 1. По ним баллы пока не меняются. Проверьте, видит ли пользователь API финансовые операции за все дни.",
    "✅ Отложенных записей больше нет.",
  ]);
});

test("records that YCLIENTS does not know any more are told apart, and their alarm ends by itself", async (salon) => {
  await salon.sql`insert into companies (company_id) values (${BRANCH})`;
  await salon.sql`
    insert into look_again (company_id, record_id, reason, tries) values (${BRANCH}, 1, 'record_vanished', 3)`;
  await noteSetAside(salon.db, [BRANCH]);
  await salon.tellOwners();
  await salon.sql`update look_again set tries = 12`;
  await noteSetAside(salon.db, [BRANCH]);
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([
    "⚠️ Записей, которых больше нет в YCLIENTS: 1. Баллы за них остались у клиентов. Если визита не было, снимите баллы: /debit телефон баллы.",
    "✅ О записях, которых не стало в YCLIENTS, больше не напоминаем. Баллы за ненайденные остались у клиентов.",
  ]);
});

test("two programs and a slow Telegram: each owner hears of trouble once, and of its end once", async (salon) => {
  salon.telegram.person({ id: 902, firstName: "Павел" }).chat.started = true;
  const one = () => salon.tellOwners(["telegram:901", "telegram:902"]);
  const both = () => Promise.all([one(), one()]);
  salon.telegram.faults.always({ method: "sendMessage", delayMs: 300 });
  await salon.trouble("unreachable");
  await both();
  await both();
  await salon.trouble(null);
  await both();
  await both();
  for (const owner of [901, 902]) expect(salon.said(owner)).toEqual([DOWN, UP]);
  expect(await salon.sql`select from alarms`).toHaveLength(0);
});

/** Tells the owners; it happens while Telegram holds the first message. */
async function whileTelling(salon: Awaited<ReturnType<typeof owners>>, happens: () => Promise<unknown>) {
  const { telegram } = salon;
  const held = Promise.withResolvers<void>();
  telegram.faults.next({ method: "sendMessage", until: held.promise });
  const before = telegram.calls.length;
  const telling = salon.tellOwners();
  await until(() => telegram.calls.length > before);
  await happens();
  held.resolve();
  await telling;
}

test("trouble that ends, or an end that does not hold, while it is being told: what was last told is true", async (salon) => {
  const tell = (meanwhile: string | null) => whileTelling(salon, () => salon.trouble(meanwhile));
  await salon.trouble("unreachable");
  await tell(null);
  expect(salon.said(901)).toEqual([DOWN]);
  await tell("unreachable");
  expect(salon.said(901)).toEqual([DOWN, UP]);
  await salon.tellOwners();
  expect(salon.said(901)).toEqual([DOWN, UP, DOWN]);
  await salon.toldOf(null);
  expect(salon.said(901)).toEqual([DOWN, UP, DOWN, UP]);
  expect(await salon.sql`select from alarms`).toHaveLength(0);
});

test("trouble that is over when its turn comes, behind a slow one, is not told", async (salon) => {
  await salon.trouble("unreachable");
  await noteAlarm(salon.db, "legal", "LEGAL_NAME");
  await whileTelling(salon, () => noteAlarm(salon.db, "legal", null));
  expect(salon.said(901)).toEqual([DOWN]);
});

test("trouble with a branch, a person or records that the settings name no more ends, in words that are true", async (salon) => {
  const { sql } = salon;
  await sql`insert into companies (company_id, title) values (77, 'Старый салон')`;
  await sql`insert into look_again (company_id, record_id, reason, tries) values (77, 1, 'unreadable', 3)`;
  await noteSetAside(salon.db, [BRANCH, 77]);
  await noteAlarm(salon.db, "refused:77", "401");
  await noteAlarm(salon.db, "unreached:telegram:601", "601");
  await noteAlarm(salon.db, `rights:${BRANCH}`, "7");
  await salon.tellOwners(["telegram:901"], {
    staff: ["telegram:901", "telegram:601"],
    branches: [BRANCH, 77],
  });
  const before = salon.said(901).length;
  expect(before).toBe(4);
  await noteAlarm(salon.db, "phones:77", ""); // raised and told to nobody: no word is due
  await noteSetAside(salon.db, [BRANCH]);
  await salon.tellOwners();
  expect(salon.said(901).slice(before).sort()).toEqual([
    "✅ Отложенных записей больше нет.",
    "✅ Сотрудника 601 в настройках больше нет: писать ему не нужно.",
    "✅ Филиала (Старый салон) в настройках больше нет: его журнал бот не читает.",
  ]);
  expect(await sql`select about from alarms`).toEqual([{ about: `rights:${BRANCH}` }] as never);
});
