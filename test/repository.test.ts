/** Tests of the repository itself: exact versions, one Bun everywhere, a lock without addresses, a README that is whole. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import manifest from "../package.json";
import { help } from "../src/cli/help.ts";
import { settingNames } from "../src/config/settings.ts";
import { createHttp } from "../src/http/http.ts";
import { makeLog } from "../src/log.ts";

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
  for (const path of ["README.md", ".ci/run"]) {
    const text = await read(path);
    expect(text).toContain(`npx -y bun@${bun} run test`);
    expect([...new Set(text.match(/\bbun@[\d.]+\d/g))]).toEqual([`bun@${bun}`]);
  }
});

test("the version is that of the newest heading in the changelog", async () => {
  const [, newest] = /^## (\d+\.\d+\.\d+)/m.exec(await read("CHANGELOG.md")) ?? [];
  expect(newest).toBe(manifest.version);
});

test("the README names every setting, command and route, and its links lead somewhere", async () => {
  const readme = await read("README.md");
  const commands = [...help.matchAll(/^ {2}(\w+)(?: .*?)? {2,}\S/gm)].map(([, name]) => `| \`${name}`);
  const doors = { telegram: null, yclients: null, metrics: null, ready: async () => true };
  const { routes } = createHttp({ ...doors, log: makeLog("silent", false) });
  const paths = routes.map(({ method, path }) => `\`${method} ${path.replace(/:(\w+)/, "<$1>")}\``);
  const settings = settingNames.map((name) => `\`${name}\``);
  expect([commands.length, paths.length]).toEqual([11, 6]);
  expect([...commands, ...paths, ...settings].filter((name) => !readme.includes(name))).toEqual([]);

  const prose = readme.replace(/^```[\s\S]*?^```$/gm, "");
  const heads = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, head = ""]) => anchor(head));
  expect(heads).toEqual([...new Set(heads)]);
  const links = [...prose.matchAll(/\]\(#([^)]+)\)/g)].map(([, to]) => to);
  expect(links.filter((to) => !heads.includes(to ?? ""))).toEqual([]);
});

/** A heading's anchor, as GitHub makes it. */
function anchor(head: string): string {
  return head
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");
}
