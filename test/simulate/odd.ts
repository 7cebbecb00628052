// Values at the edge of what a column holds, and beyond it: as records of a journal, and as contacts of people. Each
// stands among good records, which are awarded all the same; it is judged or set aside itself.

import { momentOf } from "../../src/standins/yclients/record.ts";
import { deed } from "./hands.ts";
import { BRANCH, BRANCHES, type World } from "./world.ts";

/** An odd record of the first branch. */
export interface Odd {
  id: number;
  field: string;
  value: unknown;
}

const ids = [
  2 ** 53 - 1,
  "9007199254740991",
  2 ** 53,
  "9223372036854775807",
  2 ** 64,
  1e300,
  -5,
  1.5,
  "0x10",
  {},
];
const phones = [
  ...["+49016513", "49012345", "43012345", "31011111", "+8 900 765-43-21", "+8490123456", "0", "+0000000000"],
  ...["+123456789012345", "+1234567890123456", "٠١٢٣٤٥٦٧", "+7 900 ***-**-67", "+7\u0000900", "\ud800", "+"],
];
const wholes = [0.5, 2, 3, -1, -2, 32_768, 2 ** 31, 2 ** 63, 1e300, "1", "2", "x", "", null, true, [], {}];

/** What a record may hold, by the field that holds it. */
export const oddValues: Record<string, readonly unknown[]> = {
  id: ids,
  visit_id: ids,
  "client.id": ids,
  "client.phone": [...phones, 79_998_887_766, 1e300, null, {}],
  "client.name": [
    "\u3164",
    "\u2800",
    "\u200b\u061c",
    "\u202eанА",
    "я".repeat(10_000),
    "a\u0000b",
    "\ud800",
    5,
    {},
  ],
  "services.0.cost_to_pay": [1e10 - 0.01, 1e10, 1e12 - 0.01, 1e12, 1e15, 1e308, -1, "1e5", "много", {}],
  "finance_transactions.0.amount": [1e10, 1e12 - 1, 1e12, 9e13, 1e15, 1e308, -1e12, 0.001, "сто", null],
  "finance_transactions.0.id": ids,
  "finance_transactions.0.expense_id": ids,
  date: [
    "275760-09-13 00:00:00",
    "0000-00-00 00:00:00",
    "9999-12-31 23:59:59",
    "2026-02-30 10:00:00",
    null,
    5,
  ],
  datetime: [
    ...["+275760-09-13T00:00:00+00:00", "275760-09-13T00:00:00+0300", "9999-12-31T23:59:59-1200", ""],
    ...["-000001-01-01T00:00:00Z", "0001-01-01T00:00:00+0300", "2026-03-10T25:00:00+0300", null, 5],
  ],
  last_change_date: [
    ...["+275760-09-13T00:00:00+00:00", "9999-12-31T23:59:59-1200", "294277-01-10T04:00:00+0000"],
    ...["0001-01-01T00:00:00+0300", "-004714-11-23T00:00:00Z", "вчера", null],
  ],
  paid_full: wholes,
  attendance: wholes,
  deleted: wholes,
};

/** Puts a record of a client of its own, paid, with one value of it odd. */
export function playOdd(world: World, { field, at }: { field: string; at: number }): void {
  const { journal } = world;
  const number = world.odd.length;
  const client = { id: 9_500 + number, name: "Яна", phone: `+7999${5_550_000 + number}` };
  const services = [{ title: "Стрижка", cost: 300_000 }];
  const startsAt = world.clock.now();
  const id = journal.book({ companyId: BRANCH, client, startsAt, services });
  journal.pay(id);
  const values = oddValues[field] ?? [];
  const value = values[at % values.length];
  const raw = structuredClone(journal.record(id)) as object;
  put(raw, field.split("."), value);
  journal.put(raw);
  world.odd.push({ id, field, value });
}

function put(into: object, [first = "", ...rest]: string[], value: unknown): void {
  const fields = into as Record<string, unknown>;
  if (rest.length === 0) fields[first] = value;
  else put(fields[first] as object, rest, value);
}

/** Somebody shares a number that no country may have given out. */
export async function oddContact(world: World, at: number): Promise<void> {
  const face = world.on("telegram").face({ id: 590, name: "Чужой" });
  await deed(world, face.start());
  await deed(world, face.share(phones[at % phones.length]));
}

/** Every odd record that the journal shows is stored with a decision, or set aside with a reason. */
export async function oddIsKnown(world: World): Promise<string[]> {
  const known = await world.database.sql<{ record: number }[]>`
    select record_id::float8 as record from visits where company_id = ${BRANCH}
    union select record_id::float8 from look_again where company_id = ${BRANCH}`;
  const ids = new Set(known.map(({ record }) => record));
  return world.odd
    .filter(({ id, field, value }) => !ids.has(id) && !(field === "datetime" && momentOf(value) < 0))
    .map(({ field, value }) => `nothing is known of the record whose ${field} is ${JSON.stringify(value)}`);
}

/** Each branch is read to its last change, in the zone that it has now, and no pass fails any more. */
export async function journalIsRead(world: World): Promise<string[]> {
  const rows = await world.database.sql<
    { id: number; failures: number; mark: Date | null; zone: string | null }[]
  >`
    select company_id::int as id, failures, mark, time_zone as zone from companies`;
  return world.journals.flatMap((journal, branch) => {
    const id = BRANCHES[branch] ?? 0;
    const row = rows.find((one) => one.id === id);
    const stamps = world.records.filter((entry) => entry.branch === branch);
    const last = Math.max(0, ...stamps.map((entry) => momentOf(world.record(entry).last_change_date) || 0));
    const zone = journal.company(id)?.timeZone;
    return [
      ...(row && row.failures === 0 ? [] : [`branch ${id}: ${row?.failures ?? "all"} passes failed`]),
      ...((row?.mark?.getTime() ?? 0) >= last
        ? []
        : [`branch ${id}: its mark is ${row?.mark?.toISOString()}`]),
      ...(row?.zone === zone ? [] : [`branch ${id}: its zone is ${row?.zone}, not ${zone}`]),
    ];
  });
}
