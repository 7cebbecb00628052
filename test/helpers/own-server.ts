/** A server of somebody else's, run from a temporary folder by a user with no rights, and gone with the test. */
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unprivilegedOwner } from "../../src/standins/postgres/binaries.ts";
import { until } from "./program.ts";

export type OwnServer = Awaited<ReturnType<typeof ownServer>>;

/** Prepares the folder, starts `command` in it and waits until somebody listens on `port`. `await using` ends it. */
export async function ownServer(
  command: string[],
  port: number,
  prepare: (folder: string) => Record<string, string>,
) {
  await using ends = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "loyalty-server-"));
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  const owner = unprivilegedOwner();
  mkdirSync(join(folder, "temp"));
  for (const [name, text] of Object.entries(prepare(folder))) writeFileSync(join(folder, name), text);
  chmodSync(folder, 0o700);
  if (owner)
    for (const name of ["", ...readdirSync(folder)]) chownSync(join(folder, name), owner.uid, owner.gid);
  const child = Bun.spawn(
    command.map((word) => word.replace("FOLDER", folder)),
    { ...{ cwd: folder, stdin: "ignore", stdout: "ignore", stderr: "pipe" }, ...owner },
  );
  ends.defer(async () => {
    child.kill("SIGTERM");
    const limit = setTimeout(() => child.kill("SIGKILL"), 2_000);
    await child.exited;
    clearTimeout(limit);
  });
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${command[0]} ended: ${await child.stderr.text()}`);
    return listens(port);
  });
  const all = ends.move();
  return {
    port,
    /** What it has written in its folder. */
    read: (name: string) => readFileSync(join(folder, name), "utf8"),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function listens(port: number): Promise<boolean> {
  try {
    const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data: () => undefined } });
    socket.end();
    return true;
  } catch {
    return false;
  }
}
