/** What a client, and who works here, sees of points that end or have ended; in both languages. */
import { expect } from "bun:test";
import type { BotParts } from "../../src/app/listening.ts";
import { connect } from "../../src/db/connect.ts";
import { endPoints, keepLives } from "../../src/ledger/ends.ts";
import { onEither } from "../helpers/both.ts";
import { linkedAnna, row, visit } from "../helpers/past.ts";
import type { SalonBot } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";
import { ask } from "../helpers/till-salon.ts";

const lives = { pointsLive: { months: 1 }, welcomeLive: null, birthdayLive: null };

/** On 12 March, with points that live a month: a visit's of January have ended, some of February and March have not. */
async function salonOfMonths(parts: Partial<BotParts> = {}): Promise<SalonBot> {
  const salon = await linkedAnna(lives, (url) => url, parts);
  const db = connect(salon.url, { max: 1 });
  await keepLives(db, lives, new Date("2026-01-01T12:00:00Z"));
  await visit(salon, 1, { day: "2026-01-20", price: 3500, decision: "awarded" });
  await row(salon, { day: "2026-01-20", kind: "award", points: 35, record: 1, paid: 3500 });
  await row(salon, { day: "2026-02-10", kind: "credit", points: 20 });
  await row(salon, { day: "2026-02-20", kind: "credit", points: 1 });
  await row(salon, { day: "2026-03-05", kind: "credit", points: 7.5 });
  await endPoints(db, "2026-03-12", new AbortController().signal);
  await db.end({ timeout: 1 });
  return salon;
}

onEither("the two nearest days stand under the balance, the history and the card", async () => {
  await using salon = await salonOfMonths();
  const line = "⏳ Ближайшие сроки: 21 балл до 31 марта включительно, 7,5 балла до 30 апреля включительно.";
  expect(await ask(salon.anna, "/balance")).toBe(
    `На карте …4567: 28,5 балла. 1 балл = 1 ₽: скажите на кассе «спишите баллы».\n${line}`,
  );
  expect(await ask(salon.anna, "/history")).toEndWith(`\n\n${line}`);
  await salon.anna.say("/card");
  expect(soft(salon.anna.lastMessage()?.text)).toEndWith(line);
  salon.anna.user.language_code = "en";
  expect(await ask(salon.anna, "/balance")).toEndWith(
    "\n⏳ To be spent soonest: 21 points until the end of 31 March, 7.5 points until the end of 30 April.",
  );
});

onEither("they stand on the card's picture too, for whoever shows it", async () => {
  const drawn: unknown[] = [];
  await using salon = await salonOfMonths({
    picture: async ({ ends }) => {
      drawn.push(ends?.map(soft));
      return new Uint8Array([1, 2, 3]);
    },
  });
  await salon.anna.say("/card");
  salon.anna.user.language_code = "en";
  await salon.anna.say("/card");
  expect(drawn).toEqual([
    ["21 балл до 31 марта включительно", "7,5 балла до 30 апреля включительно"],
    ["21 points until the end of 31 March", "7.5 points until the end of 30 April"],
  ]);
});

onEither(
  "what has ended is said with the day on which it came, and of the visit that had made it",
  async () => {
    await using salon = await salonOfMonths();
    expect(await ask(salon.anna, "/history")).toContain(
      "−35, на карте 28,5\nСгорели: срок вышел, начислены 20 января",
    );
    expect(await ask(salon.anna, "/why")).toContain("20 января, 3 500 ₽: +35, из них сгорело 35: срок вышел");
    salon.anna.user.language_code = "en";
    expect(await ask(salon.anna, "/history")).toContain(
      "Expired: their time was over, they came on 20 January",
    );
    expect(await ask(salon.anna, "/why")).toContain("20 January, 3,500 ₽: +35, 35 of them expired");
  },
);

onEither("where nothing ends nothing is said of it", async () => {
  await using salon = await linkedAnna(lives);
  await row(salon, { day: "2026-02-10", kind: "credit", points: 20 });
  for (const words of ["/balance", "/history", "/card"])
    expect(await ask(salon.anna, words)).not.toContain("⏳");
});
