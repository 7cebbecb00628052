// In the chat of a messenger that may tell nothing unasked: news come before the answer, and whoever lost a card hears it then.
import { expect } from "bun:test";
import { MemoryChannel } from "../helpers/memory-channel.ts";
import { give, salonBot } from "../helpers/salon-bot.ts";
import { testIn } from "../helpers/test-in.ts";

const VERA = "+79161112233";

async function askedAlone() {
  const memory = new MemoryChannel(7_000_000_001);
  const salon = await salonBot({}, undefined, { channels: [memory], tells: ["telegram"] });
  memory.take = (incoming) => salon.take(memory, incoming);
  const vera = memory.person(601, "Вера", VERA);
  await vera.start();
  await vera.press("Согласен");
  const enqueue = () =>
    salon.sql`insert into notices (client_id, about, due_at) select id, 'till', now() from clients where phone = ${VERA}`;
  return Object.assign(salon, {
    ...{ memory, vera },
    async credit(points: number): Promise<void> {
      await give(salon, VERA, points);
      await enqueue();
    },
  });
}

const test = testIn(askedAlone);

test("what is new is said before what was asked, whatever that was, and once", async (salon) => {
  const { vera } = salon;
  for (const ask of [
    () => vera.write("/balance"),
    () => vera.write("что-то"),
    () => vera.start(),
    () => vera.press("История"),
  ]) {
    await salon.credit(1_000);
    const before = vera.said().length;
    await ask();
    const [first = "", ...answer] = vera.said().slice(before);
    expect(first).toStartWith("Новое на карте");
    expect(first).toContain("10 баллов");
    expect(answer.length).toBeGreaterThan(0);
    expect(answer.join("\n")).not.toContain("ещё напишем");
  }
  const before = vera.said().length;
  await vera.write("/balance");
  expect(
    vera
      .said()
      .slice(before)
      .filter((one) => one.startsWith("Новое")),
  ).toEqual([]);
});

test("who cannot be reached with the news reads them at the next turn", async (salon) => {
  const { vera, memory } = salon;
  await salon.credit(1_000);
  const say = memory.say.bind(memory);
  let tries = 0;
  memory.say = async (...message) =>
    ++tries === 1 ? { kind: "failed", why: "400", passes: false, mayHaveArrived: false } : say(...message);
  await vera.write("/balance");
  memory.say = say;
  const before = vera.said().length;
  await vera.write("/balance");
  expect(vera.said().slice(before)[0]).toStartWith("Новое на карте");
});

test("when the account was used is known to the minute, and nothing that the messenger says by itself counts", async (salon) => {
  const { vera, sql } = salon;
  const used = async () =>
    Number(
      (
        await sql`select extract(epoch from now() - used_at) as age from accounts where account = 'memory:601'`
      )[0]?.age,
    );
  await sql`update accounts set used_at = now() - interval '2 hours'`;
  await vera.block();
  await vera.comeBack();
  expect(await used()).toBeGreaterThan(7_000);
  await vera.write("/balance");
  expect(await used()).toBeLessThan(60);
  await sql`update accounts set used_at = now() - interval '30 seconds'`;
  await vera.write("/balance");
  expect(await used()).toBeGreaterThan(29);
  await sql`update accounts set used_at = now() + interval '3 hours'`;
  await vera.write("/balance");
  expect(await used()).toBeGreaterThanOrEqual(0);
});

test("where there is one messenger nobody keeps when it was used: a turn writes nothing more for it", async () => {
  await using salon = await salonBot();
  const { anna, sql } = salon;
  await anna.start();
  await anna.shareContact("+79001234567");
  const before = new Date("2026-01-01T00:00:00Z");
  await sql`update accounts set used_at = ${before}`;
  await anna.say("/balance");
  expect([...(await sql`select used_at from accounts`)]).toEqual([{ used_at: before }]);
});

test("whose card another account has taken is told nothing unasked, and hears it when they write", async (salon) => {
  const { vera, memory } = salon;
  const other = memory.person(602, "Зоя", VERA);
  await other.start();
  const before = vera.said().length;
  await other.press("Согласен");
  expect(vera.said()).toHaveLength(before);
  await vera.write("/balance");
  expect(vera.said()[before]).toStartWith("Ваш номер подтвердил другой аккаунт");
  await vera.write("/balance");
  expect(vera.said().filter((one) => one.startsWith("Ваш номер подтвердил"))).toHaveLength(1);
});

test("news of which a first message was read are told nowhere else, whatever became of the rest", async (salon) => {
  const { vera, memory, sql } = salon;
  const anna = salon.telegram.person({ id: 505, firstName: "Вера", phone: VERA.slice(1) });
  await anna.start();
  await anna.tap("Согласен");
  await anna.block();
  await salon.credit(1_000);
  await sql`
    with friends_cards as (
      insert into clients (phone) select '+7900000' || (1000 + n) from generate_series(1, 80) n returning id)
    insert into friends (friend, inviter, tied_at, friend_points, inviter_points, after_days, state, why, changed_at)
    select f.id, c.id, now(), 100, 100, 3, 'refused', 'too_late', now() from friends_cards f, clients c where c.phone = ${VERA}`;
  const say = memory.say.bind(memory);
  for (const outcome of [
    { kind: "failed", why: "400", passes: false, mayHaveArrived: false },
    { kind: "wait", ms: 120_000 },
    { kind: "blocked" },
  ] as const) {
    let tries = 0;
    const before = vera.said().length;
    memory.say = async (...message) => (++tries === 2 ? outcome : say(...message));
    await vera.write("/balance").catch(() => {});
    memory.say = say;
    expect(vera.said().slice(before)[0]).toContain("10 баллов");
    await sql`update begun_messages set held_until = now()`;
  }
  const before = salon.said(505).length;
  await anna.start();
  expect(salon.said(505, before).join("\n")).not.toContain("Пока вас не было");
  expect(await sql`select from begun_messages where about = 'till' and account = 'memory:601'`).toHaveLength(
    1,
  );
});

test("who writes can be written to: an account that counts as gone, because that came late, is there again", async (salon) => {
  const { vera, memory } = salon;
  await salon.credit(1_000);
  await memory.bring(vera, { kind: "left" });
  const before = vera.said().length;
  await vera.write("/balance");
  expect(vera.said().slice(before).join("\n")).toContain("10 баллов");
  await salon.credit(2_000);
  const then = vera.said().length;
  await vera.write("/balance");
  expect(vera.said()[then]).toStartWith("Новое на карте");
  expect(await salon.sql`select from accounts where blocked_at is not null`).toHaveLength(0);
});
