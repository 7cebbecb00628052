/** What the database itself refuses of settlements, whatever a program believes. */
import { expect, test } from "bun:test";
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
  const ask = (of: number, write: string, card: number | null) =>
    refusal(sql`
      insert into settlement_writes (settlement_id, reserved_card, write, amount, applied_before)
      values (${of}, ${card}, ${write}, ${write === "issue" ? 0 : 5}, 0)`);
  expect(await ask(id, "put", 9001)).toBe("taken");
  expect(await ask(id, "issue", null)).toBe("one_open_write_a_settlement");
  expect(await ask(other.id, "put", 9001)).toBe("one_open_write_a_reserved_card");
  expect(await ask(other.id, "put", null)).toBe("a_card_is_there_to_write_on");
  await sql`update settlement_writes set came = 'done'`;
  expect(await ask(other.id, "put", 9001)).toBe("taken");
});
