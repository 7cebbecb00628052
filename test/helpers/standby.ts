/** A PostgreSQL with a synchronous standby, both thrown away at the end: what acknowledges a commit has it on both. */
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { unprivilegedOwner } from "../../src/standins/postgres/binaries.ts";
import { startPostgres } from "../../src/standins/postgres/postgres.ts";
import { selfSigned } from "./certificate.ts";
import { freePort, until } from "./program.ts";

export type Pair = Awaited<ReturnType<typeof startPair>>;

/** Both speak TLS. `bin` is a folder with `pg_basebackup`; openssl is needed. `await using` ends both and their folders. */
export async function startPair(bin: string) {
  await using ends = new AsyncDisposableStack();
  const primary = await startPostgres({ bin, durable: true });
  ends.defer(() => primary.stop());
  const folder = mkdtempSync(join(tmpdir(), "loyalty-standby-"));
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  const owner = unprivilegedOwner();
  const first = ends.adopt(postgres(primary.url, { max: 1, onnotice: () => {} }), (sql) =>
    sql.end({ timeout: 0 }),
  );
  const [where] = await first<{ data: string }[]>`select current_setting('data_directory') as data`;
  const data = where?.data ?? "";
  selfSigned(data);
  if (owner) for (const name of ["crt", "key"]) chownSync(join(data, `server.${name}`), owner.uid, owner.gid);
  await first`alter system set ssl = on`; // copied to the standby, the certificate too
  await first`select pg_reload_conf()`;
  chmodSync(folder, 0o700);
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const url = new URL(primary.url);
  const port = freePort();
  const env = { PATH: "/usr/bin:/bin", PGPASSWORD: url.password };
  const common = { cwd: folder, env, stdin: "ignore", stdout: "ignore", ...owner } as const;
  const from = ["-h", url.hostname, "-p", url.port, "-U", url.username];
  const copy = Bun.spawnSync(
    [join(bin, "pg_basebackup"), ...from, "-D", join(folder, "data"), "-R", "-X", "stream", "-c", "fast"],
    common,
  );
  if (!copy.success) throw new Error(`pg_basebackup failed: ${copy.stderr}`);
  const standby = Bun.spawn(
    // biome-ignore format: one option with its value reads best
    [join(bin, "postgres"), "-D", join(folder, "data"), "-p", String(port), "-c", "listen_addresses=127.0.0.1",
      "-c", "unix_socket_directories=", "-c", "max_connections=200"], // no fewer than the primary takes, or it does not start
    { ...common, stderr: "ignore" },
  );
  let killed = false;
  ends.defer(async () => {
    if (!killed) await forgetStandby(first);
    standby.kill("SIGQUIT");
    await standby.exited;
  });
  const second = ends.adopt(postgres(primary.url, { port, max: 1, onnotice: () => {} }), (sql) =>
    sql.end({ timeout: 0 }),
  );
  const replication = async () =>
    (await first<{ sync_state: string }[]>`select sync_state from pg_stat_replication`)[0]?.sync_state;
  await until(async () => (await replication()) === "async");
  await first`alter system set synchronous_standby_names = '*'`;
  await first`select pg_reload_conf()`;
  await until(async () => (await replication()) === "sync");
  const lock = join(data, "postmaster.pid");
  const all = ends.move();

  return {
    first,
    /** Queries on one of the two, whatever it is. */
    on: (which: "first" | "second", database: string) =>
      postgres(primary.url, { ...(which === "second" && { port }), database, max: 1, onnotice: () => {} }),
    /** Where the first one listens. */
    firstPort: Number(url.port),
    /** The address of a database on both hosts, or by way of other ports; the standby first, so that it is met on the way. */
    url: (database: string, ports = [port, Number(url.port)]) => {
      const hosts = ports.map((one) => `127.0.0.1:${one}`).join(",");
      return `postgres://${url.username}:${url.password}@${hosts}/${database}?sslmode=require&target_session_attrs=read-write`;
    },
    /** The address of a database on the standby alone, for reading. */
    standby: (database: string) => `postgres://${url.username}:${url.password}@127.0.0.1:${port}/${database}`,
    /** The first server dies as a machine does: at once, with nothing said to anybody. */
    killFirst(): void {
      killed = true;
      process.kill(Number(readFileSync(lock, "utf8").split("\n")[0]), "SIGKILL");
      rmSync(lock); // so that its own end does not wait for it
    },
    /** How often the standby was connected to. */
    async dialled(): Promise<number> {
      const [row] = await second`select sum(sessions)::int as sessions from pg_stat_database`;
      return row?.sessions ?? 0;
    },
    /** The standby takes over. */
    promote: () => second`select pg_promote()`,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** A primary waits for a synchronous standby that is gone for ever, its own end included. */
async function forgetStandby(first: postgres.Sql): Promise<void> {
  await first`alter system reset synchronous_standby_names`;
  await first`select pg_reload_conf()`;
}
