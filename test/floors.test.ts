/** Holds the rooms of the source: who may import whom, no circles, and a few things that stand in one place only. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix } from "node:path";
import { still } from "./floors.still.ts";

const root = join(import.meta.dir, "../src");
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts"))
  .sort();
const sources = new Map(files.map((path) => [path, readFileSync(join(root, path), "utf8")]));

/** One import or re-export. `to` is a path in src, or the name of what comes from npm. */
interface Import {
  from: string;
  to: string;
  kind: "ours" | "npm" | "builtin" | "outside";
  typeOnly: boolean;
}

const statement = /^(?:import|export)\s+(type\s)?([^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;

function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(statement)].map((match) => {
    const named = match[3] ?? match[4] ?? "";
    const members = /^\{([\s\S]*)\}\s*from/.exec(match[2]?.trim() ?? "")?.[1]?.split(",") ?? [];
    const allTypes = members.length > 0 && members.every((one) => /^\s*(type\s|$)/.test(one));
    const to = named.startsWith(".") ? posix.join(posix.dirname(path), named) : named;
    const builtin = named.startsWith("node:") || named === "bun" || builtinModules.includes(named);
    const kind = !named.startsWith(".")
      ? builtin
        ? ("builtin" as const)
        : ("npm" as const)
      : to.startsWith("..")
        ? ("outside" as const)
        : ("ours" as const);
    return { from: path, to, kind, typeOnly: match[1] !== undefined || allTypes };
  });
}

const imports = [...sources].flatMap(([path, text]) => importsOf(path, text));

/** The room of a file: its folder, or the file itself on the top level. */
const roomOf = (path: string) => (path.includes("/") ? posix.dirname(path) : path);
const name = (edge: Import) => `${edge.from} imports ${edge.to}${edge.typeOnly ? " (types)" : ""}`;

/** What any room may use. */
const ground = ["rules", "errors.ts", "clock.ts", "type:log.ts"];
/** What a room of the business may use beside it: words that all share, and the database. */
const business = [...ground, "texts", "db/connect.ts", "jobs"];

/**
 * Who may import whom: down only. Of our own: a room, a file, or `type:` before either for types alone. `npm` is every
 * package, `npm:x` that one.
 */
const mayImport: Record<string, string[]> = {
  rules: ["npm:libphonenumber-js/min"],
  "errors.ts": [],
  "clock.ts": [],
  "log.ts": ["npm:pino"],
  "packed.ts": [],
  texts: ["rules"],
  db: ["rules", "errors.ts", "packed.ts", "npm:postgres"],
  picture: ["errors.ts", "npm"],
  config: ["rules", "errors.ts", "npm:croner"],
  yclients: [...ground, "log.ts", "npm"],
  channels: business,
  "channels/telegram": [...business, "channels", "log.ts", "npm"],
  "channels/max": [...business, "channels", "log.ts", "npm:valibot"],
  jobs: [...ground, "db/connect.ts", "type:yclients"],
  ledger: business,
  levels: [...business, "ledger"],
  cards: [...business, "ledger", "type:yclients", "npm:valibot"],
  visits: [...business, "cards", "ledger", "levels", "type:yclients"],
  settlements: [...business, "ledger", "visits", "yclients", "type:log.ts"],
  gifts: [...business, "cards", "ledger", "type:yclients", "type:log.ts"],
  friends: [...business, "ledger", "visits", "log.ts", "type:yclients"],
  import: [...business, "cards", "ledger"],
  chat: [...business, "type:cards", "channels", "type:friends", "visits"],
  alarms: [...business, "visits", "check", "settlements", "type:channels"],
  notices: [...business, "cards", "friends", "levels", "visits", "ledger", "type:channels"],
  check: [
    ...business,
    "channels/max",
    "channels/telegram",
    "type:yclients",
    "type:db/facts.ts",
    "ledger",
    "settlements",
    "visits",
    "notices",
  ],
  client: [
    ...business,
    "channels",
    "chat",
    "levels",
    "type:picture",
    "cards",
    "friends",
    "gifts",
    "notices",
    "visits",
    "ledger",
  ],
  till: [
    ...business,
    "channels",
    "chat",
    "client",
    "type:picture",
    "cards",
    "friends",
    "levels",
    "settlements",
    "visits",
    "ledger",
  ],
  owners: [
    ...[...business, "type:channels", "chat", "client", "till", "cards", "visits", "ledger", "levels"],
    "npm:@cj-tech-master/excelts",
  ],
  statements: [...business, "cards", "channels", "chat", "client", "ledger", "visits"],
  metrics: [...business, "type:visits", "notices", "db", "type:config", "npm:prom-client"],
  http: [...ground, "npm:elysia"],
  // Builds every part and hands them on.
  app: [
    ...[
      ...business,
      "alarms",
      "cards",
      "channels",
      "channels/max",
      "channels/telegram",
      "chat",
      "check",
      "client",
      "db",
      "gifts",
      "friends",
      "http",
      "ledger",
      "levels",
    ],
    ...[
      "metrics",
      "notices",
      "owners",
      "picture",
      "settlements",
      "statements",
      "till",
      "visits",
      "yclients",
      "type:config",
    ],
    ...["npm:elysia", "npm:@elysiajs/cron", "npm:croner"],
  ],
  cli: [
    ...[
      ...business,
      "alarms",
      "app",
      "cards",
      "channels/max",
      "channels/telegram",
      "chat",
      "check",
      "config",
      "db",
      "import",
    ],
    ...["ledger", "levels", "owners", "settlements", "statements", "visits", "yclients"],
  ],
  // What stands for the outside knows nothing of the product.
  "standins/yclients": [],
  "standins/telegram": ["type:npm:grammy/types"],
  "standins/max": [],
  "standins/postgres": [],
  // The salon's day and its page look at the whole program from outside, as its tests do.
  demo: [
    ...[
      "standins/yclients",
      "standins/telegram",
      "standins/max",
      "standins/postgres",
      "cli",
      "config",
      "ledger",
      "statements",
      "visits",
      "db",
      "texts",
    ],
    ...["rules", "clock.ts", "errors.ts", "packed.ts", "type:log.ts", "npm", "type:demo/page"],
  ],
  // What runs in a browser: it knows of the program what it is sent, and nothing else.
  "demo/page": [],
  "main.ts": ["app", "cli", "config", "errors.ts", "log.ts", "demo/demo.ts", "picture/logo.worker.ts"],
};

function allowed(edge: Import): boolean {
  if (edge.kind === "builtin") return true;
  if (edge.kind === "outside") return edge.from === "main.ts" && edge.to === "../package.json";
  if (edge.kind === "ours" && roomOf(edge.from) === roomOf(edge.to)) return true;
  return (mayImport[roomOf(edge.from)] ?? []).some((rule) => gives(rule, edge));
}

/** Whether a rule of the table is about this import. */
function gives(rule: string, { to, kind, typeOnly }: Import): boolean {
  const packageName = to.split("/", to.startsWith("@") ? 2 : 1).join("/");
  const names = kind === "npm" ? ["npm", `npm:${packageName}`, `npm:${to}`] : [to, roomOf(to)];
  return names.some((one) => rule === one || (typeOnly && rule === `type:${one}`));
}

test("the reader of imports sees every form of them", () => {
  const text = `import a from "./a.ts";
import type { B } from "../b/b.ts";
import { type C, type D } from "./c.ts";
import { type E, f } from "./f.ts";
import {
  g,
  type H,
} from "npm-g/sub";
import * as i from "valibot";
export type { J } from "./j.ts";
export { k } from "./k.ts";
import "./l.ts";
const m = await import("../m.ts");
import n from "../../package.json" with { type: "json" };
import { o } from "node:fs";
`;
  expect(importsOf("x/y.ts", text).map((edge) => `${edge.kind} ${edge.to} ${edge.typeOnly}`)).toEqual([
    "ours x/a.ts false",
    "ours b/b.ts true",
    "ours x/c.ts true",
    "ours x/f.ts false",
    "npm npm-g/sub false",
    "npm valibot false",
    "ours x/j.ts true",
    "ours x/k.ts false",
    "ours x/l.ts false",
    "ours m.ts false",
    "outside ../package.json false",
    "builtin node:fs false",
  ]);
});

test("every file stands in a room of the table, and every import of our own names a file", () => {
  expect(files.map(roomOf).filter((room) => !(room in mayImport))).toEqual([]);
  expect(imports.filter((edge) => edge.kind === "ours" && !sources.has(edge.to)).map(name)).toEqual([]);
});

test("a room imports what the table gives it, downwards", () => {
  expect(imports.filter((edge) => !allowed(edge)).map(name)).toEqual(still.upwards);
});

test("the table gives a room nothing that it has no use for", () => {
  const idle = Object.entries(mayImport).flatMap(([room, rules]) => {
    const theirs = imports.filter((edge) => roomOf(edge.from) === room && roomOf(edge.to) !== room);
    const own = rules.filter((rule) => !business.includes(rule));
    return own.filter((rule) => !theirs.some((edge) => gives(rule, edge))).map((rule) => `${room}: ${rule}`);
  });
  expect(idle).toEqual([]);
});

test("nothing imports main.ts, app is for it and cli, and demo for main alone", () => {
  const importersOf = (test: (path: string) => boolean) =>
    new Set(
      imports
        .filter((edge) => test(edge.to) && roomOf(edge.from) !== roomOf(edge.to))
        .map((edge) => roomOf(edge.from)),
    );
  expect(importersOf((path) => path === "main.ts")).toEqual(new Set());
  const shown = imports.filter((edge) => edge.to.startsWith("demo/page/") && roomOf(edge.from) === "demo");
  expect(shown.filter((edge) => edge.to !== "demo/page/protocol.ts")).toEqual([]);
  expect(importersOf((path) => path.startsWith("demo/") && !path.startsWith("demo/page/"))).toEqual(
    new Set(["main.ts"]),
  );
});

/** Every circle of imports among the files, each once. */
function circles(edges: Import[]): string[] {
  const next = new Map(files.map((path) => [path, [] as string[]]));
  for (const edge of edges) if (edge.kind === "ours") next.get(edge.from)?.push(edge.to);
  const found: string[] = [];
  const finished = new Set<string>();
  const walk = (path: string, way: string[]): void => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(" -> "));
    if (way.includes(path) || finished.has(path)) return;
    for (const to of next.get(path) ?? []) walk(to, [...way, path]);
    finished.add(path);
  };
  for (const path of files) walk(path, []);
  return found;
}

test("no import goes round in a circle, of types neither", () => {
  expect(circles(imports.filter((edge) => !edge.typeOnly))).toEqual([]);
  expect(circles(imports).sort()).toEqual(still.circles);
});

/** What a file's name says that it is: `.rule`, `.store`, `.texts`, `.chat`, or a flow. */
const suffixOf = (path: string) => /\.(rule|store|texts|chat|macro)\.ts$/.exec(path)?.[1] ?? "flow";

/** Whether a file of this kind may use what it imports; what its room may use, the table of rooms says. */
function fits({ from, to, kind, typeOnly }: Import): boolean {
  const own = roomOf(from) === roomOf(to);
  const shared = roomOf(to) === "rules" || to === "errors.ts";
  switch (suffixOf(from)) {
    case "rule":
      return kind === "ours" && (shared || suffixOf(to) === "rule");
    case "store":
      return (
        kind === "ours" &&
        (shared ||
          to === "db/connect.ts" ||
          suffixOf(to) === "rule" ||
          (own && (typeOnly || suffixOf(to) === "store")))
      );
    case "texts":
      return (
        kind === "ours" &&
        (shared ||
          roomOf(to) === "texts" ||
          suffixOf(to) === "texts" ||
          typeOnly ||
          (own && suffixOf(to) === "rule"))
      );
    case "chat":
      return suffixOf(to) !== "store";
    default:
      return true;
  }
}

test("rules know rules, stores the database, texts words, and what is said in a chat no store", () => {
  expect(imports.filter((edge) => !fits(edge)).map(name)).toEqual(still.suffixes);
});

test("SQL stands in stores and in db", () => {
  const sql = /(?<!`)\b(sql|tx|db)(<[^`;]*>)?`|\.unsafe\(/;
  const found = files.filter((path) => !path.startsWith("db/") && suffixOf(path) !== "store");
  expect(found.filter((path) => sql.test(sources.get(path) ?? ""))).toEqual(still.sql);
});

test("a room asks another by its flows, not by its store", () => {
  const theirs = imports.filter(
    ({ from, to, kind }) => kind === "ours" && suffixOf(to) === "store" && roomOf(from) !== roomOf(to),
  );
  expect(theirs.map(name)).toEqual(still.storesOfOthers);
});

test("a messenger's library is known to its channel alone, and its types to the stand-in that plays the messenger", () => {
  const rooms = new Set(
    imports
      .filter(({ to, kind }) => kind === "npm" && /^@?grammy/.test(to))
      .map((edge) => roomOf(edge.from) + (edge.typeOnly ? " (types)" : "")),
  );
  expect([...rooms].sort()).toEqual([
    "channels/telegram",
    "channels/telegram (types)",
    "standins/telegram (types)",
  ]);
});

test("a name that is exported means one thing in the whole tree", () => {
  const declared =
    /^export (?:async )?(?:function\*?|const|let|class|abstract class|interface|type|enum) (\w+)/gm;
  const places = new Map<string, string[]>();
  for (const [path, text] of sources)
    for (const [, word = ""] of text.matchAll(declared))
      places.set(word, [...(places.get(word) ?? []), path]);
  const many = [...places].filter(([, paths]) => paths.length > 1);
  expect(many.map(([word, paths]) => `${word}: ${paths.join(", ")}`).sort()).toEqual(still.manyMeanings);
});

test("what is short and has one reader stands where it is read", () => {
  const readers = (path: string) =>
    new Set(imports.filter((edge) => edge.to === path).map((edge) => edge.from));
  const apart = (path: string) => /^(rule|store|texts|macro)$/.test(suffixOf(path)) || path.endsWith(".d.ts");
  const short = [...sources].filter(([path, text]) => !apart(path) && text.split("\n").length <= 60);
  expect(
    short.flatMap(([path]) => (readers(path).size === 1 ? [`${path} for ${[...readers(path)]}`] : [])),
  ).toEqual(still.small);
});

/** Lines of the source with something in them, as `path:line`. */
function linesWith(pattern: RegExp, except: (path: string) => boolean): string[] {
  return [...sources]
    .filter(([path]) => !except(path))
    .flatMap(([path, text]) =>
      text
        .split("\n")
        .flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : [])),
    );
}

test("only main.ts knows the process's environment, arguments and signals", () => {
  const known = /\bprocess\.(env|argv|on|once|exit|exitCode)\b|\bBun\.(env|argv)\b|import\.meta\.env/;
  expect(linesWith(known, (path) => path === "main.ts")).toEqual([]);
});

test("Russian is said in texts alone, and in the demo's salon", () => {
  // Read, not said: what admins type and clients write, and a person's name and address as an example of a setting.
  const others = [
    "till/till.rule.ts",
    "client/birthday.rule.ts",
    "client/stems.rule.ts",
    "client/words.rule.ts",
    "config/settings.ts",
  ];
  const said = linesWith(
    /[\u0400-\u04ff]/,
    (path) => /^(texts|demo|standins)\/|\.texts\.ts$/.test(path) || others.includes(path),
  );
  expect(said.filter((line) => !/^\S+ (\/\/|\/\*\*|\*) /.test(line))).toEqual([]);
});

test("only the ledger writes the ledger, and only stores and db know SQL", () => {
  const adds = [...sources].filter(([, text]) => /\baddEntries\b/.test(text)).map(([path]) => path);
  expect(adds).toEqual(["ledger/entries.store.ts", "ledger/ledger.ts"]);
  expect(
    linesWith(/\binsert into bonuslog\b|\bupdate bonuslog\b/i, (path) => path.startsWith("ledger/")),
  ).toEqual([]);
});

test("no file is longer than 300 lines, and none is everybody's drawer", () => {
  const long = [...sources].map(([path, text]) => `${path} ${text.split("\n").length - 1}`);
  expect(long.filter((line) => Number(line.split(" ")[1]) > 300)).toEqual([]);
  expect(files.filter((path) => /(^|\/)(utils?|helpers?|common|types|index)\.ts$/.test(path))).toEqual([]);
});
