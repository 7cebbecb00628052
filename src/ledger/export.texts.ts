// The words of the ledger's file for an accountant, in Russian. Plain text: it stands in cells.

const kinds: Record<string, string> = {
  award: "начислено за визит",
  correction: "пересчёт визита",
  spend: "списано",
  credit: "начислено вручную",
  debit: "снято вручную",
  undo: "отмена",
  move: "перенос между картами",
  opening: "остаток из прежней программы",
  merged: "карты объединены",
  taken_back: "остаток из прежней программы снят",
  ...{ expiry: "сгорело", welcome: "подарок новому клиенту", birthday: "подарок ко дню рождения" },
  friend: "за приглашение друга",
};

const roles: Record<string, string> = {
  ...{ admin: "администратор", owner: "владелец", client: "клиент" },
  list: "список остатков",
};

/** Headings in the order of the ledger's columns, and the values that are words. */
export const sheetWords = {
  columns: [
    ...["№", "Когда", "Что", "Карта №", "Запись YCLIENTS", "К строке №", "Баллы", "Сумма, ₽", "Причина"],
    ...["Кто", "Ключ операции", "Клиент извещён", "Контрольная сумма"],
  ],
  kind: (kind: string) => kinds[kind] ?? kind,
  /** `admin:601,owner:700` as `администратор 601, владелец 700`. */
  author: (actor: string) =>
    actor === "sync"
      ? "журнал YCLIENTS"
      : actor === "programme"
        ? "программа"
        : actor
            .replaceAll(
              /(admin|owner|client|list):([\w:-]+)/g,
              (_, role: string, id: string) => `${roles[role]} ${id}`,
            )
            .replaceAll(",", ", "),
  notified: (notified: boolean) => (notified ? "да" : "нет"),
};
