// The birthday in the chat: asked once, read back, kept after a tap, changed once a year, removed, shown and forgotten.
import { expect } from "bun:test";
import { veilOf } from "../../src/cards/veil.ts";
import { setMenus } from "../../src/chat/menu.ts";
import { linkTo } from "../helpers/accounts.ts";
import { expectTable } from "../helpers/db.ts";
import { AGREE, linkedAnna, PHONE } from "../helpers/past.ts";
import { english, type SalonBot, salonBot } from "../helpers/salon-bot.ts";
import { testIn } from "../helpers/test-in.ts";

const giftVeil = veilOf("secret", "gifts that are given once");
const walks = testIn(() => linkedAnna({ birthdayPoints: 20_000 }, undefined, { giftVeil }));
const onEither = walks.either;
const onBoth = walks.both;

const last = (salon: SalonBot, id = 501) => salon.said(id).at(-1) ?? "";
const kept = ({ sql }: SalonBot, day: string | null) =>
  expectTable(sql, "select to_char(day, 'MM-DD') as day from birthdays where said_at is not null", [{ day }]);

async function say(salon: SalonBot, day: string, button: string): Promise<void> {
  await salon.anna.say(`/birthday ${day}`);
  await salon.anna.tap(button);
}

onBoth(
  "who asks for the balance is asked for the day once; the answer is read back and kept after a tap, without the year",
  async (salon) => {
    const { anna, sql } = salon;
    await anna.say("/balance");
    expect(last(salon)).toContain("Когда у вас день рождения?");
    expect(last(salon)).toContain("200 баллов");
    await anna.say("32 марта");
    expect(last(salon)).toStartWith("Не получилось прочитать дату");
    await anna.say("14 марта 1990");
    expect(last(salon)).toStartWith("Записать день рождения 14 марта?");
    await expectTable(sql, "select day from birthdays", [{ day: null }]);
    await anna.tap("Да, 14 марта");
    expect(last(salon)).toStartWith("Записали: 14 марта.");
    await anna.tapAgain();
    await kept(salon, "03-14");
    await expectTable(sql, "select changed_at from birthdays", [{ changed_at: null }]);
    const before = salon.said(501).length;
    await anna.say("/balance");
    expect(salon.said(501).slice(before)).toHaveLength(1);
  },
);

onEither("who would rather not say is not asked again, and may still say it", async (salon) => {
  await salon.anna.say("/balance");
  await salon.anna.tap("Не хочу говорить");
  await salon.anna.say("/balance");
  expect(last(salon)).toStartWith("На карте");
  await salon.anna.say("14.03");
  expect(last(salon)).not.toContain("Записать день рождения");
  await say(salon, "14.03", "Да, 14 марта");
  await kept(salon, "03-14");
});

onEither("who has seen the question by /birthday is not asked once more after the balance", async (salon) => {
  await salon.anna.say("/birthday");
  expect(last(salon)).toContain("Когда у вас день рождения?");
  await salon.anna.say("/balance");
  expect(last(salon)).toStartWith("На карте");
});

onEither("a day that was misread is written anew after a no, without the command", async (salon) => {
  await salon.anna.say("/birthday 4.03");
  await salon.anna.tap("Нет");
  expect(last(salon)).toBe(
    "Не записали. Напишите верный день и месяц, например «14 марта», или ничего не пишите.",
  );
  await salon.anna.say("14 марта");
  await salon.anna.tap("Да, 14 марта");
  await kept(salon, "03-14");
});

onEither(
  "a day changes once a year; taken away it is gone, and saying it again is a change",
  async (salon) => {
    await say(salon, "14.03", "Да, 14 марта");
    await say(salon, "15.03", "Да, 15 марта");
    await kept(salon, "03-15");
    await say(salon, "16.03", "Да, 16 марта");
    expect(last(salon)).toBe("Эту дату уже меняли. Изменить её снова можно будет 12 марта 2027.");
    await kept(salon, "03-15");
    await salon.anna.say("/birthday");
    expect(last(salon)).toContain("Ваш день рождения: 15 марта. Изменить его можно будет 12 марта 2027.");
    await salon.anna.tap("Удалить дату");
    await kept(salon, null);
    await say(salon, "17.03", "Да, 17 марта");
    await kept(salon, null);
    salon.clock.now = new Date("2027-03-12T12:00:00Z");
    await say(salon, "17.03", "Да, 17 марта");
    await kept(salon, "03-17");
  },
);

onEither("an old tap, a forged one, and a stranger keep nothing", async (salon) => {
  const { anna, boris, sql } = salon;
  for (const data of ["birthday:set:02-30", "birthday:set:99-99", "birthday:set:1-1", "birthday:drop"])
    await anna.tap({ data }).catch(() => {});
  await boris.say("/birthday 14.03");
  await boris.tap({ data: "birthday:set:03-14" }).catch(() => {});
  await expectTable(sql, "select * from birthdays", []);
});

onEither("what the journal says is shown as its word; what the person says goes before it", async (salon) => {
  const { sql, anna } = salon;
  await sql`insert into yclients_clients (yclients_client_id, client_id) select 9, client_id from accounts`;
  await sql`
    insert into journal_birthdays (yclients_client_id, day, since, read_at) values (9, '2000-05-09', '2026-01-01', '2026-03-01')`;
  await anna.say("/balance");
  expect(last(salon)).toStartWith("На карте");
  await anna.say("/birthday");
  expect(last(salon)).toStartWith("В журнале салона ваш день рождения: 9 мая.");
  await anna.say("/mydata");
  expect(last(salon)).toContain("День рождения (из журнала салона): 9 мая, без года.");
  await say(salon, "14.03", "Да, 14 марта");
  await anna.say("/mydata");
  expect(last(salon)).toContain("День рождения: 14 марта, без года.");
});

onEither("/forget takes the day away, the person's and the journal's", async (salon) => {
  const { sql, anna } = salon;
  await say(salon, "14.03", "Да, 14 марта");
  await sql`insert into yclients_clients (yclients_client_id, client_id) select 9, client_id from accounts`;
  await sql`
    insert into journal_birthdays (yclients_client_id, day, since, read_at) values (9, '2000-05-09', '2026-01-01', '2026-03-01')`;
  await anna.say("/forget");
  await anna.tap("Удалить навсегда");
  await expectTable(sql, "select * from birthdays", []);
  await expectTable(sql, "select * from journal_birthdays", []);
});

onEither("in English it is asked, read and kept in English", async (salon) => {
  const john = await english(salon);
  await john.say("/balance");
  expect(last(salon, 503)).toStartWith("When is your birthday?");
  await john.say("March 14");
  await john.tap("Yes, 14 March");
  expect(last(salon, 503)).toStartWith("Kept: 14 March. For your birthday we give 200 points");
});

onEither(
  "the consent names the birthday, and the menu and /help the command, where the gift is set and nowhere else",
  async (salon) => {
    await salon.boris.start();
    expect(last(salon, 502)).toContain("визитов, оплат и дня рождения");
    await salon.anna.say("/help");
    expect(last(salon)).toContain("Ко дню рождения дарим 200 баллов: /birthday");
    await using plain = await salonBot();
    await plain.anna.start();
    expect(last(plain)).not.toContain("рождения");
    await plain.anna.tap(AGREE);
    for (const words of ["/balance", "/help", "/birthday", "/birthday 14.03", "14.03"])
      await plain.anna.say(words);
    expect(plain.said(501).join(" ")).not.toContain("рождения");
    await expectTable(plain.sql, "select * from birthdays", []);
    const offered = (birthdayPoints: number | null) => {
      const names: string[] = [];
      const channel = Object.assign(Object.create(salon.channel), {
        offer: async (commands: { command: string }[]) =>
          void names.push(...commands.map((one) => one.command)),
      });
      return setMenus(channel, {
        adminIds: [],
        ownerIds: [],
        bookUrl: null,
        supportPhone: null,
        friendPoints: null,
        mapUrl: null,
        statements: "off",
        birthdayPoints,
      }).then(() => names.includes("birthday"));
    };
    expect([await offered(20_000), await offered(null)]).toEqual([true, false]);
  },
);

onEither(
  "those who work here are not asked beside another answer, and read how to write a day so that the till leaves it",
  async () => {
    const staff = { birthdayPoints: 20_000, adminIds: ["telegram:501" as const] };
    await using salon = await salonBot(staff, undefined, { giftVeil });
    await linkTo(salon.sql, 501, PHONE);
    await salon.anna.say("/balance");
    expect(salon.said(501).join(" ")).not.toContain("Когда у вас день рождения?");
    await salon.anna.say("/birthday");
    expect(last(salon)).toContain("например /birthday 14.03, год не нужен");
    await salon.anna.say("/birthday 14.03");
    await salon.anna.tap("Да, 14 марта");
    await kept(salon, "03-14");
    await salon.anna.say("/birthday");
    expect(last(salon)).toContain("напишите новую дату, например /birthday 14.03");
  },
);
