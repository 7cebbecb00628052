// Finds or makes the card of each client of a page. Runs inside the ledger's transaction.

import type { Tx } from "../db/connect.ts";
import type { CardId, YclientsClientId } from "../rules/ids.ts";
import type { YclientsPerson } from "../yclients/record.ts";
import {
  addCards,
  cardsByPhone,
  drawCardIds,
  givePhone,
  knowAsForgotten,
  type PersonOnCard,
  type PhoneOnCard,
  peopleOnCards,
  putPeople,
  renameCards,
} from "./cards.store.ts";
import type { Veil } from "./veil.ts";

export { addCards, cardsByPhone, drawCardIds, handOver, peopleOnCards, putPeople } from "./cards.store.ts";

/** Where a YCLIENTS client's new visits go; no card for a person who asked to be forgotten. */
export interface Place {
  card: CardId | null;
  forgotten: boolean;
  /** They had asked to be forgotten, and have linked again. */
  returned?: boolean;
}

/** What is stored of a client's visits without rows is to go from one card to another before it is read again. */
interface CardChange {
  person: YclientsClientId;
  from: CardId;
  to: CardId;
}

/** Moves everything of a card without a phone to the card that owns the phone. */
type Merge = (from: CardId, to: CardId) => Promise<void>;

interface Wish {
  person: YclientsPerson;
  known: PersonOnCard | undefined;
}

/**
 * A place for each of these people, and who goes to another card by it; in a fixed number of statements.
 *
 * One card a phone; without a phone, a card of one's own. A new phone sends later visits to its card; a missing or masked one
 * changes nothing. A card that learns its phone keeps it, or is merged into the phone's own card. One without a name, as the desk
 * opens them, takes the first client's who is put on it. Who asked to be forgotten comes back by their own link alone: until then
 * their phone is nobody's.
 */
export async function placePeople(
  tx: Tx,
  people: YclientsPerson[],
  merge: Merge,
  veil?: Veil,
): Promise<{ places: Map<YclientsClientId, Place>; moves: CardChange[] }> {
  const places = new Map<YclientsClientId, Place>();
  if (people.length === 0) return { places, moves: [] };
  const known = new Map(
    (
      await peopleOnCards(
        tx,
        people.map((one) => one.id),
      )
    ).map((row) => [row.yclientsClientId, row]),
  );
  const moving = people.filter((person) => !stays(person, known.get(person.id)));
  const phones = [...new Set(moving.flatMap((one) => one.phone ?? []))];
  const asked = phones.length > 0 ? await cardsByPhone(tx, phones, veil ? phones.map(veil) : []) : [];
  const gone = new Set(asked.flatMap((row) => (row.forgotten && !row.linked ? [row.phone] : [])));
  const owners = ownersOf(asked);
  const homeless: Wish[] = [];
  const strangers: YclientsClientId[] = [];
  /** Cards that have learnt their phone on this page: whoever else was on one is on it by that phone. */
  const settled = new Map<CardId, { card: CardId; phone: string }>();

  for (const person of people) {
    const read = known.get(person.id);
    const before = read && { ...read, ...settled.get(read.card ?? 0) };
    const owner = person.phone === null ? undefined : owners.get(person.phone);
    const goneBy = person.phone !== null && gone.has(person.phone);
    if ((before?.forgotten || (goneBy && !before)) && !owner?.linked) {
      // Only the person's own link brings them back; a phone that somebody else's card has now does not.
      places.set(person.id, { card: null, forgotten: true });
      if (!before) strangers.push(person.id);
    } else if (before?.card && (goneBy || samePhone(person, before))) {
      places.set(person.id, { card: before.card, forgotten: false });
    } else if (before?.card && before.phone === null && person.phone !== null) {
      const card = await settlePhone(tx, before.card, person.phone, owner?.card ?? null, merge);
      owners.set(person.phone, { card, linked: owner?.linked ?? false });
      settled.set(before.card, { card, phone: person.phone });
      places.set(person.id, { card, forgotten: false });
    } else {
      homeless.push({ person, known: before });
    }
  }
  if (strangers.length > 0) await knowAsForgotten(tx, strangers);
  await createCards(tx, homeless, owners, places);
  const named = [...known.values(), ...asked.map(({ card, name }) => ({ card, cardName: name }))];
  await rename(tx, people, known, places);
  await nameCards(
    tx,
    people,
    places,
    new Set(named.filter((one) => one.cardName === null).map((one) => one.card)),
  );
  for (const [id, place] of places)
    place.returned = !place.forgotten && Boolean(known.get(id)?.forgotten || known.get(id)?.returned);
  return { places, moves: movesOf(homeless, places) };
}

interface Owner {
  card: CardId;
  linked: boolean;
}

function ownersOf(asked: PhoneOnCard[]): Map<string, Owner> {
  return new Map(
    asked.flatMap(({ phone, card, linked }) => (card === null ? [] : [[phone, { card, linked }] as const])),
  );
}

/** Whether whoever holds the person's phone is of no account: they are on their card, by that phone. */
function stays(person: YclientsPerson, before: PersonOnCard | undefined): boolean {
  return before?.card != null && !before.forgotten && samePhone(person, before);
}

function samePhone(person: YclientsPerson, before: PersonOnCard): boolean {
  return person.phone === null || person.phone === before.phone;
}

/** A card without a phone learns it. */
async function settlePhone(
  tx: Tx,
  card: CardId,
  phone: string,
  owner: CardId | null,
  merge: Merge,
): Promise<CardId> {
  if (owner === null) {
    await givePhone(tx, card, phone);
    return card;
  }
  await merge(card, owner);
  return owner;
}

/** Cards for those who have none yet, or whose phone is another now. */
async function createCards(
  tx: Tx,
  wishes: Wish[],
  owners: Map<string, Owner>,
  places: Map<YclientsClientId, Place>,
): Promise<void> {
  if (wishes.length === 0) return;
  const newPhones = new Set(
    wishes.flatMap(({ person }) => (person.phone && !owners.has(person.phone) ? person.phone : [])),
  );
  const phoneless = wishes.filter(({ person }) => person.phone === null);
  const ids = await drawCardIds(tx, newPhones.size + phoneless.length);
  const cards: { id: CardId; phone: string | null; name: string | null }[] = [];
  const people: { yclientsClientId: YclientsClientId; card: CardId; name: string | null }[] = [];
  for (const { person } of wishes) {
    const owned = person.phone === null ? undefined : owners.get(person.phone)?.card;
    const card = owned ?? ids.shift() ?? 0;
    if (owned === undefined) {
      cards.push({ id: card, phone: person.phone, name: person.name });
      if (person.phone) owners.set(person.phone, { card, linked: false });
    }
    people.push({ yclientsClientId: person.id, card, name: person.name });
    places.set(person.id, { card, forgotten: false });
  }
  if (cards.length > 0) await addCards(tx, cards);
  await putPeople(tx, people);
}

function movesOf(wishes: Wish[], places: Map<YclientsClientId, Place>): CardChange[] {
  return wishes.flatMap(({ person, known }) => {
    const [from, to] = [known?.card ?? null, places.get(person.id)?.card ?? null];
    return from === null || to === null || from === to ? [] : [{ person: person.id, from, to }];
  });
}

/** A client who is called otherwise now, on the same card as before; the card follows if it bore the old name. */
async function rename(
  tx: Tx,
  people: YclientsPerson[],
  known: Map<YclientsClientId, PersonOnCard>,
  places: Map<YclientsClientId, Place>,
): Promise<void> {
  const changed = people.flatMap((person) => {
    const before = known.get(person.id);
    const stays = before?.card && before.card === places.get(person.id)?.card;
    const differs = stays && person.name !== null && person.name !== before.name;
    return differs ? [{ before, card: before.card ?? 0, name: person.name }] : [];
  });
  if (changed.length === 0) return;
  await putPeople(
    tx,
    changed.map(({ before, card, name }) => ({ yclientsClientId: before.yclientsClientId, card, name })),
  );
  await renameCards(
    tx,
    changed.filter(({ before }) => before.cardName === before.name),
  );
}

/** The first client with a name names a card that has none. */
async function nameCards(
  tx: Tx,
  people: YclientsPerson[],
  places: Map<YclientsClientId, Place>,
  nameless: Set<CardId | null>,
): Promise<void> {
  const names = new Map<CardId, string>();
  for (const { id, name } of people) {
    const card = places.get(id)?.card ?? null;
    if (card !== null && name !== null && nameless.has(card) && !names.has(card)) names.set(card, name);
  }
  if (names.size > 0)
    await renameCards(
      tx,
      [...names].map(([card, name]) => ({ card, name })),
    );
}
