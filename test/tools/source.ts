// Which source the figures of the fault report and of the benchmark are of: a digest of what a release is made of, which a shallow
// clone can work out too. `bun test/tools/source.ts` prints it, and which papers are of an earlier source.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
const parts = ["src", "sql", "package.json", "bun.lock", "Dockerfile", "bunfig.toml", "tsconfig.json"];

/** The papers that carry figures, and what makes each anew. */
const papers = { "test/REPORT.md": "bun run report", "test/bench/RESULTS.md": "bun run bench" };

/** The names below a folder that a release is made of; what an editor or a build leaves there has a name that begins with a dot, or is a map. */
function filesOf(folder: string): string[] {
  const under = (part: string): string[] =>
    statSync(join(folder, part)).isDirectory()
      ? readdirSync(join(folder, part)).flatMap((name) => under(`${part}/${name}`))
      : [part];
  const name = (path: string) => path.split("/").at(-1) ?? "";
  return parts.flatMap(under).filter((path) => !name(path).startsWith(".") && !path.endsWith(".map"));
}

/** SHA-256 over names and contents of the tree's source, in hex. Throws where a part is not there. */
export function sourceDigest(folder = root): string {
  const sum = createHash("sha256");
  for (const path of filesOf(folder).sort()) {
    const content = createHash("sha256").update(readFileSync(join(folder, path)));
    sum.update(`${path}\n${content.digest("hex")}\n`);
  }
  return sum.digest("hex");
}

/** The commit of the tree; one with changes that were not committed ends with `-dirty`, and where git knows nothing it is "no commit". */
export function commitOf(folder = root): string {
  if (!Bun.which("git")) return "no commit";
  const said = Bun.spawnSync(["git", "describe", "--always", "--dirty", "--abbrev=7"], { cwd: folder });
  return said.stdout.toString().trim() || "no commit";
}

/** The line by which a paper says which source its figures are of. */
export const sourceLine = (digest: string) => `Source: sha256 ${digest}.`;

/** Whether the paper's figures are of this source. One that does not say of which is of an earlier one. */
export const isOf = (paper: string, digest: string) => paper.includes(sourceLine(digest));

/** Of each paper in the tree whose figures are of an earlier source: its path, and what makes it anew. */
export function earlier(folder = root): { path: string; command: string }[] {
  const digest = sourceDigest(folder);
  return Object.entries(papers)
    .filter(([path]) => !isOf(readFileSync(join(folder, path), "utf8"), digest))
    .map(([path, command]) => ({ path, command }));
}

/** Whether the newest section of the changelog is a release's. */
export function isReleased(changelog: string): boolean {
  const [heading] = /^## .*$/m.exec(changelog) ?? [];
  return heading !== undefined && !heading.includes("not released yet");
}

if (import.meta.main) {
  process.stdout.write(`${sourceDigest()}\n`);
  for (const { path, command } of earlier())
    process.stdout.write(`${path} is of an earlier source: ${command}\n`);
}
