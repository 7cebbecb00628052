// A salon whose clients invite friends, on the journal and the ledger.

import { link, moveTo } from "../../src/cards/link.ts";
import { veilOf } from "../../src/cards/veil.ts";
import { settleFriends, tieFriend } from "../../src/friends/friends.ts";
import type { Friends } from "../../src/friends/newcomer.ts";
import type { Account } from "../../src/rules/account.ts";
import { BRANCH, tellingSalon } from "./telling-salon.ts";

export const VERA = "+79005550001";
export const DAY = 86_400_000;
export const offer = {
  ...{ friendPoints: { inviter: 30_000, friend: 20_000 }, friendAfterDays: 3, friendLeastBill: 100_000 },
  ...{ friendAMonth: 5, friendAYear: 30 },
};

export async function invitations() {
  const salon = await tellingSalon();
  const { db, sql, clock, sync, notify, signal } = salon;
  const friends: Friends = {
    ...{ db, yclients: sync.yclients, log: sync.log, now: () => clock.now, companyIds: [BRANCH] },
    ...{ paidBy: "payments", staff: async () => ["telegram:900"], signal: signal.signal },
    ...{ friendAMonth: 5, friendAYear: 30 },
  };
  const cardOf = async (phone: string) => {
    await sql`insert into clients (phone) values (${phone}) on conflict do nothing`;
    const [row] = await sql`select id from clients where phone = ${phone}`;
    return Number(row?.id);
  };
  let people = 40;
  return {
    ...{ ...salon, friends, cardOf, notify },
    anna: await cardOf("+79001234567"),
    /** Vera, or whoever has the phone, names Anna. */
    async tie(phone = VERA, more: object = {}) {
      const friend = await cardOf(phone);
      const inviter = await cardOf("+79001234567");
      return tieFriend(db, offer, { friend, inviter, by: null, at: clock.now, staff: [], ...more });
    },
    /** A session of whoever has the phone, in so many days; roubles. */
    visit: (roubles: number, days = 1, phone = VERA, id = ++people) =>
      salon.book(roubles, { id, phone, at: new Date(clock.now.getTime() + days * DAY) }),
    /** Attended and paid, and so many days pass. */
    async held(visit: number, days = 4.5) {
      salon.journal.arrive(visit);
      salon.journal.pay(visit);
      await this.pass(days);
    },
    /** Days pass, and the journal is read. */
    async pass(days: number) {
      clock.now = new Date(clock.now.getTime() + days * DAY);
      await salon.read();
    },
    /** An account proves a phone, and moves to its card if it has another one. */
    async proves(account: Account, phone: string) {
      const proof = {
        account,
        phone,
        firstName: null,
        language: "ru",
        now: clock.now,
        veil: veilOf("secret"),
      };
      await sql`insert into consents (account, version, agreed_at) values (${account}, '1', ${clock.now}) on conflict do nothing`;
      const answer = await link(db, { ...proof, version: "1" });
      if (answer.kind === "second_phone") await moveTo(db, { ...proof, question: answer.question });
      return cardOf(phone);
    },
    settle: () => settleFriends(friends),
    async state(phone = VERA) {
      const [row] = await sql`
        select concat_ws(' ', f.state, f.why, f.inviter_why) as line from friends f join clients c on c.id = f.friend
        where c.phone = ${phone}`;
      return row?.line ?? null;
    },
    /** Whose phones' cards hold a gift, and how much of it, in hundredths. */
    async gifted(): Promise<Record<string, number>> {
      const rows = await sql<{ phone: string; points: number }[]>`
        select c.phone, (sum(b.points) * 100)::int as points
        from bonuslog b join clients c on c.id = b.client_id where b.kind = 'friend' group by c.phone order by c.phone`;
      return Object.fromEntries(rows.map(({ phone, points }) => [phone, points]));
    },
    async gifts(): Promise<string[]> {
      const rows = await sql<{ line: string }[]>`
        select concat_ws(' ', regexp_replace(b.key, '[0-9]+', 'N'), b.points, b.reason) as line
        from bonuslog b where kind = 'friend' order by b.id`;
      return rows.map((row) => row.line);
    },
  };
}
