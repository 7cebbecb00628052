// GitHub's workflow: it does what .ci/run does and builds the image, with pinned actions and no rights.
import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

const root = join(import.meta.dir, "..");
const text = await Bun.file(join(root, ".github/workflows/ci.yml")).text();
const workflow = Bun.YAML.parse(text) as {
  permissions: object;
  jobs: Record<string, { "runs-on": string; "timeout-minutes": number; steps: Step[] }>;
};
const jobs = Object.values(workflow.jobs);
const steps = jobs.flatMap((job) => job.steps);

test("the workflow runs .ci/run, and builds the image for both platforms", () => {
  expect(workflow.jobs.check?.steps.at(-1)?.run).toBe("bash .ci/run");
  const image = steps.find(({ uses }) => uses?.startsWith("docker/build-push-action@"));
  expect(image?.with).toMatchObject({ context: ".", platforms: "linux/amd64,linux/arm64" });
});

test("machines, actions and tools are pinned; the token may read only", () => {
  const named = steps.flatMap(({ uses }) => uses ?? []);
  expect(named.filter((one) => !/^(actions|docker)\/[\w-]+@v\d+\.\d+\.\d+$/.test(one))).toEqual([]);
  expect(jobs.filter((job) => !/-\d/.test(job["runs-on"]) || !(job["timeout-minutes"] > 0))).toEqual([]);
  expect(workflow.permissions).toEqual({ contents: "read" });
  expect([...new Set(text.match(/\bbun@\S+/g))]).toEqual([`bun@${manifest.devDependencies.bun}`]);
});

test("what it runs of package.json is there", () => {
  const scripts = steps.flatMap(({ run }) => /bun@\S+ run (\w+)/.exec(run ?? "")?.[1] ?? []);
  expect(scripts.length).toBeGreaterThan(0);
  expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(scripts));
});

test("every stage of the image is pinned, and its Bun is the project's", async () => {
  const file = await Bun.file(join(root, "Dockerfile")).text();
  const bases = [...file.matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)].map((match) => match[1]);
  expect([...new Set(bases)].sort()).toEqual([
    `docker.io/oven/bun:${manifest.devDependencies.bun}-slim`,
    "scratch",
  ]);
});

test("a tool that one distribution does not have keeps none of the others away, and GitHub's user may install them", () => {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-ci-"));
  try {
    const fakes = {
      "apt-get": `echo "$@" >> ${folder}/asked; case "$*" in *chromium*) exit 100;; esac`,
      sudo: 'shift; [ "$1" = true ] || "$@"',
      npx: 'echo "1 passed, 0 failed"',
    };
    for (const [name, script] of Object.entries(fakes))
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    for (const id of ["0", "1001"]) {
      writeFileSync(join(folder, "id"), `#!/bin/sh\necho ${id}\n`, { mode: 0o755 });
      writeFileSync(join(folder, "asked"), "");
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, CI: "true" };
      const { exitCode, stdout } = Bun.spawnSync(["bash", ".ci/run"], { cwd: root, env });
      expect([id, exitCode, stdout.toString()]).toEqual([
        id,
        0,
        expect.stringMatching(/1 passed, 0 failed\n$/),
      ]);
      const got = readFileSync(join(folder, "asked"), "utf8").split("\n");
      expect(got.filter((line) => /^install .* nginx-light$/.test(line))).toHaveLength(1);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
