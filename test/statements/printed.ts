/** The accountant's commands against a salon's database, and the ledger's own sum to hold them against. */
import { expect } from "bun:test";
import { pino } from "pino";
import { readArgs } from "../../src/cli/args.ts";
import { owed, statement } from "../../src/cli/statements.ts";
import type { SalonBot } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";

/** What a command prints against the salon's database. */
export async function printed(salon: SalonBot, ...args: string[]): Promise<string> {
  const text: string[] = [];
  const { name, flags } = readArgs(args);
  const run = name === "owed" ? owed : statement;
  const code = await run(
    {
      env: { DATABASE_URL: salon.url, COMPANY_ID: "4242" },
      log: pino({ level: "silent" }),
      out: (more) => void text.push(more),
      ...{ bytes: null, terminal: null, questions: null },
    },
    flags,
  );
  expect(code).toBe(0);
  return soft(text.join(""));
}

/** The sum in the ledger before a day of Moscow's, as an accountant would ask for it. */
export async function ledgerSum({ sql }: SalonBot, before: string): Promise<string> {
  const [row] = await sql<[{ sum: string }]>`
    select coalesce(sum(points), 0)::numeric(14,2)::text as sum from bonuslog
    where awarded_at < ${before}::timestamp at time zone 'Europe/Moscow'`;
  return String(row.sum);
}
