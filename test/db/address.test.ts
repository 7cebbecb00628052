// The link that a provider shows: every parameter of libpq is taken, translated, or refused by its name.
import { expect, test } from "bun:test";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sentence } from "../../src/cli/commands.ts";
import { type Address, readAddress, wayOf } from "../../src/db/address.ts";
import { connect, inTransaction } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { unprivilegedOwner } from "../../src/standins/postgres/binaries.ts";
import { startPostgres } from "../../src/standins/postgres/postgres.ts";
import { selfSigned } from "../helpers/certificate.ts";
import { emptyDatabase } from "../helpers/db.ts";
import { testWith, whereIs } from "../helpers/installed.ts";
import { startPgbouncer } from "../helpers/pgbouncer.ts";
import { until } from "../helpers/program.ts";

/** What is read of an address, or the sentence that refuses it. */
function of(url: string): Partial<Address> & { wrong?: string } {
  return readAddress(url);
}

/** The parameters of libpq (PostgreSQL 18, 34.1.2) with a value each. */
const parameters = (words: string) =>
  words
    .trim()
    .split(/,\s+/)
    .map((word): [name: string, value: string] => {
      const [, name = "", value = ""] = /^(\w+)=(.*)$/.exec(word) ?? [];
      return [name, value];
    });
const taken = parameters(`
  application_name=salon, channel_binding=require, client_encoding=UTF8, connect_timeout=10, dbname=x,
  fallback_application_name=x, gssencmode=disable, host=db, hostaddr=127.0.0.1, keepalives=1,
  keepalives_count=3, keepalives_idle=30, keepalives_interval=10, load_balance_hosts=random,
  max_protocol_version=latest, min_protocol_version=3.0, options=-c statement_timeout=5s, password=x,
  port=5432, replication=false, requiressl=0, ssl_max_protocol_version=TLSv1.3,
  ssl_min_protocol_version=TLSv1.2, sslcertmode=allow, sslcompression=0, sslmode=prefer,
  sslnegotiation=postgres, sslpassword=x, sslsni=1, target_session_attrs=read-write,
  tcp_user_timeout=1000`);
const refused = parameters(`
  gssdelegation=1, gsslib=gssapi, krbsrvname=postgres, oauth_client_id=x, oauth_client_secret=x,
  oauth_issuer=x, oauth_scope=x, passfile=/root/.pgpass, require_auth=scram-sha-256,
  requirepeer=postgres, scram_client_key=x, scram_server_key=x, service=x, servicefile=x, sslcert=/none,
  sslcrl=/none, sslcrldir=/none, sslkey=/none, sslkeylogfile=/none, sslrootcert=/none`);

const wrongOf = (name: string, value: string) => {
  const tls = name.startsWith("ssl") && name !== "sslmode" ? "sslmode=require&" : "";
  return of(`postgres://u:p@db/x?${tls}${name}=${encodeURIComponent(value)}`).wrong;
};

test.each(taken)("%s=%s is taken", (name, value) => expect(wrongOf(name, value)).toBeUndefined());

test.each(refused)("%s=%s is refused by its name with a remedy", (name, value) => {
  const remedy = new RegExp(`^The database's address .*\\b${name}\\b.*: (write|take) .+\\.$`);
  expect(wrongOf(name, value)).toMatch(remedy);
});

test("values that ask for what is not here are refused by the parameter's name", () => {
  const queries = `
    replication=database gssencmode=require client_encoding=LATIN1 target_session_attrs=standby
    target_session_attrs=some sslsni=0 sslmode=always sslmode=require&sslnegotiation=x
    sslmode=require&ssl_min_protocol_version=2 min_protocol_version=3.2 connect_timeout=soon
    DateStyle=SQL schema=salon sslrootcert=system&sslmode=require`;
  for (const query of queries.trim().split(/\s+/)) {
    const name = /(\w+)=[^&=]*$/.exec(query.replace("&sslmode=require", ""))?.[1]?.toLowerCase() ?? "";
    expect(of(`postgres://u:secret-words@db/x?${query}`).wrong).toMatch(
      new RegExp(`\\b${name}\\b.*: (write|take) `),
    );
  }
});

test("hosts, ports and logins, as they are written and as parameters", () => {
  const plain = { ssl: false as const, prepare: true, settings: {} };
  expect(of("postgresql://u@[::1]:5433/x")).toEqual({
    ...{ ...plain, user: "u", database: "x" },
    hosts: [{ host: "::1", port: 5433 }],
  });
  expect(of("postgres://u:p%40%2F%3A@[2001:db8::1],b:6000/x")).toEqual({
    ...{ ...plain, user: "u", password: "p@/:", database: "x" },
    hosts: [
      { host: "2001:db8::1", port: 5432 },
      { host: "b", port: 6000 },
    ],
  });
  const socket = { ...plain, user: "u", database: "x", hosts: [{ host: "/var/run/postgresql", port: 5432 }] };
  expect(of("postgresql:///x?host=/var/run/postgresql&user=u")).toEqual(socket);
  expect(of("postgres://u@%2Fvar%2Frun%2Fpostgresql/x")).toEqual(socket);
  expect(of("postgres:///?host=a,b&port=1,2&dbname=x&user=u&password=p%25q")).toEqual({
    ...{ ...plain, user: "u", password: "p%q", database: "x" },
    hosts: [
      { host: "a", port: 1 },
      { host: "b", port: 2 },
    ],
  });
  // A password with an @ or a stray % of its own, as people write them.
  expect(of("postgres://u:p@ss%@db/x")).toMatchObject({ user: "u", password: "p@ss%", database: "x" });
  expect(wayOf("postgres://u@a,b/x?pgbouncer=true")).toEqual({ prepare: false, hosts: 2 });
  expect(wayOf("postgres://u@a/x?prepare=false")).toEqual({ prepare: false, hosts: 1 });
});

test("a sentence repeats no value of the address", () => {
  for (const url of [
    "postgres://u:secret/words@db/x",
    "postgres://u:secret-words@db:port/x",
    "postgres://u:secret#words@db/x",
    "postgres://u:p@db/x?passwort=secret-words",
    "postgres://u:p@db/x?secret-words",
    "postgres://u:p@db/x?sslcert=secret-words&sslmode=require",
  ]) {
    const { wrong } = of(url);
    expect(wrong).toMatch(/^The database's address .+: (write|take) .+\.$/s);
    expect(wrong).not.toMatch(/secret|words/);
  }
});

test("TLS as libpq means each sslmode", () => {
  const tls = (query: string) => of(`postgres://u:p@db/x?${query}`).ssl;
  for (const query of ["", "sslmode=disable"]) expect(tls(query)).toBe(false);
  for (const query of ["sslmode=allow", "sslmode=prefer"]) expect(tls(query)).toBe("prefer");
  for (const query of ["sslmode=require", "ssl=true", "requiressl=1"]) expect(tls(query)).toBe("require");
  expect(tls("sslmode=verify-full")).toEqual({ rejectUnauthorized: true });
  expect(tls("sslrootcert=system")).toEqual({ rejectUnauthorized: true });
  expect(tls("sslmode=verify-ca")).toEqual({
    rejectUnauthorized: true,
    checkServerIdentity: expect.any(Function),
  });
  expect(tls("sslmode=require&ssl_min_protocol_version=tlsv1.3")).toEqual({
    ...{ rejectUnauthorized: false, minVersion: "TLSv1.3" },
  });
});

test("a link with all that a provider may write connects; what is refused is said by the first query", async () => {
  await using database = await emptyDatabase();
  const query = taken
    .filter(([name]) => !/^(host|hostaddr|port|dbname|user|password|ssl.*version|sslpassword)$/.test(name))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const db = connect(`${database.url}?${query.join("&")}`, { max: 1 });
  expect([...(await db`select current_setting('application_name') as name`)]).toEqual([{ name: "salon" }]);
  await db.end();
  const bad = connect(`${database.url}?passfile=x`, { max: 1 });
  const said = await bad`select 1`.catch((error: unknown) => sentence(error));
  expect(said).toBe(
    "The database's address has passfile, which is not here: write user and password in the address.",
  );
  expect(await inTransaction(bad, (tx) => tx`select 1`).catch((error: unknown) => sentence(error))).toBe(
    String(said),
  );
  await bad.end();
  await expect(migrate(`${database.url}?service=x`)).rejects.toThrow("has service, which is not here");
});

test("TLS that the server does not speak is said as that, and none is needed where it is only preferred", async () => {
  await using database = await emptyDatabase();
  const asked = async (mode: string) => {
    const db = connect(`${database.url}?sslmode=${mode}`, { max: 1 });
    const said = await db`select 1 as one`.then(
      () => "connected",
      (error: unknown) => sentence(error),
    );
    await db.end({ timeout: 1 });
    return said;
  };
  expect([await asked("allow"), await asked("prefer")]).toEqual(["connected", "connected"]);
  for (const mode of ["require", "verify-ca", "verify-full"])
    expect(await asked(mode)).toBe(
      "PostgreSQL speaks no TLS, which the address asks for: switch ssl on in postgresql.conf, or write sslmode=disable in DATABASE_URL where the network is your own.",
    );
});

testWith({ openssl: whereIs("openssl") })("a certificate is proved as far as the address asks", async () => {
  const server = await startPostgres({ bin: process.env.PG_BIN });
  const folder = mkdtempSync(join(tmpdir(), "loyalty-tls-"));
  try {
    selfSigned(folder);
    const owner = unprivilegedOwner();
    const [crt, key] = [join(folder, "server.crt"), join(folder, "server.key")];
    chmodSync(folder, 0o755);
    chmodSync(key, 0o600);
    if (owner) chownSync(key, owner.uid, owner.gid);
    const admin = connect(server.url, { max: 1 });
    for (const [name, value] of Object.entries({ ssl_cert_file: crt, ssl_key_file: key, ssl: "on" }))
      await admin.unsafe(`alter system set ${name} = '${value}'`);
    await admin`select pg_reload_conf()`;
    await until(async () => (await admin<{ ssl: string }[]>`show ssl`)[0]?.ssl === "on");
    await admin.end();
    const asked = async (query: string, host = "localhost") => {
      const url = server.url.replace("127.0.0.1", host);
      const db = connect(`${url}?${query}`, { max: 1 });
      const said = await db<
        { ssl: boolean }[]
      >`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.then(
        ([row]) => String(row?.ssl),
        (error: unknown) => sentence(error),
      );
      await db.end({ timeout: 1 });
      return said;
    };
    const root = `sslrootcert=${encodeURIComponent(crt)}`;
    expect(await asked("sslmode=require")).toBe("true");
    expect(await asked(`sslmode=verify-full&${root}`)).toBe("true");
    expect(await asked(`sslmode=verify-ca&${root}`, "127.0.0.1")).toBe("true");
    const distrust =
      /^The certificate of PostgreSQL is not trusted \(\w+\): name the authority's file in sslrootcert/;
    expect(await asked("sslmode=verify-full")).toMatch(distrust);
    expect(await asked("sslmode=verify-ca")).toMatch(distrust);
    expect(await asked(`sslmode=verify-full&${root}`, "127.0.0.1")).toMatch(distrust);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

testWith({ pgbouncer: whereIs("pgbouncer") })(
  "what an address sets by itself holds behind PgBouncer too",
  async () => {
    await using database = await emptyDatabase();
    await database.sql`create schema "a salon"`;
    await using bouncer = await startPgbouncer(database.url);
    const db = connect(`${bouncer.url}&search_path=a salon, public&lock_timeout=700`);
    const [row] = await db<{ schema: string; wait: string }[]>`
    select current_schema as schema, current_setting('lock_timeout') as wait`;
    expect(row).toEqual({ schema: "a salon", wait: "700ms" });
    await db.end();
  },
);
