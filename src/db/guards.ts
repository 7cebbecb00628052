// Whether the tables and what guards them are as the migrations made them: each difference in a sentence.

import { unpacked } from "../packed.ts";
import { byOwnNames, type Db, inTransaction, type Tx } from "./connect.ts";
import { packSchema } from "./migrations.macro.ts" with { type: "macro" };
import { schemaPage } from "./schema.ts";

const made = unpacked(packSchema());

/**
 * What differs from what the migrations made, and what could mislead the program or a proof beside it; nothing when all is
 * well. Tables, views, functions and indexes that are more than ours are the owner's own business, unless PostgreSQL could
 * take them for its own. The database is migrated. Reads the catalog alone.
 */
export function changedGuards(db: Db): Promise<string[]> {
  return inTransaction(db, async (tx) => {
    const [path] = await tx<{ schemas: string[] }[]>`
      select pg_catalog.current_schemas(true)::pg_catalog.text[] as schemas`;
    const schema = await byOwnNames(tx);
    const first = path?.schemas.find((name) => !name.startsWith("pg_temp_"));
    return [
      ...differences(made, await schemaPage(tx, schema)),
      ...(await lookalikes(tx, schema)),
      ...(await shadows(tx, schema, path?.schemas ?? [])),
      ...(await triggersOff(tx)),
      ...(first === "pg_catalog"
        ? []
        : [`search_path puts the schema ${first} before PostgreSQL's own names.`]),
    ];
  });
}

/** One line of the page: of what it is, the kind of thing, what it is called in a sentence, and how it was made. */
interface Fact {
  of: string;
  kind: string;
  what: string;
  line: string;
}

const optional = new Set(["index", "function"]);

/** The differences between two pages, in sentences. Exported for its tests. */
export function differences(expected: string, found: string): string[] {
  const [wanted, there] = [factsOf(expected), factsOf(found)];
  const known = new Set([...wanted.values()].map((fact) => fact.of));
  const lacking = [...known].filter((of) => ![...there.values()].some((fact) => fact.of === of));
  const gone = lacking.map((of) => `${of} is missing`);
  const changed = [...wanted].flatMap(([key, { of, what, line }]) => {
    const now = there.get(key);
    if (lacking.includes(of) || now?.line === line) return [];
    if (now?.line.startsWith(`${line}, `)) return [`${what}${now.line.slice(line.length)}`];
    return [now ? `${what} is now "${now.line}" and was made as "${line}"` : `${what} is missing`];
  });
  const calls = new Set([...wanted.values()].flatMap((fact) => calledOf(fact) ?? []));
  const added = [...there].flatMap(([key, fact]) => {
    const { of, kind, what, line } = fact;
    if (wanted.has(key) || !known.has(of)) return [];
    if (optional.has(kind) && !calls.has(calledOf(fact) ?? "")) return [];
    return [kind === "oddity" ? `${of} has ${line}` : `${what} was added: "${line}"`];
  });
  return [...gone, ...changed, ...added].map((words) => `${words}.`);
}

/** What a function is called: another one of that name may be taken in its place. */
function calledOf({ kind, line }: Fact): string | null {
  return kind === "function" ? line.slice(0, line.indexOf("(")) : null;
}

const kinds: Record<string, string> = {
  constraints: "constraint",
  indexes: "index",
  triggers: "trigger",
  oddities: "oddity",
};

function factsOf(page: string): Map<string, Fact> {
  const facts = new Map<string, Fact>();
  for (const block of page.trimEnd().split("\n\n")) {
    const [heading = "", ...lines] = block.split("\n");
    const of = heading.split(" -- ")[0] ?? "";
    let kind = of === "functions" ? "function" : "column";
    for (const text of lines) {
      const line = text.trim();
      const section = /^ {2}\w+$/.test(text) ? kinds[line] : undefined;
      if (section) kind = section;
      const what =
        of.startsWith("view ") && line.startsWith("as ")
          ? `the query of ${of}`
          : `${kind === "function" ? "" : `${of}: `}${kind} ${nameOf(kind, line)}`;
      if (!section) facts.set(what, { of, kind, what, line });
    }
  }
  return facts;
}

function nameOf(kind: string, line: string): string {
  if (kind === "function") return line.slice(0, line.indexOf(")") + 1);
  const start = line.replace(/^CREATE (UNIQUE INDEX|INDEX|CONSTRAINT TRIGGER|TRIGGER) /, "");
  return /^[^\s:]+/.exec(start)?.[0] ?? line;
}

/**
 * Functions, operators and casts that are called or used like PostgreSQL's own: where they fit a query's types better, they
 * are taken in their place. What extensions brought is theirs.
 */
async function lookalikes(tx: Tx, schema: string): Promise<string[]> {
  const found = await tx<{ says: string }[]>`
    with ours as (select oid from pg_namespace where nspname = ${schema}),
    brought as (select classid, objid from pg_depend where deptype = 'e')
    select format('function %s stands beside PostgreSQL''s own', p.oid::regprocedure) as says
    from pg_proc p where pronamespace in (select oid from ours)
      and exists (select from pg_proc o where o.pronamespace = 'pg_catalog'::regnamespace and o.proname = p.proname)
      and ('pg_proc'::regclass, p.oid) not in (select * from brought)
    union all
    select format('operator %s stands beside PostgreSQL''s own', p.oid::regoperator)
    from pg_operator p where oprnamespace in (select oid from ours)
      and exists (select from pg_operator o where o.oprnamespace = 'pg_catalog'::regnamespace and o.oprname = p.oprname)
      and ('pg_operator'::regclass, p.oid) not in (select * from brought)
    union all
    select format('a cast from %s to %s was added', format_type(castsource, null), format_type(casttarget, null))
    from pg_cast c join pg_type s on s.oid = castsource join pg_type t on t.oid = casttarget
    where c.oid >= 16384 and s.typnamespace = 'pg_catalog'::regnamespace and t.typnamespace = 'pg_catalog'::regnamespace
      and ('pg_cast'::regclass, c.oid) not in (select * from brought)`;
  return found.map(({ says }) => `${says}.`);
}

/** What the session's path finds in another schema under the name of a table, view or function of ours. */
async function shadows(tx: Tx, schema: string, path: string[]): Promise<string[]> {
  const before = path.slice(0, path.indexOf(schema)).filter((name) => !/^pg_(catalog$|temp_)/.test(name));
  const found = await tx<{ says: string }[]>`
    select format('search_path finds %I of the schema %I before ours', c.relname, n.nspname) as says
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where nspname = any(${before}) and exists (
      select from pg_class o where o.relname = c.relname and o.relkind in ('r', 'v', 'S') and o.relnamespace = (select oid from pg_namespace where nspname = ${schema}))
    union all
    select format('search_path finds the function %s of the schema %I before ours', p.proname, n.nspname)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where nspname = any(${before}) and exists (
      select from pg_proc o where o.proname = p.proname and o.pronamespace = (select oid from pg_namespace where nspname = ${schema}))`;
  return found.map(({ says }) => `${says}.`);
}

/** Under session_replication_role = replica no trigger and no foreign key holds. */
async function triggersOff(tx: Tx): Promise<string[]> {
  const found = await tx<{ where: string }[]>`
    select 'here' as where where current_setting('session_replication_role') = 'replica'
    union all
    select 'set for ' || concat_ws(' in ', 'role ' || rolname, 'database ' || datname)
    from pg_db_role_setting left join pg_roles r on r.oid = setrole left join pg_database d on d.oid = setdatabase
    where (setdatabase = 0 or datname = current_database())
      and exists (select from unnest(setconfig) one where one ~* '^session_replication_role=replica')`;
  return found.map(({ where }) => `session_replication_role is replica, ${where}: no trigger holds.`);
}
