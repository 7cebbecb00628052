/** The papers (README, changelog, docs) and their blocks, so that what operators copy is what the tests run. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");

export const readPaper = (path: string): string => readFileSync(join(root, path), "utf8");

/** Every paper's path. */
export const papers: readonly string[] = [
  ...["README.md", "CHANGELOG.md"],
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** A fenced block. `heldBy`: the test's path in the comment above it; `notRun`: it says itself that no test runs it. */
export interface Block {
  paper: string;
  language: string;
  text: string;
  heldBy: string | null;
  notRun: boolean;
}

const fence = /(?:^<!-- held by (\S+) -->\n)?^```(\w+)\n([\s\S]*?)^```$/gm;

export const blocks: readonly Block[] = papers.flatMap((paper) =>
  [...readPaper(paper).matchAll(fence)].map(([, heldBy = null, language = "", text = ""]) => {
    return { paper, language, text, heldBy, notRun: text.startsWith("# Not run by the tests: ") };
  }),
);

/** The one block of this paper and language that holds these words. */
export function paperBlock(paper: string, language: string, words: string): string {
  const found = blocks.filter(
    (one) => one.paper === paper && one.language === language && one.text.includes(words),
  );
  const [block] = found;
  if (block === undefined || found.length > 1)
    throw new Error(`${paper} has ${found.length} ${language} blocks with ${words}, not one`);
  return block.text;
}

/** What the first group of a pattern takes of a text, each time. */
export const takenBy = (pattern: RegExp, text: string): string[] =>
  [...text.matchAll(pattern)].map(([, taken = ""]) => taken);

/** What stands under a heading of the second rank. */
export const sectionOf = (paper: string, head: string): string =>
  readPaper(paper)
    .split(/^## /m)
    .find((one) => one.startsWith(`${head}\n`)) ?? "";

/** A paper without its blocks. */
export const proseOf = (paper: string): string => readPaper(paper).replace(/^```[\s\S]*?^```$/gm, "");

/** What stands between a paper's markers of this name. */
export function between(paper: string, name: string): string {
  const [, text] = new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)<!-- /${name} -->`).exec(readPaper(paper)) ?? [];
  if (text === undefined) throw new Error(`${paper} has no markers <!-- ${name} -->`);
  return text;
}

/** Names in backticks in the first cell of each row of a table. */
export const firstCells = (table: string): string[] =>
  takenBy(/^\| ([^|]*)\|/gm, table).flatMap((cell) => takenBy(/`([^`]+)`/g, cell));

/** The text with each of these found and put in; one that is not there is an error. */
export function filledIn(text: string, places: Record<string, string>): string {
  return Object.entries(places).reduce((filled, [place, value]) => {
    if (!filled.includes(place)) throw new Error(`the paper's text has no ${place}`);
    return filled.replaceAll(place, value);
  }, text);
}

/** A command of a paper as it stands there: a line of a block that no test holds, a whole configuration, or words in a sentence. */
export interface Command {
  paper: string;
  words: string;
}

/** What a block that no test holds asks for: each line of a shell, or a configuration as one line. */
function wordsOf({ language, text }: Block): string[] {
  const lines = text.split("\n").map((line) => line.replace(/(^| +)#.*$/, "").trim());
  const said = lines.filter((line) => line !== "");
  return language === "sh" ? said : [said.join(" ")];
}

/** Every command of the papers that no test runs as it stands, the changelog's aside: it is of what was. */
export const looseCommands: readonly Command[] = papers
  .filter((paper) => paper !== "CHANGELOG.md")
  .flatMap((paper) => {
    const loose = blocks.filter((one) => one.paper === paper && one.notRun).flatMap(wordsOf);
    const said = takenBy(/`([a-z][\w.-]* [^`\n]+)`/g, proseOf(paper));
    return [...loose, ...said].map((words) => ({ paper, words }));
  });
