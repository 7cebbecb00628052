// A card that goes from one account to another while a message about it is on its way: each is told what is theirs.
import { expect, test } from "bun:test";
import { forget, unlink } from "../../src/cards/forget.ts";
import { link } from "../../src/cards/link.ts";
import { veilOf } from "../../src/cards/veil.ts";
import { linkTo } from "../helpers/accounts.ts";
import { type TellingSalon, tellingSalon } from "../helpers/telling-salon.ts";

const PHONE = "+79001234567";
const CREDIT = "Салон: вам начислили <b>10 баллов</b>.\nНа карте <b>787 баллов</b>.";

/** A visit of 77 700 ₽ of Anna's, not told yet; Boris has an account and no card. */
async function paidVisit() {
  const salon = await tellingSalon();
  await salon.paid(77_700);
  const boris = salon.telegram.person({ id: 502, firstName: "Борис", phone: PHONE });
  boris.chat.started = true;
  const [row] = await salon.sql`select id from clients`;
  return Object.assign(salon, { card: Number(row?.id) });
}

/** Another account proves the phone of the card. */
async function proveAs({ db, sql, clock }: TellingSalon, id: number): Promise<void> {
  const proof = {
    account: `telegram:${id}`,
    phone: PHONE,
    firstName: "Борис",
    language: "ru",
    version: "1",
    now: clock.now,
    veil: veilOf("secret"),
  };
  await sql`insert into consents (account, version) values (${proof.account}, '1') on conflict do nothing`;
  expect((await link(db, proof)).kind).toBe("linked");
}

/** The claimed notice waits for its turn, and meanwhile something happens. */
function meanwhile(salon: TellingSalon, what: () => Promise<unknown>): void {
  let done = false;
  salon.notify.turn = async () => {
    if (done) return;
    done = true;
    await what();
  };
}

test("another account proves the phone before a message goes: neither reads what was the other's", async () => {
  await using salon = await paidVisit();
  meanwhile(salon, () => proveAs(salon, 502));
  await salon.tell();
  expect([salon.said(501), salon.said(502)]).toEqual([[], []]);
  expect(await salon.untold()).toEqual([]); // its sum was in the answer to the contact
  expect(await salon.sql`select * from notices`).toHaveLength(0);
});

test("what comes after the card has changed hands is told to who has it now, and that alone", async () => {
  await using salon = await paidVisit();
  meanwhile(salon, async () => {
    await proveAs(salon, 502);
    await salon.till("credit", 1_000, {}, 502);
  });
  await salon.tell();
  await salon.tell();
  expect([salon.said(501), salon.said(502)]).toEqual([[], [CREDIT]]);
  expect(await salon.untold()).toEqual([]);
});

test("who asks to be forgotten, or lets go of the card, before a message goes hears no more", async () => {
  for (const leave of [
    (salon: TellingSalon, card: number) =>
      forget(salon.db, "telegram:501", card, { now: salon.clock.now, veil: veilOf("secret") }),
    (salon: TellingSalon, card: number) => unlink(salon.db, "telegram:501", card),
  ]) {
    await using salon = await paidVisit();
    meanwhile(salon, () => leave(salon, salon.card));
    await salon.tell();
    expect(salon.telegram.calls.filter(({ method }) => method === "sendMessage")).toHaveLength(0);
  }
});

test("who blocks the bot before a message goes is not written to; nothing of it counts as told", async () => {
  await using salon = await paidVisit();
  meanwhile(salon, () => salon.sql`update accounts set blocked_at = now()`);
  expect(await salon.tell()).toEqual({ sent: 0, postponed: 1, blocked: 0, failed: 0 });
  expect(salon.telegram.calls.filter(({ method }) => method === "sendMessage")).toHaveLength(0);
  expect(await salon.untold()).toEqual([1]);
});

test("a row that was told to the account before is not told to the one that has the card by then", async () => {
  await using salon = await paidVisit();
  const { send } = salon.notify;
  salon.notify.send = async (id, html) => {
    await linkTo(salon.sql, 502);
    return send(id, html);
  };
  await salon.tell();
  expect(await salon.untold()).toEqual([1]);
});

test("403 of the account before does not silence the one that has the card by then", async () => {
  await using salon = await paidVisit();
  salon.anna.chat.blocked = true;
  const { send } = salon.notify;
  salon.notify.send = async (id, html) => {
    await linkTo(salon.sql, 502);
    return send(id, html);
  };
  expect(await salon.tell()).toEqual({ sent: 1, postponed: 0, blocked: 1, failed: 0 });
  expect(await salon.sql`select from accounts where blocked_at is not null`).toHaveLength(0);
  expect(salon.said(502)).toHaveLength(1);
  expect(await salon.untold()).toEqual([]);
});
