// The words of the client's card, history and data: good HTML whatever they are given, whole in both languages.
import { expect, test } from "bun:test";
import { type HistoryEntry, historyTexts } from "../../src/client/history.texts.ts";
import { dataTexts, type StoredData } from "../../src/client/mydata.texts.ts";
import { showCardTexts } from "../../src/client/picture.texts.ts";
import { type VisitView, whyTexts } from "../../src/client/why.texts.ts";
import { sheetWords } from "../../src/ledger/export.texts.ts";
import { readHtml } from "../../src/standins/telegram/html.ts";
import { inMessages } from "../../src/texts/long.ts";
import type { Word } from "../../src/visits/visit.rule.ts";
import { programme } from "../helpers/programme.ts";

const evil = `<b>&"'`;
const phone = "+79001234567";
const kinds = [
  ...["award", "correction", "spend", "credit", "debit", "undo", "move", "opening", "taken_back"],
  ...["expiry", "welcome", "birthday", "friend"],
];
const reasons = [
  ...[
    "deleted",
    "no_show",
    "not_paid",
    "nothing_paid",
    "no_price",
    "paid_in_part",
    "paid_again",
    "not_arrived",
    "moved",
  ],
  ...["edited", "too_little", "forgotten", evil, null],
];
const words: Word[] = [
  ...(["awarded", "deleted", "no_client", "forgotten", "before_start", "no_show", "not_paid"] as const),
  ...(["paid_in_part", "not_arrived", "payment_unknown", "nothing_paid", "too_little", "imported"] as const),
];

const entries: HistoryEntry[] = kinds.flatMap((kind) =>
  reasons.flatMap((reason) =>
    [3500, -3500].map((points) => ({
      ...{ kind, reason, points, day: "2026-03-12", visitDay: kind === "award" ? "2026-03-01" : null },
      ...{ after: -100, paid: points > 0 ? 350_000 : null, was: 300_000, percent: 100, corrects: null },
      began: points > 0 ? null : "2026-03-01",
    })),
  ),
);
const visits: VisitView[] = words.flatMap((decision) =>
  ([null, "payment_fell", "hint"] as const).map((look) => ({
    ...{ decision, look, day: "2026-03-01", price: 350_000, servicesPaid: 1, goodsPaid: null, points: 0 },
    ...{
      paid: null,
      level: look === null ? 300 : null,
      start: decision === "before_start" ? "2026-03-02" : null,
      spent: look === null,
      expired: look === null ? 1250 : 0,
      imported: null,
    },
  })),
);

test.each(["ru", "en", "de", undefined])("in %p every sentence is whole", (language) => {
  const data = dataTexts(language);
  const stored: StoredData = {
    ...{
      messenger: "Telegram",
      externalId: "1",
      beside: [
        { messenger: "MAX", externalId: "2", linked: "2026-03-13", off: false },
        { messenger: "Memory", externalId: null, linked: "2026-03-14", off: true },
      ],
      consents: [
        { day: "2026-03-12", messenger: null },
        { day: "2026-03-13", messenger: "MAX" },
      ],
      birthday: { day: "03-14", ofJournal: true },
      work: {
        name: "Olga <b>",
        changes: [
          { role: "owner", day: "2026-03-12" },
          { role: null, day: "2026-03-13" },
        ],
      },
      questions: ["2026-03-12"],
    },
    journal: [{ name: evil }, { name: evil }, { name: null }],
    unproved: 1,
    others: [null, phone].map((one) => ({
      ...{ phone: one, name: one === null ? null : evil, balance: 100 },
      ...{ visits: visits.slice(0, 3), history: { entries: entries.slice(0, 3), earlier: null } },
    })),
    card: {
      ...{
        id: 1,
        phone,
        name: evil,
        language: evil,
        created: "2026-03-12",
        linked: "2026-03-12",
        balance: -100,
      },
      ...{ visits, history: { entries, earlier: 100 } },
    },
  };
  const view = { page: 0, pages: 2, earlier: 100, entries, year: 2026 };
  const going = [...stored.others, ...stored.others].map((one, at) => ({
    ...one,
    proved: at < stored.others.length,
  }));
  const cards = [100, 0, -1500].map((balance) => ({ phone, balance }));
  const said = [
    ...entries.map((entry) => historyTexts(language).entry(entry, 2026)),
    historyTexts(language).page(phone, { ...view, entries: entries.slice(0, 5) }, programme),
    historyTexts(language).page(phone, { ...view, entries: [] }, programme),
    ...visits.map((visit) => whyTexts(language).line(visit, 2026, programme)),
    ...inMessages(data.everything(stored, programme)),
    ...inMessages(data.everything({ ...stored, card: null }, programme)),
    ...cards.flatMap((one) => [
      ...[data.unlink(one, "MAX"), data.unlink(one, "MAX", ["Telegram"])],
      ...[data.unlinked(one, "MAX"), data.unlinked(one, "MAX", ["Telegram"])],
      ...[data.forget(one, "MAX", going), data.forget(one, "MAX", going, ["Telegram"])],
    ]),
    data.forgetStranger("MAX", going),
    data.forgottenLetGo(),
    ...cards.flatMap((one) => [
      showCardTexts(language).caption({ ...one, waiting: 2_000 }),
      showCardTexts(language).withoutPicture({ ...one, waiting: -2_000 }),
    ]),
    ...[
      data.menu("MAX"),
      data.notLinked("MAX"),
      data.forgetStranger("MAX"),
      data.forgotten([], "MAX"),
      data.forgotten([phone], "MAX"),
      data.kept(),
      data.stale(),
    ],
  ];
  for (const html of said) {
    const { text } = readHtml(html);
    expect(text).not.toMatch(/undefined|null|NaN|\[object|^\s*$| {2}| [,.:]|\.\./);
    expect(html.length).toBeLessThan(4000);
  }
  if (language !== "en") for (const html of said) expect(readHtml(html).text).toMatch(/[а-я]/);
  else for (const html of said) expect(readHtml(html).text).not.toMatch(/[а-яё]/i);
});

test("the accountant's file names deeds and people in words, and leaves alone what it does not know", () => {
  expect(sheetWords.columns).toHaveLength(13);
  expect(["award", "spend", "later"].map(sheetWords.kind)).toEqual([
    "начислено за визит",
    "списано",
    "later",
  ]);
  expect(
    ["sync", "admin:601,owner:700", "admin:max:601,owner:max:a_-1", "client:5", "robot:1"].map(
      sheetWords.author,
    ),
  ).toEqual([
    ...["журнал YCLIENTS", "администратор 601, владелец 700", "администратор max:601, владелец max:a_-1"],
    ...["клиент 5", "robot:1"],
  ]);
  expect([true, false].map(sheetWords.notified)).toEqual(["да", "нет"]);
});
