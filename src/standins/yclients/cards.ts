// The cards of a chain in the stand-in YCLIENTS: their types, promotions, clients' cards, and points moved by hand.

import type { Share } from "./bill.ts";
import { carefulReading, type LoyaltyReading } from "./readings.ts";

/** A kind of cards as the chain's owner has made it. Kopecks; 0 is no limit. */
export type ChainCardType = {
  id: number;
  title: string;
  /** The branches where it is valid. */
  companies: number[];
  serviceItems: "any_allowed" | "none_allowed";
  goodItems: "any_allowed" | "none_allowed";
  maxPercent: number;
  maxKopecks: number;
};

/** A promotion: what `percent` of a visit comes onto cards of these types when it is marked as held. */
type Promotion = { id: number; title: string; percent: number; types: number[] };

export type ClientCard = {
  id: number;
  typeId: number;
  /** Digits. YCLIENTS API: a card is a phone's in the chain, in all branches. */
  phone: string;
  number: string;
  kopecks: number;
  isDeleted: boolean;
};

/** A loyalty movement by the types of YCLIENTS API. Of several lines of one withdrawal, `batch` is the same. */
export type ChainRow = {
  id: number;
  batch: number;
  at: Date;
  type: number;
  kopecks: number;
  /** 0 is without a card. */
  cardId: number;
  companyId: number;
  /** What it pays; nothing for a movement by hand. */
  shares: Share[];
  /** False once it was taken back. */
  stands: boolean;
};

export const LOYALTY = {
  ...{ promotion: 1, accrual: 2, withdrawal: 3, added: 5, taken: 6 },
  ...{ certificate: 8, membership: 9, recalculation: 10, account: 11 },
} as const;

/** What YCLIENTS refuses, whoever asks. */
export class CardRefused extends Error {
  constructor(
    readonly status: 403 | 404 | 422,
    message?: string,
    readonly field?: string,
  ) {
    super(message ?? "Не найдено");
  }
}

export type ChainOptions = {
  now: () => Date;
  id?: number;
  title?: string;
  reading?: Partial<LoyaltyReading>;
};

/** Money is integer kopecks in every argument. Everything here may be called by hand, as people do it on a screen. */
export class ChainCards {
  /** How the API behaves. May be set while it runs. */
  readonly reading: LoyaltyReading;
  readonly id: number;
  readonly title: string;
  /** The rights in the chain of the user whose token it is. */
  readonly rights = { loyalty: true };
  readonly types: ChainCardType[] = [];
  readonly promotions: Promotion[] = [];
  readonly cards: ClientCard[] = [];
  /** Every row that ever was, what was taken back too, in the order of ids. */
  readonly rows: ChainRow[] = [];
  readonly #now: () => Date;
  readonly #listeners = new Set<(card: ClientCard) => void>();
  /** Acts that wait for their moment. */
  #late: { due: number; act: () => void }[] = [];
  #acting: Date | null = null;
  #depth = 0;
  #lost = 0;
  #count = 0;

  constructor({ now, id = 77, title = "Сеть", reading = {} }: ChainOptions) {
    this.#now = now;
    this.id = id;
    this.title = title;
    this.reading = { ...carefulReading, ...reading };
  }

  addType(type: Partial<ChainCardType> & { companies: number[] }): ChainCardType {
    const id = this.number(550);
    const made = {
      ...{ id, title: "Баллы", serviceItems: "any_allowed" as const, goodItems: "any_allowed" as const },
      ...{ maxPercent: 0, maxKopecks: 0, ...type },
    };
    this.types.push(made);
    return made;
  }

  addPromotion(promotion: { percent: number; types: number[] }): Promotion {
    const made = { id: this.number(300), title: "Кешбэк", ...promotion };
    this.promotions.push(made);
    return made;
  }

  /** Whether a card may be issued twice is the reading's. An empty number is made up. */
  issue(typeId: number, phone: string, number = ""): ClientCard {
    const type = this.typeOf(typeId);
    const digits = phone.replace(/\D/g, "");
    const [first] = this.cardsOf([digits]).filter((card) => card.typeId === typeId);
    if (first && this.reading.secondCard === "refused")
      throw new CardRefused(422, "У клиента уже есть карта этого типа", "loyalty_card_type_id");
    if (first && this.reading.secondCard === "first") return first;
    const id = this.number(9000);
    const card = { id, typeId: type.id, phone: digits, number: number || `0${id}77`, kopecks: 0 };
    const made = { ...card, isDeleted: false };
    this.cards.push(made);
    this.#moved(made);
    return made;
  }

  /** Its rows stay where they are. */
  deleteCard(cardId: number): void {
    this.card(cardId).isDeleted = true;
  }

  card(cardId: number): ClientCard {
    this.catchUp();
    const card = this.cards.find((each) => each.id === cardId && !each.isDeleted);
    if (!card) throw new CardRefused(404);
    return card;
  }

  cardsOf(phones: readonly string[]): ClientCard[] {
    this.catchUp();
    return this.cards.filter((card) => !card.isDeleted && phones.includes(card.phone));
  }

  typeOf(typeId: number): ChainCardType {
    const type = this.types.find((each) => each.id === typeId);
    if (!type) throw new CardRefused(404);
    return type;
  }

  /** Whether the card's type lets points pay such lines. */
  mayPay(card: ClientCard, kind: Share["kind"]): boolean {
    const { serviceItems, goodItems } = this.typeOf(card.typeId);
    return (kind === "service" ? serviceItems : goodItems) === "any_allowed";
  }

  /** The most that a card of this type may pay of a bill. */
  limitOf(card: ClientCard, bill: number): number {
    const { maxPercent, maxKopecks } = this.typeOf(card.typeId);
    if (this.reading.limits === "ignored") return Number.POSITIVE_INFINITY;
    const none = this.reading.limits === "zero_is_nothing" ? 0 : Number.POSITIVE_INFINITY;
    const percent = maxPercent > 0 ? Math.floor((bill * maxPercent) / 100) : none;
    return Math.min(percent, maxKopecks > 0 ? maxKopecks : none);
  }

  /** Points onto the card by hand, or off it where `kopecks` is negative. */
  moveByHand(cardId: number, kopecks: number, companyId = 0): ClientCard {
    const card = this.card(cardId);
    if (card.kopecks + kopecks < 0 && kopecks < 0 && this.reading.overdraw === "refused")
      throw new CardRefused(422, "Недостаточно средств на карте", "amount");
    const type = kopecks < 0 ? LOYALTY.taken : LOYALTY.added;
    this.put(card, kopecks);
    this.add({ type, kopecks: Math.abs(kopecks), cardId, companyId });
    return card;
  }

  /** Tells of a card whose points moved, as late as the reading says. */
  onCard(listener: (card: ClientCard) => void): void {
    this.#listeners.add(listener);
  }

  /** Does it by the journal's own clock `ms` later, or when somebody looks after that. A refusal is heard by nobody. */
  later(ms: number, act: () => void): void {
    this.#late.push({ due: this.#now().getTime() + ms, act });
  }

  /** Does all of `act` at one moment: nothing that is late comes between. */
  atOnce<Result>(act: () => Result): Result {
    this.catchUp();
    this.#depth += 1;
    try {
      return act();
    } finally {
      this.#depth -= 1;
    }
  }

  catchUp(): void {
    if (this.#depth > 0) return;
    const due = this.#late.filter((each) => each.due <= this.#now().getTime());
    if (due.length === 0) return;
    this.#late = this.#late.filter((each) => !due.includes(each));
    for (const { due: at, act } of due.sort((a, b) => a.due - b.due)) {
      this.#acting = new Date(at);
      this.#depth += 1;
      try {
        act();
      } catch (refused) {
        if (!(refused instanceof CardRefused)) throw refused;
      } finally {
        this.#acting = null;
        this.#depth -= 1;
      }
    }
  }

  /** By how much a write whose answer is lost is late, in milliseconds; null where it is not done. */
  lateness(): number | null {
    if (this.reading.lost === "undone") return null;
    this.#lost += 1;
    return [0, 90_000, 20_000][(this.#lost - 1) % 3] ?? 0;
  }

  /** Whether the chain's list shows the row by now. */
  isListed(row: ChainRow): boolean {
    return row.at.getTime() + this.reading.chainLagMs <= this.#now().getTime();
  }

  protected put(card: ClientCard, kopecks: number): void {
    card.kopecks += kopecks;
    this.#moved(card);
  }

  protected add(row: Omit<ChainRow, "id" | "batch" | "at" | "shares" | "stands"> & Partial<ChainRow>) {
    const id = this.number(88_000);
    this.rows.push({ id, batch: id, at: this.#acting ?? this.#now(), shares: [], stands: true, ...row });
  }

  protected number(base: number): number {
    this.#count += 1;
    return base + this.#count;
  }

  #moved(card: ClientCard): void {
    if (this.reading.cardHook === "never") return;
    this.later(5000, () => {
      for (const listener of this.#listeners) listener(card);
    });
  }
}
