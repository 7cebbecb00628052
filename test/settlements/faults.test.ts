/** What YCLIENTS answers, or does not, to each question of a settlement: every end is on the bill and taken, or neither. */
import { expect, test } from "bun:test";
import type { YclientsFault } from "../../src/standins/yclients/faults.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const N = 50_000;
const stands = "stands: taken, 50000 on the bill, 0 on the card";
const returned = "returned: given back, 0 on the bill, 0 on the card";

const calls = {
  issue: /^\/loyalty\/cards\/\d+$/,
  hand: /\/manual_transaction$/,
  apply: /\/apply_card_withdrawal\//,
  cancel: /\/cancel_card_withdrawal\//,
  record: /^\/record\//,
  cards: /^\/loyalty\/client_cards\//,
  rows: /^\/visit\/loyalty\/transactions\//,
  sale: /\/sale\//,
} as const;
type Call = keyof typeof calls;

/** Nobody knows whether it was done: at once, a little later, at the last moment that is waited for, never. */
const lost: Record<string, YclientsFault> = {
  "is cut, done": { cut: true, lateMs: 0 },
  "is cut, done after the first look": { cut: true, lateMs: 20_000 },
  "is cut, done late": { cut: true, lateMs: 89_000 },
  "is cut, not done": { cut: true, undone: true },
  "is 500, done": { status: 500, lateMs: 0 },
  "is 500, done late": { status: 500, lateMs: 89_000 },
  "is 500, not done": { status: 500, undone: true },
  "is a proxy's page, done late": { html: true, lateMs: 50_000 },
  "is a proxy's page, not done": { html: true, undone: true },
  "is half a body, done": { half: true, lateMs: 0 },
  "is half a body, not done": { half: true, undone: true },
  "is 408, not done": { status: 408, undone: true },
  "is nonsense, done": { body: '"да"', lateMs: 0 },
  "is nonsense, not done": { body: "{}", undone: true },
};
/** It was not done, and that is said. */
const refused: Record<string, YclientsFault> = {
  "is 403": { status: 403 },
  "is 404": { status: 404 },
  "is 422": { status: 422 },
  "is a refusal by 200": { successFalse: true },
};
const busy: Record<string, YclientsFault> = { "is 429": { status: 429 } };

async function settled(salon: SettlingSalon, call: Call, fault: YclientsFault, times = 1): Promise<string> {
  if (call === "issue") for (const card of salon.loyalty.cards) card.isDeleted = true;
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, N);
  salon.yclients.faults.next({ path: calls[call], times, ...fault });
  await salon.rest(row);
  salon.yclients.faults.clear();
  return salon.ended(row, recordId);
}

async function takenBack(salon: SettlingSalon, call: Call, fault: YclientsFault, times = 1): Promise<string> {
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, N);
  await salon.rest(row);
  await salon.back(row);
  salon.yclients.faults.next({ path: calls[call], times, ...fault });
  await salon.rest(row);
  salon.yclients.faults.clear();
  return salon.ended(row, recordId);
}

/** Each of the faults, one after another in one salon. */
async function eachOf(
  faults: Record<string, YclientsFault>,
  ended: (salon: SettlingSalon, fault: YclientsFault) => Promise<string>,
): Promise<Record<string, string>> {
  await using salon = await settlingSalon();
  const found: Record<string, string> = {};
  for (const [name, fault] of Object.entries(faults)) found[name] = await ended(salon, fault);
  return found;
}

const all = (faults: object, end: string) =>
  Object.fromEntries(Object.keys(faults).map((name) => [name, end]));

for (const call of ["issue", "hand", "apply"] as const) {
  test(`${call}: an answer that is lost is looked for, and the spend stands once`, async () => {
    expect(await eachOf(lost, (salon, fault) => settled(salon, call, fault))).toEqual(all(lost, stands));
  });

  test(`${call}: turned away at the door it is asked again`, async () => {
    expect(await eachOf(busy, (salon, fault) => settled(salon, call, fault, 3))).toEqual(all(busy, stands));
  });

  test(`${call}: what is refused is given back, and no card is left with points`, async () => {
    const ended = await eachOf(refused, (salon, fault) => settled(salon, call, fault));
    const none = { ...all(refused, returned) };
    expect(ended).toEqual(
      call === "issue" ? all(refused, "returned: given back, 0 on the bill,  on the card") : none,
    );
  });
}

for (const call of ["cancel", "hand"] as const) {
  test(`${call}, taking it back: an answer that is lost is looked for, and the points come back once`, async () => {
    expect(await eachOf(lost, (salon, fault) => takenBack(salon, call, fault))).toEqual(all(lost, returned));
  });

  test(`${call}, taking it back: turned away at the door it is asked again`, async () => {
    expect(await eachOf(busy, (salon, fault) => takenBack(salon, call, fault, 3))).toEqual(
      all(busy, returned),
    );
  });
}

test("cancel, taking it back: where it is refused the spend stands as it did", async () => {
  expect(await eachOf(refused, (salon, fault) => takenBack(salon, "cancel", fault))).toEqual(
    all(refused, stands),
  );
});

test("hand, taking it back: refused once it is asked again", async () => {
  expect(await eachOf(refused, (salon, fault) => takenBack(salon, "hand", fault))).toEqual(
    all(refused, returned),
  );
});

/** A question that only reads: its failures change nothing. */
const unread: Record<string, YclientsFault> = {
  "is cut": { cut: true },
  "is 500": { status: 500 },
  "is 403": { status: 403 },
  "is a proxy's page": { html: true },
  "is half a body": { half: true },
  "is nonsense": { body: { success: true, data: [{ id: "нет" }], meta: [] } },
  "is a refusal by 200": { successFalse: true },
};

for (const call of ["record", "cards", "rows", "sale"] as const)
  test(`${call}: a question that is not answered is asked later, and nothing is believed meanwhile`, async () => {
    const ended = await eachOf(unread, (salon, fault) => settled(salon, call, fault, 9));
    expect(ended).toEqual(all(unread, stands));
    const back = await eachOf(unread, (salon, fault) => takenBack(salon, call, fault, 9));
    expect(back).toEqual(all(unread, returned));
  });

test("an answer about another record, or about another branch's, is believed of neither", async () => {
  await using salon = await settlingSalon();
  const [here, other] = [1, 2].map(() => salon.book([{ title: "Стрижка", cost: 316_000 }]).recordId) as [
    number,
    number,
  ];
  salon.journal.remove(other);
  const row = await salon.spend(here, N);
  const body = (data: object) => ({ success: true, data, meta: [] });
  for (const wrong of [
    await salon.record(other),
    { ...(await salon.record(other)), id: here, company_id: MOSCOW + 1 },
  ]) {
    salon.yclients.faults.next({ path: /^\/record\//, body: body(wrong) });
    await salon.work();
    expect(await salon.one(row)).toMatchObject({ state: "under_way", goal: "settle" });
    await salon.sql`update settlements set due_at = now()`;
  }
  await salon.rest(row);
  expect(await salon.ended(row, here)).toBe(stands);
});
