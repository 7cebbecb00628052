// The log of the executable at work: a record can be followed by grep, and no person, phone or secret is ever in it.
import { expect, test } from "bun:test";
import { BRANCH, type Service, TOKEN, until, type World, world } from "../helpers/program.ts";

const secrets = {
  ...{ METRICS_TOKEN: "metrics-secret-token", YCLIENTS_WEBHOOK_SECRET: "0123456789abcdef-hook" },
  WEBHOOK_SECRET: "telegram-webhook-secret",
};

const hookAt = (w: World) => `http://127.0.0.1:${w.port}/yclients/webhook/${secrets.YCLIENTS_WEBHOOK_SECRET}`;

/** What grep would find, as objects without their times. */
function grep(service: Service, what: string | number): Record<string, unknown>[] {
  const found = service.text.split("\n").filter((line) => new RegExp(`\\b${what}\\b`).test(line));
  return found.map((line) => ({ ...JSON.parse(line), time: undefined }));
}

test("a paid visit is followed from the page that brought it to its row and to the message", async () => {
  await using w = await world();
  const anna = await w.anna();
  const service = await w.serve({ ...w.publicUrl, LOG_LEVEL: "debug" });
  w.pay(100, { id: 77, name: "Борис", phone: "+79007654321" });
  const id = w.pay(3500);
  await anna.waitForMessage("за визит");
  await until(() => grep(service, id).some(({ msg }) => msg === "a client was told"));
  const [page, ...rest] = grep(service, id);
  expect(page).toMatchObject({ job: "sync_records", company: BRANCH, msg: "a page is in the ledger" });
  expect(page?.ids).toContain(id);
  const rowed = rest.find(({ msg }) => msg === "a visit made a row");
  const [made] = await w.sql`select id, client_id from bonuslog where record_id = ${id}`;
  const [row, card] = [Number(made?.id), Number(made?.client_id)];
  expect(rowed).toEqual({
    ...{
      level: "info",
      time: undefined,
      job: "sync_records",
      pass: page?.pass,
      company: BRANCH,
      record: id,
      row,
      card,
    },
    ...{ kind: "award", points: "35.00", reason: "paid", msg: "a visit made a row" },
  });
  const told = rest.find(({ msg }) => msg === "a client was told");
  const message = anna.lastMessage()?.message_id;
  expect(told).toEqual({
    ...{ level: "info", time: undefined, job: "notify_new_bonuses", pass: told?.pass, card, message },
    ...{ rows: [row], records: [id], msg: "a client was told" },
  });
  expect((await service.stop()).code).toBe(0);
});

/** All names and phones of the journal, each form of a phone, and what the settings hold. */
function forbidden({ journal }: World, more: string[]): string[] {
  const found = new Set(more);
  const walk = (value: unknown, key = ""): void => {
    if (typeof value === "string" && /name|phone|title|comment/.test(key) && value.length > 2)
      found.add(value);
    if (value !== null && typeof value === "object")
      for (const [inner, one] of Object.entries(value)) walk(one, inner);
  };
  walk(journal.records(BRANCH));
  for (const text of [...found]) {
    const digits = text.replace(/\D/g, "");
    if (/^\+?\d{11}$/.test(text))
      for (const form of [digits, digits.slice(1), `8${digits.slice(1)}`]) found.add(form);
  }
  return [...found];
}

test("a full run with every kind of trouble, at the most talkative level, names nobody and tells no secret", async () => {
  await using w = await world();
  const service = await w.serve({ ...w.publicUrl, ...secrets, LOG_LEVEL: "trace" });
  w.yclients.webhook(hookAt(w));
  const anna = w.telegram.person({
    id: 501,
    firstName: "Аннушка",
    lastName: "Иванова",
    username: "annushka",
    phone: "+79001234567",
  });
  const olga = w.telegram.person({
    id: 901,
    firstName: "Ольга",
    lastName: "Админова",
    phone: "+79005550001",
  });
  await until(() => w.telegram.webhook.url !== "");
  await olga.start();
  const id = w.pay(3500, { id: 31, name: "Анна Сергеевна", phone: "+79001234567" });
  const other = w.pay(1000, { id: 32, name: "Пётр Великий", phone: "+79007654321" });
  await anna.start();
  await anna.tap("Согласен, отправить мой номер");
  await until(async () => (await w.ledger()).length === 2);
  for (const text of [
    "89001234567 1000",
    "/why +7 900 765-43-21",
    "/credit 89001234567 50 за отзыв",
    "/today",
    "4567",
  ])
    await olga.say(text);
  await olga.forwardContact({ phone: "+79007654321", firstName: "Пётр" });
  for (const text of ["/mydata", "/history", "мой номер 8 900 123 45 67", "/balance", "/unlink"])
    await anna.say(text);

  const refused = { success: false, data: null, meta: { message: "Клиент +7 900 123-45-67 не найден" } };
  for (const fault of [
    { status: 422, body: refused },
    { status: 401 },
    { html: true },
    { half: true },
    { cut: true },
    { successFalse: true },
  ])
    w.yclients.faults.next({ path: /^\/record/, ...fault });
  w.telegram.faults.next({ method: "sendMessage", status: 500 });
  w.telegram.faults.next({ method: "sendMessage", status: 400 });
  w.journal.refund(id);
  w.journal.pay(id);
  w.journal.remove(other);
  w.journal.put({ ...w.journal.record(other), id: 555, datetime: "never", date: "never" });
  await until(() => service.text.includes("some records are set aside"));
  await until(async () => (await w.ledger()).length >= 3);
  for (const body of ["{", '{"name":"Анна Сергеевна"}', JSON.stringify(w.journal.record(id))])
    await fetch(hookAt(w), { method: "POST", body });
  await fetch(`http://127.0.0.1:${w.port}/metrics`, {
    headers: { authorization: `Bearer ${secrets.METRICS_TOKEN}` },
  });
  // A database that fails in the middle: its errors carry queries and parameters.
  await w.sql`alter table look_again rename to elsewhere`;
  await w.sql`alter table dialogs rename to elsewhere_too`;
  w.journal.arrive(id);
  await olga.say("/credit 89007654321 50 за подругу").catch(() => {});
  await until(() => service.text.includes("a webhook failed"));
  // Its jobs go on meanwhile: how much they have said by now is a matter of time.
  await until(() => service.text.length > 5_000);
  expect((await service.stop()).code).toBe(0);

  const people = [
    "Аннушка",
    "Иванова",
    "annushka",
    "Админова",
    "Ольга",
    "Пётр",
    "за отзыв",
    "за подругу",
    "+79005550001",
  ];
  const settings = [
    TOKEN,
    TOKEN.split(":")[1] ?? "",
    "partner-secret-words",
    "user-secret-words",
    w.database.url,
    ...Object.values(secrets),
  ];
  const all = forbidden(w, [...people, ...settings]);
  expect(all.length).toBeGreaterThan(20);
  expect(service.text.length).toBeGreaterThan(5_000);
  expect(all.filter((one) => service.text.includes(one))).toEqual([]);
  // A whole one where it begins with 8: a span of microseconds or an address in memory may begin so too.
  expect(
    service.text.match(
      /(?:\+7[ (-]{0,2}9\d\d[ )-]{0,2}\d{3}|\b8[ (-]{0,2}9\d\d[ )-]{0,2}\d{3}[ -]?\d\d[ -]?\d\d\b)/g,
    ),
  ).toBeNull();
});
