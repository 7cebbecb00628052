// What a stranger reads of the bot: written where nobody has, in each language; a person's words are never touched.
import { expect, test } from "bun:test";
import { telegramApi } from "../../src/channels/telegram/client.ts";
import { TelegramChannel } from "../../src/channels/telegram/telegram.ts";
import { profileTexts } from "../../src/chat/menu.texts.ts";
import { fillProfile } from "../../src/chat/menu.ts";
import { startTelegram } from "../../src/standins/telegram/server.ts";

const token = "7000000001:demo";

/** A bot of which nothing is written. */
async function bot() {
  const telegram = startTelegram({ token });
  const api = telegramApi({ token, apiRoot: telegram.url });
  const fill = () => fillProfile(new TelegramChannel(api));
  const read = async (language_code?: "ru" | "en") => {
    const place = language_code ? { language_code } : {};
    const { description } = await api.getMyDescription(place);
    return [description, (await api.getMyShortDescription(place)).short_description];
  };
  const written = () =>
    telegram.calls.filter(({ method }) => /^setMy/.test(method)).map(({ method }) => method);
  return { telegram, api, fill, read, written, [Symbol.asyncDispose]: () => telegram.stop() };
}

const [russian, english] = [profileTexts(null), profileTexts("en")];

test("what is empty is filled in Russian for all, and in English; the next start writes nothing", async () => {
  await using one = await bot();
  await one.fill();
  expect(await one.read()).toEqual([russian.about, russian.short]);
  expect(await one.read("en")).toEqual([english.about, english.short]);
  expect(one.written()).toHaveLength(4);
  await one.fill();
  expect(one.written()).toHaveLength(4);
  expect(one.telegram.calls.some(({ method }) => /Name/.test(method))).toBe(false);
});

test("what a person has written stays, and nothing of ours hides it in another language", async () => {
  await using one = await bot();
  await one.api.setMyDescription("Салон на Мира, 1");
  await one.api.setMyShortDescription("Nails", { language_code: "en" });
  await one.fill();
  expect(await one.read()).toEqual(["Салон на Мира, 1", russian.short]);
  expect(await one.read("en")).toEqual(["", "Nails"]);
});

test("a start that was cut off in between is made whole by the next", async () => {
  await using one = await bot();
  one.telegram.faults.next({ method: "setMyShortDescription", status: 500 });
  await expect(one.fill()).rejects.toThrow();
  expect(await one.read()).toEqual([russian.about, ""]);
  await one.fill();
  expect(await one.read()).toEqual([russian.about, russian.short]);
  expect(await one.read("en")).toEqual([english.about, english.short]);
});

test("it fits into what Telegram takes, and says nothing that a setting changes", () => {
  for (const { about, short } of [russian, english]) {
    expect(about.length).toBeLessThanOrEqual(512);
    expect(short.length).toBeLessThanOrEqual(120);
    expect(`${about} ${short}`).not.toMatch(/%/);
  }
});
