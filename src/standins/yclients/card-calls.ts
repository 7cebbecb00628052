// The calls of the stand-in YCLIENTS about a chain's cards: types, promotions, a client's cards, issuing, points by hand.

import { CardRefused } from "./cards.ts";
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

export function typesOfBranch(asked: LoyaltyAsked): Response {
  const { id: salon_group_id, title } = asked.loyalty;
  const chain = { salon_group_id, salon_group: { id: salon_group_id, title } };
  return enveloped(typesIn(asked).map((type) => ({ id: type.id, title: type.title, ...chain })));
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
  const cards = asked.isBlind ? [] : asked.loyalty.cardsOf(phones);
  const data = cards.map((card) => cardAnswer(asked.loyalty, card));
  return enveloped(asked.loyalty.reading.lookup === "object" && data.length === 1 ? data[0] : data);
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

export function moveByHand(asked: LoyaltyAsked): Response {
  const kopecks = kopecksIn(sentIn(asked), "amount");
  const card = asked.loyalty.moveByHand(cardIn(asked).id, kopecks, numberAt(asked.numbers, 0));
  return enveloped(cardAnswer(asked.loyalty, card));
}
