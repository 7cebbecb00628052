/** A copy of the tree with one fault in it at a time, and what its tests say of it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Mutant, spoilt } from "./mutant.ts";

const root = join(import.meta.dir, "../..");
const parts = [
  "src",
  "sql",
  "test",
  "package.json",
  "tsconfig.json",
  "bunfig.toml",
  "README.md",
  "CHANGELOG.md",
  "docs",
  ".env.example",
];
/** For all tests of one mutant, in milliseconds. */
const limitMs = 300_000;

/** `by`: the test that failed first; null when all of them passed, or the run ended without one that failed. */
export interface Verdict {
  by: string | null;
  /** What the run wrote, where it neither passed nor failed a test. */
  broken: string | null;
  seconds: number;
}

/** What the migrations do, and how they are run: such a fault is in no database that was migrated before. */
const migrates = (file: string) => file.startsWith("sql/") || file.startsWith("src/db/");

/**
 * The copy's tests run on `databaseUrl`, whose role may create databases, and has `template` migrated already. `using` removes the
 * copy.
 */
export function copyOfTree(databaseUrl: string, template: string) {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-mutant-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));

  /** Runs these test files until the first failure. */
  async function run(tests: string[], migrated = true): Promise<Verdict> {
    const started = performance.now();
    const child = Bun.spawn([process.execPath, "test", "--timeout", "60000", "--bail", ...tests], {
      ...{ cwd: folder, stdin: "ignore", stdout: "ignore", stderr: "pipe" },
      env: {
        ...process.env,
        ...{ DATABASE_URL: databaseUrl, LOYALTY_TEST_TEMPLATE: migrated ? template : undefined },
      },
      ...{ timeout: limitMs, killSignal: "SIGKILL" },
    });
    const said = Bun.stripANSI(await child.stderr.text());
    const code = await child.exited;
    const by = /^(?:\(fail\)|✗) (.*?)(?: \[[\d.]+m?s\])?$/m.exec(said)?.[1] ?? null;
    const broken = code !== 0 && by === null ? said.slice(-2_000) : null;
    return { by, broken, seconds: (performance.now() - started) / 1000 };
  }

  return {
    run,
    /** The same with a fault in the copy. */
    async try(mutant: Mutant): Promise<Verdict> {
      const file = join(folder, mutant.file);
      const sound = readFileSync(file, "utf8");
      writeFileSync(file, spoilt(sound, mutant));
      try {
        return await run(mutant.tests, !migrates(mutant.file));
      } finally {
        writeFileSync(file, sound);
      }
    },
    [Symbol.dispose]: remove,
  };
}
