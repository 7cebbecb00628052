// Every sentence people read, in English: the same keys as in ru.ts.

import { lastDigits } from "../rules/phone.ts";
import { anchor, bold, escaped } from "../texts/html.ts";
import { lockedEn, waitingEn } from "../texts/waiting.ts";
import { enWords as w } from "../texts/words.ts";
import { programmeEn } from "../visits/programme.texts.ts";
import type { CardView, ruTexts } from "./ru.texts.ts";

const card = (phone: string) => `…${escaped(lastDigits(phone))}`;
const comma = (name: string | null) => (name ? `, ${escaped(name)}` : "");
const rate = `${w.points(100)} = ${w.money(100)}`;
const calls = (phone: string | null) => (phone ? `: ${escaped(phone)}` : " at the till");

const sentenceEnd = (name: string) => `${name.replace(/[\s.]+$/, "")}.`;

function holds({ phone, balance, waiting, locked = 0 }: Omit<CardView, "name">): string {
  if (balance < 0)
    return `Card ${card(phone)} holds ${bold(w.points(balance))}.${waitingEn(waiting)} Nothing to pay: the next points cover it.`;
  if (balance === 0) return `Card ${card(phone)} holds no points yet.${waitingEn(waiting)}`;
  return `Card ${card(phone)} holds ${bold(w.points(balance))}.${waitingEn(waiting)}${lockedEn(locked, balance)}${
    balance > locked ? ` ${rate}: say “use my points” at the till.` : ""
  }`;
}

export const enTexts: typeof ruTexts = {
  buttons: {
    today: "Today",
    balance: "Balance",
    card: "Card",
    history: "History",
    book: "Book",
    contacts: "Contacts",
    help: "Help",
    agree: "I agree, send my number",
    notNow: "Not now",
    move: "Yes, move them",
    instead: "Yes, that card",
    keep: "No",
    bookOnline: "Book online",
    map: "How to find us",
    confirm: "Confirm my number",
  },

  greeting: (shop) =>
    `${shop.title ? `${bold(shop.title)}\n` : ""}Hello! This is your loyalty card. ` +
    `${programmeEn.share(shop)} comes back in points, ${rate}.` +
    `${shop.rulesUrl ? `\n${anchor("Rules", shop.rulesUrl)}` : ""}` +
    "\n\nPoints of past visits may be waiting for you already: confirm your number, and you will see." +
    programmeEn.welcome(shop),

  consent: (shop, ...messengers) =>
    `${bold("Consent to the processing of personal data")}\n\nI agree to the processing of my name, phone, ` +
    `${messengers.map((one) => `${one} ID`).join(" and ")}, ` +
    `visits${shop.birthday ? ", payments and birthday" : " and payments"} to keep the card` +
    `${messengers.length > 1 ? ` in ${messengers.join(" and ")}` : ""} and to tell me about points. ` +
    `Your data is processed by ${escaped(sentenceEnd(shop.legalName || "the salon"))} ` +
    `Valid until withdrawn: “Help → My data”.${shop.policyUrl ? `\n${anchor("Full text and policy", shop.policyUrl)}` : ""}`,

  notNow: () =>
    "All right. Points add up without the bot too: give your phone at the till. Changed your mind? /start",

  numberFirst: () =>
    "Your number comes first: press the button below, and you will see your points. Those of past visits may be waiting already.",
  numberLater: () => "Your points will be here once you have confirmed your number.",

  linked: (view) => {
    if (view.balance < 0) return `✅ Done${comma(view.name)}! ${holds(view)}`;
    if (view.balance > 0) {
      const visits = view.visits > 0 ? ` for ${w.visits(view.visits)}` : "";
      const points = bold(w.points(view.balance));
      return `✅ Done${comma(view.name)}! Card ${card(view.phone)} already holds ${points}${visits}.${waitingEn(view.waiting)}${lockedEn(
        view.locked ?? 0,
        view.balance,
      )}${view.balance > (view.locked ?? 0) ? " Say “use my points” at the till." : ""}`;
    }
    const from = view.since ? ` Visits count from ${w.day(view.since, null)}.` : "";
    const since = view.returned
      ? " What you pay from now on counts; visits paid while you had no card make no points."
      : from;
    return (
      `✅ Done${comma(view.name)}! Card ${card(view.phone)} is ready and holds no points yet.${waitingEn(view.waiting)}${since}\n\n` +
      "Booked with another number? Tell the front desk, they will move the points."
    );
  },

  foreignContact: () => "That is somebody else's number. Press the button below to send your own.",
  foreignContactOfLinked: (view) =>
    `That is somebody else's number, your card stays as it is. ${holds(view)}`,
  unreadablePhone: (messenger) =>
    `${messenger}'s number could not be read. Give it at the till: points add up all the same.`,

  movedAway: (supportPhone) =>
    `Another account has confirmed your number and has the card now. If that was not you, tell us${calls(supportPhone)}.`,

  secondPhone: (from, to, _messenger, elsewhere = []) =>
    elsewhere.length > 0
      ? `Card ${card(from.phone)} is linked already. It is open in ${elsewhere.join(" and ")} too, so its points stay on it. ` +
        `Use card ${card(to.phone)} here?`
      : from.balance > 0
        ? `Card ${card(from.phone)} is linked already and holds ${bold(w.points(from.balance))}. ` +
          `Move the points to card ${card(to.phone)} and use that one?`
        : `Card ${card(from.phone)} is linked already. Use card ${card(to.phone)} in its place?`,
  moved: (moved, view, journal, left = null) =>
    `${moved > 0 ? `✅ Moved ${bold(w.points(moved))}` : `✅ Your card is ${card(view.phone)} now`}. ${holds(view)}` +
    (left === null ? "" : ` Card ${card(left.phone)} stays in ${left.elsewhere.join(" and ")}.`) +
    (journal === null
      ? ""
      : `\n\n${bold("Tell the front desk your new number:")} while the salon has the old one, points for visits come onto card ${card(journal)}.`),
  notMoved: () => "All right, nothing changes.",
  oldQuestion: () => "That question is closed already.",

  welcomeBack: (view) => {
    const gained =
      view.visits > 0 ? `${w.signed(view.gained)} for ${w.visits(view.visits)}` : w.signed(view.gained);
    const news = [
      ...(view.gained !== 0 ? [gained] : []),
      ...(view.spent > 0 ? [`${w.signed(-view.spent)} spent`] : []),
    ];
    const missed = news.length > 0 ? ` While you were away: ${news.join(", ")}.` : "";
    return `Welcome back${comma(view.name)}!${missed} Card ${card(view.phone)} now holds ${bold(w.points(view.balance))}.${waitingEn(view.waiting)}`;
  },

  hello: (view) => `Hello${comma(view.name)}! ${holds(view)}`,
  balance: (view) => holds(view),
  id: (messenger, id) => `Your ${messenger} ID: <code>${escaped(id)}</code>`,
  book: () => "Choose the time, the stylist and the service on the booking page.",
  contacts: (shop) =>
    `${bold(shop.title || "Contacts")}${shop.supportPhone ? `\nPhone: ${escaped(shop.supportPhone)}` : ""}`,

  help: (shop) =>
    `${programmeEn.share(shop)}, ${rate}.${programmeEn.levels(shop)}\n\n` +
    `To spend: give your phone or show the card at the till.${programmeEn.most(shop)}\n` +
    `${programmeEn.comes(shop)}${programmeEn.quiet(shop)}\n${programmeEn.nothing(shop)} ${programmeEn.expires(shop)}` +
    programmeEn.birthday(shop) +
    programmeEn.friend(shop) +
    `${shop.supportPhone ? `\n\nQuestions: ${escaped(shop.supportPhone)}` : ""}`,

  notWords: (supportPhone) =>
    "Photos, voice messages and stickers are beyond me: press a button below. " +
    `${supportPhone ? `A question? Call us: ${escaped(supportPhone)}` : "A question? Ask at the till."}`,
  unknownToStranger: () =>
    "To see your points, press /start and confirm your number with the button. No need to type it.",
  sorry: () => "Something went wrong, and we know already. Please try again a little later.",
};
