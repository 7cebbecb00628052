// A chat that writes too often is slowed, and costs the others nothing.
import { expect, test } from "bun:test";
import { ledgerNameOf } from "../../src/rules/author.ts";
import { accountHere, messengerHere, onEither } from "../helpers/both.ts";
import { linkedAnna } from "../helpers/past.ts";
import { salonBot } from "../helpers/salon-bot.ts";
import { ask } from "../helpers/till-salon.ts";

/** The answer to /id. */
const ownId = (id: number) => `Ваш ${messengerHere()} ID: ${ledgerNameOf(accountHere(id))}`;

const word = "Слишком часто. Подождите несколько секунд и повторите.";

onEither(
  "after twenty updates in ten seconds one word is said, then none, then all is well again",
  async () => {
    await using salon = await salonBot();
    for (let n = 0; n < 40; n++) await salon.anna.say("/id");
    const answers = salon.said(501);
    expect(answers).toHaveLength(21);
    expect(answers.at(-1)).toBe(word);
    await salon.boris.say("/id");
    expect(salon.said(502)).toEqual([ownId(502)]);
    salon.clock.now = new Date(salon.clock.now.getTime() + 10_000);
    expect(await ask(salon.anna, "/id")).toBe(ownId(501));
  },
);

onEither("taps count too, and the word comes on the button", async () => {
  await using salon = await linkedAnna();
  await salon.anna.say("Баланс");
  for (let n = 0; n < 25; n++) await salon.anna.tap({ data: "junk" });
  expect(salon.anna.answeredCallbacks.at(-1)?.text).toBe(word);
  expect(salon.anna.answeredCallbacks).toHaveLength(18); // after /start, the contact and the key
});

onEither("a block is heard all the same, and those who work here are never slowed", async () => {
  await using salon = await linkedAnna({ adminIds: ["telegram:777"], ownerIds: ["telegram:778"] });
  for (let n = 0; n < 30; n++) await salon.anna.sendSticker();
  await salon.anna.block();
  const [card] = await salon.sql`select blocked_at is not null as blocked from accounts`;
  expect(card?.blocked).toBeTrue();
  for (const id of [777, 778]) {
    const person = salon.person({ id, firstName: "Ольга" });
    await person.say("/id");
    for (let n = 0; n < 30; n++) await person.tap({ data: "junk" });
    await person.say("/id");
    expect(salon.said(id)).toEqual([ownId(id), ownId(id)]);
  }
});

test("a tap of a flooding chat that is too old to be answered is no failure, and no message comes of it (Telegram alone: its own updates are played)", async () => {
  await using salon = await linkedAnna();
  for (let n = 0; n < 21; n++) await salon.anna.say("/id");
  salon.clock.now = new Date(salon.clock.now.getTime() + 10_000);
  const before = salon.said(501).length;
  const chat = { id: 501, type: "private" };
  const tap = {
    id: "gone",
    from: salon.anna.user,
    chat_instance: "1",
    data: "junk",
    message: { chat, message_id: 1, date: 0 },
  };
  for (let n = 0; n < 30; n++) await salon.telegram.push({ update_id: 900_000 + n, callback_query: tap });
  expect(salon.said(501, before)).toEqual([]);
  expect(salon.log.filter((line) => /"level":[45]0/.test(line))).toEqual([]);
});

onEither(
  "a tap behind too many messages has its own word, once, and a message behind too many taps has",
  async () => {
    await using salon = await linkedAnna();
    for (let n = 0; n < 30; n++) await salon.anna.say("/id");
    const said = salon.said(501).length;
    for (let n = 0; n < 5; n++) await salon.anna.tap({ data: "junk" });
    expect(salon.anna.answeredCallbacks.map(({ text }) => text)).toEqual([word]);
    expect(salon.said(501)).toHaveLength(said);

    salon.clock.now = new Date(salon.clock.now.getTime() + 10_000);
    for (let n = 0; n < 30; n++) await salon.anna.tap({ data: "junk" });
    for (let n = 0; n < 5; n++) await salon.anna.say("/id");
    expect(salon.said(501).slice(said)).toEqual([word]);
  },
);
