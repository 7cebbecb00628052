// What is said of invitations, in both languages: the offer, the tie, and why nothing was given. Nobody is named to anybody.

import { dayOf } from "../rules/time.ts";
import { bold } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { capital, enWords, NBSP, ruWords, type Words } from "../texts/words.ts";
import type { FriendOffer, GiftTerms } from "./friend.rule.ts";
import type { InviterRefusal, Refusal, SeenTie } from "./friends.store.ts";

type Side = SeenTie["side"];
/** What both are promised, of an offer or of a tie. */
type Promised = Pick<SeenTie, "friendPoints" | "inviterPoints" | "afterDays" | "leastBill">;

interface Said {
  title: string;
  /** What makes the gift due, as a whole sentence. */
  when(of: Pick<GiftTerms, "afterDays" | "leastBill">, side: Side): string;
  offer(of: Promised, link: string, limits: FriendOffer): string;
  tied(points: string, when: string): string;
  tiedForNothing: string;
  own: string;
  already: string;
  off: string;
  unknown: string;
  /** Whose tie it is, with its day. */
  about(side: Side, day: string): string;
  /** The same to those who work here. */
  aboutClient(side: Side, day: string): string;
  asked: string;
  /** Null: this side was promised nothing. */
  waits(when: string | null): string;
  given(points: string | null): string;
  back: string;
  refused: Record<Side, Record<Refusal, string>>;
  inviterRefused: Record<InviterRefusal, string>;
}

const ru: Said = {
  title: "Приглашения",
  when: ({ afterDays, leastBill }, side) =>
    `Баллы придут через ${ruWords.life({ days: afterDays })} после ${side === "friend" ? "вашего первого визита" : "первого визита друга"}, если он состоялся и полностью оплачен${
      leastBill === null ? "" : `, на${NBSP}сумму от ${ruWords.money(leastBill)}`
    }.`,
  offer: (of, link, { friendAMonth, friendAYear }) =>
    [
      bold("Пригласите друга."),
      `${[
        ...(of.inviterPoints > 0 ? [`Вам ${bold(ruWords.points(of.inviterPoints))}`] : []),
        ...(of.friendPoints > 0
          ? [`${of.inviterPoints > 0 ? "другу" : "Другу"} ${bold(ruWords.points(of.friendPoints))}`]
          : []),
      ].join(", ")}. ${ru.when(of, "inviter")}`,
      `Ссылка для друга, открыть её нужно до первого визита:\n${link}`,
      `Или пусть друг, когда придёт впервые, назовёт администратору ваш телефон. Друг — тот, кто у${NBSP}нас ещё не был ни разу.${
        of.inviterPoints > 0
          ? ` Вам баллы приходят не больше ${ruWords.times(friendAMonth)} в${NBSP}месяц и ${ruWords.times(friendAYear)} в${NBSP}год.`
          : ""
      }`,
    ].join("\n\n"),
  tied: (points, when) =>
    `Вы по приглашению. Если вы у${NBSP}нас впервые, вам подарок: ${bold(points)}. ${when}`,
  tiedForNothing: "Записали, что вы по приглашению. Спасибо, что пришли!",
  own: "Это ваше собственное приглашение: отправьте ссылку другу.",
  already: "Кто вас пригласил, уже записано.",
  off: "Приглашения сейчас не действуют.",
  unknown: "Эта ссылка больше не действует. Попросите друга прислать новую.",
  about: (side, day) => (side === "friend" ? `Вас пригласили ${day}` : `Ваше приглашение ${day}`),
  aboutClient: (side, day) =>
    side === "friend" ? `${day} клиент пришёл по приглашению` : `${day} пришли по приглашению клиента`,
  asked: "проверяем, первый ли это визит",
  waits: (when) => (when === null ? "ждём первого визита" : `ждём первого визита. ${when}`),
  given: (points) => (points === null ? "первый визит состоялся" : `подарок ${points}`),
  back: "первый визит отменён или возвращён, подарок снят",
  refused: {
    friend: {
      known: `подарка нет: он для тех, кто у${NBSP}нас впервые, а вы уже были`,
      friend_works_here: `подарка нет: он не для тех, кто у${NBSP}нас работает`,
      inviter_works_here: `подарка нет: сотрудники салона друзей за подарки не приглашают`,
      too_late: "подарка нет: за год не было подходящего визита",
      forgotten: "подарка нет: данные карты удалены",
    },
    inviter: {
      known: `подарка нет: друг у${NBSP}нас уже был раньше`,
      friend_works_here: `подарка нет: друг у${NBSP}нас работает`,
      inviter_works_here: `подарка нет: сотрудники салона друзей за подарки не приглашают`,
      too_late: "подарка нет: за год не было подходящего визита",
      forgotten: "подарка нет: данные карты удалены",
    },
  },
  inviterRefused: {
    month: "подарка нет: в этом месяце друзей уже столько, за скольких даём баллы",
    year: "подарка нет: в этом году друзей уже столько, за скольких даём баллы",
    forgotten: "подарка нет: данные карты удалены",
  },
};

const en: Said = {
  title: "Invitations",
  when: ({ afterDays, leastBill }, side) =>
    `Points come ${enWords.life({ days: afterDays })} after ${side === "friend" ? "your" : "the friend's"} first visit, if it was held and paid in full${
      leastBill === null ? "" : `, ${enWords.money(leastBill)} or more`
    }.`,
  offer: (of, link, { friendAMonth, friendAYear }) =>
    [
      bold("Invite a friend."),
      `${[
        ...(of.inviterPoints > 0 ? [`${bold(enWords.points(of.inviterPoints))} for you`] : []),
        ...(of.friendPoints > 0 ? [`${bold(enWords.points(of.friendPoints))} for your friend`] : []),
      ].join(", ")}. ${en.when(of, "inviter")}`,
      `The link for your friend, to be opened before the first visit:\n${link}`,
      `Or your friend tells the front desk your phone number when they first come. A friend is somebody who has never been here.${
        of.inviterPoints > 0
          ? ` You get points at most ${enWords.times(friendAMonth)} a month and ${enWords.times(friendAYear)} a year.`
          : ""
      }`,
    ].join("\n\n"),
  tied: (points, when) =>
    `You were invited. If you have not been here before, a gift is yours: ${bold(points)}. ${when}`,
  tiedForNothing: "We have written down that you were invited. Thank you for coming!",
  own: "This is your own invitation: send the link to a friend.",
  already: "Who invited you is written down already.",
  off: "There are no invitations at present.",
  unknown: "This link does not work any more. Ask your friend for a new one.",
  about: (side, day) => (side === "friend" ? `You were invited on ${day}` : `Your invitation of ${day}`),
  aboutClient: (side, day) =>
    side === "friend"
      ? `On ${day} the client came by invitation`
      : `On ${day} somebody came by the client's invitation`,
  asked: "we are checking whether it is the first visit",
  waits: (when) => (when === null ? "waiting for the first visit" : `waiting for the first visit. ${when}`),
  given: (points) => (points === null ? "the first visit was held" : `a gift of ${points}`),
  back: "the first visit was cancelled or refunded, the gift was taken back",
  refused: {
    friend: {
      known: "no gift: it is for those who are new here, and you have been here before",
      friend_works_here: "no gift: it is not for those who work here",
      inviter_works_here: "no gift: those who work here do not invite friends for gifts",
      too_late: "no gift: there was no such visit within a year",
      forgotten: "no gift: the card's data was removed",
    },
    inviter: {
      known: "no gift: the friend has been here before",
      friend_works_here: "no gift: the friend works here",
      inviter_works_here: "no gift: those who work here do not invite friends for gifts",
      too_late: "no gift: there was no such visit within a year",
      forgotten: "no gift: the card's data was removed",
    },
  },
  inviterRefused: {
    month: "no gift: this month there were as many friends already as we give points for",
    year: "no gift: this year there were as many friends already as we give points for",
    forgotten: "no gift: the card's data was removed",
  },
};

/** What is said of invitations in a person's language. */
export function friendTexts(language: string | null | undefined) {
  const t = inLanguage(language, ru, en);
  const w: Words = inLanguage(language, ruWords, enWords);
  const or = (points: number) => (points > 0 ? w.points(points) : null);
  /** `to`: from whose side it is said. */
  const said = (tie: SeenTie, to: Side): string => {
    if (tie.state === "refused") return t.refused[to][tie.why ?? "known"];
    if (tie.state === "asked") return t.asked;
    const points = or(tie.side === "friend" ? tie.friendPoints : tie.inviterPoints);
    if (tie.state === "waits") return t.waits(points === null ? null : t.when(tie, to));
    if (tie.side === "inviter" && tie.inviterWhy !== null) return t.inviterRefused[tie.inviterWhy];
    if (tie.state === "back") return t.back;
    return t.given(points);
  };
  return {
    own: t.own,
    /** To whoever works here and asks for a link. */
    worksHere: `${capital(t.refused.inviter.inviter_works_here)}.`,
    /** At once, in place of the tie. */
    notTied: (side: Side, why: Refusal): string => `${capital(t.refused[side][why])}.`,
    already: t.already,
    off: t.off,
    unknown: t.unknown,
    /** The offer with the link to hand on. */
    offer: (offer: FriendOffer, link: string): string => {
      if (offer.friendPoints === null) return t.off;
      return t.offer(promisedBy(offer, offer.friendPoints), link, offer);
    },
    /** To a friend, right after the tie. */
    tied: (offer: FriendOffer): string => {
      const { friendAfterDays: afterDays, friendLeastBill: leastBill, friendPoints } = offer;
      const points = or(friendPoints?.friend ?? 0);
      return points === null ? t.tiedForNothing : t.tied(points, t.when({ afterDays, leastBill }, "friend"));
    },
    /** Ties as a part of "where are my points", or of what those who work here are told; nothing where there are none. */
    list: (ties: readonly SeenTie[], year: number, timeZone: string, toStaff = false): string => {
      if (ties.length === 0) return "";
      const line = (tie: SeenTie) => {
        const day = w.day(dayOf(tie.tiedAt, timeZone), year);
        const about = toStaff ? t.aboutClient(tie.side, day) : t.about(tie.side, day);
        return `${about}. ${capital(said(tie, toStaff ? "inviter" : tie.side))}`;
      };
      return [bold(t.title), ...ties.map(line)].join("\n");
    },
    /** A refusal as a message of its own. */
    refused: (side: Side, why: Refusal, day: string, year: number): string =>
      `${t.about(side, w.day(day, year))}. ${capital(t.refused[side][why])}.`,
  };
}

function promisedBy(
  { friendAfterDays: afterDays, friendLeastBill: leastBill }: FriendOffer,
  points: { inviter: number; friend: number },
): Promised {
  return { inviterPoints: points.inviter, friendPoints: points.friend, afterDays, leastBill };
}
