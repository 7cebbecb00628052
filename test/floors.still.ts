/** What the house does not keep to yet, rule by rule, in the order of the names. These lists may only become shorter. */
export const still = {
  // Imports that the table of rooms does not give.
  upwards: [],
  // Circles, of types too.
  circles: [],
  // Imports that a file's suffix does not allow.
  suffixes: ["notices/notices.store.ts imports ledger/outbox.store.ts"],
  // Files beside stores and db with SQL.
  sql: ["demo/day.ts", "demo/demo.ts", "demo/views.ts"],
  // Stores that another room names.
  storesOfOthers: ["notices/notices.store.ts imports ledger/outbox.store.ts"],
  // Names that are exported twice.
  manyMeanings: [],
  // Short files with one reader.
  small: [
    "demo/page/head.ts for demo/page/page.ts",
    "demo/page/sum-form.ts for demo/page/journal.ts",
    "demo/page/toast.ts for demo/page/chat.ts",
    "yclients/event.ts for app/readings.ts",
  ],
} satisfies Record<string, string[]>;
