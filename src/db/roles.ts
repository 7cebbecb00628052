// What the program's role may do with the tables where another role owns them: as much as the program does, and no more.

import type { Db, Sql, Tx } from "./connect.ts";

/** Every table and view; a test holds that none is left out. Columns may be set as below. */
export const granted: [privileges: string[], tables: string[]][] = [
  // Lots are the ledger's own trigger's, which runs as their owner.
  [
    ["select"],
    ["balances", "debts", "lives", "lot_ends", "lots", "migrations", "passed_cards", "takings", "unlotted"],
  ],
  [
    ["select", "insert"],
    [
      "bonuslog",
      "digests",
      "end_warnings",
      "imported_awards",
      "imported_lists",
      "level_changes",
      "level_terms",
      "life_readers",
      "settlement_trials",
      "spends",
      "staff_changes",
      "staff_told",
      "terms",
      "trees",
    ],
  ],
  [
    ["select", "insert", "delete"],
    ["carry_codes", "consents", "gift_marks", "handled_updates", "staff_links", "tree_nodes"],
  ],
  [
    ["select", "insert", "update"],
    [
      ...["clients", "clock", "companies", "digest_readers", "friends", "jobs", "listening", "refund_offers"],
      ...["request_budget", "settlements", "update_marks", "visits", "yclients_clients"],
    ],
  ],
  [
    ["select", "insert", "update", "delete"],
    [
      ...[
        "accounts",
        "alarms",
        "begun_messages",
        "birthdays",
        "dialogs",
        "earlier_accounts",
        "earlier_places",
        "forgotten_phones",
        "friend_links",
        "journal_birthdays",
      ],
      ...["look_again", "message_numbers", "notices", "screens", "settlement_writes", "staff"],
    ],
  ],
];
/** What may be changed in tables whose rows else only come. */
const settable: [table: string, columns: string[]][] = [
  ["bonuslog", ["is_telegram_notified"]],
  ["imported_awards", ["client_id"]],
  ["level_changes", ["due_at", "attempts"]],
  ["level_terms", ["told_at", "raised_at", "looked_for", "looked_row", "looked_change"]],
  ["settlement_trials", ["doubted_at", "doubt"]],
  ["spends", ["company_id", "record_id"]],
];
/** What it may call of what runs as the tables' owner; its other functions everybody may. */
const callable = ["make_some_lots(integer)", "say_life(text, integer, integer, timestamptz)"];
const nameOf = (call: string) => call.replace(/\(.*/, "");
/** New cards draw their numbers from it before they are written. */
const sequence = "clients_id_seq";

export interface RoleFacts {
  /** Such as `insert on bonuslog`. */
  missing: string[];
  /** What it may do and need not, such as `delete on clients` or `create in public`. Nothing is said of an owner. */
  spare: string[];
  /** It owns the ledger, or is a superuser: it could switch the ledger's guards off. */
  owner: boolean;
}

/** What a role has of what the program needs. The database is migrated. */
export async function roleFacts(sql: Sql, role: string): Promise<RoleFacts> {
  const wanted = granted.flatMap(([privileges, tables]) =>
    tables.flatMap((table) => privileges.map((privilege) => `${privilege} on ${table}`)),
  );
  wanted.push(`usage on ${sequence}`, ...callable.map((call) => `execute on ${nameOf(call)}`));
  const found = await sql<{ has: string }[]>`
    select p || ' on ' || relname as has
    from pg_class, unnest('{select,insert,update,delete,truncate,references,trigger}'::text[]) p
    where relnamespace = (select relnamespace from pg_class where oid = 'bonuslog'::regclass)
      and relname = any(${granted.flatMap(([, tables]) => tables)}::text[]) and has_table_privilege(${role}, oid, p)
    union all
    select p || ' on ' || relname from pg_class, unnest('{usage,update}'::text[]) p
    where oid = pg_get_serial_sequence('clients', 'id')::regclass and has_sequence_privilege(${role}, oid, p)
    union all
    select 'execute on ' || proname from pg_proc
    where pronamespace = (select relnamespace from pg_class where oid = 'bonuslog'::regclass) and prosecdef
      and has_function_privilege(${role}, oid, 'execute')
    union all
    select 'create in ' || nspname from pg_namespace
    where nspname = current_schema and has_schema_privilege(${role}, oid, 'create')`;
  const [own] = await sql<{ owner: boolean }[]>`
    select pg_has_role(${role}, relowner, 'usage') as owner from pg_class where oid = 'bonuslog'::regclass`;
  const columns = settable.flatMap(([table, names]) => names.map((name) => ({ table, name })));
  const closed = await sql<{ table: string }[]>`
    select distinct "table" from unnest(${columns.map((one) => one.table)}::text[], ${columns.map((one) => one.name)}::text[])
      c ("table", name)
    where not has_column_privilege(${role}, "table"::regclass, name, 'update')`;
  const has = found.map((one) => one.has);
  const missing = wanted.filter((one) => !has.includes(one));
  missing.push(...closed.map((one) => `update on ${one.table}`));
  const owner = own?.owner ?? false;
  const spare = owner ? [] : has.filter((one) => !wanted.includes(one));
  return { missing: missing.sort(), spare: spare.sort(), owner };
}

/** The role that a connection's statements run as: not always the one in the address, where a pooler is in between. */
export async function roleOf(db: Db): Promise<string> {
  const [row] = await db<{ role: string }[]>`select current_user::text as role`;
  return row?.role ?? "";
}

/**
 * Gives the program's role what it needs and takes the rest from it; nothing where that is so already, or where it is the
 * owner. The transaction is the owner's, and has migrated the database.
 */
export async function grantTo(tx: Tx, role: string): Promise<void> {
  const { missing, spare, owner } = await roleFacts(tx, role);
  if (owner || missing.length + spare.length === 0) return;
  const [row] = await tx<{ schema: string; to: string }[]>`
    select quote_ident(current_schema) as schema, quote_ident(${role}) as to`;
  const { schema, to } = row ?? { schema: "public", to: role };
  const on = (table: string) => `${schema}.${table}`;
  const statements = [
    // Before PostgreSQL 15 everybody may make objects in the schema public. Who may not change that is only warned.
    `revoke create on schema ${schema} from public, ${to}`,
    `grant usage on schema ${schema} to ${to}`,
    ...granted.flatMap(([privileges, tables]) => [
      `revoke all on ${tables.map(on)} from ${to}`,
      `grant ${privileges} on ${tables.map(on)} to ${to}`,
    ]),
    `revoke all on sequence ${on(sequence)} from ${to}`,
    `grant usage on sequence ${on(sequence)} to ${to}`,
    ...callable.map((call) => `grant execute on function ${on(call)} to ${to}`),
    ...settable.map(([table, names]) => `grant update (${names}) on ${on(table)} to ${to}`),
  ];
  for (const statement of statements) await tx.unsafe(statement);
}
