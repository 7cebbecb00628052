/** What goes into the executable: its packages with their licences, and the bill of materials that names them. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };

const root = join(import.meta.dir, "../..");

/** A package as it stands in node_modules. */
export interface Component {
  name: string;
  version: string;
  /** As it says itself: an SPDX expression. */
  license: string;
  /** SHA-512 of the package as the lock holds it, in hex; null for Bun, which is fetched for each platform. */
  sha512: string | null;
  /** Its licence's own words, where it carries them. */
  terms: string;
}

/** Licences that may go into an executable that is handed on: they ask for their notice, or for changes to their own files. */
export const allowedLicenses = [
  ...["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "Unlicense"],
  ...["MPL-2.0", "OFL-1.1"],
];

/** Bun is linked into the executable too, with its JavaScriptCore: its licences are told at the address of its source. */
export const bun: Component = {
  name: "bun",
  version: Bun.version,
  license: "MIT AND LGPL-2.0-only AND LGPL-2.1-only",
  sha512: null,
  terms: `The runtime, with JavaScriptCore and what else it links:\nhttps://github.com/oven-sh/bun/blob/bun-v${Bun.version}/LICENSE.md`,
};

/** The packages that a bundle took files from, by name. `inputs` are the paths of its metafile. */
export function componentsOf(inputs: string[]): Component[] {
  const folders = new Set(
    inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []),
  );
  const lock = Bun.JSONC.parse(readFileSync(join(root, "bun.lock"), "utf8")) as {
    packages: Record<string, [string, ...unknown[]]>;
  };
  const hashes = new Map(Object.values(lock.packages).map((one) => [one[0], String(one.at(-1))]));
  const found = [...folders].map((folder) => {
    const said = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const { name, version, license = "" } = said as Record<"name" | "version" | "license", string>;
    const hash = /^sha512-(.+)$/.exec(hashes.get(`${name}@${version}`) ?? "")?.[1];
    if (!hash)
      throw new Error(`${folder} is ${name} ${version}, which bun.lock does not hold: run bun install`);
    const sha512 = Buffer.from(hash, "base64").toString("hex");
    return { name, version, license, sha512, terms: termsOf(join(root, folder)) };
  });
  // One version may lie in several folders.
  return [...new Map(found.map((one) => [purl(one), one])).values()].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

function termsOf(folder: string): string {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice|third)/i.test(name));
  return files
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").trim())
    .join("\n\n");
}

/** The bill of materials, CycloneDX 1.6. The same program gives the same bill: it holds no time and no chance. */
export function billOfMaterials(components: Component[]): string {
  const all = [...components, bun];
  const refs = all.map(purl);
  const { name, version, license, description } = manifest;
  const program = { type: "application", "bom-ref": name, name, version, description };
  const digest = createHash("sha256")
    .update(JSON.stringify([version, all]))
    .digest("hex");
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, "$1-$2-8$3-8$4-$5")}`,
    version: 1,
    metadata: { component: { ...program, licenses: [{ expression: license }] } },
    components: all.map((one) => ({
      type: one === bun ? "platform" : "library",
      "bom-ref": purl(one),
      name: one.name,
      version: one.version,
      purl: purl(one),
      licenses: [{ expression: one.license }],
      ...(one.sha512 && { hashes: [{ alg: "SHA-512", content: one.sha512 }] }),
      ...pedigree(one),
    })),
    dependencies: [{ ref: name, dependsOn: refs }],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** What of it is not as its hash says: the patch that is put on it. */
function pedigree({ name, version }: Component): object {
  const patches = Object.entries(manifest.patchedDependencies).filter(([id]) => id === `${name}@${version}`);
  const texts = patches.map(([, path]) => readFileSync(join(root, path), "utf8"));
  return texts.length === 0
    ? {}
    : {
        pedigree: { patches: texts.map((content) => ({ type: "unofficial", diff: { text: { content } } })) },
      };
}

const purl = ({ name, version }: Component) => `pkg:npm/${name.replace("@", "%40")}@${version}`;

/** All licences with their notices, to be handed on with the executable. */
export function notices(components: Component[]): string {
  const said = [...components, bun].map(({ name, version, license, terms }) =>
    `${name} ${version}: ${license}\n\n${terms}`.trim(),
  );
  return `${[`What is inside loyalty-bot ${manifest.version}, and on which terms.`, ...said].join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}
