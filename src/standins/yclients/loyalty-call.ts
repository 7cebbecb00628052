// One loyalty call to the stand-in YCLIENTS: what was asked, how its body and address are read, how it is answered.

import { CardRefused, type ChainCardType, type ClientCard } from "./cards.ts";
import type { YclientsFaults } from "./faults.ts";
import type { ChainLoyalty } from "./loyalty.ts";
import type { Permissions } from "./permissions.ts";

/** One call. `body` is what was sent, parsed; anything. */
export type LoyaltyCall = {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  permissions: Permissions;
  faults: YclientsFaults;
  now: Date;
};

export type LoyaltyAsked = LoyaltyCall & { loyalty: ChainLoyalty; numbers: number[]; isBlind: boolean };

export const enveloped = (data: unknown, meta: object = [], status = 200) =>
  Response.json({ success: true, data, meta }, { status });

/** YCLIENTS API: the samples of `/visit/loyalty/…` are bare, live clients count on the envelope. */
export const shaped = ({ loyalty }: LoyaltyAsked, data: unknown) =>
  loyalty.reading.shape === "bare" ? Response.json(data) : enveloped(data);

export const sentIn = ({ body }: LoyaltyAsked) => Object(body) as Record<string, unknown>;

/** A number of the body, 422 where it is missing. */
export function numberIn(body: Record<string, unknown>, name: string): number {
  const value = body[name];
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new CardRefused(422, "Поле обязательно", name);
  return value;
}

/** Roubles of the body as kopecks. Here more than two decimals are refused, to catch who reckons in floats. */
export function kopecksIn(body: Record<string, unknown>, name: string): number {
  const value = numberIn(body, name) * 100;
  if (Math.abs(value - Math.round(value)) > 1e-6) throw new CardRefused(422, "Неверная сумма", name);
  return Math.round(value);
}

export function inChain({ loyalty, numbers }: LoyaltyAsked): void {
  if (numberAt(numbers, 0) !== loyalty.id) throw new CardRefused(404);
}

/** The types of the branch that the address names first. */
export function typesIn({ loyalty, numbers }: LoyaltyAsked): ChainCardType[] {
  loyalty.journalOf(numberAt(numbers, 0));
  return loyalty.types.filter((type) => type.companies.includes(numberAt(numbers, 0)));
}

/** A card that is valid in the branch. */
export function cardIn(asked: LoyaltyAsked): ClientCard {
  const card = asked.loyalty.card(numberAt(asked.numbers, 1));
  if (!typesIn(asked).some((type) => type.id === card.typeId))
    throw new CardRefused(422, "Карта не действует в филиале");
  return card;
}

/** One of the numbers that the address names. */
export const numberAt = (numbers: number[], index: number): number => numbers[index] ?? 0;
