// A backup by PostgreSQL's own tools, restored into an empty cluster: the ledger is proved, and the program goes on.
import { expect, test } from "bun:test";
import postgres from "postgres";
import { startPostgres } from "../../src/standins/postgres/postgres.ts";
import { expectTable } from "../helpers/db.ts";
import { whyNoDump } from "../helpers/installed.ts";
import { adminUrl } from "../helpers/preload.ts";
import { world } from "../helpers/program.ts";

const missing = await whyNoDump(adminUrl);
if (missing) process.stdout.write(`skipped: backup and restore (${missing})\n`);

/** A tool of PostgreSQL with its input and its output. */
function tool(command: string[], input: Uint8Array = new Uint8Array()): Buffer {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { stdin: input });
  expect([command[0], exitCode, stderr.toString()]).toEqual([command[0], 0, ""]);
  return stdout;
}

test.skipIf(missing !== null)(
  "a backup restored into an empty cluster passes verify, and the sync goes on",
  async () => {
    await using w = await world();
    await w.run(["migrate"]);
    await w.anna();
    const first = w.pay(3500);
    expect(await w.run(["sync"])).toMatchObject({ code: 0 });
    const proof = await w.run(["verify"]);
    expect(proof).toMatchObject({ code: 0, out: expect.stringContaining("seal: 1 rows, 35.00 points owed") });

    const dump = tool(["pg_dump", "--format=custom", `--dbname=${w.database.url}`]);
    w.pay(1000); // after the backup: lost with the old cluster, read again from the journal
    expect(await w.run(["sync"])).toMatchObject({ code: 0, out: expect.stringContaining("1 awards") });
    const before = await w.ledger();
    expect(before).toHaveLength(2);

    const other = await startPostgres({ bin: process.env.PG_BIN });
    const sql = postgres(other.url, { max: 1, onnotice: () => undefined });
    try {
      const restore = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction"];
      tool([...restore, `--dbname=${other.url}`], dump);
      const there = { DATABASE_URL: other.url };
      expect(await w.run(["migrate"], there)).toMatchObject({
        code: 0,
        out: expect.stringContaining("up to date"),
      });
      expect(await w.run(["verify"], there)).toEqual(proof);

      expect(await w.run(["sync"], there)).toMatchObject({
        code: 0,
        out: expect.stringContaining("1 awards"),
      });
      const rows = "select record_id, points from bonuslog order by id";
      await expectTable(
        sql,
        rows,
        before.map(({ record_id, points }) => ({ record_id, points })),
      );
      expect(before[0]?.record_id).toBe(String(first));
      expect(await w.run(["verify"], there)).toMatchObject({ code: 0 });
      expect(await w.run(["notify"], there)).toMatchObject({
        code: 0,
        out: expect.stringContaining("1 told"),
      });
      expect(w.telegram.messages(501)).toHaveLength(1);
      await expect(sql`update bonuslog set points = 1`.execute()).rejects.toThrow(
        "added, never changed or removed",
      );
    } finally {
      await sql.end();
      await other.stop();
    }
  },
  60_000,
);
