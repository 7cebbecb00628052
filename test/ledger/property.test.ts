/** Random streams of everything that happens to records and cards, against a model of the rule; then `verify`. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Tx } from "../../src/db/connect.ts";
import { postTill, type TillResult, undo } from "../../src/ledger/ledger.ts";
import { putSpend } from "../../src/ledger/spends.store.ts";
import { postReadings } from "../../src/visits/post.ts";
import type { Terms } from "../../src/visits/visit.rule.ts";
import type { Reading } from "../../src/yclients/record.ts";
import { everything } from "../helpers/installed.ts";
import { type Ledger, openLedger, usual } from "../helpers/ledger.ts";
import { proved } from "../helpers/proved.ts";
import { runs } from "../helpers/seed.ts";

const clients = 3;
const records = 4;

/** What the journal holds of a record; `client` is 0 to 2, or null. */
interface Journal {
  client: number | null;
  early: boolean;
  deleted: boolean;
  full: boolean;
  attendance: number;
  price: number;
  services: number | null;
  goods: number;
  stamp: number;
}
interface Answer extends Journal {
  record: number;
  read: number;
}
interface Stored extends Answer {
  owner: number | null;
  terms: Terms | null;
  sum: number;
}

/** The model: what the design's one rule makes of answers and taps. Cards are named by their clients. */
class Model {
  stored = new Map<number, Stored>();
  balance = Array.from({ length: clients }, () => 0);
  done = new Map<string, { card: number; points: number }>();
  terms = usual;

  answer(now: Answer): void {
    const old = this.stored.get(now.record);
    if (old && old.read >= now.read) return;
    const first = old?.terms ?? null;
    const rule = first ?? this.terms;
    const paidOf = (at: Journal) =>
      rule.paidBy === "prices"
        ? at.price
        : at.services === null
          ? null
          : at.services + (rule.earnOn === "services" ? 0 : at.goods);
    const paid = paidOf(now);
    const holds = !now.deleted && now.attendance !== -1;
    const counts = holds && now.full && (rule.earnWhen === "paid" || now.attendance === 1);
    if (old && first && counts) {
      const was = paidOf(old);
      if (paid === null || (old.full && old.stamp === now.stamp && was !== null && paid < was)) return;
    }
    const owner = now.client ?? old?.owner ?? null;
    const someone = first ? owner !== null : now.client !== null && !now.early;
    const cents = BigInt(Math.max(paid ?? 0, 0)) * BigInt(rule.percent);
    const sum = counts && someone ? Number((cents + 5_000n) / 10_000n) : 0;
    if (old && old.owner !== null) this.balance[old.owner] = this.holds(old.owner) - old.sum;
    if (owner !== null) this.balance[owner] = this.holds(owner) + sum;
    this.stored.set(now.record, { ...now, owner, sum, terms: first ?? (sum > 0 ? this.terms : null) });
  }

  tap(key: string, card: number, points: number): TillResult {
    const result = this.done.has(key)
      ? "already"
      : points < 0 && this.holds(card) + points < 0
        ? "short"
        : "done";
    if (result === "done") {
      this.done.set(key, { card, points });
      this.balance[card] = this.holds(card) + points;
    }
    return { result, balance: this.holds(card) };
  }

  holds = (card: number) => this.balance[card] ?? 0;
}

type Step =
  | { do: "change"; record: number; changes: Partial<Journal>; silent: boolean; read: boolean }
  | { do: "read"; records: number[]; missing: boolean }
  | { do: "late"; record: number; back: number }
  | { do: "terms"; terms: Terms }
  | { do: "till"; kind: "credit" | "debit" | "spend"; card: number; points: number; again: boolean }
  | { do: "undo"; back: number };

const record = fc.nat(records - 1);
const money = fc.oneof(fc.constantFrom(0, 49, 50, 1_152_381), fc.integer({ min: 1, max: 500_000 }));
const client = fc.option(fc.nat(clients - 1), { freq: 8 });
const changes: fc.Arbitrary<Partial<Journal>> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ services: money, price: money, full: fc.constant(true) }) },
  { weight: 2, arbitrary: fc.record({ goods: money }) },
  {
    weight: 2,
    arbitrary: fc.record({ services: fc.constant(0), goods: fc.constant(0), full: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ full: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ deleted: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ attendance: fc.constantFrom(-1, 0, 1, 2) }) },
  { weight: 3, arbitrary: fc.record({ client }) },
);
const termsArbitrary: fc.Arbitrary<Terms> = fc.record({
  percent: fc.constantFrom(50, 100, 333, 10_000),
  earnOn: fc.constantFrom("services,goods", "services"),
  earnWhen: fc.constantFrom("paid", "arrived"),
  paidBy: fc.constantFrom("payments", "payments", "prices"),
});
const rarely = fc.integer({ min: 0, max: 3 }).map((n) => n === 0);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant("change"), record, changes, silent: rarely, read: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("read"), records: fc.uniqueArray(record), missing: rarely }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("late"), record, back: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("terms"), terms: termsArbitrary }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("till"),
      kind: fc.constantFrom("credit", "debit", "spend", "spend"),
      card: fc.nat(clients - 1),
      points: fc.integer({ min: 1, max: 6_000 }),
      again: rarely,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("undo"), back: fc.integer({ min: 1, max: 3 }) }) },
);
const booking = fc.record({ client, early: rarely, attendance: fc.constantFrom(0, 1), price: money });

/** One stream on cards and records of its own in a database that others have used before. */
async function play(ledger: Ledger, run: number, bookings: Partial<Journal>[], steps: Step[]): Promise<void> {
  const { db } = ledger;
  const model = new Model();
  const base = run * 10;
  const cards = (
    await db<{ id: number }[]>`
      with card as (
        insert into clients (phone)
        select '+7900' || lpad((${base}::int + n)::text, 7, '0') from generate_series(0, 1) n
        union all select null returning id, phone),
      person as (
        insert into yclients_clients (yclients_client_id, client_id)
        select ${base}::int + row_number() over (order by id) - 1, id from card)
      select id from card order by id`
  ).map((row) => row.id);
  const cardOf = (name: number) => cards[name] ?? 0;
  let clock = 0;
  const journal = bookings.map((booked): Journal => {
    const empty = { client: null, early: false, deleted: false, full: false, attendance: 0, price: 0 };
    return { ...empty, services: 0, goods: 0, stamp: 0, ...booked };
  });
  const sent: Answer[] = [];
  const answerOf = (at: number): Answer[] => {
    const now = journal[at];
    return now ? [{ ...now, record: at, read: ++clock }] : [];
  };
  const readingOf = (answer: Answer): Reading => ({
    recordId: base + answer.record + 1,
    visitId: null,
    client:
      answer.client === null
        ? null
        : {
            id: base + answer.client,
            name: null,
            phone: answer.client === 2 ? null : `+7900${String(base + answer.client).padStart(7, "0")}`,
          },
    startsAt: new Date("2026-03-12T10:00:00Z"),
    day: answer.early ? "2026-02-28" : "2026-03-12",
    deleted: answer.deleted,
    paidFull: answer.full,
    attendance: answer.attendance,
    price: answer.price,
    servicesPaid: answer.services,
    goodsPaid: answer.services === null ? null : answer.goods,
    changedAt: new Date(Date.UTC(2026, 2, 12, 11, 0, answer.stamp)),
    readAt: new Date(Date.UTC(2026, 2, 12, 12, 0, answer.read)),
  });
  const post = async (answers: Answer[]): Promise<void> => {
    await postReadings(db, ledger.programme, answers.map(readingOf), null);
    for (const answer of answers) model.answer(answer);
    sent.push(...answers);
  };
  const taps: { key: string; card: number; points: number; kind: "credit" | "debit" | "spend" }[] = [];
  const tap = async (one: Step & { do: "till" }): Promise<void> => {
    const fresh = { key: `op:${run}:${taps.length}`, card: one.card, kind: one.kind, points: one.points };
    const entry = (one.again ? taps.at(-1) : undefined) ?? fresh;
    if (entry === fresh) taps.push(fresh);
    const card = cardOf(entry.card);
    const bill = entry.kind === "spend" ? { bill: entry.points } : {};
    const also = async (tx: Tx, row: number) => {
      if (entry.kind === "spend")
        await putSpend(tx, { row, card, company: null, day: "2026-03-12", bill: entry.points });
    };
    const result = await postTill(db, { ...entry, ...bill, card, actor: "admin:9", also });
    const points = entry.kind === "credit" ? entry.points : -entry.points;
    expect(result).toEqual(model.tap(entry.key, entry.card, points));
  };
  const takeBack = async (back: number): Promise<void> => {
    const entry = taps.at(-back);
    const was = entry && model.done.get(entry.key);
    if (!entry || !was) return;
    const [row] = await db<{ id: number }[]>`select id from bonuslog where key = ${entry.key}`;
    const result = await undo(
      db,
      { id: row?.id ?? 0, card: cardOf(was.card), points: was.points },
      "admin:9",
    );
    expect(result).toEqual(model.tap(`undo:${entry.key}`, was.card, -was.points));
  };

  await ledger.agree(usual);
  for (const one of steps) {
    if (one.do === "change") {
      const now = journal[one.record];
      if (now) Object.assign(now, one.changes, one.silent ? {} : { stamp: now.stamp + 1 });
      if (one.read) await post(answerOf(one.record));
    } else if (one.do === "read") {
      const answers = one.records.flatMap(answerOf);
      await post(one.missing ? answers.map((answer) => ({ ...answer, services: null })) : answers);
    } else if (one.do === "late") {
      const late = sent.filter((answer) => answer.record === one.record).at(-one.back);
      if (late) await post([late]);
    } else if (one.do === "terms") {
      model.terms = one.terms;
      await ledger.agree(one.terms);
    } else if (one.do === "till") await tap(one);
    else await takeBack(one.back);
  }

  const held = await db<{ card: number; balance: number }[]>`
    select c.id as card, coalesce(sum(b.points), 0) as balance from clients c left join bonuslog b on b.client_id = c.id
    where c.id = any(${cards}::bigint[]) group by c.id order by c.id`;
  expect(held.map((row) => row.balance)).toEqual(model.balance);
  const posted = await db<{ record: number; card: number; sum: number }[]>`
    select a.record_id as record, b.client_id as card, sum(b.points) as sum
    from bonuslog a join bonuslog b on b.id = a.id or b.corrects = a.id and b.kind = 'correction'
    where a.record_id between ${base + 1} and ${base + records}
    group by 1, 2 having sum(b.points) <> 0 order by 1`;
  const due = [...model.stored.values()].filter((one) => one.sum !== 0).sort((a, b) => a.record - b.record);
  expect<unknown>([...posted]).toEqual(
    due.map((one) => ({ record: base + one.record + 1, card: cardOf(one.owner ?? -1), sum: one.sum })),
  );
  expect((await proved(db)).faults).toEqual([]);
}

const streams = 4;
const perStream = everything ? 130 : 65;
const perDatabase = 26; // a ledger that has grown long takes long to prove

test(`${streams * perStream} streams end as the model says, and the ledger proves itself after each`, async () => {
  const stream = async (offset: number): Promise<void> => {
    let ledger: Ledger | undefined;
    let run = 0;
    const booked = fc.array(booking, { minLength: records, maxLength: records });
    const property = fc.asyncProperty(
      booked,
      fc.array(step, { minLength: 1, maxLength: 24, size: "max" }),
      async (bookings, steps) => {
        if (run % perDatabase === 0) {
          await ledger?.[Symbol.asyncDispose]();
          ledger = await openLedger();
        }
        run += 1;
        if (ledger) await play(ledger, run, bookings, steps);
      },
    );
    try {
      await fc.assert(property, runs(perStream, offset));
    } finally {
      await ledger?.[Symbol.asyncDispose]();
    }
  };
  await Promise.all(Array.from({ length: streams }, (_, offset) => stream(offset)));
}, 900_000);
