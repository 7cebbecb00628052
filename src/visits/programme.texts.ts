// What clients are told of how the programme works, as the settings have it, in both languages.

import type { Percent } from "../rules/ids.ts";
import type { Level } from "../rules/levels.rule.ts";
import type { Life } from "../rules/life.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { SpendRules } from "../rules/spending.ts";
import type { QuietHours } from "../rules/time.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, NBSP, ruWords } from "../texts/words.ts";
import type { Terms } from "./visit.rule.ts";

/** The rules that clients are told. `percent` is in hundredths, `spendMaxPercent` in whole percents of a bill. */
export interface Programme extends Terms, SpendRules {
  quietHours: QuietHours | null;
  /** How long points may be spent: what visits earned, and gifts; null: for ever. */
  pointsLive: Life | null;
  welcomeLive: Life | null;
  birthdayLive: Life | null;
  /** What whoever links for the first time is given; null: nothing. */
  welcomePoints: Points | null;
  /** What a birthday gives; null: nothing, and nobody is asked for theirs. */
  birthdayPoints: Points | null;
  /** Null: everybody earns `percent`. */
  levels: Level[] | null;
  /** Whether points come within minutes: the journal is read, and what settled is told, as often as that. */
  quick: boolean;
}

/** How long points last; a friend's gift lasts as what visits earn. */
type Lasting = Pick<
  Programme,
  "pointsLive" | "welcomePoints" | "welcomeLive" | "birthdayPoints" | "birthdayLive"
>;

/** What a friend's first visit gives; null, or nothing said: nothing. */
interface Inviting {
  friendPoints?: { inviter: Points; friend: Points } | null;
}

/** Whether nothing that is earned or given ends. */
export function isEndless(of: Lasting): boolean {
  return of.pointsLive === null && giftsLast(of, () => "") === "";
}

/** A sentence for each gift that is given and lives otherwise than what visits earn, with a space before it. */
function giftsLast(of: Lasting, say: (gift: "welcome" | "birthday", life: Life | null) => string): string {
  const gifts = [
    { gift: "welcome", given: of.welcomePoints !== null, life: of.welcomeLive },
    { gift: "birthday", given: of.birthdayPoints !== null, life: of.birthdayLive },
  ] as const;
  return gifts
    .filter(({ given, life }) => given && (life !== null || of.pointsLive !== null))
    .map(({ gift, life }) => ` ${say(gift, life)}`)
    .join("");
}

/** What ends within a week of its coming is not warned of. */
const isWarned = (life: Life) => "months" in life || life.days > 7;

/** One language's sentences about it. Plain text. */
interface ProgrammeWords {
  /** What points are a share of, as the end of a sentence's part: `1 % of what a visit cost you`. */
  share(of: Programme): string;
  /** When points come. */
  comes(of: Programme): string;
  /** When nothing is written of visits, with a space before it; or nothing. */
  quiet(of: Programme): string;
  /** How points may be spent, with a space before it; nothing where no rule bounds it. */
  most(of: SpendRules): string;
  /** What earns nothing. */
  nothing(of: Programme): string;
  /** What is paid makes of the percent, with a space before it; nothing where everybody earns the same. */
  levels(of: Pick<Programme, "levels">): string;
  /** What newcomers are given, with a space before it; or nothing. */
  welcome(of: Pick<Programme, "welcomePoints">): string;
  /** What a birthday gives, on a line of its own; or nothing. */
  birthday(of: Pick<Programme, "birthdayPoints">): string;
  /** That friends may be invited, on a line of its own; or nothing. */
  friend(of: Inviting): string;
  /** Whether points are lost by time. */
  expires(of: Lasting): string;
}

/** Each level but the first: `от 50 000 ₽ — 3 %`. */
const stepsOf = (levels: readonly Level[], say: (level: Level) => string) =>
  levels.slice(1).map(say).join(", ");

const clock = (minute: number) => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;

/** The hours, and whether they end in a morning: from five to noon; null where there are none. */
function hoursOf({ quietHours: quiet }: Programme): { from: string; to: string; morning: boolean } | null {
  if (quiet === null || quiet.from === quiet.to) return null;
  return { from: clock(quiet.from), to: clock(quiet.to), morning: quiet.to >= 300 && quiet.to <= 720 };
}

/** A sentence for each rule of spending, all of which but `services` name its sum or number. */
interface SpendWords {
  percent(share: Percent): string;
  least(bill: Kopecks): string;
  step(step: Points): string;
  services: string;
  acts(acts: number): string;
}

/** Those of the rules that are on, each with a space before it. */
function spoken(of: SpendRules, words: SpendWords): string {
  const said = [
    of.spendMaxPercent < 100 && words.percent(of.spendMaxPercent * 100),
    of.spendLeastBill !== null && words.least(of.spendLeastBill),
    of.spendStep !== null && words.step(of.spendStep),
    of.spendOn === "services" && words.services,
    of.cardDailyActs !== null && words.acts(of.cardDailyActs),
  ];
  return said.map((one) => (one ? ` ${one}` : "")).join("");
}

/** What comes back of a payment: `1 %`, or by levels `1–5 %`. */
export function rateWords(
  language: string | null,
  { percent, levels }: Pick<Programme, "percent" | "levels">,
): string {
  const words = inLanguage(language, ruWords, enWords);
  const [first, last] = [levels?.at(0), levels?.at(-1)];
  return first && last
    ? `${words.amount(first.percent)}–${words.percent(last.percent)}`
    : words.percent(percent);
}

export const programmeRu: ProgrammeWords = {
  share: (of) => {
    const { paidBy, earnOn } = of;
    const paid = earnOn === "services" ? "оплаты услуг" : "оплаты визита";
    return `${rateWords("ru", of)} от ${paidBy === "prices" ? "цены услуг" : paid}`;
  },
  comes: ({ earnWhen, quick }) => {
    const soon = quick ? "за пару минут" : "вскоре";
    return earnWhen === "arrived"
      ? `Баллы приходят ${soon} после того, как визит оплачен и отмечен состоявшимся.`
      : `Баллы приходят ${soon} после оплаты визита.`;
  },
  quiet: (of) => {
    const hours = hoursOf(of);
    if (hours === null) return "";
    return ` С${NBSP}${hours.from} до${NBSP}${hours.to} о визитах не пишем, сообщим ${hours.morning ? "утром" : "позже"}.`;
  },
  most: (of) =>
    spoken(of, {
      percent: (share) => `Баллами можно оплатить до ${ruWords.percent(share)} счёта.`,
      least: (bill) => `Баллами платят со${NBSP}счёта от${NBSP}${ruWords.money(bill)}.`,
      step: (step) => `Списываем баллы числом, кратным ${ruWords.amount(step)}.`,
      services: `Товары, сертификаты и абонементы баллами не${NBSP}оплатить.`,
      acts: (acts) => `Списать можно не${NBSP}больше ${ruWords.times(acts)} в${NBSP}день.`,
    }),
  levels: ({ levels }) =>
    levels === null
      ? ""
      : ` Процент растёт с${NBSP}тем, что вы оплатили: ${stepsOf(levels, ({ from, percent }) => `от${NBSP}${ruWords.money(from)} — ${ruWords.percent(percent)}`)}. Ваш — /balance`,
  nothing: ({ paidBy, earnOn }) => {
    if (paidBy === "prices") return "Товары баллов не дают.";
    return `Товары${earnOn === "services" ? "" : " без визита"} и оплата сертификатом баллов не дают.`;
  },
  expires: (of) => {
    const called = { welcome: "Подарок новому клиенту", birthday: "Подарок ко дню рождения" };
    const gifts = giftsLast(
      of,
      (gift, life) =>
        `${called[gift]} ${life === null ? "не сгорает" : `можно тратить ${ruWords.wholeLife(life)}`}.`,
    );
    if (of.pointsLive === null)
      return gifts === "" ? "Баллы не сгорают." : `${gifts.trimStart()} Остальные баллы не сгорают.`;
    return `Баллы можно тратить ${ruWords.wholeLife(of.pointsLive)}${isWarned(of.pointsLive) ? ": о сроке напомним заранее" : ""}.${gifts}`;
  },
  welcome: ({ welcomePoints: points }) =>
    points === null
      ? ""
      : ` Карта у вас впервые? Подарим ${ruWords.points(points)}: их можно будет потратить после следующего оплаченного визита.`,
  birthday: ({ birthdayPoints: points }) =>
    points === null ? "" : `\nКо дню рождения дарим ${ruWords.points(points)}: /birthday`,
  friend: ({ friendPoints }) =>
    friendPoints ? "\nЗа друга, который придёт впервые, дарим баллы: /invite" : "",
};

export const programmeEn: ProgrammeWords = {
  share: (of) => {
    const { paidBy, earnOn } = of;
    const paid = earnOn === "services" ? "what the services cost you" : "what a visit cost you";
    return `${rateWords("en", of)} of ${paidBy === "prices" ? "the services' prices" : paid}`;
  },
  comes: ({ earnWhen, quick }) => {
    const soon = quick ? "within minutes after" : "soon after";
    return earnWhen === "arrived"
      ? `Points come ${soon} a visit is paid and marked as held.`
      : `Points come ${soon} a visit is paid.`;
  },
  quiet: (of) => {
    const hours = hoursOf(of);
    if (hours === null) return "";
    return ` From ${hours.from} to ${hours.to} we write nothing of visits and tell you ${hours.morning ? "in the morning" : "later"}.`;
  },
  most: (of) =>
    spoken(of, {
      percent: (share) => `Points may pay up to ${enWords.percent(share)} of a bill.`,
      least: (bill) => `Points pay off bills from ${enWords.money(bill)} on.`,
      step: (step) => `Points are spent in multiples of ${enWords.amount(step)}.`,
      services: "Points pay for no goods, certificates or memberships.",
      acts: (acts) => `Points may be spent at most ${acts === 1 ? "once" : enWords.times(acts)} a day.`,
    }),
  levels: ({ levels }) =>
    levels === null
      ? ""
      : ` It grows with what you have paid: ${stepsOf(levels, ({ from, percent }) => `${enWords.percent(percent)} from ${enWords.money(from)} on`)}. Yours: /balance`,
  nothing: ({ paidBy, earnOn }) => {
    if (paidBy === "prices") return "Goods earn nothing.";
    return `Goods${earnOn === "services" ? "" : " without a visit"} and certificates earn nothing.`;
  },
  expires: (of) => {
    const gifts = giftsLast(
      of,
      (gift, life) =>
        `The ${gift} gift ${life === null ? "does not expire" : `may be used for ${enWords.wholeLife(life)}`}.`,
    );
    if (of.pointsLive === null)
      return gifts === "" ? "Points do not expire." : `${gifts.trimStart()} All other points do not expire.`;
    return `Points may be used for ${enWords.wholeLife(of.pointsLive)}${isWarned(of.pointsLive) ? ": we remind you before" : ""}.${gifts}`;
  },
  welcome: ({ welcomePoints: points }) =>
    points === null
      ? ""
      : ` Is this your first card here? We give you ${enWords.points(points)}, to spend after your next paid visit.`,
  birthday: ({ birthdayPoints: points }) =>
    points === null ? "" : `\nFor your birthday we give ${enWords.points(points)}: /birthday`,
  friend: ({ friendPoints }) =>
    friendPoints ? "\nFor a friend who comes for the first time we give points: /invite" : "",
};
