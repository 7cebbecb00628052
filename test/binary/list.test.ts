// The executable brings in a list of balances beside a running serve: dry run, import, what people then read, taking back.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServer } from "../helpers/compose-server.ts";
import { paperBlock } from "../helpers/papers.ts";
import { program, until, type World, world } from "../helpers/program.ts";

let w: World;
let folder: string;

beforeAll(async () => {
  program();
  w = await world({ empty: true });
  folder = mkdtempSync(join(tmpdir(), "loyalty-list-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await w[Symbol.asyncDispose]();
});

const seal = "seal: \\d+ rows, [\\d.]+ points owed, last hash \\w{64}; keep it as \\d+:\\w{64}\nverify: ok\n";

/** A file with these bytes, or words. */
function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("a file that is none, and words that do not fit, are sentences, and nothing is touched", async () => {
  const big = fileOf("big.csv", "");
  await Bun.$`truncate -s 1G ${big}`.quiet();
  for (const [args, says] of [
    [["--csv", "/no/such.csv"], "--csv: the file is not there"],
    [["--csv", folder], "--csv: the file is a folder."],
    [["--csv", ""], "--csv takes the path of a file"],
    [["--csv", big], "The file is larger than 12 MB: make several of it. Nothing was imported."],
    [["--csv", fileOf("empty.csv", "")], "The file is empty. Nothing was imported."],
    [["--csv", fileOf("zero.csv", "7\u00009;1")], "The file is UTF-16 or no text at all"],
    [["--csv", big, "--known", "all"], "--known takes skip"],
    [["--csv", big, "--take-back", "1"], "import takes one of"],
    [["--from", "postgres://x@y/z", "--known", "add"], "--known goes with --csv."],
    [["--take-back", "one"], "--take-back takes the number of a list"],
  ] as const) {
    const { code, out, err } = await w.run(["import", ...args]);
    expect([args, code, out, err.startsWith(says), err.trimEnd().split("\n").length]).toEqual([
      ...[args, 1, "", true, 1],
    ]);
  }
  expect([...(await w.sql`select from pg_class where relname = 'bonuslog'`)]).toEqual([]);
});

test("from the first start to the client's history: rehearsed, brought in beside serve, once, told to nobody, taken back", async () => {
  const list = fileOf(
    "list.csv",
    Buffer.concat([
      Buffer.from([0xd2, 0xe5, 0xeb, 0xe5, 0xf4, 0xee, 0xed, 0x3b, 0xc1, 0xe0, 0xeb, 0xeb, 0xfb, 0x0d, 0x0a]), // Телефон;Баллы
      Buffer.from("8 900 123-45-67;1 340,24\r\n9007654321;50\r\n+79005550011;0\r\n"),
    ]),
  );
  const rehearsed = await w.run(["import", "--csv", list, "--dry-run"]);
  const says = "1390.24 points, cards: 2, new ones: 2\nlines of 0 points, left out: 1\n";
  expect(rehearsed).toEqual({ code: 0, out: `list: ${says}nothing was written\n`, err: "" });
  expect([...(await w.sql`select from pg_class where relname = 'bonuslog'`)]).toEqual([]);

  await w.serve();
  const anna = await w.anna();
  const faulty = fileOf("faulty.csv", "89001234567;5\n8900123456;5\n+7 (900) 123 45 67;-1\n9001234567;7\n");
  const refused = await w.run(["import", "--csv", faulty]);
  expect([refused.code, refused.out]).toEqual([
    1,
    "line 2: its phone cannot be read, or is no number that a country gives out\nline 3: its points are negative\nline 4: the same phone as in line 1\n",
  ]);
  expect(refused.err).toEndWith("3 lines cannot be imported as they are. Nothing was imported.\n");
  expect(await w.ledger()).toHaveLength(0);

  const both = await Promise.all([w.run(["import", "--csv", list]), w.run(["import", "--csv", list])]);
  const [first, second] = both.map(({ out }) => out).sort();
  expect(first).toMatch(
    new RegExp(
      `^list 1: ${says.replace("ones: 2", "ones: 1")}should it be wrong: loyalty-bot import --take-back 1\n${seal}$`,
    ),
  );
  expect(second).toMatch(
    /^the same list came in on \d{4}-\d\d-\d\d as list 1: 1390\.24 points, cards: 2\nnothing was written\n$/,
  );
  const edited = fileOf("edited.csv", "9001234567,5\n79001112233,7\n");
  const again = await w.run(["import", "--csv", edited]);
  expect([again.code, again.out]).toEqual([1, "line 1: list 1 has brought points for its phone already\n"]);
  expect(again.err).toContain("--known skip leaves such lines out");
  expect((await w.run(["import", "--csv", edited, "--known", "skip"])).out).toStartWith(
    "list 2: 7.00 points, cards: 1, new ones: 1\nlines whose phones had points by an earlier list, left out: 1\n",
  );

  const told = anna.chat.messages.length;
  await anna.say("/history");
  await anna.waitForMessage("Баллы из прежней программы");
  await until(async () => (await w.sql`select from notices`).length === 0);
  expect(anna.chat.messages.length - told).toBe(2); // her question and the answer
  expect((await w.run(["export"])).out).toContain(",opening,");

  const back = await w.run(["import", "--take-back", "1"]);
  expect(back.out).toMatch(new RegExp(`^list 1 taken back by list 3: 1390\\.24 points, cards: 2\n${seal}$`));
  expect((await w.run(["import", "--take-back", "1"])).err).toEndWith(
    "List 1 was taken back already, by list 3.\n",
  );
  await anna.say("/history");
  await anna.waitForMessage("Баллы из прежней программы сняты: ошибка при загрузке");
  expect([first, second, again, back].every((one) => !JSON.stringify(one).includes("900123"))).toBe(true);
});

test("killed in the middle it leaves nothing, and comes whole when it is run again; a list comes by standard input too", async () => {
  const lines = Array.from({ length: 6_000 }, (_, at) => `+7901${String(1_000_000 + at)};1`).join("\n");
  const list = fileOf("many.csv", lines);
  const before = (await w.ledger()).length;
  const child = Bun.spawn([program(), "import", "--csv", list], {
    env: w.env,
    stdout: "ignore",
    stderr: "ignore",
  });
  await until(
    async () =>
      (
        await w.sql`
          select from pg_locks l join pg_stat_activity a using (pid)
          where l.locktype = 'advisory' and l.classid = 7305 and l.granted and a.datname = current_database()
            and now() - a.xact_start > interval '200 milliseconds'`
      ).length > 0,
  );
  child.kill("SIGKILL");
  await child.exited;
  expect(await w.ledger()).toHaveLength(before);
  expect([...(await w.sql`select from clients where phone like '+7901%'`)]).toEqual([]);
  const piped = Bun.spawn([program(), "import", "--csv", "-"], {
    ...{ env: w.env, stdin: Bun.file(list), stdout: "pipe" as const, stderr: "ignore" as const },
  });
  expect(await piped.stdout.text()).toMatch(/^list 4: 6000\.00 points, cards: 6000, new ones: 6000\n/);
  expect(await w.ledger()).toHaveLength(before + 6_000);
});

test("the list of docs/balances.md, brought in and taken back by its commands", async () => {
  const paper = "docs/balances.md";
  await using server = await composeServer(w.env);
  server.write("list.csv", paperBlock(paper, "csv", "Телефон"));
  const come = await server.block(paper, "--csv", {});
  expect(come.split("1390.24 points, cards: 2, new ones: 2\nlines of 0 points, left out: 1\n")).toHaveLength(
    3,
  );
  expect(come).toContain("verify: ok\n");
  const gone = await server.block(paper, "--take-back", {});
  expect(gone).toContain("list 1 taken back by list 2: 1390.24 points, cards: 2\n");
});
