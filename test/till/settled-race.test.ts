// What two programs, or a program and a tap, say at once of one spend: in the end the chat says where it has come to, and nothing else.

import { expect } from "bun:test";
import { Channels } from "../../src/channels/channel.ts";
import { must } from "../../src/errors.ts";
import { keepShown, settlementOf, settlementsToShow } from "../../src/settlements/settlements.ts";
import { showIn, showNew } from "../../src/till/screen.chat.ts";
import { screenOfRow } from "../../src/till/screens.ts";
import { onEither } from "../helpers/both.ts";
import { type SettlingTill, settlingTill } from "../helpers/settling-till.ts";
import { ask, last } from "../helpers/till-salon.ts";

const BILL = "89001234567 3500";

const rowOfSpend = async ({ sql }: SettlingTill): Promise<number> => {
  const [spend] = await sql<
    { row: string }[]
  >`select row_id as row from settlements where row_id is not null`;
  return Number(spend?.row);
};

const screenOfSpend = async (till: SettlingTill) =>
  must(await screenOfRow(till.db, await rowOfSpend(till)), "its screen");

onEither("what two have said at once is said once more: nobody knows which of it came last", async () => {
  await using till = await settlingTill({}, {}, 0);
  await till.book(3500);
  await ask(till.olga, BILL, "Списать 340");
  const row = await rowOfSpend(till);
  const before = must(await settlementOf(till.db, row), "its settlement");
  await till.rest();
  const after = must(await settlementOf(till.db, row), "its settlement");
  // The older word may have reached the messenger last, though it was kept first.
  await keepShown(till.db, before);
  await keepShown(till.db, after);
  expect(await settlementsToShow(till.db, 9)).toHaveLength(1);
  await till.tell();
  expect(last(till.olga)).toStartWith("✅ Списано 340.");
  expect(await settlementsToShow(till.db, 9)).toHaveLength(0);
});

onEither(
  "a word of what is on its way that comes last to its message gives way to what came of it",
  async () => {
    await using till = await settlingTill({}, {}, 0);
    const record = await till.book(3500);
    await ask(till.olga, BILL, "Списать 340");
    const screen = await screenOfSpend(till);
    till.loyal.journal.remove(record);
    const late = new Proxy(till.channel, {
      get: (channel, name) => {
        if (name !== "edit") return Reflect.get(channel, name);
        return async (...words: Parameters<typeof channel.edit>) => {
          // Another program settles it, and says so in a message of its own, before this word arrives.
          if (words[2].startsWith("⏳")) {
            await till.rest();
            await till.tell();
          }
          return channel.edit(...words);
        };
      },
    });
    await showIn({ ...till.desk, channels: new Channels([late]) }, till.desk, screen);
    await till.tell();
    expect(last(till.olga)).toStartWith("❌ Не списали: записи больше нет в журнале.");
    expect(till.said(601).filter((one) => one.includes("обновится само"))).toEqual([]);
  },
);

onEither(
  "of two that show a screen below at once, the later takes the word of the earlier with it",
  async () => {
    await using till = await settlingTill({}, {}, 0);
    const record = await till.book(3500);
    await ask(till.olga, BILL, "Списать 340");
    const screen = await screenOfSpend(till);
    await showNew(till.desk, till.desk, screen);
    expect(last(till.olga)).toStartWith("⏳");
    till.loyal.journal.remove(record);
    await till.rest();
    await showNew(till.desk, till.desk, screen);
    expect(last(till.olga)).toStartWith("❌ Не списали: записи больше нет в журнале.");
    expect(till.said(601).filter((one) => one.includes("обновится само"))).toEqual([]);
  },
);
