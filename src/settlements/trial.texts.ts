// A trial of settling in words, in both languages: each step, what came of it, and what to do then. Plain text for a terminal.

import type { Kopecks } from "../rules/money.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, ruWords, softened, type Words } from "../texts/words.ts";
import type { SettlingRight } from "../yclients/rights.ts";
import type { NoCardType } from "./ground.ts";
import type { Came, InJournal, Obstacle, Write } from "./settlement.rule.ts";
import type { TrialFault } from "./trial.rule.ts";
import type { LeftBehind, NotTried, TrialEnd, TrialNews, TrialQuestion } from "./trial.ts";
import type { TrialFacts } from "./trials.store.ts";

type Reason = Exclude<NotTried["why"], "rights" | "many_types">;
type Learnt = Exclude<keyof TrialFacts, "chain" | "why" | "all_back" | "sum_exact" | "left_falls_once">;

/** What stands between the sentences is filled in as written money, and as numbers of YCLIENTS. */
interface Language {
  words: Words;
  begins: (company: number, record: number, visit: number, sum: string) => string;
  type: (id: number, title: string, chain: number) => string;
  again: string;
  earlier: (record: number) => string;
  first: string;
  seen: (card: string, bill: string, left: string) => string;
  noCard: string;
  unknown: string;
  asks: Record<Write, (sum: string, card: string) => string>;
  answers: { yes: string; no: (words: string) => string; none: string };
  came: Record<Came, string>;
  later: (seconds: number) => string;
  turned: (why: string) => string;
  stands: string;
  returned: string;
  stuck: (why: string) => string;
  kept: string;
  busy: string;
  failed: string;
  otherPrices: string;
  listing: string;
  listed: (shown: boolean) => string;
  takingBack: string;
  notAsked: string;
  pay: (left: string) => string;
  unpay: string;
  unpayAgain: string;
  paid: (paid: boolean | null) => string;
  outlives: (stays: boolean) => string;
  obstacles: Record<Obstacle, string>;
  faults: Partial<Record<TrialFault, string>>;
  rights: Record<SettlingRight, string>;
  reasons: Record<Reason, string>;
  rightsMissing: (all: string) => string;
  manyTypes: (all: string) => string;
  learnt: string;
  facts: Record<Learnt, (is: boolean) => string>;
  passed: string;
  unseenPaid: string;
  notPassed: string;
  clean: string;
  nothingLearnt: (why: string) => string;
  unread: string;
  left: (record: number, visit: number) => string;
  leftOnBill: (sum: string, card: string) => string;
  leftOnCard: (sum: string, card: string) => string;
  leftOwed: (sum: string, card: string) => string;
  leftToPay: (is: string, was: string) => string;
  leftUnread: (card: string) => string;
  leftThen: string;
}

const users = "Настройки → Пользователи → Права доступа";

const ru: Language = {
  words: ruWords,
  begins: (company, record, visit, sum) =>
    `Проба: филиал ${company}, запись ${record}, визит ${visit}, баллами ${sum}. Журнал баллов бота не меняется.`,
  type: (id, title, chain) => `Вид карты: ${id} «${title}», сеть ${chain}.`,
  again: "Если проба прервётся, запустите её ещё раз: сначала она вернёт всё, что осталось.",
  earlier: (record) => `Осталось от прерванной пробы (запись ${record}): сначала возвращаем.`,
  first: "Сейчас:",
  seen: (card, bill, left) => `на карте ${card}, картой оплачено ${bill}, осталось оплатить ${left}`,
  noCard: "карты ещё нет",
  unknown: "не видно",
  asks: {
    issue: () => "Просим выдать клиенту карту",
    put: (sum, card) => `Кладём вручную ${sum} на карту ${card}`,
    take: (sum, card) => `Снимаем вручную ${sum} с карты ${card}`,
    apply: (sum, card) => `Платим картой ${card} за визит ${sum}`,
    cancel: (sum, card) => `Убираем со счёта ${sum}, оплаченные картой ${card}`,
  },
  answers: { yes: "да", no: (words) => `нет, «${words}»`, none: "ответа не было" },
  came: { done: "сделано", undone: "не сделано", odd: "вышло не так, как просили" },
  later: (seconds) => `Пока не видно. Посмотрим снова через ${seconds} с.`,
  turned: (why) => `Не вышло: ${why}. Возвращаем всё как было.`,
  stands: "Баллы стоят на счёте визита.",
  returned: "Со счёта и с карты всё снято.",
  stuck: (why) => `Дальше само не идёт: ${why}.`,
  kept: "YCLIENTS не даёт убрать баллы со счёта.",
  busy: "Сейчас работает другая программа. Ждём.",
  failed: "YCLIENTS не ответил как надо, подробности в журнале работы. Попробуем снова.",
  otherPrices: "Счёт показывает баллы по-другому: похоже, снижаются сами цены. Пробуем ещё раз, считая так.",
  listing: "Ищем списание в списке сети (до минуты).",
  listed: (shown) =>
    shown ? "Список сети показывает его вместе с визитом." : "В списке сети его с этим визитом нет.",
  takingBack: "Возвращаем.",
  notAsked: "Считается ли визит оплаченным, когда остаток внесён деньгами, не проверено: остаток не приняли.",
  pay: (left) =>
    `Примите в журнале остаток, ${left}, и нажмите Enter. Чек не печатайте. Чтобы пропустить, напишите «нет»: `,
  unpay: "Теперь удалите эту оплату в журнале и нажмите Enter: ",
  unpayAgain: "Оплата ещё видна. Удалите её и нажмите Enter: ",
  paid: (paid) =>
    paid === null
      ? "Оплаты остатка не видно, поэтому этого мы не узнали."
      : paid
        ? "Визит считается оплаченным полностью."
        : "Визит не считается оплаченным полностью.",
  outlives: (stays) =>
    stays ? "Когда оплату удалили, баллы остались на счёте." : "Когда оплату удалили, баллы сошли со счёта.",
  obstacles: {
    record_gone: "записи нет или она удалена",
    no_show: "визит отмечен как несостоявшийся",
    no_visit: "у записи нет визита, или он уже другой",
    other_client: "в записи нет клиента, или он уже другой",
    receipt: "по визиту напечатан чек",
    locked: "запись закрыта для изменений",
    paid: "визит уже оплачен полностью",
    certificate: "в визите есть сертификат или абонемент",
    foreign_rows: "эта карта уже что-то оплатила в визите",
    too_little_left: "оплатить осталось слишком мало: кроме баллов должен остаться хотя бы 1 ₽",
    two_cards: "у клиента две карты этого вида, удалите одну",
    card_type: "вид карты не подходит",
    prices_unclear: "не видно, сколько осталось оплатить",
    refused: "YCLIENTS отказал",
    short: "карта оплатила не всё, о чём просили",
    gone: "баллов нет ни на карте, ни в этом визите",
    card_gone: "карты больше нет",
    never_done: "мы просим, а в журнале ничего не меняется",
    by_hand: "баллы на карте меняли вручную",
    bill_otherwise: "к оплате осталось не столько, сколько должно",
    taken_off: "баллы сняты со счёта в журнале",
  },
  faults: {
    sum: "карта оплатила не столько, сколько просили. Снимите ограничения с вида карты",
    left: "к оплате осталось не столько, сколько должно: счёту верить нельзя",
    not_listed: `списка списаний сети с номерами визитов нет. Дайте пользователю бота право на лояльность в сети (${users})`,
    not_paid: "визит не считается оплаченным, когда остаток внесён деньгами: баллы за него не начислятся",
    limited:
      "вид карты оплачивает не всё или не весь счёт. Разрешите в нём любые услуги и товары, без предела",
    not_back: "в журнале не всё как было",
    refused: `YCLIENTS отказал. Проверьте права пользователя бота (${users}) и настройки вида карты`,
    short: "карта оплатила не всё, о чём просили. Снимите ограничения с вида карты",
  },
  rights: {
    loyalty: "доступ к лояльности",
    byHand: "ручные операции по картам",
    visits: "окно записи и клиент в нём",
    visitPayments: "оплата визита",
    visitDays: "оплата визитов за прошлые дни",
  },
  reasons: {
    unknown_branch: "бот ещё не читал журнал этого филиала. Сначала запустите serve или sync",
    no_record: "такой записи в филиале нет",
    no_visit: "у записи нет визита. Выберите запись с клиентом",
    spend_there: "в этом визите уже есть списание. Выберите другой, только для пробы",
    no_types: "в филиале нет ни одного вида карт. Заведите его в сети: Лояльность → Типы карт",
    all_promoted: "ко всем видам карт привязаны акции. Заведите ещё один вид, без акций",
    type_gone: "вида карты из SETTLE_CARD_TYPE в филиале нет",
    type_promoted: "к виду карты из SETTLE_CARD_TYPE привязана акция. Отвяжите её или заведите другой вид",
    no_chain: "YCLIENTS не говорит, какой сети вид карты. Заведите сеть и вид карты в ней",
  },
  rightsMissing: (all) => `у пользователя бота нет прав: ${all}. Дайте их: ${users}`,
  manyTypes: (all) => `видов карт несколько: ${all}. Впишите номер нужного в SETTLE_CARD_TYPE`,
  learnt: "Что узнали:",
  facts: {
    bill_falls: (is) =>
      is ? "цены в счёте снижаются" : "цены в счёте остаются, баллы стоят отдельной строкой",
    record_price_falls: (is) => (is ? "цены в записи снижаются" : "цены в записи остаются"),
    listed_with_visit: (is) => (is ? "список сети показывает визит" : "список сети визита не показывает"),
    paid_full: (is) =>
      is ? "с оплаченным остатком визит оплачен" : "с оплаченным остатком визит не оплачен",
    outlives_payment: (is) =>
      is ? "удалённая оплата баллов не снимает" : "удалённая оплата снимает и баллы",
    cancel_returns: (is) =>
      is ? "снятое со счёта возвращается на карту" : "снятое со счёта на карту не возвращается",
    unlimited: (is) => (is ? "карта оплачивает всё" : "карта оплачивает не всё"),
  },
  passed:
    "ПРОЙДЕНА. Спросите клиента, приходило ли ему сообщение от YCLIENTS: если да, выключите уведомления в виде карты. Потом включайте: SPEND_SETTLES=on",
  unseenPaid:
    "Запустите пробу ещё раз в терминале и примите остаток: так станет видно, считается ли визит оплаченным.",
  notPassed: "НЕ ПРОЙДЕНА:",
  clean: "В журнале всё как было.",
  nothingLearnt: (why) =>
    `Этот визит для пробы не годится: ${why}. В журнале всё как было, прежний итог пробы в силе. Возьмите другой визит.`,
  unread:
    "Прочитать журнал не получилось, и просить мы ни о чём не стали. Подробности в журнале работы; запустите пробу позже.",
  left: (record, visit) => `ОСТАЛОСЬ В ЖУРНАЛЕ: запись ${record}, визит ${visit}.`,
  leftOnBill: (sum, card) =>
    `Картой ${card} оплачено ${sum}: откройте визит, «Оплата визита», и удалите списание с карты.`,
  leftOnCard: (sum, card) => `На карте ${card} лежит ${sum}: в карточке клиента снимите их вручную.`,
  leftOwed: (sum, card) => `Карта ${card} в минусе на ${sum}: в карточке клиента пополните её вручную.`,
  leftToPay: (is, was) => `Оплатить осталось ${is}, а было ${was}: проверьте оплаты и цены визита.`,
  leftUnread: (card) =>
    `Прочитать журнал не получилось. Проверьте сами: в визите не должно быть списания с карты ${card}, на ней должно быть 0.`,
  leftThen: "Или запустите пробу ещё раз: она начнёт с возврата.",
};

const en: Language = {
  words: enWords,
  begins: (company, record, visit, sum) =>
    `A trial: branch ${company}, record ${record}, visit ${visit}, ${sum} by points. The bot's ledger is not changed.`,
  type: (id, title, chain) => `Kind of card: ${id} "${title}", chain ${chain}.`,
  again: "If it stops in the middle, run it again: it first brings back what is left.",
  earlier: (record) => `Left by a trial that was stopped (record ${record}): it is brought back first.`,
  first: "Now:",
  seen: (card, bill, left) => `on the card ${card}, paid by the card ${bill}, left to pay ${left}`,
  noCard: "there is no card yet",
  unknown: "not shown",
  asks: {
    issue: () => "Asking for a card for the client",
    put: (sum, card) => `Putting ${sum} onto card ${card} by hand`,
    take: (sum, card) => `Taking ${sum} off card ${card} by hand`,
    apply: (sum, card) => `Paying ${sum} of the visit by card ${card}`,
    cancel: (sum, card) => `Taking off the bill the ${sum} that card ${card} paid`,
  },
  answers: { yes: "yes", no: (words) => `no, "${words}"`, none: "no answer" },
  came: { done: "done", undone: "not done", odd: "otherwise than was asked" },
  later: (seconds) => `Not seen yet. Looking again in ${seconds} s.`,
  turned: (why) => `It does not work: ${why}. All is put back.`,
  stands: "The points stand on the visit's bill.",
  returned: "All is off the bill and off the card.",
  stuck: (why) => `It goes no further by itself: ${why}.`,
  kept: "YCLIENTS does not let the points off the bill.",
  busy: "Another program is at it just now. Waiting.",
  failed: "YCLIENTS did not answer as it should, the log says more. Trying again.",
  otherPrices:
    "The bill shows points in another way: prices themselves seem to fall. Trying again, reckoning so.",
  listing: "Looking for the withdrawal in the chain's list (up to a minute).",
  listed: (shown) =>
    shown
      ? "The chain's list shows it with its visit."
      : "The chain's list does not show it with this visit.",
  takingBack: "Putting back.",
  notAsked:
    "Whether the visit counts as paid once the rest is paid in money was not tried: the rest was not taken.",
  pay: (left) =>
    `Take the rest, ${left}, in the journal and press Enter. Print no receipt. To skip, write no: `,
  unpay: "Now delete that payment in the journal and press Enter: ",
  unpayAgain: "The payment is still there. Delete it and press Enter: ",
  paid: (paid) =>
    paid === null
      ? "No payment of the rest is seen, so this was not learnt."
      : paid
        ? "The visit counts as paid in full."
        : "The visit does not count as paid in full.",
  outlives: (stays) =>
    stays
      ? "With the payment deleted the points stayed on the bill."
      : "With the payment deleted the points left the bill.",
  obstacles: {
    record_gone: "there is no such record, or it is deleted",
    no_show: "the visit is marked as a no-show",
    no_visit: "the record has no visit, or another one by now",
    other_client: "the record has no client, or another one by now",
    receipt: "the visit's receipt is printed",
    locked: "the record is closed to changes",
    paid: "the visit is paid in full",
    certificate: "a certificate or a membership pays in this visit",
    foreign_rows: "this card pays something of the visit already",
    too_little_left: "too little is left to pay: beside the points at least 1 ₽ must remain",
    two_cards: "the client has two cards of this kind, delete one",
    card_type: "the kind of card does not fit",
    prices_unclear: "it is not shown what is left to pay",
    refused: "YCLIENTS refused",
    short: "the card paid less than was asked",
    gone: "the points are neither on the card nor on this visit",
    card_gone: "the card is gone",
    never_done: "it is asked, and nothing changes in the journal",
    by_hand: "somebody moved points on the card by hand",
    bill_otherwise: "what is left to pay is not what it ought to be",
    taken_off: "the points were taken off the bill in the journal",
  },
  faults: {
    sum: "the card paid another sum than was asked. Take the limits off the kind of card",
    left: "what is left to pay is not what it ought to be: the bill cannot be relied on",
    not_listed: `there is no list of the chain's withdrawals with their visits. Give the bot's user the right to loyalty in the chain (${users})`,
    not_paid: "the visit does not count as paid once the rest is paid in money: it would earn no points",
    limited:
      "the kind of card does not pay for everything, or not all of a bill. Allow it any services and goods, without a limit",
    not_back: "not all in the journal is as before",
    refused: `YCLIENTS refused. See the rights of the bot's user (${users}) and the settings of the kind of card`,
    short: "the card paid less than was asked. Take the limits off the kind of card",
  },
  rights: {
    loyalty: "access to loyalty",
    byHand: "moving points on cards by hand",
    visits: "a record's window and the client in it",
    visitPayments: "a visit's payments",
    visitDays: "payments of visits of past days",
  },
  reasons: {
    unknown_branch: "the bot has not read this branch's journal yet. Run serve or sync first",
    no_record: "the branch has no such record",
    no_visit: "the record has no visit. Choose one with a client",
    spend_there: "a spend is on this visit already. Choose another one, for the trial alone",
    no_types: "the branch has no kind of card. Make one in the chain: Лояльность → Типы карт",
    all_promoted: "every kind of card has a promotion. Make another one, without",
    type_gone: "the branch has no kind of card by the number in SETTLE_CARD_TYPE",
    type_promoted: "the kind of card in SETTLE_CARD_TYPE has a promotion. Untie it, or make another kind",
    no_chain:
      "YCLIENTS does not say whose chain the kind of card is of. Make a chain, and the kind of card in it",
  },
  rightsMissing: (all) => `the bot's user lacks rights: ${all}. Give them: ${users}`,
  manyTypes: (all) =>
    `there are several kinds of card: ${all}. Write the number of the right one in SETTLE_CARD_TYPE`,
  learnt: "What was learnt:",
  facts: {
    bill_falls: (is) =>
      is ? "prices on the bill fall" : "prices on the bill stay, points stand beside them",
    record_price_falls: (is) => (is ? "prices on the record fall" : "prices on the record stay"),
    listed_with_visit: (is) =>
      is ? "the chain's list shows the visit" : "the chain's list does not show the visit",
    paid_full: (is) =>
      is ? "with the rest paid the visit is paid" : "with the rest paid the visit is not paid",
    outlives_payment: (is) =>
      is ? "a deleted payment leaves the points" : "a deleted payment takes the points off too",
    cancel_returns: (is) =>
      is ? "what leaves the bill is on the card again" : "what leaves the bill is not on the card again",
    unlimited: (is) => (is ? "the card pays for everything" : "the card does not pay for everything"),
  },
  passed:
    "PASSED. Ask the client whether YCLIENTS sent them a message: if so, switch notifications off in the kind of card. Then switch it on: SPEND_SETTLES=on",
  unseenPaid:
    "Run the trial once more on a terminal and take the rest: that shows whether the visit counts as paid.",
  notPassed: "NOT PASSED:",
  clean: "All in the journal is as before.",
  nothingLearnt: (why) =>
    `This visit is no good for a trial: ${why}. All in the journal is as before, and what an earlier trial found holds. Take another visit.`,
  unread:
    "The journal could not be read, and nothing was asked of it. The log says more; run the trial later.",
  left: (record, visit) => `LEFT IN THE JOURNAL: record ${record}, visit ${visit}.`,
  leftOnBill: (sum, card) =>
    `Card ${card} pays ${sum}: open the visit, «Оплата визита», and delete the withdrawal by card.`,
  leftOnCard: (sum, card) => `On card ${card} there is ${sum}: take it off by hand in the client's card.`,
  leftOwed: (sum, card) =>
    `Card ${card} is ${sum} below zero: put that onto it by hand in the client's card.`,
  leftToPay: (is, was) => `Left to pay is ${is}, and it was ${was}: look at the visit's payments and prices.`,
  leftUnread: (card) =>
    `The journal could not be read. See for yourself: no withdrawal by card ${card} on the visit, and 0 on the card.`,
  leftThen: "Or run the trial again: it begins by putting this back.",
};

/** What a trial says, a line each, in one of the languages. */
export function settleTryTexts(language: string | null) {
  const t = inLanguage(language, ru, en);
  const money = (sum: Kopecks | null) => (sum === null ? t.unknown : t.words.money(sum));
  const state = ({ balance, applied, left }: InJournal) =>
    t.seen(balance === null ? t.noCard : money(balance), money(applied), money(left));
  const cardName = (card: number | null) => (card === null ? "?" : String(card));
  const plain = (lines: string[]) => softened(lines.map((line) => `${line}\n`).join(""));
  const faultWords = (fault: TrialFault) => t.faults[fault] ?? t.obstacles[fault as Obstacle];
  return {
    news: (news: TrialNews): string => plain(newsLines(news)),
    question: (question: TrialQuestion): string =>
      softened(
        question.what === "pay" ? t.pay(money(question.left)) : question.again ? t.unpayAgain : t.unpay,
      ),
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
          t.type(type.id, type.title, type.chain),
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
      case "look":
        return [`  ${answered(one)}. ${t.later(Math.ceil(move.inMs / 1_000))}`];
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

  function notTriedWords(of: NotTried | NoCardType): string {
    if (of.why === "rights") return t.rightsMissing(of.missing.map((right) => t.rights[right]).join(", "));
    if (of.why === "many_types")
      return t.manyTypes(of.types.map(({ id, title }) => `${id} «${title}»`).join(", "));
    return t.reasons[of.why];
  }

  function endLines(end: TrialEnd): string[] {
    switch (end.end) {
      case "not_tried":
        return [`${t.notPassed} ${notTriedWords(end.of)}.`];
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
    const names = Object.keys(t.facts) as Learnt[];
    const lines = names.map((name) => {
      const is = facts[name];
      return is === null ? null : `- ${t.facts[name](is)}`;
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
