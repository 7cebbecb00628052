// What the till of a simulated world has let be done, held against the rules of spending of the moment.

import {
  type Book,
  type BookRow,
  bookOf,
  type Case,
  changesBetween,
  type Moment,
  rowAt,
  rulesAt,
  standsAt,
} from "./book.ts";
import type { Reading } from "./readings.ts";
import { inLedger, partsOf, screenIn, wishAt } from "./said.ts";
import { granted } from "./spending.ts";
import type { World } from "./world.ts";

/** No row by hand is of more than the rules let at its moment, and each is what was on offer at some moment before. */
export async function rulesAreKept(world: World): Promise<string[]> {
  const book = await bookOf(world);
  return book.rows.flatMap((row) => {
    const { screen, side } = screenIn(row.key) ?? { screen: "", side: ":to" };
    const wish = side === ":to" ? null : wishAt(world, screen);
    if (wish === null) return [];
    const of = { wish, admin: inLedger(partsOf(screen).account), card: row.card };
    const wrong = [...wrongSum(book, row, of, screen), ...wrongConsent(book, row, screen)];
    return wrong.map((why) => `row ${row.id}, ${row.kind} of ${row.points}: ${why}`);
  });
}

function wrongSum(book: Book, row: BookRow, of: Case, screen: string): string[] {
  const size = Math.abs(row.points);
  const rules = rulesAt(book, row.at);
  const now = { at: row.at, row: row.id - 1, read: (one: Reading) => one.after < row.id };
  const most = Math.max(...[...standsAt(book, of, now)].map((at) => granted(rules, of.wish, at)));
  if (size > most) return [`the rules of the moment let ${most}`];
  if (row.kind === "spend" && size % rules.step !== 0) return [`it is not in steps of ${rules.step}`];
  const typed = book.world.typed.get(screen) ?? [];
  const offered = momentsUntil(book, of, row).some((moment) =>
    [...standsAt(book, of, moment)]
      .map((at) => granted(rulesAt(book, moment.at), of.wish, at))
      .some((may) => may === size || (size < may && typed.includes(size))),
  );
  return offered ? [] : [`${of.wish.sum} were asked for, and at no moment since could so much be offered`];
}

/** Every moment since it was asked for at which something that decides became another. */
function momentsUntil(book: Book, of: Case, row: BookRow): Moment[] {
  const { at: from } = of.wish;
  const before = book.rows.slice(0, book.rows.indexOf(row));
  return [from, ...changesBetween(book, of, from, row.at), row.at].map((at) => {
    return { at, row: rowAt(before, at), read: (one: Reading) => one.at <= at };
  });
}

/** What is above the sum that needs one has an owner's yes, and nobody's name stands there who has not said it. */
function wrongConsent(book: Book, row: BookRow, screen: string): string[] {
  const { askAbove } = rulesAt(book, row.at);
  const large = askAbove !== null && Math.abs(row.points) > askAbove;
  const named = row.actor.endsWith(`,owner:${inLedger(book.world.owner.account)}`);
  const agreed = book.world.answers.some((one) => one.screen === screen && one.yes && one.at <= row.at);
  if (large && !named) return ["no owner has agreed"];
  return named && !agreed ? ["an owner's name stands there who was not asked"] : [];
}
