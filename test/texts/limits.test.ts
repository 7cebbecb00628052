// Messages at their longest: whatever stands on a card, no messenger refuses what is said of it.
import { expect, test } from "bun:test";
import { accountHere, onBoth } from "../helpers/both.ts";
import { refusedOf } from "../helpers/limits.ts";
import { BRANCH, CLIENT, linkedAnna, PHONE, row, visit } from "../helpers/past.ts";

const many = Array.from({ length: 45 }, (_, n) => n);
/** Each sign of it is five in a message. */
const wild = "&".repeat(100);
/** What those at the till write themselves. */
const reason = `${"ж".repeat(80)}${"&".repeat(20)}`;

onBoth("a card with as much on it as can be is told of in messages that every messenger takes", async () => {
  const staff = { adminIds: [accountHere(601)], ownerIds: [accountHere(700)], companyIds: [BRANCH] };
  await using salon = await linkedAnna({ ...staff, statements: "on", title: () => wild });
  const { anna, sql } = salon;
  salon.clock.now = new Date("2026-03-12T11:00:00Z");
  for (const n of many) {
    const day = `2026-02-${String(12 + (n % 15)).padStart(2, "0")}`;
    await row(salon, { day, kind: "credit", points: 10_000_000.25, reason });
    await visit(salon, 100 + n, { day, price: 1_234_567, decision: "too_little" });
    await visit(salon, 500 + n, { day: "2026-03-12", price: 1_234_567, decision: "not_paid", paid: 0 });
  }
  await sql`update visits set paid_full = false where record_id >= 500`;
  await sql`update clients set name = ${wild}`;
  await sql`
    insert into yclients_clients (yclients_client_id, client_id, name)
    select ${CLIENT} + n, id, ${wild} || n from clients, generate_series(1, 30) n`;
  for (const asked of ["/start", "/balance", "/card", "/history", "/why", "/statement", "/mydata", "/help"])
    await anna.say(asked);

  const olga = salon.person({ id: 601, firstName: wild });
  const irina = salon.person({ id: 700, firstName: wild });
  for (const one of [olga, irina]) await one.start();
  for (const asked of [PHONE, `${PHONE} 99999999`, "/today", "/why 89001234567", "4567", "/help"])
    await olga.say(asked);
  await olga.say(`/credit ${PHONE} 5 ${"&".repeat(90)}`);
  await olga.tap("Начислить");
  for (const label of ["История", "Почему"]) {
    await olga.say(PHONE);
    await olga.tap(label);
  }
  for (const asked of ["/stats", "/staff", "/programme", "/help", `/statement ${PHONE}`])
    await irina.say(asked);
  const sorry = [501, 601, 700].flatMap((id) =>
    salon.said(id).filter((one) => one.startsWith("Что-то пошло не так")),
  );
  expect(sorry).toEqual([]);
  expect(salon.messages(501).filter(({ html = "" }) => html.length > 1_000).length).toBeGreaterThan(4);
});

test("a message that a messenger would not take is known as one", () => {
  const says = { text: "Баланс", says: true } as const;
  const link = { text: "Записаться", url: "https://n1.yclients.com/" };
  expect(
    refusedOf("a".repeat(4_000), [
      [says, says, says],
      [link, link, link],
    ]),
  ).toEqual([]);
  expect(refusedOf("a".repeat(4_001))).toHaveLength(1);
  expect(refusedOf("<b> </b>")).toEqual(["nothing that is seen"]);
  expect(refusedOf("", [], true)).toEqual([]);
  expect(refusedOf("a".repeat(1_025), [], true)).toHaveLength(1);
  expect(
    refusedOf(
      "a",
      Array.from({ length: 31 }, () => [says]),
    ),
  ).toEqual(["31 rows of buttons"]);
  expect(refusedOf("a", [[link, link, link, link]])).toHaveLength(1);
  expect(refusedOf("a", [Array.from({ length: 8 }, () => says)])).toHaveLength(1);
  expect(
    refusedOf("a", [[{ text: "", data: "x" }], [{ text: "a".repeat(129), data: "x".repeat(65) }]]),
  ).toHaveLength(3);
});
