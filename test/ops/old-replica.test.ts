/** A rolling upgrade: a replica of before works on beside, and behind, the one that has migrated its database. */
import { expect } from "bun:test";
import { beforeLots, inHistory, programOf } from "../helpers/earlier.ts";
import { everything, testWith } from "../helpers/installed.ts";
import { freePort, program, Service, until, type World, world } from "../helpers/program.ts";
import { ask, last } from "../helpers/till-salon.ts";

const test = testWith({
  "LOYALTY_TEST_ALL=1": everything ? "" : null,
  "history of this repository": inHistory(beforeLots),
});

const [anna, boris, vera] = ["+79001234567", "+79007654321", "+79005550101"];
/** All that an owner may choose and that such a replica knows nothing of. */
const chosen = { POINTS_LIVE: "12 months", WELCOME_POINTS: "50", LEVELS: "0:1,1000:3", OWNER_IDS: "700" };

const kinds = async ({ sql }: World) =>
  (await sql<{ kind: string }[]>`select kind from bonuslog order by id`).map(({ kind }) => kind);

/** Four programs work side by side on a machine that has other tests to run. */
const patienceMs = 120_000;

/** Until the ledger has so many rows of a kind. */
const rowsOf = (w: World, kind: string, times: number) =>
  until(async () => (await kinds(w)).filter((one) => one === kind).length === times, patienceMs);

test("the till, the sync and the notices of a replica of before: each row has its lots, and what it may not do is a sentence", async () => {
  await using w = await world({ empty: true });
  const env = { ...w.env, ...w.publicUrl };
  await using old = Object.assign(new Service(programOf(beforeLots), env, w.port), {
    [Symbol.asyncDispose]: () => old.end(),
  });
  await old.ready();
  const person = await w.anna();
  const admin = w.telegram.person({ id: 901, firstName: "Ольга" });
  admin.chat.started = true;
  await w.sql`insert into clients (phone) values (${boris})`;
  const first = w.pay(3_500);
  await rowsOf(w, "award", 1);
  // An award that was taken back before anybody was told of it is never told.
  await until(async () => (await w.sql`select from bonuslog where is_telegram_notified`).length === 1);
  await ask(admin, `/credit ${anna} 100 чай`, "Начислить 100");

  // The new one comes, takes the bot over, welcomes Vera, and goes again: what is left is the replica of before.
  const port = freePort();
  const own = { ...chosen, PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` };
  const webhook = { ...w.telegram.webhook };
  const service = new Service(program(), { ...env, ...own }, port);
  await service.ready();
  await until(() => w.telegram.webhook.url.includes(String(port)));
  const newcomer = w.telegram.person({ id: 503, firstName: "Вера", phone: vera });
  await newcomer.start();
  await newcomer.shareContact();
  await rowsOf(w, "welcome", 1);
  expect((await service.stop()).code).toBe(0);
  w.telegram.webhook.set(webhook.url, { secret_token: webhook.secret ?? "" });

  await ask(admin, `${anna} 40`, "Списать 39");
  await ask(admin, `/credit ${boris} 5 чай`, "Начислить 5");
  await admin.tap("Отменить");
  await ask(admin, `/move ${anna} ${boris} 7`, "Перенести 7");
  await rowsOf(w, "move", 2);
  expect(await kinds(w)).toEqual(["award", "credit", "welcome", "spend", "credit", "undo", "move", "move"]);
  w.journal.noShow(first);
  await rowsOf(w, "correction", 1);
  await person.waitForMessage("−35 ");
  expect(await w.run(["verify"])).toMatchObject({ code: 0 });

  // The gift waits for a paid visit: that is the database's to say.
  await ask(admin, `${vera} 400`, "Списать");
  expect(last(admin)).toStartWith("На карте уже 50 баллов.");
  expect((await kinds(w)).filter((kind) => kind === "spend")).toHaveLength(1);

  // Which level a visit is awarded by it cannot know: the visit waits for a program that does.
  w.pay(2_000);
  await until(async () => (await w.sql`select from look_again where error like '%percent'`).length === 1);
  expect(await w.run(["verify"])).toMatchObject({ code: 0 });
  expect((await old.stop()).code).toBe(0);
  const again = await w.serve({ ...chosen, ...w.publicUrl });
  await rowsOf(w, "award", 2);
  expect((await again.stop()).code).toBe(0);
  expect(await w.run(["verify"])).toMatchObject({ code: 0 });
  expect([...(await w.sql`select from unlotted`)]).toEqual([]);
});

const [cardCount, rowCount] = [3_000, 4];

/** A ledger of years: what admins gave and took by hand. */
async function fill({ sql }: World): Promise<void> {
  await sql`
    insert into clients (phone) select '+7901' || lpad(n::text, 7, '0') from generate_series(1, ${cardCount}::int) n`;
  await sql`
    insert into bonuslog (client_id, kind, points, actor, key, reason, is_telegram_notified, awarded_at)
    select c.id, case when r % 4 = 0 then 'debit' else 'credit' end, case when r % 4 = 0 then -11 else 10 + r end, 'admin:901',
      'till:1:telegram:901:' || c.id || '00' || r, 'чай', true, now() - interval '3 years' + r * interval '1 day'
    from generate_series(1, ${rowCount}::int) r, clients c where c.phone like '+7901%' order by r, c.id`;
}

test("upgraded under load from a filled database: the till goes on by either, each row once, and all have their lots", async () => {
  await using w = await world({ empty: true });
  const env = { ...w.env, ...w.publicUrl };
  await using old = Object.assign(new Service(programOf(beforeLots), env, w.port), {
    [Symbol.asyncDispose]: () => old.end(),
  });
  await old.ready();
  await fill(w);
  const admin = w.telegram.person({ id: 901, firstName: "Ольга" });
  admin.chat.started = true;
  const given: number[] = [];
  let over = false;
  const load = (async () => {
    for (let points = 1; !over; points++) {
      await ask(
        admin,
        `/credit +7901${String(points * 7).padStart(7, "0")} ${points} чай`,
        `Начислить ${points}`,
      );
      given.push(points);
      w.pay(1_000 + points);
    }
  })();
  const more = async (times: number, from = given.length) => until(() => given.length >= from + times);
  await more(3);
  expect(await w.run(["migrate"])).toMatchObject({ code: 0 });
  await more(3); // by the replica of before
  const port = freePort();
  const own = { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`, POINTS_LIVE: "12 months" };
  await using service = Object.assign(new Service(program(), { ...env, ...own }, port), {
    [Symbol.asyncDispose]: () => service.end(),
  });
  await service.ready();
  await more(3);
  expect((await old.stop()).code).toBe(0);
  await more(3);
  await until(async () => (await w.sql`select from unlotted`).length === 0, 120_000);
  over = true;
  await load;
  await rowsOf(w, "award", given.length);
  expect((await service.stop()).code).toBe(0);
  expect(await w.run(["verify"])).toMatchObject({ code: 0 });
  const rows = await w.sql<{ points: number }[]>`
    select points::int from bonuslog where kind = 'credit' and id > ${cardCount * rowCount} order by id`;
  expect(rows.map(({ points }) => points)).toEqual(given);
});
