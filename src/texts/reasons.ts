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
  }),
);

/** A reason in words: a code as it is said, anything else as an admin wrote it. Plain text. */
export function reasonWords(reason: string, language: string | null | undefined): string {
  return inLanguage(language, ru, en).get(reason) ?? reason;
}
