/** What the database itself refuses of settlements, whatever a program believes. */
import { expect, test } from "bun:test";
import { postTill, putSpend } from "../../src/ledger/ledger.ts";
import { refusal } from "../helpers/db.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { settlingSalon } from "../helpers/settling-salon.ts";

const N = 50_000;

/** A spend of Anna's that is under way, and the number of its settlement. */
async function spent() {
  const salon = await settlingSalon();
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, N);
  const { id } = await salon.one(row);
  return { salon, sql: salon.sql, recordId, row, id };
}

test("points that pay a part of a bill are not given back, by whom ever, until they are off it", async () => {
  const { salon, sql, row } = await spent();
  await using _ = salon;
  const undo = (actor: string) =>
    refusal(sql`
      insert into bonuslog (client_id, kind, corrects, points, actor, key)
      values (${salon.annasCard}, 'undo', ${row}, 500, ${actor}, ${`undo:${row}`})`);
  for (const state of ["under_way", "stands", "stuck"]) {
    await sql`update settlements set state = ${state}, why = 'gone', stood_at = now()`;
    expect(await undo("admin:1")).toBe("points_on_a_bill_are_not_given_back");
    expect(await undo("programme")).toBe("points_on_a_bill_are_not_given_back");
  }
});

test("a settlement is returned with its points, in one transaction", async () => {
  const { salon, sql, row, id } = await spent();
  await using _ = salon;
  const returned = sql`update settlements set goal = 'return', state = 'returned' where id = ${id}`;
  expect(await refusal(returned)).toBe("what_is_returned_is_on_the_card");
  await salon.back(row);
  await salon.work();
  expect(await refusal(sql`update settlements set state = 'under_way' where id = ${id}`)).toBe(
    "settlements_keep_their_word",
  );
});

test("a spend settles its visit until it is returned: nobody lowers a price by hand before", async () => {
  const { salon, sql, row } = await spent();
  await using _ = salon;
  const settles = async () => (await sql`select settles_its_visit(${row}) as it`)[0]?.it;
  const found: boolean[] = [await settles()];
  for (const state of ["stands", "stuck"]) {
    await sql`update settlements set state = ${state}, why = 'gone', stood_at = now()`;
    found.push(await settles());
  }
  await salon.back(row);
  await salon.work();
  expect([...found, await settles()]).toEqual([true, true, true, false]);
});

test("each state has what belongs to it, and only what stands goes over to another visit", async () => {
  const { salon, sql, id } = await spent();
  await using _ = salon;
  const change = (to: string) => refusal(sql.unsafe(`update settlements set ${to} where id = ${id}`));
  for (const to of ["row_id = null", "visit_id = 7", "state = 'stands', stood_at = now(), visit_id = 7"])
    expect([to, await change(to)]).toEqual([to, "settlements_keep_their_word"]);
  expect(await change("state = 'stands'")).toBe("what_stands_is_to_stand");
  expect(await change("goal = 'return', state = 'stands', stood_at = now()")).toBe("what_stands_is_to_stand");
  expect(await change("state = 'returned'")).toBe("what_is_returned_was_to_be");
  expect(await change("state = 'stuck'")).toBe("what_is_stuck_says_why");
});

test("a visit has one settlement that is not returned, and a spend one at all", async () => {
  const { salon, sql, recordId, row } = await spent();
  await using _ = salon;
  const again = (of: number, record: number, visit: number, points: number) =>
    refusal(sql`
      insert into settlements (row_id, company_id, record_id, visit_id, card_type, chain_id, bill_falls, amount)
      values (${of}, ${MOSCOW}, ${record}, ${visit}, 1, 1, false, ${points})`);
  const other = salon.book([{ title: "Стрижка", cost: 316_000 }]).recordId;
  expect(await again(row, other, salon.visitOf(other), N / 100)).toBe("a_spend_is_settled_once");
  expect(await again(row, other, salon.visitOf(other), N / 100 - 1)).toBe("a_settlement_is_of_a_spend");
  expect(await refusal(salon.spend(recordId, 1_000))).toBe("one_settlement_a_visit");
  await salon.back(row);
  await salon.work();
  expect(await refusal(salon.spend(recordId, 1_000))).toBe("taken");
});

test("one thing is asked at a time: of a settlement, and on a card", async () => {
  const { salon, sql, id } = await spent();
  await using _ = salon;
  const second = salon.book([{ title: "Стрижка", cost: 316_000 }]).recordId;
  const other = await salon.one(await salon.spend(second, N));
  const ask = (of: number, write: string, card: number | null, sum = write === "issue" ? 0 : 5) =>
    refusal(sql`
      insert into settlement_writes (settlement_id, reserved_card, issued_to, write, amount, applied_before)
      values (${of}, ${card}, ${write === "issue" ? 9001 : null}, ${write}, ${sum}, 0)`);
  expect(await ask(id, "put", 9001, 0)).toBe("a_write_moves_a_sum");
  expect(await ask(id, "put", 9001)).toBe("taken");
  expect(await ask(id, "issue", null)).toBe("one_open_write_a_settlement");
  expect(await ask(other.id, "put", 9001)).toBe("one_open_write_a_reserved_card");
  expect(await ask(other.id, "put", null)).toBe("a_card_is_there_to_write_on");
  await sql`update settlement_writes set came = 'done'`;
  expect(await ask(other.id, "put", 9001)).toBe("taken");
});

test("a settlement begins under way, and with a spend that nobody has taken back", async () => {
  const { salon, sql, row } = await spent();
  await using _ = salon;
  await salon.back(row);
  await salon.work();
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const begin = (spend: number, state: string) =>
    refusal(sql`
      insert into settlements (row_id, company_id, record_id, visit_id, card_type, chain_id, bill_falls, amount, state, stood_at)
      values (${spend}, ${MOSCOW}, ${recordId}, ${salon.visitOf(recordId)}, 1, 1, false, ${N / 100}, ${state}, now())`);
  const plain = async (key: string) => {
    let spend = 0;
    const [card, bill] = [salon.annasCard, 316_000];
    await postTill(salon.db, {
      ...{ card, kind: "spend", points: N, bill, actor: "admin:1", key },
      also: async (tx, posted) => {
        spend = posted;
        await putSpend(tx, { row: posted, card, bill, day: "2026-03-10", company: MOSCOW, record: null });
      },
    });
    return spend;
  };
  const undone = await plain("till:1:telegram:1:98");
  await sql`
    insert into bonuslog (client_id, kind, corrects, points, actor, key)
    values (${salon.annasCard}, 'undo', ${undone}, ${N / 100}, 'admin:1', ${`undo:${undone}`})`;
  expect(await begin(undone, "under_way")).toBe("a_settlement_begins_with_its_spend");
  const spend = await plain("till:1:telegram:1:99");
  expect(await begin(spend, "stands")).toBe("a_settlement_begins_with_its_spend");
  expect(await begin(spend, "under_way")).toBe("taken");
});

test("points on a bill are given back under no other key, and not as a new credit either", async () => {
  const { salon, sql, row } = await spent();
  await using _ = salon;
  for (const [kind, key] of [
    ["undo", `undo:0${row}`],
    ["undo", "till:1:telegram:1:77"],
    ["credit", "till:1:telegram:1:78"],
    ["credit", `undo:${row}`],
  ] as const) {
    const back = sql`
      insert into bonuslog (client_id, kind, corrects, points, actor, key)
      values (${salon.annasCard}, ${kind}, ${row}, ${N / 100}, 'admin:1', ${key})`;
    expect(await refusal(back)).toBe("points_on_a_bill_are_not_given_back");
  }
});

test("a settlement is returned with all of its points", async () => {
  const { salon, sql, row } = await spent();
  await using _ = salon;
  const short = sql.begin(async (tx) => {
    await tx`update settlements set goal = 'return', state = 'returned' where row_id = ${row}`;
    await tx`
      insert into bonuslog (client_id, kind, corrects, points, actor, key)
      values (${salon.annasCard}, 'undo', ${row}, ${N / 100 - 1}, 'admin:1', ${`undo:${row}`})`;
  });
  expect(await refusal(short)).toBe("what_is_returned_is_on_the_card");
});

test("what a settlement is of stays: its sum, its visit, its chain, and the card once something was put there", async () => {
  const { salon, sql, row, id } = await spent();
  await using _ = salon;
  const change = (set: string) => refusal(sql.unsafe(`update settlements set ${set} where id = ${id}`));
  await salon.rest(row);
  for (const set of ["amount = 400", "chain_id = 5", "bill_falls = not bill_falls", "yclients_client_id = 7"])
    expect([set, await change(set)]).toEqual([set, "settlements_keep_their_word"]);
  expect(await change("reserved_card = 7")).toBe("settlements_keep_their_word");
  const writes = (set: string) => refusal(sql.unsafe(`update settlement_writes set ${set}`));
  expect(await writes("amount = 400")).toBe("what_was_asked_stays");
  expect(await writes("came = 'undone'")).toBe("what_was_asked_stays");
  expect(await refusal(sql`delete from settlement_writes`)).toBe("what_was_asked_stays");
});

test("a card is issued to one client once at a time", async () => {
  const { salon, sql, id } = await spent();
  await using _ = salon;
  const other = salon.book([{ title: "Стрижка", cost: 316_000 }]).recordId;
  const second = await salon.one(await salon.spend(other, N));
  const issue = (of: number, to: number | null) =>
    refusal(sql`
      insert into settlement_writes (settlement_id, issued_to, write, amount, applied_before)
      values (${of}, ${to}, 'issue', 0, 0)`);
  expect(await issue(id, null)).toBe("a_card_is_issued_to_somebody");
  expect(await issue(id, 9001)).toBe("taken");
  expect(await issue(second.id, 9001)).toBe("one_card_is_issued_at_a_time");
});
