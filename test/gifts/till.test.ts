// A gift that waits for the next paid visit, at the till: seen, and not on offer.
import { expect } from "bun:test";
import { testIn } from "../helpers/test-in.ts";
import { ask, labels, last, tillSalon } from "../helpers/till-salon.ts";

/** Anna's card holds 100 points, and a gift of 50 that waits. */
const walks = testIn(async () => {
  const salon = await tillSalon({}, 10_000);
  await salon.sql`
    insert into bonuslog (client_id, kind, points, actor, key)
    select client_id, 'welcome', 50, 'programme', 'welcome:' || client_id from bonuslog limit 1`;
  return salon;
});
const onEither = walks.either;

onEither(
  "the screen says what waits, offers the rest alone, and takes no sum above it",
  async ({ olga, sql }) => {
    const shown = await ask(olga, "89001234567 3500");
    expect(shown).toContain("150 баллов");
    expect(shown).toContain("Из них 50 в подарок, до следующего оплаченного визита: сейчас их не списать.");
    expect(shown).toContain("Баллами 100");
    const tooMuch = await ask(olga, "89001234567 3500", "Другая сумма");
    const why = "не больше 100: столько на карте без подарка (он ждёт следующего оплаченного визита).";
    expect(tooMuch).toContain(why);
    await olga.say("150");
    expect(last(olga)).toContain(why);
    expect(await sql`select from bonuslog where kind = 'spend'`).toHaveLength(0);
  },
);

onEither(
  "once a visit is paid all of it is on offer, and nothing more is said of waiting",
  async ({ olga, sql }) => {
    await sql`
    insert into bonuslog (client_id, kind, record_id, points, paid, actor, key)
    select client_id, 'award', 7, 10, 1000, 'sync', 'visit:7' from bonuslog limit 1`;
    const shown = await ask(olga, "89001234567 3500");
    expect(shown).toContain("Баллами 160");
    expect(shown).not.toContain("подарок");
  },
);

onEither(
  "where all that could be spent waits, the bare card offers no spending",
  async ({ olga, boris, sql }) => {
    await sql`insert into clients (phone) values ('+79007654321')`;
    await sql`
    insert into bonuslog (client_id, kind, points, actor, key)
    select id, 'welcome', 50, 'programme', 'welcome:' || id from clients where phone = '+79007654321'`;
    const shown = await ask(olga, boris.profile.phone ?? "");
    expect(shown).toContain("Из них 50 в подарок");
    expect(shown).toContain("Списать пока нечего.");
    expect(labels(olga)).not.toContain("Списать");
    expect(await ask(olga, `${boris.profile.phone} 3500`)).toContain(
      "Списать пока нечего: подарок ждёт следующего оплаченного визита.",
    );
  },
);
