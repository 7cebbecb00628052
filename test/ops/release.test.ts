// A release: what is in it, under which licences, and that it is the same wherever it is made.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { allowedLicenses } from "../tools/materials.ts";
import { release } from "../tools/release.ts";

interface Bill {
  components: {
    name: string;
    version: string;
    purl: string;
    licenses: { expression: string }[];
    pedigree?: object;
  }[];
}

const folder = mkdtempSync(join(tmpdir(), "loyalty-release-"));
const name = `loyalty-bot-${manifest.version}`;
// This machine's own platform alone: for another one, the runtime would have to be fetched.
const here = { here: `bun-${process.platform}-${process.arch}` };
const read = (file: string) => readFileSync(join(folder, file));
const bill = () => (JSON.parse(read(`${name}.cdx.json`).toString()) as Bill).components;

const report = "# Fault report\n\n**Everything held.**\n";

beforeAll(() => release(folder, here, report, []), 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a release is executables, a bill of materials, notices, and the checksums of them all", () => {
  const files = [`${name}-here`, `${name}.cdx.json`, "THIRD-PARTY.txt", "FAULT-REPORT.md", "SHA256SUMS"];
  expect(readdirSync(folder).sort()).toEqual(files.sort());
  const sums = read("SHA256SUMS").toString().trimEnd().split("\n");
  const made = files.filter((file) => file !== "SHA256SUMS");
  expect(sums).toEqual(
    made.map((file) => `${new Bun.CryptoHasher("sha256").update(read(file)).digest("hex")}  ${file}`),
  );
  const said = Bun.spawnSync([join(folder, `${name}-here`), "--version"], { env: {} });
  expect(said.stdout.toString()).toBe(`${manifest.version}\n`);
});

test("a release carries the fault report, and there is none while not everything held", () => {
  expect(read("FAULT-REPORT.md").toString()).toBe(report);
  const before = readdirSync(folder);
  for (const text of ["# Fault report\n", "# Fault report\n\n**Not everything held.**\n"])
    expect(() => release(folder, here, text, [])).toThrow(
      'test/REPORT.md does not say "**Everything held.**": run bun run report,',
    );
  expect(readdirSync(folder)).toEqual(before);
});

test("there is none while figures are of an earlier source, and what to run is said", () => {
  const before = readdirSync(folder);
  const older = [
    { path: "test/REPORT.md", command: "bun run report" },
    { path: "test/bench/RESULTS.md", command: "bun run bench" },
  ];
  expect(() => release(folder, here, report, older)).toThrow(
    "Figures are of an earlier source: run bun run report for test/REPORT.md, bun run bench for test/bench/RESULTS.md, and commit what is written.",
  );
  expect(readdirSync(folder)).toEqual(before);
});

test("the bill names every dependency of the program, what it draws in, and Bun; nothing that only builds or tests", () => {
  const names = bill().map((one) => one.name);
  expect(names).toEqual(expect.arrayContaining([...Object.keys(manifest.dependencies), "croner", "bun"]));
  const others = Object.keys({ ...manifest.devDependencies, ...manifest.optionalDependencies });
  expect(names.filter((one) => one !== "bun" && others.includes(one))).toEqual([]);
  expect(new Set(bill().map((one) => one.purl)).size).toBe(names.length);
  const versions = Object.fromEntries(bill().map((one) => [one.name, one.version]));
  expect(versions).toMatchObject({ ...manifest.dependencies, bun: manifest.devDependencies.bun });
  const patched = bill().filter((one) => one.pedigree);
  expect(patched.map((one) => `${one.name}@${one.version}`)).toEqual(
    Object.keys(manifest.patchedDependencies),
  );
});

test("every licence is one that may be handed on, and its notice is", () => {
  const notices = read("THIRD-PARTY.txt").toString();
  for (const { name, version, licenses } of bill()) {
    const license = licenses[0]?.expression ?? "";
    expect(notices).toContain(`${name} ${version}: ${license}\n`);
    if (name === "bun") continue; // its own LGPL part is told with it, and may be linked anew: its source is open
    const words = license.split(/ AND | OR |[()]/).filter(Boolean);
    expect([name, words.filter((one) => !allowedLicenses.includes(one)), words.length > 0]).toEqual([
      name,
      [],
      true,
    ]);
  }
});

test("the executable is the same to the byte from another folder, and names neither", () => {
  const other = mkdtempSync(join(tmpdir(), "loyalty-elsewhere-"));
  const root = join(import.meta.dir, "../..");
  try {
    const packages = new Set(bill().map((one) => `node_modules/${one.name}`));
    for (const one of ["src", "sql", "package.json", "tsconfig.json", ...packages])
      cpSync(join(root, one), join(other, one), { recursive: true });
    const outfile = join(other, "loyalty-bot");
    const [, ...args] = manifest.scripts.build.replace("dist/loyalty-bot", outfile).split(" ");
    const built = Bun.spawnSync([process.execPath, ...args, `--target=${here.here}`], { cwd: other });
    expect(built.success ? "" : built.stderr.toString()).toBe("");
    const made = readFileSync(outfile);
    expect(made.equals(read(`${name}-here`))).toBe(true);
    expect([root, other].filter((path) => made.includes(path))).toEqual([]);
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});
