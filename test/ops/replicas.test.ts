/** Two replicas behind nginx on one database, one of them killed while updates, a pass and messages are under way. */
import { expect } from "bun:test";
import type { Sql } from "postgres";
import type { Person } from "../../src/standins/telegram/people.ts";
import { awards, crowd, replica } from "../helpers/crowd.ts";
import { everything, testWith, whereIs } from "../helpers/installed.ts";
import { startNginx } from "../helpers/nginx.ts";
import { BRANCH, freePort, until, world } from "../helpers/program.ts";
import { ask } from "../helpers/till-salon.ts";

const test = testWith({
  "LOYALTY_TEST_ALL=1": everything ? "" : null,
  nginx: whereIs("nginx"),
  openssl: whereIs("openssl"),
});

/** How many messages the sender has under way at once: those of the one killed are said again, since nobody knows. */
const underWay = 8;
const admins = [901, 902, 903];
const each = 8;

for (const [what, job] of [
  ["tells", "notify_new_bonuses"],
  ["reads the journal", `sync_records:${BRANCH}`],
] as const) {
  test(`of two, the one that ${what} is killed: nothing is lost, no row is made twice`, async () => {
    await using w = await world();
    const [one, two] = [freePort(), freePort()];
    await using nginx = await startNginx([one, two]);
    const salon = crowd(w, 90);
    const phones = salon.people.map(({ phone }) => phone);
    const env = { ...w.env, ...nginx.publicUrl, ...salon.since(31), ADMINS_IDS: admins.join(",") };
    await salon.link(w.sql);
    salon.pay({ weeks: 30 });
    w.yclients.faults.always({ path: /records/, delayMs: 150 }); // a first pass of five seconds
    await using first = await replica(w, one, env);
    await using second = await replica(w, two, env);
    await until(() => w.telegram.webhook.url !== "" && salon.told().some((times) => times > 0));

    const kill = async () => {
      const [held] = await w.sql`select holder from jobs where name = ${job}`;
      const victim = String(held?.holder).endsWith(`:${first.pid}`) ? first : second;
      victim.kill("SIGKILL");
      return [await awards(w.sql), await credits(w.sql)];
    };
    const given = admins.map((id, at) => {
      const admin = w.telegram.person({ id, firstName: "Ольга" });
      return creditEach(admin, phones.slice(at * each, (at + 1) * each));
    });
    await until(async () => (await credits(w.sql)) > 3);
    const [awarded = 0, credited = 0] = await kill();
    expect(awarded).toBeWithin(1, phones.length);
    expect(credited).toBeWithin(1, admins.length * each);
    w.yclients.faults.clear();
    await Promise.all(given);
    await w.sql`update jobs set held_until = now()`; // what 15 s would do
    await until(async () => (await awards(w.sql)) === phones.length);
    await w.sql`update notices set due_at = now()`; // what a minute would do
    await until(
      async () => (await w.sql`select from bonuslog where not is_telegram_notified`).length === 0,
      30_000,
    );

    expect(Math.min(...salon.told())).toBe(1);
    expect(salon.told().filter((times) => times > 1).length).toBeLessThanOrEqual(underWay);
    expect(await credits(w.sql)).toBe(admins.length * each);
    const cards = await w.sql`
      select phone from bonuslog join clients on clients.id = client_id where kind = 'credit' order by phone`;
    expect(cards.map((row) => row.phone)).toEqual(phones.slice(0, admins.length * each));
    await salon.expectAwardedOnce(w.sql, env);
  });
}

/** How many points by hand there are, in rows. */
async function credits(sql: Sql): Promise<number> {
  return (await sql`select from bonuslog where kind = 'credit'`).length;
}

/** An admin gives points to one client after another; every step waits for the one before to be taken. */
async function creditEach(admin: Person, phones: string[]): Promise<void> {
  admin.chat.started = true;
  for (const phone of phones) await ask(admin, `/credit ${phone} 5 чай`, "Начислить 5");
}
