/** Crash points of the migration: cut at each of its messages, it has done all or nothing, and the next one does the rest. */
import { expect, test } from "bun:test";
import { migrate } from "../../src/db/migrate.ts";
import { emptyDatabase, freshDatabase } from "../helpers/db.ts";
import { seed } from "../helpers/seed.ts";
import { schemaPage } from "../tools/schema.ts";
import { cutShort, type Death } from "./wires.ts";

await using undisturbed = await freshDatabase();
const whole = await schemaPage(undisturbed.sql);
await using untouched = await emptyDatabase();
const nothing = await schemaPage(untouched.sql);

/** One message in so many, others at each seed: they are alike, and each takes a whole migration. */
const every = 8;

test.concurrent.each(["before", "after"] as const)(
  "cut %s any message, migrated once more",
  async (when) => {
    let message = 1 + (seed % every);
    while (await cutAndMigrate({ message, when })) message += every;
    expect(message).toBeGreaterThan(15);
  },
  900_000,
);

/** Migrates a new database over a wire that is cut there, then undisturbed; whether it came to the cut. */
async function cutAndMigrate(death: Death): Promise<boolean> {
  await using database = await emptyDatabase();
  const died = await cutShort(death, database.url, migrate);
  const left = await schemaPage(database.sql);
  expect([nothing, whole], `cut ${death.when} message ${death.message}`).toContain(left);
  await migrate(database.url);
  expect(await schemaPage(database.sql), `cut ${death.when} message ${death.message}`).toBe(whole);
  return died;
}
