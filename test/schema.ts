/** The schema on one page, from the catalog: `bun test/schema.ts --write` puts it into sql/schema.txt. */
import { join } from "node:path";
import type postgres from "postgres";

/** Where the page is kept. */
export const schemaFile = join(import.meta.dir, "../sql/schema.txt");

interface Line {
  owner: string;
  line: string;
}

/**
 * The page of a database: columns in their order, the rest by name. The same on PostgreSQL 14 to 18: constraints that
 * 18 lists and older ones do not (not null) are left out, a column says that itself.
 */
export async function schemaPage(sql: postgres.Sql): Promise<string> {
  const columns = await sql<Line[]>`
    select c.relname as owner, concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then 'not null' end,
      case when a.attidentity = 'a' then 'generated always as identity' end,
      'default ' || pg_get_expr(d.adbin, d.adrelid)) as line
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname collate "C", a.attnum`;
  const constraints = await sql<Line[]>`
    select c.relname as owner, concat(k.conname, ': ', regexp_replace(pg_get_constraintdef(k.oid), '\\s*\\n\\s*', ' ', 'g')) as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f', 'c')
    order by array_position('{p,u,f,c}', k.contype::text), k.conname collate "C"`;
  const indexes = await sql<Line[]>`
    select c.relname as owner, replace(pg_get_indexdef(i.indexrelid), ' ON public.', ' on ') as line
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
    order by x.relname collate "C"`;
  const triggers = await sql<Line[]>`
    select c.relname as owner, replace(pg_get_triggerdef(t.oid), ' ON public.', ' on ') as line
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'public'::regnamespace and not t.tgisinternal order by t.tgname collate "C"`;
  const about = await sql<Line[]>`
    select c.relname as owner, obj_description(c.oid, 'pg_class') as line
    from pg_class c where c.relnamespace = 'public'::regnamespace and obj_description(c.oid, 'pg_class') is not null`;
  // The text of a view and the body of a function are told apart by what they return: their layout is the server's own.
  const views = await sql<Line[]>`
    select c.relname as owner, concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod)) as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'v' order by c.relname collate "C", a.attnum`;
  const functions = await sql<Line[]>`
    select p.proname as owner, format('%s(%s) returns %s%s, sha256 of its body %s', p.proname,
      pg_get_function_identity_arguments(p.oid), format_type(p.prorettype, null),
      ', set ' || array_to_string(p.proconfig, ', '), left(encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex'), 16)) as line
    from pg_proc p where p.pronamespace = 'public'::regnamespace order by p.proname collate "C"`;

  const of = (lines: Line[], owner: string) => lines.filter((one) => one.owner === owner);
  const names = (lines: Line[]) => [...new Set(lines.map((one) => one.owner))];
  const list = (title: string, lines: Line[]) =>
    lines.length === 0 ? [] : [`  ${title}`, ...lines.map(({ line }) => `    ${line}`)];
  const heading = (kind: string, name: string) =>
    [`${kind} ${name}`, ...of(about, name).map(({ line }) => ` -- ${line}`)].join("");
  const blocks = [
    ...names(columns).map((name) => [
      heading("table", name),
      ...of(columns, name).map(({ line }) => `  ${line}`),
      ...list("constraints", of(constraints, name)),
      ...list("indexes", of(indexes, name)),
      ...list("triggers", of(triggers, name)),
    ]),
    ...names(views).map((name) => [heading("view", name), ...of(views, name).map(({ line }) => `  ${line}`)]),
    ["functions", ...functions.map(({ line }) => `  ${line}`)],
  ];
  return `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
}

if (import.meta.main) {
  if (process.argv[2] !== "--write") {
    process.stderr.write("Say what to do: bun test/schema.ts --write\n");
    process.exit(1);
  }
  // Loaded late: only this program starts a server of its own.
  const [{ startPostgres }, { migrate }, { default: connect }] = await Promise.all([
    import("../src/demo/postgres.ts"),
    import("../src/db/migrate.ts"),
    import("postgres"),
  ]);
  const server = await startPostgres({ bin: process.env.PG_BIN });
  try {
    await migrate(server.url);
    const sql = connect(server.url, { max: 1, onnotice: () => undefined });
    await Bun.write(schemaFile, await schemaPage(sql));
    await sql.end();
    process.stdout.write(`wrote ${schemaFile}\n`);
  } finally {
    await server.stop();
  }
}
