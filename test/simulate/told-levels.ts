// What clients of a simulated world were told of levels: each change once, and nobody earns less without a word.

import { KeptLevels, type LevelEvent } from "./kept-levels.ts";
import { withEverybodys } from "./levels.ts";
import { noticesTo } from "./said.ts";
import { settingAt } from "./terms.ts";
import type { World } from "./world.ts";

/** The words of a change, where a client reads them. */
const words: Record<LevelEvent["kind"], ((of: LevelEvent) => string) | null> = {
  up: ({ was, percent }) => `^Новый уровень! .*баллами ${said(percent)} вместо ${said(was)}`,
  warned: ({ was, percent }) =>
    `^Ваш уровень.{0,4}${said(was)} баллами.*Иначе со следующего дня будет ${said(percent)}`,
  kept: null,
  down: ({ was, percent }) => `^Теперь возвращаем баллами ${said(percent)} вместо ${said(was)}`,
  hand: ({ was, percent }) => `^Салон установил вам уровень: ${said(percent)} .*было ${said(was)}`,
  undone: ({ percent }) => `^Уровень, который установил салон, отменён: .*${said(percent)}`,
  terms: ({ was, percent }) =>
    `меняются условия уровней: у вас будет ${said(percent)} баллами вместо ${said(was)}`,
};

const said = (percent: number | null) => `${String((percent ?? 0) / 100).replace(".", ",")} %`;
const ofLevels =
  /Новый уровень!|^Ваш уровень|Теперь возвращаем|установил вам уровень|установил салон, отменён|меняются условия уровней/;

interface Holder {
  account: string;
  card: number;
  since: number;
}

/** Each change of a percent is told to whoever has the card, once, and nothing else is told of levels. */
export async function levelsAreTold(world: World): Promise<string[]> {
  const kept = await KeptLevels.of(world);
  const holders = await world.database.sql<Holder[]>`
    select channel || ':' || external_id as account, client_id::int as card, (extract(epoch from linked_at) * 1000)::float8 as since
    from accounts where blocked_at is null`;
  const told = kept.events.flatMap((event) => {
    const pattern = words[event.kind]?.(event);
    return pattern ? [{ event, pattern }] : [];
  });
  const heard = world.guests.flatMap(({ name, accounts }) => {
    const texts = noticesTo(world, ...accounts).filter((text) => ofLevels.test(text));
    const all = Map.groupBy(told, ({ pattern }) => pattern);
    const patterns = [...all.keys()];
    const unexplained = texts.filter((text) => !patterns.some((one) => hears(text, one)));
    const tooOften = patterns.filter(
      (one) => texts.filter((text) => hears(text, one)).length > (all.get(one)?.length ?? 0) + world.cutShort,
    );
    world.count(texts.length > 0 ? "clients were told of levels" : "clients were told nothing of levels");
    return [
      ...unexplained.map((text) => `${name} was told of no change: ${text}`),
      ...tooOften.map((one) => `${name} was told more than once: ${one}`),
    ];
  });
  const missed = told.flatMap(({ event, pattern }) => {
    const all = holders.filter(({ card }) => card === event.card);
    const holder = all[0];
    if (!holder || !mustBeTold(kept, event)) return [];
    if (!all.every((one) => isSteady(world, one, event.at))) return [];
    return noticesTo(world, ...everyAccountOf(world, all)).some((text) => hears(text, pattern))
      ? []
      : [`${holder.account} was not told of ${event.kind} ${event.id}`];
  });
  return [...heard, ...missed, ...unwarned(kept, holders)];
}

const hears = (text: string, pattern: string) =>
  new RegExp(pattern, "s").test(text.replaceAll("\u00a0", " "));

/** One of the clients, who has the card since before a moment, and whom the bot could always reach. */
function isSteady(world: World, { account, since }: Holder, moment: number): boolean {
  return (
    since < moment &&
    world.guests.some(({ accounts }) => accounts.includes(account)) &&
    !world.known.untold.has(account)
  );
}

/** Their accounts, the others of the same people, which may have let go of the card since, and whoever proved a client's number. */
const everyAccountOf = (world: World, holders: readonly Holder[]) =>
  world.guests
    .map(({ accounts }) => accounts)
    .filter((accounts) => holders.some(({ account }) => accounts.includes(account)))
    .flat()
    .concat(world.heirs.map(({ account }) => account));

/** What lifts many at once is on their cards alone; what was taken back before it was told need not be. */
function mustBeTold(kept: KeptLevels, { id, kind, actor, was, percent, terms }: LevelEvent): boolean {
  if (was === percent) return false;
  if (kind === "up") return actor !== "levels";
  if (kind === "down" || kind === "warned") return (percent ?? 0) < (was ?? 0);
  if (kind === "terms") return kept.terms.at(-1)?.id === terms;
  return kind === "hand" && !kept.events.some(({ names }) => names === id);
}

/** Whoever earns less by terms that an owner has accepted has a word of it before their day. */
function unwarned(kept: KeptLevels, holders: readonly Holder[]): string[] {
  const { world } = kept;
  return kept.terms.flatMap(({ id, accepted, since, scheme }, place) => {
    const accept = world.known.accepted.filter(({ at }) => at < since - 30 * day + slack).at(-1);
    const isDropped = (kept.terms[place + 1]?.since ?? Number.POSITIVE_INFINITY) < since;
    const review = world.known.reviews.findLast((at) => at < since - slack);
    if (!accepted || !accept || isDropped || !review || review <= accept.at) return [];
    // What all earn without levels is a setting of its own, which holds at once.
    const isSet = world.terms.some(({ at, set }) => at > accept.at && set.BONUS_PERCENT !== undefined);
    if (scheme.levels.length < 2 && isSet) return [];
    const upTo = kept.upTo(review);
    const then = withEverybodys(scheme, 100 * Number(settingAt(world, "BONUS_PERCENT", review)));
    return holders.flatMap((holder) => {
      const { card, account } = holder;
      if (!isSteady(world, holder, review - day)) return [];
      if (kept.percent(card, review, upTo, then) >= kept.percent(card, review, upTo)) return [];
      world.count("told of worse terms beforehand");
      return kept.events.some((one) => one.card === card && one.terms === id)
        ? []
        : [`${account} earns less by terms ${id}, and has no word of it`];
    });
  });
}

const day = 86_400_000;
const slack = 10_000;
