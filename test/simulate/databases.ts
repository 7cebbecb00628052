// Databases of simulated worlds: each a copy of one that was migrated under the worlds' clock.

import postgres from "postgres";
import { connect } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { pinnedGoByIt } from "../../src/demo/clock.store.ts";
import { aheadFirst, installClock } from "./clock.ts";
import { keepReadings } from "./readings.ts";

export interface WorldDatabase {
  url: string;
  name: string;
  sql: postgres.Sql;
  drop(): Promise<void>;
}

/** A world's tables have a handful of rows: to plan each statement anew took longer than to run it. */
const planLittle = (database: string) =>
  ["plan_cache_mode = force_generic_plan", "join_collapse_limit = 1", "from_collapse_limit = 1"]
    .map((setting) => `alter database ${database} set ${setting};`)
    .join("\n");

/** Makes databases on the server at `adminUrl`, whose role may create them. `end` drops the template too. */
export async function worldDatabases(adminUrl: string) {
  const admin = postgres(adminUrl, { max: 2, onnotice: () => undefined });
  const prefix = `sim_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const template = `${prefix}_0`;
  let count = 0;
  const urlOf = (name: string) => Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;

  await admin.unsafe(`create database ${template}`);
  const sql = postgres(urlOf(template), { max: 1, onnotice: () => undefined });
  await installClock(sql, template);
  await sql.end();
  await migrate(urlOf(template));
  const migrated = connect(urlOf(template), { max: 1, name: "worlds" });
  await pinnedGoByIt(migrated, "sim");
  await keepReadings(migrated);
  await migrated.end();

  return {
    /** `large`: so much goes into it that its statements are worth a plan of their own each time. */
    async make(large = false): Promise<WorldDatabase> {
      const name = `${prefix}_${++count}`;
      await admin.unsafe(`create database ${name} template ${template}`);
      const own = postgres(urlOf(name), { max: 2, onnotice: () => undefined });
      await aheadFirst(own, name);
      if (!large) await own.unsafe(planLittle(name));
      await own.end();
      const sql = postgres(urlOf(name), { max: 4, onnotice: () => undefined });
      const drop = async () => {
        await sql.end({ timeout: 1 });
        await admin.unsafe(`drop database if exists ${name} with (force)`);
      };
      return { url: urlOf(name), name, sql, drop };
    },
    async end(): Promise<void> {
      await admin.unsafe(`drop database if exists ${template} with (force)`);
      await admin.end();
    },
  };
}
