// `bun test/tools/settings.ts --write`: .env.example and the table of docs/reference.md, made of the settings' declarations.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type SettingKey, settingKeys, settings } from "../../src/config/settings.ts";

const root = join(import.meta.dir, "../..");

/** What the settings from this one on are about. */
const groups: Partial<Record<SettingKey, string>> = {
  programStart:
    "**what a visit earns** (changing these touches no award that was made; all other visits since `PROGRAM_START` are read and decided again: `sync --dry-run` says first what that adds)",
  levels:
    "**levels, how long points live, and gifts** (all off; how to choose: [programme.md](programme.md))",
  spendMaxPercent: "**at the till**",
  settleMs: "**when things are told and read**",
  maxToken: "**a bot in MAX beside the one in Telegram** ([MAX](max.md))",
  publicUrl: "**the network**",
};

/** The default, or what is where nothing is written. */
function without(key: SettingKey): string {
  const setting = settings[key];
  if ("otherwise" in setting) return setting.otherwise;
  return setting.kind === "default" ? `\`${setting.fallback}\`` : "required";
}

function tableRow(key: SettingKey): string {
  const title = groups[key] ? `| | ${groups[key]} | |\n` : "";
  return `${title}| \`${settings[key].name}\` | ${settings[key].about} | ${without(key)} |\n`;
}

function exampleLines(key: SettingKey): string {
  const { name, about, ...setting } = settings[key];
  const other = "otherwise" in setting && setting.otherwise !== "none" ? `; else ${setting.otherwise}` : "";
  const mark = setting.kind === "required" ? "" : "#";
  return `# ${about}${other}\n${mark}${name}=${setting.kind === "default" ? setting.fallback : ""}\n`;
}

/** .env.example, whole. */
export function exampleOfSettings(): string {
  const required = settingKeys.filter((key) => settings[key].kind === "required");
  const others = settingKeys.filter((key) => settings[key].kind !== "required");
  return `# Copy to .env, fill in the first part, and leave out of the rest what the defaults already say.
# Each NAME may also come from a file: NAME_FILE=/path/to/file, or the Docker secret /run/secrets/NAME.
# With Docker Compose \`bash docs/setup.sh\` does all that. It puts the secrets into files, and their lines here stay empty.

${required.map(exampleLines).join("")}
${others.map(exampleLines).join("")}`;
}

const [begin, end] = ["<!-- settings -->\n", "<!-- /settings -->"];

/** The paper with the table of the settings between its two marks. */
export function withSettings(paper: string): string {
  const [before, after] = [paper.split(begin)[0], paper.split(end)[1]];
  const table = `| name | meaning | default |\n|---|---|---|\n${settingKeys.map(tableRow).join("")}`;
  return `${before}${begin}${table}${end}${after}`;
}

if (import.meta.main) {
  const reference = join(root, "docs/reference.md");
  const made = {
    [join(root, ".env.example")]: exampleOfSettings(),
    [reference]: withSettings(readFileSync(reference, "utf8")),
  };
  if (process.argv.includes("--write"))
    for (const [path, text] of Object.entries(made)) writeFileSync(path, text);
  else process.stdout.write(Object.values(made).join("\n"));
}
