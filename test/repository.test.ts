/** Tests of the repository itself: exact versions, one Bun everywhere, a lock without addresses. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import manifest from "../package.json";
import { papers } from "./helpers/papers.ts";

const read = (path: string) => Bun.file(join(import.meta.dir, "..", path)).text();

test("every dependency is pinned to one version", () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test("the lock names no address, so that any registry will do", async () => {
  expect((await read("bun.lock")).match(/https?:\/\/\S*/g)).toBeNull();
});

test("README and CI run the pinned Bun, by the same command", async () => {
  const { bun, "@types/bun": types } = manifest.devDependencies;
  expect({ bun: Bun.version, types }).toEqual({ bun, types: bun });
  for (const path of ["README.md", ".ci/run"])
    expect(await read(path)).toContain(`npx -y bun@${bun} run test`);
  for (const path of [...papers, ".ci/run"])
    expect([
      path,
      new Set((await read(path)).match(/\bbun@[\d.]+\d/g)).difference(new Set([`bun@${bun}`])),
    ]).toEqual([path, new Set()]);
});

const listed = Bun.which("git")
  ? Bun.spawnSync(["git", "ls-files", "-z"], {
      cwd: join(import.meta.dir, ".."),
      stderr: "ignore",
    }).stdout.toString()
  : "";
test.skipIf(listed === "")(
  `nothing that is kept is large: a build's leftovers would stay in the history for good${listed === "" ? " (git knows no files here)" : ""}`,
  () => {
    const paths = listed.split("\0").filter(Boolean);
    const large = paths.filter((path) => Bun.file(join(import.meta.dir, "..", path)).size > 256 * 1024);
    expect(large).toEqual([]);
  },
);

test("the version is that of the newest heading in the changelog", async () => {
  const [, newest] = /^## (\d+\.\d+\.\d+)/m.exec(await read("CHANGELOG.md")) ?? [];
  expect(newest).toBe(manifest.version);
});
