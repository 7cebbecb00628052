// What is known of birthdays: what people say, and what the salon's journal does. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId, CompanyId, YclientsClientId } from "../rules/ids.ts";
import type { SaidDay } from "./birthday.rule.ts";

/** The day as `MM-DD`. */
const monthAndDay = "to_char(day, 'MM-DD')";

/**
 * What an account has said of its birthday, or else another account of its card that is known to be the same person's; null where
 * none has.
 */
export async function saidDay(sql: Sql, account: Account): Promise<SaidDay | null> {
  const [row] = await sql<SaidDay[]>`
    select account, ${sql.unsafe(monthAndDay)} as day, changed_at as "changedAt"
    from birthdays where said_at is not null and (account = ${account} or account in (
      select o.account from accounts a join accounts o on o.client_id = a.client_id
      where a.account = ${account} and o.history_from is not distinct from a.history_from))
    order by account <> ${account}, account limit 1 for update`;
  return row ?? null;
}

/** Keeps a day (`MM-DD`) that a person has said; `change` when it is in place of another. */
export async function keepDay(
  sql: Sql,
  account: Account,
  day: string,
  change: boolean,
  now: Date,
): Promise<void> {
  await sql`
    insert into birthdays (account, day, said_at, since) values (${account}, ${`2000-${day}`}::date, ${now}, ${now})
    on conflict (account) do update set day = excluded.day, since = excluded.since,
      said_at = coalesce(birthdays.said_at, excluded.said_at),
      changed_at = case when ${change} then ${now}::timestamptz else birthdays.changed_at end`;
}

/** The day goes; that one was said stays, or the next one would be no change. */
export async function dropDay(sql: Sql, account: Account): Promise<void> {
  await sql`update birthdays set day = null, since = null where account = ${account}`;
}

/** The bot has asked; false when it had before, or the person has said it. */
export async function noteAsked(sql: Sql, account: Account, now: Date): Promise<boolean> {
  const rows = await sql`
    insert into birthdays (account, asked_at) values (${account}, ${now})
    on conflict (account) do update set asked_at = excluded.asked_at
    where birthdays.asked_at is null and birthdays.said_at is null returning account`;
  return rows.length > 0;
}

/** A YCLIENTS client, named `y`, on a card, named `c`, whose journal may be believed: nobody else had the number before. */
const ofLinkedCards =
  "c.linked and c.history_from is null and y.forgotten_at is null and y.returned_at is null";

/**
 * What the journal says of the birthday of whoever has this account, the day known longest first; null where it says none.
 * `read`: all their clients in the journal were looked at.
 */
export async function journalDay(sql: Sql, account: Account): Promise<{ day: string | null; read: boolean }> {
  const [row] = await sql<[{ day: string | null; read: boolean }]>`
    select (array_agg(to_char(j.day, 'MM-DD') order by j.since, y.yclients_client_id) filter (where j.day is not null))[1] as day,
      coalesce(bool_and(j.read_at is not null), true) as read
    from accounts a join clients c on c.id = a.client_id join yclients_clients y on y.client_id = c.id
    left join journal_birthdays j on j.yclients_client_id = y.yclients_client_id
    where a.account = ${account} and a.history_from is null and ${sql.unsafe(ofLinkedCards)}`;
  return row;
}

/** A client of the journal to be asked about, and the branch where they were last. */
export interface Unread {
  client: YclientsClientId;
  company: CompanyId;
}

/** Clients on linked cards whose birthday nobody has said, not looked at for a month; the longest first. */
export function unreadClients(
  sql: Sql,
  companyIds: readonly CompanyId[],
  now: Date,
  most: number,
): Promise<Unread[]> {
  return sql<Unread[]>`
    select y.yclients_client_id as client, v.company_id as company
    from yclients_clients y join clients c on c.id = y.client_id
    left join journal_birthdays j on j.yclients_client_id = y.yclients_client_id
    join lateral (
      select company_id from visits v where v.client_id = c.id and v.yclients_client_id = y.yclients_client_id
        and v.company_id = any(${[...companyIds]}::bigint[])
      order by starts_at desc limit 1) v on true
    where ${sql.unsafe(ofLinkedCards)}
      and not coalesce(j.read_at > ${now}::timestamptz - interval '30 days' and j.read_at <= ${now}, false)
      and not exists (
        select from accounts a join birthdays b on b.account = a.account where a.client_id = c.id and b.said_at is not null)
    order by j.read_at nulls first, y.yclients_client_id limit ${most}`;
}

/** What the journal says now; a day that is another is known since now. */
export async function keepJournalDay(
  sql: Sql,
  client: YclientsClientId,
  day: string | null,
  now: Date,
): Promise<void> {
  const date = day === null ? null : `2000-${day}`;
  await sql`
    insert into journal_birthdays (yclients_client_id, day, since, read_at)
    select yclients_client_id, ${date}::date, case when ${date}::date is not null then ${now}::timestamptz end, ${now}
    from yclients_clients where yclients_client_id = ${client} and forgotten_at is null
    on conflict (yclients_client_id) do update set day = excluded.day, read_at = excluded.read_at,
      since = case when journal_birthdays.day = excluded.day then journal_birthdays.since else excluded.since end`;
}

/** What the journal said is not kept of cards that nobody has any more, and of nobody once it is not `wanted`. */
export async function dropJournalDays(sql: Sql, wanted: boolean): Promise<void> {
  await sql`
    delete from journal_birthdays j
    where not (${wanted} and exists (
      -- Few are kept, or none: one by one, or all clients would be read for it.
      select from yclients_clients y join clients c on c.id = y.client_id
      where y.yclients_client_id = j.yclients_client_id and ${sql.unsafe(ofLinkedCards)} offset 0))`;
}

/** A card whose birthday gift is due, and what its person is known by. */
export interface Celebrant {
  card: CardId;
  /** The day on which it is kept this time. */
  on: string;
  phone: string;
  accounts: Account[];
}

/** What a person says goes before the journal; of several the day known longest, whoever said it. Of a card named `k`. */
const chosenDay = `
  with d as (
    select b.day, b.since, 1 as place from accounts a join birthdays b on b.account = a.account
    where a.client_id = k.card and b.said_at is not null
    union all
    select j.day, j.since, 2 from yclients_clients y join clients c on c.id = y.client_id
    join journal_birthdays j on j.yclients_client_id = y.yclients_client_id
    where y.client_id = k.card and j.day is not null and ${ofLinkedCards})
  select day, (select min(since) from d same where same.day = d.day) as since from d
  order by place, day is null, d.since limit 1`;

/** A record, named `v`, that was paid for, whatever it made. */
export const wasPaid = "v.decision in ('awarded', 'too_little', 'imported')";

/**
 * Linked cards after this one, in their order, whose birthday is kept on one of these days, was known so many days before, who
 * paid for a visit in the year before the day or since (whoever had the number before is somebody else), and who have not had the
 * gift of that year.
 */
export function celebrants(
  sql: Sql,
  {
    days,
    knownForDays,
    today,
    timeZone,
    after,
    most,
    among,
  }: {
    days: { day: string; on: string }[];
    knownForDays: number;
    today: string;
    timeZone: string;
    after: CardId;
    most: number;
    /** Of these cards alone; null: of all. */
    among: CardId[] | null;
  },
): Promise<Celebrant[]> {
  return sql<Celebrant[]>`
    with wanted as (
      select ('2000-' || day)::date as day, "on"::date
      from unnest(${days.map((one) => one.day)}::text[], ${days.map((one) => one.on)}::text[]) w (day, "on")),
    kin as (
      select a.client_id as card from birthdays b join accounts a on a.account = b.account where b.day in (select day from wanted)
      union
      select y.client_id from journal_birthdays j join yclients_clients y on y.yclients_client_id = j.yclients_client_id
      where j.day in (select day from wanted))
    select k.card, to_char(w."on", 'YYYY-MM-DD') as "on", c.phone,
      array(select account from accounts a where a.client_id = k.card order by account) as accounts
    from kin k join clients c on c.id = k.card
    cross join lateral (${sql.unsafe(chosenDay)}) known
    join wanted w on w.day = known.day
    where k.card > ${after} and ${among === null ? sql`true` : sql`k.card = any(${among}::bigint[])`} and c.linked
      and (known.since at time zone ${timeZone})::date <= w."on" - ${knownForDays}::int
      -- One by one, and for few: the whole ledger would be read for a join.
      and not exists (select from bonuslog b where b.key = 'birthday:' || k.card || ':' || extract(year from w."on") offset 0)
      and exists (
        select from visits v where v.client_id = any(array(select cards_of(k.card))) and ${sql.unsafe(wasPaid)}
          and v.day between (w."on" - interval '1 year')::date and ${today}::date
          and (c.history_from is null or v.starts_at >= c.history_from))
    order by k.card limit ${most}`;
}
