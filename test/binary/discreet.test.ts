// Every command of the executable, with people and secrets in all it reads: none of them is in anything it writes.
import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { oldDatabase } from "../helpers/old-program.ts";
import { BRANCH, type Env, program, Service, until, type World, world } from "../helpers/program.ts";

const people = [
  "Зинаида",
  "Прекрасная",
  "zina_the_best",
  "Ольга Админова",
  "926111",
  "111-22-33",
  "9005550001",
];
const zinaida = { id: 1_123_456_789, name: "Зинаида Прекрасная", phone: "+79261112233" };
const secrets: Env = {
  METRICS_TOKEN: "metrics-hidden-token-0123456789",
  YCLIENTS_WEBHOOK_SECRET: "hook-hidden-0123456789abcdef",
  WEBHOOK_SECRET: "telegram-hidden-webhook-secret",
};

/** All that must not be seen, in any output. */
function hidden({ env, database }: World): string[] {
  const { FATHERBOT_TOKEN = "", YCLIENTS_PARTNER_TOKEN = "", YCLIENTS_USER_TOKEN = "" } = env;
  const tokens = [
    FATHERBOT_TOKEN,
    FATHERBOT_TOKEN.split(":")[1] ?? "",
    YCLIENTS_PARTNER_TOKEN,
    YCLIENTS_USER_TOKEN,
  ];
  return [...people, ...tokens, ...Object.values(secrets), new URL(database.url).password, database.url];
}

const seenIn = (text: string, words: string[]) => words.filter((one) => text.includes(one));

test("no command says a token, a login, a phone or a name, well or in trouble", async () => {
  await using w = await world({ empty: true });
  await using old = await oldDatabase(BRANCH);
  const env = { ...secrets, LOG_LEVEL: "trace", PUBLIC_URL: "https://bot.example.ru" };
  await old.client({
    yclients: zinaida.id,
    phone: "8 926 111-22-33",
    points: 12,
    name: zinaida.name,
    telegram: 501,
  });
  await old.client({ yclients: 40, phone: "926111223", points: 5, name: zinaida.name });
  const person = w.telegram.person({
    id: 501,
    firstName: "Зинаида",
    username: "zina_the_best",
    phone: zinaida.phone,
  });
  person.chat.started = true;
  w.telegram.person({ id: 901, firstName: "Ольга Админова" }).chat.started = true;
  w.pay(3500, zinaida);
  const said: string[] = [];
  const words = hidden(w);
  const run = async (args: string[], more: Env = {}) => {
    const { code, out, err } = await w.run(args, { ...env, ...more });
    said.push(`${args[0]} ${code}`);
    expect([args[0], seenIn(out + err, words)]).toEqual([args[0], []]);
    return out;
  };
  await run(["import", "--from", old.url, "--dry-run"]);
  await run(["import", "--from", old.url]);
  const listed = mkdtempSync(join(tmpdir(), "loyalty-discreet-"));
  const list = join(listed, "list.csv");
  writeFileSync(list, "Телефон;Баллы;Имя\n8 926 111-22-33;5;Зинаида Прекрасная\n");
  await run(["import", "--csv", list, "--dry-run"]);
  await run(["import", "--csv", list]);
  writeFileSync(list, "926111223;5;Зинаида Прекрасная\n");
  expect((await w.run(["import", "--csv", list], env)).code).toBe(1);
  await run(["import", "--take-back", "1"]);
  rmSync(listed, { recursive: true, force: true });
  await run(["migrate"]);
  await run(["sync", "--dry-run", "--since", "2026-01-01"]);
  await run(["sync"]);
  await run(["notify"]);
  await run(["verify"]);
  expect(await run(["export"])).toContain("award");
  await run(["check"]);
  for (const word of ["set", "info", "delete"]) await run(["webhook", word]);
  expect(said.filter((line) => line.endsWith(" 1"))).toEqual([]);

  // Trouble: each side refuses, with words that name somebody.
  const refused = {
    success: false,
    data: null,
    meta: { message: `Клиент ${zinaida.phone} и 8 (926) 111-22-33: нет прав` },
  };
  for (const args of [["sync"], ["sync", "--dry-run"], ["check"]]) {
    for (let n = 0; n < 8; n++) w.yclients.faults.next({ path: /^\//, status: 403, body: refused });
    await run(args);
  }
  await run(["sync"], { YCLIENTS_USER_TOKEN: "another-hidden-word" });
  await run(["check"], { FATHERBOT_TOKEN: "7000000009:AAEotherotherotherotherotherotherother" });
  const wrong = Object.assign(new URL(w.database.url), { password: "other-hidden-login" }).href;
  words.push("other-hidden-login", "another-hidden-word", "AAEother");
  for (const args of [["verify"], ["migrate"], ["check"], ["serve"], ["import", "--from", wrong]])
    await run(args, { DATABASE_URL: wrong, ...(args[0] === "import" && { DATABASE_URL: w.database.url }) });
  // A secret in the wrong place is not said either.
  const { FATHERBOT_TOKEN = "" } = w.env;
  await run(["check"], {
    COMPANY_ID: FATHERBOT_TOKEN,
    ADMINS_IDS: FATHERBOT_TOKEN,
    PUBLIC_URL: FATHERBOT_TOKEN,
  });
  await run(["health"], { PORT: "1" });
  expect(said.filter((line) => line.endsWith(" 1")).length).toBeGreaterThan(8);
});

test("no answer over HTTP, nor /metrics, nor the list of processes, holds any of it; files keep it out of the environment", async () => {
  await using w = await world();
  const folder = mkdtempSync(join(tmpdir(), "loyalty-secrets-"));
  const {
    FATHERBOT_TOKEN = "",
    YCLIENTS_USER_TOKEN = "",
    YCLIENTS_PARTNER_TOKEN = "",
    DATABASE_URL = "",
    ...rest
  } = w.env;
  const inFiles = { FATHERBOT_TOKEN, YCLIENTS_USER_TOKEN, YCLIENTS_PARTNER_TOKEN, DATABASE_URL, ...secrets };
  const files = Object.entries(inFiles).map(([name, text]) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return [`${name}_FILE`, join(folder, name)];
  });
  const service = new Service(program(), { ...rest, ...w.publicUrl, ...Object.fromEntries(files) }, w.port);
  try {
    await service.ready();
    const person = w.telegram.person({
      id: 501,
      firstName: "Зинаида",
      username: "zina_the_best",
      phone: zinaida.phone,
    });
    await until(() => w.telegram.webhook.url !== "");
    await person.start();
    await person.tap("Согласен, отправить мой номер");
    const id = w.pay(3500, zinaida);
    await person.waitForMessage("35");

    const at = (path: string) => `http://127.0.0.1:${w.port}${path}`;
    const authorization = `Bearer ${secrets.METRICS_TOKEN}`;
    const telegram = { "x-telegram-bot-api-secret-token": secrets.WEBHOOK_SECRET ?? "" };
    const body = JSON.stringify(w.journal.record(id));
    const event = {
      company_id: BRANCH,
      resource: "record",
      resource_id: id,
      status: "update",
      data: w.journal.record(id),
    };
    const hook = `/yclients/webhook/${secrets.YCLIENTS_WEBHOOK_SECRET}`;
    const asked: [path: string, init?: RequestInit][] = [
      ...["/", "/healthz", "/readyz", "/metrics", "/telegram/webhook", hook, `/${FATHERBOT_TOKEN}`].map(
        (path): [string] => [path],
      ),
      ["/metrics", { headers: { authorization } }],
      ["/telegram/webhook", { method: "POST", body }],
      ["/telegram/webhook", { method: "POST", body, headers: telegram }],
      ["/telegram/webhook", { method: "POST", body: `{"${zinaida.name}`, headers: telegram }],
      [hook, { method: "POST", body: JSON.stringify(event) }],
      [hook, { method: "POST", body }],
      [hook, { method: "POST", body: zinaida.name }],
      [`${hook}x`, { method: "POST", body }],
    ];
    const answers: string[] = [];
    for (const [path, init] of asked) {
      const answer = await fetch(at(path), init);
      answers.push(
        `${answer.status} ${init?.method ?? "GET"} ${JSON.stringify([...answer.headers])} ${await answer.text()}`,
      );
    }
    const words = hidden(w);
    expect(seenIn(answers.join("\n"), words)).toEqual([]);
    expect(answers.filter((one) => one.startsWith("200 ")).length).toBeGreaterThan(3);
    expect(answers.join("\n")).toContain("loyalty_points_owed 35");
    if (process.platform === "linux") {
      for (const name of ["cmdline", "environ"])
        expect([name, seenIn(readFileSync(`/proc/${service.pid}/${name}`, "utf8"), words)]).toEqual([
          name,
          [],
        ]);
    }
    expect((await service.stop()).code).toBe(0);
    expect(seenIn(service.text, words)).toEqual([]);
  } finally {
    await service.end();
    rmSync(folder, { recursive: true, force: true });
  }
});
