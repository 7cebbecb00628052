// What the program does, each deed to be cut short at every message: what comes before it, and what must be there afterwards.

import { settlesFrom } from "./settled.ts";
import type { Step } from "./steps.ts";
import { OWNER, type World } from "./world.ts";

/** A step, or what no step of a stream does. */
export type Act = Step | ((world: World) => Promise<void>);

/** What happens before the deed, the deed that is cut short, and what must be true of the world afterwards. */
export interface Deed {
  before: Act[];
  deed: Act[];
  /** How many rows the ledger must have, by kind. */
  rows: Record<string, number>;
  /** How many rows other tables must have, by what stands behind `from`. */
  kept?: Record<string, number>;
  /** What somebody must have been told: once, but where the telling itself was cut short. */
  told?: { to: number; words: RegExp }[];
}

const pass: Step = { do: "pass", program: 0 };
const tell: Step = { do: "tell", program: 0 };
const daily: Step = { do: "daily", program: 0 };
const minute: Step = { do: "wait", ms: 61_000 };
const days = (count: number): Step => ({ do: "wait", ms: count * 86_400_000 });
const newest = (more: object) => ({ record: -1, ...more }) as Step;
const link = (client: number): Step => ({ do: "link", client });
const booked: Step = { do: "book", client: 0, price: 300_000, daysAgo: 1, twin: false };
const paid = newest({ do: "pay", sum: null, goods: 0, silent: false });
const refunded = newest({ do: "refund" });
const visit = [booked, paid, pass];
const credit: Step = { do: "credit", admin: 0, client: 0, points: 500, taps: 1 };
const spend: Step = { do: "spend", admin: 0, client: 0, bill: 400, taps: 1 };
const undo: Step = { do: "undo", admin: 0 };
const terms = (set: Record<string, string>): Step => ({ do: "terms", set });
const [anna, boris] = [501, 502];
/** What spends ask of the journal. */
export const settle: Act = (world) => world.program(0).settle();
/** A spend that pays a part of its visit in the journal. */
const settledSpend: Act[] = [{ do: "openToday", admin: 0, record: -1 }, { do: "press", admin: 0 }, settle];
const settling: Act[] = [
  (world) => settlesFrom(world, {}, "100"),
  ...[link(0), credit, { ...booked, daysAgo: 0 } as Step, pass],
];

/** What the till and the journal make. */
const usual: Record<string, Deed> = {
  award: { before: [link(0), booked, paid], deed: [pass], rows: { award: 1 } },
  correction: {
    before: [link(0), ...visit, refunded, minute],
    deed: [pass],
    rows: { award: 1, correction: 1 },
  },
  notify: {
    before: [link(0), ...visit, minute],
    deed: [tell],
    rows: { award: 1 },
    told: [{ to: anna, words: /\+30\s/ }],
  },
  credit: { before: [link(0)], deed: [credit], rows: { credit: 1 } },
  spend: { before: [link(0), credit], deed: [spend], rows: { credit: 1, spend: 1 } },
  undo: { before: [link(0), credit], deed: [undo], rows: { credit: 1, undo: 1 } },
  move: {
    before: [link(0), link(1), credit],
    deed: [{ do: "move", admin: 0, client: 0, to: 1, points: 3 }],
    rows: { credit: 1, move: 2 },
  },
  "a spend that settles": {
    before: settling,
    deed: settledSpend,
    rows: { credit: 1, spend: 1 },
    kept: { "settlements where state = 'stands'": 1 },
  },
  "a spend that settles, taken back": {
    before: [...settling, ...settledSpend],
    deed: [undo, settle],
    rows: { credit: 1, spend: 1, undo: 1 },
    kept: { "settlements where state = 'returned' and row_id is not null": 1 },
  },
  link: { before: [link(0), ...visit, { do: "unlink", client: 0 }], deed: [link(0)], rows: { award: 1 } },
};

const ending = terms({ POINTS_LIVE: "10 days" });
const welcoming = terms({ WELCOME_POINTS: "50" });
const leveled = terms({ LEVELS: "0:1,1000:3", LEVELS_OVER: "1 month" });
/** Anna's birthday is in 33 days, and is known; she was here. */
const celebrating = [
  terms({ BIRTHDAY_POINTS: "70" }),
  link(0),
  { do: "birthday", client: 0, inDays: 33 } as const,
  ...visit,
  daily,
  days(31),
];

const worse = terms({ LEVELS: "0:1,9000:3" });
const inviting = terms({ FRIEND_POINTS: "300:200" });
const invite = (how: "link" | "desk"): Step => ({ do: "invite", client: 0, friend: 1, how, desk: 0 });
/** Boris came by Anna's link, paid for his first visit, and four days have passed. */
const friendCame: Act[] = [
  ...[inviting, link(0), invite("link"), daily, { ...booked, client: 1, daysAgo: 0 } as Step, paid],
  ...[newest({ do: "attend", silent: false }), pass, days(4)],
];

/** What the programme of an owner makes. The world begins at noon of 10 March 2026. */
const ofProgramme: Record<string, Deed> = {
  expiry: { before: [ending, link(0), credit, days(12)], deed: [daily], rows: { credit: 1, expiry: 1 } },
  "a warning of what ends": {
    before: [ending, link(0), credit, days(4)],
    deed: [daily, tell],
    rows: { credit: 1 },
    kept: { "end_warnings where days = 7": 1 },
    told: [{ to: anna, words: /потратьте до/ }],
  },
  "a visit taken back after its points have ended": {
    before: [ending, link(0), ...visit, days(12), daily, refunded],
    deed: [pass],
    rows: { award: 1, expiry: 2, correction: 1 },
  },
  "a spend taken back after its points have ended": {
    before: [ending, link(0), credit, spend, days(12), daily, undo], // too late for that: "Вернуть" comes instead
    deed: [undo],
    rows: { credit: 2, spend: 1, expiry: 1 },
    kept: { "lots where life = 'returned'": 1 },
  },
  "a welcome": {
    before: [welcoming],
    deed: [link(0)],
    rows: { welcome: 1 },
    kept: { "lots where waits": 1 },
    told: [{ to: anna, words: /уже 50\s/ }],
  },
  "a welcome that is opened": {
    before: [welcoming, link(0), booked, paid],
    deed: [pass],
    rows: { welcome: 1, award: 1 },
    kept: { "lots where waits": 0 },
  },
  "a welcome taken back": {
    before: [welcoming, link(0), ...visit, refunded, pass, days(4)],
    deed: [daily, minute, tell],
    rows: { welcome: 2, award: 1, correction: 1 },
    told: [{ to: anna, words: /сняли 50\s/ }],
  },
  "a birthday": {
    before: celebrating,
    deed: [daily, minute, tell],
    rows: { birthday: 1, award: 1 },
    kept: { gift_marks: 2 },
    told: [{ to: anna, words: /ко дню рождения/ }],
  },
  "a birthday taken back": {
    before: [...celebrating, daily, refunded, pass, days(4)],
    deed: [daily, minute, tell],
    rows: { birthday: 2, award: 1, correction: 1 },
    told: [{ to: anna, words: /сняли 70\s/ }],
  },
  "a level reached": {
    before: [leveled, link(0), booked, paid],
    deed: [pass, minute, tell],
    rows: { award: 1 },
    kept: { "level_changes where kind = 'up'": 1 },
    told: [{ to: anna, words: /Новый уровень/ }],
  },
  "a warning of a fall": {
    before: [leveled, link(0), ...visit, days(21)], // 31 March: it may fall when April is over
    deed: [daily, tell],
    rows: { award: 1 },
    kept: { "level_changes where kind = 'warned'": 1 },
    told: [{ to: anna, words: /Чтобы он остался/ }],
  },
  "a fall": {
    before: [leveled, link(0), ...visit, days(21), daily, days(31)],
    deed: [daily, tell],
    rows: { award: 1 },
    kept: { "level_changes where kind = 'down'": 1 },
    told: [{ to: anna, words: /Теперь возвращаем/ }],
  },
  "levels that lift whoever has paid enough": {
    before: [link(0), ...visit, terms({ LEVELS: "0:1,1000:3" })],
    deed: [daily],
    rows: { award: 1 },
    kept: { "level_changes where kind = 'up'": 1, "level_terms where raised_at is not null": 1 },
  },
  "worse levels accepted": {
    before: [leveled, link(0), ...visit, worse, { do: "programme", how: "leave" }],
    deed: [{ do: "programme", how: "late" }], // the button was there
    rows: { award: 1 },
    kept: { "level_terms where accepted_by is not null": 1 },
    told: [{ to: OWNER, words: /Принято/ }],
  },
  "worse levels told": {
    before: [leveled, link(0), ...visit, worse, { do: "programme", how: "accept" }],
    deed: [daily, tell],
    rows: { award: 1 },
    kept: { "level_changes where kind = 'terms'": 1 },
    told: [{ to: anna, words: /меняются условия уровней/ }],
  },
  "worse levels in force": {
    before: [leveled, link(0), ...visit, worse, { do: "programme", how: "accept" }, days(33), booked, paid],
    deed: [pass],
    rows: { award: 2 },
    kept: { "visits where percent = 1": 2 },
  },
  "a level by hand": {
    before: [leveled, link(0), ...visit],
    deed: [{ do: "level", client: 0, place: 1, days: 40 }, tell],
    rows: { award: 1 },
    kept: { "level_changes where kind = 'hand'": 1 },
    told: [{ to: anna, words: /Салон установил вам уровень/ }],
  },
  "a level by hand taken back": {
    before: [leveled, link(0), ...visit, { do: "level", client: 0, place: 1, days: 40 }, minute, tell],
    deed: [{ do: "levelBack", taps: 1 }, tell],
    rows: { award: 1 },
    kept: { "level_changes where kind = 'undone'": 1 },
    told: [{ to: anna, words: /отменён: возвращаем/ }],
  },
  "an invitation": {
    before: [inviting, link(0)],
    deed: [invite("link")],
    rows: {},
    kept: { friends: 1, "accounts where client_id is not null": 2 },
    told: [{ to: boris, words: /Вы по приглашению/ }],
  },
  "an invitation at the desk": {
    before: [inviting, link(0)],
    deed: [invite("desk")],
    rows: {},
    kept: { friends: 1 },
  },
  "gifts for a friend": {
    before: friendCame,
    deed: [daily, minute, tell],
    rows: { award: 1, friend: 2 },
    kept: { "friends where state = 'given'": 1 },
    told: [
      { to: anna, words: /за приглашение.*300\s/ },
      { to: boris, words: /за приглашение.*200\s/ },
    ],
  },
  "gifts for a friend taken back": {
    before: [...friendCame, daily, newest({ do: "refund" }), pass, daily, days(2)],
    deed: [daily, minute, tell],
    rows: { award: 1, correction: 1, friend: 4 },
    kept: { "friends where state = 'back'": 1 },
    told: [
      { to: anna, words: /сняли 300\s/ },
      { to: boris, words: /сняли 200\s/ },
    ],
  },
  "a friend who was here before": {
    before: [inviting, link(0), { ...booked, client: 1 } as Step, paid, pass, invite("link")],
    deed: [daily],
    rows: { award: 1 },
    kept: { "friends where why = 'known' and friend_told and inviter_told": 1 },
    told: [
      { to: anna, words: /[Пп]одарка нет/ },
      { to: boris, words: /[Пп]одарка нет/ },
    ],
  },
  "owners told how long points live": {
    before: [ending],
    deed: [tell],
    rows: {},
    kept: { life_readers: 1 },
    told: [{ to: OWNER, words: /Срок баллов/ }],
  },
  "a day's tree": {
    before: [link(0), ...visit, { do: "wait", ms: 9 * 3_600_000 + 60_000 }],
    deed: [{ do: "digest", program: 0 }],
    rows: { award: 1 },
    kept: { trees: 1, digests: 1 },
    told: [{ to: OWNER, words: /Число дня/ }],
  },
};

/** Each to be cut short at every message. */
export const deeds = { ...usual, ...ofProgramme };
