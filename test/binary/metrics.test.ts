// What /metrics shows of the executable at work, and that every alert of docs/operate.md is about something it shows.
import { expect, test } from "bun:test";
import { between, firstCells, paperBlock } from "../helpers/papers.ts";
import { type Service, until, world } from "../helpers/program.ts";

const tokens = { METRICS_TOKEN: "metrics-token-of-a-test", YCLIENTS_WEBHOOK_SECRET: "0123456789abcdef-hook" };

/** Every series by its name and labels. */
async function scrape(service: Service): Promise<Map<string, number>> {
  const answer = await fetch(`http://127.0.0.1:${service.port}/metrics`, {
    headers: { authorization: `Bearer ${tokens.METRICS_TOKEN}` },
  });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([
    200,
    "text/plain; version=0.0.4; charset=utf-8",
  ]);
  const lines = (await answer.text()).split("\n").filter((line) => line && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]));
}

test("a day's work shows: records, awards, corrections, messages, requests, the ledger, webhooks, lag", async () => {
  await using w = await world();
  const anna = await w.anna();
  const service = await w.serve({ ...w.publicUrl, ...tokens });
  w.yclients.webhook(`http://127.0.0.1:${w.port}/yclients/webhook/${tokens.YCLIENTS_WEBHOOK_SECRET}`);
  const id = w.pay(3500);
  w.pay(1000);
  await anna.waitForMessage("за визит");
  w.journal.refund(id);
  await until(async () => (await w.sql`select from bonuslog where is_telegram_notified`).length === 3);
  await anna.say("/balance");
  await until(
    async () =>
      ((await scrape(service)).get('loyalty_webhook_seconds_count{webhook="telegram",status="200"}') ?? 0) >
      0,
  );
  const seen = await scrape(service);
  const company = 'company="123456"';
  const exact = {
    [`loyalty_awards_total{${company}}`]: 2,
    [`loyalty_corrections_total{${company}}`]: 1,
    loyalty_ledger_rows: 3,
    loyalty_points_owed: 10,
    loyalty_notices_waiting: 0,
    loyalty_notices_oldest_unsent_seconds: 0,
    loyalty_set_aside_records: 0,
    loyalty_hints_waiting: 0,
    'loyalty_settlements_open{state="stuck"}': 0,
    loyalty_settlements_oldest_seconds: 0,
    loyalty_reserved_cards_emptied_total: 0,
    loyalty_database_up: 1,
    loyalty_database_connections_limit: 8,
    [`loyalty_sync_failures_in_a_row{${company}}`]: 0,
    'loyalty_api_requests_total{api="yclients",outcome="too_many"}': 0,
    'loyalty_notices_total{outcome="failed"}': 0,
  };
  for (const [name, value] of Object.entries(exact)) expect([name, seen.get(name)]).toEqual([name, value]);
  const atLeast = {
    [`loyalty_records_read_total{${company}}`]: 3,
    'loyalty_notices_total{outcome="sent"}': 2,
    'loyalty_api_requests_total{api="yclients",outcome="ok"}': 3,
    'loyalty_api_requests_total{api="telegram",outcome="ok"}': 3,
    'loyalty_passes_total{job="sync_records",outcome="good"}': 1,
    'loyalty_hints_total{outcome="stored"}': 3,
    'loyalty_webhook_seconds_count{webhook="yclients",status="200"}': 3,
    loyalty_database_wait_seconds_count: 3,
    loyalty_process_resident_memory_bytes: 1e7,
    loyalty_process_cpu_seconds_total: 0.01,
  };
  for (const [name, least] of Object.entries(atLeast))
    expect([name, (seen.get(name) ?? 0) >= least]).toEqual([name, true]);
  const lag = seen.get(`loyalty_sync_lag_seconds{${company}}`) ?? 1e9;
  const last = seen.get(`loyalty_sync_last_good_pass_timestamp_seconds{${company}}`) ?? 0;
  expect(lag).toBeLessThan(120);
  expect(Math.abs(Date.now() / 1000 - last)).toBeLessThan(120);
  expect([...seen.keys()].filter((name) => !name.startsWith("loyalty_"))).toEqual([]);
  expect((await service.stop()).code).toBe(0);
});

test("429s, records set aside, the messages that wait and the leases held show too", async () => {
  await using w = await world();
  await w.anna();
  w.telegram.faults.always({ method: "sendMessage", status: 500 });
  const service = await w.serve(tokens);
  w.pay(3500);
  await until(async () => (await w.ledger()).length === 1);
  await w.sql`update notices set due_at = now() - interval '90 seconds'`;
  await w.sql`insert into look_again (company_id, record_id, reason, due_at)
    values (123456, 1, 'unreadable', now() + interval '1 hour'), (123456, 2, 'hint', now() + interval '1 hour')`;
  w.yclients.faults.always({ status: 429 });
  let seen = new Map<string, number>();
  const of = (name: string) => seen.get(`loyalty_${name}`) ?? -1;
  // The message's failure and the 429 come in either order, and what a slow database does not answer in time is left out.
  await until(async () => {
    seen = await scrape(service);
    const told = of('notices_total{outcome="failed"}') > 0 && of("notices_oldest_unsent_seconds") > 0;
    const held = of('lease_held{lease="sync_records:123456"}') === 1;
    return told && held && of('api_requests_total{api="yclients",outcome="too_many"}') > 0;
  });
  expect(of("set_aside_records")).toBe(1);
  expect(of("hints_waiting")).toBe(1);
  expect(of("notices_waiting")).toBe(1);
});

test("a ledger that is restored to an earlier state is summed anew, and a database that is away leaves its figures out", async () => {
  await using w = await world();
  await w.anna();
  const service = await w.serve({ ...tokens, SYNC_CRON: "0 0 4 1 1 *" });
  const add = (n: number) => w.sql`
    insert into bonuslog (client_id, kind, points, actor, key)
    select id, 'credit', 1.25, 'admin:1', 'k' || g from clients, generate_series(1, ${n}) g
    on conflict (key) do nothing`;
  const ledger = async () => {
    const seen = await scrape(service);
    return [
      seen.get("loyalty_ledger_rows"),
      seen.get("loyalty_points_owed"),
      seen.get("loyalty_database_up"),
    ];
  };
  expect(await ledger()).toEqual([0, 0, 1]);
  await add(4);
  expect(await ledger()).toEqual([4, 5, 1]);
  await add(6);
  expect(await ledger()).toEqual([6, 7.5, 1]);
  await w.sql`alter table bonuslog disable trigger user`;
  await w.sql`delete from bonuslog where id > 2`;
  await w.sql`alter table bonuslog enable trigger user`;
  expect(await ledger()).toEqual([2, 2.5, 1]);
  await w.sql`alter table jobs rename to elsewhere`;
  await w.sql`alter table bonuslog rename to elsewhere_too`;
  expect(await ledger()).toEqual([undefined, undefined, 0]);
  expect((await scrape(service)).get('loyalty_notices_total{outcome="sent"}')).toBe(0);
});

test("each alert rule is about series that there are, and the reference names each metric and no other", async () => {
  await using w = await world();
  await w.anna();
  const service = await w.serve(tokens);
  await fetch(`http://127.0.0.1:${w.port}/yclients/webhook/${tokens.YCLIENTS_WEBHOOK_SECRET}`, {
    method: "POST",
  });
  const last = 'loyalty_sync_last_good_pass_timestamp_seconds{company="123456"}';
  await until(async () => (await scrape(service)).has(last));
  const shown = [...(await scrape(service)).keys()];
  const rules = paperBlock("docs/operate.md", "yaml", "- alert: LoyaltyDown");
  const { groups } = Bun.YAML.parse(rules) as {
    groups: { rules: { alert: string; expr: string }[] }[];
  };
  const alerts = groups.flatMap((group) => group.rules);
  expect(alerts.length).toBeGreaterThan(5);
  for (const { alert, expr } of alerts) {
    const named = [...expr.matchAll(/\b(loyalty_\w+)(?:\{([^}]*)\})?/g)];
    const missing = named.filter(([, name, labels = ""]) => {
      const fits = (one: string) =>
        one.replace(/\{.*/, "") === name && labels.split(",").every((label) => one.includes(label.trim()));
      return !shown.some(fits);
    });
    expect([alert, missing.map(([selector]) => selector)]).toEqual([alert, []]);
    expect([alert, named.length > 0]).toEqual([alert, true]);
  }
  const metrics = new Set(shown.map((one) => one.replace(/^loyalty_|\{.*|_(bucket|sum|count)\b.*/g, "")));
  const written = firstCells(between("docs/reference.md", "metrics"));
  expect(written.sort()).toEqual([...metrics].sort());
});
