// The accountant's papers: a statement's sums and what is owed are the ledger's, to the hundredth.
import { expect, test } from "bun:test";
import { linkedAnna, PHONE, row, visit } from "../helpers/past.ts";
import type { SalonBot } from "../helpers/salon-bot.ts";
import { ledgerSum, printed } from "./printed.ts";

/** Anna's card with a spring of changes: 12.5 + 35 − 5 − 40 = 2.5. */
async function spring(): Promise<SalonBot> {
  const salon = await linkedAnna();
  await visit(salon, 1, { day: "2026-03-01", price: 3500, decision: "awarded" });
  await row(salon, { day: "2026-02-28", kind: "opening", points: 12.5 });
  const award = await row(salon, { day: "2026-03-01", kind: "award", points: 35, record: 1, paid: 3500 });
  await row(salon, {
    ...{ day: "2026-03-31", kind: "correction", corrects: award },
    ...{ points: -5, paid: 3000, reason: "edited" },
  });
  await row(salon, { day: "2026-04-01", kind: "debit", points: -40, reason: 'a,b;"c' });
  return salon;
}

test("a statement opens with what the card held, says each change and closes with what it holds", async () => {
  await using salon = await spring();
  const text = await printed(salon, "statement", "--phone", "8 900 123 45 67");
  expect(text.split("\n").slice(0, 2)).toEqual(["Выписка по карте +7 900 123 45 67", "Карта № 1"]);
  expect(text).toContain(`
Дата             Баллы  На карте  За что
28 февраля 2026  +12,5      12,5  Баллы из прежней программы
1 марта 2026       +35      47,5  Визит, оплачено 3 500 ₽
31 марта 2026       −5      42,5  Пересчитали визит 1 марта 2026, оплачено 3 000 ₽ вместо 3 500 ₽
1 апреля 2026      −40       2,5  Снято: a,b;"c

На начало: 0 баллов
Пришло: 47,5 балла
Ушло: 45 баллов
На конец: 2,5 балла
`);
});

test("a statement of a month has the days of the zone, both of them whole", async () => {
  await using salon = await spring();
  const march = ["--from", "2026-03-01", "--to", "2026-03-31"];
  const text = await printed(salon, "statement", "--phone", PHONE, ...march);
  expect(text).toContain("С 1 марта 2026 по 31 марта 2026\n");
  expect(text).toContain("На начало: 12,5 балла\nПришло: 35 баллов\nУшло: 5 баллов\nНа конец: 42,5 балла\n");
  const csv = await printed(salon, "statement", "--phone", PHONE, "--csv", ...march);
  expect(csv.split("\r\n")).toEqual([
    "line,at,row,kind,points,balance,paid,about",
    "opening,2026-03-01,,,,12.50,,",
    'change,2026-03-01T12:00:00,2,award,35.00,47.50,3500.00,"Визит, оплачено 3 500 ₽"',
    'change,2026-03-31T12:00:00,3,correction,-5.00,42.50,3000.00,"Пересчитали визит 1 марта 2026, оплачено 3 000 ₽ вместо 3 500 ₽"',
    "closing,2026-03-31,,,,42.50,,",
    "",
  ]);
});

test("a change in the last minute of a day of the zone is that day's", async () => {
  await using salon = await linkedAnna();
  const id = await row(salon, { day: "2026-03-01", kind: "credit", points: 7 });
  await salon.sql`alter table bonuslog disable trigger user`;
  await salon.sql`update bonuslog set awarded_at = '2026-02-28 20:59:59.999999+00' where id = ${id}`;
  const ends = async (to: string) =>
    (await printed(salon, "statement", "--phone", PHONE, "--to", to, "--csv")).trimEnd().split("\r\n").at(-1);
  expect(await ends("2026-02-28")).toBe("closing,2026-02-28,,,,7.00,,");
  expect(await ends("2026-02-27")).toBe("closing,2026-02-27,,,,0.00,,");
  await salon.sql`update bonuslog set awarded_at = '2026-02-28 21:00:00+00' where id = ${id}`;
  expect(await ends("2026-02-28")).toBe("closing,2026-02-28,,,,0.00,,");
  expect(await ends("2026-03-01")).toBe("closing,2026-03-01,,,,7.00,,");
});

test("the page to print holds nobody's words as its own, and asks no network", async () => {
  await using salon = await linkedAnna();
  await row(salon, { day: "2026-03-04", kind: "credit", points: 1, reason: '<script>alert("x")</script>' });
  const html = await printed(salon, "statement", "--phone", PHONE, "--html");
  expect(html).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  expect(html).not.toContain("<script");
  expect(html).not.toMatch(/src=|href=|url\(/);
});

test("in English all of it is English", async () => {
  await using salon = await spring();
  const text = await printed(salon, "statement", "--phone", PHONE, "--language", "en");
  expect(text).toContain("Statement of card +7 900 123 45 67");
  expect(text.replaceAll("Europe/Moscow", "")).not.toMatch(/[а-яё]/i);
  expect(await printed(salon, "owed", "--language", "en")).not.toMatch(/[а-яё]/i);
});

test("what is owed sums to the ledger at the end of any day, and debts are said apart", async () => {
  await using salon = await spring();
  await salon.sql`insert into clients (phone) values ('+79000000002'), ('+79000000003')`;
  await row(salon, { day: "2026-03-15", kind: "credit", points: 100.01, phone: "+79000000002" });
  await row(salon, { day: "2026-03-20", kind: "opening", points: -30, phone: "+79000000003" });
  for (const [day, next] of [
    ["2026-02-27", "2026-02-28"],
    ["2026-02-28", "2026-03-01"],
    ["2026-03-20", "2026-03-21"],
    ["2026-04-01", "2026-04-02"],
  ] as const) {
    const csv = await printed(salon, "owed", "--as-of", day, "--csv");
    const cents = csv
      .trim()
      .split("\r\n")
      .slice(1)
      .reduce((sum, line) => sum + Math.round(Number(line.split(",")[2]) * 100), 0);
    expect([day, (cents / 100).toFixed(2)]).toEqual([day, await ledgerSum(salon, next)]);
  }
  const text = await printed(salon, "owed", "--as-of", "2026-03-31");
  expect(text).toContain("Баллы на картах клиентов на конец дня 31 марта 2026\n");
  expect(text).toContain(
    "Карты с баллами (2): 142,51 балла\nКарты ниже нуля (1): −30 баллов\nСумма журнала баллов: 112,51 балла\n",
  );
});

test("what cannot be is a sentence that says what to write", async () => {
  await using salon = await linkedAnna();
  for (const [args, sentence] of [
    [["statement"], "--phone takes the phone of a card, for example +79001234567."],
    [["statement", "--phone", "123"], "--phone takes the phone of a card, for example +79001234567."],
    [["statement", "--phone", "+79009999999"], "No card has this phone."],
    [["statement", "--phone", PHONE, "--from", "1.03"], "--from takes a day such as 2026-04-01."],
    [
      ["statement", "--phone", PHONE, "--from", "2026-03-02", "--to", "2026-03-01"],
      "--from is 2026-03-02, which is after --to, 2026-03-01: write the earlier day first.",
    ],
    [["statement", "--phone", PHONE, "--csv", "--html"], "Write --csv or --html: it is one file."],
    [["statement", "--phone", PHONE, "--language", "de"], "--language takes ru or en."],
    [["owed", "--as-of", "2026-02-30"], "--as-of takes a day such as 2026-04-01."],
  ] as const)
    expect(printed(salon, ...args)).rejects.toThrow(sentence);
  for (const late of [
    ["owed", "--as-of"],
    ["statement", "--phone", PHONE, "--from"],
    ["statement", "--phone", PHONE, "--to"],
  ])
    expect(printed(salon, ...late, "9999-01-01")).rejects.toThrow("which is still to come: today is ");
});
