// What a program that is wrong could leave behind of two messengers: done to a world that has come to its end without a fault, where it
// must be named. Else a world that holds proves nothing.

import type { LoggedCall } from "../../src/standins/max/door.ts";
import type { Face } from "./faces.ts";
import { bothFaults, type bothInvariants, secondSince } from "./kept-both.ts";
import type { Guest } from "./people.ts";
import { messagesTo, sumIn } from "./said.ts";
import { BRANCH, type World } from "./world.ts";

type Named = keyof typeof bothInvariants;

interface Forgery {
  /** Does it; false where the world has nothing to do it with. */
  does: (world: World) => boolean | Promise<boolean>;
  /** What then does not hold. */
  named: Named;
}

/** Points that came to a client who was told so in one messenger, and is in another; no other credit is of that sum. */
const credited = /(?:начислил вам|вам начислили) ([\d\u00a0,]+)\s\S+/;

async function toldClient(
  world: World,
): Promise<{ guest: Guest; at: Face; other: Face; said: string } | undefined> {
  const rows = await world.database.sql<{ points: number }[]>`
    select (points * 100)::float8 as points from bonuslog where kind = 'credit' group by 1 having count(*) = 1`;
  const single = new Set(rows.map(({ points }) => points));
  for (const guest of world.guests)
    for (const at of guest.faces) {
      const other = guest.faces.find(({ account }) => account !== at.account);
      const said = messagesTo(world, at.account).find((text) =>
        single.has(sumIn(credited.exec(text)?.[1] ?? "")),
      );
      if (other && said !== undefined) return { guest, at, other, said };
    }
  return undefined;
}

/** A call that nobody made: a message to this account. */
function call(world: World, account: string, more: Partial<LoggedCall> = {}): boolean {
  world.max?.calls.push({
    ...{ at: world.clock.now().getTime() + 86_400_000, route: "POST /messages", status: 200, host: "" },
    ...{ query: {}, body: { text: "?" }, person: Number(account.split(":")[1]) },
    ...more,
  });
  return true;
}

const someone = (world: World) => world.guest(0).on("max").account;

export const bothForgeries: Record<string, Forgery> = {
  "a credit told in both": {
    named: "what is new is told in one messenger, once, and never in the other too",
    does: async (world) => {
      const told = await toldClient(world);
      told?.other.plant(told.said);
      return told !== undefined;
    },
  },
  "a credit told three times in one": {
    named: "what is new is told in one messenger, once, and never in the other too",
    does: async (world) => {
      const told = await toldClient(world);
      if (!told || world.cutShort > 100) return false;
      for (let times = 0; times < world.cutShort + 2; times++) told.at.plant(told.said);
      return true;
    },
  },
  "a balance that is another": {
    named: "a card is one in both messengers, and holds the same",
    does: ({ known: { read } }) => {
      const [account, text] = [...read].find(([, said]) => /На карте …\d{4}/.test(said)) ?? [];
      const [, digits = ""] = /На карте …(\d{4})/.exec(text ?? "") ?? [];
      if (account) read.set(account, `На карте …${digits}: 98 765 432 балла.`);
      return account !== undefined;
    },
  },
  "a credit told in MAX, of a card that Telegram may tell": {
    named: "whom Telegram may tell is told there, and reads nothing of it in MAX",
    does: async (world) => {
      if (world.beside?.notices !== "asked") return false;
      const told = await toldClient(world);
      const { untold, left } = world.known;
      if (told?.at.messenger.channel !== "telegram") return false;
      if (untold.has(told.at.account) || left.has(told.at.account)) return false;
      told.other.plant(told.said);
      return true;
    },
  },
  "a message in MAX that nobody asked for": {
    named: "nobody is written to in MAX who has not written, where it may not tell unasked",
    does: (world) => world.beside?.notices === "asked" && call(world, someone(world)),
  },
  "messages to somebody who has stopped the bot": {
    named: "who has stopped a bot is left alone after its first refusal",
    does: (world) => {
      if (world.cutShort > 100) return false;
      const at = world.clock.now().getTime() + 86_400_000;
      for (let times = 0; times < world.cutShort + 2; times++)
        call(world, someone(world), { at: at + times * 3_000, status: 403 });
      return true;
    },
  },
  "a message to an id of the other messenger, in MAX": {
    named: "no id of one messenger is used in the other",
    does: (world) => call(world, "max:4242", { status: 404 }),
  },
  "a message to an id of the other messenger, in Telegram": {
    named: "no id of one messenger is used in the other",
    does: ({ telegram }) =>
      telegram.calls.push({ at: 0, method: "sendMessage", payload: { chat_id: BRANCH, text: "?" } }) > 0,
  },
  "a message of MAX's, changed by a number": {
    named: "no id of one messenger is used in the other",
    does: (world) => call(world, someone(world), { route: "PUT /messages", query: { message_id: "17" } }),
  },
  "a call that took no turn": {
    named: "every call of MAX takes its turn, and two go in a dialog each second",
    does: (world) => {
      const host = world.turns[0]?.host ?? "";
      for (let times = 0; times < 5_000; times++) call(world, someone(world), { host, at: 0 });
      return true;
    },
  },
  "three calls at once in a dialog": {
    named: "every call of MAX takes its turn, and two go in a dialog each second",
    does: (world) => {
      const turns = world.turns[0];
      for (const at of [1, 2, 3]) turns?.taken.push({ whose: someone(world), at: 1e12 + at });
      return true;
    },
  },
  "calls in many dialogs at once": {
    named: "every call of MAX takes its turn, and two go in a dialog each second",
    does: (world) => {
      const turns = world.turns[0];
      for (let at = 0; at < 31; at++) turns?.taken.push({ whose: `max:${at}`, at: 1e12 });
      return true;
    },
  },
  "a credit of before, shown to a second account": {
    named: "what was before is not shown to a second account of a card that nobody has opened it for",
    does: async (world) => {
      const rows = await world.database.sql<{ points: number; at: number; phone: string; times: number }[]>`
        select b.points::float8 as points, (extract(epoch from b.awarded_at) * 1000)::float8 as at, c.phone,
          count(*) over (partition by b.points)::int as times
        from bonuslog b join clients c on c.id = b.client_id where b.kind = 'credit' and b.corrects is null and c.phone is not null`;
      for (const { faces, phone } of world.guests)
        for (const face of faces) {
          const since = secondSince(world, face, phone);
          // Of two alike nobody could say which one was shown.
          const old = rows.find((row) => row.phone === phone && row.times === 1 && row.at < (since ?? 0));
          if (!old) continue;
          const sum = old.points.toLocaleString("ru").replaceAll(/\s/g, "\u00a0");
          face.plant(`1 марта: +${sum}, осталось ${sum}\nНачислено: за ожидание`);
          return true;
        }
      return false;
    },
  },
};

/** Does it to a world that held: what is wrong with what is said of it then. */
export async function bothForged(world: World, how: string): Promise<string[]> {
  const forgery = bothForgeries[how];
  if (!world.max || !forgery || !(await forgery.does(world))) return [];
  world.count(`forged: ${how}`);
  const found = await bothFaults(world);
  return found.some((fault) => fault.startsWith(forgery.named))
    ? []
    : [`forged was "${how}", and found ${JSON.stringify(found)}`];
}
