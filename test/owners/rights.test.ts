// Who works here without a single id in the settings: the first owner's link, /staff, taking people on and letting them go.
import { expect, test } from "bun:test";
import { pino } from "pino";
import { veilOf } from "../../src/cards/veil.ts";
import {
  firstOwnerLink,
  letGo,
  openLink,
  staffLink,
  takeOn,
  tellStaffChanges,
} from "../../src/owners/rights.ts";
import { ledgerNameOf } from "../../src/rules/author.ts";
import type { Anyone } from "../helpers/anyone.ts";
import { accountHere, messengerHere, onBoth, onEither } from "../helpers/both.ts";
import { AGREE } from "../helpers/past.ts";
import { type SalonBot, shop, startBotOn } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";
import {
  ask,
  BORIS,
  boris,
  labels,
  last,
  PHONE,
  type TillSalon,
  tap,
  tillSalon,
} from "../helpers/till-salon.ts";

const nobody = { adminIds: [], ownerIds: [] };
const rightsOf = (
  { db, clock }: SalonBot,
  settings: { adminIds: string[]; ownerIds: string[] } = nobody,
) => ({
  ...{ db, settings, now: clock.now, spoken: ["telegram", "max"] },
});
const firstLink = async (salon: SalonBot) => (await firstOwnerLink(rightsOf(salon)))?.payload ?? "none";
const later = (salon: SalonBot, ms: number) => {
  salon.clock.now = new Date(salon.clock.now.getTime() + ms);
};
const hour = 3_600_000;

/** A salon whose settings name nobody, Irina its owner by the first link. */
async function owned(): Promise<TillSalon> {
  const salon = await tillSalon({ adminIds: [], ownerIds: [] }, 34_024);
  await salon.irina.say(`/start ${await firstLink(salon)}`);
  return salon;
}

/** The start parameter in the newest message that has one. */
const payloadIn = (person: Anyone) => /start=(\w[\w-]+)/.exec(last(person))?.[1] ?? "";

/** How the ledger, and what is said of who works here, names a number. */
const named = (id: number) => ledgerNameOf(accountHere(id));

/** A link that an owner makes. */
async function linkOf(owner: Anyone, role = "администратора"): Promise<string> {
  await ask(owner, "/staff", `Добавить ${role}`);
  return payloadIn(owner);
}

/** Somebody is taken on by an owner's link. */
async function join(owner: Anyone, person: Anyone, role = "администратора"): Promise<string> {
  return ask(person, `/start ${await linkOf(owner, role)}`);
}

const posts = ({ sql }: SalonBot) =>
  sql<{ line: string }[]>`
    select concat_ws(' ', account, role, made_by) as line from staff_changes order by id`.then((rows) =>
    rows.map(({ line }) => line),
  );
const isAdmin = async (person: Anyone) => (await ask(person, PHONE)).startsWith("Анна …4567");

/** The same bot in another process: on the same database, with a memory of its own. */
async function replica(salon: SalonBot) {
  return startBotOn(
    "7000000001:demo",
    {
      ...{ db: salon.db, veil: veilOf("secret"), shop: { ...shop, ...nobody } },
      ...{ log: pino({ level: "silent" }), now: () => salon.clock.now },
    },
    { telegram: salon.telegram },
  );
}

/** Begins all of it while nobody can add a change, and lets it go on once so many wait for another: they meet for sure. */
async function atOnce({ sql }: SalonBot, waiting: number, works: (() => Promise<unknown>)[]): Promise<void> {
  let all: Promise<unknown> = Promise.resolve();
  await sql.begin(async (tx) => {
    await tx`lock table staff_changes in exclusive mode`;
    all = Promise.all(works.map((work) => work()));
    for (let count = 0; count < waiting; await Bun.sleep(5)) {
      const [row] = await tx<{ count: number }[]>`
        select count(*)::int as count from pg_locks where not granted
          and (database is null or database = (select oid from pg_database where datname = current_database()))`;
      count = row?.count ?? 0;
    }
  });
  await all;
}

let updates = 5_000_000;
/** What somebody writes, as it comes in. */
const writtenBy = ({ profile: { id, firstName } }: Anyone, text: string) => ({
  update_id: ++updates,
  message: {
    ...{ message_id: updates, date: 1, text, chat: { id, type: "private" } },
    from: { id, is_bot: false, first_name: firstName },
    entities: text.startsWith("/")
      ? [{ type: "bot_command", offset: 0, length: text.split(" ")[0]?.length }]
      : [],
  },
});

test("whoever opens the first link is the owner, with the owner's menu; whoever opens it next is told so (Telegram alone: its menus are its own)", async () => {
  await using salon = await tillSalon({ adminIds: [], ownerIds: [] });
  const { irina, olga, telegram } = salon;
  expect(await ask(irina, "/staff")).not.toContain("Владельцы");
  const link = await firstLink(salon);
  expect(await ask(irina, `/start ${link}`)).toContain("Вы владелец. Сводка — /stats");
  expect(telegram.commandsFor(telegram.person(irina.profile)).map(({ command }) => command)).toContain(
    "staff",
  );
  expect(await ask(irina, "/staff")).toBe(
    "Кто работает с ботом\n\nВладельцы\nИрина, id 700, с 12 марта 2026, 14:22 (по первой ссылке)\n\nАдминистраторы\nпока никого",
  );
  expect(await ask(olga, `/start ${link}`)).toBe(
    "Владелец у бота уже есть: эту ссылку открыл другой человек. Если это не ваш человек, скажите тому, кто настраивал бота.",
  );
  expect(await isAdmin(olga)).toBe(false);
  expect(await ask(irina, `/start ${link}`)).toContain("Вы владелец.");
  expect(await posts(salon)).toEqual(["telegram:700 owner"]);
  expect(await firstOwnerLink(rightsOf(salon))).toBeNull();
});

onEither(
  "the first link dies after an hour, at a restart, and where the settings name an owner; only its hash is kept",
  async () => {
    await using salon = await tillSalon({ adminIds: [], ownerIds: [] });
    const { irina, sql } = salon;
    const before = await firstLink(salon);
    const link = await firstLink(salon);
    const dead = "Эта ссылка не действует: её время вышло, её отозвали или она уже сработала.";
    expect(await ask(irina, `/start ${before}`)).toStartWith(dead);
    const [kept] = await sql`select staff_links::text as line from staff_links`;
    expect(kept?.line).not.toContain(link.replace("staff_", ""));
    expect(link).toMatch(/^staff_[\w-]{32}$/);
    later(salon, hour);
    expect(await ask(irina, `/start ${link}`)).toStartWith(dead);
    later(salon, -hour / 2);
    const settings = { adminIds: [], ownerIds: ["telegram:1"] };
    const here = { account: accountHere(700), name: "Ирина" };
    expect(await openLink(rightsOf(salon, settings), link, here)).toEqual({ kind: "none" });
    expect(await firstOwnerLink(rightsOf(salon, settings))).toBeNull();
    expect(await ask(irina, `/start ${link}`)).toStartWith(dead);
    expect(await posts(salon)).toEqual([]);
  },
);

test("a crowd that opens the first link at once on two replicas has one owner (Telegram alone: its own updates are played)", async () => {
  await using salon = await tillSalon({ adminIds: [], ownerIds: [] });
  const other = await replica(salon);
  const crowd = Array.from({ length: 12 }, (_, n) =>
    salon.person({ id: 8_000 + n, firstName: `Гость ${n}` }),
  );
  for (const { chat } of crowd) chat.started = true;
  const link = await firstLink(salon);
  const opens = crowd.map(
    (one, n) => () => (n % 2 === 0 ? salon : other).handle(writtenBy(one, `/start ${link}`)),
  );
  await atOnce(salon, 3, opens);
  expect(await posts(salon)).toHaveLength(1);
  const said = crowd.map((one) => last(one));
  expect(said.filter((words) => words.includes("Вы владелец."))).toHaveLength(1);
  expect(said.filter((words) => words.startsWith("Владелец у бота уже есть"))).toHaveLength(11);
  await other.stop();
});

test("killed between the claim and the answer: the update that comes again is greeted, and there is one owner (Telegram alone: its own delivery is played)", async () => {
  await using salon = await tillSalon({ adminIds: [], ownerIds: [] });
  const link = await firstLink(salon);
  await openLink(rightsOf(salon), link, { account: "telegram:700", name: "Ирина" });
  salon.telegram.webhook.deliverTwice = true;
  expect(await ask(salon.irina, `/start ${link}`)).toContain("Вы владелец.");
  expect(await posts(salon)).toEqual(["telegram:700 owner"]);
});

test("by an owner's link somebody is an admin at once, is told what they may do, and every owner hears of it (Telegram alone: its menus are its own)", async () => {
  await using salon = await owned();
  const { irina, olga, marina, telegram } = salon;
  await join(irina, marina, "владельца");
  const link = await linkOf(irina);
  expect(soft(salon.said(700).at(-1) ?? "")).toStartWith(
    "Салон <Красота> приглашает вас работать с ботом, ваша роль: администратор.",
  );
  expect(await ask(olga, `/start ${link}`)).toContain("Вы администратор. Пришлите телефон клиента");
  const news = "Ольга, id 601: теперь администратор (кто добавил: Ирина, по ссылке)";
  expect([last(irina), last(marina)]).toEqual([news, news]);
  expect(await isAdmin(olga)).toBe(true);
  expect(telegram.commandsFor(telegram.person(olga.profile)).map(({ command }) => command)).toContain(
    "credit",
  );
  expect(await ask(olga, "/staff")).toStartWith("Это видит и меняет только владелец.");
  expect(await ask(irina, "/staff")).toContain(
    "Администраторы\nОльга, id 601, с 12 марта 2026, 14:22 (кто добавил: Ирина)",
  );
  expect(await ask(salon.anna, `/start ${link}`)).toStartWith("Эту ссылку уже открыл другой человек");
});

test("who is let go loses everything at once, on every replica: commands, screens, buttons, menu (Telegram alone: its own updates are played)", async () => {
  await using salon = await owned();
  const { irina, olga, marina, telegram, sql } = salon;
  await olga.start();
  await olga.tap(AGREE);
  const link = await linkOf(irina);
  await olga.say(`/start ${link}`);
  await join(irina, marina, "владельца");
  const other = await replica(salon);
  // The updates go to the other one from here on, and what the first has read of Olga is what it knew before.
  await salon.handle(writtenBy(olga, `${PHONE} 500`));
  expect(labels(olga)).toContain("Списать 340 → к оплате 160 ₽");
  const spend = olga.lastMessage()?.inline.flat()[0];
  const shown = olga.lastMessage()?.message_id ?? 0;
  await ask(irina, "/staff", "Убрать…", "Ольга, администратор");
  expect(last(irina)).toBe(
    "Убрать администратора?\nОльга, id 601\nДоступ закроется сразу. Карта клиента, если она есть, останется.",
  );
  expect(await tap(irina, "Убрать")).toStartWith(
    "✅ Ольга: больше не администратор. Доступ закрыт.\n\nКто работает",
  );
  expect(last(marina)).toBe("Ольга, id 601: больше не администратор (кто убрал: Ирина)");
  expect(last(olga)).toBe(
    "Вас убрали из администраторов, доступ к кассе закрыт. Карта клиента, если она у вас есть, остаётся: /balance",
  );
  expect(telegram.messages(601).find((one) => one.message_id === shown)?.inline).toEqual([]);
  expect(telegram.commandsFor(telegram.person(olga.profile)).map(({ command }) => command)).not.toContain(
    "credit",
  );
  const data = spend && "callback_data" in spend ? spend.callback_data : "";
  await olga.tap({ data }, { message: shown });
  for (const text of [PHONE, "/today", `/credit ${PHONE} 5`]) {
    await salon.handle(writtenBy(olga, text));
    expect(last(olga)).toStartWith("Этого я не понимаю.");
  }
  expect(await ask(olga, `/start ${link}`)).toStartWith("Эта ссылка не действует");
  expect(await sql`select from bonuslog where kind in ('spend', 'credit')`).toHaveLength(1);
  expect(await sql`select from screens where account = 'telegram:601' and step <> 'closed'`).toHaveLength(0);
  expect(await tap(olga, "Баланс")).toContain("На карте …0001");
  await other.stop();
});

onEither("an owner's yes for an admin who was let go meanwhile gives nothing", async () => {
  await using salon = await tillSalon({ adminIds: [], ownerIds: [], secondAdminAbove: 100 }, 34_024);
  const { irina, olga } = salon;
  await irina.say(`/start ${await firstLink(salon)}`);
  await join(irina, olga);
  expect(await ask(olga, `/credit ${PHONE} 200 чай`, "Начислить 200")).toContain(
    "Ждём подтверждения владельца",
  );
  const question = irina.lastMessage()?.message_id ?? 0;
  await ask(irina, "/staff", "Убрать…", "Ольга, администратор", "Убрать");
  await irina.tap("Подтвердить", { message: question });
  expect(await salon.sql`select from bonuslog where reason = 'чай'`).toHaveLength(0);
});

onEither("an export that was asked for by an owner who was let go meanwhile goes to nobody", async () => {
  await using salon = await owned();
  const { irina, marina, sql, log } = salon;
  await join(irina, marina, "владельца");
  await sql.begin(async (tx) => {
    await tx`lock table bonuslog in access exclusive mode`;
    await marina.say("/export");
    await sql`
      insert into staff_changes (account, role, made_by, made_at) values (${accountHere(602)}, null, ${accountHere(700)}, now())`;
  });
  const files = () => salon.messages(602).flatMap(({ document }) => document ?? []);
  const kept = () => log.filter((line) => line.includes("no owner any more"));
  while (files().length + kept().length < 2) await Bun.sleep(5);
  expect(files()).toEqual([]);
});

onBoth(
  "a contact makes an admin only where the owner was asked for one; any other opens the client",
  async () => {
    await using salon = await owned();
    const { irina, olga } = salon;
    await boris(salon, 500_00);
    const olgas = { phone: BORIS, userId: 601, firstName: "Ольга" };
    await irina.forwardContact(olgas);
    expect(last(irina)).toStartWith("Борис …4321");
    await ask(irina, "/staff", "Добавить администратора");
    await irina.forwardContact({ phone: BORIS, firstName: "Без Telegram" });
    expect(last(irina)).toStartWith(`У этого контакта не видно ${messengerHere()}.`);
    await irina.forwardContact(olgas);
    expect(last(irina)).toBe(`Добавить администратора?\nОльга, id ${named(601)}, +7 900 765 43 21`);
    expect(await tap(irina, "Не надо")).toStartWith("Хорошо, права не даём.");
    expect(await posts(salon)).toEqual([`${accountHere(700)} owner`]);
    await irina.forwardContact(olgas);
    expect(last(irina)).toStartWith("Борис …4321");
    await ask(irina, "/staff", "Добавить администратора");
    await irina.forwardContact(olgas);
    expect(await tap(irina, "Добавить")).toContain(
      `Первым бот написать не может: пусть человек откроет ${salon.channel.link()}`,
    );
    await olga.start();
    expect(last(olga)).toContain("Вы администратор.");
    expect(await isAdmin(olga)).toBe(true);
    expect(await posts(salon)).toEqual([
      `${accountHere(700)} owner`,
      `${accountHere(601)} admin ${accountHere(700)}`,
    ]);
    // The link that stood in the chat for the same person is not left to anybody.
    expect(await ask(irina, "/staff")).not.toContain("Ссылок ещё не открыто");
    await ask(irina, "/staff", "Добавить администратора");
    await irina.forwardContact(olgas);
    expect(last(irina)).toBe("Ольга: эти права уже есть.");
    await ask(irina, "/staff", "Добавить владельца");
    await irina.forwardContact(olgas);
    expect(await tap(irina, "Добавить")).toBe(
      "✅ Ольга: теперь владелец. Бот уже написал этому человеку, что можно делать.",
    );
    expect(last(olga)).toContain("Вы владелец.");
  },
);

onEither("a question about a contact that waited too long, or was another's, takes nobody on", async () => {
  await using salon = await owned();
  const { irina } = salon;
  await ask(irina, "/staff", "Добавить администратора");
  await irina.forwardContact({ phone: BORIS, userId: 601, firstName: "Ольга" });
  const late = "Время вышло. Начните с /staff";
  for (const data of [`staff:add:admin:${accountHere(602)}`, `staff:add:owner:${accountHere(601)}`])
    expect(await tap(irina, { data })).toBe(late);
  later(salon, 600_000);
  expect(await tap(irina, { data: `staff:add:admin:${accountHere(601)}` })).toBe(late);
  expect(await posts(salon)).toEqual([`${accountHere(700)} owner`]);
});

onEither(
  "whom the settings name stays: no link changes them, nobody lets them go, and the list says so",
  async () => {
    await using salon = await tillSalon();
    const { irina, olga, marina } = salon;
    await olga.start();
    const list = await ask(irina, "/staff");
    expect(list).toContain(`id ${named(700)}: записано в настройках сервера`);
    expect(list).toContain("тех в чате не убрать");
    expect(labels(irina)).toEqual(["Добавить администратора", "Добавить владельца"]);
    const link = await linkOf(irina, "владельца");
    expect(await ask(olga, `/start ${link}`)).toStartWith("Ваши права записаны в настройках сервера");
    await ask(irina, "/staff", "Добавить владельца");
    await irina.forwardContact({ phone: BORIS, userId: 602, firstName: "Марина" });
    expect(last(irina)).toStartWith("Права этого человека записаны в настройках сервера");
    expect(await posts(salon)).toEqual([]);
    await salon.sql`
    insert into staff_changes (account, role, made_by, made_at) values (${accountHere(602)}, 'owner', ${accountHere(700)}, now())`;
    expect(await ask(marina, "/staff")).toStartWith("Это видит и меняет только владелец");
    expect(await ask(irina, "/staff")).toContain(
      `id ${named(602)}: записано в настройках сервера; и без них останется: владелец`,
    );
    expect(await ask(salon.anna, `/start ${link}`)).toContain("Вы владелец.");
  },
);

test("the last owner stays, and of two who let each other go at once on two replicas one is left (Telegram alone: its own updates are played)", async () => {
  await using salon = await owned();
  const { irina, marina } = salon;
  const stays = "Это последний владелец. Сначала добавьте другого.";
  expect(await ask(irina, "/staff", "Убрать…", "Ирина, владелец")).toStartWith(stays);
  await join(irina, marina, "владельца");
  await ask(irina, "/staff", "Убрать…", "Ирина, владелец");
  expect(last(irina)).toStartWith("Убрать себя из владельцев?");
  await salon.sql`
    insert into staff_changes (account, role, made_by, made_at) values ('telegram:602', null, 'telegram:700', now())`;
  expect(await tap(irina, "Убрать")).toStartWith(stays); // asked while there was another
  await join(irina, marina, "владельца");
  const other = await replica(salon);
  const drop = (by: Anyone, post: number) => ({
    update_id: ++updates,
    callback_query: {
      ...{ id: String(updates), data: `staff:drop:${post}`, chat_instance: "1" },
      from: { id: by.profile.id, is_bot: false, first_name: by.profile.firstName },
      message: {
        message_id: by.lastMessage()?.message_id,
        date: 1,
        text: "",
        chat: { id: by.profile.id, type: "private" },
      },
    },
  });
  await atOnce(salon, 2, [() => salon.handle(drop(irina, 4)), () => other.handle(drop(marina, 1))]);
  const left = await salon.sql`
    select distinct on (account) role from staff_changes order by account, id desc`;
  expect(left.filter((one) => one.role === "owner")).toHaveLength(1);
  await other.stop();
});

onEither(
  "links of owners die after a day, when they are taken back, and with the owner's own rights",
  async () => {
    await using salon = await owned();
    const { irina, olga, marina } = salon;
    const dead = "Эта ссылка не действует";
    const ahead = await linkOf(irina);
    later(salon, -hour); // the clock that made it was wrong, and is put right
    expect(await ask(olga, `/start ${ahead}`)).toStartWith(dead);
    later(salon, hour);
    const old = await linkOf(irina);
    later(salon, 24 * hour);
    expect(await ask(olga, `/start ${old}`)).toStartWith(dead);
    const taken = await linkOf(irina);
    await irina.tap("Не надо");
    const screen = salon.messages(700).findLast((one) => one.inline.length > 0);
    expect(screen?.text).toStartWith("Хорошо, эта ссылка больше не действует.");
    expect(await ask(olga, `/start ${taken}`)).toStartWith(dead);
    const revoked = await linkOf(irina);
    expect(await ask(irina, "/staff")).toContain("Ссылок ещё не открыто: 1.");
    expect(await tap(irina, "Отозвать ссылки")).toStartWith("Неоткрытые ссылки больше не действуют.");
    expect(await ask(olga, `/start ${revoked}`)).toStartWith(dead);
    await join(irina, marina, "владельца");
    const hers = await linkOf(marina);
    expect(await ask(marina, `/start ${hers}`)).toStartWith("У вас уже есть эти права. Ссылка не потрачена");
    await ask(irina, "/staff", "Убрать…", "Марина, владелец", "Убрать");
    expect(await ask(olga, `/start ${hers}`)).toStartWith(dead);
    await join(irina, marina, "владельца");
    expect(await ask(olga, `/start ${hers}`)).toStartWith(dead);
    expect(await isAdmin(olga)).toBe(false);
    // Whom the settings named when the link was made, and name no more.
    const { payload: named } = await staffLink(
      rightsOf(salon, { adminIds: [], ownerIds: ["telegram:9"] }),
      "admin",
      accountHere(9),
    );
    expect(await ask(olga, `/start ${named}`)).toStartWith(dead);
  },
);

onEither(
  "a link that nobody made is answered plainly, in English too, and guesses are slowed like all else",
  async () => {
    await using salon = await owned();
    const { anna } = salon;
    const john = salon.person({ id: 503, firstName: "John", languageCode: "en" });
    expect(await ask(john, "/start staff_AAAA")).toStartWith("This link does not work");
    for (let n = 0; n < 30; n++) await anna.say(`/start staff_${"A".repeat(31)}${n % 10}`);
    const said = salon.said(501);
    expect(said.filter((words) => words.startsWith("Эта ссылка не действует"))).toHaveLength(20);
    expect(said.at(-1)).toStartWith("Слишком часто.");
  },
);

onEither("buttons of the list mean nothing in the hands of an admin or a client", async () => {
  await using salon = await owned();
  const { irina, olga, anna } = salon;
  await join(irina, olga);
  await anna.start();
  const olgas = { account: accountHere(603), name: "Друг", role: "owner" } as const;
  expect(await takeOn(rightsOf(salon), olgas, accountHere(601))).toBe("no_owner");
  expect(await letGo(rightsOf(salon), 1, accountHere(601))).toBe("no_owner");
  const said = [salon.said(601).length, salon.said(501).length];
  for (const person of [olga, anna])
    for (const data of [
      "staff:new:owner",
      "staff:list",
      "staff:off:0",
      "staff:ask:1",
      "staff:drop:1",
      "staff:revoke",
    ])
      await person.tap({ data });
  expect([salon.said(601).length, salon.said(501).length]).toEqual(said);
  await olga.forwardContact({ phone: BORIS, userId: 602, firstName: "Марина" });
  expect(last(olga)).not.toContain("Добавить");
  expect(await posts(salon)).toEqual([
    `${accountHere(700)} owner`,
    `${accountHere(601)} admin ${accountHere(700)}`,
  ]);
  expect(await salon.sql`select from staff_links`).toHaveLength(0);
});

onEither("who is tapped twice is let go once, and a later return is another matter", async () => {
  await using salon = await owned();
  const { irina, olga } = salon;
  await join(irina, olga);
  await ask(irina, "/staff", "Убрать…", "Ольга, администратор", "Убрать");
  await irina.tapAgain();
  expect(last(irina)).toStartWith("Этого человека уже убрали.");
  await join(irina, olga);
  await irina.tap({ data: "staff:drop:2" });
  expect(await isAdmin(olga)).toBe(true);
});

onEither(
  "an owner who could not be told is told later, once; who joined since hears nothing old",
  async () => {
    await using salon = await owned();
    const { irina, marina, db, clock } = salon;
    await join(irina, marina, "владельца");
    const rights = rightsOf(salon);
    await takeOn(rights, { account: accountHere(601), name: "Ольга", role: "admin" }, accountHere(700));
    const heard: string[] = [];
    const tell = (kind: "sent" | "wait") =>
      tellStaffChanges(
        db,
        [accountHere(700), accountHere(602)],
        async (to, html) => {
          heard.push(`${to} ${soft(html)}`);
          return kind === "sent" ? { kind, message: 1 } : { kind, ms: 1_000 };
        },
        clock.now,
      );
    await tell("wait");
    await tell("sent");
    await tell("sent");
    const news = `${accountHere(602)} <b>Ольга</b>, id ${named(601)}: теперь администратор (кто добавил: Ирина)`;
    expect(heard).toEqual([news, news]);
    await takeOn(rights, { account: accountHere(603), name: "Пётр", role: "owner" }, accountHere(700));
    const late: string[] = [];
    const send = async (to: string) => {
      late.push(to);
      return { kind: "sent", message: 1 } as const;
    };
    await tellStaffChanges(db, [accountHere(700), accountHere(603)], send, clock.now);
    expect(late).toEqual([]);
  },
);

onEither(
  "a chain's list comes in as many messages as it takes, and whom to let go is asked page by page",
  async () => {
    await using salon = await owned();
    const { irina, sql } = salon;
    await sql`
    insert into staff (account, name) select 'telegram:' || n, 'Администратор с длинным именем ' || n from generate_series(2001, 2064) n`;
    await sql`
    insert into staff_changes (account, role, made_by, made_at)
    select 'telegram:' || n, 'admin', ${accountHere(700)}, '2026-03-12' from generate_series(2001, 2064) n`;
    await sql`insert into staff_told (change, owner) select id, ${accountHere(700)} from staff_changes`;
    const from = salon.said(700).length;
    await irina.say("/staff");
    const list = salon.said(700, from);
    expect(list.length).toBeGreaterThan(1);
    expect(list.join("\n").match(/Администратор с длинным именем \d+, id/g)).toHaveLength(64);
    await tap(irina, "Убрать…");
    expect(labels(irina)).toHaveLength(30);
    await tap(irina, "Ещё", "Ещё");
    expect(labels(irina).at(-2)).toBe("Администратор с длинным именем 2064, администратор");
    await tap(irina, "именем 2064", "Убрать");
    expect(salon.said(700).join()).toContain("2064: больше не администратор. Доступ закрыт.");
  },
);

test("the rows of who worked here are added to, and never changed or removed", async () => {
  await using salon = await owned();
  const { sql } = salon;
  for (const statement of [
    "update staff_changes set role = 'admin'",
    "delete from staff_changes",
    "truncate staff_changes cascade",
  ])
    expect(sql.unsafe(statement)).rejects.toThrow("never changed or removed");
  expect(
    sql`insert into staff_changes (account, role, made_at) values ('telegram:1', 'owner', now())`,
  ).rejects.toThrow("somebody_made_it");
});

onEither(
  "who worked here reads of it in /mydata, and after /forget that their account stays with what they did",
  async () => {
    await using salon = await owned();
    const { irina, olga, sql } = salon;
    await olga.start();
    await olga.tap(AGREE);
    await join(irina, olga);
    await olga.say("/today");
    expect(await ask(olga, "/mydata")).toContain(
      "\nСреди тех, кто работает с ботом, вы Ольга.\nС 12 марта 2026 вы администратор.\n",
    );
    await ask(irina, "/staff", "Убрать…", "Ольга, администратор", "Убрать");
    const data = await ask(olga, "/mydata");
    expect(data).toContain(
      "С 12 марта 2026 вы администратор.\nС 12 марта 2026 вы больше не работаете с ботом.",
    );
    const stays = "В записях о том, что вы делали на работе, остаётся номер вашего аккаунта, без имени.";
    expect(await ask(olga, "/forget", "Удалить навсегда")).toEndWith(stays);
    expect(await sql`select from staff where account = ${accountHere(601)}`).toHaveLength(0);
    expect(await ask(olga, "/mydata")).not.toContain("Ольга");
    const { anna } = salon;
    await anna.say("/mydata");
    expect(last(anna)).not.toMatch(/работает|администратор/);
    expect(await ask(anna, "/forget", "Удалить навсегда")).not.toContain("на работе");
  },
);
