// The executable as a service: started, used, disturbed, stopped, killed.
import { expect } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { dayOf } from "../../src/rules/time.ts";
import { ruWords } from "../../src/texts/words.ts";
import { adminUrl } from "../helpers/preload.ts";
import { program, run, type Service, until, type World, world } from "../helpers/program.ts";
import { testIn } from "../helpers/test-in.ts";
import { count, pixels } from "../picture/read.ts";

const test = testIn(withAnna);

const NB = "\u00a0";

/** A world where Anna is linked. */
async function withAnna() {
  const made = await world();
  return Object.assign(made, { person: await made.anna() });
}

/** The message about an award of a visit of the world's day. */
function award({ startsAt }: World, paid: string, points: string, holds: string): string {
  const day = ruWords.day(dayOf(startsAt, "Europe/Moscow"), new Date().getFullYear());
  return `Спасибо за визит! +${points}${NB}баллов за ${day} (оплачено ${paid}${NB}₽). На карте ${holds}: это скидка ${holds}${NB}₽ в следующий раз.`;
}

/** Ends it: with 0, and nothing that it waited for in vain. */
async function stopsWell(service: Service, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  expect((await service.stop(signal)).code).toBe(0);
  expect(service.text).not.toContain("stopping went on without it");
}

test("by webhook: migrates, serves, tells a linked client of a paid visit, answers /balance, stops cleanly", async () => {
  await using w = await world({ empty: true });
  const service = await w.serve(w.publicUrl);
  const anna = await w.anna();
  expect(await service.get("/healthz")).toEqual({ status: 200, body: "ok" });
  expect(await service.get("/readyz")).toEqual({ status: 200, body: "ready" });
  expect(await service.get("/nothing")).toEqual({ status: 404, body: "" });
  await until(() => w.telegram.webhook.url !== "");
  expect(w.telegram.webhook.url).toBe(`http://127.0.0.1:${w.port}/telegram/webhook`);
  expect(w.telegram.webhook.secret).toMatch(/^[0-9a-f]{64}$/);

  w.pay(3500);
  const told = await anna.waitForMessage("за визит");
  expect(told.text).toBe(award(w, `3${NB}500`, "35", "35"));
  await anna.say("/balance");
  expect((await anna.waitForMessage("35", { after: told.message_id })).text).toContain(`35${NB}баллов`);
  await stopsWell(service);
  expect(await w.run(["verify"])).toMatchObject({ code: 0 });
});

test("by polling, without PUBLIC_URL: takes updates, and each one once", async (w) => {
  w.telegram.webhook.set("http://127.0.0.1:1/old", {});
  const service = await w.serve();
  void w.person.say("/id");
  expect((await w.person.waitForMessage("501")).text).toContain("501");
  expect(w.telegram.webhook.url).toBe("");
  await stopsWell(service, "SIGINT");
  expect(w.telegram.messages(501).filter((one) => one.from === "bot")).toHaveLength(1);
});

test("what a stranger reads of the bot is written at the start where it is empty, and a refusal is a line in the log", async (w) => {
  const about = () => w.telegram.settings.get("description")?.description;
  w.telegram.faults.always({ method: "getMyShortDescription", status: 400 });
  const refused = await w.serve();
  await until(() => refused.text.includes("the bot's description could not be filled"));
  expect(about()).toBeUndefined();
  await stopsWell(refused);
  w.telegram.faults.clear();
  const service = await w.serve();
  await until(() => w.telegram.settings.has("short_description en"));
  expect(about()).toStartWith("Карта лояльности: ");
  await stopsWell(service);
  expect(w.telegram.messages(501)).toEqual([]);
});

test("the salon's colour and logo are on a client's card and on an owner's poster", async (w) => {
  const logo = join(mkdtempSync(join(tmpdir(), "loyalty-logo-")), "logo");
  writeFileSync(
    logo,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path fill="#ff0000" d="M0 0h2v1H0z"/></svg>`,
  );
  const service = await w.serve({ ...w.publicUrl, CARD_COLOR: "bfe8d4", CARD_LOGO: logo });
  await w.person.say("/card");
  const card = pixels((await w.person.waitForMessage("Карта")).photo?.bytes ?? new Uint8Array());
  expect(count(card, "#ff0000")).toBe(224 * 112);
  expect(count(card, "#bfe8d4")).toBeGreaterThan(1_000);
  expect(count(card, "#1d1238", { x0: 0, y0: 300, x1: 640, y1: 480 })).toBeGreaterThan(500);

  const owner = w.telegram.person({ id: 901, firstName: "Ирина" });
  owner.chat.started = true;
  await owner.say("/poster");
  const sheets = () => w.telegram.messages(901).flatMap((one) => one.document?.name ?? []);
  await until(() => sheets().length === 2);
  expect(sheets()).toEqual(["poster-A5.pdf", "poster-A4.pdf"]);
  await stopsWell(service);
});

test("SIGTERM with work in flight ends without its answers, and what was in flight is done after the next start", async (w) => {
  const first = await w.serve(w.publicUrl);
  w.telegram.faults.always({ method: "sendMessage", delayMs: 600_000 });
  w.pay(3500);
  await until(() => w.telegram.calls.some((call) => call.method === "sendMessage"));
  w.yclients.faults.always({ delayMs: 600_000 });
  const before = w.yclients.requests.length;
  await until(() => w.yclients.requests.length > before);
  expect((await first.stop()).code).toBe(0);

  w.telegram.faults.clear();
  w.yclients.faults.clear();
  await w.sql`update notices set due_at = now()`;
  await w.sql`update jobs set held_until = now()`;
  const second = await w.serve(w.publicUrl);
  await w.person.waitForMessage("за визит");
  await until(async () => (await w.sql`select from bonuslog where not is_telegram_notified`).length === 0);
  expect((await second.stop()).code).toBe(0);
});

test("a second signal ends it at once", async (w) => {
  const service = await w.serve(w.publicUrl);
  w.telegram.faults.always({ method: "sendMessage", delayMs: 600_000 });
  w.pay(3500);
  await until(() => w.telegram.calls.some((call) => call.method === "sendMessage"));
  service.kill("SIGTERM");
  await until(() => service.text.includes("stopping"));
  expect((await service.stop()).code).toBe(1);
  expect(service.text).not.toContain("stopped");
});

test("a port in use is said, with exit code 1", async () => {
  await using w = await world();
  const other = Bun.serve({ hostname: "127.0.0.1", port: w.port, fetch: () => new Response() });
  const { code, err } = await w.run([], { LOG_LEVEL: "error" });
  await other.stop(true);
  expect([code, err]).toEqual([
    1,
    `Cannot listen on 127.0.0.1:${w.port}: something else listens there: stop it, or set PORT to a free port.\n`,
  ]);
});

test("a .env and a bunfig.toml in the working folder are not read", async () => {
  await using w = await world();
  const folder = mkdtempSync(join(tmpdir(), "loyalty-cwd-"));
  const text = Object.entries(w.env).map(([name, value]) => `${name}=${value}`);
  for (const name of [".env", ".env.local", ".env.production"])
    writeFileSync(join(folder, name), text.join("\n"));
  writeFileSync(join(folder, "evil.ts"), 'process.stdout.write("loaded"); process.exit(7);');
  writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
  const { code, out, err } = await run(["migrate"], {}, folder);
  expect([code, out]).toEqual([1, ""]);
  expect(err).toStartWith("DATABASE_URL is not set: write ");
});

test("a token that YCLIENTS refuses is said in the log and to the owners; the program lives, and recovers", async (w) => {
  const owner = w.telegram.person({ id: 901, firstName: "Ольга" });
  owner.chat.started = true;
  w.yclients.faults.always({ status: 401 });
  const service = await w.serve(w.publicUrl);
  const alarm = await owner.waitForMessage("⚠️");
  expect(alarm.text).toStartWith("⚠️ YCLIENTS не пускает бота (филиал 123456), баллы пока не начисляются.");
  expect(alarm.text).not.toContain("answered");
  expect(service.text).toContain("the journal could not be read");
  expect(service.text).toContain("YCLIENTS answered 401");
  expect((await service.get("/readyz")).status).toBe(200);
  w.yclients.faults.clear();
  w.pay(3500);
  await owner.waitForMessage("✅");
  await w.person.waitForMessage("за визит");
  // Late in the evening the day's digest comes as well.
  const alarms = w.telegram.messages(901).filter(({ text }) => /^[⚠✅]/u.test(text ?? ""));
  expect(alarms).toHaveLength(2);
  expect((await service.stop()).code).toBe(0);
});

test("a database that goes away for seconds is survived: it serves, reads and tells again afterwards", async (w) => {
  const service = await w.serve(w.publicUrl);
  w.pay(3500);
  await w.person.waitForMessage("за визит");
  // Cut off before it was noted, it would be told once more, with the next one.
  await until(async () => (await w.sql`select from bonuslog where not is_telegram_notified`).length === 0);
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  const name = new URL(w.database.url).pathname.slice(1);
  const open = (is: boolean) => admin.unsafe(`alter database ${name} allow_connections ${is}`);
  await open(false);
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
  await until(async () => (await service.get("/readyz")).status === 503);
  expect((await service.get("/healthz")).status).toBe(200);
  w.pay(1000);
  await Bun.sleep(2_500);
  await open(true);
  await admin.end();
  await service.ready();
  // A lease that was held in that very moment is over after half a minute.
  expect((await w.person.waitForMessage("+10 баллов", { ms: 40_000 })).text).toBe(
    award(w, `1${NB}000`, "10", "45"),
  );
  expect((await service.stop()).code).toBe(0);
  expect(await w.run(["verify"])).toMatchObject({ code: 0 });
});

test("SIGKILL, and the next start goes on with the same ledger", async (w) => {
  const first = await w.serve(w.publicUrl);
  w.pay(3500);
  await until(async () => (await w.ledger()).length === 1);
  await first.stop("SIGKILL");
  await w.sql`update notices set due_at = now()`;
  await w.sql`update jobs set held_until = now()`; // what half a minute would do
  const before = await w.sql`select id, record_id, points, key, hash from bonuslog`;
  const second = await w.serve(w.publicUrl);
  w.pay(1000);
  await w.person.waitForMessage("+10");
  const after = await w.sql`select id, record_id, points, key, hash from bonuslog order by id`;
  expect(after).toHaveLength(2);
  expect(after[0]).toEqual(before[0]);
  expect((await second.stop()).code).toBe(0);
  expect(await w.run(["verify"])).toMatchObject({ code: 0 });
});

test("Telegram away at the start: it says so, reads the journal all the same, and stops cleanly", async (w) => {
  const service = await w.serve({ TELEGRAM_API_ROOT: "http://127.0.0.1:1" });
  w.pay(3500);
  await until(async () => (await w.ledger()).length === 1);
  await until(() => service.text.includes("Telegram cannot be reached"));
  await stopsWell(service);
});

test.each([
  ["on a full disk", "2>/dev/full"],
  ["closed", "2>&-"],
  ["read by nobody", "2> >(exit 0)"],
])("standard error that is %s takes no line, and stops nothing", async (_, where) => {
  await using w = await world();
  w.pay(3500);
  const child = Bun.spawn(["bash", "-c", `exec "$0" serve ${where}`, program()], {
    ...{ env: { ...w.env, LOG_LEVEL: "debug" }, stdin: "ignore", stdout: "pipe", stderr: "ignore" },
  });
  try {
    const ready = async () =>
      (await fetch(`http://127.0.0.1:${w.port}/readyz`).catch(() => null))?.status === 200;
    await until(ready);
    await until(async () => (await w.ledger()).length === 1);
    expect(child.exitCode).toBeNull();
  } finally {
    child.kill("SIGTERM");
    expect([await child.exited, await child.stdout.text()]).toEqual([0, ""]);
  }
});
