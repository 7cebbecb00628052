// Who asks and who stands at the till while the chain is busy: regular clients and admins, and how long each waits for an answer.

import type { Person } from "../../src/standins/telegram/people.ts";
import type { Telegram } from "../../src/standins/telegram/server.ts";

export const ownerId = 900;
export const adminIds = [901, 902, 903];
/** Clients with points from before, who have no visit on the day. */
const [regulars, firstRegular, pointsOfEach, patienceMs] = [50, 5_000_000, 20_000, 120_000];

/** Milliseconds that people waited for each kind of answer; `unanswered` are those who had none within two minutes. */
export interface Waited {
  balance: number[];
  screen: number[];
  spend: number[];
  unanswered: number;
}

const phoneOf = (regular: number) => `+7905${String(regular).padStart(7, "0")}`;

/** What `import --csv` takes: the points that regulars have from before. */
export const regularsList = () =>
  Array.from({ length: regulars }, (_, at) => `${phoneOf(at)};${pointsOfEach}`).join("\n");

/** The cards of regulars and their accounts. */
export const regularsLinks = () =>
  Array.from({ length: regulars }, (_, at) => ({ phone: phoneOf(at), chat: firstRegular + at }));

/** The people of the chain, who can be had to do something. What they began and have not ended, `ended` waits for. */
export function peopleOf(telegram: Telegram) {
  const waited: Waited = { balance: [], screen: [], spend: [], unanswered: 0 };
  const underWay = new Set<Promise<void>>();
  const person = (id: number) => telegram.person({ id, firstName: "Анна" });
  let [asked, spent] = [0, 0];
  for (const id of [ownerId, ...adminIds]) person(id).chat.started = true;

  const noAnswer = () => {
    waited.unanswered += 1;
  };
  const begin = (work: Promise<void>) => {
    const ended = work.catch(noAnswer).finally(() => underWay.delete(ended));
    underWay.add(ended);
  };
  return {
    waited,
    owner: person(ownerId),
    ask(): void {
      const who = person(firstRegular + (asked++ % regulars));
      begin(answered(who, "/balance").then((ms) => void waited.balance.push(ms)));
    },
    /** An admin opens a regular's card by phone and bill, and takes what it offers. */
    spend(): void {
      const turn = spent++;
      const admin = person(adminIds[turn % adminIds.length] ?? 0);
      begin(
        (async () => {
          waited.screen.push(await answered(admin, `${phoneOf(turn % regulars)} ${200 + (turn % 100)}`));
          waited.spend.push(await tapped(admin));
        })(),
      );
    },
    ended: async () => void (await Promise.all(underWay)),
  };
}

/** Milliseconds from what a person writes to the next message of the bot. */
async function answered(who: Person, text: string): Promise<number> {
  const after = who.chat.messages.at(-1)?.message_id ?? 0;
  const began = performance.now();
  const said = who.say(text);
  await who.waitForMessage("", { after, ms: patienceMs });
  const took = performance.now() - began;
  await said;
  return took;
}

/** Milliseconds from the tap that takes the points to the screen that says so. */
async function tapped(admin: Person): Promise<number> {
  const data = goOf(admin);
  if (data === undefined) throw new Error(`no points to take: ${admin.lastMessage()?.text}`);
  const began = performance.now();
  const tap = admin.tap({ data });
  while (goOf(admin) !== undefined) {
    if (performance.now() - began > patienceMs)
      throw new Error("the screen does not say that they are taken");
    await Bun.sleep(2);
  }
  const took = performance.now() - began;
  await tap;
  return took;
}

function goOf(admin: Person): string | undefined {
  const buttons = admin.lastMessage()?.inline.flat() ?? [];
  return buttons
    .flatMap((one) => ("callback_data" in one ? one.callback_data : []))
    .find((data) => data.endsWith(":go"));
}
