// Bodies of YCLIENTS's webhooks, true and forged: what the fuzzing starts from.
import type { Random } from "./random.ts";

/** `records` are ids of real ones. */
export function realEvent(
  r: Random,
  n: number,
  branch: number,
  records: readonly [number, ...number[]],
): object {
  const record = r.chance(0.3) ? r.pick(records) : 700_000_000 + n;
  const company_id = r.chance(0.8) ? branch : 1 + r.below(99);
  const status = r.pick(["create", "update", "delete"]);
  const client = { id: 31, name: "Анна", phone: "79001234567", email: "" };
  const data = {
    id: record,
    company_id,
    staff_id: 1,
    client,
    services: [{ id: 1, cost: 1_000_000 }],
    paid_full: 1,
    attendance: 1,
  };
  const payment = {
    id: n,
    record_id: record,
    amount: 1_000_000,
    client_id: 31,
    record: { id: record },
    client,
  };
  const events: [object, ...object[]] = [
    { company_id, resource: "record", resource_id: record, status, data },
    { company_id, resource: "record", resource_id: record, status, data: [] },
    { company_id, resource: "finances_operation", resource_id: n, status, data: payment },
    {
      company_id,
      resource: r.pick(["client", "good", "staff", "service", "goods_operations_sale"]),
      resource_id: n,
      status,
      data: client,
    },
    Array.from({ length: r.pick([1, 3, 100, 501]) }, (_, at) => ({
      company_id,
      resource: "record",
      resource_id: at + 1,
      status,
      data,
    })),
  ];
  return r.pick(events);
}
