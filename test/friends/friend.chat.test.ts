// Inviting in the chat: nothing of it where it is off; the link, the desk, and what both are told.
import { expect, test } from "bun:test";
import { Api } from "grammy";
import { pino } from "pino";
import { TelegramChannel } from "../../src/channels/telegram/telegram.ts";
import { setMenus } from "../../src/chat/menu.ts";
import { tellRefusals } from "../../src/notices/refusals.ts";
import type { QuietHours } from "../../src/rules/time.ts";
import { startTelegram } from "../../src/standins/telegram/server.ts";
import { linkTo } from "../helpers/accounts.ts";
import { accountHere, channelHere, onBoth, onEither } from "../helpers/both.ts";
import { english, salonBot, shop } from "../helpers/salon-bot.ts";
import { tillSalon } from "../helpers/till-salon.ts";

const on = {
  ...{ friendPoints: { inviter: 30_000, friend: 20_000 }, friendAfterDays: 3, friendLeastBill: 100_000 },
  ...{ friendAMonth: 5, friendAYear: 30 },
};
type Salon = Awaited<ReturnType<typeof salonBot>>;
type Person = Salon["anna"];

const AGREE = "Согласен, отправить мой номер";

async function joined(person: Person): Promise<void> {
  await person.start();
  await person.tap(AGREE);
}

const ties = async ({ sql }: Salon) =>
  (
    await sql`
    select f.phone as friend, i.phone as inviter, t.tied_by, t.friend_points::text, t.state
    from friends t join clients f on f.id = t.friend join clients i on i.id = t.inviter order by t.friend`
  ).map((row) => ({
    ...row,
  }));

/** What stands behind `?start=` of the link that was said last. */
function payload(salon: Salon, id: number): string {
  return /\?start=(f_[\w-]+)/.exec(salon.said(id).at(-1) ?? "")?.[1] ?? "";
}

/** What telling takes of a salon. */
const tellingOf = ({ db, clock, channel }: Salon, quietHours: QuietHours | null) => ({
  ...{
    db,
    log: pino({ level: "silent" }),
    now: () => clock.now,
    quietHours,
    tells: [channelHere()],
    turn: async () => {},
  },
  ...{ signal: new AbortController().signal, send: channel.say.bind(channel) },
});

const tied = {
  ...{
    friend: "+79007654321",
    inviter: "+79001234567",
    tied_by: null,
    friend_points: "200.00",
    state: "asked",
  },
};

onBoth("where it is off, no command, link or word of it is known", async () => {
  await using salon = await salonBot();
  const { anna, boris } = salon;
  await joined(anna);
  await anna.say("/invite");
  expect(salon.said(501).at(-1)).not.toContain("друг");
  await boris.start("f_aaaaaaaaaaaaaaaaaaaaaa");
  expect(salon.said(502).join()).not.toMatch(/приглаш/i);
  await boris.tap(AGREE);
  expect(salon.said(502).join()).not.toMatch(/приглаш/i);
  expect(await ties(salon)).toEqual([]);
});

onEither("a link ties whoever opens it and then proves a number, once, and says what for", async () => {
  await using salon = await salonBot(on);
  const { anna, boris } = salon;
  await joined(anna);
  await anna.say("/invite");
  const words = salon.said(501).at(-1) ?? "";
  expect(words).toContain(
    "Вам 300 баллов, другу 200 баллов. Баллы придут через 3 дня после первого визита друга",
  );
  expect(words).toContain("полностью оплачен, на сумму от 1 000 ₽");
  expect(words).toContain("не больше 5 раз в месяц и 30 раз в год");
  const link = payload(salon, 501);
  await anna.say("/invite");
  expect(payload(salon, 501)).toBe(link);
  await boris.start(link);
  expect(await ties(salon)).toEqual([]);
  await boris.tap(AGREE);
  expect(salon.said(502).at(-1)).toBe(
    "Вы по приглашению. Если вы у нас впервые, вам подарок: 200 баллов. Баллы придут через 3 дня после вашего первого визита, если он состоялся и полностью оплачен, на сумму от 1 000 ₽.",
  );
  expect(await ties(salon)).toEqual([tied]);
  salon.clock.now = new Date(salon.clock.now.getTime() + 1);
  await boris.start(link);
  expect(salon.said(502).at(-1)).toBe("Кто вас пригласил, уже записано.");
  await boris.say("/why");
  expect(salon.said(502).at(-1)).toContain("Вас пригласили 12 марта. Проверяем, первый ли это визит");
  await anna.say("/why");
  expect(salon.said(501).at(-1)).toContain("Ваше приглашение 12 марта. Проверяем, первый ли это визит");
  await boris.say("/mydata");
  expect(salon.said(502).join("\n")).toContain("Вас пригласили 12 марта");
});

onEither(
  "who opens a link before the first visit is invited by it, though the number is proved later, or another link comes",
  async () => {
    await using salon = await salonBot(on);
    const { anna, boris, clock } = salon;
    await joined(anna);
    await anna.say("/invite");
    const first = payload(salon, 501);
    const john = await english(salon);
    await john.say("/invite");
    await boris.start(first);
    const opened = clock.now;
    clock.now = new Date(clock.now.getTime() + 2 * 86_400_000);
    await boris.start(payload(salon, 503));
    await boris.tap(AGREE);
    expect(await ties(salon)).toEqual([tied]);
    const [row] = await salon.sql`select tied_at from friends`;
    expect(row?.tied_at).toEqual(opened);
  },
);

onEither(
  "a friend who was tied before a stop cut the answer off is told the same when they are back",
  async () => {
    await using salon = await salonBot(on);
    const { anna, boris, clock, sql } = salon;
    await joined(anna);
    await anna.say("/invite");
    await boris.start(payload(salon, 501));
    await sql`create table before_the_stop as select * from dialogs`;
    clock.now = new Date(clock.now.getTime() + 86_400_000);
    await boris.tap(AGREE);
    const told = salon.said(502).at(-1) ?? "";
    expect(told).toStartWith("Вы по приглашению.");
    await sql`insert into dialogs select * from before_the_stop`;
    await boris.shareContact();
    expect(salon.said(502).at(-1)).toBe(told);
    await boris.shareContact();
    expect(salon.said(502).at(-1)).not.toContain("приглаш");
  },
);

onEither(
  "a friend who has a card already is told so too, and nobody of a gift that has come to nothing",
  async () => {
    await using salon = await salonBot(on);
    const { anna, boris, clock, sql } = salon;
    await joined(anna);
    await joined(boris);
    await anna.say("/invite");
    const link = payload(salon, 501);
    await boris.start(link);
    const told = salon.said(502).at(-1) ?? "";
    expect(told).toStartWith("Вы по приглашению.");
    // Killed after the tie: the link is remembered still, and the update comes again.
    const [{ at = null } = {}] = await sql`select tied_at as at from friends`;
    const remember = () => sql`
    insert into dialogs (account, about, state, expires_at)
    values (${accountHere(502)}, 'friend', ${sql.json({ link, at: at.getTime() })}, ${new Date(clock.now.getTime() + 86_400_000)})`;
    await remember();
    clock.now = new Date(clock.now.getTime() + 1_000);
    await boris.start(link);
    expect(salon.said(502).at(-1)).toBe(told);
    await remember();
    await sql`update friends set state = 'refused', why = 'known'`;
    await boris.start(link);
    expect(salon.said(502).at(-1)).toBe("Кто вас пригласил, уже записано.");
  },
);

onEither("the own link and one that is no link any more say so", async () => {
  await using salon = await salonBot(on);
  const { anna } = salon;
  await joined(anna);
  await anna.say("/invite");
  await anna.start(payload(salon, 501));
  expect(salon.said(501).at(-1)).toBe("Это ваше собственное приглашение: отправьте ссылку другу.");
  await anna.start("f_aaaaaaaaaaaaaaaaaaaaaa");
  expect(salon.said(501).at(-1)).toBe("Эта ссылка больше не действует. Попросите друга прислать новую.");
});

onEither("the link of who asked to be forgotten, or of an owner before, invites for nobody", async () => {
  await using salon = await salonBot(on);
  const { anna, boris } = salon;
  await joined(anna);
  await anna.say("/invite");
  const link = payload(salon, 501);
  await salon.sql`update clients set last_account = ${accountHere(9)} where phone = '+79001234567'`;
  await salon.sql`delete from accounts`;
  await salon.sql`update clients set last_account = ${accountHere(9)} where phone = '+79001234567'`;
  await joined(anna);
  await boris.start(link);
  await boris.tap(AGREE);
  expect(await ties(salon)).toEqual([]);
  await anna.say("/invite");
  const second = payload(salon, 501);
  expect(second).not.toBe(link);
  await anna.say("/forget");
  await anna.tap("Удалить навсегда");
  await boris.start(second);
  expect(await ties(salon)).toEqual([]);
  expect((await salon.sql`select from friend_links where code = ${second.slice(2)}`).length).toBe(0);
});

onEither("in English too", async () => {
  await using salon = await salonBot(on);
  const john = await english(salon);
  await john.say("/invite");
  const words = salon.said(503).at(-1) ?? "";
  expect(words).toContain(
    "300 points for you, 200 points for your friend. Points come 3 days after the friend's first visit",
  );
  await john.start(payload(salon, 503));
  expect(salon.said(503).at(-1)).toBe("This is your own invitation: send the link to a friend.");
});

onEither("both are told once why there is no gift, by day, and neither is named", async () => {
  await using salon = await salonBot(on);
  const { anna, boris, clock } = salon;
  await joined(anna);
  await anna.say("/invite");
  await boris.start(payload(salon, 501));
  await boris.tap(AGREE);
  await salon.sql`update friends set state = 'refused', why = 'known'`;
  const tell = () => tellRefusals(tellingOf(salon, { from: 22 * 60, to: 9 * 60 }));
  const before = salon.said(501).length + salon.said(502).length;
  clock.now = new Date("2026-03-12T22:00:00Z");
  await tell();
  expect(salon.said(501).length + salon.said(502).length).toBe(before);
  clock.now = new Date("2026-03-13T08:00:00Z");
  await tell();
  await tell();
  expect(salon.said(502).at(-1)).toBe(
    "Вас пригласили 12 марта. Подарка нет: он для тех, кто у нас впервые, а вы уже были.",
  );
  expect(salon.said(501).at(-1)).toBe("Ваше приглашение 12 марта. Подарка нет: друг у нас уже был раньше.");
  expect(salon.said(501).length + salon.said(502).length).toBe(before + 2);
});

onEither(
  "whoever works here, and whoever is invited by them, hears at once that there is no gift, and nothing is tied",
  async () => {
    await using salon = await salonBot(on);
    const { anna, boris } = salon;
    await joined(anna);
    await anna.say("/invite");
    const link = payload(salon, 501);
    await using atWork = await salonBot({ ...on, adminIds: ["telegram:502"] }, () => salon.url);
    const colleague = "Подарка нет: он не для тех, кто у нас работает.";
    await atWork.boris.start(link);
    expect(atWork.said(502)[0]).toBe(colleague);
    await atWork.boris.say("/balance");
    await atWork.boris.tap(AGREE);
    await atWork.boris.start(link);
    expect(atWork.said(502).at(-1)).toBe(colleague);
    await using later = await salonBot({ ...on, adminIds: ["telegram:501"] }, () => salon.url);
    await salon.sql`delete from accounts where external_id = '502'`;
    await later.boris.start(link);
    await later.boris.tap(AGREE);
    expect(later.said(502).at(-1)).toBe("Подарка нет: сотрудники салона друзей за подарки не приглашают.");
    expect(await ties(salon)).toEqual([]);
    expect(boris.lastMessage()).toBeUndefined();
  },
);

onEither("at the desk nobody is tied who works here, and the admin reads why", async () => {
  await using salon = await tillSalon(on, 34_024);
  const { olga, sql } = salon;
  const ask = async (words: string) => {
    await olga.say(words);
    return salon.said(olga.user.id).at(-1) ?? "";
  };
  await sql`insert into clients (phone) values ('+79005550001')`;
  await linkTo(sql, olga.user.id, "+79005550001");
  expect(await ask("/friend 89005550001 89001234567")).toBe("Подарка нет: друг у нас работает.");
  expect(await ask("/friend 89005550002 89005550001")).toBe(
    "Подарка нет: сотрудники салона друзей за подарки не приглашают.",
  );
  expect(await sql`select from friends`).toHaveLength(0);
});

onEither(
  "whom nothing was promised is promised nothing later either, and is told of no refusal",
  async () => {
    const alone = { ...on, friendPoints: { inviter: 50_000, friend: 0 } };
    await using salon = await salonBot(alone);
    const { anna, boris, sql } = salon;
    await joined(anna);
    await anna.say("/invite");
    await boris.start(payload(salon, 501));
    await boris.tap(AGREE);
    expect(salon.said(502).at(-1)).toBe("Записали, что вы по приглашению. Спасибо, что пришли!");
    await sql`update friends set state = 'waits'`;
    await boris.say("/why");
    expect(salon.said(502).at(-1)).toEndWith("Вас пригласили 12 марта. Ждём первого визита");
    await anna.say("/why");
    expect(salon.said(501).at(-1)).toContain("Ждём первого визита. Баллы придут через 3 дня");
    await sql`update friends set state = 'refused', why = 'known'`;
    const before = salon.said(502).length;
    await tellRefusals(tellingOf(salon, null));
    expect(salon.said(502)).toHaveLength(before);
    expect(salon.said(501).at(-1)).toEndWith("Подарка нет: друг у нас уже был раньше.");
    await using desk = await tillSalon(alone, 34_024);
    await desk.olga.say("/friend 89005550001 89001234567");
    expect(desk.said(desk.olga.user.id).at(-1)).toContain(
      "Баллы тому, кто пригласил, придут сами через 3 дня",
    );
  },
);

onEither(
  "at the desk the friend's phone and then the inviter's are enough; what is missing is said",
  async () => {
    await using salon = await tillSalon(on, 34_024);
    const { olga } = salon;
    const ask = async (words: string) => {
      await olga.say(words);
      return salon.said(olga.user.id).at(-1) ?? "";
    };
    expect(await ask("/friend")).toStartWith("Напишите так: телефон нового клиента");
    expect(await ask("/friend 89005550001 89001234567 100")).toStartWith("Напишите так");
    expect(await ask("/friend 89005550001 89005550001")).toBe(
      "Это один и тот же номер: самого себя не пригласить.",
    );
    expect(await ask("/friend 89005550001 89005550099")).toContain("Карты с номером …0099 нет");
    expect(await ask("/friend 89005550001 89001234567")).toContain("Записали: …0001 по приглашению …4567.");
    expect(await ask("/friend 89005550001 89001234567")).toContain("уже записано раньше");
    expect(await ask("/why 89005550001")).toContain(
      "клиент пришёл по приглашению. Проверяем, первый ли это визит",
    );
    expect(await ask("/why 89001234567")).toContain("пришли по приглашению клиента");
  },
);

onEither("at the desk too nothing of it is known where it is off", async () => {
  await using salon = await tillSalon({}, 34_024);
  await salon.olga.say("/friend 89005550001 89001234567");
  expect(salon.said(salon.olga.user.id).at(-1)).toStartWith("Такой команды нет");
});

test("whoever works here is promised nothing for friends: no link, and no such command in the menu (Telegram alone: its menus are its own)", async () => {
  await using salon = await salonBot({ ...on, adminIds: ["telegram:501"] });
  await linkTo(salon.sql, 501, "+79001234567");
  await salon.anna.say("/invite");
  expect(salon.said(501).at(-1)).toBe("Подарка нет: сотрудники салона друзей за подарки не приглашают.");
  const telegram = startTelegram({ token: "7000000001:demo" });
  const channel = new TelegramChannel(new Api("7000000001:demo", { apiRoot: telegram.url }));
  await setMenus(channel, { ...shop, ...on, adminIds: ["telegram:501"] });
  const offered = [...telegram.settings].filter(([, kept]) => JSON.stringify(kept).includes('"invite"'));
  expect(offered.map(([place]) => place)).toEqual(["commands", "commands en"]);
  await telegram.stop();
});
