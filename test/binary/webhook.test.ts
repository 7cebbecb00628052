// A webhook of YCLIENTS, to the executable, while the timetable of passes is far away.
import { expect } from "bun:test";
import { type Env, type Service, until, type World, world } from "../helpers/program.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(world);

const SECRET = "0123456789abcdef-hook";
/** Passes come at New Year's night only. */
const hooked: Env = { YCLIENTS_WEBHOOK_SECRET: SECRET, SYNC_CRON: "0 0 4 1 1 *" };

/** A branch that is read up to now, and the program that listens. */
async function listening(w: World, more: Env = {}): Promise<Service> {
  expect((await w.run(["sync"])).code).toBe(0);
  w.yclients.requests = [];
  const service = await w.serve({ ...hooked, ...more });
  w.yclients.webhook(`http://127.0.0.1:${w.port}/yclients/webhook/${SECRET}`);
  return service;
}

const reads = (w: World, id: number) =>
  w.yclients.requests.filter(({ path }) => path.startsWith("/record/") && path.endsWith(`/${id}`)).length;
const post = (w: World, body: object, secret = SECRET) =>
  fetch(`http://127.0.0.1:${w.port}/yclients/webhook/${secret}`, {
    ...{ method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } },
  }).then(async (answer) => [answer.status, await answer.text()]);
const looks = (w: World) => w.sql`select record_id, reason, tries from look_again order by record_id`;

test("a paid visit is in the ledger without a pass and told once; its three webhooks read it once", async (w) => {
  const service = await listening(w);
  const anna = await w.anna();
  w.yclients.webhook(`http://127.0.0.1:${w.port}/yclients/webhook/${SECRET}`, { times: 2 });
  const id = w.pay(3500);
  await until(async () => (await w.ledger()).length === 1);
  await anna.waitForMessage("+35 баллов");
  await until(async () => (await looks(w)).length === 0);
  expect(reads(w, id)).toBe(1);
  expect(w.yclients.requests.some(({ path }) => path.startsWith("/records/"))).toBeFalse();

  w.journal.refund(id, { stamp: false });
  await until(async () => (await w.ledger()).length === 2);
  expect((await w.ledger()).map((row) => [row.kind, row.points])).toEqual([
    ["award", "35.00"],
    ["correction", "-35.00"],
  ]);
  expect((await service.stop()).code).toBe(0);
});

test("with nothing to settle it is told at once: no round of telling need come first", async (w) => {
  await listening(w, { NOTIFY_CRON: "0 0 4 1 1 *" });
  const anna = await w.anna();
  w.pay(3500);
  await anna.waitForMessage("+35 баллов");
});

test("with nothing to settle a round of telling that is just ending elsewhere is no reason to wait for the next", async (w) => {
  await listening(w, { NOTIFY_CRON: "0 0 4 1 1 *" });
  const anna = await w.anna();
  await w.sql`
    insert into jobs (name, holder, held_until) values ('notify_new_bonuses', 'another', clock_timestamp() + interval '1 minute')
    on conflict (name) do update set token = jobs.token + 1, held_until = excluded.held_until`;
  w.pay(3500);
  await until(async () => (await w.ledger()).length === 1);
  // By the database's clock, a moment after the look's own round has found it taken.
  await w.sql`
    update jobs set held_until = clock_timestamp() + interval '50 milliseconds' where name = 'notify_new_bonuses'`;
  await anna.waitForMessage("+35 баллов");
});

test("a payment taken back is heard of by the webhook of its finance operation", async (w) => {
  await listening(w);
  const id = w.pay(3500);
  await until(async () => (await w.ledger()).length === 1);
  w.yclients.webhook(null);
  w.journal.refund(id, { stamp: false });
  const data = { id: 990001, document_id: 1, amount: 3500, record: { id, staff_id: 51 }, visit_id: 1 };
  const event = {
    company_id: 123456,
    resource: "finances_operation",
    resource_id: 990001,
    status: "delete",
    data,
  };
  expect(await post(w, event)).toEqual([200, ""]);
  await until(async () => (await w.ledger()).length === 2);
});

test("a hint does not wait for a pass, and one whose look another program holds is read when that is over", async (w) => {
  await listening(w);
  const hold = (job: string) => w.sql`
    insert into jobs (name, holder, held_until) values (${`${job}:123456`}, 'other', now() + interval '1 minute')
    on conflict (name) do update set holder = 'other', token = jobs.token + 1, held_until = excluded.held_until`;
  await hold("sync_records");
  w.pay(1000);
  await until(async () => (await w.ledger()).length === 1);
  await hold("look_again");
  w.pay(2000);
  await Bun.sleep(1_500);
  expect(await w.ledger()).toHaveLength(1);
  await w.sql`update jobs set held_until = now() where holder = 'other'`;
  await until(async () => (await w.ledger()).length === 2);
});

test("what was answered is not lost: killed before it was read, it is read by the next start", async (w) => {
  const first = await listening(w);
  w.yclients.faults.always({ delayMs: 5_000 });
  const id = w.pay(3500);
  await until(() => reads(w, id) === 1);
  await first.stop("SIGKILL");
  expect(await looks(w)).toHaveLength(1);
  expect(await w.ledger()).toHaveLength(0);
  w.yclients.faults.clear();
  await w.sql`update jobs set held_until = now()`; // what fifteen seconds would do
  await w.serve(hooked);
  await until(async () => (await w.ledger()).length === 1);
});

test("while YCLIENTS refuses us the hints wait, asked for more and more seldom, and come in when it is well", async (w) => {
  const service = await listening(w);
  w.yclients.faults.always({ status: 401 });
  const ids = [w.pay(1000), w.pay(2000), w.pay(3000)];
  await until(() => service.text.includes("what webhooks hinted at could not be read"));
  await Bun.sleep(2_500);
  // Of records alone, one by one or in one page: what the program checks at its start may fall in here.
  const asked = w.yclients.requests.filter(
    ({ path, query }) => path.startsWith("/record/") || query.changed_after,
  );
  expect(asked.length).toBeWithin(1, 4);
  expect(await looks(w)).toHaveLength(ids.length);
  w.yclients.faults.clear();
  await until(async () => (await w.ledger()).length === 3);
  expect(await looks(w)).toHaveLength(0);
});

test("a hint at a record that nobody knows is asked about once; one that was awarded and has vanished is set aside", async (w) => {
  await listening(w);
  const event = (id: number, company = 123456) => ({
    ...{ company_id: company, resource: "record", resource_id: id, status: "delete", data: [] },
  });
  expect(await post(w, event(404))).toEqual([200, ""]);
  expect(await post(w, event(405, 777))).toEqual([200, ""]);
  await until(async () => reads(w, 404) === 1 && (await looks(w)).length === 0);
  const id = w.pay(1000);
  await until(async () => (await w.ledger()).length === 1);
  await w.sql`update visits set record_id = 406 where record_id = ${id}`;
  expect(await post(w, event(406))).toEqual([200, ""]);
  await until(async () => (await looks(w)).some((look) => look.reason === "record_vanished"));
  expect(reads(w, 405)).toBe(0);
});

test("nobody without the secret learns that there is a webhook, and nothing of a body is kept", async (w) => {
  const service = await listening(w);
  const event = { company_id: 123456, resource: "record", resource_id: 55, status: "update", data: {} };
  for (const secret of ["x", `${SECRET}x`, SECRET.slice(1), SECRET.toUpperCase()])
    expect(await post(w, event, secret)).toEqual([404, ""]);
  expect(await looks(w)).toHaveLength(0);
  const marked = { ...event, resource_id: 56, data: { comment: "sauna", client: { name: "Мария" } } };
  w.yclients.faults.always({ status: 401 });
  expect(await post(w, marked)).toEqual([200, ""]);
  const kept = await w.sql`select l::text as row from look_again l`;
  expect(kept.map(({ row }) => /sauna|Мария/.test(row))).toEqual([false]);
  expect(service.text).not.toMatch(/sauna|Мария|0123456789abcdef/);
});
