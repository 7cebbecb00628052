/** Starts a throw-away PostgreSQL in a temporary folder, for tests and for `demo`. */
import { randomBytes } from "node:crypto";
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdtempSync,
  realpathSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  findBinaries,
  NoPostgresError,
  type Owner,
  openToAll,
  runnable,
  unprivilegedOwner,
} from "./binaries.ts";

/** What `startPostgres` may be told. */
export interface PostgresOptions {
  /** Folder with `initdb` and `postgres`; without it they are looked for. */
  bin?: string | undefined;
  /** Look only among the machine's own binaries, or only at the npm package. */
  only?: "machine" | "package" | undefined;
  /** Keep fsync on, and shut down cleanly. */
  durable?: boolean | undefined;
  /** Receives the server's own log, line by line. */
  log?: ((line: string) => void) | undefined;
}

/** A server that is ready: where it is, which binaries it runs, and how to end it. */
interface RunningPostgres {
  url: string;
  source: string;
  stop(): Promise<void>;
}

// Ends the server and removes its folders as soon as its standard input closes: when stop() closes it, and
// when this process dies, however it dies, because the kernel closes the pipe then. (An exit handler misses
// SIGKILL and a crash; setpriv --pdeathsig exists on Linux only; polling for a pid can meet a recycled one.)
// A bootstrapping server writes its pid with a minus sign, hence the ${pid#-}.
const WATCHER = `read -r _
lock="$1/postmaster.pid"
if { read -r pid <"$lock"; } 2>/dev/null; then
  kill -QUIT "\${pid#-}" 2>/dev/null
  n=0; while [ -e "$lock" ] && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done
fi
n=0; until rm -rf "$@" 2>/dev/null || [ $n -ge 20 ]; do sleep 0.1; n=$((n+1)); done`;

/** Starts a server on a free port of 127.0.0.1. It ends with `stop()`, or with this process at the latest. */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const found = findBinaries(options.bin, options.only);
  const owner = unprivilegedOwner();
  const dir = makeFolder([tmpdir(), "/tmp", "/var/tmp"], owner);
  // Creating a database writes some 10 MB: from 20 ms in memory to 250 ms on a slow disk.
  const data = !options.durable && roomy("/dev/shm") ? makeFolder(["/dev/shm"], owner) : join(dir, "data");
  const common = { cwd: dir, stdout: "ignore", detached: true, ...owner } as const;
  const watcher = Bun.spawn(["/bin/sh", "-c", WATCHER, "watch", data, dir], {
    ...common,
    stdin: "pipe",
    stderr: "ignore",
  });
  watcher.unref();
  const clean = async () => {
    watcher.ref();
    await watcher.stdin.end();
    await watcher.exited;
  };
  try {
    const bin = runnable(found, dir, owner);
    const env = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
    const password = randomBytes(16).toString("hex");
    const secret = join(dir, "password");
    writeFileSync(secret, password, { mode: 0o600 });
    if (owner) chownSync(secret, owner.uid, owner.gid);

    // Other locales only where the first is unknown (older macOS): plain C cannot lower-case Cyrillic.
    for (const locale of ["C.UTF-8", "en_US.UTF-8", "C"]) {
      const init = Bun.spawn(
        // biome-ignore format: one option with its value reads best
        [join(bin, "initdb"), "-D", data, "-U", "postgres", "-E", "UTF8", `--locale=${locale}`, "--no-sync",
          `--pwfile=${secret}`, "--auth-local=trust", "--auth-host=scram-sha-256"],
        { ...common, env, stdin: "ignore", stderr: "pipe" },
      );
      const errors = await new Response(init.stderr).text();
      if ((await init.exited) === 0) break;
      if (errors.includes("could not look up effective user ID")) {
        throw new NoPostgresError(
          `PostgreSQL needs a user with a name: run as another one, or set DATABASE_URL (${errors.trim()}).`,
        );
      }
      if (locale === "C" || !errors.includes("locale"))
        throw new Error(`initdb of ${found.source} failed: ${errors}`);
    }

    const settings = {
      listen_addresses: "127.0.0.1",
      // A socket's path may have 107 bytes at most (103 on macOS).
      unix_socket_directories: dir.length < 80 ? dir : "",
      max_connections: 200,
      timezone: "UTC",
      log_timezone: "UTC",
      lc_messages: "C",
      ...(options.durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    for (let attempt = 1; ; attempt++) {
      const port = freePort();
      const server = Bun.spawn([join(bin, "postgres"), "-D", data, "-p", String(port), ...flags], {
        ...common,
        env,
        stdin: "ignore",
        stderr: "pipe",
      });
      // A program that forgets stop() may still end; the watcher then ends the server.
      server.unref();
      const failure = await ready(server.stderr, options.log ?? (() => undefined));
      if (failure !== undefined) {
        await server.exited;
        // Somebody may have taken the port since freePort() let it go.
        if (attempt < 5 && /could not (bind|create any TCP)/.test(failure)) continue;
        throw new Error(`postgres of ${found.source} did not start: ${failure}`);
      }
      let stopped: Promise<void> | undefined;
      const stop = async () => {
        server.ref();
        server.kill(options.durable ? "SIGINT" : "SIGQUIT");
        await server.exited;
        await clean();
      };
      return {
        url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
        source: found.source,
        stop: () => {
          stopped ??= stop();
          return stopped;
        },
      };
    }
  } catch (error) {
    await clean();
    throw error;
  }
}

/** Resolves to nothing once the server accepts connections, or to its log if it ended before that. */
function ready(stderr: ReadableStream<Uint8Array>, log: (line: string) => void): Promise<string | undefined> {
  return new Promise((resolve) => {
    const read = async () => {
      const decoder = new TextDecoder();
      let [text, rest] = ["", ""];
      let started = false;
      for await (const chunk of stderr) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          log(line);
          if (started) continue;
          text += `${line}\n`;
          started = line.includes("database system is ready to accept connections");
          if (started) resolve(undefined);
        }
      }
      resolve(text + rest);
    };
    read().catch((error) => resolve(String(error)));
  });
}

/** Makes a folder for the server's user: in the first place with a short path that this user may enter. */
function makeFolder(places: string[], owner: Owner | undefined): string {
  const fits = (place: string) => place.length < 60 && existsSync(place) && (!owner || openToAll(place));
  const folder = mkdtempSync(join(realpathSync(places.find(fits) ?? tmpdir()), "loyalty-pg-"));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** Whether a folder can be written to and has room for many databases; containers often get 64 MB only. */
function roomy(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 2 ** 31;
  } catch {
    return false;
  }
}

const given = new Set<number>();

/** A port nobody listens on, each one once; below those that systems hand out for connections, one of which would take it. */
export function freePort(): number {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    if (given.has(port)) continue;
    given.add(port);
    try {
      Bun.listen({ hostname: "127.0.0.1", port, socket: { data: () => undefined } }).stop(true);
      return port;
    } catch {} // somebody else's
  }
}
