// The blocks of docs/operate.md: a backup restored into an empty cluster proves and goes on; an upgrade is taken back.
import { expect, test } from "bun:test";
import postgres from "postgres";
import { composeServer } from "../helpers/compose-server.ts";
import { expectTable } from "../helpers/db.ts";
import { whyNoDump } from "../helpers/installed.ts";
import { filledIn, paperBlock } from "../helpers/papers.ts";
import { adminUrl } from "../helpers/preload.ts";
import { world } from "../helpers/program.ts";

const missing = await whyNoDump(adminUrl);
if (missing) process.stdout.write(`skipped: backup and restore (${missing})\n`);

const operate = "docs/operate.md";

/** The line of cron without its hour and user, as cron hands it to the shell. */
const nightly = filledIn(paperBlock(operate, "cron", "pg_dump").replace(/^(?:\S+ ){5}root /, ""), {
  "\\%": "%",
  "/opt/loyalty-bot": ".",
  "/var/backups/loyalty": "backups",
});

test.skipIf(missing !== null)(
  "a backup restored into an empty cluster passes verify, and the sync goes on; an upgrade is rolled back to its backup",
  async () => {
    await using w = await world();
    await w.anna();
    const first = w.pay(3500);
    expect(await w.run(["sync"])).toMatchObject({ code: 0 });
    const { out: proof } = await w.run(["verify"]);
    expect(proof).toContain("seal: 1 rows, 35.00 points owed");
    const { exitCode, stdout } = Bun.spawnSync(["pg_dump", "--format=custom", `--dbname=${w.database.url}`]);
    expect(exitCode).toBe(0);

    w.pay(1000); // after the backup: lost with the old cluster, read again from the journal
    expect(await w.run(["sync"])).toMatchObject({ code: 0, out: expect.stringContaining("1 awards") });
    const before = await w.ledger();
    expect(before).toHaveLength(2);

    await using server = await composeServer(w.env);
    server.write("1.dump", stdout);
    expect(await server.block(operate, "< 1.dump")).toBe(proof);
    expect(server.read("noted")).toBe(
      "docker compose build\ndocker compose up -d --wait db\ndocker compose up -d --wait\n",
    );
    const there = { DATABASE_URL: server.url };
    expect(await w.run(["migrate"], there)).toMatchObject({
      code: 0,
      out: expect.stringContaining("up to date"),
    });
    expect(await w.run(["sync"], there)).toMatchObject({ code: 0, out: expect.stringContaining("1 awards") });
    const sql = postgres(server.url, { max: 1, onnotice: () => undefined });
    try {
      const rows = "select record_id, points from bonuslog order by id";
      const kept = before.map(({ record_id, points }) => ({ record_id, points }));
      await expectTable(sql, rows, kept);
      expect(before[0]?.record_id).toBe(String(first));
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
    }

    const proved = await server.block(operate, "loyalty-bot:previous\ngit pull");
    expect(proved).toContain("seal: 2 rows, 45.00 points owed");
    await server.execute(nightly);
    expect(await server.execute("pg_restore --list backups/$(date +%u).dump")).toContain(
      "TABLE DATA public bonuslog",
    );
    w.pay(2000);
    expect(await w.run(["sync"], there)).toMatchObject({ code: 0, out: expect.stringContaining("1 awards") });
    expect(
      await server.block(operate, "since-upgrade.csv", { DATE: w.startsAt.toISOString().slice(0, 10) }),
    ).toBe(proved);
    expect(server.read("backups/since-upgrade.csv").trimEnd().split("\n")).toHaveLength(1 + 3);
    expect(await w.run(["sync"], there)).toMatchObject({ code: 0, out: expect.stringContaining("1 awards") });
  },
);
