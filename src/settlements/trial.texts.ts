// A trial of settling in words, in both languages: each step, what came of it, and what to do then. Plain text for a terminal.

import type { Kopecks } from "../rules/money.ts";
import { apart } from "../rules/name.ts";
import { inLanguage } from "../texts/language.ts";
import { softened } from "../texts/words.ts";
import type { CardType } from "../yclients/loyalty-answers.ts";
import type { InJournal, Obstacle } from "./settlement.rule.ts";
import type { TrialFacts, TrialFault } from "./trial.rule.ts";
import { enTrial } from "./trial-en.texts.ts";
import type { LeftBehind, NotTried, TrialEnd, TrialNews, TrialQuestion } from "./trial-news.ts";
import { ruTrial } from "./trial-ru.texts.ts";
import type { Learnt } from "./trial-words.texts.ts";

const kindName = ({ id, title }: CardType) => `${id} «${apart(title)}»`;

/** What a trial says, a line each, in one of the languages. */
export function settleTryTexts(language: string | null) {
  const t = inLanguage(language, ruTrial, enTrial);
  const money = (sum: Kopecks | null) => (sum === null ? t.unknown : t.words.money(sum));
  const state = ({ balance, applied, left }: InJournal) =>
    t.seen(balance === null ? t.noCard : t.onCard(money(balance)), money(applied), money(left));
  const cardName = (card: number | null) => (card === null ? "?" : String(card));
  const plain = (lines: string[]) => softened(lines.map((line) => `${line}\n`).join(""));
  const faultWords = (fault: TrialFault) => t.faults[fault] ?? t.obstacles[fault as Obstacle];
  return {
    news: (news: TrialNews): string => plain(newsLines(news)),
    question: (question: TrialQuestion): string =>
      softened(
        question.what === "pay" ? t.pay(money(question.left)) : question.again ? t.unpayAgain : t.unpay,
      ),
    broken: (): string => plain([t.broken]),
    end: (end: TrialEnd): string => plain(endLines(end)),
  };

  function newsLines(news: TrialNews): string[] {
    switch (news.kind) {
      case "earlier":
        return [t.earlier(news.record)];
      case "begins": {
        const { order, visit, type } = news;
        return [
          t.begins(order.company, order.record, visit, money(order.amount)),
          t.type(kindName(type), type.chain),
          t.again,
        ];
      }
      case "first":
        return [`${t.first} ${state(news.seen)}.`];
      case "step":
        return stepLines(news);
      case "busy":
        return [`  ${t.busy}`];
      case "failed":
        return [`  ${t.failed}`];
      case "other_prices":
        return [t.otherPrices];
      case "listing":
        return [t.listing];
      case "listed":
        return [`  ${t.listed(news.shown)}`];
      case "taking_back":
        return [t.takingBack];
      case "not_asked":
        return [`  ${t.notAsked}`];
      case "paid":
        return [
          `  ${t.paid(news.paid)}`,
          ...(news.stays === null || news.paid === null ? [] : [`  ${t.outlives(news.stays)}`]),
        ];
    }
  }

  function stepLines({ one, move, seen }: Extract<TrialNews, { kind: "step" }>): string[] {
    switch (move.kind) {
      case "ask":
        return [`${t.asks[move.write](money(move.amount), cardName(seen.reservedCard))}.`];
      case "came":
        return [`  ${answered(one)}; ${t.came[move.came]}: ${state(seen)}.`];
      case "look": {
        const seconds = Math.ceil(move.inMs / 1_000);
        return [`  ${one.asked ? `${answered(one)}. ${t.later(seconds)}` : t.missing(seconds)}`];
      }
      case "turn":
        return [...(one.asked ? [`  ${answered(one)}.`] : []), t.turned(t.obstacles[move.why])];
      case "kept":
        return [`  ${answered(one)}.`, t.kept];
      case "stuck":
        return [...(one.asked ? [`  ${answered(one)}.`] : []), t.stuck(t.obstacles[move.why])];
      default:
        return [`${move.kind === "stands" ? t.stands : t.returned} ${t.first} ${state(seen)}.`];
    }
  }

  function answered({ asked, words }: Extract<TrialNews, { kind: "step" }>["one"]): string {
    const { yes, no, none } = t.answers;
    return `YCLIENTS: ${asked?.answer === "yes" ? yes : asked?.answer === "no" ? no(words ?? "") : none}`;
  }

  function notTriedWords(of: NotTried): string {
    if (of.why === "rights") return t.rightsMissing(of.missing.map((right) => t.rights[right]).join(", "));
    if (of.why === "many_types") return t.manyTypes(of.types.map(kindName).join(", "));
    return t.reasons[of.why];
  }

  function endLines(end: TrialEnd): string[] {
    switch (end.end) {
      case "not_tried":
        return [`${t.notTried} ${notTriedWords(end.of)}.`];
      case "nothing_learnt":
        return [end.why === "unread" ? t.unread : t.nothingLearnt(t.obstacles[end.why])];
      case "passed":
        return [
          ...factLines(end.facts),
          t.clean,
          t.passed,
          ...(end.facts.paid_full === null ? [t.unseenPaid] : []),
        ];
      case "failed":
        return [
          ...factLines(end.facts),
          t.clean,
          t.notPassed,
          ...end.faults.map((fault) => `- ${faultWords(fault)}.`),
        ];
      default:
        return leftLines(end.left);
    }
  }

  function factLines(facts: TrialFacts): string[] {
    const all = Object.keys(t.facts) as Learnt[];
    const lines = all.map((fact) => {
      const is = facts[fact];
      return is === null ? null : `- ${t.facts[fact](is)}`;
    });
    return facts.why === null ? [t.learnt, ...lines.filter((line) => line !== null)] : [];
  }

  function leftLines({ record, visit, reservedCard, onCard, onBill, toPay }: LeftBehind): string[] {
    const card = cardName(reservedCard);
    return [
      t.left(record, visit),
      ...(onCard === null || onBill === null ? [t.leftUnread(card)] : []),
      ...(onBill !== null && onBill > 0 ? [t.leftOnBill(money(onBill), card)] : []),
      ...(onCard !== null && onCard > 0 ? [t.leftOnCard(money(onCard), card)] : []),
      ...(onCard !== null && onCard < 0 ? [t.leftOwed(money(-onCard), card)] : []),
      ...(toPay !== null ? [t.leftToPay(money(toPay.is), money(toPay.was))] : []),
      t.leftThen,
    ];
  }
}
