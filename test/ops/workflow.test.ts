// GitHub's workflows: one does what .ci/run does and builds the image, one audits; with pinned actions and no rights.
import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

const root = join(import.meta.dir, "../..");
interface Workflow {
  on: { push?: object | null; schedule?: { cron: string }[] };
  permissions: object;
  jobs: Record<string, { "runs-on": string; "timeout-minutes": number; steps: Step[] }>;
}
const read = (name: string) => readFileSync(join(root, ".github/workflows", name), "utf8");
const workflows = readdirSync(join(root, ".github/workflows")).map(
  (name) => [name, Bun.YAML.parse(read(name)) as Workflow] as const,
);
const named = Object.fromEntries(workflows);
const jobs = workflows.flatMap(([, { jobs }]) => Object.values(jobs));
const steps = jobs.flatMap((job) => job.steps);

test("the workflow ci runs .ci/run, and builds the image for both platforms", () => {
  expect(named["ci.yml"]?.jobs.check?.steps.at(-1)?.run).toBe("bash .ci/run");
  const image = steps.find(({ uses }) => uses?.startsWith("docker/build-push-action@"));
  expect(image?.with).toMatchObject({ context: ".", platforms: "linux/amd64,linux/arm64" });
});

test("the packages are audited at every push, and weekly where nothing is pushed", () => {
  const { on, jobs } = named["audit.yml"] as Workflow;
  expect(on.push).toBeNull(); // every branch
  expect(on.schedule?.map(({ cron }) => cron)).toEqual([expect.stringMatching(/^\d+ \d+ \* \* \d$/)]);
  expect(jobs.audit?.steps.at(-1)?.run).toBe(`npx -y bun@${manifest.devDependencies.bun} audit`);
});

test("machines, actions and tools are pinned; the token may read only", () => {
  const actions = steps.flatMap(({ uses }) => uses ?? []);
  expect(actions.filter((one) => !/^(actions|docker)\/[\w-]+@[0-9a-f]{40}$/.test(one))).toEqual([]);
  expect(jobs.filter((job) => !/-\d/.test(job["runs-on"]) || !(job["timeout-minutes"] > 0))).toEqual([]);
  for (const [name, { permissions }] of workflows) {
    expect(permissions).toEqual({ contents: "read" });
    const tools = new Set(read(name).match(/\bbun@\S+/g));
    expect([...tools]).toEqual([`bun@${manifest.devDependencies.bun}`]);
  }
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
