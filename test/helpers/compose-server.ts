/** A server as docs/install.md makes it, without Docker: a cluster by docs/cluster.sql, and blocks of the papers run on it. */
import { expect } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startPostgres } from "../../src/standins/postgres/postgres.ts";
import { filledIn, paperBlock } from "./papers.ts";
import { type Env, program } from "./program.ts";

/**
 * What is said to the service `db` is said to PostgreSQL's tools on this machine, what is said to `bot` to the executable;
 * all else of Docker and git is only noted, and so is who a file is given to: there is no user of a container's here.
 */
const standIns = `
docker() {
  if [[ $1 = compose && ( $2 = exec || $2 = run ) ]]; then
    shift 2
    while [[ $1 = -* ]]; do shift; done
    local service=$1; shift
    if [[ $1 = /loyalty-bot ]]; then shift; fi
    if [[ $service = db ]]; then "$@"; else "$PROGRAM" "$@"; fi
  else echo "docker $*" >> noted; fi
}
git() { echo "git $*" >> noted; }
chown() { echo "chown $*" >> noted; }
`;

/** `env` are the program's settings; `url` is of the program's database, by the role that owns it. */
export async function composeServer(env: Env) {
  const cluster = await startPostgres({ bin: process.env.PG_BIN });
  const folder = mkdtempSync(join(tmpdir(), "loyalty-server-"));
  const password = crypto.randomUUID().replaceAll("-", "");
  const url = Object.assign(new URL(cluster.url), {
    username: "loyalty",
    password,
    pathname: "/loyalty",
  }).href;
  const admin = postgres(cluster.url, { max: 1 });
  const [{ socket = "" } = {}] = await admin<
    { socket: string }[]
  >`select current_setting('unix_socket_directories') as socket`;
  await admin.end();
  const PGHOST = socket;
  const PGPORT = new URL(url).port;
  const all = {
    ...env,
    DATABASE_URL: url,
    POSTGRES_PASSWORD: password,
    PATH: process.env.PATH ?? "",
    PGHOST,
    PGPORT,
  };

  /** Runs a script in the server's folder; what it wrote to standard output. */
  async function execute(script: string, more: Env = {}): Promise<string> {
    const child = Bun.spawn(["bash", "-euo", "pipefail", "-c", standIns + script], {
      ...{ cwd: folder, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
      env: { ...all, PROGRAM: await program(), ...more },
    });
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    return out;
  }

  const script = join(import.meta.dir, "../../docs/cluster.sql");
  await execute(`psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --file=${script}`);
  return {
    ...{ url, password, execute },
    /** The block of a paper that holds these words, with more places filled in than the folders. */
    block: (paper: string, words: string, places: Record<string, string> = {}, more: Env = {}) => {
      const text = paperBlock(paper, "sh", words);
      const folders = {
        ...{ "/opt/loyalty-bot": ".", "/var/backups/loyalty": "backups", "/root/": "./" },
        "/run/secrets/": "secrets/",
      };
      const named = Object.entries(folders).filter(([name]) => text.includes(name));
      return execute(filledIn(text, { ...Object.fromEntries(named), ...places }), more);
    },
    read: (path: string) => readFileSync(join(folder, path), "utf8"),
    write: (path: string, bytes: Uint8Array | string) => writeFileSync(join(folder, path), bytes),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
      await cluster.stop();
    },
  };
}
