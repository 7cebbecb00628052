/** The papers (README, changelog, docs): short where they must be, whole, and of this very program. */
import { expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import manifest from "../package.json";
import { maxWebhookAddress } from "../src/channels/max/messenger.ts";
import { menuTexts } from "../src/chat/menu.texts.ts";
import { help } from "../src/cli/args.ts";
import { programmeSettings } from "../src/config/programme-settings.ts";
import { settingNames } from "../src/config/settings.ts";
import { createHttp } from "../src/http/http.ts";
import { makeLog } from "../src/log.ts";
import {
  between,
  blocks,
  filledIn,
  firstCells,
  looseCommands,
  paperBlock,
  papers,
  proseOf,
  readPaper,
  sectionOf,
  takenBy,
} from "./helpers/papers.ts";
import { telegramDoor } from "./helpers/telegram-door.ts";
import { noCommands, ranBy, tried } from "./papers-tried.ts";
import { exampleOfSettings, withSettings } from "./tools/settings.ts";

const root = join(import.meta.dir, "..");

test("the README is at most 6 KB, and Markdown stands in the papers' places alone", () => {
  expect(Buffer.byteLength(readPaper("README.md"))).toBeLessThanOrEqual(6 * 1024);
  const found = new Bun.Glob("**/*.md").scanSync({ cwd: root, dot: true });
  const ours = [...found].filter((path) => !/(^|\/)(node_modules|dist|\.git)\//.test(path));
  expect(ours.sort()).toEqual([...papers, "test/REPORT.md", "test/bench/RESULTS.md"].sort());
});

/** A heading's anchor, as GitHub makes it. */
function anchor(head: string): string {
  return head
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

const headsOf = (paper: string) => takenBy(/^#+ (.+)$/gm, proseOf(paper)).map(anchor);

test("every link leads to a file that is there, and to one of its headings", () => {
  for (const paper of papers) {
    const dead = takenBy(/\]\(([^)\s]+)\)/g, proseOf(paper)).filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path = "", head] = link.split("#");
      const to = path === "" ? paper : posix.join(posix.dirname(paper), path);
      if (!existsSync(join(root, to))) return true;
      return head !== undefined && headsOf(to).filter((one) => one === head).length !== 1;
    });
    expect([paper, dead]).toEqual([paper, []]);
  }
});

test("every file that they name is there", () => {
  for (const paper of papers) {
    const words = takenBy(/([\w./@-]+)/g, readPaper(paper)).map((word) => word.replace(/[./]+$/, ""));
    const paths = words.filter((word) => /^(src|test|sql|docs|\.ci|\.github)\/\w/.test(word));
    expect([paper, paths.filter((path) => !existsSync(join(root, path)))]).toEqual([paper, []]);
  }
  const inside = takenBy(/`((?!dist)[\w-]+\/[\w./-]+)`/g, proseOf("docs/inside.md"));
  const gone = inside.filter((path) => ![path, `src/${path}`].some((one) => existsSync(join(root, one))));
  expect([inside.length > 100, gone]).toEqual([true, []]);
});

test("the reference has every command, setting and route, and no other", () => {
  const reference = readPaper("docs/reference.md");
  const commands = Object.keys(commandsOf());
  const written = firstCells(sectionOf("docs/reference.md", "Commands")).map(
    (name) => name.split(" ")[0] ?? "",
  );
  expect([...new Set(written.filter((name) => /^\w/.test(name)))].sort()).toEqual(commands.sort());

  expect(withSettings(reference)).toBe(reference); // bun test/tools/settings.ts --write
  expect(exampleOfSettings()).toBe(readPaper(".env.example"));

  const inTelegram = telegramDoor("", async () => {});
  const doors = {
    messengers: [inTelegram, { ...inTelegram, path: maxWebhookAddress("") }],
    yclients: null,
    metrics: null,
    ready: async () => true,
  };
  const { routes } = createHttp({ ...doors, log: makeLog("silent", false) });
  const paths = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/, "<$1>")}`);
  const said = firstCells(sectionOf("docs/reference.md", "HTTP")).map((one) =>
    one === "HEAD" ? "HEAD /yclients/webhook/<secret>" : one,
  );
  expect(said.filter((one) => !paths.includes(one) && !one.startsWith("HEAD"))).toEqual([]);
  expect(paths.filter((path) => !said.includes(path))).toEqual([]);
});

test("a setting that a paper names is one, or a name of the tools", () => {
  const others = [
    "POSTGRES_PASSWORD",
    "COMPOSE_FILE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "NAME",
    "NAME_FILE",
  ];
  const tools = [
    "FC_SEED",
    "LOYALTY_IMAGE",
    "LOYALTY_TEST_ALL",
    "LOYALTY_TEST_BOTH",
    "LOYALTY_TEST_IMAGE",
    "SETTLED_WORLDS",
    "REHEARSE_ROWS",
    "REHEARSE_VISITS",
    "SOAK_MINUTES",
  ];
  const words = ["DAY", "DATE", "USER", "DB", "LISTEN", "BEGIN", "HEAD", "FAIL"];
  const known = new Set<string>([...settingNames, ...others, ...tools, ...words]);
  for (const paper of papers.filter((one) => one !== "CHANGELOG.md")) {
    const named = takenBy(/`([A-Z][A-Z_]+)(?:=[^`]*)?`/g, proseOf(paper));
    expect([paper, named.filter((name) => !known.has(name))]).toEqual([paper, []]);
  }
});

test("the owner's page has an example of every setting of the programme", () => {
  const paper = readPaper("docs/programme.md");
  const rows = paper.split("\n").filter((line) => line.startsWith("| `"));
  const names = Object.values(programmeSettings).map(({ name }) => name);
  expect(names.filter((name) => !rows.some((row) => row.includes(`\`${name}=`)))).toEqual([]);
  expect(names.length).toBeGreaterThan(20);
});

test("kinds, decision words and tables are the database's", () => {
  const schema = readPaper("sql/schema.txt");
  const wordsOf = (rule: string) =>
    takenBy(/'(\w+)'/g, new RegExp(`${rule}: CHECK (.*)`).exec(schema)?.[1] ?? "");
  const [, tables = "", kinds = ""] = sectionOf("docs/reference.md", "Database").split(/^\|---.*$/m);
  expect(firstCells(kinds).sort()).toEqual(wordsOf("kind_is_known").sort());
  const made = wordsOf("decision_has_a_word").filter((word) => word !== "awarded");
  expect(firstCells(sectionOf("docs/reference.md", "Why a visit made nothing")).sort()).toEqual(made.sort());
  const named = firstCells(tables.split(/\n\n(?!\|)/)[0] ?? "");
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((name) => !new RegExp(`^(table|view) ${name}\\b`, "m").test(schema))).toEqual([]);
});

test("the chat's page names every command of the menus", () => {
  const chat = readPaper("docs/chat.md");
  const named = Object.keys(menuTexts("en")).filter(
    (name) => name !== "whyAdmin" && name !== "statementOfClient",
  );
  expect(named.filter((name) => !chat.includes(`\`/${name}`))).toEqual([]);
});

/** Every import in src, types too, as paths in src. */
const sources = [...new Bun.Glob("**/*.ts").scanSync({ cwd: join(root, "src") })];
const imports = sources.flatMap((from) =>
  takenBy(/^(?:import|export)\s[^"';]*?from "(\.[^"]+)"/gm, readPaper(`src/${from}`)).map((to) => {
    return { from, to: posix.join(posix.dirname(from), to) };
  }),
);

test("inside: every room has its line, and may be imported by those above it alone", () => {
  const room = (path: string) => `src/${path.includes("/") ? posix.dirname(path) : path}`;
  const rows = between("docs/inside.md", "rooms")
    .split("\n")
    .map((row) => firstCells(row));
  const rank = new Map(rows.flatMap((names, at) => names.map((name) => [name, at] as const)));
  expect([...rank.keys()].sort()).toEqual([...new Set(sources.map(room))].sort());
  const upwards = imports.filter(({ from, to }) => {
    const [above = 0, below = 0] = [rank.get(room(from)), rank.get(room(to))];
    return to.endsWith(".ts") && room(from) !== room(to) && above >= below;
  });
  expect(upwards.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test.each([
  { way: "visit", files: 20, rooms: 5 },
  { way: "bill", files: 15, rooms: 2 },
])(
  "inside: the way of a $way is short, and each of its files is reached from one before it",
  ({ way, files, rooms }) => {
    // A list begins where nothing of ours calls: at a timetable, or where a person taps.
    const lists = between("docs/inside.md", way)
      .split(/\n\n+/)
      .map((list) => takenBy(/^\d+\. `src\/([^`]+)`: \S/gm, list))
      .filter((list) => list.length > 0);
    const found = lists.flat();
    expect(lists.length).toBeLessThanOrEqual(2);
    expect(found.length).toBeGreaterThan(10);
    expect(found.length).toBeLessThanOrEqual(files);
    expect(new Set(found.map((path) => posix.dirname(path))).size).toBeLessThanOrEqual(rooms);
    const unreached = found.filter(
      (path, at) =>
        !lists.some(([first]) => first === path) &&
        !imports.some(({ from, to }) => to === path && found.slice(0, at).includes(from)),
    );
    expect(unreached).toEqual([]);
  },
);

/** Each command of `--help` with its options. */
function commandsOf(): Record<string, string[]> {
  const lines = [...help.matchAll(/^ {2}(\w+)(.*?) {2,}\S/gm)];
  const all = Map.groupBy(lines, ([, name = ""]) => name);
  return Object.fromEntries(
    [...all].map(([name, of]) => [name, of.flatMap(([, , rest = ""]) => rest.match(/--[\w-]+/g) ?? [])]),
  );
}

test("what the blocks and sentences call is there: commands with their options, scripts, services", () => {
  const commands = commandsOf();
  expect(Object.keys(commands).length).toBeGreaterThan(10);
  const call =
    /(?:loyalty-bot|(?:run|exec)(?: --?[\w-]+)* bot(?: \/loyalty-bot)?) ([a-z]+)((?: (?:--?[\w-]+|\S+))*)/g;
  for (const paper of papers) {
    const ours = blocks.filter((one) => one.paper === paper).map(({ text }) => text);
    const code = [...takenBy(/`([^`\n]+)`/g, readPaper(paper)), ...ours];
    const called = code.flatMap((text) => [...text.matchAll(call)]);
    const wrong = called.filter(([, name = "", rest = ""]) => {
      const options = rest.split(/[|><&;\n]/)[0]?.match(/--[\w-]+/g) ?? [];
      return !(name in commands) || options.some((option) => !commands[name]?.includes(option));
    });
    expect([paper, wrong.map(([text]) => text)]).toEqual([paper, []]);
    const scripts = takenBy(/\bbun(?:@[\d.]+)? run (\w+)/g, readPaper(paper));
    expect([paper, scripts.filter((name) => !(name in manifest.scripts))]).toEqual([paper, []]);
  }
});

test("every block of commands or configuration is held by a test that names its paper, or says that none runs it", () => {
  const loose = blocks.filter(({ paper, language, heldBy, notRun }) => {
    if (language === "text" || (notRun && heldBy === null)) return false;
    if (heldBy === null || notRun || !existsSync(join(root, heldBy))) return true;
    return !readFileSync(join(root, heldBy), "utf8").includes(posix.basename(paper, ".md"));
  });
  expect(blocks.length).toBeGreaterThan(20);
  expect(loose.map(({ paper, text }) => `${paper}: ${text.split("\n")[0]}`)).toEqual([]);
});

/** The name of the program's own command that is called, in whichever way the papers call it; else the words themselves. */
function commandIn(words: string): string {
  const how =
    "loyalty-bot |loyalty |docker compose (?:run|exec)(?: -T| --rm| --build| --no-deps)* bot (?:/loyalty-bot )?";
  const [, name = ""] = new RegExp(`^(?:${how})?(\\w+)(?: [^&|;]*)?$`).exec(words) ?? [];
  return name in commandsOf() ? name : words;
}

test("every command of the papers is run by a test, or was tried by hand on a day, with what stands in a test's way", () => {
  const byTests = Object.values(ranBy).flat();
  const byHand = tried.flatMap(({ words }) => words);
  const known = new Set([...byTests, ...byHand, ...noCommands]);
  const found = looseCommands.map(({ paper, words }) => ({ paper, command: commandIn(words) }));
  const untried = found.filter(({ command }) => !known.has(command));
  expect(untried.map(({ paper, command }) => `${paper}: ${command}`)).toEqual([]);
  const all = new Set(found.map(({ command }) => command));
  const gone = [...known].filter((one) => !all.has(one) && !(one in commandsOf()));
  expect(gone).toEqual([]);
  expect(known.size).toBe(byTests.length + byHand.length + noCommands.length); // each in one place
  for (const { day, came, inTheWay } of tried) {
    expect(day).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
    expect([came.length > 20, inTheWay.length > 10]).toEqual([true, true]);
  }
});

test("the tests that are said to run the papers' commands name them", () => {
  const silent = Object.entries(ranBy).filter(([file, all]) => {
    const text = readPaper(file);
    return all.some((one) => one in commandsOf() && !text.includes(`"${one}"`));
  });
  expect(silent.map(([file]) => file)).toEqual([]);
});

/** Runs a block in an empty folder, with these words on its standard input; commands in `instead` only note that they ran. */
function runBlock(
  script: string,
  { input = "", instead = [] as string[], files = {} as Record<string, string> } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-papers-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const noted = instead.map((name) => `${name}() { echo "${name} $*" >> noted; }`).join("\n");
    const command = ["bash", "-euo", "pipefail", "-c", `${noted}\n${script}`];
    const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: folder, stdin: Buffer.from(input) });
    expect([exitCode, stderr.toString()]).toEqual([0, ""]);
    const read = (path: string) => readFileSync(join(folder, path), "utf8");
    const paths = [...new Bun.Glob("**/*").scanSync({ cwd: folder, dot: true, followSymlinks: true })];
    const made = Object.fromEntries(paths.map((path) => [path, read(path)]));
    return {
      out: stdout.toString(),
      made,
      mode: existsSync(join(folder, "secrets")) && statSync(join(folder, "secrets")).mode & 0o777,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the block of setup.sh in an empty folder with these answers, a line each: what it wrote. */
function setUp(answers: string, files: Record<string, string> = {}) {
  const block = filledIn(paperBlock("docs/install.md", "sh", "cd /opt/loyalty-bot\nbash docs/setup.sh"), {
    "/opt/loyalty-bot": ".",
  });
  const given = ["docs/setup.sh", ".env.example"].map((path) => [path, readPaper(path)] as const);
  return runBlock(block, { input: answers, files: { ...Object.fromEntries(given), ...files } });
}

test("install: the answers are in .env, and the secrets a file each, under names that the compose file takes", () => {
  const { made, mode } = setUp("4564\nИП О'Нил & К/о, ИНН 77 $x # z\nthe bot's\npartner's\nuser's\n");
  expect(mode).toBe(0o700);
  const secrets = Object.entries(made).filter(([path]) => path.startsWith("secrets/"));
  const { "secrets/POSTGRES_PASSWORD": password = "", ...others } = Object.fromEntries(secrets);
  expect(password).toMatch(/^[0-9a-f]{48}$/);
  expect(others).toEqual({
    "secrets/DATABASE_URL": `postgresql://loyalty:${password}@db:5432/loyalty`,
    "secrets/FATHERBOT_TOKEN": "the bot's",
    "secrets/YCLIENTS_PARTNER_TOKEN": "partner's",
    "secrets/YCLIENTS_USER_TOKEN": "user's",
  });
  const compose = Bun.YAML.parse(readPaper("compose.yml")) as { secrets: Record<string, { file: string }> };
  const asked = Object.values(compose.secrets).map(({ file }) => file);
  expect(secrets.map(([path]) => path).sort()).toEqual(asked.sort());
  const lines = (text: string) =>
    text.split("\n").filter((line) => !/^#?(COMPANY_ID|LEGAL_NAME)=/.test(line));
  expect(lines(made[".env"] ?? "")).toEqual(lines(exampleOfSettings()));
  expect(made[".env"]).toContain("\nCOMPANY_ID='4564'\n");
  // As the compose file's own reader takes it: between single quotes nothing but a quote means anything.
  expect(made[".env"]).toContain("\nLEGAL_NAME='ИП О\\'Нил & К/о, ИНН 77 $x # z'\n");
});

test("install: what was typed unseen is told by its length, and at the end where to go on", () => {
  const once = setUp("4564\nИП\nbot\npartner\n\n");
  expect(once.out).toBe(
    `(3 characters)\n(7 characters)\n(none yet)\n${/^echo "(.*)"$/m.exec(readPaper("docs/setup.sh"))?.[1]}\n`,
  );
  expect(headsOf("docs/install.md")).toContain(anchor("3. Start"));
  expect(setUp("\n\n\n\nuser\n", once.made).out).toStartWith(
    "(stays as it is)\n(stays as it is)\n(4 characters)\n",
  );
});

test("install: for Swarm, which reads a line of .env as it stands, the answers lose their quotes and nothing else", () => {
  const { made } = setUp('4564\nИП О\'Нил & К/о, "х" $x # z\nbot\npartner\nuser\n');
  const files = { ".env": `${made[".env"]}CARD_COLOR="#0b3d2e"\nRULES_URL=a'b'\n#POLICY_URL='c'\n` };
  const bare = runBlock(paperBlock("docs/install.md", "sh", "sed -i -E"), { files }).made[".env"] ?? "";
  const plain = files[".env"]
    .replace("'4564'", "4564")
    .replace(/^LEGAL_NAME=.*$/m, () => 'LEGAL_NAME=ИП О\'Нил & К/о, "х" $x # z')
    .replace('"#0b3d2e"', "#0b3d2e");
  expect(bare).toBe(plain);
});

test("install: a command beside the service has its settings, whatever stands in them", () => {
  const block = filledIn(paperBlock("docs/install.md", "sh", "loyalty check"), {
    "/etc/loyalty-bot/env": "./env",
  });
  const files = {
    env: "LEGAL_NAME='ИП Нил & К, $x # z'\nSYNC_CRON='0 * * * * *'\n",
    "bin/loyalty-bot": '#!/bin/sh\necho "$LEGAL_NAME|$SYNC_CRON|$*"\n',
  };
  const path = 'chmod +x bin/loyalty-bot; PATH="$PWD/bin:$PATH"\n';
  const { out } = runBlock(`${path}${block}\necho "\${LEGAL_NAME-kept out}"`, { files });
  expect(out).toBe("ИП Нил & К, $x # z|0 * * * * *|check\nkept out\n");
});

test("install: set up once more, Enter leaves a thing as it is, and the database's password stays", () => {
  const once = setUp("4564\nИП\nbot\npartner\n\n").made;
  expect(once["secrets/YCLIENTS_USER_TOKEN"]).toBe(""); // until `token` has printed it
  const again = setUp("4564,4565\n\n\n\nuser\n", once).made;
  const env = (once[".env"] ?? "").replace("COMPANY_ID='4564'", "COMPANY_ID='4564,4565'");
  expect(again).toEqual({ ...once, ".env": env, "secrets/YCLIENTS_USER_TOKEN": "user" });
});

test("install: set up after a run that was broken off, all is there; what was written by hand stays or gives way whole", () => {
  const before = {
    "secrets/POSTGRES_PASSWORD": "abc",
    ".env": "PORT=1\n#COMPANY_ID=1\nCOMPANY_ID=2\nCOMPANY_ID=3",
  };
  const { made } = setUp("4\nИП\nbot\npartner\n\n", before);
  expect(made["secrets/DATABASE_URL"]).toBe("postgresql://loyalty:abc@db:5432/loyalty");
  expect(made[".env"]).toBe("PORT=1\nCOMPANY_ID='4'\nLEGAL_NAME='ИП'\n");
  const elsewhere = { "secrets/DATABASE_URL": "postgresql://other", "secrets/POSTGRES_PASSWORD": "" };
  const second = setUp("\n\n\n\n\n", elsewhere).made;
  expect(second["secrets/DATABASE_URL"]).toBe("postgresql://other");
  expect(second["secrets/POSTGRES_PASSWORD"]).toMatch(/^[0-9a-f]{48}$/);
});

test("install: the site gets its name, and is switched on", () => {
  const block = filledIn(paperBlock("docs/install.md", "sh", "sites-available"), {
    "/opt/loyalty-bot": root,
    "/etc/nginx": ".",
  });
  const folders = { "sites-available/other": "", "sites-enabled/other": "" };
  const { made } = runBlock(`name=card.salon.ru\n${block}`, {
    files: folders,
    instead: ["nginx", "systemctl"],
  });
  const site = readPaper("docs/nginx.conf").replaceAll("bot.example.ru", "card.salon.ru");
  expect(made["sites-available/loyalty-bot"]).toBe(site);
  expect(made["sites-enabled/loyalty-bot"]).toBe(site);
  expect(made.noted).toBe("nginx -t\nsystemctl reload nginx\n");
});

test("install: YCLIENTS's secret lands in .env, and in the address that is printed", () => {
  const block = paperBlock("docs/install.md", "sh", "YCLIENTS_WEBHOOK_SECRET");
  const files = { ".env": readPaper(".env.example") };
  const { made, out } = runBlock(`name=card.salon.ru\n${block}`, { files, instead: ["docker"] });
  const [, secret = ""] = /^YCLIENTS_WEBHOOK_SECRET=(.*)$/m.exec(made[".env"] ?? "") ?? [];
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(out).toBe(`https://card.salon.ru/yclients/webhook/${secret}\n`);
  expect(made.noted).toBe("docker compose up -d --wait\n");
});
