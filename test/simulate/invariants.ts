// What must hold at the end of every simulated world, whatever happened in it. Numbers are those of the invariants in
// research/features.md, d2; `verify` proves I1, I2, I4 and I9, and I3 once more by the program's own rule.

import { connect } from "../../src/db/connect.ts";
import { changedGuards } from "../../src/db/guards.ts";
import { proved } from "../helpers/proved.ts";
import { birthdaysAreKept } from "./kept-birthdays.ts";
import { bothFaults } from "./kept-both.ts";
import { invitationsAreKept } from "./kept-friends.ts";
import { giftsAreOnce } from "./kept-gifts.ts";
import { levelTermsAreKept, percentsAreReached, previewsAreTrue } from "./kept-levels.ts";
import { endsAreKept, lotsAreBalances, lotsAreKept } from "./kept-lots.ts";
import { papersSum, proofsLead } from "./kept-papers.ts";
import { rulesAreKept } from "./kept-spends.ts";
import { levelChangesAreDue, levelChangesAreThere } from "./kept-standings.ts";
import { rulesAreNamed } from "./kept-words.ts";
import { journalIsRead, oddIsKnown } from "./odd.ts";
import { ROUND_FAILED } from "./program.ts";
import { recordsSum, startWasKept } from "./records.ts";
import { messagesTo, sumIn } from "./said.ts";
import { movesAreWhole } from "./second.ts";
import { levelsAreShown } from "./shown-levels.ts";
import { balancesAddUp, rowsWereTapped, saidIsDone } from "./till.ts";
import { levelsAreTold } from "./told-levels.ts";
import type { World } from "./world.ts";

const UNHANDLED = "an update could not be handled";

/** What must hold, in words, and who looks. */
export const invariants = {
  "the ledger proves itself from first row to last": ledgerProvesItself,
  "each record's rows sum to the rule of its last state, on its client's card": recordsSum,
  "a visit is awarded by the first day of the programme that was in force": startWasKept,
  "each branch is read to its end in its own zone, whatever stands in it": journalIsRead,
  "what is odd in a journal is judged or set aside": oddIsKnown,
  "a dry run would change nothing": dryRunAgrees,
  "a row by hand is what an admin asked for and tapped, once": rowsWereTapped,
  "the till lets be done what the rules of the moment let, and offers that": rulesAreKept,
  "a bill at the till names the rule that lets no more": rulesAreNamed,
  "what an admin was told of the till is in the ledger, and the other way round": saidIsDone,
  "a card holds what its visits are due and what admins were told": balancesAddUp,
  "lots, takings and debts are those that the rows and the terms make": lotsAreKept,
  "a card's lots less its debts are its balance": lotsAreBalances,
  "what has ended is gone the night after, and no points are lost twice": endsAreKept,
  "papers sum to the ledger on any day": papersSum,
  "a proof is of what the card held at the day's seal": proofsLead,
  "levels are those of the settings as far as nobody is worse off, and what an owner accepted a month before":
    levelTermsAreKept,
  "an award has the percent that its card had come to": percentsAreReached,
  "an owner is shown whom other levels touch": previewsAreTrue,
  "a level changes by what the rules say": levelChangesAreDue,
  "a change of level that is due is written, once": levelChangesAreThere,
  "a change of level is told once, and nobody earns less without a word": levelsAreTold,
  "a client who asks reads how they stand, and by which day how much keeps it": levelsAreShown,
  "who moves to another number takes all points along, once, and no level": movesAreWhole,
  "a gift is what the settings promise, once a phone and once an account": giftsAreOnce,
  "a birthday that was known is given what is due, once a year, to who had paid": birthdaysAreKept,
  "a friend and who invited them are given what was promised, for a first visit that stands":
    invitationsAreKept,
  "every row names who made it and has a key of its own": rowsExplained,
  "nothing waits untold for a client who can be told": nothingUntold,
  "nobody is shown another's name or phone": nobodySeesAnother,
  "no client is told of a credit twice but where a telling was cut short": toldOnce,
  "owners hear once of a trouble and once of its end, but where a telling was cut short": alarmedOnce,
  "nobody hears of a card that they have not": async (world: World) => world.wrong,
  "no update and no round fails but where the database was away": failuresExplained,
  "no log line holds a phone, a name or a token": discreetLog,
};

type Check = (world: World) => Promise<string[]>;

/** Every fault found, as a sentence. */
export async function faultsOf(world: World): Promise<string[]> {
  const found: string[] = [];
  await world.learnNames();
  for (const [name, check] of Object.entries<Check>(invariants)) {
    world.count(`checked: ${name}`);
    found.push(...(await check(world)).map((fault) => `${name}: ${fault}`));
  }
  found.push(...(await bothFaults(world)));
  return found;
}

/** And it contains every seal that was written down. The clock of the world, before PostgreSQL's own, is no fault of anybody's. */
async function ledgerProvesItself(world: World): Promise<string[]> {
  const db = connect(world.database.url, { max: 1 });
  try {
    const seals = world.seals.filter(({ rows }) => rows > 0).map((seal) => ({ ...seal, day: null }));
    const changed = (await changedGuards(db)).filter((one) => !/\bsim\b/.test(one));
    return [...changed, ...(await proved(db, seals)).faults];
  } finally {
    await db.end();
  }
}

async function rowsExplained(world: World): Promise<string[]> {
  const rows = await world.database.sql<{ id: string }[]>`
    select id from bonuslog where key is null or actor is null or kind is null or awarded_at is null
    union all select min(id) from bonuslog group by key having count(*) > 1
    union all select min(id) from bonuslog where kind = 'opening' group by split_part(key, ':', 2) having sum(points) <> 0`;
  return rows.map((row) => `row ${row.id}`);
}

/** What may have arrived at an account that has blocked the bot since is left to that one. */
async function nothingUntold(world: World): Promise<string[]> {
  const rows = await world.database.sql<{ id: string; blocked: string[] }[]>`
    select b.id, array(select channel from accounts o where o.client_id = a.client_id and o.blocked_at is not null) as blocked
    from bonuslog b join accounts a on a.client_id = b.client_id
    where not b.is_telegram_notified and a.blocked_at is null
      -- What came before a second account had the card is left to the first one, who may have blocked the bot.
      and (a.history_from is null or b.awarded_at >= a.linked_at)`;
  // What may have arrived at an account that has blocked the bot since is that one's: nobody else hears of it.
  const mayHaveArrived = (channel: string) => world.cutShort > 0 || world.known.unsure.has(channel);
  return rows.filter(({ blocked }) => !blocked.some(mayHaveArrived)).map((row) => `row ${row.id}`);
}

/** Credits alone say which row they are: no two are of one sum, but where the admin's limit of the day has cut them down. A program that dies between Telegram's yes and the flag says it again. */
async function toldOnce(world: World): Promise<string[]> {
  const credits = await world.database.sql<{ points: number; times: number }[]>`
    select (points * 100)::float8 as points, count(*)::int as times from bonuslog where kind = 'credit' group by 1`;
  const made = new Map(credits.map(({ points, times }) => [points, times]));
  return world.guests.flatMap(({ accounts }) => {
    const texts = messagesTo(world, ...accounts);
    const sums = texts.flatMap((text) =>
      [...text.matchAll(/(?:начислил вам|вам начислили) ([\d,\u00a0]+)/g)].map((found) => found[1]),
    );
    const times = Map.groupBy(sums, (sum) => sum);
    return [...times]
      .filter(([sum, all]) => all.length > Math.max(1, made.get(sumIn(sum ?? "")) ?? 0) + world.cutShort)
      .map(([sum, all]) => `${sum} was told ${all.length} times, ${world.cutShort} tellings were cut short`);
  });
}

/** Between two messages of the same words there is one of the other kind: a trouble, and its end. */
async function alarmedOnce(world: World): Promise<string[]> {
  const texts = messagesTo(world, world.owner.account).filter((text) => /^(⚠️|✅)/.test(text));
  const twice = texts.filter((text, at) => {
    const before = texts.lastIndexOf(text, at - 1);
    return at > 0 && before >= 0 && texts.slice(before, at).every((one) => one[0] === text[0]);
  });
  return twice.length > world.cutShort ? twice.map((text) => `twice: ${text}`) : [];
}

/** Whatever the journals hold by now is in the ledger: to read all of it once more changes nothing. */
async function dryRunAgrees(world: World): Promise<string[]> {
  const verdicts = await world.program(0).rehearse();
  return verdicts
    .filter(({ change }) => change !== 0)
    .map(({ recordId, change, word }) => `record ${recordId} would get ${change}, "${word}"`);
}

const databaseAway = /ECONN|EPIPE|CONNECT_TIMEOUT|CONNECTION_|too many clients|terminating connection/;

/** What nobody waited for is a fault of its own (main.ts). */
async function failuresExplained(world: World): Promise<string[]> {
  const failures = world.log.filter((line) => line.includes(UNHANDLED) || line.includes(ROUND_FAILED));
  // Who asks for updates tries again by itself, and counts; an update of which nothing comes any more is a fault.
  const triedAgain = (line: string) => line.includes('"tries":') || !line.includes(UNHANDLED);
  return failures.filter((line) => !triedAgain(line) || !databaseAway.test(line));
}

async function nobodySeesAnother(world: World): Promise<string[]> {
  return world.guests.flatMap((guest) => {
    // Whose client the journal had under this phone is shown to whoever has the phone: nobody can know better.
    const others = world.guests.filter((other) => other !== guest && !other.phones.has(guest.phone));
    const said = messagesTo(world, ...guest.accounts);
    return others
      .filter((other) => said.some((text) => showsPerson(text, other)))
      .map((other) => `${guest.name} was shown ${other.name}`);
  });
}

const showsPerson = (text: string, { name, phone }: { name: string; phone: string }) =>
  text.includes(name) || (phone !== "" && text.includes(phone.slice(-4)));

async function discreetLog(world: World): Promise<string[]> {
  const secrets = world.guests.flatMap(({ name, phone }) => [name, phone]);
  const words = [...secrets, "AAEsimulated"];
  return words.filter((word) => world.log.some((line) => line.includes(word)));
}
