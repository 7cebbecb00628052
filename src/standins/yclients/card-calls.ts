// The calls of the stand-in YCLIENTS about a chain's cards: types, promotions, lookups, issuing, points by hand.

import { CardRefused, type ChainCardType, type ClientCard } from "./cards.ts";
import { cardAnswer } from "./loyalty-answers.ts";
import {
  cardIn,
  enveloped,
  inChain,
  kopecksIn,
  type LoyaltyAsked,
  numberAt,
  numberIn,
  sentIn,
  typesIn,
} from "./loyalty-call.ts";

export function groups({ loyalty, permissions }: LoyaltyAsked): Response {
  const text = (has: boolean) => (has ? "1" : "0");
  const companies = loyalty.journals.flatMap((journal) =>
    journal.companies().map(({ id, title }) => ({ id, title })),
  );
  const access = {
    ...{ settings_access: "0", clients_access: "1", loyalty_access: text(loyalty.rights.loyalty) },
    loyalty_cards_manual_transactions_access: text(
      loyalty.rights.manual && permissions.loyalty_cards_manual_transactions_access,
    ),
  };
  return enveloped([{ id: loyalty.id, title: loyalty.title, companies, access }]);
}

function typeList({ loyalty }: LoyaltyAsked, found: readonly ChainCardType[]): Response {
  const salon_group = { id: loyalty.id, title: loyalty.title };
  return enveloped(found.map(({ id, title }) => ({ id, title, salon_group_id: loyalty.id, salon_group })));
}

export function typesOfBranch(asked: LoyaltyAsked): Response {
  return typeList(asked, typesIn(asked));
}

export function chainTypes(asked: LoyaltyAsked): Response {
  inChain(asked);
  return enveloped(asked.loyalty.types.map(({ id, title }) => ({ id, title })));
}

export function typesToIssue(asked: LoyaltyAsked): Response {
  const has = asked.loyalty.cardsOf([String(numberAt(asked.numbers, 1))]).map((card) => card.typeId);
  const isMore = asked.loyalty.reading.secondCard === "issued";
  return typeList(
    asked,
    typesIn(asked).filter((type) => isMore || !has.includes(type.id)),
  );
}

export function promotions(asked: LoyaltyAsked): Response {
  const valid = typesIn(asked).map((type) => type.id);
  const found = asked.loyalty.promotions.filter((each) => each.types.some((id) => valid.includes(id)));
  const data = found.map(({ id, title, percent }) => ({ id, title, value: percent, value_unit: "percent" }));
  return enveloped(data, { count: data.length });
}

/** YCLIENTS API: which types of cards a promotion is for is said only where it is asked for. */
export function promotion(asked: LoyaltyAsked): Response {
  inChain(asked);
  const found = asked.loyalty.promotions.find((each) => each.id === asked.numbers[1]);
  if (!found) throw new CardRefused(404);
  const linked = asked.loyalty.types.filter((type) => found.types.includes(type.id));
  const isAsked = asked.query.getAll("include").some((value) => value.includes("loyalty_card_types"));
  return enveloped({
    ...{ id: found.id, title: found.title, value: found.percent, value_unit: "percent" },
    ...(isAsked && { loyalty_card_types: linked.map(({ id, title }) => ({ id, title })) }),
  });
}

export function cardsOfClient(asked: LoyaltyAsked): Response {
  const companies = asked.loyalty.journals.flatMap((journal) =>
    journal.companies().map(({ id }) => ({ journal, id })),
  );
  const phones = companies.flatMap(({ journal, id }) => {
    const theirs = journal.records(id).filter((record) => record.client?.id === asked.numbers[0]);
    return theirs.slice(-1).map((record) => String(record.client?.phone).replace(/\D/g, ""));
  });
  if (phones.length === 0) throw new CardRefused(404);
  return lookedUp(asked, asked.loyalty.cardsOf(phones));
}

export function cardsOfPhone(asked: LoyaltyAsked): Response {
  const [phone, chain] = asked.numbers;
  if (chain !== 0 && chain !== asked.loyalty.id) throw new CardRefused(404);
  asked.loyalty.journalOf(numberAt(asked.numbers, 2));
  return lookedUp(asked, asked.loyalty.cardsOf([String(phone)]));
}

function lookedUp({ loyalty, isBlind }: LoyaltyAsked, cards: ClientCard[]): Response {
  const data = isBlind ? [] : cards.map((card) => cardAnswer(loyalty, card));
  return enveloped(loyalty.reading.lookup === "object" && data.length === 1 ? data[0] : data);
}

export function issue(asked: LoyaltyAsked): Response {
  const body = sentIn(asked);
  const [typeId, phone] = [Number(body.loyalty_card_type_id), String(numberIn(body, "phone"))];
  if (!typesIn(asked).some((type) => type.id === typeId))
    throw new CardRefused(422, "Тип карты не действует в филиале", "loyalty_card_type_id");
  if (!/^\d{10,15}$/.test(phone)) throw new CardRefused(422, "Неверный телефон", "phone");
  const card = asked.loyalty.issue(typeId, phone, String(body.loyalty_card_number ?? ""));
  return enveloped(cardAnswer(asked.loyalty, card), [], asked.loyalty.reading.issued);
}

export function deleteCard(asked: LoyaltyAsked): Response {
  asked.loyalty.deleteCard(cardIn(asked).id);
  return new Response(null, { status: 204 });
}

export function moveInBranch(asked: LoyaltyAsked): Response {
  return move(asked, cardIn(asked), numberAt(asked.numbers, 0));
}

export function moveInChain(asked: LoyaltyAsked): Response {
  inChain(asked);
  return move(asked, asked.loyalty.card(numberAt(asked.numbers, 1)), 0);
}

function move(asked: LoyaltyAsked, card: ClientCard, companyId: number): Response {
  const kopecks = kopecksIn(sentIn(asked), "amount");
  return enveloped(cardAnswer(asked.loyalty, asked.loyalty.moveByHand(card.id, kopecks, companyId)));
}
