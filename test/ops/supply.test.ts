// What the program is made of: nothing gets in unnamed, from elsewhere than a registry, or with a script that runs by itself.
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { papers } from "../helpers/papers.ts";
import { allowedLicenses } from "../tools/materials.ts";

const root = join(import.meta.dir, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface Said {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalPeers?: string[];
  os?: string | string[];
  hasInstallScript?: boolean;
}
const lock = Bun.JSONC.parse(read("bun.lock")) as {
  packages: Record<string, [id: string, source: string, said: Said, integrity: string]>;
  trustedDependencies?: string[];
  patchedDependencies?: object;
  overrides?: object;
};
const packages = Object.entries(lock.packages);

test("every package of the lock comes from a registry, in one version, with its SHA-512", () => {
  const odd = packages.filter(([, [id, source, , integrity, ...more]]) => {
    const registry =
      /^(@[a-z0-9._~-]+\/)?[a-z0-9._~-]+@\d+\.\d+\.\d+(-[\w.]+)?(\+[\w.]+)?$/i.test(id) && source === "";
    const bytes = Buffer.from(/^sha512-(.+)$/.exec(integrity)?.[1] ?? "", "base64").length;
    return !registry || bytes !== 64 || more.length > 0;
  });
  expect(odd).toEqual([]);
  expect(packages.length).toBeGreaterThan(40);
  expect(lock.overrides).toBeUndefined();
});

test("what is changed in a package is in the tree, for the very release that is used", () => {
  const { postgres } = manifest.dependencies;
  const found = { patches: lock.patchedDependencies, release: postgres };
  const todo =
    "A new release of postgres.js: install it without the patch and run test/db and test/ops/frozen.test.ts. Of the patch stays, under \
the new release's name and with its head brought up to date, only that without which they fail; if that is nothing, it goes.";
  const patched = { patches: { "postgres@3.4.9": "src/db/postgres@3.4.9.patch" }, release: "3.4.9" };
  expect({ ...found, todo }).toEqual({ ...patched, todo });
  expect(read("src/db/postgres@3.4.9.patch")).toStartWith(`What this mends in postgres.js ${postgres}.`);
});

test("the lock and package.json name the same packages whose scripts run", () => {
  expect([...(lock.trustedDependencies ?? [])].sort()).toEqual([...manifest.trustedDependencies].sort());
});

/** Folders of the packages that are installed, however deep. */
function installed(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((one) => one.isDirectory() && !one.name.startsWith("."))
    .flatMap(({ name }) => {
      const path = join(folder, name);
      if (name.startsWith("@")) return installed(path);
      const inner = join(path, "node_modules");
      return [path, ...(readdirSync(path).includes("node_modules") ? installed(inner) : [])];
    });
}

const found = installed(join(root, "node_modules")).flatMap((folder) => {
  if (!readdirSync(folder).includes("package.json")) return [];
  const said = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return [{ folder, ...said } as { folder: string; name: string; scripts?: Record<string, string> }];
});

test("no package runs a script when it is installed, but for those that are named", () => {
  const running = ["preinstall", "install", "postinstall"];
  const scripted = found.filter(
    ({ folder, scripts = {} }) =>
      running.some((one) => one in scripts) || readdirSync(folder).includes("binding.gyp"),
  );
  const names = [...new Set(scripted.map(({ name }) => name))];
  const kept = packages.filter(([, [, , said]]) => said.hasInstallScript).map(([name]) => name);
  expect(found.length).toBeGreaterThan(40);
  expect([...names, ...kept].filter((name) => !manifest.trustedDependencies.includes(name))).toEqual([]);
});

/** A name with the names of all it draws in, by the lock. */
function drawnIn(name: string, seen: Set<string>): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const said = lock.packages[name]?.[2] ?? {};
  const optional = new Set(said.optionalPeers);
  const peers = Object.keys(said.peerDependencies ?? {}).filter((one) => !optional.has(one));
  for (const one of [...Object.keys(said.dependencies ?? {}), ...peers]) drawnIn(one, seen);
  return seen;
}

/** A package that comes in anew is a decision: write it down here, and say in the commit why it earns its place. */
const ofTheProgram = [
  ...[
    "@borewit/text-codec",
    "@cj-tech-master/excelts",
    "@elysiajs/cron",
    "@expo-google-fonts/onest",
    "@grammyjs/types",
  ],
  ...["@opentelemetry/api", "@pinojs/redact", "@resvg/resvg-wasm", "@sinclair/typebox"],
  ...["@tokenizer/inflate", "@tokenizer/token", "abort-controller", "atomic-sleep", "bintrees", "cookie"],
  ...["croner", "debug", "elysia", "event-target-shim", "exact-mirror", "fast-decode-uri-component"],
  ...["file-type", "grammy", "ieee754", "libphonenumber-js", "memoirist", "ms", "node-fetch"],
  ...["on-exit-leak-free", "openapi-types", "pino", "pino-abstract-transport", "pino-std-serializers"],
  ...["postgres", "process-warning", "prom-client", "qr", "quick-format-unescaped", "real-require"],
  ...["safe-stable-stringify", "sonic-boom", "split2", "strtok3", "tdigest", "thread-stream"],
  ...["token-types", "tr46", "uint8array-extras", "valibot", "webidl-conversions", "whatwg-url"],
];

test("what the program itself is made of is this, under licences that may be handed on", () => {
  const names = [
    ...Object.keys(manifest.dependencies).reduce((seen, one) => drawnIn(one, seen), new Set<string>()),
  ];
  expect(names.sort()).toEqual([...ofTheProgram].sort());
  const licenses = names.map((name) => {
    const at = found.find((one) => one.name === name) as { license?: string } | undefined;
    return [name, at?.license ?? "not installed"] as const;
  });
  const words = (text: string) => text.split(/ AND | OR |[()]/).filter(Boolean);
  expect(licenses.filter(([, text]) => words(text).some((one) => !allowedLicenses.includes(one)))).toEqual(
    [],
  );
});

test("whatever fetches a tool names its version", () => {
  const files = [
    ...papers,
    ...["Dockerfile", "compose.yml", "compose.swarm.yml", ".ci/run", "package.json"],
    ...readdirSync(join(root, ".github/workflows")).map((name) => `.github/workflows/${name}`),
  ];
  const loose = files.flatMap((file) =>
    read(file)
      .split("\n")
      .filter((line) =>
        /\b(npx|bunx|npm (i|install)|bun (add|x)|pip install|curl [^|]*\|)\b|:latest\b/.test(line),
      )
      .filter((line) => !/npx -y bun@\d+\.\d+\.\d+ |loyalty-bot:latest/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(loose).toEqual([]);
});

test("no secret has a place in the image or in the repository", () => {
  const lines = (file: string) =>
    read(file)
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
  expect(lines(".dockerignore")).toEqual(["*", "!package.json", "!bun.lock", "!src", "!sql"]);
  expect(lines(".gitignore").map((line) => line.replace(/^\/|\/$/g, ""))).toEqual(
    expect.arrayContaining(["secrets", ".env"]),
  );
  const given = [...read("Dockerfile").matchAll(/^\s*(?:ARG|ENV)\s+(\w+)/gm)].map((match) => match[1]);
  expect([...new Set(given)].sort()).toEqual(["TARGETARCH", "VERSION"]);
});
