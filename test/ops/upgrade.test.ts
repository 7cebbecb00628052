/** Upgrades with data: what an earlier release stored is kept, proves sound, and life goes on from it. */
import { expect, test } from "bun:test";
import { migrateUpTo, migrations, oldLife } from "../helpers/old-database.ts";
import { until, world } from "../helpers/program.ts";
import { soft } from "../helpers/soft.ts";

/** The state before the newest migration: there is always one to apply. */
const before = migrations.at(-2)?.slice(0, 4) ?? "";

/** 0.1.0 ended with 0016, 0.2.0 with 0034. */
test.each([...new Set(["0005", "0009", "0016", "0034", before])])(
  "a database of release %s with data: upgraded, sound, and the sync goes on",
  async (state) => {
    await using w = await world({ empty: true });
    await migrateUpTo(w.sql, state);
    const { big } = await oldLife(w, state);
    const anna = w.telegram.person({ id: 501, firstName: "Анна", phone: "+79001234567" });
    anna.chat.started = true;
    const columns =
      "id, client_id, kind, record_id, corrects, points, paid, reason, actor, key, awarded_at, hash";
    const ledger = () => w.sql.unsafe(`select ${columns} from bonuslog order by id`);
    const old = [...(await ledger())];
    expect(old).toHaveLength(6);

    const { code, out } = await w.run(["migrate"]);
    const pending = migrations.filter((name) => name.slice(0, 4) > state).map((name) => `applied ${name}\n`);
    expect([code, out]).toEqual([0, pending.join("") || "nothing to apply: the database is up to date\n"]);
    expect([...(await ledger())]).toEqual(old);
    expect(await w.run(["verify"])).toMatchObject({ code: 0 });

    const service = await w.serve(w.publicUrl);
    expect((await anna.waitForMessage("+10 ")).text).toMatch(/На карте.115:/);
    const fresh = w.pay(2_000);
    w.journal.noShow(big);
    await until(async () => (await ledger()).length >= 8);
    const added = (await ledger())
      .slice(6)
      .map(({ kind, record_id, corrects, points }) => [kind, record_id, corrects, points]);
    expect(added.sort()).toEqual([
      ["award", String(fresh), null, "20.00"],
      ["correction", null, "1", "-35.00"],
    ]);
    expect([...(await ledger())].slice(0, 6)).toEqual(old);
    await anna.say("/balance");
    expect(soft((await anna.waitForMessage("На карте")).text)).toContain("100 баллов"); // 115 + 20 − 35
    await anna.say("/card");
    await until(() => w.telegram.messages(501).some((one) => one.photo !== undefined));
    expect((await service.stop()).code).toBe(0);
    expect(await w.run(["verify"])).toMatchObject({ code: 0 });
  },
);
