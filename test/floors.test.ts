/** Holds the floors of the source: who may import whom, no circles, and a few things that stand in one place only. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix } from "node:path";

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

/** Where a file stands: its folder, or the file itself on the top level. */
const floorOf = (path: string) => (path.includes("/") ? posix.dirname(path) : path);
const name = (edge: Import) => `${edge.from} imports ${edge.to}${edge.typeOnly ? " (types)" : ""}`;

/** Of our own: a folder, a file, or `type:` before either for types alone. `npm` is every package, `npm:x` that one. */
const mayImport: Record<string, string[]> = {
  rules: ["rules", "npm:libphonenumber-js/min"],
  "errors.ts": [],
  "clock.ts": [],
  "log.ts": ["npm:pino"],
  "values.ts": ["rules", "npm:valibot"],
  "settings.ts": ["values.ts", "npm:valibot"],
  "near.ts": ["settings.ts"],
  "config.ts": ["settings.ts", "near.ts", "values.ts", "errors.ts", "rules", "npm:valibot"],
  texts: ["texts", "rules"],
  db: ["db", "rules", "errors.ts", "npm:postgres"],
  yclients: ["yclients", "rules", "clock.ts", "errors.ts", "log.ts", "npm"],
  telegram: ["telegram", "rules", "errors.ts", "log.ts", "npm"],
  // The earlier Python program's database: it is connected to as ours is.
  old: ["old", "db/connect.ts", "rules", "errors.ts"],
  picture: ["picture", "rules", "npm"],
  // A type lives in the file that makes the value, so a table's file may name another's.
  store: ["db/connect.ts", "rules", "errors.ts", "type:store"],
  flows: [
    ...["flows", "store", "rules", "texts", "clock.ts", "errors.ts", "type:log.ts", "db/connect.ts"],
    ...["type:db/facts.ts", "type:yclients", "type:telegram", "type:old", "npm:valibot"],
  ],
  bot: [
    "bot",
    "picture",
    "flows",
    "texts",
    "rules",
    "errors.ts",
    "type:db/connect.ts",
    "type:log.ts",
    "type:telegram",
    "npm:grammy",
  ],
  http: ["http", "flows", "texts", "rules", "errors.ts", "type:db/connect.ts", "type:log.ts", "npm:elysia"],
  cron: ["cron", "flows", "rules", "errors.ts", "type:log.ts", "npm:elysia", "npm:@elysiajs/cron"],
  // The commands build the parts they need, as app.ts does, and hand them on.
  cli: [
    ...["cli", "app", "config.ts", "db", "yclients", "telegram", "old", "flows", "store", "rules", "texts"],
    ...["errors.ts", "type:log.ts"],
  ],
  // What app.ts is made of.
  app: [
    ...["app", "bot", "picture", "flows", "store", "db", "yclients", "telegram", "texts", "rules"],
    ...["clock.ts", "errors.ts", "type:log.ts", "type:config.ts", "type:npm:grammy", "npm:prom-client"],
  ],
  "app.ts": ["app", "http", "cron", "flows", "db", "errors.ts", "type:log.ts", "type:config.ts"],
  // The stand-ins and the page look at the whole program from outside, as its tests do.
  demo: [
    ...["demo", "cli", "config.ts", "flows", "store", "db", "texts", "rules", "errors.ts"],
    ...["type:log.ts", "npm", "type:demo/page"],
  ],
  // What runs in a browser: it knows of the program what it is sent, and nothing else.
  "demo/page": ["demo/page"],
  "main.ts": ["app.ts", "cli", "config.ts", "errors.ts", "log.ts", "demo/demo.ts"],
};

function allowed(edge: Import): boolean {
  if (edge.kind === "builtin") return true;
  if (edge.kind === "outside") return edge.from === "main.ts" && edge.to === "../package.json";
  const packageName = edge.to.split("/", edge.to.startsWith("@") ? 2 : 1).join("/");
  const names =
    edge.kind === "npm" ? ["npm", `npm:${packageName}`, `npm:${edge.to}`] : [edge.to, floorOf(edge.to)];
  const rule = mayImport[floorOf(edge.from)] ?? [];
  return names.some((one) => rule.includes(one) || (edge.typeOnly && rule.includes(`type:${one}`)));
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

test("every file stands on a floor of the table, and every import of our own names a file", () => {
  expect(files.map(floorOf).filter((floor) => !(floor in mayImport))).toEqual([]);
  expect(imports.filter((edge) => edge.kind === "ours" && !sources.has(edge.to)).map(name)).toEqual([]);
});

test("doors call flows, flows ask rules and store, nobody calls upwards", () => {
  expect(imports.filter((edge) => !allowed(edge)).map(name)).toEqual([]);
});

test("nothing imports main.ts, app.ts is for main alone, its parts for it and cli, and demo for main alone", () => {
  const importersOf = (test: (path: string) => boolean) =>
    new Set(
      imports
        .filter((edge) => test(edge.to) && floorOf(edge.from) !== floorOf(edge.to))
        .map((edge) => floorOf(edge.from)),
    );
  expect(importersOf((path) => path === "main.ts")).toEqual(new Set());
  expect([...importersOf((path) => path === "app.ts")].sort()).toEqual(["main.ts"]);
  expect([...importersOf((path) => path.startsWith("app/"))].sort()).toEqual(["app.ts", "cli"]);
  const shown = imports.filter((edge) => edge.to.startsWith("demo/page/") && floorOf(edge.from) === "demo");
  expect(shown.filter((edge) => edge.to !== "demo/page/protocol.ts")).toEqual([]);
  expect(importersOf((path) => path.startsWith("demo/") && !path.startsWith("demo/page/"))).toEqual(
    new Set(["main.ts"]),
  );
});

test("no import goes round in a circle", () => {
  const next = new Map(files.map((path) => [path, [] as string[]]));
  for (const edge of imports) if (edge.kind === "ours" && !edge.typeOnly) next.get(edge.from)?.push(edge.to);
  const circles: string[] = [];
  const finished = new Set<string>();
  const walk = (path: string, way: string[]): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(" -> "));
    if (way.includes(path) || finished.has(path)) return;
    for (const to of next.get(path) ?? []) walk(to, [...way, path]);
    finished.add(path);
  };
  for (const path of files) walk(path, []);
  expect(circles).toEqual([]);
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
  // Read, not said: what admins type, and a person's name and address as an example of a setting.
  const others = ["rules/till.ts", "settings.ts"];
  const said = linesWith(/[\u0400-\u04ff]/, (path) => /^(texts|demo)\//.test(path) || others.includes(path));
  expect(said.filter((line) => !/^\S+ (\/\/|\/\*\*|\*) /.test(line))).toEqual([]);
});

test("only the ledger writes the ledger, and only the store and db know SQL", () => {
  const writers = imports.filter((edge) => !edge.typeOnly && edge.to === "store/bonuslog.ts");
  const adds = [...sources].filter(([, text]) => /\baddEntries\b/.test(text)).map(([path]) => path);
  expect(adds).toEqual(["flows/ledger.ts", "store/bonuslog.ts"]);
  expect(writers.map((edge) => floorOf(edge.from)).filter((floor) => floor !== "flows")).toEqual([]);
  expect(linesWith(/\binsert into bonuslog\b|\bupdate bonuslog\b/i, (path) => /^store\//.test(path))).toEqual(
    [],
  );
});

test("no file is longer than 300 lines, and none is everybody's drawer", () => {
  const long = [...sources].map(([path, text]) => `${path} ${text.split("\n").length - 1}`);
  expect(long.filter((line) => Number(line.split(" ")[1]) > 300)).toEqual([]);
  expect(files.filter((path) => /(^|\/)(utils?|helpers?|common|types|index)\.ts$/.test(path))).toEqual([]);
});
