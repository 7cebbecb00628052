/** A database with an owner who is no superuser, and the program's own lesser role. */
import postgres from "postgres";
import { emptyDatabase } from "./db.ts";

export type TwoRoles = Awaited<ReturnType<typeof twoRoles>>;

/** Nothing is migrated yet. `await using` drops the database and both roles. */
export async function twoRoles(database?: { url: string; sql: postgres.Sql; drop(): Promise<void> }) {
  const made = database ?? (await emptyDatabase());
  const { sql } = made;
  const name = `of_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  // A name that has to be quoted, as a host may give one.
  const [owner, program] = [`owner_${name}`, `program-${name}`];
  for (const role of [owner, program]) await sql.unsafe(`create role "${role}" login password 'words'`);
  await sql.unsafe(`grant "${owner}" to current_user`);
  await sql.unsafe(`alter database "${new URL(made.url).pathname.slice(1)}" owner to "${owner}"`);
  await sql.unsafe(`alter schema public owner to "${owner}"`);
  const urlOf = (role: string) =>
    Object.assign(new URL(made.url), { username: role, password: "words" }).href;
  const [ownerUrl, programUrl] = [urlOf(owner), urlOf(program)];
  return {
    ...{ database: made, sql, owner, program, ownerUrl, programUrl },
    env: { DATABASE_URL: programUrl, MIGRATE_DATABASE_URL: ownerUrl },
    async [Symbol.asyncDispose]() {
      const admin = postgres(Object.assign(new URL(made.url), { pathname: "/postgres" }).href, { max: 1 });
      try {
        await made.drop();
        for (const role of [owner, program]) await admin.unsafe(`drop role "${role}"`);
      } finally {
        await admin.end();
      }
    },
  };
}
