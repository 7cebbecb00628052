// `bun test/tools/cards.ts --write`: the README's picture of a card on a dark and on a light colour, drawn by the program.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cardPicture } from "../../src/picture/card.ts";
import { readLook } from "../../src/picture/look.ts";
import { studio } from "../../src/picture/render.ts";

/** Where the picture stands. */
export const cardsFile = join(import.meta.dir, "../../.github/cards.png");

const leaves = (one: string, other: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="35 15 180 170"><path fill="${one}" d="M120 20C60 40 30 100 40 180 100 170 150 130 150 60 150 40 140 25 120 20z"/><path fill="${other}" d="M150 70C190 80 215 120 210 180 170 180 130 160 125 120 122 95 135 75 150 70z"/></svg>`;

const cards = [
  {
    cardColor: "#0b3d2e",
    logo: leaves("#8fd9b6", "#e3f6ec"),
    name: "Анна",
    balance: "1 340,5",
    unit: "балла",
  },
  { cardColor: "#bfe8d4", logo: leaves("#0f7a5c", "#0a4d3b"), name: "Ольга", balance: "91", unit: "балл" },
];

// Whoever scans the README is not to come to somebody's bot.
const link = "https://example.com/card";

/** Half the size that clients see; round corners, as messengers draw them. */
const card = { width: 600, height: 380, round: 28, gap: 24 };

/** The PNG of both, side by side. */
export async function drawCards(): Promise<Uint8Array> {
  const { render } = await studio();
  const folder = mkdtempSync(join(tmpdir(), "cards-"));
  const logo = join(folder, "logo.svg");
  const drawn: string[] = [];
  for (const [i, { cardColor, logo: svg, ...words }] of cards.entries()) {
    writeFileSync(logo, svg);
    const look = await readLook({ cardColor, cardLogo: logo });
    const more = { title: "Салон «Мята»", asOf: "на 26 ноября 2026, 14:20", digits: "4567" };
    const png = await cardPicture({ ...more, ...words, link }, look);
    const x = i * (card.width + card.gap);
    const { width, height, round } = card;
    drawn.push(
      `<clipPath id="c${i}"><rect x="${x}" width="${width}" height="${height}" rx="${round}"/></clipPath>` +
        `<image clip-path="url(#c${i})" x="${x}" width="${width}" height="${height}" href="data:image/png;base64,${png.toBase64()}"/>`,
    );
  }
  rmSync(folder, { recursive: true });
  return render(drawn.join(""), { width: 2 * card.width + card.gap, height: card.height });
}

if (import.meta.main) {
  const png = await drawCards();
  if (process.argv.includes("--write")) writeFileSync(cardsFile, png);
  process.stdout.write(`${cardsFile}: ${png.length} bytes\n`);
}
