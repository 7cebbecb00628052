// What the till of a simulated world has said of a bill: what points pay of it, and by which rule no more.

import { type Book, bookOf, type Case, changesBetween, rowAt, rulesAt, standsAt } from "./book.ts";
import type { Call } from "./faces.ts";
import { inLedger, partsOf, sumIn, wishAt } from "./said.ts";
import { letBy, type Rule, type TillRules } from "./spending.ts";
import type { World } from "./world.ts";

/** How a screen of a bill names each rule. */
const words: Partial<Record<Rule, RegExp>> = {
  least: /Баллами платят со\s+счёта от\s/,
  acts: /С\s+карты можно списывать не\s+больше/,
  services: /Баллами платят только услуги|\(за\s+услуги\)/,
  share: /\(не\s+больше \S+\s+% счёта\)/,
  rouble: /1\s+₽ оставляем/,
  day: /Ваш лимит на сегодня, .* исчерпан/,
};

/** A screen of a bill, as it was shown at a moment. */
interface Shown {
  screen: string;
  at: number;
  bill: number;
  /** What its button would spend; 0 for no button. */
  offered: number;
  named: Rule[];
  text: string;
}

/** Each screen of a bill offers what the rules of its moment let, and names none but those that let no more. */
export async function rulesAreNamed(world: World): Promise<string[]> {
  const book = await bookOf(world);
  return world.messengers.flatMap(({ bot, calls }) =>
    calls().flatMap((call) => {
      const shown = shownBy(bot, call);
      return shown ? wrongOf(book, shown) : [];
    }),
  );
}

function shownBy(bot: number, { at, account, keys, ...said }: Call): Shown | null {
  const text = said.text.replace(/<\/?\w+>/g, "");
  const [, bill] = /^Счёт (\d.*?)\s₽[.,]/m.exec(text) ?? [];
  const [asked] = keys.flatMap(({ data }) => /^till:(\d+):\d+:\w+/.exec(data)?.[1] ?? []);
  if (!bill || !asked || /уже списано|списать нельзя|уже оплачен|\d спросим|За \d/.test(text)) return null;
  const { label = "0" } = keys.find((one) => /^Списать \d/.test(one.label)) ?? {};
  const named = (Object.keys(words) as Rule[]).filter((rule) => words[rule]?.test(text));
  const screen = `${bot}:${account}:${asked}`;
  return { screen, at, bill: sumIn(bill), offered: sumIn(label), named, text };
}

function wrongOf(book: Book, shown: Shown): string[] {
  const { world } = book;
  const wish = wishAt(world, shown.screen);
  if (wish?.kind !== "spend" || wish.sum !== shown.bill) return [];
  const admin = inLedger(partsOf(shown.screen).account);
  const may = cardsOf(book, wish, shown.at).flatMap((card) => offersAt(book, { wish, admin, card }, shown));
  if (may.length === 0) return [];
  const typed = world.typed.get(shown.screen) ?? [];
  const right = may.find(({ let: each, most }) => {
    if (shown.offered !== most && !(shown.offered < most && typed.includes(shown.offered))) return false;
    return shown.named.every((rule) => each[rule] === most) && (most > 0 || isExplained(shown, each));
  });
  for (const rule of shown.named)
    world.count(`the till said: ${rule}${shown.offered === 0 ? ", nothing" : ""}`);
  const most = [...new Set(may.map((one) => one.most))].join(" or ");
  return right
    ? []
    : [
        `screen ${shown.screen} offers ${shown.offered} by ${shown.named.join(", ") || "nothing"} where ${most} may be: ${shown.text}`,
      ];
}

/** Where nothing may be spent the rule is named, but for a card that holds too little for a step. */
const isExplained = ({ named }: Shown, each: Record<Rule, number>) =>
  named.length > 0 || each.card === 0 || each.rouble === 0 || each.share === 0 || each.day === 0;

/** What the rules let at every moment of the step in which the screen was shown. */
function offersAt(book: Book, of: Case, { at: until }: Shown): { let: Record<Rule, number>; most: number }[] {
  const since = book.world.began.findLast((at) => at <= until) ?? until;
  return [since, ...changesBetween(book, of, since, until), until].flatMap((at) => {
    const row = rowAt(book.rows, at);
    const rules: TillRules = rulesAt(book, at);
    return [...standsAt(book, of, { at, row, read: (one) => one.at <= at })].map((stand) => {
      const each = letBy(rules, of.wish, stand);
      return { let: each, most: Math.min(...Object.values(each)) };
    });
  });
}

/** The card that the screen was of: by the phone that was written, or of the record that it was opened from. */
function cardsOf({ world, ofRecord, phones }: Book, { card, record }: Case["wish"], at: number): number[] {
  const last = ofRecord.get(record ?? "")?.findLast((one) => one.at <= at)?.card;
  const forgotten = world.guests.some((guest) => guest.forgotten && guest.phone === card);
  const known = record ? last : phones.get(String(card));
  return forgotten || !known ? [] : [known];
}
