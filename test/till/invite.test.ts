// The way to the bot for a client at the desk: a code on the admin's screen, where nobody has the card.

import { expect } from "bun:test";
import { linkTo } from "../helpers/accounts.ts";
import { give, salonBot } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";
import { testIn } from "../helpers/test-in.ts";
import { ask, labels, PHONE, tap } from "../helpers/till-salon.ts";

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47]);
const drawn: unknown[] = [];

/** A salon where Olga is the admin and Anna has a card; `fails`: nothing can be drawn. */
async function salonWithCodes(fails = false) {
  drawn.length = 0;
  const invite = async (of: unknown) => {
    if (fails) throw new Error("no font");
    drawn.push(of);
    return png;
  };
  const salon = await salonBot({ adminIds: ["telegram:601"] }, undefined, { invite });
  await give(salon, PHONE, 34_024);
  return Object.assign(salon, { olga: salon.person({ id: 601, firstName: "Ольга" }) });
}

const walks = testIn(() => salonWithCodes());
const onEither = walks.either;
const onBoth = walks.both;

onBoth(
  "a client whom no account has is shown a code that opens the bot, from the card and from what was done",
  async (salon) => {
    const { olga, channel } = salon;
    await olga.say("89001234567 3500");
    await olga.tap("QR для клиента");
    const picture = olga.lastMessage();
    expect(picture?.photo).toBeDefined();
    expect(soft(picture?.text)).toBe(
      `Покажите экран клиенту: камера телефона откроет бота, дальше «Старт» (Start). Или отправьте ссылку: ${channel.link()}`,
    );
    expect(drawn).toEqual([
      { title: "Салон <Красота>", line: "Наведите камеру телефона", link: channel.link() },
    ]);
    await tap(olga, "Списать 340", "QR для клиента", "Отменить до");
    expect(drawn).toHaveLength(2);
    expect(await salon.sql`select kind from bonuslog where kind in ('spend', 'undo')`).toHaveLength(2);
  },
);

onEither("who has the card in a messenger is offered no code", async (salon) => {
  await linkTo(salon.sql, 501);
  expect(await ask(salon.olga, "89001234567")).not.toContain("QR");
  expect(labels(salon.olga)).not.toContain("QR для клиента");
});

onEither("a code that cannot be drawn leaves the link; a stranger's tap shows nothing", async () => {
  await using salon = await salonWithCodes(true);
  const { olga, anna, channel } = salon;
  expect(await ask(olga, "89001234567", "QR для клиента")).toBe(
    `Картинка не получилась. Отправьте клиенту ссылку на бота: ${channel.link()}`,
  );
  const [screen] = await salon.sql`select asked, rev from screens`;
  await anna.say("/id");
  const said = salon.said(501).length;
  await anna.tap({ data: `till:${screen?.asked}:${screen?.rev}:qr` });
  expect(salon.said(501).slice(said).join()).not.toContain("t.me");
});
