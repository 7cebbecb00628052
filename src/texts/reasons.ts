// The reasons that the program itself gives to rows of the ledger: kept as a code, said in the reader's language.

import { inLanguage } from "./language.ts";

const ru = new Map(
  Object.entries({
    back_spend: "возврат списания",
    back_credit: "возврат начисления",
    back_debit: "возврат снятия",
    back_move: "возврат переноса",
    back_refund: "возврат за несостоявшийся или возвращённый визит",
    back_list: "ошибка при загрузке",
    off_bill: "списание сняли с визита в журнале",
    not_settled: "оплатить визит баллами в журнале не вышло",
    visit_gone: "визит, за который он полагался, отменён",
    friend_gone: "первый визит отменён или возвращён",
  }),
);

const en = new Map(
  Object.entries({
    back_spend: "a spending taken back",
    back_credit: "a credit taken back",
    back_debit: "a debit taken back",
    back_move: "a move taken back",
    back_refund: "for a visit that was cancelled or refunded",
    back_list: "a mistake in the list",
    off_bill: "the points were taken off the visit",
    not_settled: "the visit could not be paid with points",
    visit_gone: "the visit that it was for is cancelled",
    friend_gone: "the first visit was cancelled or refunded",
  }),
);

/** A reason in words: a code as it is said, anything else as an admin wrote it. Plain text. */
export function reasonWords(reason: string, language: string | null | undefined): string {
  return inLanguage(language, ru, en).get(reason) ?? reason;
}

const causesRu = {
  ...{ paid: "", edited: "сумма изменилась", paid_again: "снова оплачен", moved: "записан на другого" },
  ...{ deleted: "визит отменён", no_show: "клиент не пришёл", not_arrived: "визит ещё не состоялся" },
  ...{
    not_paid: "оплата возвращена",
    nothing_paid: "оплаты больше нет",
    paid_in_part: "оплачен не полностью",
  },
  ...{
    payment_unknown: "оплата неизвестна",
    too_little: "сумма слишком мала",
    no_client: "клиента в записи нет",
  },
  ...{ forgotten: "клиент удалён", imported: "из прежней программы", before_start: "до начала программы" },
};

const causesEn: typeof causesRu = {
  ...{ paid: "", edited: "the sum changed", paid_again: "paid again", moved: "booked for another client" },
  ...{ deleted: "cancelled", no_show: "did not come", not_arrived: "not held yet" },
  ...{ not_paid: "payment returned", nothing_paid: "no payment any more", paid_in_part: "not fully paid" },
  ...{ payment_unknown: "payment unknown", too_little: "too small a sum", no_client: "no client any more" },
  ...{
    forgotten: "client removed",
    imported: "of the earlier programme",
    before_start: "before the programme",
  },
};

/** Why a visit's points are what they are, by the code of its row; nothing for what needs no words. Plain text. */
export function causesIn(language: string | null | undefined): typeof causesRu {
  return inLanguage(language, causesRu, causesEn);
}
