/** Many clients with a visit each, all with Telegram: what a disturbed program must award once and tell. */
import { expect } from "bun:test";
import type postgres from "postgres";
import { BRANCH, type Env, program, run, Service, type World } from "./program.ts";
import { soft } from "./soft.ts";

/** What each visit cost, in roubles, and the points it makes at 1 %. */
const [price, points] = [1_000, 10];
const weekMs = 7 * 86_400_000;

export type Crowd = ReturnType<typeof crowd>;

/** `size` people in the world's Telegram, not linked and without a visit yet. */
export function crowd(w: World, size: number) {
  const people = Array.from({ length: size }, (_, at) => {
    const phone = `+7900${String(1_000_000 + at)}`;
    const person = w.telegram.person({ id: 10_000 + at, firstName: `Клиент ${at}`, phone });
    person.chat.started = true;
    return { id: 10_000 + at, phone, person };
  });
  const told = () =>
    people.map(
      ({ id }) =>
        w.telegram.messages(id).filter((one) => one.from === "bot" && soft(one.text).includes(`+${points} `))
          .length,
    );
  return {
    people,
    /** Each is linked, in a migrated database. */
    async link(sql: postgres.Sql): Promise<void> {
      await sql`
        with cards as (insert into clients (phone) select * from unnest(${people.map((one) => one.phone)}::text[]) returning id, phone)
        insert into accounts (channel, external_id, client_id)
        select 'telegram', p.id, c.id from unnest(${people.map((one) => String(one.id))}::text[],
          ${people.map((one) => one.phone)}::text[]) p (id, phone) join cards c on c.phone = p.phone`;
    },
    /**
     * Some, or all, have a visit that is paid. The visits lie in as many weeks, the last of them an hour ago: a first
     * pass reads and writes week by week.
     */
    pay({ from = 0, to = size, weeks = 1 } = {}): void {
      for (const [at, { id, phone }] of people.slice(from, to).entries()) {
        const record = w.journal.book({
          companyId: BRANCH,
          client: { id, name: `Клиент ${id}`, phone },
          startsAt: new Date(w.startsAt.getTime() - (at % weeks) * weekMs),
          services: [{ title: "Стрижка", cost: price * 100 }],
        });
        w.journal.pay(record);
      }
    },
    /** The settings for visits in so many weeks. */
    since: (weeks: number): Env => ({
      PROGRAM_START: new Date(w.startsAt.getTime() - weeks * weekMs).toISOString().slice(0, 10),
    }),
    /** How often each was told of the award. */
    told,
    /** Each visit made one row and no other; the ledger is sound. */
    async expectAwardedOnce(sql: postgres.Sql, env: Env): Promise<void> {
      const rows = await sql`
        select phone, count(*)::int as rows, sum(points)::float8 as points
        from bonuslog join clients on clients.id = client_id where kind in ('award', 'correction')
        group by phone order by phone`;
      expect([...rows]).toEqual(people.map(({ phone }) => ({ phone, rows: 1, points })) as never);
      expect(await run(["verify"], env)).toMatchObject({ code: 0 });
    },
  };
}

/** One more program of the same world, on a port of its own. `await using` kills it. */
export async function replica(w: World, port: number, more: Env = {}) {
  const service = new Service(program(), { ...w.env, ...more, PORT: String(port) }, port);
  await service.ready();
  return Object.assign(service, { [Symbol.asyncDispose]: () => service.end() });
}

/** How many rows of awards there are. */
export async function awards(sql: postgres.Sql): Promise<number> {
  const [row] = await sql`select count(*)::int as count from bonuslog where kind = 'award'`;
  return row?.count ?? 0;
}
