/** The simulator's own rules of spending, and that its owners choose every setting of the programme. */
import { expect, test } from "bun:test";
import { type Asked, type AtTill, granted, letBy, rulesOf, servicesToPay } from "./spending.ts";
import { stream } from "./stream-both.ts";
import { choices, settingAt } from "./terms.ts";

const read = (path: string) => Bun.file(new URL(`../../${path}`, import.meta.url)).text();

/** The settings of docs/programme.md that are not the programme's own: whose right, how fast, and when things are told. */
const beside = ["QUIET_HOURS", "YCLIENTS_REQUESTS_PER_MINUTE", "YCLIENTS_USER_TOKEN"];

test("every setting of the programme is played, and begins as it is where nobody has chosen anything", async () => {
  const [programme, reference] = [await read("docs/programme.md"), await read("docs/reference.md")];
  const named = new Set(
    [...programme.matchAll(/`([A-Z][A-Z_]+)(?:=[^`]*)?`/g)].map(([, name]) => name ?? ""),
  );
  const rows = [...reference.matchAll(/^\| `([A-Z_]+)` \|.*\| `?([^`|]+?)`? \|$/gm)];
  const usual = Object.fromEntries(rows.map(([, name, value]) => [name, value]));
  const ours = [...named].filter((name) => name in usual && !beside.includes(name)).sort();
  expect(Object.keys(choices).sort()).toEqual(ours);
  expect(Object.fromEntries(ours.map((name) => [name, choices[name]?.[0]]))).toEqual(
    Object.fromEntries(ours.map((name) => [name, usual[name] ?? ""])),
  );
});

test("owners come to every choice of every setting, and back to what it was", () => {
  const terms = Array.from({ length: 400 }, (_, seed) => stream(seed, 60)).flatMap((steps) =>
    steps.flatMap((step) => (step.do === "terms" ? [step.set] : [])),
  );
  for (const [name, all] of Object.entries(choices)) {
    const chosen = new Set(terms.flatMap((set) => set[name] ?? []));
    expect([name, ...all.filter((one) => !chosen.has(one))]).toEqual([name]);
  }
});

test("a setting is what it was set to last before a moment", () => {
  const terms = [
    { at: 10, set: { SPEND_STEP: "100" } },
    { at: 20, set: { SPEND_STEP: "off", SPEND_ON: "services" } },
  ];
  const at = (moment: number) => settingAt({ terms }, "SPEND_STEP", moment);
  expect([at(9), at(10), at(19), at(20)]).toEqual(["off", "100", "100", "off"]);
});

const bill = (sum: number, paid = 0): Asked => ({ kind: "spend", sum, paid });
const card: AtTill = { held: 340_24, acts: 0, services: 0, handled: 0 };
const set = (settings: Record<string, string>) =>
  rulesOf((name) => settings[name] ?? choices[name]?.[0] ?? "");

/** The examples of docs/programme.md, and the edges of each rule. */
test.each<[Record<string, string>, Asked, Partial<AtTill>, number]>([
  [{}, bill(3_500_00), {}, 340_00],
  [{}, bill(340_50), {}, 339_00],
  [{}, bill(1_00), {}, 0],
  [{}, bill(3_500_00), { held: -5_00 }, 0],
  [{}, bill(3_500_00, 3_200_00), {}, 299_00],
  [{ SPEND_MAX_PERCENT: "50" }, bill(400_00), {}, 200_00],
  [{ SPEND_MAX_PERCENT: "50" }, bill(400_00, 300_00), {}, 99_00],
  [{ SPEND_STEP: "100" }, bill(3_500_00), {}, 300_00],
  [{ SPEND_STEP: "100" }, bill(300_00), {}, 200_00],
  [{ SPEND_LEAST_BILL: "1000" }, bill(999_99), {}, 0],
  [{ SPEND_LEAST_BILL: "1000" }, bill(1_000_00), {}, 340_00],
  [{ SPEND_ON: "services" }, bill(1_500_00), { services: 300_00 }, 299_00],
  [{ SPEND_ON: "services" }, bill(1_500_00), {}, 0],
  [{ SPEND_ON: "services", SPEND_MAX_PERCENT: "50" }, bill(1_500_00), { services: 300_00 }, 150_00],
  [{ CARD_DAILY_ACTS: "2" }, bill(3_500_00), { acts: 1 }, 340_00],
  [{ CARD_DAILY_ACTS: "2" }, bill(3_500_00), { acts: 2 }, 0],
  [{ ADMIN_DAILY_LIMIT: "5000" }, bill(3_500_00), { handled: 4_899_50 }, 100_00],
  [{ ADMIN_DAILY_LIMIT: "5000" }, { kind: "credit", sum: 300_00 }, { handled: 4_899_50 }, 100_50],
  [{ ADMIN_DAILY_LIMIT: "5000" }, { kind: "debit", sum: 300_00 }, { handled: 5_000_00 }, 0],
  [{ SPEND_STEP: "100", SPEND_LEAST_BILL: "1000" }, { kind: "debit", sum: 900_00 }, {}, 340_24],
  [{ SPEND_MAX_PERCENT: "1", CARD_DAILY_ACTS: "1" }, { kind: "credit", sum: 900_00 }, { acts: 1 }, 900_00],
])("by %p of %p with %p the till lets %p", (settings, asked, at, points) => {
  expect(granted(set(settings), asked, { ...card, ...at })).toBe(points);
});

test("what lets no more is known: of two rules that bound alike both are", () => {
  const each = letBy(set({ SPEND_LEAST_BILL: "1000", CARD_DAILY_ACTS: "1" }), bill(900_00), {
    ...card,
    acts: 1,
  });
  expect(Object.keys(each).filter((rule) => each[rule as keyof typeof each] === 0)).toEqual([
    "least",
    "acts",
  ]);
});

test("services are paid once: what was spent counts until the journal changes the record", () => {
  const record = { record: "1 1", live: true, paidFull: false, price: 500_00, paid: null, changed: 10 };
  expect(servicesToPay([], [])).toBe(0);
  expect(servicesToPay([record, { ...record, paid: 100_00 }], [])).toBe(900_00);
  expect(
    servicesToPay(
      [
        { ...record, live: false },
        { ...record, paidFull: true },
      ],
      [],
    ),
  ).toBe(0);
  const spent = { points: 499_00, at: 11, record: "1 1" };
  const other = { ...record, record: "1 2", price: 200_00, changed: 12 };
  expect(servicesToPay([record], [spent])).toBe(1_00);
  expect(servicesToPay([record, other], [spent])).toBe(201_00);
  expect(servicesToPay([record, other], [{ ...spent, record: null }])).toBe(700_00);
  expect(servicesToPay([other], [spent])).toBe(200_00);
  expect(servicesToPay([{ ...record, price: 1_00, changed: 12 }], [spent])).toBe(1_00);
});
