// A card, or a place at the till, that goes to somebody else between what was asked and what is said of it.
import { expect, test } from "bun:test";
import { forget } from "../../src/cards/forget.ts";
import { veilOf } from "../../src/cards/veil.ts";
import type { Picture } from "../../src/client/picture.chat.ts";
import { offerRefunds } from "../../src/till/refunds.ts";
import { linkTo } from "../helpers/accounts.ts";
import { accountHere, onEither } from "../helpers/both.ts";
import { linkedAnna, PHONE, row, visit } from "../helpers/past.ts";
import { until } from "../helpers/program.ts";
import type { SalonBot } from "../helpers/salon-bot.ts";
import { ask, labels, last, rows, tillSalon, toast } from "../helpers/till-salon.ts";

const here = (url: string) => url;

/** How many calls were about a chat. */
const callsTo = ({ telegram }: SalonBot, chat: number) =>
  telegram.calls.filter(({ payload }) => payload.chat_id === chat).length;

/** The card is Boris's from now on. */
async function toBoris({ sql }: SalonBot): Promise<void> {
  await sql`update clients set code = null where phone = ${PHONE}`;
  await linkTo(sql, 502, PHONE);
}

test("a card that has gone to another account while it was drawn is not sent to the account before (Telegram alone: its calls are looked at)", async () => {
  let drawing = 0;
  const picture: Picture = async () => {
    drawing += 1;
    await toBoris(salon);
    return new Uint8Array([1, 2, 3]);
  };
  const salon: SalonBot = await linkedAnna({}, here, { picture });
  await using _ = salon;
  await row(salon, { day: "2026-03-01", kind: "credit", points: 340 });
  await salon.anna.say("/card");
  expect(drawing).toBe(1);
  expect(salon.telegram.calls.filter(({ method }) => method === "sendPhoto")).toHaveLength(0);
  expect(salon.said(501).at(-1)).toStartWith("Согласие");
});

test("points that came while a card was drawn are on it (Telegram alone: its calls are looked at)", async () => {
  const drawn: string[] = [];
  const picture: Picture = async ({ balance }) => {
    if (drawn.push(balance) === 1) await row(salon, { day: "2026-03-01", kind: "credit", points: 340 });
    return new Uint8Array([1, 2, 3]);
  };
  const salon: SalonBot = await linkedAnna({}, here, { picture });
  await using _ = salon;
  await salon.anna.say("/card");
  expect(drawn).toEqual(["0", "340"]);
  expect(salon.telegram.calls.filter(({ method }) => method === "sendPhoto")).toHaveLength(1);
});

test("all that is stored does not go as a file to an account that has lost its card since (Telegram alone: its calls are looked at)", async () => {
  await using salon = await linkedAnna();
  for (let record = 1; record <= 200; record++)
    await visit(salon, record, { day: "2026-03-01", price: 3500, decision: "not_paid" });
  const held = Promise.withResolvers<void>();
  salon.telegram.faults.next({ method: "sendMessage", until: held.promise });
  const before = salon.telegram.calls.length;
  const asked = salon.anna.say("/mydata");
  await until(() => salon.telegram.calls.length > before);
  await toBoris(salon);
  held.resolve();
  await asked;
  expect(salon.telegram.calls.filter(({ method }) => method === "sendDocument")).toHaveLength(0);
});

onEither("an account that has proved the phone again is not told that another one has it", async () => {
  await using salon = await linkedAnna();
  const boris = salon.person({ id: 503, firstName: "Борис", phone: PHONE });
  await boris.start();
  // As if Anna's contact had come in right behind Boris's.
  await salon.sql`
    create function back() returns trigger language plpgsql as $$
    begin
      new.external_id := '501';
      return new;
    end $$`;
  await salon.sql`create trigger back before update on accounts for each row execute function back()`;
  await boris.tap("Согласен, отправить мой номер");
  expect(salon.said(501).filter((one) => one.includes("другой аккаунт"))).toEqual([]);
  expect(salon.said(503).at(-1)).toStartWith("✅ Готово, Борис!");
});

test("who is no admin any more is shown nothing of a client when an owner answers, and nothing is done (Telegram alone: its calls are looked at)", async () => {
  for (const button of ["Подтвердить", "Отклонить"]) {
    const adminIds = ["telegram:601", "telegram:602"];
    await using salon = await tillSalon({ adminIds, secondAdminAbove: 30_000 }, 100_000);
    const { olga, irina } = salon;
    await irina.start();
    await ask(olga, "89001234567 700", "Списать 699");
    const before = callsTo(salon, 601);
    adminIds.shift();
    await irina.tap(button);
    expect(toast(irina)).toBe("Анна …4567. Кто спросил, у вас больше не работает. Ничего не изменилось.");
    expect(last(irina)).toEndWith("Кто спросил, у вас больше не работает. Ничего не изменилось.");
    expect(labels(irina)).toEqual([]);
    expect(await rows(salon)).toEqual([]);
    expect(callsTo(salon, 601)).toBe(before);
  }
});

test("an owner's earlier yes shows the admin who is gone nothing either (Telegram alone: its calls are looked at)", async () => {
  const adminIds = ["telegram:601", "telegram:602"];
  await using salon = await tillSalon({ adminIds, secondAdminAbove: 30_000 }, 100_000);
  const { olga, irina } = salon;
  await irina.start();
  await ask(olga, "89001234567 700", "Списать 699");
  await irina.tap("Подтвердить");
  const before = callsTo(salon, 601);
  adminIds.shift();
  await irina.tapAgain();
  expect(toast(irina)).toStartWith("Анна …4567. Уже сделано в 14:22 (кассир Ольга)");
  expect(callsTo(salon, 601)).toBe(before);
});

onEither("a client who is forgotten while one owner is written to is not named to the next", async () => {
  await using salon = await tillSalon({ ownerIds: ["telegram:700", "telegram:701"] }, 34_024);
  const { sql, db, olga } = salon;
  await ask(olga, "89001234567 3500", "Списать 340");
  await sql`
    insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
      read_at, decision, decided_at)
    select 101, 1, id, '2026-03-12T10:00:00Z', '2026-03-12', true, false, 0, 3500, now(), 'deleted',
      now() + interval '1 second'
    from clients`;
  await sql`update spends set record_id = 101`;
  await linkTo(sql, 501);
  const [card] = await sql`select id from clients`;
  const told: [string, string][] = [];
  await offerRefunds(
    { db, bot: 7000000001 },
    [accountHere(700), accountHere(701)],
    async (owner, html) => {
      told.push([owner, html]);
      await forget(db, accountHere(501), Number(card?.id), { now: salon.clock.now, veil: veilOf("secret") });
      return { kind: "sent" as const, message: 1 };
    },
    salon.clock.now,
  );
  expect(told.map(([owner]) => owner)).toEqual([accountHere(700)]);
});
