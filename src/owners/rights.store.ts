// Who was taken on and let go, the links that take people on, and which owners know of it. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { Role } from "../rules/author.ts";

/** Until the transaction ends nobody else is taken on or let go, on any replica. */
export async function lockStaff(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock(7305, 2)`;
}

/** A link as kept: by the hash of what stands in it, in hexadecimal. `by`: null for the first owner's. */
interface StaffLink {
  hash: string;
  role: Role;
  by: Account | null;
}

/** A link from further ahead was made by a clock that was put back since; another replica's may be some minutes ahead. */
const stands = (sql: Sql, now: Date) =>
  sql`expires_at > ${now} and made_at <= ${now}::timestamptz + interval '10 minutes'`;

/** Keeps a link until a time; those whose time is over go. */
export async function addLink(sql: Sql, link: StaffLink, now: Date, until: Date): Promise<void> {
  await sql`delete from staff_links where not (${stands(sql, now)})`;
  await sql`
    insert into staff_links (hash, role, made_by, made_at, expires_at)
    values (decode(${link.hash}, 'hex'), ${link.role}, ${link.by}, ${now}, ${until})`;
}

/** A link that may still be opened at this time. */
export async function findLink(sql: Sql, hash: string, now: Date): Promise<StaffLink | null> {
  const [row] = await sql<StaffLink[]>`
    select encode(hash, 'hex') as hash, role, made_by as by from staff_links
    where hash = decode(${hash}, 'hex') and ${stands(sql, now)}`;
  return row ?? null;
}

/** How many links of owners wait to be opened. */
export async function countLinks(sql: Sql, now: Date): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from staff_links where made_by is not null and ${stands(sql, now)}`;
  return row?.count ?? 0;
}

/** Takes links back: this one, those of one owner, those of all owners, or the first owner's. */
export async function dropLinks(
  sql: Sql,
  which: { hash: string } | { by: Account } | "owners" | "first",
): Promise<void> {
  if (which === "first") await sql`delete from staff_links where made_by is null`;
  else if (which === "owners") await sql`delete from staff_links where made_by is not null`;
  else if ("by" in which) await sql`delete from staff_links where made_by = ${which.by}`;
  else await sql`delete from staff_links where hash = decode(${which.hash}, 'hex')`;
}

/** Whom the opening of a link made what they are; `first`: it was the first owner's. */
export async function changeByLink(
  sql: Sql,
  hash: string,
): Promise<{ account: Account; first: boolean } | null> {
  const [row] = await sql<{ account: Account; first: boolean }[]>`
    select account, made_by is null as first from staff_changes where link = decode(${hash}, 'hex')`;
  return row ?? null;
}

/** What is added when somebody is taken on (`role`) or let go (null). */
interface NewChange {
  account: Account;
  role: Role | null;
  by: Account | null;
  link?: string;
  at: Date;
}

/** Adds a change. Whoever made it with their own hand knows of it; who gave a link does not. */
export async function addStaffChange(tx: Tx, change: NewChange): Promise<void> {
  const { account, role, by, link = null, at } = change;
  await tx`
    with added as (
      insert into staff_changes (account, role, made_by, link, made_at)
      values (${account}, ${role}, ${by}, decode(${link}::text, 'hex'), ${at}) returning id, made_by, link)
    insert into staff_told (change, owner) select id, made_by from added where made_by is not null and link is null`;
}

/** A change as it is told: `was` is what the account was before it. */
export interface StaffChange {
  id: number;
  account: Account;
  role: Role | null;
  was: Role | null;
  by: Account | null;
  byLink: boolean;
  at: Date;
}

const told = `id, account, role, lag(role) over (partition by account order by id) as was, made_by as by,
  link is not null as "byLink", made_at as at`;

/**
 * What these owners are still to be told of what was done since a time, in its order. What was done before somebody was made
 * an owner is no news to them, nor that they were.
 */
export async function untoldChanges(
  sql: Sql,
  owners: readonly Account[],
  since: Date,
): Promise<(StaffChange & { owner: Account })[]> {
  return sql<(StaffChange & { owner: Account })[]>`
    select c.*, owner from (select ${sql.unsafe(told)} from staff_changes) c, unnest(${[...owners]}::text[]) owner
    where c.at > ${since}
      and c.id > coalesce((select max(id) from staff_changes o where o.account = owner), 0)
      and not exists (select from staff_told t where t.change = c.id and t.owner = owner.owner)
    order by c.id`;
}

/** The changes behind one up to another, in their order, none from before a day. */
export async function staffChangesIn(
  sql: Sql,
  { after, last, from, timeZone }: { after: number; last: number; from: string; timeZone: string },
): Promise<StaffChange[]> {
  return sql<StaffChange[]>`
    select * from (select ${sql.unsafe(told)} from staff_changes) c
    where id > ${after} and id <= ${last} and (at at time zone ${timeZone}::text)::date >= ${from}
    order by id`;
}

/** An owner knows of a change. */
export async function changeTold(sql: Sql, change: number, owner: Account): Promise<void> {
  await sql`insert into staff_told (change, owner) values (${change}, ${owner}) on conflict do nothing`;
}
