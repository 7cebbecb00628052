/** Blocks of configuration in the README, so that what operators copy is what the tests run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const readme = readFileSync(join(import.meta.dir, "../../README.md"), "utf8");

/** The one block of this language that holds these words. */
export function readmeBlock(language: string, words: string): string {
  const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = ""]) =>
    name === language && text.includes(words) ? [text] : [],
  );
  const [block] = blocks;
  if (block === undefined || blocks.length > 1)
    throw new Error(`README.md has ${blocks.length} ${language} blocks with ${words}, not one`);
  return block;
}

/** The text with each of these found and put in; one that is not there is an error. */
export function filledIn(text: string, places: Record<string, string>): string {
  return Object.entries(places).reduce((filled, [place, value]) => {
    if (!filled.includes(place)) throw new Error(`the README's block has no ${place}`);
    return filled.replaceAll(place, value);
  }, text);
}
