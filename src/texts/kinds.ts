// What a row of the ledger is called where those who work here read of it, in Russian.

import { escaped } from "./html.ts";

/** `за визит 12 марта`; `visit` is the visit's day behind a space, where it is known. HTML. */
export function kindWords(kind: string, visit = ""): string {
  const words = new Map([
    ["award", `за визит${visit}`],
    ["correction", `пересчёт визита${visit}`],
    ["spend", "списание"],
    ["credit", "начисление"],
    ["debit", "снятие"],
    ["undo", "отмена"],
    ["move", "перенос между картами"],
    ["opening", "остаток из прежней программы"],
    ["merged", "карты объединены"],
    ["taken_back", "остаток из прежней программы снят"],
    ["expiry", "сгорание"],
    ["welcome", "подарок новому клиенту"],
    ["birthday", "подарок ко дню рождения"],
    ["friend", "за приглашение друга"],
  ]);
  return words.get(kind) ?? escaped(kind);
}
