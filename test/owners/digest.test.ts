// The owners' evening message: what is in it, when it goes out, and that it goes out once.
import { expect, test } from "bun:test";
import { pino } from "pino";
import { veilOf } from "../../src/cards/veil.ts";
import { importList, listOf, takeBackList } from "../../src/import/list.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { digestTexts } from "../../src/owners/digest.texts.ts";
import { type DigestParts, sendDigest } from "../../src/owners/digest.ts";
import { asPlain } from "../../src/texts/long.ts";
import { expectTable, refusal } from "../helpers/db.ts";
import { soft } from "../helpers/soft.ts";
import { BRANCH, tellingSalon } from "../helpers/telling-salon.ts";

/** Irina is the owner, Olga an admin with a card of her own (2), Anna has Telegram (1), Boris has none (3). */
async function evening(changes: Partial<DigestParts> = {}) {
  const salon = await tellingSalon();
  const { sql, db, clock, telegram } = salon;
  telegram.person({ id: 700, firstName: "Ирина" }).chat.started = true;
  await sql`
    insert into companies (company_id, title, time_zone, read_from, first_pass_at, mark)
    values (${BRANCH}, 'Салон', 'Europe/Moscow', '2026-03-01', now(), now())`;
  await salon.linked(601, "+79005550001");
  await sql`insert into clients (phone, name) values ('+79007654321', 'Борис <b>')`;
  await sql`update clients set name = 'Анна' where phone = '+79001234567'`;
  await sql`insert into staff (account, name) values ('telegram:601', 'Ольга')`;
  let keys = 0;
  type More = { bill?: number; reason?: string; corrects?: number; actor?: string; key?: string };
  const row = async (at: string, card: string, kind: string, points: number, more: More = {}) => {
    const [added] = await sql<{ id: number }[]>`
      insert into bonuslog (client_id, kind, points, paid, reason, corrects, awarded_at, actor, key)
      select id, ${kind}, ${points}, ${more.bill ?? null}, ${more.reason ?? null}, ${more.corrects ?? null}, ${at},
        ${more.actor ?? "admin:601"}, ${more.key ?? `op:${++keys}`}
      from clients where right(phone, 4) = ${card} returning id`;
    const id = Number(added?.id);
    if (kind === "spend")
      await sql`insert into spends (id, day, bill) values (${id}, (${at}::timestamptz at time zone 'Europe/Moscow')::date, ${more.bill ?? 1})`;
    return id;
  };
  const visit = (id: number, at: string, card: string, price: number, paid: number, decision: string) => sql`
    insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
      services_paid, goods_paid, read_at, decision)
    select ${id}, ${BRANCH}, id, ${at}, (${at}::timestamptz at time zone 'Europe/Moscow')::date, false,
      ${decision === "too_little"}, 1,
      ${price}, ${paid}, 0, now(), ${decision} from clients where right(phone, 4) = ${card}`;
  const parts: DigestParts = {
    ...{ db, log: pino({ level: "silent" }), now: () => clock.now, digestAt: 21 * 60 },
    ...{ companyIds: [BRANCH], paidBy: "payments", adminIds: ["telegram:601"], ownerIds: ["telegram:700"] },
    send: salon.notify.send,
    spoken: ["telegram"],
    ...changes,
  };
  const tick = (at?: string) => {
    if (at) clock.now = new Date(at);
    return sendDigest(parts);
  };
  return Object.assign(salon, { row, visit, tick, parts });
}

type Evening = Awaited<ReturnType<typeof evening>>;

/** Irina has a partner, Pavel, who has not pressed Start. */
async function twoOwners() {
  const salon = await evening({ ownerIds: ["telegram:700", "telegram:701"] });
  const pavel = salon.telegram.person({ id: 701, firstName: "Павел" });
  const due = () => salon.sql`update digest_readers set due_at = now() where told_at is null`;
  return Object.assign(salon, { pavel, due });
}

const said = (salon: Evening, owner = 700) => salon.said(owner).map((html) => soft(asPlain(html)));
const hashOf = async ({ sql }: Evening) => {
  const [row] = await sql`select encode(hash, 'hex') as hash from bonuslog order by id desc limit 1`;
  return row?.hash as string;
};

test("who was taken on and let go is told to each owner once, beside the changes by hand", async () => {
  const salon = await evening({ ownerIds: ["telegram:700", "telegram:701"] });
  const { sql, tick } = salon;
  const change = (at: string, role: string | null) => sql`
    insert into staff_changes (account, role, made_by, made_at) values ('telegram:601', ${role}, 'telegram:700', ${at})`;
  await change("2026-03-12T09:00:00Z", "admin");
  await tick("2026-03-12T18:00:00Z");
  const lines = (owner = 700) =>
    (said(salon, owner).at(-1) ?? "").split("\n").filter((line) => line.includes("id 601"));
  expect(lines()).toEqual(["12:00 Ольга, id 601: теперь администратор (кто добавил: 700)"]);
  salon.telegram.person({ id: 701, firstName: "Пётр" }).chat.started = true;
  await change("2026-03-12T18:30:00Z", null);
  await tick("2026-03-13T18:00:00Z");
  const off = "12 марта 21:30 Ольга, id 601: больше не администратор (кто убрал: 700)";
  expect(lines()).toEqual([off]);
  expect(lines(701)).toEqual(["12 марта 12:00 Ольга, id 601: теперь администратор (кто добавил: 700)", off]);
  await salon[Symbol.asyncDispose]();
});

test("changes by hand with author, sum, card and reason; marked where an owner should look; unpaid visits; the seal", async () => {
  await using salon = await evening();
  const { row, visit, tick } = salon;
  await row("2026-03-11T10:00:00Z", "4567", "credit", 1000); // yesterday: not of this day
  await visit(1, "2026-03-12T09:00:00Z", "4567", 3500, 3160, "paid_in_part");
  await visit(2, "2026-03-12T15:00:00Z", "4567", 10, 10, "too_little");
  await visit(3, "2026-03-05T15:00:00Z", "4567", 10, 10, "too_little");
  await row("2026-03-12T09:30:00Z", "4567", "spend", -340, { bill: 3500 });
  await row("2026-03-12T10:00:00Z", "0001", "credit", 500, { reason: "за <работу>" });
  await row("2026-03-12T10:10:00Z", "4321", "credit", 100.5, { actor: "admin:601,owner:700" });
  const wrong = await row("2026-03-12T10:20:00Z", "4321", "spend", -50, { bill: 100 });
  await row("2026-03-12T10:25:00Z", "4321", "undo", 50, { corrects: wrong, key: `undo:${wrong}` });
  await row("2026-03-12T11:00:00Z", "4567", "move", -20, { key: "op:m:from" });
  await row("2026-03-12T11:00:00Z", "4321", "move", 20, { key: "op:m:to" });
  expect(await tick("2026-03-12T18:00:00Z")).toBe(true);
  expect(said(salon)).toEqual([
    `Итоги дня, 12 марта 2026, в скобках — неделю назад
Оплаченных визитов: 1 (1)
Начислено: 600,5 (0)
Списано: 340 (0), счета на 3 500 ₽ (0 ₽)
Вы должны клиентам: 1 260,50 ₽

Изменений вручную: 6.

Проверьте
13:00 кассир Ольга: начислено 500, Без имени …0001, «за <работу>»
  ⚠️ карта сотрудника
13:10 кассир Ольга, владелец 700: начислено 100,5, Борис <b> …4321
  ⚠️ клиент без Telegram
13:20 кассир Ольга: списано 50, Борис <b> …4321, счёт 100 ₽
  ⚠️ клиент без Telegram, в этот день визита нет
13:25 кассир Ольга: отменено списание 50, Борис <b> …4321
  ⚠️ клиент без Telegram
14:00 кассир Ольга: перенесено 20, Анна …4567 → …4321
  ⚠️ не у всех есть Telegram

Остальные
12:30 кассир Ольга: списано 340, Анна …4567, счёт 3 500 ₽

Баллы списаны, а визит оплачен не полностью
12:00 Анна …4567: цена 3 500 ₽, оплачено 3 160 ₽, баллами 340
Похоже, цену визита в YCLIENTS не уменьшили. Исправьте её, и баллы за визит придут сами.

Печать: 8:${await hashOf(salon)}`,
  ]);
});

test("balances that came as a list are told with their sum, and when they are taken back; the day is no quiet one", async () => {
  await using salon = await evening();
  const { sql, db } = salon;
  const how = { veil: veilOf("partner"), known: null };
  await importList(db, listOf(Buffer.from("9001234567;1 340,24\n9007654321;50\n")), how);
  await sql`alter table imported_lists disable trigger user`;
  await sql`update imported_lists set imported_at = '2026-03-12T09:00:00Z'`;
  await salon.tick("2026-03-12T18:00:00Z");
  await takeBackList(db, 1, false);
  await sql`update imported_lists set imported_at = '2026-03-13T09:30:00Z' where id = 2`;
  await salon.tick("2026-03-13T18:00:00Z");
  await salon.tick("2026-03-14T18:00:00Z");
  const section = "Остатки из прежней программы, загружены списком на сервере";
  expect(said(salon).map((text) => text.split("\n\n").slice(-2, -1)[0])).toEqual([
    `${section}\n12:00 список № 1: +1 390,24 балла, карт: 2`,
    `${section}\n12:30 снят список № 1: −1 390,24 балла, карт: 2`,
    expect.stringContaining("вручную баллы не меняли"),
  ]);
});

test("a row that no operation of the program explains is told, whatever day it is given", async () => {
  await using salon = await evening();
  await salon.tick("2026-03-12T18:00:00Z");
  await salon.sql`update digests set sent_at = '2026-03-12T18:00:00Z'`;
  await salon.sql`alter table bonuslog disable trigger bonuslog_openings_are_of_merges`;
  await salon.row("2026-03-12T20:00:00Z", "4567", "opening", 9999, { actor: "sync", key: "opening:9:to" });
  await salon.row("2025-03-12T20:00:00Z", "4321", "credit", 500, { key: "op:1:1" });
  await salon.row("2026-03-13T10:00:00Z", "4567", "credit", 100, { key: "op:1:2" });
  expect(await salon.tick("2026-03-13T18:00:00Z")).toBe(true);
  expect(said(salon)[1]).toStartWith(`Итоги дня, 13 марта 2026, в скобках — неделю назад
Оплаченных визитов: 0 (0)
Начислено: 100 (0)
Списано: 0 (0)
Вы должны клиентам: 10 599 ₽

⚠️ Программа таких строк не пишет
Строка 1: остаток из прежней программы +9 999, Анна …4567
Строка 2: начисление +500, Борис <b> …4321
Их мог добавить тот, у кого есть доступ к базе. Попросите того, кто настраивал бота, запустить loyalty-bot verify.

Изменений вручную: 1.`);
});

test("forged rows that lack what no row may lack are told too, and keep no message back", async () => {
  await using salon = await evening();
  await salon.tick("2026-03-12T18:00:00Z");
  for (const points of [1, 2, 3, 4, 5, 6]) await salon.row("2026-03-13T10:00:00Z", "4567", "credit", points);
  await salon.sql.unsafe(`
    alter table bonuslog disable trigger user, alter actor drop not null, alter kind drop not null,
      alter points drop not null, alter awarded_at drop not null, alter key drop not null, alter client_id drop not null,
      drop constraint awarded_in_a_year_of_four_digits;
    update bonuslog set actor = null where id = 1; update bonuslog set kind = null where id = 2;
    update bonuslog set points = null, key = null where id = 3; update bonuslog set awarded_at = null where id = 4;
    update bonuslog set client_id = null where id = 5; update bonuslog set awarded_at = 'infinity' where id = 6`);
  expect(await salon.tick("2026-03-13T18:00:00Z")).toBe(true);
  for (const id of [1, 2, 3, 4, 5, 6]) expect(said(salon)[1]).toContain(`\nСтрока ${id}: `);
});

test("what has ended is said of a day on which nobody did anything, too", () => {
  const none = { withCard: 0, withoutCard: 0, clients: 0, linked: 0, given: 0, spent: 0, bills: 0 };
  const [message] = digestTexts({
    ...{ day: "2026-12-28", timeZone: "Europe/Moscow", since: "2026-11-20", spoken: [] },
    ...{ odd: [], changes: [], lists: [], staff: [], unpaid: [], names: new Map(), owners: [] },
    earned: { now: { ...none, expired: 26_700 }, before: null },
    owed: { owed: 0, debts: 0 },
    seal: { rows: 8, owed: 0, hash: "-" },
  });
  expect(soft(message)).toStartWith(
    "<b>28 декабря 2026</b>: оплаченных визитов не было, сгорело 267 баллов, вручную баллы не меняли.",
  );
});

test("a quiet day is one sentence and its seal, which verify takes", async () => {
  await using salon = await evening();
  await salon.tick("2026-03-12T18:00:00Z");
  await salon.visit(1, "2026-03-13T09:00:00Z", "4567", 3500, 3500, "too_little");
  await salon.visit(2, "2026-03-13T09:00:00Z", "4321", 3500, 3500, "too_little");
  await salon.sql`
    insert into bonuslog (client_id, kind, record_id, points, paid, actor, key)
    select client_id, 'award', 1, 35, 3500, 'sync', 'visit:1' from visits where record_id = 1`;
  await salon.tick("2026-03-13T18:00:00Z");
  await salon.sql`update companies set mark = null`;
  await salon.tick("2026-03-14T18:00:00Z");
  const seal = `1:${await hashOf(salon)}`;
  expect(said(salon)).toEqual([
    "12 марта 2026: оплаченных визитов не было, вручную баллы не меняли.\n\nПечать: 0:-",
    `13 марта 2026: оплаченных визитов 2 (неделю назад 0), начислено 35 баллов, вручную баллы не меняли.\n\nПечать: ${seal}`,
    `14 марта 2026: журнал YCLIENTS ещё читается, вручную баллы не меняли.\n\nПечать: ${seal}`,
  ]);
  const { contains, faults } = await verifyLedger(salon.db, async () => [], [keptOf(seal)]);
  expect([contains.length, faults]).toEqual([1, []]);
});

const keptOf = (seal: string) => {
  const [rows = "", hash = ""] = seal.split(":");
  return { day: null, rows: Number(rows), hash };
};

test("not before its minute, and once a day however many programs call and however often", async () => {
  await using salon = await evening();
  expect(await salon.tick("2026-03-12T17:59:59Z")).toBe(false);
  salon.clock.now = new Date("2026-03-12T18:00:00Z");
  const sent = await Promise.all(Array.from({ length: 8 }, () => salon.tick()));
  expect(sent.filter(Boolean)).toHaveLength(1);
  expect(await salon.tick("2026-03-12T20:59:00Z")).toBe(false);
  expect(await salon.tick("2026-03-13T17:00:00Z")).toBe(false);
  expect(said(salon)).toHaveLength(1);
  expect(await salon.tick("2026-03-13T18:01:00Z")).toBe(true);
  await expectTable(salon.sql, "select day::text, last_row, owed, hash from digests order by day", [
    { day: "2026-03-12", last_row: 0, owed: "0.00", hash: null },
    { day: "2026-03-13", last_row: 0, owed: "0.00", hash: null },
  ]);
});

test("what was done after one message is in the next, with its day", async () => {
  await using salon = await evening();
  await salon.row("2026-03-12T10:00:00Z", "4567", "credit", 100);
  await salon.tick("2026-03-12T18:00:00Z");
  await expectTable(salon.sql, "select last_row, owed, encode(hash, 'hex') as hash from digests", [
    { last_row: 1, owed: "100.00", hash: await hashOf(salon) },
  ]);
  await salon.row("2026-03-12T19:30:00Z", "4567", "debit", -30, { reason: "ошибка" });
  await salon.tick("2026-03-13T18:00:00Z");
  const [, second = ""] = said(salon);
  expect(second).toContain(
    "Изменений вручную: 1.\n\nСписок\n12 марта 22:30 кассир Ольга: снято 30, Анна …4567, «ошибка»\n",
  );
});

test("a message missed by less than three hours goes out after midnight, a later one not", async () => {
  await using salon = await evening({ digestAt: 23 * 60 + 30 });
  await salon.row("2026-03-12T10:00:00Z", "4567", "credit", 100);
  expect(await salon.tick("2026-03-12T23:30:00Z")).toBe(false); // 02:30, three hours late
  expect(await salon.tick("2026-03-12T23:29:00Z")).toBe(true);
  expect(said(salon)[0]).toContain("Изменений вручную: 1.");
  expect(said(salon)[0]).toStartWith("Итоги дня, 12 марта 2026");
  expect(await salon.tick("2026-03-13T20:30:00Z")).toBe(true);
});

test("an owner who cannot be reached for a moment is told the next minute", async () => {
  await using salon = await evening();
  let fail = true;
  const real = salon.parts.send;
  salon.parts.send = async (id, html) =>
    fail ? { kind: "failed", why: "502", passes: true, mayHaveArrived: true } : real(id, html);
  expect(await salon.tick("2026-03-12T18:00:00Z")).toBe(false);
  fail = false;
  expect(await salon.tick("2026-03-12T18:01:00Z")).toBe(true);
  expect(said(salon)).toHaveLength(1);
});

test("of two owners one is away: the other is told once, and they when they are back, of the same rows and seal", async () => {
  await using salon = await twoOwners();
  const tries = () => salon.telegram.calls.filter(({ payload }) => payload.chat_id === 701).length;
  await salon.row("2026-03-12T10:00:00Z", "4567", "credit", 100);
  expect(await salon.tick("2026-03-12T18:00:00Z")).toBe(true);
  expect(await salon.tick("2026-03-12T18:01:00Z")).toBe(false);
  expect(tries()).toBe(1); // who has not pressed Start is not asked every minute
  await salon.row("2026-03-12T18:05:00Z", "4567", "credit", 7);
  salon.pavel.chat.started = true;
  await salon.due();
  expect(await salon.tick("2026-03-12T18:10:00Z")).toBe(true);
  expect(await salon.tick("2026-03-12T18:11:00Z")).toBe(false);
  expect(said(salon)).toHaveLength(1);
  expect(said(salon, 701)).toEqual(said(salon));
  expect(said(salon, 701)[0]).toContain("Изменений вручную: 1.");
  await expectTable(
    salon.sql,
    "select day::text, owner, told_at is not null as told from digest_readers order by owner",
    [700, 701].map((owner) => ({ day: "2026-03-12", owner: `telegram:${owner}`, told: true })),
  );
});

test("an owner who was away all evening reads what they missed in the next day's message", async () => {
  await using salon = await twoOwners();
  await salon.tick("2026-03-11T18:00:00Z");
  await salon.row("2026-03-12T10:00:00Z", "4567", "credit", 100);
  await salon.tick("2026-03-12T18:00:00Z");
  await salon.row("2026-03-13T10:00:00Z", "4567", "credit", 7);
  salon.pavel.chat.started = true;
  expect(await salon.tick("2026-03-13T18:00:00Z")).toBe(true);
  expect(said(salon).at(-1)).toContain("Изменений вручную: 1.");
  expect(said(salon, 701)).toHaveLength(1);
  const [missed] = said(salon, 701);
  expect(missed).toContain("Изменений вручную: 2.");
  expect(missed).toContain("12 марта 13:00 кассир Ольга: начислено 100, Анна …4567");
});

test("messages of a release that did not keep who had read them count as read by everybody", async () => {
  await using salon = await evening();
  await salon.row("2026-03-11T10:00:00Z", "4567", "credit", 100);
  await salon.sql`insert into digests (day, last_row) values ('2026-03-11', 1)`;
  await salon.row("2026-03-12T10:00:00Z", "4567", "credit", 7);
  await salon.tick("2026-03-12T18:00:00Z");
  expect(said(salon)[0]).toContain("Изменений вручную: 1.");
});

test("a row in digests hides nothing from those that follow", async () => {
  await using salon = await evening();
  await salon.row("2026-03-11T10:00:00Z", "4567", "credit", 100);
  await salon.tick("2026-03-11T18:00:00Z");
  await salon.row("2026-03-12T10:00:00Z", "4567", "credit", 7);
  const kept = (last: number, hash: string | null) =>
    refusal(
      salon.sql`insert into digests (day, last_row, hash, owed) values ('2026-03-01', ${last}, ${hash}, 0)`,
    );
  // Of rows to come, of rows with another hash, and of what is there, as if a day long past had told of it.
  expect(await kept(1_000_000, null)).toBe("digests_are_of_what_is_there");
  expect(await kept(-1, null)).toBe("digests_are_of_what_is_there");
  expect(await kept(2, `\\x${"0".repeat(64)}`)).toBe("digests_are_of_what_is_there");
  expect(await kept(2, null)).toBe("taken");
  await salon.tick("2026-03-12T18:00:00Z");
  expect(said(salon)[1]).toContain("Изменений вручную: 1.");
});

test("a client who is forgotten while one owner is written to is not named to the next", async () => {
  await using salon = await twoOwners();
  await salon.row("2026-03-12T10:00:00Z", "4321", "credit", 100);
  await salon.tick("2026-03-12T18:00:00Z");
  await salon.sql`update clients set name = null where right(phone, 4) = '4321'`;
  salon.pavel.chat.started = true;
  await salon.due();
  await salon.tick("2026-03-12T18:10:00Z");
  expect(salon.said(700)[0]).toContain("Борис");
  expect(salon.said(701)[0]).not.toContain("Борис");
});

test("off is off, and a spend whose points were given back leaves nothing unpaid", async () => {
  await using salon = await evening();
  await salon.row("2026-03-12T08:00:00Z", "4567", "credit", 100);
  await salon.visit(1, "2026-03-12T09:00:00Z", "4567", 500, 0, "not_paid");
  const spend = await salon.row("2026-03-12T09:30:00Z", "4567", "spend", -100, { bill: 500 });
  await salon.row("2026-03-12T09:50:00Z", "4567", "credit", 100, { corrects: spend, key: `undo:${spend}` });
  salon.parts.digestAt = null;
  expect(await salon.tick("2026-03-12T18:00:00Z")).toBe(false);
  salon.parts.digestAt = 0;
  expect(await salon.tick("2026-03-12T18:00:00Z")).toBe(true);
  expect(said(salon)[0]).not.toContain("не полностью");
  expect(said(salon)[0]).toContain("12:50 кассир Ольга: возвращено 100, Анна …4567");
});

test("a long day is cut into messages that Telegram takes, and counted", async () => {
  await using salon = await evening();
  await salon.sql`
    insert into bonuslog (client_id, kind, points, reason, awarded_at, actor, key)
    select 1, 'credit', 1, repeat('я', 90), '2026-03-12T10:00:00Z', 'admin:601', 'op:many:' || n from generate_series(1, 100) n`;
  expect(await salon.tick("2026-03-12T18:00:00Z")).toBe(true);
  expect(salon.said(700).filter((html) => html.length > 4096)).toEqual([]);
  const all = said(salon);
  expect(all.length).toBeGreaterThan(2);
  expect(all.join("\n")).toContain("Изменений вручную: 100.");
  expect(all.join("\n")).toContain("и ещё 20");
  expect(all.at(-1)).toContain(await hashOf(salon));
});
