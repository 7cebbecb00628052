// Which cards the clients of the earlier program become. Decides; writes nothing. Phones are never said, rows are.

import type { OldClient } from "../old/program.ts";
import { decimal, type Points } from "../rules/money.ts";
import { phoneOf } from "../rules/phone.ts";

/** A card to be, made of one client or of several who share a phone. `id` is ours, 0 until it is written. */
export interface ImportedCard {
  id: number;
  rows: string[];
  phone: string | null;
  name: string | null;
  telegramId: number | null;
  /** The YCLIENTS clients whose new visits go to it. */
  people: number[];
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
 * the journal says a phone. A Telegram account of two cards, or a card of two accounts, is linked to none: a guess could
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
  readonly #people = new Map<number, OldClient[]>();
  readonly #accounts = new Map<ImportedCard, Set<number>>();

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
    if (card.rows.length > 1)
      this.say(`clients rows ${card.rows.join(", ")}: one client, so one card with the points of all`);
    if (!client.member)
      this.say(`clients row ${row}: it had left the programme; here every client with a card earns`);
    if (yclientsId === null) this.say(`clients row ${row}: it names no YCLIENTS client; its phone will tell`);
    else this.#people.set(yclientsId, [...(this.#people.get(yclientsId) ?? []), client]);
    if (telegramId !== null)
      this.#accounts.set(card, (this.#accounts.get(card) ?? new Set()).add(telegramId));
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
    const card = namesake && this.all.ofRow.get(namesake.row);
    const where = card?.phone
      ? `the card of row ${namesake?.row}`
      : "a card without a phone until the journal says one";
    this.say(`clients row ${row}: its phone cannot be read: its points go to ${where}`);
    this.add(client, card ?? this.#newCard(null));
  }

  /** A YCLIENTS client on two cards: the latest row says where new visits go. */
  settlePeople(): void {
    for (const [person, clients] of this.#people) {
      const rows = clients.map((client) => client.row);
      const cards = new Set(rows.map((row) => this.all.ofRow.get(row)));
      const last = rows.at(-1) ?? "";
      this.all.ofRow.get(last)?.people.push(person);
      if (cards.size > 1)
        this.say(
          `clients rows ${rows.join(", ")}: one YCLIENTS client: new visits go to the card of row ${last}`,
        );
    }
  }

  settleTelegram(): void {
    const cards = new Map<number, ImportedCard[]>();
    for (const [card, accounts] of this.#accounts)
      for (const account of accounts) cards.set(account, [...(cards.get(account) ?? []), card]);
    for (const [card, accounts] of this.#accounts) {
      const rows = card.rows.join(", ");
      const [account = 0] = accounts;
      const others = (cards.get(account) ?? []).filter((other) => other !== card);
      const again = "until its owner shares the number again";
      if (accounts.size > 1)
        this.say(`clients rows ${rows}: one card, ${accounts.size} Telegram accounts: not linked ${again}`);
      else if (card.phone === null)
        this.say(`clients row ${rows}: without a phone its card is not linked ${again}`);
      else if (others.length > 0) {
        const theirs = others.flatMap((other) => other.rows).join(", ");
        this.say(`clients row ${rows}: its Telegram account is on row ${theirs} too: not linked ${again}`);
      } else card.telegramId = account;
    }
  }
}
