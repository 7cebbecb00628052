// A friend by invitation, on the journal and the ledger: given once, to who is new, for what stood; taken back when it goes.
import { expect } from "bun:test";
import { tieFriend } from "../../src/friends/friends.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import { DAY, invitations, offer, VERA } from "../helpers/invitations.ts";
import { expectSound } from "../helpers/sound.ts";
import { BRANCH } from "../helpers/telling-salon.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(invitations);
const both = ["friend:N:inviter 300.00", "friend:N:friend 200.00"];

test("both are given what was promised once the first visit is three days old, and once", async (salon) => {
  expect(await salon.tie()).toBe("tied");
  await salon.settle();
  expect(await salon.state()).toBe("waits");
  await salon.held(salon.visit(1_000), 3.9);
  await salon.settle();
  expect(await salon.gifts()).toEqual([]);
  await salon.pass(0.2);
  await Promise.all([salon.settle(), salon.settle()]);
  await salon.settle();
  expect(await salon.gifts()).toEqual(both);
  expect(await salon.state()).toBe("given");
  await expectSound(salon.db);
});

test("a visit that is not attended, not paid or paid too little makes no gift", async (salon) => {
  await salon.tie();
  const [paid, attended, small] = [salon.visit(5_000), salon.visit(5_000), salon.visit(999)];
  salon.journal.pay(paid);
  salon.journal.arrive(attended);
  await salon.held(small, 10);
  await salon.settle();
  expect(await salon.gifts()).toEqual([]);
  await salon.held(attended, 0);
  await salon.settle();
  expect(await salon.gifts()).toEqual(both);
});

test("what was paid for all records of one visit is one sum", async (salon) => {
  await salon.tie();
  const at = new Date(salon.clock.now.getTime() + DAY);
  const both = [600, 400].map((roubles) => salon.book(roubles, { id: 77, phone: VERA, at, visitId: 9_001 }));
  for (const one of both) salon.journal.arrive(one);
  for (const one of both) salon.journal.pay(one);
  await salon.pass(5);
  await salon.settle();
  expect(await salon.gifts()).toHaveLength(2);
});

test("a visit of which a record is unpaid is not paid in full; one that was cancelled is none of it", async (salon) => {
  await salon.tie();
  const at = new Date(salon.clock.now.getTime() + DAY);
  const [paid, other] = [1_000, 400].map((roubles) =>
    salon.book(roubles, { id: 77, phone: VERA, at, visitId: 9_001 }),
  );
  salon.journal.arrive(other ?? 0);
  await salon.held(paid ?? 0, 5);
  await salon.settle();
  expect(await salon.gifts()).toEqual([]);
  salon.journal.remove(other ?? 0);
  await salon.pass(1);
  await salon.settle();
  expect(await salon.gifts()).toEqual(both);
});

test("who has been here before is no new friend, though nothing of it is stored here", async (salon) => {
  salon.visit(1_000, -400);
  await salon.tie();
  await salon.settle();
  expect(await salon.state()).toBe("refused known");
  await salon.held(salon.visit(5_000), 10);
  await salon.settle();
  expect(await salon.gifts()).toEqual([]);
});

test("who has been in another branch is no new friend", async (salon) => {
  salon.journal.addCompany({ id: 12, title: "Второй", timeZone: "Europe/Moscow" });
  salon.friends.companyIds = [BRANCH, 12];
  salon.journal.book({
    ...{ companyId: 12, client: { id: 88, name: "Вера", phone: VERA }, services: [] },
    startsAt: new Date("2025-01-01T09:00:00Z"),
  });
  await salon.tie();
  await salon.settle();
  expect(await salon.state()).toBe("refused known");
});

test("a visit that is stored here is enough, and so are points of an earlier program", async (salon) => {
  await salon.paid(1_000, { id: 31, phone: VERA, at: new Date("2026-03-11T09:00:00Z") });
  await salon.tie();
  salon.api.faults.always({
    path: /clients\/search/,
    status: 200,
    body: { success: true, data: [], meta: [] },
  });
  await salon.settle();
  expect(await salon.state()).toBe("refused known");
});

test("what the journal does not say is asked again, and gives nothing meanwhile", async (salon) => {
  salon.api.faults.always({ path: /clients\/search/, status: 403 });
  await salon.tie();
  await salon.held(salon.visit(5_000), 10);
  await salon.settle();
  expect(await salon.state()).toBe("asked");
  expect(await salon.gifts()).toEqual([]);
  salon.api.faults.clear();
  salon.api.permissions.timetable_phones_access = false;
  await salon.settle();
  expect(await salon.state()).toBe("asked");
  salon.api.permissions.timetable_phones_access = true;
  await salon.settle();
  expect(await salon.gifts()).toEqual(both);
  expect(salon.log.join("")).not.toContain("9005550001");
});

test("one that cannot be told stops nobody else", async (salon) => {
  await salon.tie();
  await salon.tie("+79005550002");
  salon.api.faults.next({ path: /clients\/search/, status: 403 });
  await salon.settle();
  expect([await salon.state(), await salon.state("+79005550002")].sort()).toEqual(["asked", "waits"]);
});

test("nobody who works here invites or is invited: by the journal's list or by the bot's", async (salon) => {
  const staff = [{ id: 51, name: "Ольга", phone: VERA }];
  salon.journal.addCompany({ id: BRANCH, title: "Салон", timeZone: "Europe/Moscow", staff });
  await salon.tie();
  await salon.tie("+79005550002", { inviter: await salon.cardOf(VERA) });
  await salon.linked(900, "+79005550003");
  await salon.tie("+79005550003");
  await salon.tie("+79005550004", { inviter: await salon.cardOf("+79005550003") });
  await salon.settle();
  expect(await salon.state()).toBe("refused friend_works_here");
  expect(await salon.state("+79005550002")).toBe("refused inviter_works_here");
  expect(await salon.state("+79005550003")).toBe("refused friend_works_here");
  expect(await salon.state("+79005550004")).toBe("refused inviter_works_here");
});

test("who works here is no inviter by a card that they have left for another", async (salon) => {
  const { sql } = salon;
  const [old, now] = [await salon.cardOf("+79005550003"), await salon.cardOf("+79005550004")];
  await salon.tie(VERA, { inviter: old });
  await salon.linked(900, "+79005550004");
  await sql`update clients set left_for = ${now}, left_at = now() where id = ${old}`;
  await salon.settle();
  expect(await salon.state()).toBe("refused inviter_works_here");
});

test("nobody invites themselves, and the first to be named stays", async (salon) => {
  const vera = await salon.cardOf(VERA);
  expect(await salon.tie(VERA, { inviter: vera })).toBe("own");
  expect(await salon.tie()).toBe("tied");
  expect(await salon.tie(VERA, { inviter: await salon.cardOf("+79005550009") })).toBe("already");
});

test("nobody invites themselves by a card of theirs that they let go of", async (salon) => {
  const { sql } = salon;
  await sql`delete from accounts where client_id = ${salon.anna}`;
  await salon.linked(501, VERA);
  expect(await salon.tie()).toBe("own");
  const back = { friend: salon.anna, inviter: await salon.cardOf(VERA) };
  expect(await salon.tie("+79001234567", back)).toBe("own");
  await salon.linked(502, "+79005550002");
  await sql`delete from accounts where client_id = ${await salon.cardOf("+79005550002")}`;
  expect(await salon.tie("+79005550002")).toBe("tied");
});

test("two cards that turn out to be one person's make no gift", async (salon) => {
  const { sql } = salon;
  await salon.tie();
  await salon.settle();
  const visit = salon.visit(1_000);
  await sql`delete from accounts`;
  await sql`update clients set left_for = ${await salon.cardOf(VERA)}, left_at = now() where id = ${salon.anna}`;
  await salon.held(visit);
  await salon.settle();
  expect([await salon.gifts(), await salon.state()]).toEqual([[], "refused known"]);
});

test("who turns out to have been here under another number makes no gift", async (salon) => {
  const { sql } = salon;
  const before = new Date(salon.clock.now.getTime() - DAY);
  await salon.paid(2_000, { id: 77, phone: "+79005550077", at: before });
  await salon.tie();
  await salon.settle();
  expect(await salon.state()).toBe("waits");
  const [now, old] = [await salon.cardOf(VERA), await salon.cardOf("+79005550077")];
  await sql`update clients set left_for = ${now}, left_at = now() where id = ${old}`;
  await salon.held(salon.visit(1_000));
  await salon.settle();
  expect([await salon.gifts(), await salon.state()]).toEqual([[], "refused known"]);
});

test("past the month's limit the inviter gets nothing more, the friend all the same; next month both", async (salon) => {
  salon.friends.friendAMonth = 1;
  for (const phone of [VERA, "+79005550002"]) {
    await salon.tie(phone);
    salon.journal.arrive(salon.visit(1_000, 1, phone));
    salon.journal.pay(salon.journal.records(BRANCH).at(-1)?.id ?? 0);
  }
  await salon.pass(5);
  await salon.settle();
  expect(await salon.gifts()).toEqual([...both, "friend:N:friend 200.00"]);
  await salon.tie("+79005550003");
  await salon.pass(20);
  await salon.held(salon.visit(1_000, 1, "+79005550003"), 5);
  await salon.settle();
  expect((await salon.gifts()).slice(3)).toEqual(both);
  await expectSound(salon.db);
});

test("a refund before the days are over gives nothing; after it both give back, a day later", async (salon) => {
  await salon.tie();
  const visit = salon.visit(1_000);
  await salon.held(visit, 2);
  salon.journal.refund(visit);
  await salon.pass(3);
  await salon.settle();
  expect(await salon.gifts()).toEqual([]);
  salon.journal.pay(visit);
  await salon.pass(0);
  await salon.settle();
  salon.journal.refund(visit);
  await salon.pass(0);
  await salon.settle();
  await salon.pass(0.9);
  await salon.settle();
  expect(await salon.gifts()).toEqual(both);
  await salon.pass(0.2);
  await Promise.all([salon.settle(), salon.settle()]);
  expect(await salon.gifts()).toEqual([
    ...both,
    "friend:N:inviter:back -300.00 friend_gone",
    "friend:N:friend:back -200.00 friend_gone",
  ]);
  salon.journal.pay(visit);
  await salon.pass(5);
  await salon.settle();
  expect(await salon.gifts()).toHaveLength(4);
  await expectSound(salon.db);
});

test("a payment that is taken off and put back within the day changes nothing, nor does another visit in its place", async (salon) => {
  await salon.tie();
  const visit = salon.visit(1_000);
  await salon.held(visit);
  await salon.settle();
  salon.journal.refund(visit);
  await salon.pass(0.1);
  await salon.settle();
  salon.journal.pay(visit);
  await salon.pass(0.1);
  await salon.settle();
  salon.journal.remove(visit);
  await salon.held(salon.visit(2_000, -1), 0.1);
  await salon.settle();
  await salon.pass(3);
  await salon.settle();
  expect(await salon.gifts()).toEqual(both);
});

test("the promise of the day of the tie holds, whatever is set later", async (salon) => {
  await salon.tie();
  const cheaper = { ...offer, friendPoints: { inviter: 100, friend: 0 }, friendLeastBill: null };
  const second = {
    friend: await salon.cardOf("+79005550002"),
    inviter: salon.anna,
    by: null,
    at: salon.clock.now,
    staff: [],
  };
  await tieFriend(salon.db, cheaper, second);
  for (const phone of [VERA, "+79005550002"]) {
    const visit = salon.visit(1_000, 1, phone);
    salon.journal.arrive(visit);
    salon.journal.pay(visit);
  }
  await salon.pass(5);
  await salon.settle();
  expect(await salon.gifts()).toEqual([...both, "friend:N:inviter 1.00"]);
});

test("after a year without a first visit a tie is over", async (salon) => {
  await salon.tie();
  await salon.settle();
  salon.clock.now = new Date(salon.clock.now.getTime() + 366 * DAY);
  await salon.settle();
  expect(await salon.state()).toBe("refused too_late");
});

test("the gifts go where the cards have gone: each owner has taken another number", async (salon) => {
  const { sql } = salon;
  await salon.tie();
  await salon.settle();
  await sql`delete from accounts`;
  const [vera, anna] = [await salon.cardOf("+79005550011"), await salon.cardOf("+79005550012")];
  await sql`update clients set left_for = ${vera}, left_at = now() where id = ${await salon.cardOf(VERA)}`;
  await sql`update clients set left_for = ${anna}, left_at = now() where id = ${salon.anna}`;
  await salon.held(salon.visit(1_000, 1, "+79005550011"));
  await salon.settle();
  const rows = await sql`select client_id from bonuslog where kind = 'friend' order by id`;
  expect(rows.map((row) => Number(row.client_id))).toEqual([anna, vera]);
  await expectSound(salon.db);
});

test("the database refuses a gift that nobody was promised, of another sum, or on another card", async (salon) => {
  await salon.tie();
  const vera = await salon.cardOf(VERA);
  const add = (card: number, points: number, key: string) =>
    salon.sql`
      insert into bonuslog (client_id, kind, points, actor, key) values (${card}, 'friend', ${points}, 'programme', ${key})`.then(
      () => "done",
      (error) => Object(error).constraint_name,
    );
  const refused = "gifts_of_friends_are_promised";
  expect(await add(vera, 200, `friend:${vera}:friend`)).toBe(refused);
  await salon.held(salon.visit(1_000), 0);
  await salon.sql`update friends set state = 'given', company_id = 1, record_id = 1, given_at = now()`;
  expect(await add(vera, 200.01, `friend:${vera}:friend`)).toBe(refused);
  expect(await add(salon.anna, 200, `friend:${vera}:friend`)).toBe(refused);
  expect(await add(vera, 300, `friend:${vera}:inviter`)).toBe(refused);
  expect(await add(vera, 200, `friend:${salon.anna}:friend`)).toBe(refused);
  expect(await add(vera, 200, `friend:x:friend`)).toBe(refused);
  expect(await add(vera, 200, `friend:${vera}:friend`)).toBe("done");
});

test("a gift that its invitation does not bear out is named by verify", async (salon) => {
  await salon.tie();
  await salon.settle();
  await salon.held(salon.visit(1_000));
  await salon.settle();
  await expectSound(salon.db);
  await salon.sql`update friends set friend_points = 199`;
  const { faults } = await verifyLedger(salon.db, recordFaults);
  expect(faults.join()).toContain("is of no invitation that promised so much");
});

test("points of a gift that have ended are not taken a second time when it is taken back", async (salon) => {
  await salon.tie();
  const visit = salon.visit(1_000);
  await salon.held(visit);
  await salon.settle();
  const { sql } = salon;
  const [gift] = await sql`select id, client_id from bonuslog where key like 'friend:%:friend'`;
  await sql`update lot_ends set ends = '2026-03-01'`;
  await sql`insert into lot_ends (life, started, ends) select distinct life, started, date '2026-03-01' from lots on conflict do nothing`;
  await sql`
    insert into bonuslog (client_id, kind, corrects, points, actor, key)
    values (${gift?.client_id}, 'expiry', ${gift?.id}, -200, 'programme', ${`expiry:${gift?.id}.1`})`;
  salon.journal.refund(visit);
  await salon.pass(0);
  await salon.settle();
  await salon.pass(1.1);
  await salon.settle();
  const [{ balance }] = (await sql`
    select coalesce(sum(points), 0)::float8 as balance from bonuslog where client_id = ${gift?.client_id} and kind in ('friend', 'expiry')`) as unknown as [
    { balance: number },
  ];
  expect(balance).toBe(0);
});
