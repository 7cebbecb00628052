// Puts the Node peer and its packages, at exact versions, into a folder outside the tree, and keeps it there.

import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const dependencies = {
  ...{ fastify: "5.12.8", grammy: "1.46.0", pg: "8.23.1" },
  ...{ "prom-client": "15.1.3", valibot: "1.5.0" },
};

/** The command that runs it, or why there is none. A run in a hurry takes what is there and installs nothing. */
export function nodePeer(install: boolean): { command: string[] } | { why: string } {
  const node = Bun.which("node");
  if (!node) return { why: "no Node on this machine" };
  const folder = join(tmpdir(), `loyalty-bench-node-${Object.values(dependencies).join("-")}`);
  if (!existsSync(folder)) {
    if (!install) return { why: "not in a quick run" };
    const made = `${folder}.${process.pid}`;
    mkdirSync(made);
    writeFileSync(join(made, "package.json"), JSON.stringify({ type: "module", dependencies }));
    const npm = Bun.which("npm");
    const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    if (!npm || Bun.spawnSync([npm, ...words], { cwd: made }).exitCode !== 0)
      return { why: "npm could not install it: no registry" };
    renameSync(made, folder);
  }
  const script = join(folder, "peer.mjs");
  copyFileSync(join(import.meta.dir, "node.mjs"), script);
  return { command: [node, script] };
}
