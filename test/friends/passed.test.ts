// Invitations and numbers that change hands: a tie goes with the person, and what it gives to nobody's successor.
import { expect } from "bun:test";
import { openHistory } from "../../src/client/history.ts";
import { cardInviting, invitationOf, tiesOfCard } from "../../src/friends/friends.ts";
import { DAY, invitations, VERA } from "../helpers/invitations.ts";
import { oddCard } from "../helpers/odd-card.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(invitations);
const ANNA = "+79001234567";
const [SECOND, THIRD] = ["+79005550011", "+79005550012"];
/** Accounts: Anna's, who invites, Vera's, who is invited, and a stranger's. */
const [anna, vera, stranger, another] = [
  "telegram:501",
  "telegram:601",
  "telegram:701",
  "telegram:702",
] as const;
const [inviters, friends] = [30_000, 20_000];

test("who invited gets the gift on the number that they have now, and not who has the old one since", async (salon) => {
  await salon.tie();
  await salon.settle();
  await salon.proves(anna, SECOND);
  await salon.proves(stranger, ANNA);
  await salon.held(salon.visit(1_000));
  await salon.settle();
  expect(await salon.gifted()).toEqual({ [SECOND]: inviters, [VERA]: friends });
  await expectSound(salon.db);
});

test("so it is when they have moved twice, and each number is a stranger's by now", async (salon) => {
  await salon.tie();
  await salon.settle();
  await salon.proves(anna, SECOND);
  await salon.proves(anna, THIRD);
  await salon.proves(stranger, SECOND);
  await salon.proves(another, ANNA);
  await salon.held(salon.visit(1_000));
  await salon.settle();
  expect(await salon.gifted()).toEqual({ [THIRD]: inviters, [VERA]: friends });
});

test("so it is when nobody has their new number linked just now", async (salon) => {
  await salon.tie();
  await salon.settle();
  await salon.proves(anna, SECOND);
  await salon.sql`delete from accounts where account = ${anna}`;
  await salon.proves(stranger, ANNA);
  await salon.held(salon.visit(1_000));
  await salon.settle();
  expect(await salon.gifted()).toEqual({ [SECOND]: inviters, [VERA]: friends });
});

test("so it is when they have taken a number over that was somebody else's", async (salon) => {
  await salon.proves(stranger, SECOND);
  await salon.tie();
  await salon.settle();
  await salon.proves(anna, SECOND);
  await salon.held(salon.visit(1_000));
  await salon.settle();
  expect(await salon.gifted()).toEqual({ [SECOND]: inviters, [VERA]: friends });
});

test("who is back on a number that a stranger had meanwhile has their ties there", async (salon) => {
  await salon.tie();
  await salon.settle();
  await salon.proves(anna, SECOND);
  await salon.proves(stranger, ANNA);
  await salon.proves(anna, ANNA);
  await salon.held(salon.visit(1_000));
  await salon.settle();
  expect(await salon.gifted()).toEqual({ [ANNA]: inviters, [VERA]: friends });
});

test("where nobody knows the inviter's number any more the friend alone gets the gift, and whoever has the old one reads nothing of it", async (salon) => {
  await salon.tie();
  await salon.settle();
  const card = await salon.proves(stranger, ANNA);
  await salon.held(salon.visit(1_000));
  await salon.settle();
  expect(await salon.gifted()).toEqual({ [VERA]: friends });
  expect(await tiesOfCard(salon.db, card, 5)).toEqual([]);
});

test("a new account on the same number has the ties, once an admin has seen that it is the same person", async (salon) => {
  await salon.tie();
  await salon.settle();
  const id = await salon.proves(another, ANNA);
  const [card] = await salon.sql<
    { since: Date }[]
  >`select history_from as since from clients where id = ${id}`;
  const opened = { since: card?.since ?? new Date(0), by: "telegram:601", at: salon.clock.now } as const;
  expect(await openHistory(salon.db, id, opened)).toBe(true);
  await salon.held(salon.visit(1_000));
  await salon.settle();
  expect(await salon.gifted()).toEqual({ [ANNA]: inviters, [VERA]: friends });
});

test("an admin who shows a number's next owner its history gives them nothing of whoever has another number since", async (salon) => {
  await salon.tie();
  await salon.settle();
  await salon.proves(anna, SECOND);
  const id = await salon.proves(stranger, ANNA);
  const [card] = await salon.sql<
    { since: Date }[]
  >`select history_from as since from clients where id = ${id}`;
  const opened = { since: card?.since ?? new Date(0), by: "telegram:601", at: salon.clock.now } as const;
  await openHistory(salon.db, id, opened);
  await salon.held(salon.visit(1_000));
  await salon.settle();
  expect(await salon.gifted()).toEqual({ [SECOND]: inviters, [VERA]: friends });
});

test("who has come to a number that was another's still sees the ties made before", async (salon) => {
  await salon.proves(stranger, SECOND);
  await salon.tie();
  const card = await salon.proves(anna, SECOND);
  expect(await tiesOfCard(salon.db, card, 5)).toMatchObject([{ side: "inviter" }]);
});

test("a friend's gift goes with the friend, and what the next owner of the number pays makes none", async (salon) => {
  await salon.proves(vera, VERA);
  await salon.tie();
  await salon.settle();
  await salon.proves(vera, SECOND);
  await salon.proves(stranger, VERA);
  // The tests' day is long before the day on which the database saw the number pass on.
  await salon.sql`update passed_cards set at = ${salon.clock.now}`;
  await salon.sql`update friends set kept_at = ${new Date(salon.clock.now.getTime() - DAY)}`;
  await salon.held(salon.visit(1_000));
  await salon.settle();
  expect(await salon.gifted()).toEqual({});
  await salon.held(salon.visit(1_000, 1, SECOND));
  await salon.settle();
  expect(await salon.gifted()).toEqual({ [ANNA]: inviters, [SECOND]: friends });
});

test("what a number's owner before paid makes no gift for the friend who has it since", async (salon) => {
  await salon.proves(vera, VERA);
  await salon.proves(stranger, SECOND);
  await salon.tie();
  await salon.settle();
  await salon.held(salon.visit(1_000, 1, SECOND), 1.5);
  await salon.proves(vera, SECOND);
  // The tests' day is long before the day on which the database saw the number pass on.
  await salon.sql`update friends set kept_at = ${new Date(salon.clock.now.getTime() - 2 * DAY)}`;
  await salon.sql`update clients set left_at = ${salon.clock.now} where left_at is not null`;
  await salon.sql`update passed_cards set at = ${new Date(salon.clock.now.getTime() - 1)}`;
  await salon.pass(3);
  await salon.settle();
  expect(await salon.gifted()).toEqual({});
  await salon.held(salon.visit(1_000, 1, SECOND));
  await salon.settle();
  expect(await salon.gifted()).toEqual({ [ANNA]: inviters, [SECOND]: friends });
});

test("a gift that was given stands when the number passes on afterwards", async (salon) => {
  await salon.proves(vera, VERA);
  await salon.tie();
  await salon.held(salon.visit(1_000));
  await salon.settle();
  await salon.proves(vera, SECOND);
  await salon.proves(stranger, VERA);
  await salon.settle();
  await salon.pass(2);
  await salon.settle();
  expect((await salon.gifts()).length).toBe(2);
});

test("what is taken back is taken from who was given it, on the number that they have now", async (salon) => {
  await salon.tie();
  const visit = salon.visit(1_000);
  await salon.held(visit);
  await salon.settle();
  await salon.proves(anna, SECOND);
  await salon.proves(stranger, ANNA);
  const now = salon.clock.now;
  await salon.paid(10_000, { id: 91, phone: ANNA, at: new Date(now.getTime() + DAY) });
  salon.journal.refund(visit);
  await salon.pass(2);
  await salon.settle();
  await salon.pass(2);
  await salon.settle();
  expect(await salon.state()).toBe("back");
  expect(await salon.gifted()).toEqual({ [ANNA]: inviters, [SECOND]: -inviters, [VERA]: 0 });
  await expectSound(salon.db);
});

test("a new account on the same number does not keep what is taken back", async (salon) => {
  await salon.tie();
  const visit = salon.visit(1_000);
  await salon.held(visit);
  await salon.settle();
  await salon.proves(another, ANNA);
  salon.journal.refund(visit);
  await salon.pass(2);
  await salon.settle();
  await salon.pass(2);
  await salon.settle();
  expect(await salon.gifted()).toEqual({ [ANNA]: 0, [VERA]: 0 });
});

test("an invitation of a friend whose number is another's by now comes to nothing, and nobody is told", async (salon) => {
  await salon.proves(vera, VERA);
  await salon.tie();
  await salon.settle();
  await salon.proves(stranger, VERA);
  await salon.settle();
  expect(await salon.state()).toBe("refused forgotten");
  const [tie] = await salon.sql`select friend_told, inviter_told from friends`;
  expect(tie).toEqual({ friend_told: true, inviter_told: true });
});

test("who has moved to another number is not a friend a second time there", async (salon) => {
  await salon.proves(vera, VERA);
  await salon.tie();
  await salon.proves(vera, SECOND);
  expect(await salon.tie(SECOND, { inviter: await salon.cardOf(THIRD) })).toBe("already");
});

test("a link that was handed on invites for the person, whatever number they have, and for no stranger", async (salon) => {
  const link = await invitationOf(salon.db, salon.anna);
  const second = await salon.proves(anna, SECOND);
  const third = await salon.proves(anna, THIRD);
  await salon.proves(stranger, SECOND);
  expect(await cardInviting(salon.db, link)).toBe(third);
  await salon.proves(another, THIRD);
  expect(await cardInviting(salon.db, link)).toBeNull();
  expect(second).not.toBe(third);
});

test("the limit of a month is of the person, however often they have taken another number", async (salon) => {
  salon.friends.friendAMonth = 1;
  await salon.tie();
  await salon.held(salon.visit(1_000));
  await salon.settle();
  await salon.proves(anna, SECOND);
  await salon.proves(anna, THIRD);
  await salon.proves(stranger, ANNA);
  await salon.proves(another, SECOND);
  const inviter = await salon.cardOf(THIRD);
  await salon.tie("+79005550002", { inviter });
  await salon.held(salon.visit(1_000, 1, "+79005550002"));
  await salon.settle();
  expect(await salon.state("+79005550002")).toBe("given month");
  // And the stranger's own is untouched by it.
  await salon.tie("+79005550003");
  await salon.held(salon.visit(1_000, 1, "+79005550003"));
  await salon.settle();
  expect(await salon.state("+79005550003")).toBe("given");
});

test("nor is it another one by a card that the person let go of before", async (salon) => {
  salon.friends.friendAMonth = 1;
  await salon.tie();
  await salon.held(salon.visit(1_000));
  await salon.settle();
  await salon.sql`delete from accounts where account = ${anna}`;
  const inviter = await salon.proves(anna, SECOND);
  await salon.tie("+79005550002", { inviter });
  await salon.held(salon.visit(1_000, 1, "+79005550002"));
  await salon.settle();
  expect(await salon.state("+79005550002")).toBe("given month");
});

test("a gift stands for good a year after it was given, and is looked at no more", async (salon) => {
  await salon.tie();
  const visit = salon.visit(1_000);
  await salon.held(visit);
  await salon.settle();
  salon.journal.refund(visit);
  await salon.pass(0);
  salon.clock.now = new Date(salon.clock.now.getTime() + 366 * DAY);
  await salon.settle();
  salon.clock.now = new Date(salon.clock.now.getTime() + 2 * DAY);
  await salon.settle();
  expect((await salon.gifts()).length).toBe(2);
});

test("an invitation that cannot be settled stops no other", async (salon) => {
  for (const phone of [VERA, "+79005550002"]) {
    await salon.tie(phone);
    const visit = salon.visit(1_000, 1, phone);
    salon.journal.arrive(visit);
    salon.journal.pay(visit);
  }
  await salon.pass(5);
  await oddCard(salon.sql, await salon.cardOf(VERA));
  await salon.settle();
  expect([await salon.state(), await salon.state("+79005550002")]).toEqual(["waits", "given"]);
  expect(salon.log.join("")).toContain("an invitation could not be settled");
});
