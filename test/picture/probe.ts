/** A small program that is compiled by compiled.test.ts: writes the card given as JSON to standard output. */
import { cardPicture } from "../../src/picture/card.ts";
import { statsPicture } from "../../src/picture/stats.ts";

const start = performance.now();
const png = await cardPicture(JSON.parse(process.argv[2] ?? ""));
const first = performance.now() - start;
await statsPicture({ title: "", days: [], legend: { given: "", spent: "" } });
await Bun.write(Bun.stdout, png);
process.stderr.write(`first picture after ${Math.round(first)} ms\n`);
