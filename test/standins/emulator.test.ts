// The executable in front of somebody else's Telegram: an emulator from the registry, whose author never saw this bot.
import { expect, test } from "bun:test";
import { TelegramServer } from "telegram-test-api/lib/telegramServer";
import { expectTable } from "../helpers/db.ts";
import { freePort, TOKEN, until, world } from "../helpers/program.ts";
import { soft } from "../helpers/soft.ts";

type Key = { text: string; callback_data?: string; request_contact?: boolean };
type Markup = { inline_keyboard?: Key[][]; keyboard?: Key[][] };
type Said = { id: number; text: string; markup: Markup };

/** The emulator on a port of its own. It sends no secret header and reads no webhook replies: the bot has to poll. */
async function emulator() {
  const server = new TelegramServer({ host: "127.0.0.1", port: freePort() });
  await server.start();
  return {
    url: server.config.apiURL,
    person: (id: number, firstName: string) => person(server, id, firstName),
    async [Symbol.asyncDispose]() {
      await server.stop();
    },
  };
}

/** Somebody at a phone, by the emulator's own client; `said` is what its storage holds for that chat. */
function person(server: TelegramServer, id: number, firstName: string) {
  const client = server.getClient(TOKEN, { userId: id, chatId: id, firstName });

  function said(): Said[] {
    const sent = server.storage.botMessages.filter(({ message }) => Number(message.chat_id) === id);
    return sent.map(({ messageId, message }) => ({
      id: messageId,
      text: soft(message.text),
      // Its types come from a package that it does not install, so what it holds is named here.
      markup: (message.reply_markup ?? {}) as Markup,
    }));
  }

  /** The newest message with these words, once there is one later than `after`. An edit brings its new words. */
  async function hears(words: string, after = 0): Promise<Said> {
    const newest = () => said().findLast(({ id, text }) => id > after && text.includes(words));
    await until(() => newest() !== undefined).catch(() => undefined);
    const found = newest();
    if (found === undefined) throw new Error(`"${words}" is not in ${JSON.stringify(said(), null, 1)}`);
    return found;
  }

  return {
    ...{ said, hears },
    say: (text: string) =>
      text.startsWith("/")
        ? client.sendCommand(client.makeCommand(text))
        : client.sendMessage(client.makeMessage(text)),
    /** Telegram's own "Поделиться". The client makes texts only; JSON leaves out the one that is undefined. */
    async shareContact(phone: string) {
      const contact = { phone_number: phone, first_name: firstName, user_id: id };
      await client.sendMessage(Object.assign(client.makeMessage(""), { text: undefined as never, contact }));
    },
    /** Presses the button with these words under a message. */
    async tap(message: Said, words: string) {
      const key = message.markup.inline_keyboard?.flat().find(({ text }) => soft(text).includes(words));
      if (key?.callback_data === undefined) throw new Error(`no "${words}": ${JSON.stringify(message)}`);
      await client.sendCallback(
        client.makeCallbackQuery(key.callback_data, { message: { message_id: message.id } }),
      );
    },
  };
}

/** Hard spaces made soft. */
const labels = (keys: Key[][] = []) => keys.flat().map(({ text }) => soft(text));

test("an independent emulator: /start, linking, balance, a credit and a spend", async () => {
  await using telegram = await emulator();
  await using w = await world();
  const service = await w.serve({ TELEGRAM_API_ROOT: telegram.url });
  const [anna, olga] = [telegram.person(501, "Анна"), telegram.person(901, "Ольга")];

  await anna.say("/start");
  const consent = await anna.hears("Данные обрабатывает ИП Петрова");
  // With the salon's name as soon as YCLIENTS has said it, which may be a moment later.
  expect(anna.said()[0]?.text).toMatch(
    /^(<b>Салон<\/b>\n)?Здравствуйте! Это ваша карта лояльности\. 1.% от оплаты визита/,
  );
  expect(consent.markup.keyboard?.flat()).toEqual([
    { text: "Согласен, отправить мой номер", request_contact: true },
    { text: "Не сейчас" },
  ]);
  await anna.shareContact("79001234567");
  const linked = await anna.hears("✅ Готово, Анна! Ваша карта …4567, баллов на ней пока нет.");
  expect(labels(linked.markup.keyboard)).toEqual(["Баланс", "Карта", "История", "Помощь"]);
  await anna.say("/balance");
  await anna.hears("На карте …4567 баллов пока нет.");

  await olga.say("/credit 89001234567 100 за ожидание");
  const credit = await olga.hears("<b>Анна</b> …4567: 0 <b>+ 100</b> = 100.\nПричина: за ожидание");
  expect(labels(credit.markup.inline_keyboard)).toEqual(["Начислить 100", "Не надо"]);
  await expectTable(w.sql, "select * from bonuslog", []);
  await olga.tap(credit, "Начислить 100");
  const credited = await olga.hears("✅ Начислено 100.\nПричина: за ожидание.\nАнна …4567: на карте 100.");
  expect(credited.id).toBe(credit.id); // the screen became the result
  await anna.hears("<b>100 баллов</b>. Причина: за ожидание.\nНа карте <b>100 баллов</b>.");
  await anna.say("/balance");
  await anna.hears("На карте …4567: <b>100 баллов</b>.");

  await olga.say("89001234567 350");
  const till = await olga.hears("Счёт 350 ₽.");
  await olga.tap(till, "Списать 100 → к оплате 250 ₽");
  const spent = await olga.hears("✅ Списано 100. <b>Примите 250 ₽.</b>");
  expect(spent.id).toBe(till.id);
  expect(labels(spent.markup.inline_keyboard)).toEqual([expect.stringMatching(/^Отменить до \d\d:\d\d$/)]);
  // She tapped twice. A chat is answered in order: after what follows, the second tap has been dealt with.
  await olga.tap(till, "Списать 100");
  await olga.say("/id");
  await olga.hears("901");
  const told = await anna.hears(
    "Салон: списано <b>100 баллов</b> на кассе, счёт 350 ₽, к оплате 250 ₽.\nНа карте <b>0 баллов</b>.",
  );
  await anna.say("/balance");
  const shown = await anna.hears("На карте …4567 баллов пока нет.", told.id);
  await expectTable(w.sql, "select kind, points, actor, reason from bonuslog order by id", [
    { kind: "credit", points: "100.00", actor: "admin:901", reason: "за ожидание" },
    { kind: "spend", points: "-100.00", actor: "admin:901", reason: null },
  ]);

  // It knows neither getWebhookInfo nor sendChatAction, and the program's check of itself says so.
  const errors = service.text.split("\n").filter((line) => line.includes('"level":"error"'));
  expect(errors.filter((line) => !line.includes('"job":"self_check"'))).toEqual([]);

  // The emulator answers 500 to menus and pictures, which it does not know: the bot lives with it, and with words.
  await anna.say("/card");
  const card = await anna.hears("", shown.id);
  await anna.say("/id");
  await anna.hears("501", card.id);
  expect((await service.get("/readyz")).status).toBe(200);
  expect((await service.stop()).code).toBe(0);
  expect(await w.run(["verify"])).toMatchObject({ code: 0 });
});
