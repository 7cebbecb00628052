// The simulator in a process of its own, since a killed program leaves errors behind that nobody waits for.
import { join } from "node:path";
import { adminUrl } from "../helpers/preload.ts";

/** Runs `bun run simulate` with these words on the tests' server. */
export async function simulate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "main.ts"), ...args], {
    env: { ...process.env, DATABASE_URL: adminUrl },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { out, err, code: await child.exited };
}
