// Which cards the clients of the earlier program become. Decides; writes nothing. Phones are never said, rows are.

import type { CardId, YclientsClientId } from "../rules/ids.ts";
import { decimal, type Points } from "../rules/money.ts";
import { phoneOf } from "../rules/phone.ts";
import type { OldClient } from "./python.store.ts";

/** A card to be, made of one client or of several who share a phone. `id` is ours, 0 until it is written. */
export interface ImportedCard {
  id: CardId;
  rows: string[];
  phone: string | null;
  name: string | null;
  /** Who claims it: the account is not linked before it has proved the number. */
  telegramId: number | null;
  /** The YCLIENTS clients whose new visits go to it. */
  people: YclientsClientId[];
  /** What it must hold. */
  points: Points;
  /** What its awards sum to. */
  awarded: Points;
}

export interface ImportedCards {
  cards: ImportedCard[];
  /** The card of each row of `clients` that has one. */
  ofRow: Map<string, ImportedCard>;
  /** Rows whose points cannot be read: they hold what their awards sum to. */
  unread: Set<string>;
  clients: number;
  /** What the rows held, and how much of it finds no card. */
  owed: Points;
  leftOut: Points;
}

/** Told of each thing that comes over otherwise than it was. */
export type Say = (line: string) => void;

/**
 * One card a phone, in whatever spelling; a client whose phone cannot be read has a card by the YCLIENTS client, until
 * the journal says a phone. A Telegram account of two cards, or a card of two accounts, claims none: a guess could
 * show somebody's points to another, and one tap on "share my number" puts it right.
 */
export async function cardsOf(clients: AsyncIterable<OldClient[]>, say: Say): Promise<ImportedCards> {
  const made = new Cards(say);
  const phoneless: OldClient[] = [];
  for await (const some of clients) {
    for (const client of some) {
      const phone = phoneOf(client.phone);
      if (phone === null) phoneless.push(client);
      else made.add(client, made.ofPhone(phone));
    }
  }
  for (const client of phoneless) made.addPhoneless(client);
  made.settlePeople();
  made.settleTelegram();
  return made.all;
}

class Cards {
  readonly all: ImportedCards = {
    ...{ cards: [], ofRow: new Map(), unread: new Set(), clients: 0, owed: 0, leftOut: 0 },
  };
  readonly #byPhone = new Map<string, ImportedCard>();
  /** The rows of each YCLIENTS client, and the cards of each Telegram account. */
  readonly #people = new Map<number, string[]>();
  readonly #accounts = new Map<number, ImportedCard[]>();

  constructor(readonly say: Say) {}

  ofPhone(phone: string): ImportedCard {
    const card = this.#byPhone.get(phone) ?? this.#newCard(phone);
    this.#byPhone.set(phone, card);
    return card;
  }

  #newCard(phone: string | null): ImportedCard {
    const card = { id: 0, rows: [], phone, name: null, telegramId: null, people: [], points: 0, awarded: 0 };
    this.all.cards.push(card);
    return card;
  }

  add(client: OldClient, card: ImportedCard): void {
    const { row, yclientsId, points, name, telegramId } = client;
    this.#count(client);
    card.rows.push(row);
    card.name = name ?? card.name;
    card.points += points ?? 0;
    this.all.ofRow.set(row, card);
    if (!client.member)
      this.say(`clients row ${row}: it had left the programme; here every client with a card earns`);
    if (yclientsId === null) this.say(`clients row ${row}: it names no YCLIENTS client; its phone will tell`);
    else listed(this.#people, yclientsId).push(row);
    if (telegramId !== null) listed(this.#accounts, telegramId).push(card);
    else if (client.linked) this.say(`clients row ${row}: its Telegram id is nobody's: not linked`);
  }

  #count({ row, points }: OldClient): void {
    this.all.clients += 1;
    this.all.owed += points ?? 0;
    if (points !== null) return;
    this.all.unread.add(row);
    this.say(`clients row ${row}: its points are not a number: it holds what its awards sum to`);
  }

  /** Found by the YCLIENTS client, whose phone another row or the journal knows. */
  addPhoneless(client: OldClient): void {
    const { row, yclientsId, points } = client;
    if (yclientsId === null) {
      this.#count(client);
      this.all.leftOut += points ?? 0;
      const lost = decimal(points ?? 0);
      this.say(
        `clients row ${row}: neither its phone nor its YCLIENTS client can be read: ${lost} points are left out`,
      );
      return;
    }
    const namesake = this.#people.get(yclientsId)?.at(-1);
    const card = namesake === undefined ? undefined : this.all.ofRow.get(namesake);
    const where = card?.phone
      ? `the card of row ${namesake}`
      : "a card without a phone until the journal says one";
    this.say(`clients row ${row}: its phone cannot be read: its points go to ${where}`);
    this.add(client, card ?? this.#newCard(null));
  }

  /** What several rows share: a phone, or a YCLIENTS client, whose latest row says where new visits go. */
  settlePeople(): void {
    for (const { rows } of this.all.cards)
      if (rows.length > 1) this.say(`${named(rows)}: one client, so one card with the points of all`);
    for (const [person, rows] of this.#people) {
      const last = rows.at(-1) ?? "";
      this.all.ofRow.get(last)?.people.push(person);
      if (new Set(rows.map((row) => this.all.ofRow.get(row))).size > 1)
        this.say(`${named(rows)}: one YCLIENTS client: new visits go to the card of row ${last}`);
    }
  }

  settleTelegram(): void {
    const again = "not linked until its owner shares the number again";
    const unsure = new Set<ImportedCard>();
    for (const [account, all] of this.#accounts) {
      const cards = new Set(all);
      if (cards.size > 1)
        this.say(`${named([...cards].flatMap((card) => card.rows))}: one Telegram account: ${again}`);
      for (const card of cards) {
        if (cards.size > 1 || card.telegramId !== null) unsure.add(card);
        if (card.telegramId !== null) this.say(`${named(card.rows)}: several Telegram accounts: ${again}`);
        else if (card.phone === null) this.say(`${named(card.rows)}: a card without a phone: ${again}`);
        card.telegramId = account;
      }
    }
    for (const card of this.all.cards) if (unsure.has(card) || card.phone === null) card.telegramId = null;
  }
}

/** The list under a key, made when there is none. */
function listed<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** Rows by their ids, the first twenty of them. */
function named(rows: string[]): string {
  const more = rows.length > 20 ? ` and ${rows.length - 20} more` : "";
  return `clients ${rows.length === 1 ? "row" : "rows"} ${rows.slice(0, 20).join(", ")}${more}`;
}
