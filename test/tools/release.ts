/** Makes a release (`bun run release`) in dist/release: executables, checksums, bill of materials, notices, fault report. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { everythingHeld } from "../report/write.ts";
import { buildExecutable } from "./executable.ts";
import { billOfMaterials, componentsOf, notices } from "./materials.ts";
import { commitOf, earlier } from "./source.ts";

const root = join(import.meta.dir, "../..");

/**
 * Platforms as Docker names them, with Bun's targets. Baseline: rented machines often hide AVX2 from their guests, and the
 * rest of the runtime is the same to the byte.
 */
export const targets = { "linux-amd64": "bun-linux-x64-baseline", "linux-arm64": "bun-linux-arm64" };

/**
 * Makes the files of a release in an empty `folder`; the program is compiled for `platforms`, by name and Bun's target.
 * `report` is the fault report's text: a program that was not proven is not released, nor one with figures of an `older` source.
 */
export function release(
  folder: string,
  platforms: Record<string, string>,
  report: string,
  older: ReturnType<typeof earlier>,
): void {
  if (!report.includes(everythingHeld))
    throw new Error(
      `test/REPORT.md does not say "${everythingHeld}": run bun run report, mend what it finds, and commit the report.`,
    );
  if (older.length > 0)
    throw new Error(
      `Figures are of an earlier source: run ${older.map(({ path, command }) => `${command} for ${path}`).join(", ")}, and commit what is written.`,
    );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const name = `loyalty-bot-${manifest.version}`;
  const metafile = join(folder, "metafile.json");
  for (const [platform, target] of Object.entries(platforms)) {
    // The file's name is inside the executable: under one name it is the same to the byte wherever it is built.
    const outfile = join(folder, "loyalty-bot");
    buildExecutable(outfile, [`--target=${target}`, `--metafile=${metafile}`]);
    renameSync(outfile, join(folder, `${name}-${platform}`));
    rmSync(`${outfile}.map`, { force: true });
  }
  const { inputs } = JSON.parse(readFileSync(metafile, "utf8")) as { inputs: object };
  rmSync(metafile);
  const components = componentsOf(Object.keys(inputs));
  writeFileSync(join(folder, `${name}.cdx.json`), billOfMaterials(components));
  writeFileSync(join(folder, "THIRD-PARTY.txt"), notices(components));
  writeFileSync(join(folder, "FAULT-REPORT.md"), report);
  const sums = readdirSync(folder)
    .sort()
    .map((file) => `${sha256(join(folder, file))}  ${file}\n`);
  writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

if (import.meta.main) {
  const folder = join(root, "dist/release");
  try {
    release(folder, targets, readFileSync(join(root, "test/REPORT.md"), "utf8"), earlier());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
  process.stdout.write(readFileSync(join(folder, "SHA256SUMS"), "utf8"));
  if (!/^[\w.-]+$/.test(commitOf()) || commitOf().endsWith("-dirty"))
    process.stdout.write("It is of no commit: there are changes that were not committed.\n");
}
