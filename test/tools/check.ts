/**
 * Runs every check of the project (`bun run check`): types, lint, format, tests; or some tests alone, by their files
 * (`bun run check test/till`). Its last line counts them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { migrate } from "../../src/db/migrate.ts";
import { startPostgres } from "../../src/standins/postgres/postgres.ts";
import { buildExecutable } from "./executable.ts";

const root = join(import.meta.dir, "../..");
// The tools are JavaScript files: run by this very Bun, they need no Node and no other Bun.
const tool = (name: string) => [process.execPath, join(root, "node_modules/.bin", name)];

const say = (line: string) => process.stdout.write(`${line}\n`);

type Counts = { passed: number; failed: number; skipped: number };

/** Runs a command, streaming its output; its exit code and what it wrote to stderr. */
async function run(name: string, command: string[], env: Record<string, string> = {}) {
  say(`\n=== ${name}`);
  const started = performance.now();
  const child = Bun.spawn(command, {
    cwd: root,
    stdin: "ignore",
    stdout: "inherit",
    stderr: "pipe",
    env: { ...process.env, ...env, ...(process.stderr.isTTY ? { FORCE_COLOR: "1" } : {}) },
  });
  const decoder = new TextDecoder();
  let stderr = "";
  for await (const chunk of child.stderr) {
    process.stderr.write(chunk);
    stderr += decoder.decode(chunk, { stream: true });
  }
  const code = await child.exited;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`=== ${name}: ${code === 0 ? "ok" : `FAILED (exit code ${code})`}, ${seconds} s`);
  return { code, stderr };
}

// How a single result begins, without a terminal and with one.
const MARKS = {
  pass: /^(\(pass\)|✓) /,
  fail: /^(\(fail\)|✗) /,
  skip: /^(\(skip\)|») /,
  todo: /^(\(todo\)|✎) /,
};

// Enough for an assertion and where it stands, of a page that CI cuts at its beginning.
const FEW_LINES = 40;

/** Reads the counts from what `bun test` wrote. A run that broke off counts as at least one failure. */
export function countTests(code: number, stderr: string): Counts {
  const lines = Bun.stripANSI(stderr).split("\n");
  const end = lines.findLastIndex((line) => /^ *Ran \d+ tests? across \d+ files?\./.test(line));
  const summary = lines.slice(Math.max(end - 10, 0), Math.max(end, 0));
  const count = (word: keyof typeof MARKS) => {
    // Without a summary the run was cut short: only the single results are known.
    if (end < 0) return lines.filter((line) => MARKS[word].test(line)).length;
    const found = summary.findLast((line) => new RegExp(`^ *\\d+ ${word}$`).test(line));
    return Number.parseInt(found ?? "0", 10);
  };
  const broken = code !== 0 || end < 0;
  return {
    passed: count("pass"),
    failed: Math.max(count("fail"), broken ? 1 : 0),
    skipped: count("skip") + count("todo"),
  };
}

/** What `bun test` wrote of each failure, after its file's name: the last lines before the next result, and the result. */
export function failuresIn(stderr: string): string[] {
  const lines = Bun.stripANSI(stderr).split("\n");
  const isResult = (line: string) => Object.values(MARKS).some((mark) => mark.test(line));
  const isFile = (line: string) => /^\S+\.test\.ts:$/.test(line);
  const end = lines.findLastIndex((line) => /^ *\d+ tests? failed:$/.test(line));
  const found: string[] = [];
  let file = "";
  let since = 0;
  for (const [at, line] of lines.slice(0, end < 0 ? lines.length : end).entries()) {
    if (MARKS.fail.test(line))
      found.push([file, ...lines.slice(Math.max(since, at - FEW_LINES), at + 1)].join("\n"));
    if (isFile(line)) file = line;
    if (isFile(line) || isResult(line)) since = at + 1;
  }
  return found;
}

/** How long each file took once: the longest begin first. `bun test --parallel --timings=… --update-timings` takes them anew. */
const timings = join(import.meta.dir, "timings.json");

/** Runs all test files, each on its own, side by side. They wait more than they compute: two at a time for each core. */
async function runTests(files: string[]) {
  await using shared = await share();
  const side = `--parallel=${Math.min(2 * availableParallelism(), 8)}`;
  return await run("tests", [process.execPath, "test", side, `--timings=${timings}`, ...files], shared.env);
}

/** Makes once what every test file needs: a PostgreSQL, a migrated database to copy, the executable. */
async function share() {
  await using ends = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "loyalty-tests-"));
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  const env: Record<string, string> = {};
  // Whoever needs what could not be made here tries it again, and says why it cannot be.
  const make = (name: string, work: () => Promise<string>) =>
    work().then(
      (made) => (env[name] = made),
      (error: unknown) => say(`${name}: ${error}`),
    );
  await make("DATABASE_URL", async () => {
    if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
    return ends.adopt(await startPostgres({ bin: process.env.PG_BIN }), (server) => server.stop()).url;
  });
  await make("LOYALTY_TEST_TEMPLATE", async () => {
    const url = env.DATABASE_URL ?? "";
    const template = `test_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
    const admin = ends.adopt(postgres(url, { max: 1, onnotice: () => undefined }), (sql) => sql.end());
    await admin.unsafe(`create database ${template}`);
    ends.defer(async () => void (await admin.unsafe(`drop database ${template} with (force)`)));
    await migrate(Object.assign(new URL(url), { pathname: `/${template}` }).href);
    return template;
  });
  await make("LOYALTY_TEST_PROGRAM", async () => {
    const outfile = join(folder, "loyalty-bot");
    buildExecutable(outfile);
    return outfile;
  });
  const all = ends.move();
  return { env, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

if (import.meta.main) {
  const files = process.argv.slice(2);
  const before = {
    types: [...tool("tsc"), "--noEmit"],
    "types in a browser": [...tool("tsc"), "--noEmit", "-p", "src/demo/page"],
    lint: [...tool("biome"), "lint", "--error-on-warnings", "."],
    format: [...tool("biome"), "format", "."],
  };
  let failed = 0;
  for (const [name, command] of files.length > 0 ? [] : Object.entries(before))
    if ((await run(name, command)).code !== 0) failed++;
  const tests = await runTests(files);
  const counts = countTests(tests.code, tests.stderr);
  if (tests.code === 0 && counts.failed > 0)
    say("The test run ended before its summary: it counts as failed.");
  // The reader of a long log sees its end.
  for (const failure of failuresIn(tests.stderr)) say(`\n=== failed: ${failure}`);
  failed += counts.failed;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  process.exitCode = failed > 0 ? 1 : 0;
  say(`\n${counts.passed} passed, ${failed} failed${skipped}`);
}
