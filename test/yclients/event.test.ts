// What a webhook's body hints at: records by name, whatever else it says.
import { expect, test } from "bun:test";
import { hintsOf } from "../../src/yclients/event.ts";

const read = (body: unknown) => hintsOf(JSON.stringify(body));
const hint = (recordId: number) => ({ companyId: 4242, recordId });
const event = (resource: string, resource_id: unknown, data?: unknown) => ({
  ...{ company_id: 4242, resource, resource_id, status: "update", data },
});

test("a record's event hints at it, with its client as an object, a list or nothing", () => {
  for (const data of [{ id: 7, client: { phone: "+79001234567" } }, { client: [] }, [], null, undefined])
    expect(read(event("record", 700100201, data))).toEqual([hint(700100201)]);
  expect(read({ ...event("record", "700100201"), company_id: "4242" })).toEqual([hint(700100201)]);
  expect(read(event("record", null, { id: 8 }))).toEqual([hint(8)]);
});

test("a finance operation hints at the record it names, in either of its two ways, and never at its own number", () => {
  expect(read(event("finances_operation", 990001, { record_id: 8 }))).toEqual([hint(8)]);
  expect(read(event("finances_operation", 990001, { record: { id: 9, staff_id: 51 } }))).toEqual([hint(9)]);
  expect(read(event("finances_operation", 990001, { record_id: 0, record: [] }))).toEqual([]);
  expect(read(event("finances_operation", 990001, { visit_id: 1 }))).toEqual([]);
});

test("other resources hint at nothing", () => {
  for (const resource of [
    "client",
    "schedule",
    "company",
    "goods_operations_sale",
    "loyalty_card",
    "__proto__",
  ])
    expect(read(event(resource, 5, { id: 5, record_id: 5 }))).toEqual([]);
});

test("a list of events hints at each record once", () => {
  const other = { ...event("record", 7), company_id: 1 };
  expect(read([event("record", 7), event("finances_operation", 1, { record_id: 7 }), other])).toEqual([
    hint(7),
    { companyId: 1, recordId: 7 },
  ]);
});

test("what is no event is said to be none", () => {
  const none = [null, 7, "x", {}, [], [null], { company_id: 4242 }, { company_id: 0, resource: "record" }];
  for (const body of [
    ...none,
    { ...event("record", 7), company_id: "x" },
    Array(501).fill(event("record", 7)),
  ])
    expect(read(body)).toBeNull();
  for (const text of ["", "{", "a=b", "\0"]) expect(hintsOf(text)).toBeNull();
  for (const id of [-1, 1.5, 1e300, "7x", {}, true]) expect(read(event("record", id))).toEqual([]);
});
