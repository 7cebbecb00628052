// Runs while the program is being built, or its source loaded: bundles the page. A compiled program has no folder to read.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packed } from "../packed.ts";

/** The page's files as they are served, packed: the HTML, all styles in one, and the script for browsers. */
export function bundlePage(): { html: string; css: string; script: string } {
  const folder = join(import.meta.dir, "page");
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  // A process of its own: inside a macro the bundler is already at work.
  const built = Bun.spawnSync([
    ...[process.execPath, "build", "--minify", "--target=browser", "--no-env-file"],
    join(folder, "page.ts"),
  ]);
  if (!built.success) throw new Error(`the page could not be bundled: ${built.stderr}`);
  const styles = ["look", "layout", "tour", "journal", "chat", "ledger", "ending", "narrow"];
  return {
    html: packed(read("index.html")),
    css: packed(styles.map((name) => read(`${name}.css`)).join("\n")),
    script: packed(built.stdout.toString()),
  };
}
