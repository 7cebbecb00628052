// What those who may not ask can learn and cost: who has a card, whose code is real, how long the others wait.
import { expect, test } from "bun:test";
import { linkedAnna } from "../helpers/past.ts";
import { give, type SalonBot } from "../helpers/salon-bot.ts";
import { openDoor } from "./door.ts";

/** Linked, with points; known, with points, not linked; and one that nobody has heard of. */
const [LINKED, WAITING, UNKNOWN] = ["+79001234567", "+79005550077", "+79006660088"] as const;
const CODE = "annasowncode0000000001";

/** What a stranger tries with a phone, and with a card's code. */
const tries = (phone: string, code: string): string[] => [
  ...[
    phone,
    phone.slice(1),
    `8${phone.slice(2)}`,
    `${phone} 3500`,
    phone.slice(-4),
    `${phone.slice(-4)} 3500`,
  ],
  ...[
    `/credit ${phone} 5 чай`,
    `/debit ${phone} 5`,
    `/why ${phone}`,
    `/move ${phone} ${phone}`,
    `/start ${phone}`,
  ],
  ...[
    `/start c_${code}`,
    `/balance ${phone}`,
    `/today ${phone}`,
    `/stats`,
    `/level 89001234567 2 завтра за дело`,
    `/statement ${phone}`,
    `/export`,
    `/staff`,
    `/start staff_${code}`,
    `/poster`,
    `/programme`,
    `/forget ${phone}`,
  ],
];

/** The answers of a try and the statements it made, without their values. */
async function tried(salon: SalonBot, id: number, act: () => Promise<unknown>) {
  salon.clock.now = new Date(salon.clock.now.getTime() + 60_000); // the flood gate is not meant here
  const before = salon.said(id).length;
  const statements: string[] = [];
  const { options } = salon.db as unknown as { options: { debug: unknown } };
  options.debug = (_connection: number, text: string) => void statements.push(text);
  await act();
  await salon.telegram.idle();
  options.debug = undefined;
  return { answers: salon.said(id, before), statements };
}

/** Answers without the words that were just written to the bot: to have them back tells nothing. */
function unsaid(answers: string[], text: string): string[] {
  const words = text.replace(/^\/\w+ /, "");
  return answers.map((answer) => answer.replaceAll(words, "…"));
}

test("nobody but those who work here learns whether a phone has a card, by answers or by the work they make", async () => {
  await using salon = await linkedAnna({ adminIds: ["telegram:601"], ownerIds: ["telegram:700"] });
  const { boris, sql, telegram } = salon;
  telegram.limits.perSecond = 1e6;
  await give(salon, LINKED, 500_00);
  await give(salon, WAITING, 300_00);
  await sql`update clients set code = ${CODE} where phone = ${LINKED}`;
  const vera = telegram.person({ id: 503, firstName: "Вера", phone: "+79007770099" });
  await vera.start();
  await vera.tap("Согласен");
  const seen: string[] = [];
  for (const person of [boris, vera]) {
    const { id } = person.profile;
    const of = (text: string) => tried(salon, id, () => person.say(text));
    const forward = (phone: string, userId?: number) =>
      tried(salon, id, () => person.forwardContact({ phone, firstName: "Имя", ...(userId && { userId }) }));
    const unknown = tries(UNKNOWN, "nobodyscode00000000001");
    // The first time may show the consent's screen.
    for (const text of unknown) await of(text);
    for (const phone of [LINKED, WAITING]) {
      for (const [at, text] of tries(phone, CODE).entries()) {
        const other = unknown[at] ?? "";
        const [known, nobody] = [await of(text), await of(other)];
        const [same, as] = [unsaid(known.answers, text), unsaid(nobody.answers, other)];
        expect({ text, ...known, answers: same }).toEqual({ text, ...nobody, answers: as });
        seen.push(...same);
      }
      for (const userId of [undefined, 501, 599]) {
        await forward(UNKNOWN, userId);
        const [known, nobody] = [await forward(phone, userId), await forward(UNKNOWN, userId)];
        expect({ userId, ...known }).toEqual({ userId, ...nobody });
        seen.push(...known.answers);
      }
    }
  }
  expect(seen.length).toBeGreaterThan(80);
  expect(seen.join("\n")).not.toMatch(/4567|0077|Анна|500|300/);
  const others = await sql`select phone, telegram_id::int as id from clients order by phone`;
  expect([...others]).toEqual([
    { phone: LINKED, id: 501 },
    { phone: WAITING, id: null },
    { phone: "+79007770099", id: 503 },
  ] as never);
});

/** `/id` from this person's chat, as Telegram posts it. */
const asksId = (id: number, n: number) =>
  JSON.stringify({
    update_id: n,
    message: {
      ...{ message_id: n, date: 1, text: "/id", entities: [{ type: "bot_command", offset: 0, length: 3 }] },
      ...{ chat: { id, type: "private" }, from: { id, is_bot: false, first_name: "К" } },
    },
  });

test("500 updates at once delay another's answer by no more than what was on its way", async () => {
  await using door = await openDoor();
  const connections = 40; // as many as Telegram is told to open
  // As many of each as are answered: what the flood gate drops is done at once, and says nothing of who waits.
  const chats = Array.from({ length: 25 }, (_, at) => 1_000 + at);
  const updates = Array.from({ length: 20 }, () => chats).flat();
  for (const id of [...chats, 2_000]) door.knows(id);
  let answered = 0;
  let behind = -1;
  let other: Promise<unknown> | undefined;
  const waiting = [...updates.entries()];
  const worker = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const [n, id] = one;
      if (n === 100) {
        const from = answered;
        other = door.update(asksId(2_000, 10_000)).then(() => {
          behind = answered - from;
        });
      }
      await door.update(asksId(id, n));
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  await other;
  expect(door.told(2_000)).toHaveLength(1);
  for (const id of chats) expect(door.told(id)).toHaveLength(20);
  expect(behind).toBeGreaterThanOrEqual(0);
  expect(behind).toBeLessThanOrEqual(3 * connections);
});

test("a chat of 500 updates at once has twenty answers and the word that it is too often", async () => {
  await using door = await openDoor();
  for (const id of [1_000, 2_000]) door.knows(id);
  const posted = Array.from({ length: 500 }, (_, n) => door.update(asksId(1_000, n)));
  await door.update(asksId(2_000, 10_000));
  await Promise.all(posted);
  expect(door.told(2_000)).toHaveLength(1);
  expect(door.told(1_000)).toHaveLength(21);
});

test("what the flood gate drops makes no statement in the database", async () => {
  await using salon = await linkedAnna();
  for (let n = 0; n < 21; n++) await salon.anna.say("/balance");
  const statements: string[] = [];
  const { options } = salon.db as unknown as { options: { debug: unknown } };
  options.debug = (_connection: number, text: string) => void statements.push(text);
  for (let n = 0; n < 50; n++) await salon.anna.say("/balance");
  expect(statements).toEqual([]);
  salon.clock.now = new Date(salon.clock.now.getTime() + 10_000);
  await salon.anna.say("/balance");
  expect(statements.length).toBeGreaterThan(0);
});

test("updates of odd types, many at once, fail nothing and hold nobody up", async () => {
  await using door = await openDoor();
  door.knows(2_000);
  const odd: unknown[] = [{ id: 1 }, [501], "501", 2 ** 53, 1.5, null, { toString: 1 }];
  const user = (id: unknown) => ({ id, is_bot: false, first_name: "К", language_code: odd[0] });
  const of = (id: unknown, content: object) => ({
    message_id: 1,
    date: 1,
    chat: { id, type: "private" },
    from: user(id),
    ...content,
  });
  const contact = (id: unknown) => ({
    contact: { phone_number: "+79001112233", user_id: id, first_name: "К" },
  });
  const posted = Array.from({ length: 300 }, (_, n) => {
    const id = odd[n % odd.length];
    const tap = { id: String(n), from: user(id), data: "forget", message: of(id, {}) };
    const updates = [
      { message: of(id, contact(id)) },
      { message: of(id, { text: "Баланс" }) },
      { callback_query: tap },
    ];
    return door.update(JSON.stringify({ update_id: n, ...updates[n % 3] }));
  });
  const text = { text: "/id", entities: [{ type: "bot_command", offset: 0, length: 3 }] };
  await door.update(JSON.stringify({ update_id: 1_000, message: of(2_000, text) }));
  expect(door.told(2_000)).toHaveLength(1);
  expect(new Set((await Promise.all(posted)).map(({ status, body }) => `${status} ${body}`))).toEqual(
    new Set(["200 "]),
  );
  expect(door.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
