// A spend that does not pay its visit yet is no sum of what is told to whoever comes back: it may never have been.
import { expect } from "bun:test";
import { welcomeBack } from "../../src/cards/absence.ts";
import { linkTo } from "../helpers/accounts.ts";
import { settlingSalon } from "../helpers/settling-salon.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(settlingSalon);
const ANNA = "telegram:501";

test("whoever comes back before a spend stands is told of it once it does, and not of its sum before", async (salon) => {
  const { db, sql } = salon;
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  await linkTo(db, 501);
  await sql`update accounts set blocked_at = now()`;
  const row = await salon.spend(recordId, 50_000);
  const untold = async () =>
    (await sql`select id::int as id from bonuslog where not is_telegram_notified`).map(({ id }) => id);
  const back = await welcomeBack(db, ANNA);
  expect(back).toMatchObject({ spent: 0, waiting: -50_000 });
  expect(await untold()).toEqual([row]);
  await salon.work();
  expect((await salon.one(row)).state).toBe("stands");
  expect(await sql`select from notices where about = 'till'`).toHaveLength(1);
  await sql`update accounts set blocked_at = now()`;
  expect(await welcomeBack(db, ANNA)).toMatchObject({ spent: 50_000, waiting: 0, rows: 1 });
  expect(await untold()).toEqual([]);
});
