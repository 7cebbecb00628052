// `check` and `webhook` where there is a bot in MAX too: its lines one by one, and neither messenger hides the other.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { checkMaxRoot, type MaxCheckParts } from "../../src/check/max.ts";
import { OperatorError, Unreachable } from "../../src/errors.ts";
import { bothServed } from "../helpers/both-served.ts";

const PUBLIC_URL = "https://bot.example.ru";
const address = `${PUBLIC_URL}/max/webhook`;

test("where all is well its bot, its clock, its rules and its way are said, and no token", async () => {
  await using both = await bothServed();
  const { code, out, of } = await both.check();
  expect(code).toBe(0);
  expect(of("bot in MAX")).toBe("ok bot in MAX @id7700000000_bot");
  expect(of("clock of MAX")).toStartWith("ok clock of MAX");
  expect(of("rules of MAX")).toContain("verified Russian firm, sole trader or self-employed person");
  expect(of("rules of MAX")).toContain("moderated for up to 48 hours; clients are told when they next write");
  expect(of("webhook of MAX")).toBe("ok webhook of MAX none: updates are polled");
  expect(of("MAX_CA")).toBeUndefined(); // another address than MAX's own
  expect(out).not.toContain(both.token);
  const { of: atOnce } = await both.check({ MAX_NOTICES: "at_once" });
  expect(atOnce("rules of MAX")).toContain("at once, for which you have a contract with MAX");
});

test("a token that MAX refuses is one line with its setting's name and what to do, and Telegram's lines stay", async () => {
  await using both = await bothServed();
  const { code, out, of } = await both.check({ MAX_BOT_TOKEN: "of-another-bot-there" });
  expect(code).toBe(1);
  expect(of("bot in MAX")).toStartWith("FAIL bot in MAX MAX refuses MAX_BOT_TOKEN → copy the token again");
  expect(of("bot in MAX")).toContain("48 hours");
  expect(of("bot")).toBe("ok bot @salon_bot");
  expect(out).toContain("check: 1 fault\n");
});

test("Telegram away hides nothing of MAX, and the other way round", async () => {
  await using both = await bothServed();
  const away = await both.check({ TELEGRAM_API_ROOT: "http://127.0.0.1:1" });
  expect(away.of("way to Telegram")).toStartWith("FAIL way to Telegram broken");
  expect(away.of("bot in MAX")).toBe("ok bot in MAX @id7700000000_bot");
  const other = await both.check({ MAX_API_URL: "http://127.0.0.1:1" });
  expect(other.of("bot")).toBe("ok bot @salon_bot");
  expect(other.of("bot in MAX")).toMatch(/^FAIL bot in MAX MAX could not be reached: .* MAX_API_URL\)$/);
  expect(other.of("webhook of MAX")).toBeUndefined();
  const wrong = await both.check({ MAX_NOTICES: "sometimes" });
  expect(wrong.of("MAX")).toBe("info MAX not asked: its settings come first");
  expect(wrong.of("bot")).toBe("ok bot @salon_bot");
});

test("a gateway that answers in MAX's place is no answer of MAX's", async () => {
  await using both = await bothServed();
  both.max.faults.always({ html: true });
  expect((await both.check()).of("bot in MAX")).toStartWith(
    "FAIL bot in MAX MAX could not be reached: 502, which is no answer of MAX's API → see that this machine",
  );
});

test("staff in MAX: who has pressed Start, who has not, who has blocked the bot; an id of Telegram says nothing of them", async () => {
  await using both = await bothServed();
  const service = await both.start();
  const [vera, olga] = [701, 702].map((id) => both.max.person({ id, firstName: "Вера" }));
  await vera?.start();
  await olga?.start();
  await both.max.idle();
  await olga?.block();
  await both.max.idle();
  await service.stop();
  const everybody = { OWNER_IDS: "902,max:701,max:702,max:902", ADMINS_IDS: "901,max:701" };
  const { of, out } = await both.check(everybody);
  expect(out).not.toContain("is in a messenger that this program");
  expect(of("owner 902")).toBe("ok owner 902 can be written to");
  expect(of("owner max:701")).toBe("ok owner max:701 can be written to");
  expect(of("owner max:702")).toStartWith("FAIL owner max:702 has blocked the bot");
  expect(of("owner max:902")).toStartWith("FAIL owner max:902 has not pressed Start");
  both.max.faults.always({ route: /actions/, cut: true });
  expect((await both.check({ OWNER_IDS: "902,max:701" })).of("staff in MAX")).toStartWith(
    "FAIL staff in MAX MAX could not be reached",
  );
  both.max.faults.clear();
  // Without a bot there they are in a messenger that nobody speaks.
  const alone = await both.check({ MAX_BOT_TOKEN: "", OWNER_IDS: "902,max:701" });
  expect(alone.of("owner max:701")).toStartWith("warn owner max:701 is in a messenger that this program");
  expect(alone.of("owner")).toBeUndefined();
  const unheard = await both.check({ MAX_BOT_TOKEN: "", ADMINS_IDS: "901", OWNER_IDS: "max:701" });
  expect([unheard.code, unheard.of("owner")]).toEqual([
    1,
    "FAIL owner none is in a messenger that this program speaks: alarms reach nobody → set that messenger's token again, or " +
      "add an owner here to OWNER_IDS; or open the link that serve prints at each start, within an hour (docker compose logs bot, or journalctl --unit loyalty-bot)",
  ]);
});

test("settings of MAX without its token are said to do nothing; a salon that sets none is told nothing of MAX", async () => {
  await using both = await bothServed();
  const alone = await both.check({ MAX_BOT_TOKEN: "", MAX_API_URL: "", MAX_NOTICES: "at_once" });
  expect([alone.code, alone.of("MAX")]).toEqual([
    0,
    "warn MAX there is no bot in MAX: MAX_NOTICES is set, and MAX_BOT_TOKEN is not → set MAX_BOT_TOKEN (docs/max.md), or take MAX_NOTICES away",
  ]);
  const several = await both.check({ MAX_BOT_TOKEN: "", MAX_CA: "/certs/root.pem" });
  expect(several.of("MAX")).toContain(": MAX_CA, MAX_API_URL are set, and MAX_BOT_TOKEN is not → set");
  expect((await both.check({ MAX_BOT_TOKEN: "", MAX_API_URL: "" })).of("MAX")).toBeUndefined();
});

test("the webhook of MAX: not set, of another program, one too many, and kinds that it keeps back", async () => {
  await using both = await bothServed();
  const line = async (changes = {}) => (await both.check({ PUBLIC_URL, ...changes })).of("webhook of MAX");
  expect(await line()).toStartWith("warn webhook of MAX not set → serve sets it within minutes");
  expect(await line({ PUBLIC_URL: `${PUBLIC_URL}:8443` })).toStartWith(
    "FAIL webhook of MAX not set: MAX delivers to port 443 alone, and PUBLIC_URL names port 8443 → have nginx",
  );
  const { webhook } = both.max;
  webhook.set("https://other.example/max/webhook", { secret: "s3cret" });
  expect(await line()).toStartWith(
    "warn webhook of MAX MAX delivers to https://other.example/max/webhook, not",
  );
  expect(await line({ PUBLIC_URL: "" })).toStartWith("warn webhook of MAX MAX delivers to https://other");
  const other = webhook.subscriptions[0];
  await both.webhook("set", { PUBLIC_URL });
  expect(await line()).toBe(`ok webhook of MAX ${address}`);
  if (other) webhook.subscriptions.push(other);
  expect(await line()).toStartWith(
    "FAIL webhook of MAX MAX delivers to https://other.example/max/webhook too",
  );
  webhook.subscriptions = [];
  webhook.set(address, { secret: "s3cret", update_types: ["message_created"] });
  expect(await line()).toStartWith("warn webhook of MAX MAX keeps back ");
});

/** A check of the root, of MAX's own address. */
const root = async (rootEnds: MaxCheckParts["rootEnds"], bot = async () => ({ name: "@x", date: null })) => {
  const facts = { bot, subscriptions: async () => [] };
  const { ask } = checkMaxRoot({
    ...{ facts, rootEnds, own: true, webhookUrl: null, updateTypes: [], tellsUnasked: false },
    ...{ reach: async () => null, staff: async () => null },
  });
  const [line] = await ask(new AbortController().signal);
  return `${line?.state} ${line?.says} → ${line?.remedy ?? ""}`;
};
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

test("the root that MAX hangs on: missing, another one, ending within 90 days, ended", async () => {
  const untrusted = async () => {
    throw new Unreachable("MAX", "no trust", { kind: "untrusted", advice: "x" }, "UNABLE_TO_GET_ISSUER_CERT");
  };
  expect(await root(() => null, untrusted)).toStartWith(
    "FAIL is not set, and MAX's certificate hangs on the Russian Trusted Root CA → download it from gosuslugi.ru/tls",
  );
  expect(await root(() => null)).toStartWith("info is not set, and was not needed");
  const away = async () => {
    throw new Unreachable("MAX", "getaddrinfo ENOTFOUND", undefined, "ENOTFOUND");
  };
  expect(await root(() => null, away)).toStartWith(
    "info is not set; whether it is needed shows once MAX is reached",
  );
  const another = () => {
    throw new OperatorError("MAX_CA: /x.pem does not hold that root. Download the Russian Trusted Root CA.");
  };
  expect(await root(another)).toBe(
    "FAIL /x.pem does not hold that root → Download the Russian Trusted Root CA",
  );
  expect(await root(() => inDays(91))).toStartWith("ok the Russian Trusted Root CA, until ");
  expect(await root(() => inDays(89.5))).toStartWith("warn the root ends in 90 days → ");
  expect(await root(() => inDays(-1))).toStartWith("FAIL the root has ended on ");
});

test("a file that is not the root is said by check beside the settings, and by serve in a sentence", async () => {
  await using both = await bothServed();
  const file = join(import.meta.dir, "check-max.test.ts");
  await expect(both.start({ MAX_CA: file })).rejects.toThrow(/^MAX_CA: .* gosuslugi\.ru\/tls/);
  // Behind a relay of its own too, where the root is not needed: serve would not start.
  const { code, of } = await both.check({ MAX_CA: file });
  expect(code).toBe(1);
  expect(of("MAX_CA")).toMatch(
    /^FAIL MAX_CA .* cannot be read as a certificate .* → Download the Russian Trusted Root CA/,
  );
});

test("whoever writes ids of people wrongly is shown that those of MAX may stand there too", async () => {
  await using both = await bothServed();
  for (const name of ["ADMINS_IDS", "OWNER_IDS"])
    expect((await both.check({ [name]: "vk:5" })).of(name)).toContain("for example 123456789,max:987654");
});

test("webhook info, set and delete do both messengers, and one that fails keeps none from the other", async () => {
  await using both = await bothServed();
  expect(await both.webhook("info")).toBe(
    "Telegram\naddress: none (long polling)\nwaiting updates: 0\nMAX\naddress: none (long polling)\n",
  );
  expect(await both.webhook("set", { PUBLIC_URL })).toBe(
    `Telegram\nset: ${PUBLIC_URL}/telegram/webhook\nMAX\nset: ${address}\n`,
  );
  expect(both.telegram.webhook.url).toBe(`${PUBLIC_URL}/telegram/webhook`);
  expect(both.max.webhook.subscriptions).toMatchObject([{ url: address, secret: expect.any(String) }]);
  expect(await both.webhook("info")).toContain(
    `\nMAX\naddress: ${address}\nupdates asked for: message_created`,
  );
  await expect(both.webhook("delete", { TELEGRAM_API_ROOT: "http://127.0.0.1:1" })).rejects.toThrow(
    /^Telegram: /,
  );
  expect(both.max.webhook.subscriptions).toEqual([]);
  await expect(both.webhook("set", { PUBLIC_URL, MAX_BOT_TOKEN: "of-another-bot" })).rejects.toThrow(
    /^MAX: MAX refuses MAX_BOT_TOKEN: copy the token/,
  );
  expect(both.telegram.webhook.url).toBe(`${PUBLIC_URL}/telegram/webhook`);
  await expect(both.webhook("set")).rejects.toThrow(/^Telegram: PUBLIC_URL is not set.*\nMAX: PUBLIC_URL/);
});
