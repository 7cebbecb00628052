// What the page is told and what it may ask. Money is integer kopecks, points are hundredths. Types alone.

/**
 * A visit as it stands in the journal. `at` is `2026-03-10T13:00`, by the branch's clock. `price` is what is to be paid in money
 * beside the `points` on its bill; `card` is the client's card for them.
 */
export interface Visit {
  id: number;
  at: string;
  today: boolean;
  client: string;
  phone: string;
  title: string;
  price: number;
  points: number;
  card: PointsCard | null;
  paid: number;
  attendance: number;
  paidFull: boolean;
  prepaid: boolean;
  deleted: boolean;
}

/**
 * A client's card in YCLIENTS that is kept for points on bills: what it holds, and every move on it in turn. By hand points are
 * `put` there and `taken` off, a visit is `paid` by it, and what was taken off the visit's bill is `back`.
 */
export interface PointsCard {
  balance: number;
  moves: { id: number; move: "put" | "taken" | "paid" | "back"; kopecks: number }[];
}

/** At most one of the rest: `contact` sends the person's own number, `says` writes its own words. */
export interface ButtonView {
  text: string;
  contact?: true;
  says?: true;
  data?: string;
  url?: string;
  copy?: string;
}

/** A piece of text with one look; the bot's own marks, read by the stand-in. */
export interface Mark {
  type: string;
  offset: number;
  length: number;
  url?: string;
}

/** `waiting`: the program has not taken it yet. `at` is in milliseconds. */
export interface Message {
  id: number;
  at: number;
  from: "bot" | "person";
  text: string;
  marks: Mark[];
  inline: ButtonView[][];
  photo: string | null;
  file: { id: string; name: string; bytes: number } | null;
  contact: string | null;
  sticker: string | null;
  edited: boolean;
  waiting: boolean;
}

/** A chat as its person sees it. `toast` is the newest answer to a tap. */
export interface Chat {
  name: string;
  phone: string;
  started: boolean;
  messages: Message[];
  keyboard: { text: string; contact: boolean }[][];
  commands: { command: string; description: string }[];
  toast: { id: string; text: string; alert: boolean } | null;
}

/** A row of the ledger, `at` in milliseconds. `record` is the visit it is for, `after` what the card held then. */
export interface Row {
  id: number;
  card: string;
  kind: string;
  points: number;
  after: number;
  paid: number | null;
  reason: string | null;
  record: number | null;
  corrects: number | null;
  byHand: boolean;
  told: boolean;
  linked: boolean;
  at: number;
}

/** A visit as the program has read it last; `paid` is null while it is not known. */
export interface ReadVisit {
  decision: string;
  price: number;
  paid: number | null;
  attendance: number;
  paidFull: boolean;
  deleted: boolean;
}

/** What the database says: the ledger, its proof, and what the program has read of the journal. */
export interface Ledger {
  rows: Row[];
  /** `channels` are the messengers in which somebody has the card. */
  cards: { name: string; phone: string; balance: number; linked: boolean; channels: string[] }[];
  proof: { faults: string[]; rows: number; owed: number; hash: string };
  /** What all cards hold and until when, as the program's `owed` prints it. */
  owed: Record<"ru" | "en", string>;
  /** By record id. */
  read: Record<string, ReadVisit>;
  untold: number;
  /** Messages that should have gone by now, and could not. */
  late: number;
  /** Until when nobody asks YCLIENTS anything, in milliseconds; null when asking is free. */
  heldUntil: number | null;
}

/**
 * This demo's own mark, the salon's zone, faults that are on, how the program is, and the updates it has not taken. `open` is
 * the address for a phone when it is served to the network; `command` serves it there, with this machine's address if it has
 * one. `today` is the salon's day, `2026-03-10`; `passed` is how many days the visitor has let
 * pass, and `minutes` how many minutes beside them. `trial` is the owner's trial of spends that settle, and what it has printed; `settles`: they are switched on.
 */
export interface World {
  id: string;
  timeZone: string;
  today: string;
  open: string | null;
  command: string;
  faults: Record<string, boolean>;
  program: "starting" | "running" | "dead";
  deaths: number;
  undelivered: number;
  passed: number;
  minutes: number;
  trial: { state: "none" | "running" | "passed"; language: "ru" | "en"; text: string };
  settles: boolean;
  /** The bot in MAX, once the owner has switched it on; `atOnce`: clients there are told unasked. */
  max: { atOnce: boolean; undelivered: number } | null;
}

/** What is sent as it changes, each under its name. */
export interface Shows {
  journal: Visit[];
  anna: Chat;
  admin: Chat;
  owner: Chat;
  max: Chat;
  ledger: Ledger;
  world: World;
}

/** `max` is Anna in MAX; the others are in Telegram. */
export type Who = "anna" | "admin" | "owner" | "max";

/** What the page asks for, as the body of `POST /do`. */
export type PageAction =
  | { do: "arrive" | "pay" | "prepay" | "noShow" | "remove" | "restore"; visit: number }
  | { do: "payInPart" | "editPrice" | "refund"; visit: number; kopecks: number }
  | { do: "book"; client: string; title: string; kopecks: number }
  | { do: "start" | "contact"; who: Who }
  | { do: "say"; who: Who; text: string }
  | { do: "link"; who: Who; payload: string }
  | { do: "tap"; who: Who; message: number; data: string }
  | { do: "fault"; name: string; on: boolean }
  | { do: "kill" | "programme" | "settling" | "max" | "atOnce" }
  | { do: "trial"; language: "ru" | "en" }
  | { do: "leap"; days: number }
  | { do: "pass"; minutes: number }
  | { do: "language"; language: "ru" | "en"; chosen: boolean };
