// The card's picture: what is on it, what its QR code opens and for whom, and that it changes hands with the card.
import { expect } from "bun:test";
import type { Picture } from "../../src/client/picture.chat.ts";
import { cardPicture } from "../../src/picture/card.ts";
import { onBoth, onEither } from "../helpers/both.ts";
import { linkedAnna, PHONE, row } from "../helpers/past.ts";
import { english, give, type SalonBot } from "../helpers/salon-bot.ts";
import { ask, tap } from "../helpers/till-salon.ts";
import { pixels, readQr } from "../picture/read.ts";

const here = (url: string) => url;

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47]);

/** A picture that keeps what it was asked to draw. */
function sketches() {
  const drawn: Parameters<Picture>[0][] = [];
  const picture: Picture = async (card) => {
    drawn.push(card);
    return png;
  };
  return { drawn, picture };
}

/** What follows `?start=` in the code on the newest card of a chat. */
function startOf(salon: SalonBot, id = 501): string {
  const photo = salon.messages(id).findLast((one) => one.photo)?.photo;
  const link = photo ? readQr(pixels(photo.bytes)) : null;
  return link?.split("?start=")[1] ?? "";
}

/** The cards that were opened at the till, in order. */
async function opened({ sql }: SalonBot): Promise<number[]> {
  return (await sql<{ card: number }[]>`select client_id::int as card from screens order by asked`).map(
    ({ card }) => card,
  );
}

onBoth(
  "the card is a picture with a QR code, by command and by key, and says the same code again",
  async () => {
    await using salon = await linkedAnna({}, here, { picture: cardPicture });
    await row(salon, { day: "2026-03-01", kind: "credit", points: 340.24 });
    expect(await tap(salon.anna, "Карта")).toBe(
      "Карта …4567, на ней 340,24 балла. Покажите её на кассе или назовите телефон.",
    );
    const photo = salon.anna.lastMessage()?.photo;
    expect(readQr(pixels(photo?.bytes ?? new Uint8Array()))).toMatch(
      /^https:\/\/(t\.me\/salon_bot|max\.ru\/id\d+_bot)\?start=c_[\w-]{22}$/,
    );
    const first = startOf(salon);
    await salon.anna.say("/card");
    expect(startOf(salon)).toBe(first);
  },
);

onEither(
  "the card names what its owner was not told of yet, in a caption and without a picture",
  async () => {
    let fails = false;
    const picture = async () => (fails ? Promise.reject(new Error("no font")) : png);
    await using salon = await linkedAnna({}, here, { picture });
    await give(salon, PHONE, 2_000);
    const said = "Карта …4567, на ней 20 баллов. Это вместе с тем, о чём ещё напишем: +20.";
    expect(await ask(salon.anna, "/card")).toBe(`${said} Покажите её на кассе или назовите телефон.`);
    fails = true;
    expect(await ask(salon.anna, "/card")).toStartWith(`${said} Картинка`);
  },
);

onEither(
  "on it stand the salon, the messenger's name, the balance, its word, its day and hour, four digits, in one's language",
  async () => {
    const { drawn, picture } = sketches();
    await using salon = await linkedAnna({}, here, { picture });
    await row(salon, { day: "2026-03-01", kind: "credit", points: 1250.5 });
    await salon.anna.say("/card");
    await tap(await english(salon), "Card");
    expect(salon.said(503).at(-1)).toBe(
      "Card …0123 holds 0 points. Show it at the till, or give your phone.",
    );
    const link = expect.stringMatching(/start=c_[\w-]{22}$/);
    const title = "Салон <Красота>";
    expect(drawn).toEqual([
      {
        title,
        name: "Анна",
        balance: "1\u00a0250,5",
        unit: "балла",
        asOf: "на 12\u00a0марта 2026, 15:00",
        digits: "4567",
        link,
      },
      {
        title,
        name: "John",
        balance: "0",
        unit: "points",
        asOf: "as of 12\u00a0March 2026, 15:00",
        digits: "0123",
        link,
      },
    ]);
  },
);

onEither("a picture that fails keeps nobody from the till; a stranger is asked to agree first", async () => {
  const picture = () => Promise.reject(new Error("no font"));
  await using salon = await linkedAnna({}, here, { picture });
  expect(await ask(salon.anna, "/card")).toContain("назовите телефон на кассе");
  expect(salon.log.filter((line) => line.includes('"level":50'))).toHaveLength(1);
  expect(await ask(salon.boris, "/card")).toStartWith("Согласие");
});

onEither("a scanned code opens the card for an admin, and the bot alone for anybody else", async () => {
  await using salon = await linkedAnna({ adminIds: ["telegram:777"] }, here, { picture: cardPicture });
  await salon.anna.say("/card");
  const start = startOf(salon);
  const admin = salon.person({ id: 777, firstName: "Ольга" });
  await admin.start(start);
  const [anna] = await salon.sql`select id from clients where phone = ${PHONE}`;
  expect(await opened(salon)).toEqual([Number(anna?.id)]);

  await salon.boris.start(start);
  const scanned = salon.said(502);
  const carla = salon.person({ id: 504, firstName: "Карла" });
  await carla.start();
  expect(scanned).toEqual(salon.said(504));
  expect(scanned.join(" ")).not.toMatch(/Анна|4567|балл на карте/);
  await salon.anna.start(start);
  expect(salon.said(501).at(-1)).toStartWith("Здравствуйте, Анна!");
  expect(await opened(salon)).toHaveLength(1);
});

onEither(
  "the code changes when the card moves to another account, and the old one opens nothing",
  async () => {
    await using salon = await linkedAnna({ adminIds: ["telegram:777"] }, here, { picture: cardPicture });
    await salon.anna.say("/card");
    const old = startOf(salon);
    await salon.boris.start();
    await salon.boris.shareContact(PHONE);
    await salon.boris.say("/card");
    expect(startOf(salon, 502)).not.toBe(old);
    const admin = salon.person({ id: 777, firstName: "Ольга" });
    await admin.start(old);
    expect(salon.said(777)).toEqual([expect.stringContaining("Этот код больше не действует")]);
    await admin.start("c_");
    await admin.start("c_'; drop table clients; --");
    expect(await opened(salon)).toEqual([]);
    await admin.start(startOf(salon, 502));
    expect(await opened(salon)).toHaveLength(1);
    // Unlinked, a card has no code at all.
    await ask(salon.boris, "/unlink", "Да, отвязать");
    await admin.start(startOf(salon, 502));
    expect(await opened(salon)).toHaveLength(1);
  },
);
