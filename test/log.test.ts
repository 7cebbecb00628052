// The log: what it must never hold.
import { expect, test } from "bun:test";
import { clean, nameless } from "../src/log.ts";

const TOKEN = "7000000001:AAEabcdefghijklmnopqrstuvwxyz01234567";

/** What a program wrote to its two outputs, logging these lines (the code sees `log`). */
async function logged(code: string, pretty = false): Promise<{ out: string; lines: string[] }> {
  const script = `import { logWarnings, makeLog } from "${import.meta.dir}/../src/log.ts"; const log = makeLog("info", ${pretty}); ${code}`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "pipe" });
  const [out, text] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, lines: text.trim().split("\n") };
}

test("a line is JSON on standard error: time, level, message, and nothing of the machine", async () => {
  const { out, lines } = await logged(
    `log.debug("no"); log.info({ company: 11, records: 79001234567 }, "read");`,
  );
  expect(out).toBe("");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    company: 11,
    records: 79001234567,
    msg: "read",
  });
});

test("what the runtime warns about is a line of the log too, and nothing beside it", async () => {
  const { out, lines } = await logged(
    `logWarnings(log, process); setTimeout(() => {}, -41); await Bun.sleep(20);`,
  );
  expect(out).toBe("");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "info", warning: "TimeoutNegativeWarning" });
});

test("tokens, phones, names and logins are never written, wherever they come from", async () => {
  for (const pretty of [false, true]) {
    const { lines } = await logged(
      `const secret = "https://api.telegram.org/bot${TOKEN}/getMe of +7 (900) 123-45-67 at postgres://user:p@ss@db:5432/x with Bearer partner123, User user456";
      const error = Object.assign(new Error(secret), { query: secret, parameters: [secret], path: secret, cause: new Error(secret) });
      log.error({ err: error }, "it failed");
      log.error({ error: secret }, secret);
      log.error(secret);
      log.error("%s", secret);
      log.error(error);
      log.warn({ phone: "+79001234567", name: "Анна Иванова", token: "${TOKEN}", person: { phone: "89001234567", name: "Анна" } }, "a person");
      log.warn({ req: { headers: { authorization: "hidden" } } }, "a request");`,
      pretty,
    );
    expect(lines.length).toBeGreaterThanOrEqual(7);
    expect(lines.join("\n")).not.toMatch(
      /AAEabc|123-45-67|9001234567|p@ss|ss@db|partner123|user456|Анна|hidden|"(query|parameters|cause)"/,
    );
    expect(lines.join("\n")).toContain("<token>");
  }
});

test("phones as people write them are cut, and what is no phone stays", () => {
  for (const phone of [
    "+79001234567",
    "8 900 123-45-67",
    "+7 (900) 123-45-67",
    "79001234567",
    "+374 10 123456",
    "8(900)1234567",
  ])
    expect(clean(`звонил ${phone}, просил`)).toBe("звонил <number>, просил");
  for (const text of [
    "record 700100201 of 2026-03-12 09:00:00 has 3500.00",
    "127.0.0.1:5432",
    "12 March 2026, 14:22",
    "connect ECONNREFUSED 10.0.0.1:443",
    "https://api.yclients.com/api/v1/records/123456?page=1",
  ])
    expect(clean(text)).toBe(text);
});

test("tokens are cut out of addresses and headers, and logins out of addresses", () => {
  expect(clean(`https://api.telegram.org/bot${TOKEN}/getMe`)).toBe(
    "https://api.telegram.org/bot<token>/getMe",
  );
  expect(clean(`the token ${TOKEN} is bad`)).toBe("the token <token> is bad");
  expect(clean("Authorization: Bearer abc, User def!")).toBe("Authorization: Bearer <token>");
  expect(clean("postgres://a:b@c:1/d, redis://:b@c")).toBe("postgres://<login>@c:1/d, redis://<login>@c");
});

test("what others quote, and names in a service's refusal, stay out", () => {
  expect(clean(`invalid input syntax: "Анна Петрова", 'Жан-Поль' and «Ли»`)).toBe(
    "invalid input syntax: <quoted>, <quoted> and <quoted>",
  );
  expect(clean('violates check constraint "phone_is_e164"')).toBe(
    'violates check constraint "phone_is_e164"',
  );
  expect(nameless("Клиент Анна Петрова-Водкина не найден")).toBe("Клиент <name> <name> не найден");
  expect(nameless("Нет прав. Обратитесь к администратору")).toBe("Нет прав. Обратитесь к администратору");
  expect(nameless("Недостаточно прав у Partner Token")).toBe("Недостаточно прав у Partner Token");
});
