/** Compiles the program as `bun run build` does, elsewhere. */
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };

const root = join(import.meta.dir, "../..");

/** Compiles `entry` into the file `outfile`, with more options where given. Throws with the compiler's words. */
export function buildExecutable(outfile: string, options: string[] = [], entry = "src/main.ts"): void {
  const words = manifest.scripts.build.replace("dist/loyalty-bot", outfile).replace("src/main.ts", entry);
  const [, ...args] = words.split(" ");
  const { success, stderr } = Bun.spawnSync([process.execPath, ...args, ...options], { cwd: root });
  if (!success) throw new Error(`${entry} was not built: ${stderr}`);
}
