/** The nightly round: a day is over when it is over in every branch, and whoever is to be warned is. */
import { expect, test } from "bun:test";
import type { Parts } from "../../src/app/parts.ts";
import { endAllPoints } from "../../src/app/rounds.ts";
import { keepLives } from "../../src/ledger/ends.ts";
import { linkTo } from "../helpers/accounts.ts";
import { openLedger } from "../helpers/ledger.ts";

test("points go once their last day is over in the westernmost branch, and what ends next is warned of", async () => {
  await using ledger = await openLedger();
  const { sql } = ledger.database;
  await sql`update companies set time_zone = 'Asia/Kamchatka'`;
  await sql`insert into companies (company_id, time_zone) values (2, 'Europe/Kaliningrad')`;
  await sql`insert into clients (phone) values ('+79000000001')`;
  await linkTo(sql, 501, "+79000000001");
  await keepLives(
    ledger.db,
    { pointsLive: { months: 1 }, welcomeLive: null, birthdayLive: null },
    new Date("2025-01-01T00:00Z"),
  );
  for (const [place, day] of ["2025-01-10", "2025-02-10"].entries())
    await sql`
      insert into bonuslog (client_id, kind, points, actor, key, awarded_at)
      values (1, 'credit', 10, 'admin:1', ${`till:${place}`}, ${`${day}T12:00Z`})`;
  const lines: object[] = [];
  const at = (now: string) =>
    endAllPoints({
      ...{ db: ledger.db, config: { companyIds: [1, 2] }, log: { info: (line: object) => lines.push(line) } },
      sync: { now: () => new Date(now), signal: new AbortController().signal },
    } as unknown as Parts);
  await at("2025-02-28T21:59:00Z"); // 1 March in Kamchatka, 23:59 of the last day in Kaliningrad
  expect(lines).toEqual([]);
  await at("2025-02-28T22:01:00Z");
  expect(lines).toEqual([{ job: "end_points", lots: 1, points: 1000 }]);
  await at("2025-03-01T22:01:00Z");
  expect(lines).toHaveLength(1);
  const notices =
    await sql`select client_id::int as card, company_id::int as branch from notices where about = 'ends'`;
  expect([...notices]).toEqual([{ card: 1, branch: 1 }]);
});
