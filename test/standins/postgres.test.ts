/** Tests of the throw-away PostgreSQL: every source of binaries, two at a time, and nothing left behind. */
import { expect, test } from "bun:test";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { findBinaries, NoPostgresError, runnable } from "../../src/standins/postgres/binaries.ts";
import { type PostgresOptions, startPostgres } from "../../src/standins/postgres/postgres.ts";

/** Whether such binaries are here: a machine may have none, and the package exists for few platforms. */
function present(only: "machine" | "package"): boolean {
  try {
    return findBinaries(undefined, only).bin !== "";
  } catch {
    return false;
  }
}

const any = present("machine") || present("package");

/** Asks the server for its folders: the data may be in memory, apart from the rest. */
async function foldersOf(url: string): Promise<string[]> {
  const sql = postgres(url, { max: 1 });
  const [row] = await sql`select current_setting('data_directory') as data,
    current_setting('unix_socket_directories') as sockets`;
  await sql.end();
  return [row?.data, row?.sockets];
}

/** What is left of a server. Its port is tried, not its pid, which stays until somebody reaps an orphan. */
async function traces(url: string, folders: string[]): Promise<{ listens: boolean; folders: string[] }> {
  const { hostname, port } = new URL(url);
  const listens = await Bun.connect({ hostname, port: Number(port), socket: { data: () => undefined } }).then(
    (socket) => {
      socket.end();
      return true;
    },
    () => false,
  );
  return { listens, folders: folders.filter((folder) => existsSync(folder)) };
}

const nothing = { listens: false, folders: [] };

for (const only of ["machine", "package"] as const) {
  test.if(present(only))(
    `runs binaries of the ${only}, speaks UTF-8 and UTC, and leaves nothing`,
    async () => {
      const server = await startPostgres({ only });
      const sql = postgres(server.url, { max: 1 });
      const [row] = await sql`select lower('ЖУК') as lower, current_setting('TimeZone') as zone,
      current_setting('server_encoding') as encoding, current_setting('fsync') as fsync`;
      expect({ ...row }).toEqual({ lower: "жук", zone: "UTC", encoding: "UTF8", fsync: "off" });
      await sql.end();
      const folders = await foldersOf(server.url);
      expect(await traces(server.url, folders)).toEqual({ listens: true, folders });
      await server.stop();
      expect(await traces(server.url, folders)).toEqual(nothing);
    },
  );
}

test.if(any)("two run at a time, and a durable one syncs to disk", async () => {
  const lines: string[] = [];
  const options: PostgresOptions = { durable: true, log: (line) => lines.push(line) };
  const [first, second] = await Promise.all([startPostgres(), startPostgres(options)]);
  expect(first.url).not.toBe(second.url);
  const sql = postgres(second.url, { max: 1 });
  const [row] = await sql`select current_setting('fsync') as fsync`;
  expect(row?.fsync).toBe("on");
  await sql.end();
  // The second call waits for the same end.
  await Promise.all([first.stop(), first.stop(), second.stop()]);
  expect(lines.join("\n")).toContain("fast shutdown");
});

test.if(any)("ends with a process that was killed hard", async () => {
  const script = `
    import { startPostgres } from ${JSON.stringify(join(import.meta.dir, "../../src/standins/postgres/postgres.ts"))};
    console.log((await startPostgres()).url);
    setInterval(() => {}, 1000);`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
  let url = "";
  for await (const chunk of child.stdout) {
    url += new TextDecoder().decode(chunk);
    if (url.endsWith("\n")) break;
  }
  const folders = await foldersOf(url);
  child.kill("SIGKILL");
  await child.exited;
  let left = await traces(url, folders);
  for (let tries = 0; tries < 100 && (left.listens || left.folders.length > 0); tries++) {
    await Bun.sleep(50);
    left = await traces(url, folders);
  }
  expect(left).toEqual(nothing);
});

test("repairs a package whose install script was blocked, in a copy", async () => {
  const { native } = present("package") ? findBinaries(undefined, "package") : {};
  // No such package for this platform.
  if (native === undefined) return;
  const path = mkdtempSync(join(tmpdir(), "loyalty-pg-test-"));
  using _ = { [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
  const blocked = join(path, "blocked/native");
  mkdirSync(join(path, "blocked"));
  cpSync(native, blocked, { recursive: true, verbatimSymlinks: true });
  const links: { target: string }[] = await Bun.file(join(native, "pg-symlinks.json")).json();
  for (const { target } of links) rmSync(join(blocked, "..", target), { force: true });

  const bin = runnable({ bin: join(blocked, "bin"), source: "", native: blocked }, path, undefined);
  expect(bin).toBe(join(path, "native/bin"));
  expect(Bun.spawnSync([join(bin, "postgres"), "--version"]).stdout.toString()).toStartWith("postgres (Post");
});

test("says what to do when there are no binaries", async () => {
  await expect(startPostgres({ bin: "/nowhere" })).rejects.toThrow(NoPostgresError);
});
